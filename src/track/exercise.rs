//! One exercise: `exercise.toml`, and where its files are.

use std::time::Duration;

use serde::Deserialize;

use super::error::TrackError;
use super::manifest::Manifest;
use super::{Bundle, names};

/// How hard an exercise is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Difficulty {
    /// A warm-up.
    Easy,
    /// The bulk of the course.
    Medium,
    /// Takes an evening.
    Hard,
}

impl Difficulty {
    /// Every difficulty, easiest first.
    pub const ALL: [Self; 3] = [Self::Easy, Self::Medium, Self::Hard];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Easy => "easy",
            Self::Medium => "medium",
            Self::Hard => "hard",
        }
    }
}

/// What the learner edits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExerciseKind {
    /// `NAME.rs`, which is the crate root.
    #[default]
    Rust,
    /// Other files; `tests.rs` is the crate root.
    Files,
}

impl ExerciseKind {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Files => "files",
        }
    }
}

/// The limits that an exercise's tests run in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExerciseLimits {
    /// Seconds that all tests together may take.
    pub seconds: u32,
    /// Megabytes (2^20 bytes) of address space.
    pub memory_mb: u32,
}

impl Default for ExerciseLimits {
    fn default() -> Self {
        Self {
            seconds: 10,
            memory_mb: 2048,
        }
    }
}

impl ExerciseLimits {
    /// Wall-clock time of the whole run.
    pub fn wall(self) -> Duration {
        Duration::from_secs(u64::from(self.seconds))
    }

    /// Address space in bytes.
    pub fn memory(self) -> u64 {
        u64::from(self.memory_mb) << 20
    }
}

/// A mutant of the solution that no test can tell from it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EquivalentMutant {
    /// The mutant, as cargo-mutants names it.
    pub mutant: String,
    /// Why it behaves the same.
    pub reason: String,
}

/// One exercise of the track.
#[derive(Clone, Debug)]
pub struct Exercise {
    /// Unique in the track: `[a-z][a-z0-9_]*`.
    pub name: String,
    /// Its position in [`super::Track::topics`].
    pub topic_index: usize,
    /// Its position in [`super::Track::groups`].
    pub group_index: usize,
    /// `exercises/01_data_structures/`'s last part.
    pub topic_dir: String,
    /// A headline.
    pub title: String,
    /// How hard.
    pub difficulty: Difficulty,
    /// How long it takes, about.
    pub minutes: u32,
    /// What it teaches.
    pub concepts: Vec<String>,
    /// Who asks it in interviews.
    pub companies: Vec<String>,
    /// The lines of the guide that it covers.
    pub covers: Vec<String>,
    /// What should be done before, by name.
    pub prerequisites: Vec<String>,
    /// What the learner edits.
    pub kind: ExerciseKind,
    /// The learner's files, the main one first.
    pub files: Vec<String>,
    /// Files beside them that are part of the specification.
    pub given: Vec<String>,
    /// Each more explicit than the one before.
    pub hints: Vec<String>,
    /// The limits of a run.
    pub limits: ExerciseLimits,
    /// Whether each test needs a process of its own.
    pub isolate: bool,
    /// Whether threads and sockets decide which further tests a wrong answer fails.
    pub varies: bool,
    /// Former names.
    pub aliases: Vec<String>,
    /// Mutants of the solution that are no holes in the tests.
    pub equivalent_mutants: Vec<EquivalentMutant>,
}

impl Exercise {
    /// `exercises/01_data_structures/two_sum`, in the track and in a workspace.
    pub fn dir(&self) -> String {
        format!("exercises/{}/{}", self.topic_dir, self.name)
    }

    /// `solutions/01_data_structures/two_sum`, in the track and in a workspace.
    pub fn solution_dir(&self) -> String {
        format!("solutions/{}/{}", self.topic_dir, self.name)
    }

    /// `01_data_structures/two_sum`.
    pub fn short_dir(&self) -> String {
        format!("{}/{}", self.topic_dir, self.name)
    }

    /// The file to open first, from the workspace's folder.
    pub fn main_path(&self) -> String {
        format!("{}/{}", self.dir(), self.files[0])
    }

    /// The crate root, from the workspace's folder.
    pub fn root_path(&self) -> String {
        match self.kind {
            ExerciseKind::Rust => self.main_path(),
            ExerciseKind::Files => format!("{}/tests.rs", self.dir()),
        }
    }

    /// The prefix of the specification's tests in libtest's names.
    pub fn test_prefix(&self) -> &'static str {
        match self.kind {
            ExerciseKind::Rust => "tests::",
            ExerciseKind::Files => "",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spec {
    title: String,
    difficulty: Difficulty,
    minutes: u32,
    #[serde(default)]
    concepts: Vec<String>,
    #[serde(default)]
    companies: Vec<String>,
    #[serde(default)]
    covers: Vec<String>,
    #[serde(default)]
    prerequisites: Vec<String>,
    #[serde(default)]
    kind: ExerciseKind,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    given: Vec<String>,
    group: Option<String>,
    hints: Vec<String>,
    #[serde(default)]
    limits: ExerciseLimits,
    #[serde(default)]
    isolate: bool,
    #[serde(default)]
    varies: bool,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    equivalent_mutants: Vec<EquivalentMutant>,
}

/// An exercise that the manifest names, and that cannot be read.
#[derive(Debug)]
pub struct Fault {
    /// Its name.
    pub name: String,
    /// Its position in [`super::Track::topics`].
    pub topic_index: usize,
    /// What is wrong.
    pub error: TrackError,
}

/// Reads every exercise that the manifest names; the first that is wrong ends it.
pub(super) fn read_all(bundle: &Bundle, manifest: &Manifest) -> Result<Vec<Exercise>, TrackError> {
    read_each(bundle, manifest)
        .into_iter()
        .map(|read| read.map_err(|fault| fault.error))
        .collect()
}

/// Reads every exercise that the manifest names, each by itself.
pub(super) fn read_each(bundle: &Bundle, manifest: &Manifest) -> Vec<Result<Exercise, Fault>> {
    let mut wanted = Vec::new();
    for (topic_index, topic) in manifest.topics.iter().enumerate() {
        wanted.extend(
            topic
                .exercises
                .iter()
                .map(|name| (topic_index, name.as_str())),
        );
    }
    in_parallel(&wanted, |&(topic_index, name)| {
        read(bundle, manifest, topic_index, name).map_err(|error| Fault {
            name: name.to_string(),
            topic_index,
            error,
        })
    })
}

/// Reading is dominated by opening and parsing many small files, so it is spread over the cores.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    const WORTH_A_THREAD: usize = 64;
    let cores = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(8);
    let part = items.len().div_ceil(cores).max(WORTH_A_THREAD);
    let (first, rest) = items.split_at(part.min(items.len()));
    std::thread::scope(|scope| {
        let others: Vec<_> = rest
            .chunks(part)
            .map(|chunk| scope.spawn(|| chunk.iter().map(&work).collect::<Vec<_>>()))
            .collect();
        let mut results: Vec<R> = first.iter().map(&work).collect();
        for other in others {
            match other.join() {
                Ok(part) => results.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}

fn read(
    bundle: &Bundle,
    manifest: &Manifest,
    topic_index: usize,
    name: &str,
) -> Result<Exercise, TrackError> {
    let topic = &manifest.topics[topic_index];
    let path = format!("exercises/{}/{name}/exercise.toml", topic.dir());
    let text = bundle.text(&path)?;
    let spec: Spec =
        toml::from_str(&text).map_err(|error| TrackError::toml(bundle, &path, &text, &error))?;
    let wrong = |what: String| TrackError::content(bundle, &path, what);

    let files = match (spec.kind, spec.files.is_empty()) {
        (ExerciseKind::Rust, true) => vec![format!("{name}.rs")],
        (ExerciseKind::Files, true) => {
            return Err(wrong(
                "`kind = \"files\"` needs `files = [\"…\"]`: what the learner edits".into(),
            ));
        }
        (ExerciseKind::Rust, false) if spec.files[0] != format!("{name}.rs") => {
            return Err(wrong(format!(
                "the first of `files` must be the crate root, \"{name}.rs\""
            )));
        }
        (_, false) => spec.files,
    };
    for file in files.iter().chain(&spec.given) {
        if !names::is_file_name(file) || file == "tests.rs" || file == "exercise.toml" {
            return Err(wrong(format!(
                "\"{file}\" cannot be one of `files` or `given`: use a plain file name"
            )));
        }
    }
    let group = spec.group.as_deref().unwrap_or("core");
    let group_index = manifest
        .groups
        .iter()
        .position(|known| known.name == group)
        .ok_or_else(|| {
            let known = manifest.groups.iter().map(|known| known.name.as_str());
            wrong(format!(
                "there is no group \"{group}\" in info.toml{}",
                names::hint(group, known)
            ))
        })?;
    if spec.minutes == 0 || spec.limits.seconds == 0 || spec.limits.memory_mb == 0 {
        return Err(wrong(
            "`minutes`, `limits.seconds` and `limits.memory_mb` must be above 0".into(),
        ));
    }
    Ok(Exercise {
        name: name.to_string(),
        topic_index,
        group_index,
        topic_dir: topic.dir(),
        title: spec.title,
        difficulty: spec.difficulty,
        minutes: spec.minutes,
        concepts: spec.concepts,
        companies: spec.companies,
        covers: spec.covers,
        prerequisites: spec.prerequisites,
        kind: spec.kind,
        files,
        given: spec.given,
        hints: spec.hints,
        limits: spec.limits,
        isolate: spec.isolate,
        varies: spec.varies,
        aliases: spec.aliases,
        equivalent_mutants: spec.equivalent_mutants,
    })
}
