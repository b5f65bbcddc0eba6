//! Watch mode as a learner sees it: the built program on a pseudo-terminal.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod pty;

use std::fs;
use std::process::Command;

use pty::Terminal;
use pty::workspace::{Workspace, answer, eventually, stub};
use rustix::process::Signal;

#[test]
fn saving_judging_passing_and_advancing() {
    let work = Workspace::new();
    let mut watch = work.watch(&[]);
    watch.see("1 of 1 test failed");
    watch.see("to write: the number");
    work.save("one", 7);
    let screen = watch.see("left: 7");
    assert!(
        screen.contains("it_is_one") && screen.contains("what is one?"),
        "{screen}"
    );
    fs::write(
        work.file("one"),
        "pub fn one() -> u32 { \"1\" }\n#[cfg(test)]\nmod tests;\n",
    )
    .unwrap();
    watch.see("mismatched types");
    work.save("one", 1);
    let screen = watch.see("Next: two");
    assert!(
        screen.contains("This proved that one is a number."),
        "{screen}"
    );
    watch.see("1/3 done");
    let after = work.root().join("solutions/01_numbers/one/after.md");
    eventually("what is said after passing", || after.exists());
    let done = work.progress();
    assert!(done.contains("[done.one]"), "{done}");
    watch.send("\r");
    watch.see("The number two");
    watch.see("1 of 1 test failed");
    work.save("two", 2);
    watch.see("Next: three");
    work.save("three", 3);
    watch.see("3 exercises checked once more: all pass");
    watch.send("\r");
    watch.see("That was the whole road.");
    watch.send("q");
    assert_eq!(watch.end().code(), Some(0));
    watch.assert_given_back();
    watch.see("3 of 3 done");
}

#[test]
fn a_pass_is_kept_however_quickly_one_leaves() {
    let work = Workspace::new();
    for (name, number) in [("one", 1), ("two", 2)] {
        let mut watch = work.watch(&[]);
        watch.see("1 of 1 test failed");
        work.save(name, number);
        watch.see("Passed: 1 test");
        watch.send("q");
        assert_eq!(watch.end().code(), Some(0));
        let done = work.progress();
        assert!(done.contains(&format!("[done.{name}]")), "{done}");
        let solution = format!("solutions/01_numbers/{name}/{name}.rs");
        assert!(work.root().join(solution).exists());
    }
}

#[test]
fn without_advance_the_learner_goes_on() {
    let work = Workspace::new();
    let watch = work.watch(&["--no-advance"]);
    watch.see("1 of 1 test failed");
    work.save("one", 1);
    watch.see("Enter goes on");
    work.save("one", 5);
    watch.see("left: 5");
    work.save("one", 1);
    watch.see("Enter goes on");
    watch.send("n");
    watch.see("The number two");
}

#[test]
fn hints_the_list_and_the_help() {
    let work = Workspace::new();
    let watch = work.watch(&[]);
    watch.see("1 of 1 test failed");
    watch.send("h");
    watch.see("It is less than four.");
    watch.send("h");
    watch.see("Count to one.");
    watch.send("?");
    watch.see("the next hint, each more explicit");
    watch.send("q");
    watch.see("Count to one.");
    watch.send("l/thr");
    watch.wait_for("one line", |text| {
        text.contains("The number three") && !text.contains("The number two")
    });
    watch.send("\r");
    watch.wait_for("exercise three", |text| {
        text.contains("exercise 3/3") && text.contains("1 of 1 test failed")
    });
    watch.send("p");
    watch.see("exercise 2/3");
    watch.send("s");
    watch.see("The solution of two is shown once it has passed");
}

#[test]
fn reset_asks_keeps_and_can_be_undone() {
    let work = Workspace::new();
    let watch = work.watch(&[]);
    work.save("one", 9);
    watch.see("left: 9");
    watch.send("x");
    watch.see("Put the original of one back?");
    watch.send("n");
    watch.see("Nothing was reset.");
    assert_eq!(
        fs::read_to_string(work.file("one")).unwrap(),
        answer("one", 9)
    );
    watch.send("xy");
    watch.see("What you had is kept in");
    watch.see("to write");
    assert_eq!(fs::read_to_string(work.file("one")).unwrap(), stub("one"));
    watch.send("u");
    watch.see("left: 9");
    assert_eq!(
        fs::read_to_string(work.file("one")).unwrap(),
        answer("one", 9)
    );
    fs::remove_file(work.file("one")).unwrap();
    watch.see("one.rs is missing: press x");
    watch.send("xy");
    watch.see("to write");
}

#[test]
fn any_size_of_terminal_will_do() {
    let work = Workspace::new();
    let watch = work.watch(&[]);
    watch.see("1 of 1 test failed");
    for (width, height) in [(40, 10), (12, 4), (3, 2), (1, 1), (300, 100)] {
        watch.resize(width, height);
        watch.send("lq?qaq");
    }
    watch.resize(80, 24);
    watch.wait_for("the whole screen again", |text| {
        text.contains("1 of 1 test failed")
            && text.contains("exercise 1/3")
            && text.contains("q quit")
    });
}

#[test]
fn every_way_out_gives_the_terminal_back() {
    let work = Workspace::new();
    type Leave = fn(&Terminal);
    let ways: [(&str, Leave, i32); 5] = [
        ("q", |watch| watch.send("q"), 0),
        ("Ctrl-C", |watch| watch.send("\x03"), 0),
        ("SIGTERM", |watch| watch.signal(Signal::TERM), 143),
        ("SIGINT", |watch| watch.signal(Signal::INT), 130),
        ("SIGHUP", |watch| watch.signal(Signal::HUP), 129),
    ];
    for (name, leave, code) in ways {
        let mut watch = work.watch(&[]);
        watch.see("1 of 1 test failed");
        assert!(watch.is_raw() && watch.is_taken(), "{name}");
        leave(&watch);
        assert_eq!(watch.end().code(), Some(code), "{name}");
        watch.assert_given_back();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_runs_on_after_the_end() {
    let work = Workspace::new();
    let cache = work.root().join(".backlings");
    let running = || {
        let processes = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
        let programs =
            processes.filter_map(|process| fs::read_link(process.path().join("exe")).ok());
        programs
            .filter(|program| program.starts_with(&cache))
            .count()
    };
    let mut watch = work.watch(&[]);
    watch.see("1 of 1 test failed");
    work.endless("one");
    watch.see("Testing: 0 of 1");
    eventually("the test's process", || running() == 1);
    watch.signal(Signal::TERM);
    assert_eq!(watch.end().code(), Some(143));
    assert_eq!(running(), 0, "it was waited for");
    watch.assert_given_back();
}

#[test]
fn a_terminal_that_goes_away_ends_it() {
    let work = Workspace::new();
    let mut watch = work.watch(&[]);
    watch.see("1 of 1 test failed");
    watch.hang_up();
    assert_eq!(watch.end().code(), Some(129));
}

#[test]
fn a_shell_can_stop_it_and_continue_it() {
    let work = Workspace::new();
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-i"])
        .env("PS1", "ready> ")
        .env("B", env!("CARGO_BIN_EXE_backlings"))
        .env_remove("ENV");
    let shell = Terminal::run(&work.root(), shell);
    shell.see("ready>");
    shell.send("set -m; $B watch\n");
    shell.see("1 of 1 test failed");
    shell.send("\x1a");
    shell.wait_for("the shell's prompt", |text| {
        text.contains("ready>") && !text.contains("1 of 1")
    });
    assert!(!shell.is_taken());
    shell.send("echo alive $((6*7))\n");
    shell.see("alive 42");
    shell.send("fg\n");
    shell.see("1 of 1 test failed");
    assert!(shell.is_taken());
    shell.send("h");
    shell.see("It is less than four.");
    shell.send("q");
    shell.see("0 of 3 done");
    shell.send("exit\n");
}

#[test]
fn a_save_during_a_judgement_wins() {
    let work = Workspace::new();
    let watch = work.watch(&[]);
    watch.see("1 of 1 test failed");
    work.endless("one");
    watch.see("Testing: 0 of 1");
    watch.send("h");
    watch.see("It is less than four.");
    work.save("one", 3);
    watch.see("left: 3");
    assert!(!watch.raw().contains("Timed out"));
}

#[test]
fn every_way_of_saving_is_seen() {
    let work = Workspace::new();
    let watch = work.watch(&[]);
    watch.see("1 of 1 test failed");
    let path = work.file("one");
    work.save("one", 11);
    watch.see("left: 11");
    // As vim does: write beside, rename into place.
    fs::write(path.with_extension("new"), answer("one", 12)).unwrap();
    fs::rename(path.with_extension("new"), &path).unwrap();
    watch.see("left: 12");
    // Removed and written anew.
    fs::remove_file(&path).unwrap();
    work.save("one", 13);
    watch.see("left: 13");
    // A burst: the last one counts.
    for number in 20..40 {
        work.save("one", number);
    }
    watch.see("left: 39");
    // Through a folder that went away and came back.
    let exercises = work.root().join("exercises");
    fs::rename(&exercises, work.root().join("elsewhere")).unwrap();
    watch.see("is missing");
    fs::rename(work.root().join("elsewhere"), &exercises).unwrap();
    watch.see("left: 39");
    work.save("one", 41);
    watch.see("left: 41");
}

#[test]
fn polling_sees_saves_too() {
    let work = Workspace::new();
    let watch = work.watch(&["--poll"]);
    watch.see("looking every 250 ms");
    watch.see("1 of 1 test failed");
    work.save("one", 8);
    watch.see("left: 8");
}

#[test]
fn edited_tests_are_noticed_and_put_back() {
    let work = Workspace::new();
    let watch = work.watch(&[]);
    watch.see("1 of 1 test failed");
    let tests = work.file("one").with_file_name("tests.rs");
    let original = fs::read_to_string(&tests).unwrap();
    fs::write(&tests, "").unwrap();
    watch.see("tests.rs had been changed");
    assert_eq!(fs::read_to_string(&tests).unwrap(), original);
}

#[test]
fn the_editor_has_the_terminal_while_it_runs() {
    let work = Workspace::new();
    let editor = work.root().join("editor.sh");
    fs::write(
        &editor,
        "#!/bin/sh\necho editing $1; read answer; echo got $answer; read again\n",
    )
    .unwrap();
    let command = format!("/bin/sh {} {{file}}:{{line}}", editor.display());
    let watch = work.watch(&["--edit-cmd", &command]);
    watch.see("1 of 1 test failed");
    watch.send("o");
    watch.see("editing ");
    assert!(!watch.is_raw() && !watch.is_taken());
    watch.send("quit\n");
    watch.see("got quit");
    watch.send("\n");
    watch.see("exercise 1/3");
    assert!(watch.is_raw());
}

#[test]
fn where_there_is_no_terminal_it_says_what_to_use() {
    let work = Workspace::new();
    let output = Command::new(env!("CARGO_BIN_EXE_backlings"))
        .arg("watch")
        .current_dir(work.root())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("`backlings run`") && !said.contains('\x1b'),
        "{said}"
    );
}

#[test]
fn what_is_due_is_done_again_with_one_key() {
    let work = Workspace::new();
    let long_ago = "{\"at\":\"2020-01-05T10:00:00Z\",\"exercise\":\"two\",\"verdict\":\"passed\",\"compile_ms\":1,\"run_ms\":1,\"hash\":\"ab\"}\n";
    fs::write(work.root().join(".backlings/history.jsonl"), long_ago).unwrap();
    work.save("two", 2);
    let mut watch = work.watch(&[]);
    watch.see("1/3 done");
    watch.send("v");
    watch.see("Do two again, from the start?");
    watch.send("n");
    watch.see("It stays as it is.");
    assert_eq!(
        fs::read_to_string(work.file("two")).unwrap(),
        answer("two", 2)
    );
    watch.send("v");
    watch.see("Do two again, from the start?");
    watch.send("y");
    watch.see("two begins afresh.");
    watch.see("exercise 2/3");
    watch.see("1 of 1 test failed");
    assert_eq!(fs::read_to_string(work.file("two")).unwrap(), stub("two"));
    // It stays done, and a check of everything done leaves it alone.
    watch.see("1/3 done");
    work.save("two", 2);
    watch.see("Enter goes on");
    watch.send("v");
    watch.see("Nothing is due for a repetition.");
    watch.send("q");
    assert_eq!(watch.end().code(), Some(0));
    let done = work.progress();
    assert!(
        done.contains("[done.two]") && !done.contains("[review]"),
        "{done}"
    );
}

#[test]
fn a_mock_interview_shows_its_clock_and_gives_no_help() {
    let work = Workspace::new();
    let mut watch = Terminal::spawn(&work.root(), &["mock", "coding", "--minutes", "10"]);
    watch.see(" left");
    let screen = watch.see("1 of 1 test failed");
    assert!(
        screen.contains("9:5") || screen.contains("10:00 left"),
        "{screen}"
    );
    watch.send("h");
    watch.see("There is no such help in a mock interview");
    for (name, number) in [("one", 1), ("two", 2), ("three", 3)] {
        work.save(name, number);
    }
    // Two of five minutes each were drawn, and both pass.
    watch.see("Next:");
    watch.send("\r");
    watch.see("2 exercises checked once more: all pass");
    watch.send("\r");
    watch.see("Every problem of this interview is solved.");
    watch.send("q");
    watch.see("2 of 2 solved in 1 of 10 minutes");
    assert_eq!(watch.end().code(), Some(0));
    watch.assert_given_back();
    let progress = work.progress();
    assert!(progress.contains("current = \"one\""), "{progress}");
}

#[test]
fn the_roadmap_is_picked_when_a_workspace_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let mut init = Terminal::spawn(dir.path(), &["init", "work", "--no-git"]);
    init.see("Which roadmap?");
    init.send("junior");
    init.wait_for("the search", |text| {
        text.contains("junior") && !text.contains("senior")
    });
    init.send("\r");
    init.see("Made work");
    assert_eq!(init.end().code(), Some(0));
    let progress = fs::read_to_string(dir.path().join("work/.backlings/progress.toml")).unwrap();
    assert!(progress.contains("roadmap = \"junior\""), "{progress}");
}
