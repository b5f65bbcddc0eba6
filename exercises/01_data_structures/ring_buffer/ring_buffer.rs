//! A ring buffer of fixed capacity
//!
//! Between a network card and a driver, a request and its worker, a log call and the disk:
//! wherever one side produces and another consumes, there is a queue, and a queue without a
//! limit only hides for a while that the consumer is too slow. A ring holds so many values
//! and no more, in one buffer that never grows and never moves. What happens when it is
//! full is the caller's choice: be told (back pressure), or let the oldest go (telemetry).
//!
//! You build it on `Slots<T>`: a buffer whose slots are empty or hold one value. `put(i,
//! value)` fills an empty slot, `take(i)` empties a full one and gives its value, `get(i)`
//! looks. It drops nothing that is left in it, and panics when you put into a full slot or
//! take from an empty one.
//!
//! 1. First in, first out. `push_back` into a full ring changes nothing and gives the value
//!    back: `Err(value)`. A ring of capacity n really holds n values, of capacity 0 none.
//! 2. `push_overwrite` always takes the value in. If the ring is full, the oldest value
//!    falls out and is returned. From a ring of capacity 0 the value itself falls out.
//! 3. `get(i)` counts from the oldest value, which is `get(0)`. At or past `len` it is `None`.
//! 4. There is one buffer, made by `with_capacity`, and a value stays in its slot until it
//!    leaves the ring.
//! 5. `drain` empties the ring: it gives the values, the oldest first. When it goes away
//!    before its end, the rest is dropped; afterwards the ring is empty and can be used.
//! 6. Each value is dropped exactly once: by whoever got it, or with the ring.
//!
//! An example with the capacity 3: push 1, 2, 3, pop gives 1, push 4. Now 4 is in the slot
//! where 1 was, `get(0)` is 2, `push_back(5)` gives `Err(5)`, `push_overwrite(5)` gives 2.
//!
//! How it is judged: examples of each rule; random sequences of operations on rings of
//! capacity 0, 1, 2, 3, 7, 8 and 1,000, compared with a `VecDeque` after each step; the
//! buffers, reads and moves that `Slots` counts; elements that count their drops.

use counted::Slots;

/// A queue of at most so many values.
pub struct Ring<T> {
    slots: Slots<T>,
    /// The slot of the oldest value, if there is one. The next oldest is in the slot after it; the
    /// first slot comes after the last.
    head: usize,
    len: usize,
}

impl<T> Ring<T> {
    /// An empty ring for `capacity` values.
    pub fn with_capacity(capacity: usize) -> Self {
        Ring {
            slots: Slots::new(capacity),
            head: 0,
            len: 0,
        }
    }

    pub fn capacity(&self) -> usize {
        self.slots.capacity()
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The slot that is `i` after the one of the oldest value, for an `i` of at most the capacity.
    fn slot(&self, i: usize) -> usize {
        todo!("step 1: count on from the head, and from the last slot on to the first")
    }

    /// Adds a value, or gives it back when the ring is full.
    pub fn push_back(&mut self, value: T) -> Result<(), T> {
        todo!("step 2: is there room? Then put it into the slot after the newest value")
    }

    /// Takes the oldest value out.
    pub fn pop_front(&mut self) -> Option<T> {
        todo!("step 3: is there a value? Then take it, and the next one is the oldest")
    }

    /// Adds a value; gives the one that had to go for it.
    pub fn push_overwrite(&mut self, value: T) -> Option<T> {
        todo!(
            "step 4: if it is full, the oldest goes first; if nothing can go, there is no room at all"
        )
    }

    /// The value that has `i` older ones before it.
    pub fn get(&self, i: usize) -> Option<&T> {
        todo!("step 5: look into the right slot, if there is a value")
    }

    /// Empties the ring, the oldest value first.
    pub fn drain(&mut self) -> Drain<'_, T> {
        Drain { ring: self }
    }
}

/// The values of a ring on their way out.
pub struct Drain<'a, T> {
    ring: &'a mut Ring<T>,
}

impl<T> Iterator for Drain<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        todo!("step 6: who takes the oldest value out already?")
    }
}

// The last steps have no `todo!`: write `impl<T> Drop for Drain<'_, T>` for what nobody took, and
// `impl<T> Drop for Ring<T>` for what is still in the slots.

#[cfg(test)]
mod tests;
