//! A disk in memory that loses what was not synced when the power fails, and fails wherever it is told to.
//!
//! Code under test gets a [`Disk`]: files by name in one folder, and `std::io::Result` everywhere. A grader
//! cuts the power at any change, and then looks at the disks that the code may find afterwards:
//!
//! * Bytes are safe after [`File::sync`], names (create, rename, remove) after [`Disk::sync_dir`]; neither
//!   does the other's work.
//! * Of the unsynced bytes of a file, each overwriting write may be lost, be there, or be torn: only its
//!   beginning is there. Appending writes and `truncate` change the length, and such changes survive in
//!   their order: the first so many of them. The append after those may be torn: only its
//!   beginning is there, and the rest is cut off or reads as zeros.
//! * Of the unsynced changes of names any may be lost, with one rule: a change survives only if all
//!   earlier changes of the same names do. A file without a name is gone.
//! * The change in which the power fails is one of those that may have happened.
//!
//! From then on every operation returns an error. [`Disk::after_crash`] gives the disk as it is found when
//! the power is back. [`sweep`] does it all: it runs a workload, cuts the power at each of its changes in
//! turn, checks what several outcomes leave, cuts the power in the recovery too, and checks again.
//!
//! A disk may also refuse a single operation and work on ([`Disk::refuse_at`]; [`refuse_each`] goes through them): who
//! drops the error of a write gets away with it when the power fails, as the sync behind it fails too, but not here.
//!
//! ```
//! use crashdisk::{Disk, sweep};
//!
//! // A counter: replaced as a whole, by a rename.
//! fn save(disk: &Disk, value: u8) -> std::io::Result<()> {
//!     let file = disk.create("counter.new")?;
//!     file.append(&[value])?;
//!     file.sync()?;
//!     disk.rename("counter.new", "counter")?;
//!     disk.sync_dir()
//! }
//!
//! let start = Disk::new();
//! save(&start, 1).unwrap();
//! sweep(
//!     &start,
//!     7,
//!     |disk| save(disk, 2).is_ok(),
//!     |disk| _ = disk.remove("counter.new"),
//!     |disk, &saved| {
//!         let value = disk.open("counter").unwrap().read().unwrap();
//!         assert!(value == [2] || value == [1] && !saved, "{value:?}");
//!     },
//! );
//! ```

#![warn(missing_docs)]

mod disk;
mod log;
mod refuse;
mod state;
mod survive;
mod sweep;

pub use disk::{Disk, File};
pub use log::{Counts, Op};
pub use refuse::refuse_each;
pub use survive::Survival;
pub use sweep::{Swept, sweep};

#[cfg(test)]
mod tests;
