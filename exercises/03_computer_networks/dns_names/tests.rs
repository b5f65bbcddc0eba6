use super::*;
use seeded::{Rng, cases};

fn name(text: &str) -> Name {
    let labels = text.split('.').filter(|label| !label.is_empty());
    Name::from_labels(labels.map(|label| label.as_bytes().to_vec()).collect())
        .expect("the tests' names are short")
}

/// A name as people write it, for messages.
fn show(name: &Name) -> String {
    let labels = name.labels().iter().map(|l| l.escape_ascii().to_string());
    labels.collect::<Vec<_>>().join(".") + "."
}

fn lower(labels: &[Vec<u8>]) -> Labels {
    labels.iter().map(|l| l.to_ascii_lowercase()).collect()
}

/// Reads the name at an offset, and gives it as text with the offset behind it.
fn read(packet: &[u8], at: usize) -> Result<(String, usize), Malformed> {
    let mut behind = at;
    let name = read_name(packet, &mut behind)?;
    Ok((show(&name), behind))
}

#[track_caller]
fn assert_reads(packet: &[u8], at: usize, name: &str, behind: usize, what: &str) {
    assert_eq!(
        read(packet, at),
        Ok((name.to_string(), behind)),
        "{what}: left is your name and the offset behind it, right the expected ones"
    );
}

#[track_caller]
fn assert_refused(packet: &[u8], at: usize, what: &str) {
    if let Ok((name, _)) = read(packet, at) {
        panic!("{what} was read as {name} and must be refused");
    }
}

/// The packet of RFC 1035, section 4.1.4: names at the offsets 20, 40, 64 and 92.
fn rfc1035() -> Vec<u8> {
    let mut packet = vec![0xee; 93];
    packet[20..32].copy_from_slice(b"\x01F\x03ISI\x04ARPA\0");
    packet[40..46].copy_from_slice(b"\x03FOO\xc0\x14");
    packet[64..66].copy_from_slice(b"\xc0\x1a");
    packet[92] = 0;
    packet
}

#[test]
fn a_name_is_labels_up_to_the_root() {
    let packet = b"\x03www\x07example\x03com\0rest";
    assert_reads(packet, 0, "www.example.com.", 17, "a name at offset 0");
    assert_reads(packet, 4, "example.com.", 17, "the same packet at offset 4");
    assert_reads(packet, 16, ".", 17, "the same packet at offset 16");
}

#[test]
fn labels_have_1_to_63_octets_and_names_at_most_255() {
    let long = |sizes: &[usize]| Name::from_labels(sizes.iter().map(|&n| vec![b'x'; n]).collect());
    for sizes in [&[1][..], &[63], &[63, 63, 63, 61], &[1; 127], &[]] {
        assert!(long(sizes).is_ok(), "labels of {sizes:?} octets are a name");
    }
    for sizes in [&[0][..], &[3, 0, 3], &[64], &[63, 63, 63, 62], &[1; 128]] {
        assert!(
            long(sizes).is_err(),
            "labels of {sizes:?} octets are no name"
        );
    }
}

#[test]
fn reads_the_layout_of_rfc_1035() {
    let packet = rfc1035();
    assert_reads(&packet, 20, "F.ISI.ARPA.", 32, "RFC 1035, offset 20");
    assert_reads(&packet, 40, "FOO.F.ISI.ARPA.", 46, "RFC 1035, offset 40");
    assert_reads(&packet, 64, "ARPA.", 66, "RFC 1035, offset 64");
    assert_reads(&packet, 92, ".", 93, "RFC 1035, offset 92");
}

#[test]
fn reading_goes_on_behind_the_first_pointer() {
    // com at 0, example.com at 5, www.example.com at 15, a bare pointer at 21.
    let packet = b"\x03com\0\x07example\xc0\0\x03www\xc0\x05\xc0\x0f!";
    assert_reads(
        packet,
        5,
        "example.com.",
        15,
        "a name that ends in a pointer",
    );
    assert_reads(packet, 15, "www.example.com.", 21, "a pointer to a pointer");
    assert_reads(
        packet,
        21,
        "www.example.com.",
        23,
        "a pointer to such a name",
    );
    let mut at = 5;
    let mut names = Vec::new();
    for _ in 0..3 {
        names.push(read_name(packet, &mut at).map(|name| show(&name)));
    }
    let expected = ["example.com.", "www.example.com.", "www.example.com."];
    assert_eq!(
        names,
        expected.map(|name| Ok(name.to_string())),
        "three names in a row, from offset 5 on"
    );
}

#[test]
fn a_name_may_stand_in_as_many_pieces_as_it_has_labels() {
    // x, and then again and again a label in front of a pointer to the name before.
    let mut packet = b"\x01x\0".to_vec();
    let mut last = 0;
    for labels in 2..=127 {
        let at = packet.len();
        packet.extend([1, b'x', 0xc0 | (last >> 8) as u8, last as u8]);
        let what = format!("a name of {labels} labels, each but the last with a pointer behind it");
        assert_reads(&packet, at, &"x.".repeat(labels), at + 4, &what);
        last = at;
    }
}

#[test]
fn labels_come_back_as_they_are() {
    let packet = b"\x05wWw.X\x04\xc0\0\x07\xff\x03COM\0";
    let mut at = 0;
    let labels = read_name(packet, &mut at).map(|name| name.labels().to_vec());
    let expected: [&[u8]; 3] = [b"wWw.X", b"\xc0\0\x07\xff", b"COM"];
    assert_eq!(
        labels,
        Ok(expected.map(<[u8]>::to_vec).to_vec()),
        "a dot, a zero and upper case are octets as any other"
    );
    assert_eq!(at, packet.len(), "the offset behind that name");
}

#[test]
fn a_name_that_is_cut_off_is_refused() {
    let packet = b"\x03com\0\x03www\x07example\xc0\0";
    assert_reads(packet, 5, "www.example.com.", 19, "the packet in full");
    for end in 0..packet.len() {
        let what = format!(
            "{:?}, cut off after {end} octets, at 5",
            packet.escape_ascii().to_string()
        );
        assert_refused(&packet[..end], 5, &what);
    }
    for end in 0..5 {
        assert_refused(
            &packet[..end],
            0,
            &format!("\\x03com\\0 cut off after {end} octets"),
        );
    }
    assert_refused(packet, usize::MAX, "a name behind the packet");
}

#[test]
fn label_types_01_and_10_are_refused() {
    // 0x40 and 0x80 as lengths have all the octets that they announce, and a root behind them.
    for first in [0x40_u8, 0x41, 0x7f, 0x80, 0x81, 0xbf] {
        let mut packet = vec![first];
        packet.resize(1 + usize::from(first), b'x');
        packet.push(0);
        assert_refused(
            &packet,
            0,
            &format!("a label of the length {first} ({first:#010b})"),
        );
    }
    let mut packet = vec![63];
    packet.resize(64, b'x');
    packet.push(0);
    assert_reads(
        &packet,
        0,
        &("x".repeat(63) + "."),
        65,
        "a label of the length 63",
    );
}

#[test]
fn a_name_of_more_than_255_octets_is_refused_also_through_pointers() {
    // 63 and 63 and 63 in front, and a last label that decides.
    let label = |len: usize| [vec![len as u8], vec![b'x'; len]].concat();
    let packet = |last: usize| {
        let base = [label(63), label(last), vec![0]].concat();
        let front = [label(63), label(63), vec![0xc0, 0]].concat();
        (base.len(), [base, front].concat())
    };
    let (at, longest) = packet(61);
    assert!(
        read(&longest, at).is_ok(),
        "a name of 255 octets in two pieces is a name"
    );
    let (at, too_long) = packet(62);
    assert_refused(&too_long, at, "a name of 256 octets in two pieces");
    let straight = [label(63), label(63), label(63), label(62), vec![0]].concat();
    assert_refused(&straight, 0, "a name of 256 octets");
}

#[test]
fn a_pointer_leads_back() {
    counted::ends(|doing| {
        let hostile: [(&[u8], usize, &str); 11] = [
            (b"\xc0\0", 0, "a pointer to itself"),
            (b"\x01a\xc0\x02", 2, "a pointer to itself at offset 2"),
            (
                b"\xc0\x02\xc0\0",
                2,
                "two pointers to each other, from the second",
            ),
            (
                b"\xc0\x02\xc0\0",
                0,
                "two pointers to each other, from the first",
            ),
            (b"\xc0\x02\x01a\0", 0, "a pointer forwards to a proper name"),
            (b"\x01a\xc0\0", 0, "a label and a pointer to that label"),
            (b"\x01a\xc0\x06\x01b\xc0\0", 4, "a loop through two labels"),
            (b"\xff\xff\0", 0, "a pointer to behind the packet"),
            (
                b"\xc0\x02\0\xc0\0",
                3,
                "a pointer back to a pointer forwards",
            ),
            (
                b"\0\0\0\0\xc0\x06\xc0\x04\0\0\xc0\x04",
                10,
                "a pointer back to two pointers to each other",
            ),
            (
                b"\x01b\xc0\0\xc0\0",
                4,
                "a pointer back to a label and a pointer to that label",
            ),
        ];
        for (packet, at, what) in hostile {
            let what = format!(
                "{what} ({:?}, read at {at})",
                packet.escape_ascii().to_string()
            );
            doing.note(|| what.clone());
            assert_refused(packet, at, &what);
        }
    });
}

#[test]
fn a_pointer_does_not_lead_into_the_labels_that_it_ends() {
    let packet = b"\0\x02a\0\xc0\x03";
    assert_refused(
        packet,
        1,
        "a label of two octets, and a pointer to the second",
    );
    let packet = b"\x02a\0\xc0\x02\xc0\0";
    assert_refused(packet, 5, "a pointer to such a name");
}

#[test]
fn no_damage_makes_it_panic() {
    counted::ends(|doing| {
        let doing = doing.clone();
        let packet = rfc1035();
        cases(5_000, move |rng| {
            let mut packet = packet.clone();
            for _ in 0..1 + rng.below(6) {
                let at = rng.below(packet.len());
                packet[at] = *rng.pick(&[0, 1, 4, 20, 26, 40, 63, 64, 92, 128, 192, 193, 255]);
            }
            packet.truncate(1 + rng.below(packet.len()));
            for at in [20, 40, 64, 92, rng.below(95)] {
                doing.note(|| format!("{packet:?}, read at {at}"));
                let mut behind = at;
                if let Ok(name) = read_name(&packet, &mut behind) {
                    let octets: usize = name.labels().iter().map(|l| l.len() + 1).sum();
                    assert!(
                        octets < 255 && (at + 1..=packet.len()).contains(&behind),
                        "{packet:?}, read at {at}: a name of {} octets that ends at {behind}",
                        octets + 1
                    );
                }
            }
        });
    });
}

/// Writes names into a message that starts with this many octets of something else.
fn written(before: usize, names: &[&str]) -> Vec<u8> {
    let mut message = vec![0xee; before];
    let mut writer = NameWriter::default();
    for text in names {
        writer.write(&name(text), &mut message);
    }
    message.split_off(before)
}

#[track_caller]
fn assert_written(before: usize, names: &[&str], expected: &[u8]) {
    let octets = written(before, names);
    assert_eq!(
        octets.escape_ascii().to_string(),
        expected.escape_ascii().to_string(),
        "{names:?}, written one after another from offset {before} on"
    );
}

#[test]
fn a_new_name_is_written_in_full() {
    assert_written(12, &["www.example.com"], b"\x03www\x07example\x03com\0");
    assert_written(12, &[""], b"\0");
}

#[test]
fn a_known_ending_becomes_a_pointer() {
    // The names of RFC 1035, section 4.1.4, one behind the other.
    assert_written(
        20,
        &["F.ISI.ARPA", "FOO.F.ISI.ARPA", "ARPA", ""],
        b"\x01F\x03ISI\x04ARPA\0\x03FOO\xc0\x14\xc0\x1a\0",
    );
    assert_written(0, &["a.b", "a.b", "a"], b"\x01a\x01b\0\xc0\0\x01a\0");
    // b.x is known since the second name, although that one ended in a pointer itself.
    assert_written(
        256,
        &["x", "a.b.x", "c.b.x"],
        b"\x01x\0\x01a\x01b\xc1\0\x01c\xc1\x05",
    );
}

#[test]
fn the_longest_known_ending_is_taken() {
    assert_written(
        0,
        &["com", "example.com", "www.example.com"],
        b"\x03com\0\x07example\xc0\0\x03www\xc0\x05",
    );
}

#[test]
fn a_label_is_not_two_labels() {
    let mut message = Vec::new();
    let mut writer = NameWriter::default();
    writer.write(&name("a.b"), &mut message);
    let one = Name::from_labels(vec![b"a.b".to_vec()]).expect("one label of three octets");
    writer.write(&one, &mut message);
    let glued = Name::from_labels(vec![b"a\x01b".to_vec()]).expect("one label of three octets");
    writer.write(&glued, &mut message);
    assert_eq!(
        message.escape_ascii().to_string(),
        b"\x01a\x01b\0\x03a.b\0\x03a\x01b\0"
            .escape_ascii()
            .to_string(),
        "the labels a and b, then the one label `a.b`, then the one label `a\\x01b`"
    );
}

#[test]
fn endings_are_compared_without_case_and_written_as_they_came() {
    assert_written(
        12,
        &["Mail.Example.COM", "WWW.eXAMPLE.com"],
        b"\x04Mail\x07Example\x03COM\0\x03WWW\xc0\x11",
    );
    // Only the letters A to Z have a case here: 0xC4 and 0xE4 are different octets.
    let mut message = Vec::new();
    let mut writer = NameWriter::default();
    for octet in [0xc4, 0xe4] {
        writer.write(
            &Name {
                labels: vec![vec![octet]],
            },
            &mut message,
        );
    }
    assert_eq!(
        message,
        [1, 0xc4, 0, 1, 0xe4, 0],
        "the labels 0xC4 and 0xE4"
    );
}

#[test]
fn nothing_points_behind_offset_16383() {
    assert_written(0x3fff, &["com", "com"], b"\x03com\0\xff\xff");
    assert_written(0x4000, &["com", "com"], b"\x03com\0\x03com\0");
    // www starts at 16,383, com behind it: only the whole name can be pointed to.
    assert_written(
        0x3fff,
        &["www.com", "www.com", "com"],
        b"\x03www\x03com\0\xff\xff\x03com\0",
    );
}

type Labels = Vec<Vec<u8>>;

/// What a right writer does: the endings that can be pointed to, each with the name read back there.
#[derive(Default)]
struct Model {
    endings: Vec<(Labels, Labels)>,
    len: usize,
}

impl Model {
    /// Takes note of a name, and gives the labels that reading it back must give.
    fn write(&mut self, name: &Name) -> Labels {
        let labels = name.labels();
        let key = |from: usize| lower(&labels[from..]);
        let known = (0..labels.len()).find_map(|from| {
            let found = self.endings.iter().find(|(ending, _)| *ending == key(from));
            found.map(|(_, read)| (from, read.clone()))
        });
        let (new, rest, end) = match known {
            Some((from, read)) => (from, read, 2),
            None => (labels.len(), Vec::new(), 1),
        };
        let read = [&labels[..new], &rest[..]].concat();
        for from in 0..new {
            if self.len <= 0x3fff {
                self.endings.push((key(from), read[from..].to_vec()));
            }
            self.len += 1 + labels[from].len();
        }
        self.len += end;
        read
    }
}

fn random_name(rng: &mut Rng) -> Name {
    let labels = ["a", "b", "com", "COM", "Com", "example", "EXAMPLE", "x-y"];
    let depth = rng.below(6);
    let labels = rng.vec(depth, |rng| rng.pick(&labels).as_bytes().to_vec());
    Name::from_labels(labels).expect("six short labels")
}

#[test]
fn random_messages_have_the_length_and_names_of_the_model() {
    cases(300, |rng| {
        // Every tenth message crosses the border of what can be pointed to.
        let before = if rng.chance(0.1) {
            0x3fc0
        } else {
            rng.below(300)
        };
        let names = rng.vec(1 + rng.size() / 4, random_name);
        let shown: Vec<String> = names.iter().map(show).collect();
        let mut message = vec![0; before];
        let mut model = Model {
            len: before,
            ..Model::default()
        };
        let mut writer = NameWriter::default();
        let mut expected = Vec::new();
        for (i, name) in names.iter().enumerate() {
            let at = message.len();
            expected.push((at, model.write(name)));
            writer.write(name, &mut message);
            assert_eq!(
                message.len() - at,
                model.len - at,
                "octets of {} in a message of the names {:?}, from offset {before} on",
                shown[i],
                &shown[..i]
            );
        }
        for (i, (mut at, labels)) in expected.into_iter().enumerate() {
            let name = read_name(&message, &mut at).map(|name| name.labels().to_vec());
            assert_eq!(
                name,
                Ok(labels),
                "name {i} of {shown:?}, written from offset {before} on and read back"
            );
        }
    });
}
