use super::*;
use counted::{at_most, counts, ends, small_stack};
use seeded::Rng;

/// For each element the smallest one of its set, according to `find`; `None` if `find` gives no element.
fn groups(sets: &mut DisjointSet, n: usize) -> Vec<Option<usize>> {
    let found: Vec<usize> = (0..n).map(|x| sets.find(x)).collect();
    found
        .iter()
        .map(|root| {
            found
                .iter()
                .position(|other| other == root)
                .filter(|_| *root < n)
        })
        .collect()
}

#[test]
fn in_the_beginning_each_element_is_alone() {
    ends(|doing| {
        doing.note(|| "4 new elements".into());
        let mut sets = DisjointSet::new(4);
        let expected: Vec<_> = (0..4).map(Some).collect();
        assert_eq!(
            groups(&mut sets, 4),
            expected,
            "the smallest element of each set, of 4 new elements"
        );
        assert_eq!(sets.sets(), 4, "the number of sets of 4 new elements");
        assert_eq!(sets.size_of(2), 1, "size_of(2) of 4 new elements");
    });
}

#[test]
fn a_union_makes_one_set_of_two() {
    ends(|doing| {
        doing.note(|| "union(0, 1) of 3 elements".into());
        let mut sets = DisjointSet::new(3);
        assert!(
            sets.union(0, 1),
            "union(0, 1) of 3 elements: they were two sets"
        );
        assert_eq!(
            groups(&mut sets, 3),
            [Some(0), Some(0), Some(2)],
            "union(0, 1) of 3 elements"
        );
        assert_eq!(
            sets.sets(),
            2,
            "union(0, 1) of 3 elements: the number of sets"
        );
    });
}

#[test]
fn whole_sets_are_joined() {
    ends(|doing| {
        doing.note(|| "union(0, 1), union(2, 3), union(1, 3) of 5 elements".into());
        let mut sets = DisjointSet::new(5);
        for (a, b) in [(0, 1), (2, 3), (1, 3)] {
            assert!(sets.union(a, b), "union({a}, {b}), they were two sets");
        }
        let expected = [Some(0), Some(0), Some(0), Some(0), Some(4)];
        assert_eq!(
            groups(&mut sets, 5),
            expected,
            "union(0, 1), union(2, 3), union(1, 3) of 5 elements"
        );
        let sizes: Vec<usize> = (0..5).map(|x| sets.size_of(x)).collect();
        assert_eq!(
            sizes,
            [4, 4, 4, 4, 1],
            "size_of(0), .., size_of(4) after that"
        );
    });
}

#[test]
fn a_union_within_a_set_changes_nothing() {
    ends(|doing| {
        doing.note(|| "union(0, 1), union(1, 2), union(0, 2), union(3, 3) of 4 elements".into());
        let mut sets = DisjointSet::new(4);
        sets.union(0, 1);
        sets.union(1, 2);
        for (a, b) in [(0, 2), (2, 0), (1, 1), (3, 3)] {
            assert!(
                !sets.union(a, b),
                "union(0, 1), union(1, 2), union({a}, {b}): they were one set"
            );
        }
        assert_eq!(
            sets.sets(),
            2,
            "the number of sets, which are [0, 1, 2] and [3]"
        );
        assert_eq!(sets.size_of(0), 3, "size_of(0) in [0, 1, 2]");
        assert_eq!(sets.size_of(3), 1, "size_of(3) in [3]");
    });
}

#[test]
fn random_unions_agree_with_labels() {
    ends(|doing| {
        seeded::cases(300, |rng| {
            let n = 1 + rng.size() / 4;
            let mut sets = DisjointSet::new(n);
            let mut labels: Vec<usize> = (0..n).collect();
            let mut done = Vec::new();
            for _ in 0..rng.size() / 2 {
                let (a, b) = (rng.below(n), rng.below(n));
                done.push((a, b));
                doing.note(|| {
                    format!(
                        "{n} elements, {} unions, the last of {a} and {b}",
                        done.len()
                    )
                });
                let what = || format!("{n} elements, after the unions {done:?}");
                let two = labels[a] != labels[b];
                assert_eq!(
                    sets.union(a, b),
                    two,
                    "{}: the answer to the last one",
                    what()
                );
                let (kept, gone) = (labels[a].min(labels[b]), labels[a].max(labels[b]));
                labels
                    .iter_mut()
                    .filter(|label| **label == gone)
                    .for_each(|label| *label = kept);
                let expected: Vec<_> = labels.iter().copied().map(Some).collect();
                assert_eq!(
                    groups(&mut sets, n),
                    expected,
                    "{}: the smallest element of each one's set",
                    what()
                );
                let x = rng.below(n);
                let size = labels.iter().filter(|label| **label == labels[x]).count();
                assert_eq!(sets.size_of(x), size, "{}: size_of({x})", what());
                let count = (0..n).filter(|&x| labels[x] == x).count();
                assert_eq!(sets.sets(), count, "{}: the number of sets", what());
            }
        });
    });
}

fn link_up(at: u64, a: usize, b: usize) -> LinkUp {
    LinkUp { at, a, b }
}

#[test]
fn all_are_connected_by_the_last_link_that_was_needed() {
    ends(|doing| {
        doing.note(|| "first_connected".into());
        let log = [
            link_up(3, 0, 1),
            link_up(5, 2, 1),
            link_up(6, 0, 2),
            link_up(8, 3, 0),
            link_up(9, 1, 3),
        ];
        assert_eq!(
            first_connected(4, &log),
            Some(8),
            "first_connected of 4 machines in {log:?}"
        );
        assert_eq!(
            first_connected(3, &log[..3]),
            Some(5),
            "first_connected of 3 machines in {:?}",
            &log[..3]
        );
        assert_eq!(
            first_connected(5, &log),
            None,
            "first_connected of 5 machines in {log:?}"
        );
    });
}

#[test]
fn the_log_may_be_in_any_order() {
    ends(|doing| {
        doing.note(|| "first_connected".into());
        let log = [
            link_up(9, 0, 1),
            link_up(2, 1, 2),
            link_up(4, 0, 2),
            link_up(4, 2, 1),
        ];
        assert_eq!(
            first_connected(3, &log),
            Some(4),
            "first_connected of 3 machines in {log:?}"
        );
    });
}

#[test]
fn one_machine_is_connected_from_the_start() {
    ends(|doing| {
        doing.note(|| "first_connected".into());
        assert_eq!(
            first_connected(1, &[]),
            Some(0),
            "first_connected of 1 machine without links"
        );
        assert_eq!(
            first_connected(0, &[]),
            Some(0),
            "first_connected of no machine"
        );
        let log = [link_up(7, 0, 0)];
        assert_eq!(
            first_connected(1, &log),
            Some(0),
            "first_connected of 1 machine in {log:?}"
        );
        assert_eq!(
            first_connected(2, &log),
            None,
            "first_connected of 2 machines in {log:?}"
        );
    });
}

const N: usize = 1 << 15;

#[derive(Clone, Copy)]
enum Call {
    Union(usize, usize),
    Find(usize),
}

/// Counts the looks at parents by about 100,000 calls.
fn count_looks(name: &str, calls: impl IntoIterator<Item = Call>) {
    const LIMIT: u64 = 10;
    let calls: Vec<Call> = calls.into_iter().collect();
    let budget = calls.len() as u64 * LIMIT;
    let what = format!("{} calls with {N} elements, {name}", calls.len());
    let mut sets = DisjointSet::new(N);
    let mut looks = 0;
    for some in calls.chunks(64) {
        let work = || {
            for &call in some {
                match call {
                    Call::Union(a, b) => _ = sets.union(a, b),
                    Call::Find(x) => _ = sets.find(x),
                }
            }
        };
        looks += counts(|| at_most(10_000_000, work)).1.reads;
        assert!(
            looks <= budget,
            "{what}: more than {budget} looks at parents, {LIMIT} for each call"
        );
    }
    assert!(
        looks >= calls.len() as u64,
        "{what}: only {looks} looks at parents were counted; `parent` should be a `CountedVec`"
    );
}

/// Unions, and then `find` of any elements.
fn then_find(rng: &mut Rng, unions: Vec<(usize, usize)>) -> Vec<Call> {
    let finds = rng.vec(100_000 - unions.len(), |rng| Call::Find(rng.below(N)));
    unions
        .into_iter()
        .map(|(a, b)| Call::Union(a, b))
        .chain(finds)
        .collect()
}

/// Trees of equal size are joined, again and again, by an element in each.
fn equal_trees(mut element: impl FnMut(usize) -> usize) -> Vec<(usize, usize)> {
    let mut unions = Vec::new();
    for half in (0..N.ilog2()).map(|bits| 1 << bits) {
        for start in (0..N).step_by(2 * half) {
            unions.push((start + element(half), start + half + element(half)));
        }
    }
    unions
}

#[test]
fn a_chain_of_unions_does_not_make_a_chain_of_parents() {
    let mut rng = Rng::new(1);
    let calls = then_find(&mut rng, (1..N).map(|i| (i - 1, i)).collect());
    count_looks("union of each with the next one, then find of any", calls);
    let calls = then_find(&mut rng, (1..N).map(|i| (i, i - 1)).collect());
    count_looks("union of each with the one before, then find of any", calls);
}

#[test]
fn the_way_to_the_root_gets_shorter_with_each_find() {
    let mut rng = Rng::new(2);
    let calls = then_find(&mut rng, equal_trees(|half| half - 1));
    count_looks(
        "unions of sets of equal size by their last elements, then find of any",
        calls,
    );
    let unions = equal_trees(|half| rng.below(half));
    let calls = then_find(&mut rng, unions);
    count_looks(
        "unions of sets of equal size by any elements, then find of any",
        calls,
    );
}

/// Sets of equal size are joined by their first elements, and then the same call comes again and again.
fn then_again(name: &str, call: Call) {
    let unions = equal_trees(|_| 0).into_iter();
    let unions = unions.map(|(a, b)| Call::Union(a, b));
    let calls = unions.chain(std::iter::repeat(call)).take(100_000);
    let name = format!("unions of sets of equal size by their first elements, then always {name}");
    count_looks(&name, calls);
}

#[test]
fn the_same_find_does_not_go_the_same_way_again() {
    // Of two equal trees either root may be the upper one, so either end may be the deepest element.
    then_again("find(0)", Call::Find(0));
    then_again("find(n - 1)", Call::Find(N - 1));
}

#[test]
fn the_same_union_does_not_go_the_same_way_again() {
    then_again("union(0, n - 1)", Call::Union(0, N - 1));
}

#[test]
fn a_single_element_does_not_become_the_root_of_a_large_set() {
    let mut rng = Rng::new(3);
    let mut grow = |union: fn(usize) -> Call| {
        let step = |i| {
            [
                union(i),
                Call::Find(rng.below(i + 1)),
                Call::Find(rng.below(i + 1)),
            ]
        };
        (1..N).flat_map(step).collect::<Vec<Call>>()
    };
    count_looks(
        "union(0, i), each followed by two finds, for i = 1, 2, ..",
        grow(|i| Call::Union(0, i)),
    );
    count_looks(
        "union(i, 0), each followed by two finds, for i = 1, 2, ..",
        grow(|i| Call::Union(i, 0)),
    );
}

// Recursion overflows the stack here, and that ends the whole process.
#[test]
fn a_chain_of_parents_does_not_overflow_the_stack() {
    const N: usize = 100_000;
    ends(|doing| {
        doing.note(|| format!("the parent of each of {N} elements is the next one, then find(0)"));
        small_stack(64, || {
            let mut sets = DisjointSet::new(N);
            sets.parent = (0..N).map(|i| (i + 1).min(N - 1)).collect();
            assert_eq!(
                sets.find(0),
                N - 1,
                "find(0), where the parent of each of {N} elements is the next one, and the last one is the root"
            );
        });
    });
}
