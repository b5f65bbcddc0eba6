//! Reading the state as it was left: whole, by a writer that died halfway, or damaged.

use std::io;
use std::path::{Path, PathBuf};

use super::disk::{Disk, Stat};
use super::error::StateError;
use super::file;
use super::format::{self, Parsed};
use super::history;
use super::state::Progress;

/// A longer progress file is none; 100 exercises take 10 kB.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The files of the state.
#[derive(Clone, Debug)]
pub(super) struct Paths {
    pub(super) dir: PathBuf,
    pub(super) progress: PathBuf,
    pub(super) backup: PathBuf,
    pub(super) history: PathBuf,
    pub(super) lock: PathBuf,
}

impl Paths {
    pub(super) fn of(dir: &Path) -> Self {
        Self {
            dir: dir.to_path_buf(),
            progress: dir.join("progress.toml"),
            backup: dir.join("progress.toml.bak"),
            history: dir.join("history.jsonl"),
            lock: dir.join("lock"),
        }
    }
}

/// A progress file in order: its bytes, and what they say.
#[derive(Debug)]
pub(super) struct OnDisk {
    pub(super) bytes: Vec<u8>,
    pub(super) says: Progress,
}

/// What the progress file turned out to be.
#[derive(Debug)]
pub(super) enum Health {
    /// Nothing was ever kept here.
    New,
    /// In order.
    Good(OnDisk),
    /// A newer version wrote it.
    Newer(i64),
    /// It is not there, but something else is.
    Missing,
    /// It cannot be used, for this reason.
    Damaged(String),
}

/// The state as far as it can be known.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) health: Health,
    /// With what the history knows beyond the file.
    pub(super) progress: Progress,
    pub(super) seen: Seen,
    /// Whether the predecessor of the progress file was of use.
    from_backup: bool,
    from_history: bool,
}

/// Tells whether another process wrote since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) progress: Option<Stat>,
    pub(super) history: u64,
}

/// Looks at the files without reading them.
pub(super) fn look(disk: &dyn Disk, paths: &Paths) -> Result<Seen, StateError> {
    let progress =
        file::find(disk, &paths.progress).map_err(StateError::io("read", &paths.progress))?;
    let history = match history::length(disk, &paths.history) {
        // The next entry sets the folder aside.
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => 0,
        found => found.map_err(StateError::io("read", &paths.history))?,
    };
    Ok(Seen { progress, history })
}

/// Reads everything; changes nothing on the disk. A file that still is as `known` is not parsed
/// again.
pub(super) fn load(
    disk: &dyn Disk,
    paths: &Paths,
    known: Option<&OnDisk>,
) -> Result<Loaded, StateError> {
    let seen = look(disk, paths)?;
    let mut from_backup = false;
    let (mut health, mut progress) = match read(disk, &paths.progress, seen.progress, known)? {
        Read::Good(file) => {
            let says = file.says.clone();
            (Health::Good(file), says)
        }
        Read::Newer(version, progress) => (Health::Newer(version), progress),
        Read::Damaged(why, salvage) => (Health::Damaged(why), salvage),
        Read::Nothing => (Health::New, Progress::default()),
    };
    if matches!(health, Health::New | Health::Damaged(_)) {
        let stat =
            file::find(disk, &paths.backup).map_err(StateError::io("read", &paths.backup))?;
        let backup = match read(disk, &paths.backup, stat, None)? {
            Read::Good(backup) => Some(backup.says),
            Read::Damaged(_, salvage) => Some(salvage),
            Read::Newer(version, backup) => {
                health = Health::Newer(version);
                Some(backup)
            }
            Read::Nothing => None,
        };
        if let Some(mut backup) = backup {
            from_backup = backup != Progress::default();
            backup.absorb(progress);
            progress = backup;
        }
    }
    let mut from_history = false;
    if seen.history > 0 {
        let from = progress.history_bytes;
        history::read_from(disk, &paths.history, from, |entry| {
            from_history |= entry.matters();
            progress.replay(entry);
        })
        .map_err(StateError::io("read", &paths.history))?;
    }
    if matches!(health, Health::New) && (from_backup || from_history) {
        health = Health::Missing;
    }
    Ok(Loaded {
        health,
        progress,
        seen,
        from_backup,
        from_history,
    })
}

enum Read {
    Nothing,
    Good(OnDisk),
    Newer(i64, Progress),
    Damaged(String, Progress),
}

fn read(
    disk: &dyn Disk,
    path: &Path,
    stat: Option<Stat>,
    known: Option<&OnDisk>,
) -> Result<Read, StateError> {
    let unusable = |why: &str| Ok(Read::Damaged(why.to_string(), Progress::default()));
    match stat {
        None => return Ok(Read::Nothing),
        Some(stat) if stat.folder => return unusable("it is a folder"),
        Some(_) => {}
    }
    let bytes = match file::read(disk, path, LARGEST) {
        Ok(bytes) => bytes,
        Err(error) => {
            return match error.kind() {
                io::ErrorKind::FileTooLarge => unusable("it is far too long"),
                io::ErrorKind::NotFound => Ok(Read::Nothing),
                _ => Err(StateError::io("read", path)(error)),
            };
        }
    };
    let parsed = match known {
        Some(known) if known.bytes == bytes => Parsed::Good(known.says.clone()),
        _ => format::parse(&bytes),
    };
    Ok(match parsed {
        Parsed::Good(says) => Read::Good(OnDisk { bytes, says }),
        Parsed::Newer(version, progress) => Read::Newer(version, progress),
        Parsed::Damaged(why, salvage) => Read::Damaged(why, salvage),
    })
}

impl Loaded {
    /// Whether the progress file has to be written anew even if nothing changes.
    pub(super) fn is_broken(&self) -> bool {
        matches!(self.health, Health::Missing | Health::Damaged(_))
    }

    /// Whether the progress file says something else than what is known.
    pub(super) fn is_changed(&self) -> bool {
        match &self.health {
            Health::Good(file) => file.says != self.progress,
            Health::New => self.progress != Progress::default(),
            Health::Newer(_) => false,
            Health::Missing | Health::Damaged(_) => true,
        }
    }

    /// Keeps what is about to be replaced: a good file as the backup, any other under a new name.
    /// Gives what people should know.
    pub(super) fn make_room(
        &self,
        disk: &dyn Disk,
        paths: &Paths,
    ) -> Result<Option<String>, StateError> {
        match &self.health {
            Health::Good(good) => {
                if file::is_folder(disk, &paths.backup) {
                    file::set_aside(disk, &paths.backup)
                        .map_err(StateError::io("set aside", &paths.backup))?;
                }
                // The backup is a second net: without it, the new state is still worth writing.
                let kept = file::replace_lightly(disk, &paths.backup, &good.bytes);
                Ok(kept.err().map(|error| {
                    let path = paths.backup.display();
                    format!("{path} could not be written: {error}")
                }))
            }
            Health::Damaged(_) => {
                let aside = file::set_aside(disk, &paths.progress)
                    .map_err(StateError::io("set aside", &paths.progress))?;
                Ok(Some(self.story(paths, Some(&aside))))
            }
            Health::Missing => Ok(Some(self.story(paths, None))),
            Health::New | Health::Newer(_) => Ok(None),
        }
    }

    /// What to tell about a state that was not in order. `aside` is where the damaged file went.
    pub(super) fn story(&self, paths: &Paths, aside: Option<&Path>) -> String {
        let path = paths.progress.display();
        let mut story = match &self.health {
            Health::Damaged(why) => format!("{path} was damaged ({why})"),
            _ => format!("{path} was missing"),
        };
        if let Some(name) = aside.and_then(Path::file_name) {
            story += &format!("; set aside as {}", name.display());
        }
        let sources = match (self.from_backup, self.from_history) {
            (true, true) => "progress.toml.bak and the history",
            (true, false) => "progress.toml.bak",
            (false, true) => "the history",
            (false, false) => "what could be read of it",
        };
        let count = self.progress.done.len();
        let plural = if count == 1 { "" } else { "s" };
        story + &format!("; rebuilt from {sources}: {count} exercise{plural} done")
    }
}
