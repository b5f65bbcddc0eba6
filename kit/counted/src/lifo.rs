//! A stack and nothing else.

use crate::counts::spend;
use std::fmt;

/// A stack that can only be used as one: values go on at the top and come off there, and no other can
/// be seen. It counts a move for each `push` and each `pop` of a value, and a read for each `top`.
pub struct Stack<T>(Vec<T>);

impl<T> Stack<T> {
    /// An empty stack.
    pub const fn new() -> Self {
        Stack(Vec::new())
    }

    /// Puts a value on top.
    #[track_caller]
    pub fn push(&mut self, value: T) {
        spend(|c| c.moves += 1);
        self.0.push(value);
    }

    /// Takes the value on top off; `None` when the stack is empty.
    #[track_caller]
    pub fn pop(&mut self) -> Option<T> {
        let value = self.0.pop()?;
        spend(|c| c.moves += 1);
        Some(value)
    }

    /// The value on top; `None` when the stack is empty.
    #[track_caller]
    pub fn top(&self) -> Option<&T> {
        spend(|c| c.reads += 1);
        self.0.last()
    }

    /// Whether there is no value.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for Stack<T> {
    fn default() -> Self {
        Stack::new()
    }
}

/// Shows the values from the bottom to the top, and counts nothing.
impl<T: fmt::Debug> fmt::Debug for Stack<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{at_most, counts};

    #[test]
    fn the_last_value_comes_off_first() {
        let mut stack = Stack::default();
        assert!(stack.is_empty());
        stack.push(1);
        stack.push(2);
        assert_eq!(format!("{stack:?}"), "[1, 2]");
        assert_eq!((stack.top(), stack.is_empty()), (Some(&2), false));
        assert_eq!(
            (stack.pop(), stack.pop(), stack.pop()),
            (Some(2), Some(1), None)
        );
        assert_eq!((stack.top(), stack.is_empty()), (None, true));
    }

    #[test]
    fn counts_what_goes_on_and_off() {
        let (_, did) = counts(|| {
            let mut stack = Stack::new();
            stack.push('a');
            stack.push('b');
            stack.top();
            while stack.pop().is_some() {}
        });
        assert_eq!((did.moves, did.reads), (4, 1));
    }

    #[test]
    #[should_panic(expected = "stopped after 1000 comparisons, hashes, reads, clones and moves")]
    fn catches_a_value_put_back_for_ever() {
        at_most(1_000, || {
            let mut stack = Stack::new();
            stack.push(0);
            while let Some(value) = stack.pop() {
                stack.push(value);
            }
        });
    }

    /// The moves of a queue out of two stacks that is filled and then emptied.
    fn moves_of_a_queue(items: u64, pours_back: bool) -> u64 {
        let (mut inbox, mut outbox) = (Stack::new(), Stack::new());
        let pour = |from: &mut Stack<u64>, to: &mut Stack<u64>| {
            while let Some(value) = from.pop() {
                to.push(value);
            }
        };
        let (_, did) = counts(|| {
            (0..items).for_each(|item| inbox.push(item));
            for item in 0..items {
                if outbox.is_empty() {
                    pour(&mut inbox, &mut outbox);
                }
                assert_eq!(outbox.pop(), Some(item));
                if pours_back {
                    pour(&mut outbox, &mut inbox);
                }
            }
        });
        did.moves
    }

    #[test]
    fn catches_a_queue_that_pours_everything_back() {
        assert_eq!(moves_of_a_queue(100, false), 400);
        assert!(moves_of_a_queue(100, true) >= 10_000);
    }
}
