//! `backlings restore`

use super::context::{Context, Wrong};
use super::out;
use crate::cli::Global;
use crate::exit::Exit;
use crate::ui::style::{Style, Tone};
use crate::workspace::RestoreError;

pub(crate) fn list(global: &Global, word: &str) -> anyhow::Result<Exit> {
    let context = Context::open(global)?;
    let exercise = context.exercise(Some(word))?;
    let versions = context.workspace.versions(exercise, &context.store)?;
    let style = Style::stdout();
    let mut lines: Vec<String> = versions
        .iter()
        .enumerate()
        .map(|(index, version)| {
            let at = version
                .at
                .to_zoned(jiff::tz::TimeZone::system())
                .strftime("%Y-%m-%d %H:%M:%S");
            format!(
                "{:>3}  {at}  {:<10} {}",
                index + 1,
                version.why,
                style.paint(Tone::Dim, version.path.display().to_string())
            )
        })
        .collect();
    if lines.is_empty() {
        lines.push(format!("Nothing of {} was put aside yet.", exercise.name));
    }
    out::lines(lines)?;
    Ok(Exit::Passed)
}

pub(crate) fn run(global: &Global, word: &str, version: u32) -> anyhow::Result<Exit> {
    let mut context = Context::open(global)?;
    let exercise = context.exercise(Some(word))?.clone();
    let restored = context
        .workspace
        .restore(&exercise, version, &mut context.store)
        .map_err(|error| match error {
            RestoreError::Nothing { .. } | RestoreError::NoSuchVersion { .. } => {
                anyhow::Error::from(Wrong(error.to_string()))
            }
            other => other.into(),
        })?;
    let mut lines = vec![format!("{} is again as you had it.", exercise.name)];
    lines.extend(restored.words(&context.workspace, &exercise));
    out::lines(lines)?;
    Ok(Exit::Passed)
}
