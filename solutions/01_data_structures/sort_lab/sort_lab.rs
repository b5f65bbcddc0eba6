//! A sort that survives an adversary
//!
//! A service sorts what strangers send. One of them has read the code, knows how the pivot
//! is chosen, and sends 100,000 records in just that order in which each pivot is the
//! worst: quicksort now takes five billion comparisons, and the service is gone. Introsort
//! (D. Musser, 1997) keeps quicksort's speed and takes the weapon away: it counts its
//! rounds, and where they are too many for what they achieve, it finishes that part by heap
//! sort.
//!
//! You have a finished three-way `partition` and a finished `heap_sort`. You write what
//! holds them together.
//!
//! 1. `median_of_three(xs)` gives the index of the first, the middle (`len / 2`) or the last
//!    element, whichever is the median of the three, with at most 3 comparisons.
//! 2. `intro_sort(xs)` sorts in place, whatever the elements are; it allocates nothing.
//! 3. No input takes more than 6n * ceil(log2 n) comparisons, not even one that is made up
//!    while you sort.
//! 4. The safety net costs nothing as long as it is not needed: random, sorted or reversed
//!    input takes at most 1.6n * ceil(log2 n) comparisons, n equal elements at most 3n.
//! 5. The stack stays small: 64 KiB are enough for any input.
//!
//! Example: the median of the first, middle and last of [9, 1, 7, 3, 2] is 7, so the answer
//! is index 2.
//!
//! Judged by: every array of up to 6 elements from 4 values; 300 random ones; seven
//! patterns of 2,000 elements that count their comparisons; the allocator's counters; and
//! McIlroy's adversary ("A Killer Adversary for Quicksort", 1999), elements that decide
//! their order only when they are compared.

use std::cmp::Ordering;
use std::ops::Range;

/// The index of the median of the first, the middle (`len / 2`) and the last element of a slice that is
/// not empty.
pub fn median_of_three<T: Ord>(xs: &[T]) -> usize {
    let (first, middle, last) = (0, xs.len() / 2, xs.len() - 1);
    let (low, high) = if xs[first] < xs[last] {
        (first, last)
    } else {
        (last, first)
    };
    if xs[middle] < xs[low] {
        low
    } else if xs[high] < xs[middle] {
        high
    } else {
        middle
    }
}

/// Sorts the slice, in place, in O(n log n) whatever it holds.
pub fn intro_sort<T: Ord>(xs: &mut [T]) {
    let rounds = 2 * xs.len().checked_ilog2().unwrap_or(0);
    sort_within(xs, rounds);
}

/// Sorts the slice by quicksort for so many rounds, and what is left then by heap sort.
fn sort_within<T: Ord>(xs: &mut [T], mut rounds: u32) {
    let mut rest = xs;
    while rest.len() > 1 {
        if rounds == 0 {
            return heap_sort(rest);
        }
        rounds -= 1;
        let equal = partition(rest, median_of_three(rest));
        let (front, greater) = rest.split_at_mut(equal.end);
        let less = &mut front[..equal.start];
        let (shorter, longer) = if less.len() < greater.len() {
            (less, greater)
        } else {
            (greater, less)
        };
        sort_within(shorter, rounds);
        rest = longer;
    }
}

/// Reorders `xs` to less, equal, greater than the element at `pivot`; returns where the equal ones are.
/// What is in order stays in order, so sorted input gives good pivots to the end. Takes at most 1.5n
/// comparisons.
fn partition<T: Ord>(xs: &mut [T], pivot: usize) -> Range<usize> {
    xs[..=pivot].rotate_right(1);
    let (mut equal, mut next, mut greater) = (0, 1, xs.len());
    while next < greater {
        match xs[next].cmp(&xs[equal]) {
            Ordering::Less => {
                xs.swap(next, equal);
                equal += 1;
                next += 1;
            }
            Ordering::Equal => next += 1,
            Ordering::Greater => {
                greater -= 1;
                while greater > next && xs[greater] > xs[equal] {
                    greater -= 1;
                }
                xs.swap(next, greater);
            }
        }
    }
    equal..greater
}

/// Sorts the slice, in place, with at most 2n * (floor(log2 n) + 1) comparisons.
fn heap_sort<T: Ord>(xs: &mut [T]) {
    for root in (0..xs.len() / 2).rev() {
        sift_down(xs, root);
    }
    for end in (1..xs.len()).rev() {
        xs.swap(0, end);
        sift_down(&mut xs[..end], 0);
    }
}

fn sift_down<T: Ord>(xs: &mut [T], mut root: usize) {
    loop {
        let mut child = 2 * root + 1;
        if child >= xs.len() {
            return;
        }
        if child + 1 < xs.len() && xs[child] < xs[child + 1] {
            child += 1;
        }
        if xs[root] >= xs[child] {
            return;
        }
        xs.swap(root, child);
        root = child;
    }
}

#[cfg(test)]
mod tests;
