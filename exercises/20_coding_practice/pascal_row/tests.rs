use super::*;
use counted::{Doing, allocations, ends};

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

#[track_caller]
fn check(n: usize, expected: &[u64]) {
    assert_eq!(
        pascal_row(n).as_deref(),
        Some(expected),
        "pascal_row({n}) (left is yours)"
    );
}

#[test]
fn row_0_is_a_single_1() {
    check(0, &[1]);
}

#[test]
fn small_rows_are_right() {
    check(1, &[1, 1]);
    check(2, &[1, 2, 1]);
    check(3, &[1, 3, 3, 1]);
    check(4, &[1, 4, 6, 4, 1]);
}

#[test]
fn a_middle_row_is_right() {
    check(10, &[1, 10, 45, 120, 210, 252, 210, 120, 45, 10, 1]);
}

#[test]
fn rows_that_do_not_fit_are_none() {
    for n in [68, 69, 70, 100, 1_000, usize::MAX] {
        assert_eq!(pascal_row(n), None, "pascal_row({n}) (left is yours)");
    }
}

/// Compares some rows with sums in `u128`.
#[track_caller]
fn compare(rows: std::ops::RangeInclusive<usize>, doing: &Doing) {
    let mut expected = vec![1_u128];
    for n in 0..=*rows.end() {
        if rows.contains(&n) {
            doing.note(|| format!("pascal_row({n})"));
            let row: Option<Vec<u64>> = expected
                .iter()
                .map(|&entry| u64::try_from(entry).ok())
                .collect();
            assert_eq!(pascal_row(n), row, "pascal_row({n}) (left is yours)");
        }
        let sums = expected.windows(2).map(|pair| pair[0] + pair[1]);
        expected = [1].into_iter().chain(sums).chain([1]).collect();
    }
}

#[test]
fn rows_up_to_12_agree_with_sums_in_u128() {
    ends(|doing| compare(0..=12, doing));
}

#[test]
fn larger_rows_are_exact_and_take_no_time() {
    ends(|doing| compare(13..=70, doing));
}

#[test]
fn a_row_costs_at_most_eight_allocations() {
    for n in 0..=16 {
        let (_, heap) = allocations(|| pascal_row(n));
        assert!(
            heap.calls <= 8,
            "pascal_row({n}): {} allocations, and 8 are allowed",
            heap.calls
        );
    }
}
