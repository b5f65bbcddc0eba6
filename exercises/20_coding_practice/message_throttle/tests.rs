use super::*;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// Plays a script of calls with what each must answer.
#[track_caller]
fn check(window: u64, script: &[(u64, &str, bool)]) {
    let mut throttle = Throttle::new(window);
    for (i, &(now, message, expected)) in script.iter().enumerate() {
        let before: Vec<(u64, &str)> = script[..i].iter().map(|call| (call.0, call.1)).collect();
        assert_eq!(
            throttle.allow(now, message),
            expected,
            "window {window}, after the calls {before:?}: allow({now}, {message:?}) (left is yours)"
        );
    }
}

#[test]
fn the_first_time_a_text_passes() {
    check(10, &[(0, "a", true), (5, "b", true)]);
}

#[test]
fn a_repetition_is_refused_within_the_window() {
    check(
        10,
        &[(100, "a", true), (100, "a", false), (109, "a", false)],
    );
}

#[test]
fn after_the_window_it_passes_again() {
    check(
        10,
        &[
            (100, "a", true),
            (110, "a", true),
            (119, "a", false),
            (120, "a", true),
        ],
    );
    check(10, &[(0, "a", true), (1_000, "a", true)]);
    check(
        10,
        &[
            (1, "a", true),
            (1, "b", true),
            (1, "c", true),
            (11, "c", true),
        ],
    );
}

#[test]
fn a_refused_attempt_does_not_make_the_wait_longer() {
    check(10, &[(100, "a", true), (105, "a", false), (110, "a", true)]);
}

#[test]
fn texts_do_not_concern_each_other() {
    check(
        10,
        &[
            (1, "a", true),
            (1, "b", true),
            (4, "a", false),
            (4, "c", true),
            (11, "a", true),
            (11, "b", true),
            (11, "c", false),
        ],
    );
    check(
        10,
        &[
            (1, "a", true),
            (1, "A", true),
            (1, "", true),
            (1, "", false),
        ],
    );
}

#[test]
fn with_a_window_of_zero_everything_passes() {
    check(
        0,
        &[
            (7, "a", true),
            (7, "a", true),
            (7, "a", true),
            (8, "a", true),
        ],
    );
}

#[test]
fn every_number_may_be_a_window_or_a_time() {
    let end = u64::MAX;
    check(end, &[(5, "a", true), (6, "a", false), (end, "a", false)]);
    check(
        end,
        &[(0, "a", true), (end - 1, "a", false), (end, "a", true)],
    );
    check(10, &[(end - 3, "a", true), (end, "a", false)]);
}

#[test]
fn random_scripts_agree_with_a_full_list() {
    seeded::cases(200, |rng| {
        let window = rng.range(0..=6);
        let mut throttle = Throttle::new(window);
        let mut passed: Vec<(u64, &str)> = Vec::new();
        let mut now = rng.range(0..=5);
        for call in 0..300 {
            now += *rng.pick(&[0, 0, 1, 1, 2, 5]);
            let message = *rng.pick(&["a", "b", "c", "d"]);
            let last = passed.iter().rev().find(|(_, text)| *text == message);
            let expected = last.is_none_or(|(at, _)| now - at >= window);
            assert_eq!(
                throttle.allow(now, message),
                expected,
                "window {window}, call {call}: allow({now}, {message:?}), and it passed last at {:?} (left is yours)",
                last.map(|(at, _)| at)
            );
            if expected {
                passed.push((now, message));
            }
        }
    });
}

#[test]
fn what_may_pass_again_is_forgotten() {
    let (throttle, heap) = counted::allocations(|| {
        let mut throttle = Throttle::new(100);
        for now in 0..20_000 {
            assert!(
                throttle.allow(now, &format!("request {now} failed")),
                "a text that was never seen, at {now}"
            );
        }
        throttle
    });
    assert!(
        heap.left <= 64 * 1024,
        "20,000 different texts, one each second, with a window of 100: the throttle holds {} bytes, and 65,536 are allowed",
        heap.left
    );
    drop(throttle);
}

#[test]
fn a_call_does_not_look_at_all_texts() {
    counted::ends(|doing| {
        doing.note(|| "60,000 different texts in one window".into());
        let mut throttle = Throttle::new(1_000);
        for i in 0..60_000 {
            assert!(
                throttle.allow(7, &i.to_string()),
                "the text \"{i}\" for the first time"
            );
        }
        assert!(
            !throttle.allow(1_006, "5"),
            "the text \"5\" for the second time, 999 seconds later"
        );
    });
}
