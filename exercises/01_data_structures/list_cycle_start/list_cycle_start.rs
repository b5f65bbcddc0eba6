//! Where does a chain run into itself?
//!
//! The free pages of a database file form a list: each free page holds the number of the
//! next one. After a crash at the wrong moment, or because of a bug, a page names one that
//! came before, and whoever follows the list never comes to its end. A checking tool must
//! notice, and name the page at which the circle begins. It runs when little works any
//! more, so it may not ask for memory, and every page that it looks at is a read from the
//! disk.
//!
//! Write `cycle_start(head, next)`: the chain is `head`, `next(head)`, `next(next(head))`
//! and so on.
//!
//! 1. If the chain ends, that is if `next` returns `None`, the result is `None`.
//! 2. If it runs into itself, the result is the first page of the circle: the first page of
//!    the chain that comes a second time.
//! 3. Nothing is allocated. Page numbers are any `u64`, and nothing is known of their order.
//! 4. `next` is called at most 6n + 8 times, where n is the number of different pages.
//!
//! An example: from page 3 the chain goes 3, 8, 5, 9, 2, 5, 9, 2, 5, ...: the circle begins
//! at 5. (9 and 2 come again as well, but 5 comes again first.)
//!
//! ```text
//! 3 -> 8 -> 5 -> 9
//!           ^    |
//!           +- 2 <
//! ```
//!
//! Two readers set out, one of them twice as fast: in a circle they must meet. Why? And what
//! do you know about the place where they meet? With pencil and paper: let the way to the
//! circle have t steps and the circle c, and write down where both are after k steps.
//!
//! How it is judged: examples; chains that end; every way of up to 40 pages to every circle
//! of up to 40, with random page numbers; the calls of `next` and the allocations, counted.
//! After 6n + 8 calls the test ends.

/// The page at which the chain from `head` runs into itself, if it does.
pub fn cycle_start(head: u64, next: impl Fn(u64) -> Option<u64>) -> Option<u64> {
    todo!(
        "step 1: let two readers go at different speeds until they meet; from there find the start"
    )
}

#[cfg(test)]
mod tests;
