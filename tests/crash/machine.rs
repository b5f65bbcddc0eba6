//! A machine in memory whose disk can fail, and that can die, at any operation.
//!
//! Every file and folder has two versions: what processes see, and what would be there after a
//! power cut. `sync` and `sync_dir` make the one the other; without them, anything in between
//! can be left.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use super::random::Random;

/// What goes wrong, at an operation counted from 0.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// The process dies; of a write, `torn` bytes (or all but as many) are done.
    Crash { at: usize, torn: Torn },
    /// The operation fails, once.
    Error { at: usize },
    /// From there on nothing more fits on the disk.
    Full { from: usize, torn: Torn },
}

/// How much of an interrupted write is done.
#[derive(Clone, Copy, Debug)]
pub enum Torn {
    Nothing,
    OneByte,
    Half,
    AllButOneByte,
}

impl Torn {
    pub const ALL: [Self; 4] = [
        Self::Nothing,
        Self::OneByte,
        Self::Half,
        Self::AllButOneByte,
    ];

    pub(super) fn of(self, len: usize) -> usize {
        match self {
            Self::Nothing => 0,
            Self::OneByte => 1.min(len),
            Self::Half => len / 2,
            Self::AllButOneByte => len.saturating_sub(1),
        }
    }
}

/// What is left after the machine died.
#[derive(Clone, Copy, Debug)]
pub enum Loss {
    /// Everything: only the process died.
    Nothing,
    /// What was not synced is gone.
    Unsynced,
    /// Names are there, content that was not synced is not.
    Content,
    /// Names are there, content that was not synced is zeros.
    Zeros,
    /// Content is there, names that were not synced are the old ones.
    Names,
    /// Some of the latest names, some of each content.
    Random(u64),
}

#[derive(Clone)]
pub(super) enum Node {
    File { live: Vec<u8>, synced: Vec<u8> },
    Folder { live: Names, synced: Names },
}

pub(super) type Names = BTreeMap<String, usize>;

/// A change of a folder's entries that is not durable yet.
#[derive(Clone)]
pub(super) struct Change {
    pub(super) folder: usize,
    pub(super) entries: Vec<(String, Option<usize>)>,
}

impl Change {
    pub(super) fn apply(&self, names: &mut Names) {
        for (name, node) in &self.entries {
            match node {
                Some(node) => names.insert(name.clone(), *node),
                None => names.remove(name),
            };
        }
    }
}

pub(super) struct Inner {
    pub(super) nodes: Vec<Node>,
    /// How often each node changed.
    pub(super) versions: Vec<u64>,
    pub(super) pending: Vec<Change>,
    pub(super) fault: Option<Fault>,
    pub(super) operations: usize,
    /// Whether each operation was a write.
    pub(super) writes: Vec<bool>,
    pub(super) down: bool,
}

/// Clones are the same machine.
#[derive(Clone)]
pub struct Machine(Arc<Mutex<Inner>>);

pub(super) const ROOT: usize = 0;

impl Machine {
    pub fn new() -> Self {
        let root = Node::Folder {
            live: Names::new(),
            synced: Names::new(),
        };
        Self::of(vec![root])
    }

    fn of(nodes: Vec<Node>) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            versions: vec![0; nodes.len()],
            nodes,
            pending: Vec::new(),
            fault: None,
            operations: 0,
            writes: Vec::new(),
            down: false,
        })))
    }

    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    /// Sets what is to go wrong, and counts operations from 0 again.
    pub fn fail(&self, fault: Option<Fault>) {
        let mut inner = self.inner();
        inner.fault = fault;
        inner.operations = 0;
        inner.writes.clear();
    }

    /// Whether it died.
    pub fn is_down(&self) -> bool {
        self.inner().down
    }

    /// For each operation since the last [`Self::fail`], whether it was a write.
    pub fn operations(&self) -> Vec<bool> {
        self.inner().writes.clone()
    }

    /// The machine after a crash.
    pub fn reboot(&self, loss: Loss) -> Self {
        let inner = self.inner();
        if matches!(loss, Loss::Nothing) {
            // The system still has what was not synced; a later crash can take it.
            let machine = Self::of(inner.nodes.clone());
            machine.inner().pending.clone_from(&inner.pending);
            return machine;
        }
        let mut random = Random::new(match loss {
            Loss::Random(seed) => seed,
            _ => 0,
        });
        let survived = match loss {
            Loss::Content | Loss::Zeros => inner.pending.len(),
            Loss::Nothing | Loss::Unsynced | Loss::Names => 0,
            Loss::Random(_) => random.below(inner.pending.len() + 1),
        };
        let mut nodes = inner.nodes.clone();
        for change in &inner.pending[..survived] {
            if let Node::Folder { synced, .. } = &mut nodes[change.folder] {
                change.apply(synced);
            }
        }
        for node in &mut nodes {
            match node {
                Node::Folder { live, synced } => live.clone_from(synced),
                Node::File { live, synced } => {
                    let unsynced = live.len().saturating_sub(synced.len());
                    match loss {
                        Loss::Names => synced.clone_from(live),
                        Loss::Nothing | Loss::Unsynced | Loss::Content => live.clone_from(synced),
                        Loss::Zeros => synced.resize(live.len(), 0),
                        Loss::Random(_) => {
                            let len = live.len() - unsynced + random.below(unsynced + 1);
                            let zeros = random.below(2) == 0;
                            synced.clone_from(&live[..len].to_vec());
                            synced.resize(if zeros { live.len() } else { len }, 0);
                        }
                    }
                    live.clone_from(synced);
                }
            }
        }
        Self::of(nodes)
    }

    /// Makes everything durable, as if it had been there for long.
    pub fn settle(&self) {
        let mut inner = self.inner();
        inner.pending.clear();
        for node in &mut inner.nodes {
            match node {
                Node::Folder { live, synced } => synced.clone_from(live),
                Node::File { live, synced } => synced.clone_from(live),
            }
        }
    }

    /// Every path below the root.
    pub fn paths(&self) -> Vec<String> {
        let inner = self.inner();
        let mut found = Vec::new();
        let mut todo = vec![(String::new(), ROOT)];
        while let Some((path, node)) = todo.pop() {
            if let Node::Folder { live, .. } = &inner.nodes[node] {
                for (name, child) in live {
                    let path = format!("{path}/{name}");
                    found.push(path.clone());
                    todo.push((path, *child));
                }
            }
        }
        found.sort();
        found
    }
}
