use super::*;

#[track_caller]
fn check(a: &str, b: &str, expected: bool) {
    assert_eq!(
        is_anagram(a, b),
        expected,
        "is_anagram({a:?}, {b:?}) (left is yours)"
    );
}

#[test]
fn the_same_letters_in_another_order_are_an_anagram() {
    check("listen", "silent", true);
    check("abc", "abc", true);
    check("", "", true);
}

#[test]
fn other_letters_are_none() {
    check("rat", "car", false);
    check("", "a", false);
    check("a", "", false);
    check("ab", "abc", false);
    check("abc", "ab", false);
}

#[test]
fn each_letter_must_occur_as_often() {
    check("aab", "abb", false);
    check("aa", "a", false);
    check("aab", "baa", true);
    let many = "a".repeat(256);
    check(&many, &many, true);
    check(&many, "", false);
}

#[test]
fn one_more_of_a_letter_is_one_too_many() {
    check("ab", "abb", false);
    check("abb", "ab", false);
}

#[test]
fn characters_count_and_not_bytes() {
    // C3 A9 C4 A8 against C3 A8 C4 A9: the same bytes in another order.
    check("éĨ", "èĩ", false);
    check("éè", "èé", true);
    check("日本", "本日", true);
}

#[test]
fn case_and_blanks_matter() {
    check("Ab", "ab", false);
    check("a b", "ab", false);
    check(" ab", "b a", true);
}

#[test]
fn sums_of_characters_prove_nothing() {
    check("ad", "bc", false);
    check("aa", "bb", false);
    check("aabb", "ccdd", false);
    // Sum, exclusive or and even the sum of the squares of the characters' numbers are equal.
    check("psuv", "qrtw", false);
}

const LETTERS: [char; 6] = ['a', 'b', 'é', 'ĩ', 'è', 'Ĩ'];

#[test]
fn random_texts_agree_with_sorting() {
    seeded::cases(3_000, |rng| {
        let len = rng.below(9);
        let mut one = rng.vec(len, |rng| *rng.pick(&LETTERS));
        let mut other = one.clone();
        rng.shuffle(&mut other);
        match rng.below(4) {
            0 if len > 0 => other[rng.below(len)] = *rng.pick(&LETTERS),
            1 if len > 0 => other.push(*rng.pick(&one)),
            _ => {}
        }
        let (a, b) = (String::from_iter(&one), String::from_iter(&other));
        one.sort();
        other.sort();
        check(&a, &b, one == other);
        check(&b, &a, one == other);
    });
}

#[test]
fn many_different_characters_cost_no_square() {
    counted::ends(|doing| {
        doing.note(|| "120,000 different characters and their shuffle".into());
        let mut chars: Vec<char> = ('\u{10000}'..).take(120_000).collect();
        let a = String::from_iter(&chars);
        seeded::Rng::new(1).shuffle(&mut chars);
        let b = String::from_iter(&chars);
        assert!(
            is_anagram(&a, &b),
            "120,000 different characters and their shuffle"
        );
    });
}
