use super::*;
use counted::{Probe, at_most, counts};

#[track_caller]
fn check(xs: &[u8]) {
    let ahead = |at: usize| {
        xs[at..]
            .iter()
            .position(|x| *x > xs[at])
            .map(|steps| at + steps)
    };
    let expected: Vec<Option<usize>> = (0..xs.len()).map(ahead).collect();
    assert_eq!(
        next_greater(xs),
        expected,
        "next_greater({xs:?}) (left is yours)"
    );
}

#[test]
fn the_next_greater_item_is_found() {
    check(&[1, 2]);
    check(&[4, 2, 3, 6]);
    check(&[5, 1, 2, 3, 9]);
}

#[test]
fn without_one_there_is_no_position() {
    check(&[]);
    check(&[7]);
    check(&[3, 2, 1]);
}

#[test]
fn the_nearest_counts_and_not_the_greatest() {
    check(&[1, 2, 9]);
    check(&[3, 1, 4, 8, 5]);
}

#[test]
fn an_equal_item_is_not_greater() {
    check(&[2, 2]);
    check(&[2, 2, 3]);
    check(&[5, 1, 5, 6]);
}

#[test]
fn equal_items_have_answers_of_their_own() {
    check(&[2, 3, 2, 4]);
    check(&[1, 5, 1, 6, 1, 7]);
}

#[test]
fn all_short_slices_agree_with_looking_ahead() {
    for len in 0..=6 {
        for code in 0..1_usize << (2 * len) {
            let xs: Vec<u8> = (0..len).map(|i| (code >> (2 * i) & 3) as u8).collect();
            check(&xs);
        }
    }
}

#[test]
fn there_are_two_comparisons_for_each_item() {
    let falling = (0..9_999).rev();
    let orders: [(&str, Vec<u32>); 5] = [
        (
            "falling, with a giant at the end",
            falling.clone().chain([77_777]).collect(),
        ),
        ("falling", falling.clone().collect()),
        (
            "falling, then rising",
            falling.step_by(2).chain((0..9_999).step_by(2)).collect(),
        ),
        ("rising", (0..10_000).collect()),
        ("all equal", vec![7; 10_000]),
    ];
    for (order, values) in orders {
        let xs: Vec<Probe<u32>> = values.into_iter().map(Probe::new).collect();
        let (answer, did) = counts(|| at_most(1_000_000, || next_greater(&xs)));
        assert_eq!(
            answer.len(),
            xs.len(),
            "{} items, {order}: the length of the answer (left)",
            xs.len()
        );
        assert!(
            did.comparisons <= 2 * xs.len() as u64,
            "{} items, {order}: {} comparisons, and {} are allowed",
            xs.len(),
            did.comparisons,
            2 * xs.len()
        );
    }
}
