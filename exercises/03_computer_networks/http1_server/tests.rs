use super::*;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Frame;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use loopback::{Client, DEADLINE, Gate, Server as Running, assert_bytes, show};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;

const MAX_BODY: u64 = 1 << 20;

fn start(router: Router) -> Running<Server> {
    Running::start("HTTP server", move |listener| {
        Server::start(listener, router, MAX_BODY)
    })
}

/// The parts of `/large`: hexadecimal and decimal do not look the same.
const LARGE: [(u8, usize); 4] = [(b'a', 10), (b'b', 16), (b'c', 171), (b'd', 4096)];

fn large() -> Vec<u8> {
    LARGE.map(|(byte, len)| vec![byte; len]).concat()
}

/// The routes that most tests use.
fn routes() -> Router {
    Router::default()
        .route("GET", "/hello", |_| Response::new(200, "hello"))
        .route("GET", "/accents", |_| Response::new(200, "é ü ∞"))
        .route("GET", "/parts", |_| {
            let parts = ["one", "", "two", "three"].map(|part| part.as_bytes().to_vec());
            Response::new(200, "").chunks(parts.into_iter())
        })
        .route("GET", "/large", |_| {
            let parts = LARGE.map(|(byte, len)| vec![byte; len]);
            Response::new(200, "").chunks(parts.into_iter())
        })
        .route("POST", "/echo", |request| {
            Response::new(200, request.body.clone())
        })
        .route("PUT", "/echo", |request| {
            Response::new(201, request.body.len().to_string())
        })
}

/// A response as it came.
#[derive(Debug)]
struct Reply {
    status: u16,
    fields: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Reply {
    fn field(&self, name: &str) -> Option<&str> {
        let field = |(field, _): &&(String, String)| field.eq_ignore_ascii_case(name);
        self.fields
            .iter()
            .find(field)
            .map(|(_, value)| value.as_str())
    }
}

/// Reads a response to a request of this method, and nothing behind it.
#[track_caller]
fn reply(client: &mut Client, method: &str) -> Reply {
    let head = client.until(b"\r\n\r\n", "the head of a response");
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.trim_end().split("\r\n");
    let status_line = lines.next().unwrap_or_default();
    let status = status_line
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.get(..3)?.parse().ok());
    let Some(status) = status else {
        client.fail(&format!("{status_line:?} is no status line of HTTP/1.1"));
    };
    let mut fields = Vec::new();
    for line in lines {
        let Some((name, value)) = line.split_once(':') else {
            client.fail(&format!("{line:?} is no field of a response"));
        };
        fields.push((name.to_string(), value.trim().to_string()));
    }
    let mut reply = Reply {
        status,
        fields,
        body: Vec::new(),
    };
    let length = reply.field("Content-Length").map(str::to_string);
    let chunked = reply.field("Transfer-Encoding").is_some();
    if method == "HEAD" || status < 200 || status == 204 || status == 304 {
        return reply;
    }
    match (length, chunked) {
        (Some(_), true) => client.fail("a response has Content-Length and Transfer-Encoding"),
        (Some(length), false) => {
            let Ok(length) = length.parse() else {
                client.fail(&format!("the length {length:?} is no number"));
            };
            reply.body = client.exactly(length, "the body of a response");
        }
        (None, true) => loop {
            let size = client.line();
            let Ok(size) = usize::from_str_radix(&size, 16) else {
                client.fail(&format!("{size:?} is no size of a chunk"));
            };
            let chunk = client.exactly(size + 2, "a chunk and its CRLF");
            if !chunk.ends_with(b"\r\n") {
                client.fail(&format!("no CRLF ends the chunk {}", show(&chunk)));
            }
            reply.body.extend(&chunk[..size]);
            if size == 0 {
                break;
            }
        },
        (None, false) => reply.body = client.rest(),
    }
    reply
}

/// Sends a request of one line and `Host`, more lines, and a body; reads the response.
#[track_caller]
fn ask(client: &mut Client, line: &str, more: &str, body: &str) -> Reply {
    client.send(format!("{line}\r\nHost: a\r\n{more}\r\n{body}"));
    reply(client, line.split(' ').next().unwrap_or_default())
}

/// The connection has to answer another request.
#[track_caller]
fn expect_open(client: &mut Client) {
    let next = ask(client, "GET /hello HTTP/1.1", "", "");
    if (next.status, &next.body[..]) != (200, b"hello") {
        client.fail(&format!("GET /hello, as the next request, gave {next:?}"));
    }
}

#[test]
fn a_route_is_answered_with_its_body_and_its_length_in_bytes() {
    let server = start(routes());
    let mut ann = server.client("ann");
    let hello = ask(&mut ann, "GET /hello?a=b HTTP/1.1", "", "");
    assert_eq!(
        (hello.status, hello.field("Content-Length")),
        (200, Some("5")),
        "GET /hello?a=b"
    );
    assert_bytes(&hello.body, b"hello", "the body of GET /hello?a=b");
    let accents = ask(&mut ann, "GET /accents HTTP/1.1", "", "");
    assert_bytes(
        &accents.body,
        "é ü ∞".as_bytes(),
        "the body of GET /accents, as long as Content-Length says",
    );
}

#[test]
fn no_path_is_404_and_no_method_is_405_with_allow() {
    let answer = |_: &Request| Response::new(200, "");
    let server = start(
        routes()
            .route("POST", "/both", answer)
            .route("GET", "/both", answer),
    );
    let mut ann = server.client("ann");
    for line in ["GET /nothing HTTP/1.1", "GET /hello/ HTTP/1.1"] {
        assert_eq!(ask(&mut ann, line, "", "").status, 404, "{line}");
    }
    for (line, allow) in [
        ("GET /echo HTTP/1.1", "POST, PUT"),
        ("HEAD /echo HTTP/1.1", "POST, PUT"),
        ("POST /hello HTTP/1.1", "GET, HEAD"),
        ("get /hello HTTP/1.1", "GET, HEAD"),
        ("PUT /both HTTP/1.1", "GET, HEAD, POST"),
    ] {
        let refused = ask(&mut ann, line, "", "");
        assert_eq!(
            (refused.status, refused.field("Allow")),
            (405, Some(allow)),
            "{line}"
        );
    }
    expect_open(&mut ann);
}

#[test]
fn ten_requests_at_once_are_answered_in_their_order() {
    let server = start(routes());
    let mut ann = server.client("ann");
    let request = |n: usize| {
        let body = n.to_string().repeat(n);
        let length = body.len();
        format!("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{body}")
    };
    ann.send((0..10).map(request).collect::<String>());
    for n in 0..10 {
        let reply = reply(&mut ann, "POST");
        let expected = n.to_string().repeat(n);
        assert_bytes(
            &reply.body,
            expected.as_bytes(),
            &format!("answer {n} of 10 requests in one piece"),
        );
    }
    expect_open(&mut ann);
}

#[test]
fn a_body_that_nobody_wants_is_not_the_next_request() {
    let server = start(routes());
    let mut ann = server.client("ann");
    let body = "GET /accents HTTP/1.1\r\nHost: a\r\n\r\n";
    let length = format!("Content-Length: {}\r\n", body.len());
    for (line, status) in [
        ("POST /nothing HTTP/1.1", 404),
        ("POST /hello HTTP/1.1", 405),
        ("GET /hello HTTP/1.1", 200),
    ] {
        assert_eq!(ask(&mut ann, line, &length, body).status, status, "{line}");
        expect_open(&mut ann);
    }
    let chunked = format!("{:x}\r\n{body}\r\n0\r\nA: b\r\n\r\n", body.len());
    let refused = ask(
        &mut ann,
        "POST /nothing HTTP/1.1",
        "Transfer-Encoding: chunked\r\n",
        &chunked,
    );
    assert_eq!(refused.status, 404, "POST /nothing with chunks");
    expect_open(&mut ann);
}

#[test]
fn head_has_the_fields_of_get_and_no_body() {
    let server = start(routes());
    let mut ann = server.client("ann");
    for path in ["/hello", "/parts", "/accents"] {
        let get = ask(&mut ann, &format!("GET {path} HTTP/1.1"), "", "");
        let head = ask(&mut ann, &format!("HEAD {path} HTTP/1.1"), "", "");
        assert_eq!(
            (head.status, &head.fields),
            (200, &get.fields),
            "HEAD {path} (left) and GET {path} (right): status and fields"
        );
        expect_open(&mut ann);
    }
    let missing = ask(&mut ann, "HEAD /nothing HTTP/1.1", "", "");
    assert_eq!(missing.status, 404, "HEAD /nothing");
    expect_open(&mut ann);
}

#[test]
fn a_route_for_head_goes_before_the_one_for_get() {
    let server = start(routes().route("HEAD", "/hello", |_| {
        Response::new(200, "hello").header("X-From", "head")
    }));
    let mut ann = server.client("ann");
    let head = ask(&mut ann, "HEAD /hello HTTP/1.1", "", "");
    assert_eq!(head.field("X-From"), Some("head"), "HEAD /hello");
    let refused = ask(&mut ann, "PUT /hello HTTP/1.1", "", "");
    assert_eq!(refused.field("Allow"), Some("GET, HEAD"), "PUT /hello");
}

#[test]
fn no_content_and_not_modified_have_no_body() {
    let parts = |_: &Request| Response::new(204, "").chunks([b"part".to_vec()].into_iter());
    let server = start(
        routes()
            .route("GET", "/204", |_| Response::new(204, "a body"))
            .route("GET", "/304", |_| {
                Response::new(304, "a body").header("ETag", "\"1\"")
            })
            .route("GET", "/parts204", parts),
    );
    let mut ann = server.client("ann");
    for path in ["/204", "/304", "/parts204"] {
        let reply = ask(&mut ann, &format!("GET {path} HTTP/1.1"), "", "");
        assert_eq!(
            (
                reply.field("Content-Length"),
                reply.field("Transfer-Encoding")
            ),
            (None, None),
            "GET {path}: Content-Length and Transfer-Encoding"
        );
        // A body would be taken for the start of the next response.
        expect_open(&mut ann);
    }
    let old = ask(
        &mut ann,
        "GET /parts204 HTTP/1.0",
        "Connection: keep-alive\r\n",
        "",
    );
    assert_eq!(
        old.field("Connection"),
        Some("keep-alive"),
        "GET /parts204 with HTTP/1.0 has no body whose end had to be told"
    );
    expect_open(&mut ann);
}

#[test]
fn a_body_in_parts_comes_in_chunks() {
    let server = start(routes());
    let mut ann = server.client("ann");
    let parts = ask(&mut ann, "GET /parts HTTP/1.1", "", "");
    assert_eq!(
        parts.field("Transfer-Encoding"),
        Some("chunked"),
        "GET /parts"
    );
    assert_bytes(
        &parts.body,
        b"onetwothree",
        "GET /parts: one, an empty part, two, three",
    );
    expect_open(&mut ann);
    let parts = ask(&mut ann, "GET /large HTTP/1.1", "", "");
    assert_bytes(
        &parts.body,
        &large(),
        "GET /large: parts of 10, 16, 171 and 4,096 bytes",
    );
    expect_open(&mut ann);
}

#[test]
fn a_part_is_sent_before_the_next_is_made() {
    let gate = Gate::new("making the second part");
    let held = gate.clone();
    let server = start(Router::default().route("GET", "/slow", move |_| {
        let held = held.clone();
        let second = std::iter::once_with(move || {
            held.pass();
            b"second".to_vec()
        });
        Response::new(200, "").chunks(std::iter::once(b"first".to_vec()).chain(second))
    }));
    let mut ann = server.client("ann");
    ann.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    ann.until(b"\r\n\r\n", "the head of a response");
    ann.until(
        b"first\r\n",
        "the first chunk, while the second is not made",
    );
    gate.open();
    ann.until(b"second\r\n0\r\n\r\n", "the second chunk and the last");
}

#[test]
fn http_1_0_knows_no_chunks() {
    let server = start(routes());
    let mut ann = server.client("ann");
    let parts = ask(
        &mut ann,
        "GET /parts HTTP/1.0",
        "Connection: keep-alive\r\n",
        "",
    );
    assert_eq!(
        (parts.field("Transfer-Encoding"), parts.field("Connection")),
        (None, Some("close")),
        "GET /parts with HTTP/1.0: Transfer-Encoding and Connection"
    );
    assert_bytes(&parts.body, b"onetwothree", "GET /parts with HTTP/1.0");
    ann.expect_end();
}

#[test]
fn a_connection_closes_when_a_request_says_so() {
    let server = start(routes());
    for connection in [
        "close",
        "Close",
        "x, CLOSE",
        "close\r\nConnection: x",
        "x\r\nConnection: close",
    ] {
        let mut ann = server.client("ann");
        expect_open(&mut ann);
        let more = format!("Connection: {connection}\r\n");
        let last = ask(&mut ann, "GET /hello HTTP/1.1", &more, "");
        assert_eq!(
            (last.status, last.field("Connection")),
            (200, Some("close")),
            "GET /hello with {more:?}"
        );
        ann.expect_end();
    }
    let mut bob = server.client("bob");
    let open = ask(
        &mut bob,
        "GET /hello HTTP/1.1",
        "Connection: closed\r\n",
        "",
    );
    assert_eq!(open.field("Connection"), None, "Connection: closed");
    expect_open(&mut bob);
}

#[test]
fn http_1_0_keeps_a_connection_only_when_asked() {
    let server = start(routes());
    let mut ann = server.client("ann");
    for more in [
        "Connection: keep-alive\r\n",
        "Connection: x, Keep-Alive\r\n",
    ] {
        let kept = ask(&mut ann, "GET /hello HTTP/1.0", more, "");
        let connection = kept.field("Connection").map(str::to_ascii_lowercase);
        assert_eq!(
            connection.as_deref(),
            Some("keep-alive"),
            "GET /hello with HTTP/1.0 and {more:?}"
        );
    }
    let last = ask(&mut ann, "GET /hello HTTP/1.0", "", "");
    assert_eq!(
        last.field("Connection"),
        Some("close"),
        "GET /hello with HTTP/1.0"
    );
    ann.expect_end();
    let mut bob = server.client("bob");
    let more = "Connection: keep-alive, close\r\n";
    let last = ask(&mut bob, "GET /hello HTTP/1.0", more, "");
    assert_eq!(last.field("Connection"), Some("close"), "{more:?}");
    bob.expect_end();
}

#[test]
fn a_client_that_waits_with_its_body_is_told_to_go_on() {
    let server = start(routes());
    let mut ann = server.client("ann");
    for expect in ["100-continue", "100-Continue"] {
        let more = format!("Expect: {expect}\r\nContent-Length: 4\r\n");
        let go_on = ask(&mut ann, "POST /echo HTTP/1.1", &more, "");
        assert_eq!(
            (go_on.status, go_on.fields.len()),
            (100, 0),
            "POST /echo with Expect: {expect}, and no body yet: status and number of fields"
        );
        ann.send("body");
        assert_bytes(&reply(&mut ann, "POST").body, b"body", "and then its body");
    }
    let more = "Expect: 100-continue\r\nContent-Length: 4\r\n";
    let old = ask(&mut ann, "POST /echo HTTP/1.0", more, "body");
    assert_eq!(
        old.status, 200,
        "HTTP/1.0 knows no 100 Continue: the first status"
    );
}

#[test]
fn a_client_that_waits_with_its_body_may_be_refused_at_once() {
    let server = start(routes());
    for (line, length, status) in [
        ("POST /nothing HTTP/1.1", 4, 404),
        ("POST /hello HTTP/1.1", 4, 405),
        ("POST /echo HTTP/1.1", MAX_BODY + 1, 413),
    ] {
        let mut ann = server.client("ann");
        let more = format!("Expect: 100-continue\r\nContent-Length: {length}\r\n");
        let refused = ask(&mut ann, line, &more, "");
        assert_eq!(
            (refused.status, refused.field("Connection")),
            (status, Some("close")),
            "{line} with Expect: 100-continue: the first status, and Connection"
        );
        ann.expect_end();
    }
}

#[test]
fn a_request_that_cannot_be_read_gets_its_status_and_the_end() {
    let server = start(routes());
    for (request, status) in [
        ("GET /hello\r\n\r\n", 400),
        ("GET /hello HTTP/1.1\r\n\r\n", 400),
        ("GET /hello HTTP/3.0\r\nHost: a\r\n\r\n", 505),
        (
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n",
            413,
        ),
        (
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            501,
        ),
        (
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi!!",
            400,
        ),
    ] {
        let mut ann = server.client("ann");
        expect_open(&mut ann);
        ann.send(request);
        let refused = reply(&mut ann, "GET");
        assert_eq!(
            (refused.status, refused.field("Connection")),
            (status, Some("close")),
            "{request:?}: status and Connection"
        );
        ann.expect_end();
    }
    let mut ann = server.client("ann");
    ann.send(format!("GET /{}", "x".repeat(parser::MAX_HEAD)));
    assert_eq!(reply(&mut ann, "GET").status, 431, "a head without an end");
    ann.expect_end();
}

#[test]
fn a_value_with_a_line_end_gives_500() {
    let mut router = routes();
    for (i, value) in ["a\r\nSet-Cookie: b=c", "a\nb", "a\rb", "a\0b"]
        .into_iter()
        .enumerate()
    {
        router = router.route("GET", &format!("/{i}"), move |_| {
            Response::new(200, "secret").header("Location", value)
        });
    }
    let server = start(router);
    let mut ann = server.client("ann");
    for i in 0..4 {
        let reply = ask(&mut ann, &format!("GET /{i} HTTP/1.1"), "", "");
        assert_eq!(
            (
                reply.status,
                reply.field("Set-Cookie"),
                reply.field("Location")
            ),
            (500, None, None),
            "a handler sets a field with CR, LF or NUL (case {i}): status and fields"
        );
        assert!(
            reply.body != b"secret",
            "the handler's body in place of ours"
        );
        expect_open(&mut ann);
    }
    let fine = ask(&mut ann, "GET /hello HTTP/1.1", "", "");
    assert_eq!(fine.status, 200);
}

#[test]
fn a_handlers_fields_are_sent() {
    let server = start(Router::default().route("GET", "/", |request| {
        let agent = request.head.values("user-agent").next().unwrap_or("none");
        Response::new(201, "").header("X-Agent", agent)
    }));
    let mut ann = server.client("ann");
    let reply = ask(&mut ann, "GET / HTTP/1.1", "User-Agent: nc\r\n", "");
    assert_eq!(
        (reply.status, reply.field("X-Agent")),
        (201, Some("nc")),
        "a handler that sends the User-Agent back"
    );
}

#[test]
fn a_handlers_fields_cannot_say_where_the_answer_ends() {
    let lies = |response: Response| {
        let response = response
            .header("content-length", "2")
            .header("Connection", "close");
        response.header("TRANSFER-ENCODING", "chunked")
    };
    let chunks = |_: &Request| Response::new(200, "").chunks([b"hello".to_vec()].into_iter());
    let server = start(
        routes()
            .route("GET", "/full", move |_| lies(Response::new(200, "hello")))
            .route("GET", "/204", move |_| lies(Response::new(204, "")))
            .route("GET", "/chunks", move |request| lies(chunks(request))),
    );
    let mut ann = server.client("ann");
    for (path, expected) in [
        ("/full", vec!["Content-Length: 5"]),
        ("/204", vec![]),
        ("/chunks", vec!["Transfer-Encoding: chunked"]),
    ] {
        let reply = ask(&mut ann, &format!("GET {path} HTTP/1.1"), "", "");
        let names = ["connection", "content-length", "transfer-encoding"];
        let fields = reply.fields.iter();
        let fields = fields.filter(|(name, _)| names.contains(&&*name.to_ascii_lowercase()));
        let fields: Vec<String> = fields
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        assert_eq!(
            fields.join(", ").to_ascii_lowercase(),
            expected.join(", ").to_ascii_lowercase(),
            "GET {path}, whose handler says Content-Length: 2 and more: what frames the answer"
        );
        expect_open(&mut ann);
    }
}

#[test]
fn a_busy_connection_keeps_nobody_waiting() {
    let gate = Gate::new("the slow handler");
    let held = gate.clone();
    let server = start(routes().route("GET", "/slow", move |_| {
        held.pass();
        Response::new(200, "done")
    }));
    let mut busy = server.client("busy");
    busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    gate.wait_for(1);
    let mut silent = server.client("silent");
    silent.send("GET /hel");
    expect_open(&mut server.client("ann"));
    gate.open();
    assert_bytes(&reply(&mut busy, "GET").body, b"done", "GET /slow");
}

#[test]
fn shutdown_lets_a_request_come_to_its_end_and_closes_the_rest() {
    let gate = Gate::new("the slow handler");
    let held = gate.clone();
    let server = start(routes().route("GET", "/slow", move |_| {
        held.pass();
        Response::new(200, "done")
    }));
    let mut idle = server.client("idle");
    expect_open(&mut idle);
    let mut silent = server.client("silent");
    let mut half = server.client("half");
    half.send("GET /hello HTTP/1.1\r\nHo");
    let mut waiting = server.client("waiting");
    waiting.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
    let mut busy = server.client("busy");
    busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    gate.wait_for(1);
    let stopping = thread::spawn(move || server.stop(Server::shutdown));
    for client in [&mut idle, &mut silent, &mut half, &mut waiting] {
        client.rest();
    }
    gate.open();
    let last = reply(&mut busy, "GET");
    assert_bytes(&last.body, b"done", "the answer that shutdown waits for");
    assert_eq!(
        last.field("Connection"),
        Some("close"),
        "the answer that shutdown waits for"
    );
    busy.expect_end();
    if let Err(panic) = stopping.join() {
        std::panic::resume_unwind(panic);
    }
}

#[test]
fn shutdown_lets_an_answer_in_chunks_come_to_its_end() {
    let gate = Gate::new("making the second part");
    let held = gate.clone();
    let server = start(routes().route("GET", "/slow", move |_| {
        let held = held.clone();
        let second = std::iter::once_with(move || {
            held.pass();
            b"second".to_vec()
        });
        Response::new(200, "").chunks(std::iter::once(b"first".to_vec()).chain(second))
    }));
    let mut busy = server.client("busy");
    busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    busy.until(b"first\r\n", "the first chunk");
    gate.wait_for(1);
    // It has come last, so it is the last that is closed.
    let mut idle = server.client("idle");
    expect_open(&mut idle);
    let stopping = thread::spawn(move || server.stop(Server::shutdown));
    idle.rest();
    gate.open();
    busy.until(b"second\r\n0\r\n\r\n", "the second chunk and the last");
    busy.expect_end();
    if let Err(panic) = stopping.join() {
        std::panic::resume_unwind(panic);
    }
}

#[test]
fn shutdown_of_an_idle_server_returns() {
    let server = start(routes());
    let mut ann = server.client("ann");
    expect_open(&mut ann);
    server.stop(Server::shutdown);
    ann.expect_end();
}

/// Runs hyper's client, with a deadline.
fn with_hyper<F: Future<Output = ()>>(talk: impl FnOnce(SocketAddr) -> F) {
    let server = start(routes());
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built")
        .block_on(async {
            let talk = tokio::time::timeout(DEADLINE, talk(server.addr()));
            assert!(
                talk.await.is_ok(),
                "hyper's client waited for 5 seconds: which answer never came?"
            );
        });
}

async fn connect<B>(to: SocketAddr) -> SendRequest<B>
where
    B: hyper::body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let stream = tokio::net::TcpStream::connect(to)
        .await
        .expect("the server listens");
    let (sender, connection) = handshake(TokioIo::new(stream))
        .await
        .expect("hyper starts at once");
    tokio::spawn(connection);
    sender
}

/// Sends a request and gives the body of the answer, which has to be 200.
async fn send<B>(sender: &mut SendRequest<B>, request: http::Request<B>) -> Bytes
where
    B: hyper::body::Body + 'static,
{
    let what = format!("{} {}", request.method(), request.uri());
    let unread = |error: hyper::Error| format!("{what}: hyper cannot read the answer: {error}");
    if let Err(error) = sender.ready().await {
        panic!("{what}: the connection is closed: {error}");
    }
    let response = match sender.send_request(request).await {
        Ok(response) => response,
        Err(error) => panic!("{}", unread(error)),
    };
    assert_eq!(response.status(), 200, "{what}");
    match response.into_body().collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => panic!("{}", unread(error)),
    }
}

#[test]
fn hyper_sends_200_requests_over_one_connection() {
    with_hyper(async |to| {
        let mut sender = connect::<Full<Bytes>>(to).await;
        for n in 0..200 {
            let body = Bytes::from(n.to_string());
            let request = http::Request::post("/echo")
                .header("host", "a")
                .body(Full::new(body.clone()))
                .expect("a request");
            let came = send(&mut sender, request).await;
            assert_bytes(&came, &body, &format!("request {n} of hyper's client"));
        }
    });
}

/// A body that hyper sends in these pieces, without saying how long it is.
struct Pieces(VecDeque<Bytes>);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}

#[test]
fn hyper_sends_chunks_and_reads_chunks() {
    with_hyper(async |to| {
        let mut sender = connect::<Pieces>(to).await;
        let pieces: VecDeque<Bytes> = (0..20_u8).map(|n| vec![n; 3000].into()).collect();
        let whole = pieces.iter().flatten().copied().collect::<Vec<u8>>();
        let request = http::Request::post("/echo")
            .header("host", "a")
            .body(Pieces(pieces))
            .expect("a request");
        let came = send(&mut sender, request).await;
        assert_bytes(&came, &whole, "20 chunks of 3,000 bytes, sent back");
        let request = http::Request::get("/parts")
            .header("host", "a")
            .body(Pieces(VecDeque::new()))
            .expect("a request");
        let came = send(&mut sender, request).await;
        assert_bytes(&came, b"onetwothree", "GET /parts, read by hyper");
        let request = http::Request::get("/large")
            .header("host", "a")
            .body(Pieces(VecDeque::new()))
            .expect("a request");
        let came = send(&mut sender, request).await;
        assert_bytes(&came, &large(), "GET /large, read by hyper");
    });
}
