use super::*;

#[track_caller]
fn check(s: &str, expected: Option<(usize, char)>) {
    assert_eq!(
        first_unique(s),
        expected,
        "first_unique({s:?}) (left is yours)"
    );
}

#[test]
fn the_first_that_occurs_once_is_found() {
    check("loveleetcode", Some((2, 'v')));
    check("abcab", Some((2, 'c')));
    check("a", Some((0, 'a')));
    check("zyx", Some((0, 'z')));
}

#[test]
fn without_one_there_is_no_answer() {
    check("", None);
    check("aabb", None);
    check("abab", None);
}

#[test]
fn three_times_is_not_once() {
    check("aaa", None);
    check("aaab", Some((3, 'b')));
    check("ababa", None);
    check(&"a".repeat(257), None);
}

#[test]
fn upper_and_lower_case_are_different() {
    check("aA", Some((0, 'a')));
    check("aaA", Some((2, 'A')));
}

#[test]
fn blanks_are_characters_too() {
    check(" a", Some((0, ' ')));
    check("aa\n", Some((2, '\n')));
}

#[test]
fn it_may_be_the_last() {
    check("aabbccd", Some((6, 'd')));
}

#[test]
fn the_place_is_given_in_bytes() {
    check("ßaß", Some((2, 'a')));
    check("größer", Some((0, 'g')));
    check("日日本", Some((6, '本')));
    check("🦀🦀x🦀", Some((8, 'x')));
}

#[test]
fn characters_count_and_not_bytes() {
    // C3 9F and C3 A9 share a byte.
    check("ßé", Some((0, 'ß')));
    check("ßéß", Some((2, 'é')));
}

#[test]
fn random_texts_agree_with_counting_anew() {
    seeded::cases(3_000, |rng| {
        let len = rng.below(11);
        let alphabet = ['a', 'b', 'c', 'ß', ' ', 'A', 'd', 'e'];
        let letters = rng.range(1..=alphabet.len());
        let s: String = rng
            .vec(len, |rng| *rng.pick(&alphabet[..letters]))
            .into_iter()
            .collect();
        let once = |char: char| s.chars().filter(|other| *other == char).count() == 1;
        check(&s, s.char_indices().find(|(_, char)| once(*char)));
    });
}

#[test]
fn many_different_characters_cost_no_square() {
    counted::ends(|doing| {
        doing.note(|| "60,000 different characters, twice, and one behind them".into());
        let once = String::from_iter(('\u{10000}'..).take(60_000));
        let s = format!("{once}{once}x");
        assert_eq!(
            first_unique(&s),
            Some((s.len() - 1, 'x')),
            "60,000 different characters, twice, and one x behind them"
        );
    });
}
