//! # Is it hidden in there, in order
//!
//! An editor's quick search finds `user_controller.rs` when you type `usrs`. An audit
//! asks whether "login, change role, export" happened in this order, whatever lay
//! between. Write `is_subsequence`.
//!
//! 1. The answer is whether `needle` remains when some items of `hay` are deleted: the
//!    same items in the same order, not necessarily side by side.
//! 2. Each item of `hay` stands for one item of `needle` at most.
//! 3. The empty needle is hidden everywhere; in an empty hay only the empty needle is.
//! 4. There are at most as many comparisons as `hay` has items.
//!
//! Example: "ace" is hidden in "abcde", "aec" is not: the order is wrong. "aa" is not
//! hidden in "abc".
//!
//! How it is judged: examples of each rule; all needles of up to four letters in all hays
//! of up to eight, both from two letters, compared with all ways to delete; the
//! comparisons for hays of 10,000 different and of 1,000 equal items.

/// Whether deleting some items of `hay` leaves `needle`.
pub fn is_subsequence<T: PartialEq>(needle: &[T], hay: &[T]) -> bool {
    todo!("step 1: go through the hay once, with the next item that you wait for")
}

#[cfg(test)]
mod tests;
