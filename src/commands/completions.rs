//! `backlings completions`, and what the shell asks for while one types.

use clap_complete::CompletionCandidate;
use clap_complete::env::Shells;

use super::context::{Context, Wrong};
use crate::cli::Global;
use crate::exit::Exit;
use crate::track::{Design, Difficulty, Guide, Track};

/// Prints the script that makes a shell ask this program.
pub(crate) fn run(shell: &str) -> anyhow::Result<Exit> {
    let shells = Shells::builtins();
    let completer = shells
        .completer(shell)
        .ok_or_else(|| Wrong(format!("there is no completion for {shell}")))?;
    let mut script = Vec::new();
    completer.write_registration(
        "COMPLETE",
        "backlings",
        "backlings",
        "backlings",
        &mut script,
    )?;
    super::out::text(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Passed)
}

/// The names of exercises, those of the workspace's track if one stands in one.
pub(crate) fn exercises() -> Vec<CompletionCandidate> {
    let candidates = |track: &Track| {
        let candidate = |exercise: &crate::track::Exercise| {
            CompletionCandidate::new(exercise.name.clone())
                .help(Some(exercise.title.clone().into()))
        };
        track.exercises().iter().map(candidate).collect()
    };
    match Context::open(&Global::default()) {
        Ok(context) => candidates(&context.track),
        Err(_) => Track::official()
            .map(|track| candidates(&track))
            .unwrap_or_default(),
    }
}

/// The roadmaps.
pub(crate) fn roadmaps() -> Vec<CompletionCandidate> {
    let track = Track::official().ok();
    let roadmaps = track.iter().flat_map(Track::roadmaps);
    roadmaps
        .map(|roadmap| {
            CompletionCandidate::new(roadmap.name.clone()).help(Some(roadmap.title.clone().into()))
        })
        .collect()
}

/// The checklists.
pub(crate) fn checklists() -> Vec<CompletionCandidate> {
    let guide = guide();
    let names = guide.checklists.into_iter().map(|list| list.name);
    names
        .chain(crate::commands::checklist::OTHERS.map(String::from))
        .map(CompletionCandidate::new)
        .collect()
}

/// The terms of the glossary.
pub(crate) fn terms() -> Vec<CompletionCandidate> {
    let terms = guide().terms.into_iter().map(|term| term.name);
    terms.map(CompletionCandidate::new).collect()
}

/// The problems of design interviews.
pub(crate) fn designs() -> Vec<CompletionCandidate> {
    let candidate =
        |design: Design| CompletionCandidate::new(design.name).help(Some(design.title.into()));
    guide().designs.into_iter().map(candidate).collect()
}

fn guide() -> Guide {
    let guide = Track::official().and_then(|track| track.guide());
    guide.unwrap_or_default()
}

/// What filters can be, and the names of exercises.
pub(crate) fn filters() -> Vec<CompletionCandidate> {
    let mut all: Vec<String> = ["status=done", "status=pending", "kind=rust", "kind=files"]
        .map(String::from)
        .into();
    all.extend(Difficulty::ALL.map(|level| format!("difficulty={}", level.name())));
    if let Ok(track) = Track::official() {
        all.extend(
            track
                .topics()
                .iter()
                .map(|topic| format!("topic={}", topic.id)),
        );
        all.extend(
            track
                .roadmaps()
                .iter()
                .map(|roadmap| format!("roadmap={}", roadmap.name)),
        );
    }
    let mut candidates: Vec<CompletionCandidate> =
        all.into_iter().map(CompletionCandidate::new).collect();
    candidates.extend(exercises());
    candidates
}
