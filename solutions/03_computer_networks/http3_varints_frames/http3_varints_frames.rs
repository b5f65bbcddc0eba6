//! # HTTP/3: frames on QUIC streams
//!
//! In HTTP/3 each request has a QUIC stream of its own, and each side has one control stream.
//! On all of them are frames: a type, a length and a payload. QUIC delivers the octets of a
//! stream in order, but in pieces that end anywhere, and the payload may be gigabytes.
//!
//! Write the reader of a server for one such stream. Types and lengths are QUIC's
//! variable-length integers.
//!
//! ```text
//! request stream     DATA 0, HEADERS 1
//! control stream     CANCEL_PUSH 3, SETTINGS 4, GOAWAY 7, MAX_PUSH_ID 13
//! on neither         PUSH_PROMISE 5, and of HTTP/2: 2, 6, 8, 9
//! ```
//!
//! 1. `feed` takes the next octets and gives the events in them, wherever the pieces end. DATA is
//!    handed on as it comes, in as many events as you like.
//! 2. A frame that has no place where it stands is `FrameUnexpected`: a type of the other list
//!    or of the last one, DATA before HEADERS, DATA or a third HEADERS after trailers (the
//!    second HEADERS), a second SETTINGS. On the control stream anything but SETTINGS as the
//!    first frame is `MissingSettings`.
//! 3. All other types are skipped, on both streams and as they come: nothing of them is kept.
//!    HEADERS and the frames of a control stream are kept until they are complete; more than
//!    `MAX_KEPT` octets are `ExcessiveLoad`, as soon as the length is known.
//! 4. A payload is exactly its fields: one integer, or for SETTINGS any number of pairs of
//!    integers. Less or more is `FrameError`. A setting twice, or one of HTTP/2 (2, 3, 4, 5),
//!    is `SettingsError`.
//! 5. HEADERS hold a field section of QPACK. We offer no dynamic table, so what refers to one,
//!    and what cannot be decoded, is `QpackDecompressionFailed`. See `read_fields` for the
//!    format.
//! 6. `finish` says whether the stream may end here: inside a frame it is `FrameError`, before
//!    the HEADERS `RequestIncomplete`, and on the control stream always `ClosedCriticalStream`.
//!
//! An example: on a request stream `1 3 0 0 209`, then `0 2 h i` is `Headers([(":method",
//! "GET")])` and `Data("hi")`: 209 is 0xc0 + 17, entry 17 of the static table.
//!
//! How it is judged: each script of frames in one piece, octet by octet and cut at each place;
//! each error by its name; field sections of RFC 9204 and of another implementation; frames of
//! 2^62 - 1 octets, and memory counted; 3,000 scripts with random damage.

/// What a stream says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Headers(Vec<Field>),
    Data(Vec<u8>),
    Trailers(Vec<Field>),
    /// Pairs of an identifier and a value, as they come.
    Settings(Vec<(u64, u64)>),
    CancelPush(u64),
    GoAway(u64),
    MaxPushId(u64),
}

/// A name and a value.
pub type Field = (Vec<u8>, Vec<u8>);

/// Why the connection must be closed, with the codes of RFC 9114, section 8.1, and RFC 9204,
/// section 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum H3Error {
    ClosedCriticalStream = 0x0104,
    FrameUnexpected = 0x0105,
    FrameError = 0x0106,
    ExcessiveLoad = 0x0107,
    SettingsError = 0x0109,
    MissingSettings = 0x010a,
    RequestIncomplete = 0x010d,
    QpackDecompressionFailed = 0x0200,
}
use H3Error::*;
use loona_hpack::huffman::HuffmanDecoder;

/// The largest payload that is kept until it is complete.
pub const MAX_KEPT: u64 = 16_384;

const DATA: u64 = 0;
const HEADERS: u64 = 1;
const CANCEL_PUSH: u64 = 3;
const SETTINGS: u64 = 4;
const PUSH_PROMISE: u64 = 5;
const GOAWAY: u64 = 7;
const MAX_PUSH_ID: u64 = 13;

/// What may come next on a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// A request stream before its HEADERS.
    Start,
    /// Behind the HEADERS: DATA or trailers.
    Body,
    /// Behind the trailers.
    Done,
    /// A control stream before its SETTINGS.
    ControlStart,
    /// Behind the SETTINGS.
    Control,
}

/// Reads one stream from the other side.
pub struct H3Reader {
    stage: Stage,
    /// The type of the frame at hand, and how much of its payload is still to come.
    frame: Option<(u64, u64)>,
    /// Without a frame at hand: the octets of the next one's type and length. Else: its
    /// payload, if it is kept.
    kept: Vec<u8>,
}

impl H3Reader {
    /// For a stream with a request.
    pub fn request() -> Self {
        Self::at(Stage::Start)
    }

    /// For a control stream, behind its stream type.
    pub fn control() -> Self {
        Self::at(Stage::ControlStart)
    }

    fn at(stage: Stage) -> Self {
        Self {
            stage,
            frame: None,
            kept: Vec::new(),
        }
    }

    /// May a frame of this type and length stand here?
    fn check(&self, kind: u64, length: u64) -> Result<(), H3Error> {
        match (self.stage, kind) {
            (Stage::ControlStart, SETTINGS) => {}
            (Stage::ControlStart, _) => return Err(MissingSettings),
            (Stage::Control, CANCEL_PUSH | GOAWAY | MAX_PUSH_ID) => {}
            (Stage::Start | Stage::Body, HEADERS) => {}
            (Stage::Body, DATA) => return Ok(()),
            (_, 0..=9 | MAX_PUSH_ID) => return Err(FrameUnexpected),
            _ => return Ok(()),
        }
        if length > MAX_KEPT {
            return Err(ExcessiveLoad);
        }
        Ok(())
    }

    /// The event of a frame that is kept and complete; its payload is in `kept`.
    fn complete(&mut self, kind: u64) -> Result<Event, H3Error> {
        let mut payload = &self.kept[..];
        if kind == HEADERS {
            let fields = read_fields(payload).ok_or(QpackDecompressionFailed)?;
            if self.stage == Stage::Start {
                self.stage = Stage::Body;
                return Ok(Event::Headers(fields));
            }
            self.stage = Stage::Done;
            return Ok(Event::Trailers(fields));
        }
        if kind == SETTINGS {
            self.stage = Stage::Control;
            let mut settings: Vec<(u64, u64)> = Vec::new();
            while !payload.is_empty() {
                let id = varint(&mut payload).ok_or(FrameError)?;
                let value = varint(&mut payload).ok_or(FrameError)?;
                if (2..=5).contains(&id) || settings.iter().any(|(other, _)| *other == id) {
                    return Err(SettingsError);
                }
                settings.push((id, value));
            }
            return Ok(Event::Settings(settings));
        }
        let id = varint(&mut payload).ok_or(FrameError)?;
        if !payload.is_empty() {
            return Err(FrameError);
        }
        Ok(match kind {
            CANCEL_PUSH => Event::CancelPush(id),
            GOAWAY => Event::GoAway(id),
            _ => Event::MaxPushId(id),
        })
    }

    /// Takes the next octets of the stream and gives what is complete with them.
    pub fn feed(&mut self, mut octets: &[u8]) -> Result<Vec<Event>, H3Error> {
        let mut events = Vec::new();
        while !octets.is_empty() {
            let (kind, left) = match self.frame {
                Some(frame) => frame,
                None => {
                    self.kept.push(octets[0]);
                    octets = &octets[1..];
                    let mut head = &self.kept[..];
                    let (Some(kind), Some(length)) = (varint(&mut head), varint(&mut head)) else {
                        continue;
                    };
                    self.check(kind, length)?;
                    self.kept.clear();
                    (kind, length)
                }
            };
            let (part, rest) = octets.split_at(octets.len().min(left as usize));
            let left = left - part.len() as u64;
            octets = rest;
            self.frame = (left > 0).then_some((kind, left));
            match kind {
                DATA => events.push(Event::Data(part.to_vec())),
                HEADERS | CANCEL_PUSH | SETTINGS | GOAWAY | MAX_PUSH_ID => {
                    self.kept.extend(part);
                    if left == 0 {
                        let event = self.complete(kind)?;
                        self.kept.clear();
                        events.push(event);
                    }
                }
                _ => {}
            }
        }
        Ok(events)
    }

    /// The other side has closed the stream. May it?
    pub fn finish(&self) -> Result<(), H3Error> {
        match self.stage {
            Stage::ControlStart | Stage::Control => Err(ClosedCriticalStream),
            _ if self.frame.is_some() || !self.kept.is_empty() => Err(FrameError),
            Stage::Start => Err(RequestIncomplete),
            Stage::Body | Stage::Done => Ok(()),
        }
    }
}

/// Reads a field section (RFC 9204, section 4.5). Before its lines stand two integers, with
/// prefixes of 8 and 7 bits: the number of insertions into the dynamic table that it requires,
/// which must be 0, and a base that then does not matter. Each line starts with a pattern of
/// bits; `n` is a flag for intermediaries.
///
/// ```text
/// 1 1 index(6)                       a field of the static table
/// 0 1 n 1 index(4), value(7)         a name of the static table, and a value
/// 0 0 1 n name(3), value(7)          a name and a value
/// ```
///
/// `index(6)` is an integer with a prefix of 6 bits; `name(3)` a string whose first octet has a
/// flag above the 3 bits of its length. All other patterns refer to the dynamic table.
fn read_fields(mut section: &[u8]) -> Option<Vec<Field>> {
    let section = &mut section;
    let required = integer(section, 8)?;
    integer(section, 7)?;
    if required != 0 {
        return None;
    }
    let mut fields = Vec::new();
    while let Some(&first) = section.first() {
        let field = match first {
            0xc0.. => {
                let (name, value) = static_entry(integer(section, 6)?)?;
                (name.into(), value.into())
            }
            0x50..=0x5f | 0x70..=0x7f => {
                let (name, _) = static_entry(integer(section, 4)?)?;
                (name.into(), string(section, 7)?)
            }
            0x20..=0x3f => (string(section, 3)?, string(section, 7)?),
            _ => return None,
        };
        fields.push(field);
    }
    Some(fields)
}

/// Given: reads a variable-length integer and moves the slice behind it; `None`, and no move,
/// if it is not complete.
fn varint(octets: &mut &[u8]) -> Option<u64> {
    let first = *octets.first()?;
    let len = 1 << (first >> 6);
    let rest = octets.get(1..len)?;
    *octets = &octets[len..];
    let high = u64::from(first & 0x3f);
    Some(rest.iter().fold(high, |v, o| (v << 8) + u64::from(*o)))
}

/// Given: reads an integer with a prefix of `bits` bits (RFC 7541, section 5.1) and moves the
/// slice behind it.
fn integer(octets: &mut &[u8], bits: u32) -> Option<u64> {
    let max = (1 << bits) - 1;
    let (&first, mut rest) = octets.split_first()?;
    let mut value = u64::from(first) & max;
    let mut shift = 0;
    let mut more = value == max;
    while more {
        let (&next, behind) = rest.split_first()?;
        rest = behind;
        value += u64::from(next & 0x7f) << shift;
        shift += 7;
        more = next & 0x80 != 0;
        if shift > 49 {
            return None;
        }
    }
    *octets = rest;
    Some(value)
}

/// Given: reads a string whose length has a prefix of `bits` bits, below a flag that says
/// whether it is Huffman-coded.
fn string(octets: &mut &[u8], bits: u32) -> Option<Vec<u8>> {
    let huffman = octets.first()? >> bits & 1 == 1;
    let length = usize::try_from(integer(octets, bits)?).ok()?;
    let (string, rest) = octets.split_at_checked(length)?;
    *octets = rest;
    match huffman {
        true => HuffmanDecoder::new().decode(string).ok(),
        false => Some(string.to_vec()),
    }
}

/// Given: an entry of QPACK's static table.
fn static_entry(index: u64) -> Option<(&'static str, &'static str)> {
    let index = usize::try_from(index).ok()?;
    STATIC_TABLE.split('|').nth(index)?.split_once('=')
}

/// Given: the static table of RFC 9204, appendix A, from index 0 on.
const STATIC_TABLE: &str = "\
    :authority=|:path=/|age=0|content-disposition=|content-length=0|cookie=|date=|etag=|\
    if-modified-since=|if-none-match=|last-modified=|link=|location=|referer=|set-cookie=|\
    :method=CONNECT|:method=DELETE|:method=GET|:method=HEAD|:method=OPTIONS|:method=POST|\
    :method=PUT|:scheme=http|:scheme=https|:status=103|:status=200|:status=304|:status=404|\
    :status=503|accept=*/*|accept=application/dns-message|accept-encoding=gzip, deflate, br|\
    accept-ranges=bytes|access-control-allow-headers=cache-control|\
    access-control-allow-headers=content-type|access-control-allow-origin=*|\
    cache-control=max-age=0|cache-control=max-age=2592000|cache-control=max-age=604800|\
    cache-control=no-cache|cache-control=no-store|cache-control=public, max-age=31536000|\
    content-encoding=br|content-encoding=gzip|content-type=application/dns-message|\
    content-type=application/javascript|content-type=application/json|\
    content-type=application/x-www-form-urlencoded|content-type=image/gif|\
    content-type=image/jpeg|content-type=image/png|content-type=text/css|\
    content-type=text/html; charset=utf-8|content-type=text/plain|\
    content-type=text/plain;charset=utf-8|range=bytes=0-|\
    strict-transport-security=max-age=31536000|\
    strict-transport-security=max-age=31536000; includesubdomains|\
    strict-transport-security=max-age=31536000; includesubdomains; preload|\
    vary=accept-encoding|vary=origin|x-content-type-options=nosniff|\
    x-xss-protection=1; mode=block|:status=100|:status=204|:status=206|:status=302|\
    :status=400|:status=403|:status=421|:status=425|:status=500|accept-language=|\
    access-control-allow-credentials=FALSE|access-control-allow-credentials=TRUE|\
    access-control-allow-headers=*|access-control-allow-methods=get|\
    access-control-allow-methods=get, post, options|access-control-allow-methods=options|\
    access-control-expose-headers=content-length|\
    access-control-request-headers=content-type|access-control-request-method=get|\
    access-control-request-method=post|alt-svc=clear|authorization=|\
    content-security-policy=script-src 'none'; object-src 'none'; base-uri 'none'|\
    early-data=1|expect-ct=|forwarded=|if-range=|origin=|purpose=prefetch|server=|\
    timing-allow-origin=*|upgrade-insecure-requests=1|user-agent=|x-forwarded-for=|\
    x-frame-options=deny|x-frame-options=sameorigin\
    ";

#[cfg(test)]
mod tests;
