use super::*;
use counted::{Probe, at_most, counts};
use seeded::Rng;
use std::cmp::Ordering;
use std::fmt;

/// An element that is ordered by its key alone; the place tells equal ones apart.
#[derive(Clone, Copy)]
struct Tagged {
    key: Probe<u8>,
    place: usize,
}

impl PartialEq for Tagged {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Tagged {}

impl PartialOrd for Tagged {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Tagged {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

/// Shows 4 at place 2 as `4.2`.
impl fmt::Debug for Tagged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}.{}", self.key, self.place)
    }
}

/// Tags keys with places, from `first` on.
fn tag(keys: &[u8], first: usize) -> Vec<Tagged> {
    let place = |(i, &key)| Tagged {
        key: Probe::new(key),
        place: first + i,
    };
    keys.iter().enumerate().map(place).collect()
}

fn keys(xs: &[Tagged]) -> Vec<u8> {
    xs.iter().map(|x| *x.key.inner()).collect()
}

/// Every array of exactly `len` keys from 0, 1, 2.
fn arrays(len: u32) -> impl Iterator<Item = Vec<u8>> {
    let digit = move |n: u32, i: u32| (n / 3_u32.pow(len - 1 - i) % 3) as u8;
    (0..3_u32.pow(len)).map(move |n| (0..len).map(|i| digit(n, i)).collect())
}

/// Calls `check` with every pair of sorted arrays of up to 4 keys from 0, 1, 2.
fn each_sorted_pair(check: impl Fn(Vec<Tagged>, Vec<Tagged>)) {
    let sorted: Vec<Vec<u8>> = (0..=4)
        .flat_map(arrays)
        .filter(|xs| xs.is_sorted())
        .collect();
    for left in &sorted {
        for right in &sorted {
            check(tag(left, 0), tag(right, left.len()));
        }
    }
}

fn sort(mut xs: Vec<Tagged>) -> Vec<Tagged> {
    at_most(1_000_000, || merge_sort(&mut xs));
    xs
}

#[test]
fn merging_with_an_empty_side_gives_the_other() {
    assert_eq!(merge(&[] as &[i32], &[]), [], "merge([], [])");
    assert_eq!(merge(&[1, 2, 3], &[]), [1, 2, 3], "merge([1, 2, 3], [])");
    assert_eq!(merge(&[], &[1, 2, 3]), [1, 2, 3], "merge([], [1, 2, 3])");
}

#[test]
fn merge_gives_all_elements_in_order() {
    each_sorted_pair(|left, right| {
        let merged = at_most(1_000, || merge(&left, &right));
        let mut expected = [keys(&left), keys(&right)].concat();
        expected.sort();
        assert_eq!(
            keys(&merged),
            expected,
            "keys of merge({left:?}, {right:?})"
        );
    });
}

#[test]
fn merge_takes_equal_elements_from_the_left_first() {
    each_sorted_pair(|left, right| {
        let merged = at_most(1_000, || merge(&left, &right));
        let mut expected = [left.clone(), right.clone()].concat();
        expected.sort_by_key(|x| *x.key.inner());
        let (merged, expected) = (format!("{merged:?}"), format!("{expected:?}"));
        assert_eq!(
            merged, expected,
            "merge({left:?}, {right:?}), shown as key.place"
        );
    });
}

#[test]
fn merge_compares_once_for_each_element_that_it_places() {
    each_sorted_pair(|left, right| {
        let compared = counts(|| at_most(1_000, || merge(&left, &right)))
            .1
            .comparisons;
        let most = match (left.len(), right.len()) {
            (0, _) | (_, 0) => 0,
            (l, r) => l + r - 1,
        };
        assert!(
            compared <= most as u64,
            "merge({left:?}, {right:?}) compared {compared} times, {most} are enough"
        );
    });
}

fn assert_sorts(keys_in: &[u8]) {
    let mut expected = keys_in.to_vec();
    expected.sort();
    let sorted = keys(&sort(tag(keys_in, 0)));
    assert_eq!(sorted, expected, "merge_sort of {keys_in:?}");
}

#[test]
fn arrays_of_one_two_and_four_elements_are_sorted() {
    for len in [0, 1, 2, 4] {
        arrays(len).for_each(|keys_in| assert_sorts(&keys_in));
    }
}

#[test]
fn arrays_of_any_length_are_sorted() {
    for len in [3, 5, 6, 7] {
        arrays(len).for_each(|keys_in| assert_sorts(&keys_in));
    }
}

#[test]
fn equal_elements_keep_their_order() {
    for keys_in in (0..=7).flat_map(arrays) {
        let xs = tag(&keys_in, 0);
        let sorted = sort(xs.clone());
        for pair in sorted.windows(2) {
            let [a, b] = [pair[0], pair[1]];
            assert!(
                a.key.inner() != b.key.inner() || a.place < b.place,
                "merge_sort of {xs:?} (key.place) gave {sorted:?}: {a:?} and {b:?} changed places"
            );
        }
    }
}

#[test]
fn no_input_needs_more_than_n_log_n_comparisons() {
    let n = 2_000;
    let mut rng = Rng::new(1);
    let inputs: [(&str, Vec<usize>); 6] = [
        ("sorted", (0..n).collect()),
        ("reversed", (0..n).rev().collect()),
        ("all equal", vec![7; n]),
        ("random", rng.vec(n, |rng| rng.below(n))),
        ("few different", rng.vec(n, |rng| rng.below(4))),
        ("sawtooth", (0..n).map(|i| i % 45).collect()),
    ];
    for (name, input) in inputs {
        let mut expected = input.clone();
        expected.sort();
        let mut xs: Vec<_> = input.into_iter().map(Probe::new).collect();
        let sort = || at_most(10_000_000, || merge_sort(&mut xs));
        let (compared, most) = (counts(sort).1.comparisons, n as u64 * 11);
        assert!(
            xs.iter().map(Probe::inner).eq(&expected),
            "{n} elements, {name} at first, are not in order afterwards"
        );
        assert!(
            compared <= most,
            "{n} elements, {name} at first, took {compared} comparisons, n * ceil(log2 n) = {most} are enough"
        );
    }
}
