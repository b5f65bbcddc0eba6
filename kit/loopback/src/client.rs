//! A client that tells the whole conversation when something goes wrong.

use std::fmt::{self, Write as _};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::bytes::{difference, find};
use crate::gate::left;
use crate::{DEADLINE, give_up, patience, show};

/// Entries of a conversation that a message shows.
const SHOWN: usize = 30;

/// A client on loopback. Every wait has a [`DEADLINE`]; a failure panics with what was expected, what
/// came, all that was sent and received, and a hint.
///
/// It is a [`Read`] and [`Write`] as well, for libraries that want a stream: there a deadline is an
/// error of the kind [`ErrorKind::TimedOut`].
pub struct Client {
    name: String,
    stream: TcpStream,
    /// Received, not yet taken.
    ahead: Vec<u8>,
    ended: Option<End>,
    talk: Vec<(Side, Vec<u8>)>,
    deadline: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Sent,
    Received,
}

/// Why no more bytes come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    Closed,
    Reset,
    Late,
}

impl Client {
    /// Connects; `name` stands in messages.
    ///
    /// # Panics
    /// When nobody listens at `to`.
    #[track_caller]
    pub fn connect(name: &str, to: SocketAddr) -> Self {
        match TcpStream::connect_timeout(&to, DEADLINE) {
            Ok(stream) => Self::over(name, stream),
            Err(error) => panic!("{name} could not connect to the server: {error}"),
        }
    }

    /// A client over a connection that is there already.
    ///
    /// # Panics
    /// When the system refuses to set `TCP_NODELAY`.
    pub fn over(name: &str, stream: TcpStream) -> Self {
        stream.set_nodelay(true).expect("a socket takes an option");
        Self {
            name: name.to_string(),
            stream,
            ahead: Vec::new(),
            ended: None,
            talk: Vec::new(),
            deadline: DEADLINE,
        }
    }

    /// The same client with another deadline for each wait.
    #[must_use]
    pub fn with_deadline(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// When a wait that begins now ends.
    fn latest(&self) -> Instant {
        Instant::now() + patience(self.deadline)
    }

    /// The connection itself.
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Sends bytes.
    ///
    /// # Panics
    /// When the server does not take them.
    #[track_caller]
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        if let Err(error) = self.try_send(bytes) {
            if error.kind() == ErrorKind::TimedOut {
                give_up();
            }
            self.fail(&format!(
                "could not send {}: {error}\n  hint: {}",
                show(bytes),
                match error.kind() {
                    ErrorKind::TimedOut => "the server does not read: does it wait for something?",
                    _ => "the server has closed the connection already",
                }
            ));
        }
    }

    /// Sends bytes, and says when the server does not take them.
    pub fn try_send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let until = self.latest();
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.write_once(rest, until) {
                Ok(n) => rest = &rest[n..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The next line, without its `\n` or `\r\n`.
    ///
    /// # Panics
    /// When it does not come.
    #[track_caller]
    pub fn line(&mut self) -> String {
        let mut line = self.until(b"\n", "a line");
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        String::from_utf8_lossy(&line).into_owned()
    }

    /// The next line has to be this one, `\n` or `\r\n` not counted.
    #[track_caller]
    pub fn expect_line(&mut self, expected: &str) {
        let line = match self.fill_until(b"\n") {
            Ok(_) => self.line(),
            Err(end) => self.missing(&format!("the line {expected:?}"), end),
        };
        if line != expected {
            self.fail(&format!(
                "expected the line {expected:?}, but {line:?} came"
            ));
        }
    }

    /// Everything up to and including `mark`; `what` names it in messages.
    #[track_caller]
    pub fn until(&mut self, mark: &[u8], what: &str) -> Vec<u8> {
        match self.fill_until(mark) {
            Ok(len) => self.ahead.drain(..len).collect(),
            Err(end) => self.missing(&format!("{what} (up to {})", show(mark)), end),
        }
    }

    /// Exactly `n` bytes; `what` names them in messages.
    #[track_caller]
    pub fn exactly(&mut self, n: usize, what: &str) -> Vec<u8> {
        let until = self.latest();
        while self.ahead.len() < n {
            if let Err(end) = self.fill(until) {
                self.missing(&format!("{what} ({n} bytes)"), end);
            }
        }
        self.ahead.drain(..n).collect()
    }

    /// The next bytes have to be these.
    #[track_caller]
    pub fn expect(&mut self, expected: impl AsRef<[u8]>) {
        let expected = expected.as_ref();
        let until = self.latest();
        while self.ahead.len() < expected.len() && expected.starts_with(&self.ahead) {
            if let Err(end) = self.fill(until) {
                self.missing(&show(expected), end);
            }
        }
        if !self.ahead.starts_with(expected) {
            let n = expected.len().min(self.ahead.len());
            self.fail(&difference(&self.ahead[..n], expected));
        }
        self.ahead.drain(..expected.len());
    }

    /// The server has to close the connection, and to send nothing before.
    #[track_caller]
    pub fn expect_end(&mut self) {
        let rest = self.rest();
        if !rest.is_empty() {
            let rest = show(&rest);
            self.fail(&format!(
                "expected the end of the connection, but {rest} came before it"
            ));
        }
    }

    /// All bytes until the server closes the connection. A reset ends them as well.
    ///
    /// # Panics
    /// When it does not close.
    #[track_caller]
    pub fn rest(&mut self) -> Vec<u8> {
        let until = self.latest();
        loop {
            match self.fill(until) {
                Ok(()) => {}
                Err(End::Closed | End::Reset) => return std::mem::take(&mut self.ahead),
                Err(End::Late) => self.missing("the end of the connection", End::Late),
            }
        }
    }

    /// The server has to reset the connection, whatever it sends before: the sign that something is missing.
    #[track_caller]
    pub fn expect_reset(&mut self) {
        let until = self.latest();
        loop {
            match self.fill(until) {
                Ok(()) => {}
                Err(End::Reset) => return,
                Err(End::Closed) => self.fail(
                    "expected a reset, because something is missing, but the connection ended as \
                     if all was well",
                ),
                Err(End::Late) => self.missing("a reset", End::Late),
            }
        }
    }

    /// Tells the server that nothing more will be sent; still reads.
    pub fn half_close(&mut self) {
        // The server may have closed first; there is nothing left to tell then.
        self.stream.shutdown(Shutdown::Write).ok();
    }

    /// Fails with the conversation until now.
    ///
    /// # Panics
    /// Always.
    #[track_caller]
    pub fn fail(&self, what: &str) -> ! {
        panic!("{}: {what}\n{}", self.name, self.conversation());
    }

    /// All that was sent (`>`) and received (`<`), in order.
    pub fn conversation(&self) -> String {
        let mut out = format!("  all that {} sent (>) and received (<):", self.name);
        let hidden = self.talk.len().saturating_sub(SHOWN);
        if hidden > 0 {
            write!(out, "\n    … {hidden} earlier ones …").expect("a string takes it");
        }
        for (side, bytes) in &self.talk[hidden..] {
            let arrow = if *side == Side::Sent { '>' } else { '<' };
            write!(out, "\n    {arrow} {}", show(bytes)).expect("a string takes it");
        }
        let end = match self.ended {
            Some(End::Closed) => "\n    < the end (the server closed the connection)",
            Some(End::Reset) => "\n    < a reset",
            _ if self.talk.is_empty() => "\n    nothing",
            _ => "",
        };
        out + end
    }

    #[track_caller]
    fn missing(&self, what: &str, end: End) -> ! {
        let had = match self.ahead.is_empty() {
            true => "nothing".to_string(),
            false => format!("only {}", show(&self.ahead)),
        };
        let late = patience(self.deadline);
        if matches!(end, End::Late) {
            give_up();
        }
        let (how, hint) = match end {
            End::Closed => (
                "the server closed the connection".to_string(),
                "did its thread end early, return an error or panic?",
            ),
            End::Reset => (
                "the connection was reset".to_string(),
                "a socket that is closed while it holds unread bytes resets the connection, and \
                 what was sent last is lost",
            ),
            End::Late => (
                format!("no more came within {} s", late.as_secs_f32()),
                "does the server wait for bytes that nobody sends, hold a lock, or keep the answer in \
                 a buffer that is not flushed?",
            ),
        };
        self.fail(&format!(
            "expected {what}, but {how}; {had} was left to read\n  hint: {hint}"
        ))
    }

    /// Reads until `mark` is among what is ahead, and gives where it ends.
    fn fill_until(&mut self, mark: &[u8]) -> Result<usize, End> {
        let until = self.latest();
        let mut seen = 0;
        loop {
            let from = seen.min(self.ahead.len());
            if let Some(at) = find(&self.ahead[from..], mark) {
                return Ok(from + at + mark.len());
            }
            seen = (self.ahead.len() + 1).saturating_sub(mark.len());
            self.fill(until)?;
        }
    }

    fn fill(&mut self, until: Instant) -> Result<(), End> {
        let mut buffer = [0; 16 * 1024];
        loop {
            return match self.read_once(&mut buffer, until) {
                Ok(0) => Err(End::Closed),
                Ok(n) => {
                    self.ahead.extend_from_slice(&buffer[..n]);
                    Ok(())
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == ErrorKind::TimedOut => Err(End::Late),
                Err(_) => Err(End::Reset),
            };
        }
    }

    fn read_once(&mut self, buffer: &mut [u8], until: Instant) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(left(until)?))?;
        match (&self.stream).read(buffer) {
            Ok(n) => {
                if n == 0 && !buffer.is_empty() {
                    self.ended = Some(End::Closed);
                }
                self.note(Side::Received, &buffer[..n]);
                Ok(n)
            }
            Err(error) => {
                let error = deadline(error);
                if !matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::Interrupted) {
                    self.ended = Some(End::Reset);
                }
                Err(error)
            }
        }
    }

    fn write_once(&mut self, bytes: &[u8], until: Instant) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(left(until)?))?;
        let n = (&self.stream).write(bytes).map_err(deadline)?;
        self.note(Side::Sent, &bytes[..n]);
        Ok(n)
    }

    fn note(&mut self, side: Side, bytes: &[u8]) {
        match self.talk.last_mut() {
            Some((last, all)) if *last == side => all.extend_from_slice(bytes),
            _ if bytes.is_empty() => {}
            _ => self.talk.push((side, bytes.to_vec())),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.name, self.conversation())
    }
}

impl Read for Client {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ahead.is_empty() {
            return self.read_once(buffer, self.latest());
        }
        let n = self.ahead.len().min(buffer.len());
        buffer[..n].copy_from_slice(&self.ahead[..n]);
        self.ahead.drain(..n);
        Ok(n)
    }
}

impl Write for Client {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_once(bytes, self.latest())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Some systems call a socket's time-out `WouldBlock`.
fn deadline(error: io::Error) -> io::Error {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => {
            io::Error::new(ErrorKind::TimedOut, "the deadline passed")
        }
        _ => error,
    }
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
