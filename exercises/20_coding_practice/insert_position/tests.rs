use super::*;
use counted::{Probe, at_most, counts};

/// Your answer; a search without end ends with a message.
#[track_caller]
fn search(xs: &[i64], x: i64) -> usize {
    let xs: Vec<Probe<i64>> = xs.iter().map(|&value| Probe::new(value)).collect();
    at_most(1_000, || lower_bound(&xs, &Probe::new(x)))
}

#[track_caller]
fn check(xs: &[i64], x: i64) {
    let expected = xs.iter().take_while(|item| **item < x).count();
    assert_eq!(
        search(xs, x),
        expected,
        "lower_bound({xs:?}, {x}) (left is yours)"
    );
}

#[test]
fn the_place_of_an_item_is_found() {
    check(&[10, 20, 30], 20);
    check(&[10, 20, 30], 10);
    check(&[10, 20, 30], 30);
    check(&[10, 20], 20);
}

#[test]
fn what_is_not_there_goes_between() {
    check(&[10, 20, 30], 15);
    check(&[10, 20, 30], 25);
    check(&[10, 20, 30], 5);
}

#[test]
fn of_several_the_first_is_meant() {
    check(&[10, 20, 20, 30], 20);
    check(&[7, 7, 7, 7, 7], 7);
    check(&[1, 7, 7, 7, 7, 7, 7, 7], 7);
}

#[test]
fn what_is_greater_than_all_goes_to_the_end() {
    check(&[10, 20, 30], 31);
    check(&[10], 11);
}

#[test]
fn an_empty_slice_has_one_place() {
    check(&[], 5);
    let (_, did) = counts(|| lower_bound(&[], &Probe::new(5)));
    assert_eq!(
        did.comparisons, 0,
        "an empty slice: your comparisons (left)"
    );
}

#[test]
fn the_ends_of_the_type_are_values() {
    check(&[i64::MIN, 0, i64::MAX], i64::MIN);
    check(&[i64::MIN, 0, i64::MAX], i64::MAX);
    check(&[i64::MIN, i64::MIN, i64::MAX, i64::MAX], i64::MAX);
    check(&[0, 1], i64::MIN);
    check(&[0, 1], i64::MAX);
}

#[test]
fn all_short_sorted_slices_are_right() {
    for len in 0..=7 {
        for code in 0..1_usize << (2 * len) {
            let xs: Vec<i64> = (0..len).map(|i| (code >> (2 * i) & 3) as i64).collect();
            if xs.is_sorted() {
                (-1..=4).for_each(|x| check(&xs, x));
            }
        }
    }
}

#[test]
fn the_items_are_not_looked_at_one_by_one() {
    let xs: Vec<Probe<u32>> = (0..1_000).map(Probe::new).collect();
    for x in [500, 999] {
        let (answer, did) = counts(|| at_most(10_000, || lower_bound(&xs, &Probe::new(x))));
        assert_eq!(
            answer, x as usize,
            "1,000 items, the numbers from 0 on: the place of {x} (left is yours)"
        );
        assert!(
            did.comparisons <= 100,
            "1,000 items, the numbers from 0 on: {} comparisons for {x}, and 100 are more than enough",
            did.comparisons
        );
    }
}

#[test]
fn the_comparisons_grow_with_the_logarithm() {
    let all: Vec<Probe<u32>> = (0..1 << 20).map(Probe::new).collect();
    for len in [1_usize, 2, 3, 1_000, 1 << 20] {
        let allowed = u64::from(len.next_power_of_two().ilog2()) + 1;
        for place in [0, 1, len / 3, len / 2, len - 1, len] {
            let x = Probe::new(place as u32);
            let (answer, did) = counts(|| at_most(10_000, || lower_bound(&all[..len], &x)));
            assert_eq!(
                answer, place,
                "{len} items, the numbers from 0 on: the place of {place} (left is yours)"
            );
            assert!(
                did.comparisons <= allowed,
                "{len} items, the numbers from 0 on: {} comparisons for {place}, and {allowed} are allowed",
                did.comparisons
            );
        }
    }
}

#[test]
fn equal_items_cost_no_more() {
    let len = 1_usize << 20;
    for run in [2, 1_000, len / 2, len] {
        let xs: Vec<Probe<usize>> = (0..len).map(|i| Probe::new(i / run)).collect();
        for x in [0, len / run / 2, (len - 1) / run] {
            let (answer, did) = counts(|| at_most(2_000_000, || lower_bound(&xs, &Probe::new(x))));
            assert_eq!(
                answer,
                x * run,
                "{len} items, each number {run} times: the place of {x} (left is yours)"
            );
            assert!(
                did.comparisons <= 21,
                "{len} items, each number {run} times: {} comparisons for {x}, and 21 are allowed",
                did.comparisons
            );
        }
    }
}
