//! # An incremental HTTP/1.1 request parser
//!
//! A proxy and the server behind it read the same bytes. If they disagree about where a request ends, an
//! attacker hides a second request in the body of the first: request smuggling. So a parser has to
//! be strict about everything that says where a body ends, and must not care how the bytes come.
//!
//! Write `RequestParser::next`. `feed` (given) adds bytes; `next` returns one event after the other, and
//! `Ok(None)` when it needs more bytes. After an error it returns that error for ever.
//!
//! 1. A request gives `Head`, its body as any number of `Body` pieces as soon as they come, `Trailers` if
//!    there are any, and `End`. The next request starts right behind it.
//! 2. A head is a request line, fields, and an empty line; lines end with CRLF, and a CR or LF elsewhere is
//!    refused. The request line is a token, a target of visible ASCII characters and a version, with
//!    one space between them. A version is `HTTP/`, a digit, a dot, a digit: all but 1.0 and 1.1 give 505.
//! 3. A field is a token, a colon, and a value without control characters other than tabs. Blanks
//!    around the value are cut off. No blank may stand before the colon, no line may start with one.
//! 4. HTTP/1.1 needs one `Host` field, and HTTP/1.0 may have one (RFC 9112, 3.2).
//! 5. With `Content-Length` (once, digits only) the body has so many bytes; with `Transfer-Encoding:
//!    chunked` it comes in chunks; else there is none. Both together are refused, and so are a last coding
//!    other than chunked, chunked twice, and Transfer-Encoding in HTTP/1.0 (6.1, 6.3). Other codings
//!    before chunked give 501.
//! 6. A chunk is a size in hexadecimal digits, extensions after a `;` that are ignored, CRLF, the data,
//!    CRLF. After the size 0 come trailer fields and an empty line (7.1).
//! 7. A head, trailers, or a line with a chunk's size of more than `MAX_HEAD` bytes give 431, whether its
//!    end has come or not. More than `max_body` bytes of body give 413 as soon as they are announced.
//!
//! All other refusals give 400. Names of fields and codings are compared without case.
//!
//! An example: `GET / HTTP/1.1\r\nHost: a\r\n\r\n` gives `Head` and `End`.
//!
//! How it is judged: about 120 requests, each in one piece, byte by byte and cut at each position;
//! generated heads that the crate `httparse` reads too; generated chunks; and 20,000 damaged requests.

/// The longest head, trailers, or size of a chunk, in bytes with all line ends.
pub const MAX_HEAD: usize = 8192;

/// A field: name and value.
pub type Header = (String, String);

/// The start of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub method: String,
    pub target: String,
    /// 0 for HTTP/1.0, 1 for HTTP/1.1.
    pub minor: u8,
    pub headers: Vec<Header>,
}

impl Head {
    /// The values of all fields of a name.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let fields = self.headers.iter();
        fields
            .filter(move |(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// A part of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Head(Head),
    Body(Vec<u8>),
    Trailers(Vec<Header>),
    End,
}

/// The status of the answer to a request that can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadRequest {
    pub status: u16,
}

const BAD: BadRequest = BadRequest { status: 400 };

/// Reads requests from bytes that come in any pieces.
pub struct RequestParser {
    max_body: u64,
    buffer: Vec<u8>,
    state: State,
}

/// What comes next.
#[derive(Clone, Copy)]
enum State {
    Head,
    /// So many bytes of body.
    Body(u64),
    /// The line with a chunk's size, after so many bytes of body.
    ChunkSize(u64),
    /// So many bytes of the chunk, after so many bytes of body, the chunk's included.
    Chunk(u64, u64),
    /// The CRLF behind a chunk, after so many bytes of body.
    ChunkEnd(u64),
    Trailers,
    Nothing(BadRequest),
}

impl RequestParser {
    /// A parser that allows so many bytes of body.
    pub fn new(max_body: u64) -> Self {
        Self {
            max_body,
            buffer: Vec::new(),
            state: State::Head,
        }
    }

    /// Adds bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next event; `None` when more bytes are needed.
    #[expect(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Option<Event>, BadRequest> {
        let event = self.step();
        if let Err(bad) = event {
            self.state = State::Nothing(bad);
        }
        event
    }

    /// Takes everything up to and including `end` from the buffer, if it is there; 431 if it can't come
    /// within `MAX_HEAD` bytes.
    fn take_until(&mut self, end: &[u8]) -> Result<Option<Vec<u8>>, BadRequest> {
        todo!("step 1: where does `end` end in the buffer?")
    }

    /// Takes at most `n` bytes from the buffer.
    fn take_up_to(&mut self, n: u64) -> Vec<u8> {
        let n = n.min(self.buffer.len() as u64) as usize;
        self.buffer.drain(..n).collect()
    }

    /// Goes through the states until there is an event.
    fn step(&mut self) -> Result<Option<Event>, BadRequest> {
        todo!("step 2: loop over self.state: Head (steps 3 to 5), Body, chunks (step 6), trailers")
    }
}

/// Reads a head, whose last four bytes are CRLF CRLF.
fn parse_head(block: &[u8]) -> Result<Head, BadRequest> {
    todo!("step 3: split the lines, read the request line and the fields, look for Host")
}

/// Reads a line `name: value`, given without its CRLF.
fn parse_field(line: &[u8]) -> Result<Header, BadRequest> {
    todo!("step 4: split at the first colon; check both sides")
}

/// What follows a head.
fn framing(head: &Head, max_body: u64) -> Result<State, BadRequest> {
    todo!("step 5: no body, one of a known length, or chunks?")
}

/// Reads the line of a chunk's size, given without its CRLF.
fn chunk_size(line: &[u8]) -> Result<u64, BadRequest> {
    todo!("step 6: what stands before the first `;`, in hexadecimal digits and nothing else")
}

/// Given: whether these bytes are a token (RFC 9110, 5.6.2).
fn is_token(bytes: &[u8]) -> bool {
    let good = |b: &u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(b);
    !bytes.is_empty() && bytes.iter().all(good)
}

/// Given: bytes as text; whatever is not UTF-8 becomes a replacement character.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Given: where `part` starts in `bytes`.
fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests;
