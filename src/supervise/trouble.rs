//! What keeps a job from being run, in words.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// A job could not be started or watched. Never the program's own doing.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// There is no such program.
    #[error("`{}` does not exist; check the path, or install it", program.display())]
    NotFound {
        /// The path that was tried.
        program: PathBuf,
    },
    /// Something else that the system refused.
    #[error("{what}")]
    Io {
        /// What failed, where, and what to do about it.
        what: String,
        /// The system's word.
        source: io::Error,
    },
    /// The machine has run out of something.
    #[error("cannot start or watch a program: out of {what}; {remedy}")]
    Exhausted {
        /// What ran out.
        what: &'static str,
        /// What to do about it.
        remedy: &'static str,
        /// The system's word.
        source: io::Error,
    },
}

impl Trouble {
    /// `source` told as what the machine ran out of, or else in the words `what`.
    pub(super) fn io(what: impl Into<String>, source: io::Error) -> Self {
        match shortage(&source) {
            Some((what, remedy)) => Self::Exhausted {
                what,
                remedy,
                source,
            },
            None => Self::Io {
                what: what.into(),
                source,
            },
        }
    }

    /// `program` could not be started in `dir`.
    pub(super) fn starting(program: &Path, dir: &Path, source: io::Error) -> Self {
        let name = program.display();
        let why = match source.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory if !dir.is_dir() => {
                let dir = dir.display();
                return Self::io(
                    format!(
                        "cannot start `{name}`: the folder `{dir}` to run it in does not exist; create it"
                    ),
                    source,
                );
            }
            ErrorKind::NotFound | ErrorKind::NotADirectory if !program.exists() => {
                return Self::NotFound {
                    program: program.to_owned(),
                };
            }
            ErrorKind::NotFound => {
                "the interpreter or loader that it asks for is missing; install it".to_owned()
            }
            ErrorKind::PermissionDenied => format!(
                "it may not be executed; try `chmod +x '{name}'`, and see that its file system is not mounted `noexec` and that you may enter `{}`",
                dir.display()
            ),
            ErrorKind::ExecutableFileBusy => "it is still being written; try again".to_owned(),
            ErrorKind::ArgumentListTooLong => {
                "its arguments and environment are too long; unset large variables".to_owned()
            }
            _ => "the system refused; see that it is a program for this machine".to_owned(),
        };
        Self::io(format!("cannot start `{name}`: {why}"), source)
    }
}

/// What ran out, and what helps.
fn shortage(error: &io::Error) -> Option<(&'static str, &'static str)> {
    const PROCESSES: (&str, &str) = (
        "processes",
        "end other programs, or raise the limit that `ulimit -u` shows",
    );
    const MEMORY: (&str, &str) = ("memory", "close other programs");
    const DISK: (&str, &str) = ("disk space", "delete what you can spare");
    #[cfg(unix)]
    if let Some(libc::EMFILE | libc::ENFILE) = error.raw_os_error() {
        return Some(("open files", "raise the limit that `ulimit -n` shows"));
    }
    match error.kind() {
        ErrorKind::WouldBlock => Some(PROCESSES),
        ErrorKind::OutOfMemory => Some(MEMORY),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Some(DISK),
        _ => None,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_ran_out_is_told_with_a_remedy_whatever_failed() {
        let words = |errno| {
            let trouble = Trouble::io("cannot do it", io::Error::from_raw_os_error(errno));
            assert!(matches!(trouble, Trouble::Exhausted { .. }), "{trouble:?}");
            trouble.to_string()
        };
        assert!(words(libc::EAGAIN).contains("out of processes; end other programs"));
        assert!(words(libc::ENOMEM).contains("out of memory; close other programs"));
        assert!(words(libc::ENOSPC).contains("out of disk space; delete"));
        assert!(words(libc::EDQUOT).contains("out of disk space; delete"));
        assert!(words(libc::EMFILE).contains("out of open files; raise the limit"));
        assert!(words(libc::ENFILE).contains("out of open files; raise the limit"));
    }

    #[test]
    fn what_else_fails_keeps_its_words_and_its_cause() {
        let trouble = Trouble::io("cannot do it", io::Error::from_raw_os_error(libc::EIO));
        assert_eq!(trouble.to_string(), "cannot do it");
        let source = std::error::Error::source(&trouble)
            .and_then(|source| source.downcast_ref::<io::Error>());
        assert_eq!(source.and_then(io::Error::raw_os_error), Some(libc::EIO));
    }

    #[test]
    fn starting_blames_what_is_missing() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("program");
        let missing = || io::Error::from_raw_os_error(libc::ENOENT);
        assert!(
            matches!(Trouble::starting(&file, dir.path(), missing()), Trouble::NotFound { program } if program == file)
        );
        let no_folder = Trouble::starting(&file, &dir.path().join("folder"), missing());
        assert!(no_folder.to_string().contains("the folder"), "{no_folder}");
        std::fs::write(&file, "").unwrap();
        let no_interpreter = Trouble::starting(&file, dir.path(), missing());
        assert!(
            no_interpreter.to_string().contains("interpreter"),
            "{no_interpreter}"
        );
        let long = Trouble::starting(&file, dir.path(), io::Error::from_raw_os_error(libc::E2BIG));
        assert!(long.to_string().contains("too long"), "{long}");
    }
}
