//! `backlings dev stats`

use std::path::PathBuf;

use anyhow::Context as _;

use super::{state_dir, track_dir};
use crate::cli::{Format, FormatOption, Global};
use crate::commands::out;
use crate::dev::check::Records;
use crate::dev::stats::{self, Numbers, Stats};
use crate::exit::Exit;
use crate::track::Track;
use crate::ui::style::{Style, Tone};
use crate::ui::table::{Column, Table};

/// What to count.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// A TOML file with lines that the exercises have to cover; several if named again
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    guide: Vec<PathBuf>,
    #[command(flatten)]
    format: FormatOption,
}

pub(super) fn run(global: &Global, options: &Options) -> anyhow::Result<Exit> {
    let dir = track_dir(global)?;
    let track = Track::from_dir(&dir)?;
    let records = Records::open(&state_dir(&dir));
    let mut guide = Vec::new();
    for path in &options.guide {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let lines = stats::guide_lines(&text).with_context(|| path.display().to_string())?;
        guide.extend(lines);
    }
    let guide = (!options.guide.is_empty()).then_some(guide);
    let stats = stats::count(&track, &records, guide.as_deref());
    match options.format.format {
        Format::Json => out::json(&stats)?,
        Format::Text => print(&stats)?,
    }
    Ok(Exit::Passed)
}

fn print(stats: &Stats) -> anyhow::Result<()> {
    let style = Style::stdout();
    let mut table = Table::new([
        ("topic", Column::Left),
        ("exercises", Column::Right),
        ("minutes", Column::Right),
        ("tests", Column::Right),
        ("wrong answers", Column::Right),
        ("recognised", Column::Right),
        ("lines to write", Column::Right),
        ("slowest ms", Column::Right),
    ]);
    let mut row = |name: &str, numbers: &Numbers| {
        table.row([
            name.to_string(),
            numbers.exercises.to_string(),
            numbers.minutes.to_string(),
            numbers.tests.to_string(),
            numbers.wrong_answers.to_string(),
            numbers.recognised.to_string(),
            numbers.lines.to_string(),
            numbers
                .slowest_ms
                .map_or_else(|| "?".into(), |time| time.to_string()),
        ]);
    };
    for (topic, numbers) in &stats.topics {
        row(topic, numbers);
    }
    row("all", &stats.total);
    let mut lines = table.lines(None, &style);
    if let Some(covered) = stats.covered {
        lines.push(String::new());
        let all = covered + stats.missing.len();
        lines.push(format!("{covered} of {all} lines of the guide are covered"));
        lines.extend(
            stats
                .missing
                .iter()
                .map(|line| format!("  {} {line}", style.paint(Tone::Warn, "missing"))),
        );
    }
    if stats.written + stats.planned.len() > 0 {
        let all = stats.written + stats.planned.len();
        lines.push(String::new());
        lines.push(format!(
            "{} of {all} lines of roadmaps and checklists have their exercises",
            stats.written
        ));
        lines.extend(stats.planned.iter().map(|(place, line)| {
            format!("  {} {place}: {line}", style.paint(Tone::Warn, "planned"))
        }));
    }
    out::lines(lines)
}
