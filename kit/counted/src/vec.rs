//! A vector that counts the looks into it.

use crate::counts::spend;
use std::fmt;
use std::ops::{Index, IndexMut};

/// A `Vec` of which each look at an element, to read it or to write it, counts as one of
/// [`reads`](crate::Counts::reads): the nodes of a tree or a list, the parents of a union-find.
///
/// It has what such arenas need of `Vec`, and no slice of its elements, which nobody could watch.
#[derive(Clone, PartialEq, Eq)]
pub struct CountedVec<T>(Vec<T>);

impl<T> CountedVec<T> {
    /// An empty vector.
    pub const fn new() -> Self {
        CountedVec(Vec::new())
    }

    /// An empty vector with room for `capacity` elements.
    pub fn with_capacity(capacity: usize) -> Self {
        CountedVec(Vec::with_capacity(capacity))
    }

    /// The number of elements.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no elements.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends an element; that is no look at one.
    pub fn push(&mut self, value: T) {
        self.0.push(value);
    }

    /// Takes the last element off.
    #[track_caller]
    pub fn pop(&mut self) -> Option<T> {
        look();
        self.0.pop()
    }

    /// The element at `i`, if there is one.
    #[track_caller]
    pub fn get(&self, i: usize) -> Option<&T> {
        look();
        self.0.get(i)
    }

    /// The element at `i`, to be changed, if there is one.
    #[track_caller]
    pub fn get_mut(&mut self, i: usize) -> Option<&mut T> {
        look();
        self.0.get_mut(i)
    }

    /// Lets the elements at `i` and `j` change places: two looks.
    ///
    /// # Panics
    /// When one of them is not there.
    #[track_caller]
    pub fn swap(&mut self, i: usize, j: usize) {
        look();
        look();
        self.0.swap(i, j);
    }

    /// The elements in order; each that comes is a look.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        self.0.iter().inspect(|_| look())
    }
}

#[track_caller]
fn look() {
    spend(|c| c.reads += 1);
}

impl<T> Index<usize> for CountedVec<T> {
    type Output = T;

    #[track_caller]
    fn index(&self, i: usize) -> &T {
        look();
        &self.0[i]
    }
}

impl<T> IndexMut<usize> for CountedVec<T> {
    #[track_caller]
    fn index_mut(&mut self, i: usize) -> &mut T {
        look();
        &mut self.0[i]
    }
}

impl<T> Default for CountedVec<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> From<Vec<T>> for CountedVec<T> {
    fn from(elements: Vec<T>) -> Self {
        CountedVec(elements)
    }
}

impl<T> FromIterator<T> for CountedVec<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        CountedVec(Vec::from_iter(elements))
    }
}

impl<T: fmt::Debug> fmt::Debug for CountedVec<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{at_most, counts};

    #[test]
    fn each_look_counts_once() {
        let mut xs = CountedVec::from(vec![1, 2, 3]);
        let mut reads = |f: &mut dyn FnMut(&mut CountedVec<i32>)| counts(|| f(&mut xs)).1.reads;
        assert_eq!(reads(&mut |xs| assert_eq!(xs[0], 1)), 1);
        assert_eq!(reads(&mut |xs| xs[0] = 7), 1);
        assert_eq!(reads(&mut |xs| assert_eq!(xs.get(3), None)), 1);
        assert_eq!(reads(&mut |xs| *xs.get_mut(1).unwrap() += 1), 1);
        assert_eq!(reads(&mut |xs| xs.swap(0, 2)), 2);
        assert_eq!(reads(&mut |xs| assert!(xs.iter().eq(&[3, 3, 7]))), 3);
        assert_eq!(reads(&mut |xs| assert_eq!(xs.pop(), Some(7))), 1);
        assert_eq!(reads(&mut |xs| xs.push(4)), 0);
        assert_eq!(format!("{xs:?} {}", xs.len()), "[3, 3, 4] 3");
    }

    #[test]
    fn catches_a_scan_where_a_position_is_known() {
        let xs: CountedVec<_> = (0..1_000).collect();
        let scan = counts(|| xs.iter().position(|&x| x == 700)).1.reads;
        let look = counts(|| xs[700]).1.reads;
        assert_eq!((scan, look), (701, 1));
    }

    #[test]
    #[should_panic(expected = "stopped after 100 comparisons")]
    fn catches_links_that_run_in_a_circle() {
        let next = CountedVec::from(vec![1, 2, 0]);
        let mut at = 0;
        at_most(100, || {
            while at < 3 {
                at = next[at];
            }
        });
    }
}
