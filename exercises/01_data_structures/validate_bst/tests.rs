use super::*;
use counted::{Doing, Probe, at_most, counts, ends, small_stack};
use seeded::Rng;
use shapes::Shape;
use std::fmt::Write as _;

// ---------------------------------------------------------------------------------------------
// One rule after the other

#[test]
fn a_search_tree_is_one() {
    ends(|_| {
        judge(&tree_of(7, None, None), true);
        judge(&tree_of(5, leaf(2), leaf(8)), true);
        judge(&tree_of(5, leaf(2), Some(tree_of(8, leaf(6), None))), true);
    });
}

#[test]
fn a_child_on_the_wrong_side_is_found() {
    ends(|_| {
        judge(&tree_of(5, leaf(6), leaf(8)), false);
        judge(&tree_of(5, leaf(2), leaf(4)), false);
    });
}

#[test]
fn a_key_too_small_for_the_right_subtree_is_found() {
    ends(|_| {
        judge(
            &tree_of(5, leaf(2), Some(tree_of(8, leaf(4), leaf(9)))),
            false,
        )
    });
}

#[test]
fn a_key_too_large_for_the_left_subtree_is_found() {
    ends(|_| {
        judge(
            &tree_of(5, Some(tree_of(2, leaf(1), leaf(6))), leaf(8)),
            false,
        )
    });
}

#[test]
fn a_deep_key_outside_of_a_far_ancestors_range_is_found() {
    ends(|_| {
        // 19 stands left of 22, 25 and 30, as it should, but right of 20 as well.
        let inner = tree_of(
            30,
            Some(tree_of(25, Some(tree_of(22, leaf(19), None)), None)),
            None,
        );
        judge(&tree_of(20, leaf(10), Some(inner)), false);
        let inner = tree_of(
            10,
            None,
            Some(tree_of(15, None, Some(tree_of(18, None, leaf(21))))),
        );
        judge(&tree_of(20, Some(inner), leaf(30)), false);
    });
}

#[test]
fn an_equal_key_in_the_left_subtree_is_refused() {
    ends(|_| {
        judge(&tree_of(5, leaf(5), None), false);
        judge(&tree_of(5, Some(tree_of(2, None, leaf(5))), None), false);
    });
}

#[test]
fn an_equal_key_in_the_right_subtree_is_refused() {
    ends(|_| {
        judge(&tree_of(5, None, leaf(5)), false);
        judge(&tree_of(5, leaf(2), Some(tree_of(8, leaf(5), None))), false);
    });
}

#[test]
fn the_least_number_is_a_key_like_others() {
    ends(|_| {
        judge(&tree_of(i64::MIN, None, None), true);
        judge(&tree_of(0, leaf(i64::MIN), None), true);
        judge(&tree_of(i64::MIN, None, leaf(0)), true);
    });
}

#[test]
fn the_greatest_number_is_a_key_like_others() {
    ends(|_| {
        judge(&tree_of(i64::MAX, None, None), true);
        judge(&tree_of(0, None, leaf(i64::MAX)), true);
        judge(&tree_of(i64::MAX, leaf(0), None), true);
    });
}

#[test]
fn nothing_fits_beyond_the_ends_of_the_numbers() {
    ends(|_| {
        judge(&tree_of(i64::MIN, leaf(5), None), false);
        judge(&tree_of(i64::MAX, None, leaf(5)), false);
        judge(&tree_of(i64::MIN, leaf(i64::MIN), None), false);
        judge(&tree_of(i64::MAX, None, leaf(i64::MAX)), false);
    });
}

#[test]
fn an_empty_tree_is_a_search_tree() {
    ends(|_| {
        judge(
            &Tree {
                nodes: vec![],
                root: None,
            },
            true,
        )
    });
}

#[test]
fn removed_nodes_do_not_matter() {
    ends(|_| {
        // The root is slot 2; slot 0 was removed and still points at others.
        let nodes = vec![
            node(1, Some(2), Some(1)),
            node(8, None, None),
            node(5, Some(3), Some(1)),
            node(2, None, None),
        ];
        judge(
            &Tree {
                nodes,
                root: Some(2),
            },
            true,
        );
        let nodes = vec![node(5, None, None), node(2, Some(0), None)];
        judge(&Tree { nodes, root: None }, true);
    });
}

// ---------------------------------------------------------------------------------------------
// Many trees, against a model that compares each key with all keys below it

#[test]
fn all_small_trees_agree_with_the_model() {
    ends(|doing| {
        let mut rng = Rng::new(1);
        for n in 1..=4_usize {
            for shape in Shape::all(n) {
                let tree = plant(&shape, &mut rng);
                // All ways to give the n nodes keys from 1 to n.
                for way in 0..n.pow(n as u32) {
                    let key = |i: usize| 1 + (way / n.pow(i as u32) % n) as i64;
                    let tree = rekey(&tree, key);
                    doing.note(|| draw(&tree));
                    judge(&tree, model(&tree));
                }
            }
        }
    });
}

#[test]
fn random_trees_agree_with_the_model() {
    ends(|doing| {
        seeded::cases(300, |rng| {
            let n = 1 + rng.size() / 2;
            let shape = Shape::random(n, rng);
            let planted = plant(&shape, rng);
            // Right keys: even numbers apart, at either end of i64 or around 0.
            let mut ascending = vec![0; n];
            let mut next = *rng.pick(&[i64::MIN, 0, i64::MAX - 2 * n as i64 + 2]);
            in_order(&planted, planted.root, &mut |key| {
                ascending[key] = next;
                next = next.wrapping_add(2);
            });
            // One of them too small or too large, by a little or by a lot, or not at all.
            let wrong = rng.below(n);
            let off = *rng.pick(&[0, 1, -1, 2, -2, 3, -3, 2 * n as i64, -2 * n as i64]);
            ascending[wrong] = ascending[wrong].saturating_add(off);
            let tree = rekey(&planted, |i| ascending[i]);
            doing.note(|| draw(&tree));
            judge(&tree, model(&tree));
        });
    });
}

/// True if each key is larger than all keys in its left subtree and smaller than all in its right one.
fn model(tree: &Tree<i64>) -> bool {
    let all = |at: Option<usize>, good: &dyn Fn(i64) -> bool| {
        let mut all_good = true;
        in_order(tree, at, &mut |key| all_good &= good(key));
        all_good
    };
    fn slots<K>(tree: &Tree<K>, at: Option<usize>, out: &mut Vec<usize>) {
        let Some(at) = at else { return };
        out.push(at);
        slots(tree, tree.nodes[at].left, out);
        slots(tree, tree.nodes[at].right, out);
    }
    let mut reached = vec![];
    slots(tree, tree.root, &mut reached);
    reached
        .iter()
        .map(|&id| &tree.nodes[id])
        .all(|node| all(node.left, &|key| key < node.key) && all(node.right, &|key| key > node.key))
}

#[track_caller]
fn judge(tree: &Tree<i64>, expected: bool) {
    let actual = tree.is_search_tree();
    assert!(
        actual == expected,
        "is_search_tree is {actual}, expected was {expected}, for\n  {}\n\
         (`5(2, .)` is a node 5 with a left child 2 and no right child)",
        draw(tree)
    );
}

// ---------------------------------------------------------------------------------------------
// Work and depth

#[test]
fn each_key_is_read_a_few_times() {
    ends(|doing| {
        let n = 1023;
        let mut rank = vec![0; n];
        let plain = complete(n);
        let mut next = 0;
        in_order(&plain, plain.root, &mut |i| {
            rank[i] = next;
            next += 1;
        });
        frugal(doing, "a complete tree", &rekey(&plain, |i| rank[i]));
        for (name, goes_left) in chains() {
            let chain = chain(n, goes_left);
            frugal(
                doing,
                &format!("a {name}"),
                &rekey(&chain, chain_keys(n, goes_left)),
            );
        }
    });
}

/// The same tree, with keys that count how often they are read.
fn metered(tree: &Tree<i64>) -> Tree<Probe<i64>> {
    let nodes = tree
        .nodes
        .iter()
        .map(|at| node(Probe::new(at.key), at.left, at.right));
    Tree {
        nodes: nodes.collect(),
        root: tree.root,
    }
}

fn frugal(doing: &Doing, name: &str, tree: &Tree<i64>) {
    let n = tree.nodes.len() as u64;
    doing.note(|| format!("{name} of {n} nodes"));
    let tree = metered(tree);
    let (answer, did) = counts(|| at_most(1000 * n, || tree.is_search_tree()));
    assert!(
        answer,
        "is_search_tree is false for {name} of {n} nodes, which is one"
    );
    let reads = did.reads;
    assert!(
        reads <= 4 * n,
        "{reads} keys were read in {name} of {n} nodes; allowed are 4 for each node"
    );
}

fn with_little_room(tree: &Tree<Probe<i64>>) -> bool {
    let reads = 8 * tree.nodes.len() as u64;
    small_stack(64, || at_most(reads, || tree.is_search_tree()))
}

// A recursive walk overflows the stack here, and that ends the whole process.
#[test]
fn a_deep_tree_does_not_overflow_the_stack() {
    const N: usize = 100_000;
    ends(|doing| {
        for (name, goes_left) in chains() {
            doing.note(|| format!("a {name} of {N} nodes"));
            let chain = chain(N, goes_left);
            let mut tree = metered(&rekey(&chain, chain_keys(N, goes_left)));
            let answer = with_little_room(&tree);
            assert!(
                answer,
                "is_search_tree is false for a {name} of {N} nodes, which is one"
            );
            // The deepest node gets the root's key.
            tree.nodes[N - 1].key = tree.nodes[0].key;
            let answer = with_little_room(&tree);
            assert!(
                !answer,
                "is_search_tree is true for a {name} of {N} nodes, whose deepest key equals the root's"
            );
        }
    });
}

// ---------------------------------------------------------------------------------------------
// Trees

fn node<K>(key: K, left: Option<usize>, right: Option<usize>) -> Node<K> {
    Node { key, left, right }
}

/// A tree put together of two others.
fn tree_of(key: i64, left: Option<Tree<i64>>, right: Option<Tree<i64>>) -> Tree<i64> {
    let mut nodes = vec![node(key, None, None)];
    let mut add = |tree: Option<Tree<i64>>| {
        let tree = tree?;
        let shift = nodes.len();
        let moved = |link: Option<usize>| link.map(|id| id + shift);
        nodes.extend(
            tree.nodes
                .iter()
                .map(|n| node(n.key, moved(n.left), moved(n.right))),
        );
        moved(tree.root)
    };
    let (left, right) = (add(left), add(right));
    nodes[0] = node(key, left, right);
    Tree {
        nodes,
        root: Some(0),
    }
}

fn leaf(key: i64) -> Option<Tree<i64>> {
    Some(tree_of(key, None, None))
}

/// The same tree, with `key(k)` in place of each key k.
fn rekey(tree: &Tree<usize>, key: impl Fn(usize) -> i64) -> Tree<i64> {
    // A removed node keeps a key that fits nowhere.
    let key = |k: usize| if k == REMOVED { i64::MIN } else { key(k) };
    let nodes = tree.nodes.iter().map(|n| node(key(n.key), n.left, n.right));
    Tree {
        nodes: nodes.collect(),
        root: tree.root,
    }
}

/// The keys of a search tree that is a chain: each node cuts the range of those below it.
fn chain_keys(n: usize, goes_left: GoesLeft) -> impl Fn(usize) -> i64 {
    let (mut low, mut high) = (0, n as i64 - 1);
    let mut keys = vec![];
    for i in 0..n {
        if goes_left(i) {
            keys.push(high);
            high -= 1;
        } else {
            keys.push(low);
            low += 1;
        }
    }
    move |i| keys[i]
}

/// Calls `visit` with the keys below `at` in in-order. Recursive: not for deep trees.
fn in_order<K: Copy>(tree: &Tree<K>, at: Option<usize>, visit: &mut dyn FnMut(K)) {
    let Some(at) = at else { return };
    in_order(tree, tree.nodes[at].left, visit);
    visit(tree.nodes[at].key);
    in_order(tree, tree.nodes[at].right, visit);
}

/// The key of a removed node; its links lead to nodes that belong to others by now.
const REMOVED: usize = usize::MAX;

/// A tree of this shape in shuffled slots, with removed nodes between them; keys in pre-order from 0.
fn plant(shape: &Shape, rng: &mut Rng) -> Tree<usize> {
    fn fill(
        shape: &Shape,
        slots: &[usize],
        key: &mut usize,
        tree: &mut Tree<usize>,
    ) -> Option<usize> {
        let Shape::Node(subtrees) = shape else {
            return None;
        };
        let at = slots[*key];
        tree.nodes[at].key = *key;
        *key += 1;
        tree.nodes[at].left = fill(&subtrees.0, slots, key, tree);
        tree.nodes[at].right = fill(&subtrees.1, slots, key, tree);
        Some(at)
    }
    let n = shape.size();
    let mut slots: Vec<usize> = (0..n + n / 4 + 1).collect();
    rng.shuffle(&mut slots);
    let nodes = slots
        .iter()
        .map(|_| node(REMOVED, Some(0), Some(0)))
        .collect();
    let mut tree = Tree { nodes, root: None };
    tree.root = fill(shape, &slots, &mut 0, &mut tree);
    tree
}

/// The tree on one line: `5(2, .)` is a root 5 with a left child 2 and no right child.
fn draw(tree: &Tree<i64>) -> String {
    fn walk(tree: &Tree<i64>, at: Option<usize>, text: &mut String) {
        let Some(at) = at else {
            return text.push('.');
        };
        let Node { key, left, right } = &tree.nodes[at];
        write!(text, "{key}").unwrap();
        if left.or(*right).is_some() {
            text.push('(');
            walk(tree, *left, text);
            text.push_str(", ");
            walk(tree, *right, text);
            text.push(')');
        }
    }
    let mut text = String::new();
    walk(tree, tree.root, &mut text);
    text
}

/// A tree of `n` nodes in which every level but the last is full.
fn complete(n: usize) -> Tree<usize> {
    let child = |at: usize| (at < n).then_some(at);
    Tree {
        nodes: (0..n)
            .map(|i| node(i, child(2 * i + 1), child(2 * i + 2)))
            .collect(),
        root: child(0),
    }
}

type GoesLeft = fn(usize) -> bool;

fn chains() -> [(&'static str, GoesLeft); 3] {
    [
        ("chain to the left", |_| true),
        ("chain to the right", |_| false),
        ("zigzag chain", |i| i % 2 == 0),
    ]
}

/// A tree of `n` nodes with one node on each level.
fn chain(n: usize, goes_left: GoesLeft) -> Tree<usize> {
    let link = |i: usize| {
        let next = (i + 1 < n).then_some(i + 1);
        if goes_left(i) {
            node(i, next, None)
        } else {
            node(i, None, next)
        }
    };
    Tree {
        nodes: (0..n).map(link).collect(),
        root: Some(0),
    }
}
