//! `backlings progress`

use std::collections::BTreeMap;

use serde::Serialize;

use super::context::Context;
use super::out;
use crate::cli::{Format, Global};
use crate::exit::Exit;
use crate::track::{Difficulty, Exercise, FULL_ROADMAP, Status};
use crate::ui::bar::bar;
use crate::ui::style::{Style, Tone};
use crate::ui::text;

#[derive(Clone, Copy, Default, Serialize)]
struct Tally {
    done: usize,
    total: usize,
}

impl Tally {
    fn count<'a>(context: &Context, exercises: impl IntoIterator<Item = &'a Exercise>) -> Self {
        exercises
            .into_iter()
            .fold(Self::default(), |tally, exercise| Self {
                done: tally.done + usize::from(context.status(exercise) == Status::Done),
                total: tally.total + 1,
            })
    }
}

#[derive(Serialize)]
struct TopicTally<'a> {
    topic: &'a str,
    #[serde(flatten)]
    tally: Tally,
}

#[derive(Serialize)]
struct Progress<'a> {
    #[serde(flatten)]
    tally: Tally,
    current: Option<&'a str>,
    roadmap: &'a str,
    topics: Vec<TopicTally<'a>>,
    difficulty: BTreeMap<&'static str, Tally>,
}

pub(crate) fn run(global: &Global, format: Format) -> anyhow::Result<Exit> {
    let context = Context::open(global)?;
    let roadmap = Some(context.store.progress().roadmap.as_str())
        .filter(|name| !name.is_empty())
        .unwrap_or(FULL_ROADMAP);
    let walk = context.track.walk(roadmap);
    let of = |keep: &dyn Fn(&Exercise) -> bool| {
        Tally::count(
            &context,
            walk.iter().copied().filter(|exercise| keep(exercise)),
        )
    };
    let progress = Progress {
        tally: of(&|_| true),
        current: context.current().map(|exercise| exercise.name.as_str()),
        roadmap,
        topics: context
            .track
            .topics()
            .iter()
            .map(|topic| TopicTally {
                topic: &topic.id,
                tally: of(&|exercise| context.track.topic(exercise).id == topic.id),
            })
            .filter(|topic| topic.tally.total > 0)
            .collect(),
        difficulty: Difficulty::ALL
            .into_iter()
            .map(|level| (level.name(), of(&|exercise| exercise.difficulty == level)))
            .collect(),
    };
    match format {
        Format::Json => out::json(&progress)?,
        Format::Text => out::lines(lines(&context, &progress))?,
    }
    Ok(Exit::Passed)
}

fn lines(context: &Context, progress: &Progress<'_>) -> Vec<String> {
    const BAR: usize = 48;
    let style = Style::stdout();
    let name_width = progress
        .topics
        .iter()
        .map(|topic| text::width(topic.topic))
        .max()
        .unwrap_or(0)
        .max(10);
    let row = |name: &str, tally: Tally| {
        let bar = bar(tally.done, tally.total, BAR, &style);
        format!("  {}  {bar}", text::pad(name, name_width))
    };
    let roadmap = context
        .track
        .roadmap(progress.roadmap)
        .map_or(progress.roadmap, |roadmap| roadmap.title.as_str());
    let mut lines = vec![
        format!(
            "{}  {} of {} done",
            style.strong(Tone::Strong, roadmap),
            progress.tally.done,
            progress.tally.total
        ),
        String::new(),
    ];
    lines.extend(
        progress
            .topics
            .iter()
            .map(|topic| row(topic.topic, topic.tally)),
    );
    lines.push(String::new());
    let levels = Difficulty::ALL.map(|level| (level.name(), progress.difficulty[level.name()]));
    lines.extend(
        levels
            .into_iter()
            .filter(|(_, tally)| tally.total > 0)
            .map(|(name, tally)| row(name, tally)),
    );
    if let Some(current) = progress.current {
        lines.extend([
            String::new(),
            format!("current: {}", style.strong(Tone::Info, current)),
        ]);
    }
    lines
}
