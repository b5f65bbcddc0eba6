use super::*;
use counted::Budget;
use std::collections::VecDeque;

/// The victim, and how often `pinned` was asked. A hand that never stops ends with a message.
fn victim(clock: &mut Clock, pinned: &[usize]) -> (Option<usize>, u64) {
    let calls = Budget::new(10_000, "calls of `pinned` in one search");
    let answer = clock.victim(|frame| {
        calls.spend();
        pinned.contains(&frame)
    });
    (answer, calls.used())
}

/// A clock in which these frames were touched.
fn clock(frames: usize, touched: &[usize]) -> Clock {
    let mut clock = Clock::new(frames);
    for frame in touched {
        clock.touch(*frame);
    }
    clock
}

#[track_caller]
fn assert_victims(clock: &mut Clock, pinned: &[usize], expected: &[usize], what: &str) {
    let victims: Vec<Option<usize>> = expected.iter().map(|_| victim(clock, pinned).0).collect();
    let expected: Vec<Option<usize>> = expected.iter().copied().map(Some).collect();
    assert_eq!(
        victims, expected,
        "{what}: left are your victims one after the other"
    );
}

#[test]
fn without_marks_the_frames_go_in_turn() {
    assert_victims(
        &mut clock(3, &[]),
        &[],
        &[0, 1, 2, 0, 1],
        "three frames, no marks",
    );
    assert_victims(&mut clock(1, &[]), &[], &[0, 0], "one frame, no mark");
}

#[test]
fn a_marked_frame_gets_a_second_chance() {
    assert_victims(
        &mut clock(3, &[0]),
        &[],
        &[1, 2, 0],
        "three frames, 0 touched",
    );
    assert_victims(
        &mut clock(3, &[0, 2]),
        &[],
        &[1, 0, 1, 2],
        "three frames, 0 and 2 touched",
    );
}

#[test]
fn a_second_chance_is_not_a_third() {
    let mut clock = clock(2, &[0, 1]);
    assert_victims(&mut clock, &[], &[0, 1, 0], "two frames, both touched");
    clock.touch(1);
    clock.touch(1);
    clock.touch(0);
    assert_victims(
        &mut clock,
        &[],
        &[1, 0],
        "then 1 touched twice, 0 touched; the hand is at 1",
    );
}

#[test]
fn the_hand_goes_on_behind_the_victim() {
    let mut clock = clock(4, &[]);
    assert_victims(&mut clock, &[], &[0, 1], "four frames, no marks");
    clock.touch(0);
    clock.touch(1);
    assert_victims(&mut clock, &[], &[2, 3, 2], "then 0 and 1 touched");
}

#[test]
fn a_pinned_frame_is_never_the_victim() {
    assert_victims(
        &mut clock(3, &[]),
        &[0],
        &[1, 2, 1],
        "three frames, 0 pinned",
    );
    assert_victims(
        &mut clock(3, &[2]),
        &[0, 1],
        &[2, 2],
        "three frames, 0 and 1 pinned, 2 touched",
    );
}

#[test]
fn a_pinned_frame_keeps_its_mark() {
    let mut clock = clock(3, &[0]);
    assert_victims(
        &mut clock,
        &[0],
        &[1, 2],
        "three frames, 0 touched and pinned",
    );
    assert_victims(
        &mut clock,
        &[],
        &[1, 2, 0],
        "then nothing pinned: 0 still has its mark",
    );
}

#[test]
fn if_all_are_pinned_there_is_no_victim_and_nothing_changes() {
    let mut clock = clock(3, &[1, 2]);
    assert_victims(&mut clock, &[], &[0], "three frames, 1 and 2 touched");
    for _ in 0..2 {
        assert_eq!(
            victim(&mut clock, &[0, 1, 2]).0,
            None,
            "three frames, all pinned"
        );
    }
    assert_victims(
        &mut clock,
        &[],
        &[0, 1, 2],
        "then nothing pinned; 1 and 2 have their marks, the hand is at 1",
    );
    assert_eq!(
        victim(&mut Clock::new(0), &[]).0,
        None,
        "a clock without frames"
    );
}

#[test]
fn pinned_is_asked_at_most_twice_for_each_frame() {
    for frames in [1, 2, 10, 100] {
        let all: Vec<usize> = (0..frames).collect();
        let last = &all[..frames - 1];
        for (what, touched, pinned) in [
            ("all touched", &all[..], &[][..]),
            ("all pinned", &[], &all),
            ("all touched, all but the last pinned", &all, last),
        ] {
            let (_, calls) = victim(&mut clock(frames, touched), pinned);
            assert!(
                calls <= 2 * frames as u64,
                "{frames} frames, {what}: one search asked {calls} times, and {} are allowed",
                2 * frames
            );
        }
    }
}

/// The same rule in another picture: a queue, whose front is the frame at the hand.
fn model_victim(queue: &mut VecDeque<(usize, bool)>, pinned: &[usize]) -> Option<usize> {
    if queue.iter().all(|(frame, _)| pinned.contains(frame)) {
        return None;
    }
    loop {
        let (frame, mark) = queue.pop_front()?;
        let pinned = pinned.contains(&frame);
        queue.push_back((frame, mark && pinned));
        if !mark && !pinned {
            return Some(frame);
        }
    }
}

#[test]
fn random_sequences_agree_with_a_queue() {
    seeded::cases(1_000, |rng| {
        let frames = rng.range(1..=6);
        let mut clock = Clock::new(frames);
        let mut queue: VecDeque<(usize, bool)> = (0..frames).map(|frame| (frame, false)).collect();
        let mut done = vec![format!("{frames} frames")];
        for _ in 0..rng.size() / 2 {
            if rng.chance(0.5) {
                let touched = rng.below(frames);
                done.push(format!("touch({touched})"));
                clock.touch(touched);
                queue
                    .iter_mut()
                    .filter(|(frame, _)| *frame == touched)
                    .for_each(|(_, mark)| *mark = true);
            } else {
                let all_pinned = rng.chance(0.1);
                let pinned: Vec<usize> = (0..frames)
                    .filter(|_| all_pinned || rng.chance(0.3))
                    .collect();
                done.push(format!("victim, {pinned:?} pinned"));
                let expected = model_victim(&mut queue, &pinned);
                assert_eq!(
                    victim(&mut clock, &pinned).0,
                    expected,
                    "after {done:?}: left is your last answer, right the expected one"
                );
            }
        }
    });
}
