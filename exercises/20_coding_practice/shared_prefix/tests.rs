use super::*;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

#[track_caller]
fn check(words: &[&str], expected: &str) {
    assert_eq!(
        shared_prefix(words),
        expected,
        "the prefix that {words:?} share (left is yours)"
    );
}

#[test]
fn words_share_what_all_begin_with() {
    check(&["flow", "flower", "flight"], "fl");
    check(&["user/7/cart", "user/7/orders", "user/9"], "user/");
    check(&["ab", "cd"], "");
    check(&["interview", "inter"], "inter");
}

#[test]
fn one_word_shares_all_of_itself() {
    check(&["alone"], "alone");
    check(&["same", "same", "same"], "same");
}

#[test]
fn no_words_share_nothing() {
    check(&[], "");
}

#[test]
fn an_empty_word_leaves_nothing() {
    check(&[""], "");
    check(&["abc", "", "abc"], "");
}

#[test]
fn a_later_word_never_makes_the_prefix_longer() {
    check(&["ab", "x", "abc"], "");
    check(&["abcd", "ab", "abcd"], "ab");
}

#[test]
fn a_character_is_never_cut_in_half() {
    check(&["é", "è"], "");
    check(&["caffé", "caffè", "caffé!"], "caff");
    check(&["日本語", "日本酒"], "日本");
    check(&["né", "né"], "né");
}

#[test]
fn random_batches_agree_with_trying_every_prefix() {
    seeded::cases(2_000, |rng| {
        let count = rng.below(4);
        let words = rng.vec(count, |rng| {
            let len = rng.below(7);
            rng.vec(len, |rng| *rng.pick(&['a', 'b', 'é', 'è']))
                .into_iter()
                .collect::<String>()
        });
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let first = words.first().copied().unwrap_or_default();
        let longest = (0..=first.len())
            .rev()
            .filter_map(|end| first.get(..end))
            .find(|prefix| words.iter().all(|word| word.starts_with(prefix)));
        check(&words, longest.unwrap_or_default());
    });
}

#[test]
fn a_long_prefix_is_read_once_and_never_copied() {
    counted::ends(|doing| {
        doing.note(|| "two equal words of two million letters".into());
        let (one, other) = ("long".repeat(500_000), "long".repeat(500_000));
        let words = [one.as_str(), other.as_str()];
        let (prefix, heap) = counted::allocations(|| shared_prefix(&words));
        assert_eq!(
            prefix.len(),
            one.len(),
            "two equal words of two million letters: the prefix's length"
        );
        assert_eq!(
            heap.calls, 0,
            "two equal words of two million letters: your allocations (left)"
        );
    });
}
