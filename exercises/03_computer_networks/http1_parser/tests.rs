use super::*;
use loopback::{cuts, show};
use seeded::Rng;

const MAX_BODY: u64 = 100_000;

/// Everything that a parser gives for these pieces: events, bodies joined, and the status if it refuses.
#[track_caller]
fn read(pieces: &[Vec<u8>], max_body: u64) -> (Vec<Event>, Option<u16>) {
    let mut parser = RequestParser::new(max_body);
    let mut events = Vec::new();
    for piece in pieces {
        parser.feed(piece);
        if let Err(bad) = drain(&mut parser, &mut events) {
            return (events, Some(bad.status));
        }
    }
    (events, None)
}

/// All events that there are now.
#[track_caller]
fn drain(parser: &mut RequestParser, events: &mut Vec<Event>) -> Result<(), BadRequest> {
    for _ in 0..10_000 {
        match (parser.next()?, events.last_mut()) {
            (None, _) => return Ok(()),
            (Some(Event::Body(more)), Some(Event::Body(body))) => body.extend(more),
            (Some(event), _) => events.push(event),
        }
    }
    panic!("10,000 calls of next without `None`: does it give the same event again and again?");
}

/// The input has to give these events, however it is cut.
#[track_caller]
fn accept(what: &str, input: &str, expected: &[Event]) {
    for cut in cuts(input.as_bytes()) {
        let came = read(&cut.pieces, MAX_BODY);
        assert!(
            came == (expected.to_vec(), None),
            "{what}: {}, {cut}\n  expected: {expected:?}\n  came:     {came:?}",
            show(input.as_bytes())
        );
    }
}

/// The input has to be refused with this status, however it is cut.
#[track_caller]
fn refuse(what: &str, input: &str, status: u16) {
    for cut in cuts(input.as_bytes()) {
        let (events, came) = read(&cut.pieces, MAX_BODY);
        assert!(
            came == Some(status),
            "{what}: {}, {cut}\n  expected the status {status}, but {} came, after {events:?}",
            show(input.as_bytes()),
            came.map_or("none".to_string(), |status| status.to_string())
        );
    }
}

fn head(method: &str, target: &str, headers: &[(&str, &str)]) -> Event {
    let headers = headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect();
    Event::Head(Head {
        method: method.into(),
        target: target.into(),
        minor: 1,
        headers,
    })
}

/// A GET with `Host: a` and these lines.
fn get(lines: &str) -> String {
    format!("GET / HTTP/1.1\r\nHost: a\r\n{lines}\r\n")
}

/// A POST with `Host: a`, these lines and this body.
fn post(lines: &str, body: &str) -> String {
    format!("POST / HTTP/1.1\r\nHost: a\r\n{lines}\r\n{body}")
}

fn chunked(body: &str) -> String {
    post("Transfer-Encoding: chunked\r\n", body)
}

fn body(body: &str) -> Event {
    Event::Body(body.into())
}

#[test]
fn a_request_without_a_body_is_a_head_and_an_end() {
    accept(
        "a GET",
        &get(""),
        &[head("GET", "/", &[("Host", "a")]), Event::End],
    );
    accept(
        "a DELETE with a query and two fields",
        "DELETE /a/b?c=d&e=%20 HTTP/1.1\r\nHost: a:80\r\nAccept: */*\r\n\r\n",
        &[
            head(
                "DELETE",
                "/a/b?c=d&e=%20",
                &[("Host", "a:80"), ("Accept", "*/*")],
            ),
            Event::End,
        ],
    );
    accept(
        "HTTP/1.0 without a field",
        "GET / HTTP/1.0\r\n\r\n",
        &[
            Event::Head(Head {
                method: "GET".into(),
                target: "/".into(),
                minor: 0,
                headers: vec![],
            }),
            Event::End,
        ],
    );
}

#[test]
fn values_lose_the_blanks_around_them_and_nothing_else() {
    accept(
        "blanks and tabs",
        &get("A:b\r\nC: \t d e\t \r\nF:\r\nG: \r\nH: a:b, \"c\"\r\n!#$%&'*+-.^_`|~9: x\r\n"),
        &[
            head(
                "GET",
                "/",
                &[
                    ("Host", "a"),
                    ("A", "b"),
                    ("C", "d e"),
                    ("F", ""),
                    ("G", ""),
                    ("H", "a:b, \"c\""),
                    ("!#$%&'*+-.^_`|~9", "x"),
                ],
            ),
            Event::End,
        ],
    );
    accept(
        "a tab within a value",
        &get("A: b\tc\r\n"),
        &[
            head("GET", "/", &[("Host", "a"), ("A", "b\tc")]),
            Event::End,
        ],
    );
}

#[test]
fn a_body_of_known_length_ends_where_it_says() {
    let lines = "Content-Length: 5\r\n";
    let fields = [("Host", "a"), ("Content-Length", "5")];
    accept(
        "5 bytes",
        &post(lines, "he\r\no"),
        &[head("POST", "/", &fields), body("he\r\no"), Event::End],
    );
    accept(
        "4 of 5 bytes",
        &post(lines, "hell"),
        &[head("POST", "/", &fields), body("hell")],
    );
    for zero in ["0", "000"] {
        accept(
            "no bytes",
            &post(&format!("content-length: {zero}\r\n"), ""),
            &[
                head("POST", "/", &[("Host", "a"), ("content-length", zero)]),
                Event::End,
            ],
        );
    }
}

#[test]
fn requests_in_one_piece_come_one_after_the_other() {
    let input = [
        post("Content-Length: 3\r\n", "GET"),
        get(""),
        chunked("1\r\nx\r\n0\r\n\r\n"),
        get(""),
    ];
    let get = [head("GET", "/", &[("Host", "a")]), Event::End];
    let mut expected = vec![
        head("POST", "/", &[("Host", "a"), ("Content-Length", "3")]),
        body("GET"),
        Event::End,
    ];
    expected.extend(get.clone());
    expected.extend([
        head(
            "POST",
            "/",
            &[("Host", "a"), ("Transfer-Encoding", "chunked")],
        ),
        body("x"),
        Event::End,
    ]);
    expected.extend(get);
    accept("four requests", &input.concat(), &expected);
}

#[test]
fn a_piece_of_body_is_given_as_soon_as_it_comes() {
    for (lines, input) in [
        ("Content-Length: 9\r\n", "abc"),
        ("Transfer-Encoding: chunked\r\n", "9\r\nabc"),
    ] {
        let (events, _) = read(&[post(lines, input).into_bytes()], MAX_BODY);
        assert_eq!(
            events.last(),
            Some(&body("abc")),
            "3 of 9 bytes of a body with {lines:?} have come: the last event"
        );
    }
}

#[test]
fn chunks_become_one_body() {
    let fields = [("Host", "a"), ("Transfer-Encoding", "chunked")];
    let start = head("POST", "/", &fields);
    for (what, input, expected) in [
        (
            "two chunks",
            "5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n",
            "hello, world",
        ),
        (
            "digits in both cases, and zeros",
            "00a\r\n0123456789\r\nA\r\n0123456789\r\n000\r\n\r\n",
            "01234567890123456789",
        ),
        (
            "extensions",
            "2;a=b;c=\"d\"\r\nhi\r\n1;x\r\n!\r\n0;last\r\n\r\n",
            "hi!",
        ),
        (
            "data that looks like an end",
            "b\r\n\r\n0\r\n\r\nGET \r\n0\r\n\r\n",
            "\r\n0\r\n\r\nGET ",
        ),
    ] {
        accept(
            what,
            &chunked(input),
            &[start.clone(), body(expected), Event::End],
        );
    }
    accept(
        "no data",
        &chunked("0\r\n\r\n"),
        &[start.clone(), Event::End],
    );
    accept(
        "a chunk without its end",
        &chunked("5\r\nhello\r\n"),
        &[start, body("hello")],
    );
    accept(
        "Chunked in other letters",
        &post("transfer-ENCODING: ChunKed\r\n", "1\r\nx\r\n0\r\n\r\n"),
        &[
            head(
                "POST",
                "/",
                &[("Host", "a"), ("transfer-ENCODING", "ChunKed")],
            ),
            body("x"),
            Event::End,
        ],
    );
}

#[test]
fn trailers_come_before_the_end() {
    let fields = [("Host", "a"), ("Transfer-Encoding", "chunked")];
    accept(
        "two trailers, and the next request",
        &(chunked("1\r\nx\r\n0\r\nSum: 12 \r\nB:c\r\n\r\n") + &get("")),
        &[
            head("POST", "/", &fields),
            body("x"),
            Event::Trailers(vec![("Sum".into(), "12".into()), ("B".into(), "c".into())]),
            Event::End,
            head("GET", "/", &[("Host", "a")]),
            Event::End,
        ],
    );
    refuse(
        "a trailer that is no field",
        &chunked("0\r\nno field\r\n\r\n"),
        400,
    );
}

#[test]
fn a_request_line_has_three_parts_and_single_spaces() {
    for line in [
        "GET /",
        "GET",
        "",
        "GET  / HTTP/1.1",
        "GET /  HTTP/1.1",
        " GET / HTTP/1.1",
        "GET / HTTP/1.1 ",
        "GET\t/\tHTTP/1.1",
        "GET /a b HTTP/1.1",
        "G@T / HTTP/1.1",
        "GET /\u{1} HTTP/1.1",
        "GET /é HTTP/1.1",
        "GET / http/1.1",
        "GET / HTTP/1",
        "GET / HTTP/11",
        "GET / HTTP/1.1.1",
        "GET / HTTP/x.1",
        "GET / HTTP/1.x",
        "GET / FTTP/1.1",
    ] {
        refuse(
            "the request line",
            &format!("{line}\r\nHost: a\r\n\r\n"),
            400,
        );
    }
    for version in ["2.0", "0.9", "3.1"] {
        let input = format!("GET / HTTP/{version}\r\nHost: a\r\n\r\n");
        refuse("another version", &input, 505);
    }
}

#[test]
fn a_line_ends_with_cr_and_lf() {
    refuse("a CR in a value", &get("A: b\rc\r\n"), 400);
    refuse("a CR before the end", &get("A: b\r\r\n"), 400);
    refuse("an LF as the end of a field", &get("A: b\nC: d\r\n"), 400);
    refuse(
        "an LF as the end of the request line",
        "GET / HTTP/1.1\nHost: a\r\n\r\n",
        400,
    );
    refuse(
        "a CR in the request line",
        "GET / HTTP/1.1\rHost: a\r\nHost: a\r\n\r\n",
        400,
    );
}

#[test]
fn a_field_is_a_token_a_colon_and_a_clean_value() {
    for line in [
        "A : b",
        "A\t: b",
        " A: b",
        "\tA: b",
        ": b",
        "A b: c",
        "no colon",
        "A(: b",
        "é: b",
        "A: b\0c",
        "A: \u{1}",
        "A: \u{7f}",
    ] {
        refuse("a field", &get(&format!("{line}\r\n")), 400);
    }
    refuse("a folded line (5.2)", &get("A: b\r\n c\r\n"), 400);
    refuse(
        "a folded first line",
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        400,
    );
}

#[test]
fn one_host_and_not_two() {
    refuse("no Host", "GET / HTTP/1.1\r\nA: b\r\n\r\n", 400);
    refuse("two Hosts", &get("hOST: b\r\n"), 400);
    refuse("the same Host twice", &get("Host: a\r\n"), 400);
    refuse(
        "two Hosts in HTTP/1.0",
        "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
        400,
    );
}

#[test]
fn a_content_length_is_digits_and_stands_once() {
    for length in [
        "", "+5", "-5", "5 5", "5,5", "5, 5", "0x5", "5.0", "five", "5a", "\"5\"",
    ] {
        let lines = format!("Content-Length: {length}\r\n");
        refuse("Content-Length", &post(&lines, "hello"), 400);
    }
    let twice = "Content-Length: 5\r\nContent-Length: 6\r\n";
    refuse("two lengths", &post(twice, "hello!"), 400);
    let spaced = "Content-Length : 5\r\n";
    refuse("a blank before the colon", &post(spaced, "hello"), 400);
}

#[test]
fn two_ways_to_end_a_body_are_refused() {
    let lines = ["Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"];
    for lines in [lines, [lines[1], lines[0]]] {
        refuse(
            "Content-Length and Transfer-Encoding (6.3)",
            &post(&lines.concat(), "0\r\n\r\n"),
            400,
        );
    }
}

#[test]
fn only_chunked_may_be_the_last_coding() {
    let coded = |coding: &str| post(&format!("Transfer-Encoding: {coding}\r\n"), "0\r\n\r\n");
    for coding in [
        "gzip",
        "chunked, gzip",
        "chunked, chunked",
        "xchunked",
        "chunkedx",
        "chunked x",
        "identity",
    ] {
        refuse("the coding", &coded(coding), 400);
    }
    for coding in ["gzip, chunked", "gzip,deflate,Chunked"] {
        refuse("a coding that nobody knows", &coded(coding), 501);
    }
    let two = "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n";
    refuse("codings in two fields", &post(two, "0\r\n\r\n"), 501);
    let two = "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n";
    refuse("codings in two fields", &post(two, "0\r\n\r\n"), 400);
    refuse(
        "chunks in HTTP/1.0 (6.1)",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    );
}

#[test]
fn a_chunk_is_refused_when_its_parts_are_not_exact() {
    for input in [
        "x\r\n",
        "\r\n",
        ";a\r\n",
        "-1\r\n",
        "+1\r\nx\r\n",
        "0x1\r\nx\r\n",
        " 1\r\nx\r\n",
        "1 1\r\nx\r\n",
        "5\nhello\r\n0\r\n\r\n",
        "2;a\rb\r\nhi\r\n",
        "5\r\nhello0\r\n\r\n",
        "5\r\nhello!\r\n0\r\n\r\n",
        "5\r\nhello\n\n0\r\n\r\n",
        "5\r\nhello\r0\r\n\r\n",
    ] {
        refuse("a chunk", &chunked(input), 400);
    }
}

#[test]
fn a_body_above_the_limit_gives_413_when_it_is_announced() {
    let length = |n: &str| post(&format!("Content-Length: {n}\r\n"), "");
    let (events, status) = read(&[length("100000").into_bytes()], MAX_BODY);
    assert_eq!(
        (events.len(), status),
        (1, None),
        "a body of exactly the limit: the number of events, and the status"
    );
    for n in [
        "100001",
        "18446744073709551616",
        "99999999999999999999999999",
    ] {
        refuse("Content-Length above the limit", &length(n), 413);
    }
    for size in [
        "186a1",
        "ffffffffffffffff",
        "10000000000000000",
        "fffffffffffffffffff",
    ] {
        let input = chunked(&format!("{size}\r\n"));
        refuse("a chunk above the limit", &input, 413);
        let input = chunked(&format!("1\r\nx\r\n{size}\r\n"));
        refuse("a second chunk above the limit", &input, 413);
    }
    let exact = chunked(&format!("5\r\nhello\r\n{:x}\r\n", MAX_BODY - 5));
    assert_eq!(
        read(&[exact.into_bytes()], MAX_BODY).1,
        None,
        "two chunks of exactly the limit together: the status"
    );
    let above = chunked(&format!("5\r\nhello\r\n{:x}\r\n", MAX_BODY - 4));
    refuse("two chunks that are together above the limit", &above, 413);
}

#[test]
fn a_head_above_the_limit_gives_431_whether_it_has_ended_or_not() {
    let sized = |size: usize| {
        let rest = size - get("A: \r\n").len();
        get(&format!("A: {}\r\n", "x".repeat(rest)))
    };
    let status = |input: &str| read(&[input.as_bytes().to_vec()], MAX_BODY).1;
    let with_limit = sized(MAX_HEAD);
    assert_eq!(status(&with_limit), None, "a head of exactly 8,192 bytes");
    assert_eq!(
        status(&sized(MAX_HEAD + 1)),
        Some(431),
        "a head of 8,193 bytes"
    );
    assert_eq!(
        status(&format!("GET /{}", "x".repeat(MAX_HEAD))),
        Some(431),
        "8,197 bytes and no end of the first line"
    );
    assert_eq!(
        status(&(get("") + &with_limit)),
        None,
        "a small head, and one of 8,192 bytes behind it"
    );
    let long_body = post(
        "Content-Length: 20000\r\n",
        &format!("{}{}", "x".repeat(20_000), get("")),
    );
    assert_eq!(
        status(&long_body),
        None,
        "a small head and 20,000 bytes of body, all in one piece"
    );
    let trailers = |n: usize| chunked(&format!("0\r\nA: {}\r\n\r\n", "x".repeat(n)));
    assert_eq!(
        status(&trailers(MAX_HEAD - 7)),
        None,
        "trailers of 8,192 bytes"
    );
    assert_eq!(
        status(&trailers(MAX_HEAD - 6)),
        Some(431),
        "trailers of 8,193 bytes"
    );
    let extension = chunked(&format!("1;{}", "x".repeat(MAX_HEAD)));
    assert_eq!(
        status(&extension),
        Some(431),
        "a chunk's extension without an end"
    );
}

#[test]
fn after_an_error_there_is_only_that_error() {
    let mut parser = RequestParser::new(MAX_BODY);
    parser.feed(format!("GET / HTTP/3.0\r\n\r\n{}", get("")).as_bytes());
    for call in 1..=3 {
        assert_eq!(
            parser.next(),
            Err(BadRequest { status: 505 }),
            "GET / HTTP/3.0 and then a good request: call {call} of next"
        );
        parser.feed(get("").as_bytes());
    }
    let (events, status) = read(&[(get("") + &get("A : b\r\n")).into_bytes()], MAX_BODY);
    assert_eq!(
        (events.len(), status),
        (2, Some(400)),
        "a good request and a bad one in one piece: the number of events, and the status"
    );
}

/// A random head that is right, as its lines.
fn random_head(rng: &mut Rng) -> String {
    let method = *rng.pick(&["GET", "PUT", "M-SEARCH", "x"]);
    let target = format!("/{}?{}={}", rng.word(3), rng.word(1), rng.word(2));
    let mut lines = vec![format!("Host: {}", rng.word(5))];
    for _ in 0..rng.below(6) {
        let (before, after) = (*rng.pick(&["", " ", "\t "]), *rng.pick(&["", " ", " \t"]));
        let value = rng
            .pick(&["", "a", "b c", "\"q\"; x=1", "1, 2,3", "(*)"])
            .to_string();
        let length = rng.range(1..9);
        lines.push(format!("{}:{before}{value}{after}", rng.word(length)));
    }
    rng.shuffle(&mut lines);
    format!(
        "{method} {target} HTTP/1.{}\r\n{}\r\n\r\n",
        rng.below(2),
        lines.join("\r\n")
    )
}

#[test]
fn heads_are_read_as_httparse_reads_them() {
    seeded::cases(300, |rng| {
        let input = random_head(rng);
        let mut fields = [httparse::EMPTY_HEADER; 16];
        let mut theirs = httparse::Request::new(&mut fields);
        let status = theirs.parse(input.as_bytes()).expect("the head is right");
        assert!(status.is_complete());
        let expected = Event::Head(Head {
            method: theirs.method.expect("a method").into(),
            target: theirs.path.expect("a target").into(),
            minor: theirs.version.expect("a version"),
            headers: theirs
                .headers
                .iter()
                .map(|field| (field.name.into(), text(field.value)))
                .collect(),
        });
        let (events, status) = read(&[input.clone().into_bytes()], MAX_BODY);
        assert_eq!(
            (events, status),
            (vec![expected, Event::End], None),
            "{input:?}: left is what you read, right what httparse reads"
        );
    });
}

#[test]
fn random_chunks_give_the_bytes_that_went_in() {
    seeded::cases(200, |rng| {
        let size = rng.size() * 3;
        let data = rng.bytes(size);
        let mut input = chunked("").into_bytes();
        let mut rest = data.as_slice();
        while !rest.is_empty() {
            let chunk;
            (chunk, rest) = rest.split_at(rng.range(1..=rest.len()));
            let extension = *rng.pick(&["", ";a", ";a=\"b;c\""]);
            input.extend(format!("{:x}{extension}\r\n", chunk.len()).into_bytes());
            input.extend(chunk);
            input.extend(b"\r\n");
        }
        input.extend(b"0\r\n\r\n");
        input.extend(get("").into_bytes());
        let mut pieces = Vec::new();
        let mut left = input.as_slice();
        while !left.is_empty() {
            let piece;
            (piece, left) = left.split_at(rng.range(1..=left.len()));
            pieces.push(piece.to_vec());
        }
        let (events, status) = read(&pieces, MAX_BODY);
        let came = match &events[..] {
            [
                Event::Head(_),
                Event::Body(body),
                Event::End,
                Event::Head(_),
                Event::End,
            ] => body,
            _ => panic!("chunks in random pieces gave {events:?}, status {status:?}"),
        };
        loopback::assert_bytes(came, &data, "a body in random chunks and pieces");
    });
}

#[test]
fn damaged_requests_never_panic_or_loop() {
    seeded::cases(20_000, |rng| {
        let mut input = match rng.below(3) {
            0 => random_head(rng),
            1 => chunked("5\r\nhello\r\n0\r\nA: b\r\n\r\n") + &get(""),
            _ => post("Content-Length: 5\r\n", "hello") + &get(""),
        }
        .into_bytes();
        for _ in 0..rng.range(1..4) {
            let at = rng.below(input.len());
            match rng.below(3) {
                0 => input[at] = rng.range(..),
                1 => drop(input.remove(at)),
                _ => input.insert(at, *rng.pick(b"\r\n :;0f\xff")),
            }
        }
        let at = rng.below(input.len());
        let (head, tail) = input.split_at(at);
        read(&[head.to_vec(), tail.to_vec()], MAX_BODY);
    });
}
