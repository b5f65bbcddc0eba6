//! `backlings checklist`

use serde::Serialize;

use super::context::{Context, unknown};
use super::out;
use crate::cli::{Format, Global};
use crate::exit::Exit;
use crate::track::{Countdown, Exercise, Guide, Practice, Status};
use crate::ui::style::{Mark, Style, Tone};
use crate::ui::text;

/// What can be asked for beside the checklists of the guide.
pub(crate) const OTHERS: [&str; 2] = ["readiness", "countdown"];

/// A line with its exercises, as far as they are done.
#[derive(Serialize)]
pub(super) struct LineJson<'a> {
    pub(super) line: &'a str,
    pub(super) done: usize,
    /// How many are asked for.
    pub(super) needed: usize,
    /// Whether its exercises are not written yet.
    pub(super) planned: bool,
    pub(super) exercises: Vec<&'a str>,
}

impl<'a> LineJson<'a> {
    pub(super) fn new(context: &'a Context, practice: &'a Practice) -> Self {
        let found = context.track.practice(practice);
        let needed = practice.count.unwrap_or(found.len());
        Self::of(context, &practice.line, &found, needed, practice.planned)
    }

    fn of(
        context: &'a Context,
        line: &'a str,
        found: &[&'a Exercise],
        needed: usize,
        planned: bool,
    ) -> Self {
        let done = found
            .iter()
            .filter(|exercise| context.status(exercise) == Status::Done);
        Self {
            line,
            done: done.count(),
            needed,
            planned,
            exercises: found
                .iter()
                .map(|exercise| exercise.name.as_str())
                .collect(),
        }
    }

    /// The line with its mark and its numbers.
    pub(super) fn text(&self, style: &Style) -> String {
        let (mark, state) = match self {
            Self { planned: true, .. } => (Mark::Pending, "not written yet".to_string()),
            Self { done, needed, .. } if done >= needed => {
                (Mark::Passed, format!("{done} of {needed} done"))
            }
            Self { done, needed, .. } => (Mark::Pending, format!("{done} of {needed} done")),
        };
        format!(
            "{} {}  {}",
            style.sign(mark),
            self.line,
            style.paint(Tone::Dim, state)
        )
    }
}

/// The signs of readiness.
pub(super) fn readiness<'a>(context: &'a Context, guide: &'a Guide) -> Vec<LineJson<'a>> {
    let each = guide.metrics.iter().map(|metric| {
        let found = context.track.fitting(&metric.filters);
        let needed = metric.needed(found.len());
        LineJson::of(context, &metric.line, &found, needed, found.is_empty())
    });
    each.collect()
}

#[derive(Serialize)]
struct ListJson<'a> {
    name: &'a str,
    title: &'a str,
    items: Vec<LineJson<'a>>,
}

#[derive(Serialize)]
struct CountdownJson<'a> {
    before: &'a str,
    days: u32,
    items: &'a [String],
}

impl<'a> CountdownJson<'a> {
    fn of(countdown: &'a Countdown) -> Self {
        Self {
            before: &countdown.before,
            days: countdown.days,
            items: &countdown.items,
        }
    }
}

#[derive(Serialize)]
struct Checklists<'a> {
    checklists: Vec<ListJson<'a>>,
    readiness: Vec<LineJson<'a>>,
    countdown: Vec<CountdownJson<'a>>,
}

pub(crate) fn run(global: &Global, name: Option<&str>, format: Format) -> anyhow::Result<Exit> {
    let context = Context::open(global)?;
    let guide = context.track.guide()?;
    let wanted = |known: &str| name.is_none_or(|name| name == known);
    let known = guide
        .checklists
        .iter()
        .map(|list| list.name.as_str())
        .chain(OTHERS);
    if let Some(name) = name
        && !known.clone().any(|known| known == name)
    {
        return Err(unknown("checklist", name, known).into());
    }
    let lists = guide.checklists.iter().filter(|list| wanted(&list.name));
    let checklists = lists.map(|list| ListJson {
        name: &list.name,
        title: &list.title,
        items: list
            .items
            .iter()
            .map(|item| LineJson::new(&context, item))
            .collect(),
    });
    let all = Checklists {
        checklists: checklists.collect(),
        readiness: match wanted("readiness") {
            true => readiness(&context, &guide),
            false => Vec::new(),
        },
        countdown: match wanted("countdown") {
            true => guide.countdowns.iter().map(CountdownJson::of).collect(),
            false => Vec::new(),
        },
    };
    match format {
        Format::Json => out::json(&all)?,
        Format::Text => out::lines(lines(&all, name.is_some(), &Style::stdout()))?,
    }
    Ok(Exit::Passed)
}

/// With one list asked for, the exercises of each item too.
fn lines(all: &Checklists<'_>, full: bool, style: &Style) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let head = |lines: &mut Vec<String>, title: &str| {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(style.strong(Tone::Strong, title));
    };
    let items = |lines: &mut Vec<String>, items: &[LineJson<'_>]| {
        for item in items {
            lines.push(format!("  {}", item.text(style)));
            if full && !item.exercises.is_empty() {
                let names = item.exercises.join(", ");
                let wrapped = text::wrap(&names, out::page(), "      ", "      ");
                lines.extend(wrapped.iter().map(|line| style.paint(Tone::Dim, line)));
            }
        }
    };
    for list in &all.checklists {
        head(&mut lines, &format!("{} ({})", list.title, list.name));
        items(&mut lines, &list.items);
    }
    if !all.readiness.is_empty() {
        head(&mut lines, "When you are ready (readiness)");
        items(&mut lines, &all.readiness);
    }
    for countdown in &all.countdown {
        head(
            &mut lines,
            &format!("Before an interview: {} (countdown)", countdown.before),
        );
        let bullet = format!("  {} ", style.sign(Mark::Bullet));
        for item in countdown.items {
            lines.extend(text::wrap(item, out::page(), &bullet, "    "));
        }
    }
    lines
}
