use super::*;
use counted::{Budget, Counted, counts};
use std::cell::Cell;
use std::collections::BTreeMap;

/// A key that can be compared and nothing else.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key(u32);

/// A value that can be neither cloned nor compared.
#[derive(Debug)]
struct Value(String);

type Runs = Vec<Vec<(u32, String)>>;

/// Runs, the oldest first, of which each value says where it comes from: `"3 of run 0"`.
fn runs(keys: &[&[u32]]) -> Runs {
    let runs = keys.iter().enumerate();
    runs.map(|(run, keys)| {
        let entry = |key: &u32| (*key, format!("{key} of run {run}"));
        keys.iter().map(entry).collect()
    })
    .collect()
}

/// What the merged iterator gives; the number of its steps is limited.
fn merged(runs: Runs) -> Vec<(u32, String)> {
    let budget = Budget::new(
        1 + runs.iter().map(Vec::len).sum::<usize>() as u64,
        "calls of next",
    );
    let runs = runs
        .into_iter()
        .map(|run| run.into_iter().map(|(key, value)| (Key(key), Value(value))));
    let entries = merge(runs.collect()).inspect(|_| budget.spend());
    entries.map(|(key, value)| (key.0, value.0)).collect()
}

#[track_caller]
fn check(keys: &[&[u32]], expected: &[&str]) {
    let merged: Vec<String> = merged(runs(keys))
        .into_iter()
        .map(|(_, value)| value)
        .collect();
    assert_eq!(
        merged, expected,
        "the keys of the runs, the oldest first: {keys:?}; left are your merged entries, right the expected ones"
    );
}

#[test]
fn a_single_run_stays_as_it_is() {
    check(&[&[1, 3, 5]], &["1 of run 0", "3 of run 0", "5 of run 0"]);
}

#[test]
fn nothing_merged_is_nothing() {
    check(&[], &[]);
    check(&[&[], &[]], &[]);
    check(&[&[], &[7], &[]], &["7 of run 1"]);
}

#[test]
fn the_keys_of_all_runs_ascend() {
    check(
        &[&[2, 5], &[1, 6], &[3, 4]],
        &[
            "1 of run 1",
            "2 of run 0",
            "3 of run 2",
            "4 of run 2",
            "5 of run 0",
            "6 of run 1",
        ],
    );
}

#[test]
fn of_equal_keys_the_newest_comes_first() {
    for keys in [
        &[&[1][..], &[1]][..],
        &[&[1], &[], &[1]],
        &[&[2], &[1], &[1, 2], &[1]],
    ] {
        let newest = keys.iter().rposition(|run| run.contains(&1)).unwrap_or(0);
        assert_eq!(
            merged(runs(keys)).into_iter().next(),
            Some((1, format!("1 of run {newest}"))),
            "the keys of the runs, the oldest first: {keys:?}; left is your first entry, right the expected one"
        );
    }
}

#[test]
fn a_second_version_of_a_key_is_not_given() {
    check_keys(&[&[1], &[1]], &[1]);
    check_keys(&[&[], &[3], &[1], &[3]], &[1, 3]);
}

#[test]
fn no_version_is_given_but_one() {
    check_keys(&[&[4], &[4], &[4], &[4]], &[4]);
}

#[test]
fn what_follows_an_older_version_is_not_lost() {
    check_keys(&[&[1, 2, 3], &[1]], &[1, 2, 3]);
    check_keys(&[&[1, 2], &[1], &[2, 3]], &[1, 2, 3]);
}

/// Compares the keys alone.
#[track_caller]
fn check_keys(keys: &[&[u32]], expected: &[u32]) {
    let merged: Vec<u32> = merged(runs(keys)).into_iter().map(|(key, _)| key).collect();
    assert_eq!(
        merged, expected,
        "the keys of the runs, the oldest first: {keys:?}; left are your merged keys, right the expected ones"
    );
}

#[test]
fn runs_are_merged_as_in_the_example() {
    check(
        &[&[1, 3, 5], &[3, 4], &[1, 6]],
        &[
            "1 of run 2",
            "3 of run 1",
            "4 of run 1",
            "5 of run 0",
            "6 of run 2",
        ],
    );
}

#[test]
fn an_iterator_that_is_through_stays_through() {
    let mut merge = merge(vec![vec![(Key(1), Value("a".into()))].into_iter()]);
    assert_eq!(
        merge.next().map(|(key, _)| key),
        Some(Key(1)),
        "the first of one entry"
    );
    for _ in 0..3 {
        assert!(merge.next().is_none(), "next after the last entry");
    }
}

#[test]
fn random_runs_agree_with_a_map() {
    seeded::cases(400, |rng| {
        let most = rng.size() as u32 / 3 + 2;
        let runs: Runs = (0..rng.below(8))
            .map(|run| {
                let keys = rng.below(rng.size() / 2 + 1);
                let keys = rng.vec(keys, |rng| rng.range(0..most));
                let entry = |key| (key, format!("{key} of run {run}"));
                BTreeMap::from_iter(keys.into_iter().map(entry))
                    .into_iter()
                    .collect()
            })
            .collect();
        let expected = BTreeMap::from_iter(runs.concat());
        let keys: Vec<Vec<u32>> = runs
            .iter()
            .map(|run| run.iter().map(|(key, _)| *key).collect())
            .collect();
        assert_eq!(
            merged(runs),
            Vec::from_iter(expected),
            "the keys of the runs, the oldest first: {keys:?}; left are your merged entries, right the expected ones"
        );
    });
}

#[test]
fn at_most_one_entry_of_each_run_waits() {
    // Run r has the keys r, r + 5, r + 10 ...
    let taken = [const { Cell::new(0) }; 5];
    let runs = (0..5).map(|run| {
        let taken = &taken[run as usize];
        (0..100u32).map(move |i| {
            taken.set(taken.get() + 1);
            (Key(run + 5 * i), ())
        })
    });
    let mut merge = merge(runs.collect());
    for given in 0..=50 {
        for (run, taken) in taken.iter().enumerate() {
            // How many of this run's keys were given: those below `given`.
            let was_given = (given + 4 - run) / 5;
            let waits = taken.get() - was_given as i32;
            assert!(
                waits <= 1,
                "run r of five holds the keys r, r + 5, r + 10 ...: when {given} entries were given, \
                 {waits} entries of run {run} were taken and not given yet; one is allowed"
            );
        }
        assert_eq!(
            merge.next().map(|(key, ())| key.0),
            Some(given as u32),
            "run r of five holds the keys r, r + 5, r + 10 ...: the next entry after {given}"
        );
    }
}

#[test]
fn the_next_of_many_runs_is_found_without_asking_all() {
    for (k, allowed) in [(2, 10), (8, 22), (64, 40)] {
        let mut rng = seeded::Rng::new(k);
        let mut runs: Vec<Vec<(Counted<u32>, ())>> = (0..k).map(|_| Vec::new()).collect();
        for key in 0..6_400 {
            runs[rng.below(k as usize)].push((Counted::new(key), ()));
        }
        let runs = runs.into_iter().map(Vec::into_iter).collect();
        let (entries, did) = counts(|| merge(runs).take(10_000).count());
        assert_eq!(
            entries, 6_400,
            "{k} runs with 6,400 keys, all different: the merged entries"
        );
        let each = did.comparisons / 6_400;
        assert!(
            each <= allowed,
            "{k} runs, 6,400 entries: {each} comparisons of keys for each entry, and {allowed} are allowed"
        );
    }
}
