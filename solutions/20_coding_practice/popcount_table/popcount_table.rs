//! # Ones in every number up to n
//!
//! Bitmaps are counted with a table: one look-up tells how many bits of a group are set.
//! Write `bit_counts`, which makes that table.
//!
//! 1. Entry `i` is the number of ones in the binary form of `i`.
//! 2. The table has an entry for each number from 0 to `n`, both included.
//! 3. At most 64 allocations are made: no text and no list for each number.
//!
//! Example: `bit_counts(5)` is `[0, 1, 1, 2, 1, 2]`, for 0, 1, 10, 11, 100 and 101.
//!
//! Before you write: which entry of the table helps with entry 11, that is 1011? Which does
//! with 10?
//!
//! How it is judged: examples of each rule; every entry of the tables for all `n` up to 70
//! and for `n` = 4,096, compared with repeated division by 2; the entries around powers of
//! two up to 2^17; the allocations for `n` = 100,000.

/// The number of ones in each number from 0 to `n`.
pub fn bit_counts(n: usize) -> Vec<u8> {
    let mut counts = vec![0; n + 1];
    for i in 1..=n {
        // Without its lowest bit, i is i / 2.
        counts[i] = counts[i / 2] + (i % 2) as u8;
    }
    counts
}

#[cfg(test)]
mod tests;
