//! Replacing the learner's own files.

use super::*;

fn names(dir: &std::path::Path) -> Vec<String> {
    let items = fs::read_dir(dir).unwrap();
    let mut names: Vec<_> = items
        .map(|item| item.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_is_made_and_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.rs");
    write_atomically(&path, b"one").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"one");
    write_atomically(&path, b"").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"");
    assert_eq!(names(dir.path()), ["a.rs"]);
}

#[test]
fn what_cannot_be_replaced_is_an_error_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.rs");
    fs::create_dir(&path).unwrap();
    let error = write_atomically(&path, b"one").unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("cannot write {}", path.display())),
        "{error}"
    );
    assert_eq!(names(dir.path()), ["a.rs"]);
    let error = write_atomically(&dir.path().join("no/b.rs"), b"").unwrap_err();
    assert!(error.to_string().contains("no/b.rs"), "{error}");
}

#[test]
fn abandoned_temporary_files_are_cleared_fresh_ones_are_not() {
    let dir = tempfile::tempdir().unwrap();
    let [old, fresh] = ["1", "2"].map(|pid| dir.path().join(format!(".{pid}-0.backlings-tmp")));
    fs::write(&fresh, "half").unwrap();
    let file = fs::File::create(&old).unwrap();
    let hour = Duration::from_secs(3600);
    file.set_modified(std::time::SystemTime::now() - hour)
        .unwrap();
    let path = dir.path().join("a.rs");
    write_atomically(&path, b"").unwrap();
    assert!(!old.exists() && fresh.exists());
}

#[cfg(unix)]
#[test]
fn permissions_are_kept() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("run.sh");
    for mode in [0o755, 0o600, 0o444, 0o200] {
        fs::remove_file(&path).ok();
        fs::write(&path, "one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        write_atomically(&path, b"two").unwrap();
        let found = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(found & 0o7777, mode);
    }
}

#[cfg(unix)]
#[test]
fn links_stay_links() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    fs::create_dir(path("real")).unwrap();
    fs::write(path("real/a.rs"), "one").unwrap();
    symlink("real/a.rs", path("near.rs")).unwrap();
    symlink(path("near.rs"), path("far.rs")).unwrap();
    symlink("real/new.rs", path("dangling.rs")).unwrap();
    symlink("loop.rs", path("loop.rs")).unwrap();
    write_atomically(&path("far.rs"), b"two").unwrap();
    assert_eq!(fs::read(path("real/a.rs")).unwrap(), b"two");
    write_atomically(&path("dangling.rs"), b"new").unwrap();
    assert_eq!(fs::read(path("real/new.rs")).unwrap(), b"new");
    for name in ["near.rs", "far.rs", "dangling.rs"] {
        assert!(path(name).is_symlink(), "{name}");
    }
    let error = write_atomically(&path("loop.rs"), b"").unwrap_err();
    assert!(error.to_string().contains("too many symbolic links"));
    assert_eq!(names(&path("real")), ["a.rs", "new.rs"]);
}
