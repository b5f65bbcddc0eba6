//! Judging many: what has not changed since it passed is not judged again.

use std::path::Path;

use super::{Judge, Memory, Sources, Toolchain, Unreadable, Verdict};
use crate::supervise::Cancel;
use crate::track::{Exercise, Track, TrackError};

/// What came of checking an exercise as it is on the disk.
#[derive(Debug)]
pub enum Rechecked {
    /// It has not changed since it passed.
    Unchanged,
    /// It was judged now.
    Judged {
        /// What came of it.
        verdict: Box<Verdict>,
        /// What was judged.
        sources: Sources,
        /// The key under which a pass is remembered.
        key: String,
    },
    /// It cannot be read.
    Unreadable(Unreadable),
    /// The track is at fault.
    Broken(TrackError),
}

impl Judge {
    /// Checks an exercise in the workspace at `root`, unless this version of it is `known` to pass. Nothing when cancelled.
    pub fn recheck(
        &self,
        track: &Track,
        root: &Path,
        exercise: &Exercise,
        toolchain: &Toolchain,
        known: Option<&Memory>,
        cancel: &Cancel,
    ) -> Option<Rechecked> {
        let sources = match Sources::read(root, exercise) {
            Ok(sources) => sources,
            Err(error) => return Some(Rechecked::Unreadable(error)),
        };
        let key = match Memory::key(track, exercise, &sources, toolchain) {
            Ok(key) => key,
            Err(error) => return Some(Rechecked::Broken(error)),
        };
        if cancel.is_cancelled() {
            return None;
        }
        if known.is_some_and(|known| known.passed(exercise, &key)) {
            return Some(Rechecked::Unchanged);
        }
        let verdict = self.judge(track, exercise, &sources, cancel, &mut |_| {})?;
        Some(Rechecked::Judged {
            verdict: Box::new(verdict),
            sources,
            key,
        })
    }
}
