//! `backlings list`

use serde::Serialize;

use super::context::Context;
use super::json::ExerciseJson;
use super::out;
use crate::cli::{Format, Global};
use crate::exit::Exit;
use crate::track::{Status, Track};
use crate::ui::style::{Mark, Style, Tone};
use crate::ui::table::{Column, Table};
use crate::ui::text::{self, count};

pub(crate) fn run(global: &Global, filters: &[String], format: Format) -> anyhow::Result<Exit> {
    let context = Context::open(global)?;
    let selected = context.select(filters)?;
    let current = context.current().map(|exercise| exercise.name.clone());
    let is_current = |name: &str| current.as_deref() == Some(name);
    if format == Format::Json {
        #[derive(Serialize)]
        struct List<'a> {
            exercises: Vec<ExerciseJson<'a>>,
        }
        let exercises = selected
            .iter()
            .map(|exercise| {
                ExerciseJson::new(
                    &context.track,
                    exercise,
                    context.status(exercise),
                    is_current(&exercise.name),
                )
            })
            .collect();
        out::json(&List { exercises })?;
        return Ok(Exit::Passed);
    }
    let style = Style::stdout();
    let mut table = Table::new([
        ("", Column::Left),
        ("exercise", Column::Left),
        ("title", Column::Flexible),
        ("difficulty", Column::Left),
        ("minutes", Column::Right),
        ("topic", Column::Left),
    ]);
    let mut done = 0;
    for exercise in &selected {
        let status = context.status(exercise);
        done += usize::from(status == Status::Done);
        let mark = match status {
            Status::Done => Mark::Passed,
            Status::Pending if is_current(&exercise.name) => Mark::Current,
            Status::Pending => Mark::Pending,
        };
        table.row([
            format!(
                "{} {}",
                style.sign(mark),
                style.paint(Tone::Dim, status.name())
            ),
            exercise.name.clone(),
            exercise.title.clone(),
            exercise.difficulty.name().to_string(),
            exercise.minutes.to_string(),
            context.track.topic(exercise).id.clone(),
        ]);
    }
    let mut lines = emphasis(&context.track, filters, &style)?;
    lines.extend(table.lines(out::columns(), &style));
    lines.push(String::new());
    lines.push(format!(
        "{}, {done} done",
        count(selected.len(), "exercise")
    ));
    out::lines(lines)?;
    Ok(Exit::Passed)
}

/// What the companies that are asked for stress in their interviews.
fn emphasis(track: &Track, filters: &[String], style: &Style) -> anyhow::Result<Vec<String>> {
    let asked: Vec<&str> = filters
        .iter()
        .filter_map(|filter| filter.strip_prefix("company="))
        .flat_map(|names| names.split(','))
        .collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let guide = track.guide()?;
    let mut lines = Vec::new();
    for company in asked.iter().filter_map(|name| guide.company(name.trim())) {
        let first = format!("{}: ", company.name);
        lines.extend(text::wrap(
            &company.emphasis.join(", "),
            out::page(),
            &style.strong(Tone::Info, first),
            "  ",
        ));
    }
    if !lines.is_empty() {
        lines.push(String::new());
    }
    Ok(lines)
}
