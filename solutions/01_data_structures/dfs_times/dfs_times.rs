//! Depth-first search with times
//!
//! A depth-first search that writes down when it enters a node and when it leaves it turns
//! a tree or a graph into intervals, and many questions into comparisons of numbers. "Is b
//! below a in the category tree?" is then "does b's interval lie in a's?", which an index
//! can answer; SQL calls it a nested set. Schedulers and cycle finders read the order of
//! leaving.
//!
//! The contract of `dfs(graph)`, which gives one interval for each node:
//! 1. A clock starts at 0. Entering a node takes the time as its `found`, leaving it takes
//!    the time as its `finished`; each of them moves the clock by one.
//! 2. From each node the search goes, for one neighbor after the other in the order of its
//!    list, into those that were not entered before. It leaves a node when its list is
//!    done.
//! 3. The search starts at node 0. When it is over, it goes on from the smallest node that
//!    was not entered yet, and so on, with the same clock, until all nodes have their
//!    times.
//! 4. `neighbors` is asked once for each node.
//! 5. There is no recursion.
//! 6. The work grows with nodes and edges, not with their square: nothing is looked through
//!    again at each step.
//!
//! Example, with edges from 0 to 1 and 2, from 1 to 2, and from 3 to 0:
//!
//! ```text
//! node       0  1  2  3          time                0 1 2 3 4 5 6 7
//! found      0  1  2  6          entered, or left    0 1 2 2 1 0 3 3
//! finished   5  4  3  7
//! ```
//!
//! Judged with all 512 graphs of three nodes and 2,000 random ones of up to 12, against a
//! recursive model, by a graph that refuses to be asked twice; with a path of 100,000 nodes
//! on a stack of 64 KiB; and with a node that leads to 100,000 others. A test that has not
//! ended after five seconds fails.

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

/// When a node was entered and left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    pub found: usize,
    pub finished: usize,
}

/// The interval of each node.
pub fn dfs(graph: &impl Graph) -> Vec<Interval> {
    let n = graph.node_count();
    let mut entered = vec![false; n];
    let unknown = Interval {
        found: 0,
        finished: 0,
    };
    let mut times = vec![unknown; n];
    let mut clock = 0;
    // From the root to where we are: each node, and what is left of its neighbors.
    let mut path = vec![];
    for root in 0..n {
        let mut entering = (!entered[root]).then_some(root);
        loop {
            if let Some(node) = entering {
                entered[node] = true;
                times[node].found = clock;
                clock += 1;
                path.push((node, graph.neighbors(node).iter()));
            }
            let Some((node, rest)) = path.last_mut() else {
                break;
            };
            entering = rest.find(|&&next| !entered[next]).copied();
            if entering.is_none() {
                times[*node].finished = clock;
                clock += 1;
                path.pop();
            }
        }
    }
    times
}

#[cfg(test)]
mod tests;
