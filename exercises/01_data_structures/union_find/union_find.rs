//! Union-find: who is connected with whom?
//!
//! A cluster starts up. Links between its machines come up one after the other, and all the
//! time somebody asks: are these two connected by now? How many separate groups are left?
//! Searching the graph for each question would take for ever. If links only come and never
//! go, there is a structure of a few lines that answers in almost no time: each group is a
//! tree, each element knows its parent, and the root of the tree stands for the group.
//!
//! 1. In the beginning each of the n elements is a set of its own. `union(a, b)` makes one
//!    set of those of `a` and `b`, and says whether they were different ones before.
//! 2. `find(x)` gives an element that stands for the set of `x`: the same for all elements
//!    of the set. It may be another one after a union.
//! 3. `size_of(x)` is the number of elements in the set of `x`, `sets()` the number of sets.
//! 4. `first_connected(n, log)` gives the earliest time at which n machines are all
//!    connected, directly or by way of others. The log is in no particular order. A single
//!    machine, and none at all, are connected at time 0; `None` if it never happens.
//! 5. 100,000 calls of `find` and `union` look at parents at most 10 times each on average,
//!    whatever their order is. `parent` counts: reading and writing an element is one look
//!    each.
//! 6. `find` does not recurse. Your unions never make a chain of 100,000 parents, but a test
//!    writes one into `parent`, and that may not overflow the stack.
//!
//! An example with five elements: after `union(0, 1)`, `union(2, 3)` and `union(1, 3)` there
//! are two sets, {0, 1, 2, 3} and {4}; `union(0, 2)` says `false`; `size_of(3)` is 4.
//!
//! With pencil and paper first: which unions make a tree that is only a long chain? Of two
//! roots, which one should get the other as parent? And whoever walks up from an element to
//! the root, what could they leave behind for the next one?
//!
//! How it is judged: examples; 300 random sequences compared with a model that labels every
//! element anew at each union; the looks at parents of 32,768 elements, with calls in nine
//! orders, each of which is the worst for some answer; a chain of 100,000 on a stack of 64
//! KiB. A test that has not ended after five seconds fails.

use counted::CountedVec;

/// The elements 0, 1, .., n - 1, divided into sets.
pub struct DisjointSet {
    /// Of each element one that is closer to the root of its tree. A root is its own parent.
    parent: CountedVec<usize>,
    /// Of each root the number of elements in its tree.
    size: Vec<usize>,
    sets: usize,
}

impl DisjointSet {
    /// `n` elements, each a set of its own.
    pub fn new(n: usize) -> Self {
        DisjointSet {
            parent: (0..n).collect(),
            size: vec![1; n],
            sets: n,
        }
    }

    /// The root of the tree of `x`, which stands for its set.
    pub fn find(&mut self, x: usize) -> usize {
        todo!(
            "step 1: go from parent to parent up to the root, and shorten the way for the next one"
        )
    }

    /// Makes one set of those of `a` and `b`; whether they were two.
    pub fn union(&mut self, a: usize, b: usize) -> bool {
        todo!("step 2: find the roots; if they differ, which one becomes the parent of the other?")
    }

    /// The number of elements in the set of `x`.
    pub fn size_of(&mut self, x: usize) -> usize {
        todo!("step 3: who knows the size?")
    }

    /// The number of sets.
    pub fn sets(&self) -> usize {
        self.sets
    }
}

/// At this time a link between two machines came up.
#[derive(Clone, Copy, Debug)]
pub struct LinkUp {
    pub at: u64,
    pub a: usize,
    pub b: usize,
}

/// The earliest time at which `n` machines are all connected.
pub fn first_connected(n: usize, log: &[LinkUp]) -> Option<u64> {
    todo!("step 4: let the links come up in the order of time until one set is left")
}

#[cfg(test)]
mod tests;
