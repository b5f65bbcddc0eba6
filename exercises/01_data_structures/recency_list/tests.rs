use super::*;
use counted::{allocations, at_most, counts};

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// A list of the given values, pushed in this order, and their slots.
fn list_of<const N: usize>(values: [char; N]) -> (RecencyList<char>, [usize; N]) {
    let mut list = RecencyList::with_capacity(0);
    let slots = values.map(|value| list.push(value));
    (list, slots)
}

/// Compares the list by `iter` with the values expected, newest first.
#[track_caller]
fn assert_values(list: &RecencyList<char>, expected: &str, what: &str) {
    assert_eq!(
        String::from_iter(newest_first(list, expected.len())),
        expected,
        "{what}: left is your list, newest first, right the expected one"
    );
}

/// Empties the list by `pop_oldest` and compares what came with the values expected.
#[track_caller]
fn assert_popped(mut list: RecencyList<char>, expected: &str, what: &str) {
    let popped: String = (0..=expected.len())
        .filter_map(|_| list.pop_oldest())
        .collect();
    assert_eq!(
        popped, expected,
        "{what}: left is what `pop_oldest` gives until the list is empty, right what it should"
    );
}

/// The values by `iter`: one more than expected at most, so that links in a circle come to an end.
fn newest_first<T: Copy>(list: &RecencyList<T>, expected: usize) -> Vec<T> {
    list.iter().take(expected + 1).copied().collect()
}

#[test]
fn a_slot_holds_its_value() {
    let (list, slots) = list_of(['a', 'b', 'c']);
    let values = slots.map(|slot| list.get(slot).copied());
    assert_eq!(
        values,
        [Some('a'), Some('b'), Some('c')],
        "the slots are {slots:?}"
    );
}

#[test]
fn pushed_values_come_newest_first() {
    let (list, _) = list_of(['a', 'b', 'c']);
    assert_eq!(
        newest_first(&list, 3),
        ['c', 'b', 'a'],
        "after pushing a, b, c"
    );
    let (list, _) = list_of([]);
    assert_eq!(newest_first(&list, 0), [], "of an empty list");
}

#[test]
fn the_only_value_is_the_oldest() {
    let (mut list, _) = list_of(['a']);
    assert_eq!(list.pop_oldest(), Some('a'), "pushed a, popped");
    assert_values(&list, "", "pushed a, popped");
    assert_eq!(list.pop_oldest(), None, "popped from an empty list");
}

#[test]
fn the_oldest_is_popped_first() {
    let (list, _) = list_of(['a', 'b', 'c']);
    assert_popped(list, "abc", "after pushing a, b, c");
}

#[test]
fn an_emptied_list_can_be_used_again() {
    let (mut list, _) = list_of(['a', 'b']);
    list.pop_oldest();
    list.pop_oldest();
    list.push('c');
    list.push('d');
    assert_values(&list, "dc", "pushed a and b, popped twice, pushed c and d");
}

#[test]
fn a_touched_value_is_the_newest() {
    let values = ['a', 'b', 'c', 'd'];
    for (i, expected) in ["adcb", "bdca", "cdba", "dcba"].into_iter().enumerate() {
        let (mut list, slots) = list_of(values);
        let what = format!("pushed a, b, c, d, touched {}", values[i]);
        assert!(
            list.touch(slots[i]),
            "{what}: touch of a slot in use returned false"
        );
        assert_eq!(
            list.get(slots[i]),
            Some(&values[i]),
            "{what}: the value in its slot"
        );
        assert_values(&list, expected, &what);
    }
    let (mut list, [slot]) = list_of(['a']);
    list.touch(slot);
    assert_values(&list, "a", "pushed a, touched it");
}

#[test]
fn after_a_touch_the_oldest_is_still_popped_first() {
    let values = ['a', 'b', 'c', 'd'];
    for (i, expected) in ["bcda", "acdb", "abdc", "abcd"].into_iter().enumerate() {
        let (mut list, slots) = list_of(values);
        list.touch(slots[i]);
        assert_popped(
            list,
            expected,
            &format!("pushed a, b, c, d, touched {}", values[i]),
        );
    }
}

#[test]
fn a_value_is_removed_wherever_it_stands() {
    let values = ['a', 'b', 'c', 'd'];
    for (i, expected) in ["dcb", "dca", "dba", "cba"].into_iter().enumerate() {
        let (mut list, slots) = list_of(values);
        let what = format!("pushed a, b, c, d, removed {}", values[i]);
        assert_eq!(
            list.remove(slots[i]),
            Some(values[i]),
            "{what}: the answer of remove"
        );
        assert_values(&list, expected, &what);
    }
    let (mut list, [slot]) = list_of(['a']);
    assert_eq!(list.remove(slot), Some('a'), "pushed a, removed it");
    assert_values(&list, "", "pushed a, removed it");
}

#[test]
fn after_a_removal_the_oldest_is_still_popped_first() {
    let values = ['a', 'b', 'c', 'd'];
    for (i, expected) in ["bcd", "acd", "abd", "abc"].into_iter().enumerate() {
        let (mut list, slots) = list_of(values);
        list.remove(slots[i]);
        assert_popped(
            list,
            expected,
            &format!("pushed a, b, c, d, removed {}", values[i]),
        );
    }
}

#[test]
fn a_touched_value_can_be_moved_again() {
    let (mut list, [a, b, _]) = list_of(['a', 'b', 'c']);
    list.touch(a);
    list.touch(b);
    list.touch(a);
    let what = "pushed a, b, c, touched a, b, a";
    assert_values(&list, "abc", what);
    list.remove(a);
    assert_values(&list, "bc", &format!("{what}, removed a"));
    assert_popped(list, "cb", &format!("{what}, removed a"));
}

#[test]
fn a_slot_without_a_value_is_refused() {
    let (mut list, [a, b, c]) = list_of(['a', 'b', 'c']);
    list.remove(b);
    let what = "pushed a, b, c, removed b";
    assert_eq!(list.get(b), None, "{what}: get of the slot of b");
    assert!(!list.touch(b), "{what}: touch of the slot of b");
    assert_eq!(list.remove(b), None, "{what}: removed b once more");
    let unknown = a.max(b).max(c) + 1;
    assert!(
        !list.touch(unknown),
        "{what}: touch of the slot {unknown}, never given out"
    );
    assert_eq!(
        list.remove(unknown),
        None,
        "{what}: remove of the slot {unknown}, never given out"
    );
    assert_values(
        &list,
        "ca",
        "pushed a, b, c, removed b, tried the slots without a value",
    );
}

#[test]
fn freed_slots_are_used_again() {
    let mut list = RecencyList::with_capacity(0);
    let mut pushed: Vec<usize> = (0..5).map(|i| list.push(i)).collect();
    let mut slots = std::collections::BTreeSet::from_iter(pushed.clone());
    for i in 0..50 {
        let freed = pushed.remove(i % 5);
        list.remove(freed);
        pushed.push(list.push(i));
        slots.insert(pushed[4]);
    }
    assert!(
        slots.len() <= 5,
        "a list of 5 values at most has used the {} slots {slots:?}",
        slots.len()
    );
}

#[test]
fn a_slot_removed_twice_is_given_out_once() {
    let (mut list, [a]) = list_of(['a']);
    list.remove(a);
    list.remove(a);
    let (b, c) = (list.push('b'), list.push('c'));
    let what = "pushed a, removed its slot twice, pushed b and c";
    assert_ne!(b, c, "{what}: b and c have the same slot");
    assert_values(&list, "cb", what);
}

#[test]
fn random_operations_agree_with_a_plain_list() {
    seeded::cases(600, |rng| {
        let mut list = RecencyList::with_capacity(0);
        // The values with their slots, newest first.
        let mut model: Vec<(usize, u32)> = Vec::new();
        let mut done = Vec::new();
        for value in 0..rng.size() as u32 {
            let slot = rng.below(model.len() + 3);
            let at = model.iter().position(|entry| entry.0 == slot);
            match rng.weighted(&[5, 5, 3, 1]) {
                0 => {
                    let slot = list.push(value);
                    done.push(format!("push({value}) = {slot}"));
                    let taken = model.iter().any(|entry| entry.0 == slot);
                    assert!(!taken, "after {done:?}: this slot holds a value already");
                    model.insert(0, (slot, value));
                }
                1 => {
                    done.push(format!("touch({slot})"));
                    assert_eq!(
                        list.touch(slot),
                        at.is_some(),
                        "after {done:?}: left is your last answer, right the expected one"
                    );
                    if let Some(at) = at {
                        model[..=at].rotate_right(1);
                    }
                }
                2 => {
                    done.push(format!("remove({slot})"));
                    let expected = at.map(|at| model.remove(at).1);
                    assert_eq!(
                        list.remove(slot),
                        expected,
                        "after {done:?}: left is your last answer, right the expected one"
                    );
                }
                _ => {
                    done.push("pop_oldest()".to_string());
                    let expected = model.pop().map(|entry| entry.1);
                    assert_eq!(
                        list.pop_oldest(),
                        expected,
                        "after {done:?}: left is your last answer, right the expected one"
                    );
                }
            }
            let expected: Vec<u32> = model.iter().map(|entry| entry.1).collect();
            assert_eq!(
                newest_first(&list, expected.len()),
                expected,
                "after {done:?}: left is your list, newest first, right the expected one"
            );
            for &(slot, value) in &model {
                assert_eq!(
                    list.get(slot),
                    Some(&value),
                    "the slot {slot} after {done:?}"
                );
            }
        }
        while let Some((_, expected)) = model.pop() {
            done.push("pop_oldest()".to_string());
            assert_eq!(
                list.pop_oldest(),
                Some(expected),
                "after {done:?}: left is your last answer, right the expected one"
            );
        }
        assert_eq!(
            list.pop_oldest(),
            None,
            "from the empty list, after {done:?}"
        );
    });
}

#[test]
fn no_operation_searches() {
    const N: usize = 1_000;
    let mut rng = seeded::Rng::new(3);
    let mut list = RecencyList::with_capacity(0);
    let mut slots: Vec<usize> = (0..N).map(|i| list.push(i)).collect();
    // Half of the slots are free from now on, so that looking through those would show, too.
    slots.drain(N / 2..).for_each(|slot| _ = list.remove(slot));
    rng.shuffle(&mut slots);
    for name in ["touch", "remove", "push", "pop_oldest", "get"] {
        let work = || {
            for (i, &slot) in slots[..200].iter().enumerate() {
                match name {
                    "touch" => _ = list.touch(slot),
                    "remove" => _ = list.remove(slot),
                    "push" => _ = list.push(i),
                    "pop_oldest" => _ = list.pop_oldest(),
                    _ => _ = list.get(slot),
                }
            }
        };
        let looks = counts(|| at_most(1_000_000, work)).1.reads;
        assert!(
            looks <= 200 * 20,
            "200 times {name}, on a list of 300 to 500 values and as many free slots: {looks} looks at nodes and \
             free slots, {} are enough: is something searched?",
            200 * 20
        );
        assert!(
            looks >= 200,
            "200 times {name}: {looks} looks were counted; `nodes` should be a `CountedVec`"
        );
    }
}

#[test]
fn a_list_that_does_not_grow_does_not_allocate() {
    let mut list = RecencyList::with_capacity(0);
    let mut slots: Vec<usize> = (0..100).map(|i| list.push(i)).collect();
    // Free all slots once, so that the list of free slots has grown as well.
    slots.iter().for_each(|&slot| _ = list.remove(slot));
    slots = (0..100).map(|i| list.push(i)).collect();
    let (_, heap) = allocations(|| {
        for i in 0..5_000 {
            list.touch(slots[i % 100]);
            list.remove(slots[i % 100]);
            slots[i % 100] = list.push(i);
        }
    });
    assert!(
        heap.calls <= 5,
        "5,000 times an entry of 100 was touched, removed and replaced: {} allocations",
        heap.calls
    );
}
