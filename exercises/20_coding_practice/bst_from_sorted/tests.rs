use super::*;
use counted::{big_stack, ends};

/// A tree as `value(left, right)`, with `-` for nothing.
fn show(tree: &Tree<Item>) -> String {
    match tree {
        None => "-".into(),
        Some(node) if node.left.is_none() && node.right.is_none() => node.value.0[0].to_string(),
        Some(node) => format!(
            "{}({}, {})",
            node.value.0[0],
            show(&node.left),
            show(&node.right)
        ),
    }
}

/// Something large that can be neither cloned nor compared.
struct Item([u32; 16]);

fn items(n: u32) -> Vec<Item> {
    (1..=n).map(|i| Item([i; 16])).collect()
}

fn in_order(tree: &Tree<Item>, found: &mut Vec<u32>) {
    if let Some(node) = tree {
        in_order(&node.left, found);
        found.push(node.value.0[0]);
        in_order(&node.right, found);
    }
}

fn height(tree: &Tree<Item>) -> u32 {
    tree.as_ref()
        .map_or(0, |node| 1 + height(&node.left).max(height(&node.right)))
}

/// Builds the tree of 1 to `n` and checks its order.
#[track_caller]
fn check_order(n: u32) {
    let tree = balanced(items(n));
    let mut found = Vec::new();
    in_order(&tree, &mut found);
    assert!(
        found.iter().copied().eq(1..=n),
        "balanced of the list of 1 to {n} is {}: in order it holds {found:?}",
        show(&tree)
    );
}

/// Builds the tree of 1 to `n` and checks its height.
#[track_caller]
fn check_height(n: u32) {
    let tree = balanced(items(n));
    assert!(
        height(&tree) <= u32::BITS - n.leading_zeros(),
        "balanced of the list of 1 to {n} is {}: it has {} levels, and {} are enough for {n} nodes",
        show(&tree),
        height(&tree),
        u32::BITS - n.leading_zeros()
    );
}

#[test]
fn no_items_make_an_empty_tree() {
    assert_eq!(
        show(&balanced(items(0))),
        "-",
        "balanced([]) (left is yours)"
    );
}

#[test]
fn one_item_is_the_root() {
    assert_eq!(
        show(&balanced(items(1))),
        "1",
        "balanced([1]) (left is yours)"
    );
}

#[test]
fn three_items_stand_on_two_levels() {
    assert_eq!(
        show(&balanced(items(3))),
        "2(1, 3)",
        "balanced([1, 2, 3]) (left is yours)"
    );
}

#[test]
fn no_item_is_lost_and_the_order_stays() {
    (0..=200).for_each(check_order);
}

#[test]
fn a_hundred_items_are_no_chain() {
    let levels = height(&balanced(items(100)));
    assert!(
        levels <= 20,
        "balanced of the list of 1 to 100: the tree has {levels} levels, and 7 are enough"
    );
}

#[test]
fn the_tree_is_as_low_as_possible() {
    (0..=200).for_each(check_height);
}

#[test]
fn an_item_is_not_moved_for_each_other_one() {
    ends(|doing| {
        doing.note(|| "200,000 items of 64 bytes".into());
        big_stack(|| {
            let tree = balanced(items(200_000));
            let mut found = Vec::new();
            in_order(&tree, &mut found);
            assert!(
                found.into_iter().eq(1..=200_000),
                "the list of 1 to 200,000: items are lost or out of order"
            );
            assert!(
                height(&tree) <= 18,
                "the list of 1 to 200,000: the tree has {} levels, and 18 are enough",
                height(&tree)
            );
        });
    });
}
