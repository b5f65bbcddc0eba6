//! Replacing a file so that a crash leaves either the old or the new one.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use super::disk::{Disk, RealDisk, Stat};
use super::error::StateError;

/// Ends the name of every temporary file.
const TEMPORARY: &str = ".backlings-tmp";

/// After this time a temporary file has surely lost its writer.
const ABANDONED: Duration = Duration::from_secs(60);

/// Replaces a file as a whole: whatever happens, either the old or the new content is there.
/// A new file appears complete. Permissions are kept, and a symbolic link stays one: the file that
/// it leads to is replaced. When this returns, the content survives a power cut.
///
/// # Errors
/// When the folder cannot be written or the disk is full; the old content is then still there.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), StateError> {
    let target = follow(path).map_err(StateError::io("write", path))?;
    replace(&RealDisk, &target, bytes)
}

/// [`write_atomically`] on a given disk; a symbolic link at `path` is itself replaced.
///
/// # Errors
/// As [`write_atomically`].
pub fn replace(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), StateError> {
    sweep(disk, folder_of(path), ABANDONED);
    let temporary = stage(disk, path, bytes)?;
    commit(disk, &temporary, path)
}

/// Writes what is to replace `path` beside it, durably, and gives its name.
pub(super) fn stage(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<PathBuf, StateError> {
    let failed = StateError::io("write", path);
    let temporary = match create_temporary(disk, folder_of(path)) {
        Ok(temporary) => temporary,
        Err(error) => return Err(failed(error)),
    };
    let written = disk
        .append(&temporary, bytes)
        .and_then(|()| disk.sync(&temporary));
    match written {
        Ok(()) => Ok(temporary),
        Err(error) => {
            let _ = disk.remove(&temporary);
            Err(failed(error))
        }
    }
}

/// Puts a staged file in its place, durably.
pub(super) fn commit(disk: &dyn Disk, temporary: &Path, path: &Path) -> Result<(), StateError> {
    // There is no file yet to take the permissions from, or the file system has none.
    let _ = disk.copy_mode(path, temporary);
    if let Err(error) = disk.rename(temporary, path) {
        let _ = disk.remove(temporary);
        return Err(StateError::io("write", path)(error));
    }
    let folder = folder_of(path);
    disk.sync_dir(folder)
        .map_err(StateError::io("write", folder))
}

/// Replaces a file that may be lost in a power cut: atomic, not durable.
pub(super) fn replace_lightly(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = create_temporary(disk, folder_of(path))?;
    let done = disk
        .append(&temporary, bytes)
        .and_then(|()| disk.rename(&temporary, path));
    if done.is_err() {
        let _ = disk.remove(&temporary);
    }
    done
}

fn create_temporary(disk: &dyn Disk, folder: &Path) -> io::Result<PathBuf> {
    let mut number = 0;
    loop {
        let name = format!(".{}-{number}{TEMPORARY}", std::process::id());
        let path = folder.join(name);
        match disk.create(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 1000 => {
                number += 1;
            }
            done => return done.map(|()| path),
        }
    }
}

/// Removes temporary files of writers that died, if they are at least so old. What cannot be
/// removed stays: it harms nobody.
pub(super) fn sweep(disk: &dyn Disk, folder: &Path, age: Duration) {
    let now = SystemTime::now();
    for item in disk.list(folder).unwrap_or_default() {
        if item.folder || !item.name.to_string_lossy().ends_with(TEMPORARY) {
            continue;
        }
        let path = folder.join(&item.name);
        let modified = disk.stat(&path).ok().and_then(|stat| stat.modified);
        let old = modified.is_some_and(|at| now.duration_since(at).unwrap_or_default() >= age);
        if old {
            let _ = disk.remove(&path);
        }
    }
}

/// The content of a file; longer than `limit` is an error of kind `FileTooLarge`.
pub(super) fn read(disk: &dyn Disk, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    disk.reader(path, 0)?
        .take(limit + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// Whether a folder surely stands there.
pub(super) fn is_folder(disk: &dyn Disk, path: &Path) -> bool {
    disk.stat(path).is_ok_and(|stat| stat.folder)
}

/// Moves what cannot be used out of the way, under a name that was free, and gives the new path.
pub(super) fn set_aside(disk: &dyn Disk, path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let time = file_time(Timestamp::now());
    let mut aside = path.with_file_name(format!("{name}.damaged-{time}"));
    let mut number = 2;
    while find(disk, &aside)?.is_some() {
        aside = path.with_file_name(format!("{name}.damaged-{time}-{number}"));
        number += 1;
    }
    disk.rename(path, &aside)?;
    disk.sync_dir(folder_of(path))?;
    Ok(aside)
}

/// What stands at a path, if anything does. That it cannot be seen is no proof that it is not there.
pub(super) fn find(disk: &dyn Disk, path: &Path) -> io::Result<Option<Stat>> {
    match disk.stat(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        found => found.map(Some),
    }
}

/// A time as part of a file name, to the second, in UTC: sorts by time, legal everywhere.
pub(super) fn file_time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H-%M-%SZ").to_string()
}

/// The folder that a path's file is in.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Where a chain of symbolic links ends, whether or not something is there.
fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_path_buf();
    for _ in 0..40 {
        match path.read_link() {
            Ok(target) => path = folder_of(&path).join(target),
            // No link: the end of the chain, be it there or not.
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}
