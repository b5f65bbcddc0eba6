use super::*;
use counted::{Counted, at_most, counts};
use std::collections::HashSet;

#[track_caller]
fn check(needle: &str, hay: &str, expected: bool) {
    assert_eq!(
        is_subsequence(needle.as_bytes(), hay.as_bytes()),
        expected,
        "is {needle:?} hidden in {hay:?}? (left is yours)"
    );
}

#[test]
fn the_items_need_not_stand_side_by_side() {
    check("ace", "abcde", true);
    check("usrs", "user_controller.rs", true);
    check("abc", "abc", true);
    check("b", "abc", true);
}

#[test]
fn all_items_must_occur() {
    check("ax", "abc", false);
    check("abcd", "abc", false);
    check("xa", "abc", false);
}

#[test]
fn the_order_matters() {
    check("aec", "abcde", false);
    check("ba", "ab", false);
}

#[test]
fn each_item_of_the_hay_serves_once() {
    check("aa", "abc", false);
    check("aab", "ab", false);
    check("aa", "aba", true);
}

#[test]
fn the_empty_needle_is_hidden_everywhere() {
    check("", "", true);
    check("", "abc", true);
    check("a", "", false);
}

/// The text of `len` letters a and b that a number stands for.
fn text(len: u32, code: u32) -> String {
    (0..len)
        .map(|i| if code >> i & 1 == 1 { 'b' } else { 'a' })
        .collect()
}

#[test]
fn all_short_texts_agree_with_all_ways_to_delete() {
    for len in 0..=8 {
        for code in 0..1 << len {
            let hay = text(len, code);
            let kept = |kept: u32| -> String {
                let letters = hay.chars().enumerate().filter(|(i, _)| kept >> i & 1 == 1);
                letters.map(|(_, letter)| letter).collect()
            };
            let hidden: HashSet<String> = (0_u32..1 << len)
                .filter(|k| k.count_ones() <= 4)
                .map(kept)
                .collect();
            for needle in (0..=4).flat_map(|len| (0..1 << len).map(move |code| text(len, code))) {
                check(&needle, &hay, hidden.contains(&needle));
            }
        }
    }
}

#[test]
fn equal_items_are_not_tried_in_all_ways() {
    let hay: Vec<Counted<char>> = (0..1_000).map(|_| Counted::new('a')).collect();
    let needle = ['a', 'a', 'a', 'b'].map(Counted::new);
    let (answer, did) = counts(|| at_most(100_000, || is_subsequence(&needle, &hay)));
    assert!(!answer, "is \"aaab\" hidden in a thousand times \"a\"?");
    assert!(
        did.comparisons <= 1_000,
        "\"aaab\" in a thousand times \"a\": {} comparisons, and 1,000 are allowed",
        did.comparisons
    );
}

#[test]
fn there_are_no_more_comparisons_than_the_hay_has_items() {
    let items = |values: &[u32]| {
        values
            .iter()
            .map(|&value| Counted::new(value))
            .collect::<Vec<_>>()
    };
    let hay: Vec<u32> = (0..10_000).collect();
    let every_fifth: Vec<u32> = hay.iter().copied().step_by(5).collect();
    let cases: [(&str, &[u32], bool); 5] = [
        ("every fifth item of it", &every_fifth, true),
        ("all of it", &hay, true),
        ("its last item", &hay[9_999..], true),
        (
            "an item that does not occur, 100 times",
            &[77_777; 100],
            false,
        ),
        ("its last item, then its first", &[9_999, 0], false),
    ];
    for (what, needle, expected) in cases {
        let (needle, hay) = (items(needle), items(&hay));
        let (answer, did) = counts(|| at_most(1_000_000, || is_subsequence(&needle, &hay)));
        assert_eq!(
            answer, expected,
            "a hay of 10,000 different items, and as needle {what} (left is yours)"
        );
        assert!(
            did.comparisons <= 10_000,
            "a hay of 10,000 different items, and as needle {what}: {} comparisons, and 10,000 are allowed",
            did.comparisons
        );
    }
}
