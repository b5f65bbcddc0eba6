use super::Mode::{Exclusive, Shared};
use super::Outcome::{Deadlock, Granted, Waiting};
use super::*;
use seeded::Rng;

/// Runs a script: `1 a S` asks for `a` in shared mode, `1 a X` in exclusive mode, `1 end` releases all. Each
/// step has its answer behind `=`: `ok`, `waits`, `victim 2`, or the grants as `2 a, 3 a`.
#[track_caller]
fn script(steps: &[(&str, &str)]) -> LockManager {
    let mut locks = LockManager::default();
    let mut done = Vec::new();
    for (step, expected) in steps {
        let words: Vec<&str> = step.split(' ').collect();
        let tx: TxId = words[0].parse().expect("a transaction");
        let answer = match words[1..] {
            ["end"] => {
                let mut grants = locks.release_all(tx);
                grants.sort_unstable();
                let grants: Vec<String> = grants
                    .iter()
                    .map(|(tx, key)| format!("{tx} {key}"))
                    .collect();
                grants.join(", ")
            }
            [key, mode] => {
                let mode = if mode == "S" { Shared } else { Exclusive };
                match locks.lock(tx, key.chars().next().expect("a key"), mode) {
                    Granted => "ok".to_string(),
                    Waiting => "waits".to_string(),
                    Deadlock { victim } => format!("victim {victim}"),
                }
            }
            _ => panic!("the test has a step that it cannot read: {step}"),
        };
        done.push(format!("{step} = {answer}"));
        assert_eq!(
            answer,
            *expected,
            "{}\n(transaction, key, S for shared or X for exclusive; \"end\" gives the grants): left is your last \
             answer, right the expected one",
            done.join("; ")
        );
    }
    locks
}

// ---------------------------------------------------------------------------------------------
// Rule 1: modes

#[test]
fn shared_locks_go_together() {
    script(&[
        ("1 a S", "ok"),
        ("2 a S", "ok"),
        ("3 a S", "ok"),
        ("3 b X", "ok"),
    ]);
}

#[test]
fn an_exclusive_lock_goes_with_no_other() {
    script(&[
        ("1 a X", "ok"),
        ("2 a X", "waits"),
        ("3 a S", "waits"),
        ("4 b X", "ok"),
    ]);
    script(&[("1 a S", "ok"), ("2 a X", "waits")]);
}

#[test]
fn what_is_held_is_enough_for_the_same_or_less() {
    script(&[
        ("1 a S", "ok"),
        ("1 a S", "ok"),
        ("1 b X", "ok"),
        ("1 b X", "ok"),
    ]);
    // Asking for less takes nothing away.
    script(&[
        ("1 a X", "ok"),
        ("1 a S", "ok"),
        ("2 a S", "waits"),
        ("1 end", "2 a"),
    ]);
}

#[test]
fn what_is_held_is_not_asked_for_again_behind_others() {
    script(&[("1 a S", "ok"), ("2 a X", "waits"), ("1 a S", "ok")]);
}

// ---------------------------------------------------------------------------------------------
// Rule 4: release

#[test]
fn a_release_grants_the_next_request() {
    script(&[
        ("1 a X", "ok"),
        ("2 a X", "waits"),
        ("3 a X", "waits"),
        ("1 end", "2 a"),
        ("4 a S", "waits"),
        ("2 end", "3 a"),
        ("3 end", "4 a"),
    ]);
}

#[test]
fn a_release_grants_all_shared_requests_at_the_front() {
    script(&[
        ("1 a X", "ok"),
        ("2 a S", "waits"),
        ("3 a S", "waits"),
        ("4 a X", "waits"),
        ("5 a S", "waits"),
        ("1 end", "2 a, 3 a"),
        ("2 end", ""),
        ("3 end", "4 a"),
        ("4 end", "5 a"),
    ]);
}

#[test]
fn a_release_grants_at_every_key() {
    script(&[
        ("1 a X", "ok"),
        ("1 b X", "ok"),
        ("1 c S", "ok"),
        ("2 a S", "waits"),
        ("3 b X", "waits"),
        ("4 c X", "waits"),
        ("1 end", "2 a, 3 b, 4 c"),
    ]);
}

#[test]
fn a_released_transaction_waits_no_more() {
    script(&[
        ("1 a X", "ok"),
        ("2 a X", "waits"),
        ("3 a X", "waits"),
        ("2 end", ""),
        ("1 end", "3 a"),
    ]);
}

#[test]
fn who_waited_behind_a_released_request_may_go() {
    script(&[
        ("1 a S", "ok"),
        ("2 a X", "waits"),
        ("3 a S", "waits"),
        ("4 a S", "waits"),
        ("2 end", "3 a, 4 a"),
    ]);
}

#[test]
fn nothing_is_left_of_those_who_have_ended() {
    let locks = script(&[
        ("1 a S", "ok"),
        ("2 a X", "waits"),
        ("1 b X", "ok"),
        ("1 end", "2 a"),
        ("2 end", ""),
    ]);
    assert!(
        locks.is_empty(),
        "transactions 1 and 2 have locked a and b and have ended: there must be no entry left"
    );
}

// ---------------------------------------------------------------------------------------------
// Rules 2 and 3: fairness

#[test]
fn a_waiting_writer_is_not_overtaken_by_readers() {
    script(&[
        ("1 a S", "ok"),
        ("2 a X", "waits"),
        ("3 a S", "waits"),
        ("1 end", "2 a"),
        ("2 end", "3 a"),
    ]);
}

#[test]
fn a_reader_behind_a_writer_is_not_granted_before_it() {
    script(&[
        ("1 a S", "ok"),
        ("2 a S", "ok"),
        ("3 a X", "waits"),
        ("4 a S", "waits"),
        ("1 end", ""),
        ("2 end", "3 a"),
    ]);
}

#[test]
fn the_only_holder_is_upgraded_at_once() {
    script(&[("1 a S", "ok"), ("1 a X", "ok"), ("2 a S", "waits")]);
    script(&[
        ("1 a S", "ok"),
        ("2 a X", "waits"),
        ("1 a X", "ok"),
        ("1 end", "2 a"),
    ]);
}

#[test]
fn an_upgrade_waits_for_the_other_holders_only() {
    script(&[
        ("1 a S", "ok"),
        ("2 a S", "ok"),
        ("3 a X", "waits"),
        ("1 a X", "waits"),
        ("4 a S", "waits"),
        ("2 end", "1 a"),
        ("1 a X", "ok"),
        ("1 end", "3 a"),
        ("3 end", "4 a"),
    ]);
}

// ---------------------------------------------------------------------------------------------
// Rule 5: deadlocks

#[test]
fn two_who_wait_for_each_other_are_a_deadlock() {
    script(&[
        ("1 a X", "ok"),
        ("2 b X", "ok"),
        ("1 b X", "waits"),
        ("2 a X", "victim 2"),
        ("2 end", "1 b"),
        ("1 end", ""),
    ]);
}

#[test]
fn the_youngest_is_the_victim_whoever_asked() {
    script(&[
        ("1 a X", "ok"),
        ("2 b X", "ok"),
        ("2 a X", "waits"),
        ("1 b X", "victim 2"),
    ]);
}

#[test]
fn the_request_is_granted_when_the_victim_has_ended() {
    script(&[
        ("1 a X", "ok"),
        ("2 b X", "ok"),
        ("2 a X", "waits"),
        ("1 b X", "victim 2"),
        ("2 end", "1 b"),
        ("1 b X", "ok"),
    ]);
}

#[test]
fn a_long_circle_is_a_deadlock() {
    script(&[
        ("1 a X", "ok"),
        ("2 b X", "ok"),
        ("3 c S", "ok"),
        ("4 d X", "ok"),
        ("1 b S", "waits"),
        ("2 c X", "waits"),
        ("4 a X", "waits"),
        ("3 d S", "victim 4"),
        ("4 end", "3 d"),
        ("3 end", "2 c"),
        ("2 end", "1 b"),
    ]);
}

#[test]
fn waiting_without_a_circle_is_no_deadlock() {
    script(&[
        ("1 a X", "ok"),
        ("2 b X", "ok"),
        ("3 c X", "ok"),
        ("3 b X", "waits"),
        ("2 a X", "waits"),
        ("4 c S", "waits"),
        ("1 c S", "victim 3"),
        ("3 end", "1 c, 4 c"),
    ]);
}

#[test]
fn two_upgrades_of_the_same_key_are_a_deadlock() {
    script(&[
        ("1 a S", "ok"),
        ("2 a S", "ok"),
        ("1 a X", "waits"),
        ("2 a X", "victim 2"),
        ("2 end", "1 a"),
    ]);
    script(&[
        ("1 a S", "ok"),
        ("2 a S", "ok"),
        ("2 a X", "waits"),
        ("1 a X", "victim 2"),
        ("2 end", "1 a"),
    ]);
}

#[test]
fn a_place_in_the_queue_can_close_a_circle() {
    // 3 would go with 1, the holder of a; but it waits behind 2, 2 waits for 1, and 1 for 3.
    script(&[
        ("1 a S", "ok"),
        ("3 b X", "ok"),
        ("2 a X", "waits"),
        ("1 b X", "waits"),
        ("3 a S", "victim 3"),
        ("3 end", "1 b"),
    ]);
}

#[test]
fn a_reader_does_not_wait_for_the_reader_before_it() {
    // 3 stands behind 4, but both go together: only 1 and 3 are in the circle, and 4 is not.
    script(&[
        ("1 a X", "ok"),
        ("3 b X", "ok"),
        ("4 a S", "waits"),
        ("3 a S", "waits"),
        ("1 b S", "victim 3"),
    ]);
}

#[test]
fn after_one_victim_there_may_be_another() {
    script(&[
        ("1 a X", "ok"),
        ("2 b S", "ok"),
        ("3 b S", "ok"),
        ("2 a S", "waits"),
        ("3 a S", "waits"),
        ("1 b X", "victim 3"),
        ("3 end", ""),
        ("1 b X", "victim 2"),
        ("2 end", "1 b"),
        ("1 b X", "ok"),
    ]);
}

#[test]
fn a_request_can_be_repeated_while_it_waits() {
    let locks = script(&[
        ("1 a X", "ok"),
        ("2 a X", "waits"),
        ("2 a X", "waits"),
        ("1 end", "2 a"),
        ("2 a X", "ok"),
        ("2 end", ""),
    ]);
    assert!(
        locks.is_empty(),
        "transaction 2 asked three times for a and has ended: no entry may be left"
    );
}

// ---------------------------------------------------------------------------------------------
// All interleavings

type Request = (Key, Mode);

/// What three transactions ask for, one after the other.
const WORKLOADS: [[[Request; 3]; 3]; 5] = [
    [[('a', Exclusive), ('b', Exclusive), ('c', Exclusive)]; 3],
    [[('a', Shared), ('a', Exclusive), ('b', Shared)]; 3],
    [
        [('a', Shared), ('b', Exclusive), ('c', Shared)],
        [('b', Shared), ('c', Exclusive), ('a', Shared)],
        [('c', Shared), ('a', Exclusive), ('b', Shared)],
    ],
    [
        [('a', Exclusive), ('b', Exclusive), ('a', Shared)],
        [('b', Exclusive), ('a', Exclusive), ('b', Shared)],
        [('a', Shared), ('b', Shared), ('a', Exclusive)],
    ],
    [
        [('a', Shared), ('b', Exclusive), ('b', Shared)],
        [('a', Shared), ('a', Exclusive), ('b', Exclusive)],
        [('b', Shared), ('a', Shared), ('b', Exclusive)],
    ],
];

#[test]
fn every_interleaving_ends_serializable_and_strict() {
    for (number, workload) in WORKLOADS.iter().enumerate() {
        let mut order = Vec::new();
        interleave(&mut [3, 3, 3], &mut order, &mut |order| {
            if let Err(problem) = run(workload, order) {
                panic!("workload {} in the order {order:?}: {problem}", number + 1);
            }
        });
    }
}

/// A call, and its answer.
enum Call {
    Lock(TxId, Key, Mode, Outcome),
    Release(TxId, Vec<(TxId, Key)>),
}

fn show(calls: &[Call]) -> String {
    let calls = calls.iter().map(|call| match call {
        Call::Lock(tx, key, mode, answer) => format!("  lock({tx}, {key}, {mode:?}) = {answer:?}"),
        Call::Release(tx, granted) => format!("  release_all({tx}) grants {granted:?}"),
    });
    calls.collect::<Vec<_>>().join("\n")
}

/// Calls `f` with each order in which transactions 1, 2 and 3 can do their steps.
fn interleave(left: &mut [usize; 3], order: &mut Vec<TxId>, f: &mut impl FnMut(&[TxId])) {
    if *left == [0; 3] {
        return f(order);
    }
    for tx in 0..3 {
        if left[tx] > 0 {
            left[tx] -= 1;
            order.push(tx as TxId + 1);
            interleave(left, order, f);
            order.pop();
            left[tx] += 1;
        }
    }
}

/// Runs a workload; a transaction whose turn comes while it waits does its step when it may.
fn run(workload: &[[Request; 3]; 3], order: &[TxId]) -> Result<(), String> {
    let mut locks = LockManager::default();
    let mut log: Vec<Call> = Vec::new();
    // What was done, in order; steps of victims are taken out again.
    let mut history: Vec<(TxId, Request)> = Vec::new();
    let (mut done, mut turns, mut waits, mut ended) = ([0; 4], [0; 4], [false; 4], [false; 4]);
    let mut order = order.iter();
    loop {
        // Whoever has turns left over and does not wait; else the next turn.
        let mut all = 1..=3;
        let ready = all.find(|tx| !ended[*tx] && !waits[*tx] && (turns[*tx] > 0 || done[*tx] == 3));
        let Some(tx) = ready else {
            match order.next() {
                Some(tx) => turns[*tx as usize] += 1,
                None if ended[1..] == [true; 3] => break,
                None => return Err(format!("everybody waits\n{}", show(&log))),
            }
            continue;
        };
        let id = tx as TxId;
        let release =
            |victim: TxId, locks: &mut LockManager, log: &mut Vec<Call>, waits: &mut [bool; 4]| {
                let granted = locks.release_all(victim);
                log.push(Call::Release(victim, granted.clone()));
                for (other, _) in granted {
                    waits[other as usize] = false;
                }
            };
        if done[tx] == 3 {
            ended[tx] = true;
            release(id, &mut locks, &mut log, &mut waits);
            continue;
        }
        let (key, mode) = workload[tx - 1][done[tx]];
        let answer = locks.lock(id, key, mode);
        log.push(Call::Lock(id, key, mode, answer));
        match answer {
            Waiting => waits[tx] = true,
            Deadlock { victim } => {
                if !(1..=3).contains(&victim) || ended[victim as usize] {
                    return Err(format!("the victim is not running\n{}", show(&log)));
                }
                ended[victim as usize] = true;
                history.retain(|(by, _)| *by != victim);
                release(victim, &mut locks, &mut log, &mut waits);
            }
            Granted => {
                let dirty = history.iter().find(|(other, (k, m))| {
                    let open = *other != id && !ended[*other as usize];
                    open && *k == key && (*m, mode) != (Shared, Shared)
                });
                if let Some((other, _)) = dirty {
                    let log = show(&log);
                    return Err(format!(
                        "transaction {other} still holds {key} in a mode that does not go with it\n{log}"
                    ));
                }
                history.push((id, (key, mode)));
                (done[tx], turns[tx]) = (done[tx] + 1, turns[tx] - 1);
            }
        }
    }
    if !locks.is_empty() {
        return Err(format!(
            "all have ended, and there are entries left\n{}",
            show(&log)
        ));
    }
    // Who has to come before whom.
    let before = |a: TxId, b: TxId| {
        history.iter().enumerate().any(|(i, (x, (key, mode)))| {
            let mut later = history[i..].iter();
            *x == a
                && later.any(|(y, (k, m))| *y == b && k == key && (*mode, *m) != (Shared, Shared))
        })
    };
    let pairs = [(1, 2), (1, 3), (2, 3)];
    let circle = before(1, 2) && before(2, 3) && before(3, 1)
        || before(1, 3) && before(3, 2) && before(2, 1);
    if circle || pairs.iter().any(|(a, b)| before(*a, *b) && before(*b, *a)) {
        return Err(format!("what was done is not serializable\n{}", show(&log)));
    }
    Ok(())
}

// ---------------------------------------------------------------------------------------------
// Long runs, against a model

#[test]
fn random_runs_agree_with_the_model() {
    seeded::cases(100, |rng| {
        let mut locks = LockManager::default();
        let mut model = Model::default();
        let keys = ['a', 'b', 'c', 'd'];
        let mut running: Vec<TxId> = Vec::new();
        let mut next = 0;
        let mut log: Vec<Call> = Vec::new();
        for _ in 0..2 * rng.size() {
            if running.len() < 6 && rng.chance(0.4) {
                next += 1;
                running.push(next);
            }
            let free: Vec<TxId> = running
                .iter()
                .copied()
                .filter(|tx| !model.waits(*tx))
                .collect();
            if free.is_empty() {
                continue;
            }
            let tx = *rng.pick(&free);
            if rng.chance(0.15) {
                end(&mut locks, &mut model, &mut running, &mut log, tx);
                continue;
            }
            let few = 1 + rng.below(4);
            let key = *rng.pick(&keys[..few]);
            let mode = *rng.pick(&[Shared, Shared, Exclusive]);
            loop {
                let answer = locks.lock(tx, key, mode);
                log.push(Call::Lock(tx, key, mode, answer));
                let expected = model.lock(tx, key, mode);
                assert_eq!(
                    answer,
                    expected,
                    "after\n{}\nleft is your last answer, right the expected one",
                    show(&log)
                );
                let Deadlock { victim } = answer else { break };
                end(&mut locks, &mut model, &mut running, &mut log, victim);
                if victim == tx {
                    break;
                }
            }
        }
        while let Some(tx) = running.iter().copied().find(|tx| !model.waits(*tx)) {
            end(&mut locks, &mut model, &mut running, &mut log, tx);
        }
        assert!(
            locks.is_empty(),
            "after\n{}\nall have ended, and there are entries left",
            show(&log)
        );
    });
}

fn end(
    locks: &mut LockManager,
    model: &mut Model,
    running: &mut Vec<TxId>,
    log: &mut Vec<Call>,
    tx: TxId,
) {
    let mut granted = locks.release_all(tx);
    granted.sort_unstable();
    log.push(Call::Release(tx, granted.clone()));
    let expected = model.release_all(tx);
    assert_eq!(
        granted,
        expected,
        "after\n{}\nleft are your last grants, right the expected ones",
        show(log)
    );
    running.retain(|other| *other != tx);
}

/// All requests of all keys in one list each, and every question answered by going through all of them.
#[derive(Default)]
struct Model {
    held: Vec<(TxId, Key, Mode)>,
    /// In the order of the queues: upgrades first, then as they came.
    waiting: Vec<(TxId, Key, Mode)>,
}

impl Model {
    fn waits(&self, tx: TxId) -> bool {
        self.waiting.iter().any(|(other, ..)| *other == tx)
    }

    fn lock(&mut self, tx: TxId, key: Key, mode: Mode) -> Outcome {
        let holds = |wanted| self.held.contains(&(tx, key, wanted));
        if holds(Exclusive) || holds(mode) {
            return Granted;
        }
        let request = (tx, key, mode);
        if !self.waiting.contains(&request) {
            let at = if holds(Shared) { 0 } else { self.waiting.len() };
            self.waiting.insert(at, request);
        }
        if self.grant().contains(&(tx, key)) {
            return Granted;
        }
        let everybody: Vec<TxId> = self.waiting.iter().map(|(tx, ..)| *tx).collect();
        let circle = everybody
            .iter()
            .filter(|other| self.leads(tx, **other) && self.leads(**other, tx));
        circle
            .max()
            .map_or(Waiting, |victim| Deadlock { victim: *victim })
    }

    fn release_all(&mut self, tx: TxId) -> Vec<(TxId, Key)> {
        self.held.retain(|(other, ..)| *other != tx);
        self.waiting.retain(|(other, ..)| *other != tx);
        let mut granted = self.grant();
        granted.sort_unstable();
        granted
    }

    /// Those who stand in the way of a request: holders and earlier requests.
    fn blockers(&self, at: usize) -> Vec<TxId> {
        let (tx, key, mode) = self.waiting[at];
        let all = self.held.iter().chain(&self.waiting[..at]);
        all.filter(|(other, k, m)| *other != tx && *k == key && (*m, mode) != (Shared, Shared))
            .map(|(other, ..)| *other)
            .collect()
    }

    fn grant(&mut self) -> Vec<(TxId, Key)> {
        let mut granted = Vec::new();
        while let Some(at) = (0..self.waiting.len()).find(|at| self.blockers(*at).is_empty()) {
            let (tx, key, mode) = self.waiting.remove(at);
            self.held.retain(|(other, k, _)| (*other, *k) != (tx, key));
            self.held.push((tx, key, mode));
            granted.push((tx, key));
        }
        granted
    }

    /// Whether there is a way from one to the other along blockers.
    fn leads(&self, from: TxId, to: TxId) -> bool {
        let mut seen = vec![from];
        let mut next = 0;
        while next < seen.len() {
            for at in 0..self.waiting.len() {
                if self.waiting[at].0 == seen[next] {
                    let blockers = self.blockers(at);
                    if blockers.contains(&to) {
                        return true;
                    }
                    let new: Vec<TxId> = blockers
                        .into_iter()
                        .filter(|tx| !seen.contains(tx))
                        .collect();
                    seen.extend(new);
                }
            }
            next += 1;
        }
        false
    }
}
