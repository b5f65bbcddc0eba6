use super::*;

#[track_caller]
fn check(xs: &[i32], k: usize) {
    let sums = (k > 0).then(|| {
        xs.windows(k)
            .map(|window| window.iter().copied().map(i64::from).sum::<i64>())
    });
    let expected = sums.and_then(Iterator::max);
    assert_eq!(
        best_window_sum(xs, k),
        expected,
        "best_window_sum({xs:?}, {k}) (left is yours)"
    );
}

#[test]
fn the_best_window_is_found() {
    check(&[2, 1, 5, 1, 3, 2], 3);
    check(&[1, 9, 1, 1], 1);
    check(&[1, 2, 3, 4], 2);
}

#[test]
fn the_first_window_counts() {
    check(&[9, 8, 1, 1, 1], 2);
    check(&[3, 2], 1);
}

#[test]
fn all_numbers_may_form_the_window() {
    check(&[4, -1, 7], 3);
    check(&[-5], 1);
}

#[test]
fn all_numbers_may_be_negative() {
    check(&[-3, -1, -2], 1);
    check(&[-3, -1, -2, -7], 2);
}

#[test]
fn fewer_than_k_numbers_are_no_window() {
    check(&[5, -9, 1], 2);
    check(&[1, -9, 5], 2);
}

#[test]
fn without_a_window_there_is_no_answer() {
    check(&[1, 2, 3], 0);
    check(&[1, 2, 3], 4);
    check(&[], 0);
    check(&[], 1);
    check(&[1], usize::MAX);
}

#[test]
fn the_sum_may_leave_i32() {
    check(&[i32::MAX; 5], 3);
    check(&[i32::MIN; 5], 4);
    check(&[i32::MIN, i32::MAX, i32::MAX, i32::MIN], 2);
    check(&[i32::MIN, i32::MAX], 1);
}

#[test]
fn random_lists_agree_with_adding_up_every_window() {
    seeded::cases(3_000, |rng| {
        let len = rng.below(13);
        let ends = rng.chance(0.1);
        let xs = rng.vec(len, |rng| match ends {
            true => *rng.pick(&[i32::MIN, i32::MAX, -1, 0]),
            false => rng.range(-9..=9),
        });
        check(&xs, rng.below(len + 2));
    });
}

#[test]
fn a_long_window_costs_no_more_than_a_short_one() {
    counted::ends(|doing| {
        doing.note(|| "a million numbers with a k of 500,000".into());
        let xs: Vec<i32> = (0..1_000_000).collect();
        let expected = (500_000..1_000_000).sum::<i64>();
        assert_eq!(
            best_window_sum(&xs, 500_000),
            Some(expected),
            "the numbers 0 to 999,999 with a k of 500,000"
        );
    });
}
