//! What watch mode begins with, and how it ends.

use std::io;
use std::time::Duration;

use super::session::End;
use crate::judge::Judge;
use crate::progress::Store;
use crate::track::Track;
use crate::workspace::Workspace;

/// What watch mode works with.
pub struct Parts {
    /// The learner's folder.
    pub workspace: Workspace,
    /// Its state.
    pub store: Store,
    /// The course.
    pub track: Track,
    /// Judges exercises of this workspace.
    pub judge: Judge,
    /// How to watch.
    pub options: Options,
}

/// How to watch.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The exercise to start at, by name; without it, the current one.
    pub start: Option<String>,
    /// Stay at an exercise that has passed until told otherwise.
    pub no_advance: bool,
    /// Look for saves often in place of waiting for events.
    pub poll: bool,
    /// The command that opens a file in an editor.
    pub edit_command: Option<String>,
    /// Only some exercises, against the clock and without help.
    pub interview: Option<Interview>,
}

/// A mock interview.
#[derive(Clone, Debug)]
pub struct Interview {
    /// The problems, by name, in order.
    pub exercises: Vec<String>,
    /// How long it may take.
    pub limit: Duration,
}

/// Why watch mode did not start, or broke off.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// There is nothing to watch.
    #[error("the track has no exercises")]
    Empty,
    /// The terminal or the system refuses something that nothing works without.
    #[error("the terminal cannot be used: {0}; `backlings run` needs none")]
    Terminal(#[source] io::Error),
    /// A fault of our own.
    #[error(
        "the judge broke down, which is a fault of backlings: please report it with what stands above"
    )]
    Broken,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Why.
    pub end: End,
    /// Exercises done.
    pub done: usize,
    /// Exercises in all.
    pub total: usize,
}
