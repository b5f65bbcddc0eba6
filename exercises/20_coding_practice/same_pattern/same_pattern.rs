//! # One pattern, two alphabets
//!
//! A log was made anonymous: each user became a number, everywhere the same one. Does the
//! anonymous log still tell the story of the original? Write `same_pattern`, which says
//! whether a one-to-one renaming turns `a` into `b`, position by position.
//!
//! 1. Equal items of `a` must stand where `b` has equal items: one name never becomes
//!    two.
//! 2. Different items of `a` must stand where `b` has different items: two names never
//!    become one.
//! 3. Slices of different lengths have no pattern in common. Two empty ones have.
//! 4. Items can be compared with `==` and hashed, nothing else; the two slices may have
//!    different types. For `n` items there are at most `16 n` comparisons and hashes.
//!
//! Example: `[b'e', b'g', b'g']` and `[1, 7, 7]` have one pattern. `"foo"` and `"bar"`
//! have none in common: `o` would be `a` and `r`.
//!
//! How it is judged: examples of each rule; all pairs of equally long slices of up to
//! five items from three values, compared with a look at all pairs of positions; the
//! comparisons and hashes for 10,000 items.

use std::collections::HashMap;
use std::hash::Hash;

/// Whether a one-to-one renaming turns `a` into `b`.
pub fn same_pattern<A: Eq + Hash, B: Eq + Hash>(a: &[A], b: &[B]) -> bool {
    todo!("step 1: remember what each item became, and from what it came")
}

#[cfg(test)]
mod tests;
