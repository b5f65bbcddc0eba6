use super::*;
use counted::{Probe, at_most, big_stack, counts};
use std::collections::BTreeMap;

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
fn check(tree: Tree<u32>, expected: bool) {
    assert_eq!(
        is_symmetric(&tree),
        expected,
        "is_symmetric of {} (left is yours)",
        show(&tree)
    );
}

#[test]
fn nothing_and_a_single_node_are_symmetric() {
    check(None, true);
    check(leaf(1), true);
}

#[test]
fn equal_children_are_symmetric_and_others_are_not() {
    check(node(1, leaf(2), leaf(2)), true);
    check(node(1, leaf(2), leaf(3)), false);
    check(node(1, leaf(1), None), false);
    check(node(1, None, leaf(1)), false);
}

#[test]
fn outer_parts_stand_opposite_outer_parts() {
    check(
        node(1, node(2, leaf(3), leaf(4)), node(2, leaf(4), leaf(3))),
        true,
    );
    check(
        node(1, node(2, leaf(3), leaf(4)), node(2, leaf(3), leaf(4))),
        false,
    );
}

#[test]
fn gaps_stand_opposite_gaps() {
    check(
        node(1, node(2, None, leaf(3)), node(2, leaf(3), None)),
        true,
    );
    check(
        node(1, node(2, None, leaf(3)), node(2, None, leaf(3))),
        false,
    );
    check(
        node(1, node(2, leaf(3), None), node(2, leaf(3), None)),
        false,
    );
}

#[test]
fn equal_values_in_a_lopsided_shape_are_not_symmetric() {
    check(node(1, node(1, leaf(1), None), leaf(1)), false);
    check(node(1, leaf(1), node(1, leaf(1), leaf(1))), false);
    // In order, its values read the same from both ends.
    check(
        node(
            1,
            node(2, leaf(3), None),
            node(2, None, node(3, None, None)),
        ),
        true,
    );
    check(
        node(1, node(2, leaf(2), None), node(2, leaf(2), None)),
        false,
    );
}

#[test]
fn all_values_count_down_to_the_leaves() {
    check(
        node(1, node(2, leaf(3), leaf(4)), node(2, leaf(5), leaf(3))),
        false,
    );
    check(
        node(1, node(2, leaf(3), leaf(4)), node(2, leaf(4), leaf(5))),
        false,
    );
}

/// The values by their places; a place is the turns on the way from the root.
fn places(tree: &Tree<u32>, turns: [char; 2], way: &str, found: &mut BTreeMap<String, u32>) {
    if let Some(node) = tree {
        found.insert(way.into(), node.value);
        places(&node.left, turns, &format!("{way}{}", turns[0]), found);
        places(&node.right, turns, &format!("{way}{}", turns[1]), found);
    }
}

#[test]
fn all_small_trees_agree_with_their_places() {
    for n in 0..=6 {
        for tree in all_trees(n, &[1, 2]) {
            let (mut straight, mut mirrored) = (BTreeMap::new(), BTreeMap::new());
            places(&tree, ['L', 'R'], "", &mut straight);
            places(&tree, ['R', 'L'], "", &mut mirrored);
            check(tree, straight == mirrored);
        }
    }
}

#[test]
fn no_more_comparisons_than_nodes() {
    big_stack(|| {
        let (mut left, mut right) = (None, None);
        for i in 0..30_000 {
            if i % 3 == 0 {
                (left, right) = (
                    node(Probe::new(i), left, None),
                    node(Probe::new(i), None, right),
                );
            } else {
                (left, right) = (
                    node(Probe::new(i), None, left),
                    node(Probe::new(i), right, None),
                );
            }
        }
        let tree = node(Probe::new(0), left, right);
        let (answer, did) = counts(|| at_most(1_000_000, || is_symmetric(&tree)));
        assert!(
            answer,
            "a symmetric tree of two chains of 30,000 nodes: your answer is false"
        );
        assert!(
            did.comparisons <= 60_001,
            "a symmetric tree of 60,001 nodes: {} comparisons, and 60,001 are allowed",
            did.comparisons
        );
    });
}
