//! A clock that stands still until a test moves it.
//!
//! What expires, backs off or beats is tested without waiting: the code under test reads a [`Clock`],
//! and the test calls [`Clock::advance`]. Clones share the time, and threads may.
//!
//! * Time is a [`Duration`] since the clock's start, so it prints well and compares exactly.
//!   [`Clock::instant`] says the same as a [`std::time::Instant`], for code that takes one.
//! * [`Time`] is what a learner's type asks for when it should run on a real clock, too: [`Clock`] and
//!   [`Real`] have it.
//! * [`Clock::at`] sets an alarm, [`Clock::sleep`] is a future. Alarms ring in the order of their
//!   deadlines, and while one rings the clock shows its deadline.
//!
//! ```
//! use clock::Clock;
//! use std::time::Duration;
//!
//! let clock = Clock::new();
//! let expires = clock.now() + Duration::from_secs(30);
//! clock.advance(Duration::from_secs(29));
//! assert!(clock.now() < expires);
//! clock.advance(Duration::from_secs(1));
//! assert!(clock.now() >= expires);
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

mod sleep;

pub use sleep::Sleep;

/// So many alarms may ring in one [`Clock::advance`]: more are alarms that set alarms without end.
const ALARMS: usize = 100_000;

/// Something that knows how much time has passed.
pub trait Time {
    /// The time since some moment in the past, which stays the same for one value and its clones.
    fn now(&self) -> Duration;
}

/// A clock that moves only when it is told to. Clones show the same time.
#[derive(Clone)]
pub struct Clock {
    start: Instant,
    state: Arc<Mutex<State>>,
}

/// An alarm that was set, to be cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alarm {
    at: Duration,
    number: u64,
}

type Ring = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct State {
    now: Duration,
    /// In the order in which they ring: by deadline, then in the order in which they were set.
    alarms: BTreeMap<Alarm, Ring>,
    set: u64,
}

impl Clock {
    /// A clock that shows zero.
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
            state: Arc::default(),
        }
    }

    /// The time since the start.
    pub fn now(&self) -> Duration {
        self.state().now
    }

    /// The time as an instant. Only differences of such instants mean something.
    pub fn instant(&self) -> Instant {
        self.start + self.now()
    }

    /// Lets time pass; alarms that become due ring on the way.
    ///
    /// # Panics
    /// When alarms set alarms that are due at once, for ever.
    #[track_caller]
    pub fn advance(&self, by: Duration) {
        self.advance_to(self.now() + by);
    }

    /// Lets time pass until the clock shows `then`. A moment in the past changes nothing.
    ///
    /// # Panics
    /// When alarms set alarms that are due at once, for ever.
    #[track_caller]
    pub fn advance_to(&self, then: Duration) {
        for _ in 0..ALARMS {
            let mut state = self.state();
            let due = state
                .alarms
                .first_entry()
                .filter(|due| due.key().at <= then);
            let Some(due) = due else {
                state.now = state.now.max(then);
                return;
            };
            let (alarm, ring) = due.remove_entry();
            state.now = state.now.max(alarm.at);
            drop(state);
            ring();
        }
        panic!(
            "more than {ALARMS} alarms until {then:?}, and the clock still shows {:?}: does an \
             alarm set itself again without waiting?",
            self.now()
        );
    }

    /// Lets time pass until the next alarm has rung; `false` when none is set.
    pub fn advance_to_next(&self) -> bool {
        let mut state = self.state();
        let Some((alarm, ring)) = state.alarms.pop_first() else {
            return false;
        };
        state.now = state.now.max(alarm.at);
        drop(state);
        ring();
        true
    }

    /// The time of the next alarm.
    pub fn next_deadline(&self) -> Option<Duration> {
        self.state()
            .alarms
            .first_key_value()
            .map(|(alarm, _)| alarm.at)
    }

    /// Calls `ring` when the clock shows `then`. An alarm in the past rings with the next advance,
    /// even one of zero, and never at once.
    pub fn at(&self, then: Duration, ring: impl FnOnce() + Send + 'static) -> Alarm {
        let mut state = self.state();
        state.set += 1;
        let alarm = Alarm {
            at: then,
            number: state.set,
        };
        state.alarms.insert(alarm, Box::new(ring));
        alarm
    }

    /// Takes an alarm back; `false` when it has rung, or was taken back before.
    pub fn cancel(&self, alarm: Alarm) -> bool {
        self.state().alarms.remove(&alarm).is_some()
    }

    /// A future that is ready when so much time has passed from now on.
    pub fn sleep(&self, time: Duration) -> Sleep {
        self.sleep_until(self.now() + time)
    }

    /// A future that is ready when the clock shows `then`.
    pub fn sleep_until(&self, then: Duration) -> Sleep {
        Sleep::new(self.clone(), then)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({:?})", self.now())
    }
}

impl Time for Clock {
    fn now(&self) -> Duration {
        Clock::now(self)
    }
}

impl<T: Time + ?Sized> Time for &T {
    fn now(&self) -> Duration {
        (**self).now()
    }
}

/// The real, monotonic clock: the time since it was made.
#[derive(Clone, Copy, Debug)]
pub struct Real(Instant);

impl Real {
    /// A real clock that shows zero now.
    pub fn start() -> Self {
        Self(Instant::now())
    }
}

impl Time for Real {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests;
