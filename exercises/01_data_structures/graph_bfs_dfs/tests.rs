use super::*;
use counted::{Doing, allocations, ends, small_stack};
use seeded::Rng;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

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
        let graph = Watched::new(vec![(0..N).collect(); N]);
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

// ---------------------------------------------------------------------------------------------
// The two searches

#[derive(Clone, Copy)]
struct Search {
    name: &'static str,
    run: fn(&Watched, usize) -> Vec<usize>,
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
    let graph = Watched::new(edges.to_vec());
    let actual = (search.run)(&graph, start);
    assert!(
        actual == expected,
        "{name} from {start} in {edges:?}\n  expected: {expected:?}\n  got:      {actual:?}"
    );
    for node in 0..edges.len() {
        let asked = graph.asked[node].load(Relaxed);
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
    let graph = Watched::new(long_path(N));
    let order = small_stack(64, || (search.run)(&graph, 0));
    assert_eq!(
        order.len(),
        N,
        "nodes of {} from the start of a path of {N} nodes",
        search.name
    );
    let at = (1..N).find(|&i| graph.edges[order[i - 1]] != [order[i]]);
    assert_eq!(
        at, None,
        "position at which {} leaves the path, where there is only one way",
        search.name
    );
}

// ---------------------------------------------------------------------------------------------
// Graphs

/// A graph that notices which lists of neighbors are asked for, and gives each of them only once.
struct Watched {
    edges: Vec<Vec<usize>>,
    asked: Vec<AtomicBool>,
}

impl Watched {
    fn new(edges: Vec<Vec<usize>>) -> Self {
        let asked = edges.iter().map(|_| AtomicBool::new(false)).collect();
        Watched { edges, asked }
    }
}

impl Graph for Watched {
    fn node_count(&self) -> usize {
        self.edges.len()
    }

    #[track_caller]
    fn neighbors(&self, node: usize) -> &[usize] {
        let n = self.edges.len();
        assert!(
            node < n,
            "neighbors({node}) was asked for, in a graph of {n} nodes"
        );
        let asked = self.asked[node].swap(true, Relaxed);
        assert!(!asked, "neighbors({node}) was asked for a second time");
        &self.edges[node]
    }
}

/// All graphs of three nodes, those with few edges first.
fn graphs_of_three() -> Vec<Vec<Vec<usize>>> {
    let mut all: Vec<u32> = (0..1 << 9).collect();
    all.sort_by_key(|bits| bits.count_ones());
    let neighbors = |bits: u32| (0..3).filter(|to| bits >> to & 1 == 1).collect();
    let graph = |bits: u32| (0..3).map(|from| neighbors(bits >> (3 * from))).collect();
    all.into_iter().map(graph).collect()
}

/// A graph of up to 12 nodes, with edges from a node to itself and with edges that stand twice.
fn random_graph(rng: &mut Rng) -> Vec<Vec<usize>> {
    let n = 2 + rng.size() / 10;
    let mut edges = vec![vec![]; n];
    for _ in 0..rng.below(3 * n) {
        edges[rng.below(n)].push(rng.below(n));
    }
    edges
}

/// A path through `n` nodes that starts at 0 and jumps about: its edges lead up and down.
fn long_path(n: usize) -> Vec<Vec<usize>> {
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
