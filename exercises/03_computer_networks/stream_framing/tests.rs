use super::*;
use loopback::{Scripted, assert_bytes, cuts, each_cut, pair, show, within};
use std::io::{ErrorKind, Read};

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

const MAX: usize = 1 << 20;

/// A frame as rule 1 says.
fn frame(payload: &[u8]) -> Vec<u8> {
    let len = payload.len();
    let length = [len >> 24, len >> 16, len >> 8, len].map(|part| (part & 0xff) as u8);
    [&length, payload].concat()
}

/// A stream that gives all bytes at once.
fn stream(bytes: &[u8]) -> Scripted {
    Scripted::new([bytes.to_vec()])
}

/// Reads a frame that has to be there.
#[track_caller]
fn expect_frame(reader: &mut impl Read, expected: &[u8], what: &str) {
    match read_frame(reader, MAX) {
        Ok(Some(payload)) => assert_bytes(&payload, expected, what),
        other => panic!(
            "{what}\n  expected the payload {}, but {other:?} came",
            show(expected)
        ),
    }
}

/// Reads where the stream ends between frames.
#[track_caller]
fn expect_none(reader: &mut impl Read, what: &str) {
    let end = read_frame(reader, MAX);
    assert!(
        matches!(end, Ok(None)),
        "{what}: the stream ends between frames, but {end:?} came"
    );
}

#[test]
fn a_frame_is_its_length_in_four_bytes_and_its_payload() {
    for payload in [&b"hi"[..], b"", &[7; 300], &[8; 70_000]] {
        let mut stream = stream(b"");
        write_frame(&mut stream, payload).expect("the stream takes everything");
        let what = format!("write_frame of {} bytes", payload.len());
        assert_bytes(stream.written(), &frame(payload), &what);
    }
}

#[test]
fn a_frame_is_read_back() {
    for payload in [&b"hi"[..], b"", &[7; 300], &[8; 70_000]] {
        let mut stream = stream(&frame(payload));
        expect_frame(
            &mut stream,
            payload,
            &format!("a frame of {} bytes", payload.len()),
        );
    }
}

#[test]
fn the_end_between_two_frames_is_none() {
    expect_none(&mut stream(b""), "an empty stream");
    let mut stream = stream(&frame(b""));
    expect_frame(&mut stream, b"", "an empty frame");
    expect_none(&mut stream, "after an empty frame");
}

#[test]
fn no_byte_behind_a_frame_is_taken() {
    let bytes = [frame(b"one"), frame(b""), frame(b"three")].concat();
    let mut stream = stream(&bytes);
    expect_frame(&mut stream, b"one", "three frames in one piece: the first");
    let left = [frame(b""), frame(b"three")].concat();
    assert_bytes(
        &stream.unread(),
        &left,
        "what is left in the stream behind the first",
    );
    expect_frame(&mut stream, b"", "three frames in one piece: the second");
    expect_frame(
        &mut stream,
        b"three",
        "three frames in one piece: the third",
    );
    expect_none(&mut stream, "after three frames");
}

#[test]
fn frames_cut_anywhere_come_out_the_same() {
    let bytes = [frame(b"one"), frame(b""), frame(&[3; 300])].concat();
    for cut in cuts(&bytes) {
        let mut stream = Scripted::new(cut.pieces.clone());
        expect_frame(&mut stream, b"one", &format!("the first of three, {cut}"));
        expect_frame(&mut stream, b"", &format!("the second of three, {cut}"));
        expect_frame(
            &mut stream,
            &[3; 300],
            &format!("the third of three, {cut}"),
        );
        expect_none(&mut stream, &format!("after three frames, {cut}"));
    }
}

#[test]
fn a_short_write_loses_nothing() {
    for accepts in [&[1][..], &[2], &[3], &[3, 1, 2]] {
        let mut stream = Scripted::accepting(accepts);
        write_frame(&mut stream, b"four hundred").expect("the stream takes everything in the end");
        let what = format!("write_frame, and each write takes {accepts:?} bytes in turn");
        assert_bytes(stream.written(), &frame(b"four hundred"), &what);
    }
}

#[test]
fn a_stream_that_takes_nothing_more_is_an_error() {
    for accepts in [&[1, 0][..], &[3, 2, 0], &[6, 0]] {
        let mut stream = Scripted::accepting(accepts);
        let kind = write_frame(&mut stream, b"hello")
            .err()
            .map(|error| error.kind());
        assert_eq!(
            kind,
            Some(ErrorKind::WriteZero),
            "write_frame of 9 bytes, and the writes take {accepts:?}"
        );
    }
}

#[test]
fn an_interruption_means_call_again() {
    each_cut(&frame(b"hello"), |mut stream, how| {
        expect_frame(&mut stream, b"hello", how);
    });
    let mut stream = Scripted::accepting(&[2]).interrupted();
    let written = write_frame(&mut stream, b"hello");
    assert!(
        written.is_ok(),
        "write_frame, each write interrupted once: {written:?}"
    );
    assert_bytes(
        stream.written(),
        &frame(b"hello"),
        "write_frame, each write interrupted once",
    );
}

#[test]
fn the_end_within_a_frame_is_truncated() {
    let whole = frame(b"hello");
    for len in 1..whole.len() {
        for cut in cuts(&whole[..len]) {
            let end = read_frame(&mut Scripted::new(cut.pieces.clone()), MAX);
            assert!(
                matches!(end, Err(FrameError::Truncated)),
                "{len} of the 9 bytes of a frame, {cut}, and then the end: expected \
                 Err(Truncated), but {end:?} came"
            );
        }
    }
}

#[test]
fn a_length_above_max_is_refused_before_the_payload() {
    let mut fits = stream(&frame(b"12345"));
    let read = read_frame(&mut fits, 5);
    assert!(
        matches!(&read, Ok(Some(payload)) if payload == b"12345"),
        "5 bytes of at most 5: {read:?}"
    );
    let mut too_long = stream(&frame(b"123456"));
    let read = read_frame(&mut too_long, 5);
    assert!(
        matches!(read, Err(FrameError::TooLong(6))),
        "6 bytes of at most 5: expected Err(TooLong(6)), but {read:?} came"
    );
    assert_bytes(
        &too_long.unread(),
        b"123456",
        "a frame that is too long: what is left in the stream",
    );
}

#[test]
fn a_length_above_max_allocates_nothing_like_it() {
    let mut stream = stream(&[0x10, 0, 0, 0, 1, 2, 3]);
    let (read, heap) = counted::allocations(|| read_frame(&mut stream, MAX));
    assert!(
        matches!(read, Err(FrameError::TooLong(0x1000_0000))),
        "a frame says 256 MiB where 1 MiB is allowed: {read:?}"
    );
    assert!(
        heap.peak <= 128 * 1024,
        "a frame says 256 MiB where 1 MiB is allowed: {} bytes were allocated",
        heap.peak
    );
}

#[test]
fn memory_grows_with_what_has_come() {
    for came in [0_usize, 1000, 300_000] {
        let mut pieces = vec![vec![0, 0x10, 0, 0]];
        pieces.extend(vec![vec![5; 1000]; came / 1000]);
        let mut stream = Scripted::new(pieces);
        let (read, heap) = counted::allocations(|| read_frame(&mut stream, MAX));
        assert!(
            matches!(read, Err(FrameError::Truncated)),
            "a frame says 1 MiB, {came} bytes come: expected Err(Truncated), but {read:?} came"
        );
        let allowed = 2 * came as u64 + 128 * 1024;
        assert!(
            heap.peak <= allowed,
            "a frame says 1 MiB, {came} bytes come: {} bytes were held at once, allowed are {allowed}",
            heap.peak
        );
    }
}

#[test]
fn other_errors_are_passed_on() {
    let whole = frame(b"hello");
    for len in 0..whole.len() {
        let mut stream = stream(&whole[..len]).then_fails(ErrorKind::ConnectionReset);
        let read = read_frame(&mut stream, MAX);
        assert!(
            matches!(&read, Err(FrameError::Io(error)) if error.kind() == ErrorKind::ConnectionReset),
            "{len} of the 9 bytes of a frame, and then a reset: expected Err(Io(ConnectionReset)), but \
             {read:?} came"
        );
    }
    let mut stream = Scripted::accepting(&[4, 2]).then_fails(ErrorKind::BrokenPipe);
    let written = write_frame(&mut stream, b"hello").map_err(|error| error.kind());
    assert_eq!(
        written,
        Err(ErrorKind::BrokenPipe),
        "the stream breaks after 6 of 9 bytes"
    );
}

#[test]
fn random_frames_in_random_pieces_come_out_the_same() {
    seeded::cases(200, |rng| {
        let payloads = rng.vec(4, |rng| {
            let len = *rng.pick(&[0, 1, 2, 255, 256, 300]);
            rng.bytes(len)
        });
        let mut stream = Scripted::accepting(&[1, 7, 300]);
        for payload in &payloads {
            write_frame(&mut stream, payload).expect("the stream takes everything");
        }
        let mut bytes = stream.written();
        let mut pieces = Vec::new();
        while !bytes.is_empty() {
            let piece;
            (piece, bytes) = bytes.split_at(rng.range(1..=bytes.len()));
            pieces.push(piece.to_vec());
        }
        let mut stream = Scripted::new(pieces).interrupted();
        for payload in &payloads {
            expect_frame(&mut stream, payload, "the next of 4 random frames");
        }
        expect_none(&mut stream, "after 4 random frames");
    });
}

#[test]
fn frames_cross_a_tcp_connection() {
    let payloads = [
        vec![],
        vec![1],
        vec![2; 300 * 1024],
        vec![],
        vec![3; 70_000],
    ];
    let expected = payloads.clone();
    let (mut near, mut far) = pair();
    let sender = std::thread::spawn(move || {
        for payload in payloads {
            write_frame(&mut near, &payload).expect("the other end reads");
        }
    });
    within("reading five frames from a TCP connection", move || {
        for (i, payload) in expected.iter().enumerate() {
            expect_frame(&mut far, payload, &format!("frame {i} of a TCP connection"));
        }
        expect_none(&mut far, "after the sender has closed the connection");
    });
    sender.join().expect("the sender has written all");
}
