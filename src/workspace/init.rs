//! Making a workspace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::files::write;
use super::{STATE, Workspace};
use crate::progress::Store;
use crate::track::Track;

/// How to make a workspace.
#[derive(Clone, Debug)]
pub struct InitOptions {
    /// The roadmap to walk.
    pub roadmap: String,
    /// Whether to make a git repository, where there is none around.
    pub git: bool,
}

/// A new workspace.
#[derive(Debug)]
pub struct Created {
    /// Where it is.
    pub workspace: Workspace,
    /// How many exercises it holds.
    pub exercises: usize,
    /// Whether a git repository was made.
    pub git: bool,
}

/// Why no workspace was made; nothing was changed then, unless the error says so.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// There is one.
    #[error("{} is a workspace already: go there and run `backlings`", .0.display())]
    AlreadyOne(PathBuf),
    /// It would lie in another one.
    #[error("{} lies in the workspace {}: choose a folder outside of it", dir.display(), outer.display())]
    Nested {
        /// The folder wanted.
        dir: PathBuf,
        /// The workspace around it.
        outer: PathBuf,
    },
    /// Something is there.
    #[error("{} is not empty: choose another folder, or move away what is in it", .0.display())]
    NotEmpty(PathBuf),
    /// Something else is there.
    #[error("{} is not a folder: choose another name", .0.display())]
    NotAFolder(PathBuf),
    /// cargo cannot work in such a folder.
    #[error("{} is not UTF-8, and cargo cannot work there: choose another folder", .0.display())]
    NotUtf8(PathBuf),
    /// Something failed on the way.
    #[error("cannot make the workspace in {}: {source:#}", dir.display())]
    Failed {
        /// The folder wanted.
        dir: PathBuf,
        /// Why.
        source: anyhow::Error,
    },
}

impl Workspace {
    /// Makes a workspace in a folder that does not exist or is empty.
    ///
    /// # Errors
    /// Each names the folder and what to do; nothing that was there is overwritten.
    pub fn init(dir: &Path, track: &Track, options: &InitOptions) -> Result<Created, InitError> {
        let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.into());
        check(&dir)?;
        let made_folder = !dir.exists();
        fill(&dir, track, options).map_err(|source| {
            // Half a workspace would look like a whole one the next time.
            let _ = if made_folder {
                fs::remove_dir_all(&dir)
            } else {
                empty(&dir)
            };
            InitError::Failed {
                dir: dir.clone(),
                source,
            }
        })
    }
}

fn check(dir: &Path) -> Result<(), InitError> {
    if dir.to_str().is_none() {
        return Err(InitError::NotUtf8(dir.into()));
    }
    if Workspace::is_at(dir) {
        return Err(InitError::AlreadyOne(dir.into()));
    }
    if let Some(outer) = Workspace::find(dir) {
        return Err(InitError::Nested {
            dir: dir.into(),
            outer: outer.root,
        });
    }
    match fs::read_dir(dir) {
        Ok(mut entries) => match entries.find(|entry| {
            !entry
                .as_ref()
                .is_ok_and(|entry| entry.file_name() == ".git")
        }) {
            None => Ok(()),
            Some(_) => Err(InitError::NotEmpty(dir.into())),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(_) if dir.is_dir() => Err(InitError::Failed {
            dir: dir.into(),
            source: anyhow::anyhow!("the folder cannot be read; check its permissions"),
        }),
        Err(_) => Err(InitError::NotAFolder(dir.into())),
    }
}

fn empty(dir: &Path) -> std::io::Result<()> {
    for name in [STATE, "exercises", "solutions", ".vscode"] {
        let _ = fs::remove_dir_all(dir.join(name));
    }
    for name in ["Cargo.toml", ".gitignore", "Cargo.lock"] {
        let _ = fs::remove_file(dir.join(name));
    }
    Ok(())
}

fn fill(dir: &Path, track: &Track, options: &InitOptions) -> Result<Created, anyhow::Error> {
    let workspace = Workspace::at(dir);
    for exercise in track.exercises() {
        for file in track.pristine(exercise)? {
            workspace.lay(exercise, &file)?;
        }
    }
    workspace.lay_topics(track)?;
    fs::create_dir_all(dir.join("exercises"))?;
    fs::create_dir_all(dir.join("solutions"))?;
    for (path, text) in Workspace::scaffold() {
        write(&dir.join(path), text.as_bytes())?;
        write(&workspace.state().join("laid").join(path), text.as_bytes())?;
    }
    workspace.lay_kit(track)?;
    workspace.lay_packages(track)?;
    let git = options.git && !in_git(dir) && git(dir, &["init", "--quiet"]);
    // Last: from here on it is a workspace.
    let (mut store, _) = Store::open(&workspace.state())?;
    let place = track
        .bundle()
        .dir()
        .map_or_else(|| "official".to_string(), |dir| dir.display().to_string());
    let first = track
        .walk(&options.roadmap)
        .first()
        .map(|exercise| exercise.name.clone());
    store.update(|progress| {
        progress.track = place.clone();
        progress.set_roadmap(&options.roadmap);
        if let Some(first) = &first {
            progress.set_current(first);
        }
    })?;
    Ok(Created {
        workspace,
        exercises: track.exercises().len(),
        git,
    })
}

impl Workspace {
    /// Lays out each topic's README.
    pub(super) fn lay_topics(&self, track: &Track) -> Result<(), anyhow::Error> {
        for topic in track.topics() {
            let path = format!("exercises/{}/README.md", topic.dir());
            if let Ok(text) = track.bundle().read(&path) {
                write(&self.root.join(&path), &text)?;
            }
        }
        Ok(())
    }
}

fn in_git(dir: &Path) -> bool {
    dir.ancestors().any(|above| above.join(".git").exists())
}

/// Git is a convenience: without it the workspace is as good.
fn git(dir: &Path, args: &[&str]) -> bool {
    let mut command = Command::new("git");
    command
        .args(args)
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
