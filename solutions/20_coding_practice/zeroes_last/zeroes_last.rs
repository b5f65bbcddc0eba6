//! # Push the defaults to the end
//!
//! Deleting from the middle of a large array one by one moves everything behind it each
//! time. So deleted records become empty ones first, and then all are pushed to the end
//! in one go. Write `zeroes_last`: empty is what equals `T::default()`.
//!
//! 1. All empty items end up behind all others.
//! 2. The others keep their order.
//! 3. It happens in place: nothing is allocated. Items can be moved, swapped and made
//!    anew with `T::default()`, but not cloned or copied.
//! 4. Each item is compared with the default once at most, and the work does not grow with
//!    the square of the length.
//!
//! Example: `[0, 5, 0, 0, 3, 8]` becomes `[5, 3, 8, 0, 0, 0]`.
//!
//! How it is judged: examples of each rule; all 9,841 slices of up to eight items from 0,
//! 1 and 2, compared with two lists; the comparisons of 10,000 items; a million numbers,
//! the first half of them zero, with all allocations counted, which must be done in five
//! seconds (one pass takes milliseconds, moving the rest for each zero takes minutes).

/// Moves all items that equal the default behind the others, which keep their order.
pub fn zeroes_last<T: Default + PartialEq>(xs: &mut [T]) {
    let empty = T::default();
    let mut write = 0;
    for read in 0..xs.len() {
        if xs[read] != empty {
            xs.swap(write, read);
            write += 1;
        }
    }
}

#[cfg(test)]
mod tests;
