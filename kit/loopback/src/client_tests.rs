use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::pair;

const SOON: Duration = Duration::from_millis(50);

/// A client, and the server's end of its connection.
fn ann() -> (Client, TcpStream) {
    let (near, far) = pair();
    (Client::over("ann", near).with_deadline(SOON), far)
}

/// What `act` panics with.
#[track_caller]
fn message(client: &mut Client, act: impl FnOnce(&mut Client)) -> String {
    let panic = catch_unwind(AssertUnwindSafe(|| act(client))).expect_err("it must fail");
    *panic.downcast::<String>().expect("a message")
}

#[track_caller]
fn says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "{part:?} is not in: {message}");
    }
}

#[test]
fn lines_and_bytes_come_as_they_were_sent() {
    let (mut ann, mut far) = ann();
    far.write_all(b"one\r\ntwo\nHEAD\r\n\r\nbody").unwrap();
    ann.expect_line("one");
    assert_eq!(ann.line(), "two");
    assert_eq!(ann.until(b"\r\n\r\n", "a head"), b"HEAD\r\n\r\n");
    assert_eq!(ann.exactly(3, "most of a body"), b"bod");
    let mut byte = [0];
    assert_eq!((ann.read(&mut byte).unwrap(), byte), (1, [b'y']));
    ann.send("to you");
    let mut taken = [0; 6];
    far.read_exact(&mut taken).unwrap();
    assert_eq!(&taken, b"to you");
    drop(far);
    ann.expect_end();
}

#[test]
fn catches_a_server_that_never_answers() {
    let (mut ann, _far) = ann();
    ann.send("PING\n");
    says(
        &message(&mut ann, |ann| ann.expect_line("PONG")),
        &[
            "ann: expected the line \"PONG\", but no more came within 0.05 s; nothing was left",
            "> \"PING\\n\"",
            "hint: does the server wait",
        ],
    );
    says(
        &message(&mut ann, Client::expect_end),
        &["expected the end of the connection"],
    );
    let error = ann.read(&mut [0]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
}

#[test]
fn catches_other_and_extra_bytes() {
    let (mut ann, mut far) = ann();
    far.write_all(b"PANG\nPONG 2\nmore").unwrap();
    says(
        &message(&mut ann, |ann| ann.expect_line("PONG 1")),
        &["expected the line \"PONG 1\", but \"PANG\" came"],
    );
    says(
        &message(&mut ann, |ann| ann.expect("PONG 3\n")),
        &[
            "differ from byte 5",
            "expected: \"PONG 3\\n\"",
            "came:     \"PONG 2\\n\"",
        ],
    );
    ann.expect("PONG 2\n");
    drop(far);
    says(
        &message(&mut ann, Client::expect_end),
        &["but \"more\" came before it"],
    );
}

#[test]
fn catches_a_server_that_closes_early() {
    let (mut ann, mut far) = ann();
    far.write_all(b"PON").unwrap();
    drop(far);
    says(
        &message(&mut ann, |ann| ann.expect_line("PONG")),
        &[
            "the server closed the connection; only \"PON\" was left",
            "< the end",
        ],
    );
}

#[test]
fn catches_a_reset_and_says_where_it_comes_from() {
    let (mut ann, far) = ann();
    ann.send("unread");
    // The bytes have arrived; closing a socket that holds some resets the connection.
    far.peek(&mut [0]).unwrap();
    drop(far);
    says(
        &message(&mut ann, |ann| {
            ann.exactly(1, "an answer");
        }),
        &["the connection was reset", "holds unread bytes"],
    );
}

#[test]
fn catches_a_server_that_does_not_read() {
    let (mut ann, _far) = ann();
    let lots = vec![b'x'; 16 << 20];
    says(
        &message(&mut ann, |ann| ann.send(&lots)),
        &["could not send", "the server does not read"],
    );
}

#[test]
fn a_long_conversation_shows_its_end() {
    let (mut ann, mut far) = ann();
    for i in 0..40 {
        ann.send(format!("{i}\n"));
        far.write_all(b"ok\n").unwrap();
        ann.expect_line("ok");
    }
    let talk = ann.conversation();
    says(&talk, &["… 50 earlier ones …", "> \"39\\n\""]);
    assert!(!talk.contains("\"24\\n\""), "{talk}");
}

#[test]
fn a_mark_is_found_where_it_is_whole() {
    assert_eq!(find(b"a\nb", b"\n"), Some(1));
    assert_eq!(find(b"ab\n\r\n\r\n", b"\r\n\r\n"), Some(3));
    assert_eq!(find(b"\n\r\n", b"\r\n\r\n"), None);
    assert_eq!(find(b"", b"x"), None);
}
