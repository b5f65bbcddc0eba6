//! # Who towers over me next
//!
//! A price falls: when was it first higher again? A queue was long at noon: when was it
//! longer? For one moment you look ahead; for all moments at once there is something
//! better. Write `next_greater`.
//!
//! 1. For each item, in order, the answer holds the position of the nearest item behind
//!    it that is strictly greater. An equal one is not.
//! 2. Where there is none, it holds `None`.
//! 3. Items can be compared for order, nothing else. For `n` items there are at most
//!    `2 n` comparisons.
//!
//! Example: for `[4, 2, 3, 6]` the answer is `[Some(3), Some(2), Some(3), None]`.
//!
//! Before you write: go from left to right. Which items still wait for their answer, and
//! in which order do their values stand?
//!
//! How it is judged: examples of each rule; all 5,461 slices of up to six items from four
//! values, compared with looking ahead from each; the comparisons for 10,000 items in
//! orders that make it hard.

/// For each item, the position of the next greater one.
pub fn next_greater<T: Ord>(xs: &[T]) -> Vec<Option<usize>> {
    let mut answer = vec![None; xs.len()];
    // The positions without an answer yet; their items never grow from bottom to top.
    let mut waiting: Vec<usize> = Vec::new();
    for (at, x) in xs.iter().enumerate() {
        while let Some(smaller) = waiting.pop_if(|top| xs[*top] < *x) {
            answer[smaller] = Some(at);
        }
        waiting.push(at);
    }
    answer
}

#[cfg(test)]
mod tests;
