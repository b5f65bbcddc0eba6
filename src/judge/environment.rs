//! What keeps an exercise from being judged, from the errors that say so.

use std::io;

use super::Environment;
use crate::supervise::Trouble;
use crate::track::TrackError;

impl From<TrackError> for Environment {
    fn from(error: TrackError) -> Self {
        Self::new(error.to_string(), "mend the track, or reinstall backlings")
    }
}

impl From<io::Error> for Environment {
    fn from(error: io::Error) -> Self {
        let remedy = match error.kind() {
            io::ErrorKind::StorageFull => "the disk is full: free some space, then save again",
            _ => "check the permissions of .backlings/cache and the space on the disk",
        };
        Self::new(
            format!("cannot write below .backlings/cache: {error}"),
            remedy,
        )
    }
}

impl From<Trouble> for Environment {
    fn from(trouble: Trouble) -> Self {
        Self::new(
            trouble.to_string(),
            "`backlings doctor` looks at what is installed",
        )
    }
}
