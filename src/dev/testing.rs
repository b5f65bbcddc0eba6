//! What unit tests of this module share.

use crate::track::{Exercise, Track};

/// The exercise `x` of a track that lacks everything else, with these lines more in its `exercise.toml`.
pub(super) fn exercise(more: &str) -> Exercise {
    let dir = tempfile::tempdir().unwrap();
    let own = dir.path().join("exercises/01_a/x");
    std::fs::create_dir_all(&own).unwrap();
    let manifest = "format_version = 1\nname = \"t\"\n[[topic]]\nid = \"a\"\nnumber = 1\ntitle = \"\"\ncategory = \"\"\nweeks = \"\"\nexercises = [\"x\"]\n";
    std::fs::write(dir.path().join("info.toml"), manifest).unwrap();
    let spec = format!("title = \"x\"\ndifficulty = \"easy\"\nminutes = 5\nhints = []\n{more}");
    std::fs::write(own.join("exercise.toml"), spec).unwrap();
    Track::from_dir(dir.path()).unwrap().exercises()[0].clone()
}
