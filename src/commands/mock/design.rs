//! A mock interview about a design: five steps, each with its minutes and a file to write into.

use std::io::{self, IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

use super::refuse_second;
use crate::commands::context::{Context, Wrong, unknown};
use crate::commands::out;
use crate::exit::Exit;
use crate::track::{Design, Guide, Step};
use crate::ui::style::{Mark, Style, Tone};
use crate::ui::text::{self, count};
use crate::workspace::{Mock, MockKind, Problem};

const REVIEW: &str = "review.md";

pub(super) fn run(context: &Context, problem: &str) -> anyhow::Result<Exit> {
    let guide = context.track.guide()?;
    let known = guide.designs.iter().map(|design| design.name.as_str());
    let Some(design) = guide.designs.iter().find(|design| design.name == problem) else {
        return Err(unknown("design problem", problem, known).into());
    };
    if guide.steps.is_empty() {
        return Err(Wrong("this track says nothing of the steps of a design".into()).into());
    }
    refuse_second(context)?;
    let mock = Mock {
        kind: MockKind::Design,
        started: Timestamp::now(),
        minutes: guide.steps.iter().map(|step| step.minutes).sum(),
        ended: None,
        company: None,
        problems: vec![Problem {
            name: design.name.clone(),
            passed: None,
        }],
        path: Default::default(),
    };
    let mock = context
        .workspace
        .begin_mock(mock, &format!("design-{}", design.name))?;
    let files = lay(&mock, design, &guide)?;
    let style = Style::stdout();
    let mut lines = vec![style.strong(Tone::Strong, &design.title)];
    lines.extend(text::wrap(&design.task, out::page(), "  ", "  "));
    lines.push(String::new());
    out::lines(lines)?;
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        for (index, (step, file)) in guide.steps.iter().zip(&files).enumerate() {
            if !walk(context, step, file, index + 1, guide.steps.len())? {
                out::lines(["The interview goes on: `backlings mock end` ends it."])?;
                return Ok(Exit::Passed);
            }
        }
        out::lines(end(context, mock)?)?;
        return Ok(Exit::Passed);
    }
    let mut lines: Vec<String> = guide
        .steps
        .iter()
        .zip(&files)
        .map(|(step, file)| {
            format!(
                "{:>3} min  {}  {}",
                step.minutes,
                step.title,
                shown(context, file)
            )
        })
        .collect();
    lines.push(
        "Write into these files, one after the other; `backlings mock end` ends the interview."
            .into(),
    );
    out::lines(lines)?;
    Ok(Exit::Passed)
}

/// Writes a file for each step, with its questions, and the list for afterwards.
fn lay(mock: &Mock, design: &Design, guide: &Guide) -> anyhow::Result<Vec<PathBuf>> {
    let folder = mock.folder();
    std::fs::create_dir_all(&folder)?;
    let mut files = Vec::new();
    for (index, step) in guide.steps.iter().enumerate() {
        let path = folder.join(format!("{}-{}.md", index + 1, step.name));
        let asks: String = step.asks.iter().map(|ask| format!("- {ask}\n")).collect();
        let text = format!(
            "# {}: {}\n\n{} minutes. {}\n\n{asks}\n## What you say\n\n",
            design.title,
            step.title,
            step.minutes,
            design.task.split_whitespace().collect::<Vec<_>>().join(" ")
        );
        std::fs::write(&path, text)?;
        files.push(path);
    }
    let line = |item: &String| format!("- [ ] {item}\n");
    let points: String = design.points.iter().map(line).collect();
    let review: String = guide.review.iter().map(line).collect();
    let text = format!(
        "# {}: afterwards\n\nDid you speak of\n\n{points}\nAnd:\n\n{review}",
        design.title
    );
    std::fs::write(folder.join(REVIEW), text)?;
    Ok(files)
}

/// Shows a step with its clock until Enter is pressed; `false` when the input ends.
fn walk(
    context: &Context,
    step: &Step,
    file: &Path,
    number: usize,
    of: usize,
) -> anyhow::Result<bool> {
    let style = Style::stdout();
    let mut lines = vec![format!(
        "{} {}",
        style.strong(Tone::Info, format!("Step {number} of {of}: {}", step.title)),
        style.paint(Tone::Dim, count(step.minutes as usize, "minute"))
    )];
    let bullet = format!("  {} ", style.sign(Mark::Bullet));
    for ask in &step.asks {
        lines.extend(text::wrap(ask, out::page(), &bullet, "    "));
    }
    lines.push(format!(
        "  write into {}, and press Enter when you are done",
        shown(context, file)
    ));
    out::lines(lines)?;
    let bar = ProgressBar::with_draw_target(
        Some(u64::from(step.minutes) * 60),
        ProgressDrawTarget::stderr(),
    );
    if let Ok(form) = ProgressStyle::with_template("  {elapsed_precise} of {msg}") {
        bar.set_style(form);
    }
    bar.set_message(format!(
        "{:02}:{:02}:00",
        step.minutes / 60,
        step.minutes % 60
    ));
    bar.enable_steady_tick(Duration::from_secs(1));
    let mut line = String::new();
    let read = io::stdin().read_line(&mut line)?;
    bar.finish_and_clear();
    io::stdout().flush()?;
    Ok(read > 0)
}

/// Ends the interview, and shows what to ask oneself.
pub(super) fn end(context: &Context, mut mock: Mock) -> anyhow::Result<Vec<String>> {
    let now = Timestamp::now();
    mock.ended = Some(now);
    context.workspace.keep_mock(&mock)?;
    let guide = context.track.guide()?;
    let style = Style::stdout();
    let took = now.duration_since(mock.started).as_secs();
    let mut lines = vec![format!(
        "It took {}; {} were planned.",
        text::hours(u64::try_from(took).unwrap_or(0)),
        count(mock.minutes as usize, "minute")
    )];
    let bullet = format!("  {} ", style.sign(Mark::Bullet));
    let name = mock
        .problems
        .first()
        .map_or("", |problem| problem.name.as_str());
    let design = guide.designs.iter().find(|design| design.name == name);
    if let Some(design) = design {
        lines.extend([
            String::new(),
            style.strong(Tone::Strong, "Did you speak of"),
        ]);
        lines.extend(
            design
                .points
                .iter()
                .flat_map(|point| text::wrap(point, out::page(), &bullet, "    ")),
        );
    }
    lines.extend([String::new(), style.strong(Tone::Strong, "And")]);
    lines.extend(
        guide
            .review
            .iter()
            .flat_map(|ask| text::wrap(ask, out::page(), &bullet, "    ")),
    );
    lines.extend([
        String::new(),
        format!(
            "The same list, to tick off, is in {}.",
            shown(context, &mock.folder().join(REVIEW))
        ),
    ]);
    Ok(lines)
}

fn shown(context: &Context, path: &Path) -> String {
    let path = path.strip_prefix(context.workspace.root()).unwrap_or(path);
    path.display().to_string()
}
