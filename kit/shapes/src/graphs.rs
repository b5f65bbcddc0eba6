//! Directed graphs, as the neighbors of each node.

use seeded::Rng;

/// All graphs of three nodes, edges from a node to itself included; those with few edges first.
pub fn graphs_of_three() -> Vec<Vec<Vec<usize>>> {
    let mut all: Vec<u32> = (0..1 << 9).collect();
    all.sort_by_key(|bits| bits.count_ones());
    let neighbors = |bits: u32| (0..3).filter(|to| bits >> to & 1 == 1).collect();
    let graph = |bits: u32| (0..3).map(|from| neighbors(bits >> (3 * from))).collect();
    all.into_iter().map(graph).collect()
}

/// A graph of up to 12 nodes, with edges from a node to itself and with edges that stand twice.
pub fn random_graph(rng: &mut Rng) -> Vec<Vec<usize>> {
    let n = 2 + rng.size() / 10;
    let mut edges = vec![vec![]; n];
    for _ in 0..rng.below(3 * n) {
        edges[rng.below(n)].push(rng.below(n));
    }
    edges
}

/// A path through `n` nodes that starts at 0 and jumps about: its edges lead up and down.
pub fn long_path(n: usize) -> Vec<Vec<usize>> {
    // 0, n - 1, 1, n - 2, 2, ...
    let node = |i: usize| {
        if i.is_multiple_of(2) {
            i / 2
        } else {
            n - 1 - i / 2
        }
    };
    let mut edges = vec![vec![]; n];
    for i in 1..n {
        edges[node(i - 1)].push(node(i));
    }
    edges
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn there_are_512_graphs_of_three_nodes_each_once() {
        let all = graphs_of_three();
        let different: BTreeSet<_> = all.iter().collect();
        assert_eq!((all.len(), different.len()), (512, 512));
        let edges: Vec<usize> = all.iter().map(|graph| graph.concat().len()).collect();
        assert!(edges.is_sorted());
        assert_eq!((edges[0], edges[511]), (0, 9));
    }

    #[test]
    fn a_random_graphs_edges_lead_to_its_nodes() {
        let (mut loops, mut twice) = (0, 0);
        seeded::cases(2_000, |rng| {
            let graph = random_graph(rng);
            assert!((2..=12).contains(&graph.len()));
            for (node, neighbors) in graph.iter().enumerate() {
                assert!(neighbors.iter().all(|&to| to < graph.len()));
                let different: BTreeSet<_> = neighbors.iter().collect();
                twice += neighbors.len() - different.len();
                loops += usize::from(neighbors.contains(&node));
            }
        });
        assert!(loops > 0 && twice > 0, "{loops} and {twice}");
    }

    #[test]
    fn a_long_path_leads_through_all_nodes() {
        for n in [1, 2, 3, 10, 11] {
            let path = long_path(n);
            let mut seen = BTreeSet::from([0]);
            let mut at = 0;
            while let Some(&next) = path[at].first() {
                assert_eq!(path[at].len(), 1);
                assert!(seen.insert(next), "{next} again, of {n}");
                at = next;
            }
            assert_eq!(seen.len(), n);
        }
    }
}
