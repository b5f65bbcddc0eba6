use super::*;
use counted::{Probe, at_most, counts, ends, small_stack};
use seeded::Rng;
use shapes::Shape;
use std::hash::Hash;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

// ---------------------------------------------------------------------------------------------
// Lists of a tree

#[test]
fn one_node_and_none() {
    ends(|_| {
        judge(&[7], &[7], true);
        judge::<u8>(&[], &[], true);
    });
}

#[test]
fn two_nodes_hang_left_or_right() {
    ends(|_| {
        judge(&[1, 2], &[2, 1], true);
        judge(&[1, 2], &[1, 2], true);
    });
}

#[test]
fn the_example_is_rebuilt() {
    ends(|_| judge(&['c', 'a', 'b', 'e', 'd'], &['a', 'b', 'c', 'd', 'e'], true));
}

#[test]
fn every_small_shape_and_random_trees_are_rebuilt() {
    ends(|doing| {
        let check = |shape: &Shape, keys: &[usize]| {
            let (pre, ino) = lists(shape, keys);
            doing.note(|| format!("pre {pre:?}, ino {ino:?}"));
            judge(&pre, &ino, true);
        };
        let mut rng = Rng::new(1);
        for n in 1..=8 {
            for shape in Shape::all(n) {
                let mut keys: Vec<usize> = (0..n).collect();
                rng.shuffle(&mut keys);
                check(&shape, &keys);
            }
        }
        seeded::cases(100, |rng| {
            let n = 8 + rng.size();
            let mut keys: Vec<usize> = (0..n).collect();
            rng.shuffle(&mut keys);
            check(&Shape::random(n, rng), &keys);
        });
    });
}

// ---------------------------------------------------------------------------------------------
// Lists of no tree

#[test]
fn more_keys_in_pre_order_are_a_mismatch() {
    ends(|_| {
        judge(&[1], &[], false);
        judge(&[1, 2], &[1], false);
        judge(&[2, 1, 3], &[1, 2], false);
        judge(&[2, 1, 1], &[1, 2], false);
    });
}

#[test]
fn more_keys_in_in_order_are_a_mismatch() {
    ends(|_| {
        judge(&[], &[1], false);
        judge(&[1], &[1, 2], false);
        judge(&[2, 1], &[1, 2, 3], false);
    });
}

#[test]
fn a_key_in_only_one_list_is_a_mismatch() {
    ends(|_| {
        judge(&[1], &[2], false);
        judge(&[1, 2], &[1, 3], false);
        judge(&[2, 1, 4], &[1, 2, 3], false);
    });
}

#[test]
fn orders_that_contradict_each_other_are_a_mismatch() {
    ends(|_| {
        judge(&['a', 'b', 'c'], &['c', 'a', 'b'], false);
        judge(&[4, 2, 1, 3, 5], &[1, 2, 5, 4, 3], false);
    });
}

#[test]
fn a_key_that_stands_twice_is_a_mismatch() {
    ends(|_| {
        judge(&[1, 1], &[1, 1], false);
        judge(&[1, 2, 1], &[1, 2, 1], false);
        judge(&[1, 1], &[1, 2], false);
        judge(&[1, 2], &[1, 1], false);
    });
}

#[test]
fn all_pairs_of_short_lists_agree_with_the_model() {
    ends(|doing| {
        // All lists of up to three keys, each of them 0, 1 or 2.
        let lists: Vec<Vec<usize>> = (0..=3_u32)
            .flat_map(|len| (0..3_usize.pow(len)).map(move |number| digits(number, 3, len)))
            .collect();
        for longest in 0..=3 {
            for pre in lists.iter().filter(|pre| pre.len() <= longest) {
                for ino in lists
                    .iter()
                    .filter(|ino| pre.len().max(ino.len()) == longest)
                {
                    doing.note(|| format!("pre {pre:?}, ino {ino:?}"));
                    judge(pre, ino, some_tree_has(pre, ino));
                }
            }
        }
    });
}

#[test]
fn all_orders_of_six_keys_agree_with_the_model() {
    ends(|doing| {
        for n in 0..=6 {
            let pre: Vec<usize> = (0..n).collect();
            let in_orders: Vec<Vec<usize>> = Shape::all(n)
                .iter()
                .map(|shape| lists(shape, &pre).1)
                .collect();
            for ino in permutations(n) {
                doing.note(|| format!("pre {pre:?}, ino {ino:?}"));
                judge(&pre, &ino, in_orders.contains(&ino));
            }
        }
    });
}

/// The model: whether a tree of any shape has these lists, and no key twice.
fn some_tree_has(pre: &[usize], ino: &[usize]) -> bool {
    let unique = (1..pre.len()).all(|i| !pre[..i].contains(&pre[i]));
    unique
        && pre.len() == ino.len()
        && Shape::all(pre.len())
            .iter()
            .any(|shape| lists(shape, pre).1 == ino)
}

/// The last `len` digits of a number.
fn digits(number: usize, base: usize, len: u32) -> Vec<usize> {
    (0..len)
        .rev()
        .map(|i| number / base.pow(i) % base)
        .collect()
}

fn permutations(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![vec![]];
    }
    let mut all = vec![];
    for shorter in permutations(n - 1) {
        for at in 0..n {
            let mut longer = shorter.clone();
            longer.insert(at, n - 1);
            all.push(longer);
        }
    }
    all
}

// ---------------------------------------------------------------------------------------------
// Work and depth

/// Hashes and comparisons of each key.
const ALLOWED: u64 = 16;

fn metered(keys: Vec<usize>) -> Vec<Probe<usize>> {
    keys.into_iter().map(Probe::new).collect()
}

#[test]
fn each_key_costs_a_few_hashes_and_comparisons() {
    const N: usize = 1000;
    ends(|doing| {
        let random = {
            let keys: Vec<usize> = (0..N).collect();
            lists(&Shape::random(N, &mut Rng::new(2)), &keys)
        };
        let shapes = chains().map(|(name, goes_left)| (name, chain_lists(N, goes_left)));
        for (name, (pre, ino)) in shapes.into_iter().chain([("random tree", random)]) {
            doing.note(|| format!("a {name} of {N} nodes"));
            let [pre, ino] = [pre, ino].map(metered);
            let allowed = ALLOWED * N as u64;
            let (tree, did) =
                counts(|| at_most(100 * allowed, || Tree::from_pre_and_in_order(&pre, &ino)));
            assert!(
                tree.is_ok(),
                "the lists of a {name} of {N} nodes gave {:?}",
                tree.err()
            );
            let used = did.hashes + did.comparisons;
            assert!(
                used <= allowed,
                "the lists of a {name} of {N} nodes cost {} hashes and {} comparisons of keys, allowed \
                 are {ALLOWED} for each key: {allowed}",
                did.hashes,
                did.comparisons
            );
        }
    });
}

// Recursion overflows the stack here, and that ends the whole process.
#[test]
fn a_deep_tree_does_not_overflow_the_stack() {
    const N: usize = 30_000;
    ends(|doing| {
        for (name, goes_left) in chains() {
            doing.note(|| format!("a {name} of {N} nodes"));
            let (pre, ino) = chain_lists(N, goes_left);
            let [pre, ino] = [pre, ino].map(metered);
            let build = || {
                at_most(2 * ALLOWED * N as u64, || {
                    Tree::from_pre_and_in_order(&pre, &ino)
                })
            };
            let tree = small_stack(64, build);
            let tree =
                tree.unwrap_or_else(|e| panic!("the lists of a {name} of {N} nodes gave {e:?}"));
            let walked =
                walk(&tree).unwrap_or_else(|e| panic!("the tree of a {name} of {N} nodes: {e}"));
            assert!(
                walked == (pre, ino),
                "the tree of a {name} of {N} nodes has other lists"
            );
        }
    });
}

// ---------------------------------------------------------------------------------------------
// Judging

/// Rebuilds and compares: the tree must have these lists, or, where there is none, the answer be `Mismatch`.
#[track_caller]
fn judge<K: Clone + Eq + Hash + std::fmt::Debug>(pre: &[K], ino: &[K], possible: bool) {
    let rebuilt = catch_unwind(AssertUnwindSafe(|| Tree::from_pre_and_in_order(pre, ino)));
    let rebuilt = rebuilt.unwrap_or_else(|panic| {
        eprintln!("that came from from_pre_and_in_order(&{pre:?}, &{ino:?})");
        resume_unwind(panic)
    });
    match rebuilt {
        Err(Mismatch) => assert!(
            !possible,
            "Mismatch for pre {pre:?} and ino {ino:?}, which are lists of a tree"
        ),
        Ok(tree) => {
            let got = match walk(&tree) {
                Ok((pre, ino)) => format!("pre {pre:?} and ino {ino:?}"),
                Err(trouble) => trouble,
            };
            assert!(
                possible,
                "pre {pre:?} and ino {ino:?} belong to no tree (or not to one only), but the result was one, with {got}"
            );
            let expected = format!("pre {pre:?} and ino {ino:?}");
            assert!(
                got == expected,
                "the tree should have {expected}, it has {got}"
            );
        }
    }
}

type Lists<K> = (Vec<K>, Vec<K>);

/// The keys in pre-order and in in-order; `Err` if the links form no tree.
fn walk<K: Clone>(tree: &Tree<K>) -> Result<Lists<K>, String> {
    let (mut pre, mut ino) = (vec![], vec![]);
    let mut path: Vec<&Node<K>> = vec![];
    let mut at = tree.root;
    loop {
        while let Some(id) = at {
            let Some(node) = tree.nodes.get(id) else {
                return Err(format!(
                    "a link to position {id} of {} nodes",
                    tree.nodes.len()
                ));
            };
            if pre.len() == tree.nodes.len() {
                return Err("links that lead twice to the same node".into());
            }
            pre.push(node.key.clone());
            path.push(node);
            at = node.left;
        }
        let Some(node) = path.pop() else {
            return Ok((pre, ino));
        };
        ino.push(node.key.clone());
        at = node.right;
    }
}

// ---------------------------------------------------------------------------------------------
// Trees and their lists

/// The lists of a tree of this shape that has these keys in pre-order. Recursive: not for deep trees.
fn lists(shape: &Shape, keys: &[usize]) -> Lists<usize> {
    fn visit(shape: &Shape, keys: &[usize], lists: &mut Lists<usize>) {
        let Shape::Node(subtrees) = shape else { return };
        let key = keys[lists.0.len()];
        lists.0.push(key);
        visit(&subtrees.0, keys, lists);
        lists.1.push(key);
        visit(&subtrees.1, keys, lists);
    }
    let mut lists = (vec![], vec![]);
    visit(shape, keys, &mut lists);
    lists
}

type GoesLeft = fn(usize) -> bool;

fn chains() -> [(&'static str, GoesLeft); 3] {
    [
        ("chain to the left", |_| true),
        ("chain to the right", |_| false),
        ("zigzag chain", |i| i % 2 == 0),
    ]
}

/// The lists of a tree of `n` nodes with one node on each level.
fn chain_lists(n: usize, goes_left: GoesLeft) -> Lists<usize> {
    // A node that goes left comes behind everything below it in in-order, the others before it.
    let ahead = (0..n).filter(|&i| !goes_left(i));
    let behind = (0..n).rev().filter(|&i| goes_left(i));
    ((0..n).collect(), ahead.chain(behind).collect())
}
