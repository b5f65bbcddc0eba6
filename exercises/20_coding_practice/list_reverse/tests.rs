use super::*;
use counted::{Counted, allocations, counts, small_stack};

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

#[track_caller]
fn check(given: &[u32]) {
    let expected: Vec<u32> = given.iter().rev().copied().collect();
    let reversed = reverse(chain(given.to_vec()));
    assert_eq!(
        values(reversed),
        expected,
        "reverse of the chain {given:?} (left is yours)"
    );
}

#[test]
fn the_values_come_out_in_reverse_order() {
    check(&[1, 2, 3]);
    check(&[5, 5, 7, 5]);
}

#[test]
fn two_nodes_change_places() {
    check(&[1, 2]);
}

#[test]
fn one_node_and_none_stay_as_they_are() {
    check(&[7]);
    check(&[]);
}

#[test]
fn all_lengths_up_to_twenty_are_right() {
    for len in 0..=20 {
        check(&(0..len).collect::<Vec<u32>>());
    }
}

#[test]
fn the_given_nodes_are_linked_anew() {
    let list = chain(0..10);
    let mut expected = places(&list);
    expected.reverse();
    let reversed = reverse(list);
    assert_eq!(
        places(&reversed),
        expected,
        "the chain 0, 1, ... 9: the places of your nodes in memory (left)"
    );
}

#[test]
fn nothing_is_allocated_cloned_or_dropped() {
    let list = chain((0..10).map(Counted::new));
    let ((reversed, did), heap) = allocations(|| counts(|| reverse(list)));
    assert_eq!(
        heap.calls, 0,
        "a chain of ten values: your allocations (left)"
    );
    assert_eq!(
        (did.clones, did.drops),
        (0, 0),
        "a chain of ten values: clones and drops (left)"
    );
    assert_eq!(
        values(reversed).len(),
        10,
        "a chain of ten values: how many are left"
    );
}

#[test]
fn a_long_chain_needs_no_deep_stack() {
    check(&[1, 2, 3]);
    let list = chain(0..20_000);
    let reversed = small_stack(64, || reverse(list));
    let values = values(reversed);
    assert!(
        values.iter().copied().eq((0..20_000).rev()),
        "a chain of 20,000 nodes is not reversed"
    );
}
