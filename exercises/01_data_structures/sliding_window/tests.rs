use super::*;
use counted::Budget;
use std::ops::Range;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// Your answer, and how often `cost` was called for it. A search without end ends with a message.
fn search(costs: &[u64], budget: u64) -> (Range<usize>, u64) {
    let calls = Budget::new(1_000_000, "calls of `cost`");
    let cost = |&cost: &u64| {
        calls.spend();
        cost
    };
    (longest_within(costs, cost, budget), calls.used())
}

#[track_caller]
fn assert_run(costs: &[u64], budget: u64, expected: Range<usize>) {
    assert_eq!(
        search(costs, budget).0,
        expected,
        "costs {costs:?}, budget {budget}: left is your answer, right the expected one"
    );
}

#[test]
fn the_longest_run_within_the_budget_is_found() {
    assert_run(&[3, 1, 2, 5, 1, 1], 7, 0..3);
    assert_run(&[5, 5, 1, 2, 3, 9], 6, 2..5);
    assert_run(&[1, 1, 1], 10, 0..3);
    assert_run(&[4, 9, 4], 13, 0..2);
}

#[test]
fn a_total_equal_to_the_budget_fits() {
    assert_run(&[2, 3, 4], 5, 0..2);
    assert_run(&[6], 6, 0..1);
    assert_run(&[9, 0, 0, 9], 0, 1..3);
}

#[test]
fn of_equally_long_runs_the_first_counts() {
    assert_run(&[4, 4, 9, 1, 1], 8, 0..2);
    assert_run(&[5, 5, 5], 5, 0..1);
}

#[test]
fn if_nothing_fits_the_range_is_empty() {
    assert_run(&[5, 9], 4, 0..0);
    assert_run(&[], 4, 0..0);
    assert_run(&[1, 1], 0, 0..0);
}

#[test]
fn a_request_over_the_budget_parts_the_runs() {
    assert_run(&[1, 50, 1, 1], 3, 2..4);
    assert_run(&[50, 50, 1], 3, 2..3);
    assert_run(&[1, 1, 1, 50, 1, 1], 3, 0..3);
}

#[test]
fn totals_beyond_the_type_are_over_the_budget() {
    assert_run(&[u64::MAX, 1, 1], 5, 1..3);
    assert_run(&[1, u64::MAX], u64::MAX, 0..1);
    assert_run(&[u64::MAX, u64::MAX, 0], u64::MAX, 1..3);
    assert_run(&[u64::MAX - 1, 1, 0, 1], u64::MAX, 0..3);
}

#[test]
fn random_lists_agree_with_all_their_runs() {
    seeded::cases(3_000, |rng| {
        let dearest = rng.range(0..=9);
        let len = rng.below(rng.size() / 3 + 2);
        let costs = rng.vec(len, |rng| match rng.weighted(&[30, 1]) {
            0 => rng.range(0..=dearest),
            _ => u64::MAX - rng.range(0..=1),
        });
        let budget = match rng.weighted(&[20, 1]) {
            0 => rng.range(0..=3 * dearest),
            _ => u64::MAX - rng.range(0..=1),
        };
        assert_run(&costs, budget, best_of_all_runs(&costs, budget));
    });
}

/// Every run, by its start: right, and quadratic.
fn best_of_all_runs(costs: &[u64], budget: u64) -> Range<usize> {
    let mut best = 0..0;
    for start in 0..costs.len() {
        let mut total = 0_u128;
        for (last, &cost) in costs.iter().enumerate().skip(start) {
            total += u128::from(cost);
            if total <= u128::from(budget) && last + 1 - start > best.len() {
                best = start..last + 1;
            }
        }
    }
    best
}

/// Lists of 1,000 requests, each with a budget and what is special about it.
fn long_lists() -> Vec<(Vec<u64>, u64, &'static str)> {
    let mixed = seeded::Rng::new(1).vec(1_000, |rng| rng.range(0..=9));
    vec![
        (vec![1; 1_000], 2_000, "everything fits"),
        (vec![1; 1_000], 100, "a tenth fits"),
        (vec![5; 1_000], 4, "nothing fits"),
        (mixed, 500, "mixed costs"),
    ]
}

#[test]
fn cost_is_called_at_most_twice_for_each_request() {
    for (costs, budget, what) in long_lists() {
        let (_, calls) = search(&costs, budget);
        assert!(
            calls <= 2_000,
            "1,000 requests, {what}: `cost` was called {calls} times, and 2,000 calls are allowed"
        );
    }
}

#[test]
fn nothing_is_allocated() {
    for (costs, budget, what) in long_lists() {
        let calls = Budget::new(1_000_000, "calls of `cost`");
        let cost = |&cost: &u64| {
            calls.spend();
            cost
        };
        let (_, heap) = counted::allocations(|| longest_within(&costs, cost, budget));
        assert!(
            heap.calls == 0,
            "1,000 requests, {what}: {} allocations of {} bytes in all, and none is allowed",
            heap.calls,
            heap.bytes
        );
    }
}
