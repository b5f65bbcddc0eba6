//! Hostile exercises: each gives its verdict within its limit, names its test, and leaves nothing behind.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![cfg(unix)]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use support::{Exercise, Sandbox, processes_of, stderr, stdout};

const TESTS: &str = "use super::*;\n\n#[test]\nfn a_harmless_test() {\n    assert_eq!(1 + 1, 2);\n}\n\n#[test]\nfn the_answer_is_known() {\n    assert_eq!(answer(), 42);\n}\n";

fn sandbox() -> Sandbox {
    let stub = "pub fn answer() -> u32 {\n    todo!(\"step 1\")\n}";
    let solution = "pub fn answer() -> u32 {\n    42\n}";
    let exercise = Exercise::rust("hostile", stub, solution, TESTS);
    Sandbox::new(&[exercise.with_toml("[limits]\nseconds = 2\nmemory_mb = 512\n")])
}

/// Judges a body of `answer()`, and sees that nothing is left behind.
fn judge(sandbox: &Sandbox, body: &str) -> Value {
    sandbox.save(
        "hostile",
        &format!("pub fn answer() -> u32 {{\n    {body}\n}}"),
    );
    let (code, verdict) = sandbox.verdict("hostile");
    assert_eq!(
        code,
        i32::from(verdict["verdict"] != "passed"),
        "{verdict:#}"
    );
    nothing_left(sandbox);
    verdict
}

fn nothing_left(sandbox: &Sandbox) {
    let processes = processes_of(sandbox.path());
    assert!(processes.is_empty(), "left running: {processes:#?}");
    let scratch = sandbox.workspace().join(".backlings/cache/tmp");
    let files: Vec<_> = fs::read_dir(scratch)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    assert!(files.is_empty(), "left lying: {files:?}");
}

/// Whether anything that the verdict says holds a piece of text.
#[track_caller]
fn says(verdict: &Value, piece: &str) {
    assert!(
        verdict.to_string().contains(piece),
        "no \"{piece}\" in {verdict:#}"
    );
}

#[test]
fn an_endless_loop_times_out_and_is_named() {
    let sandbox = sandbox();
    let verdict = judge(&sandbox, "loop { std::hint::spin_loop() }");
    assert_eq!(verdict["verdict"], "timed_out");
    assert_eq!(
        verdict["passed"], 1,
        "the harmless test still counts: {verdict:#}"
    );
    says(&verdict, "the_answer_is_known");
    says(&verdict, "2 s");
}

#[test]
fn a_blocked_receive_times_out() {
    let sandbox = sandbox();
    let verdict = judge(
        &sandbox,
        "let (_tell, hear) = std::sync::mpsc::channel(); hear.recv().unwrap()",
    );
    assert_eq!(verdict["verdict"], "timed_out");
    says(&verdict, "the_answer_is_known");
}

#[test]
fn endless_output_is_stopped() {
    let sandbox = sandbox();
    let past_the_harness = r#"use std::io::Write; let mut out = std::io::stdout(); loop { let _ = out.write_all(&[b'x'; 4096]); }"#;
    let verdict = judge(&sandbox, past_the_harness);
    assert_eq!(verdict["verdict"], "too_much_output");
    let through_the_harness = r#"loop { println!("{}", "all work and no play ".repeat(50)); }"#;
    let verdict = judge(&sandbox, through_the_harness);
    assert!(
        ["too_much_output", "out_of_memory", "timed_out"]
            .contains(&verdict["verdict"].as_str().unwrap()),
        "{verdict:#}"
    );
    says(&verdict, "the_answer_is_known");
}

#[test]
fn much_output_is_cut_and_judged() {
    let sandbox = sandbox();
    let verdict = judge(
        &sandbox,
        r#"for line in 0..60_000 { println!("line {line}"); } 41"#,
    );
    assert_eq!(verdict["verdict"], "tests_failed");
    assert!(
        verdict["failures"][0]["message"]
            .as_str()
            .unwrap()
            .contains("left: 41"),
        "{verdict:#}"
    );
    assert!(verdict.to_string().len() < 2_000_000);
}

#[test]
fn a_huge_allocation_is_refused() {
    let sandbox = sandbox();
    let verdict = judge(
        &sandbox,
        "let mut all = vec![1u8; 10 << 30]; all[5 << 30] = 2; all.iter().map(|byte| u32::from(*byte)).sum()",
    );
    let kind = verdict["verdict"].as_str().unwrap();
    assert!(
        cfg!(not(target_os = "linux")) || kind == "out_of_memory",
        "{verdict:#}"
    );
    says(&verdict, "the_answer_is_known");
}

#[test]
fn grandchildren_die_with_the_run() {
    let sandbox = sandbox();
    for script in [
        "sleep 600 & echo started",
        "setsid sleep 600 >/dev/null 2>&1 & echo started",
        "(setsid sh -c 'sleep 600 & sleep 600' &) ; echo started",
    ] {
        let verdict = judge(
            &sandbox,
            &format!(
                r#"std::process::Command::new("sh").args(["-c", "{script}"]).spawn().unwrap().wait().unwrap(); 42"#
            ),
        );
        assert_eq!(verdict["verdict"], "passed", "{script}: {verdict:#}");
        if cfg!(target_os = "linux") {
            says(&verdict, "running; killed");
        }
    }
}

#[test]
fn a_stack_overflow_is_said_to_be_one() {
    let sandbox = sandbox();
    let verdict = judge(
        &sandbox,
        "fn deep(n: u64) -> u64 { if n == 0 { 0 } else { std::hint::black_box(deep(n - 1)) + 1 } } deep(u64::MAX) as u32",
    );
    assert_eq!(verdict["verdict"], "crashed");
    says(&verdict, "stack overflow");
    says(&verdict, "the_answer_is_known");
    assert_eq!(verdict["passed"], 1);
}

#[test]
fn what_a_test_said_before_it_died_is_shown_once() {
    let sandbox = sandbox();
    let raw = "std::io::Write::write_all(&mut std::io::stderr(), b\"so far\\n\").unwrap()";
    for (body, verdict) in [
        ("eprintln!(\"so far\"); std::process::abort()", "crashed"),
        (&format!("{raw}; std::process::abort()"), "crashed"),
        (&format!("{raw}; loop {{}}"), "timed_out"),
    ] {
        let judged = judge(&sandbox, body);
        assert_eq!(judged["verdict"], verdict);
        let said = stdout(&sandbox.run(&["run", "hostile"]));
        assert_eq!(said.matches("so far").count(), 1, "{said}");
    }
}

#[test]
fn leaving_early_is_no_pass() {
    let sandbox = sandbox();
    for (body, words) in [
        ("std::process::exit(0)", "exit code 0"),
        ("std::process::exit(7)", "exit code 7"),
        ("std::process::exit(101)", "exit code 101"),
        ("std::process::abort()", "SIGABRT"),
    ] {
        let verdict = judge(&sandbox, body);
        assert_eq!(verdict["verdict"], "crashed", "{body}");
        says(&verdict, words);
        says(&verdict, "the_answer_is_known");
    }
    assert!(!sandbox.is_done("hostile"));
}

#[test]
fn tests_that_do_not_run_are_no_pass() {
    let sandbox = sandbox();
    let wrong = "pub fn answer() -> u32 {\n    41\n}\n";
    for (text, verdict) in [
        (String::new(), "no_tests"),
        (wrong.to_string(), "no_tests"),
        (format!("{wrong}#[cfg(any())]\nmod tests;\n"), "no_tests"),
        (
            format!("{wrong}#[cfg(test)]\nmod tests {{\n    #[test]\n    fn other() {{}}\n}}\n"),
            "no_tests",
        ),
        (
            format!(
                "{wrong}#[cfg(test)]\nmod tests {{\n    #[test]\n    fn a_harmless_test() {{}}\n}}\n"
            ),
            "tampered",
        ),
        (
            format!(
                "{wrong}#[cfg(test)]\nmod tests {{\n    #[test]\n    fn a_harmless_test() {{}}\n    #[test]\n    fn the_answer_is_known() {{}}\n}}\n"
            ),
            "tampered",
        ),
    ] {
        fs::write(sandbox.file("hostile"), &text).unwrap();
        let (code, found) = sandbox.verdict("hostile");
        assert_eq!(
            (code, found["verdict"].as_str().unwrap()),
            (1, verdict),
            "{text}\n{found:#}"
        );
    }
    assert!(!sandbox.is_done("hostile"));
}

#[test]
fn edited_tests_are_put_back_and_kept() {
    let sandbox = sandbox();
    sandbox.save("hostile", "pub fn answer() -> u32 {\n    41\n}");
    let tests = sandbox.folder("hostile").join("tests.rs");
    let ignored = TESTS.replace("#[test]\nfn the", "#[test]\n#[ignore]\nfn the");
    fs::write(&tests, &ignored).unwrap();
    let (code, verdict) = sandbox.verdict("hostile");
    assert_eq!(
        (code, verdict["verdict"].as_str()),
        (1, Some("tests_failed"))
    );
    says(&verdict, "tests.rs had been changed");
    assert_eq!(fs::read_to_string(&tests).unwrap(), TESTS);
    let kept = sandbox
        .workspace()
        .join(".backlings/attempts/01_basics/hostile");
    let attempt = fs::read_dir(kept).unwrap().next().unwrap().unwrap().path();
    assert_eq!(
        fs::read_to_string(attempt.join("tests.rs")).unwrap(),
        ignored
    );
}

#[test]
fn tests_of_the_learners_own_run_as_well() {
    let sandbox = sandbox();
    sandbox.save("hostile", "pub fn answer() -> u32 {\n    42\n}\n\n#[cfg(test)]\nmod mine {\n    #[test]\n    fn my_own() {\n        assert_eq!(super::answer(), 43);\n    }\n}");
    let (_, verdict) = sandbox.verdict("hostile");
    assert_eq!(verdict["verdict"], "tests_failed");
    assert_eq!(verdict["failures"][0]["test"], "mine::my_own");
    assert_eq!(verdict["passed"], 2);
}

#[test]
fn files_that_are_no_source_are_said_to_be_so() {
    let sandbox = sandbox();
    fs::write(
        sandbox.file("hostile"),
        b"pub fn answer() -> u32 { 42 } // \xff\xfe\n#[cfg(test)]\nmod tests;\n",
    )
    .unwrap();
    let (code, verdict) = sandbox.verdict("hostile");
    assert_eq!(
        (code, verdict["verdict"].as_str()),
        (1, Some("compile_failed")),
        "{verdict:#}"
    );
    says(&verdict, "UTF-8");

    fs::remove_file(sandbox.file("hostile")).unwrap();
    let missing = sandbox.run(&["run", "hostile"]);
    assert_eq!(missing.status.code(), Some(3));
    assert!(
        stderr(&missing).contains("backlings reset hostile"),
        "{}",
        stderr(&missing)
    );

    fs::create_dir(sandbox.file("hostile")).unwrap();
    let folder = sandbox.run(&["run", "hostile"]);
    assert_eq!(folder.status.code(), Some(3));
    assert!(
        stderr(&folder).contains("is not a file"),
        "{}",
        stderr(&folder)
    );
}

#[test]
fn an_unreadable_folder_is_named() {
    let sandbox = sandbox();
    let folder = sandbox.folder("hostile");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o000)).unwrap();
    let output = sandbox.run(&["run", "hostile"]);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    // Whoever is root can read everything.
    if !rustix::process::geteuid().is_root() {
        assert_eq!(output.status.code(), Some(3), "{}", stdout(&output));
        assert!(
            stderr(&output).contains("permission"),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn escape_codes_do_not_reach_the_reader() {
    let sandbox = sandbox();
    sandbox.save(
        "hostile",
        "pub fn answer() -> u32 {\n    println!(\"\\x1b[2J\\x1b]0;title\\x07clear\"); 41\n}",
    );
    let output = sandbox.run(&["run", "hostile"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("clear"), "{}", stdout(&output));
    assert!(!stdout(&output).contains('\x1b'), "{:?}", stdout(&output));
}

#[test]
fn what_is_written_to_the_temporary_folder_goes_away() {
    let sandbox = sandbox();
    let verdict = judge(
        &sandbox,
        r#"std::fs::write(std::env::temp_dir().join("litter"), "x").unwrap(); std::fs::write("here", "x").unwrap(); 42"#,
    );
    assert_eq!(verdict["verdict"], "passed", "{verdict:#}");
}

#[test]
fn a_compiler_that_is_not_there_is_not_the_learners_fault() {
    let sandbox = sandbox();
    sandbox.solve("hostile");
    let output = sandbox
        .command(&["run", "hostile"])
        .env("PATH", sandbox.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", stdout(&output));
    assert!(
        stdout(&output).contains("https://rustup.rs"),
        "{}",
        stdout(&output)
    );
    assert!(
        !sandbox
            .workspace()
            .join(".backlings/history.jsonl")
            .exists(),
        "no attempt was made"
    );
}
