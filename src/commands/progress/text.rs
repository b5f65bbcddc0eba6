//! What is done, for people: bars and numbers that fit the terminal.

use super::{EffortJson, Progress, Tally};
use crate::commands::out;
use crate::track::Difficulty;
use crate::ui::bar::bar;
use crate::ui::style::{Style, Tone};
use crate::ui::table::{Column, Table};
use crate::ui::text::{self, count, hours};

/// The widest name beside a bar.
const NAME: usize = 34;

pub(super) fn lines(progress: &Progress<'_>, exercises: bool) -> Vec<String> {
    let (style, page) = (Style::stdout(), out::page());
    let mut lines = vec![
        style.strong(Tone::Strong, progress.title),
        format!(
            "  {}",
            bar(
                progress.tally.done,
                progress.tally.total,
                page.saturating_sub(2),
                &style
            )
        ),
    ];
    if let Some(standing) = &progress.standing {
        let standing = text::wrap(standing, page, "  ", "  ");
        lines.extend(standing.iter().map(|line| style.paint(Tone::Info, line)));
    }
    lines.extend(text::wrap(&numbers(progress), page, "  ", "  "));

    let blocks = progress.blocks.iter().filter(|block| block.tally.total > 0);
    let rows: Vec<(String, Tally)> = blocks
        .map(|block| {
            (
                format!("weeks {:<5} {}", block.weeks, block.topics.join(", ")),
                block.tally,
            )
        })
        .collect();
    section(&mut lines, "Roadmap", &rows, &style, page);
    let topics = progress.topics.iter();
    let rows: Vec<(String, Tally)> = topics
        .map(|topic| (topic.title.to_string(), topic.tally))
        .collect();
    section(&mut lines, "Topics", &rows, &style, page);
    let levels =
        Difficulty::ALL.map(|level| (level.name().to_string(), progress.difficulty[level.name()]));
    section(&mut lines, "Difficulty", &levels, &style, page);

    let ready: Vec<_> = progress
        .readiness
        .iter()
        .filter(|line| !line.planned)
        .collect();
    if !ready.is_empty() {
        lines.extend([String::new(), style.strong(Tone::Strong, "Readiness")]);
        lines.extend(ready.iter().map(|line| format!("  {}", line.text(&style))));
    }
    if exercises {
        lines.push(String::new());
        lines.extend(table(&progress.exercises, &style));
    }
    if let Some(current) = progress.current {
        lines.extend([
            String::new(),
            format!("current: {}", style.strong(Tone::Info, current)),
        ]);
    }
    lines
}

fn numbers(progress: &Progress<'_>) -> String {
    let days = |days: u32| count(days as usize, "day");
    let mut parts = vec![
        format!("{} of work", hours(progress.seconds)),
        count(
            usize::try_from(progress.attempts).unwrap_or(usize::MAX),
            "attempt",
        ),
        count(
            usize::try_from(progress.hints).unwrap_or(usize::MAX),
            "hint",
        ),
    ];
    if progress.repetitions > 0 {
        parts.push(count(progress.repetitions, "repetition"));
    }
    if progress.longest_streak > 0 {
        parts.push(format!(
            "streak {} (longest {})",
            days(progress.streak),
            days(progress.longest_streak)
        ));
    }
    parts.join(", ")
}

fn section(
    lines: &mut Vec<String>,
    title: &str,
    rows: &[(String, Tally)],
    style: &Style,
    page: usize,
) {
    if rows.iter().all(|(_, tally)| tally.total == 0) {
        return;
    }
    lines.extend([String::new(), style.strong(Tone::Strong, title)]);
    let widest = rows
        .iter()
        .map(|(name, _)| text::width(name))
        .max()
        .unwrap_or(0);
    let width = widest.min(NAME).min(page / 2);
    for (name, tally) in rows.iter().filter(|(_, tally)| tally.total > 0) {
        let name = text::pad(&text::cut(name, width, style), width);
        let room = page.saturating_sub(width + 4);
        lines.push(format!(
            "  {name}  {}",
            bar(tally.done, tally.total, room, style)
        ));
    }
}

fn table(exercises: &[EffortJson<'_>], style: &Style) -> Vec<String> {
    let mut table = Table::new([
        ("exercise", Column::Flexible),
        ("status", Column::Left),
        ("attempts", Column::Right),
        ("hints", Column::Right),
        ("time", Column::Right),
        ("again", Column::Right),
    ]);
    let touched = |exercise: &&EffortJson<'_>| {
        exercise.attempts > 0 || exercise.seconds > 0 || exercise.hints > 0
    };
    for exercise in exercises.iter().filter(touched) {
        table.row([
            exercise.exercise.to_string(),
            exercise.status.to_string(),
            exercise.attempts.to_string(),
            exercise.hints.to_string(),
            hours(exercise.seconds),
            exercise.repetitions.to_string(),
        ]);
    }
    match table.is_empty() {
        true => vec!["No exercise was tried yet.".into()],
        false => table.lines(out::columns(), style),
    }
}
