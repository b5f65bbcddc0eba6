use super::*;
use counted::{big_stack, ends};
use std::collections::VecDeque;

fn node<T>(value: T, left: Tree<T>, right: Tree<T>) -> Tree<T> {
    Some(Box::new(TreeNode { value, left, right }))
}

fn leaf<T>(value: T) -> Tree<T> {
    node(value, None, None)
}

/// A tree as `value(left, right)`, with `-` for nothing.
fn show<T: std::fmt::Debug>(tree: &Tree<T>) -> String {
    match tree {
        None => "-".into(),
        Some(node) if node.left.is_none() && node.right.is_none() => format!("{:?}", node.value),
        Some(node) => format!(
            "{:?}({}, {})",
            node.value,
            show(&node.left),
            show(&node.right)
        ),
    }
}

fn copy(tree: &Tree<u32>) -> Tree<u32> {
    let of = tree.as_ref()?;
    node(of.value, copy(&of.left), copy(&of.right))
}

/// All trees of `n` nodes with these values.
fn all_trees(n: usize, values: &[u32]) -> Vec<Tree<u32>> {
    if n == 0 {
        return vec![None];
    }
    let mut all = Vec::new();
    for size in 0..n {
        let rights = all_trees(n - 1 - size, values);
        for left in all_trees(size, values) {
            for right in &rights {
                all.extend(
                    values
                        .iter()
                        .map(|&value| node(value, copy(&left), copy(right))),
                );
            }
        }
    }
    all
}

#[track_caller]
fn check(tree: Tree<u32>, expected: usize) {
    assert_eq!(
        diameter(&tree),
        expected,
        "the diameter of {} (left is yours)",
        show(&tree)
    );
}

#[test]
fn a_parent_and_its_child_are_one_edge_apart() {
    check(node(1, leaf(2), None), 1);
    check(node(1, None, leaf(2)), 1);
}

#[test]
fn the_way_may_go_up_and_down() {
    check(node(1, leaf(2), leaf(3)), 2);
    check(
        node(1, node(2, leaf(4), node(5, leaf(6), None)), leaf(3)),
        4,
    );
}

#[test]
fn without_two_nodes_it_is_0() {
    check(None, 0);
    check(leaf(1), 0);
}

#[test]
fn a_chain_is_as_long_as_its_edges() {
    check(node(1, node(2, node(3, leaf(4), None), None), None), 3);
    check(node(1, None, node(2, leaf(3), None)), 2);
}

#[test]
fn the_longest_way_may_avoid_the_root() {
    let deep = |value| node(value, node(value + 1, leaf(value + 2), None), None);
    check(node(1, node(2, deep(3), deep(6)), None), 6);
    check(node(1, leaf(9), node(2, deep(3), deep(6))), 6);
}

/// Numbers the nodes and lists their edges; returns the number of the root.
fn edges(tree: &Tree<u32>, found: &mut Vec<Vec<usize>>) -> Option<usize> {
    let node = tree.as_ref()?;
    let own = found.len();
    found.push(Vec::new());
    for child in [&node.left, &node.right] {
        if let Some(child) = edges(child, found) {
            found[own].push(child);
            found[child].push(own);
        }
    }
    Some(own)
}

/// The distance to the farthest node.
fn farthest(edges: &[Vec<usize>], from: usize) -> usize {
    let mut distances = vec![None; edges.len()];
    distances[from] = Some(0);
    let mut queue = VecDeque::from([(from, 0)]);
    let mut last = 0;
    while let Some((at, distance)) = queue.pop_front() {
        last = distance;
        for &next in &edges[at] {
            if distances[next].is_none() {
                distances[next] = Some(distance + 1);
                queue.push_back((next, distance + 1));
            }
        }
    }
    last
}

#[test]
fn all_small_shapes_agree_with_a_search_from_each_node() {
    for n in 0..=8 {
        for tree in all_trees(n, &[0]) {
            let mut graph = Vec::new();
            edges(&tree, &mut graph);
            let longest = (0..graph.len()).map(|from| farthest(&graph, from)).max();
            check(tree, longest.unwrap_or(0));
        }
    }
}

#[test]
fn no_height_is_computed_twice() {
    ends(|doing| {
        for (side, other) in [
            ("left", "nothing"),
            ("right", "nothing"),
            ("left", "a leaf at each"),
            ("right", "a leaf at each"),
        ] {
            let what =
                format!("a chain of 200,000 nodes to the {side}, and {other} on the other side");
            doing.note(|| what.clone());
            big_stack(|| {
                let teeth = other != "nothing";
                let mut tree = leaf(0);
                for i in 1..200_000 {
                    let tooth = if teeth { leaf(i) } else { None };
                    tree = if side == "left" {
                        node(i, tree, tooth)
                    } else {
                        node(i, tooth, tree)
                    };
                }
                // The leaf of the root is one edge farther from the end than the root.
                let longest = if teeth { 200_000 } else { 199_999 };
                assert_eq!(diameter(&tree), longest, "{what} (left is yours)");
            });
        }
    });
}
