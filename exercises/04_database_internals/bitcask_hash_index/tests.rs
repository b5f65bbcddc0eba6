use super::*;
use crashdisk::{Disk, Survival, refuse_each, sweep};
use seeded::Rng;
use std::collections::BTreeMap;
use std::{fmt, io};

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

#[derive(Clone)]
enum Operation {
    Put(Vec<u8>, Vec<u8>),
    Delete(Vec<u8>),
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operation::Put(key, value) => {
                let text = String::from_utf8_lossy(value);
                write!(f, "put({}, {text:?})", String::from_utf8_lossy(key))
            }
            Operation::Delete(key) => write!(f, "delete({})", String::from_utf8_lossy(key)),
        }
    }
}

impl Operation {
    fn random(rng: &mut Rng, keys: usize) -> Self {
        let key = vec![b'a' + rng.below(keys) as u8];
        match rng.weighted(&[3, 1]) {
            0 => {
                let len = *rng.pick(&[0, 1, 5, 20, 60]);
                Operation::Put(key, rng.word(len).into_bytes())
            }
            _ => Operation::Delete(key),
        }
    }

    fn run(&self, store: &mut Bitcask) -> io::Result<()> {
        match self {
            Operation::Put(key, value) => store.put(key, value),
            Operation::Delete(key) => store.delete(key).map(|_| ()),
        }
    }

    fn apply(&self, model: &mut Model) {
        match self {
            Operation::Put(key, value) => _ = model.insert(key.clone(), value.clone()),
            Operation::Delete(key) => _ = model.remove(key),
        }
    }
}

#[track_caller]
fn open(disk: &Disk) -> Bitcask {
    Bitcask::open(disk).expect("open on a disk that works")
}

#[track_caller]
fn get(store: &Bitcask, key: &[u8]) -> Option<String> {
    let value = store.get(key).expect("get on a disk that works");
    value.map(|value| String::from_utf8_lossy(&value).into_owned())
}

/// A store into which pairs of one-letter keys and values were put.
fn store(pairs: &[(&str, &str)]) -> (Disk, Bitcask) {
    let disk = Disk::new();
    let mut store = open(&disk);
    for (key, value) in pairs {
        store.put(key.as_bytes(), value.as_bytes()).expect("put");
    }
    (disk, store)
}

/// The content, asked by `get` for each of these keys.
fn content(store: &Bitcask, keys: usize) -> Model {
    let keys = (0..keys).map(|i| vec![b'a' + i as u8]);
    let found = keys.filter_map(|key| {
        let value = store.get(&key).expect("get on a disk that works")?;
        Some((key, value))
    });
    found.collect()
}

fn text(model: &Model) -> Vec<String> {
    let pairs = model.iter();
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    pairs
        .map(|(key, value)| format!("{}={}", text(key), text(value)))
        .collect()
}

#[test]
fn what_was_put_is_found() {
    let (_, store) = store(&[("a", "1"), ("b", "two")]);
    assert_eq!(
        get(&store, b"a").as_deref(),
        Some("1"),
        "put(a, 1), put(b, two), get(a)"
    );
    assert_eq!(
        get(&store, b"b").as_deref(),
        Some("two"),
        "put(a, 1), put(b, two), get(b)"
    );
    assert_eq!(get(&store, b"c"), None, "put(a, 1), put(b, two), get(c)");
}

#[test]
fn the_last_value_counts() {
    let (disk, store) = store(&[("a", "1"), ("b", "2"), ("a", "three")]);
    assert_eq!(
        get(&store, b"a").as_deref(),
        Some("three"),
        "put(a, 1), put(a, three), get(a)"
    );
    let store = open(&disk);
    assert_eq!(
        get(&store, b"a").as_deref(),
        Some("three"),
        "the same after a restart"
    );
    assert_eq!(
        get(&store, b"b").as_deref(),
        Some("2"),
        "another key after the restart"
    );
}

#[test]
fn a_deleted_key_is_gone_and_stays_gone() {
    let (disk, mut store) = store(&[("a", "1"), ("b", "2")]);
    assert!(
        store.delete(b"a").expect("delete"),
        "put(a, 1): delete(a) says that it was there"
    );
    assert_eq!(get(&store, b"a"), None, "put(a, 1), delete(a), get(a)");
    let mut store = open(&disk);
    assert_eq!(
        get(&store, b"a"),
        None,
        "put(a, 1), delete(a), a restart, get(a)"
    );
    assert_eq!(
        get(&store, b"b").as_deref(),
        Some("2"),
        "put(b, 2), delete(a), a restart, get(b)"
    );
    store.put(b"a", b"3").expect("put");
    assert_eq!(
        get(&open(&disk), b"a").as_deref(),
        Some("3"),
        "deleted, put again, a restart"
    );
}

#[test]
fn deleting_what_is_not_there_writes_nothing() {
    let (disk, mut store) = store(&[("a", "1")]);
    store.delete(b"a").expect("delete");
    for key in [b"a", b"b"] {
        let (answer, did) = disk.measure(|| store.delete(key).expect("delete"));
        assert!(
            !answer && did.writes == 0 && did.syncs == 0,
            "delete of a key that is not there: {answer}, {} writes, {} syncs",
            did.writes,
            did.syncs
        );
    }
}

#[test]
fn an_empty_value_is_a_value() {
    let (disk, store) = store(&[("a", ""), ("", "empty key")]);
    assert_eq!(
        get(&store, b"a").as_deref(),
        Some(""),
        "put(a, \"\"), get(a)"
    );
    let store = open(&disk);
    assert_eq!(
        get(&store, b"a").as_deref(),
        Some(""),
        "the same after a restart"
    );
    assert_eq!(
        get(&store, b"").as_deref(),
        Some("empty key"),
        "the empty key after a restart"
    );
}

#[test]
fn a_get_reads_once_and_a_miss_does_not_read() {
    let (disk, mut store) = store(&[
        ("a", "1"),
        ("b", "a longer value"),
        ("a", "one"),
        ("c", "3"),
    ]);
    store.delete(b"c").expect("delete");
    for (when, store) in [("", &store), (" after a restart", &open(&disk))] {
        for (key, reads, most) in [("a", 1, 16), ("b", 1, 27), ("c", 0, 0), ("d", 0, 0)] {
            let (_, did) = disk.measure(|| get(store, key.as_bytes()));
            assert!(
                did.reads == reads && did.bytes_read <= most,
                "put a, b, a, c, delete c: get({key}){when} made {} reads of {} bytes; expected: {reads} \
                 of at most {most} bytes, which is the record",
                did.reads,
                did.bytes_read
            );
        }
    }
}

#[test]
fn a_change_costs_one_append_and_one_sync() {
    let (disk, mut store) = store(&[("a", "1")]);
    let (_, put) = disk.measure(|| store.put(b"b", b"hello").expect("put"));
    let (_, again) = disk.measure(|| store.put(b"b", b"hello").expect("put"));
    let (_, delete) = disk.measure(|| store.delete(b"a").expect("delete"));
    for (what, did, bytes) in [
        ("put(b, hello)", put, 18),
        ("put(b, hello) once more", again, 18),
        ("delete(a)", delete, 13),
    ] {
        assert!(
            did.writes == 1 && did.syncs == 1 && did.dir_syncs == 0 && did.bytes_written == bytes,
            "{what}: {} writes of {} bytes, {} syncs of a file, {} syncs of the folder; expected: one write \
             of {bytes} bytes, one sync of the file",
            did.writes,
            did.bytes_written,
            did.syncs,
            did.dir_syncs
        );
    }
}

#[test]
fn a_full_segment_takes_no_further_record() {
    let disk = Disk::new();
    let mut store = open(&disk);
    // Records of 32 bytes: eight of them fill a segment exactly.
    for i in 0..20 {
        store.put(&[b'a' + i], &[b'0' + i; 19]).expect("put");
        let segments = disk.list().expect("list").len();
        let expected = i as usize / 8 + 1;
        assert!(
            segments == expected,
            "{} records of 32 bytes: {segments} segments of {SEGMENT} bytes, expected {expected}",
            i + 1
        );
    }
    for (when, store) in [("", store), (" after a restart", open(&disk))] {
        for i in 0..20 {
            assert_eq!(
                get(&store, &[b'a' + i]),
                Some(((b'0' + i) as char).to_string().repeat(19)),
                "20 records of 32 bytes: get of record {}{when}",
                i + 1
            );
        }
    }
    let names = ["segment-000001", "segment-000002", "segment-000003"];
    assert_eq!(
        disk.list().expect("list"),
        names,
        "the files after 20 records of 32 bytes"
    );
}

#[test]
fn a_segment_that_is_not_full_takes_a_record_of_any_length() {
    for (lengths, expected) in [
        (&[27; 11][..], &[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2][..]),
        (&[255, 255, 13, 1_000, 13], &[1, 1, 2, 2, 3]),
    ] {
        let disk = Disk::new();
        let mut store = open(&disk);
        for (i, (len, expected)) in lengths.iter().zip(expected).enumerate() {
            let value = vec![b'0'; len - HEADER - 1];
            store.put(&[b'a' + i as u8], &value).expect("put");
            let segments = disk.list().expect("list").len();
            assert!(
                segments == *expected,
                "records of {:?} bytes: {segments} segments, expected {expected}, as a segment below {SEGMENT} \
                 bytes takes one more record",
                &lengths[..=i]
            );
        }
    }
}

#[test]
fn the_newest_segment_is_filled_up_after_a_restart() {
    let disk = Disk::new();
    for i in 0..9 {
        open(&disk).put(b"a", &[b'0' + i; 19]).expect("put");
    }
    let store = open(&disk);
    assert_eq!(
        get(&store, b"a"),
        Some("8".repeat(19)),
        "nine puts, each after a restart"
    );
    assert_eq!(
        disk.list().expect("list").len(),
        2,
        "nine records of 32 bytes, each put after a restart: the number of segments"
    );
    // The same when a crash has left a torn record in it.
    let (disk, _) = self::store(&[("a", "1")]);
    let file = disk.open(&segment_name(1)).expect("the first segment");
    file.append(&encode(b"b", Some(b"torn"))[..5])
        .expect("append");
    let disk = disk.copy();
    open(&disk).put(b"c", b"3").expect("put");
    assert_eq!(
        disk.list().expect("list"),
        ["segment-000001"],
        "put(a, 1), 5 bytes of a torn record, a restart, put(c, 3): the files"
    );
}

#[test]
fn a_record_behind_a_torn_one_is_not_lost() {
    let torn = encode(b"b", Some(b"a value that was torn"));
    for (what, tail) in [
        ("5 bytes of a record", &torn[..5]),
        ("all but one byte of a record", &torn[..torn.len() - 1]),
        ("30 zeros", &[0; 30]),
    ] {
        let (disk, _) = store(&[("a", "1")]);
        let file = disk.open(&segment_name(1)).expect("the first segment");
        file.append(tail).expect("append");
        let disk = disk.copy();
        let mut store = open(&disk);
        assert_eq!(
            get(&store, b"b"),
            None,
            "put(a, 1), then {what} of b, a restart, get(b)"
        );
        store.put(b"c", b"3").expect("put");
        let store = open(&disk);
        assert_eq!(
            get(&store, b"c").as_deref(),
            Some("3"),
            "put(a, 1), then {what} of b, a restart, put(c, 3), a restart, get(c)"
        );
        assert_eq!(get(&store, b"a").as_deref(), Some("1"), "the same, get(a)");
    }
}

#[test]
fn an_acknowledged_change_is_safe() {
    let disk = Disk::new();
    let mut store = open(&disk);
    let mut model = Model::new();
    let mut rng = Rng::new(8);
    for i in 0..30 {
        let operation = Operation::random(&mut rng, 4);
        disk.note(&operation);
        operation
            .run(&mut store)
            .expect("a change on a disk that works");
        operation.apply(&mut model);
        let after = disk.after_crash(Survival::Nothing);
        let found = content(&open(&after), 4);
        assert!(
            found == model,
            "change {}, {operation}, returned Ok and the power failed: found {:?}, expected {:?}{}",
            i + 1,
            text(&found),
            text(&model),
            after.story()
        );
    }
}

#[test]
fn random_operations_agree_with_a_map() {
    seeded::cases(200, |rng| {
        let disk = Disk::new();
        let mut store = open(&disk);
        let mut model = Model::new();
        for _ in 0..rng.size() / 2 + 1 {
            if rng.chance(0.1) {
                disk.note("restart");
                store = open(&disk);
            }
            let operation = Operation::random(rng, 6);
            disk.note(&operation);
            operation
                .run(&mut store)
                .expect("a change on a disk that works");
            operation.apply(&mut model);
            let found = content(&store, 6);
            assert!(
                found == model,
                "found {:?}, expected {:?} after:{}",
                text(&found),
                text(&model),
                disk.story()
            );
        }
    });
}

#[test]
fn a_crash_at_any_change_loses_no_acknowledged_one() {
    let mut rng = Rng::new(60);
    let operations = rng.vec(60, |rng| Operation::random(rng, 4));
    // The content after each number of operations.
    let mut models = vec![Model::new()];
    for operation in &operations {
        let mut model = models[models.len() - 1].clone();
        operation.apply(&mut model);
        models.push(model);
    }
    let workload = |disk: &Disk| {
        let Ok(mut store) = Bitcask::open(disk) else {
            return 0;
        };
        let done = operations.iter().take_while(|operation| {
            disk.note(operation);
            operation.run(&mut store).is_ok()
        });
        done.count()
    };
    let check = |disk: &Disk, &done: &usize| {
        disk.note("open");
        let mut store = open(disk);
        let found = content(&store, 4);
        let (before, after) = (&models[done], &models[(done + 1).min(60)]);
        assert!(
            found == *before || found == *after,
            "{done} changes were acknowledged and perhaps one was under way: found {:?}, expected {:?} or {:?}",
            text(&found),
            text(before),
            text(after)
        );
        // What is put now is there after the next restart.
        disk.note("put(a, new)");
        store.put(b"a", b"new").expect("put after a crash");
        let mut expected = found;
        expected.insert(b"a".to_vec(), b"new".to_vec());
        let again = content(&open(disk), 4);
        assert!(
            again == expected,
            "after the crash, open, put(a, new), open: found {:?}, expected {:?}",
            text(&again),
            text(&expected)
        );
    };
    sweep(
        &Disk::new(),
        2,
        workload,
        |disk| _ = Bitcask::open(disk),
        check,
    );
}

#[test]
fn a_change_that_failed_does_not_show() {
    for operation in [
        Operation::Put(b"a".to_vec(), b"2".to_vec()),
        Operation::Delete(b"a".to_vec()),
    ] {
        let prepare = || store(&[("a", "1")]);
        let run = |_: &Disk, store: &mut Bitcask| operation.run(store);
        refuse_each(&operation.to_string(), prepare, run, |disk, mut store| {
            assert_eq!(
                get(&store, b"a").as_deref(),
                Some("1"),
                "put(a, 1), {operation} with an error, get(a):{}",
                disk.story()
            );
            store
                .put(b"b", b"3")
                .expect("put on a disk that works again");
            for (when, store) in [("", &store), (", a restart", &open(disk))] {
                assert_eq!(
                    get(store, b"b").as_deref(),
                    Some("3"),
                    "put(a, 1), {operation} with an error, put(b, 3){when}, get(b):{}",
                    disk.story()
                );
            }
        });
    }
}

#[test]
fn an_open_reports_every_error() {
    let torn = || {
        let (disk, _) = store(&[("a", "1")]);
        let file = disk.open(&segment_name(1)).expect("the first segment");
        file.append(&encode(b"b", Some(b"torn"))[..9])
            .expect("append");
        disk.note("9 bytes of a torn record");
        (disk, ())
    };
    refuse_each("`open`", torn, |disk, ()| Bitcask::open(disk), |_, ()| {});
}

#[test]
fn errors_of_the_disk_are_passed_on() {
    let (disk, mut store) = store(&[("a", "1"), ("b", "2")]);
    disk.fail();
    assert!(store.get(b"a").is_err(), "get without power");
    assert!(
        store.put(b"a", b"2").is_err(),
        "put without power returned Ok"
    );
    assert!(
        store.delete(b"b").is_err(),
        "delete without power returned Ok"
    );
    assert!(
        Bitcask::open(&disk).is_err(),
        "open without power returned Ok"
    );
}
