//! # Two-sum in sorted data, without memory
//!
//! The open invoices now come from an index, sorted by amount. Order is information: with
//! it the hash map of the last exercise, as big as the list, is not needed at all.
//!
//! Write `two_sum_sorted`: `invoices` is sorted by amount, smallest first; `amount` reads
//! the amount of one. Find two invoices whose amounts add up to the target, and return
//! their positions, the smaller position first.
//!
//! 1. If there are such pairs, the answer is one of them, whichever you like; otherwise it
//!    is `None`.
//! 2. An invoice is never paired with itself. Two invoices of equal amount may be a pair.
//! 3. Every `i64` is a possible amount; a sum never wraps around, and computing it never
//!    panics.
//! 4. `amount` is called at most twice as often as there are invoices.
//! 5. Nothing is allocated on the heap: no `Vec`, no map.
//!
//! An example: in `[-2, 1, 4, 6, 9]` the target 7 is reached by positions 1 and 3, and by
//! positions 0 and 4. `Some((1, 3))` and `Some((0, 4))` are both right.
//!
//! Before you write: add the smallest and the largest amount, and say the sum is too big.
//! Which of the two can you forget for good, and why?
//!
//! How it is judged: examples of each rule; 3,000 random sorted lists, with duplicates and
//! extreme values, compared with two nested loops; the calls of `amount` and the
//! allocations are counted in lists of 1 to 1,000 invoices, with and without a pair.

use std::cmp::Ordering;

/// The positions of two invoices whose amounts add up to `target`; `invoices` is sorted by `amount`.
pub fn two_sum_sorted<T>(
    invoices: &[T],
    amount: impl Fn(&T) -> i64,
    target: i64,
) -> Option<(usize, usize)> {
    let mut low = 0;
    let mut high = invoices.len().checked_sub(1)?;
    while low < high {
        // The sum of two i64 always fits an i128.
        let sum = i128::from(amount(&invoices[low])) + i128::from(amount(&invoices[high]));
        match sum.cmp(&i128::from(target)) {
            // Too small with the largest partner left: `low` has no partner at all.
            Ordering::Less => low += 1,
            Ordering::Equal => return Some((low, high)),
            // Too big with the smallest partner left: `high` has none.
            Ordering::Greater => high -= 1,
        }
    }
    None
}

#[cfg(test)]
mod tests;
