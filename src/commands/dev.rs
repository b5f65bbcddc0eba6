//! `backlings dev`: for authors.

use clap::Subcommand;

use crate::cli::Global;
use crate::exit::Exit;

/// What authors can ask for.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check
    Check,
}

pub(crate) fn run(_global: &Global, _command: &Command) -> anyhow::Result<Exit> {
    Ok(Exit::Passed)
}
