use super::*;
use counted::{Probe, allocations, at_most, counts};

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// A value that can be compared for equality and nothing else.
#[derive(Debug, PartialEq, Eq)]
struct Vote(u8);

#[track_caller]
fn check(votes: &[u8], expected: Option<u8>) {
    let items: Vec<Vote> = votes.iter().map(|&vote| Vote(vote)).collect();
    let answer = majority(&items).map(|vote| vote.0);
    assert_eq!(
        answer, expected,
        "the majority of {votes:?} (left is yours)"
    );
}

#[test]
fn more_than_half_is_a_majority() {
    check(&[2, 1, 2, 3, 2], Some(2));
    check(&[7, 7, 7], Some(7));
    check(&[7], Some(7));
    check(&[1, 2, 1], Some(1));
}

#[test]
fn nothing_has_no_majority() {
    check(&[], None);
}

#[test]
fn exactly_half_is_not_enough() {
    check(&[1, 2], None);
    check(&[2, 1, 2, 1], None);
    check(&[5, 5, 6, 7], None);
}

#[test]
fn whoever_is_left_need_not_be_a_majority() {
    check(&[1, 2, 3], None);
    check(&[1, 1, 2, 2, 3], None);
}

#[test]
fn a_majority_may_come_late() {
    check(&[1, 2, 3, 3, 3], Some(3));
    check(&[1, 1, 2, 2, 2], Some(2));
}

#[test]
fn a_majority_may_have_no_two_neighbours() {
    check(&[1, 2, 1, 3, 3, 1, 2, 1, 1], Some(1));
    check(&[1, 2, 2, 1, 3, 1, 3, 1, 1], Some(1));
    check(&[1, 2, 2, 1, 3, 1, 1], Some(1));
}

#[test]
fn all_short_slices_agree_with_counting() {
    for len in 0..=9 {
        for code in 0..3_usize.pow(len) {
            let votes: Vec<u8> = (0..len)
                .map(|i| (code / 3_usize.pow(i) % 3) as u8)
                .collect();
            let count = |value| votes.iter().filter(|vote| **vote == value).count();
            let expected = (0..3).find(|&value| 2 * count(value) > votes.len());
            check(&votes, expected);
        }
    }
}

#[test]
fn each_item_is_compared_twice_at_most() {
    let orders: [(&str, Vec<u32>); 4] = [
        ("all different", (0..20_000).collect()),
        ("all equal", vec![7; 20_000]),
        ("two in turn", [1, 2].repeat(10_000)),
        (
            "half different, then all equal",
            (0..20_000).map(|i| i.min(9_999)).collect(),
        ),
    ];
    for (order, values) in orders {
        let items: Vec<Probe<u32>> = values.into_iter().map(Probe::new).collect();
        let (_, did) = counts(|| at_most(1_000_000, || majority(&items)));
        assert!(
            did.comparisons <= 40_000,
            "20,000 items, {order}: {} comparisons, and 40,000 are allowed",
            did.comparisons
        );
    }
}

#[test]
fn nothing_is_allocated() {
    let items: Vec<Vote> = (0..=100).map(|i| Vote(i % 2)).collect();
    let (answer, heap) = allocations(|| majority(&items));
    assert_eq!(
        answer,
        Some(&Vote(0)),
        "0, 1, 0, 1, ... 0: 51 of 101 items are 0"
    );
    assert_eq!(heap.calls, 0, "101 items: your allocations (left)");
}
