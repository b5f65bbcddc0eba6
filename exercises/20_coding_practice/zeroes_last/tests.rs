use super::*;
use counted::{Probe, allocations, at_most, counts};

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// The numbers, those that are not zero first.
fn two_lists(xs: &[u8]) -> Vec<u8> {
    let (mut stay, zeroes): (Vec<u8>, Vec<u8>) = xs.iter().partition(|x| **x != 0);
    stay.extend(zeroes);
    stay
}

#[track_caller]
fn check(xs: &[u8]) {
    let mut answer = xs.to_vec();
    zeroes_last(&mut answer);
    assert_eq!(
        answer,
        two_lists(xs),
        "zeroes_last of {xs:?} (left is yours)"
    );
}

#[test]
fn zeroes_end_up_behind_the_others() {
    check(&[0, 1]);
    check(&[5, 0]);
    check(&[0, 5, 0, 0, 3, 8]);
}

#[test]
fn with_nothing_to_move_nothing_changes() {
    check(&[]);
    check(&[0]);
    check(&[0, 0, 0]);
    check(&[1, 2, 3]);
    check(&[1, 2, 0, 0]);
}

#[test]
fn the_others_keep_their_order() {
    check(&[0, 1, 2, 3]);
    check(&[3, 0, 2, 0, 1]);
    check(&[1, 0, 2, 3, 0, 4]);
}

#[test]
fn zeroes_may_stand_together() {
    check(&[0, 0, 1]);
    check(&[1, 0, 0, 2]);
    check(&[0, 0, 0, 4, 0, 0, 5]);
}

/// A record that cannot be cloned; the empty one is all zeroes.
#[derive(Debug, Default, PartialEq)]
struct Order {
    amount: u32,
    id: u32,
}

#[test]
fn records_are_moved_and_equal_amounts_keep_their_order() {
    let order = |(amount, id)| Order { amount, id };
    let mut orders = [(7, 1), (0, 0), (7, 2), (0, 0), (5, 3), (7, 4), (0, 5)].map(order);
    zeroes_last(&mut orders);
    let expected = [(7, 1), (7, 2), (5, 3), (7, 4), (0, 5), (0, 0), (0, 0)].map(order);
    assert_eq!(
        orders, expected,
        "an order is empty when amount and id are 0 (left is yours)"
    );
}

#[test]
fn all_short_slices_agree_with_two_lists() {
    for len in 0..=8 {
        for code in 0..3_usize.pow(len) {
            let xs: Vec<u8> = (0..len)
                .map(|i| (code / 3_usize.pow(i) % 3) as u8)
                .collect();
            check(&xs);
        }
    }
}

#[test]
fn each_item_is_compared_once() {
    let mut xs: Vec<Probe<u32>> = (0..10_000).map(|i| Probe::new(i % 2)).collect();
    let (_, did) = counts(|| at_most(100_000, || zeroes_last(&mut xs)));
    assert!(
        did.comparisons <= 10_000,
        "10,000 items, every other one zero: {} comparisons, and 10,000 are allowed",
        did.comparisons
    );
}

#[test]
fn a_million_numbers_cost_no_square_and_no_memory() {
    counted::ends(|doing| {
        doing.note(|| "a million numbers, the first half zero".into());
        let mut xs: Vec<u64> = (0..1_000_000)
            .map(|i| if i < 500_000 { 0 } else { i })
            .collect();
        let (_, heap) = allocations(|| zeroes_last(&mut xs));
        assert!(
            xs[..500_000].iter().copied().eq(500_000..1_000_000),
            "the numbers come first, in their order"
        );
        assert!(
            xs[500_000..].iter().all(|x| *x == 0),
            "the zeroes come last"
        );
        assert_eq!(
            heap.calls, 0,
            "a million numbers, the first half zero: your allocations (left)"
        );
    });
}
