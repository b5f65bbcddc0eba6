use super::*;
use counted::{Probe, allocations, at_most, counts, ends, small_stack};
use std::cmp::Ordering;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// A chain of these values.
fn chain<T>(values: impl IntoIterator<Item = T, IntoIter: DoubleEndedIterator>) -> List<T> {
    let values = values.into_iter().rev();
    values.fold(None, |next, value| Some(Box::new(ListNode { value, next })))
}

/// The values of a chain, which is taken apart: dropped as a whole, a long one overflows the stack.
fn values<T>(mut list: List<T>) -> Vec<T> {
    let mut values = Vec::new();
    while let Some(node) = list {
        values.push(node.value);
        list = node.next;
    }
    values
}

/// Where the nodes of a chain lie, in its order.
fn places<T>(list: &List<T>) -> Vec<*const ListNode<T>> {
    let nodes = std::iter::successors(list.as_deref(), |node| node.next.as_deref());
    nodes.map(std::ptr::from_ref).collect()
}

/// A task that is due at some time; the name does not take part in the order, and nothing is cloned.
#[derive(Debug)]
struct Task {
    due: u32,
    name: &'static str,
    number: usize,
}

impl Ord for Task {
    fn cmp(&self, other: &Self) -> Ordering {
        self.due.cmp(&other.due)
    }
}

impl PartialOrd for Task {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Task {
    fn eq(&self, other: &Self) -> bool {
        self.due == other.due
    }
}

impl Eq for Task {}

fn tasks(name: &'static str, due: &[u32]) -> Vec<Task> {
    let numbered = due.iter().enumerate();
    numbered
        .map(|(number, &due)| Task { due, name, number })
        .collect()
}

/// Merges chains that are due at these times, and checks the values and where they come from.
#[track_caller]
fn check(a: &[u32], b: &[u32]) {
    let merged = merge_sorted(chain(tasks("a", a)), chain(tasks("b", b)));
    let mut expected = tasks("a", a);
    expected.extend(tasks("b", b));
    expected.sort();
    let show = |tasks: &[Task]| {
        tasks
            .iter()
            .map(|t| format!("{} ({}[{}])", t.due, t.name, t.number))
            .collect::<Vec<_>>()
            .join(", ")
    };
    assert_eq!(
        show(&values(merged)),
        show(&expected),
        "the chains {a:?} and {b:?}: each value with where it was (left is yours)"
    );
}

#[test]
fn the_values_of_both_come_out_in_order() {
    check(&[1, 4, 6], &[2, 5]);
    check(&[2], &[1]);
    check(&[1, 2], &[3, 4]);
    check(&[3, 4], &[1, 2]);
}

#[test]
fn an_empty_chain_adds_nothing() {
    check(&[], &[]);
    check(&[1, 2], &[]);
    check(&[], &[1, 2]);
}

#[test]
fn the_rest_of_the_longer_one_follows() {
    check(&[1], &[2, 3, 4, 5]);
    check(&[2, 3, 4, 5], &[1]);
    check(&[1, 9], &[2, 3]);
}

#[test]
fn of_equal_values_those_of_a_come_first() {
    check(&[4], &[4]);
    check(&[1, 4, 6], &[2, 4]);
    check(&[5, 5, 5], &[5, 5]);
    check(&[0, 0, 1, 1], &[0, 1, 1]);
}

#[test]
fn random_chains_agree_with_a_stable_sort() {
    seeded::cases(2_000, |rng| {
        let highest = *rng.pick(&[1, 4, 100]);
        let mut sorted = || {
            let len = rng.below(7);
            let mut due = rng.vec(len, |rng| rng.range(0..=highest));
            due.sort();
            due
        };
        check(&sorted(), &sorted());
    });
}

#[test]
fn the_given_nodes_are_linked_anew() {
    let (a, b) = (chain([0, 2, 4]), chain([1, 3, 5]));
    let (left, right) = (places(&a), places(&b));
    let expected = [left[0], right[0], left[1], right[1], left[2], right[2]];
    let merged = merge_sorted(a, b);
    assert_eq!(
        places(&merged),
        expected,
        "the chains 0, 2, 4 and 1, 3, 5: the places of your nodes in memory (left)"
    );
}

#[test]
fn there_are_fewer_comparisons_than_nodes_and_no_allocations() {
    check(&[1, 3], &[2]);
    let evens: Vec<u32> = (0..1_000).map(|i| 2 * i).collect();
    let odds: Vec<u32> = evens.iter().map(|i| i + 1).collect();
    let high: Vec<u32> = evens.iter().map(|i| i + 2_000).collect();
    let cases = [
        ("in turn", &evens, &odds, 1_999),
        ("all of a first", &evens, &high, 1_000),
        ("all of b first", &high, &evens, 1_000),
        ("all of a first, then equal", &evens, &evens, 1_999),
    ];
    for (what, a, b, allowed) in cases {
        let list = |values: &[u32]| chain(values.iter().map(|&value| Probe::new(value)));
        let (a, b) = (list(a), list(b));
        let ((merged, did), heap) =
            allocations(|| counts(|| at_most(100_000, || merge_sorted(a, b))));
        let values = values(merged);
        assert!(
            values.len() == 2_000 && values.is_sorted(),
            "1,000 nodes in each chain, {what}: the result is not sorted or not whole"
        );
        assert!(
            did.comparisons <= allowed,
            "1,000 nodes in each chain, {what}: {} comparisons, and {allowed} are allowed",
            did.comparisons
        );
        assert_eq!(
            heap.calls, 0,
            "1,000 nodes in each chain, {what}: your allocations (left)"
        );
    }
}

#[test]
fn no_node_is_appended_by_a_walk_to_the_end() {
    check(&[1, 3], &[2]);
    ends(|doing| {
        doing.note(|| "100,000 nodes in each chain".into());
        let merged = merge_sorted(
            chain((0..100_000).map(|i| 2 * i)),
            chain((0..100_000).map(|i| 2 * i + 1)),
        );
        assert!(
            values(merged).into_iter().eq(0..200_000),
            "100,000 even and as many odd numbers are not merged"
        );
    });
}

#[test]
fn long_chains_need_no_deep_stack() {
    check(&[1, 3], &[2]);
    let (a, b) = (
        chain((0..2_500).map(|i| 2 * i)),
        chain((0..2_500).map(|i| 2 * i + 1)),
    );
    let merged = small_stack(64, || merge_sorted(a, b));
    assert!(
        values(merged).into_iter().eq(0..5_000),
        "2,500 even and as many odd numbers are not merged"
    );
}
