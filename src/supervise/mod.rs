//! Child processes under supervision: a deadline, limits, capped output, prompt cancelling, and nothing left behind.
//!
//! Knows nothing of exercises. [`run`] is the only way in which backlings starts a compiler or a test binary.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// What to run, and within which limits.
#[derive(Clone, Debug)]
pub struct Job {
    /// The program, as an absolute path.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Its working directory.
    pub dir: PathBuf,
    /// Variables set (`Some`) or removed (`None`) on top of our own environment.
    pub env: Vec<(OsString, Option<OsString>)>,
    /// The limits it runs in.
    pub limits: Limits,
}

/// Limits of one [`Job`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock time after which the whole process tree is killed.
    pub wall: Duration,
    /// Address space of each process, in bytes (Linux; elsewhere as far as the system holds to it).
    pub memory: Option<u64>,
    /// Largest file that it may write, in bytes.
    pub file_size: Option<u64>,
    /// Bytes of each stream that are kept: half from its start, half from its end.
    pub keep: usize,
    /// Bytes of both streams together after which it is killed.
    pub flood: u64,
}

/// How a process ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It returned this code.
    Code(i32),
    /// This signal ended it.
    Signal(i32),
}

/// Why a job is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By itself.
    Exited(Exit),
    /// Killed at [`Limits::wall`].
    TimedOut,
    /// Killed at [`Limits::flood`].
    Flooded,
    /// Killed because of [`Cancel::cancel`].
    Cancelled,
}

/// Which stream a piece of output came on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// Output as it was kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captured {
    /// What was kept of the start.
    pub head: Vec<u8>,
    /// What was kept of the end, when something between was dropped.
    pub tail: Vec<u8>,
    /// Bytes dropped between the two.
    pub dropped: u64,
}

/// What came of a [`Job`].
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Why it is over.
    pub ended: Ended,
    /// Standard output.
    pub stdout: Captured,
    /// Standard error.
    pub stderr: Captured,
    /// From spawn to end.
    pub wall: Duration,
    /// Processes that outlived the job and were killed.
    pub left_behind: usize,
}
