use super::Level::{ReadCommitted, Serializable, Snapshot};
use super::Refused::{Conflict, WouldBlock};
use super::*;
use seeded::Rng;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

const LEVELS: [Level; 3] = [ReadCommitted, Snapshot, Serializable];
const X: Key = 1;
const Y: Key = 2;

/// A table with the rows x = 10 and y = 20, that is 1 and 2.
fn table() -> Mvcc {
    let mut db = Mvcc::default();
    let tx = db.begin(ReadCommitted);
    for (key, value) in [(X, 10), (Y, 20)] {
        assert_eq!(
            db.put(tx, key, value),
            Ok(()),
            "put({key}, {value}) in an empty table"
        );
    }
    assert_eq!(db.commit(tx), Ok(()), "commit of the only transaction");
    db
}

// ---------------------------------------------------------------------------------------------
// Rule 1

#[test]
fn what_was_committed_is_seen_by_those_who_come_later() {
    for level in LEVELS {
        let mut db = table();
        let tx = db.begin(level);
        assert_eq!(
            db.get(tx, X),
            Some(10),
            "{level:?}: x = 10 was committed, get(x)"
        );
        assert_eq!(db.get(tx, 3), None, "{level:?}: there is no row 3, get(3)");
        assert_eq!(
            db.scan(tx, |_, value| value > 5),
            [(X, 10), (Y, 20)],
            "{level:?}: x = 10 and y = 20 were committed, scan(value > 5)"
        );
        assert_eq!(
            db.commit(tx),
            Ok(()),
            "{level:?}: commit of a transaction that only read"
        );
    }
}

#[test]
fn a_transaction_sees_its_own_writes() {
    for level in LEVELS {
        let mut db = table();
        let tx = db.begin(level);
        assert_eq!(db.put(tx, X, 11), Ok(()), "{level:?}: put(x, 11)");
        assert_eq!(
            db.get(tx, X),
            Some(11),
            "{level:?}: put(x, 11), get(x) in the same transaction"
        );
        assert_eq!(
            db.put(tx, X, 12),
            Ok(()),
            "{level:?}: put(x, 11), put(x, 12)"
        );
        assert_eq!(db.put(tx, 3, 30), Ok(()), "{level:?}: put(3, 30)");
        assert_eq!(db.delete(tx, Y), Ok(()), "{level:?}: delete(y)");
        assert_eq!(
            db.get(tx, Y),
            None,
            "{level:?}: delete(y), get(y) in the same transaction"
        );
        assert_eq!(
            db.scan(tx, |_, _| true),
            [(X, 12), (3, 30)],
            "{level:?}: put(x, 11), put(x, 12), put(3, 30), delete(y), scan of all in the same transaction"
        );
    }
}

#[test]
fn nobody_sees_what_is_not_committed() {
    for level in LEVELS {
        let mut db = table();
        let (writer, reader) = (db.begin(level), db.begin(level));
        let writes = [
            db.put(writer, X, 11),
            db.put(writer, 3, 30),
            db.delete(writer, Y),
        ];
        assert_eq!(
            writes,
            [Ok(()); 3],
            "{level:?}: T1: put(x, 11), put(3, 30), delete(y)"
        );
        let seen = [X, Y, 3].map(|key| db.get(reader, key));
        assert_eq!(
            seen,
            [Some(10), Some(20), None],
            "{level:?}: T1: put(x, 11), put(3, 30), delete(y); then T2: get of x, y, 3"
        );
        assert_eq!(
            db.scan(reader, |_, _| true),
            [(X, 10), (Y, 20)],
            "{level:?}: T1: put(x, 11), put(3, 30), delete(y); then T2: scan of all"
        );
    }
}

#[test]
fn an_aborted_transaction_leaves_nothing() {
    for level in LEVELS {
        let mut db = table();
        let tx = db.begin(level);
        let writes = [db.put(tx, X, 11), db.put(tx, 3, 30), db.delete(tx, Y)];
        assert_eq!(
            writes,
            [Ok(()); 3],
            "{level:?}: T1: put(x, 11), put(3, 30), delete(y)"
        );
        db.abort(tx);
        let tx = db.begin(level);
        assert_eq!(
            db.scan(tx, |_, _| true),
            [(X, 10), (Y, 20)],
            "{level:?}: T1: put(x, 11), put(3, 30), delete(y), abort; then T2: scan of all"
        );
        assert_eq!(
            db.put(tx, X, 12),
            Ok(()),
            "{level:?}: T1 wrote x and aborted; T2: put(x, 12)"
        );
        assert_eq!(
            db.open.keys().collect::<Vec<_>>(),
            [&tx],
            "{level:?}: T1 has aborted, T2 has not ended: the transactions in `open`"
        );
    }
}

// ---------------------------------------------------------------------------------------------
// Rules 2 to 4

/// T1 begins; then another transaction writes x = 11 and 3 = 30, deletes y and commits.
fn meanwhile(level: Level) -> (Mvcc, TxId) {
    let mut db = table();
    let tx = db.begin(level);
    let other = db.begin(level);
    let writes = [
        db.put(other, X, 11),
        db.put(other, 3, 30),
        db.delete(other, Y),
    ];
    assert_eq!(
        writes,
        [Ok(()); 3],
        "{level:?}: T2: put(x, 11), put(3, 30), delete(y)"
    );
    assert_eq!(
        db.commit(other),
        Ok(()),
        "{level:?}: T2: commit, nobody else has written"
    );
    (db, tx)
}

#[test]
fn read_committed_sees_what_was_committed_meanwhile() {
    let (mut db, tx) = meanwhile(ReadCommitted);
    assert_eq!(
        (db.get(tx, X), db.get(tx, Y)),
        (Some(11), None),
        "ReadCommitted: T1 begins, T2 writes x = 11, deletes y and commits, T1: get(x), get(y)"
    );
    assert_eq!(
        db.scan(tx, |_, _| true),
        [(X, 11), (3, 30)],
        "ReadCommitted: T1 begins, T2 writes x = 11 and 3 = 30, deletes y and commits, T1: scan of all"
    );
}

#[test]
fn a_snapshot_stays_as_it_was_at_begin() {
    for level in [Snapshot, Serializable] {
        let (mut db, tx) = meanwhile(level);
        assert_eq!(
            [X, Y, 3].map(|key| db.get(tx, key)),
            [Some(10), Some(20), None],
            "{level:?}: T1 begins, T2 writes x = 11 and 3 = 30, deletes y and commits, T1: get of x, y, 3"
        );
        assert_eq!(
            db.scan(tx, |_, _| true),
            [(X, 10), (Y, 20)],
            "{level:?}: T1 begins, T2 writes x = 11 and 3 = 30, deletes y and commits, T1: scan of all"
        );
    }
}

#[test]
fn a_row_that_another_one_is_writing_would_block() {
    for level in LEVELS {
        let mut db = table();
        let (a, b) = (db.begin(level), db.begin(level));
        assert_eq!(db.put(a, X, 11), Ok(()), "{level:?}: T1: put(x, 11)");
        assert_eq!(
            db.put(b, X, 12),
            Err(WouldBlock),
            "{level:?}: T1: put(x, 11); T2: put(x, 12) while T1 is open"
        );
        assert_eq!(
            db.delete(b, X),
            Err(WouldBlock),
            "{level:?}: T1: put(x, 11); T2: delete(x) while T1 is open"
        );
        assert_eq!(
            db.get(b, X),
            Some(10),
            "{level:?}: the refused writes must change nothing"
        );
        assert_eq!(
            db.put(b, Y, 22),
            Ok(()),
            "{level:?}: T1 has written x only; T2: put(y, 22)"
        );
        db.abort(a);
        assert_eq!(
            db.put(b, X, 12),
            Ok(()),
            "{level:?}: T1: put(x, 11), abort; T2: put(x, 12), nothing stands in its way any more"
        );
    }
}

#[test]
fn a_row_that_was_written_since_begin_is_a_conflict() {
    for level in [Snapshot, Serializable] {
        for key in [X, Y, 3] {
            let (mut db, tx) = meanwhile(level);
            assert_eq!(
                db.put(tx, key, 99),
                Err(Conflict),
                "{level:?}: T1 begins, T2 writes x and 3, deletes y and commits, T1: put({key}, 99)"
            );
        }
    }
    let (mut db, tx) = meanwhile(ReadCommitted);
    assert_eq!(
        db.put(tx, X, 99),
        Ok(()),
        "ReadCommitted: T1 begins, T2 writes x and commits, T1: put(x, 99)"
    );
}

// ---------------------------------------------------------------------------------------------
// The anomalies

/// T2 has to wait at x, so it cannot be the first at y: no mix of the two is left.
#[test]
fn g0_writes_of_two_transactions_never_mix() {
    judge(
        "G0",
        [false; 3],
        "T1 x=11, T2 x=12, T2 y=22, T1 y=21, T1 commit, T2 commit",
        |run| !matches!(run.last(), [10, 20] | [11, 21] | [12, 22]),
    );
}

#[test]
fn g1a_nobody_reads_what_is_aborted_later() {
    judge(
        "G1a",
        [false; 3],
        "T1 x=101, T2 x?, T1 abort, T2 x?, T2 commit",
        |run| run.read(2).contains(&101),
    );
}

#[test]
fn g1b_nobody_reads_what_is_overwritten_before_the_commit() {
    judge(
        "G1b",
        [false; 3],
        "T1 x=101, T2 x?, T1 x=11, T1 commit, T2 x?, T2 commit",
        |run| run.read(2).contains(&101),
    );
}

/// Each of the two would have to come after the other, whose write it read.
#[test]
fn g1c_information_does_not_flow_in_a_circle() {
    judge(
        "G1c",
        [false; 3],
        "T1 x=11, T2 y=22, T1 y?, T2 x?, T1 commit, T2 commit",
        |run| run.read(1).contains(&22) || run.read(2).contains(&11),
    );
}

/// T3 sees what T2 has written over T1, and afterwards T1's writes again.
#[test]
fn otv_an_observed_transaction_does_not_vanish() {
    let script = "T1 x=11, T1 y=19, T2 x=12, T1 commit, T3 x?, T2 y=18, T3 y?, T2 commit, T3 y?, T3 x?, T3 commit";
    judge("OTV", [false; 3], script, |run| {
        let reads = run.read(3);
        let saw_t2 = reads.iter().position(|value| [12, 18].contains(value));
        saw_t2.is_some_and(|at| reads[at..].iter().any(|value| ![12, 18].contains(value)))
    });
}

/// The same question twice, and rows that came from nowhere: phantoms.
#[test]
fn pmp_a_row_appears_between_two_scans() {
    judge(
        "PMP",
        [true, false, false],
        "T1 thirds?, T2 3=30, T2 commit, T1 thirds?, T1 commit",
        |run| run.read(1) == [30],
    );
}

/// Both add to what they have read, and one of the additions is lost.
#[test]
fn p4_an_update_is_lost() {
    let script = "T1 x?, T2 x?, T1 x=11, T2 x=11, T1 commit, T2 commit";
    judge("P4", [true, false, false], script, |run| {
        run.committed == [1, 2]
    });
}

/// T1 sees x from before T2 and y from after it: the sum of both was never there.
#[test]
fn g_single_a_reader_sees_half_a_transaction() {
    let script = "T1 x?, T2 x=12, T2 y=18, T2 commit, T1 y?, T1 commit";
    judge("G-single", [true, false, false], script, |run| {
        run.read(1) == [10, 18]
    });
}

/// Write skew: both read x and y, each writes another one of them.
#[test]
fn g2_item_both_rely_on_what_the_other_changes() {
    let script = "T1 x?, T1 y?, T2 x?, T2 y?, T1 x=11, T2 y=21, T1 commit, T2 commit";
    judge("G2-item", [true, true, false], script, |run| {
        run.committed == [1, 2]
    });
}

/// Both make sure that there is no such row, and each inserts one. No row was read that the other one wrote.
#[test]
fn g2_both_rely_on_a_predicate_that_the_other_changes() {
    let script = "T1 thirds?, T2 thirds?, T1 3=30, T2 4=42, T1 commit, T2 commit";
    judge("G2", [true, true, false], script, |run| {
        run.committed == [1, 2]
    });
}

// ---------------------------------------------------------------------------------------------
// Rules 5 and 6: serializable, and not more than that

#[test]
fn whoever_only_read_is_never_refused() {
    for level in LEVELS {
        let (mut db, tx) = meanwhile(level);
        db.get(tx, X);
        db.scan(tx, |_, _| true);
        assert_eq!(
            db.commit(tx),
            Ok(()),
            "{level:?}: T1 begins, T2 writes and commits, T1 reads everything and commits"
        );
    }
}

#[test]
fn what_was_not_read_refuses_nobody() {
    let mut db = table();
    let tx = db.begin(Serializable);
    db.get(tx, Y);
    db.scan(tx, |_, value| value % 3 == 0);
    assert_eq!(
        db.put(tx, Y, 21),
        Ok(()),
        "T1: get(y), scan(thirds), put(y, 21)"
    );
    let other = db.begin(Serializable);
    let writes = [
        db.put(other, X, 11),
        db.put(other, 3, 30),
        db.put(other, 3, 40),
    ];
    assert_eq!(
        writes,
        [Ok(()); 3],
        "T2: put(x, 11), put(3, 30), put(3, 40)"
    );
    assert_eq!(db.commit(other), Ok(()), "T2: commit");
    assert_eq!(
        db.commit(tx),
        Ok(()),
        "Serializable: T1: get(y), scan(value % 3 == 0), put(y, 21); T2: put(x, 11), put(3, 30), put(3, 40), \
         commit; T1: commit. T1 has read nothing that T2 wrote, and its scan would find nothing new: 30 was never committed"
    );
}

#[test]
fn a_row_that_leaves_a_scan_is_a_conflict() {
    for leave in ["T2 x=11", "T2 x=gone"] {
        let script = format!("T1 tens?, T1 y=21, {leave}, T2 commit, T1 commit");
        let run = Run::of(Serializable, &script);
        assert_eq!(
            run.committed,
            [2],
            "Serializable: T1 found x = 10 in its scan, and T2 has changed that: only T2 may commit\n{run}"
        );
    }
}

/// Runs scripts at the level Serializable, and compares who has committed, in which order.
#[track_caller]
fn serializable(scripts: &[(&str, &str)], committed: &[usize]) {
    for (script, why) in scripts {
        let run = Run::of(Serializable, script);
        assert_eq!(
            run.committed, committed,
            "{why}: left are the transactions that have committed, right those that must\n{run}"
        );
    }
}

#[test]
fn every_scan_of_a_transaction_counts() {
    let cases = [
        (
            "T1 thirds?, T1 tens?, T1 y=21, T2 3=33, T2 commit, T1 commit",
            "T1's first scan would find 3 = 33",
        ),
        (
            "T1 tens?, T1 thirds?, T1 y=21, T2 3=33, T2 commit, T1 commit",
            "T1's second scan would find 3 = 33",
        ),
    ];
    serializable(&cases, &[2]);
}

#[test]
fn a_scan_does_not_replace_what_was_read_before() {
    let cases = [
        (
            "T1 x?, T1 thirds?, T1 y=21, T2 x=11, T2 commit, T1 commit",
            "T1 got x before its scan",
        ),
        (
            "T1 thirds?, T1 x?, T1 y=21, T2 x=11, T2 commit, T1 commit",
            "T1 got x after its scan",
        ),
        (
            "T1 tens?, T1 thirds?, T1 y=21, T2 x=11, T2 commit, T1 commit",
            "T1 found x in its first scan",
        ),
    ];
    serializable(&cases, &[2]);
}

#[test]
fn a_scan_may_ask_for_a_key() {
    let found = "T1 row3?, T1 y=21, T2 3=33, T2 commit, T1 commit";
    serializable(&[(found, "T1's scan for row 3 would find it")], &[2]);
    let other = "T1 row3?, T1 y=21, T2 4=44, T2 commit, T1 commit";
    serializable(
        &[(other, "T1's scan for row 3 would not find row 4")],
        &[2, 1],
    );
}

#[test]
fn a_deletion_concerns_those_who_have_read_the_row() {
    let deleted = "T1 thirds?, T1 y=21, T2 x=gone, T2 commit, T1 commit";
    serializable(
        &[(
            deleted,
            "T1 has not got x = 10, and its scan did not find it",
        )],
        &[2, 1],
    );
}

#[test]
fn a_refused_write_is_no_write() {
    let mut db = table();
    let [a, b, c] = [(); 3].map(|()| db.begin(Serializable));
    assert_eq!(db.put(b, X, 12), Ok(()), "T2: put(x, 12)");
    db.get(a, Y);
    assert_eq!(
        db.put(a, X, 11),
        Err(WouldBlock),
        "T2: put(x, 12); T1: get(y), put(x, 11) while T2 is open"
    );
    assert_eq!(db.put(c, Y, 23), Ok(()), "T3: put(y, 23)");
    assert_eq!(db.commit(c), Ok(()), "T3: commit");
    assert_eq!(
        db.commit(a),
        Ok(()),
        "Serializable: T1 got y, and its only write was refused (WouldBlock); T3: put(y, 23), commit; T1: commit. T1 \
         wrote nothing"
    );
}

#[test]
fn a_read_that_does_not_hold_refuses_no_write() {
    let mut db = table();
    let (a, b) = (db.begin(Serializable), db.begin(Serializable));
    db.get(a, X);
    assert_eq!(db.put(b, X, 12), Ok(()), "T2: put(x, 12)");
    assert_eq!(db.commit(b), Ok(()), "T2: commit");
    assert_eq!(
        db.put(a, Y, 21),
        Ok(()),
        "Serializable: T1: get(x); T2: put(x, 12), commit; T1: put(y, 21). Nobody else has written y; only T1's commit \
         looks at its reads"
    );
    assert_eq!(
        db.commit(a),
        Err(Conflict),
        "Serializable: T1: get(x); T2: put(x, 12), commit; T1: put(y, 21), commit"
    );
}

#[test]
fn a_refused_commit_leaves_nothing() {
    let mut db = table();
    let (a, b) = (db.begin(Serializable), db.begin(Serializable));
    for tx in [a, b] {
        db.get(tx, X);
        db.get(tx, Y);
    }
    assert_eq!(db.put(a, X, 11), Ok(()), "T1: put(x, 11)");
    assert_eq!(db.put(b, Y, 21), Ok(()), "T2: put(y, 21)");
    assert_eq!(db.commit(a), Ok(()), "T1: commit, before anybody else");
    assert_eq!(
        db.commit(b),
        Err(Conflict),
        "both have read x and y, T1 has committed x = 11, T2: commit"
    );
    let tx = db.begin(Serializable);
    assert_eq!(
        db.scan(tx, |_, _| true),
        [(X, 11), (Y, 20)],
        "T2 wrote y = 21 and was refused: what T3 sees"
    );
    assert_eq!(
        db.put(tx, Y, 22),
        Ok(()),
        "T2 wrote y and was refused: T3: put(y, 22)"
    );
    assert_eq!(db.commit(tx), Ok(()), "T3: commit, nobody else is open");
}

#[test]
fn one_after_the_other_is_never_refused() {
    seeded::cases(60, |rng| {
        let level = *rng.pick(&LEVELS);
        let mut script = Vec::new();
        for tx in 1..=4 {
            for _ in 0..rng.below(4) {
                script.push((tx, random_step(rng, tx as i64)));
            }
            script.push((tx, Step::Commit));
        }
        let run = Run::new(level, &script, true);
        assert_eq!(
            run.committed,
            [1, 2, 3, 4],
            "each transaction begins when the one before has ended, and all must commit\n{run}"
        );
    });
}

// ---------------------------------------------------------------------------------------------
// Random histories

#[test]
fn read_committed_agrees_with_the_model() {
    seeded::cases(300, |rng| agree(ReadCommitted, rng));
}

#[test]
fn snapshots_agree_with_the_model() {
    seeded::cases(300, |rng| agree(Snapshot, rng));
}

#[test]
fn serializable_agrees_with_the_model() {
    seeded::cases(300, |rng| agree(Serializable, rng));
}

/// Runs random steps of up to four open transactions on the table and on the model.
fn agree(level: Level, rng: &mut Rng) {
    let mut db = Mvcc::default();
    let mut model = Model::default();
    let mut open: Vec<(usize, TxId)> = Vec::new();
    let mut done = Vec::new();
    let mut begun = 0;
    for step in 0..rng.size() {
        if open.len() < 4 && rng.chance(0.3) {
            begun += 1;
            open.push((begun, db.begin(level)));
            model.begin(begun);
            done.push(format!("T{begun} begin"));
        }
        if open.is_empty() {
            continue;
        }
        let at = rng.below(open.len());
        let (name, tx) = open[at];
        let step = match rng.below(8) {
            0 => Step::Commit,
            1 => Step::Abort,
            _ => random_step(rng, step as i64),
        };
        done.push(format!("T{name} {step}"));
        let actual = run_step(&mut db, tx, step);
        let expected = model.answer(level, name, step, &actual);
        assert_eq!(
            actual,
            expected,
            "{level:?}: {}: left is your answer to the last step, right the expected one",
            done.join(", ")
        );
        let ended = matches!(step, Step::Commit | Step::Abort);
        if ended || actual == Answer::Refused(Conflict) {
            open.remove(at);
            if !ended {
                db.abort(tx);
                model.abort(name);
                done.push(format!("T{name} abort"));
            }
        }
    }
}

/// All data after each commit, the writes of open transactions beside it.
struct Model {
    states: Vec<BTreeMap<Key, i64>>,
    /// The last commit that wrote a key.
    written: BTreeMap<Key, usize>,
    open: BTreeMap<usize, ModelTx>,
}

#[derive(Default)]
struct ModelTx {
    began: usize,
    writes: BTreeMap<Key, Option<i64>>,
    keys: BTreeSet<Key>,
    scans: Vec<Which>,
}

impl Default for Model {
    fn default() -> Self {
        Model {
            states: vec![BTreeMap::new()],
            written: BTreeMap::new(),
            open: BTreeMap::new(),
        }
    }
}

impl Model {
    fn begin(&mut self, tx: usize) {
        let began = self.states.len() - 1;
        let transaction = ModelTx {
            began,
            ..ModelTx::default()
        };
        self.open.insert(tx, transaction);
    }

    fn abort(&mut self, tx: usize) {
        self.open.remove(&tx);
    }

    /// The answer to a step. Where two are right, the actual one.
    fn answer(&mut self, level: Level, tx: usize, step: Step, actual: &Answer) -> Answer {
        let last = self.states.len() - 1;
        let mut open = self.open.remove(&tx).expect("it is open");
        let mut sees = self.states[if level == ReadCommitted {
            last
        } else {
            open.began
        }]
        .clone();
        apply(&mut sees, &open.writes);
        let answer = match step {
            Step::Get(key) => {
                open.keys.insert(key);
                Answer::Read(row(&sees, key))
            }
            Step::Scan(which) => {
                let found = which.of(&sees);
                open.keys.extend(found.iter().map(|(key, _)| *key));
                open.scans.push(which);
                Answer::Read(found)
            }
            Step::Write(key, value) => {
                let mut others = self.open.values();
                let newer = self.written.get(&key).is_some_and(|at| *at > open.began);
                if others.any(|other| other.writes.contains_key(&key)) {
                    Answer::Refused(WouldBlock)
                } else if level != ReadCommitted && newer {
                    Answer::Refused(Conflict)
                } else {
                    open.writes.insert(key, value);
                    Answer::Done
                }
            }
            Step::Commit => {
                let refused = || *actual == Answer::Refused(Conflict);
                if level == Serializable && self.must_refuse(&open).unwrap_or_else(refused) {
                    return Answer::Refused(Conflict);
                }
                let mut state = self.states[last].clone();
                apply(&mut state, &open.writes);
                self.states.push(state);
                let written = open.writes.into_keys();
                self.written.extend(written.map(|key| (key, last + 1)));
                return Answer::Done;
            }
            Step::Abort => return Answer::Done,
        };
        self.open.insert(tx, open);
        answer
    }

    /// Whether the commit of a serializable transaction must be refused; `None` if it may or may not.
    fn must_refuse(&self, tx: &ModelTx) -> Option<bool> {
        let (then, later) = (&self.states[tx.began], &self.states[tx.began + 1..]);
        let Some(now) = later.last().filter(|_| !tx.writes.is_empty()) else {
            return Some(false);
        };
        let gets_differ = tx.keys.iter().any(|key| then.get(key) != now.get(key));
        if gets_differ || tx.scans.iter().any(|which| which.of(then) != which.of(now)) {
            return Some(true);
        }
        let is_new = |key: Key| self.written.get(&key).is_some_and(|at| *at > tx.began);
        let found = |state| tx.scans.iter().flat_map(move |which| which.of(state));
        let mut news = later.iter().flat_map(found);
        let undone = tx.keys.iter().any(|key| is_new(*key)) || news.any(|(key, _)| is_new(key));
        (!undone).then_some(false)
    }
}

fn row(state: &BTreeMap<Key, i64>, key: Key) -> Vec<(Key, i64)> {
    let value = state.get(&key).map(|value| (key, *value));
    value.into_iter().collect()
}

fn apply(state: &mut BTreeMap<Key, i64>, writes: &BTreeMap<Key, Option<i64>>) {
    for (key, value) in writes {
        match value {
            Some(value) => state.insert(*key, *value),
            None => state.remove(key),
        };
    }
}

#[test]
fn some_serial_order_explains_what_was_committed() {
    let mut together = 0;
    seeded::cases(400, |rng| {
        // Four transactions, with their steps in random order.
        let mut left: Vec<(usize, usize)> = (1..=4).map(|tx| (tx, 1 + rng.below(4))).collect();
        let mut script = Vec::new();
        while !left.is_empty() {
            let at = rng.below(left.len());
            let (tx, steps) = &mut left[at];
            if *steps == 0 {
                script.push((*tx, Step::Commit));
                left.remove(at);
            } else {
                *steps -= 1;
                script.push((*tx, random_step(rng, script.len() as i64)));
            }
        }
        let run = Run::new(Serializable, &script, false);
        together += run.committed.len();
        assert!(
            run.is_serializable(),
            "no serial order of the committed transactions {:?} explains what they have read and left\n{run}",
            run.committed
        );
    });
    assert!(
        together >= 900,
        "of 1,600 serializable transactions in random histories {together} were committed, and at least \
         900 are expected: refuse only those whose reads don't hold any more"
    );
}

// ---------------------------------------------------------------------------------------------
// Scripts: `T1 x=11` writes, `T1 x?` reads, `T1 thirds?` and `T1 tens?` scan for multiples of 3 and of 10,
// `T1 row3?` scans for the key 3

#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Get(Key),
    Scan(Which),
    Write(Key, Option<i64>),
    Commit,
    Abort,
}

/// What a scan looks for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Which {
    /// The values that are a multiple of this.
    Multiples(i64),
    Row(Key),
}

impl Which {
    fn holds(self, key: Key, value: i64) -> bool {
        match self {
            Which::Multiples(of) => value % of == 0,
            Which::Row(row) => key == row,
        }
    }

    fn of(self, state: &BTreeMap<Key, i64>) -> Vec<(Key, i64)> {
        let rows = state.iter().map(|(key, value)| (*key, *value));
        rows.filter(|(key, value)| self.holds(*key, *value))
            .collect()
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Answer {
    Read(Vec<(Key, i64)>),
    Done,
    Refused(Refused),
}

fn random_step(rng: &mut Rng, unique: i64) -> Step {
    let key = rng.range(1..=4);
    match rng.weighted(&[4, 3, 1, 2, 6]) {
        0 => Step::Get(key),
        1 => Step::Scan(Which::Multiples(rng.range(2..=4))),
        2 => Step::Scan(Which::Row(key)),
        3 => Step::Write(key, None),
        // A value that no other step writes, and whose divisors vary.
        _ => Step::Write(key, Some(60 * unique + rng.range(1..=12))),
    }
}

fn run_step(db: &mut Mvcc, tx: TxId, step: Step) -> Answer {
    let done = |result: Result<(), Refused>| result.map_or_else(Answer::Refused, |()| Answer::Done);
    match step {
        Step::Get(key) => {
            let value = db.get(tx, key);
            Answer::Read(value.map(|value| (key, value)).into_iter().collect())
        }
        Step::Scan(which) => Answer::Read(db.scan(tx, move |key, value| which.holds(key, value))),
        Step::Write(key, Some(value)) => done(db.put(tx, key, value)),
        Step::Write(key, None) => done(db.delete(tx, key)),
        Step::Commit => done(db.commit(tx)),
        Step::Abort => {
            db.abort(tx);
            Answer::Done
        }
    }
}

fn parse(script: &str) -> Vec<(usize, Step)> {
    let steps = script.split(", ").map(|step| {
        let (tx, step) = step.split_once(' ').expect("a transaction and a step");
        let key = |name: &str| match name {
            "x" => X,
            "y" => Y,
            number => number.parse().expect("the number of a row"),
        };
        let step = match (step, step.split_once('='), step.strip_suffix('?')) {
            ("commit", ..) => Step::Commit,
            ("abort", ..) => Step::Abort,
            (_, Some((name, value)), _) => Step::Write(key(name), value.parse().ok()),
            (_, _, Some("thirds")) => Step::Scan(Which::Multiples(3)),
            (_, _, Some("tens")) => Step::Scan(Which::Multiples(10)),
            (_, _, Some("row3")) => Step::Scan(Which::Row(3)),
            (_, _, name) => Step::Get(key(name.expect("a question mark"))),
        };
        (tx[1..].parse().expect("T and a number"), step)
    });
    steps.collect()
}

/// What became of a script.
struct Run {
    level: Level,
    /// The steps in the order in which they were done, with their answers.
    log: Vec<(usize, Step, Answer)>,
    committed: Vec<usize>,
    before: BTreeMap<Key, i64>,
    after: BTreeMap<Key, i64>,
}

impl Run {
    fn of(level: Level, script: &str) -> Run {
        Run::new(level, &parse(script), false)
    }

    /// Runs a script over x = 10 and y = 20. A transaction whose step would block waits, with all its
    /// further steps, until another one ends. One that is refused is aborted; if all wait, the last one is.
    fn new(level: Level, script: &[(usize, Step)], begin_late: bool) -> Run {
        let mut db = table();
        let count = script.iter().map(|(tx, _)| *tx).max().unwrap_or(0);
        let mut ids: Vec<Option<TxId>> = vec![None; count + 1];
        if !begin_late {
            ids[1..].fill_with(|| Some(db.begin(level)));
        }
        let mut run = Run {
            level,
            log: Vec::new(),
            committed: Vec::new(),
            before: BTreeMap::from([(X, 10), (Y, 20)]),
            after: BTreeMap::new(),
        };
        let mut ended = vec![false; count + 1];
        let mut waiting: Vec<VecDeque<Step>> = vec![VecDeque::new(); count + 1];
        let mut steps = script.iter().copied();
        loop {
            // First those who wait, if their step can be done now; then the next step of the script.
            let mut progress = false;
            for (tx, waiting) in waiting.iter_mut().enumerate() {
                while let Some(step) = waiting.front().copied() {
                    if !run.step(&mut db, &mut ids, &mut ended, tx, step, level) {
                        break;
                    }
                    waiting.pop_front();
                    progress = true;
                }
            }
            if progress {
                continue;
            }
            match steps.next() {
                Some((tx, step)) => waiting[tx].push_back(step),
                None => match (1..=count).rev().find(|tx| !waiting[*tx].is_empty()) {
                    Some(victim) => {
                        run.abort(&mut db, &ids, &mut ended, victim);
                        waiting[victim].clear();
                    }
                    None => break,
                },
            }
        }
        let tx = db.begin(ReadCommitted);
        run.after = db.scan(tx, |_, _| true).into_iter().collect();
        run
    }

    /// Does a step; `false` if it would block.
    fn step(
        &mut self,
        db: &mut Mvcc,
        ids: &mut [Option<TxId>],
        ended: &mut [bool],
        tx: usize,
        step: Step,
        level: Level,
    ) -> bool {
        if ended[tx] {
            return true;
        }
        let id = *ids[tx].get_or_insert_with(|| db.begin(level));
        let answer = run_step(db, id, step);
        if answer == Answer::Refused(WouldBlock) {
            return false;
        }
        let refused = answer == Answer::Refused(Conflict);
        self.log.push((tx, step, answer));
        match step {
            Step::Commit if !refused => self.committed.push(tx),
            Step::Commit | Step::Abort => {}
            _ if refused => return self.abort(db, ids, ended, tx),
            _ => return true,
        }
        ended[tx] = true;
        true
    }

    fn abort(
        &mut self,
        db: &mut Mvcc,
        ids: &[Option<TxId>],
        ended: &mut [bool],
        tx: usize,
    ) -> bool {
        if let Some(id) = ids[tx] {
            db.abort(id);
        }
        self.log.push((tx, Step::Abort, Answer::Done));
        ended[tx] = true;
        true
    }

    /// The values that a transaction read, in order.
    fn read(&self, tx: usize) -> Vec<i64> {
        let answers = self.log.iter().filter(|(by, ..)| *by == tx);
        let reads = answers.filter_map(|(_, _, answer)| match answer {
            Answer::Read(rows) => Some(rows.iter().map(|(_, value)| *value)),
            _ => None,
        });
        reads.flatten().collect()
    }

    /// The values of x and y at the end.
    fn last(&self) -> [i64; 2] {
        [X, Y].map(|key| self.after.get(&key).copied().unwrap_or(0))
    }

    /// Whether the committed transactions, one after the other in some order, give all the answers and the end.
    fn is_serializable(&self) -> bool {
        fn try_all(run: &Run, left: &[usize], state: &BTreeMap<Key, i64>) -> bool {
            if left.is_empty() {
                return *state == run.after;
            }
            left.iter().any(|tx| {
                let rest: Vec<usize> = left.iter().copied().filter(|other| other != tx).collect();
                run.replay(*tx, state)
                    .is_some_and(|state| try_all(run, &rest, &state))
            })
        }
        try_all(self, &self.committed, &self.before)
    }

    /// The state after a transaction that runs alone, if it gets the answers that it got.
    fn replay(&self, tx: usize, state: &BTreeMap<Key, i64>) -> Option<BTreeMap<Key, i64>> {
        let mut state = state.clone();
        for (_, step, answer) in self.log.iter().filter(|(by, ..)| *by == tx) {
            let rows: Vec<(Key, i64)> = match step {
                Step::Get(key) => row(&state, *key),
                Step::Scan(which) => which.of(&state),
                Step::Write(key, value) => {
                    apply(&mut state, &BTreeMap::from([(*key, *value)]));
                    continue;
                }
                Step::Commit | Step::Abort => continue,
            };
            if *answer != Answer::Read(rows) {
                return None;
            }
        }
        Some(state)
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "at the level {:?}, with x = 10 and y = 20 at the beginning:",
            self.level
        )?;
        for (tx, step, answer) in &self.log {
            match answer {
                Answer::Done => writeln!(f, "  T{tx} {step}")?,
                Answer::Read(rows) => writeln!(f, "  T{tx} {step}  gives {}", show(rows))?,
                Answer::Refused(refused) => writeln!(f, "  T{tx} {step}  is refused: {refused:?}")?,
            }
        }
        write!(
            f,
            "at the end: {}",
            show(&self.after.clone().into_iter().collect::<Vec<_>>())
        )
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Get(key) => write!(f, "get({})", name(*key)),
            Step::Scan(Which::Multiples(of)) => write!(f, "scan(value % {of} == 0)"),
            Step::Scan(Which::Row(row)) => write!(f, "scan(key == {})", name(*row)),
            Step::Write(key, Some(value)) => write!(f, "put({}, {value})", name(*key)),
            Step::Write(key, None) => write!(f, "delete({})", name(*key)),
            Step::Commit => f.write_str("commit"),
            Step::Abort => f.write_str("abort"),
        }
    }
}

fn name(key: Key) -> String {
    match key {
        X => "x".to_string(),
        Y => "y".to_string(),
        key => key.to_string(),
    }
}

fn show(rows: &[(Key, i64)]) -> String {
    let rows = rows
        .iter()
        .map(|(key, value)| format!("{} = {value}", name(*key)));
    match rows.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => "nothing".to_string(),
        rows => rows,
    }
}

/// Runs the script of an anomaly at each level, and compares with whether the level lets it through.
#[track_caller]
fn judge(anomaly: &str, let_through: [bool; 3], script: &str, happened: impl Fn(&Run) -> bool) {
    for (level, let_through) in LEVELS.into_iter().zip(let_through) {
        let run = Run::of(level, script);
        match (let_through, happened(&run)) {
            (true, false) => panic!(
                "{anomaly} must be possible at the level {level:?}, which otherwise costs more than it promises\n{run}"
            ),
            (false, true) => panic!("{anomaly} must not be possible at the level {level:?}\n{run}"),
            _ => {}
        }
    }
}
