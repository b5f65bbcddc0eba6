use super::*;
use counted::{Probe, allocations, at_most, counts};

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// Merges, and compares with sorting everything. The spare room holds 0.
#[track_caller]
fn check(a: &[u32], b: &[u32]) {
    assert!(
        a.is_sorted() && b.is_sorted(),
        "the test is wrong: {a:?}, {b:?}"
    );
    let mut merged: Vec<Probe<u32>> = a.iter().copied().map(Probe::new).collect();
    merged.resize(a.len() + b.len(), Probe::new(0));
    let items: Vec<Probe<u32>> = b.iter().copied().map(Probe::new).collect();
    at_most(100_000, || merge_into(&mut merged, a.len(), &items));
    let mut expected = [a, b].concat();
    expected.sort();
    let merged: Vec<u32> = merged.iter().map(|item| *item.inner()).collect();
    assert_eq!(merged, expected, "{b:?} merged into {a:?} (left is yours)");
}

#[test]
fn two_runs_become_one() {
    check(&[2, 5, 9], &[3, 7]);
    check(&[1, 3, 5], &[2, 4, 6]);
    check(&[5], &[1, 9]);
}

#[test]
fn the_smaller_items_may_all_be_in_b() {
    check(&[7, 8, 9], &[1, 2, 3]);
    check(&[7], &[1, 2, 3]);
}

#[test]
fn the_larger_items_may_all_be_in_b() {
    check(&[1, 2, 3], &[7, 8, 9]);
    check(&[1, 2, 3], &[7]);
}

#[test]
fn either_part_may_be_empty() {
    check(&[], &[1, 2]);
    check(&[1, 2], &[]);
    check(&[], &[]);
}

#[test]
fn duplicates_stay() {
    check(&[1, 1, 2], &[1, 2, 2]);
    check(&[4, 4], &[4, 4, 4]);
}

#[test]
fn random_runs_agree_with_sorting_everything() {
    seeded::cases(3_000, |rng| {
        let mut run = || {
            let len = rng.below(rng.size() / 8 + 2);
            let mut run = rng.vec(len, |rng| rng.range(0..=20));
            run.sort();
            run
        };
        check(&run(), &run());
    });
}

/// The runs by which the costs are judged, each with its name.
fn long_runs() -> [(&'static str, Vec<u32>, Vec<u32>); 3] {
    let n = 10_000;
    [
        (
            "in turn",
            (0..n).map(|i| 2 * i).collect(),
            (0..n).map(|i| 2 * i + 1).collect(),
        ),
        ("all of b smaller", (n..2 * n).collect(), (0..n).collect()),
        ("all of b larger", (0..n).collect(), (n..2 * n).collect()),
    ]
}

#[test]
fn each_comparison_places_an_item() {
    for (order, a, b) in long_runs() {
        let mut merged: Vec<Probe<u32>> = a.into_iter().map(Probe::new).collect();
        let b: Vec<Probe<u32>> = b.into_iter().map(Probe::new).collect();
        merged.resize(20_000, Probe::new(0));
        let (_, did) = counts(|| at_most(1_000_000, || merge_into(&mut merged, 10_000, &b)));
        assert!(
            did.comparisons <= 20_000,
            "10,000 and 10,000 items, {order}: {} comparisons, and 20,000 are allowed",
            did.comparisons
        );
    }
}

#[test]
fn nothing_is_allocated() {
    for (order, a, b) in long_runs() {
        let mut merged = [a, vec![0; 10_000]].concat();
        let (_, heap) = allocations(|| merge_into(&mut merged, 10_000, &b));
        assert_eq!(
            heap.calls, 0,
            "10,000 and 10,000 items, {order}: your allocations (left)"
        );
        assert!(
            merged.iter().copied().eq(0..20_000),
            "10,000 and 10,000 items, {order}: the result is not sorted"
        );
    }
}
