use super::Code::*;
use super::*;
use seeded::{Rng, cases};
use std::collections::BTreeMap;
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

/// A connection behind preface, SETTINGS and their acknowledgement.
fn ready(settings: &[u8]) -> Conn {
    let mut conn = Conn::new();
    let start = [PREFACE, &f(SETTINGS, 0, 0, settings)].concat();
    assert_eq!(
        conn.recv(&start),
        Ok(Vec::new()),
        "the preface and SETTINGS {settings:?}"
    );
    conn.take_output();
    conn
}

/// A setting: INITIAL_WINDOW_SIZE is 4, MAX_FRAME_SIZE is 5.
fn setting(id: u8, value: u32) -> Vec<u8> {
    [&[0, id], &value.to_be_bytes()[..]].concat()
}

fn settings(id: u8, value: u32) -> Vec<u8> {
    f(SETTINGS, 0, 0, &setting(id, value))
}

fn update(stream: u32, increment: u32) -> Vec<u8> {
    f(WINDOW_UPDATE, 0, stream, &increment.to_be_bytes())
}

fn ok() -> [Header; 1] {
    [(b":status".to_vec(), b"200".to_vec())]
}

/// A body in which each place can be told from its neighbours.
fn body(len: usize) -> Vec<u8> {
    let pattern: Vec<u8> = (0..251).collect();
    let mut body = pattern.repeat(len / 251 + 1);
    body.truncate(len);
    body
}

/// Requests on these streams, with END_STREAM.
fn requests(conn: &mut Conn, client: &mut Client, streams: &[u32]) {
    for &stream in streams {
        let events = conn.recv(&client.get(stream, END_STREAM, "/"));
        assert_eq!(
            events.map(|events| events.len()),
            Ok(1),
            "a request on stream {stream}"
        );
    }
}

/// A connection with one request on stream 1, answered with a body of this length.
fn answered(settings: &[u8], len: usize) -> Conn {
    let mut conn = ready(settings);
    requests(&mut conn, &mut Client::default(), &[1]);
    conn.respond(1, &ok(), body(len));
    conn
}

/// The DATA frames of the output: stream, length, END_STREAM.
fn sent(conn: &mut Conn) -> Vec<(u32, usize, bool)> {
    let frames = frames(&conn.take_output())
        .into_iter()
        .filter(|frame| frame.0 == DATA);
    frames
        .map(|(_, flags, stream, data)| (stream, data.len(), flags & END_STREAM != 0))
        .collect()
}

/// How many octets were sent as DATA on a stream.
fn octets_sent(conn: &mut Conn, stream: u32) -> usize {
    sent(conn)
        .iter()
        .filter(|frame| frame.0 == stream)
        .map(|frame| frame.1)
        .sum()
}

/// The octets that WINDOW_UPDATE frames of the output give back to a stream, or to the connection (0).
fn given_back(output: &[Sent], stream: u32) -> u64 {
    let updates = output
        .iter()
        .filter(|frame| frame.0 == WINDOW_UPDATE && frame.2 == stream);
    updates
        .map(|(_, _, _, payload)| {
            let increment = payload[..].try_into().map(u32::from_be_bytes);
            let increment = increment.expect("a WINDOW_UPDATE has 4 octets");
            assert!(increment > 0, "a WINDOW_UPDATE of 0 is an error");
            u64::from(increment)
        })
        .sum()
}

#[test]
fn the_example_is_answered() {
    let mut conn = answered(&setting(4, 10), 25);
    assert_eq!(
        sent(&mut conn),
        [(1, 10, false)],
        "25 octets for a stream with a window of 10"
    );
    assert_eq!(
        conn.recv(&update(1, 20)),
        Ok(Vec::new()),
        "WINDOW_UPDATE of 20"
    );
    assert_eq!(
        sent(&mut conn),
        [(1, 15, true)],
        "what a WINDOW_UPDATE of 20 brings"
    );
}

#[test]
fn an_answer_is_headers_and_then_its_body() {
    for len in [0, 1, 100, 40_000] {
        let mut conn = answered(&[], len);
        let output = frames(&conn.take_output());
        let (head, data) = output.split_first().expect("frames of an answer");
        assert_eq!(
            (head.0, head.1, head.2),
            (
                HEADERS,
                if len == 0 {
                    END_HEADERS | END_STREAM
                } else {
                    END_HEADERS
                },
                1
            ),
            "type, flags and stream of the first frame of an answer of {len} octets"
        );
        let octets: Vec<u8> = data.iter().flat_map(|frame| frame.3.clone()).collect();
        assert!(
            octets == body(len),
            "an answer of {len} octets came as {} other ones",
            octets.len()
        );
        let ends: Vec<bool> = data.iter().map(|frame| frame.1 & END_STREAM != 0).collect();
        let last = ends.len().saturating_sub(1);
        assert!(
            ends.iter().enumerate().all(|(i, end)| *end == (i == last)),
            "END_STREAM in the {} DATA frames of an answer of {len} octets: {ends:?}",
            ends.len()
        );
    }
}

#[test]
fn a_frame_is_never_larger_than_the_client_allows() {
    for sizes in [
        &[][..],
        &[20_000],
        &[20_000, 16_384],
        &[(1 << 24) - 1, 16_384],
    ] {
        let mut conn = ready(&[]);
        for &size in sizes {
            assert_eq!(
                conn.recv(&settings(5, size)),
                Ok(Vec::new()),
                "MAX_FRAME_SIZE {size}"
            );
        }
        requests(&mut conn, &mut Client::default(), &[1]);
        conn.respond(1, &ok(), body(65_000));
        let max = sizes.last().map_or(16_384, |&size| size as usize);
        let largest = sent(&mut conn).into_iter().map(|frame| frame.1).max();
        assert!(
            (1..=max).contains(&largest.unwrap_or(0)),
            "the largest DATA frame after MAX_FRAME_SIZE {sizes:?}: {largest:?}"
        );
    }
}

#[test]
fn the_window_of_the_connection_is_respected() {
    let mut conn = answered(&setting(4, 1_000_000), 100_000);
    assert_eq!(
        octets_sent(&mut conn, 1),
        65_535,
        "octets sent with 65,535 for the connection, 1,000,000 for the stream"
    );
    conn.recv(&update(1, 1_000))
        .expect("a WINDOW_UPDATE for stream 1");
    assert_eq!(
        octets_sent(&mut conn, 1),
        0,
        "octets sent after more room for the stream alone"
    );
    conn.recv(&update(0, 10_000))
        .expect("a WINDOW_UPDATE for the connection");
    assert_eq!(
        octets_sent(&mut conn, 1),
        10_000,
        "octets sent after 10,000 more for the connection"
    );
    conn.recv(&update(0, 0x8000_0000 | 100_000))
        .expect("a WINDOW_UPDATE for the connection");
    assert_eq!(
        octets_sent(&mut conn, 1),
        24_465,
        "octets sent after 100,000 more (and the highest bit): the rest"
    );
}

#[test]
fn the_window_of_the_stream_is_respected() {
    let mut conn = ready(&[]);
    conn.recv(&update(0, 1_000_000))
        .expect("a WINDOW_UPDATE for the connection");
    requests(&mut conn, &mut Client::default(), &[1, 3]);
    conn.respond(1, &ok(), body(100_000));
    conn.respond(3, &ok(), body(10));
    let frames = sent(&mut conn);
    let octets: usize = frames
        .iter()
        .filter(|frame| frame.0 == 1)
        .map(|frame| frame.1)
        .sum();
    assert_eq!(
        octets, 65_535,
        "octets sent with 65,535 for the stream, 1,065,535 for the connection"
    );
    assert_eq!(
        frames.last(),
        Some(&(3, 10, true)),
        "another stream is not held up by it"
    );
    conn.recv(&update(1, 34_464))
        .expect("a WINDOW_UPDATE for stream 1");
    assert_eq!(
        octets_sent(&mut conn, 1),
        34_464,
        "octets sent after 34,464 more for the stream"
    );
    conn.recv(&update(1, 1))
        .expect("a WINDOW_UPDATE for stream 1");
    assert_eq!(
        sent(&mut conn),
        [(1, 1, true)],
        "frames sent after 1 more for the stream: the last octet"
    );
}

#[test]
fn streams_take_turns() {
    let mut conn = ready(&setting(4, 1_000_000));
    requests(&mut conn, &mut Client::default(), &[1, 3, 5, 7]);
    conn.respond(1, &ok(), body(65_535));
    assert_eq!(
        octets_sent(&mut conn, 1),
        65_535,
        "octets that use the connection's window up"
    );
    for stream in [3, 5, 7] {
        conn.respond(stream, &ok(), body(300 * 1024));
    }
    assert_eq!(sent(&mut conn), [], "frames sent without a window");
    // Small updates: each goes to somebody else.
    let mut octets = [0; 8];
    for _ in 0..9 {
        conn.recv(&update(0, 100))
            .expect("a WINDOW_UPDATE for the connection");
        for (stream, len, _) in sent(&mut conn) {
            octets[stream as usize] += len;
        }
    }
    assert_eq!(
        [octets[3], octets[5], octets[7]],
        [300; 3],
        "octets of the streams 3, 5 and 7 after nine WINDOW_UPDATE frames of 100 for the connection"
    );
    // One large update: no stream may be two frames ahead of another.
    conn.recv(&update(0, 800_000))
        .expect("a WINDOW_UPDATE for the connection");
    for (stream, len, _) in sent(&mut conn) {
        octets[stream as usize] += len;
        let ahead = [octets[3], octets[5], octets[7]];
        let most = ahead.iter().max().expect("three streams");
        let least = ahead.iter().min().expect("three streams");
        assert!(
            most - least <= 2 * MAX_FRAME,
            "octets of the streams 3, 5 and 7 on the way through three bodies of 300 KiB: {ahead:?}"
        );
    }
    assert_eq!(
        octets[3] + octets[5] + octets[7],
        800_900,
        "octets sent in all"
    );
}

#[test]
fn a_smaller_initial_window_makes_windows_negative() {
    let mut conn = ready(&[]);
    conn.recv(&update(0, 1_000_000))
        .expect("a WINDOW_UPDATE for the connection");
    let mut client = Client::default();
    requests(&mut conn, &mut client, &[1]);
    conn.respond(1, &ok(), body(100_000));
    assert_eq!(
        octets_sent(&mut conn, 1),
        65_535,
        "octets sent with a window of 65,535"
    );
    conn.recv(&settings(4, 10)).expect("INITIAL_WINDOW_SIZE 10");
    assert_eq!(
        octets_sent(&mut conn, 1),
        0,
        "octets sent after INITIAL_WINDOW_SIZE 10: the window is -65,525"
    );
    conn.recv(&update(1, 65_525))
        .expect("a WINDOW_UPDATE for stream 1");
    assert_eq!(
        octets_sent(&mut conn, 1),
        0,
        "octets sent after 65,525 more: the window is 0"
    );
    conn.recv(&update(1, 7))
        .expect("a WINDOW_UPDATE for stream 1");
    assert_eq!(octets_sent(&mut conn, 1), 7, "octets sent after 7 more");
    requests(&mut conn, &mut client, &[3]);
    conn.respond(3, &ok(), body(100));
    assert_eq!(octets_sent(&mut conn, 3), 10, "octets sent on a new stream");
    conn.recv(&settings(4, 30)).expect("INITIAL_WINDOW_SIZE 30");
    let frames = sent(&mut conn);
    let mut streams: Vec<_> = frames.iter().map(|frame| (frame.0, frame.1)).collect();
    streams.sort_unstable();
    assert_eq!(
        streams,
        [(1, 20), (3, 20)],
        "streams and octets that go on at once after INITIAL_WINDOW_SIZE 30"
    );
}

#[test]
fn settings_have_limits() {
    for (id, value, code) in [
        (4, 1 << 31, FlowControlError),
        (4, u32::MAX, FlowControlError),
        (5, 0, ProtocolError),
        (5, 16_383, ProtocolError),
        (5, 1 << 24, ProtocolError),
        (5, u32::MAX, ProtocolError),
    ] {
        let result = ready(&[]).recv(&settings(id, value));
        assert_eq!(result, Err(code), "SETTINGS with {id} = {value}");
    }
    for (id, value) in [
        (4, 0),
        (4, (1 << 31) - 1),
        (5, 16_384),
        (5, (1 << 24) - 1),
        (0x99, u32::MAX),
    ] {
        let result = ready(&[]).recv(&settings(id, value));
        assert_eq!(result, Ok(Vec::new()), "SETTINGS with {id} = {value}");
    }
    let mut conn = answered(&setting(4, 0), 10);
    conn.recv(&update(1, (1 << 31) - 1))
        .expect("a WINDOW_UPDATE of 2^31 - 1 for stream 1, whose window is 0");
    assert_eq!(sent(&mut conn), [(1, 10, true)], "frames sent then");
    let mut conn = ready(&setting(4, 0));
    requests(&mut conn, &mut Client::default(), &[1]);
    conn.recv(&update(1, (1 << 31) - 1))
        .expect("a WINDOW_UPDATE of 2^31 - 1 for stream 1, whose window is 0");
    assert_eq!(
        conn.recv(&settings(4, 1)),
        Err(FlowControlError),
        "INITIAL_WINDOW_SIZE 1 when a stream has a window of 2^31 - 1"
    );
}

/// The code of a RST_STREAM for stream 1 in the output.
fn reset_code(conn: &mut Conn) -> Option<Vec<u8>> {
    let output = frames(&conn.take_output()).into_iter();
    output
        .filter(|frame| (frame.0, frame.2) == (RST_STREAM, 1))
        .map(|frame| frame.3)
        .next()
}

#[test]
fn window_updates_have_limits() {
    let open = || {
        let mut conn = ready(&[]);
        requests(&mut conn, &mut Client::default(), &[1]);
        conn.take_output();
        conn
    };
    let most = (1 << 31) - 1 - 65_535;
    for (increment, code) in [
        (0, ProtocolError),
        (most + 1, FlowControlError),
        ((1 << 31) - 1, FlowControlError),
    ] {
        let result = open().recv(&update(0, increment));
        assert_eq!(
            result,
            Err(code),
            "WINDOW_UPDATE of {increment} for the connection, which has 65,535"
        );
        let mut conn = open();
        let result = conn.recv(&update(1, increment));
        assert_eq!(
            result,
            Ok(Vec::new()),
            "WINDOW_UPDATE of {increment} for a stream, which has 65,535"
        );
        let code = (code as u32).to_be_bytes().to_vec();
        assert_eq!(
            reset_code(&mut conn),
            Some(code),
            "what that stream gets: RST_STREAM with this code"
        );
    }
    for stream in [0, 1] {
        let mut conn = open();
        let result = conn.recv(&update(stream, most));
        assert_eq!(
            result,
            Ok(Vec::new()),
            "WINDOW_UPDATE of {most} for {stream}, which has 65,535"
        );
        assert_eq!(reset_code(&mut conn), None, "no RST_STREAM");
    }
    for payload in [&[0, 0, 1][..], &[0, 0, 0, 0, 1], &[]] {
        let result = open().recv(&f(WINDOW_UPDATE, 0, 1, payload));
        assert_eq!(
            result,
            Err(FrameSizeError),
            "WINDOW_UPDATE with the payload {payload:?}"
        );
    }
}

#[test]
fn window_updates_for_streams_that_are_not_open() {
    for (opened, stream) in [(1, 2), (1, 3), (1, 5), (5, 2), (5, 4)] {
        let mut conn = uploads(&[opened]);
        let result = conn.recv(&update(stream, 1));
        assert_eq!(
            result,
            Err(ProtocolError),
            "WINDOW_UPDATE for stream {stream} when only stream {opened} was opened"
        );
    }
    for increment in [0, 1] {
        let mut conn = answered(&[], 10);
        conn.take_output();
        let result = conn.recv(&update(1, increment));
        assert_eq!(
            result,
            Ok(Vec::new()),
            "WINDOW_UPDATE of {increment} for a stream that was answered"
        );
        assert_eq!(conn.take_output(), [], "output for that");
    }
}

#[test]
fn a_stream_that_is_reset_sends_no_more() {
    let mut conn = answered(&setting(4, 10), 25);
    conn.recv(&f(RST_STREAM, 0, 1, &[0, 0, 0, 8]))
        .expect("RST_STREAM for stream 1");
    conn.take_output();
    conn.recv(&update(1, 20))
        .expect("a WINDOW_UPDATE that was on its way");
    conn.recv(&settings(4, 1_000))
        .expect("INITIAL_WINDOW_SIZE 1,000");
    assert_eq!(
        sent(&mut conn),
        [],
        "DATA for a stream that the client has reset"
    );
}

/// A connection with requests on these streams that are still to get a body.
fn uploads(streams: &[u32]) -> Conn {
    let mut conn = ready(&[]);
    let mut client = Client::default();
    for &stream in streams {
        let events = conn.recv(&client.get(stream, 0, "/"));
        assert_eq!(
            events.map(|events| events.len()),
            Ok(1),
            "a request on stream {stream}"
        );
    }
    conn.take_output();
    conn
}

/// Sends DATA of so many octets in frames of at most 16,384; gives the last result.
fn upload(conn: &mut Conn, stream: u32, octets: usize) -> Result<Vec<Event>, Code> {
    body(octets)
        .chunks(MAX_FRAME)
        .map(|part| conn.recv(&f(DATA, 0, stream, part)))
        .last()
        .unwrap_or(Ok(Vec::new()))
}

#[test]
fn the_client_must_not_send_more_than_a_stream_takes() {
    let mut conn = uploads(&[1, 3]);
    assert!(
        upload(&mut conn, 1, 65_535).is_ok(),
        "65,535 octets on stream 1"
    );
    assert_eq!(
        frames(&conn.take_output()),
        [],
        "output: nothing was released yet"
    );
    assert_eq!(
        upload(&mut conn, 1, 1),
        Ok(Vec::new()),
        "one octet more on stream 1, of which nothing was released"
    );
    let code = (FlowControlError as u32).to_be_bytes().to_vec();
    assert_eq!(
        reset_code(&mut conn),
        Some(code),
        "what stream 1 gets: RST_STREAM with this code"
    );
    assert_eq!(
        upload(&mut conn, 3, 5),
        Ok(vec![Event::Data {
            stream: 3,
            data: body(5),
            end: false
        }]),
        "five octets on stream 3: the connection goes on"
    );
    // The padding, 10 octets here, and the octet of its length count as well.
    for (octets, fits) in [(535, true), (536, false)] {
        let mut conn = uploads(&[1]);
        assert!(
            upload(&mut conn, 1, 65_000).is_ok(),
            "65,000 octets on stream 1"
        );
        let mut payload = vec![10];
        payload.resize(octets, 0);
        let result = conn.recv(&f(DATA, PADDED, 1, &payload));
        assert_eq!(
            result.map(|events| events.len()),
            Ok(usize::from(fits)),
            "events of DATA of {octets} octets, 11 of them for padding, when stream 1 has 535 left"
        );
        assert_eq!(
            reset_code(&mut conn).is_none(),
            fits,
            "whether stream 1 goes on after DATA of {octets} octets, 11 of them for padding, with 535 left"
        );
    }
}

#[test]
fn data_above_the_window_of_their_stream_go_back_to_the_connection() {
    let mut conn = uploads(&[1, 3]);
    assert!(
        upload(&mut conn, 1, 65_535).is_ok(),
        "65,535 octets on stream 1"
    );
    assert_eq!(
        upload(&mut conn, 1, 10_000),
        Ok(Vec::new()),
        "10,000 octets more on stream 1, of which nothing was released"
    );
    let output = frames(&conn.take_output());
    assert_eq!(
        [0, 1].map(|stream| given_back(&output, stream)),
        [10_000, 0],
        "octets given back to the connection and to stream 1, which is reset"
    );
    let result = upload(&mut conn, 3, 65_535);
    assert!(
        result.is_ok(),
        "65,535 octets on stream 3, which the connection has left: {result:?}"
    );
}

#[test]
fn the_client_must_not_send_more_than_the_connection_takes() {
    let mut conn = uploads(&[1, 3, 5]);
    assert!(
        upload(&mut conn, 1, 65_535).is_ok(),
        "65,535 octets on stream 1"
    );
    assert!(
        upload(&mut conn, 3, 65_535).is_ok(),
        "65,535 octets on stream 3: 131,070 in all"
    );
    assert_eq!(
        upload(&mut conn, 5, 1),
        Err(FlowControlError),
        "one octet more on stream 5"
    );
    let mut conn = uploads(&[1, 3, 5]);
    assert!(
        upload(&mut conn, 1, 65_535).is_ok(),
        "65,535 octets on stream 1"
    );
    assert!(
        upload(&mut conn, 3, 65_535).is_ok(),
        "65,535 octets on stream 3: 131,070 in all"
    );
    conn.release(1, 100);
    assert!(
        upload(&mut conn, 5, 100).is_ok(),
        "100 octets on stream 5, after 100 of stream 1 were released"
    );
    assert_eq!(
        upload(&mut conn, 1, 1),
        Err(FlowControlError),
        "one octet more on stream 1"
    );
}

#[test]
fn release_gives_octets_back_at_once() {
    let mut conn = uploads(&[1, 3]);
    for round in 1..=20 {
        let result = upload(&mut conn, 1, 30_000);
        assert!(
            result.is_ok(),
            "30,000 octets on stream 1 for the {round}. time, all before released: {result:?}"
        );
        let output = frames(&conn.take_output());
        assert_eq!(
            given_back(&output, 1) + given_back(&output, 0),
            0,
            "octets given back before they were released"
        );
        conn.release(1, 10_000);
        conn.release(1, 0);
        conn.release(1, 20_000);
        let output = frames(&conn.take_output());
        let back = [0, 1, 3].map(|stream| given_back(&output, stream));
        assert_eq!(
            back,
            [30_000, 30_000, 0],
            "octets given back to the connection, stream 1 and stream 3 when 30,000 of stream 1 were released"
        );
    }
}

#[test]
fn a_stream_that_takes_no_more_data_gives_back_to_the_connection_alone() {
    for cancelled in [false, true] {
        let mut conn = uploads(&[1]);
        assert!(
            upload(&mut conn, 1, 1_000).is_ok(),
            "1,000 octets on stream 1"
        );
        let last = match cancelled {
            true => f(RST_STREAM, 0, 1, &[0, 0, 0, 8]),
            false => f(DATA, END_STREAM, 1, &[]),
        };
        assert!(conn.recv(&last).is_ok(), "the end of stream 1");
        conn.release(1, 1_000);
        let output = frames(&conn.take_output());
        assert_eq!(
            [0, 1].map(|stream| given_back(&output, stream)),
            [1_000, 0],
            "octets given back to the connection and to stream 1, which was {} before they were released",
            if cancelled {
                "reset by the client"
            } else {
                "ended"
            }
        );
    }
}

#[test]
fn padding_counts_and_is_given_back_at_once() {
    let mut conn = uploads(&[1]);
    let mut back = [0, 0];
    for round in 1..=600_u64 {
        // One octet for the length, one of data, 254 of padding.
        let mut payload = vec![254, 7];
        payload.resize(256, 0);
        let expected = vec![Event::Data {
            stream: 1,
            data: vec![7],
            end: false,
        }];
        assert_eq!(
            conn.recv(&f(DATA, PADDED, 1, &payload)),
            Ok(expected),
            "DATA of 256 octets, 255 of them padding, for the {round}. time"
        );
        let output = frames(&conn.take_output());
        back[0] += given_back(&output, 0);
        back[1] += given_back(&output, 1);
        assert_eq!(
            back,
            [255 * round; 2],
            "octets given back to the connection and to the stream after {round} times 255 octets of padding"
        );
    }
    // 600 octets of data were not released, and count.
    assert!(
        upload(&mut conn, 1, 64_935).is_ok(),
        "64,935 octets more: 65,535 with those that were not released"
    );
    upload(&mut conn, 1, 1).expect("a stream error only");
    assert!(
        reset_code(&mut conn).is_some(),
        "one octet more than the stream takes"
    );
}

#[test]
fn the_padding_of_the_last_data_goes_back_to_the_connection_alone() {
    let mut conn = uploads(&[1]);
    let mut payload = vec![254, 7];
    payload.resize(256, 0);
    let expected = vec![Event::Data {
        stream: 1,
        data: vec![7],
        end: true,
    }];
    assert_eq!(
        conn.recv(&f(DATA, PADDED | END_STREAM, 1, &payload)),
        Ok(expected),
        "DATA of 256 octets, 255 of them padding, with END_STREAM"
    );
    let output = frames(&conn.take_output());
    assert_eq!(
        [0, 1].map(|stream| given_back(&output, stream)),
        [255, 0],
        "octets given back to the connection and to stream 1, which has ended"
    );
    assert_eq!(
        upload(&mut conn, 1, 1),
        Ok(Vec::new()),
        "one octet more on stream 1"
    );
    let code = (StreamClosed as u32).to_be_bytes().to_vec();
    assert_eq!(
        reset_code(&mut conn),
        Some(code),
        "what stream 1 gets for that: RST_STREAM with this code"
    );
}

#[test]
fn data_for_a_reset_stream_go_back_to_the_connection() {
    let mut conn = uploads(&[1, 3]);
    conn.reset(1, RefusedStream);
    conn.take_output();
    let mut back = 0;
    for round in 1..=20_u64 {
        let result = upload(&mut conn, 1, 10_000);
        assert_eq!(
            result,
            Ok(Vec::new()),
            "10,000 octets on a stream that we have reset, for the {round}. time"
        );
        let output = frames(&conn.take_output());
        back += given_back(&output, 0);
        assert_eq!(
            (back, given_back(&output, 1)),
            (10_000 * round, 0),
            "octets given back to the connection, and to the stream, after {round} times 10,000"
        );
    }
    assert!(
        upload(&mut conn, 3, 65_535).is_ok(),
        "65,535 octets on another stream"
    );
}

#[test]
fn data_behind_the_end_go_back_to_the_connection() {
    let mut conn = uploads(&[1]);
    assert!(
        conn.recv(&f(DATA, END_STREAM, 1, &[])).is_ok(),
        "the end of stream 1"
    );
    for round in 1..=20 {
        let result = upload(&mut conn, 1, 10_000);
        assert_eq!(
            result,
            Ok(Vec::new()),
            "10,000 octets behind the end, for the {round}. time"
        );
        let output = frames(&conn.take_output());
        assert_eq!(
            given_back(&output, 0),
            10_000,
            "octets given back to the connection"
        );
    }
}

#[test]
fn data_on_a_stream_that_is_not_open_end_the_connection() {
    for (opened, stream) in [(1, 2), (1, 3), (1, 5), (5, 2), (5, 4)] {
        let result = upload(&mut uploads(&[opened]), stream, 1);
        assert_eq!(
            result,
            Err(ProtocolError),
            "DATA on stream {stream} when only stream {opened} was opened"
        );
    }
    let result = upload(&mut answered(&[], 10), 1, 1);
    assert_eq!(
        result,
        Err(StreamClosed),
        "DATA on a stream that has ended on both sides"
    );
}

/// A stream of the random scripts: its window, what was sent, the length of the body.
#[derive(Debug)]
struct Sending {
    window: i64,
    sent: usize,
    len: usize,
}

/// What the client allows.
struct Model {
    window: i64,
    initial: i64,
    streams: BTreeMap<u32, Sending>,
}

impl Model {
    /// Checks each frame of the output against both windows, and that nothing was left that could have been sent.
    fn check(&mut self, conn: &mut Conn, done: &[String]) {
        for (kind, flags, number, data) in frames(&conn.take_output()) {
            if kind != DATA {
                assert_ne!(kind, GOAWAY, "after {done:#?}: no GOAWAY was expected");
                continue;
            }
            let len = data.len() as i64;
            let Some(stream) = self.streams.get_mut(&number) else {
                panic!("after {done:#?}: {len} octets of DATA on stream {number}, which is gone");
            };
            assert!(
                len <= self.window.min(stream.window).max(0) && data.len() <= MAX_FRAME,
                "after {done:#?}: {len} octets of DATA on stream {number}; the connection has {}, the stream {}",
                self.window,
                stream.window
            );
            assert!(
                body(stream.len).get(stream.sent..stream.sent + data.len()) == Some(&data[..]),
                "after {done:#?}: {len} octets of DATA on stream {number} are not those that come next"
            );
            stream.sent += data.len();
            stream.window -= len;
            self.window -= len;
            assert_eq!(
                flags & END_STREAM != 0,
                stream.sent == stream.len,
                "after {done:#?}: END_STREAM with {} of {} octets of stream {number}",
                stream.sent,
                stream.len
            );
            if stream.sent == stream.len {
                self.streams.remove(&number);
            }
        }
        for (number, stream) in &self.streams {
            assert!(
                self.window <= 0 || stream.window <= 0,
                "after {done:#?}: stream {number} could have sent more, the connection has {}, the stream: {stream:?}",
                self.window
            );
        }
    }
}

fn random_step(
    rng: &mut Rng,
    model: &mut Model,
    client: &mut Client,
    conn: &mut Conn,
    next: &mut u32,
) -> String {
    let open: Vec<u32> = model.streams.keys().copied().collect();
    let increment = rng.range(1..5_000);
    let (input, what) = match rng.below(10) {
        0..3 => {
            let (number, len) = (*next, 1 + rng.below(12_000));
            *next += 2;
            model.streams.insert(
                number,
                Sending {
                    window: model.initial,
                    sent: 0,
                    len,
                },
            );
            requests(conn, client, &[number]);
            conn.respond(number, &ok(), body(len));
            return format!("stream {number} answered with {len} octets");
        }
        3 | 4 => {
            model.window += i64::from(increment);
            (
                update(0, increment),
                format!("{increment} more for the connection"),
            )
        }
        5 | 6 if !open.is_empty() => {
            let number = *rng.pick(&open);
            model
                .streams
                .entry(number)
                .and_modify(|stream| stream.window += i64::from(increment));
            (
                update(number, increment),
                format!("{increment} more for stream {number}"),
            )
        }
        7 if !open.is_empty() => {
            let number = *rng.pick(&open);
            model.streams.remove(&number);
            (
                f(RST_STREAM, 0, number, &[0, 0, 0, 8]),
                format!("stream {number} reset"),
            )
        }
        _ => {
            let size = *rng.pick(&[0, 10, 3_000, 30_000]);
            let difference = i64::from(size) - model.initial;
            model.initial = i64::from(size);
            model
                .streams
                .values_mut()
                .for_each(|stream| stream.window += difference);
            (settings(4, size), format!("INITIAL_WINDOW_SIZE {size}"))
        }
    };
    assert!(conn.recv(&input).is_ok(), "{what}");
    what
}

#[test]
fn random_scripts_keep_to_the_windows_and_leave_nothing_behind() {
    cases(100, |rng| {
        let mut conn = ready(&[]);
        let mut client = Client::default();
        let mut model = Model {
            window: 65_535,
            initial: 65_535,
            streams: BTreeMap::new(),
        };
        let mut next = 1;
        let mut done = Vec::new();
        for _ in 0..rng.size() / 2 {
            done.push(random_step(
                rng,
                &mut model,
                &mut client,
                &mut conn,
                &mut next,
            ));
            model.check(&mut conn, &done);
        }
    });
}

/// Serves a connection: a request for /n gets an answer of n octets, one with a body its length.
async fn serve(mut io: DuplexStream) {
    let mut conn = Conn::new();
    let mut waiting = BTreeMap::new();
    let mut buffer = vec![0; 16_384];
    loop {
        if io.write_all(&conn.take_output()).await.is_err() {
            return;
        }
        let n = io.read(&mut buffer).await.unwrap_or(0);
        let Ok(events) = conn.recv(&buffer[..n]) else {
            let _ = io.write_all(&conn.take_output()).await;
            return;
        };
        if n == 0 {
            return;
        }
        for event in events {
            let stream = match event {
                Event::Request {
                    stream,
                    headers,
                    end,
                } => {
                    let path = headers.iter().find(|(name, _)| name == b":path");
                    let path =
                        String::from_utf8_lossy(path.map_or(b"", |(_, path)| path)).into_owned();
                    waiting.insert(stream, path[1..].parse::<usize>().unwrap_or(0));
                    end.then_some(stream)
                }
                Event::Data { stream, data, end } => {
                    waiting
                        .entry(stream)
                        .and_modify(|octets| *octets += data.len());
                    conn.release(stream, data.len());
                    end.then_some(stream)
                }
                Event::Trailers { stream, .. } => Some(stream),
                Event::Reset { stream } => {
                    waiting.remove(&stream);
                    None
                }
            };
            if let Some((stream, octets)) = stream.and_then(|s| waiting.remove_entry(&s)) {
                conn.respond(stream, &ok(), body(octets));
            }
        }
    }
}

/// Runs a script with a client of h2, within five seconds.
fn with_h2<F: Future<Output = ()>>(
    builder: &h2::client::Builder,
    what: &str,
    script: impl FnOnce(h2::client::SendRequest<bytes::Bytes>) -> F,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let all = runtime.block_on(async {
        tokio::time::timeout(Duration::from_secs(5), async {
            let (ours, theirs) = tokio::io::duplex(1 << 16);
            let server = tokio::spawn(serve(theirs));
            let (client, connection) = builder.handshake(ours).await.expect("a handshake");
            let driver = tokio::spawn(connection);
            script(client).await;
            driver.await.expect("no panic").expect("h2 sees no error");
            server.await.expect("no panic");
        })
        .await
    });
    assert!(all.is_ok(), "{what} did not end within 5 seconds");
}

type Answer = h2::client::ResponseFuture;

async fn ask(client: &h2::client::SendRequest<bytes::Bytes>, path: usize, upload: usize) -> Answer {
    let mut client = client
        .clone()
        .ready()
        .await
        .expect("the connection takes a request");
    let request = http::Request::post(format!("http://localhost/{path}"))
        .body(())
        .expect("a request");
    let (answer, mut stream) = client
        .send_request(request, upload == 0)
        .expect("it can be sent");
    if upload > 0 {
        stream
            .send_data(body(upload).into(), true)
            .expect("a body can be sent");
    }
    answer
}

async fn assert_answer(answer: Answer, octets: usize, what: &str) {
    let answer = answer
        .await
        .unwrap_or_else(|e| panic!("{what} failed: {e}"));
    let mut stream = answer.into_body();
    let mut got = Vec::new();
    while let Some(part) = stream.data().await {
        let part = part.unwrap_or_else(|e| panic!("{what} failed after {} octets: {e}", got.len()));
        got.extend_from_slice(&part);
        stream
            .flow_control()
            .release_capacity(part.len())
            .expect("octets can be released");
    }
    assert!(
        got == body(octets),
        "{what}: {} octets came, and {octets} were expected",
        got.len()
    );
}

#[test]
fn h2_gets_100_answers_through_windows_of_10_octets() {
    let mut builder = h2::client::Builder::new();
    builder.initial_window_size(10);
    with_h2(
        &builder,
        "100 answers through windows of 10 octets",
        async |client| {
            let mut answers = Vec::new();
            for i in 0..100 {
                answers.push(tokio::spawn(assert_answer(
                    ask(&client, i, 0).await,
                    i,
                    "an answer of up to 99 octets",
                )));
            }
            for answer in answers {
                answer.await.expect("the answer is right");
            }
        },
    );
}

#[test]
fn h2_gets_large_answers_sends_as_much_and_cancels_half_of_its_requests() {
    with_h2(
        &h2::client::Builder::new(),
        "large bodies in both directions, then 100 requests",
        async |client| {
            let mut answers = Vec::new();
            for upload in [0, 0, 300 * 1024, 300 * 1024] {
                let answer = ask(&client, 300 * 1024 - upload, upload).await;
                let what = format!("an answer of 300 KiB to a request of {upload} octets");
                answers.push(tokio::spawn(async move {
                    assert_answer(answer, 300 * 1024, &what).await
                }));
            }
            for i in 0..90 {
                let answer = ask(&client, 2_000, 0).await;
                // An answer that nobody waits for is cancelled.
                if i % 2 == 0 {
                    let what = "an answer of 2,000 octets";
                    answers.push(tokio::spawn(assert_answer(answer, 2_000, what)));
                }
            }
            for answer in answers {
                answer.await.expect("the answer is right");
            }
        },
    );
}
