//! Mock interviews, kept under `.backlings/mocks/`: a file for each, and a folder of texts for those about design.

use std::io;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Workspace;
use crate::progress::{StateError, write_atomically};

/// What an interview is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MockKind {
    /// Exercises against the clock.
    Coding,
    /// A design, in writing.
    Design,
}

impl MockKind {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Coding => "coding",
            Self::Design => "design",
        }
    }
}

/// A mock interview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mock {
    /// What it is about.
    pub kind: MockKind,
    /// When it began.
    pub started: Timestamp,
    /// How long it may take.
    pub minutes: u32,
    /// When it ended; none while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
    /// Whose interviews it is like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// What was asked.
    #[serde(rename = "problem")]
    pub problems: Vec<Problem>,
    /// Where it is kept.
    #[serde(skip)]
    pub path: PathBuf,
}

/// A problem of a mock interview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// The exercise, or the design problem.
    pub name: String,
    /// When it passed, if it did in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed: Option<Timestamp>,
}

impl Mock {
    /// When its time is over.
    pub fn deadline(&self) -> Timestamp {
        let length = SignedDuration::from_mins(i64::from(self.minutes));
        self.started
            .saturating_add(length)
            .unwrap_or(Timestamp::MAX)
    }

    /// The folder beside its file, for texts.
    pub fn folder(&self) -> PathBuf {
        self.path.with_extension("")
    }
}

impl Workspace {
    fn mocks_dir(&self) -> PathBuf {
        self.state().join("mocks")
    }

    /// Every mock interview that can be read, the oldest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn mocks(&self) -> io::Result<Vec<Mock>> {
        let entries = match std::fs::read_dir(self.mocks_dir()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut paths: Vec<PathBuf> = Vec::new();
        for entry in entries {
            paths.push(entry?.path());
        }
        paths.retain(|path| path.extension().is_some_and(|kind| kind == "toml"));
        let mut mocks: Vec<Mock> = paths.iter().filter_map(|path| read(path)).collect();
        mocks.sort_by_key(|mock| mock.started);
        Ok(mocks)
    }

    /// Keeps a new mock interview; its name begins with its time, so that names sort by it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin_mock(&self, mut mock: Mock, about: &str) -> Result<Mock, MockError> {
        let dir = self.mocks_dir();
        std::fs::create_dir_all(&dir).map_err(|source| MockError::Folder {
            path: dir.clone(),
            source,
        })?;
        let time = mock
            .started
            .to_zoned(TimeZone::UTC)
            .strftime("%Y%m%dT%H%M%SZ");
        let name = format!("{time}-{about}");
        let free = |name: &String| !dir.join(format!("{name}.toml")).exists();
        let names = std::iter::once(name.clone()).chain((2..).map(|n| format!("{name}-{n}")));
        let name = names.into_iter().find(free).unwrap_or(name);
        mock.path = dir.join(format!("{name}.toml"));
        self.keep_mock(&mock)?;
        Ok(mock)
    }

    /// Keeps what has become of a mock interview.
    ///
    /// # Errors
    /// When it cannot be written; what was there before then stays.
    pub fn keep_mock(&self, mock: &Mock) -> Result<(), MockError> {
        let text = toml::to_string(mock)?;
        Ok(write_atomically(&mock.path, text.as_bytes())?)
    }
}

/// Why a mock interview was not kept.
#[derive(Debug, thiserror::Error)]
pub enum MockError {
    /// The folder cannot be made.
    #[error("cannot make {}: {source}; check what is there and its permissions", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is no TOML, which is a fault of our own.
    #[error("cannot write down the mock interview: {0}")]
    Form(#[from] toml::ser::Error),
    /// It cannot be written.
    #[error(transparent)]
    State(#[from] StateError),
}

/// One that is damaged is left alone and not shown.
fn read(path: &Path) -> Option<Mock> {
    let text = std::fs::read_to_string(path).ok()?;
    let mut mock: Mock = toml::from_str(&text).ok()?;
    mock.path = path.to_path_buf();
    Some(mock)
}
