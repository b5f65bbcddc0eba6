use super::*;
use counted::{Allocations, Budget, allocations};

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// Your answer for nodes that lead to these, the calls of `next`, and the allocations. An endless search
/// ends with a message.
#[track_caller]
fn search(links: &[Option<usize>], start: usize) -> (bool, u64, Allocations) {
    let calls = Budget::new(100 * links.len() as u64 + 100, "calls of `next`");
    let next = |node: usize| {
        calls.spend();
        links[node]
    };
    let (answer, heap) = allocations(|| has_cycle(start, next));
    (answer, calls.used(), heap)
}

#[track_caller]
fn check(links: &[Option<usize>], start: usize) {
    let mut visited = Vec::new();
    let mut node = Some(start);
    while let Some(at) = node.filter(|at| !visited.contains(at)) {
        visited.push(at);
        node = links[at];
    }
    let (answer, calls, _) = search(links, start);
    assert_eq!(
        answer,
        node.is_some(),
        "the nodes 0, 1, ... lead to {links:?}; from {start} the way is {visited:?}, then {node:?} (left is your answer)"
    );
    let allowed = 5 * visited.len() as u64 + 8;
    assert!(
        calls <= allowed,
        "the nodes 0, 1, ... lead to {links:?}; from {start} there are {} nodes on the way: {calls} calls of `next`, and {allowed} are allowed",
        visited.len()
    );
}

#[test]
fn a_chain_with_an_end_is_no_cycle() {
    check(&[Some(1), Some(2), None], 0);
    check(&[Some(1), Some(2), Some(3), None], 0);
}

#[test]
fn a_single_node_is_no_cycle() {
    check(&[None], 0);
    check(&[Some(1), None], 1);
}

#[test]
fn a_ring_is_a_cycle() {
    check(&[Some(1), Some(2), Some(0)], 0);
    check(&[Some(1), Some(0)], 1);
}

#[test]
fn a_node_that_leads_to_itself_is_a_cycle() {
    check(&[Some(0)], 0);
    check(&[Some(1), Some(1)], 0);
    check(&[Some(1), Some(2), Some(3), Some(4), Some(4)], 0);
}

#[test]
fn the_start_need_not_be_part_of_the_cycle() {
    check(&[Some(1), Some(2), Some(1)], 0);
    check(&[Some(1), Some(2), Some(3), Some(4), Some(3)], 0);
}

#[test]
fn a_cycle_elsewhere_does_not_matter() {
    check(&[Some(1), None, Some(2)], 0);
    check(&[None, Some(2), Some(1)], 0);
}

#[test]
fn every_number_may_be_a_node() {
    let ways: [(&[usize], Option<usize>); 4] = [
        (&[usize::MAX], Some(usize::MAX)),
        (&[0, usize::MAX], Some(0)),
        (&[7, usize::MAX, 8], Some(usize::MAX)),
        (&[usize::MAX, 0], None),
    ];
    for (nodes, last) in ways {
        let calls = Budget::new(1_000, "calls of `next`");
        let next = |node: usize| {
            calls.spend();
            let at = nodes.iter().position(|other| *other == node);
            let at = at.unwrap_or_else(|| panic!("`next` was asked for {node}, which is no node"));
            nodes.get(at + 1).copied().or(last)
        };
        assert_eq!(
            has_cycle(nodes[0], next),
            last.is_some(),
            "the nodes {nodes:?}, each of which leads to the next, the last one to {last:?} (left is your answer)"
        );
    }
}

#[test]
fn all_ways_to_link_five_nodes_are_right() {
    for code in 0..6_usize.pow(5) {
        let links: Vec<Option<usize>> = (0..5)
            .map(|node| (code / 6_usize.pow(node) % 6).checked_sub(1))
            .collect();
        for start in 0..5 {
            check(&links, start);
        }
    }
}

#[test]
fn long_ways_cost_few_calls_and_no_memory() {
    let n = 20_000;
    let chain = |last: Option<usize>| (1..n).map(Some).chain([last]).collect::<Vec<_>>();
    let ways = [
        ("a chain of 20,000 nodes", chain(None), false),
        ("a ring of 20,000 nodes", chain(Some(0)), true),
        (
            "15,000 nodes that lead into a ring of 5,000",
            chain(Some(15_000)),
            true,
        ),
        (
            "5,000 nodes that lead into a ring of 15,000",
            chain(Some(5_000)),
            true,
        ),
        (
            "19,999 nodes that lead to one that leads to itself",
            chain(Some(19_999)),
            true,
        ),
    ];
    for (what, links, expected) in ways {
        let (answer, calls, heap) = search(&links, 0);
        assert_eq!(answer, expected, "{what} (left is your answer)");
        assert!(
            calls <= 100_008,
            "{what}: {calls} calls of `next`, and 100,008 are allowed"
        );
        assert_eq!(heap.calls, 0, "{what}: your allocations (left)");
    }
}
