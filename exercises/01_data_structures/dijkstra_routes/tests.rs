use super::*;
use counted::{Doing, ends};
use seeded::Rng;
use shapes::Watched;

// ---------------------------------------------------------------------------------------------
// Distances

#[test]
fn a_node_is_at_distance_0_from_itself() {
    ends(|doing| {
        judge_distances(doing, &graph(1, &[]), 0);
        judge_distances(doing, &graph(1, &[(0, 0, 5)]), 0);
    });
}

#[test]
fn costs_along_a_path_add_up() {
    ends(|doing| judge_distances(doing, &graph(3, &[(0, 1, 4), (1, 2, 3)]), 0));
}

#[test]
fn the_cheaper_way_counts_even_with_more_edges() {
    ends(|doing| {
        judge_distances(doing, &graph(3, &[(0, 2, 9), (0, 1, 4), (1, 2, 3)]), 0);
        judge_distances(doing, &example(), 0);
    });
}

#[test]
fn a_node_that_waits_more_than_once_is_asked_once() {
    ends(|doing| {
        // Each of them is found again and again, a little cheaper each time.
        let n = 10;
        let edges: Vec<_> = (0..n)
            .flat_map(|from| {
                (from + 1..n)
                    .map(move |to| (from, to, 1 + 3 * (to - from) as u64 * (to - from) as u64))
            })
            .collect();
        judge_distances(doing, &graph(n, &edges), 0);
    });
}

#[test]
fn a_node_out_of_reach_has_no_distance() {
    ends(|doing| judge_distances(doing, &graph(3, &[(1, 0, 1), (1, 2, 1)]), 0));
}

#[test]
fn an_edge_may_cost_nothing() {
    ends(|doing| {
        judge_distances(
            doing,
            &graph(4, &[(0, 1, 0), (1, 0, 0), (1, 2, 0), (2, 3, 1)]),
            0,
        )
    });
}

#[test]
fn a_path_may_cost_the_highest_number_and_no_more() {
    const MAX: u64 = u64::MAX;
    ends(|doing| {
        judge_distances(doing, &graph(3, &[(0, 1, MAX - 1), (1, 2, 1)]), 0);
        judge_distances(doing, &graph(3, &[(0, 1, MAX - 1), (1, 2, 2)]), 0);
        judge_distances(doing, &graph(4, &[(0, 1, MAX), (1, 2, MAX), (2, 3, 5)]), 0);
        judge_route(doing, &graph(3, &[(0, 1, MAX), (1, 2, 1)]), 0, 2);
        judge_within(doing, &graph(3, &[(0, 1, MAX), (1, 2, 1)]), 0, MAX);
    });
}

#[test]
fn distances_agree_with_bellman_and_ford() {
    ends(|doing| on_many_graphs(|edges, src, _| judge_distances(doing, edges, src)));
}

// ---------------------------------------------------------------------------------------------
// Routes

#[test]
fn the_route_to_oneself_is_one_node() {
    ends(|doing| {
        judge_route(doing, &graph(1, &[]), 0, 0);
        judge_route(doing, &graph(2, &[(0, 1, 1), (1, 0, 1), (0, 0, 0)]), 0, 0);
    });
}

#[test]
fn a_route_runs_along_the_cheapest_edges() {
    ends(|doing| {
        judge_route(doing, &graph(3, &[(0, 1, 4), (1, 2, 3)]), 0, 2);
        judge_route(doing, &graph(2, &[(0, 1, 4), (0, 1, 3), (0, 1, 5)]), 0, 1);
        judge_route(doing, &example(), 0, 3);
    });
}

#[test]
fn there_is_no_route_to_a_node_out_of_reach() {
    ends(|doing| judge_route(doing, &graph(3, &[(1, 0, 1), (1, 2, 1)]), 0, 2));
}

#[test]
fn nodes_further_away_than_the_target_are_not_asked() {
    ends(|doing| {
        judge_route(
            doing,
            &graph(4, &[(0, 1, 1), (0, 2, 2), (2, 3, 1), (1, 3, 9)]),
            0,
            1,
        );
        judge_route(
            doing,
            &graph(4, &[(0, 1, 5), (0, 2, 6), (0, 3, 2), (3, 1, 1), (2, 1, 1)]),
            0,
            1,
        );
    });
}

#[test]
fn routes_agree_with_bellman_and_ford() {
    ends(|doing| {
        on_many_graphs(|edges, src, rng| judge_route(doing, edges, src, rng.below(edges.len())))
    });
}

// ---------------------------------------------------------------------------------------------
// Within a budget

#[test]
fn the_budget_may_be_spent_to_the_last() {
    ends(|doing| {
        for budget in 0..8 {
            judge_within(doing, &example(), 0, budget);
        }
    });
}

#[test]
fn nodes_over_the_budget_are_not_asked() {
    ends(|doing| {
        judge_within(
            doing,
            &graph(4, &[(0, 1, 1), (0, 2, 3), (2, 3, 0), (1, 3, 9)]),
            0,
            2,
        )
    });
}

#[test]
fn at_equal_cost_the_smaller_number_comes_first() {
    ends(|doing| {
        judge_within(doing, &graph(4, &[(0, 3, 1), (0, 2, 1), (0, 1, 1)]), 0, 5);
        // 1 is found only after 3 is settled, at the same cost.
        judge_within(doing, &graph(4, &[(0, 3, 2), (3, 1, 0), (0, 2, 2)]), 0, 5);
        judge_within(doing, &graph(2, &[(1, 0, 0)]), 1, 0);
    });
}

#[test]
fn what_is_within_a_budget_agrees_with_bellman_and_ford() {
    ends(|doing| {
        on_many_graphs(|edges, src, rng| judge_within(doing, edges, src, rng.range(0..30)))
    });
}

// ---------------------------------------------------------------------------------------------
// Judging

type Edges = Vec<Vec<Edge>>;

/// A graph of `n` nodes with edges (from, to, cost).
fn graph(n: usize, edges: &[(usize, usize, u64)]) -> Edges {
    let mut graph = vec![vec![]; n];
    for &(from, to, cost) in edges {
        graph[from].push(Edge { to, cost });
    }
    graph
}

fn example() -> Edges {
    graph(4, &[(0, 1, 7), (0, 2, 2), (2, 1, 3), (1, 3, 1), (2, 3, 6)])
}

/// Calls `judge` with random graphs, the small ones first.
fn on_many_graphs(judge: impl Fn(&Edges, usize, &mut Rng)) {
    seeded::cases(1_000, |rng| {
        let n = 2 + rng.size() / 10;
        let highest = *rng.pick(&[0, 2, 10, 10, 10, u64::MAX]);
        let edges = rng.vec(rng.size() * n / 20, |rng| {
            let cost = match rng.below(3) {
                0 => rng.range(0..=highest),
                1 => rng.range(0..=highest) / 2,
                _ => highest,
            };
            (rng.below(n), rng.below(n), cost)
        });
        judge(&graph(n, &edges), rng.below(n), rng);
    });
}

fn text(edges: &Edges) -> String {
    let edge = |(from, edge): (usize, &Edge)| format!("{from}-{} for {}", edge.to, edge.cost);
    let all = edges
        .iter()
        .enumerate()
        .flat_map(|(from, list)| list.iter().map(move |to| (from, to)));
    let all: Vec<String> = all.map(edge).collect();
    format!("{} node(s) with the edges {}", edges.len(), all.join(", "))
}

fn judge_distances(doing: &Doing, edges: &Edges, src: usize) {
    let case = format!("distances from {src} in {}", text(edges));
    doing.note(|| case.clone());
    let expected = model(edges, src);
    let graph = watched(edges);
    let actual = distances(&graph, src);
    assert!(
        actual == expected,
        "{case}\n  expected: {expected:?}\n  got:      {actual:?}"
    );
    refuse_needless(&graph, &expected, u64::MAX, &case);
}

fn judge_route(doing: &Doing, edges: &Edges, src: usize, dst: usize) {
    let case = format!("route from {src} to {dst} in {}", text(edges));
    doing.note(|| case.clone());
    let distances = model(edges, src);
    let graph = watched(edges);
    let got = route(&graph, src, dst);
    match (&got, distances[dst]) {
        (None, None) => {}
        (Some((cost, path)), Some(expected)) => {
            assert!(
                path.first() == Some(&src) && path.last() == Some(&dst),
                "{case}\n  got {path:?}, which is no path from {src} to {dst}"
            );
            assert!(
                *cost == expected,
                "{case}\n  expected: a cost of {expected}\n  got:      {cost}"
            );
            let mut sum = 0_u128;
            for step in path.windows(2) {
                let parallel = edges[step[0]].iter().filter(|edge| edge.to == step[1]);
                let Some(cheapest) = parallel.map(|edge| u128::from(edge.cost)).min() else {
                    panic!(
                        "{case}\n  got {path:?}, but there is no edge from {} to {}",
                        step[0], step[1]
                    );
                };
                sum += cheapest;
            }
            assert!(
                sum == u128::from(*cost),
                "{case}\n  got {path:?} at a cost of {cost}; along its edges it costs {sum}"
            );
        }
        (got, expected) => {
            panic!("{case}\n  expected: a cost of {expected:?}\n  got:      {got:?}")
        }
    }
    refuse_needless(
        &graph,
        &distances,
        distances[dst].unwrap_or(u64::MAX),
        &case,
    );
}

fn judge_within(doing: &Doing, edges: &Edges, src: usize, budget: u64) {
    let case = format!("within a budget of {budget} from {src} in {}", text(edges));
    doing.note(|| case.clone());
    let distances = model(edges, src);
    let graph = watched(edges);
    let mut expected: Vec<usize> = (0..edges.len()).collect();
    expected.retain(|&node| distances[node].is_some_and(|cost| cost <= budget));
    expected.sort_by_key(|&node| (distances[node], node));
    let actual = within(&graph, src, budget);
    assert!(
        actual == expected,
        "{case}\n  expected: {expected:?}\n  got:      {actual:?}"
    );
    refuse_needless(&graph, &distances, budget, &case);
}

/// The distances after Bellman and Ford: whatever gets cheaper over an edge, until nothing does.
fn model(edges: &Edges, src: usize) -> Vec<Option<u64>> {
    let mut best: Vec<Option<u128>> = vec![None; edges.len()];
    best[src] = Some(0);
    for _ in 0..edges.len() {
        for (from, list) in edges.iter().enumerate() {
            for edge in list {
                let Some(cost) = best[from].map(|cost| cost + u128::from(edge.cost)) else {
                    continue;
                };
                if best[edge.to].is_none_or(|known| cost < known) {
                    best[edge.to] = Some(cost);
                }
            }
        }
    }
    best.into_iter()
        .map(|cost| cost.and_then(|cost| u64::try_from(cost).ok()))
        .collect()
}

fn watched(edges: &Edges) -> Watched<Edge> {
    Watched::new("edges", edges.clone())
}

/// No node further away than `furthest` may have been asked for its edges.
#[track_caller]
fn refuse_needless(graph: &Watched<Edge>, distances: &[Option<u64>], furthest: u64, case: &str) {
    for (node, distance) in distances.iter().enumerate() {
        if graph.was_asked(node) {
            let Some(distance) = distance else {
                panic!("{case}\n  edges({node}) was asked for, but {node} can't be reached");
            };
            assert!(
                *distance <= furthest,
                "{case}\n  edges({node}) was asked for, at a cost of {distance}; nothing over {furthest} can help"
            );
        }
    }
}

impl WeightedGraph for Watched<Edge> {
    fn node_count(&self) -> usize {
        self.node_count()
    }

    #[track_caller]
    fn edges(&self, node: usize) -> &[Edge] {
        self.ask(node)
    }
}
