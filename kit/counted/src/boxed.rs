//! A box that counts the looks into it.

use crate::counts::{count, spend};
use std::fmt;
use std::ops::{Deref, DerefMut};

/// A `Box` of which each look at its value, to read it or to write it, counts as one of
/// [`reads`](crate::Counts::reads): the nodes of a tree whose links own their subtrees.
///
/// Each box made counts as [`created`](crate::Counts::created), each that went away as one of
/// [`drops`](crate::Counts::drops), so nodes that nobody needs any more are seen too.
pub struct CountedBox<T>(Option<Box<T>>);

/// Only `into_inner` empties a box, and it takes the box itself.
const FULL: &str = "a box holds its value until it goes away";

impl<T> CountedBox<T> {
    /// Puts a value into a new box.
    pub fn new(value: T) -> Self {
        count(|c| c.created += 1);
        CountedBox(Some(Box::new(value)))
    }

    /// Takes the value out, and frees the box.
    pub fn into_inner(mut self) -> T {
        *self.0.take().expect(FULL)
    }
}

impl<T> Drop for CountedBox<T> {
    fn drop(&mut self) {
        count(|c| c.drops += 1);
    }
}

impl<T> Deref for CountedBox<T> {
    type Target = T;

    #[track_caller]
    fn deref(&self) -> &T {
        spend(|c| c.reads += 1);
        self.0.as_ref().expect(FULL)
    }
}

impl<T> DerefMut for CountedBox<T> {
    #[track_caller]
    fn deref_mut(&mut self) -> &mut T {
        spend(|c| c.reads += 1);
        self.0.as_mut().expect(FULL)
    }
}

impl<T: fmt::Debug> fmt::Debug for CountedBox<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().expect(FULL).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Counts, counts};

    struct Node {
        value: u32,
        next: Option<CountedBox<Node>>,
    }

    fn chain(n: u32) -> CountedBox<Node> {
        (0..n).fold(
            CountedBox::new(Node {
                value: n,
                next: None,
            }),
            |next, value| {
                let next = Some(next);
                CountedBox::new(Node { value, next })
            },
        )
    }

    #[test]
    fn each_look_counts_once() {
        let (mut node, did) = counts(|| CountedBox::new(5));
        assert_eq!((did.created, did.reads), (1, 0));
        assert_eq!(counts(|| assert_eq!(*node, 5)).1.reads, 1);
        assert_eq!(counts(|| *node = 6).1.reads, 1);
        assert_eq!(counts(|| format!("{node:?}")).1, Counts::default());
        let (value, did) = counts(|| node.into_inner());
        assert_eq!((value, did.drops, did.reads), (6, 1, 0));
    }

    #[test]
    fn catches_a_walk_where_one_look_is_enough() {
        let head = chain(100);
        let walk = || {
            let mut node = &*head;
            while let Some(next) = &node.next {
                node = next;
            }
            node.value
        };
        let (value, did) = counts(walk);
        assert_eq!((value, did.reads), (100, 101));
        assert_eq!(counts(|| head.value).1.reads, 1);
    }

    #[test]
    fn catches_a_forgotten_node() {
        let kept = counts(|| drop(chain(3))).1;
        let lost = counts(|| std::mem::forget(chain(3).into_inner().next)).1;
        assert_eq!((kept.alive(), lost.alive()), (0, 3));
    }
}
