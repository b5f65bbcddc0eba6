//! What can go wrong with the state, and what people are told when something was mended.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The state could not be read or written. What was there before is still there.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The system refused.
    #[error("cannot {doing} {}: {source}{}", path.display(), remedy(source))]
    Io {
        /// A verb: "read", "write", "lock".
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Written by a newer program.
    #[error(
        "{} was made by a newer backlings (format {version}): update backlings; nothing was changed",
        path.display()
    )]
    Newer {
        /// The progress file.
        path: PathBuf,
        /// Its format version.
        version: i64,
    },
    /// Another process holds the lock for too long.
    #[error(
        "{} is held by {} for more than {} s: end it (or wait for it) and try again; nothing was changed",
        path.display(), whom(*holder), waited.as_secs()
    )]
    Busy {
        /// The lock file.
        path: PathBuf,
        /// The process that holds it, where it can be known.
        holder: Option<u32>,
        /// How long we waited.
        waited: Duration,
    },
    /// A path that would lead out of its folder, or that is taken.
    #[error("`{path}` cannot be kept as an attempt: {why}")]
    BadPath {
        /// As given.
        path: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl StateError {
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            doing,
            path: path.to_path_buf(),
            source,
        }
    }
}

fn whom(pid: Option<u32>) -> String {
    pid.map_or("another process".to_string(), |pid| {
        format!("another backlings (process {pid})")
    })
}

/// What to do about it, for the reasons that people meet.
fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "; it must be yours to read and write (if backlings once ran as root: `sudo chown -R $USER .backlings`)"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "; free some space and try again, what was there before is untouched"
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            "; copy the workspace to a file system that can be written"
        }
        io::ErrorKind::NotADirectory => "; move the file that stands where a folder should be away",
        io::ErrorKind::IsADirectory => "; move the folder that stands where a file should be away",
        _ => "",
    }
}

/// Something that people should know about their state: what was damaged, what was done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice(pub(super) String);

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
