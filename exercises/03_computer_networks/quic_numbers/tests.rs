use super::*;
use seeded::{Rng, cases};

const END: u64 = 1 << 62;

#[track_caller]
fn assert_reads(octets: &[u8], expected: Option<(u64, usize)>) {
    assert_eq!(
        read_varint(octets),
        expected,
        "read_varint({octets:02x?}): the number and how many octets it has"
    );
}

/// Both ends of each length, and their encodings.
fn borders() -> [(u64, Vec<u8>); 8] {
    [
        (0, vec![0]),
        (63, vec![0x3f]),
        (64, vec![0x40, 0x40]),
        (16_383, vec![0x7f, 0xff]),
        (16_384, vec![0x80, 0, 0x40, 0]),
        ((1 << 30) - 1, vec![0xbf, 0xff, 0xff, 0xff]),
        (1 << 30, vec![0xc0, 0, 0, 0, 0x40, 0, 0, 0]),
        (END - 1, vec![0xff; 8]),
    ]
}

#[test]
fn reads_the_vectors_of_rfc_9000() {
    // RFC 9000, appendix A.1.
    assert_reads(&[0x25], Some((37, 1)));
    assert_reads(&[0x40, 0x25], Some((37, 2)));
    assert_reads(&[0x7b, 0xbd], Some((15_293, 2)));
    assert_reads(&[0x9d, 0x7f, 0x3e, 0x7d], Some((494_878_333, 4)));
    assert_reads(
        &[0xc2, 0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c],
        Some((151_288_809_941_952_652, 8)),
    );
}

#[test]
fn what_follows_a_number_is_left_alone() {
    for (value, mut octets) in borders() {
        let len = octets.len();
        octets.extend([0xff; 9]);
        assert_reads(&octets, Some((value, len)));
    }
    assert_reads(&[0xc0, 0, 0, 0, 0, 0, 0, 1, 2], Some((1, 8)));
}

#[test]
fn a_number_that_is_not_complete_waits_for_the_rest() {
    assert_reads(&[], None);
    for (_, octets) in borders() {
        for end in 0..octets.len() {
            assert_reads(&octets[..end], None);
        }
    }
}

#[test]
fn numbers_take_as_few_octets_as_they_fit_into() {
    for (value, expected) in borders() {
        let mut out = vec![1, 2];
        assert_eq!(
            write_varint(value, &mut out),
            Ok(()),
            "write_varint({value}) of a number that fits"
        );
        assert_eq!(
            out,
            [&[1, 2], &expected[..]].concat(),
            "write_varint({value}) behind the octets 1 and 2"
        );
    }
    let mut out = Vec::new();
    for value in [15_293, 494_878_333, 151_288_809_941_952_652] {
        assert_eq!(
            write_varint(value, &mut out),
            Ok(()),
            "write_varint({value})"
        );
    }
    assert_eq!(
        out,
        [
            0x7b, 0xbd, 0x9d, 0x7f, 0x3e, 0x7d, 0xc2, 0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c
        ],
        "three numbers of RFC 9000, appendix A.1"
    );
}

#[test]
fn more_than_62_bits_are_too_large() {
    for value in [END, END + 1, 1 << 63, u64::MAX] {
        let mut out = vec![7];
        assert_eq!(
            write_varint(value, &mut out),
            Err(TooLarge),
            "write_varint({value})"
        );
        assert_eq!(out, [7], "a number that is too large appends nothing");
    }
}

#[test]
fn random_numbers_are_read_as_they_were_written() {
    cases(1_000, |rng| {
        let value = rng.next_u64() >> rng.range(2..=63);
        let mut out = Vec::new();
        assert_eq!(
            write_varint(value, &mut out),
            Ok(()),
            "write_varint({value})"
        );
        let len = out.len();
        assert_reads(&out, Some((value, len)));
    });
}

#[test]
fn a_packet_number_is_as_long_as_the_distance_needs() {
    // RFC 9000, appendix A.2: 16 and 24 bits.
    let len = packet_number_len;
    assert_eq!(
        len(0x00ac_5c02, Some(0x00ab_e8b3)),
        Some(2),
        "0xac5c02 after 0xabe8b3"
    );
    assert_eq!(
        len(0x00ac_e8fe, Some(0x00ab_e8b3)),
        Some(3),
        "0xace8fe after 0xabe8b3"
    );
    // 2 * 127 < 256, but 2 * 128 is not: RFC 9000, section 17.1, wants a range of more than twice the distance.
    let distances = [
        (1, Some(1)),
        (127, Some(1)),
        (128, Some(2)),
        ((1 << 15) - 1, Some(2)),
        (1 << 15, Some(3)),
        ((1 << 23) - 1, Some(3)),
        (1 << 23, Some(4)),
        ((1 << 31) - 1, Some(4)),
        (1 << 31, None),
        (1 << 61, None),
    ];
    for (distance, octets) in distances {
        for acked in [0, 1_000_000, END - 1 - distance] {
            let full = acked + distance;
            assert_eq!(
                len(full, Some(acked)),
                octets,
                "packet_number_len({full}, Some({acked})): a distance of {distance}"
            );
        }
    }
}

#[test]
fn before_the_first_acknowledgement_the_distance_reaches_from_below_0() {
    for (full, octets) in [
        (0, Some(1)),
        (126, Some(1)),
        (127, Some(2)),
        ((1 << 15) - 2, Some(2)),
        ((1 << 15) - 1, Some(3)),
        ((1 << 31) - 2, Some(4)),
        ((1 << 31) - 1, None),
    ] {
        assert_eq!(
            packet_number_len(full, None),
            octets,
            "packet_number_len({full}, None)"
        );
    }
}

#[track_caller]
fn assert_expands(largest: Option<u64>, truncated: u64, octets: usize, expected: u64) {
    let number = packet_number(largest, truncated, octets);
    assert!(
        number == expected,
        "packet_number({largest:x?}, {truncated:#x}, {octets}) is {expected:#x}, and you say {number:#x}"
    );
}

#[test]
fn the_number_closest_to_the_expected_one_is_meant() {
    // RFC 9000, appendix A.3.
    assert_expands(Some(0xa82f_30ea), 0x9b32, 2, 0xa82f_9b32);
    // Expected is 0x101. The window of one octet is 0x82 to 0x181.
    assert_expands(Some(0x100), 0x01, 1, 0x101);
    assert_expands(Some(0x100), 0x00, 1, 0x100);
    assert_expands(Some(0x100), 0x82, 1, 0x82);
    assert_expands(Some(0x100), 0x80, 1, 0x180);
    assert_expands(Some(0xff), 0x00, 1, 0x100);
    assert_expands(Some(0x1f0), 0x10, 1, 0x210);
    assert_expands(Some(0xa_ffff), 0x00_0001, 3, 0x1);
}

#[test]
fn of_two_that_are_equally_close_it_is_the_larger() {
    assert_expands(Some(0x100), 0x81, 1, 0x181);
    assert_expands(Some(0x17e), 0xff, 1, 0x1ff);
    assert_expands(Some(0x1_7fff), 0, 2, 0x2_0000);
}

#[test]
fn before_the_first_packet_0_is_expected() {
    assert_expands(None, 0, 1, 0);
    assert_expands(None, 0x7f, 1, 0x7f);
    assert_expands(None, 0xff, 1, 0xff);
    assert_expands(None, 0xffff_ffff, 4, 0xffff_ffff);
}

#[test]
fn the_answer_is_a_packet_number_at_both_ends() {
    // Nothing is below 0, so 0xff is 255, although -1 would be closer to the expected 1.
    assert_expands(Some(0), 0xff, 1, 0xff);
    assert_expands(Some(10), 0xfffe, 2, 0xfffe);
    // The last number is 0x3fff...ffff, and nothing is above it.
    assert_expands(Some(END - 2), 0xff, 1, END - 1);
    assert_expands(Some(END - 2), 0x00, 1, END - 0x100);
    assert_expands(Some(END - 1), 0x00, 1, END - 0x100);
    assert_expands(Some(END - 1), 0xffff, 2, END - 1);
    assert_expands(Some(END - 1), 0x01, 4, END - (1 << 32) + 1);
}

/// A packet number near 0, near 2^62, near a multiple of a window, or anywhere.
fn random_number(rng: &mut Rng) -> u64 {
    let near = rng.next_u64() >> rng.range(30..=63);
    match rng.below(4) {
        0 => near,
        1 => END - 1 - near,
        2 => (rng.below(1 << 20) as u64 + 1) << rng.range(8..=32),
        _ => rng.next_u64() >> rng.range(2..=40),
    }
}

#[test]
fn random_packets_get_the_closest_of_all_candidates() {
    cases(3_000, |rng| {
        let largest = rng.chance(0.95).then(|| random_number(rng));
        let octets = rng.range(1..=4);
        let window = 1_i128 << (8 * octets);
        let expected = largest.map_or(0, |n| i128::from(n) + 1);
        let truncated = match rng.below(2) {
            0 => i128::from(rng.next_u64()) & (window - 1),
            // At the border of the window, where the choice is close.
            _ => (expected + window / 2 + i128::from(rng.range(-2..=2))) & (window - 1),
        };
        let base = expected - expected % window + truncated;
        let best = [
            base - 2 * window,
            base - window,
            base,
            base + window,
            base + 2 * window,
        ]
        .into_iter()
        .filter(|candidate| (0..i128::from(END)).contains(candidate))
        .min_by_key(|candidate| ((candidate - expected).abs(), -candidate))
        .expect("a window has fewer numbers than there are");
        assert_expands(largest, truncated as u64, octets, best as u64);
    });
}

#[test]
fn a_receiver_between_the_acknowledged_and_the_sent_packet_understands() {
    cases(3_000, |rng| {
        let acked = rng.chance(0.9).then(|| random_number(rng));
        let distance = 1 + (rng.next_u64() >> rng.range(32..=62));
        let full = (acked.map_or(0, |n| n + 1) + distance - 1).min(END - 1);
        let Some(octets) = packet_number_len(full, acked) else {
            return;
        };
        // The receiver has at least what it acknowledged, and not yet what is being sent.
        let received = match acked {
            _ if full == 0 => None,
            Some(acked) if acked >= full => return,
            Some(acked) => Some(rng.range(acked..full)),
            None => rng.chance(0.5).then(|| rng.range(0..full)),
        };
        let truncated = full & ((1 << (8 * octets)) - 1);
        let number = packet_number(received, truncated, octets);
        assert_eq!(
            number, full,
            "{full:#x} after {acked:x?} is sent in {octets} octets as {truncated:#x}, and expanded by a receiver whose \
             largest is {received:x?}"
        );
    });
}
