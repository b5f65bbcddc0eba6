//! What is known of versions of exercises that were judged before.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Scope;
use super::finding::{Finding, Rule};
use crate::judge::Toolchain;
use crate::track::{ContentHash, Exercise, Signatures, Track, TrackError};

/// What judging an exercise gave.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// Everything that it depends on.
    pub(super) key: String,
    /// How often the solution was judged.
    pub(super) repeats: u32,
    /// What was found.
    pub(super) findings: Vec<Finding>,
    /// Whether `cargo test` was found to agree.
    pub(super) agreed: bool,
    /// How stub and wrong answers end, if all of them could be judged.
    pub signatures: Option<Signatures>,
    /// Tests of the specification.
    pub tests: usize,
    /// The fastest run of the solution's tests, in milliseconds.
    pub run_ms: u64,
}

impl Record {
    /// Whether judging again would give the same.
    pub(super) fn holds(&self, key: &str) -> bool {
        let lasting = |finding: &Finding| finding.rule != Rule::Environment;
        self.key == key && self.findings.iter().all(lasting)
    }

    /// What is left to judge where it holds: luck shows only in more runs, or under load.
    pub(super) fn scope(&self, repeat: u32, load: bool) -> Scope {
        if load || self.repeats < repeat {
            Scope::Solution
        } else {
            Scope::Nothing
        }
    }
}

/// Records by exercise. A cache: it may be lost or damaged at any time.
#[derive(Debug)]
pub struct Records {
    path: PathBuf,
    known: BTreeMap<String, Record>,
}

impl Records {
    /// Reads what is known below a state folder.
    pub fn open(state: &Path) -> Self {
        let path = state.join("checked.json");
        let known = fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Self { path, known }
    }

    /// What is known of an exercise.
    pub fn get(&self, exercise: &Exercise) -> Option<&Record> {
        self.known.get(&exercise.name)
    }

    pub(super) fn get_mut(&mut self, exercise: &Exercise) -> Option<&mut Record> {
        self.known.get_mut(&exercise.name)
    }

    pub(super) fn forget(&mut self, exercise: &Exercise) {
        self.known.remove(&exercise.name);
    }

    pub(super) fn put(&mut self, exercise: &Exercise, record: Record) {
        self.known.insert(exercise.name.clone(), record);
    }

    /// Writes what is known. That it fails costs time at the next check, and nothing else.
    pub(super) fn save(&self) {
        let Ok(json) = serde_json::to_vec(&self.known) else {
            return;
        };
        let Some(folder) = self.path.parent() else {
            return;
        };
        let temporary = self.path.with_extension("new");
        let _ = fs::create_dir_all(folder)
            .and_then(|()| fs::write(&temporary, json))
            .and_then(|()| fs::rename(&temporary, &self.path));
    }
}

/// Makes the keys of records: they differ when anything differs that a verdict depends on.
pub(super) struct Keys {
    shared: String,
}

impl Keys {
    pub(super) fn new(track: &Track, toolchain: &Toolchain) -> Result<Self, TrackError> {
        let mut files = Vec::new();
        for path in track.bundle().list("kit")? {
            let bytes = track.bundle().read(&path)?;
            files.push((path, bytes));
        }
        let kit = ContentHash::of(files.iter().map(|(path, bytes)| (path.as_str(), &**bytes)));
        let lints = track.allowed_lints().join(",");
        Ok(Self {
            shared: format!("{kit} {lints} {} {}", toolchain.id, this_program()),
        })
    }

    pub(super) fn of(&self, track: &Track, exercise: &Exercise) -> Result<String, TrackError> {
        let mut files = Vec::new();
        for dir in [exercise.dir(), exercise.solution_dir()] {
            for path in track.bundle().list(&dir)? {
                if path != Track::signatures_path(exercise) {
                    let bytes = track.bundle().read(&path)?;
                    files.push((path, bytes));
                }
            }
        }
        let group = track.group(exercise);
        let context = format!("{} {} {}", self.shared, group.name, group.crates.join(","));
        let hash = ContentHash::of(
            files
                .iter()
                .map(|(path, bytes)| (path.as_str(), &**bytes))
                .chain([("context", context.as_bytes())]),
        );
        Ok(hash.to_string())
    }
}

/// Another build of this program may judge otherwise.
fn this_program() -> String {
    let found = std::env::current_exe().and_then(fs::metadata);
    found.map_or_else(
        |_| env!("CARGO_PKG_VERSION").to_string(),
        |found| format!("{} {:?}", found.len(), found.modified().ok()),
    )
}
