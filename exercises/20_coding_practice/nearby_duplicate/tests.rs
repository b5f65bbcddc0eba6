use super::*;
use counted::{Probe, at_most, counts};

#[track_caller]
fn check(xs: &[u8], k: usize) {
    let mut pairs = (0..xs.len()).flat_map(|j| (0..j).map(move |i| (i, j)));
    let pair = pairs.find(|&(i, j)| xs[i] == xs[j] && j - i <= k);
    assert_eq!(
        has_nearby_duplicate(xs, k),
        pair.is_some(),
        "has_nearby_duplicate({xs:?}, {k}): a near pair of positions is {pair:?} (left is your answer)"
    );
}

#[test]
fn a_near_pair_is_found() {
    check(&[1, 1], 1);
    check(&[1, 2, 1, 3], 2);
    check(&[5, 6, 7, 6], 5);
    check(&[1, 2, 2, 3], 1);
}

#[test]
fn without_a_near_pair_the_answer_is_no() {
    check(&[], 3);
    check(&[1], 3);
    check(&[1, 2, 3], 2);
    check(&[1, 2, 3, 4, 5, 6, 1], 2);
}

#[test]
fn exactly_k_apart_is_near_enough() {
    check(&[7, 4, 9, 7], 3);
    check(&[7, 4, 9, 7], 2);
    check(&[7, 4, 9, 7], 4);
    check(&[1, 2, 1], 1);
}

#[test]
fn an_item_is_no_duplicate_of_itself() {
    check(&[1], 0);
    check(&[1, 1], 0);
    check(&[1, 2], 0);
}

#[test]
fn the_near_pair_may_be_the_last_one() {
    check(&[1, 2, 3, 1, 1], 1);
    check(&[1, 0, 2, 1, 3, 1], 2);
}

#[test]
fn k_may_be_larger_than_the_slice() {
    check(&[1, 2, 3, 1], 100);
    check(&[1, 2, 3, 1], usize::MAX);
    check(&[1, 2, 3], usize::MAX);
    check(&[1, 2, 2], usize::MAX);
}

#[test]
fn random_slices_agree_with_looking_at_all_pairs() {
    seeded::cases(3_000, |rng| {
        let len = rng.below(11);
        let letters = *rng.pick(&[4, 8, 20]);
        let xs = rng.vec(len, |rng| rng.range(0..letters));
        let k = rng.below(len + 2);
        check(&xs, if rng.chance(0.1) { usize::MAX - k } else { k });
    });
}

#[test]
fn the_work_does_not_grow_with_k() {
    let xs: Vec<Probe<u32>> = (0..10_000).map(Probe::new).collect();
    for k in [1, 5_000, 10_000] {
        let (answer, did) = counts(|| at_most(1_000_000, || has_nearby_duplicate(&xs, k)));
        assert!(
            !answer,
            "10,000 different items, k = {k}: there is no duplicate"
        );
        let steps = did.comparisons + did.hashes;
        assert!(
            steps <= 160_000,
            "10,000 different items, k = {k}: {} comparisons and {} hashes, and 160,000 in all are allowed",
            did.comparisons,
            did.hashes
        );
    }
}
