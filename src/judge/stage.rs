//! The staging folder: what the learner wrote, with the track's own specification laid over it.
//!
//! It repeats the workspace's layout, so the paths in compiler messages and panics are the learner's.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::supervise::Cancel;
use crate::track::{Exercise, File};

/// A staged exercise. No other process stages the same exercise while it lives.
pub(super) struct Stage {
    /// The folder that stands for the workspace's.
    pub(super) root: PathBuf,
    _lock: fs::File,
}

impl Stage {
    /// Lays an exercise out below `cache`. `None` when cancelled while another process judges the same one.
    pub(super) fn lay(
        cache: &Path,
        exercise: &Exercise,
        learner: &[File],
        pristine: &[File],
        cancel: &Cancel,
        waiting: &mut dyn FnMut(),
    ) -> io::Result<Option<Self>> {
        let root = cache.join("stage");
        let dir = root.join(exercise.dir());
        fs::create_dir_all(&dir)?;
        let Some(lock) = lock(
            &root.join(format!("{}.lock", exercise.name)),
            cancel,
            waiting,
        )?
        else {
            return Ok(None);
        };
        let given = pristine
            .iter()
            .filter(|file| !exercise.files.contains(&file.name));
        let files: Vec<&File> = learner.iter().chain(given).collect();
        for entry in fs::read_dir(&dir)?.filter_map(Result::ok) {
            if !files
                .iter()
                .any(|file| entry.file_name() == file.name.as_str())
            {
                let _ = fs::remove_file(entry.path());
            }
        }
        for file in files {
            fs::write(dir.join(&file.name), &file.bytes)?;
        }
        Ok(Some(Self { root, _lock: lock }))
    }
}

fn lock(path: &Path, cancel: &Cancel, waiting: &mut dyn FnMut()) -> io::Result<Option<fs::File>> {
    const PAUSE: Duration = Duration::from_millis(10);
    let file = fs::File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(fs::TryLockError::WouldBlock) => waiting(),
            Err(fs::TryLockError::Error(error)) => return Err(error),
        }
        if cancel.is_cancelled() {
            return Ok(None);
        }
        std::thread::sleep(PAUSE);
    }
}
