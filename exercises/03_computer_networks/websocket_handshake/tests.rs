use super::*;
use base64::{Engine, prelude::BASE64_STANDARD};
use loopback::Scripted;
use tungstenite::client::ClientRequestBuilder;
use tungstenite::handshake::HandshakeError;

const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// The request of RFC 6455, 1.2, with some fields replaced; a value of "-" takes a field out.
fn request(replace: &[(&str, &str)]) -> Head {
    let fields = [
        ("Host", "server.example.com"),
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", KEY),
        ("Sec-WebSocket-Version", "13"),
    ];
    let replaced = |name: &str| replace.iter().any(|(other, _)| *other == name);
    let headers = fields
        .iter()
        .filter(|(name, _)| !replaced(name))
        .chain(replace.iter().filter(|(_, value)| *value != "-"))
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect();
    Head {
        method: "GET".into(),
        target: "/chat".into(),
        minor: 1,
        headers,
    }
}

fn field<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    let mut fields = response.headers.iter();
    fields
        .find(|(field, _)| field.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

/// The answer has to be 101 with the right fields.
#[track_caller]
fn expect_101(head: &Head) -> Response {
    match upgrade(head, &[]) {
        Ok(response) => {
            let fields = ["Upgrade", "Connection", "Sec-WebSocket-Accept"]
                .map(|name| field(&response, name).map(str::to_string));
            let expected = ["websocket", "Upgrade", ACCEPT].map(|value| Some(value.to_string()));
            assert_eq!((response.status, fields), (101, expected), "{head:?}");
            response
        }
        Err(refusal) => panic!("{head:?}\n  expected 101, but {refusal:?} came"),
    }
}

#[track_caller]
fn expect_refusal(head: &Head, status: u16) {
    let came = upgrade(head, &[]);
    let Err(refusal) = &came else {
        panic!("{head:?}\n  expected a refusal with {status}, but {came:?} came");
    };
    assert_eq!(refusal.status, status, "{head:?}: the status");
    if status == 426 {
        let fields = ["Upgrade", "Connection", "Sec-WebSocket-Version"];
        assert_eq!(
            fields.map(|name| field(refusal, name)),
            [Some("websocket"), Some("Upgrade"), Some("13")],
            "{head:?}: {fields:?} of the answer with 426"
        );
    }
}

#[test]
fn the_key_of_the_rfc_has_its_answer() {
    // RFC 6455, 1.3
    assert_eq!(accept_key(KEY), ACCEPT, "accept_key({KEY:?})");
}

#[test]
fn the_request_of_the_rfc_is_answered_with_101() {
    let response = expect_101(&request(&[]));
    assert_eq!(
        field(&response, "Sec-WebSocket-Protocol"),
        None,
        "the client has named no protocol"
    );
}

#[test]
fn a_plain_request_gets_426() {
    expect_refusal(&request(&[("Upgrade", "-")]), 426);
    for upgrade in ["h2c", "websockets", "web socket", ""] {
        expect_refusal(&request(&[("Upgrade", upgrade)]), 426);
    }
    // A browser that visits the page has none of the fields.
    let plain = [
        ("Upgrade", "-"),
        ("Connection", "keep-alive"),
        ("Sec-WebSocket-Key", "-"),
        ("Sec-WebSocket-Version", "-"),
    ];
    expect_refusal(&request(&plain), 426);
}

#[test]
fn a_post_without_upgrade_gets_426_as_well() {
    let head = Head {
        method: "POST".into(),
        ..request(&[("Upgrade", "-")])
    };
    expect_refusal(&head, 426);
}

#[test]
fn another_version_gets_426() {
    expect_refusal(&request(&[("Sec-WebSocket-Version", "-")]), 426);
    for version in ["8", "14", "113", "13x", ""] {
        expect_refusal(&request(&[("Sec-WebSocket-Version", version)]), 426);
    }
}

#[test]
fn the_version_is_13_to_the_letter() {
    for version in ["013", "+13", "13.0", "13, 8"] {
        expect_refusal(&request(&[("Sec-WebSocket-Version", version)]), 426);
    }
}

#[test]
fn two_versions_get_426() {
    for versions in [["13", "8"], ["8", "13"], ["13", "13"]] {
        let two = versions.map(|version| ("Sec-WebSocket-Version", version));
        expect_refusal(&request(&two), 426);
    }
}

#[test]
fn lists_may_hold_other_words_in_any_case() {
    for connection in [
        "upgrade",
        "keep-alive, Upgrade",
        "UPGRADE ,\tkeep-alive",
        "keep-alive,upgrade,x",
    ] {
        expect_101(&request(&[("Connection", connection)]));
    }
    for upgrade in ["WebSocket", "h2c, websocket", "WEBSOCKET , x"] {
        expect_101(&request(&[("Upgrade", upgrade)]));
    }
    let two = [("Connection", "keep-alive"), ("Connection", "Upgrade")];
    expect_101(&request(&two));
    let lower: &[(&str, &str)] = &[("Connection", "-"), ("connection", "upgrade")];
    expect_101(&request(lower));
}

#[test]
fn connection_has_to_name_upgrade() {
    expect_refusal(&request(&[("Connection", "-")]), 400);
    for connection in ["keep-alive", "upgraded", "no-upgrade", ""] {
        expect_refusal(&request(&[("Connection", connection)]), 400);
    }
}

#[test]
fn there_is_one_key_of_16_bytes() {
    expect_refusal(&request(&[("Sec-WebSocket-Key", "-")]), 400);
    let coded = |len: usize| BASE64_STANDARD.encode(vec![7; len]);
    for key in [
        "",
        "no base64!",
        "dGhlIHNhbXBsZSBub25jZQ",
        &coded(15),
        &coded(17),
    ] {
        expect_refusal(&request(&[("Sec-WebSocket-Key", key)]), 400);
    }
    let twice = [("Sec-WebSocket-Key", KEY), ("Sec-WebSocket-Key", KEY)];
    expect_refusal(&request(&twice), 400);
}

#[test]
fn only_a_get_of_http_1_1_is_upgraded() {
    for method in ["POST", "HEAD", "get"] {
        let head = Head {
            method: method.into(),
            ..request(&[])
        };
        expect_refusal(&head, 400);
    }
    let head = Head {
        minor: 0,
        ..request(&[])
    };
    expect_refusal(&head, 400);
}

#[test]
fn the_clients_first_known_protocol_is_chosen() {
    let known = ["chat", "superchat"];
    for (offered, chosen) in [
        ("superchat, chat", Some("superchat")),
        ("chat,superchat", Some("chat")),
        ("x , chat", Some("chat")),
        ("x, CHAT", None),
        ("x", None),
        ("chatty", None),
    ] {
        let head = request(&[("Sec-WebSocket-Protocol", offered)]);
        let response = upgrade(&head, &known).expect("the request is right");
        assert_eq!(
            field(&response, "Sec-WebSocket-Protocol"),
            chosen,
            "the client offers {offered:?}, the server knows {known:?}"
        );
    }
    let two = [
        ("Sec-WebSocket-Protocol", "x"),
        ("Sec-WebSocket-Protocol", "superchat"),
    ];
    let response = upgrade(&request(&two), &known).expect("the request is right");
    assert_eq!(
        field(&response, "Sec-WebSocket-Protocol"),
        Some("superchat"),
        "the client offers \"x\" and \"superchat\" in two fields"
    );
}

#[test]
fn the_answer_names_one_protocol() {
    let known = ["chat", "superchat"];
    let head = request(&[("Sec-WebSocket-Protocol", "x, superchat, chat")]);
    let response = upgrade(&head, &known).expect("the request is right");
    let mut named = response.headers;
    named.retain(|(name, _)| name.eq_ignore_ascii_case("Sec-WebSocket-Protocol"));
    assert_eq!(
        named,
        [("Sec-WebSocket-Protocol", "superchat".to_string())],
        "the client offers \"x, superchat, chat\", the server knows {known:?}: left are the answer's fields"
    );
}

/// A client's stream: the request that it writes is kept, and answered at the first read.
struct Answering {
    request: Vec<u8>,
    answer: Option<Scripted>,
}

impl std::io::Write for Answering {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.request.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl std::io::Read for Answering {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let request = &self.request;
        self.answer
            .get_or_insert_with(|| Scripted::new([answer_to(request)]))
            .read(buffer)
    }
}

/// Reads a request with httparse, and gives the bytes of your answer.
fn answer_to(request: &[u8]) -> Vec<u8> {
    let mut fields = [httparse::EMPTY_HEADER; 16];
    let mut parsed = httparse::Request::new(&mut fields);
    let end = parsed
        .parse(request)
        .expect("tungstenite's request is right");
    assert!(end.is_complete(), "tungstenite writes a whole request");
    let head = Head {
        method: parsed.method.unwrap_or_default().into(),
        target: parsed.path.unwrap_or_default().into(),
        minor: parsed.version.unwrap_or_default(),
        headers: parsed
            .headers
            .iter()
            .map(|field| {
                let value = String::from_utf8_lossy(field.value).into_owned();
                (field.name.to_string(), value)
            })
            .collect(),
    };
    let response = upgrade(&head, &["chat"]).unwrap_or_else(|refusal| refusal);
    let mut answer = format!("HTTP/1.1 {} \r\n", response.status);
    for (name, value) in response.headers {
        answer += &format!("{name}: {value}\r\n");
    }
    (answer + "\r\n").into_bytes()
}

#[test]
fn tungstenite_accepts_the_answers() {
    for round in 0..20 {
        let stream = Answering {
            request: Vec::new(),
            answer: None,
        };
        let uri = "ws://localhost/chat".parse().expect("an address");
        let request = ClientRequestBuilder::new(uri).with_sub_protocol("chat");
        match tungstenite::client(request, stream) {
            Ok((_, response)) => assert_eq!(
                response
                    .headers()
                    .get("sec-websocket-protocol")
                    .map(|value| value.as_bytes()),
                Some(&b"chat"[..]),
                "tungstenite offers the protocol chat"
            ),
            Err(HandshakeError::Failure(error)) => {
                panic!("round {round}: tungstenite refuses your answer: {error}")
            }
            Err(HandshakeError::Interrupted(_)) => panic!("the answer has no end"),
        }
    }
}
