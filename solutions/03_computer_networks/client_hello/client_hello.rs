//! # The first message of TLS: which name is asked for?
//!
//! A load balancer that serves a thousand names on one address has to choose a certificate before
//! anything is encrypted. It can: the first message of a client, the ClientHello, carries the name
//! in clear text (server name indication, SNI) and the protocols that the client speaks (ALPN).
//!
//! Write `peek_client_hello`. It gets all bytes that have come so far, and says what they are.
//!
//! 1. A ClientHello that is there as a whole gives its name, in lower case, and its protocols in
//!    their order. Without the extension there is no name, or there are no protocols. Other
//!    extensions, and bytes behind the message, do not matter.
//! 2. As long as the bytes can still become one, the answer is `Ok(None)`: one byte, half a record,
//!    half a message.
//! 3. The message may be spread over several records; their contents, put together, are the
//!    message. It is there as a whole when its last byte is, even if the record goes on.
//! 4. What cannot become one is `NotTls`, at once: a first byte that is not 22, a major version
//!    that is not 3, an empty record or one of more than 16,384 bytes, a message of a type that is
//!    not 1 or of more than 65,536 bytes.
//! 5. Lengths inside of the message are claims. One that points beyond its surroundings, a list
//!    with a rest that is no entry, an empty name or protocol, or a name that is not ASCII is
//!    `NotTls`. Nothing panics.
//!
//! The layout (RFC 8446, sections 5.1, 4 and 4.1.2; RFC 6066, section 3; RFC 7301, section 3.1);
//! `[n]` is a length of n bytes, big-endian, followed by that many bytes:
//!
//! ```text
//! record       type 22, version 3 x, [2] content
//! message      type 1, [3] of: version (2), random (32), [1] session id, [2] cipher suites,
//!              [1] compression methods, and then nothing, or [2] extensions
//! extension    number (2), [2] content
//! number 0     [2] list of: type 0 (1), [2] name           (server name; other types are passed over)
//! number 16    [2] list of: [1] protocol                   (ALPN)
//! ```
//!
//! An example: the bytes `22 3 1 0` give `Ok(None)`, and `71 69 84` (the beginning of `GET`) give
//! `Err(NotTls)`.
//!
//! How it is judged: the ClientHello of RFC 8448, section 3; hellos of rustls for TLS 1.2 and 1.3,
//! cut at every byte and spread over records in every way; each length in them made wrong; 20,000
//! mutated hellos.

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

/// What these bytes are: a ClientHello, its beginning (`None`), or something else.
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

/// Given: reads from the front of some bytes; what is not there is `NotTls`.
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
