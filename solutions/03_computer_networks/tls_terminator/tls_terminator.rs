//! # A TLS terminator that routes by server name
//!
//! In front of most services stands a process that speaks TLS with the world and plain TCP with the
//! service: it has the certificates, chooses one by the name that the client asks for, and passes the
//! bytes on. Its most delicate duty is the end. TLS says with `close_notify` that nothing is missing; a
//! connection that just ends may have been cut off by an attacker, and nobody may take that for the end.
//!
//! Write `Terminator::handle` with rustls. A `Site` is a name, its configuration (certificate, protocols,
//! perhaps a demand for client certificates), and the address of its service, the upstream.
//!
//! 1. The site is the one whose name the client asks for, in any case of letters. Without one, the
//!    client gets the alert `unrecognized_name` (`UNRECOGNIZED_NAME`), and `handle` is an error.
//! 2. The handshake is the site's: its certificate, its protocols, its demands. Nobody connects to the
//!    upstream before it is complete. If it fails, the client gets rustls' alert, and `handle` is an error.
//! 3. What the client sends goes to the upstream as plaintext, and the other way round, at the same time
//!    and as it comes.
//! 4. The client's close_notify ends the sending half to the upstream, which may still answer. The end of
//!    the upstream becomes a close_notify to the client. With both, `handle` is `Ok`.
//! 5. The client's end without close_notify resets the connection to the upstream. A reset by the
//!    upstream ends the client's connection without close_notify. Either is an error of `handle`.
//!
//! An example: of the sites a.example and b.example a client that asks for B.Example gets the
//! second's certificate, and its request arrives at the second's upstream.
//!
//! How it is judged: clients of rustls over loopback, with certificates made in the test; handshakes for
//! TLS 1.2 and 1.3, byte by byte too; ends of all sorts on both sides; 1 MiB in each direction.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustls::server::{Accepted, Acceptor};
use rustls::{ServerConfig, ServerConnection};

/// A service behind the terminator.
pub struct Site {
    pub name: String,
    pub config: Arc<ServerConfig>,
    pub upstream: SocketAddr,
}

/// Ends TLS for several sites.
pub struct Terminator {
    sites: Vec<Site>,
}

/// A fatal alert, as a record: unrecognized_name is 112 (RFC 8446, 6.2).
pub const UNRECOGNIZED_NAME: [u8; 7] = [21, 3, 3, 0, 2, 2, 112];

impl Terminator {
    /// A terminator for these sites.
    pub fn new(sites: Vec<Site>) -> Self {
        Self { sites }
    }

    /// The site that a client asks for.
    fn site(&self, name: Option<&str>) -> Option<&Site> {
        let name = name?;
        self.sites
            .iter()
            .find(|site| site.name.eq_ignore_ascii_case(name))
    }

    /// Serves a client until both sides have ended, or one of them has failed.
    pub fn handle(&self, client: TcpStream) -> io::Result<()> {
        let (tls, upstream) = self.handshake(&client)?;
        let link = Link {
            tls: Mutex::new(tls),
            upstream: TcpStream::connect(upstream)?,
            client,
        };
        link.run()
    }

    /// Reads the ClientHello, chooses the site and completes its handshake; gives the upstream's address.
    fn handshake(&self, mut client: &TcpStream) -> io::Result<(ServerConnection, SocketAddr)> {
        let mut acceptor = Acceptor::default();
        let accepted = loop {
            if acceptor.read_tls(&mut client)? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            match acceptor.accept() {
                Ok(Some(accepted)) => break accepted,
                Ok(None) => {}
                Err((error, mut alert)) => {
                    alert.write_all(&mut client)?;
                    return Err(io::Error::new(ErrorKind::InvalidData, error));
                }
            }
        };
        let Some(site) = self.site(accepted.client_hello().server_name()) else {
            client.write_all(&UNRECOGNIZED_NAME)?;
            return Err(io::Error::new(ErrorKind::NotFound, "no such site"));
        };
        let mut tls = match accepted.into_connection(site.config.clone()) {
            Ok(tls) => tls,
            Err((error, mut alert)) => {
                alert.write_all(&mut client)?;
                return Err(io::Error::new(ErrorKind::InvalidData, error));
            }
        };
        while tls.is_handshaking() {
            tls.complete_io(&mut client)?;
        }
        Ok((tls, site.upstream))
    }
}

/// A client and its upstream.
struct Link {
    tls: Mutex<ServerConnection>,
    client: TcpStream,
    upstream: TcpStream,
}

impl Link {
    /// Given: the connection, locked. Two threads need it: one for each direction.
    fn tls(&self) -> MutexGuard<'_, ServerConnection> {
        self.tls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Given: writes to the client what rustls wants to send.
    fn flush(&self, tls: &mut ServerConnection) -> io::Result<()> {
        while tls.wants_write() {
            tls.write_tls(&mut &self.client)?;
        }
        Ok(())
    }

    /// Passes on what the client sends, until its close_notify.
    fn client_to_upstream(&self) -> io::Result<()> {
        let mut buffer = [0; 16_384];
        let mut came: &[u8] = &[];
        loop {
            let mut tls = self.tls();
            let mut plaintext = Vec::new();
            // The first round has no bytes: some may have come with the end of the handshake.
            let closed = loop {
                let state = tls.process_new_packets();
                // An alert, or the answer to a request for new keys.
                self.flush(&mut tls)?;
                let state = state.map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
                let start = plaintext.len();
                plaintext.resize(start + state.plaintext_bytes_to_read(), 0);
                tls.reader().read_exact(&mut plaintext[start..])?;
                if state.peer_has_closed() || came.is_empty() {
                    break state.peer_has_closed();
                }
                tls.read_tls(&mut came)?;
            };
            drop(tls);
            (&self.upstream).write_all(&plaintext)?;
            if closed {
                return self.upstream.shutdown(Shutdown::Write);
            }
            came = match (&self.client).read(&mut buffer)? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                n => &buffer[..n],
            };
        }
    }

    /// Passes on what the upstream sends, until its end; then says close_notify.
    fn upstream_to_client(&self) -> io::Result<()> {
        let mut buffer = [0; 16_384];
        loop {
            let n = (&self.upstream).read(&mut buffer)?;
            let mut tls = self.tls();
            if n == 0 {
                tls.send_close_notify();
                self.flush(&mut tls)?;
                return self.client.shutdown(Shutdown::Write);
            }
            tls.writer().write_all(&buffer[..n])?;
            self.flush(&mut tls)?;
        }
    }

    /// Runs both directions to their ends.
    fn run(self) -> io::Result<()> {
        thread::scope(|scope| {
            let up = scope.spawn(|| {
                let up = self.client_to_upstream();
                if up.is_err() {
                    // The client first, so that nobody sends it a close_notify any more.
                    self.client.shutdown(Shutdown::Both).ok();
                    reset_when_closed(&self.upstream);
                    // Only the reading half: an end of the other would look like a clean one.
                    self.upstream.shutdown(Shutdown::Read).ok();
                }
                up
            });
            let down = self.upstream_to_client();
            if down.is_err() {
                self.client.shutdown(Shutdown::Both).ok();
            }
            let up = up.join().expect("no thread of a link panics");
            down.and(up)
        })
    }
}

/// Given: closing the stream will reset the connection, which says that something is missing.
fn reset_when_closed(stream: &TcpStream) {
    socket2::SockRef::from(stream)
        .set_linger(Some(Duration::ZERO))
        .ok();
}

#[cfg(test)]
mod tests;
