//! # A B+tree: insertion with node splits, and range scans
//!
//! Nearly every index of a database is a B+tree: PostgreSQL's, InnoDB's, SQLite's. A node
//! fills a page, so it holds hundreds of keys, and three or four pages lead to one row in a
//! billion. All entries are in the leaves, which are linked from left to right; inner nodes
//! hold only separators that show the way.
//!
//! Write `get`, `range` and `insert`. Nodes refer to each other by their number in an arena:
//! `self.nodes[id]` is a node, `self.nodes.add(node)` adds one and returns its number.
//!
//! 1. `insert` returns the value that the key had before. A key is in the tree once: inserting
//!    it again replaces the value and splits nothing.
//! 2. Child `i` of an inner node holds the keys from `keys[i - 1]`, inclusive, up to
//!    `keys[i]`, exclusive. So a key that equals a separator is to its right.
//! 3. No node holds more than `max_keys` keys. The key that is too many splits its node in
//!    halves: a leaf copies its separator up, an inner node moves it up. When the root
//!    splits, a new root is put above it, so that all leaves are at the same depth. No leaf
//!    but the root holds less than half of `max_keys`, rounded up; no inner node but the
//!    root less than half, rounded down.
//! 4. `next` leads from each leaf to the one on its right; the last one has `None`.
//! 5. `range(lo..hi)` gives the entries from `lo`, inclusive, to `hi`, exclusive, in the
//!    order of their keys; none when `lo >= hi`. It goes down once and then follows `next`:
//!    it visits at most as many nodes as the tree is high, each leaf that holds an entry of
//!    the range, and one leaf more. Looking at a node several times in a row is one visit.
//! 6. `get` compares keys at most `height * (log2(max_keys) + 2)` times.
//!
//! An example with `max_keys` 3, inserting 1 to 10 in this order:
//!
//! ```text
//! after 3    [1 2 3]
//! after 4    ([1 2] 3 [3 4])                                  a leaf was split, 3 copied up
//! after 10   (([1 2] 3 [3 4] 5 [5 6]) 7 ([7 8] 9 [9 10]))     an inner node was split, 7 moved up
//! ```
//!
//! Here `([1 2] 3 [3 4])` is an inner node with the key 3 and two leaves. Of the four keys 3,
//! 5, 7, 9 the second may as well move up as the third.
//!
//! How it is judged: examples; keys in ascending, descending and random order and with many
//! duplicates for each `max_keys` from 3 to 8, where after each insert every node is checked
//! against the rules and the entries are compared with a `BTreeMap`; all ranges of random
//! trees; comparisons and visited nodes are counted. Values cannot be cloned.

use counted::Arena;
use std::ops::Range;

/// An ordered map in nodes of limited size.
pub struct BPlusTree<K, V> {
    max_keys: usize,
    root: usize,
    nodes: Arena<Node<K, V>>,
}

/// A node, with its keys in ascending order.
pub enum Node<K, V> {
    /// One child more than keys.
    Inner { keys: Vec<K>, children: Vec<usize> },
    /// As many values as keys.
    Leaf {
        keys: Vec<K>,
        values: Vec<V>,
        next: Option<usize>,
    },
}

impl<K: Ord + Clone, V> BPlusTree<K, V> {
    /// An empty tree, whose nodes hold up to `max_keys` keys: at least 3.
    pub fn new(max_keys: usize) -> Self {
        assert!(max_keys >= 3, "a node holds at least 3 keys");
        let mut nodes = Arena::new();
        let root = nodes.add(Node::Leaf {
            keys: Vec::new(),
            values: Vec::new(),
            next: None,
        });
        BPlusTree {
            max_keys,
            root,
            nodes,
        }
    }

    /// The number of the leaf that holds `key`, if any does.
    fn leaf_of(&self, key: &K) -> usize {
        let mut at = self.root;
        while let Node::Inner { keys, children } = &self.nodes[at] {
            at = children[keys.partition_point(|separator| separator <= key)];
        }
        at
    }

    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        let (keys, values, _) = self.leaf(self.leaf_of(key));
        keys.binary_search(key).ok().map(|i| &values[i])
    }

    /// Splits a node that holds a key too many: the separator, and the new node to the right of it.
    fn split(&mut self, at: usize) -> Option<(K, usize)> {
        let (separator, right) = match &mut self.nodes[at] {
            Node::Leaf { keys, values, next } if keys.len() > self.max_keys => {
                let middle = keys.len() / 2;
                let (keys, values) = (keys.split_off(middle), values.split_off(middle));
                let next = *next;
                (keys[0].clone(), Node::Leaf { keys, values, next })
            }
            Node::Inner { keys, children } if keys.len() > self.max_keys => {
                let middle = keys.len() / 2;
                let children = children.split_off(middle + 1);
                let right = keys.split_off(middle + 1);
                (
                    keys.pop()?,
                    Node::Inner {
                        keys: right,
                        children,
                    },
                )
            }
            _ => return None,
        };
        let right = self.nodes.add(right);
        if let Node::Leaf { next, .. } = &mut self.nodes[at] {
            *next = Some(right);
        }
        Some((separator, right))
    }

    /// Inserts into the subtree of a node. If the node was split for it: the separator for
    /// the parent, and the new node to the right of it.
    fn insert_below(&mut self, at: usize, key: K, value: V) -> (Option<V>, Option<(K, usize)>) {
        let (i, child) = match &mut self.nodes[at] {
            Node::Leaf { keys, values, .. } => match keys.binary_search(&key) {
                Ok(i) => return (Some(std::mem::replace(&mut values[i], value)), None),
                Err(i) => {
                    keys.insert(i, key);
                    values.insert(i, value);
                    return (None, self.split(at));
                }
            },
            Node::Inner { keys, children } => {
                let i = keys.partition_point(|separator| *separator <= key);
                (i, children[i])
            }
        };
        let (old, split) = self.insert_below(child, key, value);
        if let (Some((separator, right)), Node::Inner { keys, children }) =
            (split, &mut self.nodes[at])
        {
            keys.insert(i, separator);
            children.insert(i + 1, right);
        }
        (old, self.split(at))
    }

    /// Sets the value of a key, and returns the one that it had before.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let (old, split) = self.insert_below(self.root, key, value);
        if let Some((separator, right)) = split {
            self.root = self.nodes.add(Node::Inner {
                keys: vec![separator],
                children: vec![self.root, right],
            });
        }
        old
    }

    /// The entries whose keys are in the range, in ascending order.
    pub fn range(&self, range: Range<K>) -> Vec<(&K, &V)> {
        let mut found = Vec::new();
        let mut at = Some(self.leaf_of(&range.start));
        while let Some(leaf) = at {
            let (keys, values, next) = self.leaf(leaf);
            let from = keys.partition_point(|key| *key < range.start);
            for (key, value) in keys.iter().zip(values).skip(from) {
                if *key >= range.end {
                    return found;
                }
                found.push((key, value));
            }
            at = next;
        }
        found
    }

    /// Given: the keys, the values and the right neighbour of a leaf.
    fn leaf(&self, id: usize) -> (&[K], &[V], Option<usize>) {
        match &self.nodes[id] {
            Node::Leaf { keys, values, next } => (keys, values, *next),
            Node::Inner { .. } => panic!("node {id} is not a leaf"),
        }
    }
}

#[cfg(test)]
mod tests;
