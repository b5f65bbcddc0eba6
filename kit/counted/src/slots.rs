//! A buffer of single slots.

use crate::counts::{count, spend};
use std::fmt;
use std::mem::ManuallyDrop;

/// A fixed number of slots, each empty or holding one value: uninitialised memory that keeps watch.
///
/// Like raw memory it does not grow and does not drop what is left in it: whoever holds a `Slots` must
/// take the values out. Unlike raw memory it knows which slots are in use, and panics at the caller's
/// line when one is emptied twice or a value would be overwritten. It counts each look into a slot
/// ([`reads`](crate::Counts::reads)), each value put ([`moves`](crate::Counts::moves)) and each buffer
/// made ([`buffers`](crate::Counts::buffers)).
pub struct Slots<T> {
    slots: Box<[Option<ManuallyDrop<T>>]>,
}

/// The largest buffer: what wants more has lost control of its growth.
const MOST: usize = 1 << 20;

impl<T> Slots<T> {
    /// A buffer of `capacity` empty slots.
    ///
    /// # Panics
    /// When that is more than 2^20 (about a million).
    #[track_caller]
    pub fn new(capacity: usize) -> Self {
        assert!(
            capacity <= MOST,
            "a buffer of {capacity} slots is asked for, more than any test needs: does it grow too often?"
        );
        if capacity > 0 {
            count(|c| c.buffers += 1);
        }
        Slots {
            slots: (0..capacity).map(|_| None).collect(),
        }
    }

    /// The number of slots, empty ones included.
    pub fn capacity(&self) -> usize {
        self.slots.len()
    }

    /// Puts a value into the empty slot `i`.
    ///
    /// # Panics
    /// When there is no slot `i`, or it holds a value, which would be lost.
    #[track_caller]
    pub fn put(&mut self, i: usize, value: T) {
        spend(|c| c.moves += 1);
        let slot = self.slot(i);
        if slot.is_some() {
            std::mem::forget(value);
            panic!("slot {i} already holds a value, which put({i}, _) would overwrite");
        }
        *slot = Some(ManuallyDrop::new(value));
    }

    /// Takes the value out of slot `i` and leaves the slot empty.
    ///
    /// # Panics
    /// When there is no slot `i`, or it is empty.
    #[track_caller]
    pub fn take(&mut self, i: usize) -> T {
        spend(|c| c.reads += 1);
        match self.slot(i).take() {
            Some(value) => ManuallyDrop::into_inner(value),
            None => panic!("slot {i} is empty: take({i}) finds no value there"),
        }
    }

    /// The value in slot `i`; `None` when the slot is empty.
    ///
    /// # Panics
    /// When there is no slot `i`.
    #[track_caller]
    pub fn get(&self, i: usize) -> Option<&T> {
        spend(|c| c.reads += 1);
        self.check(i);
        self.slots[i].as_deref()
    }

    /// The value in slot `i`, to be changed; `None` when the slot is empty.
    ///
    /// # Panics
    /// When there is no slot `i`.
    #[track_caller]
    pub fn get_mut(&mut self, i: usize) -> Option<&mut T> {
        spend(|c| c.reads += 1);
        self.slot(i).as_deref_mut()
    }

    #[track_caller]
    fn slot(&mut self, i: usize) -> &mut Option<ManuallyDrop<T>> {
        self.check(i);
        &mut self.slots[i]
    }

    #[track_caller]
    fn check(&self, i: usize) {
        let capacity = self.capacity();
        assert!(
            i < capacity,
            "there is no slot {i}: the buffer has {capacity}"
        );
    }
}

impl<T: fmt::Debug> fmt::Debug for Slots<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        for slot in &self.slots {
            match slot {
                Some(value) => list.entry(&**value),
                None => list.entry(&format_args!("_")),
            };
        }
        list.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Counted, counts};

    #[test]
    fn holds_what_was_put_until_it_is_taken() {
        let mut slots = Slots::new(3);
        slots.put(1, "one");
        assert_eq!(format!("{slots:?}"), r#"[_, "one", _]"#);
        assert_eq!((slots.get(0), slots.get(1)), (None, Some(&"one")));
        *slots.get_mut(1).unwrap() = "uno";
        assert_eq!((slots.take(1), slots.get(1)), ("uno", None));
    }

    #[test]
    #[should_panic(expected = "slot 0 already holds a value")]
    fn catches_an_overwritten_value() {
        let mut slots = Slots::new(1);
        slots.put(0, 1);
        slots.put(0, 2);
    }

    #[test]
    #[should_panic(expected = "slot 0 is empty")]
    fn catches_a_value_taken_twice() {
        let mut slots = Slots::new(1);
        slots.put(0, 1);
        let _ = (slots.take(0), slots.take(0));
    }

    #[test]
    #[should_panic(expected = "a buffer of 1048577 slots is asked for")]
    fn catches_growth_out_of_control() {
        Slots::<u8>::new((1 << 20) + 1);
    }

    #[test]
    #[should_panic(expected = "there is no slot 2: the buffer has 2")]
    fn catches_an_index_past_the_end() {
        Slots::<u8>::new(2).get(2);
    }

    #[test]
    fn catches_a_forgotten_value_and_counts_moves_and_buffers() {
        let (_, did) = counts(|| {
            let mut slots = Slots::new(2);
            slots.put(0, Counted::new(0));
            slots.put(1, Counted::new(1));
            drop(slots.take(1));
        });
        assert_eq!((did.created, did.drops, did.alive()), (2, 1, 1));
        assert_eq!((did.moves, did.buffers, did.reads), (2, 1, 1));
        assert_eq!(counts(|| Slots::<u8>::new(0)).1.buffers, 0);
    }
}
