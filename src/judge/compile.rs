//! Calling rustc, and reading what it says.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::groups::Artifacts;
use super::lines::{Line, Lines};
use super::toolchain::{clean_env, set};
use super::{Diagnostic, Environment, Level};
use crate::supervise::{Cancel, Ended, Exit, Job, Limits, Stream, Supervisor, Trouble};

/// A compiler that takes longer than this is stuck.
const WALL: Duration = Duration::from_secs(120);
/// Compiler messages kept; more are counted by the compiler itself in its last lines.
const MOST_MESSAGES: usize = 200;

/// What to compile, and how.
pub(super) struct Compilation<'a> {
    /// rustc or clippy-driver.
    pub(super) program: &'a Path,
    /// The staged workspace: where the compiler runs, so that paths come out relative to it.
    pub(super) root: &'a Path,
    /// The crate root below `root`.
    pub(super) source: String,
    /// The crate's name.
    pub(super) name: &'a str,
    /// Lints that are allowed.
    pub(super) allow: &'a [String],
    /// Crates that it may use.
    pub(super) artifacts: &'a Artifacts,
    /// What to make.
    pub(super) output: Output,
    /// Columns of the terminal, if there is one.
    pub(super) width: Option<u16>,
}

/// What a compilation makes.
pub(super) enum Output {
    /// A test binary, incrementally.
    Binary {
        /// Where to put it.
        path: PathBuf,
        /// Where the compiler keeps what it can use again.
        incremental: PathBuf,
    },
    /// Messages alone.
    Messages {
        /// Where the metadata goes.
        dir: PathBuf,
    },
}

/// How a compilation ended.
#[derive(Debug)]
pub(super) enum Compiled {
    /// It did what it should; there may be warnings.
    Done(Vec<Diagnostic>),
    /// The source is refused.
    Refused(Vec<Diagnostic>),
    /// The crates of the group do not fit the compiler: they must be built anew.
    Stale,
    /// Nothing that the learner did.
    Environment(Environment),
    /// Cancelled.
    Cancelled,
}

/// Compiles.
pub(super) fn compile(
    supervisor: &Supervisor,
    what: &Compilation<'_>,
    cancel: &Cancel,
) -> Result<(Compiled, Duration), Trouble> {
    let mut env = clean_env();
    set(&mut env, "CARGO_PKG_NAME", what.name);
    set(&mut env, "CARGO_MANIFEST_DIR", what.root);
    let job = Job {
        program: what.program.to_path_buf(),
        args: arguments(what),
        dir: what.root.to_path_buf(),
        env,
        limits: Limits {
            wall: WALL,
            memory: None,
            file_size: None,
            keep: 64 << 10,
            flood: 256 << 20,
        },
        scratch: None,
    };
    let mut lines = Lines::default();
    let mut messages = Vec::new();
    let outcome = supervisor.run(&job, cancel, &mut |stream, bytes| {
        if stream == Stream::Err {
            lines.push(bytes, &mut |line| messages.extend(message(&line)));
        }
    })?;
    messages.extend(lines.finish().as_ref().and_then(message));
    let compiled = judge(&outcome.ended, messages, &outcome.stderr.text());
    Ok((compiled, outcome.wall))
}

fn arguments(what: &Compilation<'_>) -> Vec<OsString> {
    let mut args: Vec<OsString> = Vec::new();
    let mut add = |words: &[&str]| args.extend(words.iter().map(OsString::from));
    add(&[
        "--crate-name",
        what.name,
        "--edition=2024",
        &what.source,
        "--test",
    ]);
    add(&["--error-format=json", "--json=diagnostic-rendered-ansi"]);
    add(&["-C", "debuginfo=0", "-C", "codegen-units=16"]);
    if let Some(width) = what.width {
        add(&[&format!("--diagnostic-width={width}")]);
    }
    for lint in what.allow {
        add(&["-A", lint]);
    }
    let join = |key: &str, value: &Path| {
        let mut word = OsString::from(key);
        word.push(value);
        word
    };
    match &what.output {
        Output::Binary { path, incremental } => {
            add(&["-C", "strip=debuginfo"]);
            if cfg!(target_os = "linux") {
                add(&["-C", "link-arg=-Wl,-O0"]);
            }
            args.extend([
                "-C".into(),
                join("incremental=", incremental),
                "-o".into(),
                path.into(),
            ]);
        }
        Output::Messages { dir } => {
            add(&["--emit=metadata"]);
            args.extend(["--out-dir".into(), dir.into()]);
        }
    }
    for (name, path) in &what.artifacts.crates {
        args.extend(["--extern".into(), join(&format!("{name}="), path)]);
    }
    for path in &what.artifacts.search {
        args.extend(["-L".into(), path.into()]);
    }
    args
}

#[derive(Deserialize)]
struct Message {
    message: String,
    level: String,
    code: Option<Code>,
    #[serde(default)]
    spans: Vec<Span>,
    rendered: Option<String>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    column_start: usize,
    is_primary: bool,
}

fn message(line: &Line) -> Option<Message> {
    if line.dropped > 0 {
        return None;
    }
    serde_json::from_slice(&line.head).ok()
}

fn judge(ended: &Ended, messages: Vec<Message>, raw: &str) -> Compiled {
    match ended {
        Ended::Cancelled => Compiled::Cancelled,
        Ended::Exited(Exit::Code(0)) => Compiled::Done(diagnostics(messages)),
        Ended::TimedOut => Compiled::Environment(Environment::new(
            format!("the compiler did not end within {} s", WALL.as_secs()),
            "save again; if it stays so, look for a type or a constant that never ends",
        )),
        Ended::Flooded => Compiled::Environment(Environment::new(
            "the compiler printed without end",
            "save again; `backlings doctor` shows which compiler is used",
        )),
        Ended::Exited(exit) => failed(*exit, messages, raw),
    }
}

/// Codes of rustc for crates that were built by another compiler or are gone.
const STALE: [&str; 5] = ["E0460", "E0461", "E0462", "E0514", "E0786"];

fn failed(exit: Exit, messages: Vec<Message>, raw: &str) -> Compiled {
    let errors = || {
        messages
            .iter()
            .filter(|message| message.level.starts_with("error"))
    };
    if errors().any(|error| {
        error
            .code
            .as_ref()
            .is_some_and(|code| STALE.contains(&code.code.as_str()))
    }) {
        return Compiled::Stale;
    }
    let unplaced = errors()
        .filter(|error| error.spans.is_empty())
        .map(|error| error.message.as_str());
    if let Some(environment) = unplaced.into_iter().find_map(environment) {
        return Compiled::Environment(environment);
    }
    if errors()
        .next()
        .is_some_and(|error| error.level == "error: internal compiler error")
        || exit != Exit::Code(1)
    {
        return Compiled::Environment(Environment::new(
            format!("the compiler itself failed: {}", last_words(raw, exit)),
            "save again; if it stays so, delete .backlings/cache and look whether memory or disk is full",
        ));
    }
    Compiled::Refused(diagnostics(messages))
}

/// Errors that no source causes.
fn environment(message: &str) -> Option<Environment> {
    let has = |piece: &str| message.contains(piece);
    let remedy = if has("linker") && (has("not found") || has("could not exec")) {
        "install a C toolchain (Debian: apt install gcc; Fedora: dnf install gcc; macOS: xcode-select --install)"
    } else if has("No space left") || has("os error 28") {
        "the disk is full: free some space, then save again"
    } else if has("Permission denied") || has("Read-only file system") {
        "backlings must be able to write below .backlings/cache: check its permissions"
    } else if has("Cannot allocate memory") || has("os error 12") {
        "the machine is out of memory: close something, then save again"
    } else {
        return None;
    };
    let first = message.lines().next().unwrap_or_default();
    Some(Environment::new(
        format!("the compiler could not work: {first}"),
        remedy,
    ))
}

fn last_words(raw: &str, exit: Exit) -> String {
    let plain = raw
        .lines()
        .rev()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('{'));
    match (plain, exit) {
        (Some(line), _) => line.to_string(),
        (None, Exit::Code(code)) => format!("exit code {code}"),
        (None, Exit::Signal(signal)) => format!("signal {signal}"),
    }
}

/// Errors first; without the compiler's own tally.
fn diagnostics(messages: Vec<Message>) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = messages
        .into_iter()
        .filter_map(|message| {
            let level = match message.level.as_str() {
                "error" => Level::Error,
                "warning" => Level::Warning,
                _ => return None,
            };
            if message.spans.is_empty() && is_tally(&message.message) {
                return None;
            }
            let location = message
                .spans
                .iter()
                .find(|span| span.is_primary)
                .map(|span| {
                    format!(
                        "{}:{}:{}",
                        span.file_name, span.line_start, span.column_start
                    )
                });
            Some(Diagnostic {
                level,
                rendered: message.rendered.unwrap_or(message.message),
                location,
            })
        })
        .collect();
    found.sort_by_key(|diagnostic| diagnostic.level);
    found.truncate(MOST_MESSAGES);
    found
}

fn is_tally(message: &str) -> bool {
    message.starts_with("aborting due to")
        || message.ends_with("warning emitted")
        || message.ends_with("warnings emitted")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(json: &str) -> Vec<Message> {
        json.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    const ERROR: &str = r#"{"message":"mismatched types","code":{"code":"E0308"},"level":"error","spans":[{"file_name":"exercises/a/b/b.rs","line_start":3,"column_start":9,"is_primary":true}],"rendered":"error[E0308]"}"#;
    const WARNING: &str = r#"{"message":"unused","code":null,"level":"warning","spans":[{"file_name":"b.rs","line_start":1,"column_start":1,"is_primary":true}],"rendered":"warning"}"#;
    const TALLY: &str = r#"{"message":"aborting due to 1 previous error; 1 warning emitted","code":null,"level":"error","spans":[],"rendered":"aborting"}"#;

    #[test]
    fn errors_come_first_and_the_tally_not_at_all() {
        let messages = said(&format!("{WARNING}\n{ERROR}\n{TALLY}"));
        let Compiled::Refused(found) = judge(&Ended::Exited(Exit::Code(1)), messages, "") else {
            panic!()
        };
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].location.as_deref(), Some("exercises/a/b/b.rs:3:9"));
        assert_eq!(
            (found[0].level, found[1].level),
            (Level::Error, Level::Warning)
        );
    }

    #[test]
    fn what_the_learner_cannot_cause_is_the_environment() {
        for (message, remedy) in [
            ("linker `cc` not found", "C toolchain"),
            (
                "failed to write /x: No space left on device (os error 28)",
                "disk is full",
            ),
            (
                "couldn't create a temp dir: Permission denied (os error 13)",
                "permissions",
            ),
        ] {
            let json = format!(
                r#"{{"message":{message:?},"code":null,"level":"error","spans":[],"rendered":null}}"#
            );
            let Compiled::Environment(found) =
                judge(&Ended::Exited(Exit::Code(1)), said(&json), "")
            else {
                panic!("{message}")
            };
            assert!(found.remedy.contains(remedy), "{found:?}");
        }
        let killed = judge(&Ended::Exited(Exit::Signal(9)), Vec::new(), "");
        assert!(matches!(killed, Compiled::Environment(found) if found.what.contains("signal 9")));
    }

    #[test]
    fn crates_of_another_compiler_are_stale() {
        let json = r#"{"message":"found crate `x` compiled by an incompatible version of rustc","code":{"code":"E0514"},"level":"error","spans":[],"rendered":null}"#;
        assert!(matches!(
            judge(&Ended::Exited(Exit::Code(1)), said(json), ""),
            Compiled::Stale
        ));
    }
}
