//! What was done to a disk: as operations, as numbers, and as a story for a message.

use std::fmt;
use std::sync::Arc;

/// One operation, as it stands in [`Disk::operations`](crate::Disk::operations).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// A new file.
    Create(Arc<str>),
    /// `len` bytes from the offset `at`.
    Read {
        /// The file.
        file: Arc<str>,
        /// The first byte.
        at: u64,
        /// How many.
        len: u64,
    },
    /// `len` bytes at the offset `at`: by `write_at`, or by `append` at the end.
    Write {
        /// The file.
        file: Arc<str>,
        /// The first byte.
        at: u64,
        /// How many.
        len: u64,
    },
    /// A file was cut to a length.
    Truncate {
        /// The file.
        file: Arc<str>,
        /// Its new length.
        len: u64,
    },
    /// The bytes of a file were made safe.
    Sync(Arc<str>),
    /// The names were made safe.
    SyncDir,
    /// A file got another name.
    Rename(Arc<str>, Arc<str>),
    /// A name was removed.
    Remove(Arc<str>),
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Create(file) => write!(f, "create({file})"),
            Op::Read { file, at, len } => write!(f, "read({file}, {len} bytes at {at})"),
            Op::Write { file, at, len } => write!(f, "write({file}, {len} bytes at {at})"),
            Op::Truncate { file, len } => write!(f, "truncate({file}, to {len} bytes)"),
            Op::Sync(file) => write!(f, "sync({file})"),
            Op::SyncDir => write!(f, "sync_dir()"),
            Op::Rename(from, to) => write!(f, "rename({from}, {to})"),
            Op::Remove(file) => write!(f, "remove({file})"),
        }
    }
}

/// How much was done to a disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls that read bytes of a file.
    pub reads: u64,
    /// Calls that wrote bytes of a file.
    pub writes: u64,
    /// Syncs of a file.
    pub syncs: u64,
    /// Syncs of the folder.
    pub dir_syncs: u64,
    /// Bytes read.
    pub bytes_read: u64,
    /// Bytes written.
    pub bytes_written: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, op: &Op) {
        match op {
            Op::Read { len, .. } => {
                self.reads += 1;
                self.bytes_read += len;
            }
            Op::Write { len, .. } => {
                self.writes += 1;
                self.bytes_written += len;
            }
            Op::Sync(_) => self.syncs += 1,
            Op::SyncDir => self.dir_syncs += 1,
            _ => {}
        }
    }

    pub(crate) fn since(&self, before: &Counts) -> Counts {
        Counts {
            reads: self.reads - before.reads,
            writes: self.writes - before.writes,
            syncs: self.syncs - before.syncs,
            dir_syncs: self.dir_syncs - before.dir_syncs,
            bytes_read: self.bytes_read - before.bytes_read,
            bytes_written: self.bytes_written - before.bytes_written,
        }
    }
}

/// One line of the log: an operation, or what the grader was doing.
#[derive(Clone)]
pub(crate) enum Entry {
    Note(Arc<str>),
    Op(Op),
    Refused(Op),
}

/// So many lines of a story are told; what was before is counted.
const LINES: usize = 12;
/// So many operations are told in one line.
const IN_LINE: usize = 8;

/// The changes of a log: a line for each note with the operations that followed it. Reads are left out.
pub(crate) fn story(log: &[Entry]) -> String {
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    for entry in log {
        let mut tell = |op| match lines.last_mut() {
            Some((_, ops)) => ops.push(op),
            None => lines.push((String::new(), vec![op])),
        };
        match entry {
            Entry::Op(Op::Read { .. }) => {}
            Entry::Note(note) => lines.push((note.to_string(), Vec::new())),
            Entry::Op(op) => tell(op.to_string()),
            Entry::Refused(op) => tell(format!("{op} refused")),
        }
    }
    let told = lines.len().saturating_sub(LINES);
    let mut text = match told {
        0 => String::new(),
        n => format!("\n  ... {n} earlier lines ..."),
    };
    for (note, ops) in &lines[told..] {
        let first = ops.len().saturating_sub(IN_LINE);
        let mut ops = ops[first..].to_vec();
        if first > 0 {
            ops.insert(0, format!("... {first} more"));
        }
        let colon = if note.is_empty() || ops.is_empty() {
            ""
        } else {
            ": "
        };
        text += &format!("\n  {note}{colon}{}", ops.join(", "));
    }
    text
}
