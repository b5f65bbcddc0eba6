//! A learner at work on a machine, and what must be true of what was told to be done.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use backlings::progress::{Disk, Entry, Event, Notice, Passed, StateError, Store, replace};
use jiff::Timestamp;

use super::machine::Machine;

const STATE: &str = "/w/.backlings";
pub const EXERCISES: [&str; 3] = ["stack", "queue", "heap"];

/// One thing that a learner does, on the exercise of this number.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    Choose(usize),
    Fail(usize),
    Hint(usize),
    Pass(usize),
    Reopen(usize),
    /// Types another version.
    Edit(usize),
    /// Back to the stub, with the version kept first.
    Reset(usize),
    /// The newest attempt comes back, with the version kept first.
    Restore(usize),
}

/// Content of an exercise's files.
type Version = Vec<(String, Vec<u8>)>;

/// What was promised, whatever happened since.
#[derive(Clone, Default)]
pub struct Promises {
    /// By exercise, the hashes that may count as done (`None`: it may be pending).
    done: BTreeMap<&'static str, BTreeSet<Option<String>>>,
    /// By exercise, the least and the largest number of hints.
    hints: BTreeMap<&'static str, (u32, u32)>,
    /// Versions that were kept.
    kept: Vec<(&'static str, Version)>,
    /// By exercise, what the learner typed last: it must be in the files or kept.
    typed: BTreeMap<&'static str, Version>,
    current: BTreeSet<Option<&'static str>>,
    clock: i64,
}

pub struct Learner {
    pub machine: Machine,
    pub store: Store,
    pub promises: Promises,
}

fn folder(exercise: &str) -> String {
    format!("01_structures/{exercise}")
}

fn file(exercise: &str, name: &str) -> String {
    format!("/w/exercises/{}/{name}", folder(exercise))
}

fn names(exercise: &str) -> [String; 2] {
    [format!("{exercise}.rs"), "parts/more.rs".to_string()]
}

impl Learner {
    /// A machine with a fresh workspace.
    pub fn new() -> Self {
        let machine = Machine::new();
        for dir in ["/w", "/w/exercises", "/w/exercises/01_structures"] {
            machine.create_dir(Path::new(dir)).unwrap();
        }
        let mut promises = Promises::default();
        promises.current.insert(None);
        for exercise in EXERCISES {
            promises.done.insert(exercise, [None].into());
            promises.hints.insert(exercise, (0, 0));
            for dir in ["", "parts"] {
                let dir = file(exercise, dir);
                machine.create_dir(Path::new(&dir)).unwrap();
            }
            for name in names(exercise) {
                let path = file(exercise, &name);
                machine.append(Path::new(&path), b"todo!()").unwrap();
            }
        }
        machine.settle();
        let (store, notices) = Store::open_on(Box::new(machine.clone()), Path::new(STATE)).unwrap();
        assert_eq!(notices, []);
        Self {
            machine,
            store,
            promises,
        }
    }

    /// The same learner after the machine died, in a new process.
    pub fn after(promises: &Promises, machine: Machine) -> (Self, Vec<Notice>) {
        let (store, notices) = Store::open_on(Box::new(machine.clone()), Path::new(STATE))
            .expect("a crash must leave a state that can be opened");
        let promises = promises.clone();
        let learner = Self {
            machine,
            store,
            promises,
        };
        (learner, notices)
    }

    /// Does a step; what it promises counts once it returns without an error.
    pub fn step(&mut self, step: Step) -> Result<(), StateError> {
        self.promises.clock += 1;
        let at = Timestamp::from_second(1_700_000_000 + self.promises.clock / 3).unwrap();
        let at = at + Duration::from_nanos(self.promises.clock.unsigned_abs());
        match step {
            Step::Choose(number) => {
                let name = EXERCISES[number];
                self.promises.current.insert(Some(name));
                self.store.update(|progress| progress.set_current(name))?;
                self.promises.current = [Some(name)].into();
            }
            Step::Fail(number) => {
                let time = Duration::from_millis(7);
                let name = EXERCISES[number];
                let entry = Entry::judged(at, name, "tests_failed", time, time, "00");
                self.store.record(&entry)?;
            }
            Step::Hint(number) => {
                let name = EXERCISES[number];
                self.promises.hints.get_mut(name).unwrap().1 += 1;
                let shown = self.store.show_hint(name, at)?;
                self.promises.hints.insert(name, (shown, shown));
            }
            Step::Pass(number) => self.pass(EXERCISES[number], at)?,
            Step::Reopen(number) => {
                let name = EXERCISES[number];
                self.promises.may(name, None);
                self.store.reopen(name, at)?;
                self.promises.done.insert(name, [None].into());
            }
            Step::Edit(number) => self.edit(EXERCISES[number])?,
            Step::Reset(number) => {
                let name = EXERCISES[number];
                let stub = names(name).map(|file| (file, b"todo!()".to_vec()));
                self.replace(name, "reset", at, &stub)?;
                self.store.record(&Entry::event(at, name, Event::Reset))?;
            }
            Step::Restore(number) => {
                let name = EXERCISES[number];
                if let Some(newest) = self.store.attempts(&folder(name))?.last() {
                    let files = self.store.load(newest)?;
                    self.replace(name, "restore", at, &files)?;
                }
            }
        }
        Ok(())
    }

    fn pass(&mut self, exercise: &'static str, at: Timestamp) -> Result<(), StateError> {
        let version = self.version(exercise)?;
        let hash = format!("{:08x}", self.promises.clock);
        self.promises.may(exercise, Some(hash.clone()));
        let (compile, run) = (Duration::from_millis(80), Duration::from_millis(3));
        let passed = Passed {
            exercise,
            folder: &folder(exercise),
            hash: &hash,
            at,
            compile,
            run,
        };
        self.store.pass(&passed, &version)?;
        self.promises.done.insert(exercise, [Some(hash)].into());
        if self.store.take_notices().is_empty() {
            self.promises.kept.push((exercise, version));
        }
        Ok(())
    }

    /// The learner saves both files; what was in them is gone, by the learner's own will.
    fn edit(&mut self, exercise: &'static str) -> Result<(), StateError> {
        self.promises.typed.remove(exercise);
        let text = format!("version {}", self.promises.clock);
        for name in names(exercise) {
            let path = file(exercise, &name);
            replace(&self.machine, Path::new(&path), text.as_bytes())?;
        }
        let version = self.version(exercise)?;
        self.promises.typed.insert(exercise, version);
        Ok(())
    }

    /// What `reset`, `update` and `restore` do.
    fn replace(
        &mut self,
        exercise: &'static str,
        why: &str,
        at: Timestamp,
        files: &[(String, Vec<u8>)],
    ) -> Result<(), StateError> {
        let old = self.version(exercise)?;
        self.store.keep(&folder(exercise), &old, why, at, "")?;
        self.promises.kept.push((exercise, old));
        for (name, bytes) in files {
            replace(&self.machine, Path::new(&file(exercise, name)), bytes)?;
        }
        Ok(())
    }

    /// What the exercise's files hold now.
    fn version(&self, exercise: &str) -> Result<Version, StateError> {
        let mut version = Vec::new();
        for name in names(exercise) {
            let path = file(exercise, &name);
            let mut bytes = Vec::new();
            let read = self.machine.reader(Path::new(&path), 0);
            read.and_then(|mut reader| reader.read_to_end(&mut bytes))
                .map_err(|source| StateError::Io {
                    doing: "read",
                    path: path.into(),
                    source,
                })?;
            version.push((name, bytes));
        }
        version.sort();
        Ok(version)
    }

    /// Checks every promise.
    pub fn check(&self) {
        let progress = self.store.progress();
        for (exercise, allowed) in &self.promises.done {
            let hash = progress.done.get(*exercise).map(|done| done.hash.clone());
            assert!(
                allowed.contains(&hash),
                "{exercise}: {hash:?}, not {allowed:?}"
            );
        }
        for (exercise, (least, most)) in &self.promises.hints {
            let shown = progress.hints_shown(exercise);
            assert!(
                (*least..=*most).contains(&shown),
                "{exercise}: {shown} hints, not {least} to {most}"
            );
        }
        let current = progress.current.as_deref();
        assert!(
            self.promises.current.iter().any(|name| *name == current),
            "current is {current:?}"
        );
        self.check_versions();
    }

    fn check_versions(&self) {
        for exercise in EXERCISES {
            let mut found = Vec::new();
            for attempt in self.store.attempts(&folder(exercise)).unwrap() {
                assert!(!attempt.why.is_empty(), "{attempt:?} is not complete");
                found.push(self.store.load(&attempt).unwrap());
            }
            for (_, version) in self.promises.kept.iter().filter(|(of, _)| *of == exercise) {
                assert!(found.contains(version), "{exercise}: {version:?} is lost");
            }
            let files = self.version(exercise).unwrap();
            if let Some(typed) = self.promises.typed.get(exercise) {
                let there = files == *typed || found.contains(typed);
                assert!(there, "{exercise}: {typed:?} is lost");
            }
            // Nothing half: each file has one whole content, old or new.
            for (_, bytes) in &files {
                let text = String::from_utf8_lossy(bytes);
                assert!(
                    text == "todo!()" || text.starts_with("version "),
                    "{text:?}"
                );
            }
        }
    }

    /// Works on after a crash, and finds nothing left over.
    pub fn check_life_goes_on(&mut self) {
        for number in 0..EXERCISES.len() {
            for step in [
                Step::Edit(number),
                Step::Pass(number),
                Step::Hint(number),
                Step::Reset(number),
            ] {
                self.step(step).unwrap();
            }
        }
        self.check();
        let left: Vec<_> = self.machine.paths();
        let left = left.iter().filter(|path| path.contains("tmp"));
        assert_eq!(left.collect::<Vec<_>>(), [] as [&String; 0]);
    }
}

impl Promises {
    /// From now on, until something else is certain, this may be so.
    fn may(&mut self, exercise: &'static str, hash: Option<String>) {
        self.done.get_mut(exercise).unwrap().insert(hash);
    }
}
