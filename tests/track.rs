//! The official track passes the author's gate, and the sources are as tidy as we ask of exercises.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::{Command, Output};

fn in_repository(program: &str, args: &[&str]) -> Output {
    let mut command = Command::new(program);
    command
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap()
}

#[track_caller]
fn assert_success(output: &Output) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{}\n{}",
        text(&output.stdout),
        text(&output.stderr)
    );
}

/// Every stub fails as it should, every solution passes repeatedly, every wrong answer fails, and cargo agrees.
#[test]
fn the_gate_finds_nothing() {
    let checked = in_repository(
        env!("CARGO_BIN_EXE_backlings"),
        &["dev", "check", "--format", "json"],
    );
    assert_success(&checked);
    let report: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    let exercises = report["exercises"].as_array().map_or(0, Vec::len);
    assert!(
        exercises >= 130,
        "only {exercises} exercises were checked: {report:#}"
    );
}

#[test]
fn sources_are_formatted() {
    assert_success(&in_repository("cargo", &["fmt", "--all", "--check"]));
}

#[test]
fn the_linter_has_nothing_to_say() {
    assert_success(&in_repository(
        "cargo",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ],
    ));
}

/// The course stands alone: nothing in it depends on where it was written.
#[test]
fn no_absolute_paths_of_a_machine_are_in_the_track() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for part in ["exercises", "solutions", "kit"] {
        collect(&root.join(part), &mut files);
    }
    assert!(files.len() > 200, "only {} files found", files.len());
    let own = root.to_str().unwrap();
    let telling: Vec<_> = files
        .iter()
        .filter(|file| std::fs::read_to_string(file).is_ok_and(|text| text.contains(own)))
        .collect();
    assert!(telling.is_empty(), "{telling:?}");
}

fn collect(dir: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                collect(&path, files);
            }
        } else {
            files.push(path);
        }
    }
}
