//! The terminal while the screen is ours, and its way back: on drop, on a panic, on a signal, and for a while on Ctrl-Z.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::terminal::{
    DisableLineWrap, EnableLineWrap, EnterAlternateScreen, LeaveAlternateScreen,
};
use crossterm::{cursor, queue};

use super::screen::Size;

/// Where a size is unknown, the size that terminals have had for fifty years.
const USUAL: Size = Size {
    width: 80,
    height: 24,
};

/// The terminal in raw mode, showing the alternate screen without a cursor. Dropping it gives everything back.
#[derive(Debug)]
pub struct Terminal {
    restorer: Restorer,
}

/// Gives the terminal back, from any thread and any number of times.
#[derive(Clone, Debug)]
pub struct Restorer {
    ours: Arc<AtomicBool>,
}

impl Terminal {
    /// Why the screen cannot be taken over, in words; nothing if it can.
    pub fn obstacle() -> Option<String> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Some("standard input and output are not a terminal".into());
        }
        if std::env::var("TERM").is_ok_and(|term| term == "dumb") {
            return Some("this terminal cannot draw a screen (TERM=dumb)".into());
        }
        None
    }

    /// A terminal that is not taken over yet; from now on a panic gives it back.
    pub fn new() -> Self {
        let restorer = Restorer {
            ours: Arc::new(AtomicBool::new(false)),
        };
        let on_panic = restorer.clone();
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            on_panic.restore();
            before(panic);
        }));
        Self { restorer }
    }

    /// The way back for a thread that has to end the process by itself.
    pub fn restorer(&self) -> Restorer {
        self.restorer.clone()
    }

    /// Takes the screen over, the first time or again, whatever was done to it meanwhile. The modes as they are now are
    /// kept, and come back at the end.
    ///
    /// # Errors
    /// When the terminal refuses, or is gone.
    pub fn take(&self) -> io::Result<()> {
        // crossterm believes that raw mode still holds after a stop, when the shell has set its own.
        self.restorer.restore();
        crossterm::terminal::enable_raw_mode()?;
        self.restorer.ours.store(true, Ordering::SeqCst);
        let mut out = io::stdout();
        queue!(out, EnterAlternateScreen, cursor::Hide, DisableLineWrap)?;
        out.flush()
    }

    /// Gives the screen back for a while: to an editor, to the shell.
    pub fn release(&self) {
        self.restorer.restore();
    }

    /// Stops the process as Ctrl-Z does, and takes the screen over again when the shell continues it.
    ///
    /// # Errors
    /// When the terminal does not come back.
    pub fn suspend(&self) -> io::Result<()> {
        self.release();
        stop();
        self.take()
    }

    /// The size now.
    pub fn size() -> Size {
        match crossterm::terminal::size() {
            Ok((width, height)) if width > 0 && height > 0 => {
                Size::new(width.into(), height.into())
            }
            _ => USUAL,
        }
    }

    /// Whether the terminal is still there: it goes away with its window, not always with a signal.
    pub fn is_there() -> bool {
        #[cfg(unix)]
        let there = rustix::termios::tcgetattr(io::stdin()).is_ok();
        #[cfg(not(unix))]
        let there = true;
        there
    }
}

impl Default for Terminal {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.restorer.restore();
    }
}

impl Restorer {
    /// Gives the terminal back, if it is ours. A terminal that is gone needs nothing.
    pub fn restore(&self) {
        if !self.ours.swap(false, Ordering::SeqCst) {
            return;
        }
        let mut out = io::stdout();
        let _ = queue!(out, EnableLineWrap, cursor::Show, LeaveAlternateScreen);
        let _ = out.flush();
        let _ = crossterm::terminal::disable_raw_mode();
    }
}

/// Stops the process, and those that it was started by or with, by the system's own handling of SIGTSTP, which leaves a
/// process running where no shell could continue it.
#[cfg(unix)]
fn stop() {
    with_stop(libc::SIG_IGN, || {
        // What started us (`cargo run`) has to stop too, or the shell would go on waiting for it.
        let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
    });
    with_stop(libc::SIG_DFL, || {
        // SAFETY: raise has no preconditions. It signals this thread, so that the process has stopped when it returns.
        unsafe { libc::raise(libc::SIGTSTP) };
    });
}

/// There is no stopping on this system.
#[cfg(not(unix))]
fn stop() {}

/// Does something during which Ctrl-Z stops this process without asking it first.
#[cfg(unix)]
pub fn with_default_stop<T>(work: impl FnOnce() -> T) -> T {
    with_stop(libc::SIG_DFL, work)
}

/// There is no stopping on this system.
#[cfg(not(unix))]
pub fn with_default_stop<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// Does something with another handling of SIGTSTP.
#[cfg(unix)]
fn with_stop<T>(handling: libc::sighandler_t, work: impl FnOnce() -> T) -> T {
    /// Puts the former handling back, also when `work` panics.
    struct Former(libc::sigaction);
    impl Drop for Former {
        fn drop(&mut self) {
            // SAFETY: the action was given by sigaction for the same signal.
            unsafe { libc::sigaction(libc::SIGTSTP, &self.0, std::ptr::null_mut()) };
        }
    }
    // SAFETY: all zero is a valid sigaction (empty mask, no flags), and all pointers are to live values.
    let _former = unsafe {
        let mut other: libc::sigaction = std::mem::zeroed();
        other.sa_sigaction = handling;
        let mut former: libc::sigaction = std::mem::zeroed();
        libc::sigaction(libc::SIGTSTP, &other, &mut former);
        Former(former)
    };
    work()
}
