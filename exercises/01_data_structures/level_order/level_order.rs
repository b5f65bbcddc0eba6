//! A tree level by level
//!
//! A forum shows a thread by depth: first the post, then all answers to it, then all
//! answers to those, and stops when the page is full. A scheduler starts jobs whose parents
//! are done together. Both need a tree's nodes grouped by their distance from the root, and
//! only as many levels as somebody asks for.
//!
//! The contract:
//! 1. `levels` gives the keys of the root's level, then those of its children's level, and
//!    so on.
//! 2. Within a level the keys stand from left to right.
//! 3. After the deepest level comes `None`, also when asked again. A level is never empty,
//!    and an empty tree has none.
//! 4. The tree is what `root` reaches. The nodes may stand anywhere in `nodes`, and slots
//!    that are not reached (removed nodes) are in no level. Each reached slot has one
//!    parent.
//! 5. Lazy: nothing is held but the level that is given and the one that comes next.
//! 6. No recursion: depth costs no stack.
//!
//! Example:
//!
//! ```text
//!       c
//!     /   \
//!    a     e          levels: [c] [a e] [b d]
//!     \   /
//!      b d
//! ```
//!
//! Judged with all 2,055 shapes of 1 to 8 nodes and 100 random larger trees, in shuffled
//! slots, against a recursive model; by the heap that is held at any time (4,096 bytes for
//! the first three levels of 131,071 nodes, 65,536 bytes for 100 levels of 1,024 nodes
//! each); and with chains of 100,000 nodes on a stack of 64 KiB. A test that has not ended
//! after five seconds fails.

use std::collections::VecDeque;

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

impl<K> Tree<K> {
    /// The levels from the root down, each from left to right.
    pub fn levels(&self) -> Levels<'_, K> {
        todo!("step 1: start with the root in the queue, if there is one")
    }
}

/// It may get other fields, if you want them.
pub struct Levels<'a, K> {
    tree: &'a Tree<K>,
    /// Positions in `tree.nodes`.
    queue: VecDeque<usize>,
}

impl<'a, K> Iterator for Levels<'a, K> {
    type Item = Vec<&'a K>;

    fn next(&mut self) -> Option<Vec<&'a K>> {
        todo!("step 2: take one level out of the queue, and put the next one in")
    }
}

#[cfg(test)]
mod tests;
