use super::*;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// Plays a script of hits with the number that each must give.
#[track_caller]
fn check(window: u64, script: &[(u64, usize)]) {
    let mut requests = RecentRequests::new(window);
    for (i, &(at, expected)) in script.iter().enumerate() {
        let before: Vec<u64> = script[..i].iter().map(|hit| hit.0).collect();
        assert_eq!(
            requests.hit(at),
            expected,
            "window {window}, after hits at {before:?}: hit({at}) (left is yours)"
        );
    }
}

#[test]
fn requests_of_the_window_are_counted() {
    check(100, &[(500, 1), (520, 2), (590, 3)]);
    check(100, &[(500, 1), (1_000, 1)]);
}

#[test]
fn a_request_of_exactly_the_windows_age_counts() {
    check(100, &[(50, 1), (120, 2), (150, 3), (151, 3)]);
    check(3_000, &[(1, 1), (100, 2), (3_001, 3), (3_002, 3)]);
}

#[test]
fn requests_of_the_same_time_count_each() {
    check(100, &[(7, 1), (7, 2), (7, 3), (107, 4), (108, 2)]);
}

#[test]
fn with_a_window_of_zero_only_the_same_time_counts() {
    check(0, &[(5, 1), (5, 2), (6, 1), (6, 2)]);
}

#[test]
fn the_first_window_may_begin_before_time_zero() {
    check(1_000, &[(0, 1), (1, 2), (999, 3), (1_000, 4), (1_001, 4)]);
    check(u64::MAX, &[(0, 1), (5, 2), (u64::MAX, 3)]);
    check(10, &[(u64::MAX - 11, 1), (u64::MAX - 1, 2), (u64::MAX, 2)]);
}

#[test]
fn after_a_long_silence_only_the_new_one_counts() {
    check(
        10,
        &[
            (1, 1),
            (2, 2),
            (3, 3),
            (4, 4),
            (1_000_000, 1),
            (1_000_001, 2),
        ],
    );
}

#[test]
fn random_scripts_agree_with_a_list_of_all_hits() {
    seeded::cases(300, |rng| {
        let window = rng.range(0..=12);
        let mut requests = RecentRequests::new(window);
        let mut hits: Vec<u64> = Vec::new();
        let mut now = 0;
        for _ in 0..200 {
            now += *rng.pick(&[0, 0, 1, 1, 2, 5, 20]);
            hits.push(now);
            let expected = hits.iter().filter(|hit| now - **hit <= window).count();
            let last = &hits[hits.len().saturating_sub(15)..];
            assert_eq!(
                requests.hit(now),
                expected,
                "window {window}, the last hits were at {last:?} (left is your last answer)"
            );
        }
    });
}

#[test]
fn what_no_window_can_hold_is_forgotten() {
    let (requests, heap) = counted::allocations(|| {
        let mut requests = RecentRequests::new(9);
        for at in 0..100_000 {
            let expected = 10.min(at as usize + 1);
            assert_eq!(
                requests.hit(at),
                expected,
                "window 9, a hit each millisecond from 0 on: hit({at})"
            );
        }
        requests
    });
    assert!(
        heap.left <= 4 * 1024,
        "100,000 hits of which ten share a window: {} bytes are held, and 4,096 are allowed",
        heap.left
    );
    drop(requests);
}

#[test]
fn a_hit_does_not_look_at_the_whole_window() {
    counted::ends(|doing| {
        doing.note(|| "300,000 hits in one window, and as many that push them out".into());
        let mut requests = RecentRequests::new(300_000);
        for at in 0..300_000 {
            assert_eq!(
                requests.hit(at),
                at as usize + 1,
                "window 300,000, a hit each millisecond from 0 on: hit({at})"
            );
        }
        for at in 300_001..600_000 {
            assert_eq!(
                requests.hit(at),
                300_000,
                "window 300,000, a hit each millisecond but at 300,000: hit({at})"
            );
        }
    });
}
