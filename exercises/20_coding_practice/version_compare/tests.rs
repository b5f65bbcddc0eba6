use super::*;
use std::cmp::Ordering::{self, Equal, Greater, Less};

#[track_caller]
fn check(a: &str, b: &str, expected: Option<Ordering>) {
    let show = |text: &str| match text.len() {
        0..100 => format!("{text:?}"),
        len => format!("{:?}... of {len} bytes", &text[..20]),
    };
    let pair = format!("({}, {})", show(a), show(b));
    assert_eq!(
        compare_versions(a, b),
        expected,
        "compare_versions{pair} (left is yours)"
    );
    let turned = expected.map(Ordering::reverse);
    assert_eq!(
        compare_versions(b, a),
        turned,
        "compare_versions{pair}, with the two exchanged (left is yours)"
    );
}

#[test]
fn the_first_number_that_differs_decides() {
    check("1.2", "1.3", Some(Less));
    check("2.0.0", "1.9.9", Some(Greater));
    check("1.2.3", "1.2.3", Some(Equal));
    check("7", "7.1", Some(Less));
}

#[test]
fn parts_are_compared_as_numbers() {
    check("1.10", "1.9", Some(Greater));
    check("10", "9", Some(Greater));
    check("1.2", "1.10", Some(Less));
}

#[test]
fn missing_numbers_count_as_zero() {
    check("1", "1.0.0", Some(Equal));
    check("1.0", "1.0.1", Some(Less));
    check("0", "0.0", Some(Equal));
    check("1.0.0.0.2", "1", Some(Greater));
    check("1.0.1", "1.1", Some(Less));
}

#[test]
fn leading_zeros_change_nothing() {
    check("01", "1", Some(Equal));
    check("1.007", "1.7", Some(Equal));
    check("1.010", "1.9", Some(Greater));
    check("000", "0", Some(Equal));
}

#[test]
fn numbers_may_be_longer_than_any_integer() {
    let build = "9876543210987654321098765432109876543210";
    let next = "9876543210987654321098765432109876543211";
    check(build, next, Some(Less));
    check(build, build, Some(Equal));
    check(&format!("1.{next}"), &format!("1.{build}"), Some(Greater));
    // 2^64 + 1 and 2^128 + 1, which wrapped around would be 1.
    check("18446744073709551617", "1", Some(Greater));
    check(
        "340282366920938463463374607431768211457",
        "2",
        Some(Greater),
    );
}

/// A text that is no version, on both sides.
#[track_caller]
fn check_refused(text: &str) {
    check(text, "1", None);
    check(text, text, None);
    check("2.1", text, None);
}

#[test]
fn an_empty_part_is_no_number() {
    for text in ["", ".", "1..2", "1.", ".1"] {
        check_refused(text);
    }
}

#[test]
fn only_the_digits_0_to_9_make_a_number() {
    for text in ["1.x", "v1", "1.2 ", "+1", "-1", "1,2", "1.٣", "٣", "1.2-rc"] {
        check_refused(text);
    }
}

/// Compares two texts of digits as numbers, by their value at each place.
fn by_places(a: &str, b: &str) -> Ordering {
    let width = a.len().max(b.len());
    format!("{a:0>width$}").cmp(&format!("{b:0>width$}"))
}

#[test]
fn random_versions_agree_with_padding_all_parts() {
    seeded::cases(3_000, |rng| {
        let digits = *rng.pick(&["01", "09", "0123456789"]);
        let mut version = || {
            let parts = rng.range(1..=4);
            let parts = rng.vec(parts, |rng| {
                let len = *rng.pick(&[1, 1, 2, 3, 25]);
                rng.vec(len, |rng| *rng.pick(digits.as_bytes()) as char)
                    .into_iter()
                    .collect::<String>()
            });
            parts.join(".")
        };
        let (a, b) = (version(), version());
        let part = |version: &str, i: usize| version.split('.').nth(i).unwrap_or("0").to_string();
        let expected = (0..4)
            .map(|i| by_places(&part(&a, i), &part(&b, i)))
            .find(|order| order.is_ne());
        check(&a, &b, Some(expected.unwrap_or(Equal)));
    });
}

#[test]
fn the_work_grows_with_the_length_of_the_texts() {
    counted::ends(|doing| {
        doing.note(|| "two numbers of a million digits".into());
        let (a, b) = ("7".repeat(1_000_000), "7".repeat(999_999) + "8");
        assert_eq!(
            compare_versions(&a, &b),
            Some(Less),
            "a million sevens, and the same with an eight at the end"
        );
        doing.note(|| "two million zeros in front of a 1".into());
        let a = "0".repeat(2_000_000) + "1";
        assert_eq!(
            compare_versions(&a, "1"),
            Some(Equal),
            "two million zeros and a 1, compared with 1"
        );
        doing.note(|| "100,000 numbers".into());
        let a = "0.".repeat(100_000) + "1";
        assert_eq!(
            compare_versions(&a, "0"),
            Some(Greater),
            "100,000 zeros with dots between and a 1, compared with 0"
        );
    });
}
