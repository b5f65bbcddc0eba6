//! Made-up tracks to measure on.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use jiff::Timestamp;

use crate::judge::{Memory, Sources, Toolchain};
use crate::progress::Store;
use crate::track::{FULL_ROADMAP, Track};
use crate::workspace::{InitOptions, Workspace};

/// The exercise that is judged again and again.
pub(super) const NAME: &str = "stock";

/// An exercise of the usual size: about 60 lines, the standard library, three tests. Both places that vary
/// are real code, so that each save has something to compile.
const SOURCE: &str = r#"//! # Stock
//!
//! What a warehouse has, by article.

use std::collections::HashMap;

/// Differs with each save.
pub const MARK: u32 = 0;

/// Articles and how many there are.
#[derive(Debug, Default)]
pub struct Stock {
    counts: HashMap<String, u64>,
    moves: Vec<(String, i64)>,
}

impl Stock {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Some more of an article.
    pub fn add(&mut self, article: &str, count: u64) {
        *self.counts.entry(article.to_string()).or_insert(0) += count;
        self.moves.push((article.to_string(), count as i64));
    }

    /// Takes some of an article, if there are enough.
    pub fn take(&mut self, article: &str, count: u64) -> Result<(), String> {
        match self.counts.get_mut(article) {
            Some(there) if *there >= count => {
                *there -= count;
                self.moves.push((article.to_string(), -(count as i64)));
                Ok(())
            }
            Some(there) => Err(format!("only {there} of {article}")),
            None => Err(format!("no {article}")),
        }
    }

    /// How many there are.
    pub fn count(&self, article: &str) -> u64 {
        self.counts.get(article).copied().unwrap_or(0)/*WRONG*/
    }

    /// The articles, in the order of their names.
    pub fn articles(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.counts.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }
}

#[cfg(test)]
mod tests;
"#;

const TESTS: &str = r#"use super::*;

#[test]
fn what_is_added_is_there() {
    let mut stock = Stock::new();
    stock.add("bolt", 3);
    stock.add("bolt", 4);
    assert_eq!(stock.count("bolt"), 7, "after mark-{MARK:06}");
}

#[test]
fn no_more_is_taken_than_there_is() {
    let mut stock = Stock::new();
    stock.add("nut", 2);
    assert_eq!(stock.take("nut", 3), Err("only 2 of nut".into()));
    assert_eq!(stock.take("nut", 2), Ok(()));
    assert_eq!(stock.take("gear", 1), Err("no gear".into()));
}

#[test]
fn articles_are_sorted() {
    let mut stock = Stock::new();
    for name in ["c", "a", "b"] {
        stock.add(name, 1);
    }
    assert_eq!(stock.articles(), ["a", "b", "c"]);
}
"#;

/// The file for one save: right or wrong, and unlike every other.
pub(super) fn version(mark: u32, right: bool) -> String {
    let wrong = if right { "" } else { " + 1" };
    SOURCE
        .replace("MARK: u32 = 0", &format!("MARK: u32 = {mark}"))
        .replace("/*WRONG*/", wrong)
}

/// A version whose first test prints before it fails.
pub(super) fn loud(mark: u32, print: &str) -> String {
    version(mark, false).replace(
        "        *self.counts.entry",
        &format!("        {print}\n        *self.counts.entry"),
    )
}

/// What a failing version shows.
pub(super) fn mark(mark: u32) -> String {
    format!("mark-{mark:06}")
}

/// Writes a track of so many exercises, the first of them [`NAME`], ten topics.
pub(super) fn track(dir: &Path, exercises: usize) -> anyhow::Result<Track> {
    const TOPICS: usize = 10;
    let mut manifest = String::from(
        "format_version = 1\nname = \"measured\"\n[lints]\nallow = [\"dead_code\", \"unused_variables\", \"unused_imports\", \"unused_mut\"]\n",
    );
    let topics = TOPICS.min(exercises);
    for topic in 0..topics {
        let names: Vec<String> = (0..exercises)
            .filter(|index| index * topics / exercises == topic)
            .map(name)
            .collect();
        let number = topic + 1;
        let _ = write!(
            manifest,
            "[[topic]]\nid = \"topic{number}\"\nnumber = {number}\ntitle = \"Topic {number}\"\ncategory = \"Any\"\nweeks = \"1\"\nexercises = {names:?}\n"
        );
        for name in &names {
            let topic = format!("{number:02}_topic{number}");
            exercise(dir, &topic, name)?;
        }
    }
    fs::create_dir_all(dir)?;
    fs::write(dir.join("info.toml"), manifest)?;
    Ok(Track::from_dir(dir)?)
}

fn name(index: usize) -> String {
    match index {
        0 => NAME.to_string(),
        _ => format!("{NAME}_{index:04}"),
    }
}

fn exercise(dir: &Path, topic: &str, name: &str) -> anyhow::Result<()> {
    let (own, solution) = (
        dir.join("exercises").join(topic).join(name),
        dir.join("solutions").join(topic).join(name),
    );
    fs::create_dir_all(&own)?;
    fs::create_dir_all(&solution)?;
    let spec = format!(
        "title = \"The title of {name}\"\ndifficulty = \"easy\"\nminutes = 15\nconcepts = [\"hash tables\", \"sorting\"]\ncompanies = [\"google\", \"amazon\"]\ncovers = [\"hash tables\"]\nhints = [\"Look at the test that fails, and at the function that it calls.\", \"Something is counted wrongly.\"]\n"
    );
    fs::write(own.join("exercise.toml"), spec)?;
    fs::write(own.join("tests.rs"), TESTS)?;
    fs::write(own.join(format!("{name}.rs")), version(0, true))?;
    fs::write(solution.join(format!("{name}.rs")), version(0, true))?;
    fs::write(solution.join("after.md"), "That proved it.\n")?;
    Ok(())
}

/// A workspace for a track.
pub(super) fn workspace(dir: &Path, track: &Track) -> anyhow::Result<Workspace> {
    let options = InitOptions {
        roadmap: FULL_ROADMAP.into(),
        git: false,
    };
    Ok(Workspace::init(dir, track, &options)?.workspace)
}

/// Marks every exercise as done, and its version as one that is known to pass.
pub(super) fn all_done(
    workspace: &Workspace,
    track: &Track,
    toolchain: &Toolchain,
) -> anyhow::Result<()> {
    let mut memory = Memory::open(&workspace.state());
    let mut hashes = Vec::new();
    for exercise in track.exercises() {
        let sources = Sources::read(workspace.root(), exercise)?;
        let key = Memory::key(track, exercise, &sources, toolchain)?;
        memory.remember(exercise, key);
        hashes.push((exercise.name.as_str(), sources.hash.to_string()));
    }
    memory.save();
    let (mut store, _) = Store::open(&workspace.state())?;
    store.update(|progress| {
        for (name, hash) in &hashes {
            progress.pass(name, Timestamp::now(), hash);
        }
    })?;
    Ok(())
}

/// Appends so many verdicts to the history, two minutes apart, up to now.
pub(super) fn history(workspace: &Workspace, track: &Track, lines: usize) -> anyhow::Result<()> {
    const EACH: i64 = 120;
    let begin = Timestamp::now().as_second() - EACH * i64::try_from(lines)?;
    let mut text = String::new();
    for line in 0..lines {
        let at = Timestamp::from_second(begin + EACH * i64::try_from(line)?)?;
        let exercise = &track.exercises()[line / 7 % track.exercises().len()].name;
        let verdict = if line % 7 == 6 {
            "passed"
        } else {
            "tests_failed"
        };
        let _ = writeln!(
            text,
            "{{\"at\":\"{at}\",\"exercise\":\"{exercise}\",\"verdict\":\"{verdict}\",\"compile_ms\":133,\"run_ms\":12,\"hash\":\"{line:032x}\"}}"
        );
    }
    let path = workspace.state().join("history.jsonl");
    let mut file = fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)?;
    Ok(std::io::Write::write_all(&mut file, text.as_bytes())?)
}
