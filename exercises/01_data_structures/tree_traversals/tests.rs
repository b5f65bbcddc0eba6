use super::*;
use counted::{allocations, ends, small_stack};
use seeded::Rng;
use shapes::Shape;
use std::fmt::Write as _;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

// ---------------------------------------------------------------------------------------------
// One traversal after the other, on the tree of the example

#[test]
fn pre_order_gives_a_node_before_its_subtrees() {
    ends(|_| {
        let tree = example();
        assert_eq!(
            Vec::from_iter(tree.pre_order().take(6)),
            [&'c', &'a', &'b', &'e', &'d'],
            "left: pre_order of the example, right: expected"
        );
    });
}

#[test]
fn in_order_gives_a_node_between_its_subtrees() {
    ends(|_| {
        let tree = example();
        assert_eq!(
            Vec::from_iter(tree.in_order().take(6)),
            [&'a', &'b', &'c', &'d', &'e'],
            "left: in_order of the example, right: expected"
        );
    });
}

#[test]
fn post_order_gives_a_node_after_its_subtrees() {
    ends(|_| {
        let tree = example();
        assert_eq!(
            Vec::from_iter(tree.post_order().take(6)),
            [&'b', &'a', &'d', &'e', &'c'],
            "left: post_order of the example, right: expected"
        );
    });
}

#[test]
fn an_empty_tree_gives_nothing() {
    ends(|_| {
        // A removed node may still lie in its slot.
        let nodes = vec![node('x', None, None)];
        let tree = Tree { nodes, root: None };
        assert_eq!(tree.pre_order().next(), None, "pre_order, root: None");
        assert_eq!(tree.in_order().next(), None, "in_order, root: None");
        assert_eq!(tree.post_order().next(), None, "post_order, root: None");
    });
}

#[test]
fn after_the_last_key_comes_none_for_ever() {
    ends(|_| {
        let tree = example();
        let walks: [(&str, Box<dyn Iterator<Item = &char>>); 3] = [
            ("pre_order", Box::new(tree.pre_order())),
            ("in_order", Box::new(tree.in_order())),
            ("post_order", Box::new(tree.post_order())),
        ];
        for (name, mut walk) in walks {
            for _ in 0..5 {
                assert!(
                    walk.next().is_some(),
                    "{name} ended before the fifth of five keys"
                );
            }
            for call in 6..9 {
                assert_eq!(
                    walk.next(),
                    None,
                    "{name} of five nodes, call {call} of next"
                );
            }
        }
    });
}

// ---------------------------------------------------------------------------------------------
// All small shapes and random larger trees, against a recursive model

#[test]
fn pre_order_is_right_on_every_shape() {
    on_many_trees(PRE);
}

#[test]
fn in_order_is_right_on_every_shape() {
    on_many_trees(IN);
}

#[test]
fn post_order_is_right_on_every_shape() {
    on_many_trees(POST);
}

// ---------------------------------------------------------------------------------------------
// Memory and depth

#[test]
fn pre_order_holds_a_path_and_no_list() {
    on_a_broad_tree(PRE);
}

#[test]
fn in_order_holds_a_path_and_no_list() {
    on_a_broad_tree(IN);
}

#[test]
fn post_order_holds_a_path_and_no_list() {
    on_a_broad_tree(POST);
}

// A recursive walk overflows the stack here, and that ends the whole process.

#[test]
fn pre_order_walks_a_deep_tree() {
    on_deep_trees(PRE);
}

#[test]
fn in_order_walks_a_deep_tree() {
    on_deep_trees(IN);
}

#[test]
fn post_order_walks_a_deep_tree() {
    on_deep_trees(POST);
}

// ---------------------------------------------------------------------------------------------
// The three orders

#[derive(Clone, Copy)]
struct Order {
    name: &'static str,
    walk: fn(&Tree<usize>) -> Box<dyn Iterator<Item = &usize> + '_>,
    model: fn(&Tree<usize>, usize, &mut Vec<usize>),
}

const PRE: Order = Order {
    name: "pre_order",
    walk: |tree| Box::new(tree.pre_order()),
    model: |tree, at, keys| {
        let Node { key, left, right } = &tree.nodes[at];
        keys.push(*key);
        left.iter().for_each(|&l| (PRE.model)(tree, l, keys));
        right.iter().for_each(|&r| (PRE.model)(tree, r, keys));
    },
};

const IN: Order = Order {
    name: "in_order",
    walk: |tree| Box::new(tree.in_order()),
    model: |tree, at, keys| {
        let Node { key, left, right } = &tree.nodes[at];
        left.iter().for_each(|&l| (IN.model)(tree, l, keys));
        keys.push(*key);
        right.iter().for_each(|&r| (IN.model)(tree, r, keys));
    },
};

const POST: Order = Order {
    name: "post_order",
    walk: |tree| Box::new(tree.post_order()),
    model: |tree, at, keys| {
        let Node { key, left, right } = &tree.nodes[at];
        left.iter().for_each(|&l| (POST.model)(tree, l, keys));
        right.iter().for_each(|&r| (POST.model)(tree, r, keys));
        keys.push(*key);
    },
};

fn on_many_trees(order: Order) {
    ends(move |doing| {
        let check = |tree: Tree<usize>| {
            doing.note(|| format!("{} of {}", order.name, draw(&tree)));
            let mut expected = vec![];
            (order.model)(&tree, tree.root.unwrap(), &mut expected);
            // One more than there are, in case that it does not end.
            let actual: Vec<usize> = (order.walk)(&tree)
                .take(expected.len() + 1)
                .copied()
                .collect();
            assert!(
                actual == expected,
                "{} of {}\n  expected: {expected:?}\n  got:      {actual:?}\n\
                 (`0(1, .)` is a node 0 with a left child 1 and no right child)",
                order.name,
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

fn on_a_broad_tree(order: Order) {
    const LEVELS: u32 = 17;
    const LIMIT: u64 = 4096;
    ends(move |doing| {
        let n = (1 << LEVELS) - 1;
        let tree = complete(n);
        doing.note(|| format!("{} of a complete tree of {n} nodes", order.name));
        let (_, first) = allocations(|| (order.walk)(&tree).next().copied());
        assert!(
            first.peak <= LIMIT,
            "the first key of {} in a tree of {n} nodes on {LEVELS} levels needed {} bytes of heap; \
             allowed are {LIMIT}",
            order.name,
            first.peak
        );
        let (count, all) = allocations(|| (order.walk)(&tree).take(n + 1).count());
        assert_eq!(
            count, n,
            "keys of {} in a complete tree of {n} nodes",
            order.name
        );
        assert!(
            all.peak <= LIMIT,
            "{} over a tree of {n} nodes on {LEVELS} levels held {} bytes of heap at a time; \
             allowed are {LIMIT}",
            order.name,
            all.peak
        );
    });
}

fn on_deep_trees(order: Order) {
    const N: usize = 100_000;
    ends(move |doing| {
        for (name, goes_left) in chains() {
            let tree = chain(N, goes_left);
            doing.note(|| format!("{} of a {name} of {N} nodes", order.name));
            let count = small_stack(64, || (order.walk)(&tree).take(N + 1).count());
            assert_eq!(count, N, "keys of {} in a {name} of {N} nodes", order.name);
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
