//! `backlings solution`

use jiff::Timestamp;

use super::context::{Context, Wrong};
use super::out;
use crate::cli::Global;
use crate::exit::Exit;
use crate::judge::Sources;
use crate::progress::{Entry, Event};
use crate::track::File;
use crate::ui::markdown;
use crate::ui::style::{Style, Tone};

/// Columns of running text.
const COLUMNS: usize = 80;

pub(crate) fn run(
    global: &Global,
    word: Option<&str>,
    diff: bool,
    spoil: bool,
) -> anyhow::Result<Exit> {
    let mut context = Context::open(global)?;
    let exercise = context.exercise(word)?.clone();
    let done = context.store.progress().is_done(&exercise.name);
    if !done && !spoil {
        return Err(Wrong(format!(
            "{} is not done yet, and the solution would spoil it; `backlings hint {0}` helps, `--spoil` shows it all the same",
            exercise.name
        ))
        .into());
    }
    let solution = context.track.solution(&exercise)?;
    if !done {
        context.store.record(&Entry::event(
            Timestamp::now(),
            &exercise.name,
            Event::Solution,
        ))?;
    }
    let style = Style::stdout();
    let mut text = String::new();
    let yours = if diff {
        Some(Sources::read(context.workspace.root(), &exercise)?)
    } else {
        None
    };
    for file in &solution {
        match &yours {
            Some(yours) => text.push_str(&difference(yours, file, &style)),
            None => {
                if solution.len() > 1 {
                    text.push_str(&format!("{}\n", style.paint(Tone::Dim, &file.name)));
                }
                text.push_str(&String::from_utf8_lossy(&file.bytes));
            }
        }
    }
    if done && !diff {
        text.push('\n');
        for line in markdown::lines(&context.track.after(&exercise), COLUMNS, &style) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    out::text(&text)?;
    Ok(Exit::Passed)
}

fn difference(yours: &Sources, solution: &File, style: &Style) -> String {
    let own = yours.files.iter().find(|file| file.name == solution.name);
    let own = own
        .map(|file| String::from_utf8_lossy(&file.bytes).replace("\r\n", "\n"))
        .unwrap_or_default();
    let theirs = String::from_utf8_lossy(&solution.bytes).into_owned();
    if own == theirs {
        return format!("{}: yours is the same\n", solution.name);
    }
    let mut text = format!("--- yours/{0}\n+++ solution/{0}\n", solution.name);
    let patch = diffy::create_patch(&own, &theirs).to_string();
    // The patch begins with names of its own.
    for line in patch.lines().skip_while(|line| !line.starts_with("@@")) {
        text.push_str(&match line.chars().next() {
            Some('@') => style.paint(Tone::Info, line),
            Some('-') => style.paint(Tone::Bad, line),
            Some('+') => style.paint(Tone::Good, line),
            _ => line.to_string(),
        });
        text.push('\n');
    }
    text
}
