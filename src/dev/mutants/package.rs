//! The package in which an exercise's mutants live.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context as _;

use crate::track::{Exercise, Track};

/// Lays out a package whose library is the exercise's solution, with the exercise's own tests.
pub(super) fn lay(track: &Track, exercise: &Exercise, dir: &Path) -> anyhow::Result<()> {
    let source = dir.join("src");
    if source.exists() {
        fs::remove_dir_all(&source)
            .with_context(|| format!("cannot renew {}", source.display()))?;
    }
    fs::create_dir_all(&source).with_context(|| format!("cannot make {}", source.display()))?;
    let mut files = track.solution(exercise)?;
    let given = track.pristine(exercise)?;
    files.extend(
        given
            .into_iter()
            .filter(|file| !exercise.files.contains(&file.name)),
    );
    for file in files {
        // The root keeps the name by which tests and messages know it.
        fs::write(source.join(&file.name), &file.bytes)?;
    }
    fs::write(dir.join("Cargo.toml"), manifest(track, exercise)?)?;
    let own = format!("kit/groups/{}/Cargo.lock", track.group(exercise).name);
    let locks = [own.as_str(), "kit/groups/Cargo.lock"];
    if let Some(lock) = locks.iter().find(|path| track.bundle().contains(path)) {
        fs::write(dir.join("Cargo.lock"), track.bundle().read(lock)?)?;
    }
    Ok(())
}

fn manifest(track: &Track, exercise: &Exercise) -> anyhow::Result<String> {
    let name = &exercise.name;
    let mut text = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[lib]\npath = \"src/{}\"\ndoctest = false\n\n[workspace]\n\n[profile.dev]\ndebug = 0\n\n[lints.rust]\n",
        exercise.files[0]
    );
    for lint in track.allowed_lints() {
        let _ = writeln!(text, "{lint} = \"allow\"");
    }
    text.push_str("\n[dependencies]\n");
    let group = track.group(exercise);
    if group.crates.is_empty() {
        return Ok(text);
    }
    let path = format!("kit/groups/{}/Cargo.toml", group.name);
    let table: toml::Table = toml::from_str(&track.bundle().text(&path)?)
        .with_context(|| track.bundle().describe(&path))?;
    let dependencies = table.get("dependencies").and_then(toml::Value::as_table);
    for (name, dependency) in dependencies.into_iter().flatten() {
        let mut dependency = dependency.clone();
        if let Some(path) = dependency.get_mut("path") {
            let kit = track
                .bundle()
                .dir()
                .context("mutants need the track's folder")?
                .join("kit")
                .join(format!("groups/{}", group.name))
                .join(path.as_str().unwrap_or_default());
            *path = toml::Value::String(kit.display().to_string());
        }
        let _ = writeln!(text, "{name} = {dependency}");
    }
    Ok(text)
}
