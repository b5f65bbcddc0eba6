//! `backlings run`

use anyhow::Context as _;

use super::context::Context;
use super::json::VerdictJson;
use super::out;
use super::steps::StepLine;
use crate::cli::{Format, Global};
use crate::exit::Exit;
use crate::judge::{Kind, Sources, Verdict};
use crate::supervise::Cancel;
use crate::track::Exercise;
use crate::ui::diagnostics::{self, Room};

use crate::ui::style::{Style, Tone};

pub(crate) fn run(global: &Global, word: Option<&str>, format: Format) -> anyhow::Result<Exit> {
    let mut context = Context::open(global)?;
    let exercise = context.exercise(word)?.clone();
    let sources = match Sources::read(context.workspace.root(), &exercise) {
        Ok(sources) => sources,
        Err(error) if format == Format::Json => {
            out::json(&VerdictJson::trouble(&exercise.name, error.to_string()))?;
            return Ok(Exit::Trouble);
        }
        Err(error) => return Err(error.into()),
    };
    let (verdict, recorded) = judge(&mut context, &exercise, &sources)?;
    match format {
        Format::Json => out::json(&VerdictJson::new(&verdict, diagnostics::summary(&verdict)))?,
        Format::Text => print(&context, &verdict)?,
    }
    Ok(if recorded {
        exit(&verdict)
    } else {
        Exit::Trouble
    })
}

fn judge(
    context: &mut Context,
    exercise: &Exercise,
    sources: &Sources,
) -> anyhow::Result<(Verdict, bool)> {
    let mut notes = context
        .workspace
        .mend(&context.track, exercise, &mut context.store);
    let _ = context
        .workspace
        .activate(&context.track, context.track.group(exercise));
    let judge = context.judge()?.with_width(
        console::Term::stdout()
            .size_checked()
            .map(|(_, width)| width),
    );
    let line = StepLine::stderr();
    let verdict = judge.judge(
        &context.track,
        exercise,
        sources,
        &Cancel::new(),
        &mut |step| line.show(&step),
    );
    line.clear();
    let mut verdict = verdict.context("the judgement was cancelled")?;
    verdict.notes.append(&mut notes);
    let recorded = context.workspace.record(
        &context.track,
        exercise,
        &mut verdict,
        sources,
        &mut context.store,
    );
    Ok((verdict, recorded))
}

/// The exit code that a verdict means.
pub(super) fn exit(verdict: &Verdict) -> Exit {
    match verdict.kind {
        Kind::Passed => Exit::Passed,
        Kind::Environment { .. } => Exit::Trouble,
        _ => Exit::NotPassed,
    }
}

fn print(context: &Context, verdict: &Verdict) -> anyhow::Result<()> {
    let style = Style::stdout();
    let mut lines = diagnostics::lines(verdict, Room::UNBOUNDED, &style);
    if verdict.passed() {
        let progress = context.store.progress();
        let done = |name: &str| progress.is_done(name);
        // What comes after this one, wherever the learner was before.
        let next = context
            .track
            .next_pending(context.roadmap(), &verdict.exercise, done);
        if let Some(next) = next {
            lines.push(String::new());
            lines.push(format!(
                "next: {} {}",
                style.strong(Tone::Info, &next.name),
                style.paint(Tone::Dim, next.main_path())
            ));
        }
    }
    out::lines(lines)
}
