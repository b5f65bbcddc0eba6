//! What the code under test sees of a disk, and what a grader does with it.

use crate::log::{Counts, Entry, Op, story};
use crate::state::{Id, State};
use crate::survive::{Survival, survivors};
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A disk with one flat folder of files. Clones are the same disk.
#[derive(Clone, Default)]
pub struct Disk(Arc<Mutex<State>>);

/// An open file. Clones are the same file; it stays readable when its name goes.
#[derive(Clone)]
pub struct File {
    disk: Disk,
    id: Id,
}

/// What programs do with a disk.
impl Disk {
    /// A new, empty disk.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a new, empty file. An error if there is one of this name.
    pub fn create(&self, name: &str) -> io::Result<File> {
        let id = self.state().create(name)?;
        Ok(self.file(id))
    }

    /// Opens a file. [`NotFound`](io::ErrorKind::NotFound) if there is none of this name.
    pub fn open(&self, name: &str) -> io::Result<File> {
        let id = self.state().id(name)?;
        Ok(self.file(id))
    }

    /// Whether there is a file of this name.
    pub fn exists(&self, name: &str) -> io::Result<bool> {
        let mut state = self.state();
        state.powered()?;
        Ok(state.names.contains_key(name))
    }

    /// The names of all files, sorted.
    pub fn list(&self) -> io::Result<Vec<String>> {
        let mut state = self.state();
        state.powered()?;
        Ok(state.names.keys().map(|name| name.to_string()).collect())
    }

    /// Gives a file another name. If there is a file of that name, it is replaced.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.state().rename(from, to)
    }

    /// Removes a file. [`NotFound`](io::ErrorKind::NotFound) if there is none of this name.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        self.state().remove(name)
    }

    /// Makes the names safe: everything that `create`, `rename` and `remove` have done until now.
    pub fn sync_dir(&self) -> io::Result<()> {
        self.state().sync_dir()
    }
}

/// What graders do with a disk. Nothing of this is counted, and all of it works without power.
impl Disk {
    /// The power will fail in the `step`th change from now: 1 is the next one. Changes are all operations but
    /// opening, listing and reading.
    pub fn fail_at(&self, step: u64) {
        let mut state = self.state();
        state.fail_at = Some(state.steps + step);
    }

    /// The power fails now, after the last operation.
    pub fn fail(&self) {
        self.state().off = true;
    }

    /// The `step`th read or change from now, 1 is the next one, is refused once: it returns an error and does nothing.
    /// The power stays on, and whatever comes after it works. It replaces an earlier one.
    pub fn refuse_at(&self, step: u64) {
        let mut state = self.state();
        state.refuse_at = Some(state.asked + step);
    }

    /// Whether the operation that [`refuse_at`](Disk::refuse_at) named has come, and was refused.
    pub fn has_refused(&self) -> bool {
        let state = self.state();
        state.refuse_at.is_some_and(|step| step <= state.asked)
    }

    /// Whether the power has failed.
    pub fn has_failed(&self) -> bool {
        self.state().off
    }

    /// A disk as this one is found after a crash. The old one stays as it is.
    pub fn after_crash(&self, survival: Survival) -> Disk {
        Disk::of(survivors(&self.state(), survival))
    }

    /// Another disk with the same files, all of them safe.
    pub fn copy(&self) -> Disk {
        let copy = self.after_crash(Survival::Everything);
        copy.state().history.clear();
        copy
    }

    /// How many changes are not synced: those that may survive a crash or not.
    pub fn unsynced(&self) -> usize {
        let state = self.state();
        let bytes = state.files.values().map(|file| file.changes.len());
        state.name_changes.len() + bytes.sum::<usize>()
    }

    /// How many changes there were, which is how many moments there are to fail in.
    pub fn steps(&self) -> u64 {
        self.state().steps
    }

    /// What was done until now, in numbers.
    pub fn counts(&self) -> Counts {
        self.state().counts
    }

    /// What `f` did to this disk, in numbers.
    pub fn measure<R>(&self, f: impl FnOnce() -> R) -> (R, Counts) {
        let before = self.counts();
        let result = f();
        (result, self.counts().since(&before))
    }

    /// All operations until now, in their order.
    pub fn operations(&self) -> Vec<Op> {
        let state = self.state();
        let ops = state.log.iter().filter_map(|entry| match entry {
            Entry::Op(op) => Some(op.clone()),
            Entry::Note(_) | Entry::Refused(_) => None,
        });
        ops.collect()
    }

    /// What is in a file now. `None` if there is no file of this name.
    pub fn peek(&self, name: &str) -> Option<Vec<u8>> {
        let state = self.state();
        let id = state.names.get(name)?;
        Some(state.content(*id).now.clone())
    }

    /// The bytes in all files together.
    pub fn size(&self) -> u64 {
        let state = self.state();
        let sizes = state.names.values().map(|id| state.content(*id).now.len());
        sizes.sum::<usize>() as u64
    }

    /// Notes what the grader does next; the [`story`](Disk::story) tells it in front of the operations that follow.
    pub fn note(&self, what: impl fmt::Display) {
        let note = what.to_string().into();
        self.state().tell(Entry::Note(note));
    }

    /// What happened to this disk, for a message: notes, changes, and the crashes with what survived them.
    pub fn story(&self) -> String {
        let state = self.state();
        let chapters = state.history.iter().map(|chapter| chapter.to_string());
        let mut text = chapters.collect::<String>() + &story(&state.log);
        if state.off {
            text += "\n  the power failed";
        }
        if state.off && state.fail_at == Some(state.steps) {
            text += &format!(" in the last of these changes, number {}", state.steps);
        }
        text
    }

    pub(crate) fn of(state: State) -> Disk {
        Disk(Arc::new(Mutex::new(state)))
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn file(&self, id: Id) -> File {
        let disk = self.clone();
        File { disk, id }
    }
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        let files = state.names.iter();
        let sizes = files.map(|(name, id)| (name, state.content(*id).now.len()));
        f.debug_map().entries(sizes).finish()
    }
}

impl File {
    /// Adds bytes at the end, and returns the offset at which they start.
    pub fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        self.disk.state().write(self.id, None, bytes)
    }

    /// Writes bytes at an offset. The file grows if they end behind its end; a gap is filled with zeros.
    pub fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.disk.state().write(self.id, Some(at), bytes)?;
        Ok(())
    }

    /// `len` bytes from an offset. [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) if the file ends before that.
    pub fn read_at(&self, at: u64, len: usize) -> io::Result<Vec<u8>> {
        self.disk.state().read(self.id, at, Some(len))
    }

    /// The whole file, in one read.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        self.disk.state().read(self.id, 0, None)
    }

    /// How many bytes there are.
    pub fn len(&self) -> io::Result<u64> {
        let mut state = self.disk.state();
        state.powered()?;
        Ok(state.content(self.id).now.len() as u64)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Cuts the file to a length, which must not be above its own.
    pub fn truncate(&self, len: u64) -> io::Result<()> {
        self.disk.state().truncate(self.id, len)
    }

    /// Makes the bytes and the length safe. The name of a new file is [`sync_dir`](Disk::sync_dir)'s.
    pub fn sync(&self) -> io::Result<()> {
        self.disk.state().sync(self.id)
    }

    /// The name, the last one that it had.
    pub fn name(&self) -> String {
        self.disk.state().content(self.id).name.to_string()
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "File({})", self.name())
    }
}
