//! A whole history, key by key.

use crate::Model;
use crate::explain::{Violation, explain};
use crate::history::{Calls, History};
use crate::search::{Outcome, Wanted, search};
use std::collections::BTreeMap;

/// So many steps [`assert_linearizable`] takes at most.
const STEPS: u64 = 2_000_000;

/// What [`check`] found.
#[derive(Clone, Debug)]
#[must_use]
pub enum Verdict {
    /// There is an order that a single copy could have followed.
    Linearizable,
    /// There is none.
    Violated(Violation),
    /// The steps were used up before an answer was found.
    Unknown,
}

/// Whether a single copy could have given these results, decided in at most so many steps of the model.
pub fn check<M: Model>(model: &M, history: &History<M::Call, M::Result>, steps: u64) -> Verdict {
    let mut keys: BTreeMap<String, Calls<M>> = BTreeMap::new();
    for call in &history.calls {
        keys.entry(model.key(&call.call))
            .or_default()
            .push(call.clone());
    }
    let mut left = steps;
    let mut unknown = false;
    for (key, calls) in keys {
        match search(model, &model.start(), &calls, Wanted::One, &mut left) {
            Outcome::Found(_) => {}
            Outcome::None { .. } => return Verdict::Violated(explain(model, &key, calls, steps)),
            Outcome::OutOfSteps => {
                // Another key may still be easy to refute.
                unknown = true;
                left = steps;
            }
        }
    }
    if unknown {
        Verdict::Unknown
    } else {
        Verdict::Linearizable
    }
}

/// Fails with the part of the history that no single copy explains.
///
/// # Panics
/// When there is no order, and when none is found in two million steps.
#[track_caller]
pub fn assert_linearizable<M: Model>(model: &M, history: &History<M::Call, M::Result>) {
    match check(model, history, STEPS) {
        Verdict::Linearizable => {}
        Verdict::Violated(violation) => panic!("{violation}"),
        Verdict::Unknown => panic!(
            "{STEPS} steps were not enough to tell whether this history of {} calls is linearizable: too \
             many calls overlap",
            history.len()
        ),
    }
}
