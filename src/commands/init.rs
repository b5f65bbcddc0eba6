//! `backlings init`

use std::path::Path;

use super::context::{Wrong, track_of};
use super::out;
use crate::cli::Global;
use crate::exit::Exit;
use crate::track::{Track, did_you_mean};
use crate::ui::style::{Style, Tone};
use crate::ui::text::count;
use crate::workspace::{Created, InitError, InitOptions, Workspace};

pub(crate) fn run(global: &Global, dir: &Path, roadmap: &str, git: bool) -> anyhow::Result<Exit> {
    let track = track_of(global, "")?;
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

/// Makes a workspace, with what can be wrong sorted into exit codes.
pub(super) fn make(track: &Track, dir: &Path, roadmap: &str, git: bool) -> anyhow::Result<Created> {
    if track.roadmap(roadmap).is_none() {
        let known: Vec<&str> = track
            .roadmaps()
            .iter()
            .map(|roadmap| roadmap.name.as_str())
            .collect();
        let hint = did_you_mean(roadmap, known.iter().copied()).map_or_else(
            || format!("there are: {}", known.join(", ")),
            |name| format!("did you mean \"{name}\"?"),
        );
        return Err(Wrong(format!("there is no roadmap \"{roadmap}\"; {hint}")).into());
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
