//! Is there an order of these operations that a single copy could have followed?
//!
//! Clients called a shared object at the same time. Their calls are *linearizable* when each can be
//! given one moment between its start and its end, so that the results are those of calls made one
//! after the other at these moments (M. Herlihy and J. Wing, "Linearizability: a correctness condition
//! for concurrent objects", TOPLAS 12(3), 1990).
//!
//! A [`Model`] says what one copy would answer, a [`History`] or [`Recorder`] what clients saw, and
//! [`check`] looks for the order; [`assert_linearizable`] is the same for a test. The search is that of
//! J. Wing and C. Gong, "Testing and verifying concurrent objects", JPDC 17, 1993, which remembers where
//! it has been as in G. Lowe, "Testing for linearizability", CCPE 29(4), 2017, and looks at each key
//! alone, as A. Horn and D. Kroening, "Faster linearizability checking via P-compositionality", FORTE 2015.
//!
//! ```
//! use linearizability::{History, Model, Verdict, check};
//!
//! struct Register;
//!
//! #[derive(Clone, Debug)]
//! enum Call {
//!     Read,
//!     Write(u32),
//! }
//!
//! impl Model for Register {
//!     type State = u32;
//!     type Call = Call;
//!     /// What was read; nothing for a write.
//!     type Result = Option<u32>;
//!
//!     fn start(&self) -> u32 {
//!         0
//!     }
//!
//!     fn step(&self, state: &u32, call: &Call, result: Option<&Option<u32>>) -> Option<u32> {
//!         match call {
//!             Call::Write(value) => Some(*value),
//!             Call::Read => result.is_none_or(|read| *read == Some(*state)).then_some(*state),
//!         }
//!     }
//! }
//!
//! let mut history = History::new();
//! let write = history.call(0, Call::Write(1));
//! history.returned(write, None);
//! let read = history.call(1, Call::Read);
//! history.returned(read, Some(0));
//! match check(&Register, &history, 1_000) {
//!     Verdict::Violated(violation) => println!("{violation}"),
//!     other => panic!("the read is stale: {other:?}"),
//! }
//! ```

mod check;
mod explain;
mod history;
mod search;

pub use check::{Verdict, assert_linearizable, check};
pub use explain::Violation;
pub use history::{CallId, History, Recorder};

use std::fmt::Debug;
use std::hash::Hash;

/// What a single copy of the object does, one call after the other.
pub trait Model {
    /// What the copy remembers.
    type State: Clone + Eq + Hash + Debug;
    /// What a client asks for.
    type Call: Clone + Debug;
    /// What it gets.
    type Result: Clone + Debug;

    /// The state before the first call.
    fn start(&self) -> Self::State;

    /// The state after a call, or `None` when a copy in this state would not give this result.
    ///
    /// `result` is `None` for a call that never returned: whatever it would have got is right.
    fn step(
        &self,
        state: &Self::State,
        call: &Self::Call,
        result: Option<&Self::Result>,
    ) -> Option<Self::State>;

    /// Calls with different keys have nothing to do with each other, and are checked apart, each key
    /// from [`Model::start`]. That makes long histories feasible.
    fn key(&self, call: &Self::Call) -> String {
        let _ = call;
        String::new()
    }

    /// Whether a call never changes the state. Such calls are left out of an explanation that does
    /// not need them.
    fn only_reads(&self, call: &Self::Call) -> bool {
        let _ = call;
        false
    }
}

#[cfg(test)]
mod tests;
