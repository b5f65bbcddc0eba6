use super::*;
use loopback::show;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ClientConnection, RootCertStore, SupportedProtocolVersion};
use std::sync::Arc;

/// The record of RFC 8448, section 3, "{client} send handshake record".
const RFC: &str = "16 03 01 00 c4 01 00 00 c0 03 03 cb 34 ec b1 e7 81 63 ba 1c 38 c6 da cb 19 6a \
    6d ff a2 1a 8d 99 12 ec 18 a2 ef 62 83 02 4d ec e7 00 00 06 13 01 13 03 13 02 01 00 00 91 00 \
    00 00 0b 00 09 00 00 06 73 65 72 76 65 72 ff 01 00 01 00 00 0a 00 14 00 12 00 1d 00 17 00 18 \
    00 19 01 00 01 01 01 02 01 03 01 04 00 23 00 00 00 33 00 26 00 24 00 1d 00 20 99 38 1d e5 60 \
    e4 bd 43 d2 3d 8e 43 5a 7d ba fe b3 c0 6e 51 c1 3c ae 4d 54 13 69 1e 52 9a af 2c 00 2b 00 03 \
    02 03 04 00 0d 00 20 00 1e 04 03 05 03 06 03 02 03 08 04 08 05 08 06 04 01 05 01 06 01 02 01 \
    04 02 05 02 06 02 02 02 00 2d 00 02 01 01 00 1c 00 02 40 01";

fn rfc() -> Vec<u8> {
    RFC.split_ascii_whitespace()
        .map(|number| u8::from_str_radix(number, 16).expect("a number"))
        .collect()
}

fn hello(sni: Option<&str>, alpn: &[&str]) -> ClientHello {
    ClientHello {
        sni: sni.map(str::to_string),
        alpn: alpn.iter().map(|name| name.as_bytes().to_vec()).collect(),
    }
}

/// A block: its length in `n` bytes, and its content.
fn block(n: usize, content: &[u8]) -> Vec<u8> {
    let len = content.len().to_be_bytes();
    [&len[len.len() - n..], content].concat()
}

fn extension(kind: u8, content: &[u8]) -> Vec<u8> {
    [&[0, kind][..], &block(2, content)].concat()
}

fn names(names: &[(u8, &[u8])]) -> Vec<u8> {
    let list: Vec<Vec<u8>> = names
        .iter()
        .map(|(kind, name)| [&[*kind][..], &block(2, name)].concat())
        .collect();
    extension(0, &block(2, &list.concat()))
}

/// A message with these bytes behind the compression methods.
fn message(tail: &[u8]) -> Vec<u8> {
    let fixed = [
        &[3, 3][..],
        &[7; 32],
        &block(1, &[9; 32]),
        &block(2, &[0x13, 1]),
        &block(1, &[0]),
    ];
    let body = [&fixed.concat(), tail].concat();
    [&[1][..], &block(3, &body)].concat()
}

/// Messages in records of at most `size` bytes.
fn records(message: &[u8], size: usize) -> Vec<u8> {
    message
        .chunks(size)
        .flat_map(|part| [&[22, 3, 1][..], &block(2, part)].concat())
        .collect()
}

/// One record with a ClientHello that has these extensions.
fn with(extensions: &[Vec<u8>]) -> Vec<u8> {
    records(&message(&block(2, &extensions.concat())), 16_384)
}

#[track_caller]
fn expect(bytes: &[u8], expected: &ClientHello, what: &str) {
    let came = peek_client_hello(bytes);
    assert_eq!(
        came.as_ref(),
        Ok(&Some(expected.clone())),
        "{what}: {}",
        show(bytes)
    );
}

#[track_caller]
fn refuse(bytes: &[u8], what: &str) {
    let came = peek_client_hello(bytes);
    assert_eq!(came, Err(NotTls), "{what}: {}", show(bytes));
}

/// The first flight of rustls.
fn rustls_hello(
    name: &str,
    alpn: &[&str],
    versions: &[&'static SupportedProtocolVersion],
) -> Vec<u8> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .expect("ring knows both versions")
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    let name = name.to_string().try_into().expect("a name or an address");
    let mut client = ClientConnection::new(Arc::new(config), name).expect("a client");
    let mut bytes = Vec::new();
    client.write_tls(&mut bytes).expect("a vector takes all");
    bytes
}

#[test]
fn the_client_hello_of_the_rfc_names_server() {
    expect(&rfc(), &hello(Some("server"), &[]), "RFC 8448, section 3");
}

#[test]
fn plain_http_is_refused_at_its_first_byte() {
    refuse(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "a request of HTTP");
    refuse(b"G", "its first byte");
    refuse(&[22, 2], "a record of version 2");
    refuse(&[21, 3, 3, 0, 2, 1, 0], "an alert");
}

#[test]
fn names_and_protocols_of_rustls_are_read() {
    for versions in [&[&TLS12][..], &[&TLS13], &[&TLS13, &TLS12]] {
        expect(
            &rustls_hello("one.example", &["h2", "http/1.1"], versions),
            &hello(Some("one.example"), &["h2", "http/1.1"]),
            "rustls, with two protocols",
        );
        expect(
            &rustls_hello("one.example", &[], versions),
            &hello(Some("one.example"), &[]),
            "rustls, without protocols",
        );
        expect(
            &rustls_hello("192.0.2.1", &["h2"], versions),
            &hello(None, &["h2"]),
            "rustls, which names no address",
        );
    }
}

#[test]
fn a_name_is_returned_in_lower_case() {
    let bytes = with(&[names(&[(0, b"WWW.One.ExAmple")])]);
    expect(
        &bytes,
        &hello(Some("www.one.example"), &[]),
        "a name in other letters",
    );
    let alpn = extension(16, &block(2, &block(1, b"H2")));
    expect(
        &with(&[alpn]),
        &hello(None, &["H2"]),
        "a protocol, whose letters matter",
    );
}

#[test]
fn missing_bytes_are_waited_for() {
    for bytes in [rfc(), rustls_hello("one.example", &["h2"], &[&TLS13])] {
        for at in 0..bytes.len() {
            assert_eq!(
                peek_client_hello(&bytes[..at]),
                Ok(None),
                "the first {at} of {} bytes",
                bytes.len()
            );
        }
    }
}

#[test]
fn a_message_may_be_cut_into_records_of_any_size() {
    let bytes = rfc();
    for size in 1..bytes.len() {
        let records = records(&bytes[5..], size);
        expect(
            &records,
            &hello(Some("server"), &[]),
            &format!("in records of {size} bytes"),
        );
        assert_eq!(
            peek_client_hello(&records[..records.len() - 1]),
            Ok(None),
            "in records of {size} bytes, without the last byte"
        );
    }
}

#[test]
fn what_stands_behind_the_message_does_not_matter() {
    let more = [rfc(), b"more".to_vec()].concat();
    expect(&more, &hello(Some("server"), &[]), "more bytes behind it");
    let early = [rfc(), vec![23, 3, 3, 0, 1, 0]].concat();
    expect(&early, &hello(Some("server"), &[]), "early data behind it");
    let mut in_record = rfc()[5..].to_vec();
    in_record.extend([1, 0, 0]);
    expect(
        &records(&in_record, 16_384),
        &hello(Some("server"), &[]),
        "another message in the same record",
    );
}

#[test]
fn other_extensions_are_skipped() {
    let alpn = extension(16, &block(2, &block(1, b"h2")));
    let extensions = [
        extension(0x2a, b""),
        extension(5, &[1, 0, 0, 0, 0]),
        alpn,
        extension(21, &[0; 300]),
        names(&[
            (7, b"what is this?"),
            (0, b"one.example"),
            (0, b"two.example"),
        ]),
    ];
    expect(
        &with(&extensions),
        &hello(Some("one.example"), &["h2"]),
        "five extensions, and a name of an unknown type",
    );
    expect(
        &with(&[]),
        &hello(None, &[]),
        "an empty block of extensions",
    );
    expect(
        &records(&message(b""), 16_384),
        &hello(None, &[]),
        "no block of extensions",
    );
    expect(
        &with(&[names(&[(7, b"x")])]),
        &hello(None, &[]),
        "only a name of an unknown type",
    );
}

#[test]
fn a_record_has_1_to_16384_bytes() {
    refuse(&[22, 3, 1, 0, 0], "an empty record");
    refuse(&[22, 3, 1, 0x40, 0x01], "a record of 16,385 bytes");
    assert_eq!(
        peek_client_hello(&[22, 3, 1, 0x40, 0x00]),
        Ok(None),
        "the start of a record of 16,384 bytes"
    );
    let mut second = records(&rfc()[5..], 100);
    second[105] = 23;
    refuse(&second, "a second record of another type");
}

#[test]
fn another_message_is_refused_at_its_first_byte() {
    refuse(&[22, 3, 3, 0, 4, 2], "a ServerHello");
    refuse(&[22, 3, 3, 0, 4, 0, 0, 0, 0], "a HelloRequest");
}

#[test]
fn a_message_above_the_limit_is_refused_by_its_length() {
    refuse(
        &[22, 3, 1, 0x40, 0, 1, 1, 0, 1],
        "a message of 65,537 bytes, by its first 4",
    );
    refuse(
        &[22, 3, 1, 0x40, 0, 1, 0xff, 0xff, 0xff],
        "a message of 16 MiB, by its first 4",
    );
    let fixed = message(&block(2, &extension(21, b"")));
    let padding = vec![0; MAX_HELLO + 4 - fixed.len()];
    let padded = message(&block(2, &extension(21, &padding)));
    assert_eq!(padded.len(), MAX_HELLO + 4);
    assert_eq!(
        peek_client_hello(&records(&padded, 16_384)),
        Ok(Some(hello(None, &[]))),
        "a message of 65,536 bytes, in five records"
    );
}

#[test]
fn no_length_may_reach_beyond_what_it_stands_in() {
    let long = |content: &[u8]| extension(0, content);
    for (what, bytes) in [
        ("an empty name extension", with(&[long(b"")])),
        ("half a length", with(&[long(&[0])])),
        (
            "a list that is too long",
            with(&[long(&[0, 9, 0, 0, 1, b'a'])]),
        ),
        (
            "a name that is too long",
            with(&[long(&[0, 4, 0, 0, 9, b'a'])]),
        ),
        ("a name without its length", with(&[long(&[0, 2, 0, 0])])),
        ("a type without a name", with(&[long(&[0, 1, 0])])),
        ("an empty protocol extension", with(&[extension(16, b"")])),
        (
            "a protocol that is too long",
            with(&[extension(16, &[0, 3, 9, b'h', b'2'])]),
        ),
        (
            "an extension that is too long",
            records(&message(&block(2, &[0, 21, 0, 5, 1])), 16_384),
        ),
        (
            "half an extension",
            records(&message(&block(2, &[0, 21, 0])), 16_384),
        ),
        (
            "a block of extensions that is too long",
            records(&message(&[0, 9, 0, 21, 0, 0]), 16_384),
        ),
        ("half a block", records(&message(&[0]), 16_384)),
        (
            "a name that is no ASCII",
            with(&[names(&[(0, "é.example".as_bytes())])]),
        ),
        ("a name that is no text", with(&[names(&[(0, &[0xff])])])),
    ] {
        refuse(&bytes, what);
    }
    // Every prefix of a body, with the length of the prefix: each field ends too early once.
    let whole = message(&block(2, &names(&[(0, b"one.example")])));
    let body = &whole[4..];
    let no_extensions = message(b"").len() - 4;
    for len in 0..body.len() {
        if len != no_extensions {
            let short = [&[1][..], &block(3, &body[..len])].concat();
            refuse(
                &records(&short, 16_384),
                &format!("a message that ends after {len} of {} bytes", body.len()),
            );
        }
    }
}

#[test]
fn damaged_messages_never_panic() {
    let sample = rustls_hello("one.example", &["h2"], &[&TLS13, &TLS12]);
    seeded::cases(20_000, |rng| {
        let mut bytes = match rng.below(3) {
            0 => sample.clone(),
            1 => rfc(),
            _ => {
                let alpn = extension(16, &block(2, &block(1, b"h2")));
                with(&[names(&[(0, b"a")]), alpn])
            }
        };
        for _ in 0..rng.range(1..5) {
            let at = rng.below(bytes.len());
            bytes[at] = *rng.pick(&[0, 1, 2, 16, 0x7f, 0xff, bytes[at] ^ 1]);
        }
        if rng.chance(0.3) {
            bytes.truncate(rng.below(bytes.len()));
        }
        if let Ok(Some(hello)) = peek_client_hello(&bytes) {
            let read: usize = hello.alpn.iter().map(Vec::len).sum();
            let read = read + hello.sni.map_or(0, |name| name.len());
            assert!(read < bytes.len(), "more came out than went in");
        }
    });
}
