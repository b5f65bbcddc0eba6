//! What remains when backlings itself is killed. This test binary plays its part in a process of its own.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use backlings::supervise::Cancel;

use crate::support::{Mark, eventually, set, sh, supervisor};

/// Names the script that the process is to run, and makes it play its part.
const SCRIPT: &str = "BACKLINGS_TEST_SCRIPT";
/// Names the parent of its scratch folder.
const SCRATCH: &str = "BACKLINGS_TEST_SCRATCH";

/// Started as a test, this does nothing; started by [`Harness::start`], it is backlings, judging.
#[test]
fn as_harness() {
    let (Ok(script), Some(scratch)) = (std::env::var(SCRIPT), std::env::var_os(SCRATCH)) else {
        return;
    };
    let mut job = sh(&script);
    job.scratch = Some(scratch.into());
    let mut sink = |_, piece: &[u8]| {
        let mut out = std::io::stdout();
        out.write_all(piece).and_then(|()| out.flush()).unwrap();
    };
    supervisor().run(&job, &Cancel::new(), &mut sink).unwrap();
}

/// A process that plays backlings.
struct Harness {
    process: Child,
    /// Kept open, for otherwise it would die of writing to nobody.
    _lines: Lines<BufReader<ChildStdout>>,
    /// The lines that end with `up`.
    ups: Vec<String>,
    mark: Mark,
    scratch: tempfile::TempDir,
}

impl Harness {
    /// Starts it with a job, and returns when the job has printed as many lines `up`.
    fn start(script: &str, ups: usize) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let mut job = sh("");
        let mark = Mark::on(&mut job);
        set(&mut job, SCRIPT, script);
        set(&mut job, SCRATCH, scratch.path());
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["killed::as_harness", "--exact", "--nocapture"])
            .envs(
                job.env
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let said = lines.by_ref().map(Result::unwrap);
        let ups: Vec<String> = said.filter(|line| line.ends_with("up")).take(ups).collect();
        Self {
            process,
            _lines: lines,
            ups,
            mark,
            scratch,
        }
    }

    /// Sends its whole process group a deadly signal, as a terminal or a shell would, and waits until nothing is left.
    fn end(mut self, signal: &str) {
        assert!(!is_empty(self.scratch.path()));
        // One that is just being replaced by another program shows no variables for a moment.
        eventually("it, the cage and the job", || self.mark.alive().len() >= 3);
        kill(signal, &format!("-{}", self.process.id()));
        self.process.wait().unwrap();
        eventually("every process gone", || self.mark.alive().is_empty());
        eventually("the scratch folder gone", || is_empty(self.scratch.path()));
    }
}

fn kill(signal: &str, whom: &str) {
    let sent = Command::new("kill").args([signal, "--", whom]).status();
    assert!(sent.unwrap().success());
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).unwrap().next().is_none()
}

#[test]
fn a_plain_job_ends_with_it() {
    Harness::start("touch \"$TMPDIR/file\"; echo up; sleep 1000", 1).end("-KILL");
}

#[test]
fn a_job_that_ignores_signals_ends_with_it() {
    Harness::start(
        "trap '' HUP INT TERM PIPE; echo up; while :; do sleep 1000; done",
        1,
    )
    .end("-KILL");
}

#[test]
fn daemons_and_sessions_end_with_it() {
    let script = "setsid sh -c 'echo up; sleep 1000' &
        (setsid sh -c 'sh -c \"echo up; sleep 1000; :\" & exit' &)
        echo up; sleep 1000; :";
    Harness::start(script, 3).end("-KILL");
}

#[test]
fn a_job_that_writes_without_end_ends_with_it() {
    Harness::start("echo up; exec yes", 1).end("-KILL");
}

#[test]
fn other_deadly_signals_do_no_worse() {
    for signal in ["-TERM", "-HUP", "-INT", "-QUIT", "-ABRT"] {
        Harness::start("echo up; sleep 1000; :", 1).end(signal);
    }
}

#[test]
fn the_program_ends_even_when_its_cage_is_killed_as_well() {
    let mut harness = Harness::start("echo $PPID up; exec sleep 1000", 1);
    // Stopped, so that it has no part in what follows.
    kill("-STOP", &harness.process.id().to_string());
    let cage = harness.ups[0].split_whitespace().rev().nth(1).unwrap();
    kill("-KILL", cage);
    eventually("the program gone", || harness.mark.alive().len() == 1);
    harness.process.kill().unwrap();
    harness.process.wait().unwrap();
}

/// Started as a test, this does nothing; started by the test below, it counts in a process where nothing else runs.
#[test]
fn as_accountant() {
    if std::env::var_os("BACKLINGS_TEST_ACCOUNTANT").is_none() {
        return;
    }
    let open = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    let before = open();
    for script in [
        "exit 0",
        "kill -9 $$",
        "sleep 1000 & exit 0",
        "kill -9 $PPID; sleep 1000",
    ] {
        let cancel = Cancel::new();
        let _ = supervisor().run(&sh(script), &cancel, &mut |_, _| {});
        assert_eq!(open(), before, "open files after {script}");
    }
    let children =
        std::fs::read_to_string(format!("/proc/self/task/{}/children", std::process::id()));
    assert_eq!(children.unwrap(), "", "children of the main thread");
    // SAFETY: with no child at all there is nothing to store.
    let waited = unsafe { libc::waitpid(-1, std::ptr::null_mut(), libc::WNOHANG) };
    assert_eq!(waited, -1, "a child was not reaped");
}

#[test]
fn neither_open_files_nor_zombies_gather() {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["killed::as_accountant", "--exact", "--nocapture"])
        .env("BACKLINGS_TEST_ACCOUNTANT", "1");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}

#[test]
fn a_cage_started_by_hand_says_so() {
    let cage = env!("CARGO_BIN_EXE_backlings");
    let output = Command::new(cage)
        .args(["__cage", "", "much", ""])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("by hand"));
}
