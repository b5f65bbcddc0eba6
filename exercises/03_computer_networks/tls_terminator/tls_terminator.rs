//! # A TLS terminator that routes by server name
//!
//! One address, many sites: the front end of a hosting company takes TLS connections, finds out
//! which site is asked for, shows that site's certificate, and passes the plain text on to the
//! site's own server, its upstream. Most of the work is in the ends: whoever treats a cut
//! connection as a finished one hands half a file on as a whole one.
//!
//! Write `Terminator`. rustls does the cryptography, and `peek_client_hello` is given.
//!
//! 1. `handle` reads until the ClientHello is there, however it is cut, and picks the site with the
//!    name that is asked for, in any case. For another name, or none, the client gets the fatal
//!    alert `unrecognized_name` in plain text (the bytes 21 3 3 0 2 2 112; RFC 6066, section 3),
//!    and `handle` an error. What is no TLS is an error without an answer. Nothing of all this
//!    reaches an upstream.
//! 2. The site's `config` makes the handshake; certificates, ALPN and client certificates are its
//!    business. When the handshake fails, the alert that rustls has for the client is sent before
//!    `handle` returns the error. Only a finished handshake leads to a connection to the upstream.
//! 3. Plain text flows in both directions at the same time until both have ended: also what came
//!    with the last message of the handshake, and however much it is.
//! 4. A direction that ends well ends well on the other side, and only that direction: close_notify
//!    of the client is the end of input at the upstream, the end of the upstream is a close_notify
//!    to the client.
//! 5. A client whose connection ends without close_notify was cut off: the upstream must not take
//!    that for an end, so its connection is `abort`ed (given). When reading from the upstream
//!    fails, the client's connection ends without close_notify. Both are errors of `handle`.
//!
//! An example: sites `a.example` and `b.example`; a client asks for `B.Example` and writes `hi`;
//! the upstream of `b.example` reads `hi`, and its answer goes back under the certificate of
//! `b.example`.
//!
//! How it is judged: clients of rustls on loopback with certificates made in the test, TLS 1.2 and
//! 1.3; the hello byte by byte and in two records; 300 KB in both directions at once; every end
//! above, each wait with a deadline of 2 s.

use rustls::{ServerConfig, ServerConnection};
use std::io::{self, Cursor, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A site: its name, how it speaks TLS, and where its own server is.
pub struct Site {
    pub name: String,
    pub config: Arc<ServerConfig>,
    pub upstream: SocketAddr,
}

/// The front end of some sites.
pub struct Terminator {
    sites: Vec<Site>,
}

/// A fatal alert, unrecognized_name (112), in a record of its own.
const UNRECOGNIZED_NAME: [u8; 7] = [21, 3, 3, 0, 2, 2, 112];

impl Terminator {
    /// A front end for these sites.
    pub fn new(sites: Vec<Site>) -> Self {
        Self { sites }
    }

    /// Serves a client until both directions have ended.
    pub fn handle(&self, client: TcpStream) -> io::Result<()> {
        let (mut client, hello) = read_hello(client)?;
        let Some(site) = self.site(&hello) else {
            client.write_all(&UNRECOGNIZED_NAME)?;
            return Err(invalid("no such site"));
        };
        let tls = handshake(&mut client, site)?;
        let upstream = TcpStream::connect(site.upstream)?;
        pump(tls, client, upstream)
    }

    /// The site that a hello asks for.
    fn site(&self, hello: &ClientHello) -> Option<&Site> {
        todo!("step 1: the names of sites are as their owners wrote them")
    }
}

/// Reads until the ClientHello is there; what was read is read again from the `Peeked`.
fn read_hello(mut stream: TcpStream) -> io::Result<(Peeked, ClientHello)> {
    todo!("step 2: read and look, until it is there; the end of the stream is an error")
}

/// Makes the handshake. If it fails, the client gets rustls's alert.
fn handshake(client: &mut Peeked, site: &Site) -> io::Result<ServerConnection> {
    todo!("step 3: complete_io until it is no longer handshaking")
}

/// Passes plain text on in both directions until both have ended.
fn pump(tls: ServerConnection, client: Peeked, upstream: TcpStream) -> io::Result<()> {
    let to_client = client.stream.try_clone()?;
    let from_upstream = upstream.try_clone()?;
    let tls = Mutex::new(tls);
    thread::scope(|scope| {
        let answers = scope.spawn(|| downstream(&tls, from_upstream, to_client));
        let asked = upstream_from(&tls, client, upstream);
        let answered = answers.join().expect("no thread panics");
        asked.and(answered)
    })
}

/// From the client to the upstream, until the client's close_notify.
fn upstream_from(
    tls: &Mutex<ServerConnection>,
    mut client: Peeked,
    mut upstream: TcpStream,
) -> io::Result<()> {
    todo!("step 4: pass on what rustls has, then read more; don't hold the lock while you wait")
}

/// From the upstream to the client, until the upstream's end.
fn downstream(
    tls: &Mutex<ServerConnection>,
    mut upstream: TcpStream,
    mut client: TcpStream,
) -> io::Result<()> {
    todo!("step 5: read without the lock, write with it; at the end close_notify")
}

/// Given: ends a connection so that the other side gets an error and not an end of input. Whoever reads
/// from a clone of it sees the end at once; the other side gets the error when the last clone is dropped.
fn abort(stream: TcpStream) {
    // With no time to linger, closing resets the connection.
    let _ = socket2::SockRef::from(&stream).set_linger(Some(std::time::Duration::ZERO));
    let _ = stream.shutdown(Shutdown::Read);
}

/// Given: the error for bytes that are not what they should be.
fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Given: a connection whose first bytes were read already; they come first when it is read.
struct Peeked {
    ahead: Cursor<Vec<u8>>,
    stream: TcpStream,
}

impl Read for Peeked {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.ahead.read(buf)? {
            0 => self.stream.read(buf),
            n => Ok(n),
        }
    }
}

impl Write for Peeked {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.stream.write(buf)
    }

    fn write_vectored(&mut self, bufs: &[io::IoSlice<'_>]) -> io::Result<usize> {
        self.stream.write_vectored(bufs)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// What a client asks for in its first message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientHello {
    /// The name of the server, in lower case.
    pub sni: Option<String>,
    /// The protocols that the client speaks, the most wanted first: `h2`, `http/1.1`.
    pub alpn: Vec<Vec<u8>>,
}

/// These bytes are not the beginning of a ClientHello.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotTls;

/// The type of a record that holds handshake messages.
const HANDSHAKE: u8 = 22;
/// The type of the message.
const CLIENT_HELLO: u8 = 1;
/// No record holds more.
const MAX_RECORD: usize = 16_384;
/// No message that is taken seriously is longer.
const MAX_MESSAGE: usize = 65_536;
/// The numbers of the two extensions.
const SERVER_NAME: u16 = 0;
const ALPN: u16 = 16;

/// Given, from the last exercise: a ClientHello, its beginning (`None`), or something else.
pub fn peek_client_hello(bytes: &[u8]) -> Result<Option<ClientHello>, NotTls> {
    match message(bytes)? {
        Some(body) => client_hello(Reader(&body)).map(Some),
        None => Ok(None),
    }
}

/// The body of the first message, put together from its records; `None` while a part of it is missing.
fn message(bytes: &[u8]) -> Result<Option<Vec<u8>>, NotTls> {
    let mut message = Vec::new();
    let mut rest = bytes;
    loop {
        if rest.first().is_some_and(|&kind| kind != HANDSHAKE)
            || rest.get(1).is_some_and(|&major| major != 3)
        {
            return Err(NotTls);
        }
        let Some((&[_, _, _, high, low], behind)) = rest.split_first_chunk::<5>() else {
            return Ok(None);
        };
        let len = usize::from(u16::from_be_bytes([high, low]));
        if len == 0 || len > MAX_RECORD {
            return Err(NotTls);
        }
        let there = len.min(behind.len());
        message.extend_from_slice(&behind[..there]);
        // Also of a record that is not there as a whole: what it begins with may say enough.
        if let Some(body) = whole(&message)? {
            return Ok(Some(body));
        }
        if there < len {
            return Ok(None);
        }
        rest = &behind[len..];
    }
}

/// The body of a message, once all of it is there.
fn whole(message: &[u8]) -> Result<Option<Vec<u8>>, NotTls> {
    if message.first().is_some_and(|&kind| kind != CLIENT_HELLO) {
        return Err(NotTls);
    }
    let Some((&[_, high, middle, low], body)) = message.split_first_chunk::<4>() else {
        return Ok(None);
    };
    let len = u32::from_be_bytes([0, high, middle, low]) as usize;
    if len > MAX_MESSAGE {
        return Err(NotTls);
    }
    Ok(body.get(..len).map(<[u8]>::to_vec))
}

/// Reads the body of a ClientHello.
fn client_hello(mut body: Reader<'_>) -> Result<ClientHello, NotTls> {
    let mut hello = ClientHello {
        sni: None,
        alpn: Vec::new(),
    };
    body.take(2 + 32)?;
    body.counted(1)?;
    body.counted(2)?;
    body.counted(1)?;
    if body.is_empty() {
        return Ok(hello);
    }
    let mut extensions = body.counted(2)?;
    if !body.is_empty() {
        return Err(NotTls);
    }
    while !extensions.is_empty() {
        let number = extensions.number(2)?;
        let content = extensions.counted(2)?;
        if number == usize::from(SERVER_NAME) {
            hello.sni = server_name(content)?;
        } else if number == usize::from(ALPN) {
            hello.alpn = protocols(content)?;
        }
    }
    Ok(hello)
}

/// The first name of a server_name extension, if it has one.
fn server_name(mut content: Reader<'_>) -> Result<Option<String>, NotTls> {
    let mut list = content.counted(2)?;
    if !content.is_empty() {
        return Err(NotTls);
    }
    let mut found = None;
    while !list.is_empty() {
        let kind = list.number(1)?;
        let Reader(name) = list.counted(2)?;
        if kind != 0 {
            continue;
        }
        if name.is_empty() || !name.is_ascii() {
            return Err(NotTls);
        }
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        found.get_or_insert(name);
    }
    Ok(found)
}

/// The protocols of an ALPN extension.
fn protocols(mut content: Reader<'_>) -> Result<Vec<Vec<u8>>, NotTls> {
    let mut list = content.counted(2)?;
    if !content.is_empty() {
        return Err(NotTls);
    }
    let mut found = Vec::new();
    while !list.is_empty() {
        let Reader(protocol) = list.counted(1)?;
        if protocol.is_empty() {
            return Err(NotTls);
        }
        found.push(protocol.to_vec());
    }
    Ok(found)
}

/// Reads from the front of some bytes; what is not there is `NotTls`.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next `n` bytes.
    fn take(&mut self, n: usize) -> Result<&'a [u8], NotTls> {
        let (front, rest) = self.0.split_at_checked(n).ok_or(NotTls)?;
        self.0 = rest;
        Ok(front)
    }

    /// A number of `n` bytes, big-endian.
    fn number(&mut self, n: usize) -> Result<usize, NotTls> {
        let bytes = self.take(n)?;
        Ok(bytes
            .iter()
            .fold(0, |so_far, &byte| so_far << 8 | usize::from(byte)))
    }

    /// What stands behind its own length, which has `n` bytes.
    fn counted(&mut self, n: usize) -> Result<Reader<'a>, NotTls> {
        let len = self.number(n)?;
        Ok(Reader(self.take(len)?))
    }
}

#[cfg(test)]
mod tests;
