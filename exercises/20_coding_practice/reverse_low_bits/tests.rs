use super::*;
use counted::{allocations, ends};

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// The field as a text, reversed and read again.
fn by_text(x: u64, width: u32) -> u64 {
    let text: String = (0..width)
        .map(|i| if x >> i & 1 == 1 { '1' } else { '0' })
        .collect();
    u64::from_str_radix(&text, 2).unwrap_or(0)
}

#[track_caller]
fn check(x: u64, width: u32, expected: u64) {
    assert!(
        reverse_low(x, width) == expected,
        "reverse_low({x:#b}, {width}) is {:#b}, expected {expected:#b}",
        reverse_low(x, width)
    );
}

#[test]
fn a_field_is_turned_around() {
    check(0b110, 3, 0b011);
    check(0b1_0011, 4, 0b1100);
    check(0b1_0110, 5, 0b0_1101);
}

#[test]
fn one_bit_stays_as_it_is() {
    check(0, 1, 0);
    check(1, 1, 1);
}

#[test]
fn zeroes_have_a_place() {
    check(1, 8, 0b1000_0000);
    check(0b1000_0000, 8, 1);
    check(0b01_0011, 6, 0b11_0010);
    check(0, 8, 0);
}

#[test]
fn bits_above_the_width_do_not_matter() {
    check(0b1_0110, 4, 0b0110);
    check(0b1111_0001, 4, 0b1000);
    check(u64::MAX, 3, 0b111);
}

#[test]
fn a_width_of_0_gives_0() {
    check(0, 0, 0);
    check(u64::MAX, 0, 0);
}

#[test]
fn the_full_width_is_possible() {
    check(1, 64, 1 << 63);
    check(u64::MAX, 64, u64::MAX);
    check(u64::MAX - 1, 63, u64::MAX >> 2);
}

#[test]
fn all_widths_agree_with_the_reversed_text() {
    ends(|doing| {
        let mut rng = seeded::Rng::new(1);
        for width in 0..=64 {
            let single = (0..64).map(|i| 1 << i);
            let patterns = [0, u64::MAX, 0x5555_5555_5555_5555, 0xaaaa_aaaa_aaaa_aaaa];
            let random = rng.vec(100, |rng| rng.next_u64());
            for x in single.chain(patterns).chain(random) {
                doing.note(|| format!("reverse_low({x:#b}, {width})"));
                check(x, width, by_text(x, width));
            }
        }
    });
}

#[test]
fn nothing_is_allocated() {
    let (_, heap) =
        allocations(|| (0..2_000).fold(0, |sum: u64, x| sum ^ reverse_low(x << 20, 33)));
    assert_eq!(
        heap.calls, 0,
        "2,000 calls with width 33: your allocations (left)"
    );
}
