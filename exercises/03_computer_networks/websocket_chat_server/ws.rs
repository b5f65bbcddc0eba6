//! The handshake and the frames of the exercises `websocket_handshake` and `websocket_frames`.

use base64::{Engine, prelude::BASE64_STANDARD};
use sha1::{Digest, Sha1};

use crate::http::Head;

/// A response without a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
}

/// What the key is hashed with.
pub const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The answer to a key.
pub fn accept_key(key: &str) -> String {
    BASE64_STANDARD.encode(Sha1::digest(format!("{key}{GUID}")))
}

/// The answer to a request: `Ok` for 101, `Err` for a refusal.
pub fn upgrade(head: &Head, protocols: &[&str]) -> Result<Response, Response> {
    let mut headers = vec![
        ("Upgrade", "websocket".to_string()),
        ("Connection", "Upgrade".to_string()),
    ];
    let version_13 = head.values("sec-websocket-version").eq(["13"]);
    if !lists(head, "upgrade", "websocket") || !version_13 {
        headers.push(("Sec-WebSocket-Version", "13".to_string()));
        return Err(Response {
            status: 426,
            headers,
        });
    }
    let keys: Vec<&str> = head.values("sec-websocket-key").collect();
    let key = match keys.as_slice() {
        [key] if BASE64_STANDARD.decode(key).is_ok_and(|key| key.len() == 16) => *key,
        _ => return Err(BAD),
    };
    if head.method != "GET" || head.minor != 1 || !lists(head, "connection", "upgrade") {
        return Err(BAD);
    }
    headers.push(("Sec-WebSocket-Accept", accept_key(key)));
    let known = |name: &&str| protocols.contains(name);
    if let Some(protocol) = elements(head, "sec-websocket-protocol").find(known) {
        headers.push(("Sec-WebSocket-Protocol", protocol.to_string()));
    }
    Ok(Response {
        status: 101,
        headers,
    })
}

const BAD: Response = Response {
    status: 400,
    headers: Vec::new(),
};

/// The elements of a list, which may stand in several fields.
fn elements<'a>(head: &'a Head, name: &'a str) -> impl Iterator<Item = &'a str> {
    head.values(name)
        .flat_map(|value| value.split(','))
        .map(str::trim)
}

/// Whether a word is in a list, in any case of letters.
fn lists(head: &Head, name: &str, word: &str) -> bool {
    elements(head, name).any(|element| element.eq_ignore_ascii_case(word))
}

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
    let masked = if mask.is_some() { 0x80 } else { 0 };
    let mut bytes = vec![u8::from(frame.fin) << 7 | frame.opcode];
    match frame.payload.len() {
        len @ ..126 => bytes.push(masked + len as u8),
        len @ ..0x1_0000 => {
            bytes.push(masked + 126);
            bytes.extend((len as u16).to_be_bytes());
        }
        len => {
            bytes.push(masked + 127);
            bytes.extend((len as u64).to_be_bytes());
        }
    }
    match mask {
        None => bytes.extend_from_slice(&frame.payload),
        Some(mask) => {
            bytes.extend(mask);
            bytes.extend(apply(mask, &frame.payload));
        }
    }
    bytes
}

/// Masks a payload, or takes the mask off.
fn apply(mask: [u8; 4], payload: &[u8]) -> impl Iterator<Item = u8> {
    payload
        .iter()
        .zip(mask.into_iter().cycle())
        .map(|(byte, mask)| byte ^ mask)
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
    let &[first, second, ref rest @ ..] = bytes else {
        return Ok(None);
    };
    let (fin, opcode, short) = (first & 0x80 != 0, first & 0x0f, second & 0x7f);
    let reserved = first & 0x70 != 0;
    let masked = second & 0x80 != 0;
    let known = matches!(opcode, CONTINUATION | TEXT | BINARY | CLOSE | PING | PONG);
    let long_control = opcode >= CLOSE && (!fin || short > 125);
    if reserved || !masked || !known || long_control {
        return Err(PROTOCOL_ERROR);
    }
    let long = match short {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    let Some((extended, rest)) = rest.split_at_checked(long) else {
        return Ok(None);
    };
    let extended = extended
        .iter()
        .fold(0, |n, &byte| (n << 8) + u64::from(byte));
    let (len, least) = match short {
        126 => (extended, 126),
        127 => (extended, 0x1_0000),
        _ => (u64::from(short), 0),
    };
    if len < least || len > i64::MAX as u64 {
        return Err(PROTOCOL_ERROR);
    }
    let Some(&mask) = rest.first_chunk() else {
        return Ok(None);
    };
    Ok(Some(Header {
        fin,
        opcode,
        size: 2 + long + mask.len(),
        len,
        mask,
    }))
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

    /// takes frames until one of them completes something.
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
        let Some(header) = parse_header(&self.buffer)? else {
            return Ok(None);
        };
        if header.opcode < CLOSE {
            let kept = self.message.as_ref().map_or(0, |(_, kept)| kept.len());
            if header.len > (self.max - kept) as u64 {
                return Err(TOO_BIG);
            }
        }
        let end = header.size + header.len as usize;
        if self.buffer.len() < end {
            return Ok(None);
        }
        let payload = apply(header.mask, &self.buffer[header.size..end]).collect();
        self.buffer.drain(..end);
        Ok(Some(Frame {
            fin: header.fin,
            opcode: header.opcode,
            payload,
        }))
    }

    /// What a frame completes, if anything.
    fn accept(&mut self, frame: Frame) -> Result<Option<Incoming>, CloseCode> {
        let (opcode, payload) = match (frame.opcode, self.message.take()) {
            (CONTINUATION, Some((opcode, mut kept))) => {
                kept.extend(frame.payload);
                (opcode, kept)
            }
            (TEXT | BINARY, None) => (frame.opcode, frame.payload),
            (CONTINUATION, None) | (TEXT | BINARY, Some(_)) => return Err(PROTOCOL_ERROR),
            (control, message) => {
                self.message = message;
                return match control {
                    PING => Ok(Some(Incoming::Ping(frame.payload))),
                    PONG => Ok(Some(Incoming::Pong(frame.payload))),
                    _ => parse_close(frame.payload).map(Some),
                };
            }
        };
        if !frame.fin {
            self.message = Some((opcode, payload));
            return Ok(None);
        }
        match opcode {
            TEXT => match String::from_utf8(payload) {
                Ok(text) => Ok(Some(Incoming::Text(text))),
                Err(_) => Err(NOT_UTF8),
            },
            _ => Ok(Some(Incoming::Binary(payload))),
        }
    }
}

/// Reads the payload of a close frame.
fn parse_close(payload: Vec<u8>) -> Result<Incoming, CloseCode> {
    let (code, reason) = match payload.as_slice() {
        [] => return Ok(Incoming::Close(None)),
        [_] => return Err(PROTOCOL_ERROR),
        [high, low, reason @ ..] => (u16::from_be_bytes([*high, *low]), reason),
    };
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(PROTOCOL_ERROR);
    }
    match std::str::from_utf8(reason) {
        Ok(reason) => Ok(Incoming::Close(Some((code, reason.to_string())))),
        Err(_) => Err(NOT_UTF8),
    }
}
