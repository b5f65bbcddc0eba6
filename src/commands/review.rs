//! `backlings review`

use jiff::Timestamp;
use serde::Serialize;

use super::context::{Context, Wrong};
use super::out;
use crate::cli::{Format, Global};
use crate::exit::Exit;
use crate::progress::{Due, due};
use crate::track::Exercise;
use crate::ui::style::{Mark, Style, Tone};
use crate::ui::table::{Column, Table};
use crate::ui::text::count;

#[derive(Serialize)]
struct DueJson<'a> {
    exercise: &'a str,
    due: Timestamp,
    /// Whether that is now or was before.
    now: bool,
    last_pass: Timestamp,
    rating: &'static str,
    repetitions: usize,
}

/// Shows what is due, and with `all` what is due later.
pub(crate) fn list(global: &Global, all: bool, format: Format) -> anyhow::Result<Exit> {
    let context = Context::open(global)?;
    let activity = context.activity()?;
    let now = Timestamp::now();
    let progress = context.store.progress();
    let there = |due: &&Due<'_>| {
        progress.is_done(due.exercise) && context.track.exercise(due.exercise).is_some()
    };
    let every = due(&activity);
    let (open, rest): (Vec<&Due<'_>>, Vec<&Due<'_>>) = every
        .iter()
        .filter(there)
        .partition(|due| progress.in_review(due.exercise));
    let shown: Vec<&Due<'_>> = rest
        .iter()
        .copied()
        .filter(|due| all || due.at <= now)
        .collect();
    if format == Format::Json {
        #[derive(Serialize)]
        struct Review<'a> {
            begun: Vec<&'a str>,
            exercises: Vec<DueJson<'a>>,
        }
        let exercises = shown.iter().map(|due| DueJson {
            exercise: due.exercise,
            due: due.at,
            now: due.at <= now,
            last_pass: due.last,
            rating: due.rating.name(),
            repetitions: due.repetitions,
        });
        out::json(&Review {
            begun: open.iter().map(|due| due.exercise).collect(),
            exercises: exercises.collect(),
        })?;
        return Ok(Exit::Passed);
    }
    let style = Style::stdout();
    let mut lines = Vec::new();
    for due in &open {
        let name = style.strong(Tone::Info, due.exercise);
        lines.push(format!(
            "{} {name} is being done again",
            style.sign(Mark::Current)
        ));
    }
    let mut table = Table::new([
        ("exercise", Column::Flexible),
        ("due", Column::Left),
        ("last pass", Column::Left),
        ("went", Column::Left),
        ("again", Column::Right),
    ]);
    let day = |at: Timestamp| {
        let zoned = at.to_zoned(jiff::tz::TimeZone::system());
        zoned.strftime("%Y-%m-%d").to_string()
    };
    for due in &shown {
        table.row([
            due.exercise.to_string(),
            day(due.at),
            day(due.last),
            due.rating.name().to_string(),
            due.repetitions.to_string(),
        ]);
    }
    if !table.is_empty() {
        lines.extend(table.lines(out::columns(), &style));
    }
    lines.push(String::new());
    let later = rest.iter().find(|due| due.at > now);
    let due_now = rest.iter().filter(|due| due.at <= now).count();
    lines.push(match (due_now, later) {
        (0, None) => "Nothing is due: what you have passed comes back here after some days.".into(),
        (0, Some(next)) => format!(
            "Nothing is due; next is {} on {}.",
            next.exercise,
            day(next.at)
        ),
        (n, _) => format!(
            "{} due. `backlings review NAME` begins one.",
            count(n, "exercise")
        ),
    });
    if lines.first().is_some_and(String::is_empty) {
        lines.remove(0);
    }
    out::lines(lines)?;
    Ok(Exit::Passed)
}

/// Puts what passed aside and begins afresh.
pub(crate) fn begin(global: &Global, word: &str) -> anyhow::Result<Exit> {
    let mut context = Context::open(global)?;
    let exercise = context.exercise(Some(word))?.clone();
    let saved = again(&mut context, &exercise)?;
    context
        .store
        .update(|progress| progress.set_current(&exercise.name))?;
    let mut lines = vec![format!(
        "{} begins afresh; your pass stays, and the next one counts as a repetition.",
        exercise.name
    )];
    lines.extend(saved.words(&context.workspace, &exercise));
    lines.push(format!("Open {}.", exercise.main_path()));
    out::lines(lines)?;
    Ok(Exit::Passed)
}

/// Begins a done exercise afresh.
pub(super) fn again(
    context: &mut Context,
    exercise: &Exercise,
) -> anyhow::Result<crate::workspace::Saved> {
    let progress = context.store.progress();
    let name = &exercise.name;
    if !progress.is_done(name) {
        let what = format!("{name} has not passed yet; what has passed can be done again");
        return Err(Wrong(what).into());
    }
    if progress.in_review(name) {
        let what = format!(
            "{name} is being done again already: open {}",
            exercise.main_path()
        );
        return Err(Wrong(what).into());
    }
    let saved = context
        .workspace
        .review(&context.track, exercise, &mut context.store)?;
    Ok(saved)
}
