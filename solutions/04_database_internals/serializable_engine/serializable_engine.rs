//! # Capstone: a serializable key-value engine that survives power loss
//!
//! Two doctors are on call, and one must stay. Both look at the plan, see two names, and strike
//! out their own. Each transaction is right alone; together they are wrong, unless the database
//! makes it look as if one had come after the other. This engine does so without locks:
//! transactions read a snapshot, keep what they write, and learn at the end whether they commit.
//!
//! Write `Engine`. It keeps all versions of all keys in memory, and one log on the disk.
//!
//! 1. A transaction sees the commits before its `begin`, and its own writes; nothing else. That
//!    holds for `get` and for `scan`, which returns the keys of a range in their order. No range
//!    ends before it starts.
//! 2. `commit_batch` decides the transactions of a batch one after the other. One with writes gets
//!    `Conflict` exactly if something that it read from the store was written since it began,
//!    before this batch or by an earlier member that commits: a key that it got, there or not, or
//!    any key in a range that it scanned. A get of its own write is no read.
//! 3. A transaction without writes always commits; its timestamp is that of its snapshot, the
//!    last commit that it sees.
//! 4. The timestamp of a commit is above all earlier ones, also after a restart.
//! 5. When `commit_batch` returns, its commits are safe. That costs one sync if there are any,
//!    and otherwise nothing is written or synced.
//! 6. After a crash each transaction is there as a whole, or not at all. The power may fail at any
//!    change of the disk, in `open` too; what is committed after that survives the next crash.
//! 7. Errors of the disk are passed on.
//!
//! An example: T1 and T2 begin, both get `a` and `b`; T1 puts `a`, T2 puts `b`. Then
//! `commit_batch([T1, T2])` returns `[Ok(1), Err(Conflict)]`: T1 has changed what T2 has read.
//!
//! The log is a `crashdisk::File`. Its methods take `&self`:
//!
//! ```text
//! File    read() -> io::Result<Vec<u8>>          append(&[u8]) -> io::Result<u64>, where it wrote
//!         truncate(len: u64), sync() -> io::Result<()>
//! ```
//!
//! How it is judged: doctors, audits and torn transfers; 300 random schedules of four transactions with
//! batches and restarts, in which every answer and every conflict must be that of a model that
//! plays the commits one after the other; three schedules with a power failure at every change of the
//! disk, several outcomes each, and again in the `open` that follows; each operation of the disk
//! refused once; the disk counts writes and syncs.

use crashdisk::{Disk, File};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;

/// A point in the order of commits; 0 is before all of them.
pub type CommitTs = u64;

/// Something that the transaction has read was written since it began.
#[derive(Debug, PartialEq, Eq)]
pub struct Conflict;

/// A key-value store with serializable transactions.
pub struct Engine {
    log: File,
    /// The versions of each key from the oldest to the newest; `None` is a deletion.
    versions: BTreeMap<String, Vec<(CommitTs, Option<String>)>>,
    /// The last commit.
    last: CommitTs,
}

/// A running transaction. To drop it is to abort it.
pub struct Tx {
    snapshot: CommitTs,
    /// The keys that it got from the store, and the ranges that it scanned.
    reads: BTreeSet<String>,
    scans: Vec<Range<String>>,
    writes: Writes,
}

/// Keys with their new values; `None` is a deletion.
type Writes = BTreeMap<String, Option<String>>;

impl Tx {
    /// Given: sets the value of a key.
    pub fn put(&mut self, key: &str, value: &str) {
        self.writes.insert(key.into(), Some(value.into()));
    }

    /// Given: deletes a key, there or not.
    pub fn delete(&mut self, key: &str) {
        self.writes.insert(key.into(), None);
    }
}

impl Engine {
    /// Opens the engine on this disk; on an empty one it is empty.
    pub fn open(disk: &Disk) -> io::Result<Self> {
        let log = match disk.exists("log")? {
            true => disk.open("log")?,
            false => disk.create("log")?,
        };
        disk.sync_dir()?;
        let mut engine = Engine {
            log,
            versions: BTreeMap::new(),
            last: 0,
        };
        engine.replay()?;
        Ok(engine)
    }

    /// Does again what is in the log.
    fn replay(&mut self) -> io::Result<()> {
        let bytes = self.log.read()?;
        let mut end = 0;
        while let Some((commits, len)) = decode(&bytes[end..]) {
            commits.into_iter().for_each(|commit| self.apply(commit));
            end += len;
        }
        if end < bytes.len() {
            self.log.truncate(end as u64)?;
            self.log.sync()?;
        }
        Ok(())
    }

    /// Makes a commit visible to transactions that begin from now on.
    fn apply(&mut self, commit: Commit) {
        for (key, value) in commit.writes {
            let versions = self.versions.entry(key).or_default();
            versions.push((commit.ts, value));
        }
        self.last = commit.ts;
    }

    /// Given: starts a transaction.
    pub fn begin(&self) -> Tx {
        Tx {
            snapshot: self.last,
            reads: BTreeSet::new(),
            scans: Vec::new(),
            writes: Writes::new(),
        }
    }

    /// The value of a key.
    pub fn get(&self, tx: &mut Tx, key: &str) -> Option<String> {
        if let Some(own) = tx.writes.get(key) {
            return own.clone();
        }
        tx.reads.insert(key.into());
        self.at_snapshot(tx, self.versions.get(key)?)
    }

    /// The value among these versions that a transaction sees.
    fn at_snapshot(&self, tx: &Tx, versions: &[(CommitTs, Option<String>)]) -> Option<String> {
        let mut newest_first = versions.iter().rev();
        let (_, value) = newest_first.find(|(ts, _)| *ts <= tx.snapshot)?;
        value.clone()
    }

    /// The keys of a range, with their values, in their order.
    pub fn scan(&self, tx: &mut Tx, range: Range<&str>) -> Vec<(String, String)> {
        let range = range.start.to_string()..range.end.to_string();
        let versions = self.versions.range(range.clone());
        let mut found: Writes = versions
            .map(|(key, versions)| (key.clone(), self.at_snapshot(tx, versions)))
            .collect();
        let own = tx.writes.range(range.clone());
        found.extend(own.map(|(key, value)| (key.clone(), value.clone())));
        tx.scans.push(range);
        let found = found.into_iter();
        found
            .filter_map(|(key, value)| Some((key, value?)))
            .collect()
    }

    /// Ends transactions, in this order. When this returns, the commits are safe. After an error of the
    /// disk, the engine has to be opened again.
    pub fn commit_batch(&mut self, batch: Vec<Tx>) -> io::Result<Vec<Result<CommitTs, Conflict>>> {
        let mut commits: Vec<Commit> = Vec::new();
        let mut written = BTreeSet::new();
        let mut results = Vec::new();
        for tx in batch {
            results.push(if tx.writes.is_empty() {
                Ok(tx.snapshot)
            } else if self.conflicts(&tx, &written) {
                Err(Conflict)
            } else {
                let ts = self.last + 1 + commits.len() as CommitTs;
                written.extend(tx.writes.keys().cloned());
                commits.push(Commit {
                    ts,
                    writes: tx.writes,
                });
                Ok(ts)
            });
        }
        if !commits.is_empty() {
            self.log.append(&encode(&commits))?;
            self.log.sync()?;
        }
        commits.into_iter().for_each(|commit| self.apply(commit));
        Ok(results)
    }

    /// Whether something that a transaction has read was written since: by commits, or in its own batch.
    fn conflicts(&self, tx: &Tx, written: &BTreeSet<String>) -> bool {
        let is_new = |versions: &Vec<(CommitTs, Option<String>)>| {
            versions.last().is_some_and(|(ts, _)| *ts > tx.snapshot)
        };
        let mut reads = tx.reads.iter();
        let mut scans = tx.scans.iter();
        reads.any(|key| written.contains(key) || self.versions.get(key).is_some_and(is_new))
            || scans.any(|range| {
                let mut versions = self.versions.range(range.clone());
                let mut written = written.range(range.clone());
                written.next().is_some() || versions.any(|(_, versions)| is_new(versions))
            })
    }
}

/// Given: a committed transaction, as it stands in the log.
#[derive(Debug, PartialEq)]
struct Commit {
    ts: CommitTs,
    writes: Writes,
}

/// Given: one record for all these commits: checksum, length, and the commits.
fn encode(commits: &[Commit]) -> Vec<u8> {
    fn text(body: &mut Vec<u8>, text: &str) {
        body.extend((text.len() as u32).to_le_bytes());
        body.extend(text.as_bytes());
    }
    let mut body = Vec::new();
    for Commit { ts, writes } in commits {
        body.extend(ts.to_le_bytes());
        body.extend((writes.len() as u32).to_le_bytes());
        for (key, value) in writes {
            text(&mut body, key);
            body.push(value.is_some().into());
            text(&mut body, value.as_deref().unwrap_or_default());
        }
    }
    let length = (body.len() as u32).to_le_bytes();
    [&crc32(&[&length, &body]).to_le_bytes(), &length[..], &body].concat()
}

/// Given: the commits of the record at the beginning of `bytes`, and its length. `None` if there is
/// no whole one with the right checksum.
fn decode(bytes: &[u8]) -> Option<(Vec<Commit>, usize)> {
    fn number<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
        let (number, rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        Some(*number)
    }
    fn text(bytes: &mut &[u8]) -> Option<String> {
        let len = u32::from_le_bytes(number(bytes)?) as usize;
        let (text, rest) = bytes.split_at_checked(len)?;
        *bytes = rest;
        String::from_utf8(text.to_vec()).ok()
    }
    let mut rest = bytes;
    let checksum = u32::from_le_bytes(number(&mut rest)?);
    let length = number(&mut rest)?;
    let mut body = rest.get(..u32::from_le_bytes(length) as usize)?;
    let len = 8 + body.len();
    if crc32(&[&length, body]) != checksum {
        return None;
    }
    let mut commits = Vec::new();
    while !body.is_empty() {
        let ts = CommitTs::from_le_bytes(number(&mut body)?);
        let mut writes = Writes::new();
        for _ in 0..u32::from_le_bytes(number(&mut body)?) {
            let key = text(&mut body)?;
            let [is_value] = number(&mut body)?;
            let value = text(&mut body)?;
            writes.insert(key, (is_value == 1).then_some(value));
        }
        commits.push(Commit { ts, writes });
    }
    Some((commits, len))
}

/// Given: the CRC-32 of zlib, Ethernet and PNG over all parts, as if they were one.
fn crc32(parts: &[&[u8]]) -> u32 {
    let step = |crc: u32, byte: &u8| (crc >> 8) ^ CRC[usize::from(crc as u8 ^ byte)];
    !parts.iter().copied().flatten().fold(!0, step)
}

const CRC: [u32; 256] = crc_table();

const fn crc_table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let mut crc = i as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = (crc >> 1) ^ (0xedb8_8320 * (crc & 1));
            bit += 1;
        }
        table[i] = crc;
        i += 1;
    }
    table
}

#[cfg(test)]
mod tests;
