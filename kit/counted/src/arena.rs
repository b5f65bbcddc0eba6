//! Nodes under numbers.

use crate::counts::{count, spend};
use std::cell::Cell;
use std::fmt;
use std::ops::{Index, IndexMut};

/// Nodes that refer to each other by number, as pages of a disk do, and a watch on who goes where.
///
/// `arena[id]` is the node `id`. Each such access counts as a [read](crate::Counts::reads); going to
/// another node than the last one counts as a [visit](crate::Counts::visits), so that reading one
/// node in several steps is one visit. The number of a removed node is not given again: a link that
/// was forgotten leads to a panic at the caller's line, not to somebody else's node.
pub struct Arena<T> {
    nodes: Vec<Option<T>>,
    live: usize,
    last: Cell<Option<usize>>,
}

impl<T> Arena<T> {
    /// An arena without nodes.
    pub const fn new() -> Self {
        Arena {
            nodes: Vec::new(),
            live: 0,
            last: Cell::new(None),
        }
    }

    /// Adds a node, and returns its number.
    #[track_caller]
    pub fn add(&mut self, node: T) -> usize {
        spend(|c| c.moves += 1);
        self.nodes.push(Some(node));
        self.live += 1;
        self.nodes.len() - 1
    }

    /// Takes a node out. Its number leads nowhere from now on.
    ///
    /// # Panics
    /// When there is no node `id`.
    #[track_caller]
    pub fn remove(&mut self, id: usize) -> T {
        self.visit(id);
        let node = self.nodes.get_mut(id).and_then(Option::take);
        let node = node.unwrap_or_else(|| self.missing(id));
        self.live -= 1;
        node
    }

    /// Two different nodes, both to be changed.
    ///
    /// # Panics
    /// When one of them is not there, or they are the same.
    #[track_caller]
    pub fn pair_mut(&mut self, a: usize, b: usize) -> (&mut T, &mut T) {
        for id in [a, b] {
            self.visit(id);
            if self.peek(id).is_none() {
                self.missing(id);
            }
        }
        match self.nodes.get_disjoint_mut([a, b]) {
            Ok([Some(a), Some(b)]) => (a, b),
            _ => panic!("pair_mut({a}, {b}) asks for the same node twice"),
        }
    }

    /// The node `id`, if there is one, without counting: for the tests' own use.
    pub fn peek(&self, id: usize) -> Option<&T> {
        self.nodes.get(id)?.as_ref()
    }

    /// The number of nodes.
    pub const fn len(&self) -> usize {
        self.live
    }

    /// Whether there is no node.
    pub const fn is_empty(&self) -> bool {
        self.live == 0
    }

    #[track_caller]
    fn visit(&self, id: usize) {
        spend(|c| c.reads += 1);
        if self.last.replace(Some(id)) != Some(id) {
            count(|c| c.visits += 1);
        }
    }

    #[track_caller]
    fn missing(&self, id: usize) -> ! {
        match id < self.nodes.len() {
            true => panic!("node {id} was removed: a link still leads to it"),
            false => panic!("there is no node {id}: {} were added", self.nodes.len()),
        }
    }
}

impl<T> Index<usize> for Arena<T> {
    type Output = T;
    #[track_caller]
    fn index(&self, id: usize) -> &T {
        self.visit(id);
        self.peek(id).unwrap_or_else(|| self.missing(id))
    }
}

impl<T> IndexMut<usize> for Arena<T> {
    #[track_caller]
    fn index_mut(&mut self, id: usize) -> &mut T {
        self.visit(id);
        if self.peek(id).is_none() {
            self.missing(id);
        }
        self.nodes[id].as_mut().expect("it was seen just now")
    }
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for Arena<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nodes = self.nodes.iter().enumerate();
        f.debug_map()
            .entries(nodes.filter_map(|(id, node)| Some((id, node.as_ref()?))))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{at_most, counts};

    /// Three nodes, each of which names the next: 0, 1, 2, and 0 again.
    fn ring() -> Arena<usize> {
        let mut arena = Arena::new();
        for next in [1, 2, 0] {
            arena.add(next);
        }
        arena
    }

    #[test]
    fn a_node_is_found_under_its_number_until_it_is_removed() {
        let mut arena = ring();
        arena[1] = 7;
        assert_eq!((arena[1], arena.len()), (7, 3));
        assert_eq!(arena.remove(1), 7);
        assert_eq!((arena.peek(1), arena.len()), (None, 2));
        assert_eq!(arena.add(5), 3, "the number 1 is not given again");
        assert_eq!(format!("{arena:?}"), "{0: 1, 2: 0, 3: 5}");
    }

    #[test]
    fn steps_within_a_node_are_one_visit() {
        let arena = ring();
        let (_, did) = counts(|| (arena[0], arena[0], arena[1], arena[0]));
        assert_eq!((did.reads, did.visits), (4, 3));
    }

    #[test]
    fn two_nodes_can_be_changed_at_once() {
        let mut arena = ring();
        let (a, b) = arena.pair_mut(2, 0);
        std::mem::swap(a, b);
        assert_eq!((arena[0], arena[2]), (0, 1));
    }

    #[test]
    #[should_panic(expected = "node 1 was removed: a link still leads to it")]
    fn catches_a_stale_link() {
        let mut arena = ring();
        arena.remove(1);
        let _ = arena[arena[0]];
    }

    #[test]
    #[should_panic(expected = "node 2 was removed")]
    fn catches_a_node_that_is_removed_twice() {
        let mut arena = ring();
        arena.remove(2);
        arena.remove(2);
    }

    #[test]
    #[should_panic(expected = "there is no node 3: 3 were added")]
    fn catches_a_number_that_was_never_given() {
        let mut arena = ring();
        arena[3] = 1;
    }

    #[test]
    #[should_panic(expected = "the same node twice")]
    fn catches_a_pair_that_is_none() {
        ring().pair_mut(1, 1);
    }

    #[test]
    #[should_panic(expected = "stopped after 100 comparisons")]
    fn catches_a_walk_in_a_ring() {
        let arena = ring();
        at_most(100, || {
            let mut at = 0;
            loop {
                at = arena[at];
            }
        });
    }
}
