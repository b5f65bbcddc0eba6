use super::*;
use counted::{allocations, ends, small_stack};

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// A value that can be compared for equality and nothing else.
#[derive(Debug, PartialEq)]
struct Letter(char);

/// A chain of these values.
fn chain<T>(values: impl IntoIterator<Item = T, IntoIter: DoubleEndedIterator>) -> List<T> {
    let values = values.into_iter().rev();
    values.fold(None, |next, value| Some(Box::new(ListNode { value, next })))
}

/// The values of a chain, which is taken apart: dropped as a whole, a long one overflows the stack.
fn take_apart<T>(mut list: List<T>) -> Vec<T> {
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

/// Checks the answer, and that the chain is the same afterwards.
#[track_caller]
fn check(text: &str) {
    let mut list = chain(text.chars().map(Letter).collect::<Vec<_>>());
    let before = places(&list);
    let answer = is_palindrome(&mut list);
    let after = places(&list);
    let left: String = take_apart(list)
        .into_iter()
        .map(|letter| letter.0)
        .collect();
    let expected = text.chars().eq(text.chars().rev());
    assert_eq!(
        answer, expected,
        "the chain of the letters of {text:?} (left is your answer)"
    );
    assert_eq!(
        left, text,
        "the values of the chain {text:?} after the call (left)"
    );
    assert!(
        before == after,
        "the chain {text:?} holds other nodes after the call, or in another order"
    );
}

#[test]
fn a_chain_of_even_length_reads_the_same_from_both_ends() {
    check("abba");
    check("aa");
    check("abcd");
    check("ab");
}

#[test]
fn the_middle_of_an_odd_chain_needs_no_partner() {
    check("aba");
    check("abcba");
    check("abc");
}

#[test]
fn nothing_and_a_single_node_are_palindromes() {
    check("");
    check("a");
}

#[test]
fn a_difference_may_be_anywhere() {
    check("xbba");
    check("abca");
    check("abxcba");
    check("abcabc");
}

#[test]
fn after_a_difference_the_chain_is_whole() {
    check("abcdefg");
    check("abcdef");
    check("xbcba");
}

#[test]
fn all_short_chains_agree_with_their_reverse() {
    for len in 0..=9 {
        for code in 0..1_u32 << len {
            let letter = |i: u32| if code >> i & 1 == 1 { 'b' } else { 'a' };
            check(&(0..len).map(letter).collect::<String>());
        }
    }
}

/// The numbers from 0 up and down again, `len` in all.
fn up_and_down(len: u32) -> List<u32> {
    chain((0..len).map(|i| i.min(len - 1 - i)))
}

#[test]
fn nothing_is_allocated_and_the_stack_stays_flat() {
    check("abba");
    for len in [5_000, 5_001] {
        let mut list = up_and_down(len);
        let (answer, heap) = small_stack(64, || allocations(|| is_palindrome(&mut list)));
        take_apart(list);
        assert!(answer, "a palindrome of {len} nodes");
        assert_eq!(
            heap.calls, 0,
            "a palindrome of {len} nodes: your allocations (left)"
        );
    }
}

#[test]
fn no_partner_is_found_by_a_walk() {
    check("abba");
    ends(|doing| {
        doing.note(|| "a palindrome of 200,000 nodes".into());
        let mut list = up_and_down(200_000);
        let answer = is_palindrome(&mut list);
        take_apart(list);
        assert!(answer, "a palindrome of 200,000 nodes");
    });
}
