//! The learner's calendar: which part of the roadmap lies in which days, and how far the learner is in it.

use std::fmt;

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::{Exercise, Leg};

/// A part of the roadmap in the calendar.
#[derive(Clone, Debug)]
pub struct Stage<'t> {
    /// Which leg of the roadmap it is, by position.
    pub leg: usize,
    /// The first week, counted from 1.
    pub week: u32,
    /// How many weeks.
    pub weeks: u32,
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// The exercises, each with the day by which it is due.
    pub due: Vec<(&'t Exercise, Date)>,
}

/// Lays the legs of a roadmap into the calendar; those without weeks are left out.
///
/// With hours a week, a leg takes as many whole weeks as its exercises need; without, or where its exercises are not written yet, the
/// weeks that the roadmap gives it.
pub fn calendar<'t>(legs: &[Leg<'t>], start: Date, hours: Option<u32>) -> Vec<Stage<'t>> {
    let mut stages: Vec<Stage<'t>> = Vec::new();
    let mut week = 1;
    for (index, leg) in legs.iter().enumerate() {
        let Some(span) = leg.block.and_then(|block| block.span()) else {
            continue;
        };
        let minutes: u32 = leg.exercises.iter().map(|exercise| exercise.minutes).sum();
        let given = span.end() - span.start() + 1;
        let weeks = match hours {
            Some(hours) if minutes > 0 => minutes.div_ceil(hours.max(1).saturating_mul(60)).max(1),
            _ => given,
        };
        let days = |days: u32| start.saturating_add(days_span(days));
        let (first, length) = ((week - 1) * 7, weeks * 7);
        let mut so_far = 0;
        let due = leg.exercises.iter().map(|&exercise| {
            so_far += exercise.minutes;
            // Rounded up, so that the last one is due on the last day.
            let day = (u64::from(so_far) * u64::from(length)).div_ceil(u64::from(minutes.max(1)));
            let day = u32::try_from(day).unwrap_or(length).clamp(1, length);
            (exercise, days(first + day - 1))
        });
        stages.push(Stage {
            leg: index,
            week,
            weeks,
            first: days(first),
            last: days(first + length - 1),
            due: due.collect(),
        });
        week += weeks;
    }
    stages
}

fn days_span(days: u32) -> Span {
    // Beyond what a span holds, the calendar's end is reached anyway.
    Span::new().try_days(days).unwrap_or_else(|_| 0.days())
}

/// How far the learner is in the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has not begun.
    Before {
        /// When it does.
        start: Date,
    },
    /// In the middle of it.
    During {
        /// Which week it is, from 1.
        week: u32,
        /// Of how many.
        weeks: u32,
        /// How the learner keeps up.
        pace: Pace,
    },
    /// It is over.
    Over {
        /// How many weeks it had.
        weeks: u32,
        /// How many exercises are left.
        left: usize,
    },
}

/// How a learner keeps up with a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// So many exercises were due before today and are not done.
    Behind(usize),
    /// Nothing is late, and nothing is done before its time.
    OnCourse,
    /// So many exercises are done that are due later than today.
    Ahead(usize),
}

/// Where the learner stands today; nothing without stages.
pub fn standing(
    stages: &[Stage<'_>],
    today: Date,
    done: impl Fn(&str) -> bool,
) -> Option<Standing> {
    let (first, last) = (stages.first()?, stages.last()?);
    let weeks = last.week + last.weeks - 1;
    let each = || stages.iter().flat_map(|stage| &stage.due);
    let pending = |due: &&(&Exercise, Date)| !done(&due.0.name);
    if today < first.first {
        return Some(Standing::Before { start: first.first });
    }
    if today > last.last {
        let left = each().filter(pending).count();
        return Some(Standing::Over { weeks, left });
    }
    let days = first.first.until(today).map_or(0, |span| span.get_days());
    let week = u32::try_from(days / 7).unwrap_or(0) + 1;
    let behind = each().filter(|due| due.1 < today).filter(pending).count();
    let ahead = each()
        .filter(|due| due.1 > today && done(&due.0.name))
        .count();
    let pace = match (behind, ahead) {
        (0, 0) => Pace::OnCourse,
        (0, ahead) => Pace::Ahead(ahead),
        (behind, _) => Pace::Behind(behind),
    };
    Some(Standing::During { week, weeks, pace })
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exercises = |n: usize| {
            if n == 1 {
                "1 exercise".to_string()
            } else {
                format!("{n} exercises")
            }
        };
        match *self {
            Self::Before { start } => write!(f, "begins on {}", start.strftime("%-d %B %Y")),
            Self::During { week, weeks, pace } => {
                write!(f, "week {week} of {weeks}, ")?;
                match pace {
                    Pace::Behind(n) => write!(f, "{} behind", exercises(n)),
                    Pace::OnCourse => write!(f, "on course"),
                    Pace::Ahead(n) => write!(f, "{} ahead", exercises(n)),
                }
            }
            Self::Over { weeks, left: 0 } => {
                write!(f, "the {weeks} weeks are over, and all is done")
            }
            Self::Over { weeks, left } => {
                write!(f, "the {weeks} weeks are over, {} to go", exercises(left))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::Track;
    use jiff::civil::date;

    fn junior(track: &Track) -> Vec<Leg<'_>> {
        track.legs("junior")
    }

    #[test]
    fn without_hours_the_roadmaps_own_weeks_hold() {
        let track = Track::official().unwrap();
        let stages = calendar(&junior(&track), date(2026, 1, 5), None);
        let weeks: Vec<(u32, u32)> = stages
            .iter()
            .map(|stage| (stage.week, stage.weeks))
            .collect();
        assert_eq!(
            weeks,
            [(1, 4), (5, 2), (7, 2), (9, 2), (11, 2), (13, 2), (15, 2)]
        );
        assert_eq!(stages[0].first, date(2026, 1, 5));
        assert_eq!(stages[0].last, date(2026, 2, 1));
        assert_eq!(stages[6].last, date(2026, 4, 26));
        for pair in stages.windows(2) {
            assert_eq!(pair[0].last.tomorrow().unwrap(), pair[1].first);
        }
    }

    #[test]
    fn exercises_are_due_in_order_and_the_last_one_on_the_last_day() {
        let track = Track::official().unwrap();
        for hours in [None, Some(1), Some(8), Some(200)] {
            for stage in calendar(&junior(&track), date(2026, 1, 5), hours) {
                let days: Vec<Date> = stage.due.iter().map(|due| due.1).collect();
                assert!(days.is_sorted());
                assert!(
                    days.iter()
                        .all(|day| (stage.first..=stage.last).contains(day))
                );
                assert!(days.last().is_none_or(|day| *day == stage.last));
            }
        }
    }

    #[test]
    fn fewer_hours_a_week_make_more_weeks() {
        let track = Track::official().unwrap();
        let legs = junior(&track);
        let minutes: u32 = legs[0]
            .exercises
            .iter()
            .map(|exercise| exercise.minutes)
            .sum();
        let slow = calendar(&legs, date(2026, 1, 5), Some(1));
        assert_eq!(slow[0].weeks, minutes.div_ceil(60));
        // What is not written yet keeps the weeks that it was given.
        assert_eq!(slow[3].weeks, 2);
    }

    #[test]
    fn standing_counts_what_was_due_before_today() {
        let track = Track::official().unwrap();
        let start = date(2026, 1, 5);
        let stages = calendar(&junior(&track), start, None);
        let on =
            |day, done: &dyn Fn(&str) -> bool| standing(&stages, day, done).unwrap().to_string();
        assert_eq!(on(date(2026, 1, 4), &|_| false), "begins on 5 January 2026");
        assert_eq!(on(start, &|_| false), "week 1 of 16, on course");
        let first = &stages[0].due[0];
        let late = first.1.tomorrow().unwrap();
        let due = stages[0].due.iter().filter(|due| due.1 < late).count();
        let words = if due == 1 { "exercise" } else { "exercises" };
        assert_eq!(
            on(late, &|_| false),
            format!("week 1 of 16, {due} {words} behind")
        );
        let all = stages.iter().map(|stage| stage.due.len()).sum::<usize>();
        assert_eq!(
            on(start, &|name| name == "sql_null_traps"),
            "week 1 of 16, 1 exercise ahead"
        );
        assert_eq!(
            on(date(2027, 1, 1), &|_| false),
            format!("the 16 weeks are over, {all} exercises to go")
        );
        assert_eq!(
            on(date(2027, 1, 1), &|_| true),
            "the 16 weeks are over, and all is done"
        );
    }

    #[test]
    fn the_end_of_the_calendar_is_no_end_of_the_program() {
        let track = Track::official().unwrap();
        let stages = calendar(&junior(&track), Date::MAX, Some(1));
        assert_eq!(stages.last().unwrap().last, Date::MAX);
    }
}
