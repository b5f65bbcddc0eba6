//! What a crash leaves.

use crate::log::{Entry, Op, story};
use crate::state::{Change, Content, Names, State};
use seeded::Rng;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Which of the changes that were not synced survive a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Survival {
    /// None: the disk is as the last syncs left it.
    Nothing,
    /// All of them, as if there had been just enough time.
    Everything,
    /// One of them, counted from 0 up to [`Disk::unsynced`](crate::Disk::unsynced).
    Only(usize),
    /// All of them but one, and but those that need it.
    AllBut(usize),
    /// Some of them, drawn from a seed; some are torn.
    Seeded(u64),
}

/// What became of one change.
enum Fate {
    Lost,
    Torn(usize),
    /// The length is there, but behind so many bytes there are zeros.
    Zeros(usize),
    Kept,
}

/// Draws fates. Each crash has its own luck, so that "nearly all" and "nearly nothing" happen as well.
struct Luck {
    survival: Survival,
    rng: Rng,
    keep: f64,
    /// The changes that have had their fate.
    told: Vec<(Told, Fate)>,
}

/// A change that was not synced, for the story.
enum Told {
    Name(Op),
    Write(Arc<str>, usize, usize),
    Append(Arc<str>, usize),
    Cut(Arc<str>, usize),
}

/// What happened to a disk until a crash, and what the crash did. It is put into words only for a message.
pub(crate) struct Chapter {
    log: Arc<Vec<Entry>>,
    /// The change in which the power failed.
    step: Option<u64>,
    fates: Vec<(Told, Fate)>,
}

pub(crate) fn survivors(state: &State, survival: Survival) -> State {
    let mut rng = Rng::new(match survival {
        Survival::Seeded(seed) => seed,
        _ => 0,
    });
    let keep = *rng.pick(&[0.2, 0.5, 0.8]);
    let mut luck = Luck {
        survival,
        rng,
        keep,
        told: Vec::new(),
    };
    let names = luck.names(state);
    let mut files = BTreeMap::new();
    for (id, file) in &state.files {
        let bytes = luck.bytes(file);
        let name = names.iter().find(|(_, named)| *named == id);
        if let Some((name, _)) = name {
            files.insert(*id, Content::new(name.clone(), bytes));
        }
    }
    let chapter = Chapter {
        log: state.log.clone(),
        step: state.fail_at.filter(|step| *step == state.steps),
        fates: luck.told,
    };
    let mut next = State::safe(files, names);
    next.history = state.history.clone();
    next.history.push(Arc::new(chapter));
    next
}

impl Luck {
    /// Changes of names, each for itself, but those of one name in their order.
    fn names(&mut self, state: &State) -> Names {
        let mut names = state.safe_names.clone();
        let mut lost = Vec::new();
        for change in &state.name_changes {
            let touches = change.touches();
            let possible = !touches.iter().any(|name| lost.contains(name));
            let kept = possible && self.whole();
            match kept {
                true => change.apply(&mut names),
                false => lost.extend(touches),
            }
            let fate = if kept { Fate::Kept } else { Fate::Lost };
            self.told.push((Told::Name(change.op()), fate));
        }
        names
    }

    /// Overwriting writes, each for itself; changes of the length in their order.
    fn bytes(&mut self, file: &Content) -> Vec<u8> {
        let mut bytes = file.safe.clone();
        let lengths = file.changes.iter().enumerate();
        let lengths = lengths.filter(|(_, change)| !matches!(change, Change::Overwrite { .. }));
        let lengths: Vec<usize> = lengths.map(|(i, _)| self.told.len() + i).collect();
        let mut to_keep = self.first_of(&lengths);
        let name = || file.name.clone();
        for change in &file.changes {
            let (fate, what) = match change {
                Change::Overwrite { at, bytes } => {
                    let fate = match self.whole() {
                        true if self.tears() => self.torn(bytes.len()),
                        true => Fate::Kept,
                        false => Fate::Lost,
                    };
                    (fate, Told::Write(name(), bytes.len(), *at))
                }
                Change::Append(bytes) => {
                    let fate = match to_keep {
                        Some(0) if self.tears() => match self.rng.chance(0.5) {
                            true => self.torn(bytes.len()),
                            false => Fate::Zeros(self.rng.below(bytes.len().max(1))),
                        },
                        Some(0) => Fate::Lost,
                        Some(_) => Fate::Kept,
                        None => Fate::Lost,
                    };
                    to_keep = to_keep.and_then(|n| n.checked_sub(1));
                    (fate, Told::Append(name(), bytes.len()))
                }
                Change::Cut(len) => {
                    let fate = if to_keep > Some(0) {
                        Fate::Kept
                    } else {
                        Fate::Lost
                    };
                    to_keep = to_keep.and_then(|n| n.checked_sub(1));
                    (fate, Told::Cut(name(), *len))
                }
            };
            match &fate {
                Fate::Lost => {}
                Fate::Torn(part) => change.apply(&mut bytes, *part),
                Fate::Zeros(part) => {
                    let len = bytes.len();
                    change.apply(&mut bytes, usize::MAX);
                    bytes[len + part..].fill(0);
                }
                Fate::Kept => change.apply(&mut bytes, usize::MAX),
            }
            self.told.push((what, fate));
        }
        bytes
    }

    /// Whether the next change survives, if it is one of its own.
    fn whole(&mut self) -> bool {
        match self.survival {
            Survival::Nothing => false,
            Survival::Everything => true,
            Survival::Only(one) => one == self.told.len(),
            Survival::AllBut(one) => one != self.told.len(),
            Survival::Seeded(_) => self.rng.chance(self.keep),
        }
    }

    /// How many of these changes survive, which only do so in their order.
    fn first_of(&mut self, changes: &[usize]) -> Option<usize> {
        let n = changes.len();
        let before =
            |lost: &dyn Fn(usize) -> bool| changes.iter().take_while(|i| !lost(**i)).count();
        Some(match self.survival {
            Survival::Nothing => 0,
            Survival::Everything => n,
            Survival::Only(one) => before(&|i| i != one),
            Survival::AllBut(one) => before(&|i| i == one),
            Survival::Seeded(_) => self.rng.range(0..=n),
        })
    }

    fn tears(&mut self) -> bool {
        matches!(self.survival, Survival::Seeded(_)) && self.rng.chance(0.6)
    }

    fn torn(&mut self, len: usize) -> Fate {
        match len {
            0 | 1 => Fate::Lost,
            _ => Fate::Torn(self.rng.range(1..len)),
        }
    }
}

impl fmt::Display for Chapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  the power failed", story(&self.log))?;
        if let Some(step) = self.step {
            write!(f, " in the last of these changes, number {step}")?;
        }
        let fates = self
            .fates
            .iter()
            .map(|(what, fate)| format!("{what} {fate}"));
        match &fates.collect::<Vec<_>>()[..] {
            [] => f.write_str("; everything was synced"),
            fates => write!(f, "; of the unsynced changes: {}", fates.join("; ")),
        }?;
        f.write_str("\n  the power came back")
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Told::Name(op) => op.fmt(f),
            Told::Write(file, len, at) => write!(f, "{file}: {len} bytes at {at}"),
            Told::Append(file, len) => write!(f, "{file}: {len} bytes at the end"),
            Told::Cut(file, len) => write!(f, "{file}: truncate to {len} bytes"),
        }
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fate::Lost => write!(f, "is lost"),
            Fate::Torn(part) => write!(f, "is torn, {part} bytes are there"),
            Fate::Zeros(part) => write!(f, "is torn, {part} bytes are there and zeros"),
            Fate::Kept => write!(f, "is there"),
        }
    }
}
