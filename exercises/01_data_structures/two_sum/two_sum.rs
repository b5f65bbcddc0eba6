//! # Two-sum in one pass
//!
//! A payment arrives that no open invoice explains; perhaps two of them together do. There
//! are hundreds of thousands of open invoices, so comparing each with each is out of the
//! question.
//!
//! Write `two_sum`: find two amounts that add up to the target, and return their positions,
//! the smaller position first.
//!
//! 1. Without such a pair the answer is `None`.
//! 2. An amount is never paired with itself. Two equal amounts at different positions are a
//!    pair.
//! 3. Of several pairs, the one that completes first when reading from left to right wins.
//! 4. Of several equal partners, the one at the lowest position counts.
//! 5. Every value of the type is a possible amount; a sum never wraps around, and computing
//!    it never panics.
//! 6. The work is linear: a fixed number of operations for each amount, however many there
//!    are.
//!
//! An example: `two_sum(&[8, 3, 5, 6, 3], 9)` is `Some((1, 3))`. Reading 8, 3, 5 completes
//! nothing; the 6 completes a pair with the 3 at position 1.
//!
//! Read the type parameter `A` as `i64`. It is there so that ledgers with another type of
//! amount can use the function, and so that the tests can count operations.
//!
//! How it is judged: examples of each rule; 3,000 random lists of `i64` full of duplicates
//! and extreme values, compared with two nested loops; and 1,000 amounts without a pair,
//! which may cost at most 16 operations each (subtractions, comparisons, and hashes of
//! amounts).

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Sub;

/// An amount of money. `a - b` panics when the type cannot hold the difference.
pub trait Amount: Copy + Ord + Hash + Sub<Output = Self> {
    /// `self - other`, or `None` when the type cannot hold the difference.
    fn checked_sub(self, other: Self) -> Option<Self>;
}

impl Amount for i64 {
    fn checked_sub(self, other: i64) -> Option<i64> {
        i64::checked_sub(self, other)
    }
}

/// The positions of two amounts that add up to `target`.
pub fn two_sum<A: Amount>(amounts: &[A], target: A) -> Option<(usize, usize)> {
    todo!("step 1: look for each amount's partner among the amounts read before it")
}

#[cfg(test)]
mod tests;
