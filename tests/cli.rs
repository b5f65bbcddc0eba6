//! The commands, as a learner and a script see them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;

use support::{Exercise, Sandbox, stderr, stdout, write};

fn two() -> Sandbox {
    Sandbox::new(&[Exercise::answer("first"), Exercise::answer("second")])
}

#[test]
fn init_makes_a_workspace_that_cargo_understands() {
    let sandbox = two();
    let made = sandbox.workspace();
    for path in [
        "Cargo.toml",
        ".gitignore",
        ".vscode/settings.json",
        "exercises/01_basics/first/first.rs",
        "exercises/01_basics/first/tests.rs",
    ] {
        assert!(made.join(path).is_file(), "{path} is missing");
    }
    assert!(
        !made
            .join("exercises/01_basics/first/exercise.toml")
            .exists()
    );
    let test = std::process::Command::new("cargo")
        .args(["test", "--quiet", "--offline", "--test", "first"])
        .current_dir(&made)
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .unwrap();
    assert!(!test.status.success());
    assert!(
        stdout(&test).contains("not yet implemented: step 1: give the answer"),
        "{}{}",
        stdout(&test),
        stderr(&test)
    );
}

#[test]
fn init_overwrites_nothing() {
    let sandbox = two();
    let again = sandbox.init(&[]);
    assert_eq!(again.status.code(), Some(2));
    assert!(
        stderr(&again).contains("is a workspace already"),
        "{}",
        stderr(&again)
    );

    let inner = sandbox.run(&["init", "inner", "--no-git"]);
    assert_eq!(inner.status.code(), Some(2));
    assert!(
        stderr(&inner).contains("lies in the workspace"),
        "{}",
        stderr(&inner)
    );

    let full = sandbox.path().join("full");
    write(&full.join("thesis.txt"), "years of work");
    let refused = sandbox.run(&["init", full.to_str().unwrap(), "--no-git"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("is not empty"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(fs::read_dir(&full).unwrap().count(), 1);

    let file = sandbox.run(&[
        "init",
        full.join("thesis.txt").to_str().unwrap(),
        "--no-git",
    ]);
    assert_eq!(file.status.code(), Some(2));
    assert!(
        stderr(&file).contains("is not a folder"),
        "{}",
        stderr(&file)
    );
}

#[test]
fn an_unknown_roadmap_is_refused_before_anything_is_made() {
    let sandbox = Sandbox::track(&[Exercise::answer("first")]);
    let refused = sandbox.init(&["--roadmap", "ful"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("did you mean \"full\"?"),
        "{}",
        stderr(&refused)
    );
    assert!(!sandbox.workspace().exists());
}

#[test]
fn without_a_workspace_it_says_what_to_do() {
    let sandbox = Sandbox::track(&[Exercise::answer("first")]);
    let bare = sandbox.run(&[]);
    assert_eq!(bare.status.code(), Some(2));
    assert!(
        stderr(&bare).contains("backlings init my-backlings"),
        "{}",
        stderr(&bare)
    );
    assert!(!sandbox.path().join("my-backlings").exists());
    let run = sandbox.run(&["run"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(stderr(&run).contains("backlings init"), "{}", stderr(&run));
}

#[test]
fn a_pass_is_recorded_and_leads_on() {
    let sandbox = two();
    let (code, verdict) = sandbox.verdict("first");
    assert_eq!(
        (code, verdict["verdict"].as_str()),
        (1, Some("tests_failed"))
    );
    assert_eq!(
        (
            verdict["failed"].as_u64(),
            verdict["format_version"].as_u64()
        ),
        (Some(2), Some(1))
    );
    assert_eq!(
        verdict["failures"][0]["location"],
        "exercises/01_basics/first/first.rs:4:5"
    );
    assert_eq!(verdict["misconception"], serde_json::Value::Null);

    sandbox.solve("first");
    let passed = sandbox.run(&["run"]);
    assert_eq!(passed.status.code(), Some(0));
    assert!(
        stdout(&passed).contains("next: second"),
        "{}",
        stdout(&passed)
    );
    assert!(sandbox.is_done("first"));
    assert!(!sandbox.is_done("second"));
    assert!(
        sandbox
            .workspace()
            .join("solutions/01_basics/first/after.md")
            .is_file()
    );
    assert_eq!(sandbox.json(&["progress"]).1["current"], "second");

    // What broke since stays done, and says so.
    sandbox.save("first", "pub fn answer() -> u32 { 1 }");
    assert_eq!(sandbox.run(&["run", "first"]).status.code(), Some(1));
    assert!(sandbox.is_done("first"));
}

#[test]
fn reading_changes_nothing() {
    let sandbox = two();
    let before = fs::read(sandbox.workspace().join(".backlings/progress.toml")).unwrap();
    for args in [
        vec!["list"],
        vec!["show", "second"],
        vec!["progress"],
        vec!["hint", "second", "--again"],
        vec!["restore", "second", "--list"],
        vec!["update", "--dry-run"],
    ] {
        assert_eq!(sandbox.run(&args).status.code(), Some(0), "{args:?}");
    }
    assert_eq!(
        fs::read(sandbox.workspace().join(".backlings/progress.toml")).unwrap(),
        before
    );
}

#[test]
fn exercises_are_addressed_by_name_path_and_folder() {
    let sandbox = two();
    for word in [
        "second",
        "exercises/01_basics/second",
        "exercises/01_basics/second/tests.rs",
        "./exercises/../exercises/01_basics/second/second.rs",
    ] {
        assert_eq!(
            sandbox.json(&["show", word]).1["exercise"]["name"],
            "second",
            "{word}"
        );
    }
    let here = sandbox
        .command(&["show"])
        .current_dir(sandbox.folder("second"))
        .output()
        .unwrap();
    assert!(stdout(&here).contains("second"), "{}", stdout(&here));
    let dot = sandbox
        .command(&["show", "."])
        .current_dir(sandbox.folder("second"))
        .output()
        .unwrap();
    assert!(stdout(&dot).contains("second"), "{}", stdout(&dot));
    let unknown = sandbox.run(&["show", "secnod"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        stderr(&unknown).contains("did you mean \"second\"?"),
        "{}",
        stderr(&unknown)
    );
}

#[test]
fn filters_select_and_explain_themselves() {
    let hard = Exercise::answer("hard_one");
    let hard = Exercise {
        toml: hard
            .toml
            .replace("easy", "hard")
            .replace("[\"numbers\"]", "[\"hash tables\"]"),
        ..hard
    };
    let sandbox = Sandbox::new(&[Exercise::answer("first"), hard]);
    let names = |filters: &[&str]| -> Vec<String> {
        let (code, list) = sandbox.json(&[&["list"], filters].concat());
        assert_eq!(code, 0);
        list["exercises"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap().to_string())
            .collect()
    };
    assert_eq!(names(&[]), ["first", "hard_one"]);
    assert_eq!(names(&["difficulty=hard"]), ["hard_one"]);
    assert_eq!(names(&["difficulty=hard,easy"]), ["first", "hard_one"]);
    assert_eq!(names(&["concept=Hash Tables"]), ["hard_one"]);
    assert_eq!(names(&["topic=1", "irs"]), ["first"]);
    assert_eq!(
        names(&["topic=basics", "status=done"]),
        Vec::<String>::new()
    );
    assert_eq!(
        names(&[
            "roadmap=full",
            "company=google",
            "kind=rust",
            "status=pending"
        ]),
        ["first", "hard_one"]
    );
    for (filter, words) in [
        ("difficulty=heard", "did you mean \"hard\"?"),
        ("dificulty=hard", "did you mean \"difficulty\"?"),
        ("topic=sql", "there is no topic \"sql\"; there are: basics"),
        ("status=", "no value"),
        ("zzz", "no exercise has \"zzz\" in its name"),
        (
            "company=acme",
            "there are: amazon, apple, google, meta, netflix",
        ),
    ] {
        let refused = sandbox.run(&["list", filter]);
        assert_eq!(refused.status.code(), Some(2), "{filter}");
        assert!(
            stderr(&refused).contains(words),
            "{filter}: {}",
            stderr(&refused)
        );
    }
}

#[test]
fn hints_come_one_at_a_time() {
    let sandbox = two();
    let hint = |args: &[&str]| stdout(&sandbox.run(&[&["hint"], args].concat()));
    assert!(hint(&["--again"]).contains("No hint of first was shown yet"));
    let first = hint(&[]);
    assert!(
        first.contains("hint 1 of 2")
            && first.contains("Look at first.")
            && !first.contains("It is a number"),
        "{first}"
    );
    let second = hint(&[]);
    assert!(
        second.contains("hint 2 of 2")
            && second.contains("It is a number")
            && !second.contains("Look at"),
        "{second}"
    );
    let all = hint(&["--again"]);
    assert!(
        all.contains("Look at first.") && all.contains("It is a number."),
        "{all}"
    );
    assert!(hint(&[]).contains("that was the last one"));
}

#[test]
fn a_solution_waits_for_the_pass() {
    let sandbox = two();
    let early = sandbox.run(&["solution", "first"]);
    assert_eq!(early.status.code(), Some(2));
    assert!(stdout(&early).is_empty());
    assert!(stdout(&sandbox.run(&["solution", "first", "--spoil"])).contains("42"));

    sandbox.save("first", "pub fn answer() -> u32 {\n    40 + 2\n}");
    sandbox.run(&["run", "first"]);
    let solution = stdout(&sandbox.run(&["solution", "first"]));
    assert!(
        solution.contains("42") && solution.contains("That proved it."),
        "{solution}"
    );
    let diff = stdout(&sandbox.run(&["solution", "first", "--diff"]));
    assert!(
        diff.contains("-    40 + 2") && diff.contains("+    42"),
        "{diff}"
    );
}

#[test]
fn reset_and_restore_lose_nothing() {
    let sandbox = two();
    let stub = fs::read_to_string(sandbox.file("first")).unwrap();
    let nothing = sandbox.run(&["restore", "first"]);
    assert_eq!(nothing.status.code(), Some(2), "{}", stderr(&nothing));

    sandbox.solve("first");
    let mine = fs::read_to_string(sandbox.file("first")).unwrap();
    sandbox.run(&["run", "first"]);
    let reset = sandbox.run(&["reset", "first"]);
    assert_eq!(reset.status.code(), Some(0), "{}", stderr(&reset));
    assert!(
        stdout(&reset).contains("backlings restore first"),
        "{}",
        stdout(&reset)
    );
    assert_eq!(fs::read_to_string(sandbox.file("first")).unwrap(), stub);
    assert!(
        !sandbox.is_done("first"),
        "a reset exercise is to be done again"
    );

    let restored = sandbox.run(&["restore", "first"]);
    assert_eq!(restored.status.code(), Some(0), "{}", stderr(&restored));
    assert_eq!(fs::read_to_string(sandbox.file("first")).unwrap(), mine);

    // Work that never passed is kept as well, and each version has its number.
    sandbox.save("second", "// version one");
    sandbox.run(&["reset", "second"]);
    sandbox.save("second", "// version two");
    sandbox.run(&["reset", "second"]);
    let list = stdout(&sandbox.run(&["restore", "second", "--list"]));
    assert_eq!(list.lines().count(), 2, "{list}");
    assert_eq!(
        sandbox
            .run(&["restore", "second", "--version", "2"])
            .status
            .code(),
        Some(0)
    );
    assert!(
        fs::read_to_string(sandbox.file("second"))
            .unwrap()
            .starts_with("// version one")
    );
    assert_eq!(
        sandbox
            .run(&["restore", "second", "--version", "9"])
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn reset_brings_back_a_deleted_file() {
    let sandbox = two();
    fs::remove_dir_all(sandbox.folder("first")).unwrap();
    assert_eq!(sandbox.run(&["reset", "first"]).status.code(), Some(0));
    assert_eq!(sandbox.verdict("first").1["verdict"], "tests_failed");
}

#[test]
fn check_judges_what_has_changed() {
    let sandbox = two();
    sandbox.solve("first");
    let (code, check) = sandbox.json(&["check"]);
    assert_eq!(code, 1);
    let verdicts = |check: &serde_json::Value| -> Vec<(String, bool)> {
        let results = check["results"].as_array().unwrap();
        results
            .iter()
            .map(|one| {
                (
                    one["verdict"].as_str().unwrap().to_string(),
                    one["compile_ms"] == 0,
                )
            })
            .collect()
    };
    assert_eq!(
        verdicts(&check),
        [("passed".into(), false), ("tests_failed".into(), false)]
    );
    assert!(sandbox.is_done("first"));
    let (_, again) = sandbox.json(&["check"]);
    assert_eq!(
        verdicts(&again),
        [("passed".into(), true), ("tests_failed".into(), false)]
    );
    let (code, forced) = sandbox.json(&["check", "first", "--force"]);
    assert_eq!(
        (code, verdicts(&forced)),
        (0, vec![("passed".into(), false)])
    );
    let text = sandbox.run(&["check"]);
    assert!(
        stdout(&text).contains("second") && stdout(&text).contains("1 of 2 exercises passed"),
        "{}",
        stdout(&text)
    );
}

#[test]
fn progress_counts() {
    let sandbox = two();
    sandbox.solve("first");
    sandbox.run(&["run", "first"]);
    let (_, progress) = sandbox.json(&["progress"]);
    assert_eq!(
        (&progress["done"], &progress["total"]),
        (&1.into(), &2.into())
    );
    assert_eq!(progress["roadmap"], "full");
    assert_eq!(
        progress["topics"][0],
        serde_json::json!({"topic": "basics", "title": "Basics", "done": 1, "total": 2})
    );
    assert_eq!(
        progress["difficulty"]["easy"],
        serde_json::json!({"done": 1, "total": 2})
    );
    let text = stdout(&sandbox.run(&["progress"]));
    assert!(
        text.contains("1/2 done") && text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
}

#[test]
fn output_for_pipes_is_plain() {
    let sandbox = two();
    for args in [
        vec!["list"],
        vec!["run", "first"],
        vec!["check"],
        vec!["progress"],
        vec!["progress", "--exercises"],
        vec!["roadmap"],
        vec!["checklist"],
        vec!["glossary"],
        vec!["review"],
        vec!["mock"],
        vec!["doctor"],
        vec!["hint"],
    ] {
        let output = sandbox.run(&args);
        let both = stdout(&output) + &stderr(&output);
        assert!(!both.contains('\x1b'), "{args:?}: {both:?}");
    }
    // A reader that goes away is no error.
    let mut child = sandbox
        .command(&["list"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert!(
        ended.status.success() && ended.stderr.is_empty(),
        "{}",
        stderr(&ended)
    );
}

#[test]
fn the_watcher_refuses_to_run_in_a_pipe() {
    let sandbox = two();
    let watch = sandbox.run(&["watch"]);
    assert_eq!(watch.status.code(), Some(2));
    assert!(
        stderr(&watch).contains("backlings run"),
        "{}",
        stderr(&watch)
    );
}

#[test]
fn wrong_command_lines_are_usage_errors() {
    let sandbox = two();
    for args in [
        vec!["runn"],
        vec!["run", "--nonsense"],
        vec!["reset"],
        vec!["list", "--format", "yaml"],
        vec!["completions", "tcsh"],
        vec!["check", "--jobs", "0"],
    ] {
        let output = sandbox.run(&args);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{args:?}: {}",
            stderr(&output)
        );
        assert!(!stderr(&output).is_empty());
    }
}

#[test]
fn shells_and_manuals_are_served() {
    let sandbox = two();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = stdout(&sandbox.run(&["completions", shell]));
        assert!(script.contains("backlings"), "{shell}: {script}");
    }
    let man = stdout(&sandbox.run(&["man"]));
    assert!(
        man.contains(".TH backlings") && man.contains("Exit codes"),
        "{man}"
    );
    let mut names = sandbox.command(&["--", "backlings", "show", "sec"]);
    names
        .env("COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", "2")
        .env("_CLAP_COMPLETE_COMP_TYPE", "9")
        .env("_CLAP_COMPLETE_SPACE", "true")
        .env("_CLAP_IFS", "\n");
    let names = names.output().unwrap();
    assert!(
        stdout(&names).contains("second"),
        "{}{}",
        stdout(&names),
        stderr(&names)
    );
}

#[test]
fn a_doctor_finds_what_is_missing() {
    let sandbox = two();
    let (code, report) = sandbox.json(&["doctor"]);
    assert_eq!((code, &report["healthy"]), (0, &true.into()), "{report:#}");
    let output = sandbox
        .command(&["doctor"])
        .env("PATH", sandbox.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(
        stdout(&output).contains("https://rustup.rs"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn no_repository_is_made_inside_another() {
    let sandbox = Sandbox::track(&[Exercise::answer("first")]);
    let init = |name: &str| {
        let workspace = sandbox.path().join(name);
        let track = sandbox.track_dir();
        let args = [
            "init",
            workspace.to_str().unwrap(),
            "--track",
            track.to_str().unwrap(),
        ];
        let made = sandbox.command(&args).output().unwrap();
        assert!(made.status.success(), "{}", stderr(&made));
        workspace.join(".git").exists()
    };
    assert!(init("alone"));
    fs::create_dir(sandbox.path().join(".git")).unwrap();
    assert!(!init("inside"));
}
