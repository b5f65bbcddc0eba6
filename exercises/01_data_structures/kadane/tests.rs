use super::*;
use std::ops::Range;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

#[track_caller]
fn assert_run(values: &[i64], expected: Option<(Range<usize>, i128)>) {
    assert_eq!(
        max_sum_run(values.iter().copied()),
        expected,
        "values {values:?}: left is your answer, right the expected one"
    );
}

#[test]
fn the_run_may_be_the_whole_list() {
    assert_run(&[3], Some((0..1, 3)));
    assert_run(&[1, 2, 3], Some((0..3, 6)));
}

#[test]
fn the_run_with_the_largest_sum_is_found() {
    assert_run(&[2, -5, 3, 1], Some((2..4, 4)));
    assert_run(&[2, -5, 3, 1, -1, 4, -2], Some((2..6, 7)));
}

#[test]
fn without_values_there_is_no_run() {
    assert_run(&[], None);
}

#[test]
fn of_negative_values_the_largest_is_the_answer() {
    assert_run(&[-3], Some((0..1, -3)));
    assert_run(&[-4, -2, -9], Some((1..2, -2)));
    assert_run(&[-2, -2], Some((0..1, -2)));
}

#[test]
fn of_equal_sums_the_run_that_starts_first_counts() {
    assert_run(&[4, -9, 4], Some((0..1, 4)));
    assert_run(&[0, 5], Some((0..2, 5)));
    assert_run(&[-1, 1, -1, 5], Some((1..4, 5)));
    assert_run(&[3, -3, 5], Some((0..3, 5)));
}

#[test]
fn of_those_the_one_that_ends_first_counts() {
    assert_run(&[0, 0], Some((0..1, 0)));
    assert_run(&[5, 0], Some((0..1, 5)));
    assert_run(&[5, -2, 2, -1], Some((0..1, 5)));
    assert_run(&[-1, 0, 0], Some((1..2, 0)));
}

#[test]
fn a_loss_in_the_middle_can_be_worth_it() {
    assert_run(&[4, -1, 4], Some((0..3, 7)));
    assert_run(&[1, -2, 8, -3, 8, -9, 1], Some((2..5, 13)));
    assert_run(&[5, -4, 5, -4, 5], Some((0..5, 7)));
}

#[test]
fn a_bad_beginning_is_dropped_as_a_whole() {
    // A window that drops its oldest value while that raises the sum keeps the 2, and so the -5.
    assert_run(&[2, -5, 3], Some((2..3, 3)));
    assert_run(&[1, 1, 1, -4, 9], Some((4..5, 9)));
    assert_run(&[3, -2, -2, 6], Some((3..4, 6)));
}

#[test]
fn sums_beyond_the_type_are_exact() {
    let (min, max) = (i128::from(i64::MIN), i128::from(i64::MAX));
    assert_run(&[i64::MAX, 1], Some((0..2, max + 1)));
    assert_run(&[i64::MAX; 3], Some((0..3, 3 * max)));
    assert_run(&[i64::MIN, i64::MIN], Some((0..1, min)));
    assert_run(&[i64::MIN, -1, i64::MIN], Some((1..2, -1)));
    assert_run(&[i64::MAX, i64::MAX, i64::MIN, 2], Some((0..2, 2 * max)));
}

#[test]
fn random_lists_agree_with_all_their_runs() {
    seeded::cases(5_000, |rng| {
        let (low, high) = *rng.pick(&[(-9, 9), (-2, 2), (-9, -1), (0, 0), (-9, 3), (-1, 1)]);
        let len = rng.below(rng.size() / 4 + 2);
        let extremes = rng.chance(0.2);
        let values = rng.vec(len, |rng| match rng.below(4) {
            0 if extremes => *rng.pick(&[i64::MIN, i64::MAX]),
            _ => rng.range(low..=high),
        });
        assert_run(&values, best_of_all_runs(&values));
    });
}

/// Every run, by its start and then by its end: right, and quadratic.
fn best_of_all_runs(values: &[i64]) -> Option<(Range<usize>, i128)> {
    let mut best: Option<(Range<usize>, i128)> = None;
    for start in 0..values.len() {
        let mut sum = 0;
        for (last, &value) in values.iter().enumerate().skip(start) {
            sum += i128::from(value);
            if best.as_ref().is_none_or(|(_, most)| sum > *most) {
                best = Some((start..last + 1, sum));
            }
        }
    }
    best
}

#[test]
fn nothing_is_allocated() {
    let values = seeded::Rng::new(1).vec(1_000, |rng| rng.range(-9..=9));
    let (_, heap) = counted::allocations(|| max_sum_run(values.iter().copied()));
    assert!(
        heap.calls == 0,
        "over 1,000 values: {} allocations of {} bytes in all, and none is allowed. The values must \
         not be kept",
        heap.calls,
        heap.bytes
    );
}
