//! # MVCC with three isolation levels
//!
//! Two people book the last seat, a report adds up accounts while money moves between them:
//! what transactions see of each other is the isolation level. With multi-version
//! concurrency control a write never destroys what somebody else may still have to read: it
//! adds a version to the row. Readers wait for nobody.
//!
//! Write what is missing below. Calls of several transactions
//! come interleaved, one at a time.
//!
//! 1. Nobody sees what another transaction has not committed, or has aborted. Everybody sees
//!    the own writes.
//! 2. `ReadCommitted`: each `get` and each `scan` sees what is committed at that moment.
//! 3. `Snapshot`: all of them see what was committed when the transaction began.
//! 4. `put` and `delete` answer `WouldBlock` when another open transaction has written the
//!    row; the caller repeats the call when that one has ended. Otherwise, at the levels
//!    `Snapshot` and `Serializable`, they answer `Conflict` when the row was written by a
//!    transaction that has committed since the own one began. A refused write changes nothing.
//! 5. `Serializable` reads as `Snapshot` does. In addition `commit` answers `Conflict` if what
//!    the transaction read would be different by now: another one has since committed a write
//!    of a row that it got or found, or a value that one of its scans would find. (If later
//!    commits have undone that, so that it would read the same again, either answer is right.)
//!    A transaction that wrote nothing is never refused.
//! 6. `commit` ends the transaction, also when it is refused; then it is as if aborted.
//!
//! What each level must prevent, and what it must let through, as in PostgreSQL:
//!
//! ```text
//!                 G0  G1a  G1b  G1c  OTV    PMP  P4  G-single    G2-item  G2
//! ReadCommitted   -   -    -    -    -      yes  yes  yes        yes      yes
//! Snapshot        -   -    -    -    -      -    -    -          yes      yes
//! Serializable    -   -    -    -    -      -    -    -          -        -
//! ```
//!
//! The names are those of Adya's thesis and its successors; each test explains its own.
//!
//! How it is judged: a script of interleaved steps for each anomaly, at each level; a level
//! that prevents what it must let through fails as well. Then random histories: each level
//! answers exactly as a model that keeps a copy of all data for each commit; for what commits
//! at the third one, some serial order must explain all that was read.

use std::collections::{BTreeMap, BTreeSet};

pub type Key = u32;
/// The number of a transaction.
pub type TxId = u64;
/// The number of a commit: 1, 2, 3 ...
pub type Commit = u64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    ReadCommitted,
    Snapshot,
    Serializable,
}

/// Why a call was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Another open transaction has written the row: repeat the call when it has ended.
    WouldBlock,
    /// The transaction cannot go on. After a refused write the caller has to abort it.
    Conflict,
}

/// A value that a row has or had.
struct Version {
    /// `None`: the row was deleted.
    value: Option<i64>,
    by: TxId,
    /// The commit that made it visible; `None` as long as its transaction is open.
    at: Option<Commit>,
}

/// A transaction that has not ended.
struct Open {
    level: Level,
    /// The last commit when it began.
    began: Commit,
    wrote: bool,
    /// The keys of the rows that it got or found, and the predicates of its scans.
    keys: BTreeSet<Key>,
    predicates: Vec<Box<dyn Fn(Key, i64) -> bool>>,
}

/// A table of numbers with transactions.
#[derive(Default)]
pub struct Mvcc {
    /// The versions of each row, the oldest first. At most the last one is not committed.
    rows: BTreeMap<Key, Vec<Version>>,
    open: BTreeMap<TxId, Open>,
    last_commit: Commit,
    last_tx: TxId,
}

impl Mvcc {
    /// Begins a transaction.
    pub fn begin(&mut self, level: Level) -> TxId {
        todo!("step 1: note the level, and the last commit of now")
    }

    /// What a transaction sees of a row.
    fn visible(&self, tx: TxId, versions: &[Version]) -> Option<i64> {
        todo!("step 2: the newest version that is its own, or committed early enough for its level")
    }

    /// The value of a row.
    pub fn get(&mut self, tx: TxId, key: Key) -> Option<i64> {
        todo!("step 3: note that the row was read")
    }

    /// The rows for which the predicate holds, in ascending order of their keys.
    pub fn scan(
        &mut self,
        tx: TxId,
        predicate: impl Fn(Key, i64) -> bool + 'static,
    ) -> Vec<(Key, i64)> {
        todo!("step 4: as get, for every row; note what was found, and the predicate")
    }

    /// Given: sets the value of a row, which may be a new one.
    pub fn put(&mut self, tx: TxId, key: Key, value: i64) -> Result<(), Refused> {
        self.write(tx, key, Some(value))
    }

    /// Given: deletes a row, whether it is there or not.
    pub fn delete(&mut self, tx: TxId, key: Key) -> Result<(), Refused> {
        self.write(tx, key, None)
    }

    /// Adds a version to a row, or changes the own one.
    fn write(&mut self, tx: TxId, key: Key, value: Option<i64>) -> Result<(), Refused> {
        todo!("step 5: whose is the last version of the row, and how new is it?")
    }

    /// Makes the writes of a transaction visible, unless its level forbids it.
    pub fn commit(&mut self, tx: TxId) -> Result<(), Refused> {
        todo!("step 6: do the reads still hold? then the own versions get the number of the commit")
    }

    /// Whether everything that a serializable transaction read is still as it was.
    fn reads_still_hold(&self, tx: TxId) -> bool {
        todo!("step 7: go through what was committed since the transaction began")
    }

    /// Ends a transaction as if it had never been.
    pub fn abort(&mut self, tx: TxId) {
        todo!("step 8: the own versions go")
    }
}

#[cfg(test)]
mod tests;
