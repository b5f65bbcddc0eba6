use super::*;
use counted::{Doing, ends, small_stack};
use seeded::Rng;
use shapes::Watched;

#[test]
fn nodes_without_edges_are_components_of_their_own() {
    ends(|doing| {
        judge(doing, 0, &[]);
        judge(doing, 1, &[]);
        judge(doing, 3, &[]);
    });
}

#[test]
fn the_two_ends_of_an_edge_belong_together() {
    ends(|doing| {
        judge(doing, 2, &[(0, 1)]);
        judge(doing, 4, &[(0, 2), (1, 3)]);
    });
}

#[test]
fn a_path_over_several_edges_connects_too() {
    ends(|doing| {
        judge(doing, 3, &[(0, 1), (1, 2)]);
        judge(doing, 4, &[(0, 1), (1, 2), (2, 3)]);
    });
}

#[test]
fn a_path_may_lead_up_and_down() {
    ends(|doing| {
        judge(doing, 3, &[(0, 2), (2, 1)]);
        judge(doing, 5, &[(0, 4), (4, 1), (1, 3)]);
    });
}

#[test]
fn the_numbers_follow_the_smallest_nodes_without_gaps() {
    ends(|doing| judge(doing, 7, &[(0, 5), (5, 1), (2, 6)]));
}

#[test]
fn circles_loops_and_double_edges_change_nothing() {
    ends(|doing| {
        judge(doing, 3, &[(0, 1), (1, 2), (2, 0)]);
        judge(doing, 3, &[(0, 0), (1, 2), (1, 2)]);
    });
}

#[test]
fn all_graphs_of_four_nodes_agree_with_the_model() {
    ends(|doing| {
        let pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];
        let mut graphs: Vec<u32> = (0..1 << pairs.len()).collect();
        graphs.sort_by_key(|bits| bits.count_ones());
        for bits in graphs {
            let edges: Vec<_> = (0..pairs.len())
                .filter(|i| bits >> i & 1 == 1)
                .map(|i| pairs[i])
                .collect();
            judge(doing, 4, &edges);
        }
    });
}

#[test]
fn random_graphs_agree_with_the_model() {
    ends(|doing| {
        seeded::cases(2000, |rng| {
            let n = 2 + rng.size() / 10;
            let edges = rng.below(n + n / 2);
            let edges = rng.vec(edges, |rng| (rng.below(n), rng.below(n)));
            judge(doing, n, &edges);
        });
    });
}

// Recursion overflows the stack here, and that ends the whole process.
#[test]
fn a_long_path_does_not_overflow_the_stack() {
    const N: usize = 100_000;
    ends(|doing| {
        doing.note(|| format!("a path of {N} nodes"));
        // 0, N - 1, 1, N - 2, 2, ...
        let node = |i: usize| {
            if i.is_multiple_of(2) {
                i / 2
            } else {
                N - 1 - i / 2
            }
        };
        let edges: Vec<_> = (1..N).map(|i| (node(i - 1), node(i))).collect();
        let graph = undirected(N, &edges);
        let numbers = small_stack(64, || components(&graph));
        assert_eq!(
            numbers.len(),
            N,
            "elements of the result for a path of {N} nodes"
        );
        let other = numbers.iter().position(|&number| number != 0);
        assert_eq!(
            other, None,
            "node of a path of {N} nodes that is not in component 0"
        );
    });
}

/// Compares with a model: the smallest node that each node is connected to, renamed in ascending order.
#[track_caller]
fn judge(doing: &Doing, n: usize, edges: &[(usize, usize)]) {
    let case = || format!("{n} nodes with the edges {edges:?}");
    doing.note(case);
    let mut smallest: Vec<usize> = (0..n).collect();
    while let Some(&(v, w)) = edges.iter().find(|&&(v, w)| smallest[v] != smallest[w]) {
        let (low, high) = (smallest[v].min(smallest[w]), smallest[v].max(smallest[w]));
        smallest
            .iter_mut()
            .filter(|label| **label == high)
            .for_each(|label| *label = low);
    }
    let roots: Vec<usize> = (0..n).filter(|&v| smallest[v] == v).collect();
    let expected: Vec<_> = smallest
        .iter()
        .map(|root| roots.binary_search(root).unwrap())
        .collect();
    let actual = components(&undirected(n, edges));
    assert!(
        actual == expected,
        "components of {}\n  expected: {expected:?}\n  got:      {actual:?}",
        case()
    );
}

/// A graph of which each edge stands in the lists of both of its ends.
fn undirected(n: usize, edges: &[(usize, usize)]) -> Watched<usize> {
    let mut lists = vec![vec![]; n];
    for &(v, w) in edges {
        lists[v].push(w);
        lists[w].push(v);
    }
    watched(lists)
}

impl Graph for Watched<usize> {
    fn node_count(&self) -> usize {
        self.node_count()
    }

    #[track_caller]
    fn neighbors(&self, node: usize) -> &[usize] {
        self.ask(node)
    }
}

fn watched(lists: Vec<Vec<usize>>) -> Watched<usize> {
    Watched::new("neighbors", lists)
}
