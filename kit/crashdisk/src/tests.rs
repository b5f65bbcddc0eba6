use super::*;
use std::collections::BTreeSet;
use std::io::{self, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind};

mod subjects;

/// Everything that 300 seeded crashes of this disk leave in a file.
fn left(disk: &Disk, name: &str) -> BTreeSet<Option<Vec<u8>>> {
    let seeds = (0..300).map(|seed| disk.after_crash(Survival::Seeded(seed)).peek(name));
    seeds.collect()
}

fn named(disk: &Disk) -> BTreeSet<Vec<String>> {
    let seeds = (0..300).map(|seed| disk.after_crash(Survival::Seeded(seed)).list().unwrap());
    seeds.collect()
}

fn file(disk: &Disk, name: &str, bytes: &[u8]) -> File {
    let file = disk.create(name).unwrap();
    file.append(bytes).unwrap();
    file.sync().unwrap();
    disk.sync_dir().unwrap();
    file
}

#[test]
fn files_hold_what_was_written() {
    let disk = Disk::new();
    let file = disk.create("a").unwrap();
    assert!(file.is_empty().unwrap());
    assert_eq!(file.append(b"hello").unwrap(), 0);
    assert_eq!(file.append(b" you").unwrap(), 5);
    file.write_at(6, b"all of").unwrap();
    assert_eq!(file.read().unwrap(), b"hello all of");
    file.write_at(14, b"!").unwrap();
    assert_eq!(file.read_at(11, 4).unwrap(), b"f\0\0!");
    file.truncate(5).unwrap();
    assert_eq!(disk.open("a").unwrap().read().unwrap(), b"hello");
    assert_eq!(file.len().unwrap(), 5);
    let kind = |result: io::Result<Vec<u8>>| result.unwrap_err().kind();
    assert_eq!(kind(file.read_at(3, 3)), ErrorKind::UnexpectedEof);
    assert_eq!(kind(file.read_at(0, usize::MAX)), ErrorKind::UnexpectedEof);
    assert_eq!(kind(file.read_at(u64::MAX, 1)), ErrorKind::InvalidInput);
    assert_eq!(
        file.truncate(6).unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
}

#[test]
fn names_lead_to_files() {
    let disk = Disk::new();
    let a = file(&disk, "a", b"1");
    file(&disk, "b", b"2");
    assert_eq!(
        disk.create("a").unwrap_err().kind(),
        ErrorKind::AlreadyExists
    );
    assert_eq!(disk.open("c").unwrap_err().kind(), ErrorKind::NotFound);
    disk.rename("a", "b").unwrap();
    assert_eq!(disk.list().unwrap(), ["b"]);
    assert_eq!(disk.peek("b").unwrap(), b"1");
    assert_eq!((a.name(), format!("{a:?}")), ("b".into(), "File(b)".into()));
    assert_eq!(
        (disk.exists("a").unwrap(), disk.exists("b").unwrap()),
        (false, true)
    );
    disk.remove("b").unwrap();
    assert_eq!(a.read().unwrap(), b"1", "an open file outlives its name");
    assert_eq!(disk.remove("b").unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(
        disk.rename("b", "a").unwrap_err().kind(),
        ErrorKind::NotFound
    );
    assert_eq!((disk.size(), disk.peek("b")), (0, None));
}

#[test]
fn a_sync_of_the_file_does_not_save_its_name_and_the_other_way_round() {
    let disk = Disk::new();
    let a = disk.create("a").unwrap();
    a.append(b"1").unwrap();
    a.sync().unwrap();
    assert_eq!(disk.after_crash(Survival::Nothing).list().unwrap(), [""; 0]);

    let disk = Disk::new();
    disk.create("a").unwrap().append(b"1").unwrap();
    disk.sync_dir().unwrap();
    assert_eq!(disk.after_crash(Survival::Nothing).peek("a").unwrap(), b"");
    assert_eq!(
        disk.after_crash(Survival::Everything).peek("a").unwrap(),
        b"1"
    );
}

#[test]
fn unsynced_appends_survive_as_a_prefix_cut_off_or_filled_with_zeros() {
    let disk = Disk::new();
    let a = file(&disk, "a", b"-");
    a.append(b"123").unwrap();
    a.append(b"45").unwrap();
    let mut expected: BTreeSet<_> = (1..=6).map(|len| b"-12345"[..len].to_vec()).collect();
    expected.extend(["-\0\0\0", "-1\0\0", "-12\0", "-123\0\0", "-1234\0"].map(Vec::from));
    assert_eq!(left(&disk, "a"), expected.into_iter().map(Some).collect());
}

#[test]
fn unsynced_overwrites_survive_in_any_selection_and_torn() {
    let disk = Disk::new();
    let a = file(&disk, "a", b"......");
    a.write_at(0, b"12").unwrap();
    a.write_at(4, b"34").unwrap();
    let mut expected = BTreeSet::new();
    for first in ["..", "1.", "12"] {
        for second in ["..", "3.", "34"] {
            expected.insert(Some(format!("{first}..{second}").into_bytes()));
        }
    }
    assert_eq!(left(&disk, "a"), expected);
    a.sync().unwrap();
    assert_eq!(left(&disk, "a"), [Some(b"12..34".to_vec())].into());
}

#[test]
fn a_write_across_the_end_is_two_changes() {
    let disk = Disk::new();
    let a = file(&disk, "a", b"..");
    a.write_at(1, b"12").unwrap();
    let expected = ["..", "..2", "..\0", ".1", ".12", ".1\0"].map(|s| Some(s.as_bytes().to_vec()));
    assert_eq!(left(&disk, "a"), expected.into());
}

#[test]
fn changes_of_the_length_survive_in_their_order() {
    let disk = Disk::new();
    let a = file(&disk, "a", b"old");
    a.truncate(1).unwrap();
    a.append(b"NEW").unwrap();
    let expected = [
        "old", "o", "oN", "oNE", "oNEW", "o\0\0\0", "oN\0\0", "oNE\0",
    ]
    .map(|s| Some(s.as_bytes().to_vec()));
    assert_eq!(left(&disk, "a"), expected.into());
}

#[test]
fn unsynced_names_survive_in_any_selection() {
    let disk = Disk::new();
    file(&disk, "old", b"1");
    disk.create("new").unwrap();
    disk.remove("old").unwrap();
    let expected: [&[&str]; 4] = [&[], &["new"], &["new", "old"], &["old"]];
    let expected = expected.map(|names| names.iter().map(|s| s.to_string()).collect());
    assert_eq!(named(&disk), expected.into());
    disk.sync_dir().unwrap();
    assert_eq!(named(&disk), [vec!["new".to_string()]].into());
}

#[test]
fn changes_of_one_name_survive_in_their_order() {
    let disk = Disk::new();
    file(&disk, "a", b"1");
    disk.rename("a", "b").unwrap();
    disk.create("a").unwrap();
    let expected = [
        vec!["a".to_string()],
        vec!["a".into(), "b".into()],
        vec!["b".into()],
    ];
    assert_eq!(named(&disk), expected.into());
    // The first file is never lost: either "b" leads to it, or "a" still does.
    let both = |disk: Disk| [disk.peek("a"), disk.peek("b")].contains(&Some(b"1".to_vec()));
    assert!((0..300).all(|seed| both(disk.after_crash(Survival::Seeded(seed)))));
}

#[test]
fn single_changes_survive_or_are_lost_alone() {
    let disk = Disk::new();
    let a = file(&disk, "a", b"....");
    disk.create("b").unwrap();
    disk.rename("a", "c").unwrap();
    a.write_at(1, b"1").unwrap();
    a.append(b"2").unwrap();
    a.append(b"3").unwrap();
    assert_eq!(disk.unsynced(), 5);
    let found = |survival| {
        let disk = disk.after_crash(survival);
        let name = disk.list().unwrap().into_iter().find(|name| name != "b");
        (
            disk.list().unwrap().join(" "),
            disk.peek(&name.unwrap()).unwrap(),
        )
    };
    let expected: [(&str, &[u8], &str, &[u8]); 5] = [
        ("a b", b"....", "c", b".1..23"),
        ("c", b"....", "a b", b".1..23"),
        ("a", b".1..", "b c", b"....23"),
        ("a", b"....2", "b c", b".1.."),
        ("a", b"....", "b c", b".1..2"),
    ];
    for (i, (only, bytes, but, rest)) in expected.into_iter().enumerate() {
        assert_eq!(
            found(Survival::Only(i)),
            (only.into(), bytes.to_vec()),
            "only {i}"
        );
        assert_eq!(
            found(Survival::AllBut(i)),
            (but.into(), rest.to_vec()),
            "all but {i}"
        );
    }
}

#[test]
fn the_power_fails_in_the_change_that_was_named() {
    let disk = Disk::new();
    let a = file(&disk, "a", b"1");
    disk.fail_at(2);
    a.append(b"2").unwrap();
    a.read().unwrap();
    assert!(!disk.has_failed());
    a.append(b"3").unwrap_err();
    assert!(disk.has_failed());
    a.read().unwrap_err();
    a.len().unwrap_err();
    a.sync().unwrap_err();
    disk.list().unwrap_err();
    disk.exists("a").unwrap_err();
    disk.open("a").unwrap_err();
    disk.sync_dir().unwrap_err();
    assert_eq!(disk.steps(), 6, "four of `file`, and two");
    assert_eq!(
        disk.after_crash(Survival::Everything).peek("a").unwrap(),
        b"123"
    );
    assert_eq!(disk.after_crash(Survival::Nothing).peek("a").unwrap(), b"1");
}

#[test]
fn a_sync_that_fails_has_saved_nothing() {
    let disk = Disk::new();
    let a = file(&disk, "a", b"1");
    a.append(b"2").unwrap();
    disk.create("b").unwrap();
    let other = disk.copy();
    assert_eq!(other.list().unwrap(), ["a", "b"]);
    disk.fail_at(1);
    a.sync().unwrap_err();
    let after = disk.after_crash(Survival::Nothing);
    assert_eq!(after.peek("a").unwrap(), b"1");
    assert_eq!(after.list().unwrap(), ["a"]);
}

#[test]
fn everything_is_counted_and_in_order() {
    let disk = Disk::new();
    let a = file(&disk, "a", b"123");
    let (bytes, did) = disk.measure(|| {
        a.write_at(1, b"4").unwrap();
        a.sync().unwrap();
        a.sync().unwrap();
        disk.sync_dir().unwrap();
        a.read_at(1, 2).unwrap()
    });
    assert_eq!(bytes, b"43");
    let expected = Counts {
        reads: 1,
        writes: 1,
        syncs: 2,
        dir_syncs: 1,
        bytes_read: 2,
        bytes_written: 1,
    };
    assert_eq!(did, expected);
    let ops: Vec<String> = disk.operations().iter().map(Op::to_string).collect();
    assert_eq!(
        ops,
        [
            "create(a)",
            "write(a, 3 bytes at 0)",
            "sync(a)",
            "sync_dir()",
            "write(a, 1 bytes at 1)",
            "sync(a)",
            "sync(a)",
            "sync_dir()",
            "read(a, 2 bytes at 1)"
        ]
    );
}

#[test]
fn the_story_tells_notes_changes_and_crashes() {
    let disk = Disk::new();
    disk.note("open");
    let a = file(&disk, "a", b"1");
    disk.note("put(x)");
    disk.fail_at(1);
    a.append(b"23").unwrap_err();
    let after = disk.after_crash(Survival::Nothing);
    after.note("open again");
    after.open("a").unwrap().sync().unwrap();
    assert_eq!(
        after.story(),
        "
  open: create(a), write(a, 1 bytes at 0), sync(a), sync_dir()
  put(x): write(a, 2 bytes at 1)
  the power failed in the last of these changes, number 5; of the unsynced changes: a: 2 bytes at the end is lost
  the power came back
  open again: sync(a)"
    );
    assert!(
        disk.story()
            .ends_with("\n  the power failed in the last of these changes, number 5")
    );
}

#[test]
fn who_ignores_the_errors_is_stopped() {
    let disk = Disk::new();
    disk.fail();
    let panic = catch_unwind(AssertUnwindSafe(|| while disk.sync_dir().is_err() {}));
    let message = *panic.unwrap_err().downcast::<String>().unwrap();
    assert!(message.contains("errors have to be passed on"), "{message}");
}

#[test]
fn equal_seeds_give_equal_disks() {
    let disk = Disk::new();
    let a = file(&disk, "a", b"..........");
    for i in 0..10 {
        a.write_at(i, b"x").unwrap();
    }
    let crash = |seed| disk.after_crash(Survival::Seeded(seed)).peek("a");
    assert!((0..50).all(|seed| crash(seed) == crash(seed)));
    assert!((1..50).any(|seed| crash(seed) != crash(0)));
}

#[test]
fn one_operation_is_refused_and_the_next_one_works() {
    let disk = Disk::new();
    let a = file(&disk, "a", b"1");
    disk.refuse_at(2);
    a.append(b"2").unwrap();
    assert!(!disk.has_refused());
    let error = a.sync().unwrap_err();
    assert_eq!(error.to_string(), "the disk refused sync(a)");
    assert!(disk.has_refused() && !disk.has_failed());
    assert_eq!(disk.after_crash(Survival::Nothing).peek("a").unwrap(), b"1");
    a.sync().unwrap();
    assert_eq!(
        disk.after_crash(Survival::Nothing).peek("a").unwrap(),
        b"12"
    );
    disk.refuse_at(1);
    a.read().unwrap_err();
    assert_eq!(a.read().unwrap(), b"12");
    disk.refuse_at(1);
    a.append(b"3").unwrap_err();
    assert_eq!(disk.peek("a").unwrap(), b"12");
    assert_eq!(disk.counts().syncs, 2, "refused operations are not counted");
    assert!(
        disk.story()
            .ends_with("sync(a) refused, sync(a), read(a, 2 bytes at 0) refused, write(a, 1 bytes at 2) refused"),
        "{}",
        disk.story()
    );
}
