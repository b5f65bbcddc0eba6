use super::*;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

#[track_caller]
fn check(s: &str, expected: bool) {
    assert_eq!(
        is_loose_palindrome(s),
        expected,
        "is_loose_palindrome({s:?}) (left is yours)"
    );
}

#[test]
fn a_palindrome_reads_the_same_from_both_ends() {
    check("abba", true);
    check("aba", true);
    check("a", true);
    check("ab", false);
    check("abca", false);
    check("12321", true);
    check("12", false);
    check("", true);
}

#[test]
fn blanks_and_punctuation_are_skipped() {
    check("A man, a plan, a canal: Panama", true);
    check("race a car", false);
    check(",, a b - a", true);
    check("a.", true);
    check(".a", true);
    check("ab .", false);
    check("a_ba", true);
    check("€ a", true);
    check("a – b … a", true);
}

#[test]
fn case_does_not_matter() {
    check("Aa", true);
    check("aBcCbA", true);
    check("zZ", true);
    check("Ab", false);
}

#[test]
fn when_nothing_counts_it_reads_the_same() {
    check("", true);
    check(" ", true);
    check(".,!?", true);
    check("...", true);
}

#[test]
fn a_digit_equals_only_itself() {
    check("0P", false);
    check("P0", false);
    check("1Q", false);
    check("1a1", true);
}

#[test]
fn other_letters_are_skipped() {
    check("éa", true);
    check("aé", true);
    check("ñabéa", true);
    check("éaàbé", false);
    check("日a本", true);
    // The micro sign ends with the byte B5, the superscript two with B2.
    check("µ1²1", true);
    // Its number ends with that of the letter a: U+0161 and U+0061.
    check("šb", true);
}

#[test]
fn a_letter_whose_other_case_is_ascii_is_skipped() {
    // The lower case of the Kelvin sign is k, the upper case of ß is SS.
    check("\u{212A}a", true);
    check("ßa", true);
}

#[test]
fn random_texts_agree_with_a_cleaned_copy() {
    seeded::cases(3_000, |rng| {
        let len = rng.below(10);
        let s: String = rng
            .vec(len, |rng| {
                *rng.pick(&[
                    'a', 'A', 'b', '0', 'P', ' ', ',', '_', '€', 'é', 'š', 'ß', '\u{212A}',
                ])
            })
            .into_iter()
            .collect();
        let counts = s.chars().filter(char::is_ascii_alphanumeric);
        let clean: Vec<char> = counts.map(|char| char.to_ascii_lowercase()).collect();
        check(&s, clean.iter().eq(clean.iter().rev()));
    });
}

#[test]
fn a_million_characters_cost_no_square_and_no_copy() {
    counted::ends(|doing| {
        doing.note(|| "a million characters".into());
        let half = "Some, words é".repeat(38_461);
        let s: String = half.chars().chain(half.chars().rev()).collect();
        let (answer, heap) = counted::allocations(|| is_loose_palindrome(&s));
        assert!(
            answer,
            "a text of a million characters and the same in reverse"
        );
        assert_eq!(
            heap.calls, 0,
            "a text of a million characters: your allocations (left)"
        );
    });
}
