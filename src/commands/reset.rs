//! `backlings reset`

use super::context::Context;
use super::out;
use crate::cli::Global;
use crate::exit::Exit;

pub(crate) fn run(global: &Global, word: &str) -> anyhow::Result<Exit> {
    let mut context = Context::open(global)?;
    let exercise = context.exercise(Some(word))?.clone();
    let saved = context
        .workspace
        .reset(&context.track, &exercise, &mut context.store)?;
    let mut lines = vec![format!("{} is as it was at the start.", exercise.name)];
    lines.extend(saved.words(&context.workspace, &exercise));
    out::lines(lines)?;
    Ok(Exit::Passed)
}
