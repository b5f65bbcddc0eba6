//! Building a dependency group with cargo.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::Environment;
use super::groups::Artifacts;
use super::lines::Lines;
use super::toolchain::{clean_env, set};
use crate::supervise::{Cancel, Ended, Exit, Job, Limits, Outcome, Stream, Supervisor};

/// A build that takes longer than this is stuck.
const WALL: Duration = Duration::from_secs(30 * 60);

/// One group's build.
pub(super) struct Build {
    pub(super) cargo: PathBuf,
    pub(super) rustc: PathBuf,
    /// Holds `groups/` and the crates of the kit.
    pub(super) kit: PathBuf,
    pub(super) target: PathBuf,
    pub(super) group: String,
    /// The crates that exercises name.
    pub(super) crates: Vec<String>,
    /// Compilers at a time; cargo's choice when `None`.
    pub(super) jobs: Option<u32>,
}

/// One package of the group's tree.
#[derive(Debug, PartialEq, Eq)]
struct Package {
    depth: usize,
    name: String,
    version: String,
}

/// Builds the group; tells `on` how many of how many crates are done, and the last one's name.
pub(super) fn build(
    supervisor: &Supervisor,
    build: &Build,
    quit: &Cancel,
    on: &mut dyn FnMut(usize, usize, &str),
) -> Result<Artifacts, Environment> {
    let tree = packages(&run(
        supervisor,
        build,
        &tree_arguments(build),
        quit,
        &mut |_| {},
    )?);
    let total = tree
        .iter()
        .map(|package| (&package.name, &package.version))
        .collect::<BTreeSet<_>>()
        .len();
    on(0, total, "");
    let mut done = BTreeSet::new();
    let mut artifacts = Artifacts::default();
    let mut lines = Lines::default();
    run(
        supervisor,
        build,
        &build_arguments(build),
        quit,
        &mut |bytes| {
            lines.push(bytes, &mut |line| {
                let Ok(message) = serde_json::from_slice::<Message>(&line.head) else {
                    return;
                };
                if message.reason == "compiler-artifact" && message.is_library() {
                    done.insert(message.package_id.clone());
                    on(done.len(), total, message.target_name());
                }
                collect(&mut artifacts, &message, &tree, &build.crates);
            });
        },
    )?;
    if let Some(missing) = build
        .crates
        .iter()
        .find(|name| !artifacts.crates.iter().any(|(known, _)| known == *name))
    {
        return Err(Environment::new(
            format!(
                "the group \"{}\" promises the crate `{missing}`, but its Cargo.toml has no such dependency",
                build.group
            ),
            "this is a fault of the track; mend `crates` in info.toml or the group's Cargo.toml",
        ));
    }
    let deps = build.target.join("debug").join("deps");
    artifacts
        .search
        .push(format!("dependency={}", deps.display()));
    Ok(artifacts)
}

/// A group with a lock file of its own needs no other crates than the kit's, and so no registry: it is built
/// by itself. The others are built in one workspace, so that they agree on versions and features.
fn manifest(build: &Build) -> Vec<String> {
    let groups = build.kit.join("groups");
    let own = groups.join(&build.group);
    let path = |dir: &Path| dir.join("Cargo.toml").display().to_string();
    if own.join("Cargo.lock").is_file() {
        vec!["--manifest-path".into(), path(&own), "--offline".into()]
    } else {
        vec![
            "--manifest-path".into(),
            path(&groups),
            "-p".into(),
            format!("group-{}", build.group),
        ]
    }
}

fn tree_arguments(build: &Build) -> Vec<String> {
    let mut args: Vec<String> = [
        "tree",
        "--locked",
        "-e",
        "normal,build",
        "--prefix",
        "depth",
    ]
    .map(String::from)
    .into();
    args.extend(manifest(build));
    args
}

fn build_arguments(build: &Build) -> Vec<String> {
    let mut args: Vec<String> = [
        "build",
        "--locked",
        "--quiet",
        "--message-format=json-render-diagnostics",
    ]
    .map(String::from)
    .into();
    args.extend(manifest(build));
    if let Some(jobs) = build.jobs {
        args.extend(["--jobs".to_string(), jobs.to_string()]);
    }
    args
}

fn run(
    supervisor: &Supervisor,
    build: &Build,
    args: &[String],
    quit: &Cancel,
    on: &mut dyn FnMut(&[u8]),
) -> Result<String, Environment> {
    let mut env = clean_env();
    set(&mut env, "CARGO_TARGET_DIR", &build.target);
    set(&mut env, "CARGO_PROFILE_DEV_DEBUG", "0");
    set(&mut env, "CARGO_TERM_COLOR", "never");
    set(&mut env, "RUSTC", &build.rustc);
    let job = Job {
        program: build.cargo.clone(),
        args: args.iter().map(Into::into).collect(),
        dir: build.kit.clone(),
        env,
        limits: Limits {
            wall: WALL,
            memory: None,
            file_size: None,
            keep: 1 << 20,
            flood: u64::MAX,
        },
        scratch: None,
    };
    let outcome = supervisor
        .run(&job, quit, &mut |stream, bytes| {
            if stream == Stream::Out {
                on(bytes);
            }
        })
        .map_err(Environment::from)?;
    match outcome.ended {
        Ended::Exited(Exit::Code(0)) => Ok(outcome.stdout.text()),
        _ => Err(failure(build, &outcome)),
    }
}

fn failure(build: &Build, outcome: &Outcome) -> Environment {
    let said = outcome.stderr.text();
    let has = |piece: &str| said.contains(piece);
    let remedy = if has("No space left") || has("os error 28") {
        "the disk is full: free some space, then save again"
    } else if has("Could not resolve host")
        || has("failed to download")
        || has("failed to get")
        || has("Unable to update")
        || has("network")
        || has("offline mode")
    {
        "these crates are downloaded once: connect to the network, then save again (exercises of other groups work meanwhile)"
    } else if has("linker") {
        "install a C toolchain (Debian: apt install gcc; Fedora: dnf install gcc; macOS: xcode-select --install)"
    } else if has("failed to run custom build command") {
        "a C compiler may be missing: install gcc or clang, then save again"
    } else {
        "`backlings doctor` looks at the toolchain; the whole message is above"
    };
    let last: Vec<&str> = said
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect();
    let words = last[last.len().saturating_sub(6)..].join("\n");
    let what = match outcome.ended {
        Ended::TimedOut => format!(
            "building the crates of the group \"{}\" did not end",
            build.group
        ),
        Ended::Cancelled => format!(
            "building the crates of the group \"{}\" was stopped",
            build.group
        ),
        _ => format!(
            "the crates of the group \"{}\" cannot be built:\n{words}",
            build.group
        ),
    };
    Environment::new(what, remedy)
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    package_id: String,
    target: Option<Target>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
    #[serde(default)]
    linked_paths: Vec<String>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Message {
    fn target_name(&self) -> &str {
        self.target
            .as_ref()
            .map_or("", |target| target.name.as_str())
    }

    fn is_library(&self) -> bool {
        let library = |kind: &String| kind == "proc-macro" || kind.ends_with("lib");
        self.target
            .as_ref()
            .is_some_and(|target| target.kind.iter().any(library))
    }

    /// `…#name@1.2.3` or `…#1.2.3`.
    fn version(&self) -> &str {
        self.package_id
            .rsplit(['#', '@'])
            .next()
            .unwrap_or_default()
    }
}

/// Takes the libraries of the group's direct dependencies: of a crate that is there in two versions, the
/// one that the group names.
fn collect(artifacts: &mut Artifacts, message: &Message, tree: &[Package], crates: &[String]) {
    if message.reason == "build-script-executed" {
        artifacts
            .search
            .extend(message.linked_paths.iter().cloned());
        return;
    }
    let name = message.target_name().replace('-', "_");
    let direct = tree.iter().any(|package| {
        package.depth == 1
            && package.name.replace('-', "_") == name
            && package.version == message.version()
    });
    if message.reason != "compiler-artifact"
        || !message.is_library()
        || !direct
        || !crates.contains(&name)
    {
        return;
    }
    let library = |path: &&PathBuf| {
        path.extension().is_some_and(|kind| {
            ["rlib", "so", "dylib", "dll"]
                .iter()
                .any(|known| kind == *known)
        })
    };
    if let Some(path) = message.filenames.iter().find(library) {
        artifacts.crates.push((name, path.clone()));
    }
}

/// The lines of `cargo tree --prefix depth`: `1rusqlite v0.41.1 (*)`.
fn packages(tree: &str) -> Vec<Package> {
    tree.lines()
        .filter_map(|line| {
            let digits = line.bytes().take_while(u8::is_ascii_digit).count();
            let mut words = line[digits..].split_whitespace();
            Some(Package {
                depth: line[..digits].parse().ok()?,
                name: words.next()?.to_string(),
                version: words.next()?.strip_prefix('v')?.to_string(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read() {
        let tree = "0group-sql v0.1.0 (/x)\n1rusqlite v0.41.1\n2smallvec v1.16.6 (*)\n\n";
        let found = packages(tree);
        assert_eq!(found.len(), 3);
        assert_eq!(
            found[1],
            Package {
                depth: 1,
                name: "rusqlite".into(),
                version: "0.41.1".into()
            }
        );
    }

    #[test]
    fn only_the_named_version_is_taken() {
        let tree = packages("0group-x v0.1.0\n1rand v0.10.3\n2rand v0.8.5\n1counted v0.1.0 (/k)\n");
        let crates = ["rand".to_string(), "counted".to_string()];
        let message = |id: &str, name: &str, file: &str| {
            let json = format!(
                r#"{{"reason":"compiler-artifact","package_id":"{id}","target":{{"name":"{name}","kind":["lib"]}},"filenames":["{file}.rlib","{file}.rmeta"]}}"#
            );
            serde_json::from_str::<Message>(&json).unwrap()
        };
        let mut artifacts = Artifacts::default();
        for (id, name, file) in [
            ("registry+https://x#rand@0.8.5", "rand", "old"),
            ("registry+https://x#rand@0.10.3", "rand", "new"),
            ("path+file:///k/counted#0.1.0", "counted", "counted"),
        ] {
            collect(&mut artifacts, &message(id, name, file), &tree, &crates);
        }
        let found: Vec<_> = artifacts
            .crates
            .iter()
            .map(|(name, path)| (name.as_str(), path.display().to_string()))
            .collect();
        assert_eq!(
            found,
            [
                ("rand", "new.rlib".to_string()),
                ("counted", "counted.rlib".to_string())
            ]
        );
    }
}
