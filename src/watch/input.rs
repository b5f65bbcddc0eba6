//! Keys and signals, each from a thread of its own.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, sync_channel};

use crossterm::event::{self, Event};

use super::Message;
use super::keys::Key;
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

fn read(tell: &Sender<Message>, may_go_on: &Receiver<()>) {
    loop {
        let message = match event::read() {
            Ok(Event::Key(key)) => match Key::from_event(key) {
                Some(key) => Message::Key(key),
                None => continue,
            },
            Ok(Event::Resize(..)) => Message::Resized,
            Ok(_) => continue,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
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
        use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};

        use super::session::Signal;

        let lent = Arc::new(AtomicBool::new(false));
        let is_lent = Arc::clone(&lent);
        let mut signals =
            signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT])?;
        let listen = move || {
            let mut ending = false;
            for number in &mut signals {
                let signal = match number {
                    SIGTSTP => Signal::Stop,
                    SIGCONT => Signal::Continue,
                    SIGINT if is_lent.load(Ordering::SeqCst) => continue,
                    number => {
                        let number = u8::try_from(number).unwrap_or(SIGTERM as u8);
                        if std::mem::replace(&mut ending, true) {
                            restorer.restore();
                            std::process::exit(128 + i32::from(number));
                        }
                        Signal::End(number)
                    }
                };
                if tell.send(Message::Signal(signal)).is_err() {
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
