//! The counters of a thread.

use std::cell::Cell;

/// What elements and slots have seen; [`counts`] gives one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// `==`, `<`, `cmp` and the like: one each.
    pub comparisons: u64,
    /// Keys fed to a hasher.
    pub hashes: u64,
    /// Looks at an element's value, at a node, or into a slot, a vector or a box that counts.
    pub reads: u64,
    /// Nodes of an arena that were gone to; looking at one node several times in a row is one visit.
    pub visits: u64,
    /// Elements cloned.
    pub clones: u64,
    /// Elements and boxes made, clones not included.
    pub created: u64,
    /// Elements and boxes dropped.
    pub drops: u64,
    /// Values put into a slot, onto a stack or off it.
    pub moves: u64,
    /// Buffers of slots made.
    pub buffers: u64,
}

impl Counts {
    const ZERO: Counts = Counts {
        comparisons: 0,
        hashes: 0,
        reads: 0,
        visits: 0,
        clones: 0,
        created: 0,
        drops: 0,
        moves: 0,
        buffers: 0,
    };

    /// Elements made or cloned and not dropped yet; negative when older ones were dropped.
    pub fn alive(&self) -> i64 {
        (self.created + self.clones) as i64 - self.drops as i64
    }

    fn zip(self, other: Counts, f: impl Fn(u64, u64) -> u64) -> Counts {
        Counts {
            comparisons: f(self.comparisons, other.comparisons),
            hashes: f(self.hashes, other.hashes),
            reads: f(self.reads, other.reads),
            visits: f(self.visits, other.visits),
            clones: f(self.clones, other.clones),
            created: f(self.created, other.created),
            drops: f(self.drops, other.drops),
            moves: f(self.moves, other.moves),
            buffers: f(self.buffers, other.buffers),
        }
    }
}

thread_local! {
    static COUNTS: Cell<Counts> = const { Cell::new(Counts::ZERO) };
    static FUSE: Cell<Option<Fuse>> = const { Cell::new(None) };
}

#[derive(Clone, Copy)]
struct Fuse {
    allowed: u64,
    left: u64,
}

/// Runs `f` and gives its result together with what was counted meanwhile on this thread.
pub fn counts<R>(f: impl FnOnce() -> R) -> (R, Counts) {
    let before = COUNTS.get();
    let result = f();
    (result, COUNTS.get().zip(before, |now, then| now - then))
}

/// Runs `f`, which may compare, hash, read, clone and move counted things `events` times in all,
/// and panics when it wants more: an endless loop over them ends with a message.
pub fn at_most<R>(events: u64, f: impl FnOnce() -> R) -> R {
    struct Restore(Option<Fuse>);
    impl Drop for Restore {
        fn drop(&mut self) {
            FUSE.set(self.0);
        }
    }
    let fuse = Fuse {
        allowed: events,
        left: events,
    };
    let _restore = Restore(FUSE.replace(Some(fuse)));
    f()
}

/// Counts an event that `at_most` limits.
#[track_caller]
pub(crate) fn spend(event: fn(&mut Counts)) {
    count(event);
    let Some(mut fuse) = FUSE.get() else { return };
    if fuse.left == 0 && !std::thread::panicking() {
        let allowed = fuse.allowed;
        panic!(
            "stopped after {allowed} comparisons, hashes, reads, clones and moves of elements: \
             that is far too many, does a loop not end?"
        );
    }
    fuse.left = fuse.left.saturating_sub(1);
    FUSE.set(Some(fuse));
}

/// Counts an event.
pub(crate) fn count(event: fn(&mut Counts)) {
    let mut counts = COUNTS.get();
    event(&mut counts);
    COUNTS.set(counts);
}

/// Adds what another thread counted on behalf of this one.
pub(crate) fn add(other: Counts) {
    COUNTS.set(COUNTS.get().zip(other, |mine, theirs| mine + theirs));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Probe;
    use std::panic::catch_unwind;

    const ONE: Probe<u8> = Probe::new(1);
    const TWO: Probe<u8> = Probe::new(2);

    fn compare(times: usize) {
        (0..times).for_each(|_| assert!(ONE < TWO));
    }

    #[test]
    fn nested_measurements_both_see_the_inner_events() {
        let ((_, inner), outer) = counts(|| {
            compare(1);
            counts(|| compare(1))
        });
        assert_eq!(inner.comparisons, 1);
        assert_eq!(outer.comparisons, 2);
    }

    #[test]
    #[should_panic(expected = "stopped after 10 comparisons")]
    fn catches_a_loop_that_does_not_end() {
        at_most(10, || compare(usize::MAX));
    }

    #[test]
    fn the_limit_is_exact_and_ends_with_its_closure() {
        at_most(3, || compare(3));
        compare(100);
    }

    #[test]
    fn a_blown_limit_leaves_the_outer_one_in_force() {
        let outer = catch_unwind(|| {
            at_most(5, || {
                assert!(catch_unwind(|| at_most(1, || compare(2))).is_err());
                compare(usize::MAX);
            })
        });
        let message = *outer.unwrap_err().downcast::<String>().unwrap();
        assert!(message.starts_with("stopped after 5 "), "{message}");
    }
}
