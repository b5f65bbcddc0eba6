use super::*;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

fn value(text: impl ToString) -> Entry {
    Entry::Value(text.to_string())
}

/// A run with these keys, whose values are the keys as text.
fn run(disk: &Disk, keys: impl IntoIterator<Item = u64>) -> Run {
    Run::write(keys.into_iter().map(|key| (key, value(key))), disk)
}

/// The keys that a scan gives: at most 1,000, so that it ends.
fn keys(run: &Run, range: RangeInclusive<u64>, disk: &Disk) -> Vec<u64> {
    let scan = run.scan(range, disk).take(1_000);
    scan.map(|(key, _)| key).collect()
}

/// The number of blocks that `f` reads.
fn reads<R>(disk: &Disk, f: impl FnOnce() -> R) -> (R, usize) {
    let before = disk.reads();
    let result = f();
    (result, disk.reads() - before)
}

// ---------------------------------------------------------------------------------------------
// The filter

#[test]
fn the_filter_knows_every_inserted_key() {
    let mut filter = Bloom::for_keys(1_000);
    for key in 0..1_000 {
        filter.insert(key * key);
        for known in [key, key / 2, key / 3] {
            let known = known * known;
            assert!(
                filter.may_hold(known),
                "inserted the squares of 0 to {key}: may_hold({known}) must be true"
            );
        }
    }
}

#[test]
fn the_filter_stops_most_other_keys() {
    let mut filter = Bloom::for_keys(1_000);
    assert!(
        !filter.may_hold(5),
        "an empty filter: may_hold(5) must be false"
    );
    for key in 0..1_000 {
        filter.insert(2 * key);
    }
    let passed = (0..2_000)
        .filter(|key| filter.may_hold(2 * key + 1))
        .count();
    assert!(
        passed <= 100,
        "inserted 1,000 keys: may_hold is true for {passed} of 2,000 others, and 100 are allowed"
    );
}

// ---------------------------------------------------------------------------------------------
// Writing and looking up

#[test]
fn what_was_written_is_found() {
    let disk = Disk::new(4);
    let run = run(&disk, [10, 20, 30]);
    for key in [10, 20, 30] {
        assert_eq!(
            run.get(key, &disk),
            Some(value(key)),
            "a run with the keys 10, 20, 30: get({key})"
        );
    }
    for key in [0, 15, 31] {
        assert_eq!(
            run.get(key, &disk),
            None,
            "a run with the keys 10, 20, 30: get({key})"
        );
    }
}

#[test]
fn a_tombstone_is_found_as_such() {
    let disk = Disk::new(4);
    let entries = [(1, value("a")), (2, Entry::Tombstone)];
    let run = Run::write(entries.clone().into_iter(), &disk);
    assert_eq!(
        run.get(2, &disk),
        Some(Entry::Tombstone),
        "a run with a tombstone for 2: get(2)"
    );
    let found: Vec<_> = run.scan(0..=9, &disk).take(5).collect();
    assert_eq!(
        found, entries,
        "a run with a value for 1 and a tombstone for 2: scan(0..=9)"
    );
}

#[test]
fn entries_fill_one_block_after_the_other() {
    for n in 0..=9 {
        let disk = Disk::new(3);
        let run = run(&disk, 0..n);
        let blocks: Vec<Vec<u64>> = (0..disk.writes())
            .filter_map(|block| disk.peek(block))
            .map(|block| block.iter().map(|(key, _)| *key).collect())
            .collect();
        let expected: Vec<u64> = (0..n).collect();
        let expected: Vec<&[u64]> = expected.chunks(3).collect();
        assert_eq!(
            blocks, expected,
            "blocks of 3 entries, a run with the keys from 0 up to {n} (exclusive): the blocks that were written"
        );
        assert_eq!(
            keys(&run, 0..=100, &disk).len() as u64,
            n,
            "blocks of 3 entries, a run with {n} entries: how many a scan of all gives"
        );
    }
}

#[test]
fn an_empty_run_holds_nothing() {
    let disk = Disk::new(4);
    let run = run(&disk, []);
    assert_eq!(run.get(1, &disk), None, "an empty run: get(1)");
    assert_eq!(
        keys(&run, 0..=u64::MAX, &disk),
        [],
        "an empty run: scan(0..=u64::MAX)"
    );
    assert_eq!(
        disk.writes() + disk.reads(),
        0,
        "an empty run: reads and writes"
    );
}

#[test]
fn a_lookup_reads_the_one_block_that_holds_the_key() {
    let disk = Disk::new(4);
    let run = run(&disk, (1..=30).map(|key| 10 * key));
    for key in (1..=30).map(|key| 10 * key) {
        let (found, reads) = reads(&disk, || run.get(key, &disk));
        assert_eq!(
            found,
            Some(value(key)),
            "blocks of 4 entries, a run with the keys 10, 20 ... 300: get({key})"
        );
        assert_eq!(
            reads, 1,
            "blocks of 4 entries, a run with the keys 10, 20 ... 300: blocks read by get({key})"
        );
    }
}

#[test]
fn the_first_and_the_last_possible_key_are_keys() {
    let disk = Disk::new(2);
    let run = run(&disk, [0, 1, 2, u64::MAX]);
    for key in [0, u64::MAX] {
        assert_eq!(
            run.get(key, &disk),
            Some(value(key)),
            "a run with the keys 0, 1, 2, u64::MAX: get({key})"
        );
    }
    assert_eq!(
        keys(&run, 2..=u64::MAX, &disk),
        [2, u64::MAX],
        "a run with the keys 0, 1, 2, u64::MAX: scan(2..=u64::MAX)"
    );
}

#[test]
fn a_key_below_all_others_reads_nothing() {
    let disk = Disk::new(4);
    let run = run(&disk, 1_000..1_400);
    let (_, reads) = reads(&disk, || {
        for key in 0..1_000 {
            assert_eq!(
                run.get(key, &disk),
                None,
                "a run with the keys 1000 to 1399: get({key})"
            );
        }
    });
    assert_eq!(
        reads, 0,
        "a run with the keys 1000 to 1399: blocks read for the keys 0 to 999"
    );
}

#[test]
fn a_lookup_of_an_absent_key_seldom_reads() {
    let disk = Disk::new(4);
    let run = run(&disk, (0..1_000).map(|key| 3 * key));
    let (_, reads) = reads(&disk, || {
        for key in 0..1_000 {
            for absent in [3 * key + 1, 3 * key + 2] {
                assert_eq!(
                    run.get(absent, &disk),
                    None,
                    "get({absent}), which is absent"
                );
            }
        }
    });
    assert!(
        reads <= 100,
        "2,000 lookups of absent keys between 1,000 present ones read {reads} blocks, and 100 are allowed"
    );
}

// ---------------------------------------------------------------------------------------------
// Scanning

#[test]
fn a_scan_includes_both_ends() {
    let disk = Disk::new(2);
    let run = run(&disk, [10, 20, 30, 40, 50]);
    for (range, expected) in [
        (0..=99, vec![10, 20, 30, 40, 50]),
        (20..=40, vec![20, 30, 40]),
        (21..=39, vec![30]),
        (50..=50, vec![50]),
        (25..=26, vec![]),
        (60..=70, vec![]),
    ] {
        let (from, to) = range.clone().into_inner();
        assert_eq!(
            keys(&run, range, &disk),
            expected,
            "blocks of 2 entries, the keys 10, 20, 30, 40, 50: scan({from}..={to}), yours is on the left"
        );
    }
}

#[test]
fn a_scan_reads_the_blocks_of_its_range_once() {
    let disk = Disk::new(2);
    let run = run(&disk, [10, 20, 30, 40, 50, 60, 70]);
    for (range, allowed) in [
        (0..=99, 4),
        (10..=29, 1),
        (20..=30, 2),
        (25..=26, 1),
        (30..=49, 1),
        (30..=50, 2),
        (0..=9, 0),
        (80..=90, 1),
    ] {
        let (from, to) = range.clone().into_inner();
        let (_, reads) = reads(&disk, || keys(&run, range, &disk));
        assert!(
            reads <= allowed,
            "the blocks [10 20] [30 40] [50 60] [70]: scan({from}..={to}) read {reads} blocks, and {allowed} are allowed"
        );
    }
}

#[test]
fn a_scan_reads_when_it_is_asked() {
    let disk = Disk::new(2);
    let run = run(&disk, 0..100);
    let (mut scan, before) = reads(&disk, || run.scan(10..=90, &disk));
    assert_eq!(
        before, 0,
        "blocks read by scan(10..=90) before its first entry is asked for"
    );
    let ((first, second), two) = reads(&disk, || (scan.next(), scan.next()));
    assert_eq!(
        [first, second],
        [Some((10, value(10))), Some((11, value(11)))],
        "blocks of 2 entries, the keys 0 to 99: the first two entries of scan(10..=90)"
    );
    assert_eq!(
        two, 1,
        "blocks of 2 entries: blocks read for the first two of 81 entries"
    );
}

#[test]
#[expect(clippy::reversed_empty_ranges, reason = "that is the case to test")]
fn a_range_that_ends_before_it_starts_reads_nothing() {
    let disk = Disk::new(2);
    let run = run(&disk, 0..100);
    for range in [50..=49, 51..=50, 90..=3, 5..=0] {
        let (from, to) = range.clone().into_inner();
        let (found, reads) = reads(&disk, || keys(&run, range, &disk));
        assert_eq!(found, [], "the keys 0 to 99: scan({from}..={to})");
        assert_eq!(
            reads, 0,
            "the keys 0 to 99: blocks read by scan({from}..={to})"
        );
    }
}

#[test]
fn random_runs_agree_with_a_map() {
    seeded::cases(200, |rng| {
        let disk = Disk::new(1 + rng.below(6));
        let most = rng.size() as u64 + 5;
        let mut map = BTreeMap::new();
        for _ in 0..rng.below(rng.size() + 1) {
            let entry = if rng.chance(0.2) {
                Entry::Tombstone
            } else {
                value(rng.word(2))
            };
            map.insert(rng.range(0..most), entry);
        }
        let run = Run::write(map.clone().into_iter(), &disk);
        let what = || format!("blocks of {} entries, a run of {map:?}", disk.size());
        for key in 0..=most {
            let found = run.get(key, &disk);
            assert_eq!(found.as_ref(), map.get(&key), "{}: get({key})", what());
        }
        for _ in 0..20 {
            let from = rng.range(0..most);
            let to = rng.range(from..=most);
            let found: Vec<_> = run.scan(from..=to, &disk).take(1_000).collect();
            let expected = map
                .range(from..=to)
                .map(|(key, entry)| (*key, entry.clone()));
            assert_eq!(
                found,
                expected.collect::<Vec<_>>(),
                "{}: scan({from}..={to}), yours is on the left",
                what()
            );
        }
    });
}
