use super::*;
use std::collections::{BTreeMap, BTreeSet};

/// A tree whose blocks hold four entries, filled with runs, the oldest first; `None` is a tombstone.
fn tree(runs: &[&[(u64, Option<&str>)]]) -> Lsm {
    let mut tree = Lsm::new(Disk::new(4));
    for run in runs {
        fill(&mut tree, run);
        tree.flush();
    }
    tree
}

fn fill(tree: &mut Lsm, entries: &[(u64, Option<&str>)]) {
    for (key, value) in entries {
        match value {
            Some(value) => tree.put(*key, value.to_string()),
            None => tree.delete(*key),
        }
    }
}

#[track_caller]
fn assert_get(tree: &Lsm, key: u64, expected: Option<&str>, what: &str) {
    assert_eq!(
        tree.get(key).as_deref(),
        expected,
        "{what}: get({key}), yours is on the left"
    );
}

#[track_caller]
fn assert_all(tree: &Lsm, expected: &[(u64, &str)], what: &str) {
    let all = tree.scan(0..=u64::MAX);
    let all: Vec<(u64, &str)> = all
        .iter()
        .map(|(key, value)| (*key, value.as_str()))
        .collect();
    assert_eq!(
        all, expected,
        "{what}: a scan of all keys, yours is on the left"
    );
}

/// The number of blocks that `f` reads.
fn reads<R>(tree: &Lsm, f: impl FnOnce() -> R) -> (R, usize) {
    let before = tree.disk.reads();
    let result = f();
    (result, tree.disk.reads() - before)
}

/// Everything that is on the disk.
fn on_disk(tree: &Lsm) -> Vec<(u64, Entry)> {
    let blocks = (0..tree.disk.writes()).filter_map(|block| tree.disk.peek(block));
    blocks.flatten().collect()
}

const ABC: &[(u64, Option<&str>)] = &[(1, Some("a")), (2, Some("b")), (3, Some("c"))];

// ---------------------------------------------------------------------------------------------
// Rule 1: the memtable

#[test]
fn what_was_put_is_found() {
    let mut tree = tree(&[]);
    fill(&mut tree, ABC);
    assert_get(&tree, 2, Some("b"), "put 1, 2, 3");
    assert_get(&tree, 4, None, "put 1, 2, 3");
    tree.put(2, "B".to_string());
    assert_get(&tree, 2, Some("B"), "put 1, 2, 3, put(2, B)");
}

#[test]
fn a_deleted_key_is_gone() {
    let mut tree = tree(&[]);
    fill(&mut tree, ABC);
    tree.delete(2);
    tree.delete(9);
    assert_get(&tree, 2, None, "put 1, 2, 3, deleted 2 and 9");
    assert_get(&tree, 3, Some("c"), "put 1, 2, 3, deleted 2 and 9");
    for key in [2, 9] {
        assert_eq!(
            tree.memtable.get(&key),
            Some(&Entry::Tombstone),
            "put 1, 2, 3, deleted 2 and 9: what the memtable knows of {key}"
        );
    }
    tree.put(2, "again".to_string());
    assert_get(
        &tree,
        2,
        Some("again"),
        "put 1, 2, 3, deleted 2, put(2, again)",
    );
}

#[test]
fn writes_use_no_disk() {
    let mut tree = tree(&[ABC]);
    let before = (tree.disk.reads(), tree.disk.writes());
    fill(&mut tree, &[(1, None), (2, Some("x")), (7, None)]);
    let after = (tree.disk.reads(), tree.disk.writes());
    assert_eq!(
        before, after,
        "the disk's reads and writes before and after put and delete"
    );
}

// ---------------------------------------------------------------------------------------------
// Rule 3: flush

#[test]
fn a_flushed_memtable_is_found_on_the_disk() {
    let tree = tree(&[ABC]);
    assert_eq!(
        tree.disk.writes(),
        1,
        "put 1, 2, 3, flushed: blocks written"
    );
    assert_eq!(
        tree.memtable.len(),
        0,
        "put 1, 2, 3, flushed: entries in the memtable"
    );
    assert_get(&tree, 1, Some("a"), "put 1, 2, 3, flushed");
    assert_get(&tree, 3, Some("c"), "put 1, 2, 3, flushed");
    assert_get(&tree, 4, None, "put 1, 2, 3, flushed");
}

#[test]
fn an_empty_memtable_makes_no_run() {
    let mut tree = tree(&[]);
    tree.flush();
    assert_eq!(tree.runs.len(), 0, "a new tree, flushed: its runs");
    fill(&mut tree, ABC);
    tree.flush();
    tree.flush();
    assert_eq!(tree.runs.len(), 1, "put 1, 2, 3, flushed twice: its runs");
}

#[test]
fn tombstones_go_to_the_disk_too() {
    let tree = tree(&[&[(1, None)]]);
    let what = "a new tree, deleted 1, flushed";
    assert_eq!(
        on_disk(&tree),
        [(1, Entry::Tombstone)],
        "{what}: on the disk, yours is on the left"
    );
    assert_eq!(tree.runs.len(), 1, "{what}: the number of runs");
}

// ---------------------------------------------------------------------------------------------
// Rule 2: get

#[test]
fn the_memtable_is_asked_before_the_runs() {
    let mut tree = tree(&[ABC]);
    fill(&mut tree, &[(2, Some("new")), (3, None)]);
    let (_, reads) = reads(&tree, || {
        assert_get(
            &tree,
            2,
            Some("new"),
            "flushed 1, 2, 3, put(2, new), deleted 3",
        );
        assert_get(&tree, 3, None, "flushed 1, 2, 3, put(2, new), deleted 3");
    });
    assert_eq!(reads, 0, "blocks read for two keys that the memtable knows");
}

#[test]
fn the_newest_run_decides() {
    let tree = tree(&[
        ABC,
        &[(1, Some("new")), (4, Some("d"))],
        &[(1, Some("newest"))],
    ]);
    let what = "three runs: (1: a, 2: b, 3: c), (1: new, 4: d), (1: newest)";
    assert_get(&tree, 1, Some("newest"), what);
    assert_get(&tree, 2, Some("b"), what);
    assert_get(&tree, 4, Some("d"), what);
}

#[test]
fn a_tombstone_hides_older_runs() {
    let tree = tree(&[ABC, &[(2, None)], &[(3, None)], &[(3, Some("new"))]]);
    let what = "four runs: (1: a, 2: b, 3: c), (2: -), (3: -), (3: new)";
    assert_get(&tree, 1, Some("a"), what);
    assert_get(&tree, 2, None, what);
    assert_get(&tree, 3, Some("new"), what);
}

#[test]
fn get_stops_at_the_run_that_knows_the_key() {
    let run: Vec<(u64, Option<&str>)> = (0..40).map(|key| (key, Some("x"))).collect();
    let mut tree = tree(&[run.as_slice(); 10]);
    let (found, read) = reads(&tree, || tree.get(17));
    assert_eq!(
        found.as_deref(),
        Some("x"),
        "ten runs, each with the keys 0 to 39: get(17)"
    );
    assert_eq!(
        read, 1,
        "ten runs, each with the keys 0 to 39: blocks read by get(17)"
    );
    tree.delete(17);
    tree.flush();
    let (_, read) = reads(&tree, || tree.get(17));
    assert_eq!(
        read, 1,
        "ten runs with the key 17, and a newer tombstone: blocks read by get(17)"
    );
}

#[test]
fn absent_keys_are_seldom_looked_up_on_the_disk() {
    let mut tree = tree(&[]);
    for run in 0..5 {
        for i in 0..200 {
            tree.put(10 * i + 2 * run, "x".to_string());
        }
        tree.flush();
    }
    let absent = (0..1_000).map(|i| 2 * i + 1);
    let lookups = absent
        .filter(|key| reads(&tree, || tree.get(*key)).1 > 0)
        .count();
    assert!(
        lookups <= 100,
        "five runs with 200 keys each: {lookups} of 1,000 lookups of absent keys read a block, and 100 are allowed"
    );
}

// ---------------------------------------------------------------------------------------------
// Rule 4: scan

#[test]
fn a_scan_merges_memtable_and_runs() {
    let mut tree = tree(&[ABC, &[(2, Some("new")), (5, Some("e"))]]);
    fill(&mut tree, &[(3, Some("newest")), (4, Some("d"))]);
    let what = "two runs (1: a, 2: b, 3: c), (2: new, 5: e), and in memory (3: newest, 4: d)";
    assert_all(
        &tree,
        &[(1, "a"), (2, "new"), (3, "newest"), (4, "d"), (5, "e")],
        what,
    );
    assert_eq!(
        tree.scan(2..=3),
        [(2, "new".to_string()), (3, "newest".to_string())],
        "{what}: scan(2..=3)"
    );
    assert_eq!(
        tree.scan(2..=2),
        [(2, "new".to_string())],
        "{what}: scan(2..=2)"
    );
    assert_eq!(tree.scan(6..=9), [], "{what}: scan(6..=9)");
}

#[test]
fn the_largest_key_is_a_key_like_any_other() {
    let mut tree = tree(&[]);
    fill(&mut tree, &[(1, Some("a")), (u64::MAX, Some("z"))]);
    let expected = [(1, "a"), (u64::MAX, "z")];
    assert_all(&tree, &expected, "put 1 and u64::MAX");
    tree.flush();
    assert_all(&tree, &expected, "put 1 and u64::MAX, flushed");
    tree.compact(0..1);
    let what = "put 1 and u64::MAX, flushed, compact(0..1)";
    assert_all(&tree, &expected, what);
    assert_get(&tree, u64::MAX, Some("z"), what);
}

#[test]
fn a_scan_shows_no_deleted_key() {
    let mut tree = tree(&[ABC, &[(1, None)]]);
    fill(&mut tree, &[(3, None), (9, None)]);
    assert_all(
        &tree,
        &[(2, "b")],
        "two runs (1: a, 2: b, 3: c), (1: -), and in memory (3: -, 9: -)",
    );
}

#[test]
#[expect(clippy::reversed_empty_ranges, reason = "that is the case to test")]
fn a_range_that_ends_before_it_starts_is_empty() {
    let mut tree = tree(&[ABC]);
    fill(&mut tree, ABC);
    assert_eq!(tree.scan(3..=1), [], "scan(3..=1)");
}

#[test]
fn a_scan_reads_the_blocks_of_its_range_once() {
    let mut tree = tree(&[]);
    for run in 0..3 {
        for i in 0..40 {
            tree.put(3 * i + run, "x".to_string());
        }
        tree.flush();
    }
    for (from, to) in [(0, 119), (30, 60), (50, 50), (100, 500)] {
        let (found, reads) = reads(&tree, || tree.scan(from..=to));
        assert_eq!(
            found.len() as u64,
            to.min(119) - from + 1,
            "scan({from}..={to}): its entries"
        );
        // The key k is in block k / 12 of a run. An end may lie before or behind the first key of a block.
        let allowed = 3 * (to.min(119) / 12 - from / 12 + 2) as usize;
        assert!(
            reads <= allowed,
            "three runs of ten blocks each, with the keys 0 to 119: scan({from}..={to}) read {reads} blocks, \
             and {allowed} are allowed"
        );
    }
    let all = reads(&tree, || tree.scan(0..=u64::MAX)).1;
    assert_eq!(
        all, 30,
        "three runs of ten blocks each: blocks read by a scan of all keys"
    );
}

// ---------------------------------------------------------------------------------------------
// Rules 5 and 6: compact

#[test]
fn a_compaction_keeps_the_newest_versions() {
    let mut tree = tree(&[
        ABC,
        &[(2, Some("new"))],
        &[(2, Some("newest")), (4, Some("d"))],
    ]);
    tree.compact(0..3);
    let what = "runs (1: a, 2: b, 3: c), (2: new), (2: newest, 4: d), compact(0..3)";
    assert_all(&tree, &[(1, "a"), (2, "newest"), (3, "c"), (4, "d")], what);
    assert_eq!(tree.runs.len(), 1, "{what}: the number of runs");
}

#[test]
fn the_compacted_run_takes_the_place_of_its_parts() {
    let mut tree = tree(&[
        &[(1, Some("oldest")), (5, Some("e"))],
        &[(1, Some("old")), (2, Some("old"))],
        &[(2, Some("new"))],
        &[(1, Some("newest"))],
    ]);
    tree.compact(1..3);
    let what = "runs (1: oldest, 5: e), (1: old, 2: old), (2: new), (1: newest), compact(1..3)";
    assert_eq!(tree.runs.len(), 3, "{what}: the number of runs");
    assert_get(&tree, 1, Some("newest"), what);
    assert_get(&tree, 2, Some("new"), what);
    tree.compact(0..2);
    let what = format!("{what}, compact(0..2)");
    assert_all(&tree, &[(1, "newest"), (2, "new"), (5, "e")], &what);
}

#[test]
fn a_compaction_without_the_oldest_run_keeps_tombstones() {
    let mut tree = tree(&[ABC, &[(2, None)], &[(4, Some("d"))]]);
    tree.compact(1..3);
    let what = "runs (1: a, 2: b, 3: c), (2: -), (4: d), compact(1..3)";
    assert_get(&tree, 2, None, what);
    assert_all(&tree, &[(1, "a"), (3, "c"), (4, "d")], what);
}

#[test]
fn a_compaction_with_the_oldest_run_drops_tombstones() {
    let mut tree = tree(&[ABC, &[(2, None), (7, None)], &[(3, Some("new"))]]);
    tree.compact(0..2);
    let what = "runs (1: a, 2: b, 3: c), (2: -, 7: -), (3: new), compact(0..2)";
    assert_all(&tree, &[(1, "a"), (3, "new")], what);
    let tombstones = on_disk(&tree)
        .iter()
        .filter(|(_, entry)| *entry == Entry::Tombstone)
        .count();
    assert_eq!(tombstones, 0, "{what}: tombstones on the disk");
}

#[test]
fn where_nothing_is_left_there_is_no_run() {
    let mut tree = tree(&[ABC, &[(1, None), (2, None), (3, None)]]);
    tree.compact(0..2);
    let what = "runs (1: a, 2: b, 3: c), (1: -, 2: -, 3: -), compact(0..2)";
    assert_eq!(tree.runs.len(), 0, "{what}: the number of runs");
    assert_eq!(tree.disk.len(), 0, "{what}: the blocks in use");
    assert_all(&tree, &[], what);
}

#[test]
fn a_compaction_leaves_the_memtable_alone() {
    let mut tree = tree(&[ABC, &[(2, Some("new"))]]);
    fill(&mut tree, &[(1, None), (3, Some("newest"))]);
    tree.compact(0..2);
    let what = "runs (1: a, 2: b, 3: c), (2: new), in memory (1: -, 3: newest), compact(0..2)";
    assert_all(&tree, &[(2, "new"), (3, "newest")], what);
    assert_eq!(tree.memtable.len(), 2, "{what}: entries in the memtable");
}

const FIVE_RUNS: &str = "five runs of ten blocks each, no key in two of them: compact(0..5)";

fn five_runs() -> Lsm {
    let mut tree = tree(&[]);
    for run in 0..5 {
        for i in 0..40 {
            tree.put(5 * i + run, "x".to_string());
        }
        tree.flush();
    }
    tree
}

#[test]
fn a_compaction_reads_each_block_once() {
    let mut tree = five_runs();
    let before = tree.disk.reads();
    tree.compact(0..5);
    assert_eq!(tree.disk.reads() - before, 50, "{FIVE_RUNS}: blocks read");
}

#[test]
fn a_compaction_writes_each_block_once() {
    let mut tree = five_runs();
    let before = tree.disk.writes();
    tree.compact(0..5);
    assert_eq!(
        tree.disk.writes() - before,
        50,
        "{FIVE_RUNS}: blocks written"
    );
    assert_eq!(
        tree.disk.len(),
        50,
        "{FIVE_RUNS}: blocks in use afterwards, all others must be freed"
    );
}

// ---------------------------------------------------------------------------------------------
// Everything, against a map

#[test]
fn random_operations_agree_with_a_map() {
    seeded::cases(200, |rng| {
        let block = 1 + rng.below(4);
        let mut tree = Lsm::new(Disk::new(block));
        let mut map: BTreeMap<u64, String> = BTreeMap::new();
        let mut done = vec![format!("blocks of {block} entries")];
        // Small keys, and the largest of all.
        let keys: Vec<u64> = (0..11).chain([u64::MAX]).collect();
        for step in 0..rng.size() {
            let key = *rng.pick(&keys);
            match rng.weighted(&[8, 4, 4, 2]) {
                0 => {
                    done.push(format!("put({key}, v{step})"));
                    tree.put(key, format!("v{step}"));
                    map.insert(key, format!("v{step}"));
                }
                1 => {
                    done.push(format!("delete({key})"));
                    tree.delete(key);
                    map.remove(&key);
                }
                2 => {
                    done.push("flush()".to_string());
                    tree.flush();
                }
                _ if tree.runs.is_empty() => continue,
                _ => {
                    let from = rng.below(tree.runs.len());
                    let to = rng.range(from + 1..=tree.runs.len());
                    done.push(format!("compact({from}..{to})"));
                    let runs = tree.runs.len();
                    tree.compact(from..to);
                    let left = runs - (to - from);
                    let now = tree.runs.len();
                    assert!(
                        now == left || now == left + 1,
                        "{}: there were {runs} runs before and {now} after",
                        done.join(", ")
                    );
                }
            }
            let all = tree.scan(0..=u64::MAX);
            let expected: Vec<(u64, String)> = map.clone().into_iter().collect();
            assert_eq!(
                all,
                expected,
                "{}: a scan of all keys, yours is on the left",
                done.join(", ")
            );
            let key = *rng.pick(&keys);
            let found = tree.get(key);
            assert_eq!(
                found.as_ref(),
                map.get(&key),
                "{}: get({key}), yours is on the left",
                done.join(", ")
            );
        }
        tree.flush();
        tree.compact(0..tree.runs.len());
        let left = on_disk(&tree);
        let keys: BTreeSet<u64> = left.iter().map(|(key, _)| *key).collect();
        assert!(
            keys.len() == left.len() && keys.iter().eq(map.keys()),
            "{}, flush(), compact(all): the disk must hold the keys {:?} and nothing else, and holds {left:?}",
            done.join(", "),
            map.keys().collect::<Vec<_>>()
        );
        let blocks = map.len().div_ceil(block);
        assert_eq!(
            tree.disk.len(),
            blocks,
            "{}, flush(), compact(all): blocks in use for {} keys",
            done.join(", "),
            map.len()
        );
    });
}
