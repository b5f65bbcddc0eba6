//! Versions of the learner's files that passed or were about to be replaced.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::{io, iter};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::disk::Disk;
use super::error::StateError;
use super::file;

/// Says what the attempt is, beside its files.
const META: &str = "attempt.toml";

/// Starts the name of a folder that is not complete yet.
const STAGING: &str = ".tmp-";

/// A version that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Its folder: the files lie in it as they lay in the exercise.
    pub path: PathBuf,
    /// When it was kept.
    pub at: Timestamp,
    /// Why: "passed", "reset", "update", "restore".
    pub why: String,
    /// The content, in hexadecimal; empty if it is not known.
    pub hash: String,
}

#[derive(Default, Serialize, Deserialize)]
struct Meta {
    #[serde(default)]
    why: String,
    #[serde(default)]
    at: Timestamp,
    #[serde(default)]
    hash: String,
}

/// What is to be kept.
pub(super) struct Version<'a> {
    /// Paths within the exercise, `/` between their parts, and contents.
    pub(super) files: BTreeMap<&'a str, &'a [u8]>,
    pub(super) why: &'a str,
    pub(super) at: Timestamp,
    pub(super) hash: &'a str,
}

/// Keeps a version durably and gives its folder; the newest one's, if that has the same content.
pub(super) fn save(
    disk: &dyn Disk,
    state: &Path,
    folder: &str,
    version: &Version<'_>,
) -> Result<PathBuf, StateError> {
    for path in version.files.keys() {
        if parts(path)? == [META] {
            return Err(bad(path, "the name is taken"));
        }
    }
    let chain = make_folders(disk, state, folder)?;
    let home = &chain[chain.len() - 1];
    sweep(disk, home);
    let newest = names(disk, home)?.pop();
    let path = match &newest {
        Some(newest) if holds(disk, &home.join(newest.to_string()), &version.files) => {
            home.join(newest.to_string())
        }
        _ => {
            let path = home.join(Name::after(newest, version.at).to_string());
            write(disk, home, &path, version)?;
            path
        }
    };
    // From the inside out, and even where nothing was made: a writer that died may have made it.
    for folder in chain.iter().rev() {
        disk.sync_dir(folder)
            .map_err(StateError::io("write", folder))?;
    }
    Ok(path)
}

/// The versions kept of an exercise, oldest first.
pub(super) fn list(
    disk: &dyn Disk,
    state: &Path,
    folder: &str,
) -> Result<Vec<Attempt>, StateError> {
    let home = parts(folder)?
        .iter()
        .fold(state.join("attempts"), |path, part| path.join(part));
    let attempts = names(disk, &home)?.into_iter().map(|name| {
        let path = home.join(name.to_string());
        let meta = meta(disk, &path).unwrap_or_else(|| Meta {
            at: name.time(),
            ..Meta::default()
        });
        Attempt {
            path,
            at: meta.at,
            why: meta.why,
            hash: meta.hash,
        }
    });
    Ok(attempts.collect())
}

/// The files of an attempt: their paths within the exercise and their contents, sorted.
pub(super) fn load(disk: &dyn Disk, attempt: &Path) -> Result<Vec<(String, Vec<u8>)>, StateError> {
    let mut files = Vec::new();
    collect(disk, attempt, "", &mut files).map_err(StateError::io("read", attempt))?;
    files.retain(|(path, _)| path != META);
    files.sort();
    Ok(files)
}

fn collect(
    disk: &dyn Disk,
    dir: &Path,
    prefix: &str,
    files: &mut Vec<(String, Vec<u8>)>,
) -> io::Result<()> {
    for item in disk.list(dir)? {
        // Ours are UTF-8; another's would come back under another name.
        let Some(name) = item.name.to_str() else {
            continue;
        };
        let path = dir.join(name);
        if item.folder {
            collect(disk, &path, &format!("{prefix}{name}/"), files)?;
        } else {
            let bytes = file::read(disk, &path, u64::MAX - 1)?;
            files.push((format!("{prefix}{name}"), bytes));
        }
    }
    Ok(())
}

fn meta(disk: &dyn Disk, attempt: &Path) -> Option<Meta> {
    let bytes = file::read(disk, &attempt.join(META), 64 * 1024).ok()?;
    toml::from_slice(&bytes).ok()
}

/// Whether an attempt has exactly these files.
fn holds(disk: &dyn Disk, attempt: &Path, files: &BTreeMap<&str, &[u8]>) -> bool {
    load(disk, attempt).is_ok_and(|kept| {
        kept.len() == files.len()
            && iter::zip(&kept, files).all(|(kept, file)| kept.0 == *file.0 && kept.1 == *file.1)
    })
}

/// Writes an attempt beside its place, durably, and renames it there, so that none is half.
fn write(
    disk: &dyn Disk,
    home: &Path,
    path: &Path,
    version: &Version<'_>,
) -> Result<(), StateError> {
    let staging = home.join(format!("{STAGING}{}", std::process::id()));
    let meta = Meta {
        why: version.why.to_string(),
        at: version.at,
        hash: version.hash.to_string(),
    };
    let written =
        fill(disk, &staging, &version.files, &meta).and_then(|()| disk.rename(&staging, path));
    if written.is_err() {
        let _ = remove_tree(disk, &staging);
    }
    written.map_err(StateError::io("write", path))
}

fn fill(
    disk: &dyn Disk,
    staging: &Path,
    files: &BTreeMap<&str, &[u8]>,
    meta: &Meta,
) -> io::Result<()> {
    disk.create_dir(staging)?;
    let mut folders = vec![staging.to_path_buf()];
    let meta = toml::to_string(meta).map_err(io::Error::other)?;
    let all = files.iter().map(|(path, bytes)| (*path, *bytes));
    for (name, bytes) in all.chain([(META, meta.as_bytes())]) {
        let path = staging.join(name);
        // From the outermost inwards; only those below `staging` can be missing.
        let mut missing: Vec<_> = path
            .ancestors()
            .skip(1)
            .take_while(|folder| !folders.iter().any(|made| made == folder))
            .map(Path::to_path_buf)
            .collect();
        while let Some(folder) = missing.pop() {
            disk.create_dir(&folder)?;
            folders.push(folder);
        }
        disk.create(&path)?;
        disk.append(&path, bytes)?;
        disk.sync(&path)?;
    }
    folders.iter().try_for_each(|folder| disk.sync_dir(folder))
}

/// The folders from the state's down to the exercise's, made where missing.
fn make_folders(disk: &dyn Disk, state: &Path, folder: &str) -> Result<Vec<PathBuf>, StateError> {
    let mut chain = vec![state.to_path_buf()];
    for part in iter::once("attempts").chain(parts(folder)?) {
        let path = chain[chain.len() - 1].join(part);
        make_folder(disk, &path).map_err(StateError::io("write", &path))?;
        chain.push(path);
    }
    Ok(chain)
}

/// Makes a folder unless it is there; a file in its place is set aside.
fn make_folder(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    match disk.create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            if disk.stat(path)?.folder {
                return Ok(());
            }
            file::set_aside(disk, path)?;
            disk.create_dir(path)
        }
        made => made,
    }
}

/// Removes what a writer that died left half-made.
fn sweep(disk: &dyn Disk, home: &Path) {
    for item in disk.list(home).unwrap_or_default() {
        if item.folder && item.name.to_string_lossy().starts_with(STAGING) {
            let _ = remove_tree(disk, &home.join(&item.name));
        }
    }
}

fn remove_tree(disk: &dyn Disk, dir: &Path) -> io::Result<()> {
    for item in disk.list(dir)? {
        let path = dir.join(&item.name);
        if item.folder {
            remove_tree(disk, &path)?;
        } else {
            disk.remove(&path)?;
        }
    }
    disk.remove_dir(dir)
}

/// The parts of a relative path that stays in its folder.
fn parts(path: &str) -> Result<Vec<&str>, StateError> {
    let parts: Option<Vec<_>> = Path::new(path)
        .components()
        .map(|part| match part {
            Component::Normal(part) => part.to_str(),
            _ => None,
        })
        .collect();
    parts
        .filter(|parts| !parts.is_empty() && parts.join("/") == path)
        .ok_or_else(|| bad(path, "it must be a plain path within the exercise's folder"))
}

fn bad(path: &str, why: &'static str) -> StateError {
    StateError::BadPath {
        path: path.to_string(),
        why,
    }
}

/// The name of an attempt's folder: a second, and a number from the second one in it on.
/// Names sort in the order in which they were given, even if the clock was set back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    second: String,
    number: u32,
}

impl Name {
    fn after(newest: Option<Self>, at: Timestamp) -> Self {
        let second = file::file_time(at);
        match newest {
            Some(newest) if newest.second >= second => Self {
                number: newest.number + 1,
                ..newest
            },
            _ => Self { second, number: 1 },
        }
    }

    fn parse(name: &str) -> Option<Self> {
        let (second, rest) = name.split_at_checked("2025-11-22T12-41-00Z".len())?;
        jiff::fmt::strtime::parse("%Y-%m-%dT%H-%M-%SZ", second).ok()?;
        let number = match rest.strip_prefix('-') {
            Some(number) => number.parse().ok()?,
            None if rest.is_empty() => 1,
            None => return None,
        };
        let second = second.to_string();
        // Only what `Display` writes; a higher number is somebody's joke, and would overflow.
        Some(Self { second, number }).filter(|it| number < 1_000_000 && it.to_string() == name)
    }

    fn time(&self) -> Timestamp {
        jiff::fmt::strtime::parse("%Y-%m-%dT%H-%M-%SZ", &self.second)
            .and_then(|time| time.to_datetime()?.to_zoned(jiff::tz::TimeZone::UTC))
            .map_or(Timestamp::UNIX_EPOCH, |time| time.timestamp())
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.number {
            1 => write!(f, "{}", self.second),
            number => write!(f, "{}-{number}", self.second),
        }
    }
}

/// The names of the attempts in a folder, oldest first; a missing folder has none.
fn names(disk: &dyn Disk, home: &Path) -> Result<Vec<Name>, StateError> {
    let items = match disk.list(home) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        items => items.map_err(StateError::io("read", home))?,
    };
    let mut names: Vec<_> = items
        .iter()
        .filter_map(|item| Name::parse(item.name.to_str()?))
        .collect();
    names.sort();
    Ok(names)
}
