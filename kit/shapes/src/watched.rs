//! A graph that knows what it was asked.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// The lists of a graph's edges, which gives each of them only once and knows which it gave.
///
/// A search that takes linear time looks at the edges of each node once.
#[derive(Debug)]
pub struct Watched<E> {
    call: &'static str,
    lists: Vec<Vec<E>>,
    asked: Vec<AtomicBool>,
}

impl<E> Watched<E> {
    /// Watches these lists; `call` is what the learner calls to get one: "neighbors".
    pub fn new(call: &'static str, lists: Vec<Vec<E>>) -> Self {
        let asked = lists.iter().map(|_| AtomicBool::new(false)).collect();
        Watched { call, lists, asked }
    }

    /// How many nodes there are.
    pub fn node_count(&self) -> usize {
        self.lists.len()
    }

    /// All lists, for the specification: this counts as no question.
    pub fn lists(&self) -> &[Vec<E>] {
        &self.lists
    }

    /// The list of a node.
    ///
    /// # Panics
    /// When there is no such node, and when it was asked for before.
    #[track_caller]
    pub fn ask(&self, node: usize) -> &[E] {
        let (call, n) = (self.call, self.lists.len());
        assert!(
            node < n,
            "{call}({node}) was asked for, in a graph of {n} nodes"
        );
        let asked = self.asked[node].swap(true, Relaxed);
        assert!(!asked, "{call}({node}) was asked for a second time");
        &self.lists[node]
    }

    /// Whether a node's list was asked for.
    pub fn was_asked(&self, node: usize) -> bool {
        self.asked[node].load(Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph() -> Watched<usize> {
        Watched::new("neighbors", vec![vec![1, 2], vec![2], vec![]])
    }

    /// What a search says in its panic.
    fn refused(search: impl FnOnce(&Watched<usize>) + std::panic::UnwindSafe) -> String {
        let panic = std::panic::catch_unwind(|| search(&graph())).unwrap_err();
        panic.downcast_ref::<String>().unwrap().clone()
    }

    #[test]
    fn a_search_that_looks_once_is_let_through() {
        let graph = graph();
        assert_eq!(graph.node_count(), 3);
        assert_eq!((graph.ask(0), graph.ask(1)), (&[1, 2][..], &[2][..]));
        assert_eq!(
            [0, 1, 2].map(|node| graph.was_asked(node)),
            [true, true, false]
        );
        assert_eq!(graph.lists().len(), 3);
    }

    #[test]
    fn a_search_that_marks_too_late_is_caught() {
        // It marks a node when it takes it, not when it finds it: 2 is in the queue twice.
        fn search(graph: &Watched<usize>) {
            let mut queue = std::collections::VecDeque::from([0]);
            while let Some(node) = queue.pop_front() {
                queue.extend(graph.ask(node));
            }
        }
        assert_eq!(refused(search), "neighbors(2) was asked for a second time");
    }

    #[test]
    fn a_search_beyond_the_last_node_is_caught() {
        let said = refused(|graph| {
            graph.ask(3);
        });
        assert_eq!(said, "neighbors(3) was asked for, in a graph of 3 nodes");
    }
}
