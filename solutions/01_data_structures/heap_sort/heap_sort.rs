//! Heap sort: the sort without a bad day
//!
//! Some code must sort in the memory that it has and has no right to a slow case: a kernel,
//! a database at its memory limit, a service that sorts what strangers send. Heap sort
//! needs no second array and no recursion, and no input makes it slow. The next exercises
//! use it as the safety net of a faster sort.
//!
//! It sees the slice as a tree: the children of element i are the elements 2i + 1 and 2i +
//! 2, where those exist. In a heap no element is less than its children, so the largest is
//! at index 0.
//!
//! 1. `sift_down(xs, root)`: both subtrees below `root` are heaps. The element at `root`
//!    changes places with its larger child until it is not less than its children; then the
//!    tree at `root` is a heap.
//! 2. It compares at most twice at each index that it comes to, and not at all at one
//!    without children.
//! 3. `make_heap(xs)` makes any slice a heap with at most 2n comparisons.
//! 4. `heap_sort(xs)` sorts, smallest first, with at most 2n * (floor(log2 n) + 1)
//!    comparisons.
//! 5. Nothing is cloned or allocated: elements only change places (`xs.swap`).
//!
//! Example: [3, 9, 8, 1, 5] is a heap except at index 0. `sift_down(xs, 0)` swaps 3 with 9,
//! then with 5: [9, 5, 8, 1, 3].
//!
//! Judged by: every array of up to 6 elements from 4 values, the heap checked element by
//! element; the comparisons of up to 2,000 elements in five patterns, counted by the
//! elements; the allocator's counters. Write the loops yourself.

/// Makes the tree at `root` a heap; the subtrees of its children are heaps already.
pub fn sift_down<T: Ord>(xs: &mut [T], mut root: usize) {
    loop {
        let mut child = 2 * root + 1;
        if child >= xs.len() {
            return;
        }
        if child + 1 < xs.len() && xs[child] < xs[child + 1] {
            child += 1;
        }
        if xs[root] >= xs[child] {
            return;
        }
        xs.swap(root, child);
        root = child;
    }
}

/// Makes the whole slice a heap.
pub fn make_heap<T: Ord>(xs: &mut [T]) {
    for root in (0..xs.len() / 2).rev() {
        sift_down(xs, root);
    }
}

/// Sorts the slice, in place.
pub fn heap_sort<T: Ord>(xs: &mut [T]) {
    make_heap(xs);
    for end in (1..xs.len()).rev() {
        xs.swap(0, end);
        sift_down(&mut xs[..end], 0);
    }
}

#[cfg(test)]
mod tests;
