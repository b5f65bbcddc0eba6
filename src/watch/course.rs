//! The walk: which exercises there are, in the learner's order, by their position in it.

use std::collections::HashMap;
use std::sync::Arc;

use super::session::Item;
use crate::progress::Progress;
use crate::track::{Exercise, FULL_ROADMAP, Track};

/// The exercises of the learner's roadmap, in its order.
#[derive(Clone, Debug)]
pub(super) struct Course {
    track: Arc<Track>,
    /// Positions in the track's list, by item.
    walk: Vec<usize>,
    items: HashMap<String, usize>,
}

impl Course {
    /// The walk of a roadmap. If `start` is not in it, it comes first, so that what follows is the roadmap; of a roadmap without
    /// exercises, the whole track.
    pub(super) fn new(track: Arc<Track>, roadmap: &str, start: Option<&str>) -> Self {
        let mut names: Vec<&str> = names(track.walk(roadmap));
        if names.is_empty() {
            names = self::names(track.walk(FULL_ROADMAP));
        }
        if let Some(start) = start.filter(|start| !names.contains(start)) {
            names.insert(0, start);
        }
        Self::of(&track, &names)
    }

    /// These exercises alone.
    pub(super) fn only(track: Arc<Track>, names: &[String]) -> Self {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        Self::of(&track, &names)
    }

    fn of(track: &Arc<Track>, names: &[&str]) -> Self {
        let all = track.exercises().iter().enumerate();
        let positions: HashMap<&str, usize> = all
            .map(|(position, exercise)| (exercise.name.as_str(), position))
            .collect();
        let walk: Vec<usize> = names
            .iter()
            .filter_map(|name| positions.get(name).copied())
            .collect();
        let named = walk.iter().enumerate();
        let items = named
            .map(|(item, &position)| (track.exercises()[position].name.clone(), item))
            .collect();
        Self {
            track: Arc::clone(track),
            walk,
            items,
        }
    }

    pub(super) fn track(&self) -> &Track {
        &self.track
    }

    pub(super) fn len(&self) -> usize {
        self.walk.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.walk.is_empty()
    }

    /// An item's exercise.
    pub(super) fn exercise(&self, item: usize) -> &Exercise {
        &self.track.exercises()[self.walk[item]]
    }

    /// The item of an exercise.
    pub(super) fn item(&self, name: &str) -> Option<usize> {
        self.items.get(name).copied()
    }

    /// The item whose folder is `exercises/TOPIC/NAME`.
    pub(super) fn item_in(&self, topic: &str, name: &str) -> Option<usize> {
        self.item(name)
            .filter(|&item| self.exercise(item).topic_dir == topic)
    }

    /// Which items are done.
    pub(super) fn done(&self, progress: &Progress) -> Vec<bool> {
        let items = 0..self.walk.len();
        items
            .map(|item| progress.is_done(&self.exercise(item).name))
            .collect()
    }

    /// What the screen needs of each.
    pub(super) fn items(&self, progress: &Progress) -> Vec<Item> {
        let item = |index: usize| {
            let exercise = self.exercise(index);
            Item {
                name: exercise.name.clone(),
                title: exercise.title.clone(),
                topic: self.track.topic(exercise).title.clone(),
                difficulty: exercise.difficulty,
                minutes: exercise.minutes,
                path: exercise.main_path(),
                hints: exercise.hints.clone(),
                done: progress.is_done(&exercise.name),
            }
        };
        (0..self.walk.len()).map(item).collect()
    }
}

fn names(walk: Vec<&Exercise>) -> Vec<&str> {
    let names = walk.into_iter().map(|exercise| exercise.name.as_str());
    names.collect()
}
