//! A workspace to watch.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::Terminal;

/// A workspace of three small exercises.
pub struct Workspace {
    dir: tempfile::TempDir,
}

impl Workspace {
    /// A new one.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let track = dir.path().join("track");
        write(
            &track,
            "info.toml",
            "format_version = 1\nname = \"tiny\"\n\n[messages]\nfarewell = \"That was the whole road.\"\n\n[[topic]]\nid = \"numbers\"\nnumber = 1\ntitle = \"Numbers\"\ncategory = \"Basics\"\nweeks = \"1\"\nexercises = [\"one\", \"two\", \"three\"]\n",
        );
        for (number, name) in (1..).zip(["one", "two", "three"]) {
            let folder = format!("exercises/01_numbers/{name}");
            write(
                &track,
                &format!("{folder}/exercise.toml"),
                &format!(
                    "title = \"The number {name}\"\ndifficulty = \"easy\"\nminutes = 5\nhints = [\"It is less than four.\", \"Count to {name}.\"]\n"
                ),
            );
            write(&track, &format!("{folder}/{name}.rs"), &stub(name));
            write(
                &track,
                &format!("{folder}/tests.rs"),
                &format!(
                    "use super::*;\n\n#[test]\nfn it_is_{name}() {{\n    assert_eq!({name}(), {number}, \"what is {name}?\");\n}}\n"
                ),
            );
            let solution = format!("solutions/01_numbers/{name}");
            write(
                &track,
                &format!("{solution}/{name}.rs"),
                &answer(name, number),
            );
            write(
                &track,
                &format!("{solution}/after.md"),
                &format!("# About {name}\n\nThis proved that {name} is a *number*.\n"),
            );
        }
        write(&track, "exercises/01_numbers/README.md", "# Numbers\n");
        let made = Command::new(env!("CARGO_BIN_EXE_backlings"))
            .args(["init", "work", "--no-git", "--track", "track"])
            .current_dir(dir.path())
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        Self { dir }
    }

    /// Its folder.
    pub fn root(&self) -> PathBuf {
        self.dir.path().join("work")
    }

    /// Starts to watch.
    pub fn watch(&self, args: &[&str]) -> Terminal {
        let args: Vec<&str> = ["watch"].iter().chain(args).copied().collect();
        Terminal::spawn(&self.root(), &args)
    }

    /// An exercise's file.
    pub fn file(&self, name: &str) -> PathBuf {
        self.root()
            .join(format!("exercises/01_numbers/{name}/{name}.rs"))
    }

    /// Saves an answer.
    pub fn save(&self, name: &str, number: u32) {
        fs::write(self.file(name), answer(name, number)).unwrap();
    }

    /// Saves an endless loop.
    pub fn endless(&self, name: &str) {
        let endless =
            stub(name).replace("todo!(\"the number\")", "loop { std::hint::spin_loop() }");
        fs::write(self.file(name), endless).unwrap();
    }

    /// What is recorded as done.
    pub fn progress(&self) -> String {
        fs::read_to_string(self.root().join(".backlings/progress.toml")).unwrap_or_default()
    }
}

/// What stands on the screen is written to the disk right after.
#[track_caller]
pub fn eventually(what: &str, holds: impl Fn() -> bool) {
    let end = Instant::now() + super::DEADLINE;
    while !holds() {
        assert!(Instant::now() < end, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The file as it is at the start.
pub fn stub(name: &str) -> String {
    format!(
        "//! The number {name}.\n\npub fn {name}() -> u32 {{\n    todo!(\"the number\")\n}}\n\n#[cfg(test)]\nmod tests;\n"
    )
}

/// The file with a number for an answer.
pub fn answer(name: &str, number: u32) -> String {
    stub(name).replace("todo!(\"the number\")", &number.to_string())
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
