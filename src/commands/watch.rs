//! `backlings watch`

use std::time::Duration;

use super::{Context, Wrong, out};
use crate::cli::Global;
use crate::exit::Exit;
use crate::ui::terminal::Terminal;
use crate::watch::{self, End, Parts, Summary};

/// How to watch.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Options {
    /// Name, file or folder to start at; the current exercise if left out
    #[arg(add = clap_complete::engine::ArgValueCandidates::new(super::completions::exercises))]
    exercise: Option<String>,
    /// Stay at an exercise that has passed until `n` is pressed
    #[arg(long)]
    no_advance: bool,
    /// Look for saves four times a second instead of waiting for events (network and container file systems)
    #[arg(long)]
    poll: bool,
    /// Open files with this command; {file}, {line} and {column} are filled in
    #[arg(long, value_name = "COMMAND")]
    edit_cmd: Option<String>,
}

pub(crate) fn run(global: &Global, options: &Options) -> anyhow::Result<Exit> {
    start(Context::open(global)?, options)
}

/// Watches these exercises alone, against the clock and without help.
pub(crate) fn interview(
    context: Context,
    exercises: Vec<String>,
    limit: Duration,
) -> anyhow::Result<Exit> {
    let interview = watch::Interview { exercises, limit };
    let summary = watch_now(context, None, &Options::default(), Some(interview))?;
    ended(summary, false)
}

pub(crate) fn start(context: Context, options: &Options) -> anyhow::Result<Exit> {
    let word = options.exercise.as_deref();
    let standing = context.workspace.standing_in(&context.track, &context.cwd);
    let named = match word {
        Some(word) => Some(context.exercise(Some(word))?),
        None => standing.or_else(|| context.current()),
    };
    let start = named.map(|exercise| exercise.name.clone());
    if let Some(obstacle) = Terminal::obstacle() {
        return Err(Wrong(format!(
            "{obstacle}, which watching needs; `backlings run` judges once, and is for scripts"
        ))
        .into());
    }
    let summary = watch_now(context, start, options, None)?;
    ended(summary, true)
}

fn watch_now(
    context: Context,
    start: Option<String>,
    options: &Options,
    interview: Option<watch::Interview>,
) -> anyhow::Result<Summary> {
    let width = u16::try_from(Terminal::size().width).ok();
    let judge = context.judge()?.with_width(width);
    Ok(watch::run(Parts {
        workspace: context.workspace,
        store: context.store,
        track: context.track,
        judge,
        options: watch::Options {
            start,
            no_advance: options.no_advance,
            poll: options.poll,
            edit_command: options.edit_cmd.clone(),
            interview,
        },
    })?)
}

fn ended(summary: Summary, tell: bool) -> anyhow::Result<Exit> {
    match summary.end {
        End::Quit => {
            let Summary { done, total, .. } = summary;
            if tell {
                out::lines(vec![format!(
                    "{done} of {total} done. `backlings` goes on from here."
                )])?;
            }
            Ok(Exit::Passed)
        }
        // As a shell names a process that a signal has ended; the terminal is given back by now.
        End::Signal(number) => std::process::exit(128 + i32::from(number)),
        End::Gone => std::process::exit(129),
    }
}
