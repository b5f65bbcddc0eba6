//! Bytes that people can read.

use std::fmt::Write;

/// Text or bytes beyond this are cut in the middle.
const MOST_TEXT: usize = 600;
const MOST_BYTES: usize = 96;

/// Text in quotes with `\r\n` and the like escaped; anything else as rows of hexadecimal numbers.
/// What is long is cut in the middle, and says so.
///
/// ```
/// assert_eq!(loopback::show(b"PING 1\r\n"), r#""PING 1\r\n""#);
/// assert_eq!(loopback::show(&[0x81, 0x02, b'h', b'i']), "[81 02 68 69] \"..hi\"");
/// ```
pub fn show(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.chars().all(readable) => quoted(text),
        _ => hex(bytes),
    }
}

fn readable(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\t') || !c.is_control()
}

fn quoted(text: &str) -> String {
    if text.len() <= MOST_TEXT {
        return format!("{text:?}");
    }
    let head = text.floor_char_boundary(MOST_TEXT / 2);
    let tail = text.ceil_char_boundary(text.len() - MOST_TEXT / 4);
    let (left_out, head, tail) = (tail - head, &text[..head], &text[tail..]);
    format!("{head:?} … {left_out} bytes … {tail:?}")
}

fn hex(bytes: &[u8]) -> String {
    if bytes.len() <= 16 {
        return row(bytes);
    }
    let whole = bytes.len() <= MOST_BYTES;
    let (head, tail) = match whole {
        true => (bytes, &bytes[..0]),
        // Whole rows of 16 at both ends.
        false => (&bytes[..64], &bytes[(bytes.len() - 16) / 16 * 16..]),
    };
    let mut out = format!("{} bytes", bytes.len());
    let mut rows = |from: usize, part: &[u8]| {
        for (i, chunk) in part.chunks(16).enumerate() {
            write!(out, "\n    {:5}: {}", from + 16 * i, row(chunk)).expect("a string takes it");
        }
    };
    rows(0, head);
    if !whole {
        rows(bytes.len() - tail.len(), tail);
    }
    out
}

fn row(bytes: &[u8]) -> String {
    let numbers: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let text: String = bytes
        .iter()
        .map(|&byte| match byte {
            b' '..=b'~' => char::from(byte),
            _ => '.',
        })
        .collect();
    format!("[{}] {text:?}", numbers.join(" "))
}

/// Compares bytes; a failure shows both and where they begin to differ.
///
/// # Panics
/// When they differ.
#[track_caller]
pub fn assert_bytes(came: &[u8], expected: &[u8], what: &str) {
    if came != expected {
        panic!("{what}\n{}", difference(came, expected));
    }
}

/// What to say of bytes that differ.
pub(crate) fn difference(came: &[u8], expected: &[u8]) -> String {
    let same = came
        .iter()
        .zip(expected)
        .take_while(|(came, expected)| came == expected)
        .count();
    let how = match (same == came.len(), same == expected.len()) {
        (true, _) => format!("what came ends after {same} of {} bytes", expected.len()),
        (_, true) => format!("{} bytes too many came", came.len() - same),
        _ => format!("they differ from byte {same} on (counted from 0)"),
    };
    format!(
        "  expected: {}\n  came:     {}\n  {how}",
        show(expected),
        show(came)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;

    #[test]
    fn text_is_quoted_and_bytes_are_numbers() {
        assert_eq!(show(b""), "\"\"");
        assert_eq!(show("é\t\r\n".as_bytes()), "\"é\\t\\r\\n\"");
        assert_eq!(show(&[0xff, b'a']), "[ff 61] \".a\"");
    }

    #[test]
    fn what_is_long_is_cut_in_the_middle() {
        let text = format!("start{}end", "é".repeat(2000));
        let shown = show(text.as_bytes());
        assert!(shown.starts_with("\"start") && shown.ends_with("end\""));
        assert!(shown.contains("bytes …") && shown.len() < 1000, "{shown}");
        let shown = show(&[0; 1000]);
        assert!(
            shown.starts_with("1000 bytes\n        0: [00 00"),
            "{shown}"
        );
        assert!(shown.contains("\n      992: [00"), "{shown}");
        assert!(shown.len() < 800, "{shown}");
    }

    #[test]
    fn a_difference_names_its_place() {
        let says = |came: &[u8], expected: &[u8], part: &str| {
            let message = difference(came, expected);
            assert!(message.contains(part), "{message}");
        };
        says(b"abc", b"abd", "differ from byte 2 on");
        says(b"ab", b"abd", "ends after 2 of 3 bytes");
        says(b"abcd", b"ab", "2 bytes too many");
    }

    #[test]
    fn catches_other_bytes() {
        assert_bytes(b"a", b"a", "the same");
        assert!(catch_unwind(|| assert_bytes(b"a", b"b", "others")).is_err());
    }
}
