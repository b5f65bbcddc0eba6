//! A server under test, on loopback, with deadlines.
//!
//! A test of a server has three troubles that a test of a function has not: it may wait for ever, it
//! sees only bytes, and what it started goes on when it is over. So graders use:
//!
//! * [`Server`]: binds port 0, starts the server under test, stops it, and notices when the port stays
//!   open or a thread does not end;
//! * [`Client`]: speaks bytes and lines with a deadline on every wait, and shows the whole
//!   conversation when something else came than was expected;
//! * [`Scripted`] and [`cuts`]: a stream that comes in pieces, is interrupted and accepts short writes,
//!   for parsers and framing, without a socket;
//! * [`Gate`] and [`within`]: order between threads, without sleeping;
//! * [`show`] and [`assert_bytes`]: bytes in a form that people can read.
//!
//! ```
//! use std::io::{BufRead, BufReader, Write};
//! use loopback::{Client, Server};
//!
//! // A server of one client, which sends a line back.
//! let server = Server::start("echo", |listener| {
//!     std::thread::spawn(move || {
//!         let (stream, _) = listener.accept().unwrap();
//!         let mut line = String::new();
//!         BufReader::new(&stream).read_line(&mut line).unwrap();
//!         (&stream).write_all(line.as_bytes()).unwrap();
//!     })
//! });
//! let mut ann = server.client("ann");
//! ann.send("hello\n");
//! ann.expect_line("hello");
//! ann.expect_end();
//! server.stop(|thread| thread.join().unwrap());
//! ```
//!
//! Nothing here sleeps to wait for something, and no wait is without an end: [`DEADLINE`] is far above
//! what a right answer needs on a busy machine.

#![warn(missing_docs)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

mod bytes;
mod client;
mod gate;
mod scripted;
mod server;
mod threads;

pub use bytes::{assert_bytes, show};
pub use client::Client;
pub use gate::{Gate, together, within};
pub use scripted::{Cut, Scripted, cuts, each_cut};
pub use server::{Server, pair};

/// How long anything may take that takes a right answer milliseconds.
pub const DEADLINE: Duration = Duration::from_secs(5);

/// How long anything may take once a wait of this run was in vain.
const SHORT: Duration = Duration::from_secs(1);

static GIVEN_UP: AtomicBool = AtomicBool::new(false);

/// A deadline, or a shorter one once a wait of this run was in vain: it has failed then, and twenty tests that hang in the
/// same way are not worth twenty times the wait.
fn patience(deadline: Duration) -> Duration {
    if GIVEN_UP.load(Ordering::Relaxed) {
        deadline.min(SHORT)
    } else {
        deadline
    }
}

/// A wait was in vain.
fn give_up() {
    GIVEN_UP.store(true, Ordering::Relaxed);
}
