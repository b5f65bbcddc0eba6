use super::*;
use counted::counts;
use seeded::Rng;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

fn trie_of<'a>(words: impl IntoIterator<Item = &'a (&'a str, u32)>) -> Trie {
    let mut trie = Trie::new();
    words
        .into_iter()
        .for_each(|(word, weight)| _ = trie.insert(word, *weight));
    trie
}

const EXAMPLE: [(&str, u32); 5] = [
    ("red", 5),
    ("reed", 9),
    ("reef", 5),
    ("rest", 1),
    ("tea", 7),
];

#[track_caller]
fn assert_completes(trie: &Trie, prefix: &str, k: usize, expected: &[(&str, u32)], done: &str) {
    let got = trie.complete(prefix, k);
    let got: Vec<(&str, u32)> = got
        .iter()
        .map(|(word, weight)| (word.as_str(), *weight))
        .collect();
    assert_eq!(
        got, expected,
        "{done}: left is your complete({prefix:?}, {k}), right the expected one"
    );
}

#[test]
fn the_heaviest_words_come_first() {
    let (trie, done) = (trie_of(&EXAMPLE), format!("{EXAMPLE:?}"));
    assert_completes(&trie, "re", 1, &[("reed", 9)], &done);
    assert_completes(
        &trie,
        "re",
        3,
        &[("reed", 9), ("red", 5), ("reef", 5)],
        &done,
    );
    assert_completes(&trie, "", 2, &[("reed", 9), ("tea", 7)], &done);
    assert_completes(&trie, "ree", 2, &[("reed", 9), ("reef", 5)], &done);
}

#[test]
fn of_equal_weight_the_alphabet_decides() {
    let words = [
        ("ba", 1),
        ("b", 1),
        ("aab", 1),
        ("ab", 1),
        ("abc", 1),
        ("c", 1),
        ("ac", 2),
    ];
    let (trie, done) = (trie_of(&words), format!("{words:?}"));
    let expected = [
        ("ac", 2),
        ("aab", 1),
        ("ab", 1),
        ("abc", 1),
        ("b", 1),
        ("ba", 1),
        ("c", 1),
    ];
    for k in 0..=7 {
        assert_completes(&trie, "", k, &expected[..k], &done);
    }
    assert_completes(&trie, "a", 3, &expected[..3], &done);
}

#[test]
fn fewer_words_than_asked_for_are_all_given() {
    let (trie, done) = (trie_of(&EXAMPLE), format!("{EXAMPLE:?}"));
    assert_completes(&trie, "t", 5, &[("tea", 7)], &done);
    assert_completes(&trie, "x", 5, &[], &done);
    assert_completes(&trie, "teas", 5, &[], &done);
    assert_completes(
        &trie,
        "re",
        usize::MAX,
        &[("reed", 9), ("red", 5), ("reef", 5), ("rest", 1)],
        &done,
    );
    assert_completes(&trie, "re", 0, &[], &done);
    assert_completes(&Trie::new(), "", 5, &[], "an empty trie");
}

#[test]
fn a_prefix_that_is_a_word_is_one_of_its_completions() {
    let words = [("tea", 3), ("team", 5), ("teams", 1), ("", 4)];
    let (trie, done) = (trie_of(&words), format!("{words:?}"));
    assert_completes(
        &trie,
        "tea",
        3,
        &[("team", 5), ("tea", 3), ("teams", 1)],
        &done,
    );
    assert_completes(&trie, "teams", 3, &[("teams", 1)], &done);
    assert_completes(&trie, "", 2, &[("team", 5), ("", 4)], &done);
}

#[test]
fn insert_and_remove_give_the_weight_from_before() {
    let mut trie = Trie::new();
    assert_eq!(
        trie.insert("tea", 3),
        None,
        "insert(tea, 3) into an empty trie"
    );
    assert_eq!(
        trie.insert("tea", 0),
        Some(3),
        "inserted tea 3: insert(tea, 0)"
    );
    assert_eq!(trie.insert("te", 8), None, "inserted tea: insert(te, 8)");
    assert_eq!(trie.remove("t"), None, "inserted tea, te: remove(t)");
    assert_eq!(trie.remove("team"), None, "inserted tea, te: remove(team)");
    assert_eq!(
        trie.remove("tea"),
        Some(0),
        "inserted tea 0, te 8: remove(tea)"
    );
    assert_eq!(
        trie.remove("tea"),
        None,
        "removed tea: remove(tea) once more"
    );
    assert_eq!(trie.node_count(), 2, "nodes of a trie of te");
    assert_completes(&trie, "", 5, &[("te", 8)], "inserted tea, te, removed tea");
}

#[test]
fn a_word_that_was_made_lighter_moves_back() {
    let mut trie = trie_of(&EXAMPLE);
    trie.insert("reed", 2);
    let done = "the example, then insert(reed, 2)";
    assert_completes(
        &trie,
        "re",
        3,
        &[("red", 5), ("reef", 5), ("reed", 2)],
        done,
    );
    assert_completes(&trie, "", 1, &[("tea", 7)], done);
}

#[test]
fn a_word_that_was_made_heavier_moves_up() {
    let mut trie = trie_of(&EXAMPLE);
    trie.insert("rest", 8);
    let done = "the example, then insert(rest, 8)";
    assert_completes(&trie, "re", 2, &[("reed", 9), ("rest", 8)], done);
    trie.insert("rest", 10);
    let done = "the example, then insert(rest, 10)";
    assert_completes(&trie, "", 2, &[("rest", 10), ("reed", 9)], done);
}

#[test]
fn a_word_of_weight_0_is_a_word() {
    let words = [("tea", 0), ("team", 1), ("to", 0)];
    let (trie, done) = (trie_of(&words), format!("{words:?}"));
    let expected = [("team", 1), ("tea", 0), ("to", 0)];
    assert_completes(&trie, "t", 3, &expected, &done);
}

#[test]
fn a_removed_word_leaves_longer_ones_alone() {
    let mut trie = trie_of(&[("tea", 3), ("team", 5), ("teams", 1)]);
    trie.remove("tea");
    let done = "inserted tea 3, team 5, teams 1, then remove(tea)";
    assert_completes(&trie, "te", 3, &[("team", 5), ("teams", 1)], done);
}

#[test]
fn after_the_heaviest_is_removed_the_next_one_leads() {
    let mut trie = trie_of(&EXAMPLE);
    for (out, first) in [
        ("reed", ("tea", 7)),
        ("tea", ("red", 5)),
        ("red", ("reef", 5)),
        ("reef", ("rest", 1)),
    ] {
        trie.remove(out);
        assert_completes(
            &trie,
            "",
            1,
            &[first],
            &format!("the example, with {out} removed last"),
        );
    }
    assert_eq!(trie.node_count(), 4, "nodes of a trie of rest");
}

/// A word over few characters, so that many share their beginnings.
fn random_word(rng: &mut Rng) -> String {
    let length = rng.below(5);
    (0..length)
        .map(|_| *rng.pick(&['a', 'b', 'ä', '日']))
        .collect()
}

#[test]
fn random_operations_agree_with_a_sorted_list() {
    seeded::cases(150, |rng| {
        let (mut trie, mut model) = (Trie::new(), BTreeMap::new());
        let highest = *rng.pick(&[0, 3, 100, u32::MAX]);
        let mut done = Vec::new();
        let work = || {
            for _ in 0..rng.size() {
                let word = random_word(rng);
                if rng.chance(0.7) {
                    let weight = rng.range(0..=highest);
                    done.push(format!("insert({word:?}, {weight})"));
                    let old = model.insert(word.clone(), weight);
                    assert_eq!(
                        trie.insert(&word, weight),
                        old,
                        "after {done:?}: the last answer"
                    );
                } else {
                    done.push(format!("remove({word:?})"));
                    let old = model.remove(&word);
                    assert_eq!(trie.remove(&word), old, "after {done:?}: the last answer");
                }
                let mut prefix = random_word(rng);
                prefix.pop();
                let fitting = model.iter().filter(|(word, _)| word.starts_with(&prefix));
                let mut expected: Vec<(String, u32)> = fitting
                    .map(|(word, weight)| (word.clone(), *weight))
                    .collect();
                expected.sort_by_key(|(word, weight)| (Reverse(*weight), word.clone()));
                let k = rng.below(expected.len() + 2);
                expected.truncate(k);
                assert_eq!(
                    trie.complete(&prefix, k),
                    expected,
                    "after {done:?}: complete({prefix:?}, {k})"
                );
            }
        };
        let did = counts(work).1;
        let beginnings: BTreeSet<&str> = model
            .keys()
            .flat_map(|word| word.char_indices().map(|(i, c)| &word[..i + c.len_utf8()]))
            .collect();
        assert_eq!(
            trie.node_count(),
            beginnings.len(),
            "after {done:?}: the number of nodes, for {model:?}"
        );
        assert_eq!(
            did.alive(),
            beginnings.len() as i64,
            "after {done:?}: boxes that are still there, for {model:?}"
        );
    });
}

#[test]
fn the_heaviest_are_found_without_looking_at_all() {
    for (name, highest) in [("many", u32::MAX), ("few", 3), ("equal", 0)] {
        let mut rng = Rng::new(4);
        let (mut trie, mut model) = (Trie::new(), BTreeMap::new());
        while model.len() < 4_000 {
            let length = rng.range(3..7);
            let word = format!("q{}", rng.word(length));
            let weight = rng.range(0..=highest);
            trie.insert(&word, weight);
            model.insert(word, weight);
        }
        judge(&trie, &model, &format!("4,000 words with {name} weights"));
        for (word, _) in heaviest(&model, 1_500) {
            trie.remove(&word);
            model.remove(&word);
        }
        judge(
            &trie,
            &model,
            &format!("4,000 words with {name} weights, the 1,500 heaviest removed"),
        );
        for (word, _) in heaviest(&model, 1_500) {
            trie.insert(&word, 0);
            model.insert(word, 0);
        }
        judge(
            &trie,
            &model,
            &format!("2,500 words with {name} weights, the 1,500 heaviest made light"),
        );
    }
}

fn heaviest(model: &BTreeMap<String, u32>, k: usize) -> Vec<(String, u32)> {
    let mut sorted: Vec<(String, u32)> = model
        .iter()
        .map(|(word, weight)| (word.clone(), *weight))
        .collect();
    // The words are in order already, and stay so where weights are equal.
    sorted.sort_by_key(|(_, weight)| Reverse(*weight));
    sorted.truncate(k);
    sorted
}

fn judge(trie: &Trie, model: &BTreeMap<String, u32>, done: &str) {
    const LIMIT: u64 = 1_000;
    let (got, did) = counts(|| trie.complete("q", 5));
    assert_eq!(
        got,
        heaviest(model, 5),
        "{done}: left is your complete(q, 5), right the expected one"
    );
    assert!(
        did.reads <= LIMIT,
        "{done}: complete(q, 5) looked into boxes {} times, {LIMIT} are enough",
        did.reads
    );
}
