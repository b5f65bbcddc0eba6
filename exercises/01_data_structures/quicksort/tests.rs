use super::*;
use counted::{Budget, Probe, allocations, at_most, counts, small_stack};
use seeded::Rng;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

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

/// Partitions every array of 1 to 6 elements around every pivot that `pick` picks.
fn partition_all(pick: impl Fn(&[usize], usize) -> bool) {
    for input in (1..=6).flat_map(arrays) {
        for pivot in (0..input.len()).filter(|&pivot| pick(&input, pivot)) {
            let mut xs = probes(&input);
            let equal = at_most(1_000, || partition(&mut xs, pivot));
            let (xs, value) = (plain(&xs), input[pivot]);
            let done = format!("partition({input:?}, {pivot}) left {xs:?}");
            let count = |less: &dyn Fn(&usize) -> bool| input.iter().filter(|x| less(x)).count();
            let expected = count(&|x| *x < value)..count(&|x| *x <= value);
            assert_eq!(
                equal, expected,
                "{done}; the range of the elements equal to {value}"
            );
            let in_order = |(i, x): (usize, &usize)| {
                (i < equal.start) == (*x < value) && (i >= equal.end) == (*x > value)
            };
            assert!(
                xs.iter().enumerate().all(in_order),
                "{done}, which is not: less than {value}, equal, greater"
            );
            let (mut before, mut after) = (input.clone(), xs.clone());
            before.sort();
            after.sort();
            assert_eq!(after, before, "{done}; its elements, sorted");
        }
    }
}

/// 2,000 elements in orders that real data has.
fn patterns() -> [(&'static str, Vec<usize>); 5] {
    let n = 2_000;
    let mut rng = Rng::new(1);
    [
        ("sorted", (0..n).collect()),
        ("reversed", (0..n).rev().collect()),
        ("random", rng.vec(n, |rng| rng.below(n))),
        ("all equal", vec![7; n]),
        ("few different", rng.vec(n, |rng| rng.below(4))),
    ]
}

fn sort_pattern(wanted: &str) {
    let (name, input) = patterns().into_iter().find(|p| p.0 == wanted).unwrap();
    let mut xs = probes(&input);
    let most = 4 * 2_000 * 11;
    let (_, did) = counts(|| at_most(4_500_000, || quicksort(&mut xs)));
    assert!(
        plain(&xs).is_sorted(),
        "2000 elements, {name} at first, are not in order afterwards"
    );
    let compared = did.comparisons;
    assert!(
        compared <= most,
        "2000 elements, {name} at first, took {compared} comparisons, {most} are enough"
    );
}

#[test]
fn partition_separates_different_elements() {
    partition_all(|xs, _| (1..xs.len()).all(|i| !xs[..i].contains(&xs[i])));
}

#[test]
fn partition_brings_the_elements_equal_to_the_pivot_together() {
    partition_all(|_, _| true);
}

#[test]
fn partition_compares_each_element_at_most_twice() {
    for (name, input) in patterns() {
        for pivot in [0, 1_000, 1_999] {
            let mut xs = probes(&input);
            let (_, did) = counts(|| at_most(1_000_000, || partition(&mut xs, pivot)));
            let compared = did.comparisons;
            assert!(
                compared <= 4_000,
                "partition of 2000 elements ({name}) compared {compared} times, 4000 are enough"
            );
        }
    }
}

#[test]
fn each_small_array_is_sorted() {
    for input in (0..=6).flat_map(arrays) {
        let mut xs = probes(&input);
        at_most(1_000, || quicksort(&mut xs));
        let mut expected = input.clone();
        expected.sort();
        assert_eq!(plain(&xs), expected, "quicksort({input:?})");
    }
}

#[test]
fn random_input_takes_n_log_n_comparisons() {
    sort_pattern("random");
}

#[test]
fn sorted_input_takes_n_log_n_comparisons() {
    sort_pattern("sorted");
    sort_pattern("reversed");
}

#[test]
fn equal_elements_take_n_log_n_comparisons() {
    sort_pattern("all equal");
    sort_pattern("few different");
}

#[test]
fn nothing_is_allocated() {
    let mut xs = probes(&patterns()[2].1);
    let (_, heap) = allocations(|| at_most(4_500_000, || quicksort(&mut xs)));
    assert_eq!(heap.calls, 0, "allocations by quicksort of 2000 elements");
}

/// McIlroy's adversary: values are decided as late as possible. As long as an element is undecided it
/// is greater than all decided ones; of two undecided elements the likely pivot gets the next value,
/// so that the pivot turns out to be the smallest of what is left.
struct Adversary {
    budget: Budget,
    values: Vec<Option<usize>>,
    decided: usize,
    likely_pivot: usize,
}

impl Adversary {
    fn elements(n: usize) -> Vec<Undecided> {
        let most = 2 * (n * n) as u64;
        let adversary = Rc::new(RefCell::new(Adversary {
            budget: Budget::new(most, "comparisons, which is more than all pairs"),
            values: vec![None; n],
            decided: 0,
            likely_pivot: 0,
        }));
        let element = |id| Undecided {
            id,
            adversary: adversary.clone(),
        };
        (0..n).map(element).collect()
    }

    fn compare(&mut self, a: usize, b: usize) -> Ordering {
        self.budget.spend();
        if self.values[a].is_none() && self.values[b].is_none() {
            let decide = if a == self.likely_pivot { a } else { b };
            self.values[decide] = Some(self.decided);
            self.decided += 1;
        }
        if self.values[a].is_none() {
            self.likely_pivot = a;
        } else if self.values[b].is_none() {
            self.likely_pivot = b;
        }
        let value = |x: usize| self.values[x].unwrap_or(usize::MAX);
        value(a).cmp(&value(b))
    }
}

struct Undecided {
    id: usize,
    adversary: Rc<RefCell<Adversary>>,
}

impl PartialEq for Undecided {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Undecided {}

impl PartialOrd for Undecided {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Undecided {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.id == other.id {
            return Ordering::Equal;
        }
        self.adversary.borrow_mut().compare(self.id, other.id)
    }
}

/// When this one ends the whole run ("has overflowed its stack"), the recursion is too deep.
#[test]
fn the_worst_pivots_fit_a_small_stack() {
    small_stack(64, || {
        let mut xs = Adversary::elements(1_000);
        quicksort(&mut xs);
        assert!(xs.is_sorted(), "1000 elements are not in order afterwards");
    });
}
