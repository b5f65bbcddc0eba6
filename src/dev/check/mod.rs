//! The gate: everything about an exercise that a machine can hold, all findings at once.
//!
//! Texts are looked at each time; what needs the compiler is remembered by content, so that only what has changed is judged again.

mod agree;
mod finding;
mod fixed;
mod imports;
mod judged;
mod lints;
mod record;
mod report;
mod text;
mod work;

pub use finding::{Finding, Rule};
pub use record::{Record, Records};
pub use report::{Checked, Report};

use std::collections::BTreeMap;
use std::path::Path;

use record::Keys;
use work::{Gave, Item, Task};

use super::load::Load;
use crate::judge::{Environment, Judge, Sources, Verdict};
use crate::supervise::Supervisor;
use crate::track::{Exercise, Fault, Signatures, Track, TrackError};

/// How to check.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How often the solution is judged.
    pub repeat: u32,
    /// Whether every core is kept busy meanwhile.
    pub load: bool,
    /// Whether what has not changed is judged again.
    pub force: bool,
    /// How many at a time.
    pub jobs: usize,
    /// Whether `cargo test` is asked as well.
    pub agree: bool,
    /// Whether the failures of wrong answers are recorded in the track.
    pub write: bool,
}

/// How far it is, for a progress bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is done.
    pub done: usize,
    /// What there is to do.
    pub total: usize,
    /// What it is about.
    pub name: String,
}

/// A gate cannot be opened at all.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The toolchain is missing.
    #[error(transparent)]
    Environment(#[from] Environment),
    /// The track cannot be read.
    #[error(transparent)]
    Track(#[from] TrackError),
    /// Something cannot be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

/// The gate of one track.
pub struct Gate<'a> {
    /// The track, without the exercises that cannot be read.
    pub track: &'a Track,
    /// The learner's very judge.
    pub judge: &'a Judge,
    /// For cargo.
    pub supervisor: &'a Supervisor,
    /// Where records and caches are kept.
    pub state: &'a Path,
}

/// How much of an exercise has to be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// Nothing: all is known.
    Nothing,
    /// The solution, more often than before or under load: everything else is known.
    Solution,
    /// Everything.
    Whole,
}

/// What is known of one exercise while it is checked.
#[derive(Default)]
struct Heap {
    stub: Option<Verdict>,
    solutions: Vec<Verdict>,
    wrong: BTreeMap<String, Verdict>,
    lints: Vec<Finding>,
}

impl Gate<'_> {
    /// Checks these exercises, and with `whole` the track as such too.
    ///
    /// # Errors
    /// When nothing can be judged, or a file of the track cannot be written.
    pub fn check(
        &self,
        selected: &[&Exercise],
        faults: &[Fault],
        whole: bool,
        options: &Options,
        on: &mut dyn FnMut(Progress),
    ) -> Result<Report, CheckError> {
        let mut records = Records::open(self.state);
        let keys = Keys::new(self.track, self.judge.toolchain()?)?;
        let keys: Vec<String> = selected
            .iter()
            .map(|exercise| keys.of(self.track, exercise))
            .collect::<Result<_, _>>()?;
        let scopes: Vec<Scope> = selected
            .iter()
            .zip(&keys)
            .map(|(exercise, key)| match records.get(exercise) {
                Some(known) if known.holds(key) && !options.force => {
                    known.scope(options.repeat, options.load)
                }
                _ => Scope::Whole,
            })
            .collect();
        let load = options.load.then(Load::start);
        self.judge_open(selected, &keys, &scopes, options, &mut records, on);
        drop(load);
        if options.agree {
            self.agree(selected, &mut records, on);
        }
        records.save();
        if options.write {
            self.write(selected, &records)?;
        }
        let open: Vec<bool> = scopes
            .iter()
            .map(|scope| *scope != Scope::Nothing)
            .collect();
        Ok(self.report(selected, &open, faults, whole, &records, options))
    }

    fn judge_open(
        &self,
        selected: &[&Exercise],
        keys: &[String],
        scopes: &[Scope],
        options: &Options,
        records: &mut Records,
        on: &mut dyn FnMut(Progress),
    ) {
        let mut items = Vec::new();
        let mut left = vec![0; selected.len()];
        for (index, exercise) in selected.iter().enumerate() {
            if scopes[index] == Scope::Whole {
                records.forget(exercise);
            }
            // What cannot be read is found by those who look at texts.
            let tasks = self.tasks(exercise, scopes[index], options.repeat);
            let tasks = tasks.unwrap_or_default();
            left[index] = tasks.len();
            items.extend(tasks.into_iter().map(|task| Item {
                index,
                exercise,
                task,
            }));
        }
        let mut heaps: Vec<Heap> = selected.iter().map(|_| Heap::default()).collect();
        let (mut done, total) = (0, items.len());
        work::all(self.track, self.judge, &items, options.jobs, &mut |it| {
            let heap = &mut heaps[it.index];
            match it.gave {
                Gave::Stub(verdict) => heap.stub = Some(verdict),
                Gave::Solution(verdicts) => heap.solutions.extend(verdicts),
                Gave::Wrong(name, verdict) => drop(heap.wrong.insert(name, verdict)),
                Gave::Lints(found) => heap.lints = found,
            }
            done += 1;
            left[it.index] -= 1;
            let exercise = selected[it.index];
            on(Progress {
                done,
                total,
                name: exercise.name.clone(),
            });
            if left[it.index] == 0 {
                let heap = std::mem::take(heap);
                let record = match scopes[it.index] {
                    Scope::Whole => self.record(exercise, heap, keys[it.index].clone(), options),
                    _ => self.repeated(exercise, &heap, records, options),
                };
                if let Some(record) = record {
                    records.put(exercise, record);
                    // So that a check that is stopped has not been for nothing.
                    records.save();
                }
            }
        });
    }

    fn tasks(
        &self,
        exercise: &Exercise,
        scope: Scope,
        repeat: u32,
    ) -> Result<Vec<Task>, TrackError> {
        let mut tasks = Vec::new();
        if scope == Scope::Nothing {
            return Ok(tasks);
        }
        let solution = self.track.solution(exercise)?;
        // From two compilations, if it is to be more than once.
        for times in [repeat / 2, repeat - repeat / 2] {
            if times > 0 {
                tasks.push(Task::Solution(Sources::from_files(solution.clone()), times));
            }
        }
        if scope == Scope::Solution {
            return Ok(tasks);
        }
        let stub = self.track.pristine(exercise)?;
        let own = |file: &crate::track::File| exercise.files.contains(&file.name);
        let stub = stub.into_iter().filter(own).collect();
        tasks.push(Task::Stub(Sources::from_files(stub)));
        for (name, answer) in self.track.wrong_answers(exercise)? {
            if let Ok(files) = answer.and_then(|answer| answer.apply(&solution)) {
                tasks.push(Task::Wrong(name, Sources::from_files(files)));
            }
        }
        tasks.push(Task::Lints);
        Ok(tasks)
    }

    /// What all verdicts on an exercise say together.
    fn record(
        &self,
        exercise: &Exercise,
        heap: Heap,
        key: String,
        options: &Options,
    ) -> Option<Record> {
        let expected = self.track.expected_tests(exercise).ok()?;
        let stub = heap.stub?;
        let mut findings = judged::stub(exercise, &stub);
        findings.extend(judged::solution(
            exercise,
            &heap.solutions,
            &expected,
            !options.load,
        ));
        let mut judgeable = stub.counts();
        let mut wrong = BTreeMap::new();
        for (name, verdict) in &heap.wrong {
            let place = format!("{}/wrong/{name}.diff", exercise.solution_dir());
            findings.extend(judged::wrong(&place, verdict));
            judgeable &= verdict.counts();
            wrong.insert(name.clone(), verdict.signature(&expected));
        }
        findings.extend(heap.lints);
        let fastest = heap.solutions.iter().map(|verdict| verdict.run).min();
        let signatures = Signatures {
            stub: stub.signature(&expected),
            wrong,
        };
        Some(Record {
            key,
            repeats: options.repeat,
            findings,
            agreed: false,
            signatures: judgeable.then_some(signatures),
            tests: expected.len(),
            run_ms: fastest.map_or(0, |time| {
                u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
            }),
        })
    }

    /// What is known of an exercise, and what judging its solution again adds to it.
    fn repeated(
        &self,
        exercise: &Exercise,
        heap: &Heap,
        records: &Records,
        options: &Options,
    ) -> Option<Record> {
        let mut record = records.get(exercise)?.clone();
        let expected = self.track.expected_tests(exercise).ok()?;
        let found = judged::solution(exercise, &heap.solutions, &expected, !options.load);
        record.findings.extend(found);
        record.repeats = record.repeats.max(options.repeat);
        Some(record)
    }

    /// Asks cargo about every exercise that it was not asked about, and that is right by itself.
    fn agree(&self, selected: &[&Exercise], records: &mut Records, on: &mut dyn FnMut(Progress)) {
        let mut subjects = Vec::new();
        for exercise in selected {
            let Some(record) = records.get(exercise).filter(|record| !record.agreed) else {
                continue;
            };
            let Some(signatures) = &record.signatures else {
                continue;
            };
            subjects.extend(agree::Subject::new(self.track, exercise, signatures).ok());
        }
        let toolchain = match self.judge.toolchain() {
            Ok(toolchain) if !subjects.is_empty() => toolchain,
            _ => return,
        };
        let agreement = agree::Agreement {
            track: self.track,
            supervisor: self.supervisor,
            toolchain,
            state: self.state,
        };
        for (name, found) in agreement.ask(&mut subjects, on) {
            let Some(record) = selected
                .iter()
                .find(|exercise| exercise.name == name)
                .and_then(|exercise| records.get_mut(exercise))
            else {
                continue;
            };
            record
                .findings
                .retain(|finding| finding.rule != Rule::Agreement);
            record.agreed = found.is_empty();
            record.findings.extend(found);
        }
    }
}
