use super::*;
use counted::{Budget, Counted, Probe, allocations, counts, ends, small_stack};
use std::cmp::Ordering;
use std::collections::VecDeque;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// A list of these values, pushed from the last to the first.
fn list_of<T>(values: impl DoubleEndedIterator<Item = T>) -> List<T> {
    let mut list = List::default();
    values.rev().for_each(|value| list.push_front(value));
    list
}

fn values<T: Clone>(list: &List<T>) -> Vec<T> {
    list.iter().cloned().collect()
}

#[test]
fn what_was_pushed_last_is_in_front() {
    ends(|doing| {
        doing.note(|| "push_front of a, b, c".into());
        let mut list = List::new();
        assert_eq!(values(&list), [], "a new list");
        for value in ['a', 'b', 'c'] {
            list.push_front(value);
        }
        assert_eq!(values(&list), ['c', 'b', 'a'], "pushed a, b, c");
    });
}

#[test]
fn the_first_value_is_popped_and_the_rest_stays() {
    ends(|doing| {
        doing.note(|| "pop_front of [1, 2, 3]".into());
        let mut list = list_of(1..=3);
        assert_eq!(list.pop_front(), Some(1), "pop_front of [1, 2, 3]");
        assert_eq!(values(&list), [2, 3], "[1, 2, 3] after pop_front");
        list.push_front(7);
        assert_eq!(values(&list), [7, 2, 3], "[2, 3] after push_front(7)");
        for expected in [Some(7), Some(2), Some(3), None, None] {
            assert_eq!(list.pop_front(), expected, "popping [7, 2, 3] to its end");
        }
    });
}

#[test]
fn reverse_turns_the_list_around() {
    for n in 0..6 {
        ends(move |doing| {
            doing.note(|| format!("reverse of 0, 1, .., {n} values"));
            let mut list = list_of(0..n);
            list.reverse();
            let expected: Vec<i32> = (0..n).rev().collect();
            assert_eq!(
                values(&list),
                expected,
                "reverse of {:?}",
                Vec::from_iter(0..n)
            );
        });
    }
}

#[test]
fn retain_can_take_out_any_of_the_values() {
    ends(|doing| {
        for n in 0..=8_u32 {
            for bits in 0..1_u32 << n {
                let out: Vec<u32> = (0..n).filter(|i| bits >> i & 1 == 1).collect();
                let what = format!("retain on {:?}, all but {out:?}", Vec::from_iter(0..n));
                doing.note(|| what.clone());
                let mut list = list_of(0..n);
                let (mut asked, budget) = (vec![], Budget::new(100, "questions to `keep`"));
                list.retain(|&value| {
                    budget.spend();
                    asked.push(value);
                    !out.contains(&value)
                });
                let expected: Vec<u32> = (0..n).filter(|i| !out.contains(i)).collect();
                assert_eq!(values(&list), expected, "{what}");
                assert_eq!(
                    asked,
                    Vec::from_iter(0..n),
                    "{what}: the values asked about, in order"
                );
            }
        }
    });
}

#[test]
fn two_sorted_lists_are_merged() {
    ends(|doing| {
        let cases: [(&[i32], &[i32]); 8] = [
            (&[], &[]),
            (&[1], &[]),
            (&[], &[1]),
            (&[1], &[2]),
            (&[2], &[1]),
            (&[1, 2, 3], &[4, 5]),
            (&[4, 5], &[1, 2, 3]),
            (&[1, 3, 3, 8], &[2, 3, 9]),
        ];
        for (left, right) in cases {
            let what = format!("{left:?} merged with {right:?}");
            doing.note(|| what.clone());
            let merged = list_of(left.iter()).merge_sorted(list_of(right.iter()));
            let mut expected: Vec<&i32> = left.iter().chain(right).collect();
            expected.sort();
            assert_eq!(values(&merged), expected, "{what}");
        }
    });
}

/// A job; jobs are compared by their priority alone.
#[derive(Clone, Debug)]
struct Job(u32, &'static str);

impl PartialEq for Job {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Job {}

impl PartialOrd for Job {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Job {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

#[test]
fn of_equal_values_those_of_self_come_first() {
    ends(|doing| {
        doing.note(|| "merging jobs of equal priority".to_string());
        let left = list_of([Job(1, "a"), Job(1, "b"), Job(2, "c")].into_iter());
        let right = list_of([Job(1, "d"), Job(2, "e"), Job(2, "f")].into_iter());
        let merged = left.merge_sorted(right);
        let names: Vec<&str> = merged.iter().map(|job| job.1).collect();
        assert_eq!(
            names,
            ["a", "b", "d", "c", "e", "f"],
            "jobs 1a 1b 2c merged with 1d 2e 2f, where only the numbers are compared"
        );
    });
}

#[test]
fn random_operations_agree_with_a_deque() {
    ends(|doing| {
        seeded::cases(300, |rng| {
            let mut list = List::default();
            let mut model: VecDeque<u8> = VecDeque::new();
            let mut done: Vec<String> = Vec::new();
            for step in 0..rng.size() {
                doing.note(|| format!("operation {step} on {model:?}, after {:?}", done.last()));
                let value = rng.range(0..20);
                match rng.weighted(&[8, 3, 1, 1, 1]) {
                    0 => {
                        done.push(format!("push_front({value})"));
                        list.push_front(value);
                        model.push_front(value);
                    }
                    1 => {
                        done.push("pop_front".into());
                        let expected = model.pop_front();
                        assert_eq!(
                            list.pop_front(),
                            expected,
                            "the answer to the last of {done:?}"
                        );
                    }
                    2 => {
                        done.push("reverse".into());
                        list.reverse();
                        model.make_contiguous().reverse();
                    }
                    3 => {
                        done.push(format!("retain(not {value}, nor multiples of 4)"));
                        list.retain(|x| *x != value && x % 4 != 0);
                        model.retain(|x| *x != value && x % 4 != 0);
                    }
                    _ => {
                        let mut other = rng.vec(rng.size() / 4, |rng| rng.range(0..20));
                        other.sort();
                        model.make_contiguous().sort();
                        done.push(format!("sorted it, merge_sorted({other:?})"));
                        list = list_of(model.iter().copied())
                            .merge_sorted(list_of(other.iter().copied()));
                        model.extend(other);
                        model.make_contiguous().sort();
                    }
                }
                assert_eq!(
                    VecDeque::from(values(&list)),
                    model,
                    "the list after {done:?}"
                );
            }
        });
    });
}

#[test]
fn a_merge_compares_at_most_once_for_each_node() {
    ends(|doing| {
        doing.note(|| "merging the even with the odd numbers below 4,000".to_string());
        let left = list_of((0..2_000).map(|i| Probe::new(2 * i)));
        let right = list_of((0..2_000).map(|i| Probe::new(2 * i + 1)));
        let (merged, did) = counts(|| left.merge_sorted(right));
        assert!(
            merged.iter().map(|x| *x.inner()).eq(0..4_000),
            "the result is not 0, 1, .., 3,999"
        );
        let compared = did.comparisons;
        assert!(
            compared <= 4_000,
            "merging 2,000 with 2,000 values took {compared} comparisons, 4,000 are enough"
        );
    });
}

#[test]
fn only_a_push_allocates() {
    ends(|doing| {
        let mut list = list_of(0..100);
        let other = list_of(20..60);
        for (name, operation) in [
            ("reverse", (|list| list.reverse()) as fn(&mut List<i32>)),
            ("reverse", |list| list.reverse()),
            ("retain", |list| list.retain(|x| x % 3 != 0)),
            ("pop_front", |list| _ = list.pop_front()),
        ] {
            doing.note(|| format!("{name} on a list of 100"));
            let calls = allocations(|| operation(&mut list)).1.calls;
            assert_eq!(calls, 0, "allocations by {name} on a list of 100");
        }
        doing.note(|| "merge_sorted on two lists".into());
        let (merged, heap) = allocations(|| list.merge_sorted(other));
        assert_eq!(heap.calls, 0, "allocations by merge_sorted on two lists");
        let heap = allocations(|| drop(merged)).1;
        assert_eq!(heap.calls, 0, "allocations while a list goes away");
    });
}

#[test]
fn each_value_is_dropped_exactly_once_and_each_node_is_freed() {
    ends(|doing| {
        doing.note(|| "building, changing and dropping a list of 150 values".to_string());
        let work = || {
            let mut list = list_of((0..100).map(Counted::new));
            drop(list.pop_front());
            list.retain(|x| *x.inner() % 3 != 0);
            list = list.merge_sorted(list_of((20..70).map(Counted::new)));
            list.reverse();
        };
        let ((_, did), heap) = allocations(|| counts(work));
        assert_eq!(did.created, 150, "values made");
        assert_eq!(did.drops, did.created, "values dropped and values made");
        assert_eq!(
            heap.left, 0,
            "bytes still allocated after the list went away"
        );
    });
}

// ---------------------------------------------------------------------------------------------
// Length: recursion overflows the stack here, and that ends the whole process

const LONG: u32 = 100_000;

#[test]
fn a_long_list_goes_away_without_recursion() {
    ends(|doing| {
        doing.note(|| format!("a list of {LONG}, dropped"));
        small_stack(64, || {
            let list = list_of(0..LONG);
            assert_eq!(list.iter().count(), LONG as usize, "values of a long list");
        });
    });
}

#[test]
fn a_long_list_is_changed_without_recursion() {
    ends(|doing| {
        small_stack(64, || {
            doing.note(|| format!("reverse of a list of {LONG}"));
            let mut list = list_of(0..LONG);
            list.reverse();
            assert!(
                list.iter().copied().eq((0..LONG).rev()),
                "reverse of a list of {LONG}"
            );
            doing.note(|| format!("retain on a list of {LONG}"));
            list.reverse();
            list.retain(|x| x % 4 != 0);
            doing.note(|| format!("merge_sorted of two halves of {LONG}"));
            let merged = list.merge_sorted(list_of((0..LONG).filter(|x| x % 4 == 0)));
            assert!(
                merged.iter().copied().eq(0..LONG),
                "two halves of {LONG} values, merged"
            );
        });
    });
}
