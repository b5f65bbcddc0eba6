//! # Is the tree its own mirror image
//!
//! A layout tool has a special case for symmetric hierarchies, and has to know whether a
//! tree is one. Write `is_symmetric`, without changing or copying the tree.
//!
//! 1. A tree is symmetric if its left subtree is the mirror image of its right one, in
//!    values and in shape: what has a node on one side has one on the other.
//! 2. The empty tree and a single node are symmetric.
//! 3. Values can only be compared for equality, and no more comparisons are made than there
//!    are nodes.
//!
//! Example: `1(2(-, 3), 2(3, -))` is symmetric. `1(2(-, 3), 2(-, 3))` is not, though both
//! sides are equal. Here `a(b, c)` is a node with its two subtrees, and `-` is nothing.
//!
//! How it is judged: examples of each rule; all 10,067 trees of up to six nodes with two
//! values, compared with their mirrored lists of values and places; a symmetric tree of
//! two chains of 30,000 nodes, with the comparisons counted. The stack holds 256 MiB, so
//! recursion is fine.

/// A binary tree; `None` is the empty one.
pub type Tree<T> = Option<Box<TreeNode<T>>>;

pub struct TreeNode<T> {
    pub value: T,
    pub left: Tree<T>,
    pub right: Tree<T>,
}

/// Whether the tree is its own mirror image.
pub fn is_symmetric<T: PartialEq>(root: &Tree<T>) -> bool {
    match root {
        None => true,
        Some(node) => mirrored(&node.left, &node.right),
    }
}

/// Whether two trees are mirror images of each other.
fn mirrored<T: PartialEq>(a: &Tree<T>, b: &Tree<T>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => {
            a.value == b.value && mirrored(&a.left, &b.right) && mirrored(&a.right, &b.left)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
