//! # Kadane's algorithm
//!
//! A service reports each minute by how much its queue grew: negative when it shrank. The
//! worst spell of the year is the run of minutes with the largest sum. The minutes come as
//! a stream.
//!
//! Write `max_sum_run`: the run of neighbouring values with the largest sum, as a range of
//! positions, together with the sum.
//!
//! 1. A run has at least one value. Without any values the answer is `None`.
//! 2. If all values are negative, the answer is the largest of them.
//! 3. Of several runs with the largest sum, the one that starts first is the answer, and of
//!    those the one that ends first.
//! 4. Every `i64` is a possible value, and the sum is exact: that is why it is an `i128`.
//! 5. Each value is seen once, in order, and nothing is allocated on the heap.
//!
//! An example: for `[2, -5, 3, 1, -1, 4, -2]` the answer is `Some((2..6, 7))`, the run 3,
//! 1, -1, 4.
//!
//! A sliding window does not help. It drops its oldest values one at a time, which is
//! enough where values are zero or more. In [2, -5, 3] dropping the 2 alone makes the sum
//! smaller, and dropping the 2 and the -5 makes it larger. Before you write: in the
//! example, the best run that *ends* at position 4 is 3, 1, -1. Knowing only that its sum
//! is 3, what is the best run that ends at position 5? And what would that sum have to be
//! for you to start anew?
//!
//! How it is judged: examples of each rule, among them lists that a sliding window gets
//! wrong; 5,000 random lists with zeros, ties and extreme values compared with all their
//! runs; and the allocations are counted over 1,000 values.

use std::ops::Range;

/// The run of neighbouring values with the largest sum, and the sum.
pub fn max_sum_run(values: impl IntoIterator<Item = i64>) -> Option<(Range<usize>, i128)> {
    todo!("step 1: keep the best run that ends at the last value, and the best run of all")
}

#[cfg(test)]
mod tests;
