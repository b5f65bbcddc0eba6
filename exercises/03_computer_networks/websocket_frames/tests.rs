use super::*;
use loopback::{Scripted, assert_bytes, cuts, show};
use seeded::Rng;
use tungstenite::protocol::frame::coding::{Data, OpCode};
use tungstenite::protocol::{Role, WebSocket};
use tungstenite::{Error, Message};

const MAX: usize = 100_000;
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

fn frame(fin: bool, opcode: u8, payload: &[u8]) -> Frame {
    Frame {
        fin,
        opcode,
        payload: payload.to_vec(),
    }
}

/// A client's frame with any first two bytes and extended length; masked, whatever they say.
fn raw(first: u8, second: u8, extended: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut bytes = [&[first, second], extended, &MASK].concat();
    bytes.extend(
        payload
            .iter()
            .enumerate()
            .map(|(i, byte)| byte ^ MASK[i % 4]),
    );
    bytes
}

/// A client's frame with a payload of less than 126 bytes.
fn short(fin: bool, opcode: u8, payload: &[u8]) -> Vec<u8> {
    let first = if fin { 0x80 | opcode } else { opcode };
    raw(first, 0x80 | payload.len() as u8, &[], payload)
}

/// Everything that a reader gives for these pieces, and its error.
#[track_caller]
fn read(pieces: &[Vec<u8>]) -> (Vec<Incoming>, Option<CloseCode>) {
    let mut reader = MessageReader::new(MAX);
    let mut came = Vec::new();
    for piece in pieces {
        reader.feed(piece);
        loop {
            match reader.next() {
                Ok(Some(incoming)) => came.push(incoming),
                Ok(None) => break,
                Err(code) => return (came, Some(code)),
            }
            assert!(came.len() < 10_000, "next gives messages without an end");
        }
    }
    (came, None)
}

/// The bytes have to give this, however they are cut.
#[track_caller]
fn accept(what: &str, bytes: &[u8], expected: &[Incoming]) {
    for cut in cuts(bytes) {
        let came = read(&cut.pieces);
        assert!(
            came == (expected.to_vec(), None),
            "{what}: {}, {cut}\n  expected: {expected:?}\n  came:     {came:?}",
            show(bytes)
        );
    }
}

/// The bytes have to give this error, however they are cut.
#[track_caller]
fn refuse(what: &str, bytes: &[u8], expected: CloseCode) {
    for cut in cuts(bytes) {
        let (before, came) = read(&cut.pieces);
        assert!(
            came == Some(expected),
            "{what}: {}, {cut}\n  expected {expected:?}, but {came:?} came, after {before:?}",
            show(bytes)
        );
    }
}

fn text(text: &str) -> Incoming {
    Incoming::Text(text.into())
}

#[test]
fn the_servers_frames_of_the_rfc_are_written() {
    // RFC 6455, 5.7; the server's frames are not masked.
    let hello = b"Hello";
    for (frame, expected) in [
        (frame(true, TEXT, hello), "81 05 48 65 6c 6c 6f"),
        (frame(false, TEXT, b"Hel"), "01 03 48 65 6c"),
        (frame(true, CONTINUATION, b"lo"), "80 02 6c 6f"),
        (frame(true, PING, hello), "89 05 48 65 6c 6c 6f"),
    ] {
        assert_bytes(&encode(&frame, None), &hex(expected), &format!("{frame:?}"));
    }
}

#[test]
fn the_clients_frames_of_the_rfc_are_written() {
    for (opcode, expected) in [
        (TEXT, "81 85 37 fa 21 3d 7f 9f 4d 51 58"),
        (PONG, "8a 85 37 fa 21 3d 7f 9f 4d 51 58"),
    ] {
        assert_bytes(
            &encode(&frame(true, opcode, b"Hello"), Some(MASK)),
            &hex(expected),
            &format!("Hello with the opcode {opcode} and a mask"),
        );
    }
}

fn hex(numbers: &str) -> Vec<u8> {
    numbers
        .split(' ')
        .map(|number| u8::from_str_radix(number, 16).expect("a number"))
        .collect()
}

#[test]
fn a_length_is_written_in_its_shortest_form() {
    for (len, start) in [
        (0, "82 00"),
        (125, "82 7d"),
        (126, "82 7e 00 7e"),
        (256, "82 7e 01 00"),
        (65_535, "82 7e ff ff"),
        (65_536, "82 7f 00 00 00 00 00 01 00 00"),
        (70_000, "82 7f 00 00 00 00 00 01 11 70"),
    ] {
        let payload = vec![7; len];
        let expected = [hex(start), payload.clone()].concat();
        let bytes = encode(&frame(true, BINARY, &payload), None);
        assert_bytes(&bytes, &expected, &format!("a binary frame of {len} bytes"));
        let masked = encode(&frame(true, BINARY, &payload), Some(MASK));
        let mut start = hex(start);
        start[1] |= 0x80;
        assert_bytes(
            &masked[..start.len()],
            &start,
            &format!("the start of a masked binary frame of {len} bytes"),
        );
    }
}

#[test]
fn the_frames_of_the_rfc_are_read() {
    let hello = hex("81 85 37 fa 21 3d 7f 9f 4d 51 58");
    accept("a masked text", &hello, &[text("Hello")]);
    let mut pong = hello.clone();
    pong[0] = 0x8a;
    accept("a masked pong", &pong, &[Incoming::Pong(b"Hello".to_vec())]);
    let two = [hello.clone(), hello].concat();
    accept(
        "two texts in one piece",
        &two,
        &[text("Hello"), text("Hello")],
    );
    accept("an empty text", &short(true, TEXT, b""), &[text("")]);
    accept(
        "bytes that are no text",
        &short(true, BINARY, &[0xff, 0]),
        &[Incoming::Binary(vec![0xff, 0])],
    );
}

#[test]
fn every_form_of_length_is_read() {
    for len in [125, 126, 127, 128, 256, 65_535, 65_536, 70_000] {
        let payload: Vec<u8> = (0..len).map(|i| (i % 251) as u8).collect();
        let second = |n: u8| 0x80 | n;
        let bytes = match len {
            ..126 => short(true, BINARY, &payload),
            126..65_536 => raw(0x82, second(126), &(len as u16).to_be_bytes(), &payload),
            _ => raw(0x82, second(127), &(len as u64).to_be_bytes(), &payload),
        };
        for at in [1, 2, 3, 5, 9, 13, 15, 21, bytes.len() / 2 + 1] {
            let (head, tail) = bytes.split_at(at);
            let (came, error) = read(&[head.to_vec(), tail.to_vec()]);
            let [Incoming::Binary(came)] = came.as_slice() else {
                panic!("a binary frame of {len} bytes, cut after {at}: {error:?}");
            };
            assert_bytes(
                came,
                &payload,
                &format!("a binary frame of {len} bytes, cut after {at}"),
            );
        }
    }
}

#[test]
fn fragments_become_one_message() {
    let bytes = [
        short(false, TEXT, b"Hel"),
        short(false, CONTINUATION, b""),
        short(false, CONTINUATION, b"lo, "),
        short(true, CONTINUATION, b"you"),
        short(false, BINARY, &[1, 2]),
        short(true, CONTINUATION, &[3]),
        short(true, TEXT, b"end"),
    ];
    accept(
        "three messages in seven frames",
        &bytes.concat(),
        &[
            text("Hello, you"),
            Incoming::Binary(vec![1, 2, 3]),
            text("end"),
        ],
    );
}

#[test]
fn control_frames_come_through_between_fragments() {
    let bytes = [
        short(false, TEXT, b"Hel"),
        short(true, PING, b"1"),
        short(false, CONTINUATION, b"l"),
        short(true, PONG, &[0xff; 125]),
        short(true, CONTINUATION, b"o"),
    ];
    accept(
        "a ping and a pong between three fragments",
        &bytes.concat(),
        &[
            Incoming::Ping(b"1".to_vec()),
            Incoming::Pong(vec![0xff; 125]),
            text("Hello"),
        ],
    );
    let (came, _) = read(&bytes[..2]);
    assert_eq!(
        came,
        [Incoming::Ping(b"1".to_vec())],
        "a fragment and a ping have come: the ping is given at once"
    );
    let bytes = [short(false, TEXT, b"Hel"), short(true, CLOSE, b"")];
    accept(
        "a close between fragments",
        &bytes.concat(),
        &[Incoming::Close(None)],
    );
}

#[test]
fn a_close_may_have_a_code_and_a_reason() {
    accept(
        "a close",
        &short(true, CLOSE, b""),
        &[Incoming::Close(None)],
    );
    for code in [1000_u16, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999] {
        let payload = [&code.to_be_bytes()[..], "tschüß".as_bytes()].concat();
        accept(
            "a close with a code",
            &short(true, CLOSE, &payload),
            &[Incoming::Close(Some((code, "tschüß".into())))],
        );
    }
    let bytes = [short(true, CLOSE, &[3, 0xe8]), short(true, TEXT, b"more")];
    accept(
        "a close without a reason, and a text behind it that nobody reads",
        &bytes.concat(),
        &[Incoming::Close(Some((1000, String::new())))],
    );
}

#[test]
fn a_close_of_one_byte_or_with_a_forbidden_code_is_a_violation() {
    refuse(
        "a close of 1 byte",
        &short(true, CLOSE, &[3]),
        PROTOCOL_ERROR,
    );
    for code in [
        0_u16, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65_535,
    ] {
        refuse(
            &format!("a close with the code {code}"),
            &short(true, CLOSE, &code.to_be_bytes()),
            PROTOCOL_ERROR,
        );
    }
}

#[test]
fn a_frame_without_a_mask_is_a_violation() {
    for bytes in ["81 05 48 65 6c 6c 6f", "89 00", "88 00"] {
        refuse("a frame without a mask", &hex(bytes), PROTOCOL_ERROR);
    }
}

#[test]
fn reserved_bits_and_opcodes_are_violations() {
    for bit in [0x40, 0x20, 0x10] {
        let bytes = raw(0x81 | bit, 0x80, &[], b"");
        refuse("a text with a reserved bit", &bytes, PROTOCOL_ERROR);
    }
    for opcode in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
        refuse(
            "an opcode that is reserved",
            &short(true, opcode, b""),
            PROTOCOL_ERROR,
        );
    }
}

#[test]
fn a_control_frame_is_short_and_whole() {
    for opcode in [CLOSE, PING, PONG] {
        let bytes = short(false, opcode, b"");
        refuse("a control frame without FIN", &bytes, PROTOCOL_ERROR);
        let bytes = raw(0x80 | opcode, 0x80 | 126, &[0, 126], &[b'x'; 126]);
        refuse("a control frame of 126 bytes", &bytes, PROTOCOL_ERROR);
    }
}

#[test]
fn a_length_in_a_longer_form_than_needed_is_a_violation() {
    for (form, extended) in [
        (126, &[0, 5][..]),
        (126, &[0, 125]),
        (127, &[0, 0, 0, 0, 0, 0, 0, 5]),
        (127, &[0, 0, 0, 0, 0, 0, 0xff, 0xff]),
        (127, &[0x80, 0, 0, 0, 0, 0, 0, 0]),
        (127, &[0xff; 8]),
    ] {
        refuse(
            "a length that is not in its shortest form, or has its top bit set",
            &raw(0x82, 0x80 | form, extended, &[b'x'; 125]),
            PROTOCOL_ERROR,
        );
    }
}

#[test]
fn fragments_have_to_follow_each_other() {
    for (what, frames) in [
        (
            "a continuation of nothing",
            vec![short(true, CONTINUATION, b"x")],
        ),
        (
            "a continuation behind a message",
            vec![short(true, TEXT, b"x"), short(false, CONTINUATION, b"y")],
        ),
        (
            "a text within a message",
            vec![short(false, TEXT, b"x"), short(true, TEXT, b"y")],
        ),
        (
            "a fragment of another message within a message",
            vec![short(false, BINARY, b"x"), short(false, BINARY, b"y")],
        ),
    ] {
        refuse(what, &frames.concat(), PROTOCOL_ERROR);
    }
}

#[test]
fn a_character_may_be_cut_by_two_frames() {
    let word = "aß€😀z".as_bytes();
    for at in 1..word.len() {
        let (head, tail) = word.split_at(at);
        accept(
            "a text whose characters have 1 to 4 bytes, in two frames",
            &[short(false, TEXT, head), short(true, CONTINUATION, tail)].concat(),
            &[text("aß€😀z")],
        );
    }
}

#[test]
fn what_is_not_utf_8_is_no_text() {
    for bad in [
        &[0xff][..],
        &[0xc3],
        &[0xe2, 0x82],
        &[0xc0, 0x80],
        &[0xed, 0xa0, 0x80],
        &[0xf4, 0x90, 0x80, 0x80],
    ] {
        refuse("a text", &short(true, TEXT, bad), NOT_UTF8);
        let frames = [
            short(false, TEXT, &bad[..1]),
            short(true, CONTINUATION, &bad[1..]),
        ];
        refuse("a text in two frames", &frames.concat(), NOT_UTF8);
        let reason = [&[3, 0xe8], bad].concat();
        refuse(
            "the reason of a close",
            &short(true, CLOSE, &reason),
            NOT_UTF8,
        );
    }
}

#[test]
fn a_message_above_the_limit_is_refused_by_its_header() {
    let header = |first: u8, len: usize| {
        let bytes = raw(first, 0x80 | 127, &(len as u64).to_be_bytes(), b"");
        read(&[bytes]).1
    };
    assert_eq!(header(0x82, MAX), None, "a header that announces the limit");
    for len in [MAX + 1, 1 << 40, i64::MAX as usize] {
        assert_eq!(
            header(0x82, len),
            Some(TOO_BIG),
            "a header that announces {len} of at most {MAX} bytes"
        );
    }
    let start = raw(
        0x02,
        0x80 | 127,
        &(MAX as u64 - 5).to_be_bytes(),
        &vec![1; MAX - 5],
    );
    let exact = [start.clone(), short(true, CONTINUATION, b"12345")];
    let (came, error) = read(&exact);
    assert_eq!(
        (came.len(), error),
        (1, None),
        "two frames of the limit together: messages, and the error"
    );
    let between = [
        start.clone(),
        short(true, PING, b"123456789"),
        short(true, CONTINUATION, b"12345"),
    ];
    assert_eq!(
        read(&between).1,
        None,
        "the same with a ping between them, which is no part of the message"
    );
    let above = [start, raw(0x80, 0x80 | 6, &[], b"")];
    assert_eq!(
        read(&above).1,
        Some(TOO_BIG),
        "two frames that are one byte above the limit, the second one's header only"
    );
}

#[test]
fn after_an_error_there_is_only_that_error() {
    let mut reader = MessageReader::new(MAX);
    reader.feed(&short(true, TEXT, &[0xff]));
    for call in 1..=3 {
        assert_eq!(
            reader.next(),
            Err(NOT_UTF8),
            "a text that is not UTF-8, and good ones behind it: call {call} of next"
        );
        reader.feed(&short(true, TEXT, b"good"));
    }
}

fn random_messages(rng: &mut Rng) -> Vec<Message> {
    rng.vec(6, |rng| {
        let len = rng.size() * 3;
        match rng.below(5) {
            0 | 1 => Message::text(rng.word(len) + "é"),
            2 => Message::binary(rng.bytes(len)),
            3 => Message::Ping(rng.bytes(len.min(125)).into()),
            _ => Message::Pong(rng.bytes(len.min(125)).into()),
        }
    })
}

/// Cuts at random.
fn pieces(rng: &mut Rng, mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        let piece;
        (piece, bytes) = bytes.split_at(rng.range(1..=bytes.len()));
        pieces.push(piece.to_vec());
    }
    pieces
}

fn payload(message: &Message) -> (u8, Vec<u8>) {
    let opcode = match message {
        Message::Text(_) => TEXT,
        Message::Binary(_) => BINARY,
        Message::Ping(_) => PING,
        _ => PONG,
    };
    (opcode, message.clone().into_data().to_vec())
}

#[test]
fn what_tungstenite_writes_is_read() {
    seeded::cases(200, |rng| {
        let messages = random_messages(rng);
        let mut client = WebSocket::from_raw_socket(Scripted::new([]), Role::Client, None);
        let mut expected = Vec::new();
        for message in &messages {
            let (opcode, payload) = payload(message);
            if opcode < CLOSE && rng.chance(0.3) {
                // In two frames.
                let data = match opcode {
                    TEXT => Data::Text,
                    _ => Data::Binary,
                };
                let (head, tail) = payload.split_at(payload.len() / 2);
                for (part, data, fin) in [(head, data, false), (tail, Data::Continue, true)] {
                    let frame = tungstenite::protocol::frame::Frame::message(
                        part.to_vec(),
                        OpCode::Data(data),
                        fin,
                    );
                    client.send(Message::Frame(frame)).expect("it takes all");
                }
            } else {
                client.send(message.clone()).expect("it takes all");
            }
            expected.push(match opcode {
                TEXT => Incoming::Text(String::from_utf8(payload).expect("a text")),
                BINARY => Incoming::Binary(payload),
                PING => Incoming::Ping(payload),
                _ => Incoming::Pong(payload),
            });
        }
        let bytes = client.get_ref().written().to_vec();
        let came = read(&pieces(rng, &bytes));
        assert_eq!(
            came,
            (expected, None),
            "left is what you read of tungstenite's frames, right what it wrote"
        );
    });
}

#[test]
fn what_is_written_tungstenite_reads() {
    seeded::cases(200, |rng| {
        let messages = random_messages(rng);
        let mut bytes = Vec::new();
        for message in &messages {
            let (opcode, payload) = payload(message);
            if opcode < CLOSE && rng.chance(0.3) {
                let (head, tail) = payload.split_at(payload.len() / 2);
                bytes.extend(encode(&frame(false, opcode, head), None));
                bytes.extend(encode(&frame(true, CONTINUATION, tail), None));
            } else {
                bytes.extend(encode(&frame(true, opcode, &payload), None));
            }
        }
        let stream = Scripted::new(pieces(rng, &bytes));
        let mut client = WebSocket::from_raw_socket(stream, Role::Client, None);
        for message in &messages {
            match client.read() {
                Ok(came) => assert_eq!(
                    &came, message,
                    "left is what tungstenite reads of your frames, right what was written"
                ),
                Err(error) => panic!("tungstenite cannot read {message:?}: {error}"),
            }
        }
        let end = client.read();
        assert!(
            matches!(end, Err(Error::Protocol(_))),
            "nothing stands behind the last frame, but tungstenite reads {end:?}"
        );
    });
}

#[test]
fn damaged_streams_never_panic_or_loop() {
    seeded::cases(20_000, |rng| {
        let mut bytes = Vec::new();
        for _ in 0..3 {
            let opcode = *rng.pick(&[CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG]);
            let len = rng.below(12);
            let payload = rng.bytes(len);
            bytes.extend(encode(
                &frame(rng.chance(0.7), opcode, &payload),
                Some(MASK),
            ));
        }
        for _ in 0..rng.below(4) {
            let at = rng.below(bytes.len());
            bytes[at] = rng.range(..);
        }
        let pieces = pieces(rng, &bytes);
        read(&pieces);
    });
}
