use super::*;
use counted::{Doing, ends, small_stack};
use seeded::Rng;
use shapes::{Watched, graphs_of_three, long_path, random_graph};

// ---------------------------------------------------------------------------------------------
// Distances

#[test]
fn a_node_is_at_distance_0_from_itself() {
    ends(|doing| {
        judge_distances(doing, &[vec![]], 0);
        judge_distances(doing, &[vec![0]], 0);
    });
}

#[test]
fn each_edge_adds_one() {
    ends(|doing| judge_distances(doing, &[vec![1], vec![2], vec![]], 0));
}

#[test]
fn all_that_one_search_level_finds_is_equally_far() {
    ends(|doing| judge_distances(doing, &[vec![1, 2], vec![3], vec![4], vec![], vec![]], 0));
}

#[test]
fn the_shorter_way_counts() {
    ends(|doing| {
        judge_distances(doing, &[vec![1, 2], vec![2], vec![]], 0);
        judge_distances(doing, &[vec![1, 4], vec![2], vec![3], vec![], vec![3]], 0);
        judge_distances(doing, &[vec![4, 1], vec![2], vec![3], vec![], vec![3]], 0);
    });
}

#[test]
fn a_node_found_twice_is_asked_once() {
    ends(|doing| {
        judge_distances(doing, &[vec![1, 1], vec![]], 0);
        judge_distances(doing, &[vec![1], vec![0]], 0);
    });
}

#[test]
fn a_node_out_of_reach_has_no_distance() {
    ends(|doing| judge_distances(doing, &[vec![], vec![0]], 0));
}

#[test]
fn distances_agree_with_floyd_and_warshall() {
    ends(|doing| on_many_graphs(|edges, src, _| judge_distances(doing, edges, src)));
}

// ---------------------------------------------------------------------------------------------
// Paths

#[test]
fn a_path_has_one_node_more_than_edges() {
    ends(|doing| {
        for n in 2..5 {
            let edges = long_path(n);
            let last = last_of(&edges);
            doing.note(|| format!("shortest_path from 0 to {last} in {edges:?}"));
            let path = shortest_path(&watched(edges.clone()), 0, last);
            let nodes = path.as_ref().map(Vec::len);
            assert_eq!(
                nodes,
                Some(n),
                "number of nodes on the path from 0 to {last} in {edges:?}; got {path:?}"
            );
        }
    });
}

#[test]
fn a_path_runs_from_its_start_to_its_end() {
    ends(|doing| {
        judge_path(doing, &[vec![1], vec![]], 0, 1);
        judge_path(doing, &[vec![1], vec![2], vec![3], vec![]], 0, 3);
    });
}

#[test]
fn the_path_to_oneself_is_one_node() {
    ends(|doing| {
        for edges in [vec![vec![]], vec![vec![0]], vec![vec![1], vec![0]]] {
            doing.note(|| format!("shortest_path from 0 to 0 in {edges:?}"));
            let path = shortest_path(&watched(edges.clone()), 0, 0);
            assert_eq!(
                path,
                Some(vec![0]),
                "shortest_path from 0 to 0 in {edges:?}"
            );
        }
    });
}

#[test]
fn there_is_no_path_to_a_node_out_of_reach() {
    ends(|doing| judge_path(doing, &[vec![], vec![0]], 0, 1));
}

#[test]
fn an_edge_is_shorter_than_a_detour() {
    ends(|doing| {
        judge_path(doing, &[vec![1, 2], vec![2], vec![]], 0, 2);
        judge_path(doing, &[vec![1, 2], vec![2], vec![3], vec![]], 0, 3);
    });
}

#[test]
fn of_two_ways_the_shorter_one_is_taken() {
    ends(|doing| {
        judge_path(
            doing,
            &[vec![1, 4], vec![2], vec![3], vec![], vec![3]],
            0,
            3,
        );
        judge_path(
            doing,
            &[vec![4, 1], vec![2], vec![3], vec![], vec![3]],
            0,
            3,
        );
    });
}

#[test]
fn nodes_beyond_the_target_are_not_asked() {
    ends(|doing| {
        // 0 leads to 1 and 2, 1 leads to 3, and so on; the target is a neighbor of 0.
        judge_path(doing, &[vec![1, 2], vec![3], vec![], vec![4], vec![]], 0, 2);
        judge_path(doing, &[vec![1], vec![2], vec![]], 0, 0);
        judge_path(doing, &[vec![1], vec![0]], 0, 0);
    });
}

#[test]
fn paths_agree_with_floyd_and_warshall() {
    ends(|doing| on_many_graphs(|edges, src, dst| judge_path(doing, edges, src, dst)));
}

// ---------------------------------------------------------------------------------------------
// Depth: recursion overflows the stack here, and that ends the whole process

#[test]
fn distances_reach_to_the_end_of_a_long_path() {
    const N: usize = 100_000;
    ends(|doing| {
        doing.note(|| format!("bfs_distances on a path of {N} nodes"));
        let graph = watched(long_path(N));
        let distances = small_stack(64, || bfs_distances(&graph, 0));
        let last = last_of(graph.lists());
        assert_eq!(
            distances[last],
            Some(N as u32 - 1),
            "distance of the last node of a path of {N} nodes"
        );
    });
}

#[test]
fn a_long_path_is_found() {
    const N: usize = 100_000;
    ends(|doing| {
        doing.note(|| format!("shortest_path on a path of {N} nodes"));
        let graph = watched(long_path(N));
        let last = last_of(graph.lists());
        let path = small_stack(64, || shortest_path(&graph, 0, last)).expect("there is a path");
        assert_eq!(path.len(), N, "nodes on a path of {N} nodes");
        assert!(
            follows(graph.lists(), &path),
            "the result does not follow the edges of a path of {N} nodes"
        );
    });
}

/// The node that leads nowhere.
fn last_of(edges: &[Vec<usize>]) -> usize {
    edges.iter().position(Vec::is_empty).unwrap()
}

// ---------------------------------------------------------------------------------------------
// Judging

/// Calls `judge` with many graphs, starts and targets, the small ones first.
fn on_many_graphs(judge: impl Fn(&[Vec<usize>], usize, usize)) {
    for edges in graphs_of_three() {
        for (src, dst) in (0..9).map(|i| (i / 3, i % 3)) {
            judge(&edges, src, dst);
        }
    }
    seeded::cases(1000, |rng| {
        let edges = random_graph(rng);
        let n = edges.len();
        judge(&edges, rng.below(n), rng.below(n));
    });
}

fn judge_distances(doing: &Doing, edges: &[Vec<usize>], src: usize) {
    let case =
        || format!("bfs_distances from {src} in {edges:?} (element v holds the neighbors of v)");
    doing.note(case);
    let expected = model(edges)[src].clone();
    let graph = watched(edges.to_vec());
    let actual = bfs_distances(&graph, src);
    assert!(
        actual == expected,
        "{}\n  expected: {expected:?}\n  got:      {actual:?}",
        case()
    );
    refuse_needless(&graph, &expected, u32::MAX, case);
}

fn judge_path(doing: &Doing, edges: &[Vec<usize>], src: usize, dst: usize) {
    let case = || {
        format!(
            "shortest_path from {src} to {dst} in {edges:?} (element v holds the neighbors of v)"
        )
    };
    doing.note(case);
    let distances = model(edges)[src].clone();
    let graph = watched(edges.to_vec());
    let path = shortest_path(&graph, src, dst);
    match (&path, distances[dst]) {
        (None, None) => {}
        (Some(path), Some(distance)) => {
            assert!(
                path.first() == Some(&src) && path.last() == Some(&dst) && follows(edges, path),
                "{}\n  got {path:?}, which is no path from {src} to {dst}",
                case()
            );
            assert!(
                path.len() == distance as usize + 1,
                "{}\n  got {path:?}, but there is a path of {distance} edge(s)",
                case()
            );
        }
        (Some(path), None) => panic!("{}\n  got {path:?}, but {dst} can't be reached", case()),
        (None, Some(distance)) => panic!(
            "{}\n  got None, but there is a path of {distance} edge(s)",
            case()
        ),
    }
    refuse_needless(&graph, &distances, distances[dst].unwrap_or(u32::MAX), case);
}

/// No node further away than `furthest` may have been asked for its neighbors.
fn refuse_needless(
    graph: &Watched<usize>,
    distances: &[Option<u32>],
    furthest: u32,
    case: impl Fn() -> String,
) {
    for (node, distance) in distances.iter().enumerate() {
        if graph.was_asked(node) {
            let Some(distance) = distance else {
                panic!(
                    "{}\n  neighbors({node}) was asked for, but {node} can't be reached",
                    case()
                );
            };
            assert!(
                *distance <= furthest,
                "{}\n  neighbors({node}) was asked for, at distance {distance}; the target is at distance {furthest}",
                case()
            );
        }
    }
}

/// Whether each node of the path is a neighbor of the one before.
fn follows(edges: &[Vec<usize>], path: &[usize]) -> bool {
    path.is_sorted_by(|&from, to| edges.get(from).is_some_and(|list| list.contains(to)))
}

/// All distances, after Floyd and Warshall: the shortest path by way of 0, of 0 and 1, and so on.
fn model(edges: &[Vec<usize>]) -> Vec<Vec<Option<u32>>> {
    let n = edges.len();
    let mut distance = vec![vec![None; n]; n];
    for (from, list) in edges.iter().enumerate() {
        list.iter().for_each(|&to| distance[from][to] = Some(1));
        distance[from][from] = Some(0);
    }
    for (via, from, to) in (0..n * n * n).map(|i| (i / n / n, i / n % n, i % n)) {
        if let (Some(a), Some(b)) = (distance[from][via], distance[via][to]) {
            let known = distance[from][to].unwrap_or(u32::MAX);
            distance[from][to] = Some(known.min(a + b));
        }
    }
    distance
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
