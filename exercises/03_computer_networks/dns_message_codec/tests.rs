use super::*;
use counted::allocations;
use hickory_proto::op::{self, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{self, DNSClass, RData, RecordType, rdata};
use seeded::{Rng, cases};
use std::net::Ipv6Addr;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

const IN: u16 = 1;

fn name(text: &str) -> Name {
    let labels = text.split('.').filter(|label| !label.is_empty());
    Name::from_labels(labels.map(|label| label.as_bytes().to_vec()).collect())
        .expect("the tests' names are short")
}

fn record(owner: &str, data: Data) -> Record {
    Record {
        name: name(owner),
        class: IN,
        ttl: 300,
        data,
    }
}

/// The header of a packet: an ID, the flags and the four counts.
fn head(flags: u16, counts: [u16; 4]) -> Vec<u8> {
    let words = [[7, flags].as_slice(), &counts].concat();
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// A packet with one answer for `a`, class IN, TTL 1, with this type, length and data.
fn answer(rtype: u16, length: usize, data: &[u8]) -> Vec<u8> {
    let mut packet = head(0x8000, [0, 1, 0, 0]);
    packet.extend(b"\x01a\0");
    packet.extend(rtype.to_be_bytes());
    packet.extend([0, 1, 0, 0, 0, 1]);
    packet.extend((length as u16).to_be_bytes());
    packet.extend(data);
    packet
}

#[track_caller]
fn assert_data(rtype: u16, octets: &[u8], expected: &Data) {
    let packet = answer(rtype, octets.len(), octets);
    let data = decode(&packet).map(|message| message.answers.into_iter().next().map(|r| r.data));
    assert_eq!(
        data.as_ref().map(Option::as_ref),
        Ok(Some(expected)),
        "an answer of the type {rtype} with the data {:?}",
        octets.escape_ascii().to_string()
    );
}

/// A message in lines: the header, each question and each record.
fn lines(message: &Message) -> Vec<String> {
    let mut lines = vec![format!("{:?}", message.header)];
    let questions = message.questions.iter();
    lines.extend(questions.map(|question| format!("{question:?}")));
    for (section, records) in [
        ("answer", &message.answers),
        ("authority", &message.authorities),
        ("additional", &message.additionals),
    ] {
        let records = records.iter().enumerate();
        lines.extend(records.map(|(i, record)| format!("{section} {i}: {record:?}")));
    }
    lines.push("the end of the message".into());
    lines
}

/// Compares messages, and shows the first line in which they differ.
#[track_caller]
fn assert_same(came: Result<Message, Malformed>, expected: &Message, what: &str) {
    let came = came.unwrap_or_else(|e| panic!("{what}: it was refused: {e:?}"));
    let pairs = lines(&came).into_iter().zip(lines(expected));
    if let Some((came, expected)) = pairs.into_iter().find(|(came, expected)| came != expected) {
        panic!("{what}:\n  expected: {expected}\n  came:     {came}");
    }
}

#[track_caller]
fn assert_refused(packet: &[u8], what: &str) {
    if let Ok(message) = decode(packet) {
        let lines = lines(&message).join("\n  ");
        panic!("{what} must be refused, and was read as\n  {lines}");
    }
}

#[test]
fn the_example_is_read_and_written() {
    let octets = [&head(0, [1, 0, 0, 0])[..], b"\x01a\x01b\0\0\x01\0\x01"].concat();
    let message = Message {
        header: Header {
            id: 7,
            ..Header::default()
        },
        questions: vec![Question {
            name: name("a.b"),
            rtype: 1,
            class: IN,
        }],
        ..Message::default()
    };
    assert_same(decode(&octets), &message, "the example, read");
    assert_eq!(encode(&message, 512), octets, "the example, written");
}

#[test]
fn every_flag_has_its_place() {
    let header = |change: fn(&mut Header)| {
        let mut header = Header {
            id: 7,
            ..Header::default()
        };
        change(&mut header);
        header
    };
    let places = [
        (0x8000, header(|h| h.response = true)),
        (0x0400, header(|h| h.authoritative = true)),
        (0x0200, header(|h| h.truncated = true)),
        (0x0100, header(|h| h.recursion_desired = true)),
        (0x0080, header(|h| h.recursion_available = true)),
        (0x0800, header(|h| h.opcode = 1)),
        (0x4000, header(|h| h.opcode = 8)),
        (0x7800, header(|h| h.opcode = 15)),
        (0x0001, header(|h| h.rcode = 1)),
        (0x0008, header(|h| h.rcode = 8)),
        (0x000f, header(|h| h.rcode = 15)),
    ];
    for (flags, header) in places {
        let octets = head(flags, [0; 4]);
        let message = Message {
            header,
            ..Message::default()
        };
        assert_eq!(
            decode(&octets),
            Ok(message.clone()),
            "flags {flags:#06x}, read"
        );
        assert_eq!(encode(&message, 512), octets, "flags {flags:#06x}, written");
        // Bits 6 to 4 say nothing to this exercise, and must not get into the fields.
        assert_eq!(
            decode(&head(flags | 0x70, [0; 4])),
            Ok(message),
            "flags {:#06x}, read",
            flags | 0x70
        );
    }
}

#[test]
fn data_is_read_by_its_type() {
    assert_data(1, &[192, 0, 2, 1], &Data::A([192, 0, 2, 1].into()));
    let v6: Ipv6Addr = "2001:db8::1:2".parse().expect("an address");
    assert_data(28, &v6.octets(), &Data::Aaaa(v6));
    assert_data(2, b"\x02ns\xc0\x0c", &Data::Ns(name("ns.a")));
    assert_data(5, b"\x01x\x01y\0", &Data::Cname(name("x.y")));
    let mx = Data::Mx {
        preference: 258,
        exchange: name("m.a"),
    };
    assert_data(15, b"\x01\x02\x01m\xc0\x0c", &mx);
    let strings = [&b"one"[..], b"", b"t\0o"].map(<[u8]>::to_vec).to_vec();
    assert_data(16, b"\x03one\0\x03t\0o", &Data::Txt(strings));
    assert_data(16, b"", &Data::Txt(Vec::new()));
    assert_data(16, b"\0", &Data::Txt(vec![Vec::new()]));
    let soa = Data::Soa(Soa {
        mname: name("ns.a"),
        rname: name("me.a"),
        serial: 0x0102_0304,
        refresh: 5,
        retry: 6,
        expire: 7,
        minimum: 8,
    });
    assert_data(
        6,
        b"\x02ns\xc0\x0c\x02me\xc0\x0c\x01\x02\x03\x04\0\0\0\x05\0\0\0\x06\0\0\0\x07\0\0\0\x08",
        &soa,
    );
    // A pointer in the data of an unknown type is no pointer, but two octets.
    let other = Data::Other {
        rtype: 99,
        octets: vec![0xc0, 12, 9],
    };
    assert_data(99, &[0xc0, 12, 9], &other);
    let empty = Data::Other {
        rtype: 10,
        octets: Vec::new(),
    };
    assert_data(10, &[], &empty);
}

#[test]
fn records_follow_each_other_in_their_sections() {
    let mut packet = head(0x8180, [1, 2, 1, 1]);
    packet.extend(b"\x01a\x01b\0\0\x01\0\x01");
    packet.extend(b"\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x04\x01c\xc0\x0e");
    packet.extend(b"\xc0\x21\0\x01\0\x01\0\x01\0\x02\0\x04\x01\x02\x03\x04");
    packet.extend(b"\xc0\x0e\0\x02\0\x03\0\0\0\0\0\x02\xc0\x21");
    packet.extend(b"\0\0\x29\x10\0\0\0\x80\0\0\0");
    let with = |owner: &str, class: u16, ttl: u32, data: Data| Record {
        name: name(owner),
        class,
        ttl,
        data,
    };
    let expected = Message {
        header: Header {
            id: 7,
            response: true,
            recursion_desired: true,
            recursion_available: true,
            ..Header::default()
        },
        questions: vec![Question {
            name: name("a.b"),
            rtype: 1,
            class: IN,
        }],
        answers: vec![
            with("a.b", IN, 60, Data::Cname(name("c.b"))),
            with("c.b", IN, 0x0001_0002, Data::A([1, 2, 3, 4].into())),
        ],
        authorities: vec![with("b", 3, 0, Data::Ns(name("c.b")))],
        additionals: vec![with(
            "",
            4096,
            0x8000,
            Data::Other {
                rtype: 41,
                octets: Vec::new(),
            },
        )],
    };
    assert_same(decode(&packet), &expected, "a reply of four records, read");
    let more = [&packet[..], b"\x01a\0"].concat();
    assert_same(
        decode(&more),
        &expected,
        "the same with three octets behind",
    );
    assert_eq!(
        encode(&expected, 512).escape_ascii().to_string(),
        packet.escape_ascii().to_string(),
        "the same reply, written"
    );
}

#[test]
fn a_ttl_has_32_bits() {
    for ttl in [0, (1 << 31) - 1, 1 << 31, u32::MAX] {
        let mut packet = answer(1, 4, &[192, 0, 2, 1]);
        packet[19..23].copy_from_slice(&ttl.to_be_bytes());
        let data = Data::A([192, 0, 2, 1].into());
        let message = Message {
            header: Header {
                id: 7,
                response: true,
                ..Header::default()
            },
            answers: vec![Record {
                ttl,
                ..record("a", data)
            }],
            ..Message::default()
        };
        let what = format!("an answer with the TTL {ttl}");
        assert_same(decode(&packet), &message, &what);
        assert_eq!(encode(&message, 512), packet, "{what}, written");
    }
}

#[test]
fn a_txt_may_have_no_string_and_a_string_no_octet() {
    for (strings, octets) in [(vec![], &b""[..]), (vec![vec![]], b"\0")] {
        let message = Message {
            answers: vec![record("a", Data::Txt(strings.clone()))],
            ..Message::default()
        };
        let written = encode(&message, 512);
        // The header, the name, type, class, TTL; then the length of the data.
        assert_eq!(
            written.get(23..).unwrap_or_default(),
            [&[0, octets.len() as u8], octets].concat(),
            "the length and the data of a TXT with the strings {strings:?}, written"
        );
        let what = format!("a TXT with the strings {strings:?}, written and read again");
        assert_same(decode(&written), &message, &what);
    }
}

#[test]
fn the_data_must_have_the_length_that_the_record_says() {
    let cases: [(u16, usize, &[u8], &str); 14] = [
        (1, 3, &[1, 2, 3, 4], "an A record of 3 octets"),
        (1, 5, &[1, 2, 3, 4, 5], "an A record of 5 octets"),
        (1, 0, &[], "an A record of 0 octets"),
        (28, 15, &[9; 16], "an AAAA record of 15 octets"),
        (28, 17, &[9; 17], "an AAAA record of 17 octets"),
        (
            5,
            3,
            b"\x01x\x01y\0",
            "a CNAME whose name is cut by the length",
        ),
        (
            5,
            6,
            b"\x01x\x01y\0!",
            "a CNAME with an octet behind its name",
        ),
        (
            5,
            1,
            b"\xc0\x0c",
            "a CNAME whose pointer is cut by the length",
        ),
        (15, 1, b"\x01\x02\0", "an MX of 1 octet"),
        (15, 4, b"\x01\x02\0!", "an MX with an octet behind its name"),
        (16, 3, b"\x03one", "a TXT whose string is cut by the length"),
        (16, 1, b"\x03one", "a TXT of only the length of a string"),
        (6, 21, &[0; 22], "an SOA of 21 octets"),
        (
            99,
            4,
            &[1, 2, 3],
            "an unknown type whose length passes the end of the packet",
        ),
    ];
    for (rtype, length, data, what) in cases {
        assert_refused(&answer(rtype, length, data), what);
    }
}

#[test]
fn a_packet_that_ends_early_is_refused() {
    let mut full = head(0x8000, [1, 1, 1, 1]);
    full.extend(b"\x01a\0\0\x01\0\x01");
    full.extend(b"\xc0\x0c\0\x10\0\x01\0\0\0\x3c\0\x04\x03txt");
    full.extend(b"\xc0\x0c\0\x02\0\x01\0\0\0\x3c\0\x02\xc0\x0c");
    full.extend(b"\xc0\x0c\0\x63\0\x01\0\0\0\x3c\0\x02\0\0");
    assert!(decode(&full).is_ok(), "the packet in full is a message");
    for end in 0..full.len() {
        assert_refused(
            &full[..end],
            &format!("the first {end} octets of {}", full.len()),
        );
    }
}

#[test]
fn counts_take_no_memory() {
    for counts in [
        [65_535; 4],
        [0, 65_535, 0, 0],
        [0, 0, 65_535, 0],
        [0, 0, 0, 65_535],
    ] {
        let mut packet = head(0, counts);
        if counts[0] > 0 {
            packet.extend(b"\x01a\0\0\x01\0\x01");
        } else {
            packet.extend(b"\x01a\0\0\x01\0\x01\0\0\0\x01\0\x04\x01\x02\x03\x04");
        }
        let (result, heap) = allocations(|| decode(&packet).is_err());
        assert!(
            result,
            "a packet that counts {counts:?} and holds one record must be refused"
        );
        assert!(
            heap.peak <= 2048,
            "a packet of {} octets that counts {counts:?} took {} bytes of memory at one time, and \
             2,048 are allowed",
            packet.len(),
            heap.peak
        );
    }
}

/// The octets that a name takes, by the rules of compression.
#[derive(Default)]
struct Model {
    endings: Vec<Vec<Vec<u8>>>,
    len: usize,
}

impl Model {
    fn name(&mut self, name: &Name) {
        let labels: Vec<_> = name
            .labels()
            .iter()
            .map(|l| l.to_ascii_lowercase())
            .collect();
        for from in 0..labels.len() {
            let ending = labels[from..].to_vec();
            if self.endings.contains(&ending) {
                self.len += 2;
                return;
            }
            if self.len <= 0x3fff {
                self.endings.push(ending);
            }
            self.len += 1 + labels[from].len();
        }
        self.len += 1;
    }

    fn record(&mut self, record: &Record) {
        self.name(&record.name);
        self.len += 10;
        match &record.data {
            Data::A(_) => self.len += 4,
            Data::Aaaa(_) => self.len += 16,
            Data::Ns(name) | Data::Cname(name) => self.name(name),
            Data::Mx { exchange, .. } => {
                self.len += 2;
                self.name(exchange);
            }
            Data::Soa(soa) => {
                self.name(&soa.mname);
                self.name(&soa.rname);
                self.len += 20;
            }
            Data::Txt(strings) => self.len += strings.iter().map(|s| 1 + s.len()).sum::<usize>(),
            Data::Other { octets, .. } => self.len += octets.len(),
        }
    }
}

/// The length of a message after the questions, and after each record.
fn lengths(message: &Message) -> Vec<usize> {
    let mut model = Model {
        len: 12,
        ..Model::default()
    };
    for question in &message.questions {
        model.name(&question.name);
        model.len += 4;
    }
    let mut lengths = vec![model.len];
    for record in [&message.answers, &message.authorities, &message.additionals]
        .into_iter()
        .flatten()
    {
        model.record(record);
        lengths.push(model.len);
    }
    lengths
}

/// A reply with two answers, two authorities and three additional records, long and short ones in turn.
fn reply() -> Message {
    let text = |n: usize| Data::Txt(vec![vec![b'x'; n]]);
    Message {
        header: Header {
            id: 7,
            response: true,
            ..Header::default()
        },
        questions: vec![Question {
            name: name("www.example.com"),
            rtype: 255,
            class: IN,
        }],
        answers: vec![
            record("www.example.com", text(60)),
            record("www.example.com", Data::A([192, 0, 2, 1].into())),
        ],
        authorities: vec![
            record("example.com", Data::Ns(name("ns.example.net"))),
            record("example.com", text(60)),
        ],
        additionals: vec![
            record("ns.example.net", Data::A([192, 0, 2, 2].into())),
            record("ns.example.net", text(60)),
            record("ns.example.net", Data::A([192, 0, 2, 3].into())),
        ],
    }
}

#[test]
fn names_are_compressed_across_the_whole_message() {
    let message = reply();
    let octets = encode(&message, 512);
    let expected = *lengths(&message).last().expect("a length for each record");
    assert_eq!(
        octets.len(),
        expected,
        "octets of the reply with all names compressed"
    );
    assert_same(
        decode(&octets),
        &message,
        "the reply, written and read again",
    );
}

#[test]
fn the_header_and_the_questions_are_always_written() {
    let mut full = reply();
    full.questions.push(Question {
        name: name("mail.example.com"),
        rtype: 1,
        class: IN,
    });
    let lengths = lengths(&full);
    let mut expected = full.clone();
    expected.header.truncated = true;
    for records in [
        &mut expected.answers,
        &mut expected.authorities,
        &mut expected.additionals,
    ] {
        records.clear();
    }
    for limit in [0, 11, 12, 13, lengths[0] - 5, lengths[0] - 1, lengths[0]] {
        let what = format!(
            "a reply with two questions, which end at {}, encoded with the limit {limit}",
            lengths[0]
        );
        let octets = encode(&full, limit);
        assert_same(decode(&octets), &expected, &what);
        assert_eq!(octets.len(), lengths[0], "octets of {what}");
    }
}

#[test]
fn records_that_do_not_fit_are_left_out_at_every_limit() {
    let full = reply();
    let lengths = lengths(&full);
    for limit in 12..=lengths[7] + 3 {
        let octets = encode(&full, limit);
        let fit = lengths[1..].iter().take_while(|&&len| len <= limit).count();
        let mut expected = full.clone();
        expected.answers.truncate(fit);
        expected.authorities.truncate(fit.saturating_sub(2));
        expected.additionals.truncate(fit.saturating_sub(4));
        let what = format!(
            "a reply of the lengths {lengths:?} (after the question and after each record)"
        );
        assert_eq!(
            octets.len(),
            lengths[fit],
            "octets of {what}, encoded with the limit {limit}"
        );
        let what = format!("{what}, encoded with the limit {limit} and read again");
        let mut message = decode(&octets);
        if let Ok(message) = &mut message {
            message.header.truncated = false;
        }
        assert_same(message, &expected, &what);
    }
}

#[test]
fn the_truncated_bit_says_that_an_answer_or_an_authority_is_missing() {
    for authorities in [2, 0] {
        let mut full = reply();
        full.authorities.truncate(authorities);
        for (fit, &limit) in lengths(&full).iter().enumerate() {
            for already in [false, true] {
                full.header.truncated = already;
                let octets = encode(&full, limit);
                assert_eq!(
                    octets[2] & 2 != 0,
                    already || fit < 2 + authorities,
                    "the truncated bit of a reply with 2 answers, {authorities} authorities and 3 additionals, of which \
                     the first {fit} fit; the bit of the message itself was {already}"
                );
            }
        }
    }
}

#[test]
fn no_damage_makes_it_panic() {
    counted::ends(|doing| {
        let doing = doing.clone();
        let packet = encode(&reply(), 512);
        cases(3_000, move |rng| {
            let mut packet = packet.clone();
            for _ in 0..1 + rng.below(8) {
                let at = rng.below(packet.len());
                packet[at] = *rng.pick(&[0, 1, 2, 5, 12, 15, 28, 63, 64, 192, 193, 255]);
            }
            packet.truncate(1 + rng.below(packet.len()));
            doing.note(|| format!("{packet:?}"));
            if let Ok(message) = decode(&packet) {
                let again = encode(&message, 65_535);
                let what = format!("{packet:?}, read, written and read again");
                assert_same(decode(&again), &message, &what);
            }
        });
    });
}

fn random_name(rng: &mut Rng) -> Name {
    // Each label has one case: hickory-proto compares with case when it compresses.
    let labels = ["a", "B", "com", "Example", "x-y", "mail"];
    let depth = rng.below(6);
    let labels = rng.vec(depth, |rng| rng.pick(&labels).as_bytes().to_vec());
    Name::from_labels(labels).expect("six short labels")
}

fn random_record(rng: &mut Rng) -> Record {
    let data = match rng.below(8) {
        0 => Data::A(rng.range::<u32>(..).into()),
        1 => Data::Aaaa(Ipv6Addr::from_bits(
            u128::from(rng.next_u64()) << 64 | u128::from(rng.next_u64()),
        )),
        2 => Data::Ns(random_name(rng)),
        3 => Data::Cname(random_name(rng)),
        4 => Data::Mx {
            preference: rng.range(..),
            exchange: random_name(rng),
        },
        5 => {
            let strings = 1 + rng.below(3);
            Data::Txt(rng.vec(strings, |rng| {
                let len = *rng.pick(&[0, 1, 7, 255]);
                rng.bytes(len)
            }))
        }
        6 => Data::Soa(Soa {
            mname: random_name(rng),
            rname: random_name(rng),
            serial: rng.range(..),
            refresh: rng.range(0..1 << 31),
            retry: rng.range(0..1 << 31),
            expire: rng.range(0..1 << 31),
            minimum: rng.range(..),
        }),
        _ => Data::Other {
            rtype: 65_280 + rng.range(0..200),
            octets: {
                let len = *rng.pick(&[1, 2, 50, 300]);
                rng.bytes(len)
            },
        },
    };
    Record {
        name: random_name(rng),
        class: *rng.pick(&[IN, 3, 4]),
        ttl: rng.range(0..1 << 31),
        data,
    }
}

fn random_message(rng: &mut Rng) -> Message {
    let mut records = |rng: &mut Rng, most: usize| {
        let len = rng.below(most);
        rng.vec(len, random_record)
    };
    Message {
        header: Header {
            id: rng.range(..),
            response: rng.chance(0.5),
            opcode: *rng.pick(&[0, 2, 4]),
            authoritative: rng.chance(0.5),
            truncated: rng.chance(0.5),
            recursion_desired: rng.chance(0.5),
            recursion_available: rng.chance(0.5),
            rcode: rng.range(0..=10),
        },
        questions: vec![Question {
            name: random_name(rng),
            rtype: *rng.pick(&[1, 2, 5, 6, 15, 16, 28, 255]),
            class: *rng.pick(&[IN, 3, 255]),
        }],
        answers: records(rng, 2 + rng.size() / 10),
        authorities: records(rng, 2 + rng.size() / 25),
        additionals: records(rng, 2 + rng.size() / 25),
    }
}

fn to_hickory_name(name: &Name) -> rr::Name {
    let labels = name.labels().iter().map(Vec::as_slice);
    let mut name = rr::Name::from_labels(labels).expect("a name");
    name.set_fqdn(true);
    name
}

fn to_hickory(message: &Message) -> op::Message {
    let header = &message.header;
    let kind = if header.response {
        MessageType::Response
    } else {
        MessageType::Query
    };
    let mut out = op::Message::new(header.id, kind, OpCode::from_u8(header.opcode));
    out.metadata.authoritative = header.authoritative;
    out.metadata.truncation = header.truncated;
    out.metadata.recursion_desired = header.recursion_desired;
    out.metadata.recursion_available = header.recursion_available;
    out.metadata.response_code = ResponseCode::from(0, header.rcode);
    for question in &message.questions {
        let mut query = Query::query(
            to_hickory_name(&question.name),
            RecordType::from(question.rtype),
        );
        query.set_query_class(DNSClass::from(question.class));
        out.add_query(query);
    }
    let record = |record: &Record| {
        let data = match &record.data {
            Data::A(address) => RData::A((*address).into()),
            Data::Aaaa(address) => RData::AAAA((*address).into()),
            Data::Ns(name) => RData::NS(rdata::NS(to_hickory_name(name))),
            Data::Cname(name) => RData::CNAME(rdata::CNAME(to_hickory_name(name))),
            Data::Mx {
                preference,
                exchange,
            } => RData::MX(rdata::MX::new(*preference, to_hickory_name(exchange))),
            Data::Txt(strings) => RData::TXT(rdata::TXT::from_bytes(
                strings.iter().map(Vec::as_slice).collect(),
            )),
            Data::Soa(soa) => RData::SOA(rdata::SOA::new(
                to_hickory_name(&soa.mname),
                to_hickory_name(&soa.rname),
                soa.serial,
                soa.refresh as i32,
                soa.retry as i32,
                soa.expire as i32,
                soa.minimum,
            )),
            Data::Other { rtype, octets } => RData::Unknown {
                code: RecordType::from(*rtype),
                rdata: rdata::NULL::with(octets.clone()),
            },
        };
        let mut out = rr::Record::from_rdata(to_hickory_name(&record.name), record.ttl, data);
        out.dns_class = DNSClass::from(record.class);
        out
    };
    out.add_answers(message.answers.iter().map(record));
    out.add_authorities(message.authorities.iter().map(record));
    out.add_additionals(message.additionals.iter().map(record));
    out
}

#[test]
fn what_hickory_writes_is_read() {
    cases(300, |rng| {
        let message = random_message(rng);
        let octets = to_hickory(&message)
            .to_vec()
            .expect("hickory-proto can write it");
        let what = format!("{octets:?}, written by hickory-proto");
        assert_same(decode(&octets), &message, &what);
    });
}

#[test]
fn what_is_written_is_read_by_hickory_and_no_longer_than_need_be() {
    cases(300, |rng| {
        let mut message = random_message(rng);
        if rng.chance(0.1) {
            // Beyond 16,383 octets nothing can be pointed to.
            let octets = vec![7; 16_000];
            message.answers.insert(
                0,
                record(
                    "a",
                    Data::Other {
                        rtype: 65_280,
                        octets,
                    },
                ),
            );
        }
        let octets = encode(&message, 65_535);
        let expected = *lengths(&message).last().expect("a length for each record");
        let text = lines(&message).join("\n  ");
        assert_eq!(octets.len(), expected, "octets of the message\n  {text}\n");
        match op::Message::from_vec(&octets) {
            Ok(read) => assert!(
                read == to_hickory(&message),
                "your octets of the message\n  {text}\nare read by hickory-proto as\n  {read:?}"
            ),
            Err(e) => panic!("hickory-proto cannot read your octets of the message\n  {text}\n{e}"),
        }
    });
}
