//! `backlings doctor`: what is installed, what is missing, and how to get it.

use std::path::Path;
use std::process::{Command, Stdio};

use serde::Serialize;

use super::context::{Context, track_of};
use super::out;
use crate::cli::{Format, Global};
use crate::exit::Exit;
use crate::judge::Toolchain;
use crate::ui::style::{Mark, Style, Tone};
use crate::workspace::Workspace;

/// The compiler that the exercises are written for; see `rust-version` in Cargo.toml.
const RUST_VERSION: &str = env!("CARGO_PKG_RUST_VERSION");

#[derive(Serialize)]
struct Finding {
    name: &'static str,
    state: State,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Good,
    /// backlings works without it.
    Optional,
    /// backlings does not work without it.
    Missing,
}

impl Finding {
    fn good(name: &'static str, detail: impl Into<String>) -> Self {
        Self {
            name,
            state: State::Good,
            detail: detail.into(),
            remedy: None,
        }
    }

    fn not(
        name: &'static str,
        state: State,
        detail: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            name,
            state,
            detail: detail.into(),
            remedy: Some(remedy.into()),
        }
    }
}

pub(crate) fn run(global: &Global, format: Format) -> anyhow::Result<Exit> {
    let cwd = std::env::current_dir().unwrap_or_default();
    let mut findings = vec![rust(&cwd), linker()];
    findings.extend(OPTIONAL.iter().map(|(name, program, use_for, remedy)| {
        match which::which(program) {
            Ok(path) => Finding::good(name, path.display().to_string()),
            Err(_) => Finding::not(
                name,
                State::Optional,
                format!("not found; {use_for}"),
                *remedy,
            ),
        }
    }));
    findings.extend([track(global), workspace(global, &cwd)]);
    let missing = findings
        .iter()
        .any(|finding| finding.state == State::Missing);
    match format {
        Format::Json => {
            #[derive(Serialize)]
            struct Doctor {
                healthy: bool,
                findings: Vec<Finding>,
            }
            out::json(&Doctor {
                healthy: !missing,
                findings,
            })?;
        }
        Format::Text => out::lines(lines(&findings))?,
    }
    Ok(if missing { Exit::Trouble } else { Exit::Passed })
}

/// Name, program, what it is for, how to get it.
const OPTIONAL: [(&str, &str, &str, &str); 5] = [
    (
        "rustup",
        "rustup",
        "it keeps Rust up to date",
        "https://rustup.rs",
    ),
    (
        "git",
        "git",
        "it keeps the history of your workspace",
        "install git with your system's package manager",
    ),
    (
        "clippy",
        "cargo-clippy",
        "it gives advice after a pass",
        "rustup component add clippy",
    ),
    (
        "rustfmt",
        "rustfmt",
        "your editor formats with it",
        "rustup component add rustfmt",
    ),
    (
        "rust-analyzer",
        "rust-analyzer",
        "your editor may bring its own",
        "rustup component add rust-analyzer",
    ),
];

fn rust(cwd: &Path) -> Finding {
    const NAME: &str = "Rust";
    let toolchain = match Toolchain::find(cwd) {
        Ok(toolchain) => toolchain,
        Err(environment) => {
            return Finding::not(NAME, State::Missing, environment.what, environment.remedy);
        }
    };
    let Some(version) = version(&toolchain.rustc) else {
        let what = format!("{} does not say its version", toolchain.rustc.display());
        return Finding::not(
            NAME,
            State::Missing,
            what,
            "reinstall Rust from https://rustup.rs",
        );
    };
    if older(&version, RUST_VERSION) {
        let what = format!("rustc {version} is too old: the exercises need {RUST_VERSION}");
        return Finding::not(NAME, State::Missing, what, "rustup update");
    }
    Finding::good(
        NAME,
        format!("rustc {version}, {}", toolchain.rustc.display()),
    )
}

/// `1.95.0` of `rustc 1.95.0 (59807616e 2026-04-14)`.
fn version(rustc: &Path) -> Option<String> {
    let output = Command::new(rustc)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.split_whitespace().nth(1).map(str::to_string)
}

fn older(version: &str, wanted: &str) -> bool {
    let parts = |text: &str| -> Vec<u32> {
        text.split(['.', '-'])
            .take(3)
            .map(|part| part.parse().unwrap_or(0))
            .collect()
    };
    let (mut have, mut want) = (parts(version), parts(wanted));
    have.resize(3, 0);
    want.resize(3, 0);
    have < want
}

/// rustc links through the system's C compiler.
fn linker() -> Finding {
    const NAME: &str = "linker";
    match ["cc", "gcc", "clang"]
        .iter()
        .find_map(|name| which::which(name).ok())
    {
        Some(path) => Finding::good(NAME, path.display().to_string()),
        None if cfg!(windows) => {
            Finding::good(NAME, "rustc brings its own or finds Visual Studio's")
        }
        None => Finding::not(
            NAME,
            State::Missing,
            "no C compiler (cc, gcc, clang) on the PATH, and rustc links through one",
            "Debian: apt install gcc; Fedora: dnf install gcc; macOS: xcode-select --install",
        ),
    }
}

fn track(global: &Global) -> Finding {
    const NAME: &str = "track";
    match track_of(global, "") {
        Ok(track) => Finding::good(
            NAME,
            format!("{}, {} exercises", track.name(), track.exercises().len()),
        ),
        Err(error) => Finding::not(
            NAME,
            State::Missing,
            super::words(&error),
            "mend the file that it names",
        ),
    }
}

fn workspace(global: &Global, cwd: &Path) -> Finding {
    const NAME: &str = "workspace";
    if Workspace::find(global.workspace.as_deref().unwrap_or(cwd)).is_none() {
        return Finding::not(
            NAME,
            State::Optional,
            "not in one",
            "`backlings init` makes one",
        );
    }
    match Context::open(global) {
        Ok(context) => {
            let done = context.store.progress().done.len();
            let detail = format!("{}, {done} done", context.workspace.root().display());
            let updates = context
                .workspace
                .plan_update(&context.track)
                .map_or(0, |plan| plan.changes.len());
            if updates > 0 {
                let detail = format!("{detail}; made by another version of backlings");
                return Finding::not(NAME, State::Optional, detail, "backlings update --dry-run");
            }
            Finding::good(NAME, detail)
        }
        Err(error) => Finding::not(
            NAME,
            State::Missing,
            super::words(&error),
            "see the message",
        ),
    }
}

fn lines(findings: &[Finding]) -> Vec<String> {
    let style = Style::stdout();
    let mut lines = Vec::new();
    for finding in findings {
        let (mark, word) = match finding.state {
            State::Good => (Mark::Passed, "ok"),
            State::Optional => (Mark::Pending, "optional"),
            State::Missing => (Mark::Failed, "missing"),
        };
        lines.push(format!(
            "{} {:<13} {word:<9} {}",
            style.sign(mark),
            finding.name,
            finding.detail
        ));
        if let Some(remedy) = &finding.remedy {
            lines.push(format!("{:27}{}", "", style.paint(Tone::Info, remedy)));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::older;

    #[test]
    fn versions_compare_by_number() {
        assert!(older("1.9.0", "1.95"));
        assert!(!older("1.95.0", "1.95"));
        assert!(!older("1.100.0-nightly", "1.95"));
        assert!(!older("2.0.0", "1.95"));
    }
}
