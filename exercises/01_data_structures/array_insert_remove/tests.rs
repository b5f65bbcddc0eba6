use super::*;
use counted::{Counted, counts};
use seeded::cases;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `test` on a new array that holds `start`, and drops the array. When `test` panics, the array
/// is forgotten instead, so that a broken one does not panic a second time.
fn with_array<T>(start: impl IntoIterator<Item = T>, test: impl FnOnce(&mut DynArray<T>)) {
    let mut array = ManuallyDrop::new(DynArray::default());
    start.into_iter().for_each(|value| array.push(value));
    test(&mut array);
    drop(ManuallyDrop::into_inner(array));
}

#[track_caller]
fn assert_holds<T: Copy + PartialEq + std::fmt::Debug>(
    array: &DynArray<T>,
    expected: &[T],
    after: &str,
) {
    let got: Vec<_> = (0..array.len()).map(|i| array.get(i).copied()).collect();
    let expected: Vec<_> = expected.iter().copied().map(Some).collect();
    assert_eq!(got, expected, "values after {after}");
    let len = array.len();
    assert_eq!(array.get(len), None, "get({len}) after {after}");
}

/// Checks that `operation` panics by `out_of_range(i)` and leaves the array alone.
fn assert_refuses<R>(i: usize, name: &str, operation: impl FnOnce(&mut DynArray<char>) -> R) {
    with_array(['a', 'b', 'c'], |array| {
        let call = || drop(operation(array));
        let message = match catch_unwind(AssertUnwindSafe(call)) {
            Ok(()) => panic!("{name} on an array of length 3 did not panic"),
            Err(payload) => match payload.downcast::<String>() {
                Ok(text) => *text,
                Err(_) => String::new(),
            },
        };
        let expected = format!("index {i} is out of range for length 3");
        assert_eq!(message, expected, "what {name} said on length 3");
        assert_holds(array, &['a', 'b', 'c'], &format!("{name} panicked"));
    });
}

#[test]
fn insert_moves_the_values_from_its_index_on_up_by_one() {
    with_array(['a', 'b', 'c'], |array| {
        array.insert(1, 'x');
        assert_eq!(
            array.len(),
            4,
            "the length after insert(1, 'x') on [a, b, c]"
        );
        assert_holds(array, &['a', 'x', 'b', 'c'], "insert(1, 'x') on [a, b, c]");
    });
    with_array(['a', 'b', 'c'], |array| {
        array.insert(0, 'x');
        assert_holds(array, &['x', 'a', 'b', 'c'], "insert(0, 'x') on [a, b, c]");
    });
}

#[test]
fn insert_at_the_length_appends() {
    with_array([], |array| {
        array.insert(0, 'x');
        assert!(!array.is_empty(), "is_empty after insert(0, 'x')");
        assert_holds(array, &['x'], "insert(0, 'x') on an empty array");
        array.insert(1, 'y');
        assert_holds(array, &['x', 'y'], "insert(1, 'y') on [x]");
    });
}

#[test]
fn insert_grows_a_full_array() {
    for len in 1..=20 {
        with_array(0..len, |array| {
            array.insert(0, 99);
            let expected: Vec<_> = std::iter::once(99).chain(0..len).collect();
            let after = format!("insert(0, 99) on an array of length {len}");
            assert_holds(array, &expected, &after);
        });
    }
}

#[test]
fn remove_closes_the_gap() {
    for (i, rest) in [(0, ['b', 'c']), (1, ['a', 'c']), (2, ['a', 'b'])] {
        with_array(['a', 'b', 'c'], |array| {
            let removed = array.remove(i);
            let expected = ['a', 'b', 'c'][i];
            assert_eq!(removed, expected, "remove({i}) on [a, b, c]");
            assert_holds(array, &rest, &format!("remove({i}) on [a, b, c]"));
        });
    }
}

#[test]
fn swap_remove_puts_the_last_value_into_the_gap() {
    for (i, rest) in [(0, ['d', 'b', 'c']), (1, ['a', 'd', 'c'])] {
        with_array(['a', 'b', 'c', 'd'], |array| {
            let removed = array.swap_remove(i);
            let expected = ['a', 'b'][i];
            assert_eq!(removed, expected, "swap_remove({i}) on [a, b, c, d]");
            assert_holds(array, &rest, &format!("swap_remove({i}) on [a, b, c, d]"));
        });
    }
}

#[test]
fn swap_remove_of_the_last_value_leaves_the_others() {
    with_array(['a', 'b'], |array| {
        assert_eq!(array.swap_remove(1), 'b', "swap_remove(1) on [a, b]");
        assert_holds(array, &['a'], "swap_remove(1) on [a, b]");
        assert_eq!(array.swap_remove(0), 'a', "swap_remove(0) on [a]");
        assert_holds(array, &[], "swap_remove(0) on [a]");
        assert!(array.is_empty(), "is_empty after swap_remove(0) on [a]");
    });
}

#[test]
fn insert_past_the_length_is_refused() {
    for i in [4, 5, usize::MAX] {
        assert_refuses(i, &format!("insert({i}, 'x')"), |a| a.insert(i, 'x'));
    }
}

#[test]
fn remove_at_or_past_the_length_is_refused() {
    for i in [3, 4, usize::MAX] {
        assert_refuses(i, &format!("remove({i})"), |a| a.remove(i));
    }
}

#[test]
fn swap_remove_at_or_past_the_length_is_refused() {
    for i in [3, 4, usize::MAX] {
        assert_refuses(i, &format!("swap_remove({i})"), |a| a.swap_remove(i));
    }
}

#[test]
fn insert_and_remove_move_only_what_stands_behind() {
    for i in 0..40_u64 {
        with_array(0..40, |array| {
            let did = counts(|| array.insert(i as usize, 99)).1;
            assert_eq!(did.buffers, 0, "buffers made, with room for 24 more");
            let puts = did.moves;
            assert_eq!(
                puts,
                40 - i + 1,
                "values that insert({i}, _) put, length 40"
            );
        });
        with_array(0..40, |array| {
            let did = counts(|| array.remove(i as usize)).1;
            assert_eq!(did.buffers, 0, "buffers made by remove");
            assert_eq!(
                did.moves,
                40 - i - 1,
                "values that remove({i}) put, length 40"
            );
        });
    }
}

#[test]
fn swap_remove_moves_one_value() {
    for i in 0..40 {
        with_array(0..40, |array| {
            let puts = counts(|| array.swap_remove(i)).1.moves;
            assert!(puts <= 1, "swap_remove({i}) on length 40 put {puts} values");
        });
    }
}

#[test]
fn each_value_is_dropped_exactly_once() {
    let did = counts(|| {
        with_array((0..9).map(Counted::new), |array| {
            array.insert(3, Counted::new(100));
            drop(array.remove(5));
            drop(array.swap_remove(1));
            drop(array.swap_remove(7));
        });
    })
    .1;
    assert_eq!((did.created, did.drops), (10, 10), "values (made, dropped)");
}

#[test]
fn behaves_like_vec_under_random_operations() {
    cases(300, |rng| {
        with_array([], |array| {
            let (mut model, mut log) = (Vec::new(), Vec::new());
            for step in 0..rng.size() {
                let len = model.len();
                match rng.weighted(&[5, 2, 2, 1]) {
                    0 => {
                        let i = rng.range(0..=len);
                        log.push(format!("insert({i}, {step})"));
                        array.insert(i, step);
                        model.insert(i, step);
                    }
                    1 if len > 0 => {
                        let i = rng.below(len);
                        log.push(format!("remove({i})"));
                        assert_eq!(array.remove(i), model.remove(i), "the last of {log:?}");
                    }
                    2 if len > 0 => {
                        let i = rng.below(len);
                        log.push(format!("swap_remove({i})"));
                        let (got, expected) = (array.swap_remove(i), model.swap_remove(i));
                        assert_eq!(got, expected, "the last of {log:?}");
                    }
                    _ => {
                        log.push(format!("push({step})"));
                        array.push(step);
                        model.push(step);
                    }
                }
                assert_holds(array, &model, &format!("{log:?}"));
            }
        });
    });
}
