//! What is kept of judging, and the ways back: passes, attempts, resets, restores, solutions.

use std::io;
use std::path::PathBuf;

use jiff::Timestamp;

use super::Workspace;
use super::files::write;
use crate::judge::{Sources, Verdict};
use crate::progress::{Attempt, Entry, Event, Passed, StateError, Store, write_atomically};
use crate::track::{Exercise, File, Track, TrackError};

/// What a reset or a restore put aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Where the replaced version is; `None` when nothing was lost by replacing it.
    pub path: Option<PathBuf>,
}

impl Saved {
    /// Where it is, and how to get it back.
    pub fn words(&self, workspace: &Workspace, exercise: &Exercise) -> Vec<String> {
        let Some(path) = &self.path else {
            return Vec::new();
        };
        let path = path.strip_prefix(workspace.root()).unwrap_or(path);
        vec![
            format!("What you had is kept in {}", path.display()),
            format!("`backlings restore {}` brings it back.", exercise.name),
        ]
    }
}

/// An exercise's folder that cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("cannot make {}: {source}; check what is there and its permissions", path.display())]
pub struct FolderError {
    path: PathBuf,
    source: io::Error,
}

/// Why nothing was brought back.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// Nothing was ever put aside.
    #[error(
        "there is nothing to bring back for {exercise}: no version of it was put aside that differs from what is there"
    )]
    Nothing {
        /// The exercise.
        exercise: String,
    },
    /// There are fewer versions.
    #[error(
        "there are only {there} versions of {exercise}; `backlings restore {exercise} --list` shows them"
    )]
    NoSuchVersion {
        /// The exercise.
        exercise: String,
        /// How many there are.
        there: usize,
    },
    /// The state cannot be read or written.
    #[error(transparent)]
    State(#[from] StateError),
    /// The exercise's folder cannot be made.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// Why a reset did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// The state or the learner's file cannot be written; nothing was replaced that is not kept.
    #[error(transparent)]
    State(#[from] StateError),
    /// The track cannot be read.
    #[error(transparent)]
    Track(#[from] TrackError),
    /// The exercise's folder cannot be made.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// Something else stands where the file should be.
    #[error("{} is a folder; move it away, then reset again", .0.display())]
    InTheWay(PathBuf),
}

impl Workspace {
    /// Puts the specification back if it was changed, and says so. The learner's version is kept aside.
    pub fn mend(&self, track: &Track, exercise: &Exercise, store: &mut Store) -> Vec<String> {
        match self.try_mend(track, exercise, store) {
            Ok(notes) => notes,
            Err(error) => vec![format!(
                "the specification differs from the track's, which is what counts; it could not be put back: {error:#}"
            )],
        }
    }

    fn try_mend(
        &self,
        track: &Track,
        exercise: &Exercise,
        store: &mut Store,
    ) -> anyhow::Result<Vec<String>> {
        let mut notes = Vec::new();
        for file in track
            .pristine(exercise)?
            .iter()
            .filter(|file| !exercise.files.contains(&file.name))
        {
            let path = self.dir(exercise).join(&file.name);
            let there = match std::fs::read(&path) {
                Ok(there) => Some(there),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => {
                    return Err(anyhow::Error::from(error).context(path.display().to_string()));
                }
            };
            match there {
                Some(there) if there == file.bytes => continue,
                Some(there)
                    if self
                        .laid(exercise, &file.name)
                        .is_some_and(|laid| laid == there) =>
                {
                    notes.push(format!("{} was brought up to date", file.name));
                }
                Some(there) => {
                    let kept = store.keep(
                        &exercise.short_dir(),
                        &[(&file.name, there)],
                        "edited tests",
                        Timestamp::now(),
                        "",
                    )?;
                    let kept = kept
                        .strip_prefix(self.root())
                        .unwrap_or(&kept)
                        .display()
                        .to_string();
                    notes.push(format!("{} had been changed: the original is back, and is what is judged; yours is in {kept}", file.name));
                }
                None => notes.push(format!("{} was missing and is back", file.name)),
            }
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            write_atomically(&path, &file.bytes)?;
            self.remember(exercise, file)?;
        }
        Ok(notes)
    }

    /// Keeps a verdict: a pass with the version that passed, anything else as an attempt. What could not be
    /// kept becomes a note of the verdict, and the answer is `false`.
    pub fn record(
        &self,
        track: &Track,
        exercise: &Exercise,
        verdict: &mut Verdict,
        sources: &Sources,
        store: &mut Store,
    ) -> bool {
        if !verdict.counts() {
            return true;
        }
        self.recognised(exercise, verdict);
        let kept = if verdict.passed() {
            self.pass(track, exercise, verdict, sources, store)
        } else {
            let hash = verdict.hash.to_string();
            let entry = Entry::judged(
                Timestamp::now(),
                &exercise.name,
                verdict.kind.name(),
                verdict.compile,
                verdict.run,
                &hash,
            );
            store.record(&entry)
        };
        let recorded = kept.is_ok();
        if let Err(error) = kept {
            verdict
                .notes
                .push(format!("this verdict could not be recorded: {error}"));
        }
        if verdict.passed()
            && let Err(error) = self.write_solution(track, exercise)
        {
            verdict.notes.push(format!(
                "the solution could not be written to {}: {error:#}",
                exercise.solution_dir()
            ));
        }
        recorded
    }

    fn pass(
        &self,
        track: &Track,
        exercise: &Exercise,
        verdict: &Verdict,
        sources: &Sources,
        store: &mut Store,
    ) -> Result<(), StateError> {
        let hash = verdict.hash.to_string();
        let folder = exercise.short_dir();
        let passed = Passed {
            exercise: &exercise.name,
            folder: &folder,
            hash: &hash,
            at: Timestamp::now(),
            compile: verdict.compile,
            run: verdict.run,
        };
        store.pass_and(&passed, &pairs(&sources.files), |progress| {
            let here = progress
                .current
                .as_deref()
                .is_none_or(|current| current == exercise.name);
            let done = |name: &str| progress.is_done(name);
            let next = track.next_pending(&progress.roadmap, &exercise.name, done);
            if let Some(next) = next.filter(|_| here) {
                progress.set_current(&next.name);
            }
        })
    }

    /// Lays the solution and its comment beside the exercises.
    fn write_solution(&self, track: &Track, exercise: &Exercise) -> anyhow::Result<()> {
        let dir = self.root().join(exercise.solution_dir());
        for file in track.solution(exercise)? {
            write(&dir.join(&file.name), &file.bytes)?;
        }
        write(&dir.join("after.md"), track.after(exercise).as_bytes())?;
        Ok(())
    }

    /// Puts an exercise back to its start, after keeping what the learner had.
    ///
    /// # Errors
    /// When anything cannot be written; nothing is replaced that has not been kept before.
    pub fn reset(
        &self,
        track: &Track,
        exercise: &Exercise,
        store: &mut Store,
    ) -> Result<Saved, ResetError> {
        let saved = self.begin_afresh(track, exercise, "reset", store)?;
        let now = Timestamp::now();
        store.record(&Entry::event(now, &exercise.name, Event::Reset))?;
        if store.progress().is_done(&exercise.name) {
            store.reopen(&exercise.name, now)?;
        }
        Ok(saved)
    }

    /// Puts a done exercise back to its start to be done once more, after keeping what the learner had. It stays done.
    ///
    /// # Errors
    /// As [`Self::reset`].
    pub fn review(
        &self,
        track: &Track,
        exercise: &Exercise,
        store: &mut Store,
    ) -> Result<Saved, ResetError> {
        let saved = self.begin_afresh(track, exercise, "review", store)?;
        store.review(&exercise.name, Timestamp::now())?;
        Ok(saved)
    }

    fn begin_afresh(
        &self,
        track: &Track,
        exercise: &Exercise,
        why: &str,
        store: &mut Store,
    ) -> Result<Saved, ResetError> {
        let pristine = track.pristine(exercise)?;
        if let Some(file) = pristine
            .iter()
            .find(|file| self.dir(exercise).join(&file.name).is_dir())
        {
            return Err(ResetError::InTheWay(self.dir(exercise).join(&file.name)));
        }
        let path = self.put_aside(exercise, &pristine, why, store)?;
        self.make_dir(exercise)?;
        for file in &pristine {
            write_atomically(&self.dir(exercise).join(&file.name), &file.bytes)?;
            // A copy that is out of date makes an update more careful, no more.
            let _ = self.remember(exercise, file);
        }
        Ok(Saved { path })
    }

    /// Versions that can be brought back, the newest first, without those that are there already.
    ///
    /// # Errors
    /// When the attempts cannot be read.
    pub fn versions(&self, exercise: &Exercise, store: &Store) -> Result<Vec<Attempt>, StateError> {
        let present = self.present(exercise);
        let mut versions = store.attempts(&exercise.short_dir())?;
        versions.sort_by(|one, two| two.at.cmp(&one.at).then_with(|| two.path.cmp(&one.path)));
        versions.retain(|version| {
            version.why != "edited tests"
                && store.load(version).is_ok_and(|files| {
                    files.iter().any(|(name, bytes)| {
                        !present
                            .iter()
                            .any(|file| file.name == *name && file.bytes == *bytes)
                    })
                })
        });
        Ok(versions)
    }

    /// Brings a version back, after keeping what is there now. `number` counts [`Self::versions`] from 1.
    ///
    /// # Errors
    /// When there is no such version, or something cannot be written.
    pub fn restore(
        &self,
        exercise: &Exercise,
        number: u32,
        store: &mut Store,
    ) -> Result<Saved, RestoreError> {
        let versions = self.versions(exercise, store)?;
        let name = || exercise.name.clone();
        if versions.is_empty() {
            return Err(RestoreError::Nothing { exercise: name() });
        }
        let index = usize::try_from(number)
            .unwrap_or(usize::MAX)
            .saturating_sub(1);
        let version = versions
            .get(index)
            .ok_or_else(|| RestoreError::NoSuchVersion {
                exercise: name(),
                there: versions.len(),
            })?;
        let files = store.load(version)?;
        let laid: Vec<File> = exercise
            .files
            .iter()
            .filter_map(|name| {
                Some(File {
                    name: name.clone(),
                    bytes: self.laid(exercise, name)?,
                })
            })
            .collect();
        let path = self.put_aside(exercise, &laid, "restore", store)?;
        self.make_dir(exercise)?;
        for (name, bytes) in &files {
            write_atomically(&self.dir(exercise).join(name), bytes)?;
        }
        store.record(&Entry::event(
            Timestamp::now(),
            &exercise.name,
            Event::Restore,
        ))?;
        Ok(Saved { path })
    }

    fn make_dir(&self, exercise: &Exercise) -> Result<(), FolderError> {
        let path = self.dir(exercise);
        std::fs::create_dir_all(&path).map_err(|source| FolderError { path, source })
    }

    /// Keeps the learner's files, unless they are as they were laid out.
    pub(super) fn put_aside(
        &self,
        exercise: &Exercise,
        start: &[File],
        why: &str,
        store: &mut Store,
    ) -> Result<Option<PathBuf>, StateError> {
        let mut present = self.present(exercise);
        present.retain(|file| !start.iter().any(|known| known == file));
        present.retain(|file| file.name != "tests.rs" && !exercise.given.contains(&file.name));
        if present.is_empty() {
            return Ok(None);
        }
        store
            .keep(
                &exercise.short_dir(),
                &pairs(&present),
                why,
                Timestamp::now(),
                "",
            )
            .map(Some)
    }
}

fn pairs(files: &[File]) -> Vec<(&str, &[u8])> {
    files
        .iter()
        .map(|file| (file.name.as_str(), file.bytes.as_slice()))
        .collect()
}
