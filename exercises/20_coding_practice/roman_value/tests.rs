use super::*;
use counted::{allocations, ends};
use std::collections::HashMap;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// The standard form, put together from a word for each decimal digit.
fn standard(n: u16) -> String {
    const ONES: [&str; 10] = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    const TENS: [&str; 10] = ["", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"];
    const HUNDREDS: [&str; 10] = ["", "C", "CC", "CCC", "CD", "D", "DC", "DCC", "DCCC", "CM"];
    let digit = |power: u16| usize::from(n / power % 10);
    [
        "M".repeat(digit(1000)),
        [HUNDREDS[digit(100)], TENS[digit(10)], ONES[digit(1)]].concat(),
    ]
    .concat()
}

#[track_caller]
fn check_reads(text: &str, expected: Option<u16>) {
    assert_eq!(
        from_roman(text),
        expected,
        "from_roman({text:?}) (left is yours)"
    );
}

#[test]
fn small_numbers_are_written() {
    for (n, text) in [
        (1, "I"),
        (2, "II"),
        (3, "III"),
        (5, "V"),
        (8, "VIII"),
        (17, "XVII"),
    ] {
        assert_eq!(
            to_roman(n).as_deref(),
            Some(text),
            "to_roman({n}) (left is yours)"
        );
    }
}

#[test]
fn fours_and_nines_are_subtractions() {
    for (n, text) in [
        (4, "IV"),
        (9, "IX"),
        (40, "XL"),
        (90, "XC"),
        (400, "CD"),
        (1994, "MCMXCIV"),
    ] {
        assert_eq!(
            to_roman(n).as_deref(),
            Some(text),
            "to_roman({n}) (left is yours)"
        );
    }
}

#[test]
fn only_1_to_3999_are_written() {
    assert_eq!(
        to_roman(3999).as_deref(),
        Some("MMMCMXCIX"),
        "to_roman(3999) (left is yours)"
    );
    for n in [0, 4000, 4001, 10_000, u16::MAX] {
        assert_eq!(to_roman(n), None, "to_roman({n}) (left is yours)");
    }
}

#[test]
fn standard_forms_are_read() {
    for (n, text) in [(1, "I"), (4, "IV"), (1994, "MCMXCIV"), (3999, "MMMCMXCIX")] {
        check_reads(text, Some(n));
    }
}

#[test]
fn other_forms_are_refused() {
    for text in [
        "IIII", "VV", "XXXX", "IC", "VX", "IXI", "IIX", "IVI", "CMC", "LC", "XCX",
    ] {
        check_reads(text, None);
    }
}

#[test]
fn only_the_seven_letters_are_read() {
    for text in ["iv", "Iv", "A", "XA", "AX", " X", "X ", "1", "Ⅳ", "Xé"] {
        check_reads(text, None);
    }
}

#[test]
fn the_empty_text_is_no_number() {
    check_reads("", None);
}

#[test]
fn numbers_above_3999_are_not_read() {
    check_reads("MMMM", None);
    check_reads("MMMMI", None);
    check_reads(&"M".repeat(65), None);
}

#[test]
fn very_long_texts_are_refused() {
    check_reads(&"M".repeat(66), None);
    check_reads(&"M".repeat(1_000), None);
    check_reads(&"I".repeat(100_000), None);
}

#[test]
fn all_numbers_are_written_in_standard_form() {
    for n in 1..=3999 {
        assert_eq!(
            to_roman(n),
            Some(standard(n)),
            "to_roman({n}) (left is yours)"
        );
    }
}

#[test]
fn exactly_the_standard_forms_are_read() {
    ends(|doing| {
        let values: HashMap<String, u16> = (1..=3999).map(|n| (standard(n), n)).collect();
        for (text, &n) in &values {
            doing.note(|| format!("from_roman({text:?})"));
            check_reads(text, Some(n));
        }
        for len in 0..=5 {
            for code in 0..7_usize.pow(len) {
                let letters = (0..len).map(|i| char::from(b"IVXLCDM"[code / 7_usize.pow(i) % 7]));
                let text: String = letters.collect();
                doing.note(|| format!("from_roman({text:?})"));
                check_reads(&text, values.get(&text).copied());
            }
        }
    });
}

#[test]
fn a_call_makes_at_most_eight_allocations() {
    for text in ["MMMDCCCLXXXVIII", "MCMXCIV", "IIII", "I"] {
        let (_, heap) = allocations(|| from_roman(text));
        assert!(
            heap.calls <= 8,
            "from_roman({text:?}): {} allocations, and 8 are allowed",
            heap.calls
        );
    }
    let (_, heap) = allocations(|| to_roman(3888));
    assert!(
        heap.calls <= 8,
        "to_roman(3888): {} allocations, and 8 are allowed",
        heap.calls
    );
}
