//! The one way to the state: reads without a lock, writes under it.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{io, mem};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::activity::{self, Activity};
use super::attempts::{self, Attempt, Version};
use super::disk::{Disk, Lock, RealDisk};
use super::error::{Notice, StateError};
use super::history::{self, Entry, Event};
use super::recover::{self, Health, Loaded, OnDisk, Paths, Seen};
use super::state::Progress;
use super::{file, format, lock};

/// How much of the history may be newer than the progress file before that takes it over: every start reads so much.
const TAIL: u64 = 256 * 1024;

/// The state of a workspace.
///
/// Reading needs no lock and no right to write. Every write takes the lock for its few
/// milliseconds and starts from what is on the disk by then, so that several processes add up.
pub struct Store {
    disk: Box<dyn Disk>,
    paths: Paths,
    progress: Progress,
    on_disk: Option<OnDisk>,
    seen: Seen,
    newer: Option<i64>,
    /// Whether what earlier writers left is durable, and their litter gone.
    settled: bool,
    patience: Duration,
    notices: Vec<Notice>,
}

/// An exercise that passed.
#[derive(Clone, Copy, Debug)]
pub struct Passed<'a> {
    /// Its name.
    pub exercise: &'a str,
    /// Its folder in the track: `NN_topic/NAME`.
    pub folder: &'a str,
    /// The content that passed, in hexadecimal.
    pub hash: &'a str,
    /// When.
    pub at: Timestamp,
    /// Time in the compiler.
    pub compile: Duration,
    /// Time in the tests.
    pub run: Duration,
}

impl Store {
    /// Opens the state in a folder, which need not exist yet, and mends what is damaged.
    ///
    /// # Errors
    /// When something is there but cannot be read. A folder that cannot be written can be opened.
    pub fn open(dir: &Path) -> Result<(Self, Vec<Notice>), StateError> {
        Self::open_on(Box::new(RealDisk), dir)
    }

    /// [`Self::open`] on a given disk.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_on(disk: Box<dyn Disk>, dir: &Path) -> Result<(Self, Vec<Notice>), StateError> {
        let mut store = Self {
            disk,
            paths: Paths::of(dir),
            progress: Progress::default(),
            on_disk: None,
            seen: Seen {
                progress: None,
                history: 0,
            },
            newer: None,
            settled: false,
            patience: lock::PATIENCE,
            notices: Vec::new(),
        };
        store.reload()?;
        let notices = store.take_notices();
        Ok((store, notices))
    }

    /// How long to wait for another writer before giving up (3 s if not set).
    pub fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// What is done, as it was when last read or written.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// What people should be told since the last call.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        mem::take(&mut self.notices)
    }

    /// Reads again if another process wrote; says whether the progress is another now.
    ///
    /// # Errors
    /// As [`Self::open`]; the progress is then the one before.
    pub fn refresh(&mut self) -> Result<bool, StateError> {
        if recover::look(&*self.disk, &self.paths)? == self.seen {
            return Ok(false);
        }
        let before = self.progress.clone();
        self.reload()?;
        Ok(self.progress != before)
    }

    /// Changes the progress: under the lock, the state on the disk is read, changed and written.
    ///
    /// # Errors
    /// When it cannot be written; on the disk and in memory the state is then the one before.
    pub fn update<T>(&mut self, change: impl FnOnce(&mut Progress) -> T) -> Result<T, StateError> {
        let _lock = self.lock()?;
        let mut loaded = self.load_to_write()?;
        let value = change(&mut loaded.progress);
        self.write(loaded)?;
        Ok(value)
    }

    /// Records a pass, durably: keeps the version that passed (`files`: paths within the exercise
    /// and contents), appends to the history, marks the exercise as done. If only the version
    /// cannot be kept, the pass counts and a notice says so.
    ///
    /// # Errors
    /// When the pass cannot be recorded.
    pub fn pass<N: AsRef<str>, B: AsRef<[u8]>>(
        &mut self,
        passed: &Passed<'_>,
        files: &[(N, B)],
    ) -> Result<(), StateError> {
        self.pass_and(passed, files, |_| ())
    }

    /// [`Self::pass`], and a change that follows from it (where the learner goes next), in one
    /// write. `change` sees the exercise as done.
    ///
    /// # Errors
    /// As [`Self::pass`].
    pub fn pass_and<N: AsRef<str>, B: AsRef<[u8]>>(
        &mut self,
        passed: &Passed<'_>,
        files: &[(N, B)],
        change: impl FnOnce(&mut Progress),
    ) -> Result<(), StateError> {
        let &Passed {
            exercise, at, hash, ..
        } = passed;
        let _lock = self.lock()?;
        let mut loaded = self.load_to_write()?;
        let kept = self.save(passed.folder, files, "passed", at, hash);
        let (compile, run) = (passed.compile, passed.run);
        let entry = Entry::judged(at, exercise, "passed", compile, run, hash);
        self.append_before(&mut loaded, &entry)?;
        loaded.progress.pass(exercise, at, hash);
        change(&mut loaded.progress);
        self.write(loaded)?;
        if let Err(error) = kept {
            let text =
                format!("{exercise} is done, but the version that passed was not kept: {error}");
            self.notices.push(Notice(text));
        }
        Ok(())
    }

    /// Makes a done exercise pending again, in the history as well.
    ///
    /// # Errors
    /// As [`Self::update`].
    pub fn reopen(&mut self, exercise: &str, at: Timestamp) -> Result<(), StateError> {
        let _lock = self.lock()?;
        let mut loaded = self.load_to_write()?;
        self.append_before(&mut loaded, &Entry::event(at, exercise, Event::Reopen))?;
        loaded.progress.reopen(exercise);
        self.write(loaded)
    }

    /// Notes, in the history as well, that a done exercise is being repeated.
    ///
    /// # Errors
    /// As [`Self::update`].
    pub fn review(&mut self, exercise: &str, at: Timestamp) -> Result<(), StateError> {
        let _lock = self.lock()?;
        let mut loaded = self.load_to_write()?;
        self.append_before(&mut loaded, &Entry::event(at, exercise, Event::Review))?;
        loaded.progress.begin_review(exercise, at);
        self.write(loaded)
    }

    /// Counts one more hint as shown, in the history as well, and gives their number.
    ///
    /// # Errors
    /// As [`Self::update`].
    pub fn show_hint(&mut self, exercise: &str, at: Timestamp) -> Result<u32, StateError> {
        let _lock = self.lock()?;
        let mut loaded = self.load_to_write()?;
        let shown = loaded.progress.show_hint(exercise);
        self.write(loaded)?;
        let mut entry = Entry::event(at, exercise, Event::Hint);
        entry.shown = Some(shown);
        if let Err(error) = self.append(&entry) {
            let text = format!("the hint counts, but the history lacks it: {error}");
            self.notices.push(Notice(text));
        }
        Ok(shown)
    }

    /// Appends to the history. A pass is recorded with [`Self::pass`].
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn record(&mut self, entry: &Entry<'_>) -> Result<(), StateError> {
        let _lock = self.lock()?;
        self.append(entry)?;
        self.take_tail()
    }

    /// Under the lock: when much of the history is newer than the progress file, that takes it over.
    fn take_tail(&mut self) -> Result<(), StateError> {
        if self.tail() > TAIL {
            let mut loaded = self.load_to_write()?;
            loaded.progress.history_bytes = loaded.seen.history;
            self.write(loaded)?;
        }
        Ok(())
    }

    fn tail(&self) -> u64 {
        self.seen
            .history
            .saturating_sub(self.progress.history_bytes)
    }

    /// What the history adds up to, by days of this time zone. What was read once is kept in the cache.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub fn activity(&self, zone: &TimeZone) -> Result<Activity, StateError> {
        let path = &self.paths.history;
        activity::read(&*self.disk, path, &self.paths.dir.join("cache"), zone)
            .map_err(StateError::io("read", path))
    }

    /// Gives every entry of the history in order, and returns how many lines could not be read.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn history(&self, each: impl FnMut(&Entry<'_>)) -> Result<usize, StateError> {
        let path = &self.paths.history;
        history::read_from(&*self.disk, path, 0, each).map_err(StateError::io("read", path))
    }

    /// Keeps a version of an exercise's files before they are replaced, durably, and gives its
    /// folder. If the newest kept version has the same content, that one is given.
    ///
    /// # Errors
    /// When it cannot be kept: the files must then not be replaced.
    pub fn keep<N: AsRef<str>, B: AsRef<[u8]>>(
        &mut self,
        folder: &str,
        files: &[(N, B)],
        why: &str,
        at: Timestamp,
        hash: &str,
    ) -> Result<PathBuf, StateError> {
        let _lock = self.lock()?;
        self.save(folder, files, why, at, hash)
    }

    /// The versions kept of the exercise in a folder (`NN_topic/NAME`), oldest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn attempts(&self, folder: &str) -> Result<Vec<Attempt>, StateError> {
        attempts::list(&*self.disk, &self.paths.dir, folder)
    }

    /// The files of a kept version: paths within the exercise and contents.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn load(&self, attempt: &Attempt) -> Result<Vec<(String, Vec<u8>)>, StateError> {
        attempts::load(&*self.disk, &attempt.path)
    }

    fn reload(&mut self) -> Result<(), StateError> {
        let loaded = recover::load(&*self.disk, &self.paths, self.on_disk.as_ref())?;
        if !loaded.is_broken() {
            if let Health::Newer(version) = loaded.health {
                self.notices.push(Notice(self.refusal(version).to_string()));
            }
            self.adopt(loaded);
            if self.tail() > TAIL {
                // Only to be quicker the next time: where nothing can be written, reading works as well.
                let _ = self.lock().and_then(|_lock| self.take_tail());
            }
            return Ok(());
        }
        if let Err(error) = self.update(|_| ()) {
            let story = loaded.story(&self.paths, None);
            let text = format!("{story}; this could not be written down: {error}");
            self.notices.push(Notice(text));
            self.adopt(loaded);
        }
        Ok(())
    }

    fn adopt(&mut self, loaded: Loaded) {
        (self.newer, self.on_disk) = match loaded.health {
            Health::Newer(version) => (Some(version), None),
            Health::Good(file) => (None, Some(file)),
            _ => (None, None),
        };
        self.progress = loaded.progress;
        self.seen = loaded.seen;
    }

    fn refusal(&self, version: i64) -> StateError {
        StateError::Newer {
            path: self.paths.progress.clone(),
            version,
        }
    }

    fn lock(&mut self) -> Result<Lock, StateError> {
        if let Some(version) = self.newer {
            return Err(self.refusal(version));
        }
        let (disk, dir) = (&*self.disk, &self.paths.dir);
        match disk.create_dir(dir) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => made.map_err(StateError::io("make", dir))?,
        }
        let lock = lock::acquire(disk, &self.paths.lock, self.patience)?;
        if !self.settled {
            // A writer that died before its last step left what looks written and is not durable.
            for dir in [dir, file::folder_of(dir)] {
                disk.sync_dir(dir).map_err(StateError::io("write", dir))?;
            }
            // Temporary files are nobody's: their writers would hold the lock.
            file::sweep(disk, dir, Duration::ZERO);
            self.settled = true;
        }
        Ok(lock)
    }

    fn save<N: AsRef<str>, B: AsRef<[u8]>>(
        &self,
        folder: &str,
        files: &[(N, B)],
        why: &str,
        at: Timestamp,
        hash: &str,
    ) -> Result<PathBuf, StateError> {
        let files = files
            .iter()
            .map(|(name, bytes)| (name.as_ref(), bytes.as_ref()));
        let version = Version {
            files: files.collect(),
            why,
            at,
            hash,
        };
        attempts::save(&*self.disk, &self.paths.dir, folder, &version)
    }

    /// Appends under the lock and gives the history's length.
    fn append(&mut self, entry: &Entry<'_>) -> Result<u64, StateError> {
        let path = &self.paths.history;
        if file::is_folder(&*self.disk, path) {
            let aside =
                file::set_aside(&*self.disk, path).map_err(StateError::io("set aside", path))?;
            let (path, aside) = (path.display(), aside.display());
            let text = format!("{path} was a folder; set aside as {aside}");
            self.notices.push(Notice(text));
        }
        let end =
            history::append(&*self.disk, path, entry).map_err(StateError::io("write", path))?;
        self.seen.history = end;
        Ok(end)
    }

    /// Appends, durably, what is about to be written to the progress file as well.
    fn append_before(&mut self, loaded: &mut Loaded, entry: &Entry<'_>) -> Result<(), StateError> {
        let end = self.append(entry)?;
        loaded.seen.history = end;
        loaded.progress.history_bytes = end;
        Ok(())
    }

    /// What is on the disk, under the lock, to be changed.
    fn load_to_write(&mut self) -> Result<Loaded, StateError> {
        let loaded = recover::load(&*self.disk, &self.paths, self.on_disk.as_ref())?;
        if let Health::Newer(version) = loaded.health {
            self.adopt(loaded);
            return Err(self.refusal(version));
        }
        Ok(loaded)
    }

    /// Writes what was loaded and changed, unless it is what the file says already.
    fn write(&mut self, mut loaded: Loaded) -> Result<(), StateError> {
        if loaded.is_changed() {
            self.replace(&mut loaded)?;
        }
        self.adopt(loaded);
        Ok(())
    }

    /// Puts the changed progress in the place of what is there.
    fn replace(&mut self, loaded: &mut Loaded) -> Result<(), StateError> {
        let (disk, paths) = (&*self.disk, &self.paths);
        if loaded.is_broken() && loaded.seen.history > 0 {
            disk.sync(&paths.history)
                .map_err(StateError::io("write", &paths.history))?;
            loaded.progress.history_bytes = loaded.seen.history;
        }
        let text = format::render(&loaded.progress)
            .map_err(|error| StateError::io("write", &paths.progress)(io::Error::other(error)))?;
        let temporary = file::stage(disk, &paths.progress, text.as_bytes())?;
        let told = match loaded.make_room(disk, paths) {
            Ok(told) => told,
            Err(error) => {
                let _ = disk.remove(&temporary);
                return Err(error);
            }
        };
        self.settled = false;
        file::commit(disk, &temporary, &paths.progress)?;
        self.settled = true;
        loaded.seen.progress = disk.stat(&paths.progress).ok();
        loaded.health = Health::Good(OnDisk {
            bytes: text.into_bytes(),
            says: loaded.progress.clone(),
        });
        self.notices.extend(told.map(Notice));
        Ok(())
    }
}
