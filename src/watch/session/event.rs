//! What happens, and what is to be done about it: plain data.

use std::sync::Arc;

use crate::judge::{Sources, Step, Verdict};
use crate::track::{ContentHash, Difficulty};
use crate::ui::{Size, Tone};
use crate::watch::keys::Key;

/// An exercise of the walk, as far as the screen needs it.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// Its headline.
    pub title: String,
    /// The headline of its topic.
    pub topic: String,
    /// How hard.
    pub difficulty: Difficulty,
    /// How long it takes, about.
    pub minutes: u32,
    /// Its main file, from the workspace's folder.
    pub path: String,
    /// Its hints.
    pub hints: Vec<String>,
    /// Whether it has passed.
    pub done: bool,
}

impl Item {
    /// Whether a word, in lower case, occurs in its name, title or topic.
    pub fn mentions(&self, word: &str) -> bool {
        [&self.name, &self.title, &self.topic]
            .iter()
            .any(|text| text.to_lowercase().contains(word))
    }
}

/// A verdict and the version that it is about.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What came of it.
    pub verdict: Verdict,
    /// What was judged.
    pub sources: Sources,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The current exercise's files hold something new.
    Saved,
    /// Another exercise's file was saved.
    SavedElsewhere(usize),
    /// The current exercise's files cannot be read, and why.
    Unreadable(String),
    /// A key.
    Key(Key),
    /// A judgement got on.
    Step(u64, Step),
    /// A judgement is over.
    Judged {
        /// Which one.
        id: u64,
        /// What it gave; nothing if it was cancelled.
        judged: Option<Arc<Judged>>,
        /// The version that is on the disk now, if it can be read.
        on_disk: Option<ContentHash>,
    },
    /// The check of everything got on.
    Checking {
        /// Which one.
        id: u64,
        /// How many are checked.
        done: usize,
        /// Of how many.
        total: usize,
    },
    /// The check of everything is over; nothing if it was cancelled.
    Checked(u64, Option<Vec<(usize, Checked)>>),
    /// What is said after passing was loaded.
    After(usize, String),
    /// The solution was loaded: the names and texts of its files.
    Solution(usize, Vec<(String, String)>),
    /// Something was brought about, or not: words for the learner.
    Told(Notice),
    /// Advice on what passed: messages, as rendered.
    Advice(usize, Vec<String>),
    /// What is done was changed from outside: one for each item.
    Done(Vec<bool>),
    /// The current exercise's files were replaced by a reset or its undoing.
    Replaced(Notice),
    /// How saves are seen, where it is not the usual way.
    Watching(Option<String>),
    /// The terminal has another size.
    Resized(Size),
    /// Where the learner is in the calendar, in words.
    Standing(Option<String>),
    /// What is due for a repetition first, if anything, and in words what is known of it.
    Due(Option<(usize, String)>),
    /// An item begins afresh, to be done again.
    Again(usize, Notice),
    /// Time passed.
    Tick,
    /// A signal came.
    Signal(Signal),
    /// The terminal is gone.
    Gone,
}

/// Signals that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ends everything; the number is the signal's.
    End(u8),
    /// Stop, for the shell.
    Stop,
    /// Continued after a stop.
    Continue,
}

/// What checking an exercise once more gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// It passes.
    Passes,
    /// It does not.
    Fails,
    /// That could not be found out.
    Unknown,
}

/// Words for the learner that stay until the next key or save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How they are meant.
    pub tone: Tone,
    /// The words.
    pub text: String,
}

impl Notice {
    /// Good news.
    pub fn good(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Good,
            text: text.into(),
        }
    }

    /// Something to know.
    pub fn info(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Info,
            text: text.into(),
        }
    }

    /// Something that did not work.
    pub fn warn(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Warn,
            text: text.into(),
        }
    }
}

/// What the loop has to bring about.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Watch the files of this item.
    Watch(usize),
    /// Judge this item as it is on the disk now, in place of whatever is being judged.
    Judge(u64, usize),
    /// Check these items, in place of whatever is being judged.
    Check(u64, Vec<usize>),
    /// Stop judging.
    Cancel,
    /// Load what is said after passing this item.
    LoadAfter(usize),
    /// Load the solution of this item.
    LoadSolution(usize),
    /// Keep that this item is the current one.
    SetCurrent(usize),
    /// Keep a verdict on this item: as an attempt, or as a pass with everything that belongs to one.
    Record(usize, Arc<Judged>),
    /// Keep that these items do not pass any more.
    SetPending(Vec<usize>),
    /// Keep how many hints of this item were shown.
    ShowHint(usize, usize),
    /// Ask for advice on what passed, when there is nothing else to do.
    Advise(usize, Arc<Judged>),
    /// Reset this item.
    Reset(usize),
    /// Take the last reset of this item back.
    Restore(usize),
    /// Find out what is due for a repetition.
    FindDue,
    /// Begin this item afresh, to be done again.
    Review(usize),
    /// Open this item in the editor, at `path:line:column` if given.
    Open(usize, Option<String>),
    /// Stop the process for the shell.
    Suspend,
    /// Take the terminal again and draw everything.
    Redraw,
    /// End.
    Quit(End),
}

impl Effect {
    /// Whether it can wait until the screen is drawn: what writes to the disk and waits for it.
    pub fn can_wait(&self) -> bool {
        matches!(
            self,
            Self::SetCurrent(_) | Self::Record(..) | Self::SetPending(_) | Self::ShowHint(..)
        )
    }
}

/// How watch mode ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The learner quit.
    Quit,
    /// A signal of this number.
    Signal(u8),
    /// The terminal went away.
    Gone,
}
