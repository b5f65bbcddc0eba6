//! # Where does it belong
//!
//! A page of an index holds a thousand sorted keys, and a new one arrives. Where does it
//! go, so that the page stays sorted? Twenty comparisons answer that among a million.
//! Write `lower_bound`.
//!
//! 1. The answer is the first position whose item is not less than `x`, in a sorted
//!    slice: where `x` could be inserted.
//! 2. If `x` is there several times, it is the position of the first of them.
//! 3. If all items are less, it is the length of the slice; an empty slice gives 0.
//! 4. For `n` items there are at most ceil(log2 n) + 1 comparisons: 21 for 2^20 items,
//!    none for an empty slice.
//!
//! Example: in `[10, 20, 20, 30]` 20 belongs at 1, 25 at 3, 99 at 4.
//!
//! How it is judged: examples of each rule; all sorted slices of up to seven items from
//! four values, with each x; the comparisons in slices of up to 2^20 items, different ones
//! and equal ones, for positions from front to back.
//!
//! Write the loop yourself: `binary_search` and `partition_point` of the standard library
//! are good, and not the exercise.

/// The first position whose item is not less than `x`; the slice is sorted.
pub fn lower_bound<T: Ord>(xs: &[T], x: &T) -> usize {
    // Everything before `low` is less than x, and nothing from `high` on is.
    let (mut low, mut high) = (0, xs.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if xs[middle] < *x {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests;
