//! # The longest way between two nodes
//!
//! In a network shaped like a tree, the worst delay is between the two nodes that are
//! farthest apart. Write `diameter`: the number of edges on the longest way.
//!
//! 1. A way leads from any node to any other, along edges and without turning back. It may
//!    go up before it goes down, and need not touch the root.
//! 2. The answer counts edges: the way between a node and its child has length 1. The
//!    empty tree and a single node have 0.
//! 3. One pass is enough: no height is computed twice.
//!
//! Example: in `1(2(4, 5(6, -)), 3)` the longest way is 6, 5, 2, 1, 3 with four edges. Here
//! `a(b, c)` is a node with its two subtrees, and `-` is nothing.
//!
//! How it is judged: examples of each rule; all 2,056 shapes of up to eight nodes,
//! compared with a breadth-first search from each node; chains of 200,000 nodes, bare and
//! with a leaf at each node, which must be done in five seconds (one pass takes
//! milliseconds, a new height at each node takes minutes). The stack holds 256 MiB, so
//! recursion is fine.

/// A binary tree; `None` is the empty one.
pub type Tree<T> = Option<Box<TreeNode<T>>>;

pub struct TreeNode<T> {
    pub value: T,
    pub left: Tree<T>,
    pub right: Tree<T>,
}

/// The number of edges on the longest way between two nodes.
pub fn diameter<T>(root: &Tree<T>) -> usize {
    let mut longest = 0;
    height(root, &mut longest);
    longest
}

/// The number of nodes on the longest way down. `longest` becomes the length of the longest way
/// inside this tree, if that is longer.
fn height<T>(tree: &Tree<T>, longest: &mut usize) -> usize {
    let Some(node) = tree else { return 0 };
    let left = height(&node.left, longest);
    let right = height(&node.right, longest);
    *longest = (*longest).max(left + right);
    1 + left.max(right)
}

#[cfg(test)]
mod tests;
