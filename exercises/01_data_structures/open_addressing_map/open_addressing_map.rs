//! A hash map with removal: holes in the chain
//!
//! In a table with linear probing a key is found by walking from its home slot to the first
//! empty one. Now a session ends and its entry goes. The slot that it leaves empty cuts the
//! walk short: entries behind it are still there, and can't be found any more. There are
//! two cures. *Backward shift*: entries behind the gap move up into it, as long as that
//! does not put one in front of its home. *Tombstones*: the slot keeps a mark that says
//! "walk on". Marks must go some day, or the table fills with the dead: every search for a
//! missing key walks through all of them, and without a slot that is really empty it never
//! ends.
//!
//! The map of the previous exercise is given, with `find`, `get`, `insert` and `grow`. You
//! may change any of it; tombstones need that, a backward shift does not.
//!
//! 1. `remove(&key)` gives back the value, and `None` when the key is not there. All other
//!    keys stay reachable, also where a run of entries goes on behind the last slot at slot
//!    0.
//! 2. A removed key can be inserted again, and is then there once.
//! 3. Removals leave nothing behind for good: while 10,000 keys come and as many go, at a
//!    length of 500, a miss reads at most 16 slots on average at any time, and the capacity
//!    stays at most 6 * len + 16. (A table that fills keeps to this as before, and n inserts
//!    put at most 6n entries into slots. When it empties, it need not shrink.)
//! 4. `get_mut(&key)` gives access to a value, `iter()` gives each entry once, in any
//!    order.
//! 5. An operation hashes the key that it is given, at most twice, and no other key:
//!    entries remember their hash. Each value is dropped exactly once.
//!
//! Example, 8 slots, keys that are their own hashes: 3, 11 and 4 stand in slots 3, 4 and 5.
//! Without 3, a backward shift moves 11 to slot 3, its home, and then 4 to slot 4, its
//! home.
//!
//! Judged by: random operations compared with a plain map, with three hash functions
//! (SipHash, the key itself, and one that gives all keys the same hash), after which
//! everything is looked up; reads, hashes and drops are counted; a limit of reads ends a
//! search that goes round in circles.

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
    /// Access to the value of a key.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        todo!("step 1: like `get`")
    }

    /// Takes a key out and gives back its value.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        todo!("step 2: take the entry out, and see to the keys behind it")
    }

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

    /// All keys with their values.
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter {
            slots: &self.slots,
            next: 0,
        }
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

/// The entries of a map, in the order of their slots.
pub struct Iter<'a, K, V> {
    slots: &'a Slots<Entry<K, V>>,
    next: usize,
}

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        todo!("step 3: go on to the next full slot")
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
