use super::*;
use crashdisk::{Disk, Survival, refuse_each, sweep};
use seeded::Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::{fmt, io};

#[track_caller]
fn open(disk: &Disk) -> Engine {
    Engine::open(disk).expect("open on a disk that works")
}

/// A new engine, in which these keys were put in one transaction.
fn engine(pairs: &[(&str, &str)]) -> (Disk, Engine) {
    let disk = Disk::new();
    let mut engine = open(&disk);
    if !pairs.is_empty() {
        write(&mut engine, pairs);
    }
    (disk, engine)
}

/// Puts keys in a transaction of their own; an empty value is a deletion here.
#[track_caller]
fn write(engine: &mut Engine, pairs: &[(&str, &str)]) -> CommitTs {
    let mut tx = engine.begin();
    for (key, value) in pairs {
        match *value {
            "" => tx.delete(key),
            _ => tx.put(key, value),
        }
    }
    let results = commit(engine, vec![tx]);
    *results[0]
        .as_ref()
        .expect("a transaction that has read nothing commits")
}

#[track_caller]
fn commit(engine: &mut Engine, batch: Vec<Tx>) -> Vec<Result<CommitTs, Conflict>> {
    let len = batch.len();
    let results = engine
        .commit_batch(batch)
        .expect("commit_batch on a disk that works");
    assert_eq!(
        results.len(),
        len,
        "commit_batch of {len} transactions: the number of results"
    );
    results
}

/// Which members of a batch committed.
#[track_caller]
fn committed(engine: &mut Engine, batch: Vec<Tx>) -> Vec<bool> {
    commit(engine, batch).iter().map(Result::is_ok).collect()
}

/// All pairs, as "a=1 b=2", as a new transaction sees them.
fn content(engine: &Engine) -> String {
    text(&engine.scan(&mut engine.begin(), "a".."z"))
}

fn text(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    pairs.join(" ")
}

#[test]
fn what_was_committed_is_found() {
    let (disk, mut engine) = engine(&[("a", "1"), ("b", "2")]);
    write(&mut engine, &[("b", "3"), ("c", "4"), ("a", "")]);
    let get = |engine: &Engine, key| engine.get(&mut engine.begin(), key);
    for (when, engine) in [("", &engine), (", a restart", &open(&disk))] {
        let what = format!("a=1 b=2 committed, then b=3 c=4 and a deleted{when}");
        assert_eq!(get(engine, "a"), None, "{what}: get(a)");
        assert_eq!(get(engine, "b").as_deref(), Some("3"), "{what}: get(b)");
        assert_eq!(content(engine), "b=3 c=4", "{what}: scan(a..z)");
        assert_eq!(
            text(&engine.scan(&mut engine.begin(), "b".."c")),
            "b=3",
            "{what}: scan(b..c)"
        );
    }
}

#[test]
fn a_transaction_sees_its_snapshot_and_its_own_writes() {
    let (_, mut engine) = engine(&[("a", "1"), ("b", "2"), ("c", "3")]);
    let mut tx = engine.begin();
    write(&mut engine, &[("a", "9"), ("b", ""), ("d", "9")]);
    let what = "T1 begins on a=1 b=2 c=3; another one commits a=9 d=9 and deletes b";
    assert_eq!(
        engine.get(&mut tx, "a").as_deref(),
        Some("1"),
        "{what}; T1 gets a"
    );
    assert_eq!(engine.get(&mut tx, "d"), None, "{what}; T1 gets d");
    assert_eq!(
        text(&engine.scan(&mut tx, "a".."z")),
        "a=1 b=2 c=3",
        "{what}; T1 scans a..z"
    );
    tx.put("a", "5");
    tx.put("bb", "6");
    tx.delete("c");
    let what = format!("{what}; T1 puts a=5 bb=6 and deletes c");
    assert_eq!(
        engine.get(&mut tx, "a").as_deref(),
        Some("5"),
        "{what}; T1 gets a"
    );
    assert_eq!(engine.get(&mut tx, "c"), None, "{what}; T1 gets c");
    assert_eq!(
        text(&engine.scan(&mut tx, "a".."z")),
        "a=5 b=2 bb=6",
        "{what}; T1 scans a..z"
    );
    assert_eq!(
        text(&engine.scan(&mut tx, "b".."bb")),
        "b=2",
        "{what}; T1 scans b..bb"
    );
    assert_eq!(
        text(&engine.scan(&mut tx, "b".."b")),
        "",
        "{what}; T1 scans b..b"
    );
    assert_eq!(
        content(&engine),
        "a=9 c=3 d=9",
        "{what}; a new transaction scans a..z"
    );
}

#[test]
fn timestamps_grow_also_after_a_restart() {
    let (disk, mut engine) = engine(&[("a", "1")]);
    let mut last = write(&mut engine, &[("a", "2")]);
    for round in 0..3 {
        engine = open(&disk);
        let batch = ["a", "b"].map(|key| {
            let mut tx = engine.begin();
            tx.put(key, &format!("{round}"));
            tx
        });
        for result in commit(&mut engine, batch.into()) {
            let ts = result.expect("transactions that have read nothing commit");
            assert!(
                ts > last,
                "restart {round}, two commits: the timestamp {ts} follows on {last}"
            );
            last = ts;
        }
        let expected = format!("a={round} b={round}");
        assert_eq!(
            content(&engine),
            expected,
            "after restart {round} and two commits: scan(a..z)"
        );
    }
}

#[test]
fn a_key_that_was_read_must_not_have_changed() {
    let (_, mut engine) = engine(&[("a", "1"), ("b", "1")]);
    let mut reader = engine.begin();
    engine.get(&mut reader, "a");
    reader.put("c", "1");
    let mut of_nothing = engine.begin();
    engine.get(&mut of_nothing, "d");
    of_nothing.put("c", "2");
    let mut other = engine.begin();
    engine.get(&mut other, "b");
    other.put("a", "3");
    write(&mut engine, &[("a", "2"), ("d", "2")]);
    let what = "a=1 b=1; then another transaction commits a=2 d=2";
    assert_eq!(
        committed(&mut engine, vec![reader]),
        [false],
        "{what}: who got a and puts c"
    );
    assert_eq!(
        committed(&mut engine, vec![of_nothing]),
        [false],
        "{what}: who got d, which was not there, and puts c"
    );
    assert_eq!(
        committed(&mut engine, vec![other]),
        [true],
        "{what}: who got b and puts a"
    );
    assert_eq!(
        content(&engine),
        "a=3 b=1 d=2",
        "{what}, and a=3: scan(a..z)"
    );
}

#[test]
fn writing_alone_is_no_conflict() {
    let (_, mut engine) = engine(&[("a", "1")]);
    let mut tx = engine.begin();
    tx.put("a", "2");
    // It reads what it has written itself: that is not the store's.
    engine.get(&mut tx, "a");
    write(&mut engine, &[("a", "3")]);
    assert_eq!(
        committed(&mut engine, vec![tx]),
        [true],
        "put(a), get(a); another one has committed a meanwhile"
    );
    assert_eq!(content(&engine), "a=2", "a=3 was committed first, then a=2");
}

#[test]
fn doctors_cannot_both_go_off_call() {
    for one_batch in [false, true] {
        let (_, mut engine) = engine(&[("ann", "on"), ("bob", "on")]);
        let go_off = |engine: &Engine, name: &str| {
            let mut tx = engine.begin();
            let on_call =
                ["ann", "bob"].map(|name| engine.get(&mut tx, name).as_deref() == Some("on"));
            assert_eq!(on_call, [true, true], "{name} sees both on call");
            tx.put(name, "off");
            tx
        };
        let (ann, bob) = (go_off(&engine, "ann"), go_off(&engine, "bob"));
        let answers = match one_batch {
            true => committed(&mut engine, vec![ann, bob]),
            false => [
                committed(&mut engine, vec![ann]),
                committed(&mut engine, vec![bob]),
            ]
            .concat(),
        };
        let how = if one_batch {
            "in one batch"
        } else {
            "one after the other"
        };
        assert_eq!(
            answers,
            [true, false],
            "Ann and Bob see each other on call and go off, {how}: who commits?"
        );
        assert_eq!(content(&engine), "ann=off bob=on", "the plan after that");
    }
}

#[test]
fn nothing_may_have_appeared_in_a_range_that_was_scanned() {
    for (change, expected) in [
        (("d", "1"), false),
        (("b", "2"), false),
        (("b", ""), false),
        (("e", "1"), true),
    ] {
        for one_batch in [false, true] {
            let (_, mut engine) = engine(&[("b", "1"), ("c", "1")]);
            let mut tx = engine.begin();
            let found = engine.scan(&mut tx, "a".."e").len();
            tx.put("x", &found.to_string());
            let mut other = engine.begin();
            match change.1 {
                "" => other.delete(change.0),
                value => other.put(change.0, value),
            }
            let answer = match one_batch {
                true => committed(&mut engine, vec![other, tx])[1],
                false => {
                    commit(&mut engine, vec![other]);
                    committed(&mut engine, vec![tx])[0]
                }
            };
            let how = if one_batch {
                "earlier in the same batch"
            } else {
                "in a batch before"
            };
            assert_eq!(
                answer, expected,
                "b=1 c=1; T1 scans a..e and puts x; another one writes {change:?} {how}: does T1 commit?"
            );
        }
    }
}

#[test]
fn a_member_that_failed_leaves_no_trace() {
    let (disk, mut engine) = engine(&[("a", "1"), ("b", "1")]);
    let txs = ["a", "b", "c"].map(|put| {
        let mut tx = engine.begin();
        engine.get(&mut tx, "a");
        engine.get(&mut tx, "b");
        tx.put(put, "2");
        tx
    });
    let mut reader = engine.begin();
    engine.get(&mut reader, "b");
    reader.put("d", "2");
    let batch = txs.into_iter().chain([reader]).collect();
    let what = "a=1 b=1; T1, T2, T3 get a and b, and put a, b, c; T4 gets b and puts d; one batch";
    assert_eq!(
        committed(&mut engine, batch),
        [true, false, false, true],
        "{what}: who commits? (T2 has written nothing in the end, so T4's b is unchanged)"
    );
    assert_eq!(content(&engine), "a=2 b=1 d=2", "{what}: scan(a..z)");
    assert_eq!(
        content(&open(&disk)),
        "a=2 b=1 d=2",
        "{what}, a restart: scan(a..z)"
    );
}

#[test]
fn an_audit_always_commits_and_costs_nothing() {
    let (disk, mut engine) = engine(&[]);
    let snapshot = write(&mut engine, &[("a", "60"), ("b", "40")]);
    let mut audit = engine.begin();
    let a: u32 = engine
        .get(&mut audit, "a")
        .expect("a")
        .parse()
        .expect("a number");
    write(&mut engine, &[("a", "50"), ("b", "50")]);
    let pairs = engine.scan(&mut audit, "b".."z");
    let b: u32 = pairs[0].1.parse().expect("a number");
    assert_eq!(
        a + b,
        100,
        "an audit reads a, then 10 are transferred, then it reads b"
    );
    let (results, did) = disk.measure(|| commit(&mut engine, vec![audit]));
    assert_eq!(
        results,
        [Ok(snapshot)],
        "an audit begins after the commit {snapshot}, then 10 are transferred: left is its result"
    );
    assert!(
        did.syncs == 0 && did.writes == 0,
        "a batch of an audit: {} writes, {} syncs",
        did.writes,
        did.syncs
    );
}

#[test]
fn a_batch_costs_one_sync() {
    let (disk, mut engine) = engine(&[("a", "1")]);
    let batch: Vec<Tx> = ["b", "c", "d"]
        .map(|key| {
            let mut tx = engine.begin();
            tx.put(key, "1");
            tx
        })
        .into();
    let (_, did) = disk.measure(|| commit(&mut engine, batch));
    assert!(
        did.syncs == 1,
        "a batch of three commits: {} syncs; expected: one",
        did.syncs
    );
    let mut loser = engine.begin();
    engine.get(&mut loser, "a");
    loser.put("a", "2");
    write(&mut engine, &[("a", "3")]);
    let (results, did) = disk.measure(|| commit(&mut engine, vec![loser]));
    assert_eq!(
        results,
        [Err(Conflict)],
        "who has read what was written since"
    );
    assert!(
        did.syncs == 0 && did.writes == 0,
        "a batch of a conflict: {} writes, {} syncs",
        did.writes,
        did.syncs
    );
    let (_, did) = disk.measure(|| commit(&mut engine, vec![]));
    assert!(
        did.syncs == 0 && did.writes == 0,
        "an empty batch: {} writes, {} syncs",
        did.writes,
        did.syncs
    );
}

#[test]
fn a_commit_is_safe_when_the_batch_returns() {
    let (disk, mut engine) = engine(&[("a", "1")]);
    let disk_after = disk.after_crash(Survival::Nothing);
    assert_eq!(
        content(&open(&disk_after)),
        "a=1",
        "a=1 committed, a crash: scan(a..z)"
    );
    write(&mut engine, &[("a", "2"), ("b", "2")]);
    let disk_after = disk.after_crash(Survival::Nothing);
    assert_eq!(
        content(&open(&disk_after)),
        "a=2 b=2",
        "a=2 b=2 committed, a crash: scan(a..z)"
    );
}

#[test]
fn a_torn_transfer_has_not_happened() {
    let (disk, mut engine) = engine(&[("a", "60"), ("b", "40")]);
    let before = disk.peek("log").expect("the log").len();
    write(&mut engine, &[("a", "50"), ("b", "50")]);
    let log = disk.peek("log").expect("the log");
    for len in before..log.len() {
        let torn = Disk::new();
        torn.create("log")
            .and_then(|file| file.append(&log[..len]))
            .expect("a torn log");
        let torn = torn.copy();
        let mut engine = open(&torn);
        let what = format!(
            "a transfer of 10, of whose {} bytes in the log {} are left",
            log.len() - before,
            len - before
        );
        assert_eq!(content(&engine), "a=60 b=40", "{what}: scan(a..z)");
        write(&mut engine, &[("c", "1")]);
        let found = content(&open(&torn));
        assert_eq!(
            found, "a=60 b=40 c=1",
            "{what}, c=1 committed after that, a restart: scan(a..z)"
        );
    }
}

// Random schedules: four transactions, five keys.

const KEYS: [&str; 5] = ["a", "b", "c", "d", "e"];

#[derive(Clone, Debug)]
enum Action {
    Get(usize, &'static str),
    Scan(usize, &'static str, &'static str),
    Put(usize, &'static str, String),
    Delete(usize, &'static str),
    Commit(Vec<usize>),
    Restart,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Get(tx, key) => write!(f, "T{tx} get {key}"),
            Action::Scan(tx, from, to) => write!(f, "T{tx} scan {from}..{to}"),
            Action::Put(tx, key, value) => write!(f, "T{tx} put {key}={value}"),
            Action::Delete(tx, key) => write!(f, "T{tx} delete {key}"),
            Action::Commit(txs) => write!(f, "commit {txs:?}"),
            Action::Restart => write!(f, "restart"),
        }
    }
}

impl Action {
    fn random(rng: &mut Rng, value: usize, restarts: u32) -> Self {
        let (tx, key) = (rng.below(4), *rng.pick(&KEYS));
        match rng.weighted(&[5, 2, 7, 2, 4, restarts]) {
            0 => Action::Get(tx, key),
            1 => {
                let to = *rng.pick(&["c", "e", "z"]);
                Action::Scan(tx, key.min(to), to)
            }
            2 => Action::Put(tx, key, value.to_string()),
            3 => Action::Delete(tx, key),
            4 => {
                let mut txs: Vec<usize> = (0..4).filter(|_| rng.chance(0.5)).collect();
                rng.shuffle(&mut txs);
                Action::Commit(txs)
            }
            _ => Action::Restart,
        }
    }
}

/// What an action answered, in words.
type Answer = String;

/// The right engine, slow and in memory: the writes of all commits, one after the other.
#[derive(Clone, Default)]
struct Model {
    commits: Vec<Writes>,
    txs: [Option<ModelTx>; 4],
}

#[derive(Clone)]
struct ModelTx {
    began: usize,
    reads: BTreeSet<&'static str>,
    writes: Writes,
}

impl Model {
    /// The content after so many commits.
    fn state(&self, commits: usize) -> BTreeMap<String, String> {
        let mut state = Writes::new();
        self.commits[..commits]
            .iter()
            .for_each(|writes| state.extend(writes.clone()));
        state
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?)))
            .collect()
    }

    fn text(&self, commits: usize) -> String {
        text(&self.state(commits).into_iter().collect::<Vec<_>>())
    }

    fn tx(&mut self, tx: usize) -> &mut ModelTx {
        let began = self.commits.len();
        self.txs[tx].get_or_insert_with(|| ModelTx {
            began,
            reads: BTreeSet::new(),
            writes: Writes::new(),
        })
    }

    /// What a transaction sees in these keys.
    fn read(
        &mut self,
        tx: usize,
        keys: &[&'static str],
        own_is_a_read: bool,
    ) -> Vec<(String, String)> {
        let began = self.tx(tx).began;
        let state = self.state(began);
        let tx = self.tx(tx);
        let mut found = Vec::new();
        for key in keys {
            let own = tx.writes.get(*key);
            if own.is_none() || own_is_a_read {
                tx.reads.insert(key);
            }
            let value = own.cloned().unwrap_or_else(|| state.get(*key).cloned());
            found.extend(value.map(|value| (key.to_string(), value)));
        }
        found
    }

    fn run(&mut self, action: &Action) -> Answer {
        match action {
            Action::Get(tx, key) => text(&self.read(*tx, &[key], false)),
            Action::Scan(tx, from, to) => {
                let keys = KEYS.into_iter().filter(|key| (from..to).contains(&key));
                text(&self.read(*tx, &keys.collect::<Vec<_>>(), true))
            }
            Action::Put(tx, key, value) => {
                self.tx(*tx)
                    .writes
                    .insert(key.to_string(), Some(value.clone()));
                Answer::new()
            }
            Action::Delete(tx, key) => {
                self.tx(*tx).writes.insert(key.to_string(), None);
                Answer::new()
            }
            Action::Commit(txs) => {
                let txs = txs
                    .iter()
                    .filter_map(|tx| self.txs[*tx].take())
                    .collect::<Vec<_>>();
                let answers = txs.into_iter().map(|tx| {
                    let mut since = self.commits[tx.began..]
                        .iter()
                        .flat_map(|writes| writes.keys());
                    let changed = since.any(|key| tx.reads.contains(key.as_str()));
                    let is_audit = tx.writes.is_empty();
                    if !is_audit && !changed {
                        self.commits.push(tx.writes);
                    }
                    is_audit || !changed
                });
                format!("{:?}", answers.collect::<Vec<_>>())
            }
            Action::Restart => {
                self.txs = Default::default();
                Answer::new()
            }
        }
    }
}

/// The engine under test, with its transactions; of each also whether it has written.
struct Session {
    engine: Engine,
    txs: [Option<(Tx, bool)>; 4],
    last: CommitTs,
}

impl Session {
    fn open(disk: &Disk) -> io::Result<Self> {
        disk.note("open");
        let engine = Engine::open(disk)?;
        let txs = Default::default();
        Ok(Session {
            engine,
            txs,
            last: 0,
        })
    }

    fn run(&mut self, action: &Action, disk: &Disk) -> io::Result<Answer> {
        let engine = &mut self.engine;
        if let Action::Get(tx, _)
        | Action::Scan(tx, ..)
        | Action::Put(tx, ..)
        | Action::Delete(tx, _) = action
        {
            let (tx, writes) = self.txs[*tx].get_or_insert_with(|| (engine.begin(), false));
            return Ok(match action {
                Action::Get(_, key) => {
                    let value = engine.get(tx, key).map(|value| (key.to_string(), value));
                    text(&Vec::from_iter(value))
                }
                Action::Scan(_, from, to) => text(&engine.scan(tx, *from..*to)),
                _ => {
                    *writes = true;
                    match action {
                        Action::Put(_, key, value) => tx.put(key, value),
                        Action::Delete(_, key) => tx.delete(key),
                        _ => {}
                    }
                    Answer::new()
                }
            });
        }
        if let Action::Commit(txs) = action {
            let members = txs.iter().filter_map(|tx| self.txs[*tx].take());
            let (batch, writes): (Vec<Tx>, Vec<bool>) = members.unzip();
            let results = engine.commit_batch(batch)?;
            for (result, writes) in results.iter().zip(writes) {
                if let (Ok(ts), true) = (result, writes) {
                    assert!(
                        *ts > self.last,
                        "the timestamp {ts} follows on {}{}",
                        self.last,
                        disk.story()
                    );
                    self.last = *ts;
                }
            }
            let answers: Vec<bool> = results.iter().map(Result::is_ok).collect();
            return Ok(format!("{answers:?}"));
        }
        let last = self.last;
        *self = Session::open(disk)?;
        self.last = last;
        Ok(Answer::new())
    }
}

#[test]
fn random_schedules_agree_with_a_model() {
    seeded::cases(300, |rng| {
        let disk = Disk::new();
        let mut session = Session::open(&disk).expect("open");
        let mut model = Model::default();
        let mut done = Vec::new();
        for i in 0..rng.size() {
            let action = Action::random(rng, i, 1);
            done.push(action.to_string());
            let answer = session
                .run(&action, &disk)
                .expect("an action on a disk that works");
            assert_eq!(
                answer,
                model.run(&action),
                "left is your answer to the last action, right the expected one, after {done:?}"
            );
        }
        assert_eq!(
            content(&open(&disk)),
            model.text(model.commits.len()),
            "left is the content after a restart, right the expected one, after {done:?}"
        );
    });
}

#[test]
fn a_crash_at_any_change_leaves_whole_transactions() {
    for seed in 1..=3 {
        sweep_schedule(&mut Rng::new(seed));
    }
}

fn sweep_schedule(rng: &mut Rng) {
    let actions = rng.vec(40, |rng| {
        let value = rng.below(1_000);
        Action::random(rng, value, 0)
    });
    // How many commits there are after each number of actions.
    let mut model = Model::default();
    let mut commits = vec![0];
    for action in &actions {
        model.run(action);
        commits.push(model.commits.len());
    }
    assert!(
        model.commits.len() >= 5,
        "the test is wrong: {} commits",
        model.commits.len()
    );
    let workload = |disk: &Disk| {
        let Ok(mut session) = Session::open(disk) else {
            return (0, 0);
        };
        let done = actions.iter().take_while(|action| {
            disk.note(action);
            session.run(action, disk).is_ok()
        });
        (done.count(), session.last)
    };
    let check = |disk: &Disk, &(done, last): &(usize, CommitTs)| {
        disk.note("open");
        let mut engine = open(disk);
        let found = content(&engine);
        // Of a batch under way the first members may be there, and each of them as a whole.
        let possible = commits[done]..=commits[(done + 1).min(40)];
        let possible: Vec<String> = possible.map(|commits| model.text(commits)).collect();
        assert!(
            possible.contains(&found),
            "{done} actions were acknowledged: found {found:?}, expected one of {possible:?}"
        );
        disk.note("commit a=new");
        let ts = write(&mut engine, &[("a", "new")]);
        assert!(
            ts > last,
            "after a crash the timestamp {ts} follows on {last}"
        );
        let expected = content(&engine);
        assert!(
            expected.starts_with("a=new"),
            "a=new is committed, but a scan finds {expected:?}"
        );
        let again = content(&open(&disk.after_crash(Survival::Nothing)));
        assert_eq!(
            again, expected,
            "left is the content after a=new was committed and one more crash"
        );
    };
    let recover = |disk: &Disk| _ = Session::open(disk);
    sweep(&Disk::new(), rng.next_u64(), workload, recover, check);
}

#[test]
fn a_commit_reports_every_error() {
    let prepare = || engine(&[("a", "1")]);
    let commit = |_: &Disk, engine: &mut Engine| {
        let mut tx = engine.begin();
        tx.put("a", "2");
        engine.commit_batch(vec![tx])
    };
    refuse_each("commit_batch of a=2", prepare, commit, |disk, _| {
        let mut engine = open(disk);
        let found = content(&engine);
        assert!(
            found == "a=1" || found == "a=2",
            "a=1, a commit of a=2 with an error, open: found {found:?}, expected a=1 or a=2:{}",
            disk.story()
        );
        write(&mut engine, &[("a", "3")]);
        assert_eq!(
            content(&open(&disk.after_crash(Survival::Nothing))),
            "a=3",
            "a=1, a commit of a=2 with an error, open, a commit of a=3, a crash: scan(a..z)"
        );
    });
}

#[test]
fn an_open_reports_every_error() {
    let (full, _) = engine(&[("a", "1")]);
    let log = full.open("log").expect("the log");
    log.append(&[1, 2, 3]).expect("append");
    for (start, expected) in [(Disk::new(), ""), (full.copy(), "a=1")] {
        let prepare = || (start.copy(), ());
        refuse_each(
            "`open`",
            prepare,
            |disk, ()| Engine::open(disk),
            |disk, ()| {
                assert_eq!(
                    content(&open(disk)),
                    expected,
                    "an `open` with an error, and one without: scan(a..z)"
                );
            },
        );
    }
}

#[test]
fn errors_of_the_disk_are_passed_on() {
    let (disk, mut engine) = engine(&[("a", "1")]);
    let mut tx = engine.begin();
    tx.put("a", "2");
    disk.fail();
    assert!(
        engine.commit_batch(vec![tx]).is_err(),
        "commit_batch without power returned Ok"
    );
    assert!(
        Engine::open(&disk).is_err(),
        "open without power returned Ok"
    );
}
