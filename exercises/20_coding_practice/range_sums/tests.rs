use super::*;
use std::ops::Range;

/// The sum of a slice, if there is such a slice.
fn added_up(xs: &[i64], range: Range<usize>) -> Option<i64> {
    xs.get(range).map(|numbers| numbers.iter().sum())
}

#[track_caller]
fn check(xs: &[i64], start: usize, end: usize) {
    let range = start..end;
    let expected = added_up(xs, range.clone());
    assert_eq!(
        RangeSums::new(xs).sum(range),
        expected,
        "the numbers {xs:?}: sum({start}..{end}) (left is yours)"
    );
}

#[test]
fn a_range_has_the_sum_of_its_numbers() {
    check(&[3, -1, 4, 1], 1, 3);
    check(&[3, -1, 4, 1], 2, 3);
    check(&[3, -1, 4, 1], 1, 4);
    check(&[i64::MAX, i64::MIN, 0], 1, 2);
    check(&[i64::MAX, i64::MIN, 0], 1, 3);
}

#[test]
fn a_range_may_begin_at_the_start() {
    check(&[3, -1, 4, 1], 0, 2);
    check(&[3, -1, 4, 1], 0, 4);
    check(&[9], 0, 1);
}

#[test]
fn the_end_is_not_included() {
    check(&[1, 10, 100], 0, 1);
    check(&[1, 10, 100], 1, 2);
}

#[test]
fn an_empty_range_has_the_sum_zero() {
    check(&[5, 6], 0, 0);
    check(&[5, 6], 1, 1);
    check(&[5, 6], 2, 2);
    check(&[], 0, 0);
}

#[test]
fn a_range_that_leaves_the_list_has_no_sum() {
    check(&[5, 6], 0, 3);
    check(&[5, 6], 3, 3);
    check(&[], 0, 1);
    check(&[5, 6], 1, usize::MAX);
    check(&[5, 6], usize::MAX, usize::MAX);
}

#[test]
fn a_reversed_range_has_no_sum() {
    check(&[5, 6], 1, 0);
    check(&[5, 6], 2, 1);
    check(&[5, 6], 3, 2);
    check(&[5, 6], usize::MAX, 0);
}

#[test]
fn all_ranges_of_random_lists_agree_with_adding_up() {
    seeded::cases(500, |rng| {
        let len = rng.below(11);
        let xs = rng.vec(len, |rng| match rng.below(20) {
            0 => rng.range(-1 << 58..=1 << 58),
            _ => rng.range(-9..=9),
        });
        for start in 0..=len + 1 {
            for end in 0..=len + 1 {
                check(&xs, start, end);
            }
        }
    });
}

#[test]
fn the_preparation_goes_through_the_list_once() {
    counted::ends(|doing| {
        doing.note(|| "`new` for a million numbers".into());
        let xs: Vec<i64> = (0..1_000_000).collect();
        assert_eq!(
            RangeSums::new(&xs).sum(999_998..1_000_000),
            Some(1_999_997),
            "the numbers 0 to 999,999: sum(999998..1000000) (left is yours)"
        );
    });
}

#[test]
fn a_question_costs_the_same_for_every_range() {
    counted::ends(|doing| {
        doing.note(|| "`new` for a million numbers".into());
        let xs: Vec<i64> = (0..1_000_000).collect();
        let sums = RangeSums::new(&xs);
        doing.note(|| "500,000 questions about half of a million numbers".into());
        for start in 0..500_000 {
            let (first, last) = (start as i64, start as i64 + 499_999);
            let expected = (first + last) * 250_000;
            if sums.sum(start..start + 500_000) != Some(expected) {
                panic!(
                    "the numbers 0 to 999,999: sum({start}..{}) is {expected}",
                    start + 500_000
                );
            }
        }
    });
}
