//! Widths, cutting and wrapping of text that may hold colours and wide characters.

use std::borrow::Cow;

use console::AnsiCodeIterator;

use super::style::{Mark, Style};

/// The columns that the text takes on a terminal.
pub fn width(text: &str) -> usize {
    console::measure_text_width(text)
}

/// The text in at most `columns` columns; where it is cut, it says so.
pub fn cut<'a>(text: &'a str, columns: usize, style: &Style) -> Cow<'a, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let tail = style.mark(Mark::Cut);
    let tail = if width(tail) < columns { tail } else { "" };
    let cut = console::truncate_str(text, columns, tail);
    if cut.contains('\x1b') && style.colour() {
        return Cow::Owned(format!("{cut}\x1b[0m"));
    }
    cut
}

/// The text, filled with blanks to at least `columns` columns.
pub fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{:missing$}", "")
}

/// The text behind blanks, so that it ends at `columns` columns.
pub fn pad_left(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{:missing$}{text}", "")
}

/// Breaks a paragraph at blanks; the first line begins with `first`, the others with `rest`.
/// Words longer than a line are broken anywhere.
pub fn wrap(text: &str, columns: usize, first: &str, rest: &str) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    let mut line = first.to_string();
    let mut used = width(first);
    let mut empty = true;
    for word in text.split_whitespace() {
        let needed = width(word);
        if !empty && used + 1 + needed > columns {
            lines.push(std::mem::replace(&mut line, rest.to_string()));
            used = width(rest);
            empty = true;
        }
        if !empty {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += needed;
        empty = false;
    }
    lines.push(line);
    if lines.iter().all(|line| width(line) <= columns) {
        return lines;
    }
    lines.iter().flat_map(|line| fold(line, columns)).collect()
}

/// Breaks a line wherever it is full, and carries its colours over.
pub fn fold(line: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    if width(line) <= columns {
        return vec![line.to_string()];
    }
    let mut lines = Vec::new();
    let (mut current, mut used, mut colours) = (String::new(), 0, String::new());
    for (piece, is_code) in AnsiCodeIterator::new(line) {
        if is_code {
            let reset = piece == "\x1b[0m" || piece == "\x1b[m";
            if reset {
                colours.clear();
            } else if piece.ends_with('m') {
                colours.push_str(piece);
            }
            current.push_str(piece);
            continue;
        }
        for character in piece.chars() {
            let needed = width(character.encode_utf8(&mut [0; 4]));
            if used > 0 && used + needed > columns {
                if !colours.is_empty() {
                    current.push_str("\x1b[0m");
                }
                lines.push(std::mem::replace(&mut current, colours.clone()));
                used = 0;
            }
            current.push(character);
            used += needed;
        }
    }
    lines.push(current);
    lines
}

/// "1 test", "2 tests".
pub fn count(number: usize, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {one}{plural}")
}

/// A time as a person reads it: "0.12 s", "3.4 s", "2 min 5 s".
pub fn seconds(time: std::time::Duration) -> String {
    let all = time.as_secs_f64();
    match time.as_secs() {
        0 => format!("{all:.2} s"),
        1..10 => format!("{all:.1} s"),
        10..60 => format!("{} s", time.as_secs()),
        whole => format!("{} min {} s", whole / 60, whole % 60),
    }
}

/// A length of work: "45 s", "25 min", "12 h 30 min".
pub fn hours(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn cutting_counts_columns_and_ends_colours() {
        let plain = Style::plain();
        assert_eq!(cut("abcdef", 6, &plain), "abcdef");
        assert_eq!(cut("abcdef", 4, &plain), "abc…");
        assert_eq!(cut("漢字漢字", 5, &plain), "漢字…");
        assert_eq!(cut("abc", 1, &plain), "a");
        assert_eq!(cut("abc", 0, &plain), "");
        let coloured = cut("\x1b[31mabcdef", 3, &Style::coloured()).into_owned();
        assert_eq!(width(&coloured), 3);
        assert!(coloured.ends_with("\x1b[0m"));
    }

    #[test]
    fn wrapping_breaks_at_blanks_and_indents() {
        let lines = wrap("one two three four", 9, "- ", "  ");
        assert_eq!(lines, ["- one two", "  three", "  four"]);
        assert_eq!(wrap("", 5, "", ""), [""]);
        assert_eq!(wrap("abcdefgh xy", 4, "", ""), ["abcd", "efgh", "xy"]);
    }

    #[test]
    fn folding_carries_colours_and_keeps_every_character() {
        let lines = fold("\x1b[31mabcdef\x1b[0mgh", 4);
        assert_eq!(lines, ["\x1b[31mabcd\x1b[0m", "\x1b[31mef\x1b[0mgh"]);
        assert_eq!(fold("漢字漢", 3), ["漢", "字", "漢"]);
        assert_eq!(
            fold("漢", 1),
            ["漢"],
            "what is wider than a line stands alone"
        );
    }

    #[test]
    fn times_are_rounded_to_what_matters() {
        let shown = |millis| seconds(Duration::from_millis(millis));
        assert_eq!(shown(123), "0.12 s");
        assert_eq!(shown(3_440), "3.4 s");
        assert_eq!(shown(12_900), "12 s");
        assert_eq!(shown(125_000), "2 min 5 s");
    }

    #[test]
    fn work_is_told_in_hours() {
        assert_eq!(
            [0, 59, 60, 3599, 3600, 45_000].map(hours),
            [
                "0 s",
                "59 s",
                "1 min",
                "59 min",
                "1 h 00 min",
                "12 h 30 min"
            ]
        );
    }

    #[test]
    fn counts_know_their_plural() {
        assert_eq!(count(1, "test"), "1 test");
        assert_eq!(count(0, "test"), "0 tests");
    }
}
