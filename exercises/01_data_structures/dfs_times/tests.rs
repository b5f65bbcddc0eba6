use super::*;
use counted::{Doing, ends, small_stack};
use seeded::Rng;
use shapes::{Watched, graphs_of_three, long_path, random_graph};

#[test]
fn one_node_takes_two_moments() {
    ends(|doing| judge(doing, &[vec![]]));
}

#[test]
fn a_neighbor_lies_within_its_parent() {
    ends(|doing| {
        judge(doing, &[vec![1], vec![]]);
        judge(doing, &[vec![1], vec![2], vec![]]);
    });
}

#[test]
fn siblings_follow_each_other_in_the_order_of_the_list() {
    ends(|doing| {
        judge(doing, &[vec![1, 2], vec![], vec![]]);
        judge(doing, &[vec![2, 1], vec![], vec![]]);
    });
}

#[test]
fn a_node_belongs_to_the_first_way_that_leads_there() {
    ends(|doing| {
        judge(doing, &[vec![1, 2], vec![2], vec![]]);
        judge(doing, &[vec![1, 2, 3], vec![3], vec![], vec![]]);
    });
}

#[test]
fn nodes_without_edges_follow_each_other() {
    ends(|doing| judge(doing, &[vec![], vec![], vec![]]));
}

#[test]
fn every_node_is_entered_before_it_is_left() {
    ends(|doing| {
        let edges = [vec![], vec![2], vec![0]];
        doing.note(|| format!("dfs of {edges:?}"));
        let times = dfs(&watched(edges.to_vec()));
        assert_eq!(times.len(), 3, "intervals for three nodes");
        let wrong = times.iter().position(|t| t.found >= t.finished);
        assert_eq!(
            wrong, None,
            "node of dfs of {edges:?} with `found` not before `finished`; got {times:?}"
        );
    });
}

#[test]
fn the_search_goes_on_from_the_smallest_node_left() {
    ends(|doing| {
        judge(doing, &[vec![], vec![2], vec![0]]);
        judge(doing, &[vec![2], vec![0], vec![]]);
    });
}

#[test]
fn edges_back_up_are_not_followed() {
    ends(|doing| {
        judge(doing, &[vec![0]]);
        judge(doing, &[vec![1], vec![0]]);
        judge(doing, &[vec![1, 1], vec![2, 0], vec![1]]);
    });
}

#[test]
fn the_example_is_right() {
    ends(|doing| judge(doing, &[vec![1, 2], vec![2], vec![], vec![0]]));
}

#[test]
fn all_graphs_of_three_nodes_agree_with_the_model() {
    ends(|doing| {
        graphs_of_three()
            .iter()
            .for_each(|edges| judge(doing, edges))
    });
}

#[test]
fn random_graphs_agree_with_the_model() {
    ends(|doing| seeded::cases(2000, |rng| judge(doing, &random_graph(rng))));
}

// Recursion overflows the stack here, and that ends the whole process.
#[test]
fn a_long_path_does_not_overflow_the_stack() {
    const N: usize = 100_000;
    ends(|doing| {
        doing.note(|| format!("dfs on a path of {N} nodes"));
        let graph = watched(long_path(N));
        let times = small_stack(64, || dfs(&graph));
        let mut node = Some(0);
        for depth in 0..N {
            let at = node.expect("the path has N nodes");
            let expected = interval(depth, 2 * N - 1 - depth);
            assert_eq!(
                times.get(at),
                Some(&expected),
                "the interval of the node at depth {depth} of a path of {N} nodes"
            );
            node = graph.lists()[at].first().copied();
        }
    });
}

#[test]
fn a_long_list_of_neighbors_is_gone_through_once() {
    const N: usize = 100_000;
    ends(|doing| {
        doing.note(|| {
            format!(
                "dfs of a node that leads to {N} others: too many to look through them for each"
            )
        });
        let mut edges = vec![vec![]; N + 1];
        edges[0] = (1..=N).collect();
        let times = dfs(&watched(edges));
        for node in 0..=N {
            let expected = match node {
                0 => interval(0, 2 * N + 1),
                _ => interval(2 * node - 1, 2 * node),
            };
            assert_eq!(
                times.get(node),
                Some(&expected),
                "the interval of node {node}, where 0 leads to 1, 2, .., {N}"
            );
        }
    });
}

#[track_caller]
fn judge(doing: &Doing, edges: &[Vec<usize>]) {
    let case = || format!("dfs of {edges:?} (element v holds the neighbors of v)");
    doing.note(case);
    let mut expected = vec![None; edges.len()];
    let mut clock = 0;
    (0..edges.len()).for_each(|root| enter(edges, root, &mut clock, &mut expected));
    let expected: Vec<_> = expected.into_iter().flatten().collect();
    let actual = dfs(&watched(edges.to_vec()));
    let show = |times: &[Interval]| {
        let times: Vec<_> = times
            .iter()
            .map(|t| format!("{}..{}", t.found, t.finished))
            .collect();
        times.join("  ")
    };
    assert!(
        actual == expected,
        "{}, found..finished of each node\n  expected: {}\n  got:      {}",
        case(),
        show(&expected),
        show(&actual)
    );
}

/// The model, by recursion.
fn enter(edges: &[Vec<usize>], node: usize, clock: &mut usize, times: &mut [Option<Interval>]) {
    if times[node].is_some() {
        return;
    }
    let found = *clock;
    // Entered; when it is left is not known yet.
    times[node] = Some(interval(found, usize::MAX));
    *clock += 1;
    edges[node]
        .iter()
        .for_each(|&next| enter(edges, next, clock, times));
    times[node] = Some(interval(found, *clock));
    *clock += 1;
}

fn interval(found: usize, finished: usize) -> Interval {
    Interval { found, finished }
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
