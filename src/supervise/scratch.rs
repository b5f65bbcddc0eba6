//! A job's own temporary folder.

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};

/// The variables that name the folder for temporary files.
pub(super) const VARIABLES: [&str; 3] = ["TMPDIR", "TMP", "TEMP"];

/// A name in `parent` that no other job has.
pub(super) fn name_in(parent: &Path) -> PathBuf {
    // The keys of each `RandomState` differ: within a process they count up from a random start.
    parent.join(format!(
        "job-{:016x}",
        RandomState::new().hash_one(std::process::id())
    ))
}

/// Makes the folder, for this user alone, and its parents if missing.
pub(super) fn create(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

/// Removes the folder with all that is in it. What can't be removed stays, harmlessly: nobody will use it again.
pub(super) fn remove(path: &Path) {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            // The program took the permissions of a folder away.
            #[cfg(unix)]
            open_up(path);
            let _ = fs::remove_dir_all(path);
        }
        _ => {}
    }
}

/// Gives us every permission on the folders from `path` downwards, without following links.
#[cfg(unix)]
fn open_up(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;

    let is_folder = fs::symlink_metadata(path).is_ok_and(|data| data.is_dir());
    if !is_folder || fs::set_permissions(path, fs::Permissions::from_mode(0o700)).is_err() {
        return;
    }
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        open_up(&entry.path());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ() {
        let parent = Path::new("parent");
        let (one, other) = (name_in(parent), name_in(parent));
        assert_ne!(one, other);
        assert_eq!(one.parent(), Some(parent));
    }

    #[test]
    fn made_with_its_parents_and_removed_with_its_contents() {
        let parent = tempfile::tempdir().unwrap();
        let path = name_in(&parent.path().join("not/yet"));
        create(&path).unwrap();
        fs::create_dir_all(path.join("a/b")).unwrap();
        fs::write(path.join("a/b/file"), "text").unwrap();
        remove(&path);
        assert!(!path.exists());
        assert!(path.parent().is_some_and(Path::exists));
    }

    #[cfg(unix)]
    #[test]
    fn for_this_user_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let parent = tempfile::tempdir().unwrap();
        let path = name_in(parent.path());
        create(&path).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o700
        );
    }

    #[cfg(unix)]
    #[test]
    fn closed_folders_are_opened_but_never_through_a_link() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let parent = tempfile::tempdir().unwrap();
        let outside = parent.path().join("outside");
        fs::create_dir(&outside).unwrap();
        fs::set_permissions(&outside, fs::Permissions::from_mode(0o500)).unwrap();
        let path = name_in(parent.path());
        fs::create_dir_all(path.join("closed/inner")).unwrap();
        symlink(&outside, path.join("closed/link")).unwrap();
        fs::set_permissions(path.join("closed"), fs::Permissions::from_mode(0o000)).unwrap();
        open_up(&path);
        assert_eq!(
            fs::metadata(path.join("closed"))
                .unwrap()
                .permissions()
                .mode()
                & 0o777,
            0o700
        );
        assert_eq!(
            fs::metadata(&outside).unwrap().permissions().mode() & 0o777,
            0o500
        );
        remove(&path);
        assert!(!path.exists() && outside.exists());
    }
}
