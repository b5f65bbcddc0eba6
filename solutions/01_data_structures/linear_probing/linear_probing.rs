//! Linear probing: a hash map in one flat array
//!
//! Sessions by token, prices by article, counters by tenant: no structure serves a backend
//! more often than a hash map. The fastest ones keep their entries in one flat array. The
//! hash of a key names the slot where it would like to be, its home; if that one is taken,
//! the next will do, and behind the last slot comes the first again. The next exercise adds
//! removal.
//!
//! The array is a `Slots`, a buffer of single slots: `Slots::new(n)` makes n empty ones,
//! `get(i)` looks into slot i (`None`: empty) and counts as a read, as does `get_mut(i)`,
//! which lets you change the entry; `put(i, entry)` fills an empty slot, `take(i)` empties a
//! full one.
//!
//! 1. `insert(key, value)` stores the value; if the key was there already, its old value
//!    comes back and the length stays. `get(&key)` finds it, whatever other keys have the
//!    same home or even the same hash.
//! 2. Some slot always stays empty, so that the search for a missing key ends.
//! 3. The table grows in time: a miss reads at most 16 slots on average, at any length. It
//!    wastes no more than needed: the capacity is at most 6 * len + 16.
//! 4. Growth finds a place for each entry in the new table, by its hash: n inserts put at
//!    most 6n entries.
//! 5. An operation hashes the key that it is given, at most twice, and no other key:
//!    entries remember their hash.
//!
//! Example, 8 slots, keys that are their own hashes: 3 goes to slot 3, 11 has home 3 as
//! well and goes to slot 4, then 4 goes to slot 5. A search for 19 looks at slots 3, 4, 5,
//! 6 and is over.
//!
//! Judged by: random operations compared with a plain map, with three hash functions:
//! SipHash, the key itself, and one that gives all keys the same hash. Reads and hashes are
//! counted, and a limit of reads ends a search that goes round in circles.

use counted::Slots;
use std::hash::{BuildHasher, Hash};

struct Entry<K, V> {
    hash: u64,
    key: K,
    value: V,
}

/// A hash map; `S` makes the hashes.
pub struct ProbeMap<K, V, S> {
    slots: Slots<Entry<K, V>>,
    len: usize,
    hasher: S,
}

/// The slot, out of `capacity`, where an entry with this hash would like to be.
fn home(hash: u64, capacity: usize) -> usize {
    (hash % capacity as u64) as usize
}

impl<K: Hash + Eq, V, S: BuildHasher> ProbeMap<K, V, S> {
    /// An empty map with room for a few entries.
    pub fn with_hasher(hasher: S) -> Self {
        ProbeMap {
            slots: Slots::new(8),
            len: 0,
            hasher,
        }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The number of slots, empty ones included.
    pub fn capacity(&self) -> usize {
        self.slots.capacity()
    }

    /// Where the key is, as `Ok(slot)`, or the empty slot where the search for it ended, as `Err(slot)`.
    fn find(&self, hash: u64, key: &K) -> Result<usize, usize> {
        let mut i = home(hash, self.capacity());
        while let Some(entry) = self.slots.get(i) {
            if entry.hash == hash && entry.key == *key {
                return Ok(i);
            }
            i = (i + 1) % self.capacity();
        }
        Err(i)
    }

    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        let i = self.find(self.hasher.hash_one(key), key).ok()?;
        self.slots.get(i).map(|entry| &entry.value)
    }

    /// Stores a value and gives back the one that the key had before.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        if (self.len + 1) * 4 > self.capacity() * 3 {
            self.grow();
        }
        let hash = self.hasher.hash_one(&key);
        match self.find(hash, &key) {
            Ok(i) => {
                let entry = self.slots.get_mut(i)?;
                Some(std::mem::replace(&mut entry.value, value))
            }
            Err(i) => {
                self.slots.put(i, Entry { hash, key, value });
                self.len += 1;
                None
            }
        }
    }

    /// Moves all entries to a table of twice the size.
    fn grow(&mut self) {
        let capacity = self.capacity() * 2;
        let mut larger = Slots::new(capacity);
        for i in 0..self.capacity() {
            if self.slots.get(i).is_some() {
                let entry = self.slots.take(i);
                let mut free = home(entry.hash, capacity);
                while larger.get(free).is_some() {
                    free = (free + 1) % capacity;
                }
                larger.put(free, entry);
            }
        }
        self.slots = larger;
    }
}

/// `Slots` does not drop what is left in it.
impl<K, V, S> Drop for ProbeMap<K, V, S> {
    fn drop(&mut self) {
        for i in 0..self.slots.capacity() {
            if self.slots.get(i).is_some() {
                drop(self.slots.take(i));
            }
        }
    }
}

#[cfg(test)]
mod tests;
