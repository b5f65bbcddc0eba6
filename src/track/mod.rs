//! What there is to learn: the topics and exercises of a track, in order, and their pristine files.

mod bundle;
mod calendar;
mod error;
mod exercise;
mod filter;
mod guide;
mod hash;
mod manifest;
mod names;
mod roadmap;
mod signatures;
mod tests_file;
mod wrong;

pub use bundle::{Bundle, File};
pub use calendar::{Pace, Stage, Standing, calendar, standing};
pub use error::TrackError;
pub use exercise::{Difficulty, EquivalentMutant, Exercise, ExerciseKind, ExerciseLimits, Fault};
pub use filter::{COMPANIES, Filter, FilterError, Status};
pub use guide::{Checklist, Company, Countdown, Design, Guide, Metric, Step, Term};
pub use hash::ContentHash;
pub use manifest::{Group, Messages, Topic};
pub use names::{did_you_mean, is_name};
pub use roadmap::{Block, Leg, Phase, Practice, Roadmap};
pub use signatures::{Signature, Signatures};
pub use tests_file::expected_tests;
pub use wrong::{NamedWrongAnswer, WrongAnswer, WrongAnswerError};

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

    /// The track in a folder, with those of its exercises that can be read, and what is wrong with the others.
    ///
    /// # Errors
    /// When `info.toml` is wrong: without it there is nothing to read.
    pub fn with_faults(dir: &Path) -> Result<(Self, Vec<Fault>), TrackError> {
        let bundle = Bundle::folder(dir)?;
        let manifest = Manifest::read(&bundle)?;
        let mut faults = Vec::new();
        let exercises = exercise::read_each(&bundle, &manifest)
            .into_iter()
            .filter_map(|read| read.map_err(|fault| faults.push(fault)).ok())
            .collect();
        Ok((Self::of(bundle, manifest, exercises)?, faults))
    }

    fn read(bundle: Bundle) -> Result<Self, TrackError> {
        let manifest = Manifest::read(&bundle)?;
        let exercises = exercise::read_all(&bundle, &manifest)?;
        Self::of(bundle, manifest, exercises)
    }

    fn of(
        bundle: Bundle,
        manifest: Manifest,
        exercises: Vec<Exercise>,
    ) -> Result<Self, TrackError> {
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

    /// A topic by its id.
    pub fn topic_of_id(&self, id: &str) -> Option<&Topic> {
        self.manifest.topics.iter().find(|topic| topic.id == id)
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

    /// The known wrong answers, by name; each may be malformed by itself.
    ///
    /// # Errors
    /// When a file of the track cannot be read.
    pub fn wrong_answers(&self, exercise: &Exercise) -> Result<Vec<NamedWrongAnswer>, TrackError> {
        let folder = format!("{}/wrong", exercise.solution_dir());
        let mut found = Vec::new();
        for path in self.bundle.list(&folder)? {
            let file = path.rsplit('/').next().unwrap_or_default();
            if let Some(name) = file.strip_suffix(".diff") {
                let text = self.bundle.text(&path)?;
                found.push((name.to_string(), WrongAnswer::parse(name, &text)));
            }
        }
        Ok(found)
    }

    /// One known wrong answer; it may be malformed.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub fn wrong_answer(
        &self,
        exercise: &Exercise,
        name: &str,
    ) -> Result<Result<WrongAnswer, WrongAnswerError>, TrackError> {
        let path = format!("{}/wrong/{name}.diff", exercise.solution_dir());
        let text = self.bundle.text(&path)?;
        Ok(WrongAnswer::parse(name, &text))
    }

    /// How the exercise's known wrong answers end, where that is recorded.
    ///
    /// # Errors
    /// When the record is there and cannot be read.
    pub fn signatures(&self, exercise: &Exercise) -> Result<Option<Signatures>, TrackError> {
        let path = Self::signatures_path(exercise);
        if !self.bundle.contains(&path) {
            return Ok(None);
        }
        let text = self.bundle.text(&path)?;
        toml::from_str(&text)
            .map(Some)
            .map_err(|error| TrackError::toml(&self.bundle, &path, &text, &error))
    }

    /// Where [`Self::signatures`] are, from the track's folder.
    pub fn signatures_path(exercise: &Exercise) -> String {
        format!("{}/wrong/failing.toml", exercise.solution_dir())
    }

    /// What is shown after passing; empty when the track has nothing to say.
    pub fn after(&self, exercise: &Exercise) -> String {
        self.bundle
            .file(&exercise.solution_dir(), "after.md")
            .map(|file| String::from_utf8_lossy(&file.bytes).into_owned())
            .unwrap_or_default()
    }
}
