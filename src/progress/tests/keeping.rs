//! Attempts.

use super::*;

const FOLDER: &str = "01_structures/stack";

fn keep(store: &mut Store, text: &str, second: i64) -> String {
    let files = [("stack.rs", text)];
    let path = store.keep(FOLDER, &files, "reset", at(second), "ab");
    let path = path.unwrap();
    path.file_name().unwrap().to_str().unwrap().to_string()
}

#[test]
fn every_version_gets_a_name_in_order() {
    let place = Place::new();
    let mut store = place.open();
    let mut names = vec![keep(&mut store, "0", 0)];
    for number in 1..12 {
        names.push(keep(&mut store, &number.to_string(), 0));
    }
    // The clock was set back; the order stays.
    names.push(keep(&mut store, "back", -50));
    names.push(keep(&mut store, "later", 7));
    assert_eq!(names[0], "2025-11-22T12-41-00Z");
    assert_eq!(names[1], "2025-11-22T12-41-00Z-2");
    assert_eq!(names[12], "2025-11-22T12-41-00Z-13");
    assert_eq!(names[13], "2025-11-22T12-41-07Z");
    let attempts = store.attempts(FOLDER).unwrap();
    let listed = attempts
        .iter()
        .map(|attempt| attempt.path.file_name().unwrap());
    assert!(listed.eq(names.iter().map(std::ffi::OsStr::new)));
    assert_eq!(attempts[12].at, at(-50));
    assert_eq!(attempts[12].why, "reset");
    assert_eq!(attempts[12].hash, "ab");
    let text = store.load(&attempts[12]).unwrap();
    assert_eq!(text, [("stack.rs".to_string(), b"back".to_vec())]);
}

#[test]
fn the_same_content_is_kept_once() {
    let place = Place::new();
    let mut store = place.open();
    let first = keep(&mut store, "one", 0);
    assert_eq!(keep(&mut store, "one", 5), first);
    let second = keep(&mut store, "two", 5);
    assert_ne!(second, first);
    // Only the newest counts: the order of versions is kept.
    assert_ne!(keep(&mut store, "one", 6), first);
    assert_eq!(store.attempts(FOLDER).unwrap().len(), 3);
    // Another name, or another file, is another content.
    let more = [("stack.rs", "one"), ("more.rs", "")];
    store.keep(FOLDER, &more, "reset", at(7), "").unwrap();
    let other = [("stack2.rs", "one"), ("more.rs", "")];
    store.keep(FOLDER, &other, "reset", at(8), "").unwrap();
    store.keep(FOLDER, &other[1..], "reset", at(9), "").unwrap();
    assert_eq!(store.attempts(FOLDER).unwrap().len(), 6);
}

#[test]
fn files_in_folders_come_back_as_they_were() {
    let place = Place::new();
    let mut store = place.open();
    let mut files = vec![
        ("b/c/deep.sql".to_string(), b"\0\xff\r\n".to_vec()),
        ("b/other.tf".to_string(), Vec::new()),
        ("Dockerfile".to_string(), b"FROM".to_vec()),
        ("b/attempt.toml".to_string(), b"mine".to_vec()),
    ];
    store.keep("02_x/y", &files, "update", at(0), "").unwrap();
    let attempts = store.attempts("02_x/y").unwrap();
    files.sort();
    assert_eq!(store.load(&attempts[0]).unwrap(), files);
}

#[test]
fn paths_stay_in_their_folder() {
    let place = Place::new();
    let mut store = place.open();
    for path in [
        "",
        "/etc/passwd",
        "..",
        "a/../../b",
        "./a",
        "a//b",
        "a/",
        "attempt.toml",
    ] {
        let error = store.keep(FOLDER, &[(path, "")], "reset", at(0), "");
        let error = error.unwrap_err();
        assert!(
            matches!(error, StateError::BadPath { .. }),
            "{path}: {error}"
        );
        if path != "attempt.toml" {
            store
                .keep(path, &[("a", "")], "reset", at(0), "")
                .unwrap_err();
            store.attempts(path).unwrap_err();
        }
    }
    assert!(store.attempts(FOLDER).unwrap().is_empty());
}

#[test]
fn what_others_put_there_is_left_alone() {
    let place = Place::new();
    let mut store = place.open();
    let first = keep(&mut store, "one", 0);
    let home = format!("attempts/{FOLDER}");
    for name in [
        "notes",
        "2025-11-22T12-41-00Z-1",
        "2025-11-22T12-41-00Z-4294967295",
    ] {
        place.write_dir(&format!("{home}/{name}"));
    }
    assert_eq!(store.attempts(FOLDER).unwrap().len(), 1);
    // Without its description, a version is still a version.
    fs::remove_file(place.path(&format!("{home}/{first}/attempt.toml"))).unwrap();
    let attempts = store.attempts(FOLDER).unwrap();
    assert_eq!((attempts[0].at, attempts[0].why.as_str()), (at(0), ""));
    assert_eq!(store.load(&attempts[0]).unwrap()[0].1, b"one");
    // What a dead writer left half is cleared by the next.
    place.write_dir(&format!("{home}/.tmp-1/b"));
    place.write(&format!("{home}/.tmp-1/b/c"), "half");
    keep(&mut store, "two", 1);
    assert!(!place.path(&format!("{home}/.tmp-1")).exists());
    assert!(place.path(&format!("{home}/notes")).exists());
}

impl Place {
    fn write_dir(&self, name: &str) {
        fs::create_dir_all(self.path(name)).unwrap();
    }
}
