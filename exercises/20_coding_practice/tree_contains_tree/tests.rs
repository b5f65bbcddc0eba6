use super::*;
use counted::{Probe, at_most, big_stack, counts};
use std::collections::BTreeSet;

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
fn check(big: &Tree<u32>, small: &Tree<u32>, expected: bool) {
    assert_eq!(
        contains(big, small),
        expected,
        "whether {} contains {} (left is yours)",
        show(big),
        show(small)
    );
}

/// The tree of the example: `1(2(3, -), 4)`.
fn example() -> Tree<u32> {
    node(1, node(2, leaf(3), None), leaf(4))
}

#[test]
fn every_tree_contains_itself() {
    check(&leaf(1), &leaf(1), true);
    check(&example(), &example(), true);
}

#[test]
fn every_subtree_is_contained() {
    check(&example(), &leaf(4), true);
    check(&example(), &leaf(3), true);
    check(&example(), &node(2, leaf(3), None), true);
}

#[test]
fn other_values_are_not_contained() {
    check(&example(), &leaf(5), false);
    check(&example(), &node(2, leaf(4), None), false);
    check(&leaf(12), &leaf(2), false);
    check(&node(1, leaf(23), None), &node(12, leaf(3), None), false);
}

#[test]
fn the_subtree_must_end_where_the_small_tree_ends() {
    check(&example(), &leaf(2), false);
    check(&example(), &node(1, node(2, None, None), leaf(4)), false);
    check(&node(1, leaf(2), None), &leaf(1), false);
}

#[test]
fn no_part_of_the_small_tree_may_be_missing() {
    check(&leaf(1), &node(1, leaf(2), None), false);
    check(&node(1, leaf(2), None), &node(1, leaf(2), leaf(3)), false);
}

#[test]
fn left_is_not_right() {
    check(&example(), &node(2, None, leaf(3)), false);
    check(&node(1, leaf(2), None), &node(1, None, leaf(2)), false);
    // Both read 1, 2, 3 from the top.
    check(
        &node(1, leaf(2), leaf(3)),
        &node(1, node(2, leaf(3), None), None),
        false,
    );
}

#[test]
fn the_empty_tree_is_contained_everywhere() {
    check(&None, &None, true);
    check(&leaf(1), &None, true);
    check(&node(1, leaf(2), leaf(3)), &None, true);
    check(&None, &leaf(1), false);
}

#[test]
fn a_later_node_of_the_same_value_may_be_the_right_one() {
    check(&node(1, leaf(1), None), &leaf(1), true);
    check(
        &node(1, node(2, leaf(3), None), node(2, leaf(4), None)),
        &node(2, leaf(4), None),
        true,
    );
    check(
        &node(1, None, node(1, None, node(1, leaf(2), None))),
        &node(1, leaf(2), None),
        true,
    );
}

#[test]
fn a_match_is_not_put_together_from_pieces() {
    // The 1 at the top and the 2 below the other 1 are not one subtree.
    check(
        &node(1, node(3, leaf(2), None), None),
        &node(1, leaf(2), None),
        false,
    );
    check(
        &node(1, node(2, node(3, None, None), None), leaf(3)),
        &node(1, leaf(3), leaf(3)),
        false,
    );
}

fn subtrees(tree: &Tree<u32>, found: &mut BTreeSet<String>) {
    found.insert(show(tree));
    if let Some(node) = tree {
        subtrees(&node.left, found);
        subtrees(&node.right, found);
    }
}

#[test]
fn all_small_pairs_agree_with_a_list_of_all_subtrees() {
    let smalls: Vec<Tree<u32>> = (0..=3).flat_map(|n| all_trees(n, &[1, 2])).collect();
    let names: Vec<String> = smalls.iter().map(show).collect();
    for n in 0..=5 {
        for big in all_trees(n, &[1, 2]) {
            let mut found = BTreeSet::new();
            subtrees(&big, &mut found);
            for (small, name) in smalls.iter().zip(&names) {
                if contains(&big, small) != found.contains(name) {
                    check(&big, small, found.contains(name));
                }
            }
        }
    }
}

#[test]
fn comparisons_stay_within_the_product_of_the_sizes() {
    /// A chain of ones with another value at its end.
    fn chain(n: u32, last: u32) -> Tree<Probe<u32>> {
        (1..n).fold(leaf(Probe::new(last)), |tree, i| {
            let one = Probe::new(1);
            if i % 2 == 0 {
                node(one, tree, None)
            } else {
                node(one, None, tree)
            }
        })
    }
    big_stack(|| {
        for (last, expected) in [(2, true), (3, false)] {
            let (big, small) = (chain(1_000, 2), chain(500, last));
            let (answer, did) = counts(|| at_most(500_000, || contains(&big, &small)));
            assert_eq!(
                answer, expected,
                "a chain of 999 ones and a 2, and one of 499 ones and a {last} (left is yours)"
            );
            assert!(
                did.comparisons <= 500_000,
                "1,000 and 500 nodes: {} comparisons, and 500,000 are allowed",
                did.comparisons
            );
        }
    });
}
