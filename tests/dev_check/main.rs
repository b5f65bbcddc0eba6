//! `backlings dev check` on small tracks that each break one rule.

// Helpers of tests may panic as tests do.
#![allow(clippy::unwrap_used)]

mod broken;
mod small_track;

use broken::{BROKEN, swap};
use small_track::{Files, HEADER, STUB, TESTS, Track, backlings, exercise, said, wrong};

#[test]
fn each_broken_rule_is_found_and_nothing_else() {
    let exercises: Vec<(&str, Files)> = BROKEN
        .iter()
        .map(|(name, change, _)| {
            let mut files = exercise(name);
            change(&mut files);
            (*name, files)
        })
        .collect();
    let track = Track::new(&exercises);
    let checked = track.check(&["--format", "json", "--no-agree", "--write"]);
    assert_eq!(checked.code, Some(1));
    let mut wrong = String::new();
    for (name, _, expected) in BROKEN {
        let found = checked.findings(name);
        let fits = found.len() == expected.len()
            && found
                .iter()
                .zip(*expected)
                .all(|(found, (start, piece))| found.starts_with(start) && found.contains(piece));
        if !fits {
            wrong.push_str(&format!(
                "{name}: expected {expected:?}, found {found:#?}\n"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(said(&checked.json["track"]).is_empty());
}

#[test]
fn a_track_in_order_passes_is_remembered_and_agrees_with_cargo() {
    let track = Track::new(&[("one", exercise("one")), ("two", exercise("two"))]);
    let missing = track.check(&["--format", "json"]);
    assert_eq!(missing.code, Some(1));
    assert!(missing.findings("one")[0].starts_with("signatures "));

    let written = track.check(&["--format", "json", "--write"]);
    assert_eq!(
        (written.code, &written.json["findings"]),
        (Some(0), &0.into())
    );
    assert_eq!(written.exercise("one")["judged"], false);
    assert_eq!(written.exercise("one")["tests"], 3);
    assert_eq!(written.exercise("one")["wrong_answers"], 3);
    let failing = track.path("solutions/01_numbers/one/wrong/failing.toml");
    let failing = std::fs::read_to_string(failing).unwrap();
    assert!(failing.contains("[wrong.square]"), "{failing}");

    let place = Track::place("two", "tests.rs");
    track.write(&place, &TESTS.replace("double(7), 14", "double(8), 16"));
    let edited = track.check(&["--format", "json"]);
    assert_eq!(edited.code, Some(0));
    let judged = |name| edited.exercise(name)["judged"].as_bool();
    assert_eq!((judged("one"), judged("two")), (Some(false), Some(true)));

    let square = Track::place("one", "solution/wrong/square.diff");
    let now_only_negative_numbers_fail = wrong("number.abs() * 2").replace("NAME", "one");
    track.write(&square, &now_only_negative_numbers_fail);
    let stale = track.check(&["one", "--format", "json"]);
    assert_eq!(stale.code, Some(1));
    assert!(
        stale.findings("one")[0].contains("square ends otherwise"),
        "{:?}",
        stale.findings("one")
    );
}

#[test]
fn luck_is_hunted_in_the_solution_alone_where_the_rest_is_known() {
    let track = Track::new(&[("one", exercise("one"))]);
    let runs = track.path("runs");
    // Fails in its twenty-fifth run.
    let count = format!(
        "    let path = {runs:?};\n    let runs = std::fs::read(path).map_or(0, |seen| seen.len()) + 1;\n    std::fs::write(path, vec![b'.'; runs]).unwrap();\n    assert_ne!(runs, 25, \"the run that fails\");\n"
    );
    let place = Track::place("one", "tests.rs");
    let tests = TESTS.replacen("() {\n", &format!("() {{\n{count}"), 1);
    track.write(&place, &tests);
    let check = |more: &[&str]| {
        let args = [
            &["--format", "json", "--no-agree", "-j", "1", "--write"],
            more,
        ]
        .concat();
        let checked = track.check(&args);
        let runs = std::fs::read(&runs).unwrap().len();
        (checked.findings("one"), runs)
    };
    let (found, before) = check(&[]);
    assert_eq!(found, [""; 0]);
    assert!(before < 25, "{before}");
    let (found, after) = check(&["--repeat", "30"]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("in 1 of "), "{found:#?}");
    assert_eq!(after, before + 30);
    // Luck that was seen is not forgotten.
    let (again, unchanged) = check(&["--repeat", "30"]);
    assert_eq!((again, unchanged), (found, after));
}

#[test]
fn a_test_that_only_the_judge_passes_is_found() {
    let mut files = exercise("one");
    swap(
        &mut files,
        "tests.rs",
        "    assert_eq!(double(0)",
        "    let ours = std::env::var_os(\"RUSTC_BOOTSTRAP\").is_some();\n    assert!(ours || double(0) != 0);\n    assert_eq!(double(0)",
    );
    let track = Track::new(&[("one", files)]);
    let checked = track.check(&["--format", "json", "--write"]);
    let found = checked.findings("one");
    assert!(
        found.iter().any(|finding| finding.starts_with("agreement ")
            && finding.contains(
                "the solution: the judge says passed, but `cargo test` fails zero_stays_zero"
            )),
        "{found:#?}"
    );
}

#[test]
fn what_the_manifest_does_not_name_is_found() {
    let track = Track::new(&[("one", exercise("one"))]);
    track.write("exercises/01_numbers/left_over/tests.rs", "");
    track.write("solutions/02_other/x/after.md", "");
    std::fs::remove_file(track.path("exercises/01_numbers/README.md")).unwrap();
    let checked = track.check(&["--format", "json", "--no-agree", "--write"]);
    let found = said(&checked.json["track"]);
    let begins = |start: &str| found.iter().filter(|each| each.starts_with(start)).count();
    assert_eq!(found.len(), 3, "{found:#?}");
    assert_eq!(begins("files exercises/01_numbers/left_over "), 1);
    assert_eq!(begins("files solutions/02_other/x "), 1);
    assert_eq!(begins("files exercises/01_numbers/README.md "), 1);
}

#[test]
fn a_filter_that_fits_nothing_is_refused() {
    let track = Track::new(&[("one", exercise("one"))]);
    for args in [&["nothing"][..], &["one", "difficulty=hard"]] {
        let output = backlings(track.dir.path(), &[&["dev", "check"], args].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}");
    }
    let outside = tempfile::tempdir().unwrap();
    let output = backlings(outside.path(), &["dev", "check"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--track"));
}

#[test]
fn a_learner_with_a_known_misconception_gets_its_hint() {
    let mut files = exercise("one");
    let same = "solution/wrong/same.diff";
    swap(&mut files, same, "+    number", "+    number.abs() * 2");
    let track = Track::new(&[("one", files)]);
    assert_eq!(
        track
            .check(&["--format", "json", "--no-agree", "--write"])
            .code,
        Some(0)
    );
    let dir = track.dir.path().to_str().unwrap();
    let init = backlings(
        track.dir.path(),
        &["--track", dir, "init", "mine", "--no-git"],
    );
    assert!(init.status.success(), "{init:?}");
    let mine = track.path("mine");
    let hint = |body: &str| {
        let text =
            format!("{HEADER}{STUB}").replace("todo!(\"step 1: add the number to itself\")", body);
        std::fs::write(mine.join("exercises/01_numbers/one/one.rs"), text).unwrap();
        let output = backlings(&mine, &["run", "one", "--format", "json"]);
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(json["verdict"], "tests_failed", "{body}");
        json["misconception"].as_str().map(str::to_string)
    };
    // 7 * 7 is not 14, and -1 * -1 is not -2: what squaring fails, however it is written.
    let known = "Try the line with two and with minus one.";
    assert_eq!(hint("number.pow(2)").as_deref(), Some(known));
    // Fails all tests, as the stub does.
    assert_eq!(hint("number + 1"), None);
    // Fails what no known wrong answer fails.
    assert_eq!(hint("if number > 2 { 0 } else { number * 2 }"), None);
    // Two known wrong answers fail these: no telling which.
    let other = wrong("number.pow(2)").replace("NAME", "one");
    track.write(&Track::place("one", "solution/wrong/power.diff"), &other);
    track.check(&["--format", "json", "--no-agree", "--write"]);
    assert_eq!(hint("number.pow(2)"), None);
    std::fs::remove_file(track.path(&Track::place("one", "solution/wrong/power.diff"))).unwrap();
    track.check(&["--format", "json", "--no-agree", "--write"]);
    // Fails the tests that squaring does, but there is still something to write.
    assert_eq!(
        hint("if number == 0 { 0 } else { todo!(\"step 1: the rest\") }"),
        None
    );
}

#[test]
fn a_new_exercise_lacks_nothing_but_words() {
    let track = Track::new(&[("one", exercise("one")), ("two", exercise("two"))]);
    let make = |args: &[&str]| backlings(track.dir.path(), &[&["dev", "new"], args].concat());
    assert!(
        make(&["numbers", "fresh", "--after", "one"])
            .status
            .success()
    );
    assert!(make(&["1", "texts", "--kind", "files"]).status.success());
    let manifest = std::fs::read_to_string(track.path("info.toml")).unwrap();
    assert!(
        manifest.contains("exercises = [\"one\", \"fresh\", \"two\", \"texts\"]"),
        "{manifest}"
    );
    for name in ["fresh", "texts"] {
        let found = track
            .check(&[name, "--format", "json", "--write"])
            .findings(name);
        let rules: Vec<&str> = found
            .iter()
            .filter_map(|each| each.split(' ').next())
            .collect();
        assert_eq!(
            rules,
            ["metadata", "metadata", "header", "hints", "words", "wrong"],
            "{found:#?}"
        );
    }
    for (args, piece) in [
        (&["numbers", "one"][..], "already"),
        (&["numbers", "../up"], "cannot be a name"),
        (&["nambers", "three"], "did you mean \"numbers\""),
        (
            &["numbers", "three", "--after", "onw"],
            "did you mean \"one\"",
        ),
    ] {
        let output = make(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(piece), "{args:?}: {said}");
    }
    assert_eq!(
        std::fs::read_to_string(track.path("info.toml")).unwrap(),
        manifest
    );
}
