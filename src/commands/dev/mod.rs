//! `backlings dev`: for authors.

mod bench;
mod check;
mod mutants;
mod new;
mod stats;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Wrong;
use crate::cli::{Format, Global};
use crate::exit::Exit;

/// What authors can ask for.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The gate: check everything about exercises that a machine can hold
    #[command(after_help = crate::cli::FILTERS)]
    Check(check::Options),
    /// Measure what the program promises, beside the bare compiler
    Bench(bench::Options),
    /// Change the solutions in small ways, and see whether the tests notice
    #[command(after_help = crate::cli::FILTERS)]
    Mutants(mutants::Options),
    /// Make a new exercise, every file in its place
    New(new::Options),
    /// Count what the track holds, and what of a guide is missing
    Stats(stats::Options),
}

pub(crate) fn run(global: &Global, command: &Command) -> anyhow::Result<Exit> {
    match command {
        Command::Check(options) => check::run(global, options),
        Command::Bench(options) => bench::run(options),
        Command::Mutants(options) => mutants::run(global, options),
        Command::New(options) => new::run(global, options),
        Command::Stats(options) => stats::run(global, options),
    }
}

/// The folder of the track: the one that was named, or the one around the current folder.
fn track_dir(global: &Global) -> anyhow::Result<PathBuf> {
    if let Some(dir) = &global.track {
        return Ok(std::path::absolute(dir).unwrap_or_else(|_| dir.clone()));
    }
    let cwd = std::env::current_dir().context("the current folder is gone: go to another one")?;
    cwd.ancestors()
        .find(|dir| dir.join("info.toml").is_file())
        .map(Path::to_path_buf)
        .ok_or_else(|| {
            Wrong("there is no info.toml here or above: go to the track's folder, or name it with --track".into())
                .into()
        })
}

/// Where the tools keep what they know of a track; `target` is in no repository.
fn state_dir(track: &Path) -> PathBuf {
    track.join("target").join("backlings")
}

fn progress_bar(format: Format) -> ProgressBar {
    let target = match format {
        Format::Text => ProgressDrawTarget::stderr(),
        Format::Json => ProgressDrawTarget::hidden(),
    };
    let bar = ProgressBar::with_draw_target(Some(0), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len}  {wide_msg}") {
        bar.set_style(style);
    }
    bar
}
