use super::Code::*;
use super::*;
use seeded::{Rng, cases};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

/// A frame that we have sent: type, flags, stream, payload.
type Sent = (u8, u8, u32, Vec<u8>);

fn f(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut out = (payload.len() as u32).to_be_bytes()[1..].to_vec();
    out.extend([kind, flags]);
    out.extend(stream.to_be_bytes());
    out.extend(payload);
    out
}

/// Splits octets into the frames that they are.
fn frames(mut octets: &[u8]) -> Vec<Sent> {
    let mut frames = Vec::new();
    while let Some((head, rest)) = octets.split_first_chunk::<9>() {
        let [a, b, c, kind, flags, stream @ ..] = *head;
        let length = u32::from_be_bytes([0, a, b, c]) as usize;
        assert!(
            length <= rest.len(),
            "your output ends within a frame: {octets:?}"
        );
        frames.push((
            kind,
            flags,
            u32::from_be_bytes(stream),
            rest[..length].to_vec(),
        ));
        octets = &rest[length..];
    }
    assert!(
        octets.is_empty(),
        "your output ends within the head of a frame: {octets:?}"
    );
    frames
}

/// What a client has to keep to write header blocks.
#[derive(Default)]
struct Client(loona_hpack::Encoder<'static>);

fn fields(path: &str) -> Vec<Header> {
    [(":method", "GET"), (":scheme", "http"), (":path", path)]
        .map(|(name, value)| (name.into(), value.into()))
        .to_vec()
}

impl Client {
    fn block(&mut self, headers: &[Header]) -> Vec<u8> {
        self.0
            .encode(headers.iter().map(|(name, value)| (&name[..], &value[..])))
    }

    /// HEADERS for a path, complete and with these flags in addition.
    fn get(&mut self, stream: u32, flags: u8, path: &str) -> Vec<u8> {
        f(
            HEADERS,
            END_HEADERS | flags,
            stream,
            &self.block(&fields(path)),
        )
    }
}

fn request(stream: u32, path: &str, end: bool) -> Event {
    Event::Request {
        stream,
        headers: fields(path),
        end,
    }
}

fn data(stream: u32, data: &[u8], end: bool) -> Event {
    Event::Data {
        stream,
        data: data.to_vec(),
        end,
    }
}

/// Events as people read them.
fn show(events: &[Event]) -> Vec<String> {
    let lines = |headers: &[Header]| -> Vec<String> {
        let line = |(name, value): &Header| {
            let (name, value) = (name.escape_ascii(), value.escape_ascii());
            format!("{name}: {value}")
        };
        headers.iter().map(line).collect()
    };
    let text = |event: &Event| match event {
        Event::Request {
            stream,
            headers,
            end,
        } => format!("Request on {stream}, end {end}: {:?}", lines(headers)),
        Event::Trailers { stream, headers } => {
            format!("Trailers on {stream}: {:?}", lines(headers))
        }
        other => format!("{other:?}"),
    };
    events.iter().map(text).collect()
}

/// What came of a script.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    events: Vec<Event>,
    sent: Vec<Sent>,
    result: Result<(), Code>,
}

/// A connection behind preface, SETTINGS and their acknowledgement.
fn ready() -> Conn {
    let mut conn = Conn::new();
    let start = [PREFACE, &f(SETTINGS, 0, 0, &[])].concat();
    assert_eq!(
        conn.recv(&start),
        Ok(Vec::new()),
        "the preface and empty SETTINGS"
    );
    let sent = frames(&conn.take_output());
    assert_eq!(
        sent.last(),
        Some(&(SETTINGS, ACK, 0, Vec::new())),
        "the last frame behind the preface and empty SETTINGS: an acknowledgement"
    );
    conn
}

fn play<'a>(mut conn: Conn, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut events = Vec::new();
    let mut result = Ok(());
    for piece in pieces {
        match conn.recv(piece) {
            Ok(more) => events.extend(more),
            Err(code) => {
                result = Err(code);
                break;
            }
        }
    }
    let sent = frames(&conn.take_output());
    Outcome {
        events,
        sent,
        result,
    }
}

/// Feeds frames one by one, and then octet by octet. A connection error must come with a GOAWAY as the last frame.
#[track_caller]
fn assert_script(
    script: &[Vec<u8>],
    events: Vec<Event>,
    sent: Vec<Sent>,
    result: Result<(), Code>,
    what: &str,
) {
    let whole = script.concat();
    for (pieces, how) in [
        (
            script.iter().map(Vec::as_slice).collect::<Vec<_>>(),
            "frame by frame",
        ),
        (whole.chunks(1).collect(), "octet by octet"),
    ] {
        let mut outcome = play(ready(), pieces);
        assert_eq!(
            outcome.result, result,
            "{what}, {how}: the result of recv, left yours"
        );
        if let Err(code) = result {
            let goaway = outcome.sent.pop();
            let said = goaway
                .as_ref()
                .map(|(kind, _, stream, payload)| (*kind, *stream, payload.get(4..8)));
            let code = (code as u32).to_be_bytes();
            assert_eq!(
                said,
                Some((GOAWAY, 0, Some(&code[..]))),
                "{what}, {how}: the last frame that was sent must be a GOAWAY with the code, left is yours"
            );
        }
        assert!(
            outcome.events == events,
            "{what}, {how}: the events\n  yours: {:#?}\n  expected: {:#?}",
            show(&outcome.events),
            show(&events)
        );
        assert_eq!(
            outcome.sent, sent,
            "{what}, {how}: the frames that were sent (type, flags, stream, payload), left yours"
        );
    }
}

#[track_caller]
fn assert_events(script: &[Vec<u8>], events: Vec<Event>, what: &str) {
    assert_script(script, events, Vec::new(), Ok(()), what);
}

/// The script is a connection error at its end, after these events.
#[track_caller]
fn assert_fails(script: &[Vec<u8>], events: Vec<Event>, code: Code, what: &str) {
    assert_script(script, events, Vec::new(), Err(code), what);
}

fn rst(stream: u32, code: Code) -> Sent {
    (RST_STREAM, 0, stream, (code as u32).to_be_bytes().to_vec())
}

#[test]
fn the_preface_and_settings_come_first() {
    let start = [PREFACE, &[0, 0, 0, 4, 0, 0, 0, 0, 0]].concat();
    for pieces in [start.chunks(start.len()), start.chunks(1), start.chunks(25)] {
        let outcome = play(Conn::new(), pieces);
        let expected = Outcome {
            events: Vec::new(),
            sent: vec![
                (SETTINGS, 0, 0, vec![0, 3, 0, 0, 0, 100]),
                (SETTINGS, ACK, 0, Vec::new()),
            ],
            result: Ok(()),
        };
        assert_eq!(
            outcome, expected,
            "the preface and empty SETTINGS: left is what came of it"
        );
    }
    let first = f(SETTINGS, 0, 0, &[0, 4, 0, 0, 0x10, 0, 0, 2, 0, 0, 0, 0]);
    let outcome = play(Conn::new(), [PREFACE, &first]);
    assert_eq!(
        (outcome.result, outcome.sent.last()),
        (Ok(()), Some(&(SETTINGS, ACK, 0, Vec::new()))),
        "the preface and SETTINGS with two settings: the result, and the last frame that was sent"
    );
}

#[test]
fn another_beginning_is_a_protocol_error() {
    for at in [0, 14, 23] {
        let mut preface = PREFACE.to_vec();
        preface[at] ^= 1;
        let result = play(Conn::new(), [&preface[..]]).result;
        assert_eq!(
            result,
            Err(ProtocolError),
            "a preface whose octet {at} is wrong"
        );
    }
    assert_eq!(
        play(Conn::new(), [&b"GET /"[..]]).result,
        Err(ProtocolError),
        "`GET /` in place of the preface"
    );
    for (first, what) in [
        (f(PING, 0, 0, &[0; 8]), "PING"),
        (f(SETTINGS, ACK, 0, &[]), "an acknowledgement of SETTINGS"),
        (f(0x21, 0, 0, &[]), "an unknown frame"),
    ] {
        let start = [PREFACE, &first].concat();
        let result = play(Conn::new(), [&start[..]]).result;
        assert_eq!(result, Err(ProtocolError), "{what} as the first frame");
    }
}

#[test]
fn a_request_is_headers_data_and_trailers() {
    let mut client = Client::default();
    let trailers = vec![(b"sum".to_vec(), b"7".to_vec())];
    let script = [
        client.get(1, END_STREAM, "/a"),
        client.get(3, 0, "/b"),
        client.get(5, 0, "/c"),
        f(DATA, 0, 3, b"one"),
        f(DATA, 0, 5, b""),
        f(DATA, END_STREAM, 3, b"two"),
        f(
            HEADERS,
            END_HEADERS | END_STREAM,
            5,
            &client.block(&trailers),
        ),
    ];
    let headers = trailers;
    assert_events(
        &script,
        vec![
            request(1, "/a", true),
            request(3, "/b", false),
            request(5, "/c", false),
            data(3, b"one", false),
            data(5, b"", false),
            data(3, b"two", true),
            Event::Trailers { stream: 5, headers },
        ],
        "three requests, interleaved",
    );
}

#[test]
fn the_highest_bit_of_a_stream_number_is_ignored() {
    let mut client = Client::default();
    let script = [
        client.get(0x8000_0001, 0, "/"),
        f(DATA, END_STREAM, 1, b"x"),
    ];
    assert_events(
        &script,
        vec![request(1, "/", false), data(1, b"x", true)],
        "HEADERS on 0x80000001",
    );
}

#[test]
fn unknown_frames_priority_and_window_update_are_ignored() {
    let script = [
        Client::default().get(1, END_STREAM, "/"),
        f(0x21, 0xff, 7, b"x"),
        f(PRIORITY, 0, 9, &[0; 5]),
        f(8, 0, 0, &[0, 0, 0, 1]),
        f(8, 0, 1, &[0, 0, 0, 1]),
        f(GOAWAY, 0, 0, &[0; 8]),
        f(SETTINGS, ACK, 0, &[]),
    ];
    assert_events(
        &script,
        vec![request(1, "/", true)],
        "a request, and frames that change nothing",
    );
}

#[test]
fn a_frame_has_at_most_16384_octets() {
    let mut client = Client::default();
    let body = vec![7; MAX_FRAME];
    let script = [client.get(1, 0, "/"), f(DATA, END_STREAM, 1, &body)];
    let outcome = play(ready(), script.iter().map(Vec::as_slice));
    assert_eq!(
        outcome.events,
        [request(1, "/", false), data(1, &body, true)],
        "DATA of 16,384 octets"
    );
    // The head alone is enough to know it.
    for kind in [DATA, SETTINGS, 0x21] {
        let head = [0, 0x40, 1, kind, 0, 0, 0, 0, 1];
        let result = play(ready(), [&head[..]]).result;
        assert_eq!(
            result,
            Err(FrameSizeError),
            "a frame of type {kind} and 16,385 octets"
        );
    }
}

#[test]
fn a_block_in_several_frames_is_one_block() {
    let block = Client::default().block(&fields("/long/path"));
    for (first, second) in [(0, 1), (1, 4), (5, block.len()), (block.len(), block.len())] {
        let script = [
            f(HEADERS, END_STREAM, 1, &block[..first]),
            f(CONTINUATION, 0, 1, &block[first..second]),
            f(CONTINUATION, END_HEADERS, 1, &block[second..]),
        ];
        let what = format!("a block cut at {first} and {second}");
        assert_events(&script, vec![request(1, "/long/path", true)], &what);
    }
    let script = [
        f(HEADERS, 0, 1, &block[..2]),
        f(CONTINUATION, END_STREAM | END_HEADERS, 1, &block[2..]),
        f(DATA, END_STREAM, 1, b"x"),
    ];
    assert_events(
        &script,
        vec![request(1, "/long/path", false), data(1, b"x", true)],
        "HEADERS without END_STREAM, CONTINUATION with the flag 0x1, and DATA",
    );
}

#[test]
fn only_data_and_headers_have_padding() {
    let block = Client::default().block(&fields("/"));
    for first in [0, 1] {
        let script = [
            f(HEADERS, END_STREAM, 1, &block[..first]),
            f(CONTINUATION, 0xfb, 1, &block[first..]),
            f(CONTINUATION, 0xfb | END_HEADERS, 1, &[]),
        ];
        assert_events(
            &script,
            vec![request(1, "/", true)],
            "a block with CONTINUATION frames that have all flags, 0x8 among them",
        );
    }
}

#[test]
fn nothing_comes_between_the_frames_of_a_block() {
    let mut client = Client::default();
    let start = client.get(1, 0, "/");
    let block = client.block(&fields("/x"));
    let open = f(HEADERS, 0, 3, &block[..1]);
    for (between, what) in [
        (f(DATA, 0, 1, b"x"), "DATA of another stream"),
        (
            f(HEADERS, END_HEADERS, 5, &block[1..]),
            "HEADERS of another stream",
        ),
        (
            f(HEADERS, END_HEADERS, 3, &block[1..]),
            "HEADERS of the same stream",
        ),
        (
            f(CONTINUATION, END_HEADERS, 1, &block[1..]),
            "CONTINUATION of another stream",
        ),
        (f(PING, 0, 0, &[0; 8]), "PING"),
        (f(0x21, 0, 3, &[]), "an unknown frame"),
    ] {
        let script = [start.clone(), open.clone(), between];
        let events = vec![request(1, "/", false)];
        assert_fails(
            &script,
            events,
            ProtocolError,
            &format!("{what} within a block"),
        );
    }
    let script = [start, f(CONTINUATION, END_HEADERS, 1, &block)];
    assert_fails(
        &script,
        vec![request(1, "/", false)],
        ProtocolError,
        "CONTINUATION behind a whole block",
    );
}

#[test]
fn a_block_has_at_most_65536_octets() {
    let flood = |last: usize| {
        let mut pieces = vec![f(HEADERS, END_STREAM, 1, &[0x82])];
        pieces.resize(66, f(CONTINUATION, 0, 1, &[0x82; 1_000]));
        pieces.push(f(CONTINUATION, 0, 1, &vec![0x82; last]));
        play(ready(), pieces.iter().map(Vec::as_slice)).result
    };
    assert_eq!(
        flood(535),
        Ok(()),
        "a block of 65,536 octets, and more to come"
    );
    assert_eq!(
        flood(536),
        Err(EnhanceYourCalm),
        "a block of 65,537 octets, and more to come"
    );
}

#[test]
fn a_block_that_cannot_be_decoded_is_a_compression_error() {
    for block in [&[0x80][..], &[0xbe], &[0x41, 5, b'x']] {
        let script = [f(HEADERS, END_HEADERS | END_STREAM, 1, block)];
        assert_fails(
            &script,
            Vec::new(),
            CompressionError,
            &format!("the block {block:?}"),
        );
    }
}

#[test]
fn padding_and_priority_are_no_data() {
    let block = Client::default().block(&fields("/"));
    let pad = |n: u8, payload: &[u8]| [&[n], payload, &vec![0; usize::from(n)]].concat();
    let with_priority = [&[0x80, 0, 0, 0, 9], &block[..]].concat();
    for (flags, payload, what) in [
        (PADDED, pad(0, &block), "HEADERS with padding of 0 octets"),
        (
            PADDED,
            pad(200, &block),
            "HEADERS with padding of 200 octets",
        ),
        (
            PRIORITY_FLAG,
            with_priority.clone(),
            "HEADERS with a priority",
        ),
        (
            PADDED | PRIORITY_FLAG,
            pad(3, &with_priority),
            "HEADERS with padding and a priority",
        ),
    ] {
        let script = [
            f(HEADERS, END_HEADERS | flags, 1, &payload),
            f(DATA, PADDED, 1, &pad(4, b"one")),
            f(DATA, PADDED | PRIORITY_FLAG, 1, &pad(0, b"two")),
            f(DATA, PADDED | END_STREAM, 1, &pad(255, b"")),
        ];
        let events = vec![
            request(1, "/", false),
            data(1, b"one", false),
            data(1, b"two", false),
            data(1, b"", true),
        ];
        assert_events(
            &script,
            events,
            &format!("{what}, and three DATA with padding"),
        );
    }
}

#[test]
fn padding_that_does_not_fit_is_a_protocol_error() {
    for kind in [DATA, HEADERS] {
        let mut client = Client::default();
        let script = [
            client.get(1, 0, "/"),
            f(kind, PADDED | END_HEADERS, 1, &[4, 1, 2, 3]),
        ];
        let what = format!("type {kind} with 4 octets of padding, of which 3 are there");
        assert_fails(&script, vec![request(1, "/", false)], ProtocolError, &what);
    }
    for (flags, payload) in [
        (PADDED, &[][..]),
        (PRIORITY_FLAG, &[0; 4]),
        (PADDED | PRIORITY_FLAG, &[0; 5]),
        (PADDED | PRIORITY_FLAG, &[1, 0, 0, 0, 0, 0]),
    ] {
        let frame = f(HEADERS, END_HEADERS | flags, 1, payload);
        let result = play(ready(), [&frame[..]]).result;
        assert!(
            matches!(result, Err(FrameSizeError | ProtocolError)),
            "HEADERS with the flags {flags:#x} and the payload {payload:?} must be a connection error, and gave {result:?}"
        );
    }
}

#[test]
fn streams_have_odd_numbers_that_grow() {
    let mut client = Client::default();
    let script = [client.get(2, END_STREAM, "/")];
    assert_fails(&script, Vec::new(), ProtocolError, "HEADERS on stream 2");
    let mut client = Client::default();
    let script = [client.get(5, 0, "/"), client.get(2, END_STREAM, "/")];
    assert_fails(
        &script,
        vec![request(5, "/", false)],
        ProtocolError,
        "HEADERS on stream 5 and then on stream 2",
    );
    let mut client = Client::default();
    let script = [
        client.get(5, END_STREAM, "/a"),
        client.get(3, END_STREAM, "/b"),
    ];
    let outcome = play(ready(), script.iter().map(Vec::as_slice));
    assert_eq!(
        outcome.events,
        [request(5, "/a", true)],
        "stream 5, then stream 3: the events"
    );
    assert!(
        outcome.result.is_err(),
        "stream 5, then stream 3: a connection error"
    );
}

#[test]
fn frames_have_the_kind_of_stream_they_belong_to() {
    for (frame, what) in [
        (f(DATA, 0, 0, b"x"), "DATA on stream 0"),
        (f(HEADERS, END_HEADERS, 0, &[0x82]), "HEADERS on stream 0"),
        (f(PRIORITY, 0, 0, &[0; 5]), "PRIORITY on stream 0"),
        (f(RST_STREAM, 0, 0, &[0; 4]), "RST_STREAM on stream 0"),
        (
            f(CONTINUATION, END_HEADERS, 0, &[0x82]),
            "CONTINUATION on stream 0",
        ),
        (f(SETTINGS, 0, 1, &[]), "SETTINGS on stream 1"),
        (f(PING, 0, 1, &[0; 8]), "PING on stream 1"),
        (f(GOAWAY, 0, 1, &[0; 8]), "GOAWAY on stream 1"),
        (
            f(PUSH_PROMISE, END_HEADERS, 1, &[0, 0, 0, 2, 0x82]),
            "PUSH_PROMISE",
        ),
        (
            f(PUSH_PROMISE, END_HEADERS, 0, &[0, 0, 0, 2, 0x82]),
            "PUSH_PROMISE on stream 0",
        ),
    ] {
        let script = [Client::default().get(1, 0, "/"), frame];
        assert_fails(&script, vec![request(1, "/", false)], ProtocolError, what);
    }
}

#[test]
fn a_stream_that_was_never_opened_is_a_protocol_error() {
    for (opened, stream) in [(1, 2), (1, 3), (1, 5), (5, 2), (5, 4)] {
        for (frame, what) in [
            (f(DATA, 0, stream, b"x"), "DATA"),
            (f(RST_STREAM, 0, stream, &[0; 4]), "RST_STREAM"),
        ] {
            let script = [Client::default().get(opened, 0, "/"), frame];
            let what = format!("{what} on stream {stream} when only stream {opened} was opened");
            let events = vec![request(opened, "/", false)];
            assert_fails(&script, events, ProtocolError, &what);
        }
    }
}

#[test]
fn what_comes_after_the_end_of_a_request_resets_its_stream() {
    for headers in [false, true] {
        let mut client = Client::default();
        let script = [
            client.get(1, END_STREAM, "/a"),
            match headers {
                true => client.get(1, END_STREAM, "/again"),
                false => f(DATA, 0, 1, b"x"),
            },
            client.get(3, END_STREAM, "/b"),
            f(DATA, 0, 1, b"ignored"),
            client.get(1, END_STREAM, "/ignored"),
            client.get(5, END_STREAM, "/ignored"),
        ];
        assert_script(
            &script,
            vec![
                request(1, "/a", true),
                request(3, "/b", true),
                request(5, "/ignored", true),
            ],
            vec![rst(1, StreamClosed)],
            Ok(()),
            "a request, more on its stream, and two others",
        );
    }
}

#[test]
fn trailers_end_the_stream() {
    let mut client = Client::default();
    let script = [
        client.get(1, 0, "/a"),
        client.get(1, 0, "/trailers"),
        client.get(3, END_STREAM, "/b"),
    ];
    assert_script(
        &script,
        vec![request(1, "/a", false), request(3, "/b", true)],
        vec![rst(1, ProtocolError)],
        Ok(()),
        "trailers without END_STREAM, and another request",
    );
}

#[test]
fn a_stream_that_is_gone_is_closed() {
    for kind in [DATA, HEADERS] {
        for cancelled in [false, true] {
            let mut client = Client::default();
            let mut conn = ready();
            let mut events = conn
                .recv(&client.get(1, END_STREAM, "/a"))
                .unwrap_or_default();
            if cancelled {
                events.extend(conn.recv(&f(RST_STREAM, 0, 1, &[0; 4])).unwrap_or_default());
            } else {
                conn.respond(1, &[(b":status".to_vec(), b"200".to_vec())]);
            }
            let late = match kind {
                DATA => f(DATA, 0, 1, b"late"),
                _ => client.get(1, END_STREAM, "/late"),
            };
            assert_eq!(
                conn.recv(&late),
                Err(StreamClosed),
                "type {kind} on a stream that was {}; before came {events:?}",
                if cancelled {
                    "reset by the client"
                } else {
                    "answered"
                }
            );
        }
    }
}

#[test]
fn a_request_may_go_on_behind_its_answer() {
    let mut client = Client::default();
    let mut conn = ready();
    assert_eq!(
        conn.recv(&client.get(1, 0, "/a")),
        Ok(vec![request(1, "/a", false)]),
        "a request with a body to come"
    );
    conn.respond(1, &[(b":status".to_vec(), b"200".to_vec())]);
    assert_eq!(
        conn.recv(&f(DATA, END_STREAM, 1, b"x")),
        Ok(vec![data(1, b"x", true)]),
        "its body, behind the answer"
    );
    assert_eq!(
        conn.recv(&f(DATA, END_STREAM, 1, b"x")),
        Err(StreamClosed),
        "DATA after both sides have ended"
    );
}

#[test]
fn what_was_on_its_way_to_a_stream_that_we_have_reset_is_ignored() {
    let mut client = Client::default();
    let mut conn = ready();
    let started = conn.recv(&[client.get(1, 0, "/a"), client.get(3, 0, "/b")].concat());
    assert_eq!(started.map(|events| events.len()), Ok(2), "two requests");
    conn.reset(1, RefusedStream);
    conn.take_output();
    // The trailers of stream 1 add an entry to the HPACK table, which the next block refers to.
    let trailers = vec![(b"x-sum".to_vec(), b"7".to_vec())];
    let late = [
        f(DATA, 0, 1, b"late"),
        f(
            HEADERS,
            END_HEADERS | END_STREAM,
            1,
            &client.block(&trailers),
        ),
        f(RST_STREAM, 0, 1, &[0; 4]),
        f(DATA, 0, 3, b"x"),
        f(
            HEADERS,
            END_HEADERS | END_STREAM,
            3,
            &client.block(&trailers),
        ),
    ];
    assert_eq!(
        conn.recv(&late.concat()),
        Ok(vec![
            data(3, b"x", false),
            Event::Trailers {
                stream: 3,
                headers: trailers
            }
        ]),
        "DATA, trailers and RST_STREAM of stream 1, which we had reset, then DATA and the same trailers on stream 3"
    );
    assert_eq!(frames(&conn.take_output()), [], "frames sent for all that");
}

#[test]
fn more_than_100_open_streams_are_refused() {
    let mut client = Client::default();
    let mut conn = ready();
    for i in 0..100 {
        let stream = 2 * i + 1;
        let events = conn.recv(&client.get(stream, END_STREAM, "/"));
        assert_eq!(
            events,
            Ok(vec![request(stream, "/", true)]),
            "request {} of 100",
            i + 1
        );
    }
    // The refused request adds an entry to the HPACK table, which the next block refers to.
    let custom = vec![(b"x-new".to_vec(), b"7".to_vec())];
    let refused = f(
        HEADERS,
        END_HEADERS | END_STREAM,
        201,
        &client.block(&custom),
    );
    assert_eq!(
        conn.recv(&refused),
        Ok(Vec::new()),
        "the 101st request, while 100 are open"
    );
    assert_eq!(
        frames(&conn.take_output()),
        [rst(201, RefusedStream)],
        "what the 101st request gets"
    );
    conn.respond(7, &[(b":status".to_vec(), b"200".to_vec())]);
    let next = f(
        HEADERS,
        END_HEADERS | END_STREAM,
        203,
        &client.block(&custom),
    );
    let expected = Event::Request {
        stream: 203,
        headers: custom,
        end: true,
    };
    assert_eq!(
        conn.recv(&next),
        Ok(vec![expected]),
        "a request after one of the 100 was answered, with the header of the refused one"
    );
}

#[test]
fn what_was_on_its_way_to_a_stream_that_we_have_refused_is_ignored() {
    let mut client = Client::default();
    let mut conn = ready();
    for i in 0..=100 {
        let result = conn.recv(&client.get(2 * i + 1, 0, "/"));
        assert!(
            result.is_ok(),
            "request {} without END_STREAM: {result:?}",
            i + 1
        );
    }
    assert_eq!(
        frames(&conn.take_output()),
        [rst(201, RefusedStream)],
        "what the 101st request gets"
    );
    for (late, what) in [
        (f(DATA, 0, 201, b"late"), "DATA"),
        (client.get(201, END_STREAM, "/late"), "HEADERS"),
    ] {
        assert_eq!(
            conn.recv(&late),
            Ok(Vec::new()),
            "{what} on stream 201, which we have refused"
        );
        assert_eq!(frames(&conn.take_output()), [], "frames sent for that");
    }
}

#[test]
fn settings_and_pings_are_answered_once() {
    let script = [
        f(
            SETTINGS,
            0,
            0,
            &[0, 4, 0, 0, 0x10, 0, 0x99, 0x99, 0, 0, 0, 1],
        ),
        f(PING, 0, 0, b"12345678"),
        f(SETTINGS, ACK, 0, &[]),
        f(PING, ACK, 0, b"12345678"),
        f(PING, 0xfe, 0, b"abcdefgh"),
    ];
    let sent = vec![
        (SETTINGS, ACK, 0, Vec::new()),
        (PING, ACK, 0, b"12345678".to_vec()),
        (PING, ACK, 0, b"abcdefgh".to_vec()),
    ];
    assert_script(
        &script,
        Vec::new(),
        sent,
        Ok(()),
        "SETTINGS and PING, with and without ACK",
    );
}

#[test]
fn payloads_of_another_length_are_frame_size_errors() {
    for (frame, what) in [
        (f(SETTINGS, 0, 0, &[0; 5]), "SETTINGS of 5 octets"),
        (f(SETTINGS, 0, 0, &[0; 7]), "SETTINGS of 7 octets"),
        (
            f(SETTINGS, ACK, 0, &[0; 6]),
            "an acknowledgement of SETTINGS with a setting",
        ),
        (f(PING, 0, 0, &[0; 7]), "PING of 7 octets"),
        (
            f(PING, ACK, 0, &[0; 9]),
            "an acknowledgement of PING of 9 octets",
        ),
        (f(RST_STREAM, 0, 1, &[0; 3]), "RST_STREAM of 3 octets"),
        (f(RST_STREAM, 0, 1, &[0; 5]), "RST_STREAM of 5 octets"),
    ] {
        let script = [Client::default().get(1, 0, "/"), frame];
        assert_fails(&script, vec![request(1, "/", false)], FrameSizeError, what);
    }
}

#[test]
fn a_reset_closes_the_stream_and_makes_room() {
    let mut client = Client::default();
    let mut conn = ready();
    for i in 0..100 {
        let events = conn.recv(&client.get(2 * i + 1, 0, "/"));
        assert_eq!(
            events.map(|events| events.len()),
            Ok(1),
            "request {} of 100",
            i + 1
        );
    }
    assert_eq!(
        conn.recv(&f(RST_STREAM, 0, 5, &[0, 0, 0, 8])),
        Ok(vec![Event::Reset { stream: 5 }]),
        "RST_STREAM of an open stream"
    );
    assert_eq!(
        conn.recv(&f(RST_STREAM, 0, 5, &[0, 0, 0, 8])),
        Ok(Vec::new()),
        "the same once more"
    );
    assert_eq!(
        conn.recv(&client.get(201, 0, "/")),
        Ok(vec![request(201, "/", false)]),
        "another request, after one of 100 was reset"
    );
}

#[test]
fn too_many_resets_end_the_connection() {
    let cancel = |client: &mut Client, stream: u32| {
        [
            client.get(stream, END_STREAM, "/"),
            f(RST_STREAM, 0, stream, &[0, 0, 0, 8]),
        ]
        .concat()
    };
    let mut client = Client::default();
    let mut conn = ready();
    for i in 0..100 {
        let result = conn.recv(&cancel(&mut client, 2 * i + 1));
        assert_eq!(
            result.map(|events| events.len()),
            Ok(2),
            "request {} of 100, reset at once",
            i + 1
        );
    }
    assert_eq!(
        conn.recv(&cancel(&mut client, 201)),
        Err(EnhanceYourCalm),
        "the 101st request that is reset at once"
    );
    // All in one piece: the work must end as well.
    let mut client = Client::default();
    let all: Vec<u8> = (0..1_000)
        .flat_map(|i| cancel(&mut client, 2 * i + 1))
        .collect();
    let outcome = play(ready(), [&all[..]]);
    assert_eq!(
        outcome.result,
        Err(EnhanceYourCalm),
        "1,000 requests, reset at once, in one piece"
    );
    let last = outcome
        .sent
        .last()
        .map(|(kind, _, _, payload)| (*kind, payload.clone()));
    assert_eq!(
        last,
        Some((GOAWAY, vec![0, 0, 0, 201, 0, 0, 0, 11])),
        "the last frame: GOAWAY, the last stream, and the code"
    );
}

#[test]
fn resets_on_whatever_stream_count() {
    let mut conn = ready();
    let opened = conn.recv(&Client::default().get(1, 0, "/"));
    assert_eq!(opened, Ok(vec![request(1, "/", false)]), "a request");
    let reset = f(RST_STREAM, 0, 1, &[0, 0, 0, 8]);
    for round in 1..=101 {
        let expected = match round {
            1 => Ok(vec![Event::Reset { stream: 1 }]),
            101 => Err(EnhanceYourCalm),
            _ => Ok(Vec::new()),
        };
        assert_eq!(
            conn.recv(&reset),
            expected,
            "RST_STREAM on stream 1 for the {round}. time"
        );
    }
}

#[test]
fn answers_make_up_for_resets() {
    let mut client = Client::default();
    let mut conn = ready();
    for i in 0..300 {
        let (first, second) = (4 * i + 1, 4 * i + 3);
        let script = [
            client.get(first, END_STREAM, "/"),
            client.get(second, END_STREAM, "/"),
            f(RST_STREAM, 0, second, &[0, 0, 0, 8]),
        ];
        let result = conn.recv(&script.concat()).map(|events| events.len());
        assert_eq!(
            result,
            Ok(3),
            "two requests, one of them reset, for the {}. time",
            i + 1
        );
        conn.respond(first, &[(b":status".to_vec(), b"200".to_vec())]);
    }
}

fn random_script(rng: &mut Rng) -> Vec<Vec<u8>> {
    let mut client = Client::default();
    let mut next = 1;
    let len = 1 + rng.below(12);
    rng.vec(len, |rng| {
        let stream = 2 * rng.range(0..6) + 1;
        match rng.below(9) {
            0..3 => {
                next += 2;
                let flags = *rng.pick(&[0, END_STREAM]);
                client.get(next - 2, flags, rng.pick::<&str>(&["/", "/a", "/bb"]))
            }
            3 => client.get(stream, END_STREAM, "/t"),
            4 | 5 => f(
                DATA,
                *rng.pick(&[0, END_STREAM, PADDED]),
                stream,
                &[1, 2, 3],
            ),
            6 => f(RST_STREAM, 0, stream, &[0; 4]),
            7 => f(PING, *rng.pick(&[0, ACK]), 0, &[7; 8]),
            _ => f(SETTINGS, 0, 0, &[]),
        }
    })
}

#[test]
fn damaged_scripts_never_panic_and_say_the_same_however_they_are_cut() {
    cases(1_000, |rng| {
        let mut script = random_script(rng);
        for _ in 0..rng.below(3) {
            let at = rng.below(script.len());
            let octet = rng.below(script[at].len());
            script[at][octet] = rng.range(..);
        }
        let whole = script.concat();
        let mut pieces = Vec::new();
        let mut rest = &whole[..];
        while !rest.is_empty() {
            let (piece, behind) = rest.split_at(1 + rng.below(rest.len()));
            pieces.push(piece);
            rest = behind;
        }
        let cut = play(ready(), pieces);
        let mut expected = play(ready(), [&whole[..]]);
        if expected.result.is_err() {
            // What came before an error in one piece is not handed out.
            expected.events.clone_from(&cut.events);
        }
        assert_eq!(
            cut, expected,
            "left is the outcome of {whole:?} in pieces, right in one"
        );
    });
}

/// Serves a connection: each request is answered with 204 as soon as it has come to its end.
async fn serve(mut io: DuplexStream) -> usize {
    let mut conn = Conn::new();
    let mut answered = 0;
    let mut buffer = vec![0; 4096];
    loop {
        if io.write_all(&conn.take_output()).await.is_err() {
            return answered;
        }
        let n = io.read(&mut buffer).await.unwrap_or(0);
        let Ok(events) = conn.recv(&buffer[..n]) else {
            let _ = io.write_all(&conn.take_output()).await;
            return answered;
        };
        if n == 0 {
            return answered;
        }
        for event in events {
            if let Event::Request {
                stream, end: true, ..
            }
            | Event::Data {
                stream, end: true, ..
            }
            | Event::Trailers { stream, .. } = event
            {
                conn.respond(stream, &[(b":status".to_vec(), b"204".to_vec())]);
                answered += 1;
            }
        }
    }
}

#[test]
fn the_client_of_h2_gets_its_answers() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let script = async {
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        let server = tokio::spawn(serve(theirs));
        let (client, connection) = h2::client::handshake(ours).await.expect("a handshake");
        let driver = tokio::spawn(connection);
        let mut answers = Vec::new();
        for i in 0..100 {
            let mut client = client
                .clone()
                .ready()
                .await
                .expect("the connection takes a request");
            let request = http::Request::post(format!("http://localhost/{i}"))
                .body(())
                .expect("a request");
            let (answer, mut body) = client
                .send_request(request, i % 2 == 0)
                .expect("it can be sent");
            if i % 2 == 1 {
                body.send_data(bytes::Bytes::from(vec![7; 100]), true)
                    .expect("a body can be sent");
            }
            answers.push(answer);
        }
        for (i, answer) in answers.into_iter().enumerate() {
            let answer = answer
                .await
                .unwrap_or_else(|e| panic!("request {i} of the client of h2 failed: {e}"));
            assert_eq!(
                answer.status(),
                204,
                "the answer to request {i} of the client of h2"
            );
        }
        drop(client);
        driver.await.expect("no panic").expect("h2 sees no error");
        assert_eq!(server.await.expect("no panic"), 100, "requests answered");
    };
    let all =
        runtime.block_on(async { tokio::time::timeout(Duration::from_secs(5), script).await });
    assert!(
        all.is_ok(),
        "100 requests of the client of h2 were not answered within 5 seconds"
    );
}
