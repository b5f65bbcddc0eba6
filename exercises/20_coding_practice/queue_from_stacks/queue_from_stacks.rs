//! # A queue out of two stacks
//!
//! A stack hands out the latest first, a queue the oldest. Some stores can only append
//! and take from the end, and still have to serve a queue. Write `StackQueue` out of two
//! stacks. `Stack` comes with the course (in its crate `counted`) and can do four things:
//! `push(&mut self, value: T)`, `pop(&mut self) -> Option<T>`, `top(&self) -> Option<&T>`
//! and `is_empty(&self) -> bool`.
//!
//! 1. `pop` takes out the item that was pushed first of those that are there, `peek`
//!    shows it and leaves it. Both give `None` when the queue is empty.
//! 2. Pushing, popping and peeking may alternate in any way: the order stays.
//! 3. The items lie on the two stacks. On average over all calls, one costs at most four
//!    pushes and pops of these.
//!
//! Example: push 1, push 2, `pop` gives 1, push 3, `pop` gives 2, `peek` gives 3.
//!
//! Before you write: pour a stack into an empty one. In which order do the items come out
//! now, and when may you pour again?
//!
//! How it is judged: examples of each rule; 200 random scripts of 500 calls, compared
//! with a `VecDeque`; the pushes and pops of the stacks are counted while 100 items go in
//! and out, and while 10,000 go in, as many are pushed and peeked at in turn, and all are
//! drained.

use counted::Stack;

/// A queue: first in, first out.
pub struct StackQueue<T> {
    /// What was pushed lately, the latest on top.
    inbox: Stack<T>,
    /// What goes next, the oldest on top.
    outbox: Stack<T>,
}

impl<T> StackQueue<T> {
    /// An empty queue.
    pub fn new() -> Self {
        Self {
            inbox: Stack::new(),
            outbox: Stack::new(),
        }
    }

    /// Puts an item at the end.
    pub fn push(&mut self, item: T) {
        self.inbox.push(item);
    }

    /// Takes the oldest item out.
    pub fn pop(&mut self) -> Option<T> {
        self.pour();
        self.outbox.pop()
    }

    /// The oldest item.
    pub fn peek(&mut self) -> Option<&T> {
        todo!("step 1: as pop, but the item stays")
    }

    /// Sees to it that the oldest item is on top of the outbox.
    fn pour(&mut self) {
        todo!("step 2: from one stack into the other; but when?")
    }
}

impl<T> Default for StackQueue<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
