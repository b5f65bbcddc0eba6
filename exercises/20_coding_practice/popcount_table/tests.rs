use super::*;
use counted::allocations;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// The ones of a number, by repeated division.
fn ones(mut i: usize) -> u8 {
    let mut ones = 0;
    while i > 0 {
        ones += (i % 2) as u8;
        i /= 2;
    }
    ones
}

#[track_caller]
fn check(n: usize) {
    let counts = bit_counts(n);
    assert_eq!(
        counts.len(),
        n + 1,
        "bit_counts({n}): its length (left is yours)"
    );
    for (i, &count) in counts.iter().enumerate() {
        assert_eq!(
            count,
            ones(i),
            "bit_counts({n}): entry {i}, in binary {i:b} (left is yours)"
        );
    }
}

#[test]
fn small_tables_are_right() {
    assert_eq!(bit_counts(1), [0, 1], "bit_counts(1) (left is yours)");
    assert_eq!(
        bit_counts(5),
        [0, 1, 1, 2, 1, 2],
        "bit_counts(5) (left is yours)"
    );
}

#[test]
fn both_ends_have_an_entry() {
    for n in [0, 1, 7, 8, 100] {
        assert_eq!(
            bit_counts(n).len(),
            n + 1,
            "bit_counts({n}): its length (left is yours)"
        );
    }
    assert_eq!(bit_counts(0), [0], "bit_counts(0) (left is yours)");
}

#[test]
fn a_power_of_two_has_a_single_one() {
    let n = 1 << 17;
    let counts = bit_counts(n);
    for k in 0..=17 {
        let i = 1 << k;
        assert_eq!(
            counts.get(i),
            Some(&1),
            "bit_counts({n}): entry {i}, in binary {i:b} (left is yours)"
        );
    }
}

#[test]
fn below_a_power_of_two_all_bits_are_ones() {
    for k in 1..=17 {
        let last = bit_counts((1 << k) - 1).pop();
        assert_eq!(
            last,
            Some(k),
            "bit_counts({}): the last entry (left is yours)",
            (1 << k) - 1
        );
    }
}

#[test]
fn all_entries_agree_with_repeated_division() {
    (0..=70).for_each(check);
    check(4_096);
}

#[test]
fn no_number_costs_an_allocation() {
    let (_, heap) = allocations(|| bit_counts(100_000));
    assert!(
        heap.calls <= 64,
        "bit_counts(100,000): {} allocations, and 64 are allowed",
        heap.calls
    );
}
