use super::*;
use counted::allocations;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// What remains, by typing it.
fn replay(text: &[u8]) -> Vec<u8> {
    let mut screen = Vec::new();
    for &byte in text {
        if byte == b'#' {
            screen.pop();
        } else {
            screen.push(byte);
        }
    }
    screen
}

#[track_caller]
fn check(a: &str, b: &str) {
    let (left, right) = (replay(a.as_bytes()), replay(b.as_bytes()));
    assert_eq!(
        same_after_edits(a.as_bytes(), b.as_bytes()),
        left == right,
        "same_after_edits({a:?}, {b:?}): they leave {:?} and {:?} (left is your answer)",
        String::from_utf8_lossy(&left),
        String::from_utf8_lossy(&right)
    );
}

#[test]
fn without_backspaces_equal_texts_are_the_same() {
    check("", "");
    check("abc", "abc");
    check("abc", "abd");
    check("ab", "abc");
    check("bc", "abc");
}

#[test]
fn a_backspace_deletes_the_byte_before_it() {
    check("ab#c", "ad#c");
    check("a#c", "b");
    check("a#", "");
    check("x#y", "y");
}

#[test]
fn several_backspaces_delete_several_bytes() {
    check("ab##", "c#d#");
    check("abc##", "a");
    check("abc##d", "ad");
    check("ab#c##", "");
    check("a##b", "b");
}

#[test]
fn on_an_empty_text_a_backspace_does_nothing() {
    check("#", "");
    check("##a", "a");
    check("a##b", "#b");
    check("#a#", "##");
}

#[test]
fn one_side_may_erase_itself_while_the_other_is_used_up() {
    check("", "ab##");
    check("ab##c", "c");
    check("xy##a", "a");
    check("a", "bb##a");
    check("ba", "a");
}

#[test]
fn all_pairs_of_short_texts_agree_with_a_replay() {
    let texts: Vec<Vec<u8>> = (0..=5)
        .flat_map(|len| {
            let text = move |code: usize| {
                (0..len)
                    .map(|i| b"ab#"[code / 3_usize.pow(i) % 3])
                    .collect()
            };
            (0..3_usize.pow(len)).map(text)
        })
        .collect();
    let screens: Vec<Vec<u8>> = texts.iter().map(|text| replay(text)).collect();
    for (a, left) in texts.iter().zip(&screens) {
        for (b, right) in texts.iter().zip(&screens) {
            if same_after_edits(a, b) != (left == right) {
                check(&String::from_utf8_lossy(a), &String::from_utf8_lossy(b));
            }
        }
    }
}

#[test]
fn many_bytes_take_one_pass_and_no_memory() {
    let block = |text: &str| text.repeat(300_000 / text.len()).into_bytes();
    let typed_at_once = [block("a"), block("#")].concat();
    let cases = [
        ("a byte and a backspace, in turn", block("a#"), true),
        (
            "300,000 bytes, then as many backspaces",
            typed_at_once,
            true,
        ),
        ("300,000 backspaces", block("#"), true),
        ("300,000 bytes", block("a"), false),
    ];
    counted::ends(move |doing| {
        for (what, text, expected) in &cases {
            doing.note(|| format!("{what}, on both sides and against nothing"));
            let (answers, heap) =
                allocations(|| (same_after_edits(text, text), same_after_edits(text, b"#")));
            assert_eq!(
                answers,
                (true, *expected),
                "{what}: your answers on both sides, and against \"#\" (left)"
            );
            assert_eq!(heap.calls, 0, "{what}: your allocations (left)");
        }
    });
}
