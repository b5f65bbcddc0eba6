use super::*;
use counted::{Probe, at_most, counts};
use seeded::Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A key that counts its comparisons.
type Key = Probe<u32>;

/// A value that can be neither cloned nor copied.
#[derive(Debug, PartialEq, Eq)]
struct Value(u32);

type Tree = BPlusTree<Key, Value>;

/// Comparisons of keys and looks at nodes that one operation of a small tree may cost: a loop that wants more has no end.
const STEPS: u64 = 100_000;

fn key(key: u32) -> Key {
    Probe::new(key)
}

/// Inserts a key; the value is given.
fn insert(tree: &mut Tree, k: u32, value: u32) -> Option<u32> {
    at_most(STEPS, || tree.insert(key(k), Value(value))).map(|old| old.0)
}

/// A tree into which the keys were inserted in this order; the value of a key is ten times the key.
fn tree(max_keys: usize, keys: impl IntoIterator<Item = u32>) -> Tree {
    let mut tree = Tree::new(max_keys);
    for key in keys {
        insert(&mut tree, key, 10 * key);
    }
    tree
}

fn get(tree: &Tree, k: u32) -> Option<u32> {
    at_most(STEPS, || tree.get(&key(k))).map(|value| value.0)
}

fn range(tree: &Tree, lo: u32, hi: u32) -> Vec<(u32, u32)> {
    let found = at_most(STEPS, || tree.range(key(lo)..key(hi)));
    found.iter().map(|(k, v)| (*k.inner(), v.0)).collect()
}

// ---------------------------------------------------------------------------------------------
// Rule 1: what was inserted is found

#[test]
fn what_was_inserted_is_found() {
    let tree = tree(3, [20, 10, 30]);
    for k in [10, 20, 30] {
        assert_eq!(get(&tree, k), Some(10 * k), "inserted 20, 10, 30: get({k})");
    }
    for k in [0, 15, 40] {
        assert_eq!(get(&tree, k), None, "inserted 20, 10, 30: get({k})");
    }
}

#[test]
fn insert_returns_the_value_that_it_replaces() {
    let mut tree = Tree::new(3);
    assert_eq!(insert(&mut tree, 5, 50), None, "insert(5, 50): its answer");
    assert_eq!(
        insert(&mut tree, 5, 51),
        Some(50),
        "insert(5, 50), insert(5, 51): the second answer"
    );
    assert_eq!(
        get(&tree, 5),
        Some(51),
        "insert(5, 50), insert(5, 51): get(5)"
    );
}

#[test]
fn replacing_a_value_in_a_full_leaf_splits_nothing() {
    let mut tree = tree(3, [1, 2, 3]);
    insert(&mut tree, 2, 21);
    assert_eq!(
        show(&tree),
        "[1 2 3]",
        "max_keys 3, inserted 1, 2, 3, 2: your tree is on the left"
    );
}

// ---------------------------------------------------------------------------------------------
// Rules 2 to 4: the shape

#[test]
fn the_key_that_is_too_many_splits_the_leaf() {
    for order in [[1, 2, 3, 4], [4, 3, 2, 1], [1, 2, 4, 3], [2, 4, 1, 3]] {
        let tree = tree(3, order);
        let shape = show(&tree);
        assert!(
            shape.starts_with("([1 2] ") && shape.ends_with(" [3 4])"),
            "max_keys 3, inserted {order:?}: two leaves with two keys each are expected under a \
             new root, your tree is {shape}"
        );
        checked(&tree, || format!("max_keys 3, inserted {order:?}"));
    }
}

#[test]
fn every_key_is_found_after_splits() {
    for max_keys in 3..=8 {
        let tree = tree(max_keys, 1..=60);
        for k in 0..=61 {
            let expected = (1..=60).contains(&k).then_some(10 * k);
            assert_eq!(
                get(&tree, k),
                expected,
                "max_keys {max_keys}, inserted 1 to 60: get({k}) in your tree {}",
                show(&tree)
            );
        }
    }
}

#[test]
fn a_key_that_equals_a_separator_is_replaced() {
    for max_keys in 3..=8 {
        let mut tree = tree(max_keys, 1..=60);
        for k in 1..=60 {
            let doing = format!("max_keys {max_keys}, inserted 1 to 60, and then {k} again");
            assert_eq!(
                insert(&mut tree, k, k),
                Some(10 * k),
                "{doing}: the answer must be the old value"
            );
            assert_eq!(get(&tree, k), Some(k), "{doing}: get({k})");
            checked(&tree, || doing.clone());
        }
    }
}

#[test]
fn a_full_inner_node_moves_its_separator_up() {
    let mut tree = Tree::new(3);
    for k in 1..=10 {
        insert(&mut tree, k, 10 * k);
        let height = checked(&tree, || format!("max_keys 3, inserted 1 to {k}"));
        let expected = if k < 4 {
            1
        } else if k < 10 {
            2
        } else {
            3
        };
        assert_eq!(
            height,
            expected,
            "max_keys 3, inserted 1 to {k}: the height of your tree, {}",
            show(&tree)
        );
    }
}

#[test]
fn each_leaf_leads_to_its_right_neighbour() {
    let mut tree = Tree::new(3);
    // The new leaf is the last one, the first one, and one in the middle.
    for k in [10, 20, 30, 40, 50, 60, 1, 2, 3, 31, 32, 33] {
        insert(&mut tree, k, 10 * k);
        checked(&tree, || {
            format!(
                "max_keys 3, inserted the keys up to {k} of 10, 20, 30, 40, 50, 60, 1, 2, 3, 31, 32, 33"
            )
        });
    }
}

#[test]
fn ascending_keys_keep_every_rule() {
    stream(|n, _| (0..n).collect());
}

#[test]
fn descending_keys_keep_every_rule() {
    stream(|n, _| (0..n).rev().collect());
}

#[test]
fn keys_in_random_order_keep_every_rule() {
    stream(|n, rng| {
        let mut keys: Vec<u32> = (0..n).collect();
        rng.shuffle(&mut keys);
        keys
    });
}

#[test]
fn many_duplicates_keep_every_rule() {
    stream(|n, rng| rng.vec(2 * n as usize, |rng| rng.range(0..n / 2 + 1)));
}

/// Inserts streams of keys into trees of each size of node, and checks everything after each insert.
fn stream(make: impl Fn(u32, &mut Rng) -> Vec<u32>) {
    seeded::cases(24, |rng| {
        let max_keys = 3 + rng.below(6);
        let keys = make(rng.size() as u32, rng);
        let mut tree = Tree::new(max_keys);
        let mut model = BTreeMap::new();
        for (i, &k) in keys.iter().enumerate() {
            let doing = || format!("max_keys {max_keys}, inserted {:?}", &keys[..=i]);
            let value = 1000 + i as u32;
            let old = model.insert(k, value);
            assert_eq!(
                insert(&mut tree, k, value),
                old,
                "{}: the last answer, yours is on the left",
                doing()
            );
            checked(&tree, doing);
        }
        let expected: Vec<(u32, u32)> = model.into_iter().collect();
        assert_eq!(
            entries(&tree),
            expected,
            "max_keys {max_keys}, inserted {keys:?}: the entries, yours are on the left"
        );
        for &(k, value) in &expected {
            assert_eq!(
                get(&tree, k),
                Some(value),
                "max_keys {max_keys}, inserted {keys:?}: get({k})"
            );
        }
    });
}

// ---------------------------------------------------------------------------------------------
// Rule 5: ranges

#[test]
fn a_range_includes_its_start_and_excludes_its_end() {
    let tree = tree(3, [10, 20, 30]);
    for (lo, hi, expected) in [
        (10, 30, vec![(10, 100), (20, 200)]),
        (9, 31, vec![(10, 100), (20, 200), (30, 300)]),
        (11, 20, vec![]),
        (31, 99, vec![]),
    ] {
        assert_eq!(
            range(&tree, lo, hi),
            expected,
            "inserted 10, 20, 30: range({lo}..{hi}), yours is on the left"
        );
    }
}

#[test]
fn a_range_that_ends_before_it_starts_is_empty() {
    let tree = tree(3, 1..=9);
    for (lo, hi) in [(5, 5), (6, 2), (9, 1), (20, 0)] {
        assert_eq!(
            range(&tree, lo, hi),
            [],
            "max_keys 3, inserted 1 to 9: range({lo}..{hi})"
        );
    }
}

#[test]
fn every_range_of_random_trees_is_right() {
    seeded::cases(12, |rng| {
        let max_keys = 3 + rng.below(6);
        let n = rng.size() as u32 / 2 + 2;
        let keys = rng.vec(n as usize, |rng| rng.range(0..n));
        let tree = tree(max_keys, keys.iter().copied());
        let model: BTreeMap<u32, u32> = keys.iter().map(|&k| (k, 10 * k)).collect();
        for lo in 0..=n {
            for hi in lo..=n {
                let expected: Vec<(u32, u32)> =
                    model.range(lo..hi).map(|(k, v)| (*k, *v)).collect();
                assert_eq!(
                    range(&tree, lo, hi),
                    expected,
                    "max_keys {max_keys}, inserted {keys:?}: range({lo}..{hi}), yours is on the left"
                );
            }
        }
    });
}

#[test]
fn a_range_goes_down_once_and_follows_the_leaves() {
    assert_visits(&[(0, 400), (100, 400), (390, 500), (500, 600)]);
}

#[test]
fn a_range_stops_behind_its_end() {
    assert_visits(&[(16, 17), (48, 49), (0, 1), (60, 40), (200, 220)]);
}

#[track_caller]
fn assert_visits(ranges: &[(u32, u32)]) {
    for max_keys in [3, 4, 8] {
        let tree = tree(max_keys, 0..400);
        let height = checked(&tree, || format!("max_keys {max_keys}, inserted 0 to 399"));
        for &(lo, hi) in ranges {
            let holds = |leaf: &&usize| {
                tree.leaf(**leaf)
                    .0
                    .iter()
                    .any(|k| (lo..hi).contains(k.inner()))
            };
            let holding = leaves(&tree).iter().filter(holds).count();
            let (_, did) = counts(|| range(&tree, lo, hi));
            let allowed = height + holding + 1;
            assert!(
                did.visits <= allowed as u64,
                "max_keys {max_keys}, inserted 0 to 399: range({lo}..{hi}) visited {} nodes. The \
                 tree is {height} high, {holding} leaves hold entries of the range, so {allowed} are allowed",
                did.visits
            );
        }
    }
}

// ---------------------------------------------------------------------------------------------
// Rule 6: comparisons

#[test]
fn a_lookup_halves_the_keys_of_each_node() {
    for (max_keys, log2) in [(8, 3), (64, 6), (256, 8)] {
        let mut keys: Vec<u32> = (0..4_000).collect();
        Rng::new(1).shuffle(&mut keys);
        let tree = tree(max_keys, keys);
        let height = checked(&tree, || {
            format!("max_keys {max_keys}, inserted 0 to 3999 in random order")
        });
        let allowed = height as u64 * (log2 + 2);
        for k in 0..4_000 {
            let (found, did) = counts(|| get(&tree, k));
            assert_eq!(
                found,
                Some(10 * k),
                "get({k}) after 0 to 3999 were inserted"
            );
            assert!(
                did.comparisons <= allowed,
                "max_keys {max_keys}, 4000 keys: get({k}) compared keys {} times in a tree of \
                 height {height}, {allowed} times are allowed",
                did.comparisons
            );
        }
    }
}

// ---------------------------------------------------------------------------------------------
// Checking

/// Checks every rule about the shape of the tree, and gives its height.
#[track_caller]
fn checked(tree: &Tree, doing: impl Fn() -> String) -> usize {
    check(tree)
        .unwrap_or_else(|problem| panic!("{}: {problem}\nyour tree: {}", doing(), show(tree)))
}

/// The height of the tree, or what is wrong with it.
fn check(tree: &Tree) -> Result<usize, String> {
    let mut seen = BTreeSet::new();
    let height = check_node(tree, tree.root, 0..u64::MAX, &mut seen)?;
    if seen.len() != tree.nodes.len() {
        let (all, seen) = (tree.nodes.len(), seen.len());
        return Err(format!(
            "the arena has {all} nodes, and {seen} of them are in the tree"
        ));
    }
    let leaves = leaves(tree);
    for (i, &leaf) in leaves.iter().enumerate() {
        let (next, expected) = (tree.leaf(leaf).2, leaves.get(i + 1).copied());
        if next != expected {
            let name = |id: Option<usize>| match id.filter(|id| leaves.contains(id)) {
                Some(id) => format!("the leaf {}", show_keys(tree.leaf(id).0)),
                None => format!("{id:?}"),
            };
            return Err(format!(
                "`next` of the leaf {} leads to {}, but must lead to {}",
                show_keys(tree.leaf(leaf).0),
                name(next),
                name(expected)
            ));
        }
    }
    Ok(height)
}

fn check_node(
    tree: &Tree,
    id: usize,
    bounds: Range<u64>,
    seen: &mut BTreeSet<usize>,
) -> Result<usize, String> {
    let node = tree.nodes.peek(id).ok_or("a child is not in the arena")?;
    if !seen.insert(id) {
        return Err("a node is the child of two nodes".to_string());
    }
    let (Node::Leaf { keys, .. } | Node::Inner { keys, .. }) = node;
    let (text, max) = (|| show_keys(keys), tree.max_keys);
    let keys: Vec<u64> = keys.iter().map(|key| u64::from(*key.inner())).collect();
    if !keys.is_sorted_by(|a, b| a < b) {
        return Err(format!("the keys of the node {} don't ascend", text()));
    }
    if keys.iter().any(|key| !bounds.contains(key)) {
        let Range { start, end } = bounds;
        let end = if end == u64::MAX {
            "the end".to_string()
        } else {
            end.to_string()
        };
        return Err(format!(
            "the separators above the node {} allow keys from {start} up to {end} (exclusive) in it",
            text()
        ));
    }
    if keys.len() > max {
        return Err(format!("the node {} holds more than {max} keys", text()));
    }
    let least = match node {
        Node::Leaf { .. } if id == tree.root => 0,
        Node::Leaf { .. } => max.div_ceil(2),
        Node::Inner { .. } if id == tree.root => 1,
        Node::Inner { .. } => max / 2,
    };
    if keys.len() < least {
        return Err(format!("the node {} holds less than {least} keys", text()));
    }
    match node {
        Node::Leaf { values, .. } => {
            if values.len() != keys.len() {
                return Err(format!("the leaf {} has {} values", text(), values.len()));
            }
            Ok(1)
        }
        Node::Inner { children, .. } => {
            if children.len() != keys.len() + 1 {
                return Err(format!(
                    "the inner node {} has {} children",
                    text(),
                    children.len()
                ));
            }
            let mut heights = BTreeSet::new();
            for (i, &child) in children.iter().enumerate() {
                let start = if i == 0 { bounds.start } else { keys[i - 1] };
                let end = keys.get(i).copied().unwrap_or(bounds.end);
                heights.insert(check_node(tree, child, start..end, seen)?);
            }
            match heights.into_iter().collect::<Vec<_>>()[..] {
                [height] => Ok(height + 1),
                _ => Err(format!(
                    "the leaves below the node {} are not at the same depth",
                    text()
                )),
            }
        }
    }
}

/// The leaves that the root reaches, from left to right.
fn leaves(tree: &Tree) -> Vec<usize> {
    fn collect(tree: &Tree, id: usize, into: &mut Vec<usize>) {
        match tree.nodes.peek(id) {
            Some(Node::Inner { children, .. }) => {
                for &child in children {
                    collect(tree, child, into);
                }
            }
            _ => into.push(id),
        }
    }
    let mut leaves = Vec::new();
    collect(tree, tree.root, &mut leaves);
    leaves
}

/// All entries, leaf by leaf.
fn entries(tree: &Tree) -> Vec<(u32, u32)> {
    let parts = leaves(tree).into_iter().map(|leaf| tree.leaf(leaf));
    parts
        .flat_map(|(keys, values, _)| keys.iter().zip(values))
        .map(|(key, value)| (*key.inner(), value.0))
        .collect()
}

fn show(tree: &Tree) -> String {
    fn node(tree: &Tree, id: usize, depth: usize) -> String {
        match tree.nodes.peek(id) {
            _ if depth > 9 => "...".to_string(),
            None => format!("no node {id}"),
            Some(Node::Leaf { keys, .. }) => show_keys(keys),
            Some(Node::Inner { keys, children }) => {
                let mut text = String::from("(");
                for i in 0..keys.len().max(children.len()) {
                    let child = children.get(i).map(|&child| node(tree, child, depth + 1));
                    let key = keys.get(i).map(|key| key.inner().to_string());
                    let parts = [child, key].into_iter().flatten();
                    text += &parts.map(|part| part + " ").collect::<String>();
                }
                text.trim_end().to_string() + ")"
            }
        }
    }
    node(tree, tree.root, 0)
}

fn show_keys(keys: &[Key]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| key.inner().to_string()).collect();
    format!("[{}]", keys.join(" "))
}
