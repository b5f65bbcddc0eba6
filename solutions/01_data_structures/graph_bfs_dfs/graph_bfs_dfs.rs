//! Breadth-first and depth-first search
//!
//! Which services does a request reach, which packages does a build need, which pages does
//! a crawler find? The same question every time: follow the edges from one node, and don't
//! go in circles. The two classic answers differ in one thing only: which of the nodes
//! found so far comes next. Asking for a node's neighbors may be a call over the network,
//! so nobody is asked twice.
//!
//! The contract:
//! 1. Both functions give every node that can be reached from `start`, `start` first, each
//!    of them once.
//! 2. `bfs_order` gives the nodes in the order in which they are found when the oldest find
//!    always goes first: first `start`, then its neighbors, then their neighbors, each list
//!    in its order.
//! 3. `dfs_order` gives the nodes in the order in which they are entered when each node
//!    goes, for one neighbor after the other, into those that were not entered before, and
//!    comes back when that one is done with all of its own.
//! 4. `neighbors` is asked once for each node reached, and for no other.
//! 5. No node waits twice in the queue of `bfs_order`.
//! 6. There is no recursion.
//! 7. The work grows with nodes and edges, not with their square: nothing is looked through
//!    again at each step.
//!
//! Example, with edges from 0 to 1 and 2, from 1 to 2 and 3, from 2 to 4, and from 3 to 0:
//!
//! ```text
//! bfs_order from 0:  0 1 2 3 4       dfs_order from 0:  0 1 2 4 3
//! ```
//!
//! Judged with all 512 graphs of three nodes and 2,000 random ones of up to 12, against
//! short models, by a graph that refuses to be asked twice; by the heap that `bfs_order`
//! holds in a graph of 500 nodes with all edges (at most 65,536 bytes); with a path of
//! 100,000 nodes on a stack of 64 KiB; and with a node that leads to 100,000 others. A test
//! that has not ended after five seconds fails.

use std::collections::VecDeque;

/// A directed graph; its nodes are the numbers below `node_count`.
pub trait Graph {
    fn node_count(&self) -> usize;

    /// Where the edges from `node` lead. An edge may lead to `node` itself, or stand twice.
    fn neighbors(&self, node: usize) -> &[usize];
}

/// An adjacency list: element v holds the neighbors of v.
impl Graph for Vec<Vec<usize>> {
    fn node_count(&self) -> usize {
        self.len()
    }

    fn neighbors(&self, node: usize) -> &[usize] {
        &self[node]
    }
}

/// The nodes that can be reached from `start`, the nearest first.
pub fn bfs_order(graph: &impl Graph, start: usize) -> Vec<usize> {
    let mut found = vec![false; graph.node_count()];
    let mut order = vec![];
    let mut queue = VecDeque::from([start]);
    found[start] = true;
    while let Some(node) = queue.pop_front() {
        order.push(node);
        for &next in graph.neighbors(node) {
            // Marked when it enters the queue, not when it leaves it: so it enters once.
            if !found[next] {
                found[next] = true;
                queue.push_back(next);
            }
        }
    }
    order
}

/// The nodes that can be reached from `start`, each branch to its end before the next one.
pub fn dfs_order(graph: &impl Graph, start: usize) -> Vec<usize> {
    let mut entered = vec![false; graph.node_count()];
    let mut order = vec![start];
    // The path from `start` to where we are: of each node, the neighbors not looked at yet.
    let mut path = vec![graph.neighbors(start).iter()];
    entered[start] = true;
    while let Some(rest) = path.last_mut() {
        match rest.next() {
            None => {
                path.pop();
            }
            Some(&next) if entered[next] => {}
            Some(&next) => {
                entered[next] = true;
                order.push(next);
                path.push(graph.neighbors(next).iter());
            }
        }
    }
    order
}

#[cfg(test)]
mod tests;
