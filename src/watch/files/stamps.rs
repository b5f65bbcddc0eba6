//! What can be known of files without reading them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// Time of writing, size, and on Unix the time of any change and the file's identity.
pub(super) type Stamp = (Option<SystemTime>, u64, [i64; 3]);

/// The stamps of a folder's files, by name.
pub(super) type Stamps = BTreeMap<OsString, Stamp>;

/// What tells a folder from another one of the same name.
pub(super) type Identity = [u64; 2];

/// The stamps of the files in a folder; of links, those of what they lead to.
pub(super) fn of(dir: &Path) -> Stamps {
    let Ok(entries) = fs::read_dir(dir) else {
        return Stamps::new();
    };
    let names = entries
        .filter_map(Result::ok)
        .map(|entry| entry.file_name());
    names
        .filter_map(|name| {
            let found = fs::metadata(dir.join(&name)).ok()?;
            Some((name, stamp(&found)))
        })
        .collect()
}

fn stamp(found: &fs::Metadata) -> Stamp {
    (found.modified().ok(), found.len(), marks(found))
}

#[cfg(unix)]
fn marks(found: &fs::Metadata) -> [i64; 3] {
    use std::os::unix::fs::MetadataExt;
    [found.ctime(), found.ctime_nsec(), found.ino().cast_signed()]
}

#[cfg(not(unix))]
fn marks(_: &fs::Metadata) -> [i64; 3] {
    [0; 3]
}

/// A folder's identity, if it is there.
#[cfg(unix)]
pub(super) fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path)
        .ok()
        .map(|found| [found.dev(), found.ino()])
}

/// A folder's identity, if it is there; on this system all are alike.
#[cfg(not(unix))]
pub(super) fn identity(path: &Path) -> Option<Identity> {
    path.is_dir().then_some([0; 2])
}
