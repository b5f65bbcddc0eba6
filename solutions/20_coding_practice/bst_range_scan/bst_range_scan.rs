//! # Read a key range without visiting the rest
//!
//! `WHERE id BETWEEN 100 AND 109` on a table of millions of rows must not read millions of
//! rows. The index is a search tree; write `range`, which reads one range of keys.
//!
//! 1. The answer is all keys with `low <= key <= high`, both bounds included, as references
//!    into the tree.
//! 2. They are in ascending order.
//! 3. The bounds need not be keys of the tree. If `low > high`, or if no key lies between
//!    them, the answer is empty.
//! 4. Subtrees that can hold nothing of the range are not visited: in a balanced tree of
//!    32,767 keys, at most 300 comparisons give ten keys.
//!
//! In the tree every key of a left subtree is smaller than its node, and every key of a
//! right subtree is larger.
//!
//! Example: `range` of `4(2(1, 3), 6(-, 7))` from 3 to 6 is 3, 4, 6. Here `a(b, c)` is a
//! node with its two subtrees, and `-` is nothing.
//!
//! How it is judged: examples of each rule; 200 random search trees of up to twelve keys,
//! each with all bounds, compared with a filter; the comparisons in a balanced tree.

/// A binary tree; `None` is the empty one.
pub type Tree<T> = Option<Box<TreeNode<T>>>;

pub struct TreeNode<T> {
    pub value: T,
    pub left: Tree<T>,
    pub right: Tree<T>,
}

/// All keys with `low <= key <= high` of a search tree, in ascending order.
pub fn range<'a, T: Ord>(root: &'a Tree<T>, low: &T, high: &T) -> Vec<&'a T> {
    let mut found = Vec::new();
    collect(root, low, high, &mut found);
    found
}

/// Adds the keys of the range to `found`, in ascending order.
fn collect<'a, T: Ord>(tree: &'a Tree<T>, low: &T, high: &T, found: &mut Vec<&'a T>) {
    let Some(node) = tree else { return };
    let (from_low, to_high) = (*low <= node.value, node.value <= *high);
    if from_low {
        collect(&node.left, low, high, found);
    }
    if from_low && to_high {
        found.push(&node.value);
    }
    if to_high {
        collect(&node.right, low, high, found);
    }
}

#[cfg(test)]
mod tests;
