use super::H3Error::*;
use super::*;
use counted::allocations;
use seeded::{Rng, cases};

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

const MAX: u64 = (1 << 62) - 1;

fn put(value: u64, out: &mut Vec<u8>) {
    match value {
        0..0x40 => out.push(value as u8),
        0x40..0x4000 => out.extend((0x4000 + value as u16).to_be_bytes()),
        0x4000..0x4000_0000 => out.extend((0x8000_0000 + value as u32).to_be_bytes()),
        _ => out.extend((0xc000_0000_0000_0000 + value).to_be_bytes()),
    }
}

fn frame(kind: u64, payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    put(kind, &mut out);
    put(payload.len() as u64, &mut out);
    out.extend(payload);
    out
}

/// A frame whose payload is integers.
fn numbers(kind: u64, values: &[u64]) -> Vec<u8> {
    let mut payload = Vec::new();
    for &value in values {
        put(value, &mut payload);
    }
    frame(kind, &payload)
}

/// `:method: GET` as HEADERS, and the event.
fn get() -> (Vec<u8>, Event) {
    (
        frame(HEADERS, &[0, 0, 0xd1]),
        Event::Headers(vec![field(":method", "GET")]),
    )
}

fn field(name: &str, value: &str) -> Field {
    (name.into(), value.into())
}

type Outcome = Result<Vec<Event>, H3Error>;

/// Feeds the pieces one after another. Neighbouring Data events become one, empty ones none.
fn play<'a>(mut reader: H3Reader, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut events = Vec::new();
    for piece in pieces {
        for event in reader.feed(piece)? {
            match (event, events.last_mut()) {
                (Event::Data(data), _) if data.is_empty() => {}
                (Event::Data(data), Some(Event::Data(before))) => before.extend(data),
                (event, _) => events.push(event),
            }
        }
    }
    Ok(events)
}

/// Feeds a script in one piece, octet by octet, and in two pieces cut at each place.
#[track_caller]
fn assert_script(reader: fn() -> H3Reader, octets: &[u8], expected: Outcome, what: &str) {
    assert_eq!(
        play(reader(), [octets]),
        expected,
        "{what}, in one piece: left is what you gave, right the expected outcome; the octets are {octets:?}"
    );
    assert_eq!(
        play(reader(), octets.chunks(1)),
        expected,
        "{what}, octet by octet: left is what you gave, right the expected outcome; the octets are {octets:?}"
    );
    for cut in 0..=octets.len() {
        assert_eq!(
            play(reader(), [&octets[..cut], &octets[cut..]]),
            expected,
            "{what}, in two pieces of {cut} and {} octets: left is what you gave, right the expected outcome; the \
             octets are {octets:?}",
            octets.len() - cut
        );
    }
}

#[track_caller]
fn assert_request(frames: &[&[u8]], expected: Outcome, what: &str) {
    assert_script(H3Reader::request, &frames.concat(), expected, what);
}

/// Behind an empty SETTINGS.
#[track_caller]
fn assert_control(frames: &[&[u8]], expected: Outcome, what: &str) {
    let octets = [&[4, 0], &frames.concat()[..]].concat();
    let expected = expected.map(|events| [vec![Event::Settings(Vec::new())], events].concat());
    assert_script(H3Reader::control, &octets, expected, what);
}

#[test]
fn the_example_is_read() {
    let octets = [1, 3, 0, 0, 209, 0, 2, b'h', b'i'];
    let expected = vec![get().1, Event::Data(b"hi".to_vec())];
    assert_request(&[&octets], Ok(expected), "the example");
}

#[test]
fn a_request_is_headers_data_and_trailers() {
    let (headers, event) = get();
    let trailers = frame(HEADERS, &[0, 0, 0x23, b'a', b'b', b'c', 1, b'x']);
    assert_request(&[&headers], Ok(vec![event.clone()]), "HEADERS");
    assert_request(
        &[
            &headers,
            &frame(DATA, b"one"),
            &frame(DATA, b""),
            &frame(DATA, &[b'x'; 70]),
            &trailers,
        ],
        Ok(vec![
            event.clone(),
            Event::Data([&b"one"[..], &[b'x'; 70]].concat()),
            Event::Trailers(vec![field("abc", "x")]),
        ]),
        "HEADERS, three DATA and trailers",
    );
    assert_request(
        &[&headers, &trailers],
        Ok(vec![event, Event::Trailers(vec![field("abc", "x")])]),
        "HEADERS and trailers",
    );
}

#[test]
fn data_is_handed_on_as_it_comes() {
    let (headers, _) = get();
    let mut reader = H3Reader::request();
    assert!(reader.feed(&headers).is_ok(), "HEADERS on a request stream");
    let mut head = Vec::new();
    put(DATA, &mut head);
    put(MAX, &mut head);
    assert!(
        reader.feed(&head).is_ok(),
        "the head of a DATA frame of 2^62 - 1 octets"
    );
    for _ in 0..3 {
        assert_eq!(
            reader.feed(b"part"),
            Ok(vec![Event::Data(b"part".to_vec())]),
            "four octets of a DATA frame of 2^62 - 1 octets"
        );
    }
}

#[test]
fn what_has_no_place_on_a_request_stream_is_unexpected() {
    let (headers, _) = get();
    let data = frame(DATA, b"x");
    let unexpected = || Err(FrameUnexpected);
    assert_request(&[&data], unexpected(), "DATA before HEADERS");
    assert_request(
        &[&frame(DATA, b"")],
        unexpected(),
        "an empty DATA before HEADERS",
    );
    assert_request(
        &[&headers, &headers, &data],
        unexpected(),
        "DATA behind trailers",
    );
    assert_request(
        &[&headers, &data, &headers, &headers],
        unexpected(),
        "a third HEADERS",
    );
    for kind in [2, 3, 4, 5, 6, 7, 8, 9, 13] {
        let other = numbers(kind, &[0]);
        assert_request(
            &[&other],
            unexpected(),
            &format!("type {kind} first on a request stream"),
        );
        assert_request(
            &[&headers, &other],
            unexpected(),
            &format!("type {kind} behind HEADERS"),
        );
    }
}

#[test]
fn a_control_stream_starts_with_settings() {
    assert_control(&[], Ok(Vec::new()), "an empty SETTINGS");
    assert_script(
        H3Reader::control,
        &numbers(SETTINGS, &[6, 16_384, 1, 0, 0x21, MAX]),
        Ok(vec![Event::Settings(vec![
            (6, 16_384),
            (1, 0),
            (0x21, MAX),
        ])]),
        "SETTINGS with three settings, one of them unknown",
    );
    for kind in [0, 1, 3, 5, 7, 13, 0x21, 0x40] {
        assert_script(
            H3Reader::control,
            &numbers(kind, &[0]),
            Err(MissingSettings),
            &format!("type {kind} before SETTINGS"),
        );
    }
}

#[test]
fn what_follows_the_settings_has_one_integer() {
    for (kind, event) in [
        (CANCEL_PUSH, Event::CancelPush as fn(u64) -> Event),
        (GOAWAY, Event::GoAway),
        (MAX_PUSH_ID, Event::MaxPushId),
    ] {
        for value in [0, 63, 64, 1 << 30, MAX] {
            let what = format!("type {kind} with {value}");
            let octets = numbers(kind, &[value]);
            assert_control(
                &[&octets, &octets],
                Ok(vec![event(value), event(value)]),
                &what,
            );
        }
    }
}

#[test]
fn what_has_no_place_on_a_control_stream_is_unexpected() {
    for kind in [0, 1, 2, 4, 5, 6, 8, 9] {
        assert_control(
            &[&numbers(kind, &[0])],
            Err(FrameUnexpected),
            &format!("type {kind} behind SETTINGS"),
        );
    }
}

#[test]
fn unknown_types_are_skipped_on_both_streams() {
    let (headers, event) = get();
    for kind in [10, 14, 0x21, 0x1f * 7 + 0x21, 0x4000, MAX] {
        let what = format!("type {kind} between other frames");
        let unknown = frame(kind, &[1; 70]);
        let empty = frame(kind, &[]);
        assert_request(
            &[
                &unknown,
                &empty,
                &headers,
                &unknown,
                &frame(DATA, b"x"),
                &empty,
                &headers,
                &unknown,
            ],
            Ok(vec![
                event.clone(),
                Event::Data(b"x".to_vec()),
                Event::Trailers(vec![field(":method", "GET")]),
            ]),
            &what,
        );
        assert_control(
            &[&unknown, &empty, &numbers(GOAWAY, &[4])],
            Ok(vec![Event::GoAway(4)]),
            &what,
        );
    }
}

#[test]
fn nothing_of_an_unknown_frame_is_kept() {
    let mut head = Vec::new();
    put(0x21, &mut head);
    put(MAX, &mut head);
    let piece = vec![7; 10_000];
    let mut reader = H3Reader::request();
    let (events, heap) = allocations(|| {
        let mut events = reader.feed(&head).map_or(1, |events| events.len());
        for _ in 0..100 {
            events += reader.feed(&piece).map_or(1, |events| events.len());
        }
        events
    });
    assert_eq!(
        events, 0,
        "events and errors in a frame of type 0x21 and 2^62 - 1 octets"
    );
    assert!(
        heap.peak <= 4_096,
        "of 1 MB of a skipped frame {} bytes were held at one time, and 4 KiB are allowed",
        heap.peak
    );
}

#[test]
fn what_must_be_kept_has_a_limit() {
    for (reader, kind) in [
        (H3Reader::request as fn() -> H3Reader, HEADERS),
        (H3Reader::control, SETTINGS),
    ] {
        for length in [MAX_KEPT + 1, 1 << 30, MAX] {
            let mut head = Vec::new();
            put(kind, &mut head);
            put(length, &mut head);
            assert_eq!(
                reader().feed(&head),
                Err(ExcessiveLoad),
                "the head of a frame of type {kind} and {length} octets"
            );
        }
        let mut head = Vec::new();
        put(kind, &mut head);
        put(MAX_KEPT, &mut head);
        assert_eq!(
            reader().feed(&head),
            Ok(Vec::new()),
            "the head of a frame of type {kind} and {MAX_KEPT} octets"
        );
    }
    // A long value as a field of its own: 16,384 octets in all.
    let mut section = vec![0, 0, 0x21, b'a', 0x7f, 0xfa, 0x7e];
    section.resize(MAX_KEPT as usize, b'x');
    let mut reader = H3Reader::request();
    let events = reader
        .feed(&frame(HEADERS, &section))
        .map(|events| match &events[..] {
            [Event::Headers(fields)] => fields.iter().map(|(_, value)| value.len()).collect(),
            _ => Vec::new(),
        });
    assert_eq!(
        events,
        Ok(vec![16_377]),
        "the length of the one value in HEADERS of 16,384 octets"
    );
}

#[test]
fn a_payload_is_exactly_its_fields() {
    for kind in [CANCEL_PUSH, GOAWAY, MAX_PUSH_ID] {
        for (payload, what) in [
            (&[][..], "no payload"),
            (&[0x40], "half an integer"),
            (&[1, 2], "two integers"),
            (&[0xc0, 0, 0, 0, 0, 0, 0], "seven octets of eight"),
        ] {
            assert_control(
                &[&frame(kind, payload)],
                Err(FrameError),
                &format!("type {kind} with {what}"),
            );
        }
    }
    for (payload, what) in [
        (&[6][..], "an identifier without a value"),
        (&[6, 0x40], "half a value"),
        (&[6, 1, 0x80], "half an identifier behind a setting"),
    ] {
        assert_script(
            H3Reader::control,
            &frame(SETTINGS, payload),
            Err(FrameError),
            &format!("SETTINGS with {what}"),
        );
    }
}

#[test]
fn settings_of_http2_and_settings_twice_are_errors() {
    for (values, what) in [
        (&[2, 0][..], "ENABLE_PUSH of HTTP/2"),
        (&[3, 100], "MAX_CONCURRENT_STREAMS of HTTP/2"),
        (&[4, 65_535], "INITIAL_WINDOW_SIZE of HTTP/2"),
        (&[6, 1, 5, 16_384], "MAX_FRAME_SIZE of HTTP/2 as the second"),
        (&[6, 1, 7, 2, 6, 1], "the setting 6 twice"),
        (&[0x21, 1, 0x21, 2], "an unknown setting twice"),
    ] {
        assert_script(
            H3Reader::control,
            &numbers(SETTINGS, values),
            Err(SettingsError),
            &format!("SETTINGS with {what}"),
        );
    }
}

#[track_caller]
fn assert_fields(section: &[u8], fields: &[Field], what: &str) {
    assert_request(
        &[&frame(HEADERS, section)],
        Ok(vec![Event::Headers(fields.to_vec())]),
        what,
    );
}

#[test]
fn field_sections_use_the_static_table_or_literals() {
    assert_fields(&[0, 0], &[], "a field section without fields");
    // RFC 9204, appendix B.1.
    assert_fields(
        b"\0\0\x51\x0b/index.html",
        &[field(":path", "/index.html")],
        "RFC 9204, appendix B.1",
    );
    assert_fields(
        &[0, 0, 0xc1, 0xfe, 0xff, 0, 0xff, 35],
        &[
            field(":path", "/"),
            field("x-xss-protection", "1; mode=block"),
            field(":status", "100"),
            field("x-frame-options", "sameorigin"),
        ],
        "the entries 1, 62, 63 and 98",
    );
    assert_fields(
        b"\0\0\x7f\x45\x04shhh\x31a\x01b",
        &[field("authorization", "shhh"), field("a", "b")],
        "fields that intermediaries must not compress: the name of entry 84, and a literal one",
    );
    assert_fields(
        b"\0\0\x27\x04x-long-name\0",
        &[field("x-long-name", "")],
        "a name of eleven octets, more than 3 bits can say, and an empty value",
    );
    assert_fields(
        &[0, 0x7f, 5, 0xd1],
        &[field(":method", "GET")],
        "a base of 132",
    );
}

#[test]
fn field_sections_of_another_implementation_are_read() {
    // Written by ls-qpack (Python's pylsqpack 0.3), with Huffman codes.
    let section = [
        0x00, 0x00, 0xd1, 0xd7, 0x50, 0x88, 0x2f, 0x91, 0xd3, 0x5d, 0x05, 0x5c, 0x87, 0xa7, 0x51,
        0x88, 0x60, 0xd5, 0x48, 0x5f, 0x2b, 0xce, 0x9a, 0x68, 0x5f, 0x50, 0x88, 0x25, 0xb6, 0x50,
        0xc3, 0xcb, 0xb6, 0xb8, 0x3f, 0xdd, 0x2f, 0x02, 0xf2, 0xb5, 0x85, 0xed, 0x69, 0x50, 0x95,
        0x8d, 0x27, 0x02, 0x34, 0x32, 0x5f, 0x45, 0x84, 0x41, 0x49, 0x61, 0x53,
    ];
    assert_fields(
        &section,
        &[
            field(":method", "GET"),
            field(":scheme", "https"),
            field(":authority", "example.com"),
            field(":path", "/index.html"),
            field("user-agent", "curl/8.5.0"),
            field("accept", "*/*"),
            field("x-request-id", "42"),
            field("authorization", "secret"),
        ],
        "a request written by ls-qpack",
    );
}

#[test]
fn what_needs_a_dynamic_table_or_is_cut_off_cannot_be_decoded() {
    for (section, what) in [
        (&[][..], "no prefix"),
        (&[0], "half a prefix"),
        (&[2, 0, 0xd1], "one insertion required"),
        (&[0x80, 0, 0xd1], "128 as the number of insertions required"),
        (&[0, 0, 0x80], "an indexed field of the dynamic table"),
        (&[0, 0, 0x10], "an indexed field behind the base"),
        (&[0, 0, 0x40, 1, b'x'], "a name of the dynamic table"),
        (
            &[0, 0, 0x60, 1, b'x'],
            "a name of the dynamic table, never to be compressed",
        ),
        (&[0, 0, 0x00, 1, b'x'], "a name behind the base"),
        (&[0, 0, 0xff, 36], "entry 99 of the static table"),
        (&[0, 0, 0x5f, 84, 1, b'x'], "the name of entry 99"),
        (&[0, 0, 0xff], "half an index"),
        (&[0, 0, 0x51], "a name without a value"),
        (&[0, 0, 0x51, 2, b'x'], "half a value"),
        (&[0, 0, 0x23, b'a'], "half a name"),
        (&[0, 0, 0x21, b'a'], "a literal name without a value"),
        (&[0, 0, 0x51, 0x81, 0x00], "a Huffman code with bad padding"),
    ] {
        assert_request(
            &[&frame(HEADERS, section)],
            Err(QpackDecompressionFailed),
            what,
        );
    }
}

#[test]
fn a_stream_ends_between_frames() {
    let (headers, _) = get();
    let ends = |reader: fn() -> H3Reader, frames: &[&[u8]]| {
        let mut reader = reader();
        for frame in frames {
            assert!(reader.feed(frame).is_ok(), "{frame:?} is in order");
        }
        reader.finish()
    };
    let request = H3Reader::request;
    let data = frame(DATA, b"xyz");
    let unknown = frame(0x21, b"xyz");
    assert_eq!(
        ends(request, &[&headers]),
        Ok(()),
        "a request that ends behind HEADERS"
    );
    assert_eq!(
        ends(request, &[&headers, &data]),
        Ok(()),
        "behind HEADERS and DATA"
    );
    assert_eq!(
        ends(request, &[&headers, &headers]),
        Ok(()),
        "behind trailers"
    );
    assert_eq!(
        ends(request, &[&headers, &unknown]),
        Ok(()),
        "behind a skipped frame"
    );
    assert_eq!(
        ends(request, &[]),
        Err(RequestIncomplete),
        "an empty request stream"
    );
    assert_eq!(
        ends(request, &[&unknown]),
        Err(RequestIncomplete),
        "only a skipped frame"
    );
    for cut in [&headers, &data, &unknown] {
        for end in 1..cut.len() {
            assert_eq!(
                ends(request, &[&headers, &cut[..end]]),
                Err(FrameError),
                "HEADERS, and then the first {end} octets of {cut:?}"
            );
        }
    }
    let control = H3Reader::control;
    for frames in [
        &[][..],
        &[&[4][..]],
        &[&[4, 5, 6][..]],
        &[&[4, 0][..]],
        &[&[4, 0][..], &[7, 1, 0]],
        &[&[4, 0][..], &[7, 1]],
        &[&[4, 0][..], &[0x21, 3, 0]],
    ] {
        assert_eq!(
            ends(control, frames),
            Err(ClosedCriticalStream),
            "a control stream that ends behind {frames:?}"
        );
    }
}

fn random_script(rng: &mut Rng, request: bool) -> Vec<u8> {
    let mut octets = if request {
        get().0
    } else {
        numbers(SETTINGS, &[6, 1000])
    };
    for _ in 0..rng.below(5) {
        let len = *rng.pick(&[0, 1, 5, 70]);
        octets.extend(match (rng.below(3), request) {
            (0, _) => frame(0x21 + 0x1f * rng.range(0..9_u64), &vec![1; len]),
            (1, true) => frame(DATA, &vec![b'd'; len]),
            (_, true) => frame(HEADERS, b"\0\0\xd1\x51\x03/ab\x21x\x01y"),
            (_, false) => numbers(
                *rng.pick(&[3, 7, 13]),
                &[rng.next_u64() >> rng.range(2..=60)],
            ),
        });
    }
    octets
}

#[test]
fn damaged_scripts_never_panic_and_say_the_same_however_they_are_cut() {
    cases(3_000, |rng| {
        let request = rng.chance(0.5);
        let reader = if request {
            H3Reader::request
        } else {
            H3Reader::control
        };
        let mut octets = random_script(rng, request);
        for _ in 0..rng.below(4) {
            let at = rng.below(octets.len());
            octets[at] = rng.range(..);
        }
        let whole = play(reader(), [&octets[..]]);
        let mut pieces = Vec::new();
        let mut rest = &octets[..];
        while !rest.is_empty() {
            let (piece, behind) = rest.split_at(1 + rng.below(rest.len()));
            pieces.push(piece);
            rest = behind;
        }
        assert_eq!(
            play(reader(), pieces.iter().copied()),
            whole,
            "left is the outcome of {pieces:?}, right that of the same octets in one piece"
        );
    });
}
