use super::*;
use counted::{Counted, counts};
use seeded::cases;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Runs `test` on a new array and drops the array. When `test` panics, the array is forgotten
/// instead, so that a broken one does not panic a second time.
fn with_array<T>(test: impl FnOnce(&mut DynArray<T>)) {
    let mut array = ManuallyDrop::new(DynArray::default());
    test(&mut array);
    drop(ManuallyDrop::into_inner(array));
}

fn values<T: Copy>(array: &DynArray<T>) -> Vec<Option<T>> {
    (0..array.len()).map(|i| array.get(i).copied()).collect()
}

#[test]
fn a_pushed_value_can_be_read_at_its_index() {
    with_array(|array| {
        for value in 0..20 {
            array.push(value * 10);
            let len = array.len();
            assert_eq!(len, value + 1, "the length after {} pushes", value + 1);
        }
        for i in 0..20 {
            let got = array.get(i);
            assert_eq!(got, Some(&(i * 10)), "get({i}) after pushing 0, 10, .. 190");
        }
    });
}

#[test]
fn an_index_at_or_past_the_length_reads_nothing() {
    with_array(|array| {
        assert!(array.is_empty(), "is_empty of a new array");
        assert_eq!(array.get(0), None, "get(0) on an empty array");
        array.push('a');
        array.push('b');
        assert!(!array.is_empty(), "is_empty of an array of length 2");
        for i in [2, 3, 100, usize::MAX] {
            assert_eq!(array.get(i), None, "get({i}) on an array of length 2");
        }
    });
}

#[test]
fn pop_takes_the_last_value() {
    with_array(|array| {
        assert_eq!(array.pop(), None, "pop on an empty array");
        array.push(1);
        array.push(2);
        assert_eq!(array.pop(), Some(2), "pop after pushing 1 and 2");
        assert_eq!(array.len(), 1, "the length after pushing 1, 2 and one pop");
        array.push(3);
        assert_eq!(array.pop(), Some(3), "pop after pushing 3 on [1]");
        assert_eq!(array.pop(), Some(1), "pop on [1]");
        assert_eq!(array.pop(), None, "pop after the last value left");
        assert_eq!(array.len(), 0, "the length after the last value left");
    });
}

#[test]
fn growth_is_geometric() {
    with_array(|array| {
        let (mut moves, mut buffers) = (0, 0);
        for n in 1..=2_000_u64 {
            let did = counts(|| array.push(n)).1;
            moves += did.moves;
            buffers += did.buffers;
            assert!(moves >= n, "{n} pushes put {moves} values into `Slots`");
            assert!(
                moves <= 5 * n,
                "{n} pushes put {moves} values into slots, {} are allowed: how much larger is each buffer?",
                5 * n
            );
            let limit = 2 * u64::from(n.ilog2()) + 8;
            assert!(
                buffers <= limit,
                "{n} pushes made {buffers} buffers, {limit} are allowed"
            );
        }
    });
}

#[test]
fn capacity_is_at_most_about_twice_the_length() {
    with_array(|array| {
        for n in 1..=2_000 {
            array.push(n);
            let (capacity, limit) = (array.capacity(), 2 * n + 8);
            assert!(
                capacity >= n && capacity <= limit,
                "after {n} pushes the capacity is {capacity}; at most {limit} is allowed"
            );
        }
    });
}

#[test]
fn pushing_and_popping_in_turn_makes_no_new_buffer_each_time() {
    for len in 0..=40 {
        with_array(|array| {
            (0..len).for_each(|value| array.push(value));
            let did = counts(|| {
                for _ in 0..50 {
                    array.push(7);
                    array.pop();
                }
            })
            .1;
            assert!(
                did.buffers <= 2,
                "length {len}, then 50 times push and pop: {} new buffers",
                did.buffers
            );
        });
    }
}

#[test]
fn shrink_to_fit_leaves_no_empty_slot() {
    for len in 0..=20 {
        with_array(|array| {
            (0..len + 3).for_each(|value| array.push(value));
            (0..3).for_each(|_| assert!(array.pop().is_some()));
            array.shrink_to_fit();
            let capacity = array.capacity();
            assert_eq!(capacity, len, "capacity of {len} values after shrinking");
            let expected: Vec<_> = (0..len).map(Some).collect();
            assert_eq!(values(array), expected, "values after shrink_to_fit");
            array.push(99);
            let got = array.get(len);
            assert_eq!(got, Some(&99), "get({len}) of what was pushed after that");
        });
    }
}

#[test]
fn extend_from_appends_in_order() {
    with_array(|array| {
        array.push(1);
        array.extend_from([2, 3, 4]);
        array.extend_from(std::iter::empty());
        array.extend_from((5..=40).filter(|n| n % 5 == 0));
        let expected: Vec<_> = [1, 2, 3, 4, 5, 10, 15, 20, 25, 30, 35, 40]
            .map(Some)
            .to_vec();
        assert_eq!(values(array), expected);
    });
}

/// Extends an array again and again, each time by `each` values, to 1,000 values or a few more.
fn extend_by(each: u64) {
    with_array(|array| {
        let (mut moves, mut buffers, mut calls) = (0, 0, 0);
        while array.len() < 1_000 {
            calls += 1;
            let did = counts(|| array.extend_from(0..each)).1;
            moves += did.moves;
            buffers += did.buffers;
            let n = calls * each;
            let done = format!("{calls} times extend_from with {each} values");
            assert_eq!(array.len() as u64, n, "the length after {done}");
            assert!(
                moves <= 5 * n,
                "{done} put {moves} values into slots, {} are allowed",
                5 * n
            );
            let limit = 2 * u64::from(n.ilog2()) + 8;
            assert!(
                buffers <= limit,
                "{done} made {buffers} buffers, {limit} are allowed"
            );
        }
    });
}

#[test]
fn one_long_extend_from_grows_geometrically() {
    extend_by(1_000);
}

#[test]
fn many_short_extend_froms_grow_geometrically() {
    extend_by(1);
    extend_by(7);
}

#[test]
fn extend_from_wastes_no_room() {
    with_array(|array| {
        for calls in 1..=10 {
            // One value of a hundred comes, and the iterator can't tell how many that will be.
            array.extend_from((0..10_000).filter(|n| n % 100 == 0));
            let (len, capacity) = (array.len(), array.capacity());
            assert_eq!(len, 100 * calls, "the length");
            let limit = 2 * len + 8;
            assert!(
                capacity <= limit,
                "{calls} times 100 values out of 10,000 were appended: the capacity is {capacity}, {limit} is \
                 allowed. What an iterator promises at most (`size_hint`) need not come"
            );
        }
    });
}

#[test]
fn each_value_is_dropped_exactly_once() {
    for len in [0, 1, 5, 33] {
        let did = counts(|| {
            with_array(|array| {
                array.extend_from((0..len).map(Counted::new));
                array.shrink_to_fit();
                let popped = array.pop();
                assert_eq!(popped.map(|v| *v), (0..len).next_back());
                array.push(Counted::new(1));
            });
        })
        .1;
        assert_eq!(
            did.drops, did.created,
            "values dropped and values made, in an array of {len}"
        );
    }
}

#[test]
fn zero_sized_values_are_dropped_too() {
    let did = counts(|| {
        with_array(|array| (0..9).for_each(|_| array.push(Counted::new(()))));
    })
    .1;
    assert_eq!(did.drops, 9, "`Counted<()>` values dropped, of 9 pushed");
}

/// Extends an array of 1 value with an iterator that yields 5 and panics.
fn extend_and_panic(array: &mut DynArray<Counted<i32>>) {
    array.push(Counted::new(0));
    let yields = (1..=10).map(|i| match i {
        6 => resume_unwind(Box::new("the iterator fails at its 6th value")),
        _ => Counted::new(i),
    });
    let outcome = catch_unwind(AssertUnwindSafe(|| array.extend_from(yields)));
    assert!(outcome.is_err(), "the iterator's panic must come through");
}

#[test]
fn what_the_iterator_yields_before_it_panics_is_in_the_array() {
    with_array(|array| {
        extend_and_panic(array);
        assert_eq!(
            array.len(),
            6,
            "1 value before and 5 yielded before the panic"
        );
        for i in 0..6 {
            let got = array.get(i).map(|v| *v.inner());
            assert_eq!(got, Some(i as i32), "get({i}) after the panic");
        }
    });
}

#[test]
fn after_a_panic_in_the_iterator_each_value_is_dropped_exactly_once() {
    let did = counts(|| with_array(extend_and_panic)).1;
    assert_eq!(did.drops, did.created, "values dropped and values made");
}

#[test]
fn behaves_like_vec_under_random_operations() {
    cases(300, |rng| {
        with_array(|array| {
            let (mut model, mut log) = (Vec::new(), Vec::new());
            for step in 0..rng.size() {
                match rng.weighted(&[5, 4, 1, 1]) {
                    0 => {
                        log.push(format!("push({step})"));
                        array.push(step);
                        model.push(step);
                    }
                    1 => {
                        log.push("pop".into());
                        assert_eq!(array.pop(), model.pop(), "the last of {log:?}");
                    }
                    2 => {
                        log.push("shrink_to_fit".into());
                        array.shrink_to_fit();
                    }
                    _ => {
                        let more = rng.vec(rng.size() / 8, |_| step);
                        log.push(format!("extend_from({more:?})"));
                        array.extend_from(more.iter().copied());
                        model.extend(more);
                    }
                }
                let expected: Vec<_> = model.iter().copied().map(Some).collect();
                assert_eq!(values(array), expected, "values after {log:?}");
                let len = model.len();
                assert_eq!(array.get(len), None, "get({len}) after {log:?}");
            }
        });
    });
}
