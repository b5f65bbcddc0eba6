//! # Does the digit game end at 1
//!
//! A sequence in which each number follows from the one before runs into a cycle, sooner or
//! later. Random number generators do, and retry loops, and so does this game. Write
//! `is_happy`.
//!
//! 1. A step replaces a number by the sum of the squares of its digits in base `base` (2 to
//!    16). The answer is whether 1 is ever reached.
//! 2. 1 itself is happy. 0 is not: it stays 0.
//! 3. The answer comes also when 1 is never reached.
//! 4. Every `u64` is a possible start.
//! 5. Nothing is allocated on the heap: what came before is not remembered.
//!
//! Example in base 10: 7, 49, 97, 130, 10, 1. So 7 is happy. 4 is not: 4, 16, 37, 58, 89,
//! 145, 42, 20, 4.
//!
//! How it is judged: examples of each rule; all starts up to 100 in each base, and 100
//! larger ones, compared with a set of all that was seen; the allocations. All these games
//! together have five seconds, so one that never ends fails.

/// The sum of the squares of the digits.
fn next(mut n: u64, base: u64) -> u64 {
    let mut sum = 0;
    while n > 0 {
        sum += (n % base).pow(2);
        n /= base;
    }
    sum
}

/// Whether the sums of squared digits lead from `start` to 1. The base is 2 to 16.
pub fn is_happy(start: u64, base: u64) -> bool {
    let step = |n| next(n, base);
    // In a cycle the fast one catches up with the slow one; 1 is a cycle of its own.
    let (mut slow, mut fast) = (start, step(start));
    while slow != fast {
        slow = step(slow);
        fast = step(step(fast));
    }
    slow == 1
}

#[cfg(test)]
mod tests;
