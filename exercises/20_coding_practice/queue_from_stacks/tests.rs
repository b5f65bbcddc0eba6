use super::*;
use counted::{at_most, counts};
use std::collections::VecDeque;

/// A queue into which these items were pushed.
fn queue<const N: usize>(items: [u32; N]) -> StackQueue<u32> {
    let mut queue = StackQueue::new();
    for item in items {
        queue.push(item);
    }
    queue
}

#[test]
fn the_first_in_is_the_first_out() {
    let mut queue = queue([1, 2, 3]);
    let popped = [queue.pop(), queue.pop(), queue.pop()];
    assert_eq!(
        popped,
        [Some(1), Some(2), Some(3)],
        "push 1, 2, 3, and pop three times"
    );
    queue.push(4);
    assert_eq!(
        queue.peek(),
        Some(&4),
        "push 1, 2, 3, pop three times, push 4, and peek"
    );
}

#[test]
fn an_empty_queue_gives_none() {
    let mut queue = queue([]);
    assert_eq!(queue.peek(), None, "peek into an empty queue");
    assert_eq!(queue.pop(), None, "pop from an empty queue");
    queue.push(1);
    queue.pop();
    assert_eq!(queue.pop(), None, "push 1, pop, and pop once more");
    assert_eq!(queue.peek(), None, "push 1, pop twice, and peek");
}

#[test]
fn peek_shows_the_oldest_and_leaves_it() {
    let mut queue = queue([1, 2]);
    assert_eq!(queue.peek(), Some(&1), "push 1, 2, and peek");
    assert_eq!(queue.peek(), Some(&1), "push 1, 2, and peek twice");
    assert_eq!(queue.pop(), Some(1), "push 1, 2, peek twice, and pop");
    assert_eq!(queue.pop(), Some(2), "push 1, 2, peek twice, and pop twice");
}

#[test]
fn pushing_and_popping_may_alternate() {
    let mut queue = queue([1, 2]);
    assert_eq!(queue.pop(), Some(1), "push 1, 2, pop");
    queue.push(3);
    assert_eq!(queue.pop(), Some(2), "push 1, 2, pop, push 3, pop");
    queue.push(4);
    assert_eq!(
        queue.pop(),
        Some(3),
        "push 1, 2, pop, push 3, pop, push 4, pop"
    );
    assert_eq!(
        queue.peek(),
        Some(&4),
        "push 1, 2, pop, push 3, pop, push 4, pop, peek"
    );
}

#[test]
fn random_scripts_agree_with_a_deque() {
    seeded::cases(200, |rng| {
        let mut queue = StackQueue::new();
        let mut model = VecDeque::new();
        let mut done = Vec::new();
        let weights = *rng.pick(&[[3, 1, 1], [1, 1, 1], [1, 3, 1]]);
        for item in 0..500 {
            let (call, answer, expected) = match rng.weighted(&weights) {
                0 => {
                    queue.push(item);
                    model.push_back(item);
                    ("push", None, None)
                }
                1 => ("pop", queue.pop(), model.pop_front()),
                _ => ("peek", queue.peek().copied(), model.front().copied()),
            };
            done.push(call);
            let last = &done[done.len().saturating_sub(12)..];
            assert_eq!(
                answer, expected,
                "the items are 0, 1, 2, ..., numbered by call; the last calls were {last:?} (left is yours)"
            );
        }
    });
}

#[test]
fn the_items_lie_on_the_stacks() {
    let items = 100;
    let (_, did) = counts(|| {
        let mut queue = StackQueue::new();
        (0..items).for_each(|item| queue.push(item));
        for item in 0..items {
            assert_eq!(queue.pop(), Some(item), "push 0 to 99 and pop all of them");
        }
    });
    assert!(
        did.moves >= items,
        "push 100 items, and pop them: {} pushes and pops of the stacks; where else did the items lie?",
        did.moves
    );
}

#[test]
fn a_call_costs_four_moves_on_average() {
    let items = 10_000;
    let calls = 6 * items;
    let (_, did) = counts(|| {
        at_most(1_000_000, || {
            let mut queue = StackQueue::new();
            (0..items).for_each(|item| queue.push(item));
            for item in items..2 * items {
                queue.push(item);
                assert_eq!(queue.peek(), Some(&0), "push 0, 1, 2, ... and peek");
            }
            for item in 0..2 * items {
                assert_eq!(
                    queue.pop(),
                    Some(item),
                    "push 0 to 19,999 and pop all of them"
                );
            }
            (0..items).for_each(|_| assert_eq!(queue.pop(), None, "pop when all are gone"));
        })
    });
    assert!(
        did.moves <= 4 * calls,
        "{calls} calls of push, peek and pop: {} pushes and pops of the stacks, and {} are allowed",
        did.moves,
        4 * calls
    );
}
