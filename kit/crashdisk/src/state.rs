//! What is on a disk: as programs see it, and as the power would leave it.

use crate::log::{Counts, Entry, Op};
use crate::survive::Chapter;
use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::sync::Arc;

/// A file by number: names may change.
pub(crate) type Id = u64;
pub(crate) type Names = BTreeMap<Arc<str>, Id>;

/// More operations than any test needs: who gets there does not end.
const LIMIT: u64 = 5_000_000;
/// So many errors after a crash are enough to notice it.
const PATIENCE: u64 = 10_000;

#[derive(Clone, Default)]
pub(crate) struct State {
    pub files: BTreeMap<Id, Content>,
    /// The names as programs see them, as they are safe, and the changes between.
    pub names: Names,
    pub safe_names: Names,
    pub name_changes: Vec<NameChange>,
    pub steps: u64,
    pub fail_at: Option<u64>,
    /// Reads and changes that were asked for, and the one that is refused.
    pub asked: u64,
    pub refuse_at: Option<u64>,
    pub off: bool,
    pub counts: Counts,
    pub log: Arc<Vec<Entry>>,
    /// The crashes that this disk has behind it.
    pub history: Vec<Arc<Chapter>>,
    next: Id,
    calls: u64,
    refused: u64,
}

/// The bytes of a file as programs see them, as they are safe, and the changes between.
#[derive(Clone)]
pub(crate) struct Content {
    pub name: Arc<str>,
    pub now: Vec<u8>,
    pub safe: Vec<u8>,
    pub changes: Vec<Change>,
}

#[derive(Clone)]
pub(crate) enum Change {
    Overwrite { at: usize, bytes: Vec<u8> },
    Append(Vec<u8>),
    Cut(usize),
}

#[derive(Clone)]
pub(crate) enum NameChange {
    Create(Arc<str>, Id),
    Rename(Arc<str>, Arc<str>, Id),
    Remove(Arc<str>),
}

impl Change {
    /// Makes the change, or of a write only the first `part` bytes. What lies beyond the end is left out.
    pub fn apply(&self, bytes: &mut Vec<u8>, part: usize) {
        match self {
            Change::Overwrite { at, bytes: new } => {
                let room = bytes.len().saturating_sub(*at);
                let part = part.min(new.len()).min(room);
                if part > 0 {
                    bytes[*at..*at + part].copy_from_slice(&new[..part]);
                }
            }
            Change::Append(new) => bytes.extend(&new[..part.min(new.len())]),
            Change::Cut(len) => bytes.truncate(*len),
        }
    }
}

impl NameChange {
    pub fn apply(&self, names: &mut Names) {
        match self {
            NameChange::Create(name, id) => _ = names.insert(name.clone(), *id),
            NameChange::Rename(from, to, id) => {
                names.remove(from);
                names.insert(to.clone(), *id);
            }
            NameChange::Remove(name) => _ = names.remove(name),
        }
    }

    /// The names that it changes.
    pub fn touches(&self) -> Vec<&Arc<str>> {
        match self {
            NameChange::Create(name, _) | NameChange::Remove(name) => vec![name],
            NameChange::Rename(from, to, _) => vec![from, to],
        }
    }

    pub fn op(&self) -> Op {
        match self {
            NameChange::Create(name, _) => Op::Create(name.clone()),
            NameChange::Rename(from, to, _) => Op::Rename(from.clone(), to.clone()),
            NameChange::Remove(name) => Op::Remove(name.clone()),
        }
    }
}

impl Content {
    pub fn new(name: Arc<str>, bytes: Vec<u8>) -> Self {
        Self {
            name,
            now: bytes.clone(),
            safe: bytes,
            changes: Vec::new(),
        }
    }

    fn change(&mut self, change: Change) {
        change.apply(&mut self.now, usize::MAX);
        self.changes.push(change);
    }

    fn write(&mut self, at: usize, bytes: &[u8]) {
        let inside = self.now.len().saturating_sub(at).min(bytes.len());
        if inside > 0 {
            let bytes = bytes[..inside].to_vec();
            self.change(Change::Overwrite { at, bytes });
        }
        if inside < bytes.len() {
            // Between the old end and the new bytes there are zeros, and they arrive together.
            let mut tail = vec![0; at.saturating_sub(self.now.len())];
            tail.extend(&bytes[inside..]);
            self.change(Change::Append(tail));
        }
    }
}

impl State {
    /// A disk on which everything is safe.
    pub fn safe(files: BTreeMap<Id, Content>, names: Names) -> Self {
        State {
            next: files.keys().max().map_or(0, |last| last + 1),
            files,
            safe_names: names.clone(),
            names,
            ..State::default()
        }
    }

    pub fn id(&mut self, name: &str) -> io::Result<Id> {
        self.powered()?;
        let missing = || io::Error::new(ErrorKind::NotFound, format!("there is no file {name}"));
        self.names.get(name).copied().ok_or_else(missing)
    }

    /// An error when the power is gone. Who does not stop then, or never stops at all, is stopped.
    pub fn powered(&mut self) -> io::Result<()> {
        self.calls += 1;
        self.refused += u64::from(self.off);
        if !std::thread::panicking() {
            assert!(
                self.refused < PATIENCE,
                "{PATIENCE} operations on a disk without power: its errors have to be passed on"
            );
            assert!(
                self.calls < LIMIT,
                "{LIMIT} operations on one disk: does a loop never end?"
            );
        }
        match self.off {
            true => Err(io::Error::other("the power is gone")),
            false => Ok(()),
        }
    }

    pub fn tell(&mut self, entry: Entry) {
        Arc::make_mut(&mut self.log).push(entry);
    }

    fn record(&mut self, op: Op) {
        self.counts.add(&op);
        self.tell(Entry::Op(op));
    }

    /// An error if this is the operation that is to be refused. The disk works on.
    fn granted(&mut self, op: &Op) -> io::Result<()> {
        self.asked += 1;
        if self.refuse_at != Some(self.asked) {
            return Ok(());
        }
        self.tell(Entry::Refused(op.clone()));
        Err(io::Error::other(format!("the disk refused {op}")))
    }

    /// Does an operation that changes something, unless the power is gone. If it fails right now, the
    /// change is one of those that may have happened; a sync never has.
    fn step(&mut self, op: Op, apply: impl FnOnce(&mut State)) -> io::Result<()> {
        self.powered()?;
        self.granted(&op)?;
        self.steps += 1;
        self.off = self.fail_at == Some(self.steps);
        let is_sync = matches!(op, Op::Sync(_) | Op::SyncDir);
        self.record(op);
        if !(self.off && is_sync) {
            apply(self);
        }
        match self.off {
            true => Err(io::Error::other("the power failed")),
            false => Ok(()),
        }
    }

    pub fn create(&mut self, name: &str) -> io::Result<Id> {
        self.powered()?;
        if self.names.contains_key(name) {
            let text = format!("there is a file {name} already");
            return Err(io::Error::new(ErrorKind::AlreadyExists, text));
        }
        let (name, id): (Arc<str>, Id) = (name.into(), self.next);
        self.next += 1;
        let content = Content::new(name.clone(), Vec::new());
        self.step(Op::Create(name.clone()), |state| {
            state.files.insert(id, content);
            state.rename_by(NameChange::Create(name, id));
        })?;
        Ok(id)
    }

    pub fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        let id = self.id(from)?;
        let (from, to): (Arc<str>, Arc<str>) = (from.into(), to.into());
        self.step(Op::Rename(from.clone(), to.clone()), |state| {
            state
                .files
                .entry(id)
                .and_modify(|file| file.name = to.clone());
            state.rename_by(NameChange::Rename(from, to, id));
        })
    }

    pub fn remove(&mut self, name: &str) -> io::Result<()> {
        self.id(name)?;
        let name: Arc<str> = name.into();
        self.step(Op::Remove(name.clone()), |state| {
            state.rename_by(NameChange::Remove(name));
        })
    }

    fn rename_by(&mut self, change: NameChange) {
        change.apply(&mut self.names);
        self.name_changes.push(change);
    }

    pub fn sync_dir(&mut self) -> io::Result<()> {
        self.step(Op::SyncDir, |state| {
            state.safe_names = state.names.clone();
            state.name_changes.clear();
        })
    }

    /// The content of a file that a handle leads to: it stays, even if its name goes.
    pub fn content(&self, id: Id) -> &Content {
        &self.files[&id]
    }

    fn content_mut(&mut self, id: Id) -> &mut Content {
        self.files.get_mut(&id).expect("files are never dropped")
    }

    pub fn read(&mut self, id: Id, at: u64, len: Option<usize>) -> io::Result<Vec<u8>> {
        self.powered()?;
        let file = self.content(id);
        let (name, start) = (file.name.clone(), offset(at)?);
        let len = len.unwrap_or(file.now.len().saturating_sub(start));
        let part = start
            .checked_add(len)
            .and_then(|end| file.now.get(start..end));
        let Some(bytes) = part.map(<[u8]>::to_vec) else {
            let text = format!(
                "{name} has {} bytes: {len} bytes at {at} end behind them",
                file.now.len()
            );
            return Err(io::Error::new(ErrorKind::UnexpectedEof, text));
        };
        let len = len as u64;
        let op = Op::Read {
            file: name,
            at,
            len,
        };
        self.granted(&op)?;
        self.record(op);
        Ok(bytes)
    }

    pub fn write(&mut self, id: Id, at: Option<u64>, bytes: &[u8]) -> io::Result<u64> {
        let file = self.content(id);
        let at = at.unwrap_or(file.now.len() as u64);
        let start = offset(at)?;
        let (file, len) = (file.name.clone(), bytes.len() as u64);
        self.step(Op::Write { file, at, len }, |state| {
            state.content_mut(id).write(start, bytes);
        })?;
        Ok(at)
    }

    pub fn truncate(&mut self, id: Id, len: u64) -> io::Result<()> {
        self.powered()?;
        let file = self.content(id);
        let (name, now) = (file.name.clone(), file.now.len());
        if len > now as u64 {
            let text = format!("{name} has {now} bytes, and truncate does not add any");
            return Err(io::Error::new(ErrorKind::InvalidInput, text));
        }
        self.step(Op::Truncate { file: name, len }, |state| {
            if (len as usize) < now {
                state.content_mut(id).change(Change::Cut(len as usize));
            }
        })
    }

    pub fn sync(&mut self, id: Id) -> io::Result<()> {
        let name = self.content(id).name.clone();
        self.step(Op::Sync(name), |state| {
            let file = state.content_mut(id);
            file.safe = file.now.clone();
            file.changes.clear();
        })
    }
}

/// No file grows beyond 1 GiB: an offset there was read from garbage.
fn offset(at: u64) -> io::Result<usize> {
    if at > 1 << 30 {
        let text = format!("the offset {at} is beyond every file");
        return Err(io::Error::new(ErrorKind::InvalidInput, text));
    }
    Ok(at as usize)
}
