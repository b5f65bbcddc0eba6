//! The store on the real file system.

mod damage;
mod files;
mod keeping;
mod working;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use tempfile::TempDir;

use super::*;

/// A workspace's state folder, in a folder of its own.
struct Place {
    dir: TempDir,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::Builder::new().prefix("state").tempdir().unwrap();
        Self { dir }
    }

    fn state(&self) -> PathBuf {
        self.dir.path().join(".backlings")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.state().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::create_dir_all(self.state()).unwrap();
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Opens the state, of which there is nothing to say.
    fn open(&self) -> Store {
        let (store, notices) = Store::open(&self.state()).unwrap();
        assert_eq!(notices, []);
        store
    }

    /// Opens the state and gives the one thing there is to say.
    fn open_told(&self) -> (Store, String) {
        let (store, notices) = Store::open(&self.state()).unwrap();
        assert_eq!(notices.len(), 1, "{notices:?}");
        (store, notices[0].to_string())
    }

    /// What stands in the state folder, sorted, without the lock.
    fn names(&self) -> Vec<String> {
        let items = fs::read_dir(self.state()).unwrap();
        let names = items.map(|item| item.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name != "lock").collect();
        names.sort();
        names
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_763_815_260 + second).unwrap()
}

fn pass(store: &mut Store, exercise: &str, second: i64) {
    try_pass(store, exercise, second).unwrap();
}

fn try_pass(store: &mut Store, exercise: &str, second: i64) -> Result<(), StateError> {
    let passed = Passed {
        exercise,
        folder: &format!("01_structures/{exercise}"),
        hash: "ab12",
        at: at(second),
        compile: Duration::from_millis(80),
        run: Duration::from_millis(3),
    };
    let text = format!("// {exercise} {second}");
    store.pass(&passed, &[(format!("{exercise}.rs"), text)])
}

fn done(store: &Store) -> Vec<&str> {
    store.progress().done.keys().map(String::as_str).collect()
}
