//! Which known wrong answer the learner's present version is, as the last verdict on it said.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Workspace;
use super::files::write;
use crate::judge::{Misconception, Sources, Verdict};
use crate::track::{Exercise, Track};

/// A version that was recognised. Part of the cache: without it, the next verdict finds out anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Known {
    /// The version.
    hash: String,
    /// The wrong answer's name.
    name: String,
    /// Whether its hint was given by `hint`.
    told: bool,
}

type All = BTreeMap<String, Known>;

impl Workspace {
    /// Remembers what a verdict recognised, or that it recognised nothing.
    pub(super) fn recognised(&self, exercise: &Exercise, verdict: &Verdict) {
        let mut all = self.known();
        let before = all.get(&exercise.name).cloned();
        let now = verdict.misconception.as_ref().map(|found| Known {
            hash: verdict.hash.to_string(),
            name: found.name.clone(),
            told: false,
        });
        let same = |one: &Known, two: &Known| one.hash == two.hash && one.name == two.name;
        match (&before, now) {
            (None, None) => return,
            (Some(before), Some(now)) if same(before, &now) => return,
            (_, Some(now)) => drop(all.insert(exercise.name.clone(), now)),
            (_, None) => drop(all.remove(&exercise.name)),
        }
        self.keep_known(&all);
    }

    /// The known wrong answer that the learner's files are, as far as a verdict said so and its hint was not given yet. With
    /// `tell`, it counts as given.
    pub fn misconception(
        &self,
        track: &Track,
        exercise: &Exercise,
        tell: bool,
    ) -> Option<Misconception> {
        let mut all = self.known();
        let known = all.get_mut(&exercise.name).filter(|known| !known.told)?;
        let sources = Sources::read(&self.root, exercise).ok()?;
        if sources.hash.to_string() != known.hash {
            return None;
        }
        let answer = track.wrong_answer(exercise, &known.name).ok()?.ok()?;
        if tell {
            known.told = true;
            self.keep_known(&all);
        }
        Some(Misconception {
            name: answer.name,
            why: answer.why,
            hint: answer.hint,
        })
    }

    fn known_path(&self) -> PathBuf {
        self.state().join("cache").join("misconceptions.json")
    }

    fn known(&self) -> All {
        let bytes = std::fs::read(self.known_path()).ok();
        let all = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        all.unwrap_or_default()
    }

    fn keep_known(&self, all: &All) {
        if let Ok(json) = serde_json::to_vec(all) {
            let _ = write(&self.known_path(), &json);
        }
    }
}
