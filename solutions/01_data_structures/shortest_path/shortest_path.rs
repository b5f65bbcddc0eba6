//! Shortest paths by breadth-first search
//!
//! How many hops are there between two data centers, and over which? Who introduced whom,
//! on the shortest way? As long as every edge counts the same, breadth-first search
//! answers: whatever it finds, it finds over the fewest edges. And it can stop early: nodes
//! further away than the target cannot help.
//!
//! The contract:
//! 1. `bfs_distances` gives for each node the number of edges on a shortest path from
//!    `src`: 0 for `src` itself, `None` for a node that cannot be reached.
//! 2. `shortest_path` gives the nodes of a path from `src` to `dst`, both included, with as
//!    few edges as possible. Of several such paths, any will do.
//! 3. The path from a node to itself is that node alone. If `dst` cannot be reached, there
//!    is none.
//! 4. `neighbors` is asked at most once for each node, and only for nodes that were
//!    reached. `shortest_path` does not ask nodes that are further away than `dst`.
//! 5. There is no recursion.
//!
//! Example, with edges from 0 to 1 and 2, from 1 to 3, from 2 to 3, from 3 to 4, and from 5
//! to 0:
//!
//! ```text
//! bfs_distances from 0:    0 1 1 2 3 None
//! shortest_path 0 to 4:    0 1 3 4, or 0 2 3 4
//! ```
//!
//! Judged with all 512 graphs of three nodes and 1,000 random ones of up to 12: the
//! distances are compared with Floyd and Warshall's, a path must follow the edges and be as
//! short as the distance says. The graph refuses to be asked twice, and to be asked too far
//! away. A path of 100,000 nodes is followed on a stack of 64 KiB. A test that has not
//! ended after five seconds fails.

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

/// The number of edges from `src` to each node.
pub fn bfs_distances(graph: &impl Graph, src: usize) -> Vec<Option<u32>> {
    let mut distances = vec![None; graph.node_count()];
    let mut queue = VecDeque::from([(src, 0)]);
    distances[src] = Some(0);
    while let Some((node, distance)) = queue.pop_front() {
        for &next in graph.neighbors(node) {
            if distances[next].is_none() {
                distances[next] = Some(distance + 1);
                queue.push_back((next, distance + 1));
            }
        }
    }
    distances
}

/// The nodes of a shortest path from `src` to `dst`.
pub fn shortest_path(graph: &impl Graph, src: usize, dst: usize) -> Option<Vec<usize>> {
    if src == dst {
        return Some(vec![src]);
    }
    // Where each node was found from; `src` was found from itself.
    let mut parents = vec![None; graph.node_count()];
    let mut queue = VecDeque::from([src]);
    parents[src] = Some(src);
    while let Some(node) = queue.pop_front() {
        for &next in graph.neighbors(node) {
            if parents[next].is_none() {
                parents[next] = Some(node);
                queue.push_back(next);
            }
            if next == dst {
                return Some(way_back(&parents, src, dst));
            }
        }
    }
    None
}

/// The path to `dst`, put together from its end.
fn way_back(parents: &[Option<usize>], src: usize, dst: usize) -> Vec<usize> {
    let parent = |&node: &usize| parents[node].filter(|_| node != src);
    let mut path: Vec<usize> = std::iter::successors(Some(dst), parent).collect();
    path.reverse();
    path
}

#[cfg(test)]
mod tests;
