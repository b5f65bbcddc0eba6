//! Exit codes, documented in `--help` and in the README.

/// How the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything asked for was done; what was judged, passed.
    Passed = 0,
    /// An exercise was judged and did not pass.
    NotPassed = 1,
    /// The command line was wrong: unknown exercise, filter, option.
    Usage = 2,
    /// Not the learner's fault: no compiler, a full disk, a damaged track.
    Trouble = 3,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
