use super::*;
use counted::{allocations, big_stack};
use std::collections::BTreeMap;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

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

#[track_caller]
fn check(mut tree: Tree<u32>, expected: &str) {
    let before = show(&tree);
    invert(&mut tree);
    assert_eq!(show(&tree), expected, "{before} inverted (left is yours)");
}

#[test]
fn two_children_change_places() {
    check(node(2, leaf(1), leaf(3)), "2(3, 1)");
}

#[test]
fn a_single_child_changes_its_side() {
    check(node(2, leaf(1), None), "2(-, 1)");
    check(node(2, None, leaf(1)), "2(1, -)");
}

#[test]
fn nothing_stays_nothing() {
    check(None, "-");
    check(leaf(1), "1");
}

#[test]
fn all_levels_are_mirrored() {
    let left = node(2, leaf(1), leaf(3));
    check(node(4, left, node(6, None, leaf(7))), "4(6(7, -), 2(3, 1))");
    check(
        node(1, None, node(2, None, node(3, leaf(4), None))),
        "1(2(3(-, 4), -), -)",
    );
}

/// The values by their places; a place is the turns on the way from the root.
fn places(tree: &Tree<u32>, way: &str, found: &mut BTreeMap<String, u32>) {
    if let Some(node) = tree {
        found.insert(way.into(), node.value);
        places(&node.left, &format!("{way}L"), found);
        places(&node.right, &format!("{way}R"), found);
    }
}

fn all_places(tree: &Tree<u32>) -> BTreeMap<String, u32> {
    let mut found = BTreeMap::new();
    places(tree, "", &mut found);
    found
}

/// All shapes of `n` nodes, with the values from `first` on.
fn shapes(n: usize, first: u32) -> Vec<Tree<u32>> {
    if n == 0 {
        return vec![None];
    }
    let mut all = Vec::new();
    for size in 0..n {
        let middle = first + size as u32;
        for i in 0..shapes(size, 0).len() {
            for right in shapes(n - 1 - size, middle + 1) {
                all.push(node(middle, shapes(size, first).swap_remove(i), right));
            }
        }
    }
    all
}

#[test]
fn all_small_shapes_are_mirrored_and_twice_is_the_original() {
    for n in 0..=6 {
        for mut tree in shapes(n, 1) {
            let (before, original) = (show(&tree), all_places(&tree));
            let mirror = |way: &String| {
                way.chars()
                    .map(|turn| if turn == 'L' { 'R' } else { 'L' })
                    .collect()
            };
            let expected: BTreeMap<String, u32> = original
                .iter()
                .map(|(way, &value)| (mirror(way), value))
                .collect();
            invert(&mut tree);
            assert_eq!(
                all_places(&tree),
                expected,
                "{before} inverted is {}: the values by the turns on their ways (left are yours)",
                show(&tree)
            );
            invert(&mut tree);
            assert_eq!(
                show(&tree),
                before,
                "{before} inverted twice (left is yours)"
            );
        }
    }
}

#[test]
fn no_node_is_made_again() {
    big_stack(|| {
        for nodes in ["left", "right", "zigzag"] {
            let mut tree = None;
            for i in 0..100_000 {
                let left = nodes == "left" || nodes == "zigzag" && i % 2 == 0;
                tree = if left {
                    node(i, tree, None)
                } else {
                    node(i, None, tree)
                };
            }
            let (_, heap) = allocations(|| invert(&mut tree));
            assert!(
                heap.calls <= 64,
                "a chain of 100,000 nodes ({nodes}): {} allocations, and 64 are allowed",
                heap.calls
            );
        }
    });
}
