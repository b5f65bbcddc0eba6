use super::*;
use crashdisk::{Disk, Op, Survival, refuse_each, sweep};
use seeded::Rng;
use std::{fmt, io};

/// How many pages the tests use.
const PAGES: PageId = 4;

/// Pages in one number each: all 16 bytes of a page are equal, unless something went wrong.
type Content = [u8; PAGES as usize];

fn page(value: u8) -> Page {
    [value; 16]
}

#[track_caller]
fn open(disk: &Disk) -> Db {
    Db::open(disk).expect("open on a disk that works")
}

#[track_caller]
fn content(db: &mut Db, what: &str) -> Content {
    std::array::from_fn(|i| {
        let bytes = db.read(i as PageId).expect("read on a disk that works");
        assert!(
            bytes == page(bytes[0]),
            "{what}: page {i} holds two values: {bytes:?}"
        );
        bytes[0]
    })
}

/// A new database after these transactions; each is a list of pages and values, and commits.
fn database(transactions: &[&[(PageId, u8)]]) -> (Disk, Db) {
    let disk = Disk::new();
    let mut db = open(&disk);
    for writes in transactions {
        let tx = begin(&mut db, writes);
        db.commit(tx).expect("commit");
    }
    (disk, db)
}

/// Starts a transaction that writes this.
fn begin(db: &mut Db, writes: &[(PageId, u8)]) -> TxId {
    let tx = db.begin();
    for (id, value) in writes {
        db.write(tx, *id, page(*value)).expect("write");
    }
    tx
}

/// What the database holds after the power failed.
#[track_caller]
fn after_crash(disk: &Disk, survival: Survival, what: &str) -> Content {
    let disk = disk.after_crash(survival);
    content(&mut open(&disk), what)
}

const BOTH: [(Survival, &str); 2] = [
    (
        Survival::Nothing,
        "a crash that loses all that is not synced",
    ),
    (Survival::Everything, "a crash that loses nothing"),
];

#[test]
fn a_write_is_read() {
    let (_, mut db) = database(&[&[(0, 5), (2, 6)], &[(2, 7)]]);
    assert_eq!(
        content(&mut db, "read"),
        [5, 0, 7, 0],
        "T1: 0=5 2=6, T2: 2=7; all committed"
    );
    begin(&mut db, &[(3, 8)]);
    assert_eq!(
        content(&mut db, "read"),
        [5, 0, 7, 8],
        "then T3: 3=8, running"
    );
}

#[test]
fn abort_takes_back_what_was_written() {
    let (_, mut db) = database(&[&[(0, 5)]]);
    let tx = begin(&mut db, &[(0, 6), (1, 7), (0, 8)]);
    db.abort(tx).expect("abort");
    assert_eq!(
        content(&mut db, "abort"),
        [5, 0, 0, 0],
        "page 0 is 5; T2: 0=6 1=7 0=8, abort"
    );
}

#[test]
fn a_committed_transaction_survives() {
    let (disk, _) = database(&[&[(0, 5), (2, 6)], &[(2, 7), (3, 7)]]);
    for (survival, crash) in BOTH {
        let what = "T1: 0=5 2=6, commit, T2: 2=7 3=7, commit";
        assert_eq!(
            after_crash(&disk, survival, what),
            [5, 0, 7, 7],
            "{what}; {crash}"
        );
    }
}

#[test]
fn what_did_not_commit_leaves_no_trace() {
    let (disk, mut db) = database(&[&[(0, 5)]]);
    begin(&mut db, &[(0, 6), (1, 6)]);
    let what = "page 0 is 5; T2: 0=6 1=6, running";
    for (survival, crash) in BOTH {
        assert_eq!(
            after_crash(&disk, survival, what),
            [5, 0, 0, 0],
            "{what}; {crash}"
        );
    }
}

#[test]
fn a_flushed_page_of_a_running_transaction_is_taken_back() {
    let (disk, mut db) = database(&[&[(0, 5)]]);
    begin(&mut db, &[(0, 6), (1, 6)]);
    for id in 0..2 {
        db.flush_page(id).expect("flush_page");
    }
    let what = "page 0 is 5; T2: 0=6 1=6, running; pages 0 and 1 flushed";
    for (survival, crash) in BOTH {
        assert_eq!(
            after_crash(&disk, survival, what),
            [5, 0, 0, 0],
            "{what}; {crash}"
        );
    }
}

#[test]
fn two_writes_of_one_page_are_taken_back_in_reverse() {
    let (disk, mut db) = database(&[&[(0, 5)]]);
    begin(&mut db, &[(1, 6), (1, 7), (1, 8)]);
    db.flush_page(1).expect("flush_page");
    let what = "page 1 is 0; T2: 1=6 1=7 1=8, running; page 1 flushed";
    let found = after_crash(&disk, Survival::Everything, what);
    assert_eq!(found, [5, 0, 0, 0], "{what}; a crash that loses nothing");
}

#[test]
fn an_aborted_transaction_stays_aborted() {
    let (disk, mut db) = database(&[&[(0, 5)]]);
    let tx = begin(&mut db, &[(0, 6), (1, 6)]);
    db.flush_page(0).expect("flush_page");
    db.abort(tx).expect("abort");
    let what = "page 0 is 5; T2: 0=6 1=6; page 0 flushed; abort";
    for (survival, crash) in BOTH {
        assert_eq!(
            after_crash(&disk, survival, what),
            [5, 0, 0, 0],
            "{what}; {crash}"
        );
    }
    // Others may write the page now.
    let tx = begin(&mut db, &[(0, 9)]);
    db.commit(tx).expect("commit");
    for (survival, crash) in BOTH {
        let what = format!("{what}; T3: 0=9, commit");
        assert_eq!(
            after_crash(&disk, survival, &what),
            [9, 0, 0, 0],
            "{what}; {crash}"
        );
    }
}

#[test]
fn a_commit_costs_one_sync_and_a_write_none() {
    let (disk, mut db) = database(&[&[(0, 5)]]);
    let tx = db.begin();
    let (result, write) = disk.measure(|| db.write(tx, 1, page(6)));
    result.expect("write");
    db.write(tx, 2, page(6)).expect("write");
    let before = disk.operations().len();
    let (result, commit) = disk.measure(|| db.commit(tx));
    result.expect("commit");
    assert!(
        write.syncs == 0,
        "a write costs {} syncs; expected: none",
        write.syncs
    );
    assert!(
        commit.syncs == 1,
        "a commit costs {} syncs; expected: one",
        commit.syncs
    );
    let pages = |op: &&Op| matches!(op, Op::Write { file, .. } if &**file == "pages");
    let operations = disk.operations();
    let written = operations[before..].iter().filter(pages).count();
    assert!(
        written == 0,
        "a commit wrote {written} pages; expected: none, the log is enough"
    );
}

#[test]
fn no_page_is_written_before_its_log_record_is_safe() {
    let (disk, mut db) = database(&[]);
    let before = disk.operations().len();
    begin(&mut db, &[(1, 6)]);
    db.flush_page(1).expect("flush_page");
    let operations: Vec<String> = disk.operations()[before..]
        .iter()
        .map(Op::to_string)
        .collect();
    let write = operations
        .iter()
        .position(|op| op.starts_with("write(pages"));
    let Some(write) = write else {
        panic!("flush_page(1) after a write of page 1 wrote nothing to `pages`: {operations:?}");
    };
    let log = |op: &&String| op.contains("(log");
    let last = operations[..write].iter().rfind(log);
    assert_eq!(
        last.map(String::as_str),
        Some("sync(log)"),
        "T1: 1=6, flush_page(1) did {operations:?}: left is the last thing that happened to the log before the \
         page was written, right what it has to be"
    );
    let what = "T1: 1=6, running; page 1 flushed";
    let found = after_crash(&disk, Survival::AllBut(0), what);
    assert_eq!(
        found, [0; 4],
        "{what}; a crash that loses the first unsynced change"
    );
}

#[test]
fn the_log_ends_at_a_wrong_checksum() {
    let (disk, mut db) = database(&[&[(1, 5)]]);
    let damage = disk.peek("log").expect("the log").len() as u64 + 9;
    for id in 2..4 {
        let tx = begin(&mut db, &[(id, 6)]);
        db.commit(tx).expect("commit");
    }
    let disk = disk.copy();
    let log = disk.open("log").expect("the log");
    let byte = log
        .read_at(damage, 1)
        .expect("a byte of the second transaction")[0];
    log.write_at(damage, &[!byte]).expect("write_at");
    log.sync().expect("sync");
    let what = "T1: 1=5, T2: 2=6, T3: 3=6, all committed; T2's first record is damaged";
    let found = after_crash(&disk, Survival::Nothing, what);
    assert_eq!(
        found,
        [0, 5, 0, 0],
        "{what}: nothing behind the damage counts"
    );
}

#[test]
fn a_second_life_is_not_mixed_with_the_first() {
    let (disk, mut db) = database(&[&[(0, 5)]]);
    begin(&mut db, &[(1, 6)]);
    begin(&mut db, &[(2, 6)]);
    db.flush_page(1).expect("flush_page");
    let disk = disk.after_crash(Survival::Everything);
    let mut db = open(&disk);
    // As many transactions as in the first life, so that their numbers may be the same.
    for value in 7..10 {
        let tx = begin(&mut db, &[(3, value)]);
        db.commit(tx).expect("commit");
    }
    let what = "page 0 is 5; T2: 1=6, T3: 2=6, running; crash, open; 3=7, 3=8, 3=9 in transactions that commit";
    for (survival, crash) in BOTH {
        let disk = disk.after_crash(survival);
        assert_eq!(
            after_crash(&disk, survival, what),
            [5, 0, 0, 9],
            "{what}; {crash}"
        );
    }
}

#[test]
fn a_torn_record_is_not_in_the_way_of_new_ones() {
    let (disk, _) = database(&[&[(0, 5)]]);
    let record = &disk.peek("log").expect("the log")[..52];
    for len in 0..record.len() {
        let (disk, _) = database(&[]);
        let log = disk.open("log").expect("the log");
        log.append(&record[..len]).expect("append");
        let disk = disk.copy();
        let mut db = open(&disk);
        let tx = begin(&mut db, &[(1, 6)]);
        db.commit(tx).expect("commit");
        let what = format!("a log of {len} bytes of a torn record, open, T1: 1=6, commit");
        for (survival, crash) in BOTH {
            assert_eq!(
                after_crash(&disk, survival, &what),
                [0, 6, 0, 0],
                "{what}; {crash}"
            );
        }
    }
}

/// A disk after a crash: T1, 0=5 2=6, has committed; T2, 1=7, has not, and its page was flushed.
fn crashed() -> Disk {
    let (disk, mut db) = database(&[&[(0, 5), (2, 6)]]);
    begin(&mut db, &[(1, 7)]);
    db.flush_page(1).expect("flush_page");
    disk.copy()
}

#[test]
fn a_recovery_can_be_interrupted() {
    for step in 1.. {
        let disk = crashed();
        disk.note("open");
        disk.fail_at(step);
        let result = Db::open(&disk);
        if !disk.has_failed() {
            break;
        }
        assert!(
            result.is_err(),
            "the power failed in `open`, which returned Ok:{}",
            disk.story()
        );
        for (survival, crash) in BOTH {
            let found = after_crash(&disk, survival, "a recovery that was interrupted");
            assert!(
                found == [5, 0, 6, 0],
                "T1: 0=5 2=6, commit, T2: 1=7, flush 1; a crash, and one more in `open`, {crash}: the pages hold \
                 {found:?}, expected [5, 0, 6, 0]:{}",
                disk.story()
            );
        }
    }
}

/// What a schedule does next; slots are up to three transactions that run at the same time.
#[derive(Clone, Copy)]
enum Action {
    Write(usize, PageId, u8),
    Commit(usize),
    Abort(usize),
    Flush(PageId),
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Write(slot, id, value) => write!(f, "{}: {id}={value}", ['A', 'B', 'C'][*slot]),
            Action::Commit(slot) => write!(f, "{}: commit", ['A', 'B', 'C'][*slot]),
            Action::Abort(slot) => write!(f, "{}: abort", ['A', 'B', 'C'][*slot]),
            Action::Flush(id) => write!(f, "flush {id}"),
        }
    }
}

/// A schedule in which no two running transactions write the same page.
fn schedule(rng: &mut Rng, len: usize) -> Vec<Action> {
    let mut owner = [None; PAGES as usize];
    let mut value = 0;
    let mut actions = Vec::new();
    while actions.len() < len {
        let (slot, id) = (rng.below(3), rng.below(PAGES as usize));
        let runs = owner.contains(&Some(slot));
        match rng.weighted(&[4, 3, 1, 2]) {
            0 if owner[id].is_none_or(|other| other == slot) => {
                owner[id] = Some(slot);
                value += 1;
                actions.push(Action::Write(slot, id as PageId, value));
            }
            end @ (1 | 2) if runs => {
                owner = owner.map(|other| other.filter(|other| *other != slot));
                actions.push(if end == 1 {
                    Action::Commit(slot)
                } else {
                    Action::Abort(slot)
                });
            }
            3 => actions.push(Action::Flush(id as PageId)),
            _ => {}
        }
    }
    actions
}

/// What the committed transactions have made of the pages, and what is in them now.
#[derive(Clone, Default)]
struct Model {
    committed: Content,
    now: Content,
    written: [Vec<PageId>; 3],
}

impl Model {
    fn apply(&mut self, action: Action) {
        match action {
            Action::Write(slot, id, value) => {
                self.now[id as usize] = value;
                self.written[slot].push(id);
            }
            Action::Commit(slot) => {
                for id in std::mem::take(&mut self.written[slot]) {
                    self.committed[id as usize] = self.now[id as usize];
                }
            }
            Action::Abort(slot) => {
                for id in std::mem::take(&mut self.written[slot]) {
                    self.now[id as usize] = self.committed[id as usize];
                }
            }
            Action::Flush(_) => {}
        }
    }
}

/// A database with the transactions that run in it.
struct Session {
    db: Db,
    slots: [Option<TxId>; 3],
}

impl Session {
    fn open(disk: &Disk) -> io::Result<Self> {
        disk.note("open");
        let (db, slots) = (Db::open(disk)?, [None; 3]);
        Ok(Session { db, slots })
    }

    fn run(&mut self, action: Action) -> io::Result<()> {
        let Session { db, slots } = self;
        match action {
            Action::Write(slot, id, value) => {
                let tx = *slots[slot].get_or_insert_with(|| db.begin());
                db.write(tx, id, page(value))
            }
            Action::Commit(slot) => slots[slot].take().map_or(Ok(()), |tx| db.commit(tx)),
            Action::Abort(slot) => slots[slot].take().map_or(Ok(()), |tx| db.abort(tx)),
            Action::Flush(id) => db.flush_page(id),
        }
    }
}

#[test]
fn random_schedules_agree_with_a_model() {
    seeded::cases(100, |rng| {
        let disk = Disk::new();
        let mut session = Session::open(&disk).expect("open");
        let mut model = Model::default();
        for action in schedule(rng, rng.size() / 2 + 1) {
            disk.note(action);
            session.run(action).expect("an action on a disk that works");
            model.apply(action);
            let found = content(&mut session.db, "read");
            assert!(
                found == model.now,
                "the pages hold {found:?}, expected {:?}, after:{}",
                model.now,
                disk.story()
            );
        }
        for (survival, crash) in BOTH {
            let found = after_crash(&disk, survival, "a random schedule");
            assert!(
                found == model.committed,
                "after {crash} the pages hold {found:?}, expected {:?}, after:{}",
                model.committed,
                disk.story()
            );
        }
    });
}

#[test]
fn a_crash_at_any_change_keeps_transactions_whole() {
    use Action::{Abort, Commit, Flush, Write};
    let (a, b, c) = (0, 1, 2);
    let mut rng = Rng::new(12);
    let schedules = [
        // Stolen pages of B, which commits, and of C, which does not.
        vec![
            Write(a, 0, 1),
            Write(b, 1, 2),
            Commit(a),
            Flush(1),
            Write(b, 1, 3),
            Write(c, 2, 4),
            Flush(1),
            Commit(b),
            Write(c, 2, 5),
            Flush(2),
        ],
        // One page: first of an aborted transaction, then of a committed one, then of a running one.
        vec![
            Write(a, 0, 1),
            Write(a, 0, 2),
            Flush(0),
            Abort(a),
            Write(b, 0, 3),
            Commit(b),
            Write(c, 0, 4),
            Flush(0),
            Write(a, 1, 5),
            Commit(a),
        ],
        schedule(&mut rng, 10),
        schedule(&mut rng, 12),
    ];
    for actions in schedules {
        let len = actions.len();
        let mut models = vec![Model::default()];
        for action in &actions {
            let mut model = models[models.len() - 1].clone();
            model.apply(*action);
            models.push(model);
        }
        let workload = |disk: &Disk| {
            let Ok(mut session) = Session::open(disk) else {
                return 0;
            };
            let done = actions.iter().take_while(|action| {
                disk.note(action);
                session.run(**action).is_ok()
            });
            done.count()
        };
        let check = |disk: &Disk, &done: &usize| {
            let mut session = Session::open(disk).expect("open after a crash");
            let found = content(&mut session.db, "after the crash");
            let (before, after) = (
                models[done].committed,
                models[(done + 1).min(len)].committed,
            );
            assert!(
                found == before || found == after,
                "{done} actions were acknowledged: the pages hold {found:?}, expected {before:?} or {after:?}"
            );
            // A second life: one transaction commits, another one does not, and its page is flushed.
            for action in [
                Action::Write(0, 0, 99),
                Action::Write(1, 1, 98),
                Action::Flush(1),
                Action::Commit(0),
            ] {
                disk.note(action);
                session.run(action).expect("an action after a crash");
            }
            let again = after_crash(disk, Survival::Everything, "the second life");
            let mut expected = found;
            expected[0] = 99;
            assert!(
                again == expected,
                "a crash, A: 0=99, B: 1=98, flush 1, A: commit, one more crash: the pages hold {again:?}, expected \
                 {expected:?}"
            );
        };
        let recover = |disk: &Disk| _ = Session::open(disk);
        sweep(&Disk::new(), len as u64, workload, recover, check);
    }
}

/// Page 0 is 5, and T2 has written 1=6. Does `act`, each time with another operation refused; `check` gets what is left.
#[track_caller]
fn refuse_each_of(
    what: &str,
    act: impl Fn(&mut Db, TxId) -> io::Result<()>,
    check: impl Fn(&Disk, &mut Db, TxId),
) {
    let prepare = || {
        let (disk, mut db) = database(&[&[(0, 5)]]);
        let tx = begin(&mut db, &[(1, 6)]);
        (disk, (db, tx))
    };
    let act = |_: &Disk, (db, tx): &mut (Db, TxId)| act(db, *tx);
    refuse_each(what, prepare, act, |disk, (mut db, tx)| {
        check(disk, &mut db, tx)
    });
}

/// After an error, the transaction of [`refuse_each_of`] must be there as a whole, if it `may` be, or not at all.
fn check_left(disk: &Disk, may_be_there: bool) {
    for (survival, crash) in BOTH {
        let found = after_crash(disk, survival, "a refused operation");
        assert!(
            found == [5, 0, 0, 0] || may_be_there && found == [5, 6, 0, 0],
            "page 0 is 5; T2: 1=6; one operation refused; {crash}: the pages hold {found:?}:{}",
            disk.story()
        );
    }
}

#[test]
fn a_write_that_failed_has_changed_nothing() {
    let write = |db: &mut Db, tx| db.write(tx, 0, page(9));
    refuse_each_of("T2: 0=9", write, |disk, db, tx| {
        let what = "page 0 is 5; T2: 1=6, 0=9 with an error";
        assert_eq!(content(db, what), [5, 6, 0, 0], "{what}");
        db.flush_page(0).expect("flush_page");
        let found = after_crash(disk, Survival::Everything, what);
        assert_eq!(found, [5, 0, 0, 0], "{what}; page 0 flushed; a crash");
        db.abort(tx).expect("abort");
        assert_eq!(content(db, what), [5, 0, 0, 0], "{what}; abort");
    });
}

#[test]
fn a_commit_reports_every_error() {
    refuse_each_of("T2: commit", Db::commit, |disk, _, _| {
        check_left(disk, true)
    });
}

#[test]
fn an_abort_reports_every_error() {
    refuse_each_of("T2: abort", Db::abort, |disk, _, _| check_left(disk, false));
}

#[test]
fn a_flush_reports_every_error() {
    let flush = |db: &mut Db, _| db.flush_page(1);
    refuse_each_of("flush 1", flush, |disk, _, _| check_left(disk, false));
}

#[test]
fn an_open_reports_every_error() {
    let prepare = || (crashed(), ());
    refuse_each(
        "`open`",
        prepare,
        |disk, ()| Db::open(disk),
        |disk, ()| {
            for (survival, crash) in BOTH {
                let found = after_crash(disk, survival, "an `open` that failed");
                assert!(
                    found == [5, 0, 6, 0],
                    "T1: 0=5 2=6, commit, T2: 1=7, flush 1; a crash, an `open` that failed, {crash}: the pages hold \
                 {found:?}, expected [5, 0, 6, 0]:{}",
                    disk.story()
                );
            }
        },
    );
}

#[test]
fn errors_of_the_disk_are_passed_on() {
    let (disk, mut db) = database(&[&[(0, 5)]]);
    let tx = begin(&mut db, &[(0, 6)]);
    disk.fail();
    for (id, which) in [(0, "in memory"), (1, "not in memory")] {
        assert!(
            db.write(tx, id, page(7)).is_err(),
            "write of page {id}, which is {which}, without power returned Ok"
        );
    }
    assert!(
        db.flush_page(0).is_err(),
        "flush_page without power returned Ok"
    );
    assert!(db.commit(tx).is_err(), "commit without power returned Ok");
    assert!(Db::open(&disk).is_err(), "open without power returned Ok");
}
