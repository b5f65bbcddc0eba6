use super::*;
use crashdisk::{Disk, Survival, refuse_each, sweep};
use seeded::Rng;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

type Model = BTreeMap<String, String>;

/// Segments in words: `["a=1 b=2", "a=3 -b"]` are two segments; `-b` is the deletion of b. What cannot be
/// deleted, because it is not there, is left out.
fn disk_of(segments: &[&str]) -> Disk {
    let disk = Disk::new();
    let mut store = open(&disk);
    for segment in segments {
        store.roll().expect("a new segment");
        change(&mut store, segment);
    }
    disk.copy()
}

fn change(store: &mut Bitcask, records: &str) {
    for record in records.split_whitespace() {
        match record.split_once('=') {
            Some((key, value)) => store.put(key.as_bytes(), value.as_bytes()).expect("put"),
            None => _ = store.delete(&record.as_bytes()[1..]).expect("delete"),
        }
    }
}

#[track_caller]
fn open(disk: &Disk) -> Bitcask {
    match Bitcask::open(disk) {
        Ok(store) => store,
        Err(error) => panic!("open: {error}"),
    }
}

/// The content, asked by `get` for the keys a to h.
#[track_caller]
fn content(store: &Bitcask) -> Model {
    let keys = ('a'..='h').map(String::from);
    let found = keys.filter_map(|key| match store.get(key.as_bytes()) {
        Ok(value) => Some((key, String::from_utf8_lossy(&value?).into_owned())),
        Err(error) => panic!("get({key}): {error}"),
    });
    found.collect()
}

/// What the records in the log say, segment by segment.
fn records(disk: &Disk) -> Vec<String> {
    let store = open(&disk.copy());
    let segments = store.segments.iter().map(|segment| {
        let bytes = segment.file.read().expect("read");
        let (mut end, mut words) = (0, Vec::new());
        while let Some(record) = decode(&bytes[end..]) {
            end += record.len;
            let key = String::from_utf8_lossy(record.key);
            words.push(match record.value {
                Some(value) => format!("{key}={}", String::from_utf8_lossy(value)),
                None => format!("-{key}"),
            });
        }
        words.sort();
        words.join(" ")
    });
    segments.collect()
}

/// Merges a range and expects these records in the segments, in each segment in any order.
#[track_caller]
fn assert_merged(segments: &[&str], range: Range<usize>, expected: &[&str]) {
    let disk = disk_of(segments);
    let mut store = open(&disk);
    let before = content(&store);
    store
        .merge(range.clone())
        .expect("merge on a disk that works");
    let what = format!("segments {segments:?}, merge({range:?})");
    let now = content(&store);
    assert_eq!(
        now, before,
        "{what}: left is what `get` finds now, right what it found before"
    );
    let after = content(&open(&disk));
    assert_eq!(
        after, before,
        "{what}, a restart: left is what `get` finds, right what it found before"
    );
    // No segment for no record is as good as an empty one.
    let found = records(&disk);
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    let but_empty = |all: &[&str]| {
        all.iter()
            .filter(|s| !s.is_empty())
            .map(|s| s.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        but_empty(&found),
        but_empty(expected),
        "{what}: left are the records on the disk"
    );
}

#[test]
fn live_records_move_into_one_segment() {
    assert_merged(&["a=1 b=2", "c=3", "d=4"], 0..2, &["a=1 b=2 c=3", "d=4"]);
    assert_merged(&["a=1", "b=", "c=3"], 0..2, &["a=1 b=", "c=3"]);
}

#[test]
fn records_that_were_replaced_go() {
    assert_merged(&["a=1 a=2", "a=3 b=1", "c=3"], 0..2, &["a=3 b=1", "c=3"]);
    assert_merged(&["a=1 b=1", "c=1", "a=2"], 0..2, &["b=1 c=1", "a=2"]);
    // The same value once more is another record.
    assert_merged(&["a=1 a=1", "a=1", "b=1"], 0..2, &["a=1", "b=1"]);
    assert_merged(&["a=1 b=1", "b=1", "b=1"], 0..1, &["a=1", "b=1", "b=1"]);
}

#[test]
fn tombstones_go_with_the_oldest_segment() {
    assert_merged(&["a=1 b=2", "-a c=3", "d=4"], 0..2, &["b=2 c=3", "d=4"]);
    assert_merged(&["a=1", "-a", "d=4"], 0..2, &["", "d=4"]);
}

#[test]
fn tombstones_stay_while_an_older_segment_may_hold_the_key() {
    assert_merged(
        &["a=1 b=2", "-a", "c=3", "d=4"],
        1..3,
        &["a=1 b=2", "-a c=3", "d=4"],
    );
    assert_merged(
        &["a=1", "b=1", "-a", "d=4"],
        1..3,
        &["a=1", "-a b=1", "d=4"],
    );
}

#[test]
fn a_tombstone_does_not_outlive_the_return_of_its_key() {
    assert_merged(&["a=1", "-a a=2", "b=3"], 1..2, &["a=1", "a=2", "b=3"]);
    assert_merged(
        &["a=1", "-a b=1", "c=1", "a=2"],
        1..3,
        &["a=1", "b=1 c=1", "a=2"],
    );
    assert_merged(&["a=1", "-a a=2 -a", "b=3"], 1..2, &["a=1", "-a", "b=3"]);
}

#[test]
fn the_new_segment_takes_the_place_of_the_old_ones() {
    assert_merged(
        &["a=1 b=1", "a=2 c=2", "a=3", "a=4"],
        0..2,
        &["b=1 c=2", "a=3", "a=4"],
    );
    let disk = disk_of(&["a=1 b=1", "b=2", "b=3", "c=4"]);
    let mut store = open(&disk);
    store.merge(0..2).expect("merge");
    change(&mut store, "a=5 d=6");
    assert_eq!(
        content(&open(&disk)),
        content(&store),
        "merge(0..2) of four segments, put(a, 5), put(d, 6): left is what `get` finds after a restart, right \
         what it found before"
    );
    assert_eq!(
        content(&store)["a"],
        "5",
        "get(a) after merge(0..2) and put(a, 5)"
    );
}

#[test]
fn old_files_are_gone_and_a_get_costs_one_read() {
    let disk = disk_of(&["a=1 b=2", "c=3", "d=4"]);
    let mut store = open(&disk);
    let (result, did) = disk.measure(|| store.merge(0..2));
    result.expect("merge");
    assert!(
        did.reads == 2,
        "merge of two segments made {} reads; expected: each segment once",
        did.reads
    );
    let files = disk.list().expect("list");
    assert_eq!(
        files.len(),
        3,
        "merge(0..2) of three segments leaves two and SEGMENTS: {files:?}"
    );
    assert_files(&disk, &store, "merge(0..2) of three segments");
    for key in ["a", "b", "c", "d"] {
        let (value, did) = disk.measure(|| store.get(key.as_bytes()));
        assert!(value.expect("get").is_some(), "get({key}) after a merge");
        assert!(
            did.reads == 1 && did.bytes_read <= 14,
            "get({key}) after a merge made {} reads of {} bytes",
            did.reads,
            did.bytes_read
        );
    }
}

#[test]
fn a_merge_of_nothing_alive_leaves_no_stray_file() {
    let disk = disk_of(&["a=1", "-a", "b=1"]);
    let mut store = open(&disk);
    store.merge(0..2).expect("merge");
    assert_files(&disk, &store, "segments a=1 | -a | b=1, merge(0..2)");
}

#[track_caller]
fn assert_files(disk: &Disk, store: &Bitcask, what: &str) {
    let numbers = store.segments.iter().map(|segment| segment.number);
    let mut files: Vec<String> = numbers.map(segment_name).collect();
    files.push("SEGMENTS".into());
    files.sort();
    assert_eq!(
        disk.list().expect("list"),
        files,
        "{what}: left are the files on the disk, right `SEGMENTS` and those of `self.segments`"
    );
}

#[test]
fn random_merges_change_nothing_that_can_be_seen() {
    seeded::cases(200, |rng| {
        let disk = Disk::new();
        let mut store = open(&disk);
        let mut model = Model::new();
        let mut told = Vec::new();
        for _ in 0..rng.size() {
            let key = String::from(*rng.pick(&['a', 'b', 'c', 'd']));
            match rng.weighted(&[8, 4, 4, 4, 1]) {
                0 => {
                    let len = rng.below(3);
                    let value = rng.word(len);
                    told.push(format!("put({key}, {value:?})"));
                    store.put(key.as_bytes(), value.as_bytes()).expect("put");
                    model.insert(key, value);
                }
                1 => {
                    told.push(format!("delete({key})"));
                    store.delete(key.as_bytes()).expect("delete");
                    model.remove(&key);
                }
                2 => {
                    told.push("roll".into());
                    store.roll().expect("roll");
                }
                3 if store.segments.len() > 1 => {
                    let end = rng.range(1..store.segments.len());
                    let start = rng.below(end);
                    told.push(format!("merge({start}..{end})"));
                    store.merge(start..end).expect("merge");
                }
                3 => {}
                _ => {
                    told.push("restart".into());
                    store = open(&disk);
                }
            }
            assert_eq!(
                content(&store),
                model,
                "left is what `get` finds after {told:?}"
            );
        }
        assert_eq!(
            content(&open(&disk)),
            model,
            "left is what `get` finds after {told:?}, a restart"
        );
        store.roll().expect("roll");
        if store.segments.len() > 1 {
            store.merge(0..store.segments.len() - 1).expect("merge");
        }
        let pairs = model.iter();
        let live: usize = pairs
            .map(|(key, value)| HEADER + key.len() + value.len())
            .sum();
        let segments = disk
            .list()
            .expect("list")
            .into_iter()
            .filter(|name| name.starts_with("segment"));
        let size: usize = segments
            .filter_map(|name| disk.peek(&name))
            .map(|bytes| bytes.len())
            .sum();
        assert_eq!(
            size, live,
            "left are the bytes in all segments after {told:?}, roll, a merge of all but the newest; right \
             are those of the records of {model:?}"
        );
    });
}

/// Merges one range with a power failure at every change.
fn sweep_merge(segments: &[&str], range: Range<usize>) {
    let start = disk_of(segments);
    let expected = content(&open(&start.copy()));
    let workload = |disk: &Disk| {
        let mut store = open_noted(disk)?;
        disk.note(format!("segments {segments:?}: merge({range:?})"));
        store.merge(range.clone())?;
        disk.note("put(h, new)");
        store.put(b"h", b"new")
    };
    let check = |disk: &Disk, done: &io::Result<()>| {
        disk.note("open");
        let mut store = open(disk);
        let mut found = content(&store);
        let put = found.remove("h");
        assert!(
            put.is_some() || done.is_err(),
            "put(h, new) returned Ok, but h is not there"
        );
        assert_eq!(
            found, expected,
            "left is what `get` finds after the crash, right what was there before"
        );
        // The store works on, with another merge, and a crash at the very end.
        store.roll().expect("roll");
        store
            .merge(0..store.segments.len() - 1)
            .expect("merge after a crash");
        let mut again = content(&open(&disk.after_crash(Survival::Nothing)));
        again.remove("h");
        assert_eq!(
            again, expected,
            "left is what `get` finds after the crash, `open`, `merge` of all but the newest, and one more crash"
        );
    };
    let recover = |disk: &Disk| _ = open_noted(disk);
    sweep(&start, 4, workload, recover, check);
}

fn open_noted(disk: &Disk) -> io::Result<Bitcask> {
    disk.note("open");
    Bitcask::open(disk)
}

#[test]
fn a_crash_during_a_merge_loses_nothing() {
    sweep_merge(&["a=1 b=1", "a=2", "c=3"], 0..2);
}

#[test]
fn a_crash_during_a_merge_brings_nothing_back() {
    sweep_merge(&["a=1 b=1", "-a b=2", "c=3"], 0..2);
    sweep_merge(&["a=1 b=1", "b=2 d=1", "-a b=3 -d", "c=3"], 1..3);
}

#[test]
fn a_crash_during_any_merge_of_a_store_changes_nothing() {
    let mut rng = Rng::new(11);
    let segments = rng.vec(4, |rng| {
        let records = rng.vec(6, |rng| {
            let key = *rng.pick(&['a', 'b', 'c', 'd']);
            match rng.chance(0.4) {
                true => format!("-{key}"),
                false => format!("{key}={}", rng.below(100)),
            }
        });
        records.join(" ")
    });
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    for end in 1..4 {
        for start in 0..end {
            sweep_merge(&segments, start..end);
        }
    }
}

#[test]
fn errors_of_the_disk_are_passed_on() {
    let prepare = || {
        let disk = disk_of(&["a=1", "b=1", "c=1"]);
        let store = open(&disk);
        (disk, store)
    };
    let merge = |_: &Disk, store: &mut Bitcask| store.merge(0..2);
    refuse_each("merge(0..2)", prepare, merge, |_, _| {});
    let steps = {
        let disk = disk_of(&["a=1", "b=1", "c=1"]);
        let mut store = open(&disk);
        let before = disk.steps();
        store.merge(0..2).expect("merge");
        disk.steps() - before
    };
    for step in 1..=steps {
        let disk = disk_of(&["a=1", "b=1", "c=1"]);
        let mut store = open(&disk);
        disk.fail_at(step);
        let result = store.merge(0..2);
        assert!(
            result.is_err(),
            "the power failed in change {step} of {steps} of the merge, and it returned Ok{}",
            disk.story()
        );
    }
}
