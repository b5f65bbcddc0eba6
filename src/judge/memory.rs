//! Which versions are known to pass, so that `check` judges only what has changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Sources, Toolchain};
use crate::track::{ContentHash, Exercise, Track, TrackError};

/// Passed versions by exercise. A cache: it may be lost or damaged at any time.
#[derive(Debug, Default)]
pub struct Memory {
    path: PathBuf,
    passed: BTreeMap<String, String>,
}

#[derive(Default, Serialize, Deserialize)]
struct Stored {
    passed: BTreeMap<String, String>,
}

impl Memory {
    /// Reads what is known below a state folder.
    pub fn open(state: &Path) -> Self {
        let path = state.join("cache").join("passed.json");
        let stored = fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Stored>(&bytes).ok());
        Self {
            path,
            passed: stored.unwrap_or_default().passed,
        }
    }

    /// Everything that a verdict depends on: the learner's files, the specification, the compiler.
    ///
    /// # Errors
    /// When the specification cannot be read.
    pub fn key(
        track: &Track,
        exercise: &Exercise,
        sources: &Sources,
        toolchain: &Toolchain,
    ) -> Result<String, TrackError> {
        let pristine = track.pristine(exercise)?;
        let given = pristine
            .iter()
            .filter(|file| !exercise.files.contains(&file.name));
        let files = sources
            .files
            .iter()
            .chain(given)
            .map(|file| (file.name.as_str(), file.bytes.as_slice()));
        let context = [
            ("toolchain", toolchain.id.as_bytes()),
            ("version", env!("CARGO_PKG_VERSION").as_bytes()),
        ];
        Ok(ContentHash::of(files.chain(context)).to_string())
    }

    /// Whether this version of an exercise has passed.
    pub fn passed(&self, exercise: &Exercise, key: &str) -> bool {
        self.passed
            .get(&exercise.name)
            .is_some_and(|known| known == key)
    }

    /// Remembers that a version has passed.
    pub fn remember(&mut self, exercise: &Exercise, key: String) {
        self.passed.insert(exercise.name.clone(), key);
    }

    /// Writes what is known. That it fails costs time at the next check, and nothing else.
    pub fn save(&self) {
        let stored = Stored {
            passed: self.passed.clone(),
        };
        let Ok(json) = serde_json::to_vec(&stored) else {
            return;
        };
        let Some(folder) = self.path.parent() else {
            return;
        };
        let _ = fs::create_dir_all(folder).and_then(|()| fs::write(&self.path, json));
    }
}
