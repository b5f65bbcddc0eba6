//! A newer track: untouched files follow it, touched ones keep the learner's part, nothing is lost.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;

use support::{Exercise, Sandbox, stderr, stdout, write};

const STUB: &str =
    "// one\n\npub fn answer() -> u32 {\n    todo!(\"step 1: give the answer\")\n}\n\n// two";

fn exercise(name: &'static str, stub: &str) -> Exercise {
    let tests =
        "use super::*;\n\n#[test]\nfn the_answer_is_known() {\n    assert_eq!(answer(), 42);\n}\n";
    Exercise::rust(name, stub, "pub fn answer() -> u32 {\n    42\n}", tests)
}

fn update(sandbox: &Sandbox) -> String {
    let dry = stdout(&sandbox.run(&["update", "--dry-run"]));
    let output = sandbox.run(&["update"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let plan = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| line.starts_with("  "))
            .map(str::to_string)
            .collect()
    };
    assert_eq!(
        plan(&dry),
        plan(&stdout(&output)),
        "the dry run said otherwise"
    );
    let again = stdout(&sandbox.run(&["update", "--dry-run"]));
    assert!(
        again.contains("up to date"),
        "a second update has something to do: {again}"
    );
    stdout(&output)
}

#[test]
fn without_changes_there_is_nothing_to_do() {
    let sandbox = Sandbox::new(&[exercise("first", STUB)]);
    sandbox.save("first", "my work");
    assert!(stdout(&sandbox.run(&["update"])).contains("up to date"));
    assert!(
        fs::read_to_string(sandbox.file("first"))
            .unwrap()
            .starts_with("my work")
    );
}

#[test]
fn a_dry_run_changes_nothing() {
    let sandbox = Sandbox::new(&[exercise("first", STUB)]);
    sandbox.write_track(&[exercise("first", "// new"), exercise("second", STUB)]);
    let before = fs::read_to_string(sandbox.file("first")).unwrap();
    let dry = stdout(&sandbox.run(&["update", "--dry-run"]));
    assert!(dry.contains("replace") && dry.contains("add"), "{dry}");
    assert_eq!(fs::read_to_string(sandbox.file("first")).unwrap(), before);
    assert!(!sandbox.folder("second").exists());
}

#[test]
fn untouched_files_follow_and_new_exercises_come() {
    let sandbox = Sandbox::new(&[exercise("first", STUB)]);
    sandbox.write_track(&[exercise("first", "// new"), exercise("second", STUB)]);
    update(&sandbox);
    assert!(
        fs::read_to_string(sandbox.file("first"))
            .unwrap()
            .contains("// new")
    );
    assert_eq!(sandbox.verdict("second").1["verdict"], "tests_failed");
    let manifest = fs::read_to_string(
        sandbox
            .workspace()
            .join(".backlings/packages/core/Cargo.toml"),
    )
    .unwrap();
    assert!(manifest.contains("name = \"second\""), "{manifest}");
}

#[test]
fn both_sides_changes_are_merged() {
    let sandbox = Sandbox::new(&[exercise("first", STUB)]);
    let mine = fs::read_to_string(sandbox.file("first"))
        .unwrap()
        .replace("// two", "// two, and mine");
    fs::write(sandbox.file("first"), &mine).unwrap();
    sandbox.write_track(&[exercise(
        "first",
        &STUB.replace("// one", "// one, and theirs"),
    )]);
    let said = update(&sandbox);
    assert!(said.contains("merge"), "{said}");
    let merged = fs::read_to_string(sandbox.file("first")).unwrap();
    assert!(
        merged.contains("// two, and mine") && merged.contains("// one, and theirs"),
        "{merged}"
    );
    sandbox.run(&["restore", "first"]);
    assert_eq!(
        fs::read_to_string(sandbox.file("first")).unwrap(),
        mine,
        "the version before the merge is kept"
    );
}

#[test]
fn what_cannot_be_merged_is_laid_beside() {
    let sandbox = Sandbox::new(&[exercise("first", STUB)]);
    let mine = fs::read_to_string(sandbox.file("first"))
        .unwrap()
        .replace("// one", "// mine");
    fs::write(sandbox.file("first"), &mine).unwrap();
    sandbox.write_track(&[exercise("first", &STUB.replace("// one", "// theirs"))]);
    update(&sandbox);
    assert_eq!(fs::read_to_string(sandbox.file("first")).unwrap(), mine);
    let beside = sandbox.folder("first").join("first.rs.new");
    assert!(fs::read_to_string(beside).unwrap().contains("// theirs"));
}

#[test]
fn the_specification_follows_and_edits_of_it_are_kept() {
    let sandbox = Sandbox::new(&[exercise("first", STUB)]);
    let tests = sandbox.folder("first").join("tests.rs");
    write(&tests, "// my own tests\n");
    let newer = exercise("first", STUB);
    let newer = Exercise {
        files: newer
            .files
            .iter()
            .map(|(name, text)| (name.clone(), text.replace("42", "43")))
            .collect(),
        ..newer
    };
    sandbox.write_track(&[newer]);
    update(&sandbox);
    assert!(fs::read_to_string(&tests).unwrap().contains("43"));
    let attempts = sandbox
        .workspace()
        .join(".backlings/attempts/01_basics/first");
    let kept: Vec<String> = fs::read_dir(attempts)
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path().join("tests.rs")).unwrap())
        .collect();
    assert_eq!(kept, ["// my own tests\n"]);
}

#[test]
fn a_renamed_exercise_keeps_its_state() {
    let sandbox = Sandbox::new(&[exercise("first", STUB), exercise("old_name", STUB)]);
    sandbox.solve("old_name");
    sandbox.run(&["run", "old_name"]);
    sandbox.save("old_name", "pub fn answer() -> u32 { 42 } // mine");
    sandbox.write_track(&[
        exercise("first", STUB),
        exercise("new_name", STUB).with_toml("aliases = [\"old_name\"]\n"),
    ]);
    // Even before the update the old name is understood, and what was done stays done.
    assert_eq!(
        sandbox.json(&["show", "old_name"]).1["exercise"]["name"],
        "new_name"
    );
    assert!(sandbox.is_done("new_name"));
    let said = update(&sandbox);
    assert!(said.contains("rename"), "{said}");
    assert!(!sandbox.folder("old_name").exists());
    assert!(
        fs::read_to_string(sandbox.file("new_name"))
            .unwrap()
            .contains("// mine")
    );
    assert!(sandbox.is_done("new_name"));
    assert_eq!(sandbox.verdict("new_name").1["verdict"], "passed");
}

#[test]
fn a_retired_exercise_leaves_its_files_and_its_mark() {
    let sandbox = Sandbox::new(&[exercise("first", STUB), exercise("gone", STUB)]);
    sandbox.solve("gone");
    sandbox.run(&["run", "gone"]);
    sandbox.write_track(&[exercise("first", STUB)]);
    let said = update(&sandbox);
    assert!(said.contains("retire"), "{said}");
    assert!(sandbox.file("gone").is_file());
    // A name that this track does not know stays in the state, for the track that does.
    let progress =
        fs::read_to_string(sandbox.workspace().join(".backlings/progress.toml")).unwrap();
    assert!(progress.contains("[done.gone]"), "{progress}");
    sandbox.solve("first");
    sandbox.run(&["run", "first"]);
    let progress =
        fs::read_to_string(sandbox.workspace().join(".backlings/progress.toml")).unwrap();
    assert!(
        progress.contains("[done.gone]") && progress.contains("[done.first]"),
        "{progress}"
    );
}

#[test]
fn a_file_made_for_the_learner_to_change_stays_theirs() {
    let sandbox = Sandbox::new(&[exercise("first", STUB)]);
    let manifest = sandbox.workspace().join("Cargo.toml");
    let mine = fs::read_to_string(&manifest).unwrap() + "\n# mine\n";
    fs::write(&manifest, &mine).unwrap();
    fs::remove_file(sandbox.workspace().join(".gitignore")).unwrap();
    update(&sandbox);
    assert_eq!(fs::read_to_string(&manifest).unwrap(), mine);
    assert!(sandbox.workspace().join(".gitignore").is_file());
}
