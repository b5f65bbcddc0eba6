//! Walking a tree without recursion
//!
//! Query plans, JSON documents and category trees come from users, and so does their depth.
//! A recursive walk over a document of 100,000 levels overflows the stack, and that ends
//! the whole server, not just the request. And whoever asks for the first ten keys of an
//! index should not pay for all of them. So: iterators that keep their own small stack.
//!
//! The tree is an arena: `nodes` holds the nodes, `left` and `right` are positions in it.
//!
//! The contract:
//! 1. `pre_order` gives a node's key before those of its left subtree, and these before
//!    those of its right subtree. `in_order`: left subtree, node, right subtree.
//!    `post_order`: left subtree, right subtree, node.
//! 2. The tree is what `root` reaches. The nodes may stand anywhere in `nodes`, and slots
//!    that are not reached (removed nodes) are in no traversal. Each reached slot has one
//!    parent.
//! 3. Nothing is collected: an iterator holds a few words for each level between the root
//!    and where it is, never a list of all nodes.
//! 4. No recursion: depth costs heap, not stack.
//! 5. After the last key, `next` gives `None`, however often it is called.
//!
//! Example:
//!
//! ```text
//!       c               pre_order    c a b e d
//!     /   \             in_order     a b c d e
//!    a     e            post_order   b a d e c
//!     \   /
//!      b d
//! ```
//!
//! Judged with all 2,055 shapes of 1 to 8 nodes and 100 random larger trees, in shuffled
//! slots, against a recursive model; by the heap that a walk over 131,071 nodes on 17
//! levels holds at any time (at most 4,096 bytes); and with chains of 100,000 nodes on a
//! stack of 64 KiB. A test that has not ended after five seconds fails.

/// A binary tree of which every link is a position in `nodes`.
pub struct Tree<K> {
    pub nodes: Vec<Node<K>>,
    pub root: Option<usize>,
}

pub struct Node<K> {
    pub key: K,
    pub left: Option<usize>,
    pub right: Option<usize>,
}

// ---------------------------------------------------------------------------------------------
// Node, left, right

impl<K> Tree<K> {
    pub fn pre_order(&self) -> PreOrder<'_, K> {
        PreOrder {
            tree: self,
            stack: Vec::from_iter(self.root),
        }
    }
}

/// On the stack: the roots of the subtrees that are still to come, the next one on top.
pub struct PreOrder<'a, K> {
    tree: &'a Tree<K>,
    stack: Vec<usize>,
}

impl<'a, K> Iterator for PreOrder<'a, K> {
    type Item = &'a K;

    fn next(&mut self) -> Option<&'a K> {
        let node = &self.tree.nodes[self.stack.pop()?];
        self.stack.extend(node.right);
        self.stack.extend(node.left);
        Some(&node.key)
    }
}

// ---------------------------------------------------------------------------------------------
// Left, node, right

impl<K> Tree<K> {
    pub fn in_order(&self) -> InOrder<'_, K> {
        let mut walk = InOrder {
            tree: self,
            stack: vec![],
        };
        walk.descend(self.root);
        walk
    }
}

/// On the stack: the nodes whose left subtree is under way or done, the lowest on top.
pub struct InOrder<'a, K> {
    tree: &'a Tree<K>,
    stack: Vec<usize>,
}

impl<K> InOrder<'_, K> {
    /// Goes down to the leftmost node of a subtree.
    fn descend(&mut self, mut at: Option<usize>) {
        while let Some(id) = at {
            self.stack.push(id);
            at = self.tree.nodes[id].left;
        }
    }
}

impl<'a, K> Iterator for InOrder<'a, K> {
    type Item = &'a K;

    fn next(&mut self) -> Option<&'a K> {
        let node = &self.tree.nodes[self.stack.pop()?];
        self.descend(node.right);
        Some(&node.key)
    }
}

// ---------------------------------------------------------------------------------------------
// Left, right, node

impl<K> Tree<K> {
    pub fn post_order(&self) -> PostOrder<'_, K> {
        let mut walk = PostOrder {
            tree: self,
            stack: vec![],
        };
        walk.descend(self.root);
        walk
    }
}

/// On the stack: the path from the root to the next node.
pub struct PostOrder<'a, K> {
    tree: &'a Tree<K>,
    stack: Vec<usize>,
}

impl<K> PostOrder<'_, K> {
    /// Goes down to the first leaf of a subtree.
    fn descend(&mut self, mut at: Option<usize>) {
        while let Some(id) = at {
            self.stack.push(id);
            let node = &self.tree.nodes[id];
            at = node.left.or(node.right);
        }
    }
}

impl<'a, K> Iterator for PostOrder<'a, K> {
    type Item = &'a K;

    fn next(&mut self) -> Option<&'a K> {
        let id = self.stack.pop()?;
        if let Some(&parent) = self.stack.last() {
            let parent = &self.tree.nodes[parent];
            if parent.left == Some(id) {
                self.descend(parent.right);
            }
        }
        Some(&self.tree.nodes[id].key)
    }
}

#[cfg(test)]
mod tests;
