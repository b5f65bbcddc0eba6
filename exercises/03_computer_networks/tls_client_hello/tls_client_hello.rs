//! # Reading the server's name from a TLS ClientHello
//!
//! A hundred sites share one address and one port. Which of them a client wants stands in its first message,
//! not encrypted: the server name (SNI) and the protocols that it offers (ALPN). Load balancers read
//! them to choose a certificate or to pass the connection on unopened. They read bytes that
//! anybody may send, before anything is proved.
//!
//! Write `peek_client_hello`. It gets all bytes that have come until now, and does not take them.
//!
//! 1. TLS comes in records: the type (1 byte, 22 for handshakes), the version (2 bytes, the first is
//!    3), the length (2 bytes, 1 to 16,384), the payload (RFC 8446, 5.1). A handshake message may be
//!    cut into any number of records.
//! 2. The message is a type (1 byte, 1 for ClientHello), a length (3 bytes, at most `MAX_HELLO`), and then
//!    (4.1.2): a version (2 bytes), 32 random bytes, and blocks for the session id (length in 1 byte),
//!    cipher suites (2), compression methods (1) and extensions (2; the block may be missing).
//! 3. An extension is a type (2 bytes) and a block (2). Type 0 holds a block (2) of names: a type (1
//!    byte) and a block (2). The first name of type 0 is the host name, in ASCII; it is returned in lower
//!    case (RFC 6066, 3). Type 16 holds a block (2) of protocols, each a block (1) (RFC 7301, 3.1). Others
//!    are skipped.
//! 4. While bytes are missing the answer is `Ok(None)`. Whatever breaks these rules is `Err(NotTls)`, and
//!    for a wrong type, version or length as soon as it is there.
//! 5. No bytes make it panic. A length that reaches beyond what it stands in breaks the rules.
//!
//! An example: `b"GET / HTTP/1.1"` is `Err(NotTls)`, and so is `b"G"`; `[22, 3, 1]` is `Ok(None)`.
//!
//! How it is judged: the ClientHello of RFC 8448, section 3; live ones of rustls, for TLS 1.2 and 1.3, cut at
//! every byte and into records of all sizes; each length made wrong; 20,000 damaged messages.

/// The longest ClientHello that is read, without its type and length.
pub const MAX_HELLO: usize = 65_536;

/// What a client wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientHello {
    /// The server's name, in lower case.
    pub sni: Option<String>,
    /// The protocols that it offers, the best first.
    pub alpn: Vec<Vec<u8>>,
}

/// These bytes do not start a TLS connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotTls;

/// What the client says, if all of it has come.
pub fn peek_client_hello(bytes: &[u8]) -> Result<Option<ClientHello>, NotTls> {
    match hello_message(bytes)? {
        Some(message) => parse_hello(&message).map(Some),
        None => Ok(None),
    }
}

/// The ClientHello without its type and length, joined from its records; `None` if bytes are missing.
fn hello_message(mut bytes: &[u8]) -> Result<Option<Vec<u8>>, NotTls> {
    todo!("step 1: record by record, until the message is whole")
}

/// Bytes that are read from the front, and never beyond the end.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The next `n` bytes.
    fn take(&mut self, n: usize) -> Result<&'a [u8], NotTls> {
        todo!("step 2: what if there are fewer?")
    }

    /// The next `n` bytes as a number, the most significant first.
    fn number(&mut self, n: usize) -> Result<usize, NotTls> {
        let bytes = self.take(n)?;
        Ok(bytes
            .iter()
            .fold(0, |sum, &byte| 256 * sum + usize::from(byte)))
    }

    /// A block whose length stands in front, in `n` bytes.
    fn block(&mut self, n: usize) -> Result<Reader<'a>, NotTls> {
        let len = self.number(n)?;
        self.take(len).map(Reader)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Reads a ClientHello, given without its type and length.
fn parse_hello(message: &[u8]) -> Result<ClientHello, NotTls> {
    todo!("step 3: skip what does not matter, and walk through the extensions")
}

/// Reads the extension of the server's name.
fn parse_names(mut extension: Reader<'_>) -> Result<Option<String>, NotTls> {
    todo!("step 4: the first name of type 0")
}

/// Reads the extension of the protocols.
fn parse_protocols(mut extension: Reader<'_>) -> Result<Vec<Vec<u8>>, NotTls> {
    todo!("step 5: all of them, in their order")
}

#[cfg(test)]
mod tests;
