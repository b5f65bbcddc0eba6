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
        todo!("step 1: hold it against all holders but the transaction itself")
    }

    /// The transactions for which this one waits here.
    fn blockers(&self, tx: TxId) -> Vec<TxId> {
        todo!(
            "step 2: if it waits here: which holders, and who before it in the queue, does it not go with?"
        )
    }
}

impl LockManager {
    /// The youngest of all transactions that are in a circle with this one, itself included.
    fn youngest_in_a_circle(&self, tx: TxId) -> Option<TxId> {
        todo!("step 3: whom does it reach along blockers, and who of them reaches it?")
    }

    /// Asks for a lock, or asks again how a waiting request stands.
    pub fn lock(&mut self, tx: TxId, key: Key, mode: Mode) -> Outcome {
        todo!("step 4: is it held? can it be granted? else queue up, and look for a circle")
    }

    /// Ends a transaction: the requests that are granted by that.
    pub fn release_all(&mut self, tx: TxId) -> Vec<(TxId, Key)> {
        todo!("step 5: nothing of it stays; then from the front of each queue whatever is possible")
    }

    /// Given: whether nobody holds or waits for anything.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }
}

#[cfg(test)]
mod tests;
