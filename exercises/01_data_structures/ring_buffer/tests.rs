use super::*;
use counted::{Counted, counts};
use std::collections::VecDeque;
use std::mem::ManuallyDrop;

/// Runs `test` on a new ring and drops the ring. When `test` panics, the ring is forgotten instead,
/// so that a broken one does not panic a second time.
fn with_ring<T>(capacity: usize, test: impl FnOnce(&mut Ring<T>)) {
    let mut ring = ManuallyDrop::new(Ring::with_capacity(capacity));
    test(&mut ring);
    drop(ManuallyDrop::into_inner(ring));
}

/// The values by `get`, and what `get` says of the position after the last.
fn values<T: Copy>(ring: &Ring<T>) -> Vec<Option<T>> {
    (0..=ring.len()).map(|i| ring.get(i).copied()).collect()
}

#[track_caller]
fn assert_values<T: Copy + PartialEq + std::fmt::Debug>(
    ring: &Ring<T>,
    expected: &[T],
    what: &str,
) {
    assert_eq!(ring.len(), expected.len(), "{what}: the length");
    let expected: Vec<Option<T>> = expected.iter().copied().map(Some).chain([None]).collect();
    assert_eq!(
        values(ring),
        expected,
        "{what}: left is what your `get` says of 0, 1, .. and the length, right what it should"
    );
}

/// Whether each call gave `Ok`.
fn push_all(ring: &mut Ring<i32>, values: impl IntoIterator<Item = i32>) -> bool {
    values
        .into_iter()
        .all(|value| ring.push_back(value).is_ok())
}

#[test]
fn the_first_in_is_the_first_out() {
    with_ring(3, |ring| {
        assert!(ring.is_empty(), "is_empty of a new ring");
        assert!(push_all(ring, [1, 2]), "push_back 1, 2 into a ring for 3");
        assert_eq!(ring.pop_front(), Some(1), "pushed 1, 2, popped");
        assert_eq!(ring.pop_front(), Some(2), "pushed 1, 2, popped twice");
        assert_eq!(ring.pop_front(), None, "popped from an empty ring");
        assert_eq!(ring.len(), 0, "the length of an empty ring");
    });
}

#[test]
fn a_ring_holds_as_many_values_as_its_capacity() {
    for capacity in [1, 2, 3, 7, 8] {
        with_ring(capacity, |ring| {
            for n in 0..capacity {
                let pushed = ring.push_back(n);
                assert_eq!(
                    pushed,
                    Ok(()),
                    "push_back({n}) into a ring for {capacity} with {n} values"
                );
            }
            assert_eq!(
                ring.len(),
                capacity,
                "the length of a full ring for {capacity}"
            );
        });
    }
}

#[test]
fn a_full_ring_gives_the_value_back() {
    with_ring(2, |ring| {
        push_all(ring, [1, 2]);
        assert_eq!(
            ring.push_back(3),
            Err(3),
            "pushed 1, 2 into a ring for 2, push_back(3)"
        );
        assert_values(ring, &[1, 2], "pushed 1, 2 into a ring for 2, tried 3");
    });
    with_ring(0, |ring| {
        assert_eq!(
            ring.push_back(3),
            Err(3),
            "push_back(3) into a ring of capacity 0"
        );
        assert_eq!(ring.pop_front(), None, "pop_front of a ring of capacity 0");
    });
}

#[test]
fn after_the_last_slot_comes_the_first() {
    for capacity in [1, 2, 3, 5, 7, 8] {
        with_ring(capacity, |ring| {
            for n in 0..4 * capacity {
                let what = format!("0, 1, .., {n} went one by one through a ring for {capacity}");
                assert_eq!(ring.push_back(n), Ok(()), "{what}: push_back({n})");
                assert_eq!(ring.pop_front(), Some(n), "{what}: pop_front");
            }
        });
    }
}

#[test]
fn the_oldest_falls_out() {
    with_ring(3, |ring| {
        for value in 1..=3 {
            let out = ring.push_overwrite(value);
            assert_eq!(
                out, None,
                "push_overwrite({value}) into a ring for 3 that is not full"
            );
        }
        for value in 4..=8 {
            let out = ring.push_overwrite(value);
            assert_eq!(
                out,
                Some(value - 3),
                "1, 2, .. into a ring for 3: push_overwrite({value})"
            );
            let expected = [value - 2, value - 1, value];
            assert_values(
                ring,
                &expected,
                &format!("1, 2, .., {value} into a ring for 3"),
            );
        }
    });
}

#[test]
fn from_a_ring_without_room_the_value_itself_falls_out() {
    with_ring(0, |ring| {
        for value in [1, 2] {
            let out = ring.push_overwrite(value);
            assert_eq!(
                out,
                Some(value),
                "push_overwrite({value}) into a ring of capacity 0"
            );
            assert_values(ring, &[], "a ring of capacity 0");
        }
    });
}

#[test]
fn get_counts_from_the_oldest() {
    with_ring(3, |ring| {
        push_all(ring, [1, 2, 3]);
        assert_values(ring, &[1, 2, 3], "pushed 1, 2, 3 into a ring for 3");
        ring.pop_front();
        assert_values(ring, &[2, 3], "pushed 1, 2, 3, popped");
        ring.push_back(4).ok();
        assert_values(
            ring,
            &[2, 3, 4],
            "pushed 1, 2, 3 into a ring for 3, popped, pushed 4",
        );
        for i in [3, 4, 100, usize::MAX] {
            assert_eq!(ring.get(i), None, "get({i}) of a ring of 3 values");
        }
    });
}

#[test]
fn drain_gives_the_oldest_first_and_leaves_an_empty_ring() {
    with_ring(3, |ring| {
        push_all(ring, [1, 2, 3]);
        ring.pop_front();
        ring.push_back(4).ok();
        let drained: Vec<i32> = ring.drain().take(10).collect();
        assert_eq!(drained, [2, 3, 4], "drain of [2, 3, 4]");
        assert_values(ring, &[], "[2, 3, 4], drained");
        assert!(
            push_all(ring, [5, 6, 7]),
            "a drained ring for 3 has room for 3"
        );
        assert_values(ring, &[5, 6, 7], "drained, pushed 5, 6, 7");
    });
}

#[test]
fn what_a_drain_did_not_give_is_gone() {
    for taken in 0..=5 {
        with_ring(5, |ring| {
            push_all(ring, [8, 9]);
            (0..2).for_each(|_| _ = ring.pop_front());
            push_all(ring, 0..5);
            let drained: Vec<i32> = ring.drain().take(taken as usize).collect();
            let what = format!("[0, 1, 2, 3, 4], {taken} taken from drain, the rest left to it");
            assert_eq!(drained, Vec::from_iter(0..taken), "{what}");
            assert_values(ring, &[], &what);
            assert!(push_all(ring, 10..15), "{what}: then there is room for 5");
            assert_values(
                ring,
                &[10, 11, 12, 13, 14],
                &format!("{what}, pushed 10 to 14"),
            );
        });
    }
}

#[test]
fn random_operations_agree_with_a_deque() {
    for capacity in [0, 1, 2, 3, 7, 8, 1_000] {
        let cases = if capacity > 100 { 1 } else { 60 };
        seeded::cases(cases, |rng| {
            with_ring(capacity, |ring| {
                let mut model: VecDeque<usize> = VecDeque::new();
                let mut done = Vec::new();
                // Phases in which more is pushed, and phases in which more is popped.
                for step in 0..rng.size() + 5 * capacity {
                    let pushes = if step / (capacity + 3) % 2 == 0 { 7 } else { 2 };
                    let before = format!("a ring for {capacity}, the last of {done:?}");
                    match rng.weighted(&[pushes, 4, 2, 1]) {
                        0 => {
                            done.push(format!("push_back({step})"));
                            let expected = if model.len() < capacity {
                                model.push_back(step);
                                Ok(())
                            } else {
                                Err(step)
                            };
                            assert_eq!(
                                ring.push_back(step),
                                expected,
                                "{before} and push_back({step})"
                            );
                        }
                        1 => {
                            done.push("pop_front".into());
                            assert_eq!(
                                ring.pop_front(),
                                model.pop_front(),
                                "{before} and pop_front"
                            );
                        }
                        2 => {
                            done.push(format!("push_overwrite({step})"));
                            model.push_back(step);
                            let expected = (model.len() > capacity)
                                .then(|| model.pop_front())
                                .flatten();
                            let out = ring.push_overwrite(step);
                            assert_eq!(out, expected, "{before} and push_overwrite({step})");
                        }
                        _ if capacity < 100 || step % 500 == 0 => {
                            let taken = rng.below(capacity + 1);
                            done.push(format!("drain, {taken} taken"));
                            let expected: Vec<usize> = model.drain(..).take(taken).collect();
                            let drained: Vec<usize> = ring.drain().take(taken).collect();
                            assert_eq!(drained, expected, "{before} and drain, {taken} taken");
                        }
                        _ => {}
                    }
                    done.drain(..done.len().saturating_sub(12));
                    assert_eq!(ring.len(), model.len(), "the length; {before} and one more");
                    let some = [
                        0,
                        rng.below(capacity + 1),
                        model.len().saturating_sub(1),
                        model.len(),
                    ];
                    let small = if capacity < 100 { 0..capacity } else { 0..0 };
                    for i in some.into_iter().chain(small) {
                        assert_eq!(
                            ring.get(i),
                            model.get(i),
                            "get({i}) after {done:?} in a ring for {capacity}"
                        );
                    }
                }
            });
        });
    }
}

#[test]
fn there_is_one_buffer_and_values_stay_in_their_slots() {
    for capacity in [1, 7, 8, 1_000] {
        let work = || {
            with_ring(capacity, |ring| {
                for value in 0..3_000 {
                    ring.push_overwrite(value);
                    if value % 3 == 0 {
                        ring.pop_front();
                    }
                }
            });
        };
        let did = counts(work).1;
        assert_eq!(
            did.buffers, 1,
            "buffers made by a ring for {capacity} through which 3,000 values went"
        );
        assert_eq!(
            did.moves, 3_000,
            "values put into slots by a ring for {capacity} through which 3,000 values went"
        );
    }
}

#[test]
fn get_looks_into_one_slot() {
    with_ring(8, |ring| {
        push_all(ring, 0..8);
        for i in 0..8 {
            let (got, did) = counts(|| ring.get(i).copied());
            assert_eq!(got, Some(i as i32), "get({i}) of 0, 1, .., 7");
            assert!(did.reads <= 1, "get({i}) looked into {} slots", did.reads);
        }
    });
}

#[test]
fn values_left_in_a_ring_are_dropped_with_it() {
    for (pushed, popped) in [(0, 0), (3, 0), (5, 2), (9, 5)] {
        let did = counts(|| {
            with_ring(5, |ring| {
                for value in 0..pushed {
                    ring.push_overwrite(Counted::new(value));
                }
                (0..popped).for_each(|_| _ = ring.pop_front());
            });
        })
        .1;
        assert_eq!(
            did.drops, pushed,
            "values dropped, of {pushed} put into a ring for 5, from which {popped} were popped"
        );
    }
}

#[test]
fn values_left_in_a_drain_are_dropped_with_it() {
    with_ring(5, |ring| {
        for taken in 0..=5 {
            for value in 0..5 {
                assert!(
                    ring.push_back(Counted::new(value)).is_ok(),
                    "push_back into an empty ring for 5"
                );
            }
            let did = counts(|| ring.drain().take(taken).for_each(drop)).1;
            assert_eq!(
                did.drops, 5,
                "values dropped, of 5 in a ring, by a drain of which {taken} were taken"
            );
        }
    });
}
