//! What the tests share.

use std::path::Path;
use std::time::Duration;

use backlings::supervise::{Cancel, Job, Limits, Outcome, Stream, Supervisor, Trouble};

/// After this long something has gone wrong; nothing is meant to come near it.
pub const FAR: Duration = Duration::from_secs(60);

pub fn supervisor() -> Supervisor {
    Supervisor::new(env!("CARGO_BIN_EXE_backlings"))
}

/// A job of any program.
pub fn program(path: impl AsRef<Path>) -> Job {
    Job {
        program: path.as_ref().to_owned(),
        args: Vec::new(),
        dir: std::env::temp_dir(),
        env: Vec::new(),
        scratch: None,
        limits: Limits {
            wall: FAR,
            memory: None,
            file_size: None,
            keep: 1 << 20,
            flood: 1 << 30,
        },
    }
}

/// A job of the shell.
pub fn sh(script: &str) -> Job {
    let mut job = program("/bin/sh");
    job.args = vec!["-c".into(), script.into()];
    job
}

pub fn set(job: &mut Job, name: &str, value: impl AsRef<std::ffi::OsStr>) {
    job.env.push((name.into(), Some(value.as_ref().to_owned())));
}

pub fn try_run(job: &Job) -> Result<Outcome, Trouble> {
    supervisor().run(job, &Cancel::new(), &mut |_, _| {})
}

pub fn run(job: &Job) -> Outcome {
    try_run(job).unwrap()
}

/// Runs the job and cancels it as soon as its output holds `lines` lines.
pub fn run_until(job: &Job, lines: usize) -> Outcome {
    let cancel = Cancel::new();
    let mut seen = 0;
    let mut sink = |_: Stream, piece: &[u8]| {
        seen += piece.iter().filter(|&&byte| byte == b'\n').count();
        if seen >= lines {
            cancel.cancel();
        }
    };
    supervisor().run(job, &cancel, &mut sink).unwrap()
}

/// Looks again and again until `holds`; for what happens in processes that can't be waited for.
#[cfg(target_os = "linux")]
pub fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let start = std::time::Instant::now();
    while !holds() {
        assert!(start.elapsed() < FAR, "still not: {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// A variable by which all processes of one job are known, wherever they went.
#[cfg(target_os = "linux")]
pub struct Mark(String);

#[cfg(target_os = "linux")]
impl Mark {
    pub fn on(job: &mut Job) -> Self {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let mark = format!(
            "{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        set(job, "BACKLINGS_TEST_MARK", &mark);
        Self(mark)
    }

    /// The command lines of the living processes that carry it, the cage included.
    pub fn alive(&self) -> Vec<String> {
        let entry = format!("BACKLINGS_TEST_MARK={}", self.0).into_bytes();
        let carries = |folder: &Path| {
            let environment = std::fs::read(folder.join("environ")).unwrap_or_default();
            environment
                .split(|&byte| byte == 0)
                .any(|variable| variable == entry)
        };
        let folders = std::fs::read_dir("/proc")
            .unwrap()
            .flatten()
            .map(|entry| entry.path());
        let marked = folders.filter(|folder| carries(folder));
        marked
            .map(|folder| std::fs::read_to_string(folder.join("cmdline")).unwrap_or_default())
            .collect()
    }

    /// Fails if anything is left.
    pub fn assert_gone(&self) {
        assert_eq!(self.alive(), Vec::<String>::new());
    }
}
