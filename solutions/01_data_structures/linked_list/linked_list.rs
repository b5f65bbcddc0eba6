//! A singly linked list that neither leaks nor overflows the stack
//!
//! Free blocks of an allocator, entries that share a bucket of a hash table, requests that
//! wait for a lock: where something is added and taken at the front all day and must not
//! move in memory, there is a linked list. In Rust each node owns the next one, so the
//! compiler sees to it that no node is lost or freed twice. Two things are left to you:
//! not to make new nodes where the old ones will do, and not to recurse along the list.
//!
//! 1. `push_front` adds a value at the front, `pop_front` takes the first value out.
//! 2. `reverse` turns the list around.
//! 3. `retain` keeps the values for which `keep` says `true`, in their order. It asks once
//!    for each value, from the front to the back.
//! 4. `merge_sorted` makes one sorted list of two sorted ones. Of equal values those of
//!    `self` come first. It compares at most once for each node.
//! 5. Nothing but `push_front` allocates: nodes are linked anew, not made anew. Each value is
//!    dropped exactly once, and each node is freed.
//! 6. No recursion, in `Drop` neither: the list may be longer than the stack is deep. (What
//!    the compiler does by itself when a list goes away is recursion: node by node.)
//!
//! An example: [1, 3, 3, 8] merged with [2, 3, 9] is [1, 2, 3, 3, 3, 8, 9]; `retain` of the
//! odd ones leaves [1, 3, 3, 3, 9]; reversed it is [9, 3, 3, 3, 1].
//!
//! How it is judged: examples of each rule; 300 random sequences of operations compared with
//! a `VecDeque` after each step; all ways to retain from up to 8 values; the allocations and
//! the drops, counted; and lists of 100,000 nodes on a stack of 64 KiB. A test that has not
//! ended after five seconds fails.

/// A list of which each node owns the next one.
pub struct List<T> {
    head: Link<T>,
}

type Link<T> = Option<Box<Node<T>>>;

struct Node<T> {
    value: T,
    next: Link<T>,
}

impl<T> List<T> {
    /// An empty list.
    pub fn new() -> Self {
        List { head: None }
    }

    /// The values, from the front to the back.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        std::iter::successors(self.head.as_deref(), |node| node.next.as_deref())
            .map(|node| &node.value)
    }

    /// Adds a value at the front.
    pub fn push_front(&mut self, value: T) {
        let next = self.head.take();
        self.head = Some(Box::new(Node { value, next }));
    }

    /// Takes the first value out.
    pub fn pop_front(&mut self) -> Option<T> {
        let node = self.head.take()?;
        self.head = node.next;
        Some(node.value)
    }

    /// Turns the list around.
    pub fn reverse(&mut self) {
        let mut rest = self.head.take();
        while let Some(mut node) = rest {
            rest = node.next.take();
            node.next = self.head.take();
            self.head = Some(node);
        }
    }

    /// Takes out the values for which `keep` says `false`.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        let mut link = &mut self.head;
        loop {
            match link {
                None => break,
                // The link now leads to the next node, which has not been asked about yet.
                Some(node) if !keep(&node.value) => *link = node.next.take(),
                Some(node) => link = &mut node.next,
            }
        }
    }

    /// One sorted list of two sorted ones; of equal values those of `self` come first.
    pub fn merge_sorted(mut self, mut other: List<T>) -> List<T>
    where
        T: Ord,
    {
        let (mut left, mut right) = (self.head.take(), other.head.take());
        let mut merged = List::new();
        let mut tail = &mut merged.head;
        while let (Some(a), Some(b)) = (&left, &right) {
            let smaller = if b.value < a.value {
                &mut right
            } else {
                &mut left
            };
            if let Some(mut node) = smaller.take() {
                *smaller = node.next.take();
                tail = &mut tail.insert(node).next;
            }
        }
        *tail = left.or(right);
        merged
    }
}

impl<T> Drop for List<T> {
    fn drop(&mut self) {
        while self.pop_front().is_some() {}
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
