//! Binary search: where does it begin?
//!
//! "All requests from 9:00 to 9:05", out of a billion log records sorted by time: the
//! question is seldom whether a value is there, but where the values from it on begin.
//! Thirty looks answer it. The search is famous for being published with errors: a loop
//! that stands still, an element that is never looked at, a sum of two indices that
//! overflows. Write the loop yourself, without the searches of the standard library.
//!
//! 1. `partition_point(xs, is_before)`: `is_before` holds for the first elements of `xs`
//!    and for none behind them. The answer is how many it holds for, 0 to n, which is the
//!    index of the first that it does not hold for.
//! 2. It calls `is_before` at most floor(log2 n) + 1 times, and never for an empty slice.
//! 3. `lower_bound(xs, x)` is the index of the first element that is not less than x,
//!    `upper_bound(xs, x)` that of the first one greater than x, in a sorted slice with
//!    duplicates; each is n when there is none. They compare at most as often as rule 2
//!    says.
//! 4. `between(xs, from, to)` is the part of a sorted slice with from <= x < to: empty when
//!    there is no such x, and when `to` is below `from`. It compares at most twice as often
//!    as rule 2 says, and once more.
//! 5. The length may be anything up to `usize::MAX`. (A slice of `()` can be that long.)
//!
//! Example: in [10, 20, 20, 30] the lower bound of 20 is 1, its upper bound 3; both bounds
//! of 25 are 3; between 20 and 30 lies [20, 20].
//!
//! Judged by: every boundary in every length up to 130 with its calls counted; every sorted
//! array of up to 6 elements from 5 values; a slice of `usize::MAX` elements. A budget of
//! calls ends a loop that stands still.

/// How many elements at the front of `xs` satisfy `is_before`.
pub fn partition_point<T>(xs: &[T], mut is_before: impl FnMut(&T) -> bool) -> usize {
    todo!("step 1: halve the part in which the boundary may be until nothing of it is left")
}

/// The index of the first element that is not less than `x`.
pub fn lower_bound<T: Ord>(xs: &[T], x: &T) -> usize {
    todo!("step 2: which elements come before the first that is not less than x?")
}

/// The index of the first element that is greater than `x`.
pub fn upper_bound<T: Ord>(xs: &[T], x: &T) -> usize {
    todo!("step 3: which come before the first that is greater?")
}

/// The elements from `from` on and below `to`.
pub fn between<'a, T: Ord>(xs: &'a [T], from: &T, to: &T) -> &'a [T] {
    todo!("step 4: find both ends; what if the second is before the first?")
}

#[cfg(test)]
mod tests;
