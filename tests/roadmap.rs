//! Roadmaps, calendars, readiness, repetitions and mock interviews, as a learner and a script see them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;

use jiff::civil::Date;
use jiff::{ToSpan, Zoned};
use support::{Exercise, Sandbox, stderr, stdout, write};

const ROADMAPS: &str = r#"
[[topic]]
id = "more"
number = 2
title = "More"
category = "Fundamentals"
weeks = "1"
exercises = ["third"]

[[topic]]
id = "later"
number = 3
title = "Later"
category = "Fundamentals"
weeks = "1"
exercises = []

[[roadmap]]
name = "short"
title = "The short one"
goal = "a little"
phase = [{ title = "All", block = [
    { weeks = "1-2", topics = ["basics"], exercises = ["topic=basics concept=numbers"], practice = [
        { line = "a number", exercises = ["first"] },
        { line = "ten numbers", filter = "topic=basics", count = 10, planned = true },
    ] },
    { weeks = "3", topics = ["later"] },
] }]

[[roadmap]]
name = "long"
title = "The long one"
goal = "more"
phase = [{ title = "All", block = [{ weeks = "1", topics = ["more", "basics"] }] }]
"#;

const GUIDE: &str = r#"
review = ["Was it good?"]

[[company]]
name = "google"
emphasis = ["scalability"]
topics = ["basics"]

[[checklist]]
name = "numbers"
title = "Numbers"
item = [{ line = "whole numbers", filter = "concept=numbers" }]

[[metric]]
line = "half of all"
filters = ["topic=basics", "topic=more"]
share = 0.5

[[countdown]]
before = "one week"
days = 7
items = ["sleep"]

[[step]]
name = "draw"
title = "Draw"
minutes = 5
asks = ["What goes where?"]

[[design]]
name = "clock"
title = "A clock"
task = "Show the time."
points = ["time zones"]

[[term]]
name = "integer"
aliases = ["whole number"]
concepts = ["numbers"]
text = "A number without a fraction."
"#;

/// Three exercises in two topics, two roadmaps, and a guide.
fn sandbox() -> Sandbox {
    let exercises = ["first", "second", "third"].map(Exercise::answer);
    let sandbox = Sandbox::track(&exercises);
    let track = sandbox.track_dir();
    let info = fs::read_to_string(track.join("info.toml")).unwrap();
    let info = info.replace("\"second\", \"third\"", "\"second\"");
    write(&track.join("info.toml"), &format!("{info}{ROADMAPS}"));
    write(&track.join("guide.toml"), GUIDE);
    for part in ["exercises", "solutions"] {
        let from = track.join(part).join("01_basics/third");
        fs::create_dir_all(track.join(part).join("02_more")).unwrap();
        fs::rename(from, track.join(part).join("02_more/third")).unwrap();
    }
    let made = sandbox.init(&["--roadmap", "short"]);
    assert!(made.status.success(), "{}", stderr(&made));
    sandbox
}

fn today() -> Date {
    Zoned::now().date()
}

/// A line of the history: a verdict so many days ago.
fn judged(days: i64, exercise: &str, verdict: &str) -> String {
    let at = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * days);
    format!(
        "{{\"at\":\"{at}\",\"exercise\":\"{exercise}\",\"verdict\":\"{verdict}\",\"compile_ms\":1,\"run_ms\":1,\"hash\":\"ab\"}}\n"
    )
}

fn history(sandbox: &Sandbox, lines: &[String]) {
    write(
        &sandbox.workspace().join(".backlings/history.jsonl"),
        &lines.concat(),
    );
}

fn ok(sandbox: &Sandbox, args: &[&str]) -> String {
    let output = sandbox.run(args);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{args:?}: {}",
        stderr(&output)
    );
    stdout(&output)
}

#[test]
fn a_roadmap_leads_through_its_exercises_and_no_others() {
    let sandbox = sandbox();
    sandbox.solve("first");
    ok(&sandbox, &["run", "first"]);
    sandbox.solve("second");
    ok(&sandbox, &["run", "second"]);
    let (_, roadmap) = sandbox.json(&["roadmap"]);
    assert_eq!(roadmap["name"], "short");
    assert_eq!(
        (&roadmap["done"], &roadmap["total"]),
        (&2.into(), &2.into())
    );
    assert_eq!(roadmap["blocks"][0]["practice"][0]["done"], 1);
    assert_eq!(roadmap["blocks"][0]["practice"][1]["planned"], true);
    let (_, list) = sandbox.json(&["list", "roadmap=short"]);
    assert_eq!(list["exercises"].as_array().unwrap().len(), 2);
    // Everything of the roadmap is done: nothing outside of it comes next.
    let (_, progress) = sandbox.json(&["progress"]);
    assert_ne!(progress["current"], "third");
}

#[test]
fn choosing_another_roadmap_loses_nothing() {
    let sandbox = sandbox();
    sandbox.solve("first");
    ok(&sandbox, &["run", "first"]);
    let said = ok(&sandbox, &["roadmap", "long"]);
    assert!(
        said.contains("on the roadmap long now") && said.contains("1/3 done"),
        "{said}"
    );
    assert!(sandbox.is_done("first"));
    // The order of the other one: its first topic comes first.
    let (_, list) = sandbox.json(&["list"]);
    assert_eq!(list["exercises"][0]["name"], "third");
    ok(&sandbox, &["roadmap", "short"]);
    assert!(sandbox.is_done("first"));
    let shown = ok(&sandbox, &["roadmap", "long", "--show"]);
    assert!(shown.contains("The long one"), "{shown}");
    let (_, roadmap) = sandbox.json(&["roadmap"]);
    assert_eq!(roadmap["name"], "short", "looking does not choose");
    let wrong = sandbox.run(&["roadmap", "shrot"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        stderr(&wrong).contains("did you mean \"short\"?"),
        "{}",
        stderr(&wrong)
    );
}

#[test]
fn an_exercise_that_is_outside_of_the_roadmap_can_be_visited() {
    let sandbox = sandbox();
    let (code, verdict) = sandbox.verdict("third");
    assert_eq!((code, &verdict["verdict"]), (1, &"tests_failed".into()));
    let (_, progress) = sandbox.json(&["progress"]);
    assert_eq!(progress["current"], "first", "a visit moves nobody");
}

#[test]
fn a_calendar_is_kept_and_says_where_one_is() {
    let sandbox = sandbox();
    let start = today().to_string();
    let shown = ok(&sandbox, &["roadmap", "--start", &start]);
    assert!(shown.contains("week 1 of 3, on course"), "{shown}");
    let (_, progress) = sandbox.json(&["progress"]);
    assert_eq!(progress["standing"], "week 1 of 3, on course");
    // Two weeks later both exercises of the first part are late.
    let earlier = today().checked_sub(15.days()).unwrap().to_string();
    let shown = ok(&sandbox, &["roadmap", "--start", &earlier]);
    assert!(shown.contains("week 3 of 3, 2 exercises behind"), "{shown}");
    let text = fs::read_to_string(sandbox.workspace().join(".backlings/progress.toml")).unwrap();
    assert!(text.contains(&format!("start = \"{earlier}\"")), "{text}");
    // With an hour a week, ten minutes of exercises are one week.
    let (_, planned) = sandbox.json(&["roadmap", "--hours", "1"]);
    assert_eq!(
        planned["blocks"][1]["first_day"],
        today().checked_sub(8.days()).unwrap().to_string()
    );
    ok(&sandbox, &["roadmap", "--no-plan"]);
    let (_, progress) = sandbox.json(&["progress"]);
    assert_eq!(progress["standing"], serde_json::Value::Null);
    let wrong = sandbox.run(&["roadmap", "--start", "tomorrow"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn a_calendar_can_be_exported() {
    let sandbox = sandbox();
    let none = sandbox.run(&["roadmap", "--format", "ics"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(stderr(&none).contains("--start"), "{}", stderr(&none));
    let ics = ok(
        &sandbox,
        &["roadmap", "--start", "2026-01-05", "--format", "ics"],
    );
    assert!(ics.starts_with("BEGIN:VCALENDAR\r\n") && ics.trim_end().ends_with("END:VCALENDAR"));
    assert!(ics.lines().all(|line| line.len() <= 76));
    let events = ics.matches("BEGIN:VEVENT").count();
    assert_eq!(events, 2);
    assert!(
        ics.contains("DTSTART;VALUE=DATE:20260105\r\nDTEND;VALUE=DATE:20260119\r\n"),
        "{ics}"
    );
    assert!(ics.contains("SUMMARY:backlings: Basics\r\n"), "{ics}");
}

#[test]
fn progress_adds_up_the_history() {
    let sandbox = sandbox();
    let lines = [
        judged(1, "first", "tests_failed"),
        judged(1, "first", "passed"),
        judged(0, "second", "tests_failed"),
    ];
    history(&sandbox, &lines);
    let (_, progress) = sandbox.json(&["progress"]);
    assert_eq!(progress["attempts"], 3);
    assert_eq!(
        (&progress["streak"], &progress["longest_streak"]),
        (&2.into(), &2.into())
    );
    let first = &progress["exercises"][0];
    assert_eq!(
        (&first["exercise"], &first["attempts"]),
        (&"first".into(), &2.into())
    );
    assert_eq!(progress["readiness"][0]["needed"], 2);
    assert_eq!(progress["readiness"][0]["done"], 1);
    let text = ok(&sandbox, &["progress", "--exercises"]);
    assert!(
        text.contains("3 attempts") && text.contains("streak 2 days"),
        "{text}"
    );
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
}

#[test]
fn checklists_companies_and_terms() {
    let sandbox = sandbox();
    sandbox.solve("first");
    ok(&sandbox, &["run", "first"]);
    let (_, lists) = sandbox.json(&["checklist"]);
    let item = &lists["checklists"][0]["items"][0];
    assert_eq!((&item["done"], &item["needed"]), (&1.into(), &3.into()));
    assert_eq!(lists["countdown"][0]["items"][0], "sleep");
    let text = ok(&sandbox, &["checklist", "numbers"]);
    assert!(
        text.contains("first, second, third") && !text.contains("sleep"),
        "{text}"
    );
    let wrong = sandbox.run(&["checklist", "nubmers"]);
    assert!(
        stderr(&wrong).contains("did you mean \"numbers\"?"),
        "{}",
        stderr(&wrong)
    );
    assert!(ok(&sandbox, &["list", "company=google"]).starts_with("google: scalability"));
    assert!(ok(&sandbox, &["show", "first"]).contains("google (scalability)"));
    let term = ok(&sandbox, &["glossary", "whole", "number"]);
    assert!(
        term.contains("without a fraction") && term.contains("first, second, third"),
        "{term}"
    );
    assert_eq!(sandbox.run(&["glossary", "nothing"]).status.code(), Some(2));
}

#[test]
fn what_was_passed_long_ago_is_due_and_done_again_without_losing_the_pass() {
    let sandbox = sandbox();
    sandbox.solve("first");
    history(
        &sandbox,
        &[
            judged(400, "first", "passed"),
            judged(0, "second", "passed"),
        ],
    );
    let (_, review) = sandbox.json(&["review"]);
    let due = review["exercises"].as_array().unwrap();
    assert_eq!(due.len(), 1, "{review}");
    assert_eq!(due[0]["exercise"], "first");
    let mine = fs::read_to_string(sandbox.file("first")).unwrap();
    ok(&sandbox, &["review", "first"]);
    assert!(
        fs::read_to_string(sandbox.file("first"))
            .unwrap()
            .contains("todo!")
    );
    assert!(sandbox.is_done("first"), "the pass stays");
    let (_, review) = sandbox.json(&["review"]);
    assert_eq!(review["begun"][0], "first");
    let again = sandbox.run(&["review", "first"]);
    assert_eq!(again.status.code(), Some(2));
    // The version before comes back, and a new pass is a repetition.
    ok(&sandbox, &["restore", "first"]);
    assert_eq!(fs::read_to_string(sandbox.file("first")).unwrap(), mine);
    assert_eq!(sandbox.verdict("first").0, 0);
    let (_, progress) = sandbox.json(&["progress"]);
    assert_eq!(progress["repetitions"], 1);
    let (_, review) = sandbox.json(&["review"]);
    assert!(review["begun"].as_array().unwrap().is_empty());
    assert!(review["exercises"].as_array().unwrap().is_empty());
    let pending = sandbox.run(&["review", "third"]);
    assert_eq!(pending.status.code(), Some(2));
    assert!(
        stderr(&pending).contains("has not passed yet"),
        "{}",
        stderr(&pending)
    );
}

#[test]
fn a_repetition_survives_the_loss_of_the_progress_file() {
    let sandbox = sandbox();
    history(&sandbox, &[judged(400, "first", "passed")]);
    ok(&sandbox, &["review", "first"]);
    for name in ["progress.toml", "progress.toml.bak"] {
        let _ = fs::remove_file(sandbox.workspace().join(".backlings").join(name));
    }
    // The workspace knows its track by the progress file; here it is named.
    let track = sandbox.track_dir();
    let (_, review) = sandbox.json(&["review", "--track", track.to_str().unwrap()]);
    assert_eq!(review["begun"][0], "first");
}

#[test]
fn a_mock_interview_in_a_pipe_is_begun_and_ended() {
    let sandbox = sandbox();
    let said = ok(
        &sandbox,
        &["mock", "coding", "--minutes", "10", "--company", "google"],
    );
    assert!(said.contains("mock interview of 10 minutes"), "{said}");
    let (_, mocks) = sandbox.json(&["mock"]);
    let problems = mocks["mocks"][0]["problems"].as_array().unwrap();
    // Two of five minutes each fit.
    assert_eq!(problems.len(), 2, "{mocks}");
    let second = sandbox.run(&["mock", "coding"]);
    assert_eq!(second.status.code(), Some(2));
    assert!(
        stderr(&second).contains("backlings mock end"),
        "{}",
        stderr(&second)
    );
    let drawn = problems[0]["name"].as_str().unwrap().to_string();
    let folder = if drawn == "third" {
        "02_more"
    } else {
        "01_basics"
    };
    let file = format!("{folder}/{drawn}/{drawn}.rs");
    fs::copy(
        sandbox.track_dir().join("solutions").join(&file),
        sandbox.workspace().join("exercises").join(&file),
    )
    .unwrap();
    assert_eq!(sandbox.verdict(&drawn).0, 0);
    let ended = ok(&sandbox, &["mock", "end"]);
    assert!(
        ended.contains("1 of 2 solved in 1 of 10 minutes"),
        "{ended}"
    );
    let (_, mocks) = sandbox.json(&["mock"]);
    assert!(mocks["mocks"][0]["problems"][0]["passed"].is_string());
    assert!(mocks["mocks"][0]["ended"].is_string());
    assert_eq!(sandbox.run(&["mock", "end"]).status.code(), Some(2));
    // What was never seen is drawn before what was.
    ok(&sandbox, &["mock", "coding", "--minutes", "5"]);
    let (_, mocks) = sandbox.json(&["mock"]);
    assert_ne!(mocks["mocks"][1]["problems"][0]["name"], drawn.as_str());
}

#[test]
fn a_mock_interview_leaves_the_learner_where_the_learner_was() {
    let sandbox = sandbox();
    for name in ["first", "second"] {
        sandbox.solve(name);
        ok(&sandbox, &["run", name]);
    }
    ok(&sandbox, &["roadmap", "long"]);
    let (_, before) = sandbox.json(&["progress"]);
    // All three are drawn; the two that are done begin afresh.
    ok(&sandbox, &["mock", "coding", "--minutes", "45"]);
    let (_, review) = sandbox.json(&["review"]);
    assert_eq!(review["begun"].as_array().unwrap().len(), 2);
    let (_, after) = sandbox.json(&["progress"]);
    assert_eq!(after["current"], before["current"]);
    assert!(ok(&sandbox, &["mock"]).contains("running, 45 minutes left"));
}

#[test]
fn a_design_interview_lays_out_its_steps() {
    let sandbox = sandbox();
    let said = ok(&sandbox, &["mock", "design", "clock"]);
    assert!(
        said.contains("Show the time.") && said.contains("1-draw.md"),
        "{said}"
    );
    let folder = fs::read_dir(sandbox.workspace().join(".backlings/mocks"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.is_dir())
        .unwrap();
    let step = fs::read_to_string(folder.join("1-draw.md")).unwrap();
    assert!(step.contains("What goes where?"), "{step}");
    let ended = ok(&sandbox, &["mock", "end"]);
    assert!(
        ended.contains("time zones") && ended.contains("Was it good?"),
        "{ended}"
    );
    let wrong = sandbox.run(&["mock", "design", "clok"]);
    assert!(
        stderr(&wrong).contains("did you mean \"clock\"?"),
        "{}",
        stderr(&wrong)
    );
}

#[test]
fn the_hint_of_a_recognised_mistake_comes_first_and_once() {
    let sandbox = sandbox();
    let wrong = sandbox.track_dir().join("solutions/01_basics/first/wrong");
    write(
        &wrong.join("odd.diff"),
        "why: it takes 41 for the answer.\nhint: An odd number cannot be it.\n--- a/first.rs\n+++ b/first.rs\n@@ -1,5 +1,5 @@\n //! first\n \n pub fn answer() -> u32 {\n-    42\n+    40\n }\n",
    );
    write(
        &wrong.join("failing.toml"),
        "[stub]\nverdict = \"tests_failed\"\ntests = [\"the_answer_is_even\", \"the_answer_is_known\"]\n\n[wrong.odd]\nverdict = \"tests_failed\"\ntests = [\"the_answer_is_known\"]\n",
    );
    sandbox.save("first", "pub fn answer() -> u32 {\n    40\n}");
    let (_, verdict) = sandbox.verdict("first");
    assert_eq!(verdict["misconception"], "An odd number cannot be it.");
    let hint = ok(&sandbox, &["hint", "first"]);
    assert!(hint.contains("An odd number cannot be it."), "{hint}");
    let next = ok(&sandbox, &["hint", "first"]);
    assert!(next.contains("hint 1 of 2"), "{next}");
    // Another version: what was known of the one before says nothing of it.
    sandbox.verdict("first");
    sandbox.save("first", "pub fn answer() -> u32 {\n    38\n}");
    let next = ok(&sandbox, &["hint", "first"]);
    assert!(next.contains("hint 2 of 2"), "{next}");
}

#[test]
fn everything_fits_sixty_columns() {
    let sandbox = sandbox();
    history(&sandbox, &[judged(400, "first", "passed")]);
    ok(&sandbox, &["roadmap", "--start", "2026-01-05"]);
    #[cfg(unix)]
    for args in [
        &["roadmap"][..],
        &["progress"],
        &["progress", "--exercises"],
        &["checklist"],
        &["glossary"],
        &["review", "--all"],
        &["list"],
    ] {
        let screen = narrow(&sandbox, args);
        assert!(!screen.trim().is_empty(), "{args:?}");
        for line in screen.lines() {
            assert!(line.chars().count() <= 60, "{args:?}: {line:?}\n{screen}");
        }
    }
}

/// What a command writes on a terminal of 60 columns, without colours.
#[cfg(unix)]
fn narrow(sandbox: &Sandbox, args: &[&str]) -> String {
    use std::io::Read;

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::{Winsize, tcsetwinsize};

    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let size = Winsize {
        ws_row: 24,
        ws_col: 60,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&master, size).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let slave = fs::File::options()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    let mut command = sandbox.command(args);
    command.env("TERM", "xterm").stdout(slave);
    let mut child = command.spawn().unwrap();
    drop(command);
    let mut master = fs::File::from(master);
    let mut written = Vec::new();
    let mut piece = [0; 4096];
    // The end, and the error that a closed terminal gives on Linux, are the same here.
    while let Ok(count @ 1..) = master.read(&mut piece) {
        written.extend_from_slice(&piece[..count]);
    }
    assert!(child.wait().unwrap().success(), "{args:?}");
    let text = String::from_utf8_lossy(&written).replace('\r', "");
    console::strip_ansi_codes(&text).into_owned()
}
