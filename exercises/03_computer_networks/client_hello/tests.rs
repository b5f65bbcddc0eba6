use super::*;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use std::sync::Arc;

/// RFC 8448, section 3: the record with the ClientHello of the simple handshake, for the name `server`.
const RFC_8448: &str = "
    16 03 01 00 c4 01 00 00 c0 03 03 cb 34 ec b1 e7 81 63 ba 1c 38 c6 da cb 19 6a 6d ff a2 1a 8d
    99 12 ec 18 a2 ef 62 83 02 4d ec e7 00 00 06 13 01 13 03 13 02 01 00 00 91 00 00 00 0b 00 09
    00 00 06 73 65 72 76 65 72 ff 01 00 01 00 00 0a 00 14 00 12 00 1d 00 17 00 18 00 19 01 00 01
    01 01 02 01 03 01 04 00 23 00 00 00 33 00 26 00 24 00 1d 00 20 99 38 1d e5 60 e4 bd 43 d2 3d
    8e 43 5a 7d ba fe b3 c0 6e 51 c1 3c ae 4d 54 13 69 1e 52 9a af 2c 00 2b 00 03 02 03 04 00 0d
    00 20 00 1e 04 03 05 03 06 03 02 03 08 04 08 05 08 06 04 01 05 01 06 01 02 01 04 02 05 02 06
    02 02 02 00 2d 00 02 01 01 00 1c 00 02 40 01";

fn rfc_8448() -> Vec<u8> {
    let digits = RFC_8448.split_whitespace();
    let byte = |pair| u8::from_str_radix(pair, 16).expect("two digits");
    digits.map(byte).collect()
}

fn hello(sni: Option<&str>, alpn: &[&str]) -> ClientHello {
    ClientHello {
        sni: sni.map(str::to_string),
        alpn: alpn.iter().map(|name| name.as_bytes().to_vec()).collect(),
    }
}

/// The first bytes of a rustls client.
fn rustls_hello(
    name: &'static str,
    alpn: &[&str],
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> Vec<u8> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .expect("the versions fit the provider")
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    config.alpn_protocols = hello(None, alpn).alpn;
    let name = ServerName::try_from(name).expect("a name");
    let mut client = ClientConnection::new(Arc::new(config), name).expect("a client");
    let mut bytes = Vec::new();
    client
        .write_tls(&mut bytes)
        .expect("a vector takes everything");
    bytes
}

/// A hello that is made by hand: a message with these extensions, in one record.
fn made(extensions: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let mut list = Vec::new();
    for (number, content) in extensions {
        list.extend(number.to_be_bytes());
        list.extend(counted(2, content));
    }
    record(&message_of(&body(Some(&list))))
}

/// The body of a hello, with this list of extensions or without any.
fn body(extensions: Option<&[u8]>) -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    body.extend([0]);
    body.extend(counted(2, &[0x13, 0x01]));
    body.extend(counted(1, &[0]));
    body.extend(extensions.map(|list| counted(2, list)).unwrap_or_default());
    body
}

fn message_of(body: &[u8]) -> Vec<u8> {
    let mut message = vec![1];
    message.extend(counted(3, body));
    message
}

fn record(content: &[u8]) -> Vec<u8> {
    let mut record = vec![22, 3, 1];
    record.extend(counted(2, content));
    record
}

/// Bytes behind their length of `n` bytes.
fn counted(n: usize, bytes: &[u8]) -> Vec<u8> {
    let len = (bytes.len() as u64).to_be_bytes();
    [&len[8 - n..], bytes].concat()
}

fn sni(name: &[u8]) -> (u16, Vec<u8>) {
    (0, counted(2, &[&[0][..], &counted(2, name)].concat()))
}

/// The message of a hello in one record, spread over records of `size` bytes.
fn respread(bytes: &[u8], size: usize) -> Vec<u8> {
    bytes[5..].chunks(size).flat_map(record).collect()
}

#[test]
fn the_name_and_the_protocols_are_found() {
    assert_eq!(
        peek_client_hello(&rfc_8448()),
        Ok(Some(hello(Some("server"), &[]))),
        "the ClientHello of RFC 8448, section 3"
    );
    let bytes = rustls_hello(
        "shop.example.com",
        &["h2", "http/1.1"],
        rustls::ALL_VERSIONS,
    );
    assert_eq!(
        peek_client_hello(&bytes),
        Ok(Some(hello(Some("shop.example.com"), &["h2", "http/1.1"]))),
        "rustls, TLS 1.3, with h2 and http/1.1"
    );
    let bytes = rustls_hello("a.example", &["x"], &[&rustls::version::TLS12]);
    assert_eq!(
        peek_client_hello(&bytes),
        Ok(Some(hello(Some("a.example"), &["x"]))),
        "rustls, TLS 1.2"
    );
}

#[test]
fn the_name_is_given_in_lower_case() {
    assert_eq!(
        peek_client_hello(&made(&[sni(b"Shop.EXAMPLE.com")])),
        Ok(Some(hello(Some("shop.example.com"), &[]))),
        "the name in the bytes is Shop.EXAMPLE.com"
    );
}

#[test]
fn a_hello_may_have_neither() {
    assert_eq!(
        peek_client_hello(&made(&[])),
        Ok(Some(hello(None, &[]))),
        "an empty list of extensions"
    );
    let bytes = record(&message_of(&body(None)));
    assert_eq!(
        peek_client_hello(&bytes),
        Ok(Some(hello(None, &[]))),
        "no list of extensions at all"
    );
    let bytes = rustls_hello("192.0.2.1", &[], rustls::ALL_VERSIONS);
    assert_eq!(
        peek_client_hello(&bytes),
        Ok(Some(hello(None, &[]))),
        "rustls sends no name for an address"
    );
    let other = (
        0,
        counted(2, &[&[9][..], &counted(2, b"not a host name")].concat()),
    );
    assert_eq!(
        peek_client_hello(&made(&[other])),
        Ok(Some(hello(None, &[]))),
        "a server name of the unknown type 9 is passed over"
    );
}

#[test]
fn the_first_name_counts() {
    let entry = |kind: u8, name: &[u8]| [&[kind][..], &counted(2, name)].concat();
    let list = [entry(9, b"x"), entry(0, b"one"), entry(0, b"two")].concat();
    assert_eq!(
        peek_client_hello(&made(&[(0, counted(2, &list))])),
        Ok(Some(hello(Some("one"), &[]))),
        "entries: type 9 `x`, type 0 `one`, type 0 `two`"
    );
}

#[test]
fn bytes_behind_the_message_do_not_matter() {
    let mut bytes = rfc_8448();
    bytes.extend(b"anything at all, even what is no TLS");
    assert_eq!(
        peek_client_hello(&bytes),
        Ok(Some(hello(Some("server"), &[]))),
        "a whole hello, and then other bytes"
    );
    let mut content = rfc_8448()[5..].to_vec();
    content.extend([99; 20]);
    assert_eq!(
        peek_client_hello(&record(&content)),
        Ok(Some(hello(Some("server"), &[]))),
        "a whole hello, and then other bytes in the same record"
    );
}

#[test]
fn every_beginning_asks_for_more() {
    for bytes in [
        rfc_8448(),
        rustls_hello("a.example", &["h2"], rustls::ALL_VERSIONS),
    ] {
        for cut in 0..bytes.len() {
            assert_eq!(
                peek_client_hello(&bytes[..cut]),
                Ok(None),
                "the first {cut} of {} bytes of a right hello",
                bytes.len()
            );
        }
    }
}

#[test]
fn a_hello_may_be_spread_over_records() {
    let bytes = rfc_8448();
    for size in 1..bytes.len() - 5 {
        let spread = respread(&bytes, size);
        assert_eq!(
            peek_client_hello(&spread),
            Ok(Some(hello(Some("server"), &[]))),
            "records with {size} bytes of the message each"
        );
        for cut in [1, 5, spread.len() / 2, spread.len() - 1] {
            assert_eq!(
                peek_client_hello(&spread[..cut]),
                Ok(None),
                "the first {cut} bytes of records with {size} bytes of the message each"
            );
        }
    }
}

#[test]
fn what_cannot_become_a_hello_is_refused_at_once() {
    for (bytes, what) in [
        (&b"G"[..], "a request of plain HTTP"),
        (b"\x80\x2e\x01", "a hello of SSL 2"),
        (b"\x15\x03", "a record with an alert"),
        (b"\x16\x02", "major version 2"),
        (b"\x16\x03\x01\x00\x00", "an empty record"),
        (b"\x16\x03\x01\x40\x01", "a record of 16,385 bytes"),
        (b"\x16\x03\x01\x00\x10\x02", "a ServerHello"),
        (
            b"\x16\x03\x01\x00\x10\x01\x01\x00\x01",
            "a message of 65,537 bytes",
        ),
        (
            b"\x16\x03\x01\x00\x01\x01\x17",
            "a second record that holds no handshake",
        ),
    ] {
        assert_eq!(
            peek_client_hello(bytes),
            Err(NotTls),
            "{what}: {bytes:02x?}"
        );
    }
}

#[test]
fn the_limits_themselves_are_allowed() {
    assert_eq!(
        peek_client_hello(b"\x16\x03\x01\x40\x00"),
        Ok(None),
        "a record of 16,384 bytes"
    );
    assert_eq!(
        peek_client_hello(b"\x16\x03\x01\x00\x10\x01\x01\x00\x00"),
        Ok(None),
        "a message of 65,536 bytes"
    );
    let padding = (21, vec![0; 60_000]);
    let whole = made(&[padding, sni(b"far.example")]);
    let message = &whole[5..];
    let spread: Vec<u8> = message.chunks(16_384).flat_map(record).collect();
    assert_eq!(
        peek_client_hello(&spread),
        Ok(Some(hello(Some("far.example"), &[]))),
        "a message of {} bytes in records of 16,384",
        message.len()
    );
}

#[test]
fn lengths_that_reach_too_far_are_refused() {
    let name = counted(2, b"a.example");
    let entry = [&[0][..], &name].concat();
    let long = |bytes: &[u8]| {
        // One more than there is.
        let mut longer = bytes.to_vec();
        longer[1] += 1;
        longer
    };
    for (extension, what) in [
        (
            (0, long(&counted(2, &entry))),
            "a list of names that is longer than its extension",
        ),
        (
            (0, counted(2, &[&[0][..], &long(&name)].concat())),
            "a name that is longer than its list",
        ),
        ((0, counted(2, &[0, 0])), "a name without its length"),
        ((0, vec![0]), "half a length of a list of names"),
        (
            (16, long(&counted(2, b"\x02h2"))),
            "a list of protocols that is longer than its extension",
        ),
        (
            (16, counted(2, b"\x03h2")),
            "a protocol that is longer than its list",
        ),
        ((16, vec![]), "a list of protocols without its length"),
    ] {
        assert_eq!(
            peek_client_hello(&made(&[extension])),
            Err(NotTls),
            "{what}"
        );
    }
    let whole = body(Some(&[]));
    for len in 1..whole.len() {
        let bytes = record(&message_of(&whole[..len]));
        let expected = match len {
            // Without the two bytes of the empty list of extensions it is a whole body.
            len if len == whole.len() - 2 => Ok(Some(hello(None, &[]))),
            _ => Err(NotTls),
        };
        assert_eq!(
            peek_client_hello(&bytes),
            expected,
            "a body that ends after {len} bytes"
        );
    }
    let bytes = record(&message_of(&body(Some(&[0, 10, 0, 5, 1]))));
    assert_eq!(
        peek_client_hello(&bytes),
        Err(NotTls),
        "an extension that is longer than the list"
    );
}

#[test]
fn a_rest_that_is_no_entry_is_refused() {
    let entry = [&[0][..], &counted(2, b"a.example")].concat();
    let behind = |bytes: Vec<u8>| [&bytes[..], &[0]].concat();
    for (extension, what) in [
        (
            (0, behind(counted(2, &entry))),
            "a byte behind the list of names",
        ),
        (
            (0, counted(2, &behind(entry.clone()))),
            "a byte behind the last name",
        ),
        (
            (16, behind(counted(2, b"\x02h2"))),
            "a byte behind the list of protocols",
        ),
        ((16, counted(2, b"\x02h2\x00")), "an empty protocol"),
    ] {
        assert_eq!(
            peek_client_hello(&made(&[extension])),
            Err(NotTls),
            "{what}"
        );
    }
    let bytes = record(&message_of(&[body(Some(&[])), vec![0]].concat()));
    assert_eq!(
        peek_client_hello(&bytes),
        Err(NotTls),
        "a byte behind the extensions"
    );
}

#[test]
fn names_that_are_none_are_refused() {
    assert_eq!(
        peek_client_hello(&made(&[sni(b"")])),
        Err(NotTls),
        "an empty name"
    );
    assert_eq!(
        peek_client_hello(&made(&[sni(b"caf\xc3\xa9.example")])),
        Err(NotTls),
        "a name that is not ASCII"
    );
}

#[test]
fn nothing_panics() {
    let whole = [
        rfc_8448(),
        rustls_hello("a.example", &["h2", "x"], rustls::ALL_VERSIONS),
    ];
    seeded::cases(20_000, |rng| {
        let mut bytes = rng.pick(&whole).clone();
        if rng.chance(0.3) {
            bytes = respread(&bytes, rng.range(1..=40));
        }
        for _ in 0..rng.range(1..=3) {
            let at = rng.below(bytes.len());
            bytes[at] = match rng.below(3) {
                0 => rng.range(..),
                1 => bytes[at].wrapping_add(1),
                _ => 0xff,
            };
        }
        bytes.truncate(rng.range(0..=bytes.len()));
        // Whatever it is: the answer is there, and the same for the same bytes.
        let said = peek_client_hello(&bytes);
        assert_eq!(said, peek_client_hello(&bytes), "{bytes:02x?}");
        if let Ok(Some(found)) = said {
            let lower =
                |name: &String| name.is_ascii() && !name.bytes().any(|b| b.is_ascii_uppercase());
            assert!(found.sni.iter().all(lower), "{found:?} from {bytes:02x?}");
        }
    });
}
