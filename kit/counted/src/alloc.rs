//! An allocator that counts.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator with counters for [`allocations`]. A test file installs it with
///
/// ```
/// #[global_allocator]
/// static ALLOC: counted::Alloc = counted::Alloc;
/// # fn main() {}
/// ```
pub struct Alloc;

/// What a closure did on its thread's heap; [`allocations`] gives one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allocations {
    /// Blocks asked for; growing or shrinking one counts as well.
    pub calls: u64,
    /// Bytes asked for, in all these calls together.
    pub bytes: u64,
    /// The most bytes held at one time, over what was held at the start.
    pub peak: u64,
    /// Bytes held more than at the start; negative when older blocks were freed.
    pub left: i64,
}

#[derive(Clone, Copy)]
struct Heap {
    calls: u64,
    bytes: u64,
    live: i64,
    peak: i64,
}

thread_local! {
    // Constant and without a destructor: touching it never allocates.
    static HEAP: Cell<Heap> = const { Cell::new(Heap { calls: 0, bytes: 0, live: 0, peak: 0 }) };
}

/// Runs `f` and gives its result together with the allocations made meanwhile on this thread.
///
/// # Panics
/// When [`Alloc`] is not the program's allocator: all counts would be zero.
pub fn allocations<R>(f: impl FnOnce() -> R) -> (R, Allocations) {
    assert_installed();
    measure(f)
}

/// Like [`allocations`], with zeroes when the allocator is not installed.
pub(crate) fn measure<R>(f: impl FnOnce() -> R) -> (R, Allocations) {
    let before = HEAP.get();
    let outer = OuterPeak(before.peak);
    HEAP.set(Heap {
        peak: before.live,
        ..before
    });
    let result = f();
    let after = HEAP.get();
    drop(outer);
    let did = Allocations {
        calls: after.calls - before.calls,
        bytes: after.bytes - before.bytes,
        peak: (after.peak - before.live) as u64,
        left: after.live - before.live,
    };
    (result, did)
}

/// Gives the enclosing measurement its peak back, also when the closure panics.
struct OuterPeak(i64);

impl Drop for OuterPeak {
    fn drop(&mut self) {
        let heap = HEAP.get();
        HEAP.set(Heap {
            peak: heap.peak.max(self.0),
            ..heap
        });
    }
}

fn assert_installed() {
    let before = HEAP.get().calls;
    drop(std::hint::black_box(Box::new(0_u8)));
    assert!(
        HEAP.get().calls > before,
        "the tests lack `#[global_allocator] static ALLOC: counted::Alloc = counted::Alloc;`"
    );
}

/// Adds what another thread did on behalf of this one.
pub(crate) fn add(other: Allocations) {
    let heap = HEAP.get();
    HEAP.set(Heap {
        calls: heap.calls + other.calls,
        bytes: heap.bytes + other.bytes,
        live: heap.live + other.left,
        peak: heap.peak.max(heap.live + other.peak as i64),
    });
}

fn asked(size: usize, grown_by: i64) {
    let heap = HEAP.get();
    let live = heap.live + grown_by;
    HEAP.set(Heap {
        calls: heap.calls + 1,
        bytes: heap.bytes + size as u64,
        live,
        peak: heap.peak.max(live),
    });
}

// SAFETY: every call goes to the system's allocator as it came; counting touches no heap.
unsafe impl GlobalAlloc for Alloc {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        asked(layout.size(), layout.size() as i64);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        asked(layout.size(), layout.size() as i64);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        asked(new_size, new_size as i64 - layout.size() as i64);
        unsafe { System.realloc(block, layout, new_size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let heap = HEAP.get();
        HEAP.set(Heap {
            live: heap.live - layout.size() as i64,
            ..heap
        });
        unsafe { System.dealloc(block, layout) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[global_allocator]
    static ALLOC: Alloc = Alloc;

    #[test]
    fn counts_calls_bytes_and_peak() {
        let (_, did) = allocations(|| {
            drop(vec![0_u8; 1000]);
            drop(vec![0_u8; 600]);
        });
        assert_eq!((did.calls, did.bytes), (2, 1600));
        assert_eq!((did.peak, did.left), (1000, 0));
    }

    #[test]
    fn catches_a_leak_and_sees_what_stays() {
        let (kept, did) = allocations(|| vec![0_u8; 10]);
        assert_eq!(did.left, 10);
        assert_eq!(allocations(|| drop(kept)).1.left, -10);
        let (block, did) = allocations(|| Box::leak(Box::new([0_u8; 32])));
        assert_eq!(did.left, 32);
        // SAFETY: it was leaked from a box just now and is not used again.
        drop(unsafe { Box::from_raw(block) });
    }

    #[test]
    fn catches_growth_one_element_at_a_time() {
        let thrifty = |n: u32| (0..n).fold(Vec::new(), |xs: Vec<u32>, x| [xs, vec![x]].concat());
        let doubling = |n: u32| {
            let mut xs = Vec::new();
            (0..n).for_each(|x| xs.push(x));
            xs
        };
        assert!(allocations(|| thrifty(1000)).1.calls >= 1000);
        assert!(allocations(|| doubling(1000)).1.calls <= 11);
    }

    #[test]
    fn nested_measurements_keep_their_own_peaks() {
        let (inner, outer) = allocations(|| {
            drop(vec![0_u8; 500]);
            let _held = Box::new([0_u8; 100]);
            allocations(|| drop(vec![0_u8; 50])).1
        });
        assert_eq!((inner.peak, outer.peak), (50, 500));
    }

    #[test]
    fn other_threads_are_not_counted() {
        let (_, did) = allocations(|| {
            std::thread::scope(|s| {
                s.spawn(|| drop(vec![0_u8; 1 << 20]));
            });
        });
        assert!(did.bytes < 1 << 19, "{did:?}");
    }
}
