//! # Merge into the spare room at the end
//!
//! A compaction merges two sorted runs of keys. The buffer of the first one has room for
//! the second one at its end, and a third buffer is not to be had. Write `merge_into`.
//!
//! The first `filled` items of `a` are sorted, and so is `b`. The rest of `a` has exactly
//! the length of `b`; what it holds has no meaning.
//!
//! 1. Afterwards `a` holds the items of both, sorted, and duplicates as often as they came.
//! 2. Either part may be empty, and either may be used up first.
//! 3. At most `a.len()` comparisons are made.
//! 4. Nothing is allocated on the heap.
//!
//! Example: `a = [2, 5, 9, _, _]`, `filled = 3`, `b = [3, 7]` gives `[2, 3, 5, 7, 9]`.
//!
//! How it is judged: examples of each rule; 3,000 random pairs of sorted lists, compared
//! with sorting everything; the comparisons and allocations for 10,000 and 10,000 items,
//! in turn and one after the other.

/// Merges the sorted `b` into the sorted `a[..filled]`; the room behind it is as long as `b`.
pub fn merge_into<T: Ord + Copy>(a: &mut [T], filled: usize, b: &[T]) {
    todo!("step 1: which slot can be written first without losing anything?")
}

#[cfg(test)]
mod tests;
