//! Child processes under supervision: a deadline, limits, capped output, prompt cancelling, and nothing left behind.
//!
//! Knows nothing of exercises. [`Supervisor::run`] is the only way in which backlings starts a compiler or a test binary.
//!
//! On Unix each job runs under a small process of its own, the *cage*: our own binary, started again with a hidden first argument
//! ([`cage::dispatch`]). A socket, the *link*, joins the two: the cage reports over it, and when our end of it closes, whether we
//! wish it or were killed, the cage kills the whole process tree, removes the job's scratch folder, and ends.
//!
//! | | Linux | other Unix | elsewhere |
//! | --- | --- | --- | --- |
//! | killed at the end of a job | every descendant | the program's process group | the program |
//! | killed when backlings is killed | every descendant | the program's process group | nothing |
//! | killed when the cage alone is killed | the program's process group | the program's process group | |
//! | memory limit | held to | as far as the system does | no |

#[cfg(unix)]
pub mod cage;
#[cfg(not(unix))]
pub mod cage {
    //! There are no cages on this system.

    /// Never: this system has no cages.
    pub fn dispatch() -> Option<std::process::ExitCode> {
        None
    }
}

mod cancel;
mod capture;
mod scratch;
mod trouble;

#[cfg(unix)]
mod link;
#[cfg(unix)]
mod report;
#[cfg(unix)]
mod tree;

#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(not(unix), path = "fallback.rs")]
mod os;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use cancel::Cancel;
pub use trouble::Trouble;

/// What to run, and within which limits.
#[derive(Clone, Debug)]
pub struct Job {
    /// The program, as an absolute path.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Its working directory. When it is the folder of [`Job::scratch`], the job works in its own temporary folder there.
    pub dir: PathBuf,
    /// Variables set (`Some`) or removed (`None`) on top of our own environment.
    pub env: Vec<(OsString, Option<OsString>)>,
    /// A folder in which the job gets a temporary folder of its own (made if missing): `TMPDIR`, `TMP` and `TEMP` point to it unless
    /// [`Job::env`] names them, and it is removed at the end, even when backlings is killed.
    pub scratch: Option<PathBuf>,
    /// The limits it runs in.
    pub limits: Limits,
}

impl Job {
    /// Whether it works in its own temporary folder.
    fn works_in_scratch(&self) -> bool {
        self.scratch.as_ref() == Some(&self.dir)
    }
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
    /// It wrote more than [`Limits::flood`], and was killed for it if it had not ended yet.
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
    /// From the call of [`Supervisor::run`] to the end of everything that it started.
    pub wall: Duration,
    /// Processes that outlived a program which ended by itself, and were killed (Linux; on another Unix 1 if there were any). 0 when
    /// the job as a whole was killed.
    pub left_behind: usize,
}

impl Outcome {
    /// Of a job that was cancelled before it began.
    fn cancelled() -> Self {
        Self {
            ended: Ended::Cancelled,
            stdout: Captured::default(),
            stderr: Captured::default(),
            wall: Duration::ZERO,
            left_behind: 0,
        }
    }
}

/// Runs jobs. Made once at the start, and shared.
#[derive(Clone, Debug)]
pub struct Supervisor {
    cage: PathBuf,
}

impl Supervisor {
    /// A supervisor whose cages are started from `cage`: a program that calls [`cage::dispatch`] before anything else.
    pub fn new(cage: impl Into<PathBuf>) -> Self {
        Self { cage: cage.into() }
    }

    /// A supervisor whose cages are started from the running program, which must call [`cage::dispatch`] before anything else.
    ///
    /// # Errors
    /// When the system does not say where the running program lies.
    pub fn of_this_program() -> Result<Self, Trouble> {
        // This name leads to the running program even after an update replaced or removed its file.
        let own = Path::new("/proc/self/exe");
        if cfg!(target_os = "linux") && own.exists() {
            return Ok(Self::new(own));
        }
        let path = std::env::current_exe().map_err(|source| {
            Trouble::io(
                "cannot find the path of the running backlings; start it by its full path",
                source,
            )
        })?;
        Ok(Self::new(path))
    }

    /// Runs `job` to its end, and returns when nothing of it is left.
    ///
    /// The job is over when its program ends. What it left behind gets 100 ms to end or to close its output, and is killed then.
    ///
    /// `sink` gets every piece of output as it comes, before it is capped. While `sink` works no limit is enforced, so it should be
    /// quick.
    ///
    /// # Errors
    /// When the job could not be started or watched; then, too, nothing of it is left, unless the error says so. A program that crashes,
    /// runs into a limit or is cancelled is no error, but an [`Outcome`].
    pub fn run(
        &self,
        job: &Job,
        cancel: &Cancel,
        sink: &mut dyn FnMut(Stream, &[u8]),
    ) -> Result<Outcome, Trouble> {
        if cancel.is_cancelled() {
            return Ok(Outcome::cancelled());
        }
        os::run(&self.cage, job, cancel, sink)
    }
}
