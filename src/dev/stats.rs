//! What a track holds, in numbers, and what of the guide is still missing.

use std::collections::BTreeSet;

use serde::Serialize;

use super::check::Records;
use crate::track::{Exercise, Track};

/// Numbers of a topic, or of the whole track.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Numbers {
    /// Exercises.
    pub exercises: usize,
    /// Minutes that they take, about.
    pub minutes: u32,
    /// Tests of their specifications.
    pub tests: usize,
    /// Known wrong answers.
    pub wrong_answers: usize,
    /// Wrong answers that are told from all others, and from the stub, by the tests that they fail.
    pub recognised: usize,
    /// Lines of the solutions that the stubs do not have: what the learner writes.
    pub lines: usize,
    /// The longest run of a solution's tests when it was checked last, in milliseconds.
    pub slowest_ms: Option<u64>,
}

impl Numbers {
    fn add(&mut self, other: &Self) {
        self.exercises += other.exercises;
        self.minutes += other.minutes;
        self.tests += other.tests;
        self.wrong_answers += other.wrong_answers;
        self.recognised += other.recognised;
        self.lines += other.lines;
        self.slowest_ms = self.slowest_ms.max(other.slowest_ms);
    }
}

/// The numbers of a track.
#[derive(Debug, Serialize)]
pub struct Stats {
    /// Each topic by id, in order.
    pub topics: Vec<(String, Numbers)>,
    /// All together.
    pub total: Numbers,
    /// How many of the guide's lines some exercise covers, if a guide was given.
    pub covered: Option<usize>,
    /// The guide's lines that no exercise covers, in its order.
    pub missing: Vec<String>,
    /// The lines of practice and of the checklists that have their exercises.
    pub written: usize,
    /// Those that wait for theirs: the roadmap or the checklist, and the line.
    pub planned: Vec<(String, String)>,
}

/// Counts. `guide` holds the lines that the exercises together have to cover.
pub fn count(track: &Track, records: &Records, guide: Option<&[String]>) -> Stats {
    let mut topics: Vec<(String, Numbers)> = track
        .topics()
        .iter()
        .map(|topic| (topic.id.clone(), Numbers::default()))
        .collect();
    let mut total = Numbers::default();
    for exercise in track.exercises() {
        let numbers = one(track, records, exercise);
        topics[exercise.topic_index].1.add(&numbers);
        total.add(&numbers);
    }
    let missing = guide.map(|guide| missing(track, guide)).unwrap_or_default();
    let (written, planned) = practice(track);
    Stats {
        topics,
        total,
        covered: guide.map(|guide| guide.len() - missing.len()),
        missing,
        written,
        planned,
    }
}

/// How many lines of practice and of the checklists have their exercises, and those that wait for theirs.
fn practice(track: &Track) -> (usize, Vec<(String, String)>) {
    let guide = track.guide().unwrap_or_default();
    let roadmaps = track.roadmaps().iter().flat_map(|roadmap| {
        let lines = roadmap.blocks().flat_map(|block| &block.practice);
        lines.map(move |line| (&roadmap.name, line))
    });
    let lists = guide
        .checklists
        .iter()
        .flat_map(|list| list.items.iter().map(move |line| (&list.name, line)));
    let (planned, written): (Vec<_>, Vec<_>) =
        roadmaps.chain(lists).partition(|(_, line)| line.planned);
    let planned = planned.into_iter();
    (
        written.len(),
        planned
            .map(|(place, line)| (place.clone(), line.line.clone()))
            .collect(),
    )
}

/// What cannot be read counts as nothing: the gate reports it.
fn one(track: &Track, records: &Records, exercise: &Exercise) -> Numbers {
    let signatures = track.signatures(exercise).ok().flatten();
    let recognised = signatures.map_or(0, |signatures| {
        let told = signatures.wrong.values();
        told.filter(|signature| signatures.recognise(signature).is_some())
            .count()
    });
    Numbers {
        exercises: 1,
        minutes: exercise.minutes,
        tests: track
            .expected_tests(exercise)
            .map_or(0, |tests| tests.len()),
        wrong_answers: track
            .wrong_answers(exercise)
            .map_or(0, |answers| answers.len()),
        recognised,
        lines: lines(track, exercise),
        slowest_ms: records.get(exercise).map(|record| record.run_ms),
    }
}

fn lines(track: &Track, exercise: &Exercise) -> usize {
    let (Ok(stub), Ok(solution)) = (track.pristine(exercise), track.solution(exercise)) else {
        return 0;
    };
    let written = |solved: &crate::track::File| {
        let before = stub.iter().find(|file| file.name == solved.name);
        let before = before.map(|file| String::from_utf8_lossy(&file.bytes));
        let after = String::from_utf8_lossy(&solved.bytes);
        let patch = diffy::create_patch(before.as_deref().unwrap_or_default(), &after);
        let lines = patch.hunks().iter().flat_map(|hunk| hunk.lines());
        lines
            .filter(|line| matches!(line, diffy::Line::Insert(text) if !text.trim().is_empty()))
            .count()
    };
    solution.iter().map(written).sum()
}

/// The lines that no exercise names in `covers` or `concepts`.
fn missing(track: &Track, guide: &[String]) -> Vec<String> {
    let covered: BTreeSet<String> = track
        .exercises()
        .iter()
        .flat_map(|exercise| exercise.covers.iter().chain(&exercise.concepts))
        .map(|line| plain(line))
        .collect();
    guide
        .iter()
        .filter(|line| !covered.contains(&plain(line)))
        .cloned()
        .collect()
}

/// `Practice: Design Twitter` and `design twitter` are the same line.
fn plain(line: &str) -> String {
    const KINDS: [&str; 5] = ["practice", "focus", "study", "build", "learn"];
    let lower = line.trim().to_lowercase();
    match lower.split_once(':') {
        Some((kind, rest)) if KINDS.contains(&kind) => rest.trim().to_string(),
        _ => lower,
    }
}

/// The lines of a guide: the texts under `practice`, `focus`, `learn` and `key_implementations`, and everything under `checklist`,
/// wherever they stand.
///
/// # Errors
/// When it is no TOML.
pub fn guide_lines(text: &str) -> Result<Vec<String>, toml::de::Error> {
    const KEYS: [&str; 4] = ["practice", "focus", "learn", "key_implementations"];
    let mut lines = Vec::new();
    collect(
        &toml::Value::Table(toml::from_str(text)?),
        false,
        &KEYS,
        &mut lines,
    );
    let mut seen = BTreeSet::new();
    lines.retain(|line| seen.insert(plain(line)));
    Ok(lines)
}

fn collect(value: &toml::Value, take: bool, keys: &[&str], lines: &mut Vec<String>) {
    match value {
        toml::Value::String(line) if take => lines.push(line.clone()),
        toml::Value::Array(items) => items
            .iter()
            .for_each(|item| collect(item, take && item.is_str(), keys, lines)),
        toml::Value::Table(table) => {
            for (key, value) in table {
                if key == "checklist" {
                    let lists = value.as_table().into_iter().flatten();
                    for (_, list) in lists.filter(|(_, list)| list.is_array()) {
                        collect(list, true, keys, lines);
                    }
                } else {
                    collect(value, keys.contains(&key.as_str()), keys, lines);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guides_lines_are_found_wherever_they_stand() {
        let guide = "title = \"no\"\nlearn = [\"arrays\", \"Queues\"]\n[[roadmap]]\nname = \"no\"\n[[roadmap.phase]]\nblocks = [{ weeks = \"no\", focus = [\"arrays\"], practice = [\"Design Twitter\"] }]\n[checklist]\ndata = [\"heaps\"]\ncount = 10\nplan = [{ easy = 50 }]\n";
        let mut lines = guide_lines(guide).unwrap();
        lines.sort();
        assert_eq!(lines, ["Design Twitter", "Queues", "arrays", "heaps"]);
        assert!(guide_lines("= 1").is_err());
    }

    #[test]
    fn the_same_line_is_written_in_several_ways() {
        assert_eq!(plain("Practice: Design Twitter"), plain(" design twitter"));
        assert_ne!(plain("HTTP: the basics"), plain("the basics"));
    }
}
