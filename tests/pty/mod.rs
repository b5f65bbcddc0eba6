//! The built program on a pseudo-terminal, and the screen that it draws.

pub mod workspace;

use std::fs::File;
use std::io::{PipeReader, PipeWriter, Read, Write};
use std::num::NonZero;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::{FdFlags, fcntl_setfd};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcgetattr, tcsetwinsize};

/// Time after which something that should happen has not. Generous: machines are busy.
pub const DEADLINE: Duration = Duration::from_secs(40);

/// A program on a terminal.
pub struct Terminal {
    pid: Pid,
    /// Held while the process is signalled or reaped: its number may be another's afterwards.
    reaped: Arc<Mutex<bool>>,
    ended: Receiver<ExitStatus>,
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

impl State {
    fn text(&self) -> String {
        self.parser.screen().contents()
    }

    fn raw(&self) -> String {
        String::from_utf8_lossy(&self.raw).into_owned()
    }

    fn is_taken(&self) -> bool {
        self.parser.screen().alternate_screen() || self.parser.screen().hide_cursor()
    }
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
        // The program must not hold its own terminal open. Where `openpt` takes no such flag, a process that is started at
        // the same moment may.
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        #[cfg(target_os = "linux")]
        let flags = flags | OpenptFlags::CLOEXEC;
        let master = openpt(flags).unwrap();
        fcntl_setfd(&master, FdFlags::CLOEXEC).unwrap();
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
        let mut child = command.spawn().unwrap();
        let pid = Pid::from_child(&child);
        let reaped = Arc::new(Mutex::new(false));
        let (tell, ended) = channel();
        let reaping = Arc::clone(&reaped);
        std::thread::spawn(move || {
            let left_there = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            while waitid(WaitId::Pid(pid), left_there).is_err() {}
            let mut reaped = reaping.lock().unwrap();
            *reaped = true;
            tell.send(child.wait().unwrap())
        });
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
            pid,
            reaped,
            ended,
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

    /// Waits until the screen's text is as wanted, and gives it.
    #[track_caller]
    pub fn wait_for(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        self.wait(what, |state| wanted(&state.text()))
    }

    #[track_caller]
    fn wait(&self, what: &str, wanted: impl Fn(&State) -> bool) -> String {
        let end = Instant::now() + DEADLINE;
        let mut state = self.shown.state.lock().unwrap();
        while !wanted(&state) {
            let left = end.saturating_duration_since(Instant::now());
            let text = state.text();
            assert!(
                !left.is_zero() && !state.closed,
                "waited in vain for {what}:\n{text}"
            );
            state = self.shown.changed.wait_timeout(state, left).unwrap().0;
        }
        state.text()
    }

    /// Waits for words.
    #[track_caller]
    pub fn see(&self, words: &str) -> String {
        self.wait_for(words, |text| text.contains(words))
    }

    /// The screen's text now.
    pub fn text(&self) -> String {
        self.shown.state.lock().unwrap().text()
    }

    /// Everything that was written since the start, or the last resize.
    pub fn raw(&self) -> String {
        self.shown.state.lock().unwrap().raw()
    }

    /// Whether the alternate screen is shown, or the cursor hidden.
    pub fn is_taken(&self) -> bool {
        self.shown.state.lock().unwrap().is_taken()
    }

    /// Gives the terminal another size, and waits until it is drawn anew down to the last row.
    #[track_caller]
    pub fn resize(&self, width: u16, height: u16) {
        let mut state = self.shown.state.lock().unwrap();
        state
            .parser
            .screen_mut()
            .set_size(cells(height), cells(width));
        state.raw.clear();
        drop(state);
        tcsetwinsize(self.master(), size(width, height)).unwrap();
        self.wait("a new drawing", |state| {
            state.raw().contains(&format!("\x1b[{height};1H"))
        });
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        let reaped = self.reaped.lock().unwrap();
        assert!(!*reaped, "it has ended");
        kill_process(self.pid, signal).unwrap();
    }

    /// Waits for the program's end.
    #[track_caller]
    pub fn end(&mut self) -> ExitStatus {
        match self.ended.recv_timeout(DEADLINE) {
            Ok(status) => status,
            Err(_) => panic!("it does not end:\n{}", self.text()),
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
        self.wait("the main screen with a cursor", |state| !state.is_taken());
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
        let reaped = self.reaped.lock().unwrap();
        if !*reaped {
            let _ = kill_process(self.pid, Signal::KILL);
        }
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
