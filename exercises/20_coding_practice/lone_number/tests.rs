use super::*;
use counted::{allocations, ends};

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

#[track_caller]
fn check(xs: &[u64], expected: u64) {
    assert_eq!(lone(xs), expected, "lone({xs:?}) (left is yours)");
}

#[test]
fn the_only_number_is_the_lone_one() {
    check(&[5], 5);
}

#[test]
fn the_lone_number_may_stand_anywhere() {
    check(&[1, 2, 2], 1);
    check(&[2, 1, 2], 1);
    check(&[2, 2, 1], 1);
}

#[test]
fn twins_need_not_be_neighbours() {
    check(&[7, 3, 9, 3, 7], 9);
    check(&[1, 2, 3, 4, 1, 2, 3], 4);
}

#[test]
fn zero_is_a_number_like_others() {
    check(&[0], 0);
    check(&[4, 0, 4], 0);
    check(&[0, 4, 0], 4);
}

#[test]
fn the_largest_numbers_do_not_overflow() {
    check(&[u64::MAX], u64::MAX);
    check(&[u64::MAX, 1, u64::MAX - 1, 1, u64::MAX], u64::MAX - 1);
}

#[test]
fn random_lists_give_their_lone_number() {
    seeded::cases(2_000, |rng| {
        let pairs = rng.below(7);
        let largest = *rng.pick(&[20, u64::MAX]);
        let mut numbers: Vec<u64> = Vec::new();
        while numbers.len() <= pairs {
            let number = rng.range(0..=largest);
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        let expected = numbers[0];
        let mut xs = [&numbers[..], &numbers[1..]].concat();
        rng.shuffle(&mut xs);
        check(&xs, expected);
    });
}

#[test]
fn nothing_is_allocated() {
    let xs: Vec<u64> = (0..=500).chain(0..500).collect();
    let (answer, heap) = allocations(|| lone(&xs));
    assert_eq!(answer, 500, "0 to 500, then 0 to 499 (left is yours)");
    assert_eq!(heap.calls, 0, "1,001 numbers: your allocations (left)");
}

#[test]
fn half_a_million_numbers_are_no_burden() {
    ends(|doing| {
        doing.note(|| "0 to 249,999, then 0 to 250,000".into());
        let xs: Vec<u64> = (0..250_000).chain(0..=250_000).collect();
        assert_eq!(
            lone(&xs),
            250_000,
            "0 to 249,999, then 0 to 250,000 (left is yours)"
        );
    });
}
