use super::*;
use counted::{Doing, allocations, ends, small_stack};
use seeded::Rng;
use shapes::{Watched, graphs_of_three, long_path, random_graph};

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

#[test]
fn bfs_visits_the_oldest_find_first() {
    ends(|doing| {
        judge(
            BFS,
            doing,
            &[vec![1, 2], vec![3], vec![4], vec![], vec![]],
            0,
        )
    });
}

#[test]
fn bfs_gives_a_node_once_however_many_edges_lead_to_it() {
    ends(|doing| {
        judge(BFS, doing, &[vec![1, 1], vec![]], 0);
        judge(BFS, doing, &[vec![1, 2], vec![3], vec![3], vec![]], 0);
    });
}

#[test]
fn bfs_does_not_come_back_to_the_start() {
    ends(|doing| {
        judge(BFS, doing, &[vec![0]], 0);
        judge(BFS, doing, &[vec![1], vec![0]], 0);
    });
}

#[test]
fn dfs_enters_the_first_neighbor_first() {
    ends(|doing| {
        judge(
            DFS,
            doing,
            &[vec![1, 2], vec![3], vec![4], vec![], vec![]],
            0,
        )
    });
}

#[test]
fn dfs_enters_a_neighbor_earlier_if_another_way_leads_there_first() {
    ends(|doing| judge(DFS, doing, &[vec![1, 2], vec![2, 3], vec![], vec![]], 0));
}

#[test]
fn dfs_does_not_come_back_to_the_start() {
    ends(|doing| {
        judge(DFS, doing, &[vec![0]], 0);
        judge(DFS, doing, &[vec![1], vec![0]], 0);
    });
}

#[test]
fn the_example_is_right() {
    ends(|doing| {
        let example = [vec![1, 2], vec![2, 3], vec![4], vec![0], vec![]];
        judge(BFS, doing, &example, 0);
        judge(DFS, doing, &example, 0);
    });
}

#[test]
fn nodes_out_of_reach_are_not_asked() {
    ends(|doing| {
        judge(BFS, doing, &[vec![1], vec![], vec![0]], 0);
        judge(DFS, doing, &[vec![1], vec![], vec![0]], 0);
    });
}

#[test]
fn bfs_is_right_on_many_graphs() {
    ends(|doing| on_many_graphs(BFS, doing));
}

#[test]
fn dfs_is_right_on_many_graphs() {
    ends(|doing| on_many_graphs(DFS, doing));
}

#[test]
fn no_node_waits_twice_in_the_queue() {
    const N: usize = 500;
    const LIMIT: u64 = 65_536;
    ends(|doing| {
        let graph = watched(vec![(0..N).collect(); N]);
        doing.note(|| {
            format!("bfs_order in a graph of {N} nodes, with edges from each node to all")
        });
        let (order, did) = allocations(|| bfs_order(&graph, 0));
        assert!(
            order.iter().copied().eq(0..N),
            "bfs_order from 0 in a graph of {N} nodes, with edges from each node to all in ascending order, \
             should be all nodes in ascending order"
        );
        assert!(
            did.peak <= LIMIT,
            "bfs_order in a graph of {N} nodes with all edges held {} bytes of heap at a time, allowed are {LIMIT}: \
             are there nodes in the queue more than once?",
            did.peak
        );
    });
}

#[test]
fn bfs_walks_a_long_path() {
    ends(|doing| on_a_long_path(BFS, doing));
}

// Recursion overflows the stack here, and that ends the whole process.
#[test]
fn dfs_walks_a_long_path() {
    ends(|doing| on_a_long_path(DFS, doing));
}

#[test]
fn bfs_does_not_look_through_what_it_found() {
    ends(|doing| on_a_star(BFS, doing));
}

#[test]
fn dfs_does_not_look_through_what_it_found() {
    ends(|doing| on_a_star(DFS, doing));
}

// ---------------------------------------------------------------------------------------------
// The two searches

#[derive(Clone, Copy)]
struct Search {
    name: &'static str,
    run: fn(&Watched<usize>, usize) -> Vec<usize>,
    model: fn(&[Vec<usize>], usize, &mut Vec<usize>),
}

const BFS: Search = Search {
    name: "bfs_order",
    run: |graph, start| bfs_order(graph, start),
    model: |edges, start, order| {
        // The list of the finds is its own queue.
        order.push(start);
        let mut done = 0;
        while let Some(&node) = order.get(done) {
            for &next in &edges[node] {
                if !order.contains(&next) {
                    order.push(next);
                }
            }
            done += 1;
        }
    },
};

const DFS: Search = Search {
    name: "dfs_order",
    run: |graph, start| dfs_order(graph, start),
    model: |edges, node, order| {
        order.push(node);
        for &next in &edges[node] {
            if !order.contains(&next) {
                (DFS.model)(edges, next, order);
            }
        }
    },
};

#[track_caller]
fn judge(search: Search, doing: &Doing, edges: &[Vec<usize>], start: usize) {
    let name = search.name;
    doing.note(|| format!("{name} from {start} in {edges:?} (element v holds the neighbors of v)"));
    let mut expected = vec![];
    (search.model)(edges, start, &mut expected);
    let graph = watched(edges.to_vec());
    let actual = (search.run)(&graph, start);
    assert!(
        actual == expected,
        "{name} from {start} in {edges:?}\n  expected: {expected:?}\n  got:      {actual:?}"
    );
    for node in 0..edges.len() {
        let asked = graph.was_asked(node);
        assert!(
            expected.contains(&node) || !asked,
            "neighbors({node}) was asked for, but {node} can't be reached: {name} from {start} in {edges:?}"
        );
    }
}

fn on_many_graphs(search: Search, doing: &Doing) {
    for edges in graphs_of_three() {
        for start in 0..3 {
            judge(search, doing, &edges, start);
        }
    }
    seeded::cases(2000, |rng| {
        let edges = random_graph(rng);
        judge(search, doing, &edges, rng.below(edges.len()));
    });
}

fn on_a_long_path(search: Search, doing: &Doing) {
    const N: usize = 100_000;
    doing.note(|| format!("{} on a path of {N} nodes", search.name));
    let graph = watched(long_path(N));
    let order = small_stack(64, || (search.run)(&graph, 0));
    assert_eq!(
        order.len(),
        N,
        "nodes of {} from the start of a path of {N} nodes",
        search.name
    );
    let at = (1..N).find(|&i| graph.lists()[order[i - 1]] != [order[i]]);
    assert_eq!(
        at, None,
        "position at which {} leaves the path, where there is only one way",
        search.name
    );
}

fn on_a_star(search: Search, doing: &Doing) {
    const N: usize = 100_000;
    let name = search.name;
    doing.note(|| {
        format!(
            "{name} from a node that leads to {N} others: too many to look through them for each"
        )
    });
    let mut edges = vec![vec![]; N + 1];
    edges[0] = (1..=N).collect();
    let order = (search.run)(&watched(edges), 0);
    assert!(
        order.iter().copied().eq(0..=N),
        "{name} from 0, which leads to 1, 2, .., {N}, should be 0, 1, 2, .., {N}; {} nodes came",
        order.len()
    );
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
