//! What is done, as pure data.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::history::{Entry, Event};

/// What a learner achieved and chose. Names that this version does not know are kept as they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Progress {
    /// The track that the workspace is of; empty until it is set.
    pub track: String,
    /// The chosen roadmap; empty until one is chosen.
    pub roadmap: String,
    /// The exercise that the learner is at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    /// The learner's calendar, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// How much of the history, in bytes, is known to be contained in `done` and `hints`.
    pub(super) history_bytes: u64,
    /// What passed, by exercise.
    pub done: BTreeMap<String, Done>,
    /// Number of hints shown, by exercise.
    pub hints: BTreeMap<String, u32>,
    /// Done exercises that are being repeated, and since when.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub review: BTreeMap<String, Timestamp>,
    /// Keys of other versions, kept.
    #[serde(flatten)]
    pub(super) other: toml::Table,
}

/// When the learner began with the roadmap, and how much time there is for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The first day of the first week.
    pub start: Date,
    /// Hours a week; without them, the roadmap's own weeks hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<u32>,
}

/// A pass.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Done {
    /// When.
    pub at: Timestamp,
    /// The content that passed, in hexadecimal.
    pub hash: String,
    /// Keys of other versions, kept.
    #[serde(flatten)]
    pub(super) other: toml::Table,
}

impl Progress {
    /// Whether an exercise is done.
    pub fn is_done(&self, name: &str) -> bool {
        self.done.contains_key(name)
    }

    /// Number of hints shown for an exercise.
    pub fn hints_shown(&self, name: &str) -> u32 {
        self.hints.get(name).copied().unwrap_or(0)
    }

    /// Marks an exercise as done. ([`super::Store::pass`] also keeps the version that passed and
    /// writes the history.)
    pub fn pass(&mut self, name: &str, at: Timestamp, hash: &str) {
        let done = self.done.entry(name.to_string()).or_default();
        done.at = at;
        done.hash = hash.to_string();
        self.review.remove(name);
    }

    /// Notes that a done exercise is being repeated. ([`super::Store::review`] also writes the history.)
    pub(super) fn begin_review(&mut self, name: &str, at: Timestamp) {
        self.review.insert(name.to_string(), at);
    }

    /// Whether a done exercise is being repeated, so that its file need not pass.
    pub fn in_review(&self, name: &str) -> bool {
        self.review.contains_key(name)
    }

    /// Takes an exercise's mark away. ([`super::Store::reopen`] also writes the history.)
    pub fn reopen(&mut self, name: &str) {
        self.done.remove(name);
        self.review.remove(name);
    }

    /// Moves the learner to an exercise.
    pub fn set_current(&mut self, name: &str) {
        self.current = Some(name.to_string());
    }

    /// Chooses a roadmap.
    pub fn set_roadmap(&mut self, name: &str) {
        self.roadmap = name.to_string();
    }

    /// Counts one more hint as shown, and gives their number.
    pub fn show_hint(&mut self, name: &str) -> u32 {
        let shown = self.hints.entry(name.to_string()).or_default();
        *shown = shown.saturating_add(1);
        *shown
    }

    /// Moves what is known of an exercise to its new name; what the new name already has stays.
    pub fn rename(&mut self, old: &str, new: &str) {
        if let Some(done) = self.done.remove(old) {
            self.done.entry(new.to_string()).or_insert(done);
        }
        if let Some(hints) = self.hints.remove(old) {
            let shown = self.hints.entry(new.to_string()).or_default();
            *shown = hints.max(*shown);
        }
        if let Some(since) = self.review.remove(old) {
            self.review.entry(new.to_string()).or_insert(since);
        }
        if self.current.as_deref() == Some(old) {
            self.current = Some(new.to_string());
        }
    }

    /// Takes over what a line of the history says, unless something later is known already.
    /// Doing it twice, or with lines known before, changes nothing.
    pub(super) fn replay(&mut self, entry: &Entry<'_>) {
        let name: &str = &entry.exercise;
        let known = self.done.get(name).map(|done| done.at);
        if entry.passed() {
            if let Some(at) = entry
                .time()
                .filter(|at| known.is_none_or(|done| done < *at))
            {
                self.pass(name, at, &entry.hash);
            }
        } else if entry.is(Event::Review) {
            if let (Some(at), Some(done)) = (entry.time(), known)
                && at > done
            {
                self.begin_review(name, at);
            }
        } else if entry.is(Event::Reopen) {
            if entry.time() > known {
                self.reopen(name);
            }
        } else if entry.is(Event::Hint) {
            let shown = entry.shown.unwrap_or(0);
            if shown > self.hints_shown(name) {
                self.hints.insert(name.to_string(), shown);
            }
        }
    }

    /// Adds what another version of the same state has. Nothing is taken away; where both have
    /// a value, the other's is taken as the later one.
    pub(super) fn absorb(&mut self, later: Progress) {
        if !later.track.is_empty() {
            self.track = later.track;
        }
        if !later.roadmap.is_empty() {
            self.roadmap = later.roadmap;
        }
        self.current = later.current.or_else(|| self.current.take());
        self.plan = later.plan.or_else(|| self.plan.take());
        self.review.extend(later.review);
        self.done.extend(later.done);
        for (name, hints) in later.hints {
            let shown = self.hints.entry(name).or_default();
            *shown = hints.max(*shown);
        }
        self.other.extend(later.other);
    }
}
