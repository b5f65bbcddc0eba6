//! What was found, put together.

use super::finding::{Finding, Rule};
use super::record::{Record, Records};
use super::{CheckError, Gate, Options, fixed};
use crate::track::{Exercise, Fault, Signatures, Track};

/// What was checked, and what was found.
#[derive(Debug)]
pub struct Report {
    /// Findings about topics and the track as a whole.
    pub track: Vec<Finding>,
    /// Each exercise, in the track's order.
    pub exercises: Vec<Checked>,
}

/// One exercise that was checked.
#[derive(Debug)]
pub struct Checked {
    /// Its name.
    pub name: String,
    /// Its topic's id.
    pub topic: String,
    /// What was found, by rule.
    pub findings: Vec<Finding>,
    /// Whether it was judged now, and not remembered.
    pub judged: bool,
    /// What judging gave, unless the track is too broken to judge.
    pub record: Option<Record>,
}

impl Report {
    /// Every finding.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        let exercises = self.exercises.iter().flat_map(|each| &each.findings);
        self.track.iter().chain(exercises)
    }
}

impl Gate<'_> {
    /// Writes down how the wrong answers end, where that has changed.
    pub(super) fn write(
        &self,
        selected: &[&Exercise],
        records: &Records,
    ) -> Result<(), CheckError> {
        let Some(dir) = self.track.bundle().dir() else {
            return Ok(());
        };
        for exercise in selected {
            let Some(signatures) = fresh(records, exercise) else {
                continue;
            };
            let known = self.track.signatures(exercise).ok().flatten();
            if known.is_some_and(|known| known.difference(signatures, exercise.varies).is_none()) {
                continue;
            }
            let path = dir.join(Track::signatures_path(exercise));
            let folder = path.parent().unwrap_or(dir);
            std::fs::create_dir_all(folder)
                .and_then(|()| std::fs::write(&path, signatures.to_toml()))
                .map_err(|source| CheckError::Write {
                    path: path.display().to_string(),
                    source,
                })?;
        }
        Ok(())
    }

    pub(super) fn report(
        &self,
        selected: &[&Exercise],
        open: &[bool],
        faults: &[Fault],
        whole: bool,
        records: &Records,
        options: &Options,
    ) -> Report {
        let topics = self.track.topics();
        let mut exercises: Vec<(usize, Checked)> = Vec::new();
        for fault in faults {
            let topic = &topics[fault.topic_index];
            let place = format!("exercises/{}/{}", topic.dir(), fault.name);
            exercises.push((
                fault.topic_index,
                Checked {
                    name: fault.name.clone(),
                    topic: topic.id.clone(),
                    findings: vec![Finding::new(Rule::Metadata, place, fault.error.to_string())],
                    judged: false,
                    record: None,
                },
            ));
        }
        for (exercise, judged) in selected.iter().zip(open) {
            let record = records.get(exercise).cloned();
            let mut findings = fixed::exercise(self.track, exercise);
            findings.extend(record.iter().flat_map(|record| record.findings.clone()));
            if !options.write {
                findings.extend(self.stale(exercise, records));
            }
            findings.sort();
            findings.dedup();
            exercises.push((
                exercise.topic_index,
                Checked {
                    name: exercise.name.clone(),
                    topic: topics[exercise.topic_index].id.clone(),
                    findings,
                    judged: *judged,
                    record,
                },
            ));
        }
        let order = |name: &str, topic: usize| {
            let names = &topics[topic].exercises;
            names.iter().position(|known| known == name)
        };
        exercises.sort_by_key(|(topic, checked)| (*topic, order(&checked.name, *topic)));
        let mut found = Vec::new();
        if whole {
            found.extend(fixed::strangers(self.track));
            found.extend(fixed::roadmaps(self.track));
        }
        let touched = |index: usize| whole || exercises.iter().any(|(topic, _)| *topic == index);
        for (_, topic) in topics
            .iter()
            .enumerate()
            .filter(|(index, _)| touched(*index))
        {
            found.extend(fixed::topic(self.track, topic));
        }
        Report {
            track: found,
            exercises: exercises.into_iter().map(|(_, checked)| checked).collect(),
        }
    }

    /// Whether what the track says of the wrong answers' failures is what was seen now.
    fn stale(&self, exercise: &Exercise, records: &Records) -> Option<Finding> {
        let seen = fresh(records, exercise)?;
        let place = Track::signatures_path(exercise);
        let what = match self.track.signatures(exercise) {
            Ok(Some(known)) => format!(
                "is out of date ({}): `backlings dev check --write` renews it",
                known.difference(seen, exercise.varies)?
            ),
            Ok(None) => "is missing: `backlings dev check --write` makes it".to_string(),
            Err(error) => format!("{error}; `backlings dev check --write` makes it anew"),
        };
        Some(Finding::new(Rule::Signatures, place, what))
    }
}

/// What was seen of an exercise's wrong answers, as far as it can be told from luck.
fn fresh<'r>(records: &'r Records, exercise: &Exercise) -> Option<&'r Signatures> {
    records.get(exercise)?.signatures.as_ref()
}
