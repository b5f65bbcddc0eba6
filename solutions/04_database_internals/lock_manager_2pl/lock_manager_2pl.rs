//! # A lock manager: strict two-phase locking
//!
//! The oldest way to keep transactions apart: before a row is read it is locked in shared
//! mode, before it is written in exclusive mode, and all locks are held until the end. What
//! comes out is as if the transactions had run one after the other. The price is waiting,
//! and waiting in a circle.
//!
//! Write `lock` and `release_all`, and what they need. Transactions have numbers that grow
//! with their begin: the largest is the youngest. One that waits asks for nothing else
//! meanwhile.
//!
//! 1. Shared locks go together; an exclusive one goes with no other. A transaction is never in
//!    its own way, and what it holds is enough for the same or less: who holds exclusive has
//!    shared as well, and keeps exclusive.
//! 2. Who has to wait queues up at the key, first come, first served. Nobody overtakes: a
//!    shared request waits behind a waiting exclusive one.
//! 3. Except for upgrades: a transaction that holds shared and asks for exclusive goes in front
//!    of all others. It is granted when it is the only holder.
//! 4. `release_all` takes away everything of a transaction, its waiting request included, and
//!    grants from the front of each queue what has become possible. It returns these grants.
//!    A key that nobody holds or waits for has no entry.
//! 5. A request waits for the holders that it does not go with, and for those before it in the
//!    queue that it does not go with. If a new request closes a circle of any length, `lock`
//!    answers `Deadlock` and names the victim: of all transactions that are in a circle, the
//!    youngest. The request stays in the queue. The caller now has to end the victim with
//!    `release_all`, and then, if it is another one, repeat its request: the answer is how
//!    things stand, `Granted`, `Waiting` or another `Deadlock`.
//!
//! An example: transactions 1 and 2 hold `a` shared. 1 asks for `a` exclusive: `Waiting`. 2
//! does the same: `Deadlock { victim: 2 }`. `release_all(2)` returns `[(1, a)]`.
//!
//! How it is judged: examples of each rule; all 1,680 interleavings of three transactions with
//! three requests each, for five workloads: each must come to an end, serializable and
//! strict; 100 long random runs, where each answer is compared with a slow model.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub type TxId = u64;
pub type Key = char;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    Shared,
    Exclusive,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Granted,
    Waiting,
    /// The request waits in a circle, until the victim is released.
    Deadlock {
        victim: TxId,
    },
}

/// Who holds and who waits, for each key.
#[derive(Default)]
pub struct LockManager {
    table: BTreeMap<Key, Lock>,
}

#[derive(Default)]
struct Lock {
    holders: BTreeMap<TxId, Mode>,
    /// Who waits, the next one first.
    queue: VecDeque<(TxId, Mode)>,
}

/// Given: whether two transactions can hold these at the same time.
fn compatible(a: Mode, b: Mode) -> bool {
    a == Mode::Shared && b == Mode::Shared
}

impl Lock {
    /// Whether a request goes with all holders.
    fn admits(&self, tx: TxId, mode: Mode) -> bool {
        let mut others = self.holders.iter().filter(|(holder, _)| **holder != tx);
        others.all(|(_, held)| compatible(*held, mode))
    }

    /// The transactions for which this one waits here.
    fn blockers(&self, tx: TxId) -> Vec<TxId> {
        let Some(at) = self.queue.iter().position(|(other, _)| *other == tx) else {
            return Vec::new();
        };
        let mode = self.queue[at].1;
        let holders = self.holders.iter().map(|(tx, mode)| (*tx, *mode));
        let before = self.queue.iter().take(at).copied();
        holders
            .chain(before)
            .filter(|(other, theirs)| *other != tx && !compatible(*theirs, mode))
            .map(|(other, _)| other)
            .collect()
    }
}

impl LockManager {
    /// The youngest of all transactions that are in a circle with this one, itself included.
    fn youngest_in_a_circle(&self, tx: TxId) -> Option<TxId> {
        let behind = self.reach(tx);
        let circle = behind
            .into_iter()
            .filter(|other| self.reach(*other).contains(&tx));
        circle.max()
    }

    /// All for which a transaction waits, directly or not.
    fn reach(&self, tx: TxId) -> BTreeSet<TxId> {
        let mut seen = BTreeSet::new();
        let mut todo = vec![tx];
        while let Some(next) = todo.pop() {
            let new = self.table.values().flat_map(|lock| lock.blockers(next));
            todo.extend(new.filter(|other| seen.insert(*other)));
        }
        seen
    }

    /// Asks for a lock, or asks again how a waiting request stands.
    pub fn lock(&mut self, tx: TxId, key: Key, mode: Mode) -> Outcome {
        let lock = self.table.entry(key).or_default();
        let held = lock.holders.get(&tx);
        if held >= Some(&mode) {
            return Outcome::Granted;
        }
        let upgrade = held.is_some();
        let waits = lock.queue.iter().any(|(other, _)| *other == tx);
        if !waits && (upgrade || lock.queue.is_empty()) && lock.admits(tx, mode) {
            lock.holders.insert(tx, mode);
            return Outcome::Granted;
        }
        match (waits, upgrade) {
            (true, _) => {}
            (false, true) => lock.queue.push_front((tx, mode)),
            (false, false) => lock.queue.push_back((tx, mode)),
        }
        match self.youngest_in_a_circle(tx) {
            Some(victim) => Outcome::Deadlock { victim },
            None => Outcome::Waiting,
        }
    }

    /// Ends a transaction: the requests that are granted by that.
    pub fn release_all(&mut self, tx: TxId) -> Vec<(TxId, Key)> {
        let mut granted = Vec::new();
        self.table.retain(|key, lock| {
            lock.holders.remove(&tx);
            lock.queue.retain(|(other, _)| *other != tx);
            while let Some((next, mode)) = lock.queue.front().copied()
                && lock.admits(next, mode)
            {
                lock.queue.pop_front();
                lock.holders.insert(next, mode);
                granted.push((next, *key));
            }
            // Without holders the first one who waits would have been granted.
            !lock.holders.is_empty()
        });
        granted
    }

    /// Given: whether nobody holds or waits for anything.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }
}

#[cfg(test)]
mod tests;
