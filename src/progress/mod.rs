//! What a learner did in a workspace, kept so that nothing of it is ever lost.
//!
//! A [`Store`] stands for the folder `.backlings`:
//!
//! | file | what it keeps |
//! | --- | --- |
//! | `progress.toml` | what is done, where the learner is; replaced as a whole, the version before it stays as `progress.toml.bak` |
//! | `history.jsonl` | every verdict and event, a line each, only ever appended to |
//! | `attempts/TOPIC/NAME/TIME/` | versions that passed or were about to be replaced |
//! | `lock` | held while one of the others is written |
//!
//! A pass is written in this order: attempt, history, progress. Whoever reads finds a pass in the
//! history even if the writer died before the last step. A `progress.toml` that cannot be used is
//! set aside under another name and rebuilt from its predecessor and the history.
//!
//! Exercises are names and folders here; this module knows nothing else of them.

mod activity;
mod attempts;
mod disk;
mod error;
mod file;
mod format;
mod history;
mod lock;
mod recover;
mod repetition;
mod state;
mod store;

#[cfg(test)]
mod tests;

pub use activity::{Activity, Day, Effort, Round};
pub use attempts::Attempt;
pub use disk::{Disk, Item, Lock, RealDisk, Stat};
pub use error::{Notice, StateError};
pub use file::{replace, write_atomically};
pub use history::{Entry, Event};
pub use repetition::{Due, Rating, due};
pub use state::{Done, Plan, Progress};
pub use store::{Passed, Store};
