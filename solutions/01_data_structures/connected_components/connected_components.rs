//! Connected components
//!
//! Some links between the servers of a cluster are down. Which servers can still reach each
//! other, over however many hops, and into how many groups has the cluster fallen? The same
//! question finds accounts that share cards and devices, and duplicates among customers.
//!
//! The contract of `components(graph)`:
//! 1. Element v of the result is the number of v's component; the result has one element
//!    for each node.
//! 2. Two nodes have the same number exactly if a path leads from one to the other.
//! 3. The components are numbered 0, 1, 2 and so on, in the order of their smallest nodes.
//! 4. `neighbors` is asked once for each node.
//! 5. There is no recursion.
//!
//! The graph is undirected: an edge between v and w stands in the lists of both.
//!
//! Example with seven nodes and the edges 0-5, 5-1 and 2-6 (3 and 4 have none):
//!
//! ```text
//! node        0 1 2 3 4 5 6
//! component   0 0 1 2 3 0 1
//! ```
//!
//! Judged with all 64 graphs of four nodes and 2,000 random ones of up to 12, with loops
//! and double edges, against a model that relabels until nothing changes; by a graph that
//! refuses to be asked twice; and with a path of 100,000 nodes on a stack of 64 KiB. A test
//! that has not ended after five seconds fails.

/// An undirected graph; its nodes are the numbers below `node_count`.
pub trait Graph {
    fn node_count(&self) -> usize;

    /// The other ends of the edges of `node`: `node` itself may be among them, or a node twice.
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

/// The number of each node's component.
pub fn components(graph: &impl Graph) -> Vec<usize> {
    let mut component = vec![None; graph.node_count()];
    let mut count = 0;
    for root in 0..graph.node_count() {
        if component[root].is_some() {
            continue;
        }
        component[root] = Some(count);
        let mut pending = vec![root];
        while let Some(node) = pending.pop() {
            for &next in graph.neighbors(node) {
                if component[next].is_none() {
                    component[next] = Some(count);
                    pending.push(next);
                }
            }
        }
        count += 1;
    }
    component.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
