use super::*;
use counted::{Budget, Probe, at_most, counts};

/// `partition_point` over 0, 1, 2, .. where the first `boundary` elements come before: the answer
/// and the number of calls.
fn search(len: usize, boundary: usize) -> (usize, u64) {
    let xs: Vec<usize> = (0..len).collect();
    let budget = Budget::new(1_000, "calls of is_before for one search");
    let found = partition_point(&xs, |&x| {
        budget.spend();
        x < boundary
    });
    (found, budget.used())
}

fn most_calls(len: usize) -> u64 {
    len.checked_ilog2().map_or(0, |log| u64::from(log) + 1)
}

type Bound = fn(&[Probe<i32>], &Probe<i32>) -> usize;

/// Every sorted array of up to 6 elements from 1, 3, 5, 7, 9.
fn small_sorted_arrays() -> Vec<Vec<i32>> {
    let mut arrays = vec![vec![]];
    let mut i = 0;
    while i < arrays.len() {
        let array: Vec<i32> = arrays[i].clone();
        if array.len() < 6 {
            for x in [1, 3, 5, 7, 9] {
                if array.last().is_none_or(|&last| last <= x) {
                    arrays.push([array.as_slice(), &[x]].concat());
                }
            }
        }
        i += 1;
    }
    arrays
}

#[test]
fn nothing_comes_before_in_an_empty_slice() {
    let found = partition_point(&[0; 0], |_| panic!("there is no element to ask about"));
    assert_eq!(found, 0, "partition_point of an empty slice");
}

#[test]
fn the_boundary_is_found_wherever_it_is() {
    for len in 0..=130 {
        for boundary in 0..=len {
            let (found, _) = search(len, boundary);
            assert_eq!(
                found, boundary,
                "partition_point of {len} elements, the first {boundary} come before"
            );
        }
    }
}

#[test]
fn each_call_halves_what_is_left() {
    for len in (0..=130_usize).chain([1_000, 4_095, 4_096]) {
        for boundary in [0, 1, len / 3, len / 2, len.saturating_sub(1), len] {
            let (calls, most) = (search(len, boundary).1, most_calls(len));
            assert!(
                calls <= most,
                "{calls} calls of is_before for {len} elements, of which the first {boundary} come \
                 before; {most} are enough"
            );
        }
    }
}

/// Searches each small array of counted elements for each x; a search that does not end is stopped.
fn assert_bounds(name: &str, bound: Bound, comes_before: fn(i32, i32) -> bool) {
    for xs in small_sorted_arrays() {
        for x in 0..=10 {
            let expected = xs.iter().filter(|&&y| comes_before(y, x)).count();
            let probes: Vec<_> = xs.iter().copied().map(Probe::new).collect();
            let found = at_most(100, || bound(&probes, &Probe::new(x)));
            assert_eq!(found, expected, "{name}({xs:?}, {x})");
        }
    }
}

#[test]
fn lower_bound_is_the_first_element_that_is_not_less() {
    assert_bounds("lower_bound", lower_bound, |y, x| y < x);
}

#[test]
fn upper_bound_is_the_first_element_that_is_greater() {
    assert_bounds("upper_bound", upper_bound, |y, x| y <= x);
}

fn assert_between(xs: &[i32], from: i32, to: i32) {
    let expected: Vec<_> = xs.iter().filter(|&&y| from <= y && y < to).collect();
    let probes: Vec<_> = xs.iter().copied().map(Probe::new).collect();
    let (from, to) = (Probe::new(from), Probe::new(to));
    let found = at_most(200, || between(&probes, &from, &to));
    let found: Vec<_> = found.iter().map(Probe::inner).collect();
    assert_eq!(found, expected, "between({xs:?}, {from:?}, {to:?})");
}

#[test]
fn between_holds_its_start_and_not_its_end() {
    for xs in small_sorted_arrays() {
        for from in 0..=10 {
            (from..=10).for_each(|to| assert_between(&xs, from, to));
        }
    }
}

#[test]
fn between_is_empty_when_its_end_is_before_its_start() {
    for (from, to) in [(30, 10), (31, 0), (20, 19), (25, 15)] {
        assert_between(&[10, 20, 20, 30], from, to);
    }
}

#[test]
fn the_bounds_compare_no_more_often() {
    let bounds: [(&str, Bound); 2] = [("lower_bound", lower_bound), ("upper_bound", upper_bound)];
    for (name, bound) in bounds {
        let different: Vec<_> = (0..1_000).map(Probe::new).collect();
        let equal = vec![Probe::new(500); 1_000];
        for (kind, xs) in [("different", different), ("equal", equal)] {
            for x in [0, 1, 499, 500, 501, 999, 1_000] {
                let search = || at_most(5_000, || bound(&xs, &Probe::new(x)));
                let (compared, most) = (counts(search).1.comparisons, most_calls(1_000));
                assert!(
                    compared <= most,
                    "{name} of {x} in 1000 {kind} elements: {compared} comparisons, {most} are enough"
                );
            }
        }
    }
}

#[test]
fn between_compares_no_more_often_than_two_searches() {
    let different: Vec<_> = (0..1_000).map(Probe::new).collect();
    let equal = vec![Probe::new(500); 1_000];
    for (kind, xs) in [("different", different), ("equal", equal)] {
        for (from, to) in [
            (0, 1_000),
            (0, 1),
            (250, 750),
            (500, 501),
            (999, 1_000),
            (700, 300),
        ] {
            let search = || {
                at_most(5_000, || {
                    between(&xs, &Probe::new(from), &Probe::new(to)).len()
                })
            };
            let (compared, most) = (counts(search).1.comparisons, 2 * most_calls(1_000) + 1);
            assert!(
                compared <= most,
                "between {from} and {to} in 1000 {kind} elements: {compared} comparisons, {most} are enough"
            );
        }
    }
}

#[test]
fn the_longest_slice_is_no_problem() {
    let xs = vec![(); usize::MAX];
    for (before, expected) in [(true, usize::MAX), (false, 0)] {
        let budget = Budget::new(1_000, "calls of is_before for one search");
        let found = partition_point(&xs, |()| {
            budget.spend();
            before
        });
        assert_eq!(
            found, expected,
            "usize::MAX elements, is_before always {before}"
        );
    }
}
