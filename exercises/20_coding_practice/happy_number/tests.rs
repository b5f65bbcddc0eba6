use super::*;
use counted::{allocations, ends};
use std::collections::HashSet;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

#[track_caller]
fn check(start: u64, base: u64, expected: bool) {
    assert_eq!(
        is_happy(start, base),
        expected,
        "is_happy({start}, {base}) (left is yours)"
    );
}

#[test]
fn one_is_happy() {
    check(1, 10, true);
    check(1, 2, true);
}

#[test]
fn the_way_to_1_is_followed() {
    for start in [10, 100, 13, 19, 23, 7] {
        check(start, 10, true);
    }
}

#[test]
fn digits_depend_on_the_base() {
    check(9, 3, true);
    check(16, 16, true);
    check(2, 2, true);
}

#[test]
fn in_bases_2_and_4_all_but_0_are_happy() {
    for base in [2, 4] {
        for start in 1..=300 {
            check(start, base, true);
        }
    }
}

/// The digits by division, the numbers seen in a set.
fn by_set(start: u64, base: u64) -> bool {
    let (mut seen, mut n) = (HashSet::new(), start);
    while seen.insert(n) {
        let rests = std::iter::successors(Some(n), |rest| Some(rest / base));
        let digits = rests.take_while(|&rest| rest > 0).map(|rest| rest % base);
        n = digits.map(|digit| digit * digit).sum();
    }
    n == 1
}

/// Small starts in all bases and some large ones: those that are happy, or those that are not.
fn starts(happy: bool) -> Vec<(u64, u64)> {
    let mut rng = seeded::Rng::new(1);
    let small = (2..=16).flat_map(|base| (0..=100).map(move |start| (start, base)));
    let large = rng.vec(100, |rng| {
        (rng.next_u64() >> rng.below(50), rng.range(2..=16))
    });
    let ends = (2..=16).map(|base| (u64::MAX, base));
    let all = small.chain(large).chain(ends);
    all.filter(|&(start, base)| by_set(start, base) == happy)
        .collect()
}

#[test]
fn all_happy_starts_are_found() {
    let starts = starts(true);
    ends(move |doing| {
        for (start, base) in starts {
            doing.note(|| format!("is_happy({start}, {base})"));
            check(start, base, true);
        }
    });
}

#[test]
fn the_answer_comes_also_without_a_1() {
    let starts = starts(false);
    ends(move |doing| {
        let examples = [
            (4, 10),
            (2, 10),
            (20, 10),
            (0, 10),
            (5, 3),
            (8, 3),
            (23, 16),
        ];
        for (start, base) in examples.into_iter().chain(starts) {
            doing.note(|| format!("is_happy({start}, {base})"));
            check(start, base, false);
        }
    });
}

#[test]
fn nothing_is_allocated() {
    for (start, base) in [(7, 10), (986_543_210, 10), (12_345, 4)] {
        let (_, heap) = allocations(|| is_happy(start, base));
        assert_eq!(
            heap.calls, 0,
            "is_happy({start}, {base}): your allocations (left)"
        );
    }
}
