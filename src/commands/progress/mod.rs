//! `backlings progress`

mod html;
mod text;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::checklist::{LineJson, readiness};
use super::context::{Context, today};
use super::out;
use crate::cli::Global;
use crate::exit::Exit;
use crate::progress::Activity;
use crate::track::{Difficulty, Exercise, Guide, Leg, Status};

/// How to show it.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// What each exercise took: attempts, hints, time, repetitions
    #[arg(long)]
    exercises: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// How to print what is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For people
    #[default]
    Text,
    /// For programs; `format_version` says which form
    Json,
    /// One page that needs nothing else: `backlings progress --format html > progress.html`
    Html,
}

/// How many of some exercises are done.
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
    title: &'a str,
    #[serde(flatten)]
    tally: Tally,
}

/// A part of the roadmap.
#[derive(Serialize)]
struct BlockTally<'a> {
    phase: &'a str,
    weeks: &'a str,
    topics: Vec<&'a str>,
    #[serde(flatten)]
    tally: Tally,
}

/// What an exercise took.
#[derive(Serialize)]
struct EffortJson<'a> {
    exercise: &'a str,
    title: &'a str,
    topic: &'a str,
    difficulty: &'a str,
    status: &'a str,
    attempts: u32,
    hints: u32,
    seconds: u64,
    repetitions: usize,
}

#[derive(Serialize)]
struct DayJson {
    date: Date,
    seconds: u64,
    judged: u32,
    passed: u32,
}

/// Everything that is shown.
#[derive(Serialize)]
struct Progress<'a> {
    #[serde(flatten)]
    tally: Tally,
    current: Option<&'a str>,
    roadmap: &'a str,
    title: &'a str,
    standing: Option<String>,
    seconds: u64,
    attempts: u64,
    hints: u64,
    repetitions: usize,
    streak: u32,
    longest_streak: u32,
    topics: Vec<TopicTally<'a>>,
    blocks: Vec<BlockTally<'a>>,
    difficulty: BTreeMap<&'static str, Tally>,
    readiness: Vec<LineJson<'a>>,
    days: Vec<DayJson>,
    exercises: Vec<EffortJson<'a>>,
}

pub(crate) fn run(global: &Global, options: &Options) -> anyhow::Result<Exit> {
    let context = Context::open(global)?;
    let activity = context.activity()?;
    let guide = context.track.guide()?;
    let legs = context.track.legs(context.roadmap());
    let progress = gather(&context, &activity, &guide, &legs);
    match options.format {
        Form::Json => out::json(&progress)?,
        Form::Html => out::text(&html::page(&progress, today()))?,
        Form::Text => out::lines(text::lines(&progress, options.exercises))?,
    }
    Ok(Exit::Passed)
}

fn gather<'a>(
    context: &'a Context,
    activity: &Activity,
    guide: &'a Guide,
    legs: &'a [Leg<'a>],
) -> Progress<'a> {
    let track = &context.track;
    let walk: Vec<&Exercise> = legs
        .iter()
        .flat_map(|leg| leg.exercises.iter().copied())
        .collect();
    let of = |keep: &dyn Fn(&Exercise) -> bool| {
        Tally::count(
            context,
            walk.iter().copied().filter(|exercise| keep(exercise)),
        )
    };
    let topics = track
        .topics()
        .iter()
        .enumerate()
        .map(|(index, topic)| TopicTally {
            topic: &topic.id,
            title: &topic.title,
            tally: of(&|exercise| exercise.topic_index == index),
        });
    let efforts = walk
        .iter()
        .map(|exercise| effort(context, activity, exercise));
    let days = activity.days.iter().map(|(date, day)| DayJson {
        date: *date,
        seconds: day.seconds,
        judged: day.judged,
        passed: day.passed,
    });
    let repetitions = activity
        .exercises
        .values()
        .map(|effort| effort.repetitions());
    Progress {
        tally: of(&|_| true),
        current: context.current().map(|exercise| exercise.name.as_str()),
        roadmap: context.roadmap(),
        title: track
            .roadmap(context.roadmap())
            .map_or("", |roadmap| &roadmap.title),
        standing: context
            .standing(&context.stages(legs))
            .map(|standing| standing.to_string()),
        seconds: activity.seconds(),
        attempts: activity.attempts(),
        hints: activity.hints(),
        repetitions: repetitions.sum(),
        streak: activity.streak(today()),
        longest_streak: activity.longest_streak(),
        topics: topics.filter(|topic| topic.tally.total > 0).collect(),
        blocks: blocks(context, legs),
        difficulty: Difficulty::ALL
            .into_iter()
            .map(|level| (level.name(), of(&|exercise| exercise.difficulty == level)))
            .collect(),
        readiness: readiness(context, guide),
        days: days.collect(),
        exercises: efforts.collect(),
    }
}

fn blocks<'a>(context: &'a Context, legs: &'a [Leg<'a>]) -> Vec<BlockTally<'a>> {
    let track = &context.track;
    let Some(roadmap) = track.roadmap(context.roadmap()) else {
        return Vec::new();
    };
    let phases = roadmap.phases.iter().flat_map(|phase| {
        phase
            .blocks
            .iter()
            .map(move |block| (phase.title.as_str(), block))
    });
    let title = |id: &String| track.topic_of_id(id).map(|topic| topic.title.as_str());
    phases
        .zip(legs)
        .filter(|((_, block), _)| !block.weeks.is_empty())
        .map(|((phase, block), leg)| BlockTally {
            phase,
            weeks: &block.weeks,
            topics: block.topics.iter().filter_map(title).collect(),
            tally: Tally::count(context, leg.exercises.iter().copied()),
        })
        .collect()
}

fn effort<'a>(context: &'a Context, activity: &Activity, exercise: &'a Exercise) -> EffortJson<'a> {
    let effort = activity.exercises.get(&exercise.name);
    EffortJson {
        exercise: &exercise.name,
        title: &exercise.title,
        topic: &context.track.topic(exercise).id,
        difficulty: exercise.difficulty.name(),
        status: context.status(exercise).name(),
        attempts: effort.map_or(0, |effort| effort.attempts),
        hints: context.store.progress().hints_shown(&exercise.name),
        seconds: effort.map_or(0, |effort| effort.seconds),
        repetitions: effort.map_or(0, |effort| effort.repetitions()),
    }
}
