//! `backlings roadmap`

mod ics;
mod text;

use jiff::civil::Date;
use serde::Serialize;

use super::checklist::LineJson;
use super::context::{Context, unknown};
use super::out;
use crate::cli::Global;
use crate::exit::Exit;
use crate::progress::Plan;
use crate::track::{Leg, Stage, Standing, Status};

/// What to show or change.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The roadmap to choose; without it, the chosen one is shown
    #[arg(add = clap_complete::engine::ArgValueCandidates::new(super::completions::roadmaps))]
    name: Option<String>,
    /// Show the named roadmap without choosing it
    #[arg(long, requires = "name", conflicts_with_all = ["start", "hours", "no_plan"])]
    show: bool,
    /// Lay the roadmap into your calendar: the first day, as 2026-01-05
    #[arg(long, value_name = "DATE")]
    start: Option<Date>,
    /// How many hours a week you have: the calendar gets longer or shorter
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    hours: Option<u32>,
    /// Forget the calendar
    #[arg(long, conflicts_with_all = ["start", "hours"])]
    no_plan: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// How to print a roadmap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For people
    #[default]
    Text,
    /// For programs; `format_version` says which form
    Json,
    /// For a calendar program (iCalendar, RFC 5545)
    Ics,
}

/// A part of the roadmap, as far as it is done.
#[derive(Serialize)]
struct BlockJson<'a> {
    phase: &'a str,
    weeks: &'a str,
    first_day: Option<Date>,
    last_day: Option<Date>,
    /// Whether today lies in it.
    now: bool,
    topics: Vec<TopicJson<'a>>,
    focus: &'a [String],
    practice: Vec<LineJson<'a>>,
    done: usize,
    total: usize,
    minutes: u32,
    exercises: Vec<&'a str>,
}

/// A topic in a part of the roadmap.
#[derive(Serialize)]
struct TopicJson<'a> {
    topic: &'a str,
    title: &'a str,
    /// Whether it has exercises yet.
    written: bool,
}

/// A roadmap, as far as it is done.
#[derive(Serialize)]
struct RoadmapJson<'a> {
    name: &'a str,
    title: &'a str,
    experience: &'a str,
    goal: &'a str,
    readiness: &'a str,
    chosen: bool,
    done: usize,
    total: usize,
    standing: Option<String>,
    blocks: Vec<BlockJson<'a>>,
    roadmaps: Vec<&'a str>,
}

pub(crate) fn run(global: &Global, options: &Options) -> anyhow::Result<Exit> {
    let mut context = Context::open(global)?;
    let name = match &options.name {
        Some(name) => {
            let known = context
                .track
                .roadmaps()
                .iter()
                .map(|roadmap| roadmap.name.as_str());
            match context.track.roadmap(name) {
                Some(roadmap) => roadmap.name.clone(),
                None => return Err(unknown("roadmap", name, known).into()),
            }
        }
        None => context.roadmap().to_string(),
    };
    let said = if options.show {
        None
    } else {
        change(&mut context, &name, options)?
    };
    let legs = context.track.legs(&name);
    let chosen = name == context.roadmap();
    let stages = if chosen {
        context.stages(&legs)
    } else {
        Vec::new()
    };
    let standing = context.standing(&stages);
    match options.format {
        Form::Ics => out::text(&ics::calendar(&context, &legs, &stages)?)?,
        Form::Json => out::json(&json(&context, &name, &legs, &stages, standing))?,
        Form::Text => {
            let shown = json(&context, &name, &legs, &stages, standing);
            out::lines(text::lines(&context, &shown, said))?;
        }
    }
    Ok(Exit::Passed)
}

/// Chooses and plans, as far as that is asked for, and says what it did.
fn change(context: &mut Context, name: &str, options: &Options) -> anyhow::Result<Option<String>> {
    let choose = options.name.is_some() && name != context.store.progress().roadmap;
    let plan = options.start.is_some() || options.hours.is_some() || options.no_plan;
    if !choose && !plan {
        return Ok(None);
    }
    let walk = context.track.walk(name);
    let Context { store, .. } = context;
    store.update(|progress| {
        if choose {
            progress.set_roadmap(name);
            let here = progress.current.as_deref();
            if !walk
                .iter()
                .any(|exercise| Some(exercise.name.as_str()) == here)
            {
                let pending = walk
                    .iter()
                    .find(|exercise| !progress.is_done(&exercise.name));
                if let Some(next) = pending.or(walk.first()) {
                    progress.set_current(&next.name);
                }
            }
        }
        if options.no_plan {
            progress.plan = None;
        } else if plan {
            let known = progress.plan.take();
            progress.plan = Some(Plan {
                start: options
                    .start
                    .or(known.as_ref().map(|plan| plan.start))
                    .unwrap_or_else(super::context::today),
                hours: options.hours.or(known.and_then(|plan| plan.hours)),
            });
        }
    })?;
    Ok(
        choose
            .then(|| format!("You are on the roadmap {name} now; what you have done stays done.")),
    )
}

fn json<'a>(
    context: &'a Context,
    name: &'a str,
    legs: &'a [Leg<'a>],
    stages: &[Stage<'_>],
    standing: Option<Standing>,
) -> RoadmapJson<'a> {
    let blocks: Vec<BlockJson<'_>> = legs
        .iter()
        .enumerate()
        .map(|(index, leg)| {
            let stage = stages.iter().find(|stage| stage.leg == index);
            block(context, name, leg, stage)
        })
        .collect();
    let roadmap = context.track.roadmap(name);
    let of = |part: fn(&'a crate::track::Roadmap) -> &'a String| {
        roadmap.map_or("", |roadmap| part(roadmap).as_str())
    };
    RoadmapJson {
        name,
        title: of(|roadmap| &roadmap.title),
        experience: of(|roadmap| &roadmap.experience),
        goal: of(|roadmap| &roadmap.goal),
        readiness: of(|roadmap| &roadmap.readiness),
        chosen: name == context.roadmap(),
        done: blocks.iter().map(|block| block.done).sum(),
        total: blocks.iter().map(|block| block.total).sum(),
        standing: standing.map(|standing| standing.to_string()),
        blocks,
        roadmaps: context
            .track
            .roadmaps()
            .iter()
            .map(|roadmap| roadmap.name.as_str())
            .collect(),
    }
}

fn block<'a>(
    context: &'a Context,
    name: &str,
    leg: &'a Leg<'a>,
    stage: Option<&Stage<'_>>,
) -> BlockJson<'a> {
    let track = &context.track;
    let roadmap = track.roadmap(name);
    let beside = roadmap.map_or(&[][..], |roadmap| roadmap.beside.as_slice());
    let phase = roadmap.and_then(|roadmap| {
        let holds = |phase: &&crate::track::Phase| {
            phase
                .blocks
                .iter()
                .any(|block| leg.block.is_some_and(|ours| std::ptr::eq(ours, block)))
        };
        roadmap.phases.iter().find(holds)
    });
    let topics = leg.block.map_or(beside, |block| block.topics.as_slice());
    let topics = topics.iter().filter_map(|id| track.topic_of_id(id));
    let today = super::context::today();
    let done = |exercise: &&&crate::track::Exercise| context.status(exercise) == Status::Done;
    BlockJson {
        phase: phase.map_or("Beside all weeks", |phase| &phase.title),
        weeks: leg.block.map_or("", |block| &block.weeks),
        first_day: stage.map(|stage| stage.first),
        last_day: stage.map(|stage| stage.last),
        now: stage.is_some_and(|stage| (stage.first..=stage.last).contains(&today)),
        topics: topics
            .map(|topic| TopicJson {
                topic: &topic.id,
                title: &topic.title,
                written: !topic.exercises.is_empty(),
            })
            .collect(),
        focus: leg.block.map_or(&[], |block| &block.focus),
        practice: leg.block.map_or_else(Vec::new, |block| {
            block
                .practice
                .iter()
                .map(|line| LineJson::new(context, line))
                .collect()
        }),
        done: leg.exercises.iter().filter(done).count(),
        total: leg.exercises.len(),
        minutes: leg.exercises.iter().map(|exercise| exercise.minutes).sum(),
        exercises: leg
            .exercises
            .iter()
            .map(|exercise| exercise.name.as_str())
            .collect(),
    }
}
