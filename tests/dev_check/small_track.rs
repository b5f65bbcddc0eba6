//! Tracks of the smallest exercises that there can be.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

pub const HEADER: &str = "\
//! # Doubling
//!
//! A meter counts in half units, and the bill wants whole ones. Write `double`, which gives
//! twice the number that it is given.
//!
//! 1. A positive number is doubled.
//! 2. Zero stays zero.
//! 3. A negative number is doubled too, and stays negative.
//!
//! An example: `double(2)` is 4.
//!
//! How it is judged: examples of each rule, and nothing else. There are no limits on time or
//! on memory but those of every exercise.
//!
//! Read the tests if a rule is not clear: they are the whole specification, and they are
//! short.
";
pub const STUB: &str = "
/// Twice the number.
pub fn double(number: i64) -> i64 {
    todo!(\"step 1: add the number to itself\")
}

#[cfg(test)]
mod tests;
";
pub const SOLUTION: &str = "
/// Twice the number.
pub fn double(number: i64) -> i64 {
    number + number
}

#[cfg(test)]
mod tests;
";
pub const TESTS: &str = "\
use super::*;

#[test]
pub fn positive_numbers_are_doubled() {
    assert_eq!(double(2), 4, \"double(2)\");
    assert_eq!(double(7), 14, \"double(7)\");
}

#[test]
pub fn zero_stays_zero() {
    assert_eq!(double(0), 0, \"double(0)\");
}

#[test]
pub fn negative_numbers_stay_negative() {
    assert_eq!(double(-1), -2, \"double(-1)\");
}
";
pub const EXERCISE: &str = "\
title = \"Doubling\"
difficulty = \"easy\"
minutes = 5
concepts = [\"arithmetic\"]
companies = [\"google\"]
covers = [\"arithmetic\"]
hints = [
    \"Look at what the function is given and at what it has to give back.\",
    \"A number and the same number again: which operator puts them together?\",
]
";

/// A wrong answer: the solution's line becomes this one.
pub fn wrong(line: &str) -> String {
    format!(
        "why: a number is not doubled by this line.\nhint: Try the line with two and with minus one.\n--- a/NAME.rs\n+++ b/NAME.rs\n@@ -18,5 +18,5 @@\n /// Twice the number.\n pub fn double(number: i64) -> i64 {{\n-    number + number\n+    {line}\n }}\n \n"
    )
}

pub fn words(count: usize) -> String {
    "word ".repeat(count)
}

/// The files of an exercise, by path from its folder; those of the solution begin with `solution/`.
pub type Files = BTreeMap<String, String>;

pub fn exercise(name: &str) -> Files {
    [
        (format!("{name}.rs"), format!("{HEADER}{STUB}")),
        ("tests.rs".into(), TESTS.into()),
        ("exercise.toml".into(), EXERCISE.into()),
        (format!("solution/{name}.rs"), format!("{HEADER}{SOLUTION}")),
        ("solution/after.md".into(), words(100)),
        ("solution/wrong/plus_two.diff".into(), wrong("number + 2")),
        (
            "solution/wrong/square.diff".into(),
            wrong("number * number"),
        ),
        ("solution/wrong/same.diff".into(), wrong("number")),
    ]
    .into_iter()
    .map(|(path, text): (String, String)| (path, text.replace("NAME", name)))
    .collect()
}

/// A track with these exercises in one topic.
pub struct Track {
    pub dir: tempfile::TempDir,
}

impl Track {
    pub fn new(exercises: &[(&str, Files)]) -> Self {
        let track = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        let names: Vec<&str> = exercises.iter().map(|(name, _)| *name).collect();
        let manifest = format!(
            "format_version = 1\nname = \"small\"\n[lints]\nallow = [\"unused_variables\"]\n[[topic]]\nid = \"numbers\"\nnumber = 1\ntitle = \"Numbers\"\ncategory = \"Basics\"\nweeks = \"1\"\nexercises = {names:?}\n"
        );
        track.write("info.toml", &manifest);
        track.write("exercises/01_numbers/README.md", &words(400));
        for (name, files) in exercises {
            for (path, text) in files {
                track.write(&Self::place(name, path), text);
            }
        }
        track
    }

    pub fn place(name: &str, path: &str) -> String {
        match path.strip_prefix("solution/") {
            Some(path) => format!("solutions/01_numbers/{name}/{path}"),
            None => format!("exercises/01_numbers/{name}/{path}"),
        }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn check(&self, args: &[&str]) -> Checked {
        let output = backlings(self.dir.path(), &[&["dev", "check"], args].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        let json = serde_json::from_str(&text).unwrap_or_else(|error| {
            panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr))
        });
        Checked {
            code: output.status.code(),
            json,
        }
    }
}

pub fn backlings(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_backlings"))
        .args(args)
        .current_dir(dir)
        .output()
        .unwrap()
}

pub struct Checked {
    pub code: Option<i32>,
    pub json: Value,
}

impl Checked {
    pub fn exercise(&self, name: &str) -> &Value {
        let all = self.json["exercises"].as_array().unwrap();
        all.iter().find(|each| each["name"] == name).unwrap()
    }

    /// Rule, place and text of each finding about an exercise.
    pub fn findings(&self, name: &str) -> Vec<String> {
        said(&self.exercise(name)["findings"])
    }
}

pub fn said(findings: &Value) -> Vec<String> {
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_string();
    findings
        .as_array()
        .unwrap()
        .iter()
        .map(|each| {
            format!(
                "{} {} {}",
                text(each, "rule"),
                text(each, "place"),
                text(each, "what")
            )
        })
        .collect()
}
