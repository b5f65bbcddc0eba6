//! # More than half, with equality only
//!
//! Five replicas were asked, and the value that more than half of them report is the
//! answer. The values can be compared with `==`, and nothing else: not hashed, not
//! sorted, not cloned. Write `majority`.
//!
//! 1. The answer is the item that fills more than half of the slice. Exactly half is not
//!    enough.
//! 2. If there is no such item, the answer is `None`, however close one came.
//! 3. At most `2 n` comparisons are made for `n` items.
//! 4. Nothing is allocated on the heap.
//!
//! Example: `[2, 1, 2, 3, 2]` has the majority 2, with three of five. `[2, 1, 2, 1]` has
//! none.
//!
//! Before you write: take two different items out of a slice. If there was a majority,
//! what is it in the rest?
//!
//! How it is judged: all 29,524 slices of up to nine items from three values, compared
//! with counting each; the comparisons and allocations for 20,000 items whose order makes
//! it hard.

/// The item that fills more than half of the slice.
pub fn majority<T: Eq>(items: &[T]) -> Option<&T> {
    let candidate = candidate(items)?;
    todo!("step 1: is it really more than half?")
}

/// The only item that can be the majority, if there is one. `None` for an empty slice.
fn candidate<T: Eq>(items: &[T]) -> Option<&T> {
    todo!("step 2: let items of different value cancel each other; who is left?")
}

#[cfg(test)]
mod tests;
