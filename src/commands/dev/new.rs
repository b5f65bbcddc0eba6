//! `backlings dev new`

use clap::ValueEnum;

use super::track_dir;
use crate::cli::Global;
use crate::commands::{Wrong, out};
use crate::dev::new::{self, New, NewError};
use crate::exit::Exit;
use crate::track::ExerciseKind;

/// What to make.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The topic, by id, number or folder
    topic: String,
    /// The exercise's name
    name: String,
    /// What the learner edits
    #[arg(long, value_enum, default_value_t)]
    kind: Kind,
    /// The exercise that it comes after [default: the last one of its topic]
    #[arg(long, value_name = "EXERCISE")]
    after: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Kind {
    /// A Rust file
    #[default]
    Rust,
    /// Other files; the tests look at them
    Files,
}

pub(super) fn run(global: &Global, options: &Options) -> anyhow::Result<Exit> {
    let dir = track_dir(global)?;
    let new = New {
        topic: &options.topic,
        name: &options.name,
        kind: match options.kind {
            Kind::Rust => ExerciseKind::Rust,
            Kind::Files => ExerciseKind::Files,
        },
        after: options.after.as_deref(),
    };
    let written = new::make(&dir, &new).map_err(|error| match error {
        NewError::Wrong(what) => Wrong(what).into(),
        error => anyhow::Error::from(error),
    })?;
    let mut lines: Vec<String> = written.iter().map(|path| format!("  {path}")).collect();
    lines.insert(0, "Written:".into());
    lines.push(String::new());
    lines.push(format!(
        "Now `backlings dev check {}` says what is still to be written.",
        options.name
    ));
    out::lines(lines)?;
    Ok(Exit::Passed)
}
