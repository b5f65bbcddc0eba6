//! A small track, a workspace made from it, and the real binary.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each suite uses its part, and may panic"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// One exercise of a made-up track.
pub struct Exercise {
    pub name: &'static str,
    pub toml: String,
    /// Files of the exercise's folder beside `exercise.toml`.
    pub files: Vec<(String, String)>,
    pub solution: Vec<(String, String)>,
}

impl Exercise {
    /// An exercise of kind `rust`: the body of its file without the tests' module, and `tests.rs`.
    pub fn rust(name: &'static str, stub: &str, solution: &str, tests: &str) -> Self {
        let whole = |body: &str| format!("//! {name}\n\n{body}\n\n#[cfg(test)]\nmod tests;\n");
        Self {
            name,
            toml: format!(
                "title = \"The title of {name}\"\ndifficulty = \"easy\"\nminutes = 5\nconcepts = [\"numbers\"]\ncompanies = [\"google\"]\nhints = [\"Look at {name}.\", \"It is a number.\"]\n"
            ),
            files: vec![
                (format!("{name}.rs"), whole(stub)),
                ("tests.rs".into(), tests.into()),
            ],
            solution: vec![
                (format!("{name}.rs"), whole(solution)),
                (
                    "after.md".into(),
                    format!("# After {name}\n\nThat proved it.\n"),
                ),
            ],
        }
    }

    /// The exercise that most tests use: `answer()` must give 42.
    pub fn answer(name: &'static str) -> Self {
        Self::rust(
            name,
            "pub fn answer() -> u32 {\n    todo!(\"step 1: give the answer\")\n}",
            "pub fn answer() -> u32 {\n    42\n}",
            "use super::*;\n\n#[test]\nfn the_answer_is_even() {\n    assert_eq!(answer() % 2, 0, \"the answer must be even\");\n}\n\n#[test]\nfn the_answer_is_known() {\n    assert_eq!(answer(), 42);\n}\n",
        )
    }

    pub fn with_toml(mut self, lines: &str) -> Self {
        self.toml.push_str(lines);
        self
    }
}

/// A track's folder and a workspace, both temporary.
pub struct Sandbox {
    dir: TempDir,
}

impl Sandbox {
    /// The track alone.
    pub fn track(exercises: &[Exercise]) -> Self {
        let sandbox = Self {
            dir: TempDir::with_prefix("backlings-").unwrap(),
        };
        sandbox.write_track(exercises);
        sandbox
    }

    /// The track, and a workspace made from it.
    pub fn new(exercises: &[Exercise]) -> Self {
        let sandbox = Self::track(exercises);
        let made = sandbox.init(&[]);
        assert!(made.status.success(), "init: {}", stderr(&made));
        sandbox
    }

    /// (Re)writes the track, as a newer version of the program would bring it.
    pub fn write_track(&self, exercises: &[Exercise]) {
        let track = self.track_dir();
        let _ = fs::remove_dir_all(&track);
        let names: Vec<String> = exercises
            .iter()
            .map(|exercise| format!("\"{}\"", exercise.name))
            .collect();
        let info = format!(
            "format_version = 1\nname = \"sandbox\"\n\n[messages]\nwelcome = \"Welcome.\"\nfarewell = \"Farewell.\"\n\n[lints]\nallow = [\"dead_code\", \"unused_imports\", \"unused_mut\", \"unused_variables\"]\n\n[[topic]]\nid = \"basics\"\nnumber = 1\ntitle = \"Basics\"\ncategory = \"Fundamentals\"\nweeks = \"1\"\nexercises = [{}]\n",
            names.join(", ")
        );
        write(&track.join("info.toml"), &info);
        for exercise in exercises {
            let dir = track.join("exercises/01_basics").join(exercise.name);
            write(&dir.join("exercise.toml"), &exercise.toml);
            for (name, text) in &exercise.files {
                write(&dir.join(name), text);
            }
            for (name, text) in &exercise.solution {
                write(
                    &track
                        .join("solutions/01_basics")
                        .join(exercise.name)
                        .join(name),
                    text,
                );
            }
        }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn track_dir(&self) -> PathBuf {
        self.path().join("track")
    }

    pub fn workspace(&self) -> PathBuf {
        self.path().join("workspace")
    }

    /// The learner's file of an exercise.
    pub fn file(&self, exercise: &str) -> PathBuf {
        self.folder(exercise).join(format!("{exercise}.rs"))
    }

    pub fn folder(&self, exercise: &str) -> PathBuf {
        self.workspace().join("exercises/01_basics").join(exercise)
    }

    pub fn init(&self, more: &[&str]) -> Output {
        let (track, workspace) = (self.track_dir(), self.workspace());
        let mut args = vec![
            "init",
            workspace.to_str().unwrap(),
            "--no-git",
            "--track",
            track.to_str().unwrap(),
        ];
        args.extend(more);
        self.command(&args)
            .current_dir(self.path())
            .output()
            .unwrap()
    }

    /// Writes the learner's file: this body, then the tests' module.
    pub fn save(&self, exercise: &str, body: &str) {
        write(
            &self.file(exercise),
            &format!("{body}\n\n#[cfg(test)]\nmod tests;\n"),
        );
    }

    /// Writes the solution into the learner's file.
    pub fn solve(&self, exercise: &str) {
        let file = format!("{exercise}.rs");
        let solution = self
            .track_dir()
            .join("solutions/01_basics")
            .join(exercise)
            .join(&file);
        fs::copy(solution, self.file(exercise)).unwrap();
    }

    /// The binary, in the workspace, without anything of our own environment that changes its output.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backlings"));
        command.args(args).stdin(Stdio::null());
        for name in [
            "NO_COLOR",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "EDITOR",
            "VISUAL",
            "TERM_PROGRAM",
            "COLUMNS",
        ] {
            command.env_remove(name);
        }
        let dir = if self.workspace().is_dir() {
            self.workspace()
        } else {
            self.path().into()
        };
        command.current_dir(dir);
        command
    }

    /// Runs the binary in the workspace.
    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs the binary in the workspace with `--format json`.
    pub fn json(&self, args: &[&str]) -> (i32, Value) {
        let output = self.run(&[args, &["--format", "json"]].concat());
        let value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", stdout(&output), stderr(&output)));
        (output.status.code().unwrap(), value)
    }

    /// What `run` says of an exercise: exit code and verdict.
    pub fn verdict(&self, exercise: &str) -> (i32, Value) {
        self.json(&["run", exercise])
    }

    /// Whether `list` has an exercise as done.
    pub fn is_done(&self, exercise: &str) -> bool {
        let (_, list) = self.json(&["list"]);
        let all = list["exercises"].as_array().unwrap();
        all.iter().find(|known| known["name"] == exercise).unwrap()["status"] == "done"
    }
}

pub fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The processes whose command line or environment names a folder (Linux).
pub fn processes_of(dir: &Path) -> Vec<String> {
    let needle = dir.to_string_lossy().into_owned();
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir("/proc") else {
        return found;
    };
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        if !entry
            .file_name()
            .to_string_lossy()
            .bytes()
            .all(|byte| byte.is_ascii_digit())
        {
            continue;
        }
        let read = |name: &str| {
            String::from_utf8_lossy(&fs::read(path.join(name)).unwrap_or_default()).into_owned()
        };
        if entry.file_name().to_string_lossy() == std::process::id().to_string() {
            continue;
        }
        if read("cmdline").contains(&needle) || read("environ").contains(&needle) {
            found.push(format!(
                "{} {}",
                entry.file_name().to_string_lossy(),
                read("cmdline").replace('\0', " ")
            ));
        }
    }
    found
}
