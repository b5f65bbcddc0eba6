use super::*;
use crashdisk::{Disk, Survival, refuse_each, sweep};

type Records = Vec<Vec<u8>>;

/// A disk whose log holds exactly these bytes, all of them safe.
fn disk_with(bytes: &[u8]) -> Disk {
    let disk = Disk::new();
    let file = disk.create(NAME).unwrap();
    file.append(bytes).unwrap();
    disk.copy()
}

/// A disk to which these records were appended, by the code under test.
fn disk_of(records: &[&[u8]]) -> Disk {
    let disk = Disk::new();
    let (mut log, _) = RecordLog::open(&disk).expect("open a log on an empty disk");
    for record in records {
        log.append(record).expect("append on a disk that works");
    }
    disk
}

#[track_caller]
fn open(disk: &Disk) -> (RecordLog, Records) {
    RecordLog::open(disk).expect("open on a disk that works")
}

fn text(records: &[Vec<u8>]) -> Vec<String> {
    let texts = records
        .iter()
        .map(|r| String::from_utf8_lossy(r).into_owned());
    texts.collect()
}

#[track_caller]
fn assert_found(disk: &Disk, expected: &[&str], what: &str) {
    let (_, found) = open(disk);
    assert_eq!(
        text(&found),
        expected,
        "{what}: left are the records that `open` returned"
    );
}

#[test]
fn a_record_is_stored_as_length_checksum_payload() {
    // CRC-32 of 02 00 00 00 68 69 and of 00 00 00 00, computed with zlib.
    let hi = [2, 0, 0, 0, 0xfb, 0x38, 0x40, 0x65, b'h', b'i'];
    let empty = [0, 0, 0, 0, 0x1c, 0xdf, 0x44, 0x21];
    assert_eq!(encode(b"hi"), hi, "encode(b\"hi\")");
    assert_eq!(encode(b""), empty, "encode(b\"\")");
    assert_eq!(
        decode(&hi),
        Some(&b"hi"[..]),
        "decode of what b\"hi\" is stored as"
    );
}

#[test]
fn what_was_appended_is_found_in_its_order() {
    assert_found(&Disk::new(), &[], "an empty disk");
    let disk = disk_of(&[b"one", b"", b"three"]);
    assert_found(
        &disk,
        &["one", "", "three"],
        "appended one, an empty record, three",
    );
    assert_found(&disk, &["one", "", "three"], "the same, opened twice");
    let (mut log, _) = open(&disk);
    log.append(b"four").expect("append");
    assert_found(
        &disk,
        &["one", "", "three", "four"],
        "opened, appended four",
    );
}

#[test]
fn a_record_may_have_any_length() {
    for len in [255, 256, 300, 4_096, 65_535, 65_536, 70_000] {
        let record: Vec<u8> = (0..len).map(|i| i as u8).collect();
        let (_, found) = open(&disk_of(&[b"one", &record, b"three"]));
        let lengths: Vec<usize> = found.iter().map(Vec::len).collect();
        assert!(
            found == [b"one".to_vec(), record, b"three".to_vec()],
            "appended records of 3, {len} and 5 bytes: `open` returned records of {lengths:?} bytes, \
             expected: the same three"
        );
    }
}

#[test]
fn a_record_that_is_not_whole_is_not_returned() {
    let bytes = [encode(b"one"), encode(b"two")].concat();
    for len in 0..bytes.len() {
        let expected = if len < HEADER + 3 { &[][..] } else { &["one"] };
        let what = format!("of `one`, `two` the first {len} of {} bytes", bytes.len());
        assert_found(&disk_with(&bytes[..len]), expected, &what);
    }
}

#[test]
fn zeros_are_no_record() {
    for zeros in [1, 4, 8, 11, 40] {
        let bytes = [encode(b"one"), vec![0; zeros]].concat();
        assert_found(
            &disk_with(&bytes),
            &["one"],
            &format!("`one` and {zeros} zeros"),
        );
    }
}

#[test]
fn the_log_ends_at_the_first_wrong_bit() {
    let records: [&[u8]; 4] = [b"one", b"", b"three", b"four"];
    let parts = records.map(encode);
    let bytes = parts.concat();
    for bit in 0..8 * bytes.len() {
        let mut wrong = bytes.clone();
        wrong[bit / 8] ^= 1 << (bit % 8);
        // The records that end before the flipped bit.
        let mut end = 0;
        let whole = parts.iter().take_while(|part| {
            end += part.len();
            end <= bit / 8
        });
        let whole = whole.count();
        let (_, found) = open(&disk_with(&wrong));
        assert_eq!(
            text(&found),
            text(
                &records[..whole]
                    .iter()
                    .map(|r| r.to_vec())
                    .collect::<Vec<_>>()
            ),
            "the log of `one`, an empty record, `three`, `four` with bit {} of byte {} flipped: \
             left are the records that `open` returned",
            bit % 8,
            bit / 8
        );
    }
}

#[test]
fn an_append_follows_on_the_last_whole_record() {
    let torn = encode(b"a record that was torn");
    let rest = [encode(b"two"), encode(b"three")].concat();
    let wrong: Vec<u8> = rest
        .iter()
        .enumerate()
        .map(|(i, b)| b ^ u8::from(i == 9))
        .collect();
    let tails = [
        ("the first 9 bytes of a record", torn[..9].to_vec()),
        (
            "all but one byte of a record",
            torn[..torn.len() - 1].to_vec(),
        ),
        ("3 bytes", vec![7, 0, 0]),
        ("50 zeros", vec![0; 50]),
        ("a wrong record and a right one", wrong),
    ];
    for (tail, bytes) in tails {
        let disk = disk_with(&[encode(b"one"), bytes].concat());
        let (mut log, _) = open(&disk);
        log.append(b"new").expect("append");
        let what = format!("`one` and then {tail} in the file; opened, appended `new`");
        assert_found(&disk, &["one", "new"], &what);
        let (mut log, _) = open(&disk);
        log.append(b"!").expect("append");
        assert_found(
            &disk,
            &["one", "new", "!"],
            &format!("{what}, opened again, appended `!`"),
        );
    }
}

#[test]
fn an_acknowledged_record_is_safe() {
    let disk = Disk::new();
    let (mut log, _) = open(&disk);
    for (i, record) in [&b"one"[..], b"", b"three"].iter().enumerate() {
        log.append(record).expect("append");
        let after = disk.after_crash(Survival::Nothing);
        let (_, found) = open(&after);
        assert!(
            found.len() == i + 1,
            "append {} returned Ok, the power failed, and `open` found {:?}{}",
            i + 1,
            text(&found),
            after.story()
        );
    }
}

#[test]
fn an_append_costs_one_sync_and_the_bytes_of_the_record() {
    let disk = disk_of(&[b"one"]);
    let (mut log, _) = open(&disk);
    let (result, did) = disk.measure(|| log.append(b"hello"));
    result.expect("append");
    assert!(
        did.syncs == 1 && did.dir_syncs == 0 && did.bytes_written == 13 && did.reads == 0,
        "append(b\"hello\") to an open log: {} syncs of the file (1 is needed), {} of the folder (0), \
         {} bytes written (13), {} reads (0)",
        did.syncs,
        did.dir_syncs,
        did.bytes_written,
        did.reads
    );
}

const SIX: [&[u8]; 6] = [b"a", b"", b"ccc", b"dd", b"", b"the last of all records"];

#[test]
fn a_crash_at_any_change_loses_no_acknowledged_record() {
    let workload = |disk: &Disk| {
        disk.note("open");
        let Ok((mut log, _)) = RecordLog::open(disk) else {
            return 0;
        };
        let mut acknowledged = 0;
        for record in SIX {
            disk.note(format!("append {:?}", String::from_utf8_lossy(record)));
            match log.append(record) {
                Ok(()) => acknowledged += 1,
                Err(_) => break,
            }
        }
        acknowledged
    };
    let check = |disk: &Disk, &acknowledged: &usize| {
        disk.note("open");
        let (mut log, found) = open(disk);
        let all = SIX.map(Vec::from);
        let possible = [acknowledged, (acknowledged + 1).min(6)];
        assert!(
            possible.iter().any(|&n| found == all[..n]),
            "{acknowledged} records were acknowledged and perhaps one was under way: {:?}; `open` found {:?}",
            text(&all[..possible[1]]),
            text(&found)
        );
        disk.note("append \"new\"");
        log.append(b"new").expect("append after a crash");
        let after = disk.after_crash(Survival::Nothing);
        let (_, again) = open(&after);
        assert_eq!(
            text(&again),
            text(&[found, vec![b"new".to_vec()]].concat()),
            "after the crash, `open`, append of `new`, and one more crash: left are the records that `open` returned"
        );
    };
    let recover = |disk: &Disk| _ = RecordLog::open(disk);
    sweep(&Disk::new(), 1, workload, recover, check);
}

#[test]
fn an_append_reports_every_error() {
    let prepare = || {
        let disk = disk_of(&[b"one"]);
        let (log, _) = open(&disk);
        (disk, log)
    };
    let append = |_: &Disk, log: &mut RecordLog| log.append(b"two");
    refuse_each("append \"two\"", prepare, append, |_, _| {});
}

#[test]
fn an_open_reports_every_error() {
    let torn = [encode(b"one"), encode(b"two")[..9].to_vec()].concat();
    for start in [Disk::new(), disk_with(&torn)] {
        let what = format!("`open` with {start:?}");
        let prepare = || (start.copy(), ());
        refuse_each(&what, prepare, |disk, ()| RecordLog::open(disk), |_, ()| {});
    }
}

#[test]
fn errors_of_the_disk_are_passed_on() {
    let disk = disk_of(&[b"one"]);
    let (mut log, _) = open(&disk);
    disk.fail();
    assert!(
        log.append(b"two").is_err(),
        "append without power returned Ok"
    );
    assert!(
        RecordLog::open(&disk).is_err(),
        "open without power returned Ok"
    );
}
