//! Elements that count what is done with them.

use crate::counts::{count, spend};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};

/// A value that counts its comparisons, hashes, reads (through `*`), clones and drops.
///
/// `Counted<()>` is zero-sized.
pub struct Counted<T>(T);

/// A value that counts its comparisons, hashes and reads (through `*` or `into`), and can be copied.
#[derive(Clone, Copy, Default)]
pub struct Probe<T>(T);

impl<T> Counted<T> {
    /// Wraps a value; counts as one created element.
    pub fn new(value: T) -> Self {
        count(|c| c.created += 1);
        Counted(value)
    }
}

impl<T> Probe<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Probe(value)
    }
}

impl<T: Clone> Clone for Counted<T> {
    #[track_caller]
    fn clone(&self) -> Self {
        spend(|c| c.clones += 1);
        Counted(self.0.clone())
    }
}

impl<T> Drop for Counted<T> {
    fn drop(&mut self) {
        count(|c| c.drops += 1);
    }
}

macro_rules! counting {
    ($element:ident) => {
        impl<T> $element<T> {
            /// The value, without counting a read: for the tests' own use.
            pub const fn inner(&self) -> &T {
                &self.0
            }
        }

        impl<T> Deref for $element<T> {
            type Target = T;
            #[track_caller]
            fn deref(&self) -> &T {
                spend(|c| c.reads += 1);
                &self.0
            }
        }

        impl<T> DerefMut for $element<T> {
            #[track_caller]
            fn deref_mut(&mut self) -> &mut T {
                spend(|c| c.reads += 1);
                &mut self.0
            }
        }

        impl<T: PartialEq> PartialEq for $element<T> {
            #[track_caller]
            fn eq(&self, other: &Self) -> bool {
                spend(|c| c.comparisons += 1);
                self.0 == other.0
            }
        }

        impl<T: Eq> Eq for $element<T> {}

        impl<T: PartialOrd> PartialOrd for $element<T> {
            #[track_caller]
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                spend(|c| c.comparisons += 1);
                self.0.partial_cmp(&other.0)
            }
        }

        impl<T: Ord> Ord for $element<T> {
            #[track_caller]
            fn cmp(&self, other: &Self) -> Ordering {
                spend(|c| c.comparisons += 1);
                self.0.cmp(&other.0)
            }
        }

        impl<T: Hash> Hash for $element<T> {
            #[track_caller]
            fn hash<H: Hasher>(&self, state: &mut H) {
                spend(|c| c.hashes += 1);
                self.0.hash(state);
            }
        }

        impl<T: fmt::Debug> fmt::Debug for $element<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

counting!(Counted);
counting!(Probe);

macro_rules! into_number {
    ($($number:ty)*) => { $(
        impl From<Probe<$number>> for $number {
            #[track_caller]
            fn from(probe: Probe<$number>) -> $number {
                *probe
            }
        }
    )* };
}

into_number!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Counts, counts};
    use std::collections::HashSet;

    #[test]
    fn each_comparison_counts_once() {
        let (a, b) = (Probe::new(1), Probe::new(2));
        let did = |f: &dyn Fn() -> bool| counts(f).1.comparisons;
        assert_eq!(did(&|| a == b), 1);
        assert_eq!(did(&|| a != b), 1);
        assert_eq!(did(&|| a < b), 1);
        assert_eq!(did(&|| a >= b), 1);
        assert_eq!(did(&|| a.cmp(&b).is_lt()), 1);
        assert_eq!(did(&|| a.max(b) == b), 2);
    }

    #[test]
    fn catches_a_scan_where_a_set_was_asked_for() {
        let xs: Vec<_> = (0..100).map(Probe::new).collect();
        let scan = |xs: &[Probe<i32>]| (1..xs.len()).any(|i| xs[..i].contains(&xs[i]));
        let set = |xs: &[Probe<i32>]| {
            let mut seen = HashSet::new();
            xs.iter().any(|x| !seen.insert(x))
        };
        assert_eq!(counts(|| scan(&xs)).1.comparisons, 100 * 99 / 2);
        let by_set = counts(|| set(&xs)).1;
        // 100 inserts, and the rehashing of a growing table: 3 + 7 + 14 + 28 + 56.
        assert!(by_set.hashes <= 250, "{by_set:?}");
        assert!(by_set.comparisons <= 20, "{by_set:?}");
    }

    #[test]
    fn reads_go_through_the_star_or_into() {
        let xs = [1_i64, 2, 3].map(Probe::new);
        let (sum, did) = counts(|| xs.iter().map(|x| **x).sum::<i64>());
        assert_eq!((sum, did.reads), (6, 3));
        let (sum, did) = counts(|| xs.iter().map(|&x| i64::from(x)).sum::<i64>());
        assert_eq!((sum, did.reads), (6, 3));
        let (_, did) = counts(|| format!("{:?} {}", xs, xs[0].inner()));
        assert_eq!(did, Counts::default());
    }

    #[test]
    fn catches_a_leak_and_a_needless_clone() {
        let (_, did) = counts(|| {
            let xs: Vec<_> = (0..5).map(Counted::new).collect();
            std::mem::forget(xs[0].clone());
        });
        assert_eq!((did.created, did.clones, did.drops), (5, 1, 5));
        assert_eq!(did.alive(), 1);
    }

    #[test]
    fn zero_sized_elements_are_counted_too() {
        assert_eq!(size_of::<Counted<()>>(), 0);
        let (_, did) = counts(|| drop(vec![Counted::new(()), Counted::new(())]));
        assert_eq!(did.drops, 2);
    }
}
