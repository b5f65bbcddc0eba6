//! This program on a pseudo-terminal, to measure what a learner sees.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rustix::io::{FdFlags, fcntl_setfd};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// What does not come within this time does not come.
const DEADLINE: Duration = Duration::from_secs(60);

/// A program on a terminal of 100x40.
pub(super) struct Terminal {
    child: Child,
    master: File,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// What was written since the last [`Terminal::forget`].
    bytes: Vec<u8>,
    closed: bool,
}

impl Seen {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Terminal {
    pub(super) fn spawn(program: &Path, dir: &Path, args: &[&str]) -> anyhow::Result<Self> {
        // The program must not hold its own terminal open. Where `openpt` takes no such flag, a process that is started at
        // the same moment may.
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        #[cfg(target_os = "linux")]
        let flags = flags | OpenptFlags::CLOEXEC;
        let master = openpt(flags).context("cannot open a pseudo-terminal")?;
        fcntl_setfd(&master, FdFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let size = Winsize {
            ws_row: 40,
            ws_col: 100,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&master, size)?;
        let name = ptsname(&master, Vec::new())?;
        let slave = File::options()
            .read(true)
            .write(true)
            .open(name.to_str().context("a terminal's name is not UTF-8")?)?;
        let child = Command::new(program)
            .args(args)
            .current_dir(dir)
            .env("TERM", "xterm-256color")
            .stdin(slave.try_clone()?)
            .stdout(slave.try_clone()?)
            .stderr(slave)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let master = File::from(master);
        let seen = Arc::new(Seen::default());
        let (mut from, to) = (master.try_clone()?, Arc::clone(&seen));
        std::thread::spawn(move || {
            let mut piece = [0; 16 << 10];
            // The end, and the error that a closed terminal gives on Linux, are the same here.
            while let Ok(count @ 1..) = from.read(&mut piece) {
                to.lock().bytes.extend_from_slice(&piece[..count]);
                to.changed.notify_all();
            }
            to.lock().closed = true;
            to.changed.notify_all();
        });
        Ok(Self {
            child,
            master,
            seen,
        })
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(super) fn send(&mut self, keys: &str) -> anyhow::Result<()> {
        Ok(self.master.write_all(keys.as_bytes())?)
    }

    /// Forgets what was written so far.
    pub(super) fn forget(&self) {
        self.seen.lock().bytes.clear();
    }

    /// Waits until one of these words is written.
    pub(super) fn see(&self, any: &[&str]) -> anyhow::Result<()> {
        let end = Instant::now() + DEADLINE;
        let mut state = self.seen.lock();
        loop {
            let written = &state.bytes;
            let there = |words: &&str| {
                let mut windows = written.windows(words.len());
                windows.any(|window| window == words.as_bytes())
            };
            if any.iter().any(there) {
                return Ok(());
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || state.closed {
                let text = String::from_utf8_lossy(written);
                anyhow::bail!(
                    "none of {any:?} came on the screen; what came is: {}",
                    console::strip_ansi_codes(&text)
                );
            }
            state = self
                .seen
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
