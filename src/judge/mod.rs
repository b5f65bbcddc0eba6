//! Judging: source in, verdict out. Every command and the watcher use this one path.

mod cargo;
mod compile;
mod diagnose;
mod environment;
mod groups;
mod libtest;
mod lines;
mod lints;
mod memory;
mod misconception;
mod recheck;
mod reckon;
mod run;
mod sources;
mod stage;
mod toolchain;
mod verdict;

pub use groups::lay_kit;
pub use memory::Memory;
pub use recheck::Rechecked;
pub use sources::{Sources, Unreadable};
pub use toolchain::{Toolchain, clean_env};
pub use verdict::{Diagnostic, Environment, Failure, Kind, Level, Misconception, Verdict};

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use compile::{Compilation, Compiled, Output};
use groups::{Artifacts, Groups};
use run::Tests;
use stage::Stage;

use crate::supervise::{Cancel, Supervisor};
use crate::track::{Exercise, File, Track};

/// What the judge is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Another process judges the same exercise.
    Waiting,
    /// The exercise's crates are being built.
    Dependencies {
        /// The group.
        group: String,
        /// Crates that are built.
        done: usize,
        /// Crates in all; 0 while that is not known.
        total: usize,
        /// The last one that was built.
        name: String,
    },
    /// rustc runs.
    Compiling,
    /// The tests run.
    Testing {
        /// Tests that have ended.
        done: usize,
        /// Tests in all.
        total: usize,
    },
}

/// Judges exercises, several at a time if need be.
pub struct Judge {
    supervisor: Supervisor,
    dir: PathBuf,
    cache: PathBuf,
    groups: Arc<Groups>,
    toolchain: OnceLock<Toolchain>,
    /// Columns of the terminal; 0 without one.
    width: Arc<AtomicU16>,
}

/// An exercise, compiled.
struct Built {
    /// Keeps other processes from putting another binary in this one's place.
    _stage: Stage,
    pristine: Vec<File>,
    binary: PathBuf,
    warnings: Vec<Diagnostic>,
    compile: Duration,
}

impl Judge {
    /// A judge that keeps its cache in `state`, with the toolchain that counts in `dir`.
    pub fn new(supervisor: Supervisor, dir: &Path, state: &Path) -> Self {
        let cache = state.join("cache");
        let groups = Groups::new(supervisor.clone(), state.join("kit"), &cache);
        Self {
            supervisor,
            dir: dir.into(),
            cache,
            groups: Arc::new(groups),
            toolchain: OnceLock::new(),
            width: Arc::default(),
        }
    }

    /// A judge that shares the crates of this one and stages elsewhere, so that the two can judge the same
    /// exercise at the same time.
    #[must_use]
    pub fn lane(&self, name: &str) -> Self {
        Self {
            supervisor: self.supervisor.clone(),
            dir: self.dir.clone(),
            cache: self.cache.join(name),
            groups: Arc::clone(&self.groups),
            toolchain: self.toolchain.clone(),
            width: Arc::clone(&self.width),
        }
    }

    /// Has compiler messages fit this many columns.
    #[must_use]
    pub fn with_width(self, width: Option<u16>) -> Self {
        self.width.store(width.unwrap_or(0), Ordering::Relaxed);
        self
    }

    /// The columns that compiler messages fit from now on, for whoever sees the terminal change.
    pub fn width(&self) -> Arc<AtomicU16> {
        Arc::clone(&self.width)
    }

    /// Judges one version of an exercise. `None` when cancelled.
    pub fn judge(
        &self,
        track: &Track,
        exercise: &Exercise,
        sources: &Sources,
        cancel: &Cancel,
        on: &mut dyn FnMut(Step),
    ) -> Option<Verdict> {
        self.judge_often(track, exercise, sources, 1, cancel, on)?
            .pop()
    }

    /// Compiles one version of an exercise, and runs its tests so many times: a verdict for each run, or one if there is nothing to
    /// run. `None` when cancelled.
    pub fn judge_often(
        &self,
        track: &Track,
        exercise: &Exercise,
        sources: &Sources,
        times: u32,
        cancel: &Cancel,
        on: &mut dyn FnMut(Step),
    ) -> Option<Vec<Verdict>> {
        let mut verdict = Verdict::new(exercise, sources);
        match self.build(track, exercise, sources, cancel, on)? {
            Ok(built) => {
                verdict.compile = built.compile;
                verdict.diagnostics = built.warnings.clone();
                let mut run = || {
                    let mut verdict = verdict.clone();
                    let expected = self.test(exercise, &built, cancel, on, &mut verdict)?;
                    verdict.misconception =
                        misconception::recognise(track, exercise, sources, &verdict, &expected);
                    Some(verdict)
                };
                return (0..times).map(|_| run()).collect();
            }
            Err(Failed::Refused(diagnostics, compile)) => {
                verdict.compile = compile;
                verdict.diagnostics = diagnostics;
                verdict.kind = Kind::CompileFailed;
            }
            Err(Failed::Environment(environment)) => verdict.kind = environment.into(),
        }
        Some(vec![verdict])
    }

    /// Builds the crates of an exercise that comes soon, in the background.
    pub fn prepare(&self, track: &Track, exercise: &Exercise) {
        if let Ok(toolchain) = self.toolchain() {
            self.groups
                .prepare(track.group(exercise), track.bundle(), toolchain);
        }
    }

    /// The toolchain; looked for once, and again after it was not found.
    ///
    /// # Errors
    /// When there is none, with how to get one.
    pub fn toolchain(&self) -> Result<&Toolchain, Environment> {
        if let Some(found) = self.toolchain.get() {
            return Ok(found);
        }
        let found = Toolchain::find(&self.dir)?;
        Ok(self.toolchain.get_or_init(|| found))
    }

    fn build(
        &self,
        track: &Track,
        exercise: &Exercise,
        sources: &Sources,
        cancel: &Cancel,
        on: &mut dyn FnMut(Step),
    ) -> Option<Result<Built, Failed>> {
        // A group's crates may turn out to be of another compiler, and an incremental cache to be broken:
        // then everything is made anew, once.
        for last in [false, true] {
            match self.try_build(track, exercise, sources, cancel, on) {
                Ok(None) => return None,
                Ok(Some(built)) => return Some(Ok(built)),
                Err(Attempt::Failed(failed)) => return Some(Err(failed)),
                Err(Attempt::Stale) if last => {
                    let what = "the compiler refuses the crates that it has just built";
                    return Some(Err(Environment::new(
                        what,
                        "delete .backlings/cache, then save again",
                    )
                    .into()));
                }
                Err(Attempt::Stale) => {
                    self.groups.forget(track.group(exercise));
                    let _ = std::fs::remove_dir_all(
                        self.cache.join("incremental").join(&exercise.name),
                    );
                }
            }
        }
        None
    }

    fn try_build(
        &self,
        track: &Track,
        exercise: &Exercise,
        sources: &Sources,
        cancel: &Cancel,
        on: &mut dyn FnMut(Step),
    ) -> Result<Option<Built>, Attempt> {
        let toolchain = self.toolchain()?;
        let ready = self
            .groups
            .ready(track.group(exercise), track.bundle(), toolchain, cancel, on);
        let Some(artifacts) = ready.transpose()? else {
            return Ok(None);
        };
        let pristine = track.pristine(exercise)?;
        let laid = Stage::lay(
            &self.cache,
            exercise,
            &sources.files,
            &pristine,
            cancel,
            &mut || on(Step::Waiting),
        )?;
        let Some(stage) = laid else { return Ok(None) };
        on(Step::Compiling);
        let binary = self.folder("bin")?.join(&exercise.name);
        let incremental = self.folder("incremental")?.join(&exercise.name);
        let output = Output::Binary {
            path: binary.clone(),
            incremental,
        };
        let what = self.compilation(
            &toolchain.rustc,
            &stage,
            track,
            exercise,
            &artifacts,
            output,
        );
        let (compiled, compile) =
            compile::compile(&self.supervisor, &what, cancel).map_err(Environment::from)?;
        match compiled {
            Compiled::Done(warnings) => Ok(Some(Built {
                _stage: stage,
                pristine,
                binary,
                warnings,
                compile,
            })),
            Compiled::Refused(messages) => Err(Attempt::Failed(Failed::Refused(messages, compile))),
            Compiled::Stale => Err(Attempt::Stale),
            Compiled::Environment(environment) => Err(environment.into()),
            Compiled::Cancelled => Ok(None),
        }
    }

    fn compilation<'a>(
        &self,
        program: &'a Path,
        stage: &'a Stage,
        track: &'a Track,
        exercise: &'a Exercise,
        artifacts: &'a Artifacts,
        output: Output,
    ) -> Compilation<'a> {
        Compilation {
            program,
            root: &stage.root,
            source: exercise.root_path(),
            name: &exercise.name,
            allow: track.allowed_lints(),
            artifacts,
            output,
            width: Some(self.width.load(Ordering::Relaxed)).filter(|width| *width > 0),
        }
    }

    /// Runs the tests and fills the verdict; gives the tests that a pass needs. `None` when cancelled.
    fn test(
        &self,
        exercise: &Exercise,
        built: &Built,
        cancel: &Cancel,
        on: &mut dyn FnMut(Step),
        verdict: &mut Verdict,
    ) -> Option<Vec<String>> {
        let specification = built.pristine.iter().find(|file| file.name == "tests.rs");
        let text = specification
            .map(|file| String::from_utf8_lossy(&file.bytes))
            .unwrap_or_default();
        let prefix = exercise.test_prefix();
        let names = crate::track::expected_tests(&text);
        let expected: Vec<String> = names.iter().map(|name| format!("{prefix}{name}")).collect();
        let scratch = match self.folder("tmp") {
            Ok(scratch) => scratch,
            Err(error) => {
                verdict.kind = Environment::from(error).into();
                return Some(names);
            }
        };
        on(Step::Testing {
            done: 0,
            total: expected.len(),
        });
        let tests = Tests {
            supervisor: &self.supervisor,
            binary: built.binary.clone(),
            exercise,
            scratch: &scratch,
            cancel,
        };
        match tests.run(&expected, on)? {
            Ok(results) => verdict.fill(results, &expected, prefix),
            Err(environment) => verdict.kind = environment.into(),
        }
        if verdict.passed() {
            let own = format!("{}/tests.rs", exercise.dir());
            match tests.sources()? {
                Ok(sources) => verdict.prove(&sources, &expected, &own),
                Err(environment) => verdict.kind = environment.into(),
            }
        }
        Some(names)
    }

    fn folder(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.cache.join(name);
        std::fs::create_dir_all(&path)?;
        Ok(path)
    }
}

/// Why there is nothing to run.
enum Failed {
    Refused(Vec<Diagnostic>, Duration),
    Environment(Environment),
}

enum Attempt {
    Failed(Failed),
    Stale,
}

impl From<Environment> for Failed {
    fn from(environment: Environment) -> Self {
        Self::Environment(environment)
    }
}

impl<E: Into<Environment>> From<E> for Attempt {
    fn from(error: E) -> Self {
        Self::Failed(Failed::Environment(error.into()))
    }
}

/// Shared by threads: see [`Judge`].
const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<Judge>();
    shared::<Arc<Judge>>();
};
