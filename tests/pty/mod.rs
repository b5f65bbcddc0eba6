//! The built program on a pseudo-terminal, and the screen that it draws.

use std::fs::File;
use std::io::{PipeReader, PipeWriter, Read, Write};
use std::num::NonZero;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcgetattr, tcsetwinsize};

/// Time after which something that should happen has not. Generous: machines are busy.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// A program on a terminal.
pub struct Terminal {
    child: Child,
    master: Option<OwnedFd>,
    slave: Option<OwnedFd>,
    shown: Arc<Shown>,
    modes: String,
    /// Closing it ends the thread that reads.
    _reading: PipeWriter,
}

struct Shown {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    parser: vt100::Parser,
    /// Everything that was written, for what a screen does not keep.
    raw: Vec<u8>,
    closed: bool,
}

impl Terminal {
    /// Starts `backlings` with arguments in a folder, on a terminal of 80x24.
    pub fn spawn(dir: &Path, args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backlings"));
        command.args(args);
        Self::run(dir, command)
    }

    /// Starts any program.
    pub fn run(dir: &Path, mut command: Command) -> Self {
        let master =
            openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let slave = File::options()
            .read(true)
            .write(true)
            .open(name.to_str().unwrap())
            .unwrap();
        tcsetwinsize(&master, size(80, 24)).unwrap();
        let modes = modes(&slave);
        command
            .current_dir(dir)
            .env("TERM", "xterm-256color")
            .env_remove("NO_COLOR")
            .stdin(slave.try_clone().unwrap())
            .stdout(slave.try_clone().unwrap())
            .stderr(slave.try_clone().unwrap());
        // SAFETY: only system calls that are safe between fork and exec.
        unsafe {
            command.pre_exec(|| {
                rustix::process::setsid()?;
                rustix::process::ioctl_tiocsctty(rustix::stdio::stdin())?;
                Ok(())
            });
        }
        let child = command.spawn().unwrap();
        let (stop, reading) = std::io::pipe().unwrap();
        let shown = Arc::new(Shown {
            state: Mutex::new(State {
                parser: vt100::Parser::new(cells(24), cells(80), 0),
                raw: Vec::new(),
                closed: false,
            }),
            changed: Condvar::new(),
        });
        let (from, to) = (master.try_clone().unwrap(), Arc::clone(&shown));
        std::thread::spawn(move || read(from, &stop, &to));
        Self {
            child,
            master: Some(master),
            slave: Some(slave.into()),
            shown,
            modes,
            _reading: reading,
        }
    }

    /// Types.
    pub fn send(&self, keys: &str) {
        let mut master = File::from(self.master().try_clone().unwrap());
        master.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until the screen is as wanted, and gives its text.
    #[track_caller]
    pub fn wait_for(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + DEADLINE;
        let mut state = self.shown.state.lock().unwrap();
        loop {
            let text = state.parser.screen().contents();
            if wanted(&text) {
                return text;
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero() && !state.closed,
                "waited in vain for {what}:\n{text}"
            );
            state = self.shown.changed.wait_timeout(state, left).unwrap().0;
        }
    }

    /// Waits for words.
    #[track_caller]
    pub fn see(&self, words: &str) -> String {
        self.wait_for(words, |text| text.contains(words))
    }

    /// The screen's text now.
    pub fn text(&self) -> String {
        self.shown.state.lock().unwrap().parser.screen().contents()
    }

    /// Everything that was ever written.
    pub fn raw(&self) -> String {
        String::from_utf8_lossy(&self.shown.state.lock().unwrap().raw).into_owned()
    }

    /// Whether the alternate screen is shown, and the cursor hidden.
    pub fn is_taken(&self) -> bool {
        let state = self.shown.state.lock().unwrap();
        state.parser.screen().alternate_screen() || state.parser.screen().hide_cursor()
    }

    /// Gives the terminal another size.
    pub fn resize(&self, width: u16, height: u16) {
        let mut state = self.shown.state.lock().unwrap();
        state
            .parser
            .screen_mut()
            .set_size(cells(height), cells(width));
        drop(state);
        tcsetwinsize(self.master(), size(width, height)).unwrap();
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).unwrap();
    }

    /// Waits for the program's end.
    #[track_caller]
    pub fn end(&mut self) -> ExitStatus {
        let end = Instant::now() + DEADLINE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < end, "it does not end:\n{}", self.text());
            std::thread::yield_now();
        }
    }

    /// That the terminal is as it was at the start.
    #[track_caller]
    pub fn assert_given_back(&self) {
        assert_eq!(
            modes(self.slave.as_ref().unwrap()),
            self.modes,
            "the modes are back"
        );
        self.wait_for("the main screen with a cursor", |_| true);
        let end = Instant::now() + DEADLINE;
        while self.is_taken() {
            assert!(Instant::now() < end, "the screen is not given back");
            std::thread::yield_now();
        }
    }

    /// The modes now.
    pub fn is_raw(&self) -> bool {
        modes(self.slave.as_ref().unwrap()) != self.modes
    }

    /// Closes the terminal's window, with everything of it that we hold.
    pub fn hang_up(&mut self) {
        let (_, reading) = std::io::pipe().unwrap();
        self._reading = reading;
        self.slave = None;
        self.master = None;
    }

    fn master(&self) -> &OwnedFd {
        self.master.as_ref().unwrap()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(master: OwnedFd, stop: &PipeReader, shown: &Shown) {
    let mut file = File::from(master);
    let mut buffer = [0; 64 * 1024];
    loop {
        let mut ready = [
            PollFd::new(&file, PollFlags::IN),
            PollFd::new(stop, PollFlags::IN),
        ];
        poll(&mut ready, None).unwrap();
        if !ready[1].revents().is_empty() {
            return;
        }
        let read = file.read(&mut buffer);
        let mut state = shown.state.lock().unwrap();
        match read {
            Ok(bytes) if bytes > 0 => {
                state.parser.process(&buffer[..bytes]);
                state.raw.extend_from_slice(&buffer[..bytes]);
            }
            _ => state.closed = true,
        }
        shown.changed.notify_all();
        if state.closed {
            return;
        }
    }
}

fn modes(fd: impl std::os::fd::AsFd) -> String {
    format!("{:?}", tcgetattr(fd).unwrap())
}

fn cells(number: u16) -> NonZero<u16> {
    NonZero::new(number).unwrap()
}

fn size(width: u16, height: u16) -> Winsize {
    Winsize {
        ws_row: height,
        ws_col: width,
        ws_xpixel: 0,
        ws_ypixel: 0,
    }
}
