//! `backlings hint`

use jiff::Timestamp;

use super::context::Context;
use super::out;
use crate::cli::Global;
use crate::exit::Exit;
use crate::ui::style::{Style, Tone};
use crate::ui::{markdown, text};

/// Columns of running text where the terminal is wider, or there is none.
const COLUMNS: usize = 80;

pub(crate) fn run(global: &Global, word: Option<&str>, again: bool) -> anyhow::Result<Exit> {
    let mut context = Context::open(global)?;
    let exercise = context.exercise(word)?.clone();
    let known = match again {
        true => None,
        false => context
            .workspace
            .misconception(&context.track, &exercise, true),
    };
    if let Some(known) = known {
        let style = Style::stdout();
        let mut lines = vec![style.strong(
            Tone::Info,
            format!(
                "{}: a known mistake fails the same tests; perhaps it is yours",
                exercise.name
            ),
        )];
        lines.extend(markdown::lines(known.hint.trim(), COLUMNS, &style));
        lines.push(String::new());
        lines.push(style.paint(
            Tone::Dim,
            "`backlings hint` again gives the exercise's own hints",
        ));
        out::lines(lines)?;
        return Ok(Exit::Passed);
    }
    let all = exercise.hints.len();
    let shown = (context.store.progress().hints_shown(&exercise.name) as usize).min(all);
    let upto = if again { shown } else { (shown + 1).min(all) };
    if upto > shown {
        context.store.show_hint(&exercise.name, Timestamp::now())?;
    }
    let style = Style::stdout();
    let mut lines = Vec::new();
    for (index, hint) in exercise.hints.iter().enumerate().take(upto).skip(if again {
        0
    } else {
        upto.saturating_sub(1)
    }) {
        lines.push(style.strong(
            Tone::Info,
            format!("{}, hint {} of {all}", exercise.name, index + 1),
        ));
        lines.extend(markdown::lines(hint.trim(), COLUMNS, &style));
    }
    match (all, upto) {
        (0, _) => lines.push(format!("{} has no hints.", exercise.name)),
        (_, 0) => lines.push(format!(
            "No hint of {} was shown yet; `backlings hint` shows the first.",
            exercise.name
        )),
        (all, upto) if upto < all && !again => {
            lines.push(String::new());
            lines.push(style.paint(
                Tone::Dim,
                format!("{} left", text::count(all - upto, "more hint")),
            ));
        }
        (all, upto) if upto == all && shown == all && !again => {
            lines.push(String::new());
            lines.push(style.paint(Tone::Dim, "that was the last one; `--again` shows them all"));
        }
        _ => {}
    }
    out::lines(lines)?;
    Ok(Exit::Passed)
}
