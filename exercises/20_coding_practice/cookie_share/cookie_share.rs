//! # As many happy children as possible
//!
//! Jobs need memory, machines have memory, and one machine takes one job. Which jobs go
//! where, so that as many as possible run? The old version of the question has children and
//! cookies. Write `served`.
//!
//! 1. A child is served by one cookie that is at least as large as its appetite. A cookie
//!    serves at most one child.
//! 2. The answer is the largest number of children that can be served.
//! 3. The lists come in any order, either may be empty, and an appetite may be 0.
//! 4. Not every child is compared with every cookie, and nothing is shifted along for each
//!    child: lists of a million are no burden.
//!
//! Example: the appetites 3, 1, 2 and the cookies 1, 2, 2 allow two served children.
//!
//! How it is judged: examples of each rule; 1,000 random lists of up to five children and
//! five cookies, compared with all assignments; a million children and as many cookies or
//! twice as many, which must be done in five seconds (a fraction of one is enough; looking
//! for the best cookie for each child takes hours).

/// The largest number of children that can be served with one cookie each.
pub fn served(appetites: &[u32], cookies: &[u32]) -> usize {
    todo!("step 1: which child is the easiest to serve, and with which cookie?")
}

#[cfg(test)]
mod tests;
