use super::*;
use counted::{Budget, big_stack};
use std::rc::Rc;

/// A finite tree.
#[derive(Clone, Debug)]
struct Shape {
    left: Option<Rc<Shape>>,
    right: Option<Rc<Shape>>,
}

impl LazyTree for Rc<Shape> {
    fn children(&self) -> (Option<Self>, Option<Self>) {
        (self.left.clone(), self.right.clone())
    }
}

fn node(left: Option<Rc<Shape>>, right: Option<Rc<Shape>>) -> Option<Rc<Shape>> {
    Some(Rc::new(Shape { left, right }))
}

fn leaf() -> Option<Rc<Shape>> {
    node(None, None)
}

/// A node as `(left right)`, with `-` for nothing.
fn show(tree: &Option<Rc<Shape>>) -> String {
    match tree {
        None => "-".into(),
        Some(node) => format!("({} {})", show(&node.left), show(&node.right)),
    }
}

#[track_caller]
fn check(tree: Option<Rc<Shape>>, expected: usize) {
    let shown = show(&tree);
    let root = tree.expect("the test has a root");
    assert_eq!(
        nearest_leaf(root),
        expected,
        "nearest_leaf of {shown}, where (left right) is a node and - is nothing (left is yours)"
    );
}

#[test]
fn a_root_without_children_is_the_leaf() {
    check(leaf(), 1);
}

#[test]
fn the_nearer_of_two_leaves_counts() {
    check(node(leaf(), leaf()), 2);
    check(node(node(leaf(), None), leaf()), 2);
    check(node(leaf(), node(leaf(), leaf())), 2);
}

#[test]
fn a_node_with_one_child_is_no_leaf() {
    check(node(leaf(), None), 2);
    check(node(None, leaf()), 2);
    check(node(None, node(node(None, leaf()), None)), 4);
    check(node(node(leaf(), None), node(None, leaf())), 3);
}

/// All shapes of `n` nodes.
fn shapes(n: usize) -> Vec<Option<Rc<Shape>>> {
    if n == 0 {
        return vec![None];
    }
    let mut all = Vec::new();
    for size in 0..n {
        let rights = shapes(n - 1 - size);
        for left in shapes(size) {
            all.extend(rights.iter().map(|right| node(left.clone(), right.clone())));
        }
    }
    all
}

/// The depths of all leaves.
fn leaves(tree: &Shape, depth: usize, found: &mut Vec<usize>) {
    let children = [&tree.left, &tree.right];
    if children.iter().all(|child| child.is_none()) {
        found.push(depth);
    }
    for child in children.into_iter().flatten() {
        leaves(child, depth + 1, found);
    }
}

#[test]
fn all_small_shapes_agree_with_a_list_of_their_leaves() {
    for n in 1..=7 {
        for tree in shapes(n) {
            let mut depths = Vec::new();
            leaves(
                tree.as_ref().expect("a shape of a node has a root"),
                1,
                &mut depths,
            );
            check(
                tree,
                depths.into_iter().min().expect("a finite tree has a leaf"),
            );
        }
    }
}

/// A node by its number: the root is 1, the children of `i` are `2 i` and `2 i + 1`.
/// All numbers are nodes with two children, except those that `missing` or `leaf` says.
struct Endless<'a> {
    number: u128,
    missing: &'a dyn Fn(u128) -> bool,
    leaf: u128,
    calls: Budget,
}

impl LazyTree for Endless<'_> {
    fn children(&self) -> (Option<Self>, Option<Self>) {
        self.calls.spend();
        // An endless branch leaves the numbers: below the largest ones everything repeats.
        let base = if self.number >> 100 == 0 {
            2 * self.number
        } else {
            self.number & !1
        };
        let child = |number| {
            (self.number != self.leaf && !(self.missing)(number)).then(|| Endless {
                number,
                calls: self.calls.clone(),
                ..*self
            })
        };
        (child(base), child(base + 1))
    }
}

#[track_caller]
fn search_endless(
    leaf: u128,
    missing: &(dyn Fn(u128) -> bool + Sync),
    expected: usize,
    what: &str,
) {
    let answer = big_stack(|| {
        nearest_leaf(Endless {
            number: 1,
            missing,
            leaf,
            calls: Budget::new((1 << (expected + 1)) - 1, "calls of `children`"),
        })
    });
    assert_eq!(answer, expected, "{what} (left is yours)");
}

#[test]
fn a_branch_without_end_on_the_left_is_left_alone() {
    // Below the root: on the left a chain to the left for ever, on the right the leaf.
    let missing = |number: u128| number != 3 && !number.is_power_of_two() && number >> 100 == 0;
    search_endless(
        3,
        &missing,
        2,
        "the left branch never ends, the right child is a leaf",
    );
}

#[test]
fn a_branch_without_end_on_the_right_is_left_alone() {
    let missing =
        |number: u128| number != 2 && !(number + 1).is_power_of_two() && number >> 100 == 0;
    search_endless(
        2,
        &missing,
        2,
        "the right branch never ends, the left child is a leaf",
    );
}

#[test]
fn children_are_not_asked_for_too_often() {
    for leaf in [1 << 15, (1 << 15) + 12_345, (1 << 16) - 1] {
        search_endless(
            leaf,
            &|_| false,
            16,
            "every node has two children, except one on level 16",
        );
    }
}
