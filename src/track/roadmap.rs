//! Learning paths: which exercises, in which order, in which weeks.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use serde::Deserialize;

use super::{Exercise, Filter, Status, Track};

/// A learning path.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roadmap {
    /// What it is chosen by.
    pub name: String,
    /// A headline.
    pub title: String,
    /// Whom it is for: "0-2 years".
    #[serde(default)]
    pub experience: String,
    /// What it leads to.
    pub goal: String,
    /// Which jobs one is ready for afterwards.
    #[serde(default)]
    pub readiness: String,
    /// Topics that run beside all weeks, by id; they come last in the walk.
    #[serde(default)]
    pub beside: Vec<String>,
    /// Its parts.
    #[serde(rename = "phase")]
    pub phases: Vec<Phase>,
}

/// A part of a roadmap.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// A headline.
    pub title: String,
    /// Its weeks.
    #[serde(rename = "block")]
    pub blocks: Vec<Block>,
}

/// Some weeks of a roadmap.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Block {
    /// Which weeks, counted from 1: "5-6". Empty where there is no plan.
    pub weeks: String,
    /// The topics to work on, by id, in order.
    pub topics: Vec<String>,
    /// Filters that say which exercises of these topics belong here; without any, all.
    pub exercises: Vec<String>,
    /// What the weeks are about.
    pub focus: Vec<String>,
    /// What is to be built or solved.
    pub practice: Vec<Practice>,
}

/// A line of practice: exercises by name, by a filter, or both.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Practice {
    /// The line.
    pub line: String,
    /// Exercises, by name.
    #[serde(default)]
    pub exercises: Vec<String>,
    /// Exercises, by a filter.
    #[serde(default)]
    pub filter: Option<String>,
    /// How many of them are asked for; without it, all.
    #[serde(default)]
    pub count: Option<usize>,
    /// Whether its exercises are not written yet.
    #[serde(default)]
    pub planned: bool,
}

impl Roadmap {
    /// The ids of its topics, in order; one that comes again is named again.
    pub fn topics(&self) -> impl Iterator<Item = &str> {
        self.blocks()
            .flat_map(|block| &block.topics)
            .chain(&self.beside)
            .map(String::as_str)
    }

    /// Its blocks, in order.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.phases.iter().flat_map(|phase| &phase.blocks)
    }

    /// How many weeks it takes; 0 where there is no plan.
    pub fn weeks(&self) -> u32 {
        let last = self.blocks().filter_map(|block| block.span());
        last.map(|weeks| *weeks.end()).max().unwrap_or(0)
    }

    /// Its weeks follow one another.
    pub(super) fn validate(&self) -> Result<(), String> {
        let mut expected = 1;
        for block in self.blocks().filter(|block| !block.weeks.is_empty()) {
            let place = || format!("roadmap \"{}\", weeks \"{}\"", self.name, block.weeks);
            let weeks = block
                .span()
                .ok_or_else(|| format!("{}: say them as \"3\" or \"3-4\"", place()))?;
            if *weeks.start() != expected {
                return Err(format!("{}: it has to begin with week {expected}", place()));
            }
            expected = weeks.end() + 1;
        }
        Ok(())
    }
}

impl Block {
    /// Its weeks as numbers, if it has any.
    pub fn span(&self) -> Option<RangeInclusive<u32>> {
        let (first, last) = self
            .weeks
            .split_once('-')
            .unwrap_or((&self.weeks, &self.weeks));
        let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        (1 <= first && first <= last && last < 1000).then_some(first..=last)
    }
}

/// Exercises as part of a roadmap, each once: where it comes first.
#[derive(Clone, Debug)]
pub struct Leg<'t> {
    /// The part of the roadmap; none for what runs beside all weeks.
    pub block: Option<&'t Block>,
    /// Its exercises, in order.
    pub exercises: Vec<&'t Exercise>,
}

impl Track {
    /// The exercises of a roadmap by block, in its order, each exercise once; of an unknown roadmap, none.
    pub fn legs(&self, roadmap: &str) -> Vec<Leg<'_>> {
        let Some(roadmap) = self.roadmap(roadmap) else {
            return Vec::new();
        };
        let mut seen = HashSet::new();
        let mut leg = |block: Option<&'_ Block>| {
            let (topics, filters) = match block {
                Some(block) => (&block.topics, block.exercises.as_slice()),
                None => (&roadmap.beside, [].as_slice()),
            };
            let filters: Vec<Filter> = filters
                .iter()
                .filter_map(|filter| Filter::of_track(filter, self).ok())
                .collect();
            let mut exercises: Vec<&Exercise> = Vec::new();
            for topic in topics {
                exercises.extend(self.exercises().iter().filter(|exercise| {
                    let fits = |filter: &Filter| filter.matches(exercise, Status::Pending);
                    self.topic(exercise).id == *topic
                        && (filters.is_empty() || filters.iter().any(fits))
                        && seen.insert(exercise.name.as_str())
                }));
            }
            exercises
        };
        let mut legs: Vec<Leg<'_>> = roadmap
            .blocks()
            .map(|block| Leg {
                block: Some(block),
                exercises: leg(Some(block)),
            })
            .collect();
        if !roadmap.beside.is_empty() {
            legs.push(Leg {
                block: None,
                exercises: leg(None),
            });
        }
        legs
    }

    /// The exercises of a roadmap in its order; of an unknown one, all.
    pub fn walk(&self, roadmap: &str) -> Vec<&Exercise> {
        if self.roadmap(roadmap).is_none() {
            return self.exercises().iter().collect();
        }
        let legs = self.legs(roadmap);
        legs.into_iter().flat_map(|leg| leg.exercises).collect()
    }

    /// The exercises of a line of practice, in the track's order.
    pub fn practice(&self, practice: &Practice) -> Vec<&Exercise> {
        let filter = practice.filter.as_deref();
        let filter = filter.and_then(|filter| Filter::of_track(filter, self).ok());
        let all = self.exercises().iter();
        all.filter(|exercise| {
            practice.exercises.contains(&exercise.name)
                || filter
                    .as_ref()
                    .is_some_and(|filter| filter.matches(exercise, Status::Pending))
        })
        .collect()
    }

    /// The next exercise of a roadmap that is not done: after the given one, then from the start.
    pub fn next_pending(
        &self,
        roadmap: &str,
        after: &str,
        done: impl Fn(&str) -> bool,
    ) -> Option<&Exercise> {
        let walk = self.walk(roadmap);
        let start = walk
            .iter()
            .position(|exercise| exercise.name == after)
            .map_or(0, |at| at + 1);
        let (before, behind) = walk.split_at(start);
        behind
            .iter()
            .chain(before)
            .find(|exercise| !done(&exercise.name))
            .copied()
    }

    /// What is wrong with the roadmaps and the guide, in words: filters that cannot be read, lines without exercises, names that are not there.
    pub fn roadmap_faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for roadmap in self.roadmaps() {
            for block in roadmap.blocks() {
                let place = format!("roadmap \"{}\", weeks \"{}\"", roadmap.name, block.weeks);
                for filter in &block.exercises {
                    if let Err(error) = Filter::of_track(filter, self) {
                        faults.push(format!("{place}: {error}"));
                    }
                }
                for practice in &block.practice {
                    faults.extend(
                        self.practice_fault(practice)
                            .map(|fault| format!("{place}, \"{}\": {fault}", practice.line)),
                    );
                }
            }
        }
        faults
    }

    /// What is wrong with a line of practice.
    pub(super) fn practice_fault(&self, practice: &Practice) -> Option<String> {
        if let Some(filter) = &practice.filter
            && let Err(error) = Filter::of_track(filter, self)
        {
            return Some(error.to_string());
        }
        let found = self.practice(practice).len();
        let wanted = practice.count.unwrap_or(1).max(practice.exercises.len());
        match (found >= wanted, practice.planned) {
            (false, false) => Some(format!(
                "{found} of {wanted} exercises are there; `planned = true` says that they will be"
            )),
            (true, true) => Some("its exercises are there, so it is not `planned` any more".into()),
            _ => None,
        }
    }
}
