//! # The cheapest way up
//!
//! A job passes through stages, each at a price. It may skip a stage, but never two in a
//! row. The old version of the question is a staircase. Write `cheapest_climb`.
//!
//! 1. To stand on stair `i` costs `costs[i]`. You start on stair 0 or on stair 1, and climb
//!    one or two stairs at a time.
//! 2. You are there when you are above the last stair; that place costs nothing. The answer
//!    is the least total price.
//! 3. Without stairs you are there; with one you step over it. Both cost 0.
//! 4. Totals may exceed `u32::MAX`.
//! 5. Nothing is allocated on the heap, and each stair costs a few steps.
//!
//! Example: with the prices 10, 15 and 20 the cheapest way is the stair of 15, then up.
//!
//! How it is judged: examples of each rule; 2,000 random staircases of up to 14 stairs,
//! compared with trying both choices everywhere; 100 and 5,000 stairs, which must be done
//! in five seconds (trying every way takes longer than the universe is old); the
//! allocations for up to 20 stairs.

/// The least total price of a way above the last stair.
pub fn cheapest_climb(costs: &[u32]) -> u64 {
    todo!("step 1: from which two stairs is the next one reached?")
}

#[cfg(test)]
mod tests;
