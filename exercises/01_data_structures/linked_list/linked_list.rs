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
        todo!("step 1: a new node, which owns the list as it was")
    }

    /// Takes the first value out.
    pub fn pop_front(&mut self) -> Option<T> {
        todo!("step 2: take the first node; what it owned is the list now")
    }

    /// Turns the list around.
    pub fn reverse(&mut self) {
        todo!("step 3: move node after node to the front of a second list")
    }

    /// Takes out the values for which `keep` says `false`.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        todo!("step 4: walk along the links, and take a node out of the link that owns it")
    }

    /// One sorted list of two sorted ones; of equal values those of `self` come first.
    pub fn merge_sorted(mut self, mut other: List<T>) -> List<T>
    where
        T: Ord,
    {
        todo!("step 5: again and again the smaller of the two first nodes goes to the end")
    }
}

// The last step has no `todo!`: write `impl<T> Drop for List<T>`, so that a list of any length
// goes away without recursion.

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
