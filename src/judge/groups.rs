//! Dependency groups: crates that exercises share, built once by cargo, in the background.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::cargo::{self, Build};
use super::{Environment, Step, Toolchain};
use crate::supervise::{Cancel, Supervisor};
use crate::track::{Bundle, ContentHash, Group, TrackError};

/// What a group gives to the compiler.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Artifacts {
    /// The crates that an exercise can name, and their libraries.
    pub(super) crates: Vec<(String, PathBuf)>,
    /// Search paths, as rustc's `-L` takes them.
    pub(super) search: Vec<String>,
}

impl Artifacts {
    fn usable(&self) -> bool {
        self.crates.iter().all(|(_, path)| path.is_file())
    }
}

/// The groups of one track in one cache.
pub(super) struct Groups {
    supervisor: Supervisor,
    /// The track's kit, laid out for cargo.
    kit: PathBuf,
    /// `cache/groups`: what builds gave.
    records: PathBuf,
    /// `cache/deps`: cargo's target folder.
    target: PathBuf,
    shared: Arc<Shared>,
    builds: Mutex<Vec<JoinHandle<()>>>,
    quit: Cancel,
}

#[derive(Default)]
struct Shared {
    states: Mutex<HashMap<String, State>>,
    changed: Condvar,
    /// cargo would lock its target folder anyway; so the waiting is ours, and can be said.
    one_at_a_time: Mutex<()>,
}

#[derive(Clone)]
enum State {
    Building {
        done: usize,
        total: usize,
        name: String,
    },
    Ready(Arc<Artifacts>),
    Failed(Environment),
}

/// What is kept of a build, so that the next start needs no cargo.
#[derive(Serialize, Deserialize)]
struct Record {
    key: String,
    artifacts: Artifacts,
}

impl Groups {
    pub(super) fn new(supervisor: Supervisor, kit: PathBuf, cache: &Path) -> Self {
        Self {
            supervisor,
            kit,
            records: cache.join("groups"),
            target: cache.join("deps"),
            shared: Arc::default(),
            builds: Mutex::default(),
            quit: Cancel::new(),
        }
    }

    /// The group's crates, built if need be. `None` when cancelled; the build goes on then.
    pub(super) fn ready(
        &self,
        group: &Group,
        bundle: &Bundle,
        toolchain: &Toolchain,
        cancel: &Cancel,
        on: &mut dyn FnMut(Step),
    ) -> Option<Result<Arc<Artifacts>, Environment>> {
        if group.crates.is_empty() {
            return Some(Ok(Arc::default()));
        }
        if let Err(environment) = self.start(group, bundle, toolchain, None) {
            return Some(Err(environment));
        }
        self.wait(group, cancel, on)
    }

    /// Begins to build a group that will be needed soon, on one core.
    pub(super) fn prepare(&self, group: &Group, bundle: &Bundle, toolchain: &Toolchain) {
        if !group.crates.is_empty() {
            // What fails here fails again, and is said, when the group is needed.
            let _ = self.start(group, bundle, toolchain, Some(1));
        }
    }

    /// Forgets what was built, so that the next call builds anew.
    pub(super) fn forget(&self, group: &Group) {
        let _ = fs::remove_file(self.record(group));
        lock(&self.shared.states).remove(&group.name);
    }

    fn record(&self, group: &Group) -> PathBuf {
        self.records.join(format!("{}.json", group.name))
    }

    fn start(
        &self,
        group: &Group,
        bundle: &Bundle,
        toolchain: &Toolchain,
        jobs: Option<u32>,
    ) -> Result<(), Environment> {
        let mut states = lock(&self.shared.states);
        match states.get(&group.name) {
            Some(State::Building { .. } | State::Ready(_)) => return Ok(()),
            // A failure may have been mended since: a network, a disk.
            Some(State::Failed(_)) | None => {}
        }
        let files = kit_files(bundle)
            .map_err(|error| Environment::new(error.to_string(), "reinstall backlings"))?;
        let key = key(&files, group, toolchain);
        if let Some(artifacts) = self.recorded(group, &key) {
            states.insert(group.name.clone(), State::Ready(Arc::new(artifacts)));
            return Ok(());
        }
        lay(&self.kit, &files).map_err(|error| cannot_write(&self.kit, &error))?;
        fs::create_dir_all(&self.records).map_err(|error| cannot_write(&self.records, &error))?;
        let build = Build {
            cargo: toolchain.cargo.clone(),
            rustc: toolchain.rustc.clone(),
            kit: self.kit.clone(),
            target: self.target.clone(),
            group: group.name.clone(),
            crates: group.crates.clone(),
            jobs,
        };
        states.insert(
            group.name.clone(),
            State::Building {
                done: 0,
                total: 0,
                name: String::new(),
            },
        );
        drop(states);
        self.spawn(
            build,
            Record {
                key,
                artifacts: Artifacts::default(),
            },
            self.record(group),
        )
    }

    fn spawn(&self, build: Build, mut record: Record, path: PathBuf) -> Result<(), Environment> {
        let (shared, supervisor, quit) = (
            Arc::clone(&self.shared),
            self.supervisor.clone(),
            self.quit.clone(),
        );
        let group = build.group.clone();
        let work = move || {
            let alone = shared
                .one_at_a_time
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let built = cargo::build(&supervisor, &build, &quit, &mut |done, total, name| {
                shared.set(
                    &build.group,
                    State::Building {
                        done,
                        total,
                        name: name.to_string(),
                    },
                );
            });
            drop(alone);
            let state = match built {
                Ok(artifacts) => {
                    record.artifacts = artifacts;
                    // Without the record the next start asks cargo again, which is slower and no worse.
                    let _ = serde_json::to_vec(&record).map(|json| fs::write(&path, json));
                    State::Ready(Arc::new(record.artifacts))
                }
                Err(environment) => State::Failed(environment),
            };
            shared.set(&build.group, state);
        };
        match std::thread::Builder::new()
            .name(format!("group {group}"))
            .spawn(work)
        {
            Ok(handle) => {
                lock(&self.builds).push(handle);
                Ok(())
            }
            Err(error) => {
                lock(&self.shared.states).remove(&group);
                Err(Environment::new(
                    format!("cannot start a thread: {error}"),
                    "close other programs, then try again",
                ))
            }
        }
    }

    fn recorded(&self, group: &Group, key: &str) -> Option<Artifacts> {
        let record: Record = serde_json::from_slice(&fs::read(self.record(group)).ok()?).ok()?;
        (record.key == key && record.artifacts.usable()).then_some(record.artifacts)
    }

    fn wait(
        &self,
        group: &Group,
        cancel: &Cancel,
        on: &mut dyn FnMut(Step),
    ) -> Option<Result<Arc<Artifacts>, Environment>> {
        const LOOK: Duration = Duration::from_millis(50);
        let mut states = lock(&self.shared.states);
        loop {
            match states.get(&group.name) {
                Some(State::Ready(artifacts)) => return Some(Ok(Arc::clone(artifacts))),
                Some(State::Failed(environment)) => return Some(Err(environment.clone())),
                Some(State::Building { done, total, name }) => on(Step::Dependencies {
                    group: group.name.clone(),
                    done: *done,
                    total: *total,
                    name: name.clone(),
                }),
                None => on(Step::Waiting),
            }
            if cancel.is_cancelled() {
                return None;
            }
            states = match self.shared.changed.wait_timeout(states, LOOK) {
                Ok((states, _)) => states,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}

impl Drop for Groups {
    fn drop(&mut self) {
        self.quit.cancel();
        for build in std::mem::take(&mut *lock(&self.builds)) {
            let _ = build.join();
        }
    }
}

impl Shared {
    fn set(&self, group: &str, state: State) {
        lock(&self.states).insert(group.to_string(), state);
        self.changed.notify_all();
    }
}

/// The data under these locks is whole after any panic: each change is one assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Environment {
    Environment::new(
        format!("cannot write {}: {error}", path.display()),
        "check the permissions of .backlings/cache and the space on the disk",
    )
}

type KitFile = (String, std::borrow::Cow<'static, [u8]>);

fn kit_files(bundle: &Bundle) -> Result<Vec<KitFile>, TrackError> {
    bundle
        .list("kit")?
        .into_iter()
        .map(|path| bundle.read(&path).map(|bytes| (path, bytes)))
        .collect()
}

/// Differs when anything differs that a build depends on.
fn key(files: &[KitFile], group: &Group, toolchain: &Toolchain) -> String {
    let hash = ContentHash::of(files.iter().map(|(path, bytes)| (path.as_str(), &**bytes)));
    format!("{hash} {} {}", group.crates.join(","), toolchain.id)
}

/// Lays out a track's kit for cargo.
///
/// # Errors
/// When the track cannot be read or the folder not written.
pub fn lay_kit(bundle: &Bundle, kit: &Path) -> anyhow::Result<()> {
    Ok(lay(kit, &kit_files(bundle)?)?)
}

/// A file that is the same already keeps its time, so that cargo rebuilds nothing for it.
fn lay(kit: &Path, files: &[KitFile]) -> std::io::Result<()> {
    for (path, bytes) in files {
        let path = kit.join(path.strip_prefix("kit/").unwrap_or(path));
        if fs::read(&path).is_ok_and(|old| old == **bytes) {
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, bytes)?;
    }
    Ok(())
}
