//! Clippy: advice for learners, and what the gate asks of authors.

use super::compile::{self, Compiled, Output};
use super::stage::Stage;
use super::{Diagnostic, Environment, Judge, Sources};
use crate::supervise::Cancel;
use crate::track::{Exercise, Track};

impl Judge {
    /// Clippy's advice on the learner's files. `None` when cancelled, and when there is none to be had.
    pub fn advice(
        &self,
        track: &Track,
        exercise: &Exercise,
        sources: &Sources,
        cancel: &Cancel,
    ) -> Option<Vec<Diagnostic>> {
        let messages = self.lints(track, exercise, sources, cancel)?.ok()?;
        let own = |message: &Diagnostic| {
            let place = message.location.as_deref().unwrap_or_default();
            exercise
                .files
                .iter()
                .any(|file| place.starts_with(&format!("{}/{file}:", exercise.dir())))
        };
        Some(messages.into_iter().filter(own).collect())
    }

    /// What clippy says of an exercise and its tests. `None` when cancelled.
    ///
    /// # Errors
    /// When clippy is not there or cannot work.
    pub fn lints(
        &self,
        track: &Track,
        exercise: &Exercise,
        sources: &Sources,
        cancel: &Cancel,
    ) -> Option<Result<Vec<Diagnostic>, Environment>> {
        self.try_lints(track, exercise, sources, cancel).transpose()
    }

    fn try_lints(
        &self,
        track: &Track,
        exercise: &Exercise,
        sources: &Sources,
        cancel: &Cancel,
    ) -> Result<Option<Vec<Diagnostic>>, Environment> {
        let toolchain = self.toolchain()?;
        let clippy = toolchain.clippy.as_ref().ok_or_else(|| {
            Environment::new("clippy is not installed", "rustup component add clippy")
        })?;
        let group = track.group(exercise);
        let ready = self
            .groups
            .ready(group, track.bundle(), toolchain, cancel, &mut |_| {});
        let Some(artifacts) = ready.transpose()? else {
            return Ok(None);
        };
        let pristine = track.pristine(exercise)?;
        let files = &sources.files;
        let laid = Stage::lay(&self.cache, exercise, files, &pristine, cancel, &mut || {})?;
        let Some(stage) = laid else { return Ok(None) };
        let output = Output::Messages {
            dir: stage.root.clone(),
        };
        let what = self.compilation(clippy, &stage, track, exercise, &artifacts, output);
        match compile::compile(&self.supervisor, &what, cancel)?.0 {
            Compiled::Done(messages) | Compiled::Refused(messages) => Ok(Some(messages)),
            Compiled::Environment(environment) => Err(environment),
            Compiled::Stale => Err(Environment::new(
                "the crates of the group were built by another compiler",
                "judge the exercise first: that builds them anew",
            )),
            Compiled::Cancelled => Ok(None),
        }
    }
}
