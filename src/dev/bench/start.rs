//! How soon a large course answers.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::course;
use super::stats::Samples;
use super::{Plan, Row};
use crate::judge::Toolchain;
use crate::track::Track;
use crate::workspace::Workspace;

/// Milliseconds to the first screen.
#[cfg(unix)]
const SCREEN: f64 = 50.0;
/// Milliseconds of a command that only reads.
const COMMAND: f64 = 30.0;
/// Lines of a long history.
const HISTORY: usize = 100_000;
/// Milliseconds for each exercise that has not changed since it passed.
const UNCHANGED: f64 = 1.0;

/// Measures first screen, `list`, `progress` and `check` on a course of a thousand.
pub(super) fn measure(
    dir: &Path,
    program: &Path,
    toolchain: &Toolchain,
    plan: &Plan,
    on: &mut dyn FnMut(&str),
) -> anyhow::Result<Vec<Row>> {
    let many = format!("{} exercises", plan.exercises);
    on(&many);
    let track = course::track(&dir.join("track"), plan.exercises)?;
    let workspace = course::workspace(&dir.join("workspace"), &track)?;
    let mut rows = Vec::new();
    for done in [false, true] {
        if done {
            course::all_done(&workspace, &track, toolchain)?;
        }
        let state = if done { "all done" } else { "none done" };
        #[cfg(unix)]
        {
            let mut screen = Samples::default();
            for _ in 0..plan.samples {
                on(&format!("first screen, {state}"));
                screen.push_time(first_screen(program, workspace.root())?);
            }
            let what = format!("first screen of watch, {many}, {state}");
            rows.push(Row::samples(&what, "ms", &screen).at_most(SCREEN));
        }
        for command in ["list", "progress"] {
            on(&format!("{command}, {state}"));
            let time = commands(program, workspace.root(), command, plan.samples)?;
            let what = format!("{command}, {many}, {state}");
            rows.push(Row::samples(&what, "ms", &time).at_most(COMMAND));
        }
    }
    rows.extend(long_history(program, &workspace, &track, plan, on)?);
    on("check");
    let time = commands(program, workspace.root(), "check", plan.samples)?;
    let each = time.median() / plan.exercises as f64;
    rows.push(
        Row::number(&format!("check, each of {many}, unchanged"), "ms", each).at_most(UNCHANGED),
    );
    Ok(rows)
}

/// `progress` after years of work: the first reading of the history, and each one after it.
fn long_history(
    program: &Path,
    workspace: &Workspace,
    track: &Track,
    plan: &Plan,
    on: &mut dyn FnMut(&str),
) -> anyhow::Result<Vec<Row>> {
    on("a long history");
    course::history(workspace, track, HISTORY)?;
    let what = format!(
        "progress, {} exercises, {HISTORY} lines of history",
        plan.exercises
    );
    let first = commands(program, workspace.root(), "progress", 1)?;
    let later = commands(program, workspace.root(), "progress", plan.samples)?;
    Ok(vec![
        Row::samples(&format!("{what}, read first"), "ms", &first),
        Row::samples(&what, "ms", &later).at_most(COMMAND),
    ])
}

fn commands(program: &Path, dir: &Path, command: &str, count: usize) -> anyhow::Result<Samples> {
    let mut samples = Samples::default();
    for _ in 0..count {
        let start = Instant::now();
        let output = Command::new(program)
            .arg(command)
            .current_dir(dir)
            .stdin(Stdio::null())
            .output()?;
        samples.push_time(start.elapsed());
        anyhow::ensure!(
            output.status.success(),
            "`{command}` failed: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(samples)
}

/// From the start of the program to the exercise's title on the screen.
#[cfg(unix)]
fn first_screen(program: &Path, dir: &Path) -> anyhow::Result<std::time::Duration> {
    let start = Instant::now();
    let terminal = super::pty::Terminal::spawn(program, dir, &["watch", course::NAME])?;
    terminal.see(&[&format!("The title of {}", course::NAME)])?;
    Ok(start.elapsed())
}
