//! What there is to learn: the topics and exercises of a track, in order, and their pristine files.

mod bundle;
mod error;
mod exercise;
mod filter;
mod hash;
mod manifest;
mod names;
mod tests_file;

pub use bundle::{Bundle, File};
pub use error::TrackError;
pub use exercise::{Difficulty, EquivalentMutant, Exercise, ExerciseKind, ExerciseLimits};
pub use filter::{Filter, FilterError, Status};
pub use hash::ContentHash;
pub use manifest::{Block, Group, Messages, Phase, Roadmap, Topic};
pub use names::did_you_mean;
pub use tests_file::expected_tests;

use std::collections::HashMap;
use std::path::Path;

use manifest::Manifest;

/// The name of the roadmap that holds every topic in order.
pub const FULL_ROADMAP: &str = "full";

/// A whole course, read and validated.
#[derive(Debug)]
pub struct Track {
    bundle: Bundle,
    manifest: Manifest,
    exercises: Vec<Exercise>,
    by_name: HashMap<String, usize>,
}

impl Track {
    /// The track that is built into this program.
    ///
    /// # Errors
    /// When the track is malformed, which the build's own tests exclude.
    pub fn official() -> Result<Self, TrackError> {
        Self::read(Bundle::embedded())
    }

    /// The track in a folder.
    ///
    /// # Errors
    /// Names the file, the line and the remedy of the first thing that is wrong.
    pub fn from_dir(dir: &Path) -> Result<Self, TrackError> {
        Self::read(Bundle::folder(dir)?)
    }

    fn read(bundle: Bundle) -> Result<Self, TrackError> {
        let manifest = Manifest::read(&bundle)?;
        let exercises = exercise::read_all(&bundle, &manifest)?;
        let by_name = names::index(&manifest, &exercises)?;
        Ok(Self {
            bundle,
            manifest,
            exercises,
            by_name,
        })
    }

    /// The track's name.
    pub fn name(&self) -> &str {
        &self.manifest.name
    }

    /// Where the track comes from, and its files.
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// Texts of welcome and farewell.
    pub fn messages(&self) -> &Messages {
        &self.manifest.messages
    }

    /// rustc lints that are allowed in exercises.
    pub fn allowed_lints(&self) -> &[String] {
        &self.manifest.lints.allow
    }

    /// Every topic, in order.
    pub fn topics(&self) -> &[Topic] {
        &self.manifest.topics
    }

    /// The topic of an exercise.
    pub fn topic(&self, exercise: &Exercise) -> &Topic {
        &self.manifest.topics[exercise.topic_index]
    }

    /// Every dependency group.
    pub fn groups(&self) -> &[Group] {
        &self.manifest.groups
    }

    /// The dependency group of an exercise.
    pub fn group(&self, exercise: &Exercise) -> &Group {
        &self.manifest.groups[exercise.group_index]
    }

    /// The roadmaps, [`FULL_ROADMAP`] first.
    pub fn roadmaps(&self) -> &[Roadmap] {
        &self.manifest.roadmaps
    }

    /// A roadmap by name.
    pub fn roadmap(&self, name: &str) -> Option<&Roadmap> {
        self.manifest
            .roadmaps
            .iter()
            .find(|roadmap| roadmap.name == name)
    }

    /// Every exercise, in the track's order.
    pub fn exercises(&self) -> &[Exercise] {
        &self.exercises
    }

    /// An exercise by its name or a former name.
    pub fn exercise(&self, name: &str) -> Option<&Exercise> {
        self.by_name.get(name).map(|&index| &self.exercises[index])
    }

    /// The exercises of a roadmap in its order; of an unknown one, all.
    pub fn walk(&self, roadmap: &str) -> Vec<&Exercise> {
        let Some(roadmap) = self.roadmap(roadmap) else {
            return self.exercises.iter().collect();
        };
        let mut walk: Vec<&Exercise> = Vec::new();
        let mut seen = vec![false; self.manifest.topics.len()];
        for topic in roadmap.topics() {
            for (index, known) in self.manifest.topics.iter().enumerate() {
                if known.id == topic && !std::mem::replace(&mut seen[index], true) {
                    walk.extend(
                        self.exercises
                            .iter()
                            .filter(|exercise| exercise.topic_index == index),
                    );
                }
            }
        }
        walk
    }

    /// The next exercise of a roadmap that is not done: after the given one, then from the start.
    pub fn next_pending(
        &self,
        roadmap: &str,
        after: &str,
        done: impl Fn(&str) -> bool,
    ) -> Option<&Exercise> {
        let walk = self.walk(roadmap);
        let start = walk
            .iter()
            .position(|exercise| exercise.name == after)
            .map_or(0, |at| at + 1);
        let (before, behind) = walk.split_at(start);
        behind
            .iter()
            .chain(before)
            .find(|exercise| !done(&exercise.name))
            .copied()
    }

    /// The exercise's folder as the track has it: the learner's files, the tests and what is given.
    ///
    /// # Errors
    /// When a file of the track cannot be read.
    pub fn pristine(&self, exercise: &Exercise) -> Result<Vec<File>, TrackError> {
        let mut names: Vec<&str> = exercise
            .files
            .iter()
            .chain(&exercise.given)
            .map(String::as_str)
            .collect();
        names.push("tests.rs");
        names
            .into_iter()
            .map(|name| self.bundle.file(&exercise.dir(), name))
            .collect()
    }

    /// The tests that a pass needs, in the order of the specification, without `tests::`.
    ///
    /// # Errors
    /// When the specification cannot be read.
    pub fn expected_tests(&self, exercise: &Exercise) -> Result<Vec<String>, TrackError> {
        let tests = self.bundle.file(&exercise.dir(), "tests.rs")?;
        Ok(expected_tests(&String::from_utf8_lossy(&tests.bytes)))
    }

    /// The solution: the same files as the learner's.
    ///
    /// # Errors
    /// When a file of the track cannot be read.
    pub fn solution(&self, exercise: &Exercise) -> Result<Vec<File>, TrackError> {
        exercise
            .files
            .iter()
            .map(|name| self.bundle.file(&exercise.solution_dir(), name))
            .collect()
    }

    /// What is shown after passing; empty when the track has nothing to say.
    pub fn after(&self, exercise: &Exercise) -> String {
        self.bundle
            .file(&exercise.solution_dir(), "after.md")
            .map(|file| String::from_utf8_lossy(&file.bytes).into_owned())
            .unwrap_or_default()
    }
}
