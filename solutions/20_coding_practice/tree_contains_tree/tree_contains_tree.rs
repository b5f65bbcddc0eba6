//! # Is one tree a whole subtree of another
//!
//! A configuration is a tree of settings, and a template may stand in it, untouched, at any
//! place. Write `contains`: whether it does.
//!
//! 1. `big` contains `small` if some subtree of `big` is equal to `small`: a node of `big`
//!    with everything below it, down to the leaves, no more and no less.
//! 2. Both values and shape count, and left is not right.
//! 3. The empty tree is contained in every tree. The empty tree contains nothing else.
//! 4. With `b` and `s` nodes there are at most `b * s` comparisons of values.
//!
//! Example: `1(2(3, -), 4)` contains `2(3, -)` and `4`. It does not contain `2`, below
//! which there is more, nor `1(-, 4)`, nor `2(-, 3)`. Here `a(b, c)` is a node with its two
//! subtrees, and `-` is nothing.
//!
//! How it is judged: examples of each rule; all pairs of trees of up to five and up to
//! three nodes with two values, compared with a list of all subtrees; 1,000 and 500 nodes
//! of nearly equal values, with the comparisons counted: at most 500,000. The stack holds
//! 256 MiB, so recursion is fine.

/// A binary tree; `None` is the empty one.
pub type Tree<T> = Option<Box<TreeNode<T>>>;

pub struct TreeNode<T> {
    pub value: T,
    pub left: Tree<T>,
    pub right: Tree<T>,
}

/// Whether two trees are equal in values and shape.
fn same<T: PartialEq>(a: &Tree<T>, b: &Tree<T>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => {
            a.value == b.value && same(&a.left, &b.left) && same(&a.right, &b.right)
        }
        _ => false,
    }
}

/// Whether some subtree of `big` is equal to `small`.
pub fn contains<T: PartialEq>(big: &Tree<T>, small: &Tree<T>) -> bool {
    same(big, small)
        || big
            .as_ref()
            .is_some_and(|node| contains(&node.left, small) || contains(&node.right, small))
}

#[cfg(test)]
mod tests;
