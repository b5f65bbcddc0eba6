//! # One buy, one sell
//!
//! A trading service is asked, of a day's prices: what could one purchase and one later
//! sale have earned at best? The same question finds the steepest rise of a queue between
//! two readings. Write `best_single_trade`.
//!
//! 1. The answer is the largest `prices[j] - prices[i]` with `i` before `j`: you buy
//!    first and sell later.
//! 2. When no trade earns anything, you don't trade, and the answer is 0. Falling prices
//!    never lead to a panic.
//! 3. Every `u32` is a possible price.
//! 4. The prices are read in one pass: comparing each with each takes too long for a
//!    million.
//!
//! Example: in `[7, 1, 5, 3, 6, 4]` the best is to buy at 1 and to sell at 6: 5. The
//! maximum, 7, comes too early.
//!
//! How it is judged: examples of each rule; 2,000 random lists, compared with trying all
//! pairs; a million falling prices, which must be done in five seconds (one pass takes a
//! few milliseconds, all pairs take minutes).

/// What one purchase and one later sale earn at most.
pub fn best_single_trade(prices: &[u32]) -> u32 {
    todo!("step 1: if you sell at this price, at which one should you have bought?")
}

#[cfg(test)]
mod tests;
