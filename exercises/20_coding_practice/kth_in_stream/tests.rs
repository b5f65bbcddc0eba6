use super::*;
use counted::{Counted, counts};
use seeded::Rng;
use std::num::NonZeroUsize;

fn kth<T: Ord>(k: usize) -> KthLargest<T> {
    KthLargest::new(NonZeroUsize::new(k).expect("k is at least 1"))
}

/// Pushes all items and compares each answer with sorting what was pushed until then.
#[track_caller]
fn check(k: usize, items: &[u32]) {
    let mut stream = kth(k);
    for (i, &item) in items.iter().enumerate() {
        let answer = stream.push(Counted::new(item)).map(|item| *item.inner());
        let mut sorted = items[..=i].to_vec();
        sorted.sort();
        let expected = (k <= sorted.len()).then(|| sorted[sorted.len() - k]);
        assert_eq!(
            answer,
            expected,
            "k = {k}, after {:?} came {item}: its push returned (left is yours)",
            &items[..i]
        );
    }
}

#[test]
fn with_k_1_the_answer_is_the_largest() {
    check(1, &[5, 3, 9, 7]);
}

#[test]
fn the_k_th_largest_is_returned() {
    check(2, &[5, 9, 7, 8]);
    check(3, &[1, 2, 3, 4, 5, 6]);
    check(3, &[6, 5, 4, 3, 2, 1]);
}

#[test]
fn before_k_items_there_is_no_answer() {
    check(3, &[8, 9]);
    check(4, &[1, 2, 3, 4]);
}

#[test]
fn k_may_be_larger_than_any_memory() {
    let mut stream = KthLargest::new(NonZeroUsize::MAX);
    for item in [8, 9] {
        assert_eq!(
            stream.push(item),
            None,
            "k = {}, pushed {item} (left is yours)",
            usize::MAX
        );
    }
}

#[test]
fn equal_items_count_each() {
    check(2, &[5, 9, 7, 9]);
    check(3, &[4, 4, 4, 4, 5, 5]);
}

#[test]
fn random_streams_agree_with_sorting() {
    seeded::cases(300, |rng| {
        let k = rng.range(1..=6);
        check(k, &rng.vec(60, |rng| rng.range(0..8)));
    });
}

/// Streams of `n` items, each with its name.
fn streams(n: u32) -> [(&'static str, Vec<u32>); 3] {
    let mut shuffled: Vec<u32> = (0..n).collect();
    Rng::new(1).shuffle(&mut shuffled);
    [
        ("rising", (0..n).collect()),
        ("falling", (0..n).rev().collect()),
        ("shuffled", shuffled),
    ]
}

#[test]
fn no_more_than_k_and_one_items_are_kept() {
    for (order, items) in streams(2_000) {
        let (mut stream, mut alive) = (kth(100), 0);
        for (i, &item) in items.iter().enumerate() {
            let (_, did) = counts(|| stream.push(Counted::new(item)).is_some());
            alive += did.alive();
            assert!(
                alive <= 101,
                "k = 100, {} {order} items: {alive} are alive, and 101 are allowed",
                i + 1
            );
        }
    }
}

#[test]
fn a_push_makes_few_comparisons() {
    for (order, items) in streams(5_000) {
        let mut stream = kth(1_000);
        let mut comparisons = 0;
        for (&item, pushes) in items.iter().zip(1..) {
            let (_, did) = counts(|| stream.push(Counted::new(item)).is_some());
            comparisons += did.comparisons;
            // A push may be dear now and then; the first thousand share their budget.
            assert!(
                comparisons <= 40 * pushes.max(1_000),
                "k = 1,000, {order} items: {comparisons} comparisons in {pushes} pushes, and 40 each are allowed"
            );
        }
    }
}
