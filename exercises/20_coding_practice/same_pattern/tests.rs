use super::*;
use counted::{Probe, at_most, counts};

#[track_caller]
fn check(a: &str, b: &str, expected: bool) {
    assert_eq!(
        same_pattern(a.as_bytes(), b.as_bytes()),
        expected,
        "same_pattern({a:?}, {b:?}) (left is yours)"
    );
}

#[test]
fn a_renaming_keeps_the_pattern() {
    check("egg", "add", true);
    check("paper", "title", true);
    check("abc", "abc", true);
    check("ab", "ba", true);
}

#[test]
fn one_name_never_becomes_two() {
    check("foo", "bar", false);
    check("aa", "xy", false);
}

#[test]
fn two_names_never_become_one() {
    check("ab", "cc", false);
    check("badc", "baba", false);
}

#[test]
fn the_lengths_must_agree() {
    check("ab", "abc", false);
    check("abc", "ab", false);
    check("", "a", false);
    check("", "", true);
}

#[test]
fn the_order_matters_and_not_only_the_counts() {
    check("aabb", "abab", false);
    check("aab", "abb", false);
}

#[test]
fn the_two_sides_may_have_different_types() {
    let users = ["ann".to_string(), "bob".to_string(), "ann".to_string()];
    assert!(
        same_pattern(&users, &[1, 2, 1]),
        "ann, bob, ann and 1, 2, 1"
    );
    assert!(
        !same_pattern(&users, &[1, 2, 2]),
        "ann, bob, ann and 1, 2, 2"
    );
}

#[test]
fn there_may_be_more_names_than_a_byte_can_number() {
    let different: Vec<u32> = (0..300).collect();
    let renamed: Vec<u32> = (0..300).map(|i| 3 * i + 7).collect();
    let reused: Vec<u32> = (0..300).map(|i| i % 256).collect();
    assert!(
        same_pattern(&different, &renamed),
        "the numbers 0 to 299, and the same times 3 plus 7"
    );
    assert!(
        !same_pattern(&different, &reused),
        "the numbers 0 to 299, and 0 to 255 with 0 to 43 behind them"
    );
    assert!(
        !same_pattern(&reused, &different),
        "the numbers 0 to 255 with 0 to 43 behind them, and 0 to 299"
    );
}

#[test]
fn all_short_slices_agree_with_a_look_at_all_pairs() {
    let texts: Vec<Vec<u8>> = (0..=5)
        .flat_map(|len| {
            let text = move |code: usize| {
                (0..len)
                    .map(|i| b'a' + (code / 3_usize.pow(i) % 3) as u8)
                    .collect()
            };
            (0..3_usize.pow(len)).map(text)
        })
        .collect();
    for a in &texts {
        for b in texts.iter().filter(|b| b.len() == a.len()) {
            let mut pairs = (0..a.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
            let expected = pairs.all(|(i, j)| (a[i] == a[j]) == (b[i] == b[j]));
            check(
                &String::from_utf8_lossy(a),
                &String::from_utf8_lossy(b),
                expected,
            );
        }
    }
}

#[test]
fn the_work_grows_with_the_length_and_not_with_its_square() {
    for (what, modulus) in [
        ("all different", 10_000),
        ("100 names", 100),
        ("one name", 1),
    ] {
        let a: Vec<Probe<u32>> = (0..10_000).map(|i| Probe::new(i % modulus)).collect();
        let b: Vec<Probe<u32>> = (0..10_000).map(|i| Probe::new(i % modulus + 7)).collect();
        let (answer, did) = counts(|| at_most(1_000_000, || same_pattern(&a, &b)));
        assert!(answer, "10,000 items and the same plus 7, {what}");
        let steps = did.comparisons + did.hashes;
        assert!(
            steps <= 160_000,
            "10,000 items, {what}: {} comparisons and {} hashes, and 160,000 in all are allowed",
            did.comparisons,
            did.hashes
        );
    }
}
