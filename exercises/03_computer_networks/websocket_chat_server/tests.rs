use super::*;
use loopback::{Client as Tcp, Server, assert_bytes, show, together};
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tungstenite::client::ClientRequestBuilder;
use tungstenite::protocol::frame::coding::{CloseCode as Code, Control, Data, OpCode};
use tungstenite::protocol::frame::{Frame as RawFrame, FrameHeader, FrameSocket};
use tungstenite::protocol::{CloseFrame, WebSocket};
use tungstenite::{Error, Message};

/// A running server under test.
type Chat = Server<ChatServer>;

const LONG: Duration = Duration::from_secs(5);

fn chat(outbox: usize) -> Chat {
    chat_with_patience(outbox, LONG)
}

fn chat_with_patience(outbox: usize, patience: Duration) -> Chat {
    let config = Config {
        origins: vec![
            "https://ours.example".into(),
            "http://localhost:8080".into(),
        ],
        outbox,
        patience,
    };
    Server::start("WebSocket chat server", move |listener| {
        ChatServer::start(listener, config)
    })
}

/// A client of the crate tungstenite.
struct Ws(WebSocket<Tcp>);

impl Ws {
    #[track_caller]
    fn connect(chat: &Chat, name: &str) -> Self {
        let uri = format!("ws://localhost/{name}")
            .parse()
            .expect("an address");
        match tungstenite::client(ClientRequestBuilder::new(uri), chat.client(name)) {
            Ok((socket, _)) => Self(socket),
            Err(error) => panic!("{name}: the handshake failed: {error}"),
        }
    }

    /// A client that has joined a room, and the history that it got.
    #[track_caller]
    fn join(chat: &Chat, name: &str, room: &str) -> (Self, Vec<String>) {
        let mut client = Self::connect(chat, name);
        client.say(&format!("join {room}"));
        let history = client.until(&format!("joined {room}"));
        (client, history)
    }

    #[track_caller]
    fn say(&mut self, text: &str) {
        if let Err(error) = self.0.send(Message::text(text)) {
            self.fail(&format!("cannot send {text:?}: {error}"));
        }
    }

    /// The next text; pings are answered by tungstenite.
    #[track_caller]
    fn hear(&mut self) -> String {
        loop {
            match self.0.read() {
                Ok(Message::Text(text)) => return text.to_string(),
                Ok(Message::Ping(_)) => {}
                Ok(other) => self.fail(&format!("expected a text, but {other:?} came")),
                Err(error) => self.fail(&format!("expected a text: {error}")),
            }
        }
    }

    #[track_caller]
    fn expect(&mut self, expected: &str) {
        let came = self.hear();
        if came != expected {
            self.fail(&format!("expected {expected:?}, but {came:?} came"));
        }
    }

    /// The texts before this one.
    #[track_caller]
    fn until(&mut self, last: &str) -> Vec<String> {
        let mut texts = Vec::new();
        loop {
            let text = self.hear();
            if text == last {
                return texts;
            }
            texts.push(text);
        }
    }

    /// Asks who is there; nothing else may come before the answer.
    #[track_caller]
    fn expect_who(&mut self, names: &str) {
        // By the second answer the server has read the pongs that went out with the first.
        for _ in 0..2 {
            self.say("who");
            self.expect(&format!("who {names}"));
        }
    }

    /// Everything that the server has for the client now.
    #[track_caller]
    fn until_who(&mut self) -> Vec<String> {
        self.say("who");
        let mut texts = Vec::new();
        loop {
            let text = self.hear();
            if text.starts_with("who ") {
                return texts;
            }
            texts.push(text);
        }
    }

    /// The server has to close with this code.
    #[track_caller]
    fn expect_close(&mut self, code: u16) {
        loop {
            match self.0.read() {
                Ok(Message::Close(Some(frame))) if u16::from(frame.code) == code => break,
                Ok(Message::Ping(_) | Message::Text(_)) => {}
                other => self.fail(&format!("expected a close with {code}, but {other:?} came")),
            }
        }
        let end = self.0.read();
        if !matches!(end, Err(Error::ConnectionClosed)) {
            self.fail(&format!(
                "expected the end after the close, but {end:?} came"
            ));
        }
    }

    #[track_caller]
    fn fail(&self, what: &str) -> ! {
        self.0.get_ref().fail(what)
    }
}

/// A client that sends frames of its own, and answers no ping.
struct Raw(FrameSocket<Tcp>);

impl Raw {
    #[track_caller]
    fn connect(chat: &Chat, name: &str) -> Self {
        let mut tcp = chat.client(name);
        tcp.send(request(&format!("GET /{name} HTTP/1.1"), &[]));
        let answer = tcp.until(b"\r\n\r\n", "the answer to the handshake");
        if !answer.starts_with(b"HTTP/1.1 101 ") {
            tcp.fail(&format!("expected 101, but {} came", show(&answer)));
        }
        Self(FrameSocket::new(tcp))
    }

    #[track_caller]
    fn join(chat: &Chat, name: &str, room: &str) -> Self {
        let mut raw = Self::connect(chat, name);
        raw.send(OpCode::Data(Data::Text), format!("join {room}").as_bytes());
        raw.expect(
            OpCode::Data(Data::Text),
            format!("joined {room}").as_bytes(),
        );
        raw
    }

    #[track_caller]
    fn send(&mut self, opcode: OpCode, payload: &[u8]) {
        if let Err(error) = self.try_send(opcode, payload) {
            self.0.get_ref().fail(&format!("cannot send: {error}"));
        }
    }

    fn try_send(&mut self, opcode: OpCode, payload: &[u8]) -> Result<(), Error> {
        let header = FrameHeader {
            opcode,
            mask: Some([1, 2, 3, 4]),
            ..FrameHeader::default()
        };
        let frame = RawFrame::from_payload(header, payload.to_vec().into());
        self.0.send(frame)
    }

    /// The next frame has to be this one.
    #[track_caller]
    fn expect(&mut self, opcode: OpCode, payload: &[u8]) {
        match self.0.read(None) {
            Ok(Some(frame)) => {
                let what = format!("the opcode and the payload {}", show(frame.payload()));
                assert_eq!(frame.header().opcode, opcode, "{what}");
                assert_bytes(frame.payload(), payload, &format!("a frame of {opcode:?}"));
            }
            other => self.0.get_ref().fail(&format!(
                "expected a frame of {opcode:?} with {}, but {other:?} came",
                show(payload)
            )),
        }
    }

    #[track_caller]
    fn expect_ping(&mut self, number: u64) {
        self.expect(
            OpCode::Control(Control::Ping),
            number.to_string().as_bytes(),
        );
    }

    /// Sends a pong, and waits until the server has read it.
    #[track_caller]
    fn pong(&mut self, payload: &str) {
        self.send(OpCode::Control(Control::Pong), payload.as_bytes());
        self.send(OpCode::Control(Control::Ping), b"read?");
        self.expect(OpCode::Control(Control::Pong), b"read?");
    }

    /// The server has to close the connection, and to send nothing before.
    #[track_caller]
    fn expect_end(&mut self) {
        self.0.get_mut().expect_end();
    }

    /// The server has to be rid of the connection: then nobody takes what is sent any more.
    #[track_caller]
    fn expect_gone(&mut self, who: &str) {
        let until = Instant::now() + LONG;
        while Instant::now() < until {
            match self.try_send(OpCode::Control(Control::Pong), b"0") {
                Ok(()) => thread::yield_now(),
                Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::TimedOut => break,
                Err(_) => return,
            }
        }
        panic!(
            "{who} is no member any more, but after 5 seconds the server still has the connection\n  hint: \
             one thread writes to a client, another one reads; does either of them wait on for one that is dropped?"
        );
    }
}

fn request(line: &str, more: &[&str]) -> String {
    let fields = [
        "Host: a",
        "Upgrade: websocket",
        "Connection: keep-alive, Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
    ];
    let all = [&[line], &fields[..], more].concat().join("\r\n");
    format!("{all}\r\n\r\n")
}

#[test]
fn what_one_says_the_whole_room_hears() {
    let chat = chat(100);
    let (mut ann, history) = Ws::join(&chat, "ann", "lobby");
    assert!(history.is_empty(), "a new room remembers {history:?}");
    let (mut bob, _) = Ws::join(&chat, "bob", "lobby");
    ann.say("say hello, bob");
    ann.expect("said ann hello, bob");
    bob.expect("said ann hello, bob");
    bob.say("say hi");
    bob.expect("said bob hi");
    ann.expect("said bob hi");
    bob.say("say  with  blanks ");
    ann.expect("said bob  with  blanks ");
}

#[test]
fn who_names_the_members_in_order() {
    let chat = chat(100);
    let (mut carl, _) = Ws::join(&chat, "carl", "lobby");
    carl.expect_who("carl");
    let (mut ann, _) = Ws::join(&chat, "ann", "lobby");
    let (_bob, _) = Ws::join(&chat, "bob", "lobby");
    let (_dora, _) = Ws::join(&chat, "dora", "attic");
    let _nowhere = Ws::connect(&chat, "eve");
    ann.expect_who("ann bob carl");
    carl.expect_who("ann bob carl");
    let (mut second, _) = Ws::join(&chat, "ann", "lobby");
    second.expect_who("ann ann bob carl");
}

#[test]
fn outside_of_a_room_there_is_nothing_to_say() {
    let chat = chat(100);
    let mut ann = Ws::connect(&chat, "ann");
    for (text, answer) in [
        ("say hi", "error join first"),
        ("who", "error join first"),
        ("dance", "error unknown command"),
        ("", "error unknown command"),
        ("SAY hi", "error unknown command"),
    ] {
        ann.say(text);
        ann.expect(answer);
    }
}

#[test]
fn rooms_hear_nothing_of_each_other() {
    let chat = chat(100);
    let (mut ann, _) = Ws::join(&chat, "ann", "lobby");
    let (mut bob, _) = Ws::join(&chat, "bob", "attic");
    ann.say("say one");
    ann.expect("said ann one");
    bob.expect_who("bob");
    bob.say("join lobby");
    bob.expect("said ann one");
    bob.expect("joined lobby");
    bob.say("say two");
    ann.expect("said bob two");
    bob.expect("said bob two");
    ann.expect_who("ann bob");
    let (mut carl, history) = Ws::join(&chat, "carl", "attic");
    assert!(history.is_empty(), "the attic remembers {history:?}");
    carl.expect_who("carl");
}

#[test]
fn a_late_joiner_gets_the_last_twenty_lines() {
    let chat = chat(100);
    let (mut ann, _) = Ws::join(&chat, "ann", "lobby");
    for lines in [19, 20, 21, 45] {
        let room = format!("room{lines}");
        ann.say(&format!("join {room}"));
        ann.until(&format!("joined {room}"));
        for n in 0..lines {
            ann.say(&format!("say {n}"));
        }
        ann.until_who();
        let (_, history) = Ws::join(&chat, "bob", &room);
        let first = if lines > 20 { lines - 20 } else { 0 };
        let expected: Vec<String> = (first..lines).map(|n| format!("said ann {n}")).collect();
        assert_eq!(
            history, expected,
            "{lines} lines were said: what a late joiner gets"
        );
    }
}

#[test]
fn history_and_what_follows_have_no_gap_and_no_repeat() {
    const MOST: usize = 8000;
    let chat = chat(MOST);
    let (mut ann, _) = Ws::join(&chat, "ann", "lobby");
    let all_are_there = Arc::new(AtomicBool::new(false));
    let end = all_are_there.clone();
    // Ann speaks until all have joined.
    let talking = thread::spawn(move || {
        let mut lines = 0;
        while lines < MOST && !(end.load(Ordering::SeqCst) && lines > HISTORY) {
            for _ in 0..20 {
                ann.say(&format!("say {lines}"));
                lines += 1;
            }
            ann.until_who();
        }
        (ann, lines)
    });
    let joiners: Vec<(Ws, Vec<String>)> = (0..30)
        .map(|i| Ws::join(&chat, &format!("late{i}"), "lobby"))
        .collect();
    all_are_there.store(true, Ordering::SeqCst);
    let (_ann, lines) = talking.join().expect("ann could speak");
    for (i, (mut joiner, mut heard)) in joiners.into_iter().enumerate() {
        heard.extend(joiner.until_who());
        let numbers: Vec<usize> = heard
            .iter()
            .filter_map(|line| line.strip_prefix("said ann ")?.parse().ok())
            .collect();
        let gap = numbers.windows(2).find(|pair| pair[1] != pair[0] + 1);
        assert_eq!(
            gap, None,
            "joiner {i} heard these two lines one after the other, while ann spoke"
        );
        assert_eq!(
            numbers.last(),
            Some(&(lines - 1)),
            "the last line that joiner {i} heard"
        );
    }
}

#[test]
fn fifty_clients_hear_one_order() {
    const SPEAKERS: usize = 8;
    let chat = chat(1000);
    let mut listeners: Vec<Ws> = (0..42)
        .map(|i| Ws::join(&chat, &format!("l{i}"), "lobby").0)
        .collect();
    let _speakers = together(SPEAKERS, |i| {
        let (mut speaker, _) = Ws::join(&chat, &format!("s{i}"), "lobby");
        for n in 0..10 {
            speaker.say(&format!("say {n}"));
        }
        speaker.until_who();
        speaker
    });
    let first = listeners[0].until_who();
    assert_eq!(
        first.len(),
        SPEAKERS * 10,
        "8 speakers said 10 lines each: what a listener heard"
    );
    for (i, listener) in listeners.iter_mut().enumerate().skip(1) {
        let heard = listener.until_who();
        let differ = heard
            .iter()
            .zip(&first)
            .position(|(one, other)| one != other);
        assert_eq!(
            differ.map(|at| (&heard[at], &first[at])),
            None,
            "listener {i} (left) and listener 0 (right) heard different lines at the same place"
        );
        assert_eq!(heard.len(), first.len(), "lines that listener {i} heard");
    }
}

#[test]
fn a_foreign_page_gets_403() {
    let chat = chat(100);
    for (origin, status) in [
        ("Origin: https://evil.example", "403"),
        ("Origin: https://ours.example.evil.example", "403"),
        ("Origin: http://ours.example", "403"),
        ("Origin: null", "403"),
        ("origin: https://ours.example", "101"),
        ("Origin: http://localhost:8080", "101"),
    ] {
        let mut tcp = chat.client("a page");
        tcp.send(request("GET /ann HTTP/1.1", &[origin]));
        let head = tcp.until(b"\r\n\r\n", "the answer to the handshake");
        let head = String::from_utf8_lossy(&head).into_owned();
        assert_eq!(head.get(9..12), Some(status), "{origin}: {head:?}");
        if status == "403" {
            tcp.expect_end();
        }
    }
}

#[test]
fn the_origin_is_looked_at_first() {
    let chat = chat(100);
    let mut tcp = chat.client("a page");
    tcp.send("GET /ann HTTP/1.1\r\nHost: a\r\nOrigin: https://evil.example\r\n\r\n");
    let head = tcp.until(b"\r\n\r\n", "the answer to the handshake");
    let head = String::from_utf8_lossy(&head).into_owned();
    assert_eq!(
        head.get(9..12),
        Some("403"),
        "a request of a foreign page that asks for no WebSocket: {head:?}"
    );
}

#[test]
fn what_is_no_websocket_gets_426_or_400() {
    let chat = chat(100);
    let bad_key = request("GET / HTTP/1.1", &["Sec-WebSocket-Key: x"]);
    for (request, status) in [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "426"),
        (&bad_key, "400"),
    ] {
        let mut tcp = chat.client("no client of ours");
        tcp.send(request);
        let head = tcp.until(b"\r\n\r\n", "the answer to a request");
        let head = String::from_utf8_lossy(&head).into_owned();
        assert_eq!(head.get(9..12), Some(status), "{request:?}: {head:?}");
        tcp.expect_end();
    }
}

#[test]
fn a_ping_is_answered_with_its_payload() {
    let chat = chat(100);
    let mut ann = Raw::connect(&chat, "ann");
    for payload in [&b""[..], b"abc", &[0xff; 125]] {
        ann.send(OpCode::Control(Control::Ping), payload);
        ann.expect(OpCode::Control(Control::Pong), payload);
    }
}

#[test]
fn a_close_is_answered_once_with_its_payload() {
    let chat = chat(100);
    let (mut watcher, _) = Ws::join(&chat, "watcher", "lobby");
    for payload in [&b""[..], b"\x03\xe8", b"\x03\xe9going", b"\x0f\xa0own code"] {
        let mut ann = Raw::join(&chat, "ann", "lobby");
        ann.send(OpCode::Control(Control::Close), payload);
        ann.expect(OpCode::Control(Control::Close), payload);
        ann.0.get_mut().half_close();
        ann.expect_end();
        watcher.expect_who("watcher");
    }
    let mut bob = Ws::connect(&chat, "bob");
    let frame = CloseFrame {
        code: Code::Normal,
        reason: "bye".into(),
    };
    bob.0.close(Some(frame)).expect("a close can be sent");
    bob.expect_close(1000);
}

#[test]
fn who_breaks_the_protocol_is_told_how() {
    let chat = chat(100);
    let (mut watcher, _) = Ws::join(&chat, "watcher", "lobby");
    let text = |payload: &[u8]| {
        let mut bytes = vec![0x81, 0x80 | payload.len() as u8, 0, 0, 0, 0];
        bytes.extend(payload);
        bytes
    };
    for (what, bytes, code) in [
        ("a frame without a mask", vec![0x81, 0x01, b'x'], 1002),
        ("a text that is not UTF-8", text(&[0xff]), 1007),
        (
            "a message of 4,097 bytes",
            vec![0x81, 0xfe, 0x10, 0x01, 0, 0, 0, 0],
            1009,
        ),
        ("a message in binary", vec![0x82, 0x80, 0, 0, 0, 0], 1003),
    ] {
        let mut ann = Raw::join(&chat, "ann", "lobby");
        ann.0.get_mut().send(&bytes);
        match ann.0.read(None) {
            Ok(Some(frame)) if frame.header().opcode == OpCode::Control(Control::Close) => {
                let came = frame.payload().get(..2).map(|code| [code[0], code[1]]);
                assert_eq!(
                    came.map(u16::from_be_bytes),
                    Some(code),
                    "{what}: the code of the close"
                );
            }
            other => panic!("{what}: expected a close with {code}, but {other:?} came"),
        }
        ann.0.get_mut().half_close();
        ann.expect_end();
        watcher.expect_who("watcher");
    }
}

#[test]
fn a_client_that_ends_in_any_way_is_no_member_any_more() {
    let chat = chat(100);
    let (mut watcher, _) = Ws::join(&chat, "watcher", "lobby");
    let half = Raw::join(&chat, "half", "lobby");
    half.0.get_ref().stream().shutdown(Shutdown::Write).ok();
    let mut tcp = half.0.into_inner().0;
    // The server ends its side when it has noticed.
    tcp.expect_end();
    watcher.expect_who("watcher");
}

#[test]
fn a_tick_pings_everybody_with_its_number() {
    let chat = chat(100);
    let mut ann = Raw::connect(&chat, "ann");
    let mut bob = Raw::join(&chat, "bob", "lobby");
    chat.inner().tick();
    ann.expect_ping(1);
    bob.expect_ping(1);
    chat.inner().tick();
    ann.expect_ping(2);
    bob.expect_ping(2);
}

/// A watcher that answers pings, and a client that has answered none and was dropped.
#[track_caller]
fn silent_until_dropped(chat: &Chat) -> (Ws, Raw) {
    let (mut watcher, _) = Ws::join(chat, "watcher", "lobby");
    let mut silent = Raw::join(chat, "silent", "lobby");
    for n in 1..=2 {
        chat.inner().tick();
        silent.expect_ping(n);
        watcher.expect_who("silent watcher");
    }
    chat.inner().tick();
    watcher.expect_who("watcher");
    silent.expect_end();
    (watcher, silent)
}

#[test]
fn two_pings_without_an_answer_are_too_many() {
    let chat = chat(100);
    let (mut watcher, _silent) = silent_until_dropped(&chat);
    // Who answers stays.
    for _ in 0..5 {
        chat.inner().tick();
        watcher.expect_who("watcher");
    }
}

#[test]
fn one_ping_without_an_answer_is_forgiven() {
    let chat = chat(100);
    let (mut watcher, _) = Ws::join(&chat, "watcher", "lobby");
    let mut sleepy = Raw::join(&chat, "sleepy", "lobby");
    for n in 1..=9 {
        chat.inner().tick();
        watcher.expect_who("sleepy watcher");
        sleepy.expect_ping(n);
        if n % 2 == 0 {
            sleepy.pong(&n.to_string());
        }
    }
}

#[test]
fn a_late_pong_counts_for_its_own_ping() {
    let chat = chat(100);
    let (mut watcher, _) = Ws::join(&chat, "watcher", "lobby");
    let mut late = Raw::join(&chat, "late", "lobby");
    chat.inner().tick();
    late.expect_ping(1);
    watcher.expect_who("late watcher");
    for n in 2..=6 {
        chat.inner().tick();
        late.expect_ping(n);
        late.pong(&(n - 1).to_string());
        watcher.expect_who("late watcher");
    }
}

#[test]
fn an_older_pong_takes_nothing_back() {
    let chat = chat(100);
    let (mut watcher, _) = Ws::join(&chat, "watcher", "lobby");
    let mut late = Raw::join(&chat, "late", "lobby");
    for n in 1..=2 {
        chat.inner().tick();
        late.expect_ping(n);
        watcher.expect_who("late watcher");
    }
    late.pong("2");
    late.pong("1");
    for n in 3..=4 {
        chat.inner().tick();
        watcher.expect_who("late watcher");
        late.expect_ping(n);
    }
}

#[test]
fn an_old_pong_again_and_again_is_no_answer() {
    let chat = chat(100);
    let (mut watcher, _) = Ws::join(&chat, "watcher", "lobby");
    for pong in ["1", "", "x", "99", "-1"] {
        let mut liar = Raw::join(&chat, "liar", "lobby");
        let mut left = false;
        for round in 0..5 {
            chat.inner().tick();
            watcher.say("who");
            let who = watcher.hear();
            left = who == "who watcher";
            if left {
                break;
            }
            assert!(
                round < 4,
                "5 pings, and the only answers were pongs with {pong:?}: {who}"
            );
            let frame = liar.0.read(None);
            assert!(matches!(frame, Ok(Some(_))), "a ping comes: {frame:?}");
            liar.pong(pong);
        }
        assert!(left);
    }
}

#[test]
fn a_newcomer_has_two_pings_of_its_own() {
    let chat = chat(100);
    let (mut watcher, _) = Ws::join(&chat, "watcher", "lobby");
    for _ in 0..5 {
        chat.inner().tick();
        watcher.expect_who("watcher");
    }
    let mut newcomer = Raw::join(&chat, "newcomer", "lobby");
    for n in 6..=7 {
        chat.inner().tick();
        newcomer.expect_ping(n);
        watcher.expect_who("newcomer watcher");
    }
    chat.inner().tick();
    watcher.expect_who("watcher");
    newcomer.expect_end();
}

#[test]
fn nothing_is_left_of_a_client_that_is_dropped() {
    let chat = chat(100);
    let (_watcher, mut silent) = silent_until_dropped(&chat);
    silent.expect_gone("a client that answered no ping");
}

#[test]
fn a_client_that_never_reads_is_dropped_and_nobody_waits() {
    const BATCH: usize = 50;
    let chat = chat(100);
    let (mut ann, _) = Ws::join(&chat, "ann", "lobby");
    let _slow = Raw::join(&chat, "slow", "lobby");
    let (mut bob, _) = Ws::join(&chat, "bob", "lobby");
    let padding = "x".repeat(4000);
    let (mut said, mut heard) = (0, 0);
    loop {
        for _ in 0..BATCH {
            ann.say(&format!("say {padding}"));
        }
        said += BATCH;
        ann.say("who");
        heard += bob.until_who().len();
        let mut who = String::new();
        while !who.starts_with("who ") {
            who = ann.hear();
        }
        if who == "who ann bob" {
            break;
        }
        if said * padding.len() > 16 << 20 {
            ann.fail("16 MiB were said, and the client that never reads is still there");
        }
    }
    heard += bob.until_who().len();
    assert_eq!(heard, said, "lines that bob heard, and lines that ann said");
}

/// Makes a client ask for the whole history so often that its connection cannot hold the answers.
#[track_caller]
fn ask_for_more_than_a_connection_holds(chat: &Chat, asker: &mut Raw) -> usize {
    const TIMES: usize = 70;
    let (mut ann, _) = Ws::join(chat, "ann", "lobby");
    let line = "x".repeat(4000);
    for _ in 0..HISTORY {
        ann.say(&format!("say {line}"));
    }
    ann.until_who();
    ann.say("join another room");
    ann.until("joined another room");
    for _ in 0..TIMES {
        // It may be dropped already.
        asker.try_send(OpCode::Data(Data::Text), b"join lobby").ok();
    }
    TIMES
}

#[test]
fn the_frames_of_a_late_reader_are_whole() {
    let chat = chat(3000);
    let mut late = Raw::connect(&chat, "late");
    let times = ask_for_more_than_a_connection_holds(&chat, &mut late);
    let (mut joined, mut lines, mut pings, mut pongs) = (0, 0, 0, 0);
    while joined < times || pongs < pings {
        if joined < times && lines % 10 == 0 {
            late.send(OpCode::Control(Control::Ping), b"still there?");
            pings += 1;
        }
        let frame = match late.0.read(None) {
            Ok(Some(frame)) => frame,
            other => panic!("{lines} lines and {pongs} pongs came, and then {other:?}"),
        };
        match (frame.header().opcode, frame.payload()) {
            (OpCode::Control(Control::Pong), b"still there?") => pongs += 1,
            (OpCode::Data(Data::Text), b"joined lobby") => joined += 1,
            (OpCode::Data(Data::Text), line) if line.starts_with(b"said ann xx") => lines += 1,
            other => panic!("{lines} lines and {pongs} pongs came, and then {other:?}"),
        }
    }
    assert_eq!(lines, times * HISTORY, "lines of history that came");
}

#[test]
fn who_asks_and_never_reads_is_dropped() {
    // A write may take long: it is not the end of the patience that ends this connection.
    let chat = chat_with_patience(100, 12 * LONG);
    let (mut watcher, _) = Ws::join(&chat, "watcher", "lobby");
    let mut slow = Raw::join(&chat, "slow", "lobby");
    // The outbox is full long before the connection is; what the server does not take is lost.
    ask_for_more_than_a_connection_holds(&chat, &mut slow);
    watcher.until_who();
    for _ in 0..10_000 {
        watcher.say("who");
        if watcher.hear() == "who watcher" {
            slow.expect_gone("a client that reads nothing");
            return;
        }
    }
    watcher.fail("a client asked for 6 MB, read nothing, and is still a member");
}

#[test]
fn shutdown_says_1001_to_all() {
    let chat = chat(100);
    let (mut ann, _) = Ws::join(&chat, "ann", "lobby");
    let mut bob = Ws::connect(&chat, "bob");
    ann.say("say bye");
    ann.expect("said ann bye");
    let stopping = thread::spawn(move || chat.stop(ChatServer::shutdown));
    ann.expect_close(1001);
    bob.expect_close(1001);
    if let Err(panic) = stopping.join() {
        std::panic::resume_unwind(panic);
    }
}

#[test]
fn shutdown_waits_for_nobody_who_does_not_read() {
    let chat = chat_with_patience(3000, Duration::from_millis(200));
    let mut slow = Raw::connect(&chat, "slow");
    let silent = chat.client("silent");
    ask_for_more_than_a_connection_holds(&chat, &mut slow);
    chat.stop(ChatServer::shutdown);
    drop((slow, silent));
}

#[test]
fn shutdown_waits_for_no_answer_to_the_close() {
    let chat = chat_with_patience(100, 12 * LONG);
    let silent = Raw::join(&chat, "silent", "lobby");
    chat.stop(ChatServer::shutdown);
    drop(silent);
}

#[test]
fn shutdown_of_an_empty_server_returns() {
    chat(100).stop(ChatServer::shutdown);
}
