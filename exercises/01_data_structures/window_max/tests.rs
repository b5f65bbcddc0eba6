use super::*;
use counted::{Counted, counts};

/// Pushes the samples `(now, value)` and compares each answer with the expected one.
#[track_caller]
fn assert_series(span_ms: u64, pushes: &[(u64, i32, i32)]) {
    let mut window = WindowMax::new(span_ms);
    for (i, &(now_ms, value, expected)) in pushes.iter().enumerate() {
        let series: Vec<_> = pushes[..=i].iter().map(|p| (p.0, p.1)).collect();
        assert_eq!(
            *window.push(now_ms, value),
            expected,
            "span {span_ms} ms, samples (time, value) {series:?}: left is your maximum after the \
             last of them, right the expected one"
        );
    }
}

#[test]
fn the_first_sample_is_the_maximum() {
    assert_series(10, &[(5, 3, 3)]);
}

#[test]
fn the_largest_sample_of_the_window_is_returned() {
    assert_series(10, &[(0, 8, 8), (3, 5, 8), (5, 9, 9), (6, 7, 9)]);
    assert_series(100, &[(1, 1, 1), (2, 2, 2), (3, 3, 3), (4, 1, 3)]);
}

#[test]
fn a_sample_is_in_the_window_until_it_is_span_old() {
    assert_series(10, &[(0, 8, 8), (9, 1, 8), (10, 2, 2)]);
    assert_series(1, &[(7, 9, 9), (7, 4, 9), (8, 1, 1)]);
}

#[test]
fn when_the_maximum_leaves_the_next_largest_takes_over() {
    assert_series(
        10,
        &[
            (0, 8, 8),
            (3, 5, 8),
            (9, 6, 8),
            (10, 4, 6),
            (13, 1, 6),
            (13, 2, 6),
        ],
    );
    assert_series(
        10,
        &[
            (0, 9, 9),
            (1, 8, 9),
            (2, 7, 9),
            (10, 1, 8),
            (11, 1, 7),
            (12, 1, 1),
        ],
    );
    assert_series(
        10,
        &[
            (0, 9, 9),
            (2, 4, 9),
            (4, 6, 9),
            (6, 5, 9),
            (10, 1, 6),
            (14, 1, 5),
        ],
    );
}

#[test]
fn samples_of_equal_value_leave_one_by_one() {
    assert_series(
        10,
        &[(0, 5, 5), (4, 5, 5), (10, 1, 5), (13, 2, 5), (14, 1, 2)],
    );
}

#[test]
fn the_ends_of_time_do_not_overflow() {
    const END: u64 = u64::MAX;
    // At the time 3 the window would begin before 0; near the end it would end after u64::MAX.
    assert_series(10, &[(3, 7, 7), (4, 2, 7), (13, 1, 2)]);
    assert_series(10, &[(END - 9, 7, 7), (END, 2, 7)]);
    assert_series(10, &[(END - 10, 7, 7), (END, 2, 2)]);
    assert_series(END, &[(0, 7, 7), (END - 1, 3, 7), (END, 2, 3)]);
}

#[test]
fn random_series_agree_with_a_list_of_all_samples() {
    seeded::cases(1_000, |rng| {
        let span_ms = rng.range(1..=12);
        let start = *rng.pick(&[0, 1, 1_000, u64::MAX - 1_000]);
        let (step, spread) = (rng.range(0..=3), rng.range(0..=20));
        let mut window = WindowMax::new(span_ms);
        let mut series: Vec<(u64, i32)> = Vec::new();
        let mut now_ms = start;
        for _ in 0..rng.size() {
            now_ms += rng.range(0..=step);
            series.push((now_ms, rng.range(-spread..=spread)));
            let in_window = series.iter().filter(|(time, _)| now_ms - time < span_ms);
            let expected = in_window
                .map(|&(_, value)| value)
                .max()
                .expect("the new one");
            assert_eq!(
                *window.push(now_ms, series[series.len() - 1].1),
                expected,
                "span {span_ms} ms, samples (time, value) {series:?}: left is your maximum after \
                 the last of them, right the expected one"
            );
        }
    });
}

#[test]
fn samples_that_have_left_are_dropped() {
    seeded::cases(300, |rng| {
        let span_ms = rng.range(1..=20);
        let mut window = WindowMax::new(span_ms);
        let mut times = Vec::new();
        let (mut now_ms, mut alive) = (0, 0);
        for _ in 0..rng.size() {
            now_ms += rng.range(0..=4);
            times.push(now_ms);
            let value = Counted::new(rng.range(0..=9));
            let (_, did) = counts(|| {
                window.push(now_ms, value);
            });
            alive += 1 + did.alive();
            let in_window = times.iter().filter(|&time| now_ms - time < span_ms).count();
            assert!(
                alive <= in_window as i64,
                "span {span_ms} ms, samples at the times {times:?}: {in_window} of them are in \
                 the window now, but {alive} samples are alive"
            );
        }
    });
}

#[test]
fn a_push_compares_at_most_three_times_on_average() {
    let mut rng = seeded::Rng::new(3);
    let random: Vec<i64> = rng.vec(5_000, |rng| rng.range(0..=1_000_000));
    let series = [
        ("rising", (0..5_000).collect()),
        ("falling", (0..5_000).rev().collect()),
        ("equal", vec![7; 5_000]),
        (
            "wavy",
            (0..5_000).map(|i| (i % 700 - 350_i64).abs()).collect(),
        ),
        ("random", random),
    ];
    for (what, values) in series {
        for span_ms in [10, 1_000] {
            assert_cheap(what, &values, span_ms);
        }
    }
}

/// One push in each millisecond, so that the window holds `span_ms` samples.
#[track_caller]
fn assert_cheap(what: &str, values: &[i64], span_ms: u64) {
    let mut window = WindowMax::new(span_ms);
    let mut comparisons = 0;
    for (now_ms, &value) in values.iter().enumerate() {
        let value = Counted::new(value);
        let (_, did) = counts(|| {
            window.push(now_ms as u64, value);
        });
        comparisons += did.comparisons;
        let (pushes, allowed) = (now_ms as u64 + 1, 3 * now_ms as u64 + 3);
        assert!(
            comparisons <= allowed,
            "a {what} series with {span_ms} samples in the window: {comparisons} comparisons \
             after {pushes} pushes, and 3 for each push ({allowed}) are allowed"
        );
    }
}
