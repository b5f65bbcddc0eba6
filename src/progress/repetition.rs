//! Spaced repetition: when an exercise that was done is due again.
//!
//! The scheduler is FSRS 5 (J. Ye and others, "Optimizing Spaced Repetition Schedule by Capturing the Dynamics of Memory", IEEE TKDE 2023),
//! with its default weights and without steps of minutes. It asks how well something was remembered; here the history says it.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use rs_fsrs::{Card, FSRS, Parameters};

use super::activity::{Activity, Effort, Round};

/// How well an exercise went, from what it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rating {
    /// Not without the solution.
    Again,
    /// With two hints, or many attempts.
    Hard,
    /// As most of the time.
    Good,
    /// At once, or nearly so, without a hint.
    Easy,
}

/// Attempts from which on it was hard.
const MANY: u32 = 8;
/// Attempts up to which it was easy.
const FEW: u32 = 2;

impl Rating {
    /// How a round went.
    pub fn of(round: &Round) -> Self {
        match round {
            Round { solution: true, .. } => Self::Again,
            Round { hints: 2.., .. } => Self::Hard,
            Round {
                attempts: MANY.., ..
            } => Self::Hard,
            Round {
                hints: 0,
                attempts: ..=FEW,
                ..
            } => Self::Easy,
            _ => Self::Good,
        }
    }

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Again => "again",
            Self::Hard => "hard",
            Self::Good => "good",
            Self::Easy => "easy",
        }
    }
}

/// When an exercise is due again.
#[derive(Clone, Debug, PartialEq)]
pub struct Due<'a> {
    /// Its name.
    pub exercise: &'a str,
    /// When.
    pub at: Timestamp,
    /// When it passed last.
    pub last: Timestamp,
    /// How that went.
    pub rating: Rating,
    /// How often it was done again after the first pass.
    pub repetitions: usize,
}

/// When each exercise that ever passed is due again, the earliest first.
pub fn due(activity: &Activity) -> Vec<Due<'_>> {
    let scheduler = FSRS::new(Parameters {
        enable_short_term: false,
        enable_fuzz: false,
        ..Parameters::default()
    });
    let each = activity.exercises.iter();
    let mut due: Vec<Due<'_>> = each
        .filter_map(|(name, effort)| one(&scheduler, name, effort))
        .collect();
    due.sort_by(|one, two| {
        one.at
            .cmp(&two.at)
            .then_with(|| one.exercise.cmp(two.exercise))
    });
    due
}

fn one<'a>(scheduler: &FSRS, name: &'a str, effort: &Effort) -> Option<Due<'a>> {
    let last = effort.rounds.last()?;
    let first = moment(effort.rounds.first()?.at);
    let mut card = Card {
        due: first,
        last_review: first,
        ..Card::default()
    };
    let mut now = first;
    for round in &effort.rounds {
        // A clock that was set back would make the time between two rounds negative.
        now = now.max(moment(round.at));
        let rating = match Rating::of(round) {
            Rating::Again => rs_fsrs::Rating::Again,
            Rating::Hard => rs_fsrs::Rating::Hard,
            Rating::Good => rs_fsrs::Rating::Good,
            Rating::Easy => rs_fsrs::Rating::Easy,
        };
        card = scheduler.next(card, now, rating).card;
    }
    Some(Due {
        exercise: name,
        at: Timestamp::from_second(card.due.timestamp()).unwrap_or(last.at),
        last: last.at,
        rating: Rating::of(last),
        repetitions: effort.repetitions(),
    })
}

fn moment(at: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp(at.as_second(), 0).unwrap_or_default()
}

#[cfg(test)]
#[path = "tests/repetition.rs"]
mod tests;
