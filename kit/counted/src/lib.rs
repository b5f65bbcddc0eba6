//! Counters that stand in for clocks.
//!
//! A test that times a function fails on a busy machine. A test that counts what the function did
//! does not, and its message can say more: "40,000 comparisons for 200 elements" names the loop in a
//! loop. So graders count:
//!
//! * [`Counted`] and [`Probe`]: elements that count their comparisons, hashes, reads, clones, drops;
//! * [`CountedVec`] and [`CountedBox`]: the nodes of lists and trees, which count each look at one;
//! * [`Slots`]: a buffer of single slots that counts reads and moves and refuses to lose a value;
//! * [`Arena`]: nodes under numbers, which counts who goes where and notices stale links;
//! * [`Blocks`]: a disk of blocks, which counts what is read and written;
//! * [`Stack`]: a stack and nothing else, which counts what goes on and off;
//! * [`Alloc`]: a global allocator that counts calls and bytes, read with [`allocations`];
//! * [`at_most`] and [`Budget`]: an end, with a message, for a loop that has none;
//! * [`ends`]: the same for a loop in which nothing is counted;
//! * [`small_stack`] and [`big_stack`]: a thread on which deep recursion does not fit, and one on which it does.
//!
//! All counters belong to the thread that counts, so tests that run side by side don't meet.
//!
//! ```
//! use counted::{Probe, counts};
//!
//! let xs = [3, 1, 2].map(Probe::new);
//! let (max, did) = counts(|| xs.iter().max().copied());
//! assert_eq!(max.map(|m| *m.inner()), Some(3));
//! assert_eq!(did.comparisons, 2);
//! ```

#![warn(missing_docs)]

mod alloc;
mod arena;
mod blocks;
mod boxed;
mod budget;
mod counts;
mod deadline;
mod element;
mod lifo;
mod slots;
mod stack;
mod vec;

pub use alloc::{Alloc, Allocations, allocations};
pub use arena::Arena;
pub use blocks::Blocks;
pub use boxed::CountedBox;
pub use budget::Budget;
pub use counts::{Counts, at_most, counts};
pub use deadline::{Doing, ends};
pub use element::{Counted, Probe};
pub use lifo::Stack;
pub use slots::Slots;
pub use stack::{big_stack, small_stack};
pub use vec::CountedVec;
