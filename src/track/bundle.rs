//! The files of a track: built into the program, or in a folder.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::error::TrackError;

include!(concat!(env!("OUT_DIR"), "/official.rs"));

/// One file of the track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name in its folder.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Where a track's files come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bundle {
    /// Built into the program.
    Embedded,
    /// A folder.
    Folder(PathBuf),
}

impl Bundle {
    /// The official track.
    pub fn embedded() -> Self {
        Self::Embedded
    }

    /// The track in a folder.
    ///
    /// # Errors
    /// When there is no `info.toml` in it.
    pub fn folder(dir: &Path) -> Result<Self, TrackError> {
        let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf());
        if dir.join("info.toml").is_file() {
            Ok(Self::Folder(dir))
        } else {
            Err(TrackError::NotATrack(dir))
        }
    }

    /// The folder, if it is one.
    pub fn dir(&self) -> Option<&Path> {
        match self {
            Self::Embedded => None,
            Self::Folder(dir) => Some(dir),
        }
    }

    /// How to name a file of the track in a message.
    pub fn describe(&self, path: &str) -> String {
        match self {
            Self::Embedded => format!("{path} (built in)"),
            Self::Folder(dir) => dir.join(path).display().to_string(),
        }
    }

    /// Whether there is a file, by its path from the track's folder with `/`.
    pub fn contains(&self, path: &str) -> bool {
        match self {
            Self::Embedded => OFFICIAL
                .binary_search_by(|(known, _)| (*known).cmp(path))
                .is_ok(),
            Self::Folder(dir) => dir.join(path).is_file(),
        }
    }

    /// The content of a file, by its path from the track's folder with `/`.
    ///
    /// # Errors
    /// When there is no such file, or it cannot be read.
    pub fn read(&self, path: &str) -> Result<Cow<'static, [u8]>, TrackError> {
        match self {
            Self::Embedded => match OFFICIAL.binary_search_by(|(known, _)| (*known).cmp(path)) {
                Ok(found) => Ok(Cow::Borrowed(OFFICIAL[found].1)),
                Err(_) => Err(self.failed(path, std::io::ErrorKind::NotFound.into())),
            },
            Self::Folder(dir) => std::fs::read(dir.join(path))
                .map(Cow::Owned)
                .map_err(|source| self.failed(path, source)),
        }
    }

    /// The text of a file.
    ///
    /// # Errors
    /// As [`Self::read`], and when it is not UTF-8.
    pub fn text(&self, path: &str) -> Result<Cow<'static, str>, TrackError> {
        let not_utf8 = || TrackError::NotUtf8 {
            path: self.describe(path),
        };
        match self.read(path)? {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes)
                .map(Cow::Borrowed)
                .map_err(|_| not_utf8()),
            Cow::Owned(bytes) => String::from_utf8(bytes)
                .map(Cow::Owned)
                .map_err(|_| not_utf8()),
        }
    }

    /// A file of a folder.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn file(&self, folder: &str, name: &str) -> Result<File, TrackError> {
        let bytes = self.read(&format!("{folder}/{name}"))?.into_owned();
        Ok(File {
            name: name.to_string(),
            bytes,
        })
    }

    /// Every file below a folder, as paths from the track's folder, sorted.
    ///
    /// # Errors
    /// When the folder cannot be read; a missing one is empty.
    pub fn list(&self, folder: &str) -> Result<Vec<String>, TrackError> {
        match self {
            Self::Embedded => {
                let prefix = format!("{folder}/");
                let start = OFFICIAL.partition_point(|(path, _)| *path < prefix.as_str());
                let below = OFFICIAL[start..]
                    .iter()
                    .take_while(|(path, _)| path.starts_with(&prefix));
                Ok(below.map(|(path, _)| (*path).to_string()).collect())
            }
            Self::Folder(dir) => {
                let mut found = Vec::new();
                walk(&dir.join(folder), folder, &mut found)
                    .map_err(|source| self.failed(folder, source))?;
                found.sort();
                Ok(found)
            }
        }
    }

    fn failed(&self, path: &str, source: std::io::Error) -> TrackError {
        TrackError::Read {
            path: self.describe(path),
            source,
        }
    }
}

fn walk(dir: &Path, shown: &str, found: &mut Vec<String>) -> std::io::Result<()> {
    let entries = match std::fs::read_dir(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{shown}/{name}");
        if entry.file_type()?.is_dir() {
            if name != "target" && !name.starts_with('.') {
                walk(&entry.path(), &path, found)?;
            }
        } else {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_official_track_is_sorted_and_found() {
        assert!(OFFICIAL.is_sorted_by(|one, two| one.0 < two.0));
        let bundle = Bundle::embedded();
        assert!(bundle.text("info.toml").unwrap().contains("format_version"));
        let exercises = bundle.list("exercises").unwrap();
        assert!(exercises.iter().any(|path| path.ends_with("/tests.rs")));
        assert!(exercises.iter().all(|path| path.starts_with("exercises/")));
        assert!(bundle.read("exercises/none").is_err());
    }

    #[test]
    fn the_embedded_track_equals_the_folder() {
        let folder = Bundle::folder(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        for part in ["exercises", "solutions", "kit"] {
            assert_eq!(
                Bundle::embedded().list(part).unwrap(),
                folder.list(part).unwrap()
            );
        }
    }

    #[test]
    fn a_folder_without_a_manifest_is_no_track() {
        let empty = tempfile::tempdir().unwrap();
        let error = Bundle::folder(empty.path()).unwrap_err().to_string();
        assert!(error.contains("no info.toml"), "{error}");
    }
}
