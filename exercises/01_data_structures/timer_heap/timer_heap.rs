//! The timer queue: a binary heap with handles
//!
//! A server keeps a deadline for each connection: close it if nothing is heard for 30 seconds.
//! It only needs to know which deadline comes next, which is what a heap is for. But nearly
//! all deadlines never come: data arrives, and the deadline is moved, or the connection
//! ends, and it is cancelled. So whoever sets a timer gets a handle, with which it is found in
//! the middle of the heap without searching.
//!
//! As in heap sort, the heap is an array: the children of the timer at i are at 2i + 1 and
//! 2i + 2. Here no timer is due before its parent, so the next one is at 0. The handle names
//! a ticket, and the ticket knows where in the heap its timer is.
//!
//! 1. `push` adds a timer and returns its handle. `pop_min` takes out one that is due first,
//!    with its handle; of equal ones, any. `peek` looks at when that one is due.
//! 2. `cancel` takes out the timer of a handle, `update` changes when it is due. Each timer
//!    leaves once, with the time that was set last.
//! 3. A handle is used up when its timer has left. Then `cancel` returns `None`, `update`
//!    `false`, and nothing changes, even if the ticket is in use again: no two timers ever have
//!    equal handles.
//! 4. `from_vec` makes a queue of n timers with at most 2n comparisons, and returns their
//!    handles in the order of the times.
//! 5. With n timers `push` compares at most floor(log2 n) + 1 times, `pop_min`, `update` and
//!    `cancel` at most 2 * ceil(log2 n) + 2 times, and none of them searches: on average
//!    they look at most 32 * (ceil(log2 n) + 2) times into the heap and the tickets, which
//!    count that: a `CountedVec` has `len`, `[i]`, `get`, `get_mut`, `swap`, `push` and `pop`,
//!    as `Vec` has.
//! 6. Tickets are used again: a queue that holds few timers at a time stays small.
//!
//! An example: push 30 (handle a), push 10 (b), push 20 (c). `update(a, 5)` is `true`,
//! `cancel(b)` gives `Some(10)`, `pop_min` gives a and 5. Push 40 (d): d may have a's or b's
//! ticket, but `cancel(a)` and `cancel(b)` are `None`.
//!
//! How it is judged: examples; 300 random sequences of operations, with handles that are used
//! up, against a plain list; comparisons, looks and bytes, counted. A test that has not
//! ended after five seconds fails.

use counted::CountedVec;

/// A timer, as its owner sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Handle {
    ticket: usize,
    generation: u64,
}

/// Timers, of which the next one that is due can be taken.
pub struct TimerHeap<P> {
    /// No timer is due before its parent.
    heap: CountedVec<Timer<P>>,
    tickets: CountedVec<Ticket>,
    /// Tickets that no timer has at present.
    free: Vec<usize>,
}

struct Timer<P> {
    due: P,
    ticket: usize,
}

struct Ticket {
    /// The generation of the one handle that is good at present; it goes up when that is used up.
    generation: u64,
    /// Where in the heap the timer is, as long as there is one.
    position: usize,
}

impl<P: Ord> TimerHeap<P> {
    /// A queue without timers.
    pub fn new() -> Self {
        TimerHeap {
            heap: CountedVec::new(),
            tickets: CountedVec::new(),
            free: Vec::new(),
        }
    }

    pub fn len(&self) -> usize {
        self.heap.len()
    }

    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// When the next timer is due.
    pub fn peek(&self) -> Option<&P> {
        self.heap.get(0).map(|timer| &timer.due)
    }

    /// Lets two timers of the heap change places.
    fn swap(&mut self, i: usize, j: usize) {
        todo!("step 1: swap the timers, and tell both tickets")
    }

    /// Moves a timer up until it is not due before its parent.
    fn sift_up(&mut self, i: usize) {
        todo!("step 2: as long as it is due before its parent, swap the two")
    }

    /// Moves a timer down until none of its children is due before it.
    fn sift_down(&mut self, i: usize) {
        todo!(
            "step 3: as long as a child is due before it, swap it with the child that is due first"
        )
    }

    /// Puts a timer at the end of the heap, without comparing it, with a ticket of its own.
    fn append(&mut self, due: P) -> Handle {
        todo!("step 4: a free ticket, or a new one, that says where the timer is")
    }

    /// Adds a timer.
    pub fn push(&mut self, due: P) -> Handle {
        todo!("step 5: append it, and bring it to its place")
    }

    /// A queue of these timers, and their handles in the same order.
    pub fn from_vec(times: Vec<P>) -> (Self, Vec<Handle>) {
        todo!("step 6: append them all first; which of them have to be sifted, in which order?")
    }

    /// Where in the heap the timer of a handle is; `None` when the handle is used up.
    fn position(&self, handle: Handle) -> Option<usize> {
        todo!("step 7: ask the ticket, if its generation is that of the handle")
    }

    /// Takes out the timer at a position of the heap.
    fn take(&mut self, i: usize) -> Option<(Handle, P)> {
        todo!(
            "step 8: put the last one in its place, bring that to where it belongs, use up the ticket"
        )
    }

    /// Takes out a timer that is due first.
    pub fn pop_min(&mut self) -> Option<(Handle, P)> {
        todo!("step 9: the next one is at 0")
    }

    /// Takes out the timer of a handle.
    pub fn cancel(&mut self, handle: Handle) -> Option<P> {
        todo!("step 10: from the handle to the position")
    }

    /// Changes when the timer of a handle is due; whether there is one.
    pub fn update(&mut self, handle: Handle, due: P) -> bool {
        todo!("step 11: set it; which way may the timer have to go?")
    }
}

impl<P: Ord> Default for TimerHeap<P> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
