use super::*;
use loona_hpack::encoder::encode_integer;
use loona_hpack::huffman::HuffmanDecoder;
use seeded::{Rng, cases};

fn integer(value: u32, bits: u32, flags: u8) -> Vec<u8> {
    let mut out = Vec::new();
    write_integer(value, bits, flags, &mut out);
    out
}

/// The integer at the start of the octets, and what is behind it.
fn read(octets: &[u8], bits: u32) -> Result<(u32, Vec<u8>), Malformed> {
    let mut rest = octets;
    let value = read_integer(&mut rest, bits)?;
    Ok((value, rest.to_vec()))
}

/// Value, bits of the prefix, and octets: RFC 7541, appendix C.1, and borders.
fn integers() -> Vec<(u32, u32, Vec<u8>)> {
    vec![
        (10, 5, vec![10]),
        (1337, 5, vec![31, 154, 10]),
        (42, 8, vec![42]),
        (0, 1, vec![0]),
        (1, 1, vec![1, 0]),
        (30, 5, vec![30]),
        (31, 5, vec![31, 0]),
        (158, 5, vec![31, 127]),
        (159, 5, vec![31, 128, 1]),
        (254, 8, vec![254]),
        (255, 8, vec![255, 0]),
        (126, 7, vec![126]),
        (127, 7, vec![127, 0]),
        (16_510, 7, vec![127, 0xff, 0x7f]),
        (16_511, 7, vec![127, 0x80, 0x80, 1]),
        (u32::MAX, 7, vec![127, 0x80, 0xff, 0xff, 0xff, 0x0f]),
        (u32::MAX, 4, vec![15, 0xf0, 0xff, 0xff, 0xff, 0x0f]),
    ]
}

#[test]
fn an_integer_fills_its_prefix_and_then_groups_of_7_bits() {
    for (value, bits, octets) in integers() {
        assert_eq!(
            integer(value, bits, 0),
            octets,
            "write_integer({value}) with a prefix of {bits} bits"
        );
    }
}

#[test]
fn flags_stand_above_the_prefix() {
    assert_eq!(
        integer(10, 5, 0xe0),
        [0xea],
        "10 with a prefix of 5 bits below the flags 0xe0"
    );
    assert_eq!(
        integer(1337, 5, 0xa0),
        [0xbf, 154, 10],
        "1337 with a prefix of 5 bits below the flags 0xa0"
    );
    assert_eq!(
        read(&[0xea], 5),
        Ok((10, vec![])),
        "the octet 0xea, read with a prefix of 5 bits"
    );
    assert_eq!(
        read(&[0xbf, 154, 10], 5),
        Ok((1337, vec![])),
        "the octets 0xbf 154 10, read with a prefix of 5 bits"
    );
}

#[test]
fn an_integer_is_read_and_what_follows_is_left() {
    for (value, bits, mut octets) in integers() {
        octets.extend([0xff, 1]);
        assert_eq!(
            read(&octets, bits),
            Ok((value, vec![0xff, 1])),
            "read_integer of {octets:?} with a prefix of {bits} bits: the value and what is left"
        );
    }
}

#[test]
fn an_integer_may_have_more_octets_than_it_needs_but_not_more_than_5() {
    for (octets, value) in [
        (&[31, 0x80, 0][..], 31),
        (&[31, 0x81, 0x80, 0x80, 0x80, 0], 32),
        (&[31, 0xff, 0x80, 0x80, 0x80, 0], 158),
    ] {
        assert_eq!(
            read(octets, 5),
            Ok((value, vec![])),
            "read_integer of {octets:?} with a prefix of 5 bits"
        );
    }
    for octets in [
        &[31, 0x80, 0x80, 0x80, 0x80, 0x80, 0][..],
        &[31, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0],
    ] {
        assert_eq!(
            read(octets, 5),
            Err(Malformed),
            "read_integer of {octets:?}: 6 octets or more"
        );
    }
}

#[test]
fn an_integer_that_is_cut_off_is_malformed() {
    for (_, bits, octets) in integers() {
        for end in 0..octets.len() {
            let part = &octets[..end];
            assert_eq!(
                read(part, bits),
                Err(Malformed),
                "read_integer of {part:?}, a part of {octets:?}, with a prefix of {bits} bits"
            );
        }
    }
}

#[test]
fn an_integer_of_more_than_32_bits_is_malformed() {
    // 127 + 4,294,967,169 is 2^32.
    let octets = [127, 0x81, 0xff, 0xff, 0xff, 0x0f];
    assert_eq!(
        read(&octets, 7),
        Err(Malformed),
        "read_integer of {octets:?}, which is 2^32"
    );
    let octets = [127, 0x80, 0x80, 0x80, 0x80, 0x10];
    assert_eq!(
        read(&octets, 7),
        Err(Malformed),
        "read_integer of {octets:?}, which is 2^32 + 127"
    );
    let octets = [127, 0xff, 0xff, 0xff, 0xff, 0x7f];
    assert_eq!(
        read(&octets, 7),
        Err(Malformed),
        "read_integer of {octets:?}, which is more than 2^34"
    );
    for len in [6, 10, 11, 20, 100] {
        let mut octets = vec![0xff; len];
        assert_eq!(
            read(&octets, 7),
            Err(Malformed),
            "read_integer of {len} times 0xff"
        );
        octets.push(0);
        assert_eq!(
            read(&octets, 7),
            Err(Malformed),
            "read_integer of {len} times 0xff and a 0"
        );
    }
}

#[test]
fn random_integers_are_those_of_another_implementation() {
    cases(1_000, |rng| {
        let bits = rng.range(1..=8);
        let value = (rng.next_u64() >> rng.range(32..=63)) as u32;
        let octets = encode_integer(value as usize, bits as u8);
        assert_eq!(
            integer(value, bits, 0),
            octets,
            "write_integer({value}) with a prefix of {bits} bits: left is yours, right that of loona-hpack"
        );
        assert_eq!(
            read(&octets, bits),
            Ok((value, vec![])),
            "read_integer of {octets:?} with a prefix of {bits} bits"
        );
    });
}

/// Strings and their codes in RFC 7541, appendices C.4 and C.6.
fn coded() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        (
            "www.example.com",
            vec![
                0xf1, 0xe3, 0xc2, 0xe5, 0xf2, 0x3a, 0x6b, 0xa0, 0xab, 0x90, 0xf4, 0xff,
            ],
        ),
        ("no-cache", vec![0xa8, 0xeb, 0x10, 0x64, 0x9c, 0xbf]),
        (
            "custom-key",
            vec![0x25, 0xa8, 0x49, 0xe9, 0x5b, 0xa9, 0x7d, 0x7f],
        ),
        (
            "custom-value",
            vec![0x25, 0xa8, 0x49, 0xe9, 0x5b, 0xb8, 0xe8, 0xb4, 0xbf],
        ),
        ("302", vec![0x64, 0x02]),
        ("307", vec![0x64, 0x0e, 0xff]),
        ("private", vec![0xae, 0xc3, 0x77, 0x1a, 0x4b]),
        (
            "Mon, 21 Oct 2013 20:13:21 GMT",
            vec![
                0xd0, 0x7a, 0xbe, 0x94, 0x10, 0x54, 0xd4, 0x44, 0xa8, 0x20, 0x05, 0x95, 0x04, 0x0b,
                0x81, 0x66, 0xe0, 0x82, 0xa6, 0x2d, 0x1b, 0xff,
            ],
        ),
        ("gzip", vec![0x9b, 0xd9, 0xab]),
        ("", vec![]),
    ]
}

#[test]
fn strings_are_coded_as_in_rfc_7541() {
    for (string, octets) in coded() {
        assert_eq!(
            huffman_encode(string.as_bytes()),
            octets,
            "huffman_encode({string:?})"
        );
    }
}

#[test]
fn codes_are_read_as_in_rfc_7541() {
    for (string, octets) in coded() {
        assert_eq!(
            huffman_decode(&octets).map(|s| s.escape_ascii().to_string()),
            Ok(string.to_string()),
            "huffman_decode({octets:02x?})"
        );
    }
}

#[test]
fn every_octet_has_a_code() {
    for octet in 0..=255_u8 {
        let string = [octet, octet, b'a'];
        let code = huffman_encode(&string);
        assert_eq!(
            huffman_decode(&code),
            Ok(string.to_vec()),
            "{string:?}, coded as {code:02x?} and read again"
        );
    }
}

/// Octets from bits as text: "00011 111" is 'a' (five bits) and padding.
fn octets(bits: &str) -> Vec<u8> {
    let bits: Vec<u8> = bits
        .bytes()
        .filter(|b| *b != b' ')
        .map(|b| b - b'0')
        .collect();
    assert_eq!(bits.len() % 8, 0, "whole octets");
    bits.chunks(8)
        .map(|octet| octet.iter().fold(0, |value, bit| value << 1 | bit))
        .collect()
}

#[test]
fn padding_is_at_most_7_ones() {
    // 'a' is 00011, '%' is 010101, ':' is 1011100 and '&' is 11111000 (appendix B).
    let good = [
        ("00011 111", "a"),
        ("1011100 1", ":"),
        ("11111000", "&"),
        ("010101 00011 00011", "%aa"),
        ("00011 010101 11111", "a%"),
        ("11111000 1011100 1", "&:"),
        ("00011 00011 010101 1111111 1", "aa%"),
    ];
    for (bits, string) in &good[..6] {
        assert_eq!(
            huffman_decode(&octets(bits)).map(|s| s.escape_ascii().to_string()),
            Ok(string.to_string()),
            "huffman_decode of the bits {bits}"
        );
    }
    for (bits, what) in [
        (good[6].0, "8 bits of padding"),
        ("11111111", "nothing but 8 bits of padding"),
        ("00011 111 11111111", "11 bits of padding"),
        ("00011 110", "padding with a zero at its end"),
        ("00011 011", "padding with a zero in front"),
        ("00011 000", "padding of zeros"),
        ("1011100 0", "one bit of padding, a zero"),
        (
            "00011 00011 010101 11111110",
            "the first 8 bits of a code of 13, and no more",
        ),
    ] {
        assert_eq!(
            huffman_decode(&octets(bits)),
            Err(Malformed),
            "huffman_decode of the bits {bits}: {what}"
        );
    }
}

#[test]
fn the_end_of_string_code_is_malformed() {
    let eos = "1".repeat(30);
    for (bits, what) in [
        (format!("{eos}11"), "EOS and 2 bits of padding"),
        (format!("00011 {eos} 00011"), "a, EOS, a"),
        (format!("00011 00011 {eos}"), "a, a, EOS"),
        (format!("{eos}{eos}1111"), "EOS, EOS"),
    ] {
        assert_eq!(
            huffman_decode(&octets(&bits)),
            Err(Malformed),
            "huffman_decode of {what}"
        );
    }
}

fn random_string(rng: &mut Rng) -> Vec<u8> {
    let len = rng.below(rng.size() + 1);
    match rng.below(3) {
        0 => rng.bytes(len),
        1 => rng.word(len).into_bytes(),
        _ => rng.vec(len, |rng| rng.range(b' '..=b'~')),
    }
}

#[test]
fn random_strings_are_read_by_another_implementation() {
    let mut other = HuffmanDecoder::new();
    cases(500, |rng| {
        let string = random_string(rng);
        let code = huffman_encode(&string);
        assert_eq!(
            other
                .decode(&code)
                .ok()
                .map(|s| s.escape_ascii().to_string()),
            Some(string.escape_ascii().to_string()),
            "huffman_encode({:?}) gave {code:02x?}; left is what loona-hpack reads from it",
            string.escape_ascii().to_string()
        );
        assert_eq!(
            huffman_decode(&code),
            Ok(string),
            "huffman_decode({code:02x?})"
        );
    });
}

#[test]
fn random_octets_mean_what_they_mean_to_another_implementation() {
    let mut other = HuffmanDecoder::new();
    cases(2_000, |rng| {
        let len = rng.below(1 + rng.size() / 5);
        let mut code = rng.bytes(len);
        if rng.chance(0.5) {
            // The end of a proper code makes proper padding likely.
            code = huffman_encode(&random_string(rng));
            for _ in 0..rng.below(3).min(code.len()) {
                let at = rng.below(code.len());
                code[at] ^= 1 << rng.below(8);
            }
        }
        assert_eq!(
            huffman_decode(&code).ok(),
            other.decode(&code).ok(),
            "huffman_decode({code:02x?}): left is yours, right what loona-hpack reads; None is an error"
        );
    });
}

fn string(string: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    write_string(string, &mut out);
    out
}

fn read_one(octets: &[u8]) -> Result<(String, Vec<u8>), Malformed> {
    let mut rest = octets;
    let string = read_string(&mut rest)?;
    Ok((string.escape_ascii().to_string(), rest.to_vec()))
}

#[test]
fn a_string_is_coded_if_that_is_shorter() {
    for (plain, coded) in [
        (&b"gzip"[..], &[0x83, 0x9b, 0xd9, 0xab][..]),
        (b"302", &[0x82, 0x64, 0x02]),
        // Coded it has 3 octets as well.
        (b"307", b"\x03307"),
        (b"", &[0]),
        (b"a", b"\x01a"),
        (b"\xff\xfe", b"\x02\xff\xfe"),
    ] {
        assert_eq!(
            string(plain),
            coded,
            "write_string({:?})",
            plain.escape_ascii().to_string()
        );
    }
    let long = [b'a'; 400];
    let octets = string(&long);
    assert_eq!(
        (octets.len(), &octets[..3]),
        (252, &[0xff, 0x7b, 0x18][..]),
        "octets of 400 times 'a', which are 250 coded ones: how many, and the first three"
    );
}

#[test]
fn both_forms_of_a_string_are_read_and_what_follows_is_left() {
    for (octets, expected) in [
        (&b"\x0acustom-key\x01"[..], "custom-key"),
        (
            &[0x88, 0x25, 0xa8, 0x49, 0xe9, 0x5b, 0xa9, 0x7d, 0x7f, 1],
            "custom-key",
        ),
        (&[0, 1], ""),
        (&[0x80, 1], ""),
    ] {
        assert_eq!(
            read_one(octets),
            Ok((expected.to_string(), vec![1])),
            "read_string of {octets:02x?}: the string and what is left"
        );
    }
    let long = [b"\x7f\x80\x01".to_vec(), vec![b'x'; 255], vec![1]].concat();
    assert_eq!(
        read_one(&long),
        Ok(("x".repeat(255), vec![1])),
        "read_string of 255 plain octets: the string and what is left"
    );
}

#[test]
fn a_string_that_is_cut_off_is_malformed() {
    for octets in [
        &b"\x0acustom-key"[..],
        &[0x88, 0x25, 0xa8, 0x49, 0xe9, 0x5b, 0xa9, 0x7d, 0x7f],
    ] {
        for end in 0..octets.len() {
            let part = &octets[..end];
            assert_eq!(
                read_one(part),
                Err(Malformed),
                "read_string of {part:02x?}, a part of {octets:02x?}"
            );
        }
    }
    let huge = [0x7f, 0x80, 0xff, 0xff, 0xff, 0x0f, b'x'];
    assert_eq!(
        read_one(&huge),
        Err(Malformed),
        "read_string of 2^32 - 1 octets, of which one is there"
    );
}
