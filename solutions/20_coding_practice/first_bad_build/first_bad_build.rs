//! # The build that broke it
//!
//! Version 4.0 is slow, 3.9 was fast, and between them lie two thousand builds. Each test
//! of a build takes ten minutes, so nobody tests them all. Write `first_bad`, which
//! `git bisect` does for commits.
//!
//! 1. The builds have the numbers 1 to `builds`. Once a build is bad, all later ones are.
//!    The answer is the first bad one.
//! 2. If all are good, or there are no builds, the answer is `None`.
//! 3. Only builds that exist are tested: never 0, never `builds + 1`.
//! 4. Any `u64` may be the number of builds. There are at most 65 tests.
//!
//! Example: of 10 builds those from 7 on are bad. A test of 5 says good, of 8 bad, of 6
//! good, of 7 bad: the answer is `Some(7)`.
//!
//! How it is judged: every number of builds up to 20 with every first bad one, compared
//! with the rule; u64::MAX builds with the first bad one at the front, in the middle, at
//! the end and nowhere, with all tests counted. A search without end is stopped.

/// The first bad build of those with the numbers 1 to `builds`.
pub fn first_bad(builds: u64, mut is_bad: impl FnMut(u64) -> bool) -> Option<u64> {
    if builds == 0 {
        return None;
    }
    // If there is a bad build, the first one is from `low` to `high`.
    let (mut low, mut high) = (1, builds);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_bad(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    is_bad(low).then_some(low)
}

#[cfg(test)]
mod tests;
