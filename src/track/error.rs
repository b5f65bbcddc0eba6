//! What can be wrong with a track, said so that its author can mend it.

use std::path::PathBuf;

use super::Bundle;

/// A track that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TrackError {
    /// A file is not there or cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not UTF-8.
    #[error("{path} is not UTF-8: save it as UTF-8")]
    NotUtf8 {
        /// The file.
        path: String,
    },
    /// A file's content is wrong.
    #[error("{place}: {what}")]
    Content {
        /// `file` or `file:line:column`.
        place: String,
        /// What is wrong, and what would be right.
        what: String,
    },
    /// The folder is no track.
    #[error("{} is no track: it has no info.toml", .0.display())]
    NotATrack(PathBuf),
    /// Made for a newer program.
    #[error(
        "{path} has format_version {found}; this backlings reads up to {known}: update backlings"
    )]
    Newer {
        /// The manifest.
        path: String,
        /// Its version.
        found: i64,
        /// The newest version known.
        known: i64,
    },
}

impl TrackError {
    /// A TOML error with the line and the words of the parser.
    pub(super) fn toml(bundle: &Bundle, path: &str, text: &str, error: &toml::de::Error) -> Self {
        let place = match error.span() {
            Some(span) => {
                let before = text.get(..span.start).unwrap_or(text);
                let line = before.matches('\n').count() + 1;
                let column = before
                    .rsplit('\n')
                    .next()
                    .map_or(0, |last| last.chars().count())
                    + 1;
                format!("{}:{line}:{column}", bundle.describe(path))
            }
            None => bundle.describe(path),
        };
        Self::Content {
            place,
            what: error.message().trim().to_string(),
        }
    }

    /// Something wrong with a file as a whole.
    pub(super) fn content(bundle: &Bundle, path: &str, what: impl Into<String>) -> Self {
        Self::Content {
            place: bundle.describe(path),
            what: what.into(),
        }
    }
}
