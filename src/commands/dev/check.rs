//! `backlings dev check`

use serde::Serialize;

use super::{progress_bar, state_dir, track_dir};
use crate::cli::{Filters, Format, FormatOption, Global};
use crate::commands::{Wrong, context, out};
use crate::dev::check::{self, Checked, Finding, Gate, Report, Rule};
use crate::exit::Exit;
use crate::judge::Judge;
use crate::track::{Exercise, Fault, Filter, Status, Track};
use crate::ui::style::{Mark, Style, Tone};
use crate::ui::text::count;

/// How to check.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    format: FormatOption,
    /// How often each solution has to pass
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    repeat: u32,
    /// Keep every core busy meanwhile, to hunt tests that depend on luck
    #[arg(long)]
    load: bool,
    /// Judge again what has not changed
    #[arg(long)]
    force: bool,
    /// How many at a time [default: three for two cores, since some wait for a deadline]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Compare with `cargo test` too [default: when the whole track is checked]
    #[arg(long, overrides_with = "no_agree")]
    agree: bool,
    /// Don't compare with `cargo test`
    #[arg(long)]
    no_agree: bool,
    /// Record in the track which tests each wrong answer fails
    #[arg(long)]
    write: bool,
}

pub(super) fn run(global: &Global, options: &Options) -> anyhow::Result<Exit> {
    let dir = track_dir(global)?;
    let (track, faults) = Track::with_faults(&dir)?;
    let words = &options.filters.filters;
    let filter = Filter::parse(words, &track);
    let whole = words.is_empty();
    let (selected, faults) = select(&track, filter, words, faults)?;
    let supervisor = context::supervisor()?;
    let state = state_dir(&dir);
    let judge = Judge::new(supervisor.clone(), &dir, &state);
    let gate = Gate {
        track: &track,
        judge: &judge,
        supervisor: &supervisor,
        state: &state,
    };
    let how = check::Options {
        repeat: options.repeat,
        load: options.load,
        force: options.force,
        jobs: options.jobs.map_or_else(
            || std::thread::available_parallelism().map_or(2, |cores| cores.get() * 3 / 2),
            usize::from,
        ),
        agree: options.agree || (whole && !options.no_agree),
        write: options.write,
    };
    let format = options.format.format;
    let bar = progress_bar(format);
    let report = gate.check(&selected, &faults, whole, &how, &mut |progress| {
        bar.set_length(progress.total as u64);
        bar.set_position(progress.done as u64);
        bar.set_message(progress.name);
    });
    bar.finish_and_clear();
    let report = report?;
    match format {
        Format::Json => print_json(&report)?,
        Format::Text => out::lines(lines(&report, &Style::stdout()))?,
    }
    Ok(exit(&report))
}

/// The exercises that are meant. One that cannot be read has only a name to be meant by.
fn select<'t>(
    track: &'t Track,
    filter: Result<Filter, crate::track::FilterError>,
    words: &[String],
    faults: Vec<Fault>,
) -> anyhow::Result<(Vec<&'t Exercise>, Vec<Fault>)> {
    let faults: Vec<Fault> = faults
        .into_iter()
        .filter(|fault| words.iter().all(|word| fault.name.contains(word.as_str())))
        .collect();
    let filter = match filter {
        Err(_) if !faults.is_empty() => return Ok((Vec::new(), faults)),
        filter => filter?,
    };
    let selected = track
        .exercises()
        .iter()
        .filter(|exercise| filter.matches(exercise, Status::Pending))
        .collect::<Vec<_>>();
    if selected.is_empty() && faults.is_empty() && !words.is_empty() {
        return Err(Wrong(format!("no exercise fits {}", words.join(" "))).into());
    }
    Ok((selected, faults))
}

fn exit(report: &Report) -> Exit {
    let mut worst = Exit::Passed;
    for finding in report.findings() {
        match finding.rule {
            Rule::Environment => return Exit::Trouble,
            _ => worst = Exit::NotPassed,
        }
    }
    worst
}

fn print_json(report: &Report) -> anyhow::Result<()> {
    #[derive(Serialize)]
    struct Json<'a> {
        findings: usize,
        track: &'a [Finding],
        exercises: Vec<ExerciseJson<'a>>,
    }
    #[derive(Serialize)]
    struct ExerciseJson<'a> {
        name: &'a str,
        topic: &'a str,
        findings: &'a [Finding],
        judged: bool,
        tests: Option<usize>,
        wrong_answers: Option<usize>,
        run_ms: Option<u64>,
    }
    let exercise = |checked: &'_ Checked| {
        let record = checked.record.as_ref();
        let signatures = record.and_then(|record| record.signatures.as_ref());
        (
            record.map(|record| record.tests),
            signatures.map(|signatures| signatures.wrong.len()),
            record.map(|record| record.run_ms),
        )
    };
    out::json(&Json {
        findings: report.findings().count(),
        track: &report.track,
        exercises: report
            .exercises
            .iter()
            .map(|checked| {
                let (tests, wrong_answers, run_ms) = exercise(checked);
                ExerciseJson {
                    name: &checked.name,
                    topic: &checked.topic,
                    findings: &checked.findings,
                    judged: checked.judged,
                    tests,
                    wrong_answers,
                    run_ms,
                }
            })
            .collect(),
    })
}

fn lines(report: &Report, style: &Style) -> Vec<String> {
    let mut lines = Vec::new();
    group(&mut lines, "the track", &report.track, style);
    for checked in &report.exercises {
        group(&mut lines, &checked.name, &checked.findings, style);
    }
    let findings = report.findings().count();
    let judged = report.exercises.iter().filter(|each| each.judged).count();
    let all = report.exercises.len();
    let (mark, result) = match findings {
        0 => (Mark::Passed, "nothing to mend".to_string()),
        some => (Mark::Failed, count(some, "finding")),
    };
    lines.push(format!(
        "{} {}: {result} {}",
        style.sign(mark),
        count(all, "exercise"),
        style.paint(
            Tone::Dim,
            format!("({judged} judged now, {} not changed since)", all - judged)
        )
    ));
    lines
}

fn group(lines: &mut Vec<String>, name: &str, findings: &[Finding], style: &Style) {
    if findings.is_empty() {
        return;
    }
    lines.push(format!(
        "{} {}",
        style.sign(Mark::Failed),
        style.strong(Tone::Strong, name)
    ));
    for finding in findings {
        lines.push(format!(
            "    {:<10} {}",
            finding.rule.name(),
            style.paint(Tone::Dim, &finding.place)
        ));
        lines.push(format!("               {}", finding.what));
    }
    lines.push(String::new());
}
