//! # WebSocket frames and messages
//!
//! After the handshake both sides speak frames: a few bytes of header, then the payload. A message may
//! be cut into several frames, and pings come in between. A client masks what it sends, so that no proxy
//! mistakes its bytes for HTTP; the server must refuse what isn't masked, and never masks.
//!
//! Write `encode`, and `MessageReader` for the server's side, after RFC 6455, section 5.
//!
//! 1. `encode` writes a frame: FIN and opcode, the length in its shortest form (7 bits, 126 and 2
//!    bytes, 127 and 8 bytes, the most significant first), the mask if there is one, and the payload,
//!    each byte XORed with the mask's byte at the same position modulo 4.
//! 2. `next` gives one message after the other, and `None` when it needs more bytes. A message is a text or
//!    binary frame without FIN, any number of continuation frames, the last with FIN; or one frame with FIN.
//! 3. Ping, pong and close may stand between the frames of a message and are given at once.
//! 4. These give 1002: no mask; a reserved bit; an unknown opcode; a length that is not the shortest, or
//!    has its top bit set; a control frame without FIN or of more than 125 bytes; a continuation of
//!    nothing; a new message within one; a close payload of 1 byte, or with a code other than
//!    1000-1003, 1007-1014 and 3000-4999 (7.4).
//! 5. A text, or the reason of a close, that is not UTF-8 gives 1007. A character may be cut by the
//!    border of two frames.
//! 6. A message of more than `max` bytes gives 1009, as soon as a header announces it. After an error
//!    there is only that error; after a close there is nothing.
//!
//! An example: `81 85 37 fa 21 3d 7f 9f 4d 51 58` is the text `Hello`, masked with `37 fa 21 3d`.
//!
//! How it is judged: the examples of section 5.7; conversations of the crate `tungstenite`, in both
//! directions and cut anywhere; each violation on its own; 20,000 damaged streams.

pub const CONTINUATION: u8 = 0;
pub const TEXT: u8 = 1;
pub const BINARY: u8 = 2;
pub const CLOSE: u8 = 8;
pub const PING: u8 = 9;
pub const PONG: u8 = 10;

/// A frame, its payload not masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub fin: bool,
    pub opcode: u8,
    pub payload: Vec<u8>,
}

/// What a client has said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incoming {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    /// Code and reason, if there are any.
    Close(Option<(u16, String)>),
}

/// The code to close with, because of what the client did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseCode(pub u16);

pub const PROTOCOL_ERROR: CloseCode = CloseCode(1002);
pub const NOT_UTF8: CloseCode = CloseCode(1007);
pub const TOO_BIG: CloseCode = CloseCode(1009);

/// The bytes of a frame, masked if there is a mask.
pub fn encode(frame: &Frame, mask: Option<[u8; 4]>) -> Vec<u8> {
    todo!("step 1: the header, the mask, the payload")
}

/// Reads a client's messages from bytes that come in any pieces.
pub struct MessageReader {
    max: usize,
    buffer: Vec<u8>,
    /// The opcode and the payload until now of a message that has started.
    message: Option<(u8, Vec<u8>)>,
    end: Option<Result<(), CloseCode>>,
}

/// The start of a frame from a client.
struct Header {
    fin: bool,
    opcode: u8,
    /// Where the payload starts.
    size: usize,
    len: u64,
    mask: [u8; 4],
}

/// Reads a header; `None` when more bytes are needed.
fn parse_header(bytes: &[u8]) -> Result<Option<Header>, CloseCode> {
    todo!("step 2: the two first bytes, the length, the mask, and all that rule 4 says of them")
}

impl MessageReader {
    /// A reader for messages of at most `max` bytes.
    pub fn new(max: usize) -> Self {
        Self {
            max,
            buffer: Vec::new(),
            message: None,
            end: None,
        }
    }

    /// Adds bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next thing that the client has said; `None` when more bytes are needed.
    #[expect(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Option<Incoming>, CloseCode> {
        if let Some(end) = self.end {
            return end.map(|()| None);
        }
        let result = self.step();
        self.end = match &result {
            Err(code) => Some(Err(*code)),
            Ok(Some(Incoming::Close(_))) => Some(Ok(())),
            Ok(_) => None,
        };
        result
    }

    /// Given: takes frames until one of them completes something.
    fn step(&mut self) -> Result<Option<Incoming>, CloseCode> {
        while let Some(frame) = self.take_frame()? {
            if let Some(incoming) = self.accept(frame)? {
                return Ok(Some(incoming));
            }
        }
        Ok(None)
    }

    /// Takes a frame out of the buffer, if all of it is there.
    fn take_frame(&mut self) -> Result<Option<Frame>, CloseCode> {
        todo!("step 3: the header, the limit, the payload without its mask")
    }

    /// What a frame completes, if anything.
    fn accept(&mut self, frame: Frame) -> Result<Option<Incoming>, CloseCode> {
        todo!("step 4: control frames, the start of a message, its continuation, its end")
    }
}

/// Reads the payload of a close frame.
fn parse_close(payload: Vec<u8>) -> Result<Incoming, CloseCode> {
    todo!("step 5: nothing, or a code and a reason")
}

#[cfg(test)]
mod tests;
