//! `backlings init`

use std::io::{self, IsTerminal};
use std::path::Path;

use super::context::{Wrong, track_of, unknown};
use super::out;
use crate::cli::Global;
use crate::exit::Exit;
use crate::track::{FULL_ROADMAP, Track};
use crate::ui::style::{Style, Tone};
use crate::ui::terminal::Terminal;
use crate::ui::text::{self, count};
use crate::workspace::{Created, InitError, InitOptions, Workspace};

pub(crate) fn run(
    global: &Global,
    dir: &Path,
    roadmap: Option<&str>,
    git: bool,
) -> anyhow::Result<Exit> {
    let track = track_of(global, "")?;
    let roadmap = match roadmap {
        Some(name) => name,
        None => ask(&track)?,
    };
    let created = make(&track, dir, roadmap, git)?;
    let style = Style::stdout();
    let shown = dir.display().to_string();
    let mut lines = vec![
        format!(
            "Made {} with {}{}.",
            style.strong(Tone::Info, &shown),
            count(created.exercises, "exercise"),
            if created.git {
                " and a git repository"
            } else {
                ""
            }
        ),
        String::new(),
    ];
    let welcome = track.messages().welcome.trim();
    if !welcome.is_empty() {
        lines.extend([welcome.to_string(), String::new()]);
    }
    lines.push("Now:".to_string());
    lines.push(format!(
        "  {}",
        style.paint(Tone::Info, format!("cd {shown}"))
    ));
    lines.push(format!("  {}", style.paint(Tone::Info, "backlings")));
    out::lines(lines)?;
    Ok(Exit::Passed)
}

/// The roadmap that the learner picks, on a terminal; elsewhere, or without an answer, the whole course.
fn ask(track: &Track) -> anyhow::Result<&str> {
    let roadmaps = track.roadmaps();
    let on_terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
    if roadmaps.len() < 2 || !on_terminal || Terminal::obstacle().is_some() {
        return Ok(FULL_ROADMAP);
    }
    let width = roadmaps.iter().map(|roadmap| roadmap.name.len()).max();
    let lines: Vec<String> = roadmaps
        .iter()
        .map(|roadmap| {
            let name = text::pad(&roadmap.name, width.unwrap_or(0));
            format!("{name}  {}: {}", roadmap.title, roadmap.goal)
        })
        .collect();
    let picked = dialoguer::FuzzySelect::new()
        .with_prompt("Which roadmap? (type to search)")
        .items(&lines)
        .default(0)
        .report(false)
        .interact_opt();
    match picked {
        Ok(picked) => Ok(picked.map_or(FULL_ROADMAP, |index| roadmaps[index].name.as_str())),
        Err(dialoguer::Error::IO(error)) => Err(error.into()),
    }
}

/// Makes a workspace, with what can be wrong sorted into exit codes.
pub(super) fn make(track: &Track, dir: &Path, roadmap: &str, git: bool) -> anyhow::Result<Created> {
    if track.roadmap(roadmap).is_none() {
        let known = track.roadmaps().iter().map(|roadmap| roadmap.name.as_str());
        return Err(unknown("roadmap", roadmap, known).into());
    }
    let options = InitOptions {
        roadmap: roadmap.to_string(),
        git,
    };
    Workspace::init(dir, track, &options).map_err(|error| match error {
        InitError::Failed { .. } => error.into(),
        wrong => Wrong(wrong.to_string()).into(),
    })
}
