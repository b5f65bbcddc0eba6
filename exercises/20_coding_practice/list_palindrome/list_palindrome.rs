//! # Is the chain a palindrome
//!
//! A chain leads forwards only, and the question needs both ends. Copying it into an
//! array answers it, and costs as much memory again. Write `is_palindrome`, which turns
//! half of the links around and puts them back.
//!
//! 1. The answer is whether the values read the same from both ends. The empty chain and
//!    a single node do.
//! 2. The node in the middle of an odd chain has no partner and needs none.
//! 3. Afterwards the chain is as it was: the same nodes in the same order, whatever the
//!    answer is.
//! 4. Nothing is allocated, values are only compared with `==`, and there is no
//!    recursion.
//! 5. The work does not grow with the square of the length.
//!
//! Example: `1 -> 2 -> 1` and `1 -> 2 -> 2 -> 1` are palindromes, `1 -> 2` is none.
//!
//! How it is judged: all 1,023 chains of up to nine values from two, compared with their
//! reverse, with the places of all nodes before and after; the allocations and a stack of
//! 64 KiB for 5,000 nodes; 200,000 nodes, which must be done in five seconds (a few
//! passes take a fraction of a second, walking to each partner takes minutes).

/// A chain of nodes, each of which owns the next; `None` is the empty one.
pub type List<T> = Option<Box<ListNode<T>>>;

/// A value, and the nodes behind it.
pub struct ListNode<T> {
    pub value: T,
    pub next: List<T>,
}

/// Given: the same nodes in reverse order, as in an earlier exercise.
fn reverse<T>(mut head: List<T>) -> List<T> {
    let mut reversed = None;
    while let Some(mut node) = head {
        head = node.next;
        node.next = reversed;
        reversed = Some(node);
    }
    reversed
}

/// Given: the values of a chain.
fn values<T>(list: &List<T>) -> impl Iterator<Item = &T> {
    let nodes = std::iter::successors(list.as_deref(), |node| node.next.as_deref());
    nodes.map(|node| &node.value)
}

/// The link behind the first `n` nodes; there are at least as many.
fn link_behind<T>(n: usize, mut link: &mut List<T>) -> &mut List<T> {
    todo!("step 1: go from link to link")
}

/// Whether the values read the same from both ends. Leaves the chain as it was.
pub fn is_palindrome<T: PartialEq>(head: &mut List<T>) -> bool {
    let half = values(head).count() / 2;
    todo!("step 2: take the second half out, compare it in reverse, and put it back")
}

#[cfg(test)]
mod tests;
