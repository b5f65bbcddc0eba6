//! The system's events, reduced to what matters.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind, RenameMode};
use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher};

/// What the system said.
pub(in crate::watch) enum Heard {
    /// Events come from now on, for paths that begin like this; or they cannot, and why.
    Ready(Result<(RecommendedWatcher, PathBuf), String>),
    /// Something happened to files.
    Touched(Touched),
}

/// Paths to which the same happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::watch) struct Touched {
    /// Which.
    pub(in crate::watch) paths: Vec<PathBuf>,
    /// What.
    pub(in crate::watch) sort: Sort,
}

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::watch) enum Sort {
    /// It has been written, wholly: closed after writing, or renamed into its place.
    Written,
    /// It is being written.
    Changing,
    /// Created, removed, renamed away, or changed in other ways.
    Other,
}

/// Passes on what the system said, from any thread.
pub(in crate::watch) type Tell = Arc<dyn Fn(Heard) + Send + Sync>;

/// Sets the watch up in a thread of its own: with many folders it takes long.
pub(super) fn listen(exercises: PathBuf, tell: Tell) {
    let started = std::thread::Builder::new()
        .name("watcher".into())
        .spawn(move || {
            let touched = Arc::clone(&tell);
            let ready = start(&exercises, move |what| touched(Heard::Touched(what)));
            tell(Heard::Ready(ready));
        });
    // If there are no threads to be had, the looks every second still do.
    drop(started);
}

fn start(
    exercises: &Path,
    tell: impl Fn(Touched) + Send + 'static,
) -> Result<(RecommendedWatcher, PathBuf), String> {
    let failed =
        |error: notify::Error| format!("the system does not watch the files ({})", reason(&error));
    // macOS tells real paths, whatever was asked for.
    let prefix = exercises
        .canonicalize()
        .unwrap_or_else(|_| exercises.to_path_buf());
    let handler = move |event: notify::Result<notify::Event>| {
        if let Ok(event) = event
            && let Some(sort) = sort(&event.kind)
        {
            tell(Touched {
                paths: event.paths,
                sort,
            });
        }
    };
    // A link to a folder far above would have all of it watched.
    let config = Config::default().with_follow_symlinks(false);
    let mut watcher = RecommendedWatcher::new(handler, config).map_err(failed)?;
    watcher
        .watch(&prefix, RecursiveMode::Recursive)
        .map_err(failed)?;
    Ok((watcher, prefix))
}

fn reason(error: &notify::Error) -> String {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => {
            "its limit is reached: raise fs.inotify.max_user_watches to have events again".into()
        }
        notify::ErrorKind::Io(error) => error.to_string(),
        _ => error.to_string(),
    }
}

pub(super) fn sort(kind: &EventKind) -> Option<Sort> {
    Some(match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => Sort::Written,
        EventKind::Access(_) => return None,
        EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both)) => Sort::Written,
        EventKind::Modify(ModifyKind::Name(_) | ModifyKind::Metadata(_)) => Sort::Other,
        EventKind::Modify(_) => Sort::Changing,
        _ => Sort::Other,
    })
}
