//! What the track's files of an exercise look like in a workspace.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{STATE, Workspace};
use crate::track::{Exercise, File};

impl Workspace {
    /// An exercise's folder.
    pub fn dir(&self, exercise: &Exercise) -> PathBuf {
        self.root.join(exercise.dir())
    }

    /// The folder that keeps what the track laid out last, to tell the learner's changes from the track's.
    pub(super) fn laid_dir(&self, exercise_dir: &str) -> PathBuf {
        self.root.join(STATE).join("laid").join(exercise_dir)
    }

    /// Writes a file of the track into an exercise's folder, and remembers it as laid.
    pub(super) fn lay(&self, exercise: &Exercise, file: &File) -> io::Result<()> {
        write(&self.dir(exercise).join(&file.name), &file.bytes)?;
        self.remember(exercise, file)
    }

    /// Remembers a file of the track as laid.
    pub(super) fn remember(&self, exercise: &Exercise, file: &File) -> io::Result<()> {
        write(
            &self.laid_dir(&exercise.dir()).join(&file.name),
            &file.bytes,
        )
    }

    /// What was laid out last under a name.
    pub(super) fn laid(&self, exercise: &Exercise, name: &str) -> Option<Vec<u8>> {
        fs::read(self.laid_dir(&exercise.dir()).join(name)).ok()
    }

    /// Everything in an exercise's folder that can be read, as it is.
    pub(super) fn present(&self, exercise: &Exercise) -> Vec<File> {
        let Ok(entries) = fs::read_dir(self.dir(exercise)) else {
            return Vec::new();
        };
        let mut files: Vec<File> = entries
            .filter_map(Result::ok)
            .filter(|entry| entry.metadata().is_ok_and(|found| found.is_file()))
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                Some(File {
                    name,
                    bytes: fs::read(entry.path()).ok()?,
                })
            })
            .collect();
        files.sort_by(|one, two| one.name.cmp(&two.name));
        files
    }
}

/// Writes a file and the folders above it. For files that can be made again; a learner's go through
/// [`crate::progress::write_atomically`].
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}
