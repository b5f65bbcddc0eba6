//! Bringing a workspace to a newer track, without losing anything of the learner's.

use std::fmt;
use std::fs;
use std::path::PathBuf;

use jiff::Timestamp;

use super::files::write;
use super::{STATE, Workspace};
use crate::progress::{Entry, Event, Store, write_atomically};
use crate::track::{Exercise, File, Track};

/// What an update does.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// For people, in the order in which it is done.
    pub changes: Vec<Change>,
}

/// One thing that an update does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A file that was not there.
    Add(Target),
    /// A file that the learner had not touched.
    Replace(Target),
    /// A part of the specification that the learner had changed; that version is kept.
    ReplaceEdited(Target),
    /// Both changed the file, in different places.
    Merge(Target),
    /// Both changed the file in the same place: the new one goes beside the learner's.
    LayBeside(Target),
    /// An exercise has another name or topic.
    Rename {
        /// The former folder, from the workspace's.
        from: String,
        /// The new one.
        to: String,
    },
    /// An exercise that the track no longer has; its files stay.
    Retire {
        /// Its folder.
        dir: String,
    },
}

/// A file of an update, and its new content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The exercise; empty for files of the workspace itself.
    exercise: String,
    /// From the workspace's folder.
    path: String,
    bytes: Vec<u8>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Add(target) => write!(f, "add       {}", target.path),
            Self::Replace(target) => write!(f, "replace   {}", target.path),
            Self::ReplaceEdited(target) => write!(
                f,
                "replace   {} (your changes to it are kept aside)",
                target.path
            ),
            Self::Merge(target) => write!(f, "merge     {} (your part stays)", target.path),
            Self::LayBeside(target) => {
                write!(f, "lay down  {}.new (yours stays as it is)", target.path)
            }
            Self::Rename { from, to } => write!(f, "rename    {from} to {to}"),
            Self::Retire { dir } => write!(
                f,
                "retire    {dir} (no longer in the course; your files stay)"
            ),
        }
    }
}

impl Workspace {
    /// What has to be done to bring the workspace to a track. Changes nothing.
    ///
    /// # Errors
    /// When the track cannot be read.
    pub fn plan_update(&self, track: &Track) -> anyhow::Result<Plan> {
        let mut plan = Plan::default();
        for (path, text) in Self::scaffold() {
            self.plan_scaffold(path, text.as_bytes(), &mut plan);
        }
        for exercise in track.exercises() {
            let former = self.former(exercise);
            if let Some(from) = &former {
                plan.changes.push(Change::Rename {
                    from: from.clone(),
                    to: exercise.dir(),
                });
            }
            let home = former.unwrap_or_else(|| exercise.dir());
            for file in track.pristine(exercise)? {
                plan.changes.extend(self.plan_file(exercise, &home, file));
            }
        }
        plan.changes.extend(
            self.retired(track)
                .into_iter()
                .map(|dir| Change::Retire { dir }),
        );
        Ok(plan)
    }

    /// Does what a plan says.
    ///
    /// # Errors
    /// When something cannot be written; what was done before stays done, and doing it again goes on.
    pub fn update(&self, track: &Track, plan: &Plan, store: &mut Store) -> anyhow::Result<()> {
        for change in &plan.changes {
            self.apply(track, change, store)?;
        }
        // What the learner has not touched and the track has not changed is known to be so.
        for exercise in track.exercises() {
            for file in track.pristine(exercise)? {
                self.remember(exercise, &file)?;
            }
        }
        self.lay_topics(track)?;
        self.lay_kit(track)?;
        self.lay_packages(track)
    }

    fn plan_scaffold(&self, path: &str, new: &[u8], plan: &mut Plan) {
        let target = || Target {
            exercise: String::new(),
            path: path.into(),
            bytes: new.to_vec(),
        };
        let laid = fs::read(self.state().join("laid").join(path)).ok();
        match fs::read(self.root().join(path)) {
            Err(_) => plan.changes.push(Change::Add(target())),
            Ok(there) if there == new => {}
            Ok(there) if laid.as_ref() == Some(&there) => {
                plan.changes.push(Change::Replace(target()))
            }
            // Made for the learner to change: theirs from then on.
            Ok(_) => {}
        }
    }

    fn plan_file(&self, exercise: &Exercise, home: &str, new: File) -> Option<Change> {
        let old_name = former_name(exercise, home, &new.name);
        let there = fs::read(self.root().join(home).join(&old_name)).ok();
        let laid = fs::read(self.laid_dir(home).join(&old_name)).ok();
        let path = format!("{}/{}", exercise.dir(), new.name);
        let target = |bytes: Vec<u8>| Target {
            exercise: exercise.name.clone(),
            path: path.clone(),
            bytes,
        };
        let Some(there) = there else {
            return Some(Change::Add(target(new.bytes)));
        };
        if there == new.bytes {
            return None;
        }
        if laid.as_ref() == Some(&there) {
            return Some(Change::Replace(target(new.bytes)));
        }
        if !exercise.files.contains(&new.name) {
            return Some(Change::ReplaceEdited(target(new.bytes)));
        }
        if laid.as_ref() == Some(&new.bytes) {
            return None;
        }
        match laid.and_then(|laid| merge(&laid, &there, &new.bytes)) {
            Some(merged) if merged == there => None,
            Some(merged) => Some(Change::Merge(target(merged))),
            None => Some(Change::LayBeside(target(new.bytes))),
        }
    }

    /// The folder that the exercise had under a former name or in a former topic.
    fn former(&self, exercise: &Exercise) -> Option<String> {
        if self.laid_dir(&exercise.dir()).exists() {
            return None;
        }
        let names: Vec<&String> = std::iter::once(&exercise.name)
            .chain(&exercise.aliases)
            .collect();
        let laid = self.laid_exercises();
        names.into_iter().find_map(|name| {
            laid.iter()
                .find(|dir| dir.rsplit('/').next() == Some(name))
                .cloned()
        })
    }

    /// The folders of every exercise that was ever laid out.
    fn laid_exercises(&self) -> Vec<String> {
        let below = |dir: PathBuf| -> Vec<String> {
            let entries = fs::read_dir(dir)
                .into_iter()
                .flatten()
                .filter_map(Result::ok);
            entries
                .filter_map(|entry| entry.file_name().into_string().ok())
                .collect()
        };
        let root = self.state().join("laid").join("exercises");
        let mut dirs: Vec<String> = below(root.clone())
            .into_iter()
            .flat_map(|topic| {
                below(root.join(&topic))
                    .into_iter()
                    .map(move |name| format!("exercises/{topic}/{name}"))
            })
            .collect();
        dirs.sort();
        dirs
    }

    fn retired(&self, track: &Track) -> Vec<String> {
        let known = |dir: &String| {
            let name = dir.rsplit('/').next().unwrap_or_default();
            track.exercise(name).is_some()
        };
        self.laid_exercises()
            .into_iter()
            .filter(|dir| !known(dir))
            .collect()
    }

    fn apply(&self, track: &Track, change: &Change, store: &mut Store) -> anyhow::Result<()> {
        let find = |target: &Target| {
            track
                .exercise(&target.exercise)
                .filter(|_| !target.exercise.is_empty())
        };
        match change {
            Change::Add(target) | Change::Replace(target) => {
                self.put(target, &target.path)?;
                if find(target).is_none() {
                    write(&self.state().join("laid").join(&target.path), &target.bytes)?;
                }
            }
            Change::ReplaceEdited(target) | Change::Merge(target) => {
                if let Some(exercise) = find(target) {
                    let name = target.path.rsplit('/').next().unwrap_or_default();
                    let there = fs::read(self.root().join(&target.path))?;
                    store.keep(
                        &exercise.short_dir(),
                        &[(name, there)],
                        "update",
                        Timestamp::now(),
                        "",
                    )?;
                }
                self.put(target, &target.path)?;
            }
            Change::LayBeside(target) => self.put(target, &format!("{}.new", target.path))?,
            Change::Rename { from, to } => self.rename(track, from, to, store)?,
            Change::Retire { dir } => fs::remove_dir_all(self.laid_dir(dir))?,
        }
        let name = match change {
            Change::Rename { to, .. } => to.rsplit('/').next().unwrap_or_default(),
            Change::Merge(target) | Change::LayBeside(target) | Change::ReplaceEdited(target) => {
                &target.exercise
            }
            _ => return Ok(()),
        };
        store.record(&Entry::event(Timestamp::now(), name, Event::Update))?;
        Ok(())
    }

    fn put(&self, target: &Target, path: &str) -> anyhow::Result<()> {
        let path = self.root().join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(write_atomically(&path, &target.bytes)?)
    }

    fn rename(&self, track: &Track, from: &str, to: &str, store: &mut Store) -> anyhow::Result<()> {
        let (old, new) = (
            from.rsplit('/').next().unwrap_or_default(),
            to.rsplit('/').next().unwrap_or_default(),
        );
        let folders = |dir: &str| dir.strip_prefix("exercises/").unwrap_or(dir).to_string();
        let state = self.root().join(STATE);
        let pairs = [
            (self.root().join(from), self.root().join(to)),
            (self.laid_dir(from), self.laid_dir(to)),
            (
                self.root().join("solutions").join(folders(from)),
                self.root().join("solutions").join(folders(to)),
            ),
            (
                state.join("attempts").join(folders(from)),
                state.join("attempts").join(folders(to)),
            ),
        ];
        for (from, to) in pairs {
            if !from.exists() || to.exists() {
                continue;
            }
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::rename(&from, &to)?;
            let (old_file, new_file) = (to.join(format!("{old}.rs")), to.join(format!("{new}.rs")));
            if old_file.exists() && !new_file.exists() {
                fs::rename(old_file, new_file)?;
            }
        }
        if let Some(exercise) = track.exercise(new) {
            store.update(|progress| progress.rename(old, &exercise.name))?;
        }
        Ok(())
    }
}

/// The name that a file had when its exercise had the folder `home`.
fn former_name(exercise: &Exercise, home: &str, name: &str) -> String {
    let old = home.rsplit('/').next().unwrap_or_default();
    if name == format!("{}.rs", exercise.name) {
        format!("{old}.rs")
    } else {
        name.to_string()
    }
}

/// Both sides' changes, where they do not touch.
fn merge(base: &[u8], ours: &[u8], theirs: &[u8]) -> Option<Vec<u8>> {
    let text = |bytes| std::str::from_utf8(bytes).ok();
    diffy::merge(text(base)?, text(ours)?, text(theirs)?)
        .ok()
        .map(String::into_bytes)
}
