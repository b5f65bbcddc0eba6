use super::*;
use counted::Probe;
use std::ops::Sub;

#[track_caller]
fn assert_pair(amounts: &[i64], target: i64, expected: Option<(usize, usize)>) {
    assert_eq!(
        two_sum(amounts, target),
        expected,
        "two_sum(&{amounts:?}, {target}): left is your answer, right the expected one"
    );
}

#[test]
fn two_amounts_that_add_up_are_found() {
    assert_pair(&[7, 11, 15, 2], 9, Some((0, 3)));
    assert_pair(&[8, 3, 5, 6, 3], 9, Some((1, 3)));
    assert_pair(&[-4, 10, 4], 0, Some((0, 2)));
}

#[test]
fn without_a_pair_the_answer_is_none() {
    assert_pair(&[1, 2, 4], 7, None);
    assert_pair(&[5], 5, None);
    assert_pair(&[], 0, None);
}

#[test]
fn an_amount_is_not_paired_with_itself() {
    assert_pair(&[3, 5], 6, None);
    assert_pair(&[0], 0, None);
    assert_pair(&[5, 3, 3], 6, Some((1, 2)));
}

#[test]
fn the_pair_that_completes_first_wins() {
    assert_pair(&[1, 2, 3, 4], 5, Some((1, 2)));
    assert_pair(&[1, 5, 4, 0], 5, Some((0, 2)));
}

#[test]
fn of_equal_partners_the_lowest_position_counts() {
    assert_pair(&[4, 4, 1], 5, Some((0, 2)));
    assert_pair(&[9, 4, 9, 4, 4, 1], 5, Some((1, 5)));
}

#[test]
fn the_ends_of_the_type_do_not_overflow() {
    // 0 - i64::MIN is one more than i64::MAX; the 5 and the -5 still make a pair.
    assert_pair(&[i64::MIN, 5, -5], 0, Some((1, 2)));
    // With wrapping arithmetic MAX + 1 would be MIN.
    assert_pair(&[i64::MAX, 1], i64::MIN, None);
    assert_pair(&[i64::MIN, -1], i64::MAX, None);
    assert_pair(&[i64::MAX, i64::MIN], -1, Some((0, 1)));
    assert_pair(&[i64::MAX, 0], i64::MAX, Some((0, 1)));
}

#[test]
fn random_lists_agree_with_nested_loops() {
    seeded::cases(3_000, |rng| {
        let spread = rng.range(1..=20);
        let len = rng.below(rng.size() / 2 + 2);
        let amounts = rng.vec(len, |rng| match rng.weighted(&[12, 1, 1]) {
            0 => rng.range(-spread..=spread),
            1 => i64::MIN + rng.range(0..=2),
            _ => i64::MAX - rng.range(0..=2),
        });
        let target = *rng.pick(&[0, 1, 2 * spread, -spread, i64::MIN, i64::MAX, -1]);
        assert_pair(&amounts, target, nested_loops(&amounts, target));
    });
}

/// The answer by comparing each with each: right, and far too slow for a ledger.
fn nested_loops(amounts: &[i64], target: i64) -> Option<(usize, usize)> {
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
fn each_amount_costs_a_few_operations() {
    const AMOUNTS: u64 = 1_000;
    // All amounts are multiples of 4 and the target is odd, so there is no pair.
    let mut amounts: Vec<Metered> = (0..AMOUNTS as i64).map(|i| metered(4 * i)).collect();
    seeded::Rng::new(20).shuffle(&mut amounts);

    let allowed = 16 * AMOUNTS;
    let (found, did) =
        counted::counts(|| counted::at_most(100 * allowed, || two_sum(&amounts, metered(2_001))));
    let used = did.reads + did.comparisons + did.hashes;
    assert_eq!(found, None, "among multiples of 4, with an odd target");
    assert!(
        used <= allowed,
        "{used} operations for {AMOUNTS} amounts: at most 16 for each are allowed. They were \
         {} subtractions, {} comparisons and {} hashes",
        did.reads,
        did.comparisons,
        did.hashes
    );
}

/// An amount that counts: a read for each subtraction, and its comparisons and hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Metered(Probe<i64>);

fn metered(amount: i64) -> Metered {
    Metered(Probe::new(amount))
}

impl Sub for Metered {
    type Output = Metered;
    fn sub(self, other: Metered) -> Metered {
        metered(*self.0 - other.0.inner())
    }
}

impl Amount for Metered {
    fn checked_sub(self, other: Metered) -> Option<Metered> {
        self.0.checked_sub(*other.0.inner()).map(metered)
    }
}
