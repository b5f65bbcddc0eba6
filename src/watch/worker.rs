//! The judge's thread: one job at a time, and the newest job takes the place of whatever runs or waits.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::Message;
use super::course::Course;
use super::session::{Checked, Judged};
use crate::judge::{Judge, Kind, Memory, Rechecked, Sources, Step, Toolchain, Unreadable, Verdict};
use crate::supervise::Cancel;
use crate::workspace::Workspace;

/// What the thread is to do.
pub(super) enum Job {
    /// Judge a version of an item.
    Judge {
        id: u64,
        item: usize,
        sources: Sources,
    },
    /// Check that items pass as they are on the disk.
    Check { id: u64, items: Vec<usize> },
}

/// A version of an item for Clippy, when nothing else is to be done.
type Advice = (usize, Arc<Judged>);

/// The thread, and the way to it.
pub(super) struct Worker {
    desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Desk {
    tray: Mutex<Tray>,
    ready: Condvar,
}

#[derive(Default)]
struct Tray {
    job: Option<Job>,
    advice: Option<Advice>,
    running: Cancel,
    closed: bool,
}

impl Worker {
    /// Starts the thread, which sends what comes of its jobs.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(
        judge: Judge,
        workspace: Workspace,
        course: Arc<Course>,
        tell: Sender<Message>,
    ) -> std::io::Result<Self> {
        let desk = Arc::new(Desk::default());
        let bench = Bench {
            desk: Arc::clone(&desk),
            judge,
            workspace,
            course,
            tell,
        };
        let thread = std::thread::Builder::new()
            .name("judge".into())
            .spawn(move || bench.run())?;
        Ok(Self {
            desk,
            thread: Some(thread),
        })
    }

    /// Has this done, in place of whatever is being done.
    pub(super) fn submit(&self, job: Job) {
        let mut tray = self.desk.lock();
        tray.running.cancel();
        tray.advice = None;
        tray.job = Some(job);
        self.desk.ready.notify_one();
    }

    /// Asks for advice when nothing else is to be done. It waits for jobs, and never makes one wait.
    pub(super) fn advise(&self, item: usize, judged: Arc<Judged>) {
        self.desk.lock().advice = Some((item, judged));
        self.desk.ready.notify_one();
    }

    /// Stops whatever is being done.
    pub(super) fn cancel(&self) {
        let mut tray = self.desk.lock();
        tray.job = None;
        tray.advice = None;
        tray.running.cancel();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.cancel();
        self.desk.lock().closed = true;
        self.desk.ready.notify_one();
        if let Some(thread) = self.thread.take() {
            // A panic in there has been told already.
            let _ = thread.join();
        }
    }
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, Tray> {
        self.tray.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for something to do; nothing when the desk is closed.
    fn next(&self) -> Option<(Task, Cancel)> {
        let mut tray = self.lock();
        loop {
            if tray.closed {
                return None;
            }
            let job = tray.job.take().map(Task::Job);
            let task = job.or_else(|| tray.advice.take().map(Task::Advise));
            if let Some(task) = task {
                tray.running = Cancel::new();
                return Some((task, tray.running.clone()));
            }
            tray = self
                .ready
                .wait(tray)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

enum Task {
    Job(Job),
    Advise(Advice),
}

/// What the thread works with.
struct Bench {
    desk: Arc<Desk>,
    judge: Judge,
    workspace: Workspace,
    course: Arc<Course>,
    tell: Sender<Message>,
}

impl Drop for Bench {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.tell(Message::Broken);
        }
    }
}

impl Bench {
    fn run(self) {
        while let Some((task, cancel)) = self.desk.next() {
            match task {
                Task::Job(Job::Judge { id, item, sources }) => {
                    let verdict = self.judge(id, item, &sources, &cancel);
                    let judged = verdict.map(|verdict| Arc::new(Judged { verdict, sources }));
                    self.tell(Message::Judged(id, judged));
                    self.prepare(item);
                }
                Task::Job(Job::Check { id, items }) => {
                    let results = self.check(id, &items, &cancel);
                    self.tell(Message::Checked(id, results));
                }
                Task::Advise((item, judged)) => self.advise(item, &judged.sources, &cancel),
            }
        }
    }

    /// The loop is gone only when everything ends.
    fn tell(&self, message: Message) {
        let _ = self.tell.send(message);
    }

    fn judge(&self, id: u64, item: usize, sources: &Sources, cancel: &Cancel) -> Option<Verdict> {
        let exercise = self.course.exercise(item);
        let mut last: Option<Step> = None;
        let mut on = |step: Step| {
            if last.as_ref() != Some(&step) {
                last = Some(step.clone());
                self.tell(Message::Step(id, step));
            }
        };
        self.judge
            .judge(self.course.track(), exercise, sources, cancel, &mut on)
    }

    /// The crates that the exercises after this one need are built while the learner still works on it.
    fn prepare(&self, item: usize) {
        const AHEAD: usize = 3;
        let group = self.course.exercise(item).group_index;
        let soon = (item + 1..self.course.len())
            .take(AHEAD)
            .map(|item| self.course.exercise(item));
        if let Some(exercise) = soon
            .into_iter()
            .find(|exercise| exercise.group_index != group)
        {
            self.judge.prepare(self.course.track(), exercise);
        }
    }

    fn advise(&self, item: usize, sources: &Sources, cancel: &Cancel) {
        let exercise = self.course.exercise(item);
        let advice = self
            .judge
            .advice(self.course.track(), exercise, sources, cancel);
        let rendered: Vec<String> = advice
            .into_iter()
            .flatten()
            .map(|one| one.rendered)
            .collect();
        if !rendered.is_empty() {
            self.tell(Message::Advice(item, rendered));
        }
    }

    /// Checks on all cores; what has not changed since it passed is not judged again.
    fn check(&self, id: u64, items: &[usize], cancel: &Cancel) -> Option<Vec<(usize, Checked)>> {
        let Ok(toolchain) = self.judge.toolchain() else {
            return Some(items.iter().map(|&item| (item, Checked::Unknown)).collect());
        };
        let known = Memory::open(&self.workspace.state());
        let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = || {
            let mut found = Vec::new();
            while let Some(&item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                let (result, key) = self.check_one(item, toolchain, &known, cancel)?;
                found.push((item, result, key));
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                self.tell(Message::Checking {
                    id,
                    done,
                    total: items.len(),
                });
            }
            Some(found)
        };
        let cores = std::thread::available_parallelism()
            .map_or(1, usize::from)
            .min(items.len());
        let parts: Vec<Option<Vec<_>>> = std::thread::scope(|scope| {
            let others: Vec<_> = (1..cores).map(|_| scope.spawn(work)).collect();
            let own = work();
            let others = others.into_iter().map(|other| match other.join() {
                Ok(found) => found,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            std::iter::once(own).chain(others).collect()
        });
        let mut memory = known;
        let mut results = Vec::with_capacity(items.len());
        for (item, result, key) in parts
            .into_iter()
            .collect::<Option<Vec<_>>>()?
            .into_iter()
            .flatten()
        {
            if let Some(key) = key {
                memory.remember(self.course.exercise(item), key);
            }
            results.push((item, result));
        }
        memory.save();
        results.sort_by_key(|(item, _)| *item);
        Some(results)
    }

    /// What checking an item gives, and what to remember of it. Nothing when cancelled.
    fn check_one(
        &self,
        item: usize,
        toolchain: &Toolchain,
        known: &Memory,
        cancel: &Cancel,
    ) -> Option<(Checked, Option<String>)> {
        let (track, exercise) = (self.course.track(), self.course.exercise(item));
        let root = self.workspace.root();
        let checked = self
            .judge
            .recheck(track, root, exercise, toolchain, Some(known), cancel)?;
        Some(match checked {
            Rechecked::Unchanged => (Checked::Passes, None),
            Rechecked::Judged { verdict, key, .. } => match verdict.kind {
                Kind::Passed => (Checked::Passes, Some(key)),
                Kind::Environment { .. } => (Checked::Unknown, None),
                _ => (Checked::Fails, None),
            },
            Rechecked::Unreadable(Unreadable::Io { .. }) | Rechecked::Broken(_) => {
                (Checked::Unknown, None)
            }
            Rechecked::Unreadable(_) => (Checked::Fails, None),
        })
    }
}
