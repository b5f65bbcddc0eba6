//! Running a test binary in its cage, and naming the culprit when it does not come back.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::diagnose::{self, Death};
use super::libtest::{self, End, Reader, Report};
use super::toolchain::{clean_env, set};
use super::{Environment, Step};
use crate::supervise::{Cancel, Ended, Exit, Job, Limits, Outcome, Stream, Supervisor};
use crate::track::Exercise;

/// Output after which a run is stopped.
const FLOOD: u64 = 16 << 20;
/// The largest file that a test may write.
const FILE_SIZE: u64 = 256 << 20;

/// A test binary, ready to run.
pub(super) struct Tests<'a> {
    pub(super) supervisor: &'a Supervisor,
    pub(super) binary: PathBuf,
    pub(super) exercise: &'a Exercise,
    /// Where private temporary folders are made.
    pub(super) scratch: &'a Path,
    pub(super) cancel: &'a Cancel,
}

/// One run of the binary.
pub(super) struct Ran {
    pub(super) report: Report,
    pub(super) outcome: Outcome,
}

/// Everything that running an exercise's tests gave.
#[derive(Default)]
pub(super) struct Results {
    /// Each test's name and end; `None` for one that did not come back.
    pub(super) ends: Vec<(String, Option<End>)>,
    /// How the run died, and in which test, if it did.
    pub(super) death: Option<(Death, Option<String>)>,
    /// Panic text of the one that died.
    pub(super) last_words: String,
    /// Output beside the test harness's.
    pub(super) output: Vec<u8>,
    /// Processes that the tests left behind.
    pub(super) left_behind: usize,
    /// Time in the binary.
    pub(super) wall: Duration,
}

impl Tests<'_> {
    /// Runs everything. `None` when cancelled.
    pub(super) fn run(
        &self,
        expected: &[String],
        on: &mut dyn FnMut(Step),
    ) -> Option<Result<Results, Environment>> {
        let start = Instant::now();
        let limit = self.exercise.limits.wall();
        let mut results = Results::default();
        let gave = if self.exercise.isolate {
            self.one_by_one(expected, limit, &mut results, on)
        } else {
            self.together(expected, limit, &mut results, on)
        };
        results.wall = start.elapsed();
        gave.map(|gave| gave.map(|()| results))
    }

    fn together(
        &self,
        expected: &[String],
        limit: Duration,
        results: &mut Results,
        on: &mut dyn FnMut(Step),
    ) -> Option<Result<(), Environment>> {
        let ran = match self.start(&[], limit, on)? {
            Ok(ran) => ran,
            Err(environment) => return Some(Err(environment)),
        };
        results.take_output(&ran);
        let death = diagnose::death(&ran.outcome, ran.report.finished, self.exercise);
        let Some(death) = death else {
            results.ends = ran
                .report
                .tests
                .into_iter()
                .map(|test| (test.name, test.end))
                .collect();
            return Some(Ok(()));
        };
        results.last_words = ran.outcome.stderr.text();
        let now = Instant::now();
        // A test that alone took half of the limit needs no second look to be the culprit.
        let hangs = |test: &libtest::Ran| {
            matches!(death, Death::TimedOut(_))
                && test.end.is_none()
                && now - test.since > limit / 2
        };
        let culprit = ran
            .report
            .tests
            .iter()
            .find(|test| hangs(test))
            .map(|test| test.name.clone());
        // Those that were running come first: one of them is the culprit, if it is not known yet.
        let mut again = Vec::new();
        for test in ran.report.tests {
            if test.end.is_some() || hangs(&test) {
                results.ends.push((test.name, test.end));
            } else {
                again.push(test.name);
            }
        }
        let known = |name: &String| {
            again.contains(name) || results.ends.iter().any(|(done, _)| done == name)
        };
        let rest: Vec<String> = expected
            .iter()
            .filter(|name| !known(name))
            .cloned()
            .collect();
        again.extend(rest);
        // With the culprit known the others are only for completeness, and the learner has waited long enough.
        let named = culprit.is_some();
        let budget = if named { limit / 4 } else { limit };
        results.death = Some((death, culprit));
        let printed = std::mem::take(&mut results.output);
        let gave = self.one_by_one(&again, budget, results, on);
        // What was printed is shown once: by the run in which the culprit died.
        if named || !results.has_culprit() {
            results.output = printed;
        }
        gave
    }

    /// Runs each test in a process of its own, within one limit for all.
    fn one_by_one(
        &self,
        names: &[String],
        limit: Duration,
        results: &mut Results,
        on: &mut dyn FnMut(Step),
    ) -> Option<Result<(), Environment>> {
        let deadline = Instant::now() + limit;
        let mut culprit = results.has_culprit();
        for (done, name) in names.iter().enumerate() {
            on(Step::Testing {
                done,
                total: names.len(),
            });
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                results.ends.push((name.clone(), None));
                continue;
            }
            let mut quiet = |_: Step| {};
            let ran = match self.start(&[name, "--exact", "--no-capture"], left, &mut quiet)? {
                Ok(ran) => ran,
                Err(environment) => return Some(Err(environment)),
            };
            let death = diagnose::death(&ran.outcome, ran.report.finished, self.exercise);
            if death.is_some() && !culprit {
                results.output.clear();
            }
            results.take_output(&ran);
            let end = ran
                .report
                .tests
                .into_iter()
                .find(|test| test.name == *name)
                .and_then(|test| test.end);
            match death {
                None => results
                    .ends
                    .extend(end.map(|end| (name.clone(), Some(end)))),
                Some(death) => {
                    results.ends.push((name.clone(), None));
                    if !culprit {
                        results.death = Some((death, Some(name.clone())));
                        results.last_words = ran.outcome.stderr.text();
                        culprit = true;
                    }
                }
            }
        }
        Some(Ok(()))
    }

    fn start(
        &self,
        args: &[&str],
        wall: Duration,
        on: &mut dyn FnMut(Step),
    ) -> Option<Result<Ran, Environment>> {
        let mut reader = Reader::default();
        let mut errors = Vec::new();
        let started =
            self.supervisor
                .run(
                    &self.job(args, wall),
                    self.cancel,
                    &mut |stream, bytes| match stream {
                        Stream::Out => {
                            if reader.push(bytes) {
                                on(Step::Testing {
                                    done: reader.ended(),
                                    total: reader.planned(),
                                });
                            }
                        }
                        Stream::Err => {
                            let room = KEEP.saturating_sub(errors.len()).min(bytes.len());
                            errors.extend_from_slice(&bytes[..room]);
                        }
                    },
                );
        match started {
            Ok(outcome) if outcome.ended == Ended::Cancelled => None,
            Ok(outcome) => {
                let mut report = reader.finish();
                report.other.extend_from_slice(&errors);
                Some(Ok(Ran { report, outcome }))
            }
            Err(trouble) => Some(Err(Environment::from(trouble))),
        }
    }

    fn job(&self, args: &[&str], wall: Duration) -> Job {
        let mut env = clean_env();
        set(&mut env, "RUSTC_BOOTSTRAP", "1");
        set(&mut env, "RUST_BACKTRACE", "0");
        let mut all: Vec<std::ffi::OsString> = ["-Z", "unstable-options", "--format", "json"]
            .map(Into::into)
            .into();
        all.extend(args.iter().map(Into::into));
        Job {
            program: self.binary.clone(),
            args: all,
            dir: self.scratch.to_path_buf(),
            env,
            limits: Limits {
                wall,
                memory: Some(self.exercise.limits.memory()),
                file_size: Some(FILE_SIZE),
                keep: KEEP,
                flood: FLOOD,
            },
            scratch: Some(self.scratch.to_path_buf()),
        }
    }

    /// Where each test of the binary comes from. `None` when cancelled.
    pub(super) fn sources(&self) -> Option<Result<Vec<(String, String)>, Environment>> {
        const WALL: Duration = Duration::from_secs(5);
        match self
            .supervisor
            .run(&self.job(&["--list"], WALL), self.cancel, &mut |_, _| {})
        {
            Ok(outcome) if outcome.ended == Ended::Cancelled => None,
            Ok(outcome) if outcome.ended == Ended::Exited(Exit::Code(0)) => {
                Some(Ok(libtest::listed(outcome.stdout.text().as_bytes())))
            }
            Ok(_) => Some(Ok(Vec::new())),
            Err(trouble) => Some(Err(Environment::from(trouble))),
        }
    }
}

/// Bytes of each stream that are kept.
const KEEP: usize = 64 << 10;

impl Results {
    fn has_culprit(&self) -> bool {
        let death = self.death.as_ref();
        death.is_some_and(|(_, test)| test.is_some())
    }

    fn take_output(&mut self, ran: &Ran) {
        let room = KEEP
            .saturating_sub(self.output.len())
            .min(ran.report.other.len());
        self.output.extend_from_slice(&ran.report.other[..room]);
        self.left_behind += ran.outcome.left_behind;
    }
}
