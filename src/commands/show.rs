//! `backlings show`

use serde::Serialize;

use super::context::Context;
use super::json::ExerciseJson;
use super::out;
use crate::cli::{Format, Global};
use crate::exit::Exit;
use crate::track::Status;
use crate::ui::style::{Mark, Style, Tone};
use crate::ui::text::count;

pub(crate) fn run(global: &Global, word: Option<&str>, format: Format) -> anyhow::Result<Exit> {
    let context = Context::open(global)?;
    let exercise = context.exercise(word)?;
    let tests = context.track.expected_tests(exercise)?;
    let status = context.status(exercise);
    let current = context
        .current()
        .is_some_and(|current| current.name == exercise.name);
    let shown = context.store.progress().hints_shown(&exercise.name);
    if format == Format::Json {
        #[derive(Serialize)]
        struct Show<'a> {
            exercise: ExerciseJson<'a>,
            tests: &'a [String],
            covers: &'a [String],
            prerequisites: &'a [String],
            group: &'a str,
            hints: usize,
            hints_shown: u32,
        }
        out::json(&Show {
            exercise: ExerciseJson::new(&context.track, exercise, status, current),
            tests: &tests,
            covers: &exercise.covers,
            prerequisites: &exercise.prerequisites,
            group: &context.track.group(exercise).name,
            hints: exercise.hints.len(),
            hints_shown: shown,
        })?;
        return Ok(Exit::Passed);
    }
    let style = Style::stdout();
    let mark = if status == Status::Done {
        Mark::Passed
    } else {
        Mark::Pending
    };
    let row = |name: &str, value: String| {
        format!(
            "  {}  {value}",
            style.paint(Tone::Dim, format!("{name:<11}"))
        )
    };
    let mut lines = vec![
        format!(
            "{} {}  {}",
            style.sign(mark),
            style.strong(Tone::Strong, &exercise.name),
            exercise.title
        ),
        String::new(),
        row("topic", context.track.topic(exercise).title.clone()),
        row(
            "status",
            format!(
                "{}{}",
                status.name(),
                if current { ", current" } else { "" }
            ),
        ),
        row(
            "difficulty",
            format!(
                "{}, about {}",
                exercise.difficulty.name(),
                count(exercise.minutes as usize, "minute")
            ),
        ),
        row("file", exercise.main_path()),
    ];
    for (name, values) in [
        ("concepts", &exercise.concepts),
        ("after", &exercise.prerequisites),
    ] {
        if !values.is_empty() {
            lines.push(row(name, values.join(", ")));
        }
    }
    let guide = context.track.guide()?;
    for (index, name) in exercise.companies.iter().enumerate() {
        let title = if index == 0 { "companies" } else { "" };
        let emphasis = guide
            .company(name)
            .map(|company| company.emphasis.join(", "));
        let stress = emphasis.map_or_else(String::new, |emphasis| {
            style.paint(Tone::Dim, format!(" ({emphasis})"))
        });
        lines.push(row(title, format!("{name}{stress}")));
    }
    lines.push(row("crates", context.track.group(exercise).about.clone()));
    lines.push(row(
        "hints",
        format!(
            "{} of {} shown",
            (shown as usize).min(exercise.hints.len()),
            exercise.hints.len()
        ),
    ));
    lines.push(row("tests", String::new()));
    lines.extend(
        tests
            .iter()
            .map(|test| format!("    {}", test.replace('_', " "))),
    );
    out::lines(lines)?;
    Ok(Exit::Passed)
}
