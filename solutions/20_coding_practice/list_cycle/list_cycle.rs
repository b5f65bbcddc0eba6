//! # Does the chain bite its own tail
//!
//! A redirect leads to a redirect leads to a redirect: does this ever end? The links are
//! on a disk or in a network, and there may be more of them than fit into memory. Write
//! `has_cycle`: `next(node)` is the node that a link leads to, `None` at the end of a
//! chain. Any `usize` may be a node.
//!
//! 1. The answer is whether somebody who follows the links from `start` never comes to an
//!    end.
//! 2. A node that leads to itself is a cycle, and one may come after a long way that
//!    leads into it: the start need not be part of it.
//! 3. The memory is constant: nothing is allocated.
//! 4. With `n` nodes on the way, there are at most `5 n + 8` calls of `next`.
//!
//! Example: 0 leads to 1, 1 to 2, 2 to 1: a cycle, from 0, too. 0 to 1, 1 to 2, and 2 to
//! nothing: none.
//!
//! Before you write: two runners on a round track, one twice as fast as the other. Do
//! they meet? And on a straight one?
//!
//! How it is judged: examples of each rule; all 7,776 ways to link five nodes, from each
//! start, compared with a list of the visited; the calls and allocations for chains and
//! rings of 20,000 nodes.

/// Whether following the links from `start` never ends.
pub fn has_cycle(start: usize, next: impl Fn(usize) -> Option<usize>) -> bool {
    let mut slow = Some(start);
    let mut fast = next(start);
    while fast.is_some() && fast != slow {
        slow = slow.and_then(&next);
        fast = fast.and_then(&next).and_then(&next);
    }
    fast.is_some()
}

#[cfg(test)]
mod tests;
