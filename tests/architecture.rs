//! Imports point downwards only.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

/// Modules of `src`, the topmost layer first. A module may use its own layer's name and those below it.
const LAYERS: [&[&str]; 7] = [
    &["cli"],
    &["commands"],
    &["watch", "dev"],
    &["ui", "workspace", "editor"],
    &["judge", "progress"],
    &["track"],
    &["supervise", "exit"],
];

fn layer(module: &str) -> usize {
    let found = LAYERS.iter().position(|layer| layer.contains(&module));
    found.unwrap_or_else(|| {
        panic!("the module `{module}` has no layer: give it one in tests/architecture.rs")
    })
}

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

/// The modules that a source names as `crate::module`, in `use` lines and elsewhere.
fn used(text: &str) -> Vec<&str> {
    let names = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1));
    names
        .map(|rest| {
            rest.split(|each: char| !each.is_alphanumeric() && each != '_')
                .next()
                .unwrap_or_default()
        })
        .filter(|name| !name.is_empty())
        .collect()
}

/// What looks upwards on purpose: the options that commands read are declared with the command line.
const ALLOWED: [(&str, &str); 1] = [("commands", "cli")];

#[test]
fn imports_point_downwards() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 40, "only {} sources found", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&root).unwrap();
        let first = relative.iter().next().unwrap().to_string_lossy();
        let module = first.trim_end_matches(".rs");
        if module == "lib" || module == "main" {
            continue;
        }
        for name in used(&fs::read_to_string(&file).unwrap()) {
            let same_layer_neighbour = name != module && layer(name) == layer(module);
            let upwards = layer(name) < layer(module);
            if (upwards || (same_layer_neighbour && !neighbours(module, name)))
                && !ALLOWED.contains(&(module, name))
            {
                wrong.push(format!("{} uses crate::{name}", relative.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "imports that point upwards or sideways:\n{}",
        wrong.join("\n")
    );
}

/// Within a layer only these may look at each other, and in this direction.
fn neighbours(module: &str, name: &str) -> bool {
    const PAIRS: [(&str, &str); 1] = [("supervise", "exit")];
    PAIRS.contains(&(module, name))
}

#[test]
fn files_stay_short() {
    const LONGEST: usize = 450;
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    let long: Vec<String> = files
        .iter()
        .map(|file| (file, fs::read_to_string(file).unwrap().lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(file, lines)| format!("{}: {lines} lines", file.display()))
        .collect();
    assert!(long.is_empty(), "split these:\n{}", long.join("\n"));
}
