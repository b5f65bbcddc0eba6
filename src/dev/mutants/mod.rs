//! Mutants of the solutions: small changes that the tests have to notice.
//!
//! cargo-mutants makes and runs them, in a package of each exercise's own, so that an exercise is judged by its own tests alone.

mod package;
mod results;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::dev::check::Progress;
use crate::judge::{Toolchain, clean_env};
use crate::supervise::{Cancel, Ended, Job, Limits, Supervisor};
use crate::track::{ContentHash, Exercise, ExerciseKind, Track};

/// A mutant that no test noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survivor {
    /// What was changed, as `equivalent_mutants` names it: without the place.
    pub name: String,
    /// The line and column of the solution: `12:5`.
    pub place: String,
    /// The change as a unified difference.
    pub diff: String,
}

/// What came of an exercise's mutants.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Mutants that a test noticed.
    pub caught: usize,
    /// Mutants that had to be stopped, which is as good.
    pub timeouts: usize,
    /// Mutants of functions that the learner is given, whatever came of them.
    pub given: usize,
    /// Mutants that do not compile, and prove nothing.
    pub unviable: usize,
    /// Mutants that nothing noticed, those that `exercise.toml` declares equivalent included.
    pub survivors: Vec<Survivor>,
}

impl Score {
    /// Mutants that could be judged.
    pub fn viable(&self) -> usize {
        self.caught + self.timeouts + self.survivors.len()
    }
}

/// What is known of an exercise.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The exercise's name.
    pub name: String,
    /// Its score, or why there is none.
    pub score: Result<Score, String>,
    /// Survivors that are no equivalents: holes in the tests.
    pub holes: Vec<Survivor>,
    /// Mutants that are declared equivalent, and do not survive (any more).
    pub stale: Vec<String>,
}

/// What keeps mutants from being made.
#[derive(Debug, thiserror::Error)]
pub enum MutantsError {
    /// The tool is missing.
    #[error(
        "cargo-mutants is not installed: `cargo install --locked cargo-mutants` (a few minutes, once)"
    )]
    Missing,
    /// The toolchain is missing.
    #[error(transparent)]
    Environment(#[from] crate::judge::Environment),
}

/// What is needed to make and judge mutants.
pub struct Nursery<'a> {
    /// The track.
    pub track: &'a Track,
    /// Runs cargo-mutants.
    pub supervisor: &'a Supervisor,
    /// The toolchain that compiles.
    pub toolchain: &'a Toolchain,
    /// Where packages and results are kept.
    pub state: &'a Path,
    /// How many exercises at a time.
    pub jobs: usize,
    /// Whether what is known is found out again.
    pub force: bool,
}

/// Scores by exercise, each with the content that it is of. A cache.
type Known = BTreeMap<String, (String, Score)>;

impl Nursery<'_> {
    /// Judges the mutants of these exercises; those of kind `files` have none.
    ///
    /// # Errors
    /// When cargo-mutants is not there.
    pub fn judge(
        &self,
        selected: &[&Exercise],
        on: &mut dyn FnMut(Progress),
    ) -> Result<Vec<Judged>, MutantsError> {
        let tool = which::which("cargo-mutants").map_err(|_| MutantsError::Missing)?;
        let path = self.state.join("mutants.json");
        let mut known: Known = fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        let selected: Vec<&Exercise> = selected
            .iter()
            .copied()
            .filter(|exercise| exercise.kind == ExerciseKind::Rust)
            .collect();
        let mut failed: BTreeMap<String, String> = BTreeMap::new();
        let mut open = Vec::new();
        for exercise in &selected {
            match self.key(exercise, &tool) {
                Err(error) => drop(failed.insert(exercise.name.clone(), error.to_string())),
                Ok(key) => {
                    let there = known
                        .get(&exercise.name)
                        .is_some_and(|(old, _)| *old == key);
                    if self.force || !there {
                        known.remove(&exercise.name);
                        open.push((*exercise, key));
                    }
                }
            }
        }
        let mut done = 0;
        self.work(&tool, &open, &mut |index, score| {
            let (exercise, key) = &open[index];
            done += 1;
            on(Progress {
                done,
                total: open.len(),
                name: exercise.name.clone(),
            });
            match score {
                // Kept at once: who stops a run goes on from there the next time.
                Ok(score) => {
                    known.insert(exercise.name.clone(), (key.clone(), score));
                    save(&path, &known);
                }
                Err(what) => drop(failed.insert(exercise.name.clone(), what)),
            }
        });
        Ok(selected
            .iter()
            .map(|exercise| {
                let known = known.get(&exercise.name).map(|(_, score)| score.clone());
                let why = || failed.get(&exercise.name).cloned().unwrap_or_default();
                judged(exercise, known.ok_or_else(why))
            })
            .collect())
    }

    /// Does what is open on several cores, and tells of each as it is done.
    fn work(
        &self,
        tool: &Path,
        open: &[(&Exercise, String)],
        on: &mut dyn FnMut(usize, Result<Score, String>),
    ) {
        let next = &AtomicUsize::new(0);
        let (tell, told) = mpsc::channel();
        std::thread::scope(|scope| {
            for lane in 0..self.jobs.clamp(1, open.len().max(1)) {
                let tell = tell.clone();
                scope.spawn(move || {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some((exercise, _)) = open.get(index) else {
                            break;
                        };
                        let score = self.one(tool, exercise, lane);
                        if tell.send((index, score)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(tell);
            for (index, score) in told {
                on(index, score);
            }
        });
    }

    fn one(&self, tool: &Path, exercise: &Exercise, lane: usize) -> Result<Score, String> {
        let home = self.state.join("mutants");
        let dir = home.join(&exercise.name);
        package::lay(self.track, exercise, &dir).map_err(|error| format!("{error:#}"))?;
        // Crates are built once for each lane, and not once for each exercise.
        let target = home.join(format!("target-{lane}"));
        let outcome = self
            .supervisor
            .run(
                &self.job(tool, exercise, &dir, target),
                &Cancel::new(),
                &mut |_, _| {},
            )
            .map_err(|trouble| trouble.to_string())?;
        if !matches!(outcome.ended, Ended::Exited(_)) {
            return Err("cargo-mutants did not come to its end".into());
        }
        let said = format!("{}{}", outcome.stdout.text(), outcome.stderr.text());
        let path = |dir: String| format!("{dir}/{}", exercise.files[0]);
        let text = |path: String| {
            self.track
                .bundle()
                .text(&path)
                .map_err(|error| error.to_string())
        };
        let texts = results::Texts {
            stub: &text(path(exercise.dir()))?,
            solution: &text(path(exercise.solution_dir()))?,
            given: &exercise.given,
        };
        results::read(&dir.join("mutants.out"), &texts).map_err(|error| {
            let last = said
                .lines()
                .rev()
                .map(str::trim)
                .find(|line| !line.is_empty());
            format!("{error}; cargo-mutants said: {}", last.unwrap_or("nothing"))
        })
    }

    fn job(&self, tool: &Path, exercise: &Exercise, dir: &Path, target: PathBuf) -> Job {
        let seconds = exercise.limits.seconds.to_string();
        let mut args: Vec<std::ffi::OsString> = [
            "mutants",
            "--in-place",
            "--no-shuffle",
            "--no-config",
            "--colors",
            "never",
            "--timeout",
            &seconds,
            "--cargo-arg",
            "--offline",
        ]
        .map(Into::into)
        .into();
        for flag in ["--dir", "--output"] {
            args.extend([flag.into(), dir.into()]);
        }
        for given in &exercise.given {
            args.extend(["--exclude".into(), format!("src/{given}").into()]);
        }
        let mut env = clean_env();
        env.retain(|(name, _)| name != "CARGO_TARGET_DIR");
        env.push(("CARGO_TARGET_DIR".into(), Some(target.into())));
        env.push(("CARGO".into(), Some(self.toolchain.cargo.clone().into())));
        env.push(("RUST_BACKTRACE".into(), Some("0".into())));
        Job {
            program: tool.into(),
            args,
            dir: dir.into(),
            env,
            scratch: None,
            limits: Limits {
                wall: Duration::from_secs(6 * 60 * 60),
                // A mutant that collects without end must not take the machine with it; cargo and rustc need less.
                memory: Some(4 << 30),
                file_size: None,
                keep: 16 << 10,
                flood: u64::MAX,
            },
        }
    }

    /// Differs when anything differs that a score depends on; declared equivalents do not.
    fn key(&self, exercise: &Exercise, tool: &Path) -> Result<String, crate::track::TrackError> {
        let bundle = self.track.bundle();
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        let laid = self.track.pristine(exercise)?;
        for file in laid.into_iter().chain(self.track.solution(exercise)?) {
            files.push((file.name, file.bytes));
        }
        for path in bundle.list("kit")? {
            let bytes = bundle.read(&path)?.into_owned();
            files.push((path, bytes));
        }
        let tool = fs::metadata(tool).map_or(0, |found| found.len());
        let context = format!(
            "{} {} {tool}",
            self.toolchain.id,
            self.track.group(exercise).name
        );
        let hash = ContentHash::of(
            files
                .iter()
                .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
                .chain([("context", context.as_bytes())]),
        );
        Ok(hash.to_string())
    }
}

/// That this fails costs time at the next run, and nothing else.
fn save(path: &Path, known: &Known) {
    if let Ok(json) = serde_json::to_vec(known) {
        let temporary = path.with_extension("new");
        let _ = fs::write(&temporary, json).and_then(|()| fs::rename(&temporary, path));
    }
}

/// Holds the survivors against what the author declared equivalent.
fn judged(exercise: &Exercise, score: Result<Score, String>) -> Judged {
    let survivors = score.as_ref().map_or(&[][..], |score| &score.survivors);
    let declared = |survivor: &Survivor| {
        let mut equivalents = exercise.equivalent_mutants.iter();
        equivalents.any(|equivalent| equivalent.mutant == survivor.name)
    };
    let holes = survivors
        .iter()
        .filter(|survivor| !declared(survivor))
        .cloned()
        .collect();
    let stale = exercise
        .equivalent_mutants
        .iter()
        .filter(|equivalent| {
            score.is_ok() && !survivors.iter().any(|each| each.name == equivalent.mutant)
        })
        .map(|equivalent| equivalent.mutant.clone())
        .collect();
    Judged {
        name: exercise.name.clone(),
        score,
        holes,
        stale,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_equivalents_are_no_holes_and_go_stale() {
        let declared = "[[equivalent_mutants]]\nmutant = \"replace < with <= in f\"\nreason = \"both end at the same place\"\n[[equivalent_mutants]]\nmutant = \"replace + with - in f\"\nreason = \"it was so once\"\n";
        let exercise = crate::dev::testing::exercise(declared);
        let survivor = |name: &str| Survivor {
            name: name.into(),
            place: "1:1".into(),
            diff: String::new(),
        };
        let score = Score {
            caught: 7,
            timeouts: 1,
            given: 0,
            unviable: 3,
            survivors: vec![
                survivor("replace < with <= in f"),
                survivor("delete ! in f"),
            ],
        };
        assert_eq!(score.viable(), 10);
        let found = judged(&exercise, Ok(score));
        assert_eq!(found.holes, [survivor("delete ! in f")]);
        assert_eq!(found.stale, ["replace + with - in f"]);
        let failed = judged(&exercise, Err("no disk".into()));
        assert!(failed.holes.is_empty() && failed.stale.is_empty());
    }
}
