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

/// Comparisons of keys and looks at nodes that one operation may cost: a loop that wants more has no end.
const STEPS: u64 = 100_000;

fn key(key: u32) -> Key {
    Probe::new(key)
}

/// A tree into which the keys were inserted in this order; the value of a key is ten times the key.
fn tree(max_keys: usize, keys: impl IntoIterator<Item = u32>) -> Tree {
    let mut tree = Tree::new(max_keys);
    for k in keys {
        tree.insert(key(k), Value(10 * k));
    }
    tree
}

fn remove(tree: &mut Tree, k: u32) -> Option<u32> {
    at_most(STEPS, || tree.remove(&key(k))).map(|value| value.0)
}

/// Removes keys that are there, one after the other, and checks everything after each.
#[track_caller]
fn remove_all(tree: &mut Tree, keys: impl IntoIterator<Item = u32>) {
    for k in keys {
        let before = show(tree);
        let removed = remove(tree, k);
        let max = tree.max_keys;
        assert_eq!(
            removed,
            Some(10 * k),
            "max_keys {max}, the tree {before}: the answer of remove({k})"
        );
        checked(tree, || {
            format!("max_keys {max}, the tree {before}, remove({k})")
        });
        assert!(
            entries(tree).iter().all(|(key, _)| *key != k),
            "max_keys {max}, the tree {before}, remove({k}): the key is still there, {}",
            show(tree)
        );
    }
}

// ---------------------------------------------------------------------------------------------
// Rule 1

#[test]
fn a_removed_key_is_gone() {
    let mut tree = tree(3, [1, 2, 3]);
    assert_eq!(
        remove(&mut tree, 2),
        Some(20),
        "inserted 1, 2, 3: remove(2)"
    );
    assert_eq!(
        tree.get(&key(2)),
        None,
        "inserted 1, 2, 3, removed 2: get(2)"
    );
    assert_eq!(
        entries(&tree),
        [(1, 10), (3, 30)],
        "inserted 1, 2, 3, removed 2: the entries"
    );
}

#[test]
fn an_absent_key_changes_nothing() {
    let mut tree = tree(3, [10, 20, 30, 40, 50]);
    let before = show(&tree);
    for k in [5, 25, 60] {
        assert_eq!(remove(&mut tree, k), None, "the tree {before}: remove({k})");
        assert_eq!(show(&tree), before, "the tree {before}: after remove({k})");
    }
    remove_all(&mut tree, [30]);
    assert_eq!(
        remove(&mut tree, 30),
        None,
        "the tree {before}, removed 30: remove(30)"
    );
}

#[test]
fn the_last_key_leaves_an_empty_leaf() {
    let mut tree = tree(3, [7]);
    remove_all(&mut tree, [7]);
    assert_eq!(
        show(&tree),
        "[]",
        "inserted 7, removed 7: your tree is on the left"
    );
    tree.insert(key(8), Value(80));
    assert_eq!(
        show(&tree),
        "[8]",
        "inserted 7, removed 7, inserted 8: your tree is on the left"
    );
}

#[test]
fn a_leaf_with_keys_to_spare_just_loses_one() {
    for k in [3, 4, 5] {
        let mut tree = tree(3, 1..=5);
        let left: Vec<String> = (3..=5)
            .filter(|key| *key != k)
            .map(|key| key.to_string())
            .collect();
        let before = show(&tree);
        remove_all(&mut tree, [k]);
        let after = show(&tree);
        assert!(
            after.starts_with("([1 2] ") && after.ends_with(&format!(" [{}])", left.join(" "))),
            "max_keys 3, the tree {before}, remove({k}): nothing else has to move, and your tree is {after}"
        );
    }
}

// ---------------------------------------------------------------------------------------------
// Rules 3 to 5, in leaves

#[test]
fn a_leaf_borrows_from_the_right() {
    for k in [1, 2] {
        let mut tree = tree(3, 1..=5);
        remove_all(&mut tree, [k]);
        let expected = format!("([{} 3] 4 [4 5])", 3 - k);
        assert_eq!(
            show(&tree),
            expected,
            "max_keys 3, the tree ([1 2] 3 [3 4 5]), remove({k}): your tree is on the left"
        );
    }
}

#[test]
fn a_leaf_borrows_from_the_left() {
    for k in [4, 5] {
        let mut tree = tree(3, [1, 2, 4, 5, 3]);
        remove_all(&mut tree, [k]);
        let expected = format!("([1 2] 3 [3 {}])", 9 - k);
        assert_eq!(
            show(&tree),
            expected,
            "max_keys 3, the tree ([1 2 3] 4 [4 5]), remove({k}): your tree is on the left"
        );
    }
}

#[test]
fn a_leaf_borrows_even_if_the_two_would_fit_into_one() {
    let mut right = tree(4, 1..=5);
    remove_all(&mut right, [1]);
    assert_eq!(
        show(&right),
        "([2 3] 4 [4 5])",
        "max_keys 4, the tree ([1 2] 3 [3 4 5]), remove(1): your tree is on the left"
    );
    let mut left = tree(4, [1, 2, 4, 5, 6, 3]);
    remove_all(&mut left, [6, 4]);
    assert_eq!(
        show(&left),
        "([1 2] 3 [3 5])",
        "max_keys 4, the tree ([1 2 3] 4 [4 5 6]), remove(6), remove(4): your tree is on the left"
    );
}

#[test]
fn a_leaf_borrows_a_single_key() {
    let mut right = tree(8, 1..=12);
    remove_all(&mut right, [1]);
    assert_eq!(
        show(&right),
        "([2 3 4 5] 6 [6 7 8 9 10 11 12])",
        "max_keys 8, the tree ([1 2 3 4] 5 [5 6 7 8 9 10 11 12]), remove(1): your tree is on the left"
    );
    let mut left = tree(8, [1, 2, 3, 4, 9, 10, 11, 12, 13, 5, 6, 7, 8]);
    remove_all(&mut left, [13, 9]);
    assert_eq!(
        show(&left),
        "([1 2 3 4 5 6 7] 8 [8 10 11 12])",
        "max_keys 8, the tree ([1 2 3 4 5 6 7 8] 9 [9 10 11 12 13]), remove(13), remove(9): your tree is on \
         the left"
    );
}

#[test]
fn what_was_borrowed_is_found() {
    let mut left = tree(3, [1, 2, 4, 5, 3]);
    remove(&mut left, 5);
    let mut right = tree(3, 1..=5);
    remove(&mut right, 1);
    for (tree, keys) in [(&left, [1, 2, 3, 4]), (&right, [2, 3, 4, 5])] {
        for k in keys {
            let found = at_most(STEPS, || tree.get(&key(k)));
            assert_eq!(
                found,
                Some(&Value(10 * k)),
                "the tree {}: get({k})",
                show(tree)
            );
        }
    }
}

#[test]
fn two_leaves_that_cannot_spare_a_key_become_one() {
    for k in 1..=4 {
        let mut tree = tree(3, 1..=4);
        remove_all(&mut tree, [k]);
        let keys: Vec<String> = (1..=4)
            .filter(|key| *key != k)
            .map(|key| key.to_string())
            .collect();
        assert_eq!(
            show(&tree),
            format!("[{}]", keys.join(" ")),
            "max_keys 3, the tree ([1 2] 3 [3 4]), remove({k}): your tree is on the left"
        );
    }
}

#[test]
fn a_merged_leaf_leads_to_the_next_one() {
    for k in 1..=6 {
        let mut tree = tree(3, 1..=6);
        remove(&mut tree, k);
        let mut at = leaves(&tree).first().copied();
        let mut keys: Vec<u32> = Vec::new();
        for _ in 0..5 {
            let leaf = at.and_then(|id| tree.nodes.peek(id));
            let Some(Node::Leaf {
                keys: more, next, ..
            }) = leaf
            else {
                break;
            };
            keys.extend(more.iter().map(Probe::inner));
            at = *next;
        }
        let expected: Vec<u32> = (1..=6).filter(|key| *key != k).collect();
        assert!(
            keys == expected && at.is_none(),
            "max_keys 3, the tree ([1 2] 3 [3 4] 5 [5 6]), remove({k}): from the first leaf on `next` leads over the \
             keys {keys:?}{}, and must lead over {expected:?}",
            if at.is_some() {
                " and then to a node that is gone"
            } else {
                ""
            }
        );
    }
}

#[test]
fn a_merged_node_is_removed_from_the_arena() {
    for k in 1..=6 {
        let mut tree = tree(3, 1..=6);
        remove(&mut tree, k);
        assert_eq!(
            tree.nodes.len(),
            leaves(&tree).len() + 1,
            "max_keys 3, the tree ([1 2] 3 [3 4] 5 [5 6]), remove({k}): the nodes in the arena, of which the tree {} \
             needs a root and its leaves",
            show(&tree)
        );
    }
}

// ---------------------------------------------------------------------------------------------
// Rules 3 to 5, in inner nodes

#[test]
fn an_inner_node_borrows_a_key_and_a_child() {
    // (([1 2] 3 [3 4] 5 [5 6]) 7 ([7 8] 9 [9 10])): the right inner node loses its only key, the left one can spare one.
    for k in 7..=10 {
        let mut tree = tree(3, 1..=10);
        remove_all(&mut tree, [k]);
        let height = height(&tree);
        assert_eq!(
            height,
            3,
            "max_keys 3, inserted 1 to 10, remove({k}): the height of your tree {}",
            show(&tree)
        );
    }
}

#[test]
fn two_inner_nodes_merge_around_their_separator() {
    // After remove(1) both lower inner nodes have a single key.
    for k in 7..=10 {
        let mut tree = tree(3, 1..=10);
        remove_all(&mut tree, [1, k]);
        let height = height(&tree);
        assert_eq!(
            height,
            2,
            "max_keys 3, inserted 1 to 10, removed 1 and {k}: the height of your tree {}",
            show(&tree)
        );
    }
}

#[test]
fn inner_nodes_borrow_through_their_parent() {
    for max_keys in 3..=5 {
        // Ascending keys leave the right edge full, descending keys the left edge.
        let mut left = tree(max_keys, 0..60);
        remove_all(&mut left, 0..40);
        let mut right = tree(max_keys, (0..60).rev());
        remove_all(&mut right, (20..60).rev());
    }
}

#[test]
fn an_inner_node_has_one_child_more_than_keys() {
    fn all_have(tree: &Tree, id: usize) -> bool {
        match tree.nodes.peek(id) {
            Some(Node::Inner { keys, children }) => {
                children.len() == keys.len() + 1
                    && children.iter().all(|child| all_have(tree, *child))
            }
            _ => true,
        }
    }
    for max_keys in 3..=5 {
        for descending in [false, true] {
            let order: Vec<u32> = if descending {
                (0..60).rev().collect()
            } else {
                (0..60).collect()
            };
            let mut tree = tree(max_keys, order.iter().copied());
            for k in &order[..40] {
                let before = show(&tree);
                remove(&mut tree, *k);
                assert!(
                    all_have(&tree, tree.root),
                    "max_keys {max_keys}, the tree {before}, remove({k}): a node has too many or too few children: {}",
                    show(&tree)
                );
            }
        }
    }
}

#[test]
fn a_root_with_one_child_gives_way() {
    let mut tree = tree(3, 1..=30);
    let mut last = checked(&tree, || "max_keys 3, inserted 1 to 30".to_string());
    for k in 1..=30 {
        remove_all(&mut tree, [k]);
        let height = checked(&tree, || {
            format!("max_keys 3, inserted 1 to 30, removed 1 to {k}")
        });
        assert!(
            height <= last,
            "max_keys 3, inserted 1 to 30, removed 1 to {k}: the tree has grown"
        );
        last = height;
    }
    assert_eq!(
        last, 1,
        "max_keys 3, inserted 1 to 30, removed all: the height of the tree"
    );
}

// ---------------------------------------------------------------------------------------------
// Everything

#[test]
fn emptied_in_ascending_order() {
    for max_keys in 3..=8 {
        let mut tree = tree(max_keys, 0..60);
        remove_all(&mut tree, 0..60);
        assert_eq!(
            tree.nodes.len(),
            1,
            "max_keys {max_keys}, 60 keys inserted and removed: nodes"
        );
    }
}

#[test]
fn emptied_in_descending_order() {
    for max_keys in 3..=8 {
        let mut tree = tree(max_keys, 0..60);
        remove_all(&mut tree, (0..60).rev());
        assert_eq!(
            tree.nodes.len(),
            1,
            "max_keys {max_keys}, 60 keys inserted and removed: nodes"
        );
    }
}

#[test]
fn emptied_in_random_order() {
    seeded::cases(40, |rng| {
        let max_keys = 3 + rng.below(6);
        let mut keys: Vec<u32> = (0..rng.size() as u32).collect();
        rng.shuffle(&mut keys);
        let mut tree = tree(max_keys, keys.iter().copied());
        rng.shuffle(&mut keys);
        remove_all(&mut tree, keys);
        assert_eq!(
            tree.nodes.len(),
            1,
            "max_keys {max_keys}, all keys removed: nodes"
        );
    });
}

#[test]
fn every_small_tree_is_emptied_in_every_order() {
    // Different trees, as the keys that were inserted: from each of them a further key leads to others.
    let mut trees: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let mut todo = vec![Vec::new()];
    while let Some(inserted) = todo.pop() {
        for k in (1..=7).filter(|k| !inserted.contains(k)) {
            let inserted = [&inserted[..], &[k]].concat();
            let shape = show(&tree(3, inserted.iter().copied()));
            if trees.insert(shape, inserted.clone()).is_none() {
                todo.push(inserted);
            }
        }
    }
    // From each tree every key is removed; what comes is another tree, with its own operations.
    let mut todo: Vec<(Vec<u32>, Vec<u32>)> = trees
        .into_values()
        .map(|inserted| (inserted, Vec::new()))
        .collect();
    let mut seen = BTreeSet::new();
    while let Some((inserted, removed)) = todo.pop() {
        let mut start = tree(3, inserted.iter().copied());
        for k in &removed {
            remove(&mut start, *k);
        }
        if !seen.insert(show(&start)) {
            continue;
        }
        for k in inserted.iter().filter(|k| !removed.contains(k)) {
            let mut tree = tree(3, inserted.iter().copied());
            for k in &removed {
                remove(&mut tree, *k);
            }
            remove_all(&mut tree, [*k]);
            todo.push((inserted.clone(), [&removed[..], &[*k]].concat()));
        }
    }
}

#[test]
fn random_operations_agree_with_a_map() {
    seeded::cases(60, |rng| {
        let max_keys = 3 + rng.below(6);
        let most = rng.size() as u32 + 1;
        let mut tree = Tree::new(max_keys);
        let mut map = BTreeMap::new();
        let mut done = format!("max_keys {max_keys}");
        let mut growing = true;
        for value in 0..3 * most {
            if rng.chance(0.03) {
                growing = !growing;
            }
            let k = rng.range(0..most);
            if rng.chance(if growing { 0.7 } else { 0.2 }) {
                done += &format!(", insert({k})");
                tree.insert(key(k), Value(value));
                map.insert(k, value);
            } else {
                done += &format!(", remove({k})");
                assert_eq!(
                    remove(&mut tree, k),
                    map.remove(&k),
                    "{done}: the last answer, yours is on the left"
                );
                checked(&tree, || done.clone());
            }
        }
        let expected: Vec<(u32, u32)> = map.into_iter().collect();
        assert_eq!(
            entries(&tree),
            expected,
            "{done}: the entries, yours are on the left"
        );
        let all = tree.range(key(0)..key(most));
        let all: Vec<(u32, u32)> = all.iter().map(|(k, v)| (*k.inner(), v.0)).collect();
        assert_eq!(
            all, expected,
            "{done}: a range over all, yours is on the left"
        );
    });
}

#[test]
fn a_remove_visits_a_few_nodes_at_each_level() {
    for max_keys in [3, 4, 8] {
        let mut keys: Vec<u32> = (0..600).collect();
        let mut rng = Rng::new(max_keys as u64);
        rng.shuffle(&mut keys);
        let mut tree = tree(max_keys, keys.iter().copied());
        rng.shuffle(&mut keys);
        for k in keys {
            let height = height(&tree);
            let (_, did) = counts(|| remove(&mut tree, k));
            let allowed = 12 * height as u64;
            assert!(
                did.visits <= allowed,
                "max_keys {max_keys}, a tree of height {height}: remove({k}) visited {} nodes, and {allowed} are allowed",
                did.visits
            );
        }
    }
}

/// The number of levels.
fn height(tree: &Tree) -> usize {
    let down = |id: &usize| match tree.nodes.peek(*id) {
        Some(Node::Inner { children, .. }) => children.first().copied(),
        _ => None,
    };
    std::iter::successors(Some(tree.root), down).count()
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
