use super::*;
use counted::{Probe, allocations, counts};
use std::ops::Sub;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// Pushes the amounts and compares each answer with the expected one.
#[track_caller]
fn assert_stream(target: i64, pushes: &[(i64, Option<usize>)]) {
    let mut stream = PairStream::new(target);
    for (position, &(amount, expected)) in pushes.iter().enumerate() {
        let amounts: Vec<i64> = pushes[..=position].iter().map(|push| push.0).collect();
        assert_eq!(
            stream.push(amount),
            expected,
            "target {target}, after the pushes {amounts:?}: left is the answer of your last push, \
             right the expected one"
        );
    }
}

#[test]
fn an_amount_is_paired_with_an_open_partner() {
    assert_stream(0, &[(70, None), (20, None), (-70, Some(0))]);
    assert_stream(9, &[(2, None), (3, None), (7, Some(0)), (6, Some(1))]);
}

#[test]
fn an_amount_is_paired_at_most_once() {
    assert_stream(0, &[(70, None), (-70, Some(0)), (-70, None), (70, Some(2))]);
    assert_stream(0, &[(5, None), (-5, Some(0)), (5, None), (-5, Some(2))]);
}

#[test]
fn an_amount_is_not_paired_with_itself() {
    assert_stream(0, &[(0, None), (0, Some(0)), (0, None)]);
    assert_stream(6, &[(3, None), (3, Some(0)), (3, None), (3, Some(2))]);
}

#[test]
fn equal_amounts_can_all_be_open() {
    let mut stream = PairStream::new(0);
    let first = [5, 5, 5].map(|amount| stream.push(amount));
    let mut second = [-5, -5, -5, -5].map(|amount| stream.push(amount));
    second.sort();
    assert_eq!(first, [None; 3], "5, 5, 5 with the target 0");
    assert_eq!(
        second,
        [None, Some(0), Some(1), Some(2)],
        "after 5, 5, 5 four pushes of -5: left are their sorted answers, right the expected ones"
    );
}

#[test]
fn the_longest_open_partner_is_taken() {
    let pushes = [70, 20, 70, 70].map(|amount| (amount, None));
    let answers = [(-70, Some(0)), (-70, Some(2)), (-70, Some(3)), (-70, None)];
    assert_stream(0, &[pushes, answers].concat());
}

#[test]
fn the_ends_of_the_type_do_not_overflow() {
    // With the target 0 the partner of i64::MIN would be one more than i64::MAX; with wrapping
    // arithmetic it would be i64::MIN.
    assert_stream(0, &[(i64::MIN, None), (i64::MIN, None)]);
    assert_stream(-1, &[(i64::MIN, None), (i64::MAX, Some(0))]);
}

#[test]
fn amounts_without_a_possible_partner_count_as_well() {
    assert_stream(0, &[(i64::MIN, None), (4, None), (-4, Some(1))]);
    assert_stream(
        i64::MAX,
        &[(-1, None), (i64::MIN, None), (i64::MAX, None), (0, Some(2))],
    );
}

#[test]
fn random_streams_agree_with_a_list_of_open_amounts() {
    seeded::cases(2_000, |rng| {
        let spread = rng.range(1..=8);
        let target = *rng.pick(&[0, 1, spread, -1, i64::MIN, i64::MAX]);
        let mut stream = PairStream::new(target);
        let mut pushed: Vec<i64> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for position in 0..rng.size() {
            let amount = match rng.weighted(&[12, 1, 1]) {
                0 => rng.range(-spread..=spread),
                1 => i64::MIN + rng.range(0..=2),
                _ => i64::MAX - rng.range(0..=2),
            };
            let expected = open
                .iter()
                .position(|&i| i128::from(pushed[i]) + i128::from(amount) == i128::from(target))
                .map(|i| open.remove(i));
            if expected.is_none() {
                open.push(position);
            }
            pushed.push(amount);
            assert_eq!(
                stream.push(amount),
                expected,
                "target {target}, after the pushes {pushed:?}: left is the answer of your last \
                 push, right the expected one"
            );
        }
    });
}

#[test]
fn a_push_costs_a_few_operations_however_many_are_open() {
    const OPEN: i64 = 2_000;
    // First all the amounts, then all the opposites in the same order: up to 2,000 are open.
    let amounts = (1..=OPEN).chain((1..=OPEN).map(|amount| -amount));
    let mut stream = PairStream::new(metered(0));
    let (paired, did) = counts(|| {
        amounts
            .filter_map(|amount| stream.push(metered(amount)))
            .count()
    });
    assert_eq!(
        paired as i64, OPEN,
        "pairs among 1, 2, ... {OPEN}, -1, -2, ..."
    );
    let per_push = (did.reads + did.comparisons + did.hashes) / (2 * OPEN as u64);
    assert!(
        per_push <= 100,
        "with up to {OPEN} open amounts a push cost {per_push} operations on average, and 100 are \
         allowed. All pushes together: {} subtractions, {} comparisons and {} hashes",
        did.reads,
        did.comparisons,
        did.hashes
    );
}

#[test]
fn what_is_paired_is_forgotten() {
    // 20,000 pairs, all of different amounts; the second of a pair comes ten pushes after the first.
    let mut stream = PairStream::new(0);
    let (_, heap) = allocations(|| {
        for amount in 1..=20_000 {
            stream.push(amount);
            if amount > 10 {
                stream.push(10 - amount);
            }
        }
    });
    assert!(
        heap.peak <= 16 * 1024,
        "40,000 pushes, at most 11 amounts open at a time: the stream held up to {} bytes on the \
         heap, and 16 KiB are allowed. What do you still remember of amounts that are paired?",
        heap.peak
    );
}

#[test]
fn equal_open_amounts_are_forgotten_too() {
    // Of this one amount some are always open, while thousands of others come and go.
    let mut stream = PairStream::new(0);
    let (_, heap) = allocations(|| {
        for _ in 0..10 {
            stream.push(7);
        }
        for _ in 0..20_000 {
            stream.push(7);
            stream.push(-7);
        }
    });
    assert!(
        heap.peak <= 16 * 1024,
        "40,000 pushes of 7 and -7, at most 11 amounts open at a time: the stream held up to {} \
         bytes on the heap, and 16 KiB are allowed",
        heap.peak
    );
}

/// An amount that counts: a read for each subtraction, and its comparisons and hashes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
