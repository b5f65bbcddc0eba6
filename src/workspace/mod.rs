//! The learner's folder: where it is, what it holds, and every change that backlings makes to it.

mod cargo;
mod files;
mod init;
mod misconceptions;
mod mocks;
mod record;
mod update;

pub use init::{Created, InitError, InitOptions};
pub use mocks::{Mock, MockError, MockKind, Problem};
pub use record::{FolderError, ResetError, RestoreError, Saved};
pub use update::{Change, Plan, Target};

use std::path::{Path, PathBuf};

use crate::track::{Exercise, Track};

/// The folder of a workspace that is backlings' own.
pub const STATE: &str = ".backlings";

/// A learner's workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace that a folder is in, looked for upwards.
    pub fn find(start: &Path) -> Option<Self> {
        let start = std::path::absolute(start).ok()?;
        start.ancestors().find(|dir| Self::is_at(dir)).map(Self::at)
    }

    /// Whether a folder is a workspace's.
    pub fn is_at(dir: &Path) -> bool {
        dir.join(STATE).is_dir() && dir.join("exercises").exists()
    }

    pub(crate) fn at(dir: &Path) -> Self {
        Self { root: dir.into() }
    }

    /// The workspace's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder that is backlings' own.
    pub fn state(&self) -> PathBuf {
        self.root.join(STATE)
    }

    /// The exercise that a name, a path, or a folder means: `two_sum`, `exercises/01_…/two_sum/tests.rs`, `.`.
    pub fn address<'t>(&self, track: &'t Track, word: &str, cwd: &Path) -> Option<&'t Exercise> {
        track.exercise(word).or_else(|| {
            let looks_like_a_path = word.contains(['/', '\\', '.']);
            looks_like_a_path
                .then(|| self.standing_in(track, &cwd.join(word)))
                .flatten()
        })
    }

    /// The exercise whose folder holds a path.
    pub fn standing_in<'t>(&self, track: &'t Track, path: &Path) -> Option<&'t Exercise> {
        let path = lexical(&std::path::absolute(path).ok()?);
        let mut parts = path
            .strip_prefix(&self.root)
            .ok()?
            .components()
            .map(|part| part.as_os_str().to_string_lossy());
        let (part, topic, name) = (parts.next()?, parts.next()?, parts.next()?);
        let exercise = track.exercise(&name)?;
        ((part == "exercises" || part == "solutions") && topic == exercise.topic_dir.as_str())
            .then_some(exercise)
    }
}

/// Resolves `.` and `..` by name alone: the path may not exist.
fn lexical(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                plain.pop();
            }
            std::path::Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}
