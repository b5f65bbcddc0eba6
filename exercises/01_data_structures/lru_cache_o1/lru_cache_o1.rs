//! # An LRU cache with O(1) operations
//!
//! A service keeps the results of its most expensive query in memory, but only so many of
//! them. When a new one does not fit, the one that was not used for the longest time has to
//! go: least recently used, LRU. The cache is asked a hundred thousand times a second, so
//! no operation may look through the entries.
//!
//! Write `LruCache` from two parts that you know: a `HashMap` that leads from a key to a
//! slot, and the `RecencyList` of the last exercise (given below) that holds the entries in
//! the order of their last use.
//!
//! 1. `get` returns the value of a key and makes its entry the most recent. `peek` only
//!    returns it.
//! 2. `put` of a new key makes it the most recent. If the cache was full, the least recent
//!    entry goes, and `put` returns that entry. `put` of a key that is there replaces the
//!    value, makes the entry the most recent, and returns the key with the old value; no
//!    other entry goes.
//! 3. `remove` takes an entry out and returns its value. A key that is gone, for whatever
//!    reason, is not found.
//! 4. A cache of capacity 0 keeps nothing: `put` returns what it was given. The capacity is
//!    a limit, not a reservation: a cache for `usize::MAX` entries costs nothing while it
//!    is empty.
//! 5. `resize` changes the capacity; entries that no longer fit go, and are returned in the
//!    order in which they go.
//! 6. `iter` walks from the most to the least recent entry, and allocates nothing.
//! 7. The entries are in the list, and no operation searches: on average it costs at most 4
//!    hashes, 6 comparisons of keys or slots, and 24 looks at the nodes of the list
//!    (`resize`: so much for each entry that goes).
//!
//! An example with the capacity 2: `put(1, 'a')`, `put(2, 'b')` and `get(&1)`; then `put(3,
//! 'c')` returns `Some((2, 'b'))`, and `iter` gives `(3, 'c')`, `(1, 'a')`.
//!
//! How it is judged: examples of each rule; 600 random sequences of operations compared
//! with a plain list after each step, the order of all entries included; hashes,
//! comparisons and looks, counted with 2,000 entries; 10,000 puts into a full cache, which
//! may allocate 10 times. Values cannot be cloned.

use counted::{CountedVec, Probe};
use std::collections::HashMap;
use std::hash::Hash;

/// A cache of a limited number of entries that lets the least recently used one go.
pub struct LruCache<K, V> {
    capacity: usize,
    /// The slot of each key's entry. Map and list always hold the same keys.
    slots: HashMap<K, Slot>,
    entries: RecencyList<(K, V)>,
}

impl<K: Hash + Eq + Clone, V> LruCache<K, V> {
    /// An empty cache for at most `capacity` entries.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            slots: HashMap::new(),
            entries: RecencyList::new(),
        }
    }

    /// The value of a key. Changes nothing.
    pub fn peek(&self, key: &K) -> Option<&V> {
        todo!("step 1: from the key to the slot, from the slot to the value")
    }

    /// The value of a key, whose entry becomes the most recent.
    pub fn get(&mut self, key: &K) -> Option<&V> {
        todo!("step 2: as peek, and the entry moves")
    }

    /// Lets the least recent entry go, and returns it.
    fn evict(&mut self) -> Option<(K, V)> {
        todo!("step 3: out of the list, and out of the map")
    }

    /// Adds an entry as the most recent, or replaces its value; returns the entry that went.
    pub fn put(&mut self, key: K, value: V) -> Option<(K, V)> {
        todo!("step 4: is the key there? Is there any room at all? Is the cache full?")
    }

    /// Takes the entry of a key out, and returns its value.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        todo!("step 5: out of the map, and out of the list")
    }

    /// Sets the capacity, and returns the entries that have to go for it, the least recent first.
    pub fn resize(&mut self, capacity: usize) -> Vec<(K, V)> {
        todo!("step 6: set the capacity, and let entries go until they fit")
    }

    /// The entries, from the most to the least recent.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        todo!("step 7: walk through the list") as std::iter::Empty<(&K, &V)>
    }
}

/// Given: where in a list a value is. Comparing two of them counts as a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Slot(Probe<usize>);

impl Slot {
    fn new(index: usize) -> Self {
        Slot(Probe::new(index))
    }

    fn index(self) -> usize {
        *self.0.inner()
    }
}

/// Given: values in the order of their last use, as in the last exercise. Every operation takes a
/// constant number of steps, and looks at nodes are counted.
struct RecencyList<T> {
    nodes: CountedVec<Node<T>>,
    newest: Option<Slot>,
    oldest: Option<Slot>,
    free: Vec<Slot>,
}

struct Node<T> {
    value: Option<T>,
    newer: Option<Slot>,
    older: Option<Slot>,
}

impl<T> RecencyList<T> {
    fn new() -> Self {
        Self {
            nodes: CountedVec::new(),
            newest: None,
            oldest: None,
            free: Vec::new(),
        }
    }

    /// The value in a slot.
    fn get(&self, slot: Slot) -> Option<&T> {
        self.nodes.get(slot.index())?.value.as_ref()
    }

    /// The value in a slot, to be changed.
    fn get_mut(&mut self, slot: Slot) -> Option<&mut T> {
        self.nodes.get_mut(slot.index())?.value.as_mut()
    }

    /// Adds a value as the newest, and returns its slot: a freed one before a new one.
    fn push(&mut self, value: T) -> Slot {
        let slot = self.free.pop().unwrap_or(Slot::new(self.nodes.len()));
        if slot.index() == self.nodes.len() {
            self.nodes.push(Node {
                value: None,
                newer: None,
                older: None,
            });
        }
        self.nodes[slot.index()].value = Some(value);
        self.link_newest(slot);
        slot
    }

    /// Makes the value of a slot the newest; the slot must hold one.
    fn touch(&mut self, slot: Slot) {
        self.unlink(slot);
        self.link_newest(slot);
    }

    /// Takes the value of a slot out.
    fn remove(&mut self, slot: Slot) -> Option<T> {
        let value = self.nodes.get_mut(slot.index())?.value.take()?;
        self.unlink(slot);
        self.free.push(slot);
        Some(value)
    }

    /// Takes the oldest value out.
    fn pop_oldest(&mut self) -> Option<T> {
        self.remove(self.oldest?)
    }

    /// The values, from the newest to the oldest.
    fn iter(&self) -> impl Iterator<Item = &T> {
        std::iter::successors(self.newest, |slot| self.nodes[slot.index()].older)
            .filter_map(|slot| self.get(slot))
    }

    fn link_newest(&mut self, slot: Slot) {
        let second = self.newest.replace(slot);
        self.nodes[slot.index()].newer = None;
        self.nodes[slot.index()].older = second;
        match second {
            Some(second) => self.nodes[second.index()].newer = Some(slot),
            None => self.oldest = Some(slot),
        }
    }

    fn unlink(&mut self, slot: Slot) {
        let node = &self.nodes[slot.index()];
        let (newer, older) = (node.newer, node.older);
        match newer {
            Some(newer) => self.nodes[newer.index()].older = older,
            None => self.newest = older,
        }
        match older {
            Some(older) => self.nodes[older.index()].newer = newer,
            None => self.oldest = newer,
        }
    }
}

#[cfg(test)]
mod tests;
