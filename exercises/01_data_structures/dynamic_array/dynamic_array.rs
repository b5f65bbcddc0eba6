//! Dynamic array: growing without paying for it on every push
//!
//! A response body, a batch of rows, a list of open connections: nobody knows its length in
//! advance, so it lives in an array that grows. An array can't grow in place. It moves to a
//! larger buffer, and how much larger decides whether a million pushes cost two million
//! moves or half a billion.
//!
//! You build that array on `Slots<T>`, a stand-in for raw memory: a buffer of fixed size
//! whose slots are empty or hold one value. `Slots::new(n)` makes one with n empty slots,
//! `put(i, value)` fills an empty slot, `take(i)` empties a full one and gives its value,
//! `get(i)` looks (`None`: empty). As with raw memory, nothing that is still in it gets
//! dropped with it. Unlike raw memory, it panics when you take from an empty slot, put into
//! a full one, or use an index past its end.
//!
//! 1. The first `len` slots hold the values in order, all others are empty. `get(i)` at or
//!    past `len` is `None`, and so is `pop` on an empty array.
//! 2. Growth is geometric: n pushes make O(log n) buffers and put at most 5n values into
//!    slots, the moves from buffer to buffer included. Room is not wasted either: as long
//!    as nothing was popped, the capacity is at most 2 * len + 8 after a push. All this
//!    holds for what `extend_from` appends too, in one call or in many.
//! 3. Pushing and popping in turn, at any length, makes no new buffer each time.
//! 4. After `shrink_to_fit` the capacity is the length.
//! 5. Each value is dropped exactly once: by whoever popped it, or with the array.
//! 6. `extend_from` appends what the iterator yields. If the iterator panics halfway, the
//!    values before the panic are in the array.
//!
//! Example: push 1, 2, 3, then pop: `Some(3)` comes back, `len()` is 2, `get(2)` is `None`.
//!
//! Judged by: the moves and buffers that `Slots` counts, elements that count their drops
//! (zero-sized ones too), and 300 random sequences of operations whose every answer must
//! equal that of `Vec`.

use counted::Slots;

/// A growable array.
pub struct DynArray<T> {
    slots: Slots<T>,
    len: usize,
}

impl<T> DynArray<T> {
    /// An empty array, with no room yet.
    pub fn new() -> Self {
        DynArray {
            slots: Slots::new(0),
            len: 0,
        }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many values fit before the array must grow.
    pub fn capacity(&self) -> usize {
        self.slots.capacity()
    }

    /// Moves all values to a new buffer with `capacity` slots, which are enough for them.
    fn move_to(&mut self, capacity: usize) {
        todo!("step 1: make the new buffer, bring the values over one by one, keep it")
    }

    /// Appends a value.
    pub fn push(&mut self, value: T) {
        todo!("step 2: if the buffer is full, decide how large the next one is and move; then put")
    }

    /// The value at `i`, or `None` when `i` is not below the length.
    pub fn get(&self, i: usize) -> Option<&T> {
        todo!("step 3: look into slot i, if it is one of the first `len`")
    }

    /// Takes the last value off.
    pub fn pop(&mut self) -> Option<T> {
        todo!("step 4: take the last value and remember that its slot is empty now")
    }

    /// Gives the spare room back.
    pub fn shrink_to_fit(&mut self) {
        todo!("step 5: move to a buffer that just fits")
    }

    /// Appends everything that `values` yields.
    pub fn extend_from(&mut self, values: impl IntoIterator<Item = T>) {
        todo!("step 6: append what comes, so that a panic in the iterator finds the array in order")
    }
}

// The last step has no `todo!`: who drops the values that are left in an array when it goes away?
// `Slots` does not. Write `impl<T> Drop for DynArray<T>`.

impl<T> Default for DynArray<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
