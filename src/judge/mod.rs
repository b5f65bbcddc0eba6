//! Judging: source in, verdict out. Every command and the watcher use this one path.

mod verdict;

pub use verdict::{Diagnostic, Failure, Kind, Level, Verdict};
