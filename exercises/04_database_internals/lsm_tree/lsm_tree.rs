//! # An LSM tree: memtable, sorted runs, compaction
//!
//! A store that takes a million writes a second cannot search the right page for each. A
//! log-structured merge tree writes to a sorted map in memory, the memtable; when that is
//! full, it goes to the disk as one sorted run. Nothing on the disk is ever changed. The
//! price is paid by readers, who must look into several runs, and by compaction, which merges
//! runs in the background.
//!
//! The last two exercises are given below: `Run` with its blocks and its filter, and `merge`.
//!
//! 1. `put` and `delete` change only the memtable and use the disk not at all. A delete leaves
//!    a tombstone, because an older run may still hold the key.
//! 2. `get` asks the memtable first, then the runs from the newest to the oldest. The first
//!    that knows the key decides; a tombstone decides, too.
//! 3. `flush` makes the memtable the newest run, tombstones included, and empties it. An empty
//!    memtable makes no run.
//! 4. `scan` gives the live entries of a range, ends included, in ascending order, each with
//!    its newest value. It reads only blocks that can hold keys of the range, each once.
//! 5. `compact(runs)` replaces neighbouring runs by one, which takes their place in the order
//!    of age. It holds the newest version of each key. Only if the oldest run of all takes
//!    part, tombstones are dropped: then there is nothing left that they could hide. If no
//!    entry is left, there is no new run.
//! 6. A compaction reads each block of its runs once, writes each new block once, and frees
//!    the blocks of the old runs. A `get` reads no block for an absent key in at least 95 of
//!    100 cases, and stops reading as soon as it has found the key.
//!
//! An example, each run written as `key: value`, with `-` for a tombstone:
//!
//! ```text
//! oldest   1: a   2: b   3: c          get(2) finds the tombstone: None
//!          2: -                        compact(1..3)    1: a  2: b  3: c  |  2: -  3: d  4: e
//! newest   3: d   4: e                 compact(0..3)    1: a  3: d  4: e
//! ```
//!
//! How it is judged: examples of each rule; 200 random sequences of operations, flushes and
//! compactions against a `BTreeMap`, with a full scan after each step; the reads, the writes
//! and the blocks in use of the disk are counted.

use counted::Blocks;
use std::collections::{BTreeMap, BinaryHeap};
use std::ops::{Range, RangeInclusive};

/// What a run, or the memtable, knows of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Value(String),
    /// The key was deleted.
    Tombstone,
}

/// A map from keys to texts, most of it on a disk.
pub struct Lsm {
    memtable: BTreeMap<u64, Entry>,
    /// The oldest first.
    runs: Vec<Run>,
    disk: Disk,
}

impl Lsm {
    /// An empty tree on an empty disk.
    pub fn new(disk: Disk) -> Self {
        Lsm {
            memtable: BTreeMap::new(),
            runs: Vec::new(),
            disk,
        }
    }

    /// Sets the value of a key.
    pub fn put(&mut self, key: u64, value: String) {
        todo!("step 1: note the value in the memtable")
    }

    /// Deletes a key, whether it is there or not.
    pub fn delete(&mut self, key: u64) {
        todo!("step 2: note a tombstone in the memtable")
    }

    /// The value of a key.
    pub fn get(&self, key: u64) -> Option<String> {
        todo!("step 3: the memtable, then the runs, the newest first; what does a tombstone mean?")
    }

    /// Writes the memtable to the disk as the newest run.
    pub fn flush(&mut self) {
        todo!("step 4: the memtable becomes the newest run, and a new one begins")
    }

    /// The keys in the range with their values, in ascending order.
    pub fn scan(&self, range: RangeInclusive<u64>) -> Vec<(u64, String)> {
        todo!("step 5: merge the scans of all runs and of the memtable; tombstones don't show")
    }

    /// Replaces neighbouring runs by one.
    pub fn compact(&mut self, runs: Range<usize>) {
        todo!("step 6: merge the runs into one, put it in their place, free theirs")
    }
}

// ---------------------------------------------------------------------------------------------
// Given: sorted runs

/// A disk whose blocks hold keys with their entries.
pub type Disk = Blocks<(u64, Entry)>;

/// Sorted entries on a disk, which never change.
struct Run {
    blocks: Vec<usize>,
    first_keys: Vec<u64>,
    filter: Bloom,
}

impl Run {
    /// Writes entries, which come in ascending order of their keys.
    fn write(entries: impl Iterator<Item = (u64, Entry)>, disk: &Disk) -> Run {
        let (mut blocks, mut first_keys, mut keys) = (Vec::new(), Vec::new(), Vec::new());
        let mut entries = entries.peekable();
        while let Some((first, _)) = entries.peek() {
            first_keys.push(*first);
            let block: Vec<_> = entries.by_ref().take(disk.size()).collect();
            keys.extend(block.iter().map(|(key, _)| *key));
            blocks.push(disk.write(block));
        }
        Run {
            blocks,
            first_keys,
            filter: Bloom::of(&keys),
        }
    }

    /// Whether it has no entry.
    fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The entry of a key. Reads one block, or none.
    fn get(&self, key: u64, disk: &Disk) -> Option<Entry> {
        if !self.filter.may_hold(key) {
            return None;
        }
        let block = self.first_keys.partition_point(|first| *first <= key);
        let mut entries = disk.read(self.blocks[block.checked_sub(1)?]);
        let at = entries.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        Some(entries.swap_remove(at).1)
    }

    /// The entries whose keys are in the range. Reads only the blocks that it needs, when it needs them.
    fn scan(&self, range: RangeInclusive<u64>, disk: &Disk) -> impl Iterator<Item = (u64, Entry)> {
        let not_above = |key| self.first_keys.partition_point(|first| first <= key);
        let to = not_above(range.end());
        let from = not_above(range.start()).saturating_sub(1).min(to);
        self.blocks[from..to]
            .iter()
            .flat_map(|block| disk.read(*block))
            .filter(move |(key, _)| range.contains(key))
    }

    /// Gives its blocks back.
    fn free(self, disk: &Disk) {
        for block in self.blocks {
            disk.free(block);
        }
    }
}

/// A Bloom filter.
struct Bloom {
    bits: Vec<bool>,
}

impl Bloom {
    fn of(keys: &[u64]) -> Bloom {
        let mut bits = vec![false; 10 * keys.len() + 1];
        for key in keys {
            for position in Self::positions(*key, bits.len()) {
                bits[position] = true;
            }
        }
        Bloom { bits }
    }

    /// Whether it may have been made of this key, among others: `false` is certain.
    fn may_hold(&self, key: u64) -> bool {
        Self::positions(key, self.bits.len()).all(|position| self.bits[position])
    }

    fn positions(key: u64, bits: usize) -> impl Iterator<Item = usize> {
        let mut hash = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        hash ^= hash >> 31;
        let (start, step) = (hash & 0xffff_ffff, hash >> 32 | 1);
        (0..7).map(move |i| ((start + i * step) % bits as u64) as usize)
    }
}

// ---------------------------------------------------------------------------------------------
// Given: merging

/// Merges iterators with ascending keys, the oldest first. Each key comes once, with its newest entry.
fn merge<I: Iterator<Item = (u64, Entry)>>(runs: Vec<I>) -> impl Iterator<Item = (u64, Entry)> {
    let mut runs: Vec<_> = runs.into_iter().map(Iterator::peekable).collect();
    // The heap gives its largest element first: the smallest key, and of equal ones the newest run.
    let mut heads = BinaryHeap::new();
    for (age, run) in runs.iter_mut().enumerate() {
        heads.extend(run.peek().map(|(key, _)| (std::cmp::Reverse(*key), age)));
    }
    let mut last = None;
    std::iter::from_fn(move || {
        loop {
            let (key, age) = heads.pop()?;
            let entry = runs[age].next()?;
            let next = runs[age].peek();
            heads.extend(next.map(|(key, _)| (std::cmp::Reverse(*key), age)));
            if last.replace(key) != Some(key) {
                return Some(entry);
            }
        }
    })
}

#[cfg(test)]
mod tests;
