use super::*;
use counted::{Probe, at_most, counts};

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
fn check(tree: &Tree<u32>, low: u32, high: u32, expected: &[u32]) {
    let answer: Vec<u32> = range(tree, &low, &high).into_iter().copied().collect();
    assert_eq!(
        answer,
        expected,
        "the range from {low} to {high} of {} (left is yours)",
        show(tree)
    );
}

/// The tree of the example: `4(2(1, 3), 6(-, 7))`.
fn example() -> Tree<u32> {
    node(4, node(2, leaf(1), leaf(3)), node(6, None, leaf(7)))
}

#[test]
fn the_keys_between_the_bounds_are_found() {
    check(&node(2, leaf(1), leaf(3)), 0, 9, &[1, 2, 3]);
    check(&example(), 3, 6, &[3, 4, 6]);
}

#[test]
fn both_bounds_belong_to_the_range() {
    check(&example(), 2, 2, &[2]);
    check(&example(), 1, 1, &[1]);
    check(&example(), 6, 7, &[6, 7]);
}

#[test]
fn the_keys_come_in_ascending_order() {
    check(&example(), 0, 9, &[1, 2, 3, 4, 6, 7]);
    check(&node(3, node(1, None, leaf(2)), None), 0, 9, &[1, 2, 3]);
}

#[test]
fn bounds_need_not_be_keys() {
    let tree = node(40, node(20, leaf(10), leaf(30)), leaf(50));
    check(&tree, 15, 45, &[20, 30, 40]);
    check(&tree, 0, 25, &[10, 20]);
    check(&tree, 31, 39, &[]);
}

#[test]
fn a_key_outside_may_lead_back_inside() {
    check(&node(9, node(2, None, leaf(5)), None), 4, 6, &[5]);
    check(&node(1, None, node(8, leaf(5), None)), 4, 6, &[5]);
}

#[test]
fn without_keys_in_the_range_nothing_is_found() {
    check(&None, 0, 9, &[]);
    check(&example(), 8, 9, &[]);
    check(&example(), 0, 0, &[]);
    check(&example(), 5, 5, &[]);
}

#[test]
fn turned_around_bounds_hold_nothing() {
    check(&example(), 6, 3, &[]);
    check(&example(), 9, 0, &[]);
}

/// A random search tree of these keys, which are sorted.
fn random_tree(rng: &mut seeded::Rng, keys: &[u32]) -> Tree<u32> {
    if keys.is_empty() {
        return None;
    }
    let at = rng.below(keys.len());
    node(
        keys[at],
        random_tree(rng, &keys[..at]),
        random_tree(rng, &keys[at + 1..]),
    )
}

#[test]
fn random_trees_agree_with_a_filter() {
    seeded::cases(200, |rng| {
        let mut keys: Vec<u32> = (1..=14).filter(|_| rng.chance(0.6)).collect();
        keys.truncate(12);
        let tree = random_tree(rng, &keys);
        for (low, high) in (0..256).map(|i| (i / 16, i % 16)) {
            let expected: Vec<u32> = keys
                .iter()
                .copied()
                .filter(|key| low <= *key && *key <= high)
                .collect();
            check(&tree, low, high, &expected);
        }
    });
}

#[test]
fn the_rest_of_the_tree_is_not_visited() {
    fn balanced(from: u32, to: u32) -> Tree<Probe<u32>> {
        let middle = from + (to - from) / 2;
        (from < to).then(|| {
            node(
                Probe::new(middle),
                balanced(from, middle),
                balanced(middle + 1, to),
            )
        })?
    }
    let tree = balanced(0, 32_767);
    for low in [0, 1, 5_000, 16_380, 20_001, 32_757] {
        let (from, to) = (Probe::new(low), Probe::new(low + 9));
        let (answer, did) = counts(|| at_most(1_000_000, || range(&tree, &from, &to)));
        let answer: Vec<u32> = answer.into_iter().map(|key| *key.inner()).collect();
        assert!(
            answer.iter().copied().eq(low..low + 10),
            "the range from {low} to {} of a balanced tree of the keys 0 to 32,766 is {answer:?}",
            low + 9
        );
        assert!(
            did.comparisons <= 300,
            "ten keys from {low} on in a balanced tree of 32,767: {} comparisons, and 300 are allowed",
            did.comparisons
        );
    }
}
