//! The learner's version of an exercise, read once, so that one judgement sees one version.

use std::io;
use std::path::{Path, PathBuf};

use crate::track::{ContentHash, Exercise, File};

/// Files of an exercise's folder beyond this size are not sources, and are left out.
const LARGEST: u64 = 4 << 20;
/// More files than this in a folder are not an exercise.
const MOST: usize = 64;

/// What the learner has written.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The exercise's files, and others that the learner laid beside them; without what the track gives.
    pub files: Vec<File>,
    /// Identifies this version.
    pub hash: ContentHash,
}

/// Why an exercise cannot be read, with the remedy.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// A file of the learner's is gone.
    #[error("{} is missing; `backlings reset {exercise}` brings it back as it was at the start", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// Its exercise.
        exercise: String,
    },
    /// Something else is where a file should be.
    #[error("{} is not a file; move it away, then `backlings reset {exercise}`", path.display())]
    NotAFile {
        /// What is there.
        path: PathBuf,
        /// Its exercise.
        exercise: String,
    },
    /// The system refuses.
    #[error("cannot read {}: {source}; check its permissions", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Sources {
    /// Reads an exercise's folder in a workspace.
    ///
    /// # Errors
    /// When one of the exercise's own files is missing or cannot be read.
    pub fn read(workspace: &Path, exercise: &Exercise) -> Result<Self, Unreadable> {
        let dir = workspace.join(exercise.dir());
        let mut files = Vec::new();
        for name in &exercise.files {
            files.push(File {
                name: name.clone(),
                bytes: read(&dir.join(name), exercise)?,
            });
        }
        files.extend(beside(&dir, exercise));
        Ok(Self::from_files(files))
    }

    /// Sources that are not in a workspace, such as a solution.
    pub fn from_files(files: Vec<File>) -> Self {
        let hash = ContentHash::of(
            files
                .iter()
                .map(|file| (file.name.as_str(), file.bytes.as_slice())),
        );
        Self { files, hash }
    }
}

fn read(path: &Path, exercise: &Exercise) -> Result<Vec<u8>, Unreadable> {
    let name = || exercise.name.clone();
    match std::fs::metadata(path) {
        Ok(found) if found.is_file() => {}
        Ok(_) => {
            return Err(Unreadable::NotAFile {
                path: path.into(),
                exercise: name(),
            });
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Unreadable::Missing {
                path: path.into(),
                exercise: name(),
            });
        }
        Err(source) => {
            return Err(Unreadable::Io {
                path: path.into(),
                source,
            });
        }
    }
    std::fs::read(path).map_err(|source| Unreadable::Io {
        path: path.into(),
        source,
    })
}

/// Modules that the learner added. One that cannot be read is the compiler's to complain of.
fn beside(dir: &Path, exercise: &Exercise) -> Vec<File> {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut files: Vec<File> = entries
        .filter_map(Result::ok)
        .take(MOST)
        .filter(|entry| {
            entry
                .metadata()
                .is_ok_and(|found| found.is_file() && found.len() <= LARGEST)
        })
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
        .filter(|(name, _)| name.ends_with(".rs") && !name.starts_with('.'))
        .filter(|(name, _)| {
            name != "tests.rs" && !exercise.files.contains(name) && !exercise.given.contains(name)
        })
        .filter_map(|(name, path)| {
            Some(File {
                name,
                bytes: std::fs::read(path).ok()?,
            })
        })
        .collect();
    files.sort_by(|one, two| one.name.cmp(&two.name));
    files
}
