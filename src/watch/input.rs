//! Keys and signals, each from a thread of its own.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, sync_channel};

use super::Message;
#[cfg(unix)]
use super::decode;
use crate::ui::terminal::Restorer;

/// Lets the next key be read.
pub(super) struct Keys {
    go_on: SyncSender<()>,
}

impl Keys {
    /// Starts to read keys, one at a time: the next only after [`Self::go_on`]. So nothing is taken
    /// from an editor that a key has opened in this terminal.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(tell: Sender<Message>) -> io::Result<Self> {
        let (go_on, may_go_on) = sync_channel(1);
        std::thread::Builder::new()
            .name("keys".into())
            .spawn(move || read(&tell, &may_go_on))?;
        Ok(Self { go_on })
    }

    /// The last key has been dealt with.
    pub(super) fn go_on(&self) {
        // A thread that has ended reads nothing more, and has said so.
        let _ = self.go_on.try_send(());
    }
}

/// Reads keys from the terminal's bytes. (The reader of crossterm loses keys that come together with a change of size, and
/// turns in circles when the terminal is gone.)
#[cfg(unix)]
fn read(tell: &Sender<Message>, may_go_on: &Receiver<()>) {
    use rustix::io::Errno;

    let mut bytes = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        match rustix::io::read(rustix::stdio::stdin(), &mut buffer) {
            Ok(read) if read > 0 => bytes.extend_from_slice(&buffer[..read]),
            Err(Errno::INTR) => {}
            // Another program may have left the terminal like this.
            Err(Errno::AGAIN) => drop(more_comes()),
            _ => {
                let _ = tell.send(Message::Gone);
                return;
            }
        }
        let mut keys = decode::keys(&mut bytes, false);
        if !bytes.is_empty() && !more_comes() {
            keys.extend(decode::keys(&mut bytes, true));
        }
        for key in keys {
            if tell.send(Message::Key(key)).is_err() || may_go_on.recv().is_err() {
                return;
            }
        }
    }
}

/// Waits a moment for the rest of a key that has begun: terminals send it at once, networks may not.
#[cfg(all(unix, not(target_vendor = "apple")))]
fn more_comes() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    const PATIENCE: Timespec = Timespec {
        tv_sec: 0,
        tv_nsec: 30_000_000,
    };
    let stdin = rustix::stdio::stdin();
    let mut terminal = [PollFd::new(&stdin, PollFlags::IN)];
    poll(&mut terminal, Some(&PATIENCE)).is_ok_and(|ready| ready > 0)
}

/// macOS does not poll terminals: there, a key is what comes in one piece.
#[cfg(target_vendor = "apple")]
fn more_comes() -> bool {
    std::thread::sleep(std::time::Duration::from_millis(1));
    false
}

#[cfg(not(unix))]
fn read(tell: &Sender<Message>, may_go_on: &Receiver<()>) {
    use crossterm::event::{self, Event};
    loop {
        let message = match event::read() {
            Ok(Event::Key(key)) => match super::keys::Key::from_event(key) {
                Some(key) => Message::Key(key),
                None => continue,
            },
            Ok(Event::Resize(..)) => {
                if tell.send(Message::Resized).is_err() {
                    return;
                }
                continue;
            }
            Ok(_) => continue,
            Err(_) => {
                let _ = tell.send(Message::Gone);
                return;
            }
        };
        if tell.send(message).is_err() || may_go_on.recv().is_err() {
            return;
        }
    }
}

/// Hears signals. A second one that ends, while the first is still being obeyed, ends at once.
pub(super) struct Signals {
    lent: Arc<AtomicBool>,
}

impl Signals {
    /// While the terminal is lent to an editor, its Ctrl-C is not meant for us.
    pub(super) fn lend(&self, lent: bool) {
        self.lent.store(lent, Ordering::SeqCst);
    }

    /// Starts to listen.
    ///
    /// # Errors
    /// When the system refuses.
    #[cfg(unix)]
    pub(super) fn start(tell: Sender<Message>, restorer: Restorer) -> io::Result<Self> {
        use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH};

        use super::session::Signal;

        let lent = Arc::new(AtomicBool::new(false));
        let is_lent = Arc::clone(&lent);
        let mut signals = signal_hook::iterator::Signals::new([
            SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH,
        ])?;
        let listen = move || {
            let mut ending = false;
            for number in &mut signals {
                let message = match number {
                    SIGWINCH => Message::Resized,
                    SIGTSTP => Message::Signal(Signal::Stop),
                    SIGCONT => Message::Signal(Signal::Continue),
                    SIGINT if is_lent.load(Ordering::SeqCst) => continue,
                    number => {
                        let number = u8::try_from(number).unwrap_or(SIGTERM as u8);
                        if std::mem::replace(&mut ending, true) {
                            restorer.restore();
                            std::process::exit(128 + i32::from(number));
                        }
                        Message::Signal(Signal::End(number))
                    }
                };
                if tell.send(message).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new()
            .name("signals".into())
            .spawn(listen)?;
        Ok(Self { lent })
    }

    /// There are no signals on this system; Ctrl-C is a key.
    ///
    /// # Errors
    /// Never.
    #[cfg(not(unix))]
    pub(super) fn start(_: Sender<Message>, _: Restorer) -> io::Result<Self> {
        Ok(Self {
            lent: Arc::new(AtomicBool::new(false)),
        })
    }
}
