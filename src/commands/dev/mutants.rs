//! `backlings dev mutants`

use serde::Serialize;

use super::{progress_bar, state_dir, track_dir};
use crate::cli::{Filters, Format, FormatOption, Global};
use crate::commands::{Wrong, context, out};
use crate::dev::mutants::{Judged, Nursery, Survivor};
use crate::exit::Exit;
use crate::judge::Toolchain;
use crate::track::{Exercise, Filter, Status, Track};
use crate::ui::style::{Mark, Style, Tone};
use crate::ui::text::count;

/// Which mutants, and how.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    format: FormatOption,
    /// Judge again what has not changed
    #[arg(long)]
    force: bool,
    /// How many exercises at a time [default: one for each core]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
}

pub(super) fn run(global: &Global, options: &Options) -> anyhow::Result<Exit> {
    let dir = track_dir(global)?;
    let track = Track::from_dir(&dir)?;
    let words = &options.filters.filters;
    let filter = Filter::parse(words, &track)?;
    let selected: Vec<&Exercise> = track
        .exercises()
        .iter()
        .filter(|exercise| filter.matches(exercise, Status::Pending))
        .collect();
    if selected.is_empty() && !words.is_empty() {
        return Err(Wrong(format!("no exercise fits {}", words.join(" "))).into());
    }
    let supervisor = context::supervisor()?;
    let toolchain = Toolchain::find(&dir)?;
    let nursery = Nursery {
        track: &track,
        supervisor: &supervisor,
        toolchain: &toolchain,
        state: &state_dir(&dir),
        jobs: options.jobs.map_or_else(
            || std::thread::available_parallelism().map_or(2, usize::from),
            usize::from,
        ),
        force: options.force,
    };
    let format = options.format.format;
    let bar = progress_bar(format);
    let judged = nursery.judge(&selected, &mut |progress| {
        bar.set_length(progress.total as u64);
        bar.set_position(progress.done as u64);
        bar.set_message(progress.name);
    });
    bar.finish_and_clear();
    let judged = judged?;
    match format {
        Format::Json => print_json(&judged)?,
        Format::Text => print(&judged)?,
    }
    Ok(exit(&judged))
}

fn exit(judged: &[Judged]) -> Exit {
    if judged.iter().any(|each| each.score.is_err()) {
        return Exit::Trouble;
    }
    let clean = |each: &Judged| each.holes.is_empty() && each.stale.is_empty();
    if judged.iter().all(clean) {
        Exit::Passed
    } else {
        Exit::NotPassed
    }
}

/// Holes, and mutants that could be judged.
fn tally(judged: &[Judged]) -> (usize, usize) {
    let holes = judged.iter().map(|each| each.holes.len()).sum();
    let viable = judged
        .iter()
        .filter_map(|each| each.score.as_ref().ok())
        .map(|score| score.viable())
        .sum();
    (holes, viable)
}

fn print_json(judged: &[Judged]) -> anyhow::Result<()> {
    #[derive(Serialize)]
    struct Json<'a> {
        holes: usize,
        viable: usize,
        exercises: Vec<ExerciseJson<'a>>,
    }
    #[derive(Serialize)]
    struct ExerciseJson<'a> {
        name: &'a str,
        caught: usize,
        timeouts: usize,
        given: usize,
        unviable: usize,
        equivalent: usize,
        holes: &'a [Survivor],
        stale: &'a [String],
        error: Option<&'a str>,
    }
    let (holes, viable) = tally(judged);
    let exercises = judged
        .iter()
        .map(|each| {
            let score = each.score.as_ref().ok();
            ExerciseJson {
                name: &each.name,
                caught: score.map_or(0, |score| score.caught),
                timeouts: score.map_or(0, |score| score.timeouts),
                given: score.map_or(0, |score| score.given),
                unviable: score.map_or(0, |score| score.unviable),
                equivalent: score.map_or(0, |score| score.survivors.len() - each.holes.len()),
                holes: &each.holes,
                stale: &each.stale,
                error: each.score.as_ref().err().map(String::as_str),
            }
        })
        .collect();
    out::json(&Json {
        holes,
        viable,
        exercises,
    })
}

fn print(judged: &[Judged]) -> anyhow::Result<()> {
    let style = Style::stdout();
    let mut lines = Vec::new();
    for each in judged {
        let score = match &each.score {
            Ok(score) => score,
            Err(what) => {
                lines.push(format!(
                    "{} {}: {what}",
                    style.sign(Mark::Failed),
                    style.strong(Tone::Strong, &each.name)
                ));
                continue;
            }
        };
        let clean = each.holes.is_empty() && each.stale.is_empty();
        let mark = if clean { Mark::Passed } else { Mark::Failed };
        let equivalent = score.survivors.len() - each.holes.len();
        lines.push(format!(
            "{} {}: {} of {} live, {equivalent} equivalent, {} timed out {}",
            style.sign(mark),
            style.strong(Tone::Strong, &each.name),
            each.holes.len(),
            score.viable(),
            score.timeouts,
            style.paint(
                Tone::Dim,
                format!(
                    "({} of given code, {} do not compile)",
                    score.given, score.unviable
                )
            )
        ));
        for hole in &each.holes {
            lines.push(format!(
                "    {} {}",
                style.paint(Tone::Dim, &hole.place),
                hole.name
            ));
            lines.extend(hole.diff.lines().skip(2).map(|line| {
                let tone = match line.chars().next() {
                    Some('-') => Tone::Bad,
                    Some('+') => Tone::Good,
                    _ => Tone::Dim,
                };
                format!("        {}", style.paint(tone, line))
            }));
        }
        lines.extend(
            each.stale.iter().map(|mutant| {
                format!("    declared equivalent without need, none of that name lives in what the learner writes: {mutant}")
            }),
        );
    }
    let (holes, viable) = tally(judged);
    let share = if viable == 0 {
        0.0
    } else {
        100.0 * holes as f64 / viable as f64
    };
    lines.push(String::new());
    lines.push(format!(
        "{}: {holes} of {} live ({share:.1} %)",
        count(judged.len(), "exercise"),
        count(viable, "mutant")
    ));
    out::lines(lines)
}
