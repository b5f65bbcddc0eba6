//! Order between threads, without sleeping.

use std::sync::{Arc, Barrier, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::{DEADLINE, give_up, patience};

/// Holds threads until the test lets them go on; clones are the same gate.
///
/// Code under test calls [`pass`](Gate::pass); the test waits for it with
/// [`wait_for`](Gate::wait_for), does what has to happen meanwhile, and calls [`open`](Gate::open).
#[derive(Clone)]
pub struct Gate(Arc<Inside>);

struct Inside {
    name: String,
    deadline: Duration,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    arrived: usize,
    open: bool,
}

impl Gate {
    /// A closed gate; `name` stands in messages.
    pub fn new(name: &str) -> Self {
        Self::with_deadline(name, DEADLINE)
    }

    /// A closed gate with another deadline for each wait.
    pub fn with_deadline(name: &str, deadline: Duration) -> Self {
        Self(Arc::new(Inside {
            name: name.to_string(),
            deadline,
            state: Mutex::default(),
            changed: Condvar::new(),
        }))
    }

    /// Arrives, and waits until the gate is open.
    ///
    /// # Panics
    /// When nobody opens it.
    #[track_caller]
    pub fn pass(&self) {
        self.0.state().arrived += 1;
        self.0.changed.notify_all();
        self.0
            .wait("stayed closed", "did the test end early?", |state| {
                state.open
            });
    }

    /// Waits until `n` threads have arrived in all.
    ///
    /// # Panics
    /// When they do not.
    #[track_caller]
    pub fn wait_for(&self, n: usize) {
        let what = format!("was not reached {n} times");
        let hint = "is the code that should come here called, and does it run beside what is \
                    here already?";
        self.0.wait(&what, hint, |state| state.arrived >= n);
    }

    /// How many threads have arrived until now.
    pub fn arrived(&self) -> usize {
        self.0.state().arrived
    }

    /// Lets all go on, those that come later as well.
    pub fn open(&self) {
        self.0.state().open = true;
        self.0.changed.notify_all();
    }
}

impl Inside {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[track_caller]
    fn wait(&self, what: &str, hint: &str, done: impl Fn(&State) -> bool) {
        let deadline = patience(self.deadline);
        let (state, _) = self
            .changed
            .wait_timeout_while(self.state(), deadline, |state| !done(state))
            .unwrap_or_else(PoisonError::into_inner);
        if !done(&state) {
            let (arrived, seconds) = (state.arrived, deadline.as_secs_f32());
            // Others that wait here must not meet a poisoned lock instead of their own end.
            drop(state);
            give_up();
            panic!(
                "{:?} {what} within {seconds} s (arrived: {arrived})\n  hint: {hint}",
                self.name
            );
        }
    }
}

/// Runs `f` on a thread of its own and gives its result; `what` is what it does, for the message
/// when it does not come to its end.
///
/// # Panics
/// When `f` does, with its panic; when it does not return within [`DEADLINE`].
#[track_caller]
pub fn within<R: Send + 'static>(what: &str, f: impl FnOnce() -> R + Send + 'static) -> R {
    bounded(DEADLINE, what, f)
}

#[track_caller]
pub(crate) fn bounded<R: Send + 'static>(
    deadline: Duration,
    what: &str,
    f: impl FnOnce() -> R + Send + 'static,
) -> R {
    let deadline = patience(deadline);
    let (done, wait) = std::sync::mpsc::channel();
    let name = thread::current().name().unwrap_or("test").to_string();
    let worker = thread::Builder::new()
        .name(name)
        .spawn(move || {
            done.send(f()).ok();
        })
        .expect("a thread can be started");
    match wait.recv_timeout(deadline) {
        Ok(result) => result,
        Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
            let seconds = deadline.as_secs_f32();
            give_up();
            panic!(
                "{what} did not return within {seconds} s\n  hint: which call there can wait for \
                 ever: accept, read, write, join, recv, or lock?"
            )
        }
        Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => match worker.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => unreachable!("a result was sent or the thread panicked"),
        },
    }
}

/// Runs `f` on `n` threads which start at the same moment, and gives their results in order.
///
/// # Panics
/// When one of them does, with its panic.
pub fn together<R: Send>(n: usize, f: impl Fn(usize) -> R + Sync) -> Vec<R> {
    let (start, f) = (Barrier::new(n), &f);
    let name = thread::current().name().unwrap_or("test").to_string();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..n)
            .map(|i| {
                let start = &start;
                thread::Builder::new()
                    .name(name.clone())
                    .spawn_scoped(scope, move || {
                        start.wait();
                        f(i)
                    })
                    .expect("a thread can be started")
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join())
            .map(|end| end.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// Asks again and again, until the answer is yes or the deadline has passed; says which.
pub(crate) fn eventually(deadline: Duration, mut is: impl FnMut() -> bool) -> bool {
    let until = Instant::now() + deadline;
    loop {
        if is() {
            return true;
        }
        if Instant::now() >= until {
            return false;
        }
        thread::park_timeout(Duration::from_millis(1));
    }
}

/// The time left; a socket takes no time-out of zero.
pub(crate) fn left(until: Instant) -> std::io::Result<Duration> {
    match until.saturating_duration_since(Instant::now()) {
        Duration::ZERO => Err(std::io::ErrorKind::TimedOut.into()),
        left => Ok(left),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    const SOON: Duration = Duration::from_millis(50);

    #[track_caller]
    fn message<R>(act: impl FnOnce() -> R) -> String {
        let panic = catch_unwind(AssertUnwindSafe(act))
            .err()
            .expect("it must fail");
        *panic.downcast::<String>().expect("a message")
    }

    #[test]
    fn a_gate_holds_threads_until_it_is_open() {
        let gate = Gate::new("handler");
        let (tell, hear) = std::sync::mpsc::channel();
        let worker = thread::spawn({
            let gate = gate.clone();
            move || {
                gate.pass();
                tell.send(()).unwrap();
            }
        });
        gate.wait_for(1);
        assert!(hear.try_recv().is_err(), "it went through a closed gate");
        gate.open();
        worker.join().unwrap();
        gate.pass();
        assert_eq!(gate.arrived(), 2);
    }

    #[test]
    fn catches_a_gate_that_nobody_reaches_or_opens() {
        let gate = Gate::with_deadline("handler", SOON);
        let unreached = message(|| gate.wait_for(2));
        assert!(
            unreached.starts_with("\"handler\" was not reached 2 times within 0.05 s (arrived: 0)"),
            "{unreached}"
        );
        let closed = message(|| gate.pass());
        assert!(closed.contains("stayed closed"), "{closed}");
    }

    #[test]
    fn within_gives_results_and_panics() {
        assert_eq!(within("a sum", || 1 + 1), 2);
        let message = message(|| within("a panic", || std::panic::panic_any("2 of 3".to_string())));
        assert_eq!(message, "2 of 3");
    }

    #[test]
    fn catches_what_does_not_return() {
        let message = message(|| {
            bounded(SOON, "shutdown", || {
                loop {
                    thread::park();
                }
            })
        });
        assert!(
            message.starts_with("shutdown did not return within 0.05 s"),
            "{message}"
        );
    }

    #[test]
    fn together_runs_side_by_side() {
        // Each waits for all others: one after the other would never end.
        let all = Barrier::new(4);
        let results = together(4, |i| {
            all.wait();
            10 * i
        });
        assert_eq!(results, [0, 10, 20, 30]);
        assert!(catch_unwind(|| together(2, |i| assert_eq!(i, 0))).is_err());
    }

    #[test]
    fn eventually_ends() {
        let mut asked = 0;
        let third = || {
            asked += 1;
            asked == 3
        };
        assert!(eventually(DEADLINE, third));
        assert!(!eventually(SOON, || false));
    }
}
