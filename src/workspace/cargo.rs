//! The generated part of a workspace: what cargo, rust-analyzer, VS Code and git need to just work.
//!
//! Each dependency group is a package of its own, so that `cargo test --test NAME` builds no more than that
//! exercise needs. A package appears with the first exercise of its group: until then nothing is downloaded.

use std::fmt::Write as _;
use std::io;

use super::files::write;
use super::{STATE, Workspace};
use crate::track::{Bundle, Group, Track};

const MANIFEST: &str = r#"# Made by backlings, so that `cargo test --test NAME` and rust-analyzer work on the exercises.
[workspace]
resolver = "3"
members = [".backlings/packages/*"]
exclude = [".backlings/kit"]

# As backlings compiles: without debug information.
[profile.dev]
debug = 0
"#;

const SETTINGS: &str = r#"{
    "rust-analyzer.check.workspace": false,
    "rust-analyzer.check.allTargets": true,
    "rust-analyzer.cargo.targetDir": true,
    "rust-analyzer.diagnostics.disabled": ["unused_variables", "unused_mut"],
    "files.watcherExclude": { "**/.backlings/**": true, "**/target/**": true },
    "search.exclude": { "**/.backlings/**": true }
}
"#;

const IGNORED: &str = "/target\n/.backlings/cache\n/.backlings/kit\n/.backlings/lock\n";

impl Workspace {
    /// The generated files that do not depend on a group, by their path from the root.
    pub(super) fn scaffold() -> [(&'static str, &'static str); 3] {
        [
            ("Cargo.toml", MANIFEST),
            (".vscode/settings.json", SETTINGS),
            (".gitignore", IGNORED),
        ]
    }

    /// Lays out the track's kit.
    pub(super) fn lay_kit(&self, track: &Track) -> Result<(), anyhow::Error> {
        crate::judge::lay_kit(track.bundle(), &self.state().join("kit"))
    }

    /// Makes the packages of the groups that can be built without a registry, and of those that are there.
    pub(super) fn lay_packages(&self, track: &Track) -> Result<(), anyhow::Error> {
        for group in track.groups() {
            let offline = group.crates.is_empty() || own_lock(track.bundle(), group);
            if offline || self.package(group).exists() {
                self.lay_package(track, group)?;
            }
        }
        Ok(())
    }

    /// Makes a group's package, so that cargo and rust-analyzer know its exercises.
    ///
    /// # Errors
    /// When the track lacks the group, or the workspace cannot be written.
    pub fn activate(&self, track: &Track, group: &Group) -> Result<(), anyhow::Error> {
        if self.package(group).join("Cargo.toml").is_file() {
            return Ok(());
        }
        self.lay_package(track, group)?;
        if !group.crates.is_empty() && !own_lock(track.bundle(), group) {
            // cargo drops what is not used from a lock file, so each new group needs the whole of it again.
            let lock = track.bundle().read("kit/groups/Cargo.lock")?;
            write(&self.root.join("Cargo.lock"), &lock)?;
        }
        Ok(())
    }

    fn package(&self, group: &Group) -> std::path::PathBuf {
        self.root.join(STATE).join("packages").join(&group.name)
    }

    fn lay_package(&self, track: &Track, group: &Group) -> Result<(), anyhow::Error> {
        if !track
            .exercises()
            .iter()
            .any(|exercise| track.group(exercise).name == group.name)
        {
            // cargo refuses a package without a target.
            return Ok(());
        }
        let manifest = package_manifest(track, group)?;
        let path = self.package(group).join("Cargo.toml");
        if !std::fs::read(&path).is_ok_and(|old| old == manifest.as_bytes()) {
            write(&path, manifest.as_bytes())?;
        }
        Ok(())
    }
}

fn own_lock(bundle: &Bundle, group: &Group) -> bool {
    bundle
        .read(&format!("kit/groups/{}/Cargo.lock", group.name))
        .is_ok()
}

fn package_manifest(track: &Track, group: &Group) -> Result<String, anyhow::Error> {
    let mut text = format!(
        "# Made by backlings: the exercises that use {}.\n[package]\nname = \"exercises-{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\nautotests = false\n\n",
        group.about, group.name
    );
    let exercises = track
        .exercises()
        .iter()
        .filter(|exercise| track.group(exercise).name == group.name);
    for exercise in exercises {
        let _ = write!(
            text,
            "[[test]]\nname = \"{}\"\npath = \"../../../{}\"\n\n",
            exercise.name,
            exercise.root_path()
        );
    }
    text.push_str("[lints.rust]\n");
    for lint in track.allowed_lints() {
        let _ = writeln!(text, "{lint} = \"allow\"");
    }
    if !group.crates.is_empty() {
        text.push_str("\n[dependencies]\n");
        text.push_str(&dependencies(track.bundle(), group)?);
    }
    Ok(text)
}

/// The group's own dependencies, with the kit's paths as seen from the package.
fn dependencies(bundle: &Bundle, group: &Group) -> Result<String, anyhow::Error> {
    let path = format!("kit/groups/{}/Cargo.toml", group.name);
    let manifest: toml::Table = toml::from_str(&bundle.text(&path)?).map_err(|error| {
        io::Error::other(format!("{}: {}", bundle.describe(&path), error.message()))
    })?;
    let mut text = String::new();
    for (name, dependency) in manifest
        .get("dependencies")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flatten()
    {
        let mut dependency = dependency.clone();
        if let Some(path) = dependency.get_mut("path") {
            let seen = path
                .as_str()
                .unwrap_or_default()
                .replacen("../../", "../../kit/", 1);
            *path = toml::Value::String(seen);
        }
        let _ = writeln!(text, "{name} = {dependency}");
    }
    Ok(text)
}
