//! One run: its seed, its faults, its clock, and what is remembered of it.

use crate::Faults;
use crate::faults::Fault;
use crate::trace::Trace;
use clock::Clock;
use seeded::Rng;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// One of the schedules that [`explore`](crate::explore) tries: what happens is decided by its seed.
#[derive(Clone, Debug)]
pub struct Schedule {
    pub(crate) seed: u64,
    pub(crate) faults: Rc<Faults>,
    /// The faults that may happen; `None` means all.
    allowed: Option<Rc<BTreeSet<Fault>>>,
    clock: Clock,
    recording: bool,
    record: Rc<RefCell<Record>>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    /// The faults that did happen.
    pub happened: BTreeSet<Fault>,
    pub events: u64,
    pub trace: Trace,
}

impl Schedule {
    pub(crate) fn new(
        seed: u64,
        faults: &Rc<Faults>,
        allowed: Option<&Rc<BTreeSet<Fault>>>,
        recording: bool,
    ) -> Self {
        Self {
            seed,
            faults: faults.clone(),
            allowed: allowed.cloned(),
            clock: Clock::new(),
            recording,
            record: Rc::default(),
        }
    }

    /// The schedule of a script: without faults of its own, and always recorded.
    pub fn script() -> Self {
        Self::new(0, &Rc::new(Faults::NONE), None, true)
    }

    /// The seed of this schedule.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The clock on which this schedule runs: for what a test hands to its nodes. Only the simulator moves it.
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// Random numbers for the test's own choices, the same for the same seed.
    pub fn rng(&self) -> Rng {
        Rng::new(self.seed ^ 0x5eed_0f7e_57ed)
    }

    /// Adds a line to the trace, for what the test itself does; `text` is called only when there is one.
    pub fn note(&self, text: impl FnOnce() -> String) {
        self.line(false, text);
    }

    pub(crate) fn is_recording(&self) -> bool {
        self.recording
    }

    pub(crate) fn record(&self) -> Record {
        self.record.borrow().clone()
    }

    pub(crate) fn line(&self, is_fault: bool, text: impl FnOnce() -> String) {
        if self.recording {
            let line = text();
            let mut record = self.record.borrow_mut();
            record.trace.push(self.clock.now(), is_fault, line);
        }
    }

    pub(crate) fn count_event(&self) {
        self.record.borrow_mut().events += 1;
    }

    /// Whether this fault may happen now; it is remembered that it did.
    pub(crate) fn lets(&self, fault: Fault) -> bool {
        let may = self
            .allowed
            .as_ref()
            .is_none_or(|allowed| allowed.contains(&fault));
        if may {
            self.record.borrow_mut().happened.insert(fault);
        }
        may
    }
}
