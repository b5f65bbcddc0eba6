//! `backlings watch`

use super::Context;
use crate::cli::Global;
use crate::exit::Exit;

/// How to watch.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Options {
    /// Name, file or folder to start at; the current exercise if left out
    exercise: Option<String>,
}

pub(crate) fn run(global: &Global, options: &Options) -> anyhow::Result<Exit> {
    start(Context::open(global)?, options)
}

pub(crate) fn start(_context: Context, _options: &Options) -> anyhow::Result<Exit> {
    Ok(Exit::Passed)
}
