//! `backlings check`

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use super::context::Context;
use super::json::VerdictJson;
use super::out;
use super::run::exit;
use crate::cli::{Format, Global};
use crate::exit::Exit;
use crate::judge::{Memory, Rechecked};
use crate::supervise::Cancel;
use crate::track::Exercise;
use crate::ui::diagnostics;
use crate::ui::style::{Mark, Style, Tone};
use crate::ui::text::count;

/// How to check.
pub(crate) struct Options {
    pub(crate) force: bool,
    pub(crate) jobs: Option<u16>,
    pub(crate) format: Format,
}

/// What a worker found out.
struct Found {
    index: usize,
    checked: Rechecked,
}

pub(crate) fn run(global: &Global, filters: &[String], options: &Options) -> anyhow::Result<Exit> {
    let mut context = Context::open(global)?;
    let selected: Vec<Exercise> = context.select(filters)?.into_iter().cloned().collect();
    let results = check(&mut context, &selected, options)?;
    match options.format {
        Format::Json => print_json(&selected, &results)?,
        Format::Text => print(&selected, &results)?,
    }
    let worst = results.iter().map(exit_of).max_by_key(|exit| *exit as u8);
    Ok(worst.unwrap_or(Exit::Passed))
}

fn exit_of(checked: &Rechecked) -> Exit {
    match checked {
        Rechecked::Unchanged => Exit::Passed,
        Rechecked::Judged { verdict, .. } => exit(verdict),
        Rechecked::Unreadable(_) | Rechecked::Broken(_) => Exit::Trouble,
    }
}

fn check(
    context: &mut Context,
    selected: &[Exercise],
    options: &Options,
) -> anyhow::Result<Vec<Rechecked>> {
    let judge = context.judge()?;
    let toolchain = judge.toolchain()?;
    let mut memory = Memory::open(&context.workspace.state());
    let known = Memory::open(&context.workspace.state());
    let mut notes: Vec<Vec<String>> = selected
        .iter()
        .map(|exercise| {
            context
                .workspace
                .mend(&context.track, exercise, &mut context.store)
        })
        .collect();
    let bar = progress_bar(selected.len(), options.format);
    let mut results: Vec<Option<Rechecked>> = selected.iter().map(|_| None).collect();

    let Context {
        workspace,
        store,
        track,
        ..
    } = context;
    let (track, root) = (&*track, workspace.root());
    let next = AtomicUsize::new(0);
    let (tell, told) = mpsc::channel();
    let work = |tell: mpsc::Sender<Found>| {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(exercise) = selected.get(index) else {
                break;
            };
            let known = (!options.force).then_some(&known);
            let cancel = Cancel::new();
            let checked = judge.recheck(track, root, exercise, toolchain, known, &cancel);
            // Nothing cancels here.
            let checked = checked.unwrap_or(Rechecked::Unchanged);
            if tell.send(Found { index, checked }).is_err() {
                break;
            }
        }
    };
    std::thread::scope(|scope| {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        for _ in 0..options.jobs.map_or(cores, usize::from).min(selected.len()) {
            let tell = tell.clone();
            scope.spawn(|| work(tell));
        }
        drop(tell);
        // Passes are recorded as they come, so that a check that is stopped has not been for nothing.
        for Found { index, mut checked } in told {
            let exercise = &selected[index];
            if let Rechecked::Judged {
                verdict,
                sources,
                key,
            } = &mut checked
            {
                verdict.notes.append(&mut notes[index]);
                workspace.record(track, exercise, verdict, sources, store);
                if verdict.passed() {
                    memory.remember(exercise, std::mem::take(key));
                }
            }
            bar.set_message(exercise.name.clone());
            bar.inc(1);
            results[index] = Some(checked);
        }
    });
    bar.finish_and_clear();
    memory.save();
    Ok(results.into_iter().flatten().collect())
}

fn progress_bar(total: usize, format: Format) -> ProgressBar {
    let target = match format {
        Format::Text => ProgressDrawTarget::stderr(),
        Format::Json => ProgressDrawTarget::hidden(),
    };
    let bar = ProgressBar::with_draw_target(Some(total as u64), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len}  {wide_msg}") {
        bar.set_style(style);
    }
    bar
}

fn print_json(selected: &[Exercise], results: &[Rechecked]) -> anyhow::Result<()> {
    #[derive(Serialize)]
    struct Check {
        results: Vec<VerdictJson>,
    }
    let results = selected
        .iter()
        .zip(results)
        .map(|(exercise, checked)| match checked {
            Rechecked::Unchanged => VerdictJson::unchanged(&exercise.name),
            Rechecked::Judged { verdict, .. } => {
                VerdictJson::new(verdict, diagnostics::summary(verdict))
            }
            Rechecked::Unreadable(error) => VerdictJson::trouble(&exercise.name, error.to_string()),
            Rechecked::Broken(error) => VerdictJson::trouble(&exercise.name, error.to_string()),
        })
        .collect();
    out::json(&Check { results })
}

fn print(selected: &[Exercise], results: &[Rechecked]) -> anyhow::Result<()> {
    let style = Style::stdout();
    let mut lines = Vec::new();
    let mut passed = 0;
    for (exercise, checked) in selected.iter().zip(results) {
        let words = match checked {
            Rechecked::Unchanged => None,
            Rechecked::Judged { verdict, .. } if verdict.passed() => None,
            Rechecked::Judged { verdict, .. } => Some(diagnostics::summary(verdict)),
            Rechecked::Unreadable(error) => Some(error.to_string()),
            Rechecked::Broken(error) => Some(error.to_string()),
        };
        match words {
            None => passed += 1,
            Some(words) => {
                lines.push(format!(
                    "{} {}: {words}",
                    style.sign(Mark::Failed),
                    style.paint(Tone::Strong, &exercise.name)
                ));
            }
        }
    }
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(format!(
        "{passed} of {} passed",
        count(selected.len(), "exercise")
    ));
    out::lines(lines)
}
