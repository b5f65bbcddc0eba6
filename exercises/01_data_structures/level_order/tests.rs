use super::*;
use counted::{allocations, ends, small_stack};
use seeded::Rng;
use shapes::Shape;
use std::fmt::Write as _;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

#[test]
fn the_first_level_is_the_root() {
    ends(|_| {
        let tree = example();
        assert_eq!(
            tree.levels().next(),
            Some(vec![&'c']),
            "left: first level of the example, right: expected"
        );
    });
}

#[test]
fn each_level_stands_from_left_to_right() {
    ends(|_| {
        let tree = example();
        let levels: Vec<_> = tree.levels().take(4).collect();
        assert_eq!(
            levels,
            [vec![&'c'], vec![&'a', &'e'], vec![&'b', &'d']],
            "left: levels of the example, right: expected"
        );
    });
}

#[test]
fn after_the_deepest_level_comes_none_for_ever() {
    ends(|_| {
        let tree = example();
        let mut levels = tree.levels();
        for call in 1..=3 {
            assert!(
                levels.next().is_some(),
                "call {call} of next, on a tree of three levels"
            );
        }
        for call in 4..=6 {
            assert_eq!(
                levels.next(),
                None,
                "call {call} of next, on a tree of three levels"
            );
        }
    });
}

#[test]
fn an_empty_tree_has_no_level() {
    ends(|_| {
        // A removed node may still lie in its slot.
        let tree = Tree {
            nodes: vec![node('x', None, None)],
            root: None,
        };
        assert_eq!(tree.levels().next(), None, "root: None");
    });
}

#[test]
fn all_small_shapes_and_random_trees_agree_with_the_model() {
    ends(|doing| {
        let check = |tree: Tree<usize>| {
            doing.note(|| format!("levels of {}", draw(&tree)));
            let mut expected = vec![];
            model(&tree, tree.root, 0, &mut expected);
            // One more than there are, in case that it does not end.
            let actual: Vec<Vec<usize>> = tree
                .levels()
                .take(expected.len() + 1)
                .map(|level| level.into_iter().copied().collect())
                .collect();
            assert!(
                actual == expected,
                "levels of {}\n  expected: {expected:?}\n  got:      {actual:?}\n\
                 (`0(1, .)` is a node 0 with a left child 1 and no right child)",
                draw(&tree)
            );
        };
        let mut rng = Rng::new(1);
        for n in 1..=8 {
            for shape in Shape::all(n) {
                check(plant(&shape, &mut rng));
            }
        }
        seeded::cases(100, |rng| {
            let shape = Shape::random(8 + rng.size(), rng);
            check(plant(&shape, rng));
        });
    });
}

fn model(tree: &Tree<usize>, at: Option<usize>, depth: usize, levels: &mut Vec<Vec<usize>>) {
    let Some(at) = at else { return };
    if levels.len() == depth {
        levels.push(vec![]);
    }
    let Node { key, left, right } = &tree.nodes[at];
    levels[depth].push(*key);
    model(tree, *left, depth + 1, levels);
    model(tree, *right, depth + 1, levels);
}

#[test]
fn the_first_levels_cost_only_themselves() {
    const LIMIT: u64 = 4096;
    ends(|doing| {
        let tree = complete((1 << 17) - 1);
        doing.note(|| "the first three levels of a tree of 131,071 nodes".into());
        let (sizes, did) = allocations(|| {
            let mut levels = tree.levels();
            [(); 3].map(|()| levels.next().map(|level| level.len()))
        });
        assert_eq!(
            sizes,
            [Some(1), Some(2), Some(4)],
            "the sizes of the first three levels of a full tree"
        );
        assert!(
            did.peak <= LIMIT,
            "the first three levels of a tree of 131,071 nodes needed {} bytes of heap; allowed are {LIMIT}",
            did.peak
        );
    });
}

#[test]
fn only_two_levels_are_held_at_a_time() {
    const LIMIT: u64 = 65_536;
    ends(|doing| {
        let tree = brush(10, 100);
        doing.note(|| "levels of a tree of 100 levels of 1,024 nodes each".into());
        let (widest, did) = allocations(|| tree.levels().take(111).map(|level| level.len()).max());
        assert_eq!(widest, Some(1024), "the size of the widest level");
        assert!(
            did.peak <= LIMIT,
            "100 levels of 1,024 nodes each, given one by one, held {} bytes of heap at a time; allowed are {LIMIT}",
            did.peak
        );
    });
}

// A recursive walk overflows the stack here, and that ends the whole process.
#[test]
fn a_deep_tree_does_not_overflow_the_stack() {
    const N: usize = 100_000;
    ends(|doing| {
        for (name, goes_left) in chains() {
            let tree = chain(N, goes_left);
            doing.note(|| format!("levels of a {name} of {N} nodes"));
            let count = small_stack(64, || {
                tree.levels()
                    .take(N + 1)
                    .filter(|level| level.len() == 1)
                    .count()
            });
            assert_eq!(count, N, "levels of one node in a {name} of {N} nodes");
        }
    });
}

// ---------------------------------------------------------------------------------------------
// Trees

fn node<K>(key: K, left: Option<usize>, right: Option<usize>) -> Node<K> {
    Node { key, left, right }
}

fn example() -> Tree<char> {
    Tree {
        nodes: vec![
            node('c', Some(1), Some(2)),
            node('a', None, Some(3)),
            node('e', Some(4), None),
            node('b', None, None),
            node('d', None, None),
        ],
        root: Some(0),
    }
}

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
    // What is left of a removed node: its key, and links to nodes that belong to others by now.
    let nodes = slots.iter().map(|_| node(1000, Some(0), Some(0))).collect();
    let mut tree = Tree { nodes, root: None };
    tree.root = fill(shape, &slots, &mut 0, &mut tree);
    tree
}

/// The tree on one line: `0(1, .)` is a root 0 with a left child 1 and no right child.
fn draw(tree: &Tree<usize>) -> String {
    fn walk(tree: &Tree<usize>, at: Option<usize>, text: &mut String) {
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

/// A complete tree of `full` levels, and below it chains of `long` nodes, two at each of its leaves.
fn brush(full: u32, long: usize) -> Tree<usize> {
    let handle = (1 << full) - 1;
    let width = 1 << full;
    let n = handle + width * long;
    let nodes = (0..n).map(|i| {
        if i < handle {
            node(i, Some(2 * i + 1), Some(2 * i + 2))
        } else {
            let next = (i + width < n).then_some(i + width);
            if i % 2 == 0 {
                node(i, next, None)
            } else {
                node(i, None, next)
            }
        }
    });
    Tree {
        nodes: nodes.collect(),
        root: Some(0),
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
