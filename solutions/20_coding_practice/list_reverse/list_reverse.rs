//! # Turn a chain around
//!
//! A lock-free inbox collects messages in a chain, the latest in front. The receiver
//! takes the whole chain at once and turns it around, so that the oldest comes first.
//! Write `reverse`.
//!
//! 1. The values come out in reverse order. The empty chain stays empty.
//! 2. The given nodes are linked anew: nothing is allocated, and values are neither
//!    cloned nor copied.
//! 3. The chain may be long: there is no recursion. A million nodes deep, the call stack
//!    would overflow.
//!
//! Example: `1 -> 2 -> 3` becomes `3 -> 2 -> 1`.
//!
//! Before you write: draw three boxes with arrows, and turn the first arrow. How do you
//! reach the second box now?
//!
//! How it is judged: all chains of up to 20 values; the places of the nodes in memory,
//! before and after; the allocations; a chain of 20,000 nodes on a stack of 64 KiB.

/// A chain of nodes, each of which owns the next; `None` is the empty one.
pub type List<T> = Option<Box<ListNode<T>>>;

/// A value, and the nodes behind it.
pub struct ListNode<T> {
    pub value: T,
    pub next: List<T>,
}

/// The same nodes in reverse order.
pub fn reverse<T>(mut head: List<T>) -> List<T> {
    let mut reversed = None;
    while let Some(mut node) = head {
        head = node.next;
        node.next = reversed;
        reversed = Some(node);
    }
    reversed
}

#[cfg(test)]
mod tests;
