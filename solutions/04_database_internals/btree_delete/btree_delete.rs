//! # A B+tree: deletion
//!
//! A queue table gets a million rows a day and loses as many. If pages only ever emptied, its
//! index would be a desert after a week: as high as ever, with a handful of keys in each
//! page. So a node that has become too empty is filled up from its neighbour, or joined with
//! it.
//!
//! Write `remove` for the tree of the last exercise, which is given below. The arena has two more
//! methods: `self.nodes.remove(id)` takes a node out and returns it, and `self.nodes.pair_mut(a, b)`
//! gives two different nodes as `&mut`.
//!
//! 1. `remove` returns the value that the key had, or `None`; then nothing changes.
//! 2. Afterwards all rules of the last exercise hold: leaves at the same depth; children
//!    within their separators; no leaf but the root with less than half of `max_keys`, rounded
//!    up, no inner node but the root with less than half, rounded down.
//! 3. A node with a key too few borrows one, and no more, from a neighbour below the same parent
//!    that can spare it. In leaves the entry moves, and the separator between the two becomes the
//!    first key of the right one. In inner nodes the key goes through the parent: the
//!    separator comes down, the neighbour's key goes up, and a child changes sides.
//! 4. Only if no neighbour can spare a key, two nodes become one: the right one's content moves to
//!    the left one. Of inner nodes the separator between them comes down as well. The parent
//!    loses a separator and a child, and may have too few keys now itself.
//! 5. A root without keys, but with a child, gives way to that child. Nodes that are no longer
//!    needed are removed from the arena, and the chain of leaves does not lead to them.
//! 6. `remove` visits only a few nodes at each level: at most 12.
//!
//! An example with `max_keys` 3:
//!
//! ```text
//! before       ([1 2] 3 [3 4 5])
//! remove(1)    ([2 3] 4 [4 5])          3 was borrowed, the separator is 4
//! remove(5)    [2 3 4]                  merged, and the root gave way
//! ```
//!
//! A separator need not be a key of the tree: after `remove(4)` in the second tree it may be 4
//! still, as long as it divides.
//!
//! How it is judged: examples of each rule; every tree that comes from inserting the keys 1 to
//! 7 in any order with `max_keys` 3, emptied in every order; random inserts and removes for
//! each `max_keys` from 3 to 8, compared with a `BTreeMap`. After each remove every node is
//! checked, and the arena must hold the nodes of the tree and no other.

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

    /// Removes a key, and returns its value.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let removed = self.remove_below(self.root, key);
        if let Node::Inner { keys, children } = &self.nodes[self.root]
            && keys.is_empty()
        {
            let only_child = children[0];
            self.nodes.remove(self.root);
            self.root = only_child;
        }
        removed
    }

    /// Removes a key from the subtree of a node, which may have a key too few afterwards.
    fn remove_below(&mut self, at: usize, key: &K) -> Option<V> {
        let (i, child) = match &mut self.nodes[at] {
            Node::Leaf { keys, values, .. } => {
                let i = keys.binary_search(key).ok()?;
                keys.remove(i);
                return Some(values.remove(i));
            }
            Node::Inner { keys, children } => {
                let i = keys.partition_point(|separator| separator <= key);
                (i, children[i])
            }
        };
        let removed = self.remove_below(child, key)?;
        if self.spare(child) < 0 {
            self.fill_up(at, i);
        }
        Some(removed)
    }

    /// Given: how many keys a node has more than it needs.
    fn spare(&self, id: usize) -> isize {
        match &self.nodes[id] {
            Node::Leaf { keys, .. } => keys.len() as isize - self.max_keys.div_ceil(2) as isize,
            Node::Inner { keys, .. } => keys.len() as isize - (self.max_keys / 2) as isize,
        }
    }

    /// Gives child `i` of a node, which has a key too few, one of its neighbour's, or merges the two.
    fn fill_up(&mut self, at: usize, i: usize) {
        let Node::Inner { children, .. } = &self.nodes[at] else {
            return;
        };
        let left = i.checked_sub(1).map(|left| children[left]);
        let right = children.get(i + 1).copied();
        if left.is_some_and(|left| self.spare(left) > 0) {
            self.borrow(at, i - 1, true);
        } else if right.is_some_and(|right| self.spare(right) > 0) {
            self.borrow(at, i, false);
        } else {
            self.merge(at, i.saturating_sub(1));
        }
    }

    /// Moves a key over the separator `i` of a node, to the right or to the left.
    fn borrow(&mut self, at: usize, i: usize, to_right: bool) {
        let (separator, left, right) = self.around(at, i);
        let separator = separator.clone();
        let new = match self.nodes.pair_mut(left, right) {
            (
                Node::Leaf {
                    keys: left,
                    values: left_values,
                    ..
                },
                Node::Leaf {
                    keys: right,
                    values: right_values,
                    ..
                },
            ) => {
                shift(left, right, to_right);
                shift(left_values, right_values, to_right);
                right[0].clone()
            }
            (
                Node::Inner {
                    keys: left,
                    children: left_children,
                },
                Node::Inner {
                    keys: right,
                    children: right_children,
                },
            ) => {
                shift(left_children, right_children, to_right);
                if to_right {
                    right.insert(0, separator);
                    left.pop().expect("it had keys to spare")
                } else {
                    left.push(separator);
                    right.remove(0)
                }
            }
            _ => unreachable!("neighbours are at the same depth"),
        };
        if let Node::Inner { keys, .. } = &mut self.nodes[at] {
            keys[i] = new;
        }
    }

    /// Merges the two children around the separator `i` of a node.
    fn merge(&mut self, at: usize, i: usize) {
        let (_, left, right) = self.around(at, i);
        let Node::Inner { keys, children } = &mut self.nodes[at] else {
            return;
        };
        let separator = keys.remove(i);
        children.remove(i + 1);
        match (self.nodes.remove(right), &mut self.nodes[left]) {
            (
                Node::Leaf {
                    keys: more,
                    values: more_values,
                    next: behind,
                },
                Node::Leaf { keys, values, next },
            ) => {
                keys.extend(more);
                values.extend(more_values);
                *next = behind;
            }
            (
                Node::Inner {
                    keys: more,
                    children: more_children,
                },
                Node::Inner { keys, children },
            ) => {
                keys.push(separator);
                keys.extend(more);
                children.extend(more_children);
            }
            _ => unreachable!("neighbours are at the same depth"),
        }
    }

    /// Given: the separator `i` of an inner node, and the children to the left and to the right of it.
    fn around(&self, at: usize, i: usize) -> (&K, usize, usize) {
        match &self.nodes[at] {
            Node::Inner { keys, children } => (&keys[i], children[i], children[i + 1]),
            Node::Leaf { .. } => panic!("node {at} has no children"),
        }
    }

    /// Given: the number of the leaf that holds `key`, if any does.
    fn leaf_of(&self, key: &K) -> usize {
        let mut at = self.root;
        while let Node::Inner { keys, children } = &self.nodes[at] {
            at = children[keys.partition_point(|separator| separator <= key)];
        }
        at
    }

    /// Given: the value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        let (keys, values, _) = self.leaf(self.leaf_of(key));
        keys.binary_search(key).ok().map(|i| &values[i])
    }

    /// Given: splits a node that holds a key too many: the separator, and the new node to the right of it.
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

    /// Given: inserts into the subtree of a node. If the node was split for it: the separator for
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

    /// Given: sets the value of a key, and returns the one that it had before.
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

    /// Given: the entries whose keys are in the range, in ascending order.
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

/// Moves an element from the end of one list to the beginning of the other, or back.
fn shift<T>(left: &mut Vec<T>, right: &mut Vec<T>, to_right: bool) {
    if to_right {
        right.splice(0..0, left.pop());
    } else {
        left.push(right.remove(0));
    }
}

#[cfg(test)]
mod tests;
