use super::*;
use seeded::{Rng, cases};

fn h(name: &str, value: &str) -> Header {
    (name.into(), value.into())
}

/// Headers as people write them.
fn show(headers: &[Header]) -> Vec<String> {
    let line = |(name, value): &Header| {
        let (name, value) = (name.escape_ascii(), value.escape_ascii());
        format!("{name}: {value}")
    };
    headers.iter().map(line).collect()
}

fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().filter(u8::is_ascii_hexdigit).collect();
    let digit = |d: u8| char::from(d).to_digit(16).expect("a hex digit") as u8;
    digits
        .chunks(2)
        .map(|two| digit(two[0]) << 4 | digit(two[1]))
        .collect()
}

/// A table of this size with these entries, inserted one after another.
fn table(max: usize, headers: &[Header]) -> Table {
    let mut table = Table::new(max);
    for header in headers {
        table.insert(header.clone());
    }
    table
}

fn entry(table: &Table, index: usize) -> Option<(String, String)> {
    let text = |octets: &[u8]| octets.escape_ascii().to_string();
    table
        .get(index)
        .map(|(name, value)| (text(name), text(value)))
}

#[track_caller]
fn assert_table(table: &Table, size: usize, expected: &[Header], what: &str) {
    assert_eq!(
        show(&table.dynamic()),
        show(expected),
        "{what}: left are the dynamic entries, the newest first, right the expected ones"
    );
    assert_eq!(table.size(), size, "{what}: the size of these entries");
}

#[test]
fn the_static_table_comes_first_and_then_the_newest_entry() {
    let table = table(200, &[h("x-old", "1"), h("x-new", "2")]);
    for (index, expected) in [
        (0, None),
        (1, Some((":authority", ""))),
        (2, Some((":method", "GET"))),
        (61, Some(("www-authenticate", ""))),
        (62, Some(("x-new", "2"))),
        (63, Some(("x-old", "1"))),
        (64, None),
        (usize::MAX, None),
    ] {
        let expected = expected.map(|(name, value)| (name.to_string(), value.to_string()));
        assert_eq!(
            entry(&table, index),
            expected,
            "get({index}) after x-old and then x-new went in"
        );
    }
}

#[test]
fn an_entry_costs_its_octets_and_32() {
    let mut one = table(34, &[h("a", "b")]);
    assert_table(&one, 34, &[h("a", "b")], "`a: b` in a table of 34");
    one.insert(h("a", "bc"));
    assert_table(&one, 0, &[], "then `a: bc`, which has the size 35");
    assert_table(
        &table(33, &[h("a", "b")]),
        0,
        &[],
        "`a: b` in a table of 33",
    );
}

#[test]
fn the_oldest_entries_make_room() {
    let old = [h("a", "1"), h("b", "2"), h("c", "3")];
    let mut full = table(102, &old);
    assert_table(
        &full,
        102,
        &[h("c", "3"), h("b", "2"), h("a", "1")],
        "a, b, c in a table of 102",
    );
    full.insert(h("d", "4"));
    assert_table(
        &full,
        102,
        &[h("d", "4"), h("c", "3"), h("b", "2")],
        "then d: a goes",
    );
    full.insert(h("e", "55"));
    assert_table(
        &full,
        69,
        &[h("e", "55"), h("d", "4")],
        "then e, one octet larger: b and c go",
    );
}

#[test]
fn an_entry_larger_than_the_table_empties_it() {
    let mut full = table(102, &[h("a", "1"), h("b", "2")]);
    full.insert(h("big", &"x".repeat(68)));
    assert_table(
        &full,
        0,
        &[],
        "a and b in a table of 102, then an entry of the size 103",
    );
    full.insert(h("c", "3"));
    assert_table(&full, 34, &[h("c", "3")], "then c");
}

#[test]
fn a_smaller_size_evicts_at_once() {
    let mut full = table(102, &[h("a", "1"), h("b", "2"), h("c", "3")]);
    full.resize(101);
    assert_table(
        &full,
        68,
        &[h("c", "3"), h("b", "2")],
        "a, b, c in a table of 102, made 101",
    );
    full.resize(0);
    assert_table(&full, 0, &[], "then made 0");
    full.resize(102);
    assert_table(&full, 0, &[], "then made 102 again");
    full.insert(h("d", "4"));
    assert_table(&full, 34, &[h("d", "4")], "then d");
}

#[track_caller]
fn assert_decodes(decoder: &mut Decoder, block: &[u8], expected: &[Header], what: &str) {
    assert_eq!(
        decoder.decode(block).map(|headers| show(&headers)),
        Ok(show(expected)),
        "{what}: left are the headers of your decoder, right the expected ones; the block is {block:02x?}"
    );
}

#[test]
fn single_headers_of_rfc_7541() {
    // RFC 7541, appendix C.2.1 to C.2.4: the block, the header, the size of the table behind it.
    for (block, header, size, what) in [
        (
            "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572",
            h("custom-key", "custom-header"),
            55,
            "C.2.1, with indexing",
        ),
        (
            "040c 2f73 616d 706c 652f 7061 7468",
            h(":path", "/sample/path"),
            0,
            "C.2.2, without indexing",
        ),
        (
            "1008 7061 7373 776f 7264 0673 6563 7265 74",
            h("password", "secret"),
            0,
            "C.2.3, never indexed",
        ),
        ("82", h(":method", "GET"), 0, "C.2.4, an index"),
    ] {
        let mut decoder = Decoder::new(4096);
        assert_decodes(
            &mut decoder,
            &hex(block),
            std::slice::from_ref(&header),
            what,
        );
        let entries = if size > 0 { vec![header] } else { Vec::new() };
        assert_table(decoder.table(), size, &entries, what);
    }
}

/// The three requests of RFC 7541, appendices C.3 and C.4.
fn requests() -> [Vec<Header>; 3] {
    let get = |scheme, path| {
        vec![
            h(":method", "GET"),
            h(":scheme", scheme),
            h(":path", path),
            h(":authority", "www.example.com"),
        ]
    };
    let mut requests = [
        get("http", "/"),
        get("http", "/"),
        get("https", "/index.html"),
    ];
    requests[1].push(h("cache-control", "no-cache"));
    requests[2].push(h("custom-key", "custom-value"));
    requests
}

/// The three responses of RFC 7541, appendices C.5 and C.6.
fn responses() -> [Vec<Header>; 3] {
    let response = |status, second| {
        vec![
            h(":status", status),
            h("cache-control", "private"),
            h("date", &format!("Mon, 21 Oct 2013 20:13:{second} GMT")),
            h("location", "https://www.example.com"),
        ]
    };
    let mut responses = [
        response("302", 21),
        response("307", 21),
        response("200", 22),
    ];
    let cookie = "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";
    responses[2].extend([h("content-encoding", "gzip"), h("set-cookie", cookie)]);
    responses
}

#[test]
fn the_requests_of_rfc_7541() {
    let plain = [
        "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "8286 84be 5808 6e6f 2d63 6163 6865",
        "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
    ];
    let coded = [
        "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
        "8286 84be 5886 a8eb 1064 9cbf",
        "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
    ];
    let entries = [
        h("custom-key", "custom-value"),
        h("cache-control", "no-cache"),
        h(":authority", "www.example.com"),
    ];
    for (section, blocks) in [("C.3", plain), ("C.4", coded)] {
        let mut decoder = Decoder::new(4096);
        for (i, block) in blocks.iter().enumerate() {
            let what = format!("request {} of appendix {section}", i + 1);
            assert_decodes(&mut decoder, &hex(block), &requests()[i], &what);
            assert_table(decoder.table(), [57, 110, 164][i], &entries[2 - i..], &what);
        }
    }
}

#[test]
fn the_responses_of_rfc_7541_evict() {
    let plain = [
        "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 \
         474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "4803 3330 37c1 c0bf",
        "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 \
         666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 \
         3630 303b 2076 6572 7369 6f6e 3d31",
    ];
    let coded = [
        "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 \
         63c7 8f0b 97c8 e9ae 82ae 43d3",
        "4883 640e ffc1 c0bf",
        "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 \
         b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
    ];
    let [first, second, third] = responses();
    let reversed = |headers: &[Header]| headers.iter().rev().cloned().collect::<Vec<_>>();
    let after = [
        (222, reversed(&first)),
        (
            222,
            [&[h(":status", "307")], &reversed(&first[1..])[..]].concat(),
        ),
        (
            215,
            vec![third[5].clone(), third[4].clone(), third[2].clone()],
        ),
    ];
    for (section, blocks) in [("C.5", plain), ("C.6", coded)] {
        let mut decoder = Decoder::new(256);
        for (i, headers) in [&first, &second, &third].into_iter().enumerate() {
            let what = format!("response {} of appendix {section}", i + 1);
            assert_decodes(&mut decoder, &hex(blocks[i]), headers, &what);
            assert_table(decoder.table(), after[i].0, &after[i].1, &what);
        }
    }
}

#[test]
fn a_name_may_come_from_an_entry_that_goes_out_for_it() {
    let mut decoder = Decoder::new(40);
    assert_decodes(
        &mut decoder,
        b"\x40\x01x\x01y",
        &[h("x", "y")],
        "`x: y` into a table of 40",
    );
    assert_decodes(
        &mut decoder,
        b"\x7e\x06zzzzzz",
        &[h("x", "zzzzzz")],
        "then entry 62's name and a value: there is room for only one of them",
    );
    assert_table(decoder.table(), 39, &[h("x", "zzzzzz")], "then");
    assert_decodes(
        &mut decoder,
        b"\x7e\x09zzzzzzzzz\x82",
        &[h("x", "zzzzzzzzz"), h(":method", "GET")],
        "then the same with a value too long for the table",
    );
    assert_table(decoder.table(), 0, &[], "then");
}

#[test]
fn size_updates_stand_in_front_and_within_the_limit() {
    let mut decoder = Decoder::new(100);
    assert_decodes(
        &mut decoder,
        b"\x40\x01x\x01y",
        &[h("x", "y")],
        "`x: y` into a table of 100",
    );
    assert_decodes(
        &mut decoder,
        &[0x3f, 69, 0xbe],
        &[h("x", "y")],
        "a size update to 100, then entry 62",
    );
    assert_decodes(
        &mut decoder,
        &[0x20, 0x3f, 3, 0x82],
        &[h(":method", "GET")],
        "size updates to 0 and to 34, then entry 2",
    );
    assert_table(decoder.table(), 0, &[], "after the size update to 0");
    assert_decodes(
        &mut decoder,
        b"\x40\x01x\x01y\x40\x01z\x01y",
        &[h("x", "y"), h("z", "y")],
        "then x and z",
    );
    assert_table(
        decoder.table(),
        34,
        &[h("z", "y")],
        "x and z in a table that was made 34",
    );

    let block = [0x3f, 70, 0x82];
    assert_eq!(
        Decoder::new(100).decode(&block),
        Err(Malformed),
        "a size update to 101, where 100 was offered"
    );
    let block = [0x82, 0x20, 0x82];
    assert_eq!(
        Decoder::new(100).decode(&block),
        Err(Malformed),
        "a size update behind a header"
    );
}

#[test]
fn what_makes_no_sense_is_malformed() {
    for (block, what) in [
        (&[0x80][..], "index 0"),
        (&[0xbe], "index 62 while the dynamic table is empty"),
        (
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
            "an index of 2^32 + 126",
        ),
        (&[0xff, 0x80, 0xff, 0xff, 0xff, 0x0f], "the index 2^32 - 1"),
        (
            &[0x7e, 1, b'x'],
            "the name of entry 62 while the dynamic table is empty",
        ),
        (
            &[0x0f, 47, 1, b'x'],
            "the name of entry 62, not to be indexed",
        ),
        (
            &[0x1f, 47, 1, b'x'],
            "the name of entry 62, never to be indexed",
        ),
        (&[0x41, 0x81, 0x00], "a Huffman code with padding of zeros"),
        (
            &[0x41, 0x84, 0xff, 0xff, 0xff, 0xff],
            "a Huffman code with EOS in it",
        ),
        (&[0x82, 0xff], "a header, and then half an index"),
        (&[0x82, 0x41, 2, b'x'], "a header, and then half a value"),
    ] {
        assert_eq!(
            Decoder::new(4096).decode(block),
            Err(Malformed),
            "{what}: the block {block:02x?}"
        );
    }
    let block = b"\x40\x02xy\x02zz";
    for end in 1..block.len() {
        assert_eq!(
            Decoder::new(4096).decode(&block[..end]),
            Err(Malformed),
            "the first {end} octets of the block {block:02x?}"
        );
    }
}

#[test]
fn the_encoder_needs_no_more_octets_than_rfc_7541() {
    // What C.4 and C.6 need. set-cookie is an index's name and 46 octets of value there; rule 5 takes an octet more.
    for (max, blocks, lengths) in [
        (4096, requests(), [17, 12, 24]),
        (256, responses(), [54, 8, 80]),
    ] {
        let mut encoder = Encoder::new(max);
        let mut other = loona(max);
        for (headers, length) in blocks.iter().zip(lengths) {
            let block = encoder.encode(headers);
            assert_eq!(
                read_by_loona(&mut other, &block),
                Some(show(headers)),
                "left is what loona-hpack reads from your block {block:02x?}, right what was encoded"
            );
            assert!(
                block.len() <= length,
                "{:?} took {} octets, and {length} are enough",
                show(headers),
                block.len()
            );
        }
    }
}

#[test]
fn a_header_that_was_sent_before_is_one_octet() {
    let headers = [
        h(":method", "GET"),
        h(":path", "/sample"),
        h("user-agent", "curl/8.5.0"),
        h("x-tenant", "42"),
        h("x-tenant", "43"),
        h("x-empty", ""),
        h(":authority", ""),
    ];
    let mut encoder = Encoder::new(4096);
    encoder.encode(&headers);
    for round in 2..4 {
        let block = encoder.encode(&headers);
        assert_eq!(
            block.len(),
            headers.len(),
            "octets of the same {} headers, sent the {round}. time: {block:02x?}",
            headers.len()
        );
    }
    // An entry may fill the table to the last octet.
    let mut encoder = Encoder::new(34);
    encoder.encode(&[h("a", "b")]);
    assert_eq!(
        encoder.encode(&[h("a", "b")]),
        [0xbe],
        "`a: b`, whose entry has the size 34, for the second time with a table of 34"
    );
    // An entry of the static table may have an empty value.
    assert_eq!(
        Encoder::new(4096).encode(&[h(":authority", "")]),
        [0x81],
        "`:authority: `, which is entry 1"
    );
}

#[test]
fn a_name_that_is_in_the_table_is_written_as_an_index() {
    let mut encoder = Encoder::new(4096);
    assert_eq!(
        encoder.encode(&[h("x", "y"), h("etag", "z")]),
        b"\x40\x01x\x01y\x62\x01z",
        "`x: y`, whose name is in no table, and `etag: z`, whose name is entry 34"
    );
    assert_eq!(
        encoder.encode(&[h("x", "z")]),
        b"\x7f\x00\x01z",
        "then `x: z`: the name is that of the dynamic entry 63"
    );
    assert_eq!(
        encoder.encode(&[h("x", "a")]),
        b"\x7e\x01a",
        "then `x: a`: of the entries 62 and 64 the smaller index"
    );
}

#[test]
fn the_example_of_the_encoder() {
    let mut encoder = Encoder::new(4096);
    let get = [h(":method", "GET"), h("x", "y")];
    assert_eq!(
        encoder.encode(&get),
        b"\x82\x40\x01x\x01y",
        "`:method: GET` and `x: y`"
    );
    assert_eq!(
        encoder.encode(&get),
        b"\x82\xbe",
        "the same for the second time"
    );
}

#[test]
fn secrets_never_enter_the_table() {
    for name in SENSITIVE {
        let mut encoder = Encoder::new(4096);
        let headers = [h("x", "y"), h(name, "secret"), h("x", "y")];
        for round in 1..4 {
            let block = encoder.encode(&headers);
            assert_table(
                encoder.table(),
                34,
                &[h("x", "y")],
                &format!("`x: y` and `{name}: secret`"),
            );
            let secret = &block[if round == 1 { 5 } else { 1 }..];
            assert_eq!(
                secret[0] & 0xf0,
                0x10,
                "the first octet of `{name}: secret` as the {round}. time, {:#04x}, must have the high bits 0001",
                secret[0]
            );
            assert!(
                secret.len() <= 9,
                "`{name}: secret` and an index took {} octets: the name is in the static table",
                secret.len()
            );
        }
    }
    // An empty value is in the static table, and still a secret.
    let block = Encoder::new(4096).encode(&[h("cookie", "")]);
    assert_eq!(block, [0x1f, 17, 0], "`cookie: `");
}

#[test]
fn a_new_table_size_is_said_at_the_start_of_the_next_block() {
    let mut encoder = Encoder::new(4096);
    let headers = [h("x", "y")];
    encoder.encode(&headers);
    encoder.set_max_table(100);
    assert_eq!(
        encoder.encode(&headers),
        [0x3f, 69, 0xbe],
        "the size 100, then `x: y` again"
    );
    assert_eq!(
        encoder.encode(&headers),
        [0xbe],
        "`x: y` again: the size is said once"
    );
    encoder.set_max_table(0);
    encoder.set_max_table(100);
    assert_eq!(
        encoder.encode(&headers),
        b"\x20\x3f\x45\x40\x01x\x01y",
        "the size 0 and then 100, then `x: y`, which was evicted"
    );
    encoder.set_max_table(60);
    encoder.set_max_table(34);
    assert_eq!(
        encoder.encode(&headers),
        [0x3f, 3, 0xbe],
        "the size 60 and then 34: the last is the lowest"
    );
    for max in [100, 0, 200] {
        encoder.set_max_table(max);
    }
    assert_eq!(
        encoder.encode(&headers),
        b"\x20\x3f\xa9\x01\x40\x01x\x01y",
        "the sizes 100, 0 and 200: the lowest and the last; then `x: y`, which was evicted"
    );
    encoder.set_max_table(33);
    let block = encoder.encode(&headers);
    assert_eq!(block[..2], [0x3f, 2], "the size 33");
    assert_table(encoder.table(), 0, &[], "`x: y` in a table of 33");
}

fn loona(max: usize) -> loona_hpack::Decoder<'static> {
    let mut other = loona_hpack::Decoder::new();
    other.set_max_table_size(max);
    other
}

fn read_by_loona(other: &mut loona_hpack::Decoder, block: &[u8]) -> Option<Vec<String>> {
    other.decode(block).ok().map(|headers| show(&headers))
}

fn random_headers(rng: &mut Rng) -> Vec<Header> {
    let names = [
        ":method",
        ":path",
        "accept",
        "cookie",
        "authorization",
        "x-a",
        "x-b",
        "etag",
        "x-long-name-of-a-header",
    ];
    let len = rng.below(8);
    rng.vec(len, |rng| {
        let name = *rng.pick(&names);
        let value = match rng.below(6) {
            0 => String::new(),
            1 => "GET".into(),
            2 => rng.below(4).to_string(),
            3 => "v".repeat(rng.below(120)),
            _ => {
                let len = rng.below(12);
                rng.word(len)
            }
        };
        h(name, &value)
    })
}

#[test]
fn what_another_implementation_writes_is_read() {
    cases(30, |rng| {
        let mut other = loona_hpack::Encoder::new();
        let mut decoder = Decoder::new(4096);
        for _ in 0..1 + rng.size() / 10 {
            let headers = random_headers(rng);
            let block = other.encode(headers.iter().map(|(name, value)| (&name[..], &value[..])));
            assert_decodes(&mut decoder, &block, &headers, "a block of loona-hpack");
        }
    });
}

#[test]
fn what_is_written_is_read_and_the_tables_stay_equal() {
    cases(30, |rng| {
        let limit = *rng.pick(&[0, 34, 100, 256, 4096]);
        let mut encoder = Encoder::new(limit);
        let mut decoder = Decoder::new(limit);
        let mut other = loona(limit);
        let mut done = Vec::new();
        for _ in 0..1 + rng.size() / 10 {
            for _ in 0..rng.below(7).saturating_sub(3) {
                let max = rng.below(limit + 1);
                encoder.set_max_table(max);
                done.push(format!("table size {max}"));
            }
            let mut headers = random_headers(rng);
            // loona-hpack refuses a block of nothing but size updates.
            headers.push(h(":method", "GET"));
            let block = encoder.encode(&headers);
            done.push(format!("{:?}", show(&headers)));
            assert_eq!(
                read_by_loona(&mut other, &block),
                Some(show(&headers)),
                "with a table of {limit}: {done:#?}: left is what loona-hpack reads from your block {block:02x?}"
            );
            assert_eq!(
                decoder.decode(&block).map(|headers| show(&headers)),
                Ok(show(&headers)),
                "with a table of {limit}: {done:#?}: left is what your decoder reads from your block {block:02x?}"
            );
            assert_eq!(
                show(&encoder.table().dynamic()),
                show(&decoder.table().dynamic()),
                "with a table of {limit}: {done:#?}: left is the table of your encoder, right that of your decoder"
            );
        }
    });
}

#[test]
fn damaged_blocks_never_panic() {
    cases(500, |rng| {
        let mut encoder = Encoder::new(200);
        let mut block = [
            encoder.encode(&random_headers(rng)),
            encoder.encode(&random_headers(rng)),
        ]
        .concat();
        for _ in 0..1 + rng.below(4) {
            if block.is_empty() {
                return;
            }
            let at = rng.below(block.len());
            block[at] = rng.range(..);
        }
        block.truncate(1 + rng.below(block.len()));
        let mut decoder = Decoder::new(200);
        let result = decoder.decode(&block);
        let size: usize = decoder
            .table()
            .dynamic()
            .iter()
            .map(|(n, v)| n.len() + v.len() + 32)
            .sum();
        assert!(
            size <= 200 && decoder.table().size() == size,
            "after the block {block:02x?}, which gave {result:?}, the entries of a table of 200 have the size {size}, \
             and the table says {}",
            decoder.table().size()
        );
    });
}
