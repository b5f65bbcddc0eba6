use super::*;
use counted::ends;

#[track_caller]
fn check<const N: usize>(lines: [&str; N], expected: [&str; N]) {
    let mut answer = lines;
    reorder(&mut answer);
    assert_eq!(answer, expected, "{lines:?} reordered (left is yours)");
}

#[test]
fn text_lines_are_ordered_by_payload() {
    check(
        ["a1 zoo", "a2 ant", "a3 cat"],
        ["a2 ant", "a3 cat", "a1 zoo"],
    );
    check(
        ["a tea time", "b tea", "c tea pot"],
        ["b tea", "c tea pot", "a tea time"],
    );
    // A payload that ends comes before one that goes on, whatever the ids are.
    check(["a tea pot", "z tea"], ["z tea", "a tea pot"]);
}

#[test]
fn equal_payloads_are_ordered_by_id() {
    check(
        ["c1 ant", "a9 ant", "b3 ant"],
        ["a9 ant", "b3 ant", "c1 ant"],
    );
    check(
        ["b ant", "a bee", "a ant", "a ant"],
        ["a ant", "a ant", "b ant", "a bee"],
    );
}

#[test]
fn text_lines_come_before_counters() {
    check(["a1 7", "a2 ant"], ["a2 ant", "a1 7"]);
    check(["a1 zoo", "a2 1", "a3 ant"], ["a3 ant", "a1 zoo", "a2 1"]);
}

#[test]
fn counters_keep_their_order() {
    check(["b 9", "a 3 1", "c 5"], ["b 9", "a 3 1", "c 5"]);
    check(
        ["b7 3 1", "a1 zoo", "a2 ant", "a0 1 2"],
        ["a2 ant", "a1 zoo", "b7 3 1", "a0 1 2"],
    );
}

#[test]
fn the_payload_decides_and_not_the_id() {
    check(["1 cat", "x 5", "22 ant"], ["22 ant", "1 cat", "x 5"]);
    check(["9 8", "a Bee", "1 7"], ["a Bee", "9 8", "1 7"]);
    // Neither a letter nor a digit: not a text line.
    check(["a -3", "b +up", "c up"], ["c up", "a -3", "b +up"]);
    check(
        ["a [x]", "b _x", "c ~x", "d x"],
        ["d x", "a [x]", "b _x", "c ~x"],
    );
}

#[test]
fn no_lines_are_in_order() {
    check([], []);
    check(["a 1"], ["a 1"]);
}

#[test]
fn many_counters_keep_their_order() {
    let owned: Vec<String> = (0..200)
        .map(|i| format!("{i} {}", 500 - i * 7 % 500))
        .collect();
    let counters: Vec<&str> = owned.iter().map(String::as_str).collect();
    // A text line after each third counter.
    let mut answer: Vec<&str> = counters
        .chunks(3)
        .flat_map(|few| [few, &["a text"]].concat())
        .collect();
    reorder(&mut answer);
    let texts = answer.iter().take_while(|line| **line == "a text").count();
    assert_eq!(
        answer[texts..],
        counters,
        "200 counter lines with text lines between them: the counters (left are yours, right as they came)"
    );
}

/// Where a text line belongs; `None` for counters.
fn text(line: &str) -> Option<(&str, &str)> {
    let blank = line.find(' ').expect("a line has a blank");
    let (id, payload) = (&line[..blank], &line[blank + 1..]);
    payload.as_bytes()[0]
        .is_ascii_alphabetic()
        .then_some((payload, id))
}

/// The order by inserting one line after the other.
fn by_insertion<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let mut sorted: Vec<&str> = Vec::new();
    for line in lines {
        let after = |other: &&str| match (text(line), text(other)) {
            (Some(new), Some(old)) => new < old,
            (Some(_), None) => true,
            (None, _) => false,
        };
        let place = sorted.iter().position(after).unwrap_or(sorted.len());
        sorted.insert(place, line);
    }
    sorted
}

#[test]
fn random_lists_agree_with_a_sort_by_insertion() {
    seeded::cases(2_000, |rng| {
        let len = rng.below(rng.size() / 4 + 2);
        let owned = rng.vec(len, |rng| {
            let id = *rng.pick(&["a", "b", "a1", "1", "12", "Z", "z"]);
            format!(
                "{id} {}",
                rng.pick(&["ant", "ant b", "Ant", "bee", "1", "1 a", "20", "#", "_"])
            )
        });
        let lines: Vec<&str> = owned.iter().map(String::as_str).collect();
        let mut answer = lines.clone();
        reorder(&mut answer);
        assert_eq!(
            answer,
            by_insertion(&lines),
            "{lines:?} reordered (left is yours)"
        );
    });
}

#[test]
fn sixty_thousand_lines_are_no_burden() {
    ends(|doing| {
        doing.note(|| "60,000 text lines".into());
        let owned: Vec<String> = (0..60_000_u32)
            .map(|i| format!("id{i} text {:05}", i * 7_919 % 60_000))
            .collect();
        let mut lines: Vec<&str> = owned.iter().map(String::as_str).collect();
        reorder(&mut lines);
        for (i, line) in lines.iter().enumerate() {
            assert!(
                line.ends_with(&format!(" text {i:05}")),
                "60,000 text lines: number {i} is {line:?}"
            );
        }
    });
}
