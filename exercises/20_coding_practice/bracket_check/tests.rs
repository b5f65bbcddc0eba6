use super::*;

#[track_caller]
fn check(text: &str, expected: Result<(), usize>) {
    assert_eq!(
        check_brackets(text),
        expected,
        "check_brackets({text:?}) (left is yours)"
    );
}

#[test]
fn brackets_that_fit_are_fine() {
    check("()", Ok(()));
    check("([]{})", Ok(()));
    check("{[()()]}[]", Ok(()));
}

#[test]
fn other_characters_are_ignored() {
    check("", Ok(()));
    check("no brackets <at> all", Ok(()));
    check("f(x[0]) { return; }", Ok(()));
    check("a < b", Ok(()));
    check("a -> b", Ok(()));
}

#[test]
fn a_character_is_more_than_its_last_byte() {
    // U+0128 and U+0129; the round brackets are U+0028 and U+0029.
    check("Ĩ", Ok(()));
    check("(ĩ)", Ok(()));
}

#[test]
fn brackets_in_quotes_are_brackets() {
    check("\"(\"", Err(1));
    check("')'", Err(1));
    check("(\")\"", Ok(()));
}

#[test]
fn a_bracket_closes_the_latest_one_that_is_open() {
    check("([)]", Err(2));
    check("f(x[0)", Err(5));
    check("{(})", Err(2));
}

#[test]
fn a_closing_bracket_needs_an_open_one() {
    check(")", Err(0));
    check("()]", Err(2));
    check("a}b", Err(1));
}

#[test]
fn the_first_closing_bracket_that_does_not_fit_is_named() {
    check("(]]", Err(1));
    check("((}", Err(2));
    check("())](", Err(2));
}

#[test]
fn brackets_that_stay_open_are_an_error() {
    check("(", Err(0));
    check("{ a(b", Err(0));
    check("()[", Err(2));
}

#[test]
fn the_first_bracket_that_stays_open_is_named() {
    check("()[()(", Err(2));
    check("(a)(b[c](", Err(3));
    check("([](){", Err(0));
}

#[test]
fn places_are_byte_offsets() {
    check("🦀)", Err(4));
    check("é(", Err(2));
    check("(日本]", Err(7));
}

/// The first problem, by deleting pairs that stand side by side until there is none.
fn by_deleting(text: &str) -> Result<(), usize> {
    let mut left: Vec<(usize, char)> = Vec::new();
    for (at, char) in text
        .char_indices()
        .filter(|(_, char)| "()[]{}".contains(*char))
    {
        // Nothing that follows can repair a closing bracket that stays.
        left.push((at, char));
        let is_pair = |pair: &[(usize, char)]| {
            ["()", "[]", "{}"].contains(&&*String::from_iter([pair[0].1, pair[1].1]))
        };
        while let Some(pair) = left.windows(2).position(is_pair) {
            left.drain(pair..pair + 2);
        }
        if let Some(&(at, _)) = left.iter().find(|(_, char)| ")]}".contains(*char)) {
            return Err(at);
        }
    }
    left.first().map_or(Ok(()), |&(at, _)| Err(at))
}

#[test]
fn all_short_texts_agree_with_deleting_pairs() {
    for len in 0..=6 {
        for code in 0..1_usize << (2 * len) {
            let text: String = (0..len)
                .map(|i| ['(', ')', '[', ']'][code >> (2 * i) & 3])
                .collect();
            check(&text, by_deleting(&text));
        }
    }
}

#[test]
fn random_texts_agree_with_deleting_pairs() {
    seeded::cases(2_000, |rng| {
        let len = rng.below(13);
        let letters = [
            '(', ')', '[', ']', '{', '}', '(', '{', 'a', 'é', '<', '>', '"', 'Ĩ',
        ];
        let text: String = rng
            .vec(len, |rng| *rng.pick(&letters))
            .into_iter()
            .collect();
        check(&text, by_deleting(&text));
    });
}

#[test]
fn a_million_nested_brackets_are_gone_through_once() {
    counted::ends(|doing| {
        doing.note(|| "a million nested brackets".into());
        let text = "(".repeat(500_000) + &")".repeat(500_000);
        assert_eq!(
            check_brackets(&text),
            Ok(()),
            "half a million opening and as many closing brackets"
        );
        assert_eq!(
            check_brackets(&text[..999_999]),
            Err(0),
            "the same without the last one"
        );
    });
}
