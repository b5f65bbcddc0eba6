use super::*;
use counted::counts;
use seeded::Rng;
use std::collections::BTreeSet;

fn trie_of(words: &[&str]) -> Trie {
    let mut trie = Trie::new();
    words.iter().for_each(|word| _ = trie.insert(word));
    trie
}

/// All beginnings of words but the empty one: the nodes that a trie of them has.
fn beginnings<'a>(words: impl IntoIterator<Item = &'a String>) -> BTreeSet<Vec<char>> {
    let all = words.into_iter().flat_map(|word| {
        let chars: Vec<char> = word.chars().collect();
        (1..=chars.len()).map(move |n| chars[..n].to_vec())
    });
    all.collect()
}

/// Whether a word, or a beginning of one, fits a pattern.
fn fits(chars: &[char], pattern: &[char]) -> bool {
    chars.len() <= pattern.len() && chars.iter().zip(pattern).all(|(c, p)| *p == '?' || c == p)
}

#[test]
fn what_was_inserted_is_there() {
    let mut trie = Trie::new();
    assert!(!trie.contains("tea"), "contains(tea) of an empty trie");
    for word in ["tea", "ten", "to"] {
        assert!(trie.insert(word), "insert({word}), which is new");
    }
    for word in ["tea", "ten", "to"] {
        assert!(
            trie.contains(word),
            "inserted tea, ten, to: contains({word})"
        );
        assert!(
            !trie.insert(word),
            "inserted tea, ten, to: insert({word}) once more"
        );
    }
    assert!(
        !trie.contains("tee"),
        "inserted tea, ten, to: contains(tee)"
    );
    assert!(
        !trie.contains("teas"),
        "inserted tea, ten, to: contains(teas)"
    );
}

#[test]
fn a_beginning_is_no_word_unless_it_was_inserted() {
    let mut trie = trie_of(&["team"]);
    for word in ["", "t", "te", "tea"] {
        assert!(!trie.contains(word), "inserted team: contains({word:?})");
    }
    assert!(
        trie.insert("tea"),
        "inserted team: insert(tea), which is new"
    );
    assert!(
        trie.contains("tea") && trie.contains("team"),
        "inserted team, tea: contains of both"
    );
}

#[test]
fn words_share_the_nodes_of_their_beginnings() {
    for (words, expected) in [
        (&["tea", "ten", "to"][..], 5),
        (&["a", "ab", "abc"], 3),
        (&[""], 0),
    ] {
        assert_eq!(
            trie_of(words).node_count(),
            expected,
            "nodes of a trie of {words:?}"
        );
    }
}

#[test]
fn the_empty_word_is_a_word() {
    let mut trie = trie_of(&["a"]);
    assert!(!trie.contains(""), "inserted a: contains of the empty word");
    assert!(
        trie.insert(""),
        "inserted a: insert of the empty word, which is new"
    );
    assert!(
        trie.contains(""),
        "inserted a and the empty word: contains of that"
    );
    assert_eq!(
        trie.matches(""),
        [""],
        "inserted a and the empty word: matches of the empty pattern"
    );
    assert!(
        trie.remove(""),
        "inserted a and the empty word: remove of that"
    );
    assert!(
        !trie.contains("") && trie.contains("a"),
        "inserted a and the empty word, removed that"
    );
}

#[test]
fn a_removed_word_is_gone_with_the_nodes_that_only_it_needed() {
    let mut trie = trie_of(&["tea", "ten", "to"]);
    assert!(
        !trie.remove("te"),
        "inserted tea, ten, to: remove(te), which is no word"
    );
    assert!(!trie.remove("teas"), "inserted tea, ten, to: remove(teas)");
    assert_eq!(trie.node_count(), 5, "nodes after that");
    for (word, left) in [("ten", 4), ("tea", 2), ("to", 0)] {
        assert!(trie.remove(word), "inserted tea, ten, to: remove({word})");
        assert!(!trie.contains(word), "removed {word}: contains({word})");
        assert_eq!(
            trie.node_count(),
            left,
            "nodes after {word} was removed as well"
        );
        assert!(
            !trie.remove(word),
            "removed {word}: remove({word}) once more"
        );
    }
}

#[test]
fn a_removed_word_leaves_longer_and_shorter_ones_alone() {
    for out in ["te", "tea", "team", "teams"] {
        let words = ["te", "tea", "team", "teams"];
        let mut trie = trie_of(&words);
        assert!(trie.remove(out), "inserted {words:?}: remove({out})");
        for word in words.iter().filter(|word| **word != out) {
            assert!(
                trie.contains(word),
                "inserted {words:?}, removed {out}: contains({word})"
            );
        }
        let left = if out == "teams" { 4 } else { 5 };
        assert_eq!(
            trie.node_count(),
            left,
            "nodes of {words:?} after {out} was removed"
        );
    }
}

#[test]
fn a_question_mark_stands_for_any_one_character() {
    let trie = trie_of(&["tea", "ten", "to", "toe", "oe", "t", ""]);
    for (pattern, expected) in [
        ("te?", &["tea", "ten"][..]),
        ("t?", &["to"]),
        ("??", &["oe", "to"]),
        ("t?e", &["toe"]),
        ("???", &["tea", "ten", "toe"]),
        ("?", &["t"]),
        ("ten", &["ten"]),
        ("te", &[]),
        ("????", &[]),
        ("x??", &[]),
        ("", &[""]),
    ] {
        assert_eq!(
            trie.matches(pattern),
            expected,
            "tea, ten, to, toe, oe, t and the empty word: matches({pattern:?})"
        );
    }
}

#[test]
fn a_question_mark_does_not_stand_for_nothing() {
    let trie = trie_of(&["t"]);
    for pattern in ["t?", "?t", "??"] {
        assert_eq!(trie.matches(pattern), [""; 0], "t: matches({pattern:?})");
    }
}

#[test]
fn a_word_may_have_a_question_mark_of_its_own() {
    let trie = trie_of(&["a?", "ab", "?"]);
    for (pattern, expected) in [("a?", &["a?", "ab"][..]), ("?", &["?"]), ("?b", &["ab"])] {
        assert_eq!(
            trie.matches(pattern),
            expected,
            "the words a?, ab and ?: matches({pattern:?})"
        );
    }
    assert!(trie.contains("a?"), "the words a?, ab and ?: contains(a?)");
    assert!(!trie.contains("?b"), "the words a?, ab and ?: contains(?b)");
}

#[test]
fn a_character_may_have_several_bytes() {
    let mut trie = trie_of(&["für", "fur", "früh", "日本", "日"]);
    assert_eq!(
        trie.matches("f?r"),
        ["fur", "für"],
        "fur, für, früh: matches(f?r)"
    );
    assert_eq!(
        trie.matches("f??r"),
        [""; 0],
        "fur, für, früh: matches(f??r)"
    );
    assert_eq!(trie.matches("?"), ["日"], "日, 日本: matches(?)");
    assert_eq!(trie.matches("日?"), ["日本"], "日, 日本: matches(日?)");
    assert_eq!(trie.node_count(), 10, "nodes of für, fur, früh, 日本, 日");
    trie.remove("für");
    assert_eq!(trie.node_count(), 8, "nodes after für was removed");
}

/// A word over few characters, so that many share their beginnings.
fn random_word(rng: &mut Rng) -> String {
    let length = rng.below(6);
    (0..length)
        .map(|_| *rng.pick(&['a', 'b', '?', 'ä', '日', '🦀']))
        .collect()
}

#[test]
fn random_operations_agree_with_a_set() {
    seeded::cases(150, |rng| {
        let (mut trie, mut model) = (Trie::new(), BTreeSet::new());
        let mut done = Vec::new();
        let work = || {
            for _ in 0..rng.size() {
                let word = if rng.chance(0.3) && !model.is_empty() {
                    model
                        .iter()
                        .nth(rng.below(model.len()))
                        .cloned()
                        .unwrap_or_default()
                } else {
                    random_word(rng)
                };
                if rng.chance(0.5) {
                    done.push(format!("insert({word:?})"));
                    let new = model.insert(word.clone());
                    assert_eq!(trie.insert(&word), new, "after {done:?}: the last answer");
                } else {
                    done.push(format!("remove({word:?})"));
                    let there = model.remove(&word);
                    assert_eq!(trie.remove(&word), there, "after {done:?}: the last answer");
                }
                let nodes = beginnings(&model).len();
                assert_eq!(
                    trie.node_count(),
                    nodes,
                    "after {done:?}: the number of nodes, for the words {model:?}"
                );
                let word = random_word(rng);
                assert_eq!(
                    trie.contains(&word),
                    model.contains(&word),
                    "after {done:?}: contains({word:?})"
                );
                let mask = |c: char| if rng.chance(0.4) { '?' } else { c };
                let pattern: Vec<char> = word.chars().map(mask).collect();
                let word_fits = |word: &&String| {
                    let chars: Vec<char> = word.chars().collect();
                    chars.len() == pattern.len() && fits(&chars, &pattern)
                };
                let expected: Vec<String> = model.iter().filter(word_fits).cloned().collect();
                let pattern = String::from_iter(&pattern);
                assert_eq!(
                    trie.matches(&pattern),
                    expected,
                    "after {done:?}: matches({pattern:?})"
                );
            }
        };
        let did = counts(work).1;
        let (boxes, nodes) = (did.alive(), trie.node_count() as i64);
        assert_eq!(
            boxes, nodes,
            "after {done:?}: boxes that are still there, and nodes that can be reached"
        );
    });
}

#[test]
fn matches_enters_only_what_fits() {
    let mut rng = Rng::new(3);
    let words: Vec<String> = (0..1_500)
        .map(|_| {
            let n = rng.range(3..8);
            rng.word(n)
        })
        .collect();
    let mut trie = Trie::new();
    words.iter().for_each(|word| _ = trie.insert(word));
    let nodes = beginnings(&words);
    for pattern in [
        "a", "ab", "a?", "?a", "q?x", "abcdef", "xy??", "???a", "a?b?c", "?????z", "", "-a?",
    ] {
        let chars: Vec<char> = pattern.chars().collect();
        let fitting = nodes.iter().filter(|node| fits(node, &chars)).count() as u64;
        let most = 6 * fitting + 6;
        let reads = counts(|| trie.matches(pattern)).1.reads;
        assert!(
            reads <= most,
            "matches({pattern:?}) on 1,500 words: {fitting} nodes fit it, and {reads} looks into boxes were made, \
             {most} are allowed"
        );
    }
}
