use super::*;
use counted::ends;

#[track_caller]
fn check(stones: &[u64], expected: u64) {
    assert_eq!(
        last_stone(stones.to_vec()),
        expected,
        "last_stone({stones:?}) (left is yours)"
    );
}

#[test]
fn two_stones_leave_their_difference() {
    check(&[5, 3], 2);
    check(&[3, 5], 2);
}

#[test]
fn the_difference_is_smashed_in_its_turn() {
    check(&[2, 7, 4, 1, 8, 1], 1);
    check(&[10, 4, 3], 3);
}

#[test]
fn the_two_heaviest_are_smashed_and_not_the_best_pair() {
    check(&[31, 26, 33, 21, 40], 9);
    check(&[1, 2, 4, 8], 1);
}

#[test]
fn equal_stones_leave_nothing() {
    check(&[4, 4], 0);
    check(&[7, 7, 7, 7], 0);
    check(&[7, 7, 7], 7);
}

#[test]
fn one_stone_is_the_last_and_none_weighs_0() {
    check(&[], 0);
    check(&[6], 6);
}

#[test]
fn every_weight_is_possible() {
    check(&[u64::MAX, 1], u64::MAX - 1);
    check(&[u64::MAX, u64::MAX], 0);
    check(&[0, 0, 3], 3);
    check(&[u64::MAX, 0, u64::MAX - 5], 5);
}

#[test]
fn random_stones_agree_with_sorting_in_each_round() {
    seeded::cases(3_000, |rng| {
        let (len, heaviest) = (rng.below(10), *rng.pick(&[3, 20, 1_000]));
        let stones: Vec<u64> = rng.vec(len, |rng| rng.range(1..=heaviest));
        let mut left = stones.clone();
        while let [.., _, _] = left[..] {
            left.sort();
            let (first, second) = (left.pop(), left.pop());
            left.extend(first.zip(second).map(|(first, second)| first - second));
        }
        check(&stones, left.first().copied().unwrap_or(0));
    });
}

#[test]
fn four_hundred_thousand_stones_are_no_burden() {
    ends(|doing| {
        doing.note(|| "400,000 stones of more than 10^12, in pairs of nearly equal weight".into());
        // The pairs differ by 200,000 ... 2, 1, and each difference is the lightest stone when it
        // comes. The differences leave 100,000 stones of 1, and these leave nothing.
        let stones = (1..=200_000)
            .map(|i| (1_000_000_000_000 + 400_000 * i, i))
            .flat_map(|(weight, difference)| [weight, weight + difference])
            .collect();
        assert_eq!(
            last_stone(stones),
            0,
            "400,000 stones: the last one (left is yours)"
        );
    });
}
