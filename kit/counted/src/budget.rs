//! A number of steps.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A number of steps that may be spent; clones share it.
///
/// For closures, hashers and readers that a test hands to the code under test: one that calls them
/// for ever ends with a message.
#[derive(Clone, Debug)]
pub struct Budget {
    of: Arc<str>,
    steps: u64,
    used: Arc<AtomicU64>,
}

impl Budget {
    /// A budget of `steps`, with what a step is, in the plural: `"calls of next"`.
    pub fn new(steps: u64, of: &str) -> Self {
        Budget {
            of: of.into(),
            steps,
            used: Arc::default(),
        }
    }

    /// Spends one step.
    ///
    /// # Panics
    /// When all steps were spent before.
    #[track_caller]
    pub fn spend(&self) {
        let used = self.used.fetch_add(1, Ordering::Relaxed);
        if used >= self.steps && !std::thread::panicking() {
            let Budget { of, steps, .. } = self;
            panic!("more than {steps} {of}: that is too many, or a loop does not end");
        }
    }

    /// The steps spent until now.
    pub fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_the_steps() {
        let budget = Budget::new(2, "calls of next");
        budget.spend();
        budget.clone().spend();
        assert_eq!(budget.used(), 2);
    }

    #[test]
    #[should_panic(expected = "more than 100 calls of is_before: that is too many")]
    fn catches_a_binary_search_that_stands_still() {
        let budget = Budget::new(100, "calls of is_before");
        let is_before = |x: u32| {
            budget.spend();
            x < 2
        };
        let (mut lo, mut hi) = (0, 3);
        while lo < hi {
            let mid = (lo + hi) / 2;
            if is_before(mid) { lo = mid } else { hi = mid }
        }
    }
}
