use super::*;
use counted::{Doing, ends, small_stack};
use seeded::Rng;
use shapes::{Watched, graphs_of_three, long_path, random_graph};

#[test]
fn a_graph_without_edges_has_no_cycle() {
    ends(|doing| {
        judge(doing, &[]);
        judge(doing, &[vec![], vec![]]);
    });
}

#[test]
fn a_path_is_no_cycle() {
    ends(|doing| judge(doing, &[vec![1], vec![2], vec![]]));
}

#[test]
fn a_closed_path_is_a_cycle() {
    ends(|doing| judge(doing, &[vec![1], vec![2], vec![0]]));
}

#[test]
fn all_nodes_of_the_cycle_are_named() {
    ends(|doing| {
        let edges = [vec![1], vec![2], vec![3], vec![0]];
        doing.note(|| format!("find_cycle in {edges:?}"));
        let cycle = find_cycle(&watched(edges.to_vec())).unwrap_or_default();
        let missing = (0..4).find(|node| !cycle.contains(node));
        assert_eq!(
            missing, None,
            "node that find_cycle in {edges:?} left out; got {cycle:?}"
        );
    });
}

#[test]
fn two_nodes_that_lead_to_each_other_are_a_cycle() {
    ends(|doing| judge(doing, &[vec![1], vec![0]]));
}

#[test]
fn an_edge_from_a_node_to_itself_is_a_cycle() {
    ends(|doing| {
        judge(doing, &[vec![0]]);
        judge(doing, &[vec![1], vec![1]]);
    });
}

#[test]
fn two_ways_to_the_same_node_are_no_cycle() {
    ends(|doing| {
        judge(doing, &[vec![1, 2], vec![3], vec![3], vec![]]);
        judge(doing, &[vec![1, 1], vec![]]);
    });
}

#[test]
fn a_node_left_by_an_earlier_start_is_no_cycle() {
    ends(|doing| judge(doing, &[vec![], vec![0], vec![1, 0]]));
}

#[test]
fn the_way_into_the_cycle_is_not_part_of_it() {
    ends(|doing| {
        judge(doing, &[vec![1], vec![2], vec![3], vec![2]]);
        judge(doing, &[vec![1], vec![2, 3], vec![3], vec![1]]);
    });
}

#[test]
fn a_branch_beside_the_cycle_is_not_part_of_it() {
    ends(|doing| {
        // 2 and 3 are dead ends, entered and left before the edge back to 0 is seen.
        judge(doing, &[vec![1], vec![2, 3, 0], vec![3], vec![]]);
    });
}

#[test]
fn a_cycle_out_of_reach_from_node_0_is_found() {
    ends(|doing| judge(doing, &[vec![], vec![2], vec![1]]));
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
    ends(|doing| {
        seeded::cases(2000, |rng| {
            // Half of them without edges to smaller nodes, which could only close a cycle.
            let mut edges = random_graph(rng);
            if rng.chance(0.5) {
                for (node, list) in edges.iter_mut().enumerate() {
                    list.retain(|&next| next > node);
                }
            }
            judge(doing, &edges);
        });
    });
}

// Recursion overflows the stack here, and that ends the whole process.
#[test]
fn a_long_path_does_not_overflow_the_stack() {
    const N: usize = 100_000;
    ends(|doing| {
        doing.note(|| format!("find_cycle on a path of {N} nodes"));
        let mut edges = long_path(N);
        let last = edges.iter().position(Vec::is_empty).unwrap();
        let graph = watched(edges.clone());
        let cycle = small_stack(64, || find_cycle(&graph));
        assert!(
            cycle.is_none(),
            "a path of {N} nodes gave a cycle of {} nodes",
            cycle.unwrap().len()
        );
        edges[last].push(0);
        let graph = watched(edges);
        let cycle = small_stack(64, || find_cycle(&graph));
        let cycle = cycle.unwrap_or_else(|| {
            panic!("a path of {N} nodes whose end leads to its start gave None")
        });
        if let Err(trouble) = follow(graph.lists(), &cycle) {
            panic!("a path of {N} nodes whose end leads to its start: {trouble}");
        }
    });
}

#[test]
fn a_long_path_is_not_looked_through_at_each_step() {
    const N: usize = 100_000;
    ends(|doing| {
        doing.note(|| {
            format!(
                "find_cycle on a path of {N} nodes, each of which leads to the same dead end as well: \
                 too long to look through it for each"
            )
        });
        let mut edges = long_path(N);
        edges.iter_mut().for_each(|list| list.insert(0, N));
        edges.push(vec![]);
        let cycle = find_cycle(&watched(edges));
        assert!(
            cycle.is_none(),
            "a path of {N} nodes, each of which leads to the same dead end as well, gave a cycle of {} nodes",
            cycle.unwrap().len()
        );
    });
}

#[track_caller]
fn judge(doing: &Doing, edges: &[Vec<usize>]) {
    let case = || format!("find_cycle in {edges:?} (element v holds the neighbors of v)");
    doing.note(case);
    let reach = closure(edges);
    let on_cycles: Vec<usize> = (0..edges.len()).filter(|&node| reach[node][node]).collect();
    match find_cycle(&watched(edges.to_vec())) {
        None => assert!(
            on_cycles.is_empty(),
            "{}\n  got None, but a cycle leads through each of the nodes {on_cycles:?}",
            case()
        ),
        Some(cycle) => {
            assert!(
                !on_cycles.is_empty(),
                "{}\n  got {cycle:?}, but there is no cycle",
                case()
            );
            if let Err(trouble) = follow(edges, &cycle) {
                panic!("{}\n  got {cycle:?}: {trouble}", case());
            }
        }
    }
}

/// Whether the nodes are a cycle; `Err` says why not.
fn follow(edges: &[Vec<usize>], cycle: &[usize]) -> Result<(), String> {
    if cycle.is_empty() {
        return Err("a cycle has at least one node".into());
    }
    let mut seen = vec![false; edges.len()];
    for (i, &node) in cycle.iter().enumerate() {
        if seen.get(node) != Some(&false) {
            return Err(format!("node {node} stands in it twice, or does not exist"));
        }
        seen[node] = true;
        let next = cycle[(i + 1) % cycle.len()];
        if !edges[node].contains(&next) {
            return Err(format!("no edge leads from {node} to {next}"));
        }
    }
    Ok(())
}

/// Whether a path of at least one edge leads from a node to another, for all pairs.
fn closure(edges: &[Vec<usize>]) -> Vec<Vec<bool>> {
    let n = edges.len();
    let mut reach = vec![vec![false; n]; n];
    for (from, list) in edges.iter().enumerate() {
        list.iter().for_each(|&to| reach[from][to] = true);
    }
    for (via, from) in (0..n * n).map(|i| (i / n, i % n)) {
        if reach[from][via] {
            (0..n).for_each(|to| reach[from][to] |= reach[via][to]);
        }
    }
    reach
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
