use super::*;
use seeded::Rng;
use std::collections::BTreeMap;

/// A table to which these were committed, one after the other; `None` deletes.
fn table(commits: &[&[(Key, Option<i64>)]]) -> Table {
    let mut table = Table::default();
    for writes in commits {
        table.commit(writes);
    }
    table
}

/// The versions of a row, as value and commit.
fn versions(table: &Table, key: Key) -> Vec<(Option<i64>, Commit)> {
    let versions = table.rows.get(&key).map_or(&[][..], Vec::as_slice);
    versions
        .iter()
        .map(|version| (version.value, version.at))
        .collect()
}

#[track_caller]
fn assert_left(table: &Table, key: Key, expected: &[(Option<i64>, Commit)], what: &str) {
    assert_eq!(
        versions(table, key),
        expected,
        "{what}: the versions that vacuum leaves of row {key}, with their commits; yours are on the left"
    );
}

const TEN: &[(Key, Option<i64>)] = &[(1, Some(10))];
const TWENTY: &[(Key, Option<i64>)] = &[(1, Some(20))];
const THIRTY: &[(Key, Option<i64>)] = &[(1, Some(30))];
const GONE: &[(Key, Option<i64>)] = &[(1, None)];
const OTHER: &[(Key, Option<i64>)] = &[(2, Some(0))];

#[test]
fn a_snapshot_is_the_last_commit() {
    let mut table = table(&[]);
    assert_eq!(table.open(), 0, "an empty table: open()");
    table.commit(TEN);
    table.commit(OTHER);
    assert_eq!(table.open(), 2, "after two commits: open()");
}

#[test]
fn read_gives_the_newest_version_that_is_not_younger() {
    let table = table(&[OTHER, TEN, OTHER, TWENTY]);
    for (snapshot, expected) in [
        (0, None),
        (1, None),
        (2, Some(10)),
        (3, Some(10)),
        (4, Some(20)),
    ] {
        assert_eq!(
            table.read(1, snapshot),
            expected,
            "row 1 is 10 since commit 2 and 20 since commit 4: read at {snapshot}"
        );
    }
    assert_eq!(table.read(3, 4), None, "there is no row 3: read at 4");
}

#[test]
fn a_deleted_row_is_not_there() {
    let table = table(&[TEN, GONE, THIRTY]);
    for (snapshot, expected) in [(1, Some(10)), (2, None), (3, Some(30))] {
        assert_eq!(
            table.read(1, snapshot),
            expected,
            "row 1: 10 at 1, deleted at 2, 30 at 3: read at {snapshot}"
        );
    }
}

#[test]
fn without_snapshots_only_the_newest_versions_stay() {
    let mut table = table(&[TEN, TWENTY, OTHER, THIRTY, OTHER]);
    table.vacuum();
    let what = "row 1: 10 at 1, 20 at 2, 30 at 4; row 2: 0 at 3 and at 5; no snapshot is open";
    assert_left(&table, 1, &[(Some(30), 4)], what);
    assert_left(&table, 2, &[(Some(0), 5)], what);
}

#[test]
fn the_version_of_an_open_snapshot_stays() {
    let mut table = table(&[TEN, TWENTY]);
    let snapshot = table.open();
    table.commit(OTHER);
    table.commit(THIRTY);
    table.vacuum();
    let what = "row 1: 10 at 1, 20 at 2, 30 at 4; a snapshot is open at 2";
    assert_left(&table, 1, &[(Some(20), 2), (Some(30), 4)], what);
    assert_eq!(table.read(1, snapshot), Some(20), "{what}: read at 2");
    table.close(snapshot);
    table.vacuum();
    assert_left(
        &table,
        1,
        &[(Some(30), 4)],
        "the same, and the snapshot was closed",
    );
}

#[test]
fn a_snapshot_sees_versions_that_are_older_than_itself() {
    let mut table = table(&[TEN, OTHER, OTHER]);
    table.open();
    table.commit(TWENTY);
    table.vacuum();
    let what = "row 1: 10 at 1, 20 at 4; a snapshot is open at 3";
    assert_left(&table, 1, &[(Some(10), 1), (Some(20), 4)], what);
}

#[test]
fn what_lies_between_two_snapshots_goes() {
    let mut table = table(&[TEN]);
    table.open();
    for value in 2..=5 {
        table.commit(&[(1, Some(10 * value))]);
    }
    table.open();
    table.commit(&[(1, Some(60))]);
    table.commit(&[(1, Some(70))]);
    table.vacuum();
    assert_left(
        &table,
        1,
        &[(Some(10), 1), (Some(50), 5), (Some(70), 7)],
        "row 1: 10 at 1, 20 at 2 ... 70 at 7; snapshots are open at 1 and 5",
    );
}

#[test]
fn a_snapshot_stays_open_until_all_have_closed_it() {
    let mut table = table(&[TEN]);
    let (first, second) = (table.open(), table.open());
    assert_eq!(first, second, "two snapshots without a commit between them");
    table.commit(TWENTY);
    table.close(first);
    table.vacuum();
    let what = "row 1: 10 at 1, 20 at 2; the snapshot 1 was opened twice and closed once";
    assert_left(&table, 1, &[(Some(10), 1), (Some(20), 2)], what);
    table.close(second);
    table.vacuum();
    let what = "row 1: 10 at 1, 20 at 2; the snapshot 1 was opened twice and closed twice";
    assert_left(&table, 1, &[(Some(20), 2)], what);
}

#[test]
fn a_deletion_stays_while_it_hides_something() {
    let mut table = table(&[TEN]);
    let snapshot = table.open();
    table.commit(GONE);
    table.vacuum();
    let what = "row 1: 10 at 1, deleted at 2; a snapshot is open at 1";
    assert_left(&table, 1, &[(Some(10), 1), (None, 2)], what);
    assert_eq!(table.read(1, 2), None, "{what}: read at 2");
    assert_eq!(table.read(1, snapshot), Some(10), "{what}: read at 1");
}

#[test]
fn a_deletion_that_hides_nothing_goes() {
    let mut table = table(&[TEN, GONE]);
    table.open();
    table.commit(THIRTY);
    table.vacuum();
    let what = "row 1: 10 at 1, deleted at 2, 30 at 3; a snapshot is open at 2";
    assert_left(&table, 1, &[(Some(30), 3)], what);
}

#[test]
fn a_second_deletion_goes_with_the_first() {
    let mut table = table(&[TEN, GONE]);
    table.open();
    table.commit(GONE);
    table.vacuum();
    let what = "row 1: 10 at 1, deleted at 2 and once more at 3; a snapshot is open at 2";
    assert_left(&table, 1, &[], what);
}

#[test]
fn a_version_that_somebody_sees_stays_even_if_it_changed_nothing() {
    let mut again = table(&[TEN]);
    again.open();
    again.commit(TEN);
    again.vacuum();
    let what = "row 1: 10 at 1 and once more at 2; a snapshot is open at 1";
    assert_left(&again, 1, &[(Some(10), 1), (Some(10), 2)], what);

    let mut deleted = table(&[TEN]);
    for _ in 0..2 {
        deleted.open();
        deleted.commit(GONE);
    }
    deleted.vacuum();
    let what = "row 1: 10 at 1, deleted at 2 and once more at 3; snapshots are open at 1 and 2";
    assert_left(&deleted, 1, &[(Some(10), 1), (None, 2), (None, 3)], what);
}

#[test]
fn a_row_without_versions_is_removed() {
    let mut table = table(&[TEN, GONE, OTHER]);
    table.vacuum();
    let keys: Vec<&Key> = table.rows.keys().collect();
    assert_eq!(
        keys,
        [&2],
        "row 1: 10 at 1, deleted at 2; row 2: 0 at 3; no snapshot is open: the rows that vacuum leaves"
    );
}

#[test]
fn random_histories_agree_with_the_model() {
    seeded::cases(300, |rng| {
        let mut table = Table::default();
        let mut states = vec![BTreeMap::new()];
        // All versions of each row that there ever were.
        let mut history: [Vec<(Option<i64>, Commit)>; 4] = Default::default();
        let mut open: Vec<Commit> = Vec::new();
        let mut done = Vec::new();
        for _ in 0..rng.size() {
            match rng.weighted(&[6, 2, 2, 3]) {
                0 => {
                    let writes = random_writes(rng);
                    done.push(format!("commit({writes:?})"));
                    table.commit(&writes);
                    let mut state: BTreeMap<Key, i64> = states[states.len() - 1].clone();
                    for (key, value) in writes {
                        history[key as usize].push((value, states.len() as Commit));
                        match value {
                            Some(value) => state.insert(key, value),
                            None => state.remove(&key),
                        };
                    }
                    states.push(state);
                }
                1 => {
                    done.push("open()".to_string());
                    open.push(table.open());
                }
                2 if !open.is_empty() => {
                    let snapshot = open.remove(rng.below(open.len()));
                    done.push(format!("close({snapshot})"));
                    table.close(snapshot);
                }
                _ => {
                    done.push("vacuum()".to_string());
                    table.vacuum();
                    check_left(&table, &history, &open, &done);
                }
            }
            let last = states.len() as Commit - 1;
            for snapshot in open.iter().copied().chain([last]) {
                for key in 0..4 {
                    assert_eq!(
                        table.read(key, snapshot),
                        states[snapshot as usize].get(&key).copied(),
                        "{}: read({key}, {snapshot}), yours is on the left",
                        done.join(", ")
                    );
                }
            }
        }
    });
}

/// Few different values, so that a row often gets the one that it has.
fn random_writes(rng: &mut Rng) -> Vec<(Key, Option<i64>)> {
    let keys = (0..4).filter(|_| rng.chance(0.4)).collect::<Vec<Key>>();
    keys.into_iter()
        .map(|key| (key, rng.chance(0.7).then(|| rng.range(0..3))))
        .collect()
}

/// Each version that is left must be seen by somebody, no deletion may be the oldest, and every other
/// version that somebody sees must be left.
fn check_left(
    table: &Table,
    history: &[Vec<(Option<i64>, Commit)>],
    open: &[Commit],
    done: &[String],
) {
    for (key, row) in &table.rows {
        let done = done.join(", ");
        assert!(
            !row.is_empty(),
            "{done}: row {key} has no versions, and must be removed"
        );
        let oldest = row[0];
        assert!(
            oldest.value.is_some(),
            "{done}: the oldest version of row {key} is a deletion, which hides nothing: {:?}",
            versions(table, *key)
        );
        for (i, version) in row.iter().enumerate() {
            // Seen from its own commit on, until the next version.
            let until = row.get(i + 1).map_or(Commit::MAX, |next| next.at);
            let mut readers = open.iter().copied().chain([table.last_commit]);
            assert!(
                readers.any(|reader| (version.at..until).contains(&reader)),
                "{done}: snapshots are open at {open:?}, the last commit is {}; nobody sees the version at {} of row \
                 {key}: {:?}",
                table.last_commit,
                version.at,
                versions(table, *key)
            );
        }
    }
    for (key, all) in (0..).zip(history) {
        let seen = |i: usize| {
            let until = all.get(i + 1).map_or(Commit::MAX, |next| next.1);
            let mut readers = open.iter().copied().chain([table.last_commit]);
            readers.any(|reader| (all[i].1..until).contains(&reader))
        };
        let seen = (0..all.len()).filter(|i| seen(*i)).map(|i| all[i]);
        let expected: Vec<_> = seen.skip_while(|oldest| oldest.0.is_none()).collect();
        let what = format!("{}: snapshots are open at {open:?}", done.join(", "));
        assert_left(table, key, &expected, &what);
    }
}
