use super::*;
use counted::allocations;
use seeded::cases;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

const LAST: u64 = (1 << 62) - 1;

fn inserted(max: usize, numbers: impl IntoIterator<Item = u64>) -> AckRanges {
    let mut ranges = AckRanges::new(max);
    for number in numbers {
        ranges.insert(number);
    }
    ranges
}

#[track_caller]
fn assert_ranges(numbers: &[u64], expected: &[RangeInclusive<u64>]) {
    let ranges = inserted(10, numbers.iter().copied()).ranges();
    assert_eq!(
        ranges, expected,
        "the ranges of {numbers:?}, inserted in this order"
    );
}

#[test]
fn a_packet_is_new_once() {
    let mut ranges = AckRanges::new(10);
    for (number, new) in [
        (3, true),
        (3, false),
        (4, true),
        (3, false),
        (4, false),
        (0, true),
        (LAST, true),
        (LAST, false),
        (0, false),
        (2, true),
        (1, true),
        (1, false),
    ] {
        assert_eq!(
            ranges.insert(number),
            new,
            "insert({number}) in the sequence 3 3 4 3 4 0 last last 0 2 1 1: is it new?"
        );
    }
}

#[test]
fn single_packets_are_ranges_of_one_the_largest_first() {
    assert_ranges(&[], &[]);
    assert_ranges(&[7], &[7..=7]);
    assert_ranges(&[3, 9, 6], &[9..=9, 6..=6, 3..=3]);
    assert_ranges(&[0, LAST], &[LAST..=LAST, 0..=0]);
}

#[test]
fn a_neighbour_makes_a_range_longer() {
    assert_ranges(&[5, 6], &[5..=6]);
    assert_ranges(&[6, 5], &[5..=6]);
    assert_ranges(&[1, 5, 9, 6, 4], &[9..=9, 4..=6, 1..=1]);
    assert_ranges(&[LAST, LAST - 1, 0, 1], &[LAST - 1..=LAST, 0..=1]);
}

#[test]
fn a_packet_between_two_ranges_joins_them() {
    assert_ranges(&[1, 3, 2], &[1..=3]);
    assert_ranges(&[1, 2, 8, 4, 5, 3], &[8..=8, 1..=5]);
    assert_ranges(&[0, 2, 4, 6, 3, 5, 1], &[0..=6]);
}

#[test]
fn the_smallest_range_is_forgotten_and_stays_seen() {
    let mut ranges = inserted(2, [10, 11, 20, 30]);
    assert_eq!(
        ranges.ranges(),
        [30..=30, 20..=20],
        "10, 11, 20, 30 with room for 2 ranges: 10 to 11 is forgotten"
    );
    for number in [10, 11, 9, 0] {
        assert!(
            !ranges.insert(number),
            "10, 11, 20, 30 with room for 2 ranges: everything up to 11 counts as seen, and {number} was new"
        );
    }
    assert!(
        ranges.insert(19),
        "10, 11, 20, 30 with room for 2 ranges: 19 is new"
    );
    assert_eq!(
        ranges.ranges(),
        [30..=30, 19..=20],
        "the same with 19: no range more"
    );
    assert!(
        ranges.insert(12),
        "the same with 12: it is new, since only 11 and less count as seen"
    );
    assert_eq!(
        ranges.ranges(),
        [30..=30, 19..=20],
        "the same with 12: a third range, and so the smallest is forgotten at once"
    );
    assert!(
        !ranges.insert(12),
        "the same with 12 twice: it counts as seen"
    );
    assert!(ranges.insert(18), "the same with 18: it is new");
}

#[test]
fn joining_makes_room() {
    let mut ranges = inserted(2, [1, 3]);
    assert!(ranges.insert(2), "1, 3 with room for 2 ranges: 2 is new");
    assert!(ranges.insert(9), "1, 3, 2 with room for 2 ranges: 9 is new");
    assert_eq!(
        ranges.ranges(),
        [9..=9, 1..=3],
        "1, 3, 2, 9 with room for 2 ranges"
    );
}

#[test]
fn random_packets_agree_with_a_set() {
    cases(500, |rng| {
        let max = 1 + rng.below(6);
        let spread = 2 + rng.size() as u64 / 2;
        let base = *rng.pick(&[0, 1_000, LAST - 60]);
        let mut ranges = AckRanges::new(max);
        let mut seen = BTreeSet::new();
        let mut floor = 0;
        let mut done = Vec::new();
        for _ in 0..2 * rng.size() {
            let number = base + rng.range(0..spread);
            let new = number >= floor && seen.insert(number);
            done.push(number);
            assert_eq!(
                ranges.insert(number),
                new,
                "room for {max} ranges, inserted {done:?}: was the last one new?"
            );
            let mut expected = runs(&seen);
            if expected.len() > max {
                let forgotten = expected.pop().expect("at least one range");
                floor = forgotten.end() + 1;
                seen.retain(|number| *number >= floor);
            }
            assert_eq!(
                ranges.ranges(),
                expected,
                "room for {max} ranges, inserted {done:?}: left are your ranges, right the expected ones"
            );
        }
    });
}

/// The runs of neighbours in a set, the largest first.
fn runs(numbers: &BTreeSet<u64>) -> Vec<RangeInclusive<u64>> {
    let mut runs: Vec<RangeInclusive<u64>> = Vec::new();
    for &number in numbers.iter().rev() {
        match runs.last_mut() {
            Some(run) if run.start() - 1 == number => *run = number..=*run.end(),
            _ => runs.push(number..=number),
        }
    }
    runs
}

#[test]
fn memory_is_taken_by_ranges_and_not_by_packets() {
    let (ranges, heap) = allocations(|| inserted(32, 0..10_000));
    assert_eq!(ranges.ranges(), [0..=9_999], "10,000 packets in a row");
    assert!(
        heap.peak <= 8 * 1024,
        "10,000 packets in a row took {} bytes at one time, and 8 KiB are allowed",
        heap.peak
    );
    let (ranges, heap) = allocations(|| inserted(32, (0..10_000).map(|i| 2 * i)));
    assert_eq!(
        ranges.ranges().len(),
        32,
        "ranges after every second of 20,000 packets, with room for 32"
    );
    assert!(
        heap.peak <= 8 * 1024,
        "every second of 20,000 packets took {} bytes at one time with room for 32 ranges, and 8 KiB are allowed",
        heap.peak
    );
}

/// Packets as ranges, the delay, and the frame that the Python library aioquic 1.7 writes for them.
fn frames() -> Vec<(Vec<RangeInclusive<u64>>, u64, Vec<u8>)> {
    vec![
        (vec![7..=7], 0, vec![2, 7, 0, 0, 0]),
        (
            vec![10..=11, 5..=5, 0..=2],
            25,
            vec![2, 11, 25, 2, 1, 3, 0, 1, 2],
        ),
        (
            vec![2..=2, 0..=0],
            1_000,
            vec![2, 2, 0x43, 0xe8, 1, 0, 0, 0],
        ),
        (
            vec![10..=300, 5..=5, 0..=2],
            25,
            vec![2, 0x41, 0x2c, 25, 2, 0x41, 0x22, 3, 0, 1, 2],
        ),
        (
            vec![LAST - 63..=LAST, 1 << 61..=(1 << 61) + 63],
            63,
            [
                &[2][..],
                &[0xff; 8],
                &[63, 1, 63],
                &[0xdf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
                &[63],
            ]
            .concat(),
        ),
    ]
}

#[test]
fn the_frame_names_the_ranges_by_their_distances() {
    for (ranges, delay, frame) in frames() {
        let mut out = vec![9];
        inserted(10, ranges.iter().cloned().flatten()).write_ack(delay, &mut out);
        assert_eq!(
            out,
            [&[9], &frame[..]].concat(),
            "write_ack of {ranges:?} with the delay {delay}, behind an octet 9"
        );
    }
}

#[test]
fn nothing_received_is_nothing_written() {
    let mut out = vec![9];
    AckRanges::new(10).write_ack(25, &mut out);
    assert_eq!(out, [9], "write_ack without packets, behind an octet 9");
}

#[test]
fn a_frame_is_read_and_what_follows_it_is_left_alone() {
    for (ranges, delay, mut octets) in frames() {
        let len = octets.len();
        octets.extend([2, 7, 0, 0, 0]);
        assert_eq!(
            read_ack(&octets),
            Ok((Ack { delay, ranges }, len)),
            "read_ack({octets:?})"
        );
    }
}

#[test]
fn a_frame_that_is_cut_off_or_of_another_type_is_malformed() {
    for (_, _, mut octets) in frames() {
        for end in 0..octets.len() {
            let part = &octets[..end];
            assert_eq!(
                read_ack(part),
                Err(Malformed),
                "read_ack({part:?}), a part of {octets:?}"
            );
        }
        octets[0] = 3;
        assert_eq!(
            read_ack(&octets),
            Err(Malformed),
            "read_ack({octets:?}) of the type 3"
        );
    }
}

#[test]
fn a_range_below_0_is_malformed() {
    for (octets, what) in [
        (&[2, 7, 0, 0, 8][..], "the first range starts at 7 - 8"),
        (&[2, 7, 0, 1, 0, 6, 0], "the second range ends at 7 - 6 - 2"),
        (&[2, 1, 0, 1, 0, 0, 0], "the second range ends at 1 - 0 - 2"),
        (&[2, 7, 0, 1, 0, 5, 1], "the second range starts at 0 - 1"),
        (
            &[2, 7, 0, 1, 0, 0x3f, 0],
            "the second range ends at 7 - 63 - 2",
        ),
    ] {
        assert_eq!(
            read_ack(octets),
            Err(Malformed),
            "read_ack({octets:?}): {what}"
        );
    }
    let ack = Ack {
        delay: 0,
        ranges: vec![7..=7, 0..=0],
    };
    let octets = [2, 7, 0, 1, 0, 5, 0];
    assert_eq!(
        read_ack(&octets),
        Ok((ack, 7)),
        "read_ack({octets:?}): the second range is just 0"
    );
}

#[test]
fn a_large_count_takes_no_memory() {
    let mut octets = vec![2, 0x3f, 0];
    octets.extend([0xff; 8]);
    octets.extend([0, 1, 0]);
    let (result, heap) = allocations(|| read_ack(&octets));
    assert_eq!(
        result,
        Err(Malformed),
        "a frame that counts 2^62 - 1 ranges and has one"
    );
    assert!(
        heap.peak <= 1024,
        "a frame that counts 2^62 - 1 ranges and has one took {} bytes, and 1 KiB is allowed",
        heap.peak
    );
}

#[test]
fn random_frames_are_read_as_they_were_written() {
    cases(500, |rng| {
        let spread = 2 + rng.size() as u64;
        let base = *rng.pick(&[0, 16_000, LAST - 200]);
        let numbers = rng.vec(2 * rng.size(), |rng| base + rng.range(0..spread));
        let delay = rng.range(0..100_000);
        let received = inserted(64, numbers.iter().copied());
        let mut octets = Vec::new();
        received.write_ack(delay, &mut octets);
        let ack = Ack {
            delay,
            ranges: received.ranges(),
        };
        assert_eq!(
            read_ack(&octets),
            Ok((ack, octets.len())),
            "the frame of {numbers:?}, written and read again: {octets:?}"
        );
        // Any octet changed: it may mean something else, or nothing, but never a panic.
        let at = rng.below(octets.len());
        octets[at] = rng.range(..);
        if let Ok((ack, _)) = read_ack(&octets) {
            let ends: Vec<u64> = ack
                .ranges
                .iter()
                .flat_map(|r| [*r.end(), *r.start()])
                .collect();
            assert!(
                ends.is_sorted_by(|a, b| a >= b),
                "read_ack({octets:?}) gave ranges that do not go down: {ends:?}"
            );
        }
    });
}
