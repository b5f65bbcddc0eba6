use super::*;
use counted::{Probe, allocations, at_most, counts};
use seeded::Rng;
use std::cmp::Ordering;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

fn probes(xs: &[usize]) -> Vec<Probe<usize>> {
    xs.iter().copied().map(Probe::new).collect()
}

fn plain(xs: &[Probe<usize>]) -> Vec<usize> {
    xs.iter().map(|x| *x.inner()).collect()
}

/// Every array of exactly `len` elements from 0, 1, 2, 3.
fn arrays(len: u32) -> impl Iterator<Item = Vec<usize>> {
    let digit = move |n: usize, i: u32| n >> (2 * (len - 1 - i)) & 3;
    (0..1 << (2 * len)).map(move |n| (0..len).map(|i| digit(n, i)).collect())
}

/// An element at or below `root` that is less than one of its children.
fn flaw(xs: &[usize], root: usize) -> Option<usize> {
    let children = || (2 * root + 1..2 * root + 3).filter(|&child| child < xs.len());
    if children().any(|child| xs[root] < xs[child]) {
        return Some(root);
    }
    children().find_map(|child| flaw(xs, child))
}

#[track_caller]
fn assert_heap(xs: &[usize], root: usize, done: &str) {
    if let Some(i) = flaw(xs, root) {
        let value = xs[i];
        panic!("{done} gave {xs:?}: the {value} at index {i} is less than a child of it");
    }
}

#[track_caller]
fn assert_same_elements(xs: &[usize], input: &[usize], done: &str) {
    let (mut xs_sorted, mut expected) = (xs.to_vec(), input.to_vec());
    xs_sorted.sort();
    expected.sort();
    assert_eq!(
        xs_sorted, expected,
        "{done} gave {xs:?}; its elements, sorted"
    );
}

/// `sift_down` on those arrays of `len` elements that are a heap below index 0 and that `pick` picks.
fn sift_arrays_of(len: u32, pick: impl Fn(&[usize]) -> bool) {
    for input in arrays(len) {
        if flaw(&input, 1).is_some() || flaw(&input, 2).is_some() || !pick(&input) {
            continue;
        }
        let mut xs = probes(&input);
        let (_, did) = counts(|| at_most(1_000, || sift_down(&mut xs, 0)));
        let (xs, done) = (plain(&xs), format!("sift_down({input:?}, 0)"));
        assert_same_elements(&xs, &input, &done);
        assert_heap(&xs, 0, &done);
        let (compared, most) = (did.comparisons, 2 * u64::from(len.max(1).ilog2()));
        assert!(
            compared <= most,
            "{done} compared {compared} times, {most} are enough"
        );
    }
}

/// `make_heap` on every array of `len` elements.
fn make_heaps_of(len: u32) {
    for input in arrays(len) {
        let mut xs = probes(&input);
        at_most(1_000, || make_heap(&mut xs));
        let (xs, done) = (plain(&xs), format!("make_heap({input:?})"));
        assert_same_elements(&xs, &input, &done);
        assert_heap(&xs, 0, &done);
    }
}

/// 2,000 elements in the orders that sorts find easy or hard.
fn patterns() -> [(&'static str, Vec<usize>); 5] {
    let n = 2_000;
    let mut rng = Rng::new(1);
    [
        ("sorted", (0..n).collect()),
        ("reversed", (0..n).rev().collect()),
        ("all equal", vec![7; n]),
        ("random", rng.vec(n, |rng| rng.below(n))),
        ("few different", rng.vec(n, |rng| rng.below(4))),
    ]
}

#[test]
fn sift_down_leaves_an_element_without_children_alone() {
    sift_arrays_of(0, |_| true);
    sift_arrays_of(1, |_| true);
}

#[test]
fn sift_down_swaps_the_root_with_its_left_child_if_that_is_the_largest() {
    sift_arrays_of(2, |_| true);
    sift_arrays_of(3, |xs| xs[1] > xs[2]);
}

#[test]
fn sift_down_swaps_the_root_with_its_right_child_if_that_is_the_largest() {
    sift_arrays_of(3, |xs| xs[1] <= xs[2]);
}

#[test]
fn sift_down_goes_on_until_the_heap_is_whole() {
    for len in 4..=6 {
        sift_arrays_of(len, |_| true);
    }
    let mut xs = [3, 9, 8, 1, 5];
    sift_down(&mut xs, 0);
    assert_eq!(xs, [9, 5, 8, 1, 3], "sift_down([3, 9, 8, 1, 5], 0)");
}

/// A key and its place in the input; only keys are compared.
#[derive(Clone, Copy, Debug)]
struct Placed(Probe<usize>, usize);

impl Ord for Placed {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Placed {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Placed {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Placed {}

#[test]
fn sift_down_leaves_an_element_that_is_not_less_than_its_children() {
    for input in (0..=6).flat_map(arrays) {
        if flaw(&input, 0).is_some() {
            continue;
        }
        let placed = input
            .iter()
            .enumerate()
            .map(|(i, &key)| Placed(Probe::new(key), i));
        let mut xs: Vec<Placed> = placed.collect();
        at_most(1_000, || sift_down(&mut xs, 0));
        let places: Vec<usize> = xs.iter().map(|x| x.1).collect();
        assert!(
            places.is_sorted(),
            "sift_down({input:?}, 0), which is a heap already, should move nothing; now the elements that were \
             at {places:?} are at 0, 1, 2, .."
        );
    }
}

#[test]
fn sift_down_may_begin_anywhere() {
    for input in arrays(6) {
        let mut xs = probes(&input);
        at_most(1_000, || sift_down(&mut xs, 2));
        let (xs, done) = (plain(&xs), format!("sift_down({input:?}, 2)"));
        assert_same_elements(&xs, &input, &done);
        assert_heap(&xs, 2, &done);
        let others = [0, 1, 3, 4];
        assert_eq!(
            others.map(|i| xs[i]),
            others.map(|i| input[i]),
            "{done}: the elements at 0, 1, 3 and 4 are not below index 2"
        );
    }
}

#[test]
fn make_heap_works_where_each_parent_has_two_children() {
    for len in [0, 1, 3, 5] {
        make_heaps_of(len);
    }
}

#[test]
fn make_heap_works_where_the_last_parent_has_one_child() {
    for len in [2, 4, 6] {
        make_heaps_of(len);
    }
}

#[test]
fn make_heap_is_linear() {
    for (name, input) in patterns() {
        let mut xs = probes(&input);
        let (_, did) = counts(|| at_most(1_000_000, || make_heap(&mut xs)));
        let (compared, most) = (did.comparisons, 2 * input.len() as u64);
        assert!(
            compared <= most,
            "make_heap of 2000 elements, {name} at first, compared {compared} times, {most} are enough"
        );
    }
}

#[test]
fn each_small_array_is_sorted() {
    for input in (0..=6).flat_map(arrays) {
        let mut xs = probes(&input);
        at_most(1_000, || heap_sort(&mut xs));
        let mut expected = input.clone();
        expected.sort();
        assert_eq!(plain(&xs), expected, "heap_sort({input:?})");
    }
}

#[test]
fn no_input_needs_more_than_n_log_n_comparisons() {
    for (name, input) in patterns() {
        let mut xs = probes(&input);
        let (_, did) = counts(|| at_most(3_000_000, || heap_sort(&mut xs)));
        assert!(
            plain(&xs).is_sorted(),
            "2000 elements, {name} at first, are not in order afterwards"
        );
        let (compared, most) = (did.comparisons, 2 * 2_000 * 11);
        assert!(
            compared <= most,
            "2000 elements, {name} at first, took {compared} comparisons, {most} are enough"
        );
    }
}

#[test]
fn nothing_is_allocated() {
    let mut xs = probes(&patterns()[3].1);
    let (_, heap) = allocations(|| at_most(3_000_000, || heap_sort(&mut xs)));
    assert_eq!(heap.calls, 0, "allocations by heap_sort of 2000 elements");
}
