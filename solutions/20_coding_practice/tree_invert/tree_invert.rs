//! # Mirror a tree
//!
//! A screen shows a hierarchy from left to right, and in some languages it has to run from
//! right to left. Write `invert`, which mirrors the tree in place.
//!
//! 1. Every node's left and right subtree change places, on all levels.
//! 2. Every node keeps its value; none is lost, none comes twice. Mirroring twice gives the
//!    original tree.
//! 3. The empty tree stays empty.
//! 4. Nodes are moved and not made again: in a tree of 100,000 nodes at most 64 allocations
//!    are made (enough for a stack of your own; recursion needs none).
//!
//! Example: `4(2(1, 3), 6(-, 7))` becomes `4(6(7, -), 2(3, 1))`. Here `a(b, c)` is a node
//! with its two subtrees, `-` is nothing, and a leaf is just its value.
//!
//! How it is judged: examples of each rule; all 197 shapes of up to six nodes, each node
//! looked up at the mirrored place; a chain of 100,000 nodes, with the allocations
//! counted. The stack holds 256 MiB, so recursion is fine.

/// A binary tree; `None` is the empty one.
pub type Tree<T> = Option<Box<TreeNode<T>>>;

pub struct TreeNode<T> {
    pub value: T,
    pub left: Tree<T>,
    pub right: Tree<T>,
}

/// Mirrors the tree in place.
pub fn invert<T>(root: &mut Tree<T>) {
    if let Some(node) = root {
        std::mem::swap(&mut node.left, &mut node.right);
        invert(&mut node.left);
        invert(&mut node.right);
    }
}

#[cfg(test)]
mod tests;
