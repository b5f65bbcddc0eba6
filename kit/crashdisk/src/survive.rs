//! What a crash leaves.

use crate::log::Chapter;
use crate::state::{Change, Content, Names, State};
use seeded::Rng;
use std::collections::BTreeMap;
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
    /// How many changes have had their fate.
    seen: usize,
    told: Vec<String>,
}

pub(crate) fn survivors(state: &State, survival: Survival) -> State {
    let mut rng = Rng::new(match survival {
        Survival::Seeded(seed) => seed,
        _ => 0,
    });
    let keep = *rng.pick(&[0.2, 0.5, 0.8]);
    let told = Vec::new();
    let mut luck = Luck {
        survival,
        rng,
        keep,
        seen: 0,
        told,
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
    let told = match &luck.told[..] {
        [] => "everything was synced".to_string(),
        told => format!("of the unsynced changes: {}", told.join("; ")),
    };
    let last = match state.fail_at == Some(state.steps) {
        true => format!(" in the last of these changes, number {}", state.steps),
        false => String::new(),
    };
    let end = format!("the power failed{last}; {told}");
    let log = state.log.clone();
    let mut next = State::safe(files, names);
    next.history = state.history.clone();
    next.history.push(Arc::new(Chapter { log, end }));
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
            self.tell(change.op(), if kept { Fate::Kept } else { Fate::Lost });
        }
        names
    }

    /// Overwriting writes, each for itself; changes of the length in their order.
    fn bytes(&mut self, file: &Content) -> Vec<u8> {
        let mut bytes = file.safe.clone();
        let lengths = file.changes.iter().enumerate();
        let lengths = lengths.filter(|(_, change)| !matches!(change, Change::Overwrite { .. }));
        let lengths: Vec<usize> = lengths.map(|(i, _)| self.seen + i).collect();
        let mut to_keep = self.first_of(&lengths);
        for change in &file.changes {
            let (fate, what) = match change {
                Change::Overwrite { at, bytes } => {
                    let fate = match self.whole() {
                        true if self.tears() => self.torn(bytes.len()),
                        true => Fate::Kept,
                        false => Fate::Lost,
                    };
                    (fate, format!("{} bytes at {at}", bytes.len()))
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
                    (fate, format!("{} bytes at the end", bytes.len()))
                }
                Change::Cut(len) => {
                    let fate = if to_keep > Some(0) {
                        Fate::Kept
                    } else {
                        Fate::Lost
                    };
                    to_keep = to_keep.and_then(|n| n.checked_sub(1));
                    (fate, format!("truncate to {len} bytes"))
                }
            };
            match fate {
                Fate::Lost => {}
                Fate::Torn(part) => change.apply(&mut bytes, part),
                Fate::Zeros(part) => {
                    let len = bytes.len();
                    change.apply(&mut bytes, usize::MAX);
                    bytes[len + part..].fill(0);
                }
                Fate::Kept => change.apply(&mut bytes, usize::MAX),
            }
            self.tell(format!("{}: {what}", file.name), fate);
        }
        bytes
    }

    /// Whether the next change survives, if it is one of its own.
    fn whole(&mut self) -> bool {
        match self.survival {
            Survival::Nothing => false,
            Survival::Everything => true,
            Survival::Only(one) => one == self.seen,
            Survival::AllBut(one) => one != self.seen,
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

    fn tell(&mut self, what: impl std::fmt::Display, fate: Fate) {
        self.seen += 1;
        self.told.push(match fate {
            Fate::Lost => format!("{what} is lost"),
            Fate::Torn(part) => format!("{what} is torn, {part} bytes are there"),
            Fate::Zeros(part) => format!("{what} is torn, {part} bytes are there and zeros"),
            Fate::Kept => format!("{what} is there"),
        });
    }
}
