use super::*;
use counted::Budget;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// Your answer, and how often `amount` was called for it. A search without end ends with a message.
fn search(amounts: &[i64], target: i64) -> (Option<(usize, usize)>, u64) {
    let calls = Budget::new(20_000, "calls of `amount`");
    let amount = |&amount: &i64| {
        calls.spend();
        amount
    };
    (two_sum_sorted(amounts, amount, target), calls.used())
}

/// Checks the answer for a sorted list, whichever pair it is.
#[track_caller]
fn check(amounts: &[i64], target: i64) {
    assert!(amounts.is_sorted(), "the test is wrong: {amounts:?}");
    let (answer, _) = search(amounts, target);
    match (answer, a_pair(amounts, target)) {
        (None, None) => {}
        (None, Some((i, j))) => panic!(
            "amounts {amounts:?}, target {target}: your answer is None, but the positions {i} and \
             {j} hold {} and {}",
            amounts[i], amounts[j]
        ),
        (Some((i, j)), _) => {
            assert!(
                i < j && j < amounts.len(),
                "amounts {amounts:?}, target {target}: Some(({i}, {j})) are not two positions of \
                 the list, the smaller first"
            );
            let sum = i128::from(amounts[i]) + i128::from(amounts[j]);
            assert!(
                sum == i128::from(target),
                "amounts {amounts:?}, target {target}: your answer is Some(({i}, {j})), but \
                 {} and {} add up to {sum}",
                amounts[i],
                amounts[j]
            );
        }
    }
}

/// Some pair, by comparing each with each.
fn a_pair(amounts: &[i64], target: i64) -> Option<(usize, usize)> {
    for j in 0..amounts.len() {
        for i in 0..j {
            if i128::from(amounts[i]) + i128::from(amounts[j]) == i128::from(target) {
                return Some((i, j));
            }
        }
    }
    None
}

#[test]
fn two_amounts_that_add_up_are_found() {
    check(&[-2, 1, 4, 6, 9], 7);
    check(&[1, 2], 3);
    check(&[1, 5, 6, 10], 16);
    check(&[1, 5, 6, 10], 6);
    check(&[1, 5, 6, 10], 11);
}

#[test]
fn without_a_pair_the_answer_is_none() {
    check(&[1, 2, 4], 7);
    check(&[1, 2, 4], 1);
    check(&[1, 2, 4], 100);
    check(&[], 0);
}

#[test]
fn an_invoice_is_not_paired_with_itself() {
    check(&[3], 6);
    check(&[3, 5], 6);
    check(&[1, 3], 6);
    check(&[1, 3, 3, 9], 6);
}

#[test]
fn the_ends_of_the_type_do_not_overflow() {
    check(&[i64::MAX, i64::MAX], 0);
    check(&[i64::MIN, i64::MIN], 0);
    check(&[i64::MIN, -7, 9, i64::MAX], 2);
    check(&[i64::MIN, i64::MAX], -1);
    // Clamped to the largest value, MAX + 1 would be MAX.
    check(&[1, i64::MAX], i64::MAX);
    check(&[i64::MIN, -1], i64::MIN);
    // Wrapped around, MAX + 1 would be MIN.
    check(&[1, i64::MAX], i64::MIN);
    // MIN - 1 is no i64, but one step further on there is a pair.
    check(&[i64::MIN, 0, 1], 1);
    check(&[-1, 0, i64::MAX], -1);
}

#[test]
fn random_lists_agree_with_nested_loops() {
    seeded::cases(3_000, |rng| {
        let spread = rng.range(1..=40);
        let len = rng.below(rng.size() / 3 + 2);
        let mut amounts = rng.vec(len, |rng| match rng.weighted(&[16, 1, 1]) {
            0 => rng.range(-spread..=spread),
            1 => i64::MIN + rng.range(0..=2),
            _ => i64::MAX - rng.range(0..=2),
        });
        amounts.sort();
        check(&amounts, rng.range(-2 * spread..=2 * spread));
        check(&amounts, *rng.pick(&[i64::MIN, -1, i64::MAX]));
    });
}

#[test]
fn amount_is_called_at_most_twice_for_each_invoice() {
    for len in [1, 2, 3, 10, 100, 1_000] {
        // The targets: below all sums, found at the low end, in the middle, at the high end, above all.
        let invoices: Vec<i64> = (0..len).map(|i| 2 * i).collect();
        for target in [-1, 1, 2, 2 * len - 1, 4 * len - 6, 4 * len] {
            let (_, calls) = search(&invoices, target);
            assert!(
                calls <= 2 * len as u64,
                "target {target} in {len} invoices with the amounts 0, 2, 4, ...: `amount` was \
                 called {calls} times, and {} calls are allowed",
                2 * len
            );
        }
    }
}

#[test]
fn nothing_is_allocated() {
    let invoices: Vec<i64> = (0..100).map(|i| 2 * i).collect();
    for target in [1, 2, 99, 100, 198, 394] {
        let calls = Budget::new(20_000, "calls of `amount`");
        let amount = |&amount: &i64| {
            calls.spend();
            amount
        };
        let (_, heap) = counted::allocations(|| two_sum_sorted(&invoices, amount, target));
        assert!(
            heap.calls == 0,
            "target {target} in 100 invoices: {} allocations of {} bytes in all, and none is allowed",
            heap.calls,
            heap.bytes
        );
    }
}
