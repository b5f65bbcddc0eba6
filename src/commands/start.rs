//! `backlings` alone: in a workspace, watch; elsewhere, offer to make one.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::Context as _;

use super::context::{Context, Wrong, track_of};
use super::{init, watch};
use crate::cli::Global;
use crate::exit::Exit;
use crate::track::FULL_ROADMAP;
use crate::ui::style::{Style, Tone};
use crate::ui::text::count;
use crate::workspace::Workspace;

/// The folder that is offered.
const FOLDER: &str = "my-backlings";

pub(crate) fn run(global: &Global) -> anyhow::Result<Exit> {
    let cwd = std::env::current_dir().context("the current folder is gone: go to another one")?;
    let offered = cwd.join(FOLDER);
    if global.workspace.is_some() || Workspace::find(&cwd).is_some() {
        return watch::start(Context::open(global)?, &watch::Options::default());
    }
    if let Some(workspace) = Workspace::is_at(&offered)
        .then(|| Workspace::find(&offered))
        .flatten()
    {
        return watch::start(
            Context::open_at(workspace, global, offered)?,
            &watch::Options::default(),
        );
    }
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(Wrong(format!(
            "this folder is not in a workspace; make one with `backlings init {FOLDER}`, then run `backlings` in it"
        ))
        .into());
    }
    let track = track_of(global, "")?;
    if !ask(&format!(
        "There is no workspace here. Make {} with {}?",
        Style::stdout().strong(Tone::Info, format!("./{FOLDER}")),
        count(track.exercises().len(), "exercise")
    ))? {
        println!("Nothing was made. `backlings init DIR` makes one where you like.");
        return Ok(Exit::Passed);
    }
    let created = init::make(&track, Path::new(FOLDER), FULL_ROADMAP, true)?;
    watch::start(
        Context::open_at(created.workspace, global, offered)?,
        &watch::Options::default(),
    )
}

fn ask(question: &str) -> anyhow::Result<bool> {
    print!("{question} [Y/n] ");
    io::stdout().flush()?;
    let mut answer = String::new();
    if io::stdin().read_line(&mut answer)? == 0 {
        println!();
        return Ok(false);
    }
    Ok(matches!(
        answer.trim().to_lowercase().as_str(),
        "" | "y" | "yes"
    ))
}
