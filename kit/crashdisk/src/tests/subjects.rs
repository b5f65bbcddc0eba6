//! Storage code that is right, and storage code that a sweep has to catch.

use super::*;

/// Ways to be wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bug {
    None,
    AcknowledgesBeforeSync,
    NameIsNotSynced,
    KeepsTornTail,
    SkipsChecksum,
}

/// A log of records `[length, sum, bytes ...]`.
struct Log {
    file: File,
    records: Vec<Vec<u8>>,
    bug: Bug,
}

fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(1, |sum, byte| sum ^ byte.rotate_left(1))
}

impl Log {
    fn open(disk: &Disk, bug: Bug) -> io::Result<Log> {
        let file = match disk.exists("log")? {
            true => disk.open("log")?,
            false => disk.create("log")?,
        };
        if bug != Bug::NameIsNotSynced {
            disk.sync_dir()?;
        }
        let bytes = file.read()?;
        let (mut records, mut at) = (Vec::new(), 0);
        while let [len, check, rest @ ..] = &bytes[at..] {
            let Some(record) = rest.get(..*len as usize) else {
                break;
            };
            if *check != sum(record) && bug != Bug::SkipsChecksum {
                break;
            }
            records.push(record.to_vec());
            at += 2 + record.len();
        }
        if at < bytes.len() && bug != Bug::KeepsTornTail {
            file.truncate(at as u64)?;
            file.sync()?;
        }
        Ok(Log { file, records, bug })
    }

    fn push(&mut self, record: &[u8]) -> io::Result<()> {
        let mut bytes = vec![record.len() as u8, sum(record)];
        bytes.extend(record);
        self.file.append(&bytes)?;
        if self.bug != Bug::AcknowledgesBeforeSync {
            self.file.sync()?;
        }
        self.records.push(record.to_vec());
        Ok(())
    }
}

fn pushed(from: u8) -> Vec<Vec<u8>> {
    let records = from + 1..from + 4;
    records.map(|i| vec![i; 1 + i as usize % 3]).collect()
}

/// Pushes three records, and three more after the restart that follows on a crash.
fn sweep_log(bug: Bug) -> Swept {
    let push = |disk: &Disk, from: u8| {
        let mut acknowledged = Vec::new();
        if let Ok(mut log) = Log::open(disk, bug) {
            for record in pushed(from) {
                if log.push(&record).is_err() {
                    break;
                }
                acknowledged.push(record);
            }
        }
        acknowledged
    };
    let check = |disk: &Disk, acknowledged: &Vec<Vec<u8>>| {
        let found = Log::open(disk, bug).unwrap().records;
        assert!(
            found.starts_with(acknowledged) && pushed(0).starts_with(&found),
            "{acknowledged:?} was acknowledged, found is {found:?}"
        );
        // What is written now is there at the next start.
        let more = push(disk, 10);
        assert_eq!(more.len(), 3);
        let all = Log::open(disk, bug).unwrap().records;
        assert_eq!(all, [found, more].concat(), "after three more records");
    };
    let recover = |disk: &Disk| _ = Log::open(disk, bug);
    sweep(&Disk::new(), 3, |disk| push(disk, 0), recover, check)
}

#[test]
fn a_right_log_survives_everything() {
    let swept = sweep_log(Bug::None);
    assert_eq!(
        swept.moments, 9,
        "create, sync_dir, 3 x (append, sync), and the end"
    );
    assert!(swept.disks > 30, "{swept:?}");
    assert_eq!(swept, sweep_log(Bug::None), "a sweep is always the same");
}

#[test]
fn wrong_logs_are_caught() {
    for bug in [
        Bug::AcknowledgesBeforeSync,
        Bug::NameIsNotSynced,
        Bug::KeepsTornTail,
        Bug::SkipsChecksum,
    ] {
        let caught = catch_unwind(|| sweep_log(bug));
        assert!(caught.is_err(), "{bug:?} was not caught");
    }
}

/// Replaces a file as a whole; the steps that are left out are the bug.
fn replace(disk: &Disk, value: &[u8], sync: bool, sync_dir: bool) -> io::Result<()> {
    if disk.exists("new")? {
        disk.remove("new")?;
    }
    let file = disk.create("new")?;
    file.append(value)?;
    if sync {
        file.sync()?;
    }
    disk.rename("new", "value")?;
    if sync_dir {
        disk.sync_dir()?;
    }
    Ok(())
}

#[test]
fn replacing_by_rename_needs_both_syncs() {
    let swept = |sync: bool, sync_dir: bool| {
        let start = Disk::new();
        replace(&start, b"old", true, true).unwrap();
        let workload = |disk: &Disk| replace(disk, b"newer", sync, sync_dir).is_ok();
        let check = |disk: &Disk, done: &bool| {
            let value = disk.peek("value").expect("there is a value");
            let right = value == b"newer" || value == b"old" && !done;
            assert!(right, "{:?}", String::from_utf8_lossy(&value));
        };
        catch_unwind(|| sweep(&start, 3, workload, |_| (), check))
    };
    assert_eq!(swept(true, true).unwrap().moments, 6);
    assert!(swept(false, true).is_err(), "the bytes were not synced");
    assert!(swept(true, false).is_err(), "the name was not synced");
}

/// Moves the amount in the file `add` into the file `total`.
fn apply(disk: &Disk, twice_is_once: bool) -> io::Result<()> {
    if !disk.exists("add")? {
        return Ok(());
    }
    let (total, add) = (disk.open("total")?, disk.open("add")?);
    let add = add.read()?[0];
    // The right journal holds the new total, and not the difference.
    let new = match twice_is_once {
        true => add,
        false => total.read()?[0] + add,
    };
    total.write_at(0, &[new])?;
    total.sync()?;
    disk.remove("add")?;
    disk.sync_dir()
}

#[test]
fn a_recovery_that_may_not_run_twice_is_caught() {
    let swept = |twice_is_once: bool| {
        let start = Disk::new();
        file(&start, "total", &[10]);
        file(&start, "add", &[if twice_is_once { 15 } else { 5 }]);
        let check = |disk: &Disk, _: &()| {
            apply(disk, twice_is_once).unwrap();
            assert_eq!(disk.peek("total").unwrap(), [15]);
        };
        let recover = |disk: &Disk| _ = apply(disk, twice_is_once);
        catch_unwind(|| sweep(&start, 3, |_| (), recover, check))
    };
    assert_eq!(swept(true).unwrap().moments, 1);
    assert!(swept(false).is_err());
}
