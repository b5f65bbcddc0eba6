use super::*;
use counted::ends;

#[track_caller]
fn check(words: &[&str], expected: Option<&str>) {
    assert_eq!(
        longest_built(words),
        expected,
        "longest_built({words:?}) (left is yours)"
    );
}

#[test]
fn a_word_of_one_letter_is_built() {
    check(&["a"], Some("a"));
}

#[test]
fn the_longest_built_word_is_found() {
    check(&["a", "ab", "abc"], Some("abc"));
    check(&["go", "gold", "g", "gol", "god", "silver"], Some("gold"));
}

#[test]
fn every_beginning_must_be_a_word() {
    check(&["a", "abc"], Some("a"));
    check(&["b", "x", "xyz", "xyzw"], Some("b"));
    check(&["a", "abc", "abcd"], Some("a"));
}

#[test]
fn the_first_letter_must_be_a_word() {
    check(&["ab", "abc"], None);
    check(&["c", "ab", "abc"], Some("c"));
}

#[test]
fn among_equals_the_first_in_the_order_of_str_wins() {
    check(&["b", "a"], Some("a"));
    check(&["x", "xb", "xa", "xc"], Some("xa"));
    check(&["b", "ba", "a", "ab"], Some("ab"));
    // Capitals come before small letters.
    check(&["a", "B"], Some("B"));
}

#[test]
fn without_a_built_word_there_is_none() {
    check(&[], None);
    check(&["go", "gold"], None);
}

#[test]
fn words_may_come_twice_and_in_any_order() {
    check(&["abc", "ab", "ab", "a", "abc"], Some("abc"));
}

#[test]
fn any_ascii_character_may_occur() {
    check(&["7", "7-", "B"], Some("7-"));
    check(&["~", "~ ", "~ Z"], Some("~ Z"));
}

#[test]
fn random_lists_agree_with_a_look_at_every_beginning() {
    seeded::cases(3_000, |rng| {
        let len = rng.below(13);
        let owned = rng.vec(len, |rng| {
            let letters = *rng.pick(&[1, 2, 2, 3, 3, 4]);
            (0..letters)
                .map(|_| *rng.pick(&['a', 'b']))
                .collect::<String>()
        });
        let words: Vec<&str> = owned.iter().map(String::as_str).collect();
        let is_built = |word: &str| (1..=word.len()).all(|end| words.contains(&&word[..end]));
        let built = words.iter().copied().filter(|word| is_built(word));
        let expected = built.min_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        check(&words, expected);
    });
}

#[test]
fn thirty_thousand_words_are_no_burden() {
    ends(|doing| {
        doing.note(|| "30,000 words: all beginnings of 1,500 words of 20 letters".into());
        let mut rng = seeded::Rng::new(1);
        let longest = rng.vec(1_500, |rng| rng.word(20));
        let mut words: Vec<&str> = longest
            .iter()
            .flat_map(|word| (1..=20).map(move |end| &word[..end]))
            .collect();
        rng.shuffle(&mut words);
        assert_eq!(
            longest_built(&words),
            longest.iter().min().map(String::as_str),
            "all beginnings of 1,500 words of 20 letters (left is yours)"
        );
    });
}

#[test]
fn words_that_are_not_built_are_no_burden() {
    ends(|doing| {
        doing.note(|| "60,000 words of 20 letters without their beginnings, and \"a\"".into());
        let mut rng = seeded::Rng::new(1);
        let alone = rng.vec(60_000, |rng| rng.word(20));
        let mut words: Vec<&str> = alone.iter().map(String::as_str).collect();
        words.push("a");
        assert_eq!(
            longest_built(&words),
            Some("a"),
            "60,000 words of 20 letters without their beginnings, and \"a\" (left is yours)"
        );
    });
}
