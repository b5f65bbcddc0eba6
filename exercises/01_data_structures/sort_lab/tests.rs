use super::*;
use counted::{Budget, Probe, allocations, at_most, counts, small_stack};
use seeded::{Rng, cases};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// n, and n * ceil(log2 n).
const N: usize = 2_000;
const N_LOG_N: u64 = 2_000 * 11;

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

fn assert_sorts(input: &[usize]) {
    let mut xs = probes(input);
    at_most(1_000_000, || intro_sort(&mut xs));
    let mut expected = input.to_vec();
    expected.sort();
    assert_eq!(plain(&xs), expected, "intro_sort({input:?})");
}

/// Sorts and counts; an input that takes more than `most` comparisons fails.
fn assert_cheap(name: &str, input: Vec<usize>, most: u64) {
    let mut xs = probes(&input);
    let sort = || at_most(5_000_000, || intro_sort(&mut xs));
    let compared = counts(sort).1.comparisons;
    assert!(
        plain(&xs).is_sorted(),
        "{N} elements, {name} at first, are not in order afterwards"
    );
    assert!(
        compared <= most,
        "{N} elements, {name} at first, took {compared} comparisons, {most} are enough"
    );
}

#[test]
fn the_median_is_the_one_between_the_other_two() {
    for [a, b, c] in [
        [1, 2, 3],
        [1, 3, 2],
        [2, 1, 3],
        [2, 3, 1],
        [3, 1, 2],
        [3, 2, 1],
    ] {
        for xs in [vec![a, b, c], vec![a, 9, b, 0, c], vec![a, 9, b, c]] {
            let probes = probes(&xs);
            let (i, did) = counts(|| median_of_three(&probes));
            assert!(
                [0, xs.len() / 2, xs.len() - 1].contains(&i),
                "median_of_three({xs:?}) gave index {i}, neither the first, the middle nor the last"
            );
            assert_eq!(
                xs[i], 2,
                "the element at the index that median_of_three({xs:?}) gave"
            );
            let compared = did.comparisons;
            assert!(
                compared <= 3,
                "median_of_three({xs:?}) compared {compared} times"
            );
        }
    }
}

#[test]
fn the_median_of_equal_or_few_elements_is_one_of_them() {
    for xs in (1..=3).flat_map(arrays) {
        let i = median_of_three(&xs);
        let mut three = [xs[0], xs[xs.len() / 2], xs[xs.len() - 1]];
        three.sort();
        let found = xs.get(i);
        assert_eq!(
            found,
            Some(&three[1]),
            "the element at median_of_three({xs:?}) = {i}"
        );
    }
}

#[test]
fn each_small_array_is_sorted() {
    for input in (0..=6).flat_map(arrays) {
        assert_sorts(&input);
    }
}

#[test]
fn random_arrays_are_sorted() {
    cases(300, |rng| {
        let different = rng.range(1..=100);
        let input = rng.vec(rng.size(), |rng| rng.below(different));
        assert_sorts(&input);
    });
}

#[test]
fn nothing_is_allocated() {
    let mut xs = probes(&Rng::new(1).vec(N, |rng| rng.below(N)));
    let (_, heap) = allocations(|| at_most(5_000_000, || intro_sort(&mut xs)));
    assert_eq!(heap.calls, 0, "allocations by intro_sort of {N} elements");
}

#[test]
fn ordinary_input_does_not_pay_for_the_safety_net() {
    let input = Rng::new(2).vec(N, |rng| rng.below(1_000_000));
    assert_cheap("random", input, N_LOG_N * 16 / 10);
    assert_cheap("sorted", (0..N).collect(), N_LOG_N * 16 / 10);
    assert_cheap("reversed", (0..N).rev().collect(), N_LOG_N * 16 / 10);
}

#[test]
fn equal_elements_are_done_in_one_round() {
    assert_cheap("all equal", vec![7; N], 3 * N as u64);
}

#[test]
fn no_pattern_is_slow() {
    let patterns: [(&str, Vec<usize>); 3] = [
        ("an organ pipe", (0..N).map(|i| i.min(N - i)).collect()),
        ("a sawtooth", (0..N).map(|i| i % 45).collect()),
        ("few different", Rng::new(3).vec(N, |rng| rng.below(4))),
    ];
    for (name, input) in patterns {
        assert_cheap(name, input, 6 * N_LOG_N);
    }
}

/// McIlroy's adversary: values are decided as late as possible. As long as an element is undecided it
/// is greater than all decided ones; of two undecided elements the likely pivot gets the next value,
/// so that the pivot turns out to be the smallest of what is left.
struct Adversary {
    budget: Budget,
    values: Vec<Option<usize>>,
    decided: usize,
    likely_pivot: usize,
    late: Vec<usize>,
    interest: usize,
}

impl Adversary {
    /// Elements to be sorted, and the budget that their comparisons spend.
    fn elements(n: usize) -> (Vec<Undecided>, Budget) {
        Self::elements_losing_interest(n, Vec::new(), n)
    }

    /// The same; but once `interest` values are decided, the others get a value of `late`.
    fn elements_losing_interest(
        n: usize,
        late: Vec<usize>,
        interest: usize,
    ) -> (Vec<Undecided>, Budget) {
        let most = 2 * (n * n) as u64;
        let budget = Budget::new(most, "comparisons, which is more than all pairs");
        let adversary = Rc::new(RefCell::new(Adversary {
            budget: budget.clone(),
            values: vec![None; n],
            decided: 0,
            likely_pivot: 0,
            late,
            interest,
        }));
        let element = |id| Undecided {
            id,
            adversary: adversary.clone(),
        };
        ((0..n).map(element).collect(), budget)
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
        if self.decided == self.interest {
            self.interest = usize::MAX;
            for (value, late) in self.values.iter_mut().zip(&self.late) {
                value.get_or_insert(*late);
            }
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

#[test]
fn the_adversary_gets_no_more_than_n_log_n_comparisons() {
    let (mut xs, budget) = Adversary::elements(N);
    intro_sort(&mut xs);
    let (compared, most) = (budget.used(), 6 * N_LOG_N);
    assert!(
        compared <= most,
        "the adversary drove the sort of {N} elements to {compared} comparisons, {most} are enough"
    );
    assert!(xs.is_sorted(), "{N} elements are not in order afterwards");
}

/// This adversary spoils 300 values (some 100 pivots), and what is left then is in random order.
#[test]
fn what_is_left_when_the_rounds_run_out_is_sorted_in_n_log_n() {
    let late = Rng::new(4).vec(N, |rng| rng.range(N..1_000_000));
    let (mut xs, budget) = Adversary::elements_losing_interest(N, late, 300);
    intro_sort(&mut xs);
    let (compared, most) = (budget.used(), 6 * N_LOG_N);
    assert!(xs.is_sorted(), "{N} elements are not in order afterwards");
    assert!(
        compared <= most,
        "bad pivots first, then random order: {compared} comparisons, {most} are enough"
    );
}

/// When this one ends the whole run ("has overflowed its stack"), the recursion is too deep.
#[test]
fn the_adversary_meets_a_small_stack() {
    small_stack(64, || {
        let (mut xs, _) = Adversary::elements(N);
        intro_sort(&mut xs);
        assert!(xs.is_sorted(), "{N} elements are not in order afterwards");
    });
}
