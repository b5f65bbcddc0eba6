use super::*;
use counted::{allocations, ends};

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

#[track_caller]
fn check(costs: &[u32], expected: u64) {
    assert_eq!(
        cheapest_climb(costs),
        expected,
        "cheapest_climb({costs:?}) (left is yours)"
    );
}

#[test]
fn of_two_stairs_the_cheaper_one_is_used() {
    check(&[5, 3], 3);
    check(&[3, 5], 3);
}

#[test]
fn the_cheapest_way_is_found() {
    check(&[10, 15, 20], 15);
    check(&[1, 100, 1, 1, 1, 100, 1, 1, 100, 1], 6);
    check(&[7, 7, 7, 7], 14);
}

#[test]
fn the_last_stair_may_be_stepped_over() {
    check(&[9, 1, 9], 1);
    check(&[2, 9, 2, 9], 4);
}

#[test]
fn a_dear_stair_now_may_save_more_later() {
    check(&[1, 2, 9, 1, 9], 3);
    check(&[1, 2, 100, 3, 100, 3], 8);
}

#[test]
fn without_stairs_or_with_one_nothing_is_paid() {
    check(&[], 0);
    check(&[8], 0);
}

#[test]
fn totals_exceed_u32() {
    check(&[u32::MAX; 4], 2 * u64::from(u32::MAX));
}

/// The least price from a place on, by trying both choices.
fn from(costs: &[u32], place: usize) -> u64 {
    match costs.get(place) {
        None => 0,
        Some(&cost) => u64::from(cost) + from(costs, place + 1).min(from(costs, place + 2)),
    }
}

#[test]
fn random_stairs_agree_with_trying_both_choices() {
    seeded::cases(2_000, |rng| {
        let len = rng.below(rng.size() / 8 + 2).min(14);
        let dearest = *rng.pick(&[3, 20, u32::MAX]);
        let costs = rng.vec(len, |rng| rng.range(0..=dearest));
        check(&costs, from(&costs, 0).min(from(&costs, 1)));
    });
}

#[test]
fn long_stairs_are_no_burden() {
    ends(|doing| {
        doing.note(|| "100 stairs of price 3".into());
        check(&[3; 100], 150);
        doing.note(|| "5,000 stairs of price u32::MAX".into());
        assert_eq!(
            cheapest_climb(&[u32::MAX; 5_000]),
            2_500 * u64::from(u32::MAX),
            "5,000 stairs of price u32::MAX (left is yours)"
        );
    });
}

#[test]
fn nothing_is_allocated() {
    for len in 0..=20 {
        let costs = vec![3; len];
        let (_, heap) = allocations(|| cheapest_climb(&costs));
        assert_eq!(heap.calls, 0, "{len} stairs: your allocations (left)");
    }
}
