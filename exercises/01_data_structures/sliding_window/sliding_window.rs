//! # A sliding window
//!
//! A gateway sends requests on in batches: neighbours in the queue, in their order, whose
//! costs together fit a budget. A report asks how long a batch could have been yesterday,
//! over millions of requests.
//!
//! Write `longest_within`: the longest run of neighbouring requests whose costs add up to
//! the budget or less, as a range of positions.
//!
//! 1. A total equal to the budget fits. Requests may cost nothing.
//! 2. Of several longest runs, the one that starts first is the answer.
//! 3. If no request fits, the answer is the empty range `0..0`.
//! 4. Every `u64` is a possible cost: a total that is too big for `u64` is over the budget,
//!    not a panic.
//! 5. `cost` is called at most twice as often as there are requests, and nothing is
//!    allocated.
//!
//! An example: with the costs `[3, 1, 2, 5, 1, 1]` and the budget 7 the answer is `0..3`:
//! these three requests cost 6. The run `3..6` costs 7 and is as long, but starts later;
//! four neighbours always cost more.
//!
//! A window is a run `start..end` that moves along the list: its end takes requests in, its
//! start lets them go. Before you write: all costs are zero or more. When `start..end` is
//! over the budget, which runs can you rule out without looking at them? The next exercise
//! takes this property away.
//!
//! How it is judged: examples of each rule; 3,000 random lists compared with all their
//! runs; and the calls of `cost` and the allocations are counted in lists of 1,000
//! requests.

use std::ops::Range;

/// The longest run of neighbouring requests that costs at most `budget`.
pub fn longest_within<T>(requests: &[T], cost: impl Fn(&T) -> u64, budget: u64) -> Range<usize> {
    todo!("step 1: take one request after the other in, and let the oldest go while it is too much")
}

#[cfg(test)]
mod tests;
