//! Output of a learner's program and of compilers, made safe to print.
//!
//! Colours stay (where colours are shown); everything else that a terminal would obey is removed or made visible.

use super::style::Style;

/// Bytes of one line that are looked at; no screen is wider.
const LINE_LIMIT: usize = 8 * 1024;
const TAB: usize = 8;

/// Bytes as text; what is not UTF-8 is shown as `\xNN`.
pub fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

/// The lines of a text, each safe to print; worked out one by one, so that a screen's worth of a long text costs little.
pub fn lines<'a>(text: &'a str, style: &Style) -> impl Iterator<Item = String> + 'a {
    let colour = style.colour();
    text.lines().map(move |raw| line(raw, colour))
}

/// A text as one safe line.
pub fn one_line(text: &str, style: &Style) -> String {
    let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line(&flat, style.colour())
}

fn line(raw: &str, colour: bool) -> String {
    // A carriage return starts the line again, as progress bars do: what came last is what would be seen.
    let seen = raw
        .trim_end_matches('\r')
        .rsplit('\r')
        .next()
        .unwrap_or_default();
    let limit = seen.floor_char_boundary(LINE_LIMIT);
    let mut safe = Safe::new(colour, limit);
    let mut rest = seen[..limit].chars();
    while let Some(character) = rest.next() {
        match character {
            '\x1b' => safe.escape(&mut rest),
            '\t' => safe.tab(),
            _ => safe.push(character),
        }
    }
    safe.finish(seen.len() - limit)
}

/// A safe line as it grows.
struct Safe {
    line: String,
    columns: usize,
    colour: bool,
    coloured: bool,
}

impl Safe {
    fn new(colour: bool, capacity: usize) -> Self {
        Self {
            line: String::with_capacity(capacity),
            columns: 0,
            colour,
            coloured: false,
        }
    }

    fn push(&mut self, character: char) {
        match character {
            '\0'..='\x1f' => self.push_str(&format!("^{}", char::from(character as u8 + b'@'))),
            '\x7f' => self.push_str("^?"),
            // C1 controls are obeyed by some terminals; overrides of direction make text read as what it is not.
            '\u{80}'..='\u{9f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}' => {
                self.push_str(&format!("\\u{{{:x}}}", character as u32));
            }
            _ => {
                self.line.push(character);
                self.columns += super::text::width(character.encode_utf8(&mut [0; 4]));
            }
        }
    }

    fn push_str(&mut self, ascii: &str) {
        self.line.push_str(ascii);
        self.columns += ascii.len();
    }

    fn tab(&mut self) {
        let blanks = TAB - self.columns % TAB;
        self.push_str(&" ".repeat(blanks));
    }

    /// Takes an escape sequence from the text (the escape itself is taken already) and keeps it if it is a colour.
    fn escape(&mut self, rest: &mut std::str::Chars<'_>) {
        let start = rest.as_str();
        match rest.next() {
            Some('[') => {
                let end = rest.find(|c| matches!(c, '\x40'..='\x7e'));
                let sequence = &start[..start.len() - rest.as_str().len()];
                let plain = sequence[1..]
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || b";:m".contains(&byte));
                if end == Some('m') && plain && self.colour {
                    self.line.push('\x1b');
                    self.line.push_str(sequence);
                    self.coloured = true;
                }
            }
            // Strings: operating system commands and the like, up to their terminator.
            Some(']' | 'P' | 'X' | '^' | '_') => {
                while let Some(character) = rest.next() {
                    if character == '\x07' || character == '\u{9c}' {
                        break;
                    }
                    if character == '\x1b' {
                        if rest.as_str().starts_with('\\') {
                            rest.next();
                        }
                        break;
                    }
                }
            }
            // Two-character sequences, with intermediates.
            Some(' '..='/') => {
                rest.find(|c| matches!(c, '\x30'..='\x7e'));
            }
            _ => {}
        }
    }

    fn finish(mut self, dropped: usize) -> String {
        if self.coloured {
            self.line.push_str("\x1b[0m");
        }
        if dropped > 0 {
            self.line.push_str(&format!(" [{dropped} more bytes]"));
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(text: &str) -> Vec<String> {
        lines(text, &Style::plain()).collect()
    }

    fn coloured(text: &str) -> String {
        lines(text, &Style::coloured())
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn only_colours_survive() {
        assert_eq!(coloured("\x1b[31mred"), "\x1b[31mred\x1b[0m");
        assert_eq!(
            coloured("\x1b[38;2;1;2;3mx\x1b[0m"),
            "\x1b[38;2;1;2;3mx\x1b[0m\x1b[0m"
        );
        assert_eq!(plain("\x1b[31mred\x1b[0m"), ["red"]);
        assert_eq!(coloured("a\x1b[2Jb\x1b[10;10Hc\x1b[?1049hd\x1bce"), "abcde");
        assert_eq!(coloured("a\x1b]0;title\x07b\x1b]8;;http://x\x1b\\c"), "abc");
        assert_eq!(coloured("a\x1bPq#0\x1b\\b\x1b(0c"), "abc");
        assert_eq!(
            coloured("a\x1b[>4;1mb"),
            "ab",
            "a private sequence that ends in m is no colour"
        );
    }

    #[test]
    fn a_sequence_that_never_ends_takes_no_other_line() {
        assert_eq!(plain("a\x1b]0;title\nb"), ["a", "b"]);
        assert_eq!(plain("a\x1b[31\nb"), ["a", "b"]);
        assert_eq!(plain("a\x1b"), ["a"]);
    }

    #[test]
    fn controls_are_visible_and_tabs_are_blanks() {
        assert_eq!(
            plain("bell\x07 back\x08 nul\0 del\x7f"),
            ["bell^G back^H nul^@ del^?"]
        );
        assert_eq!(plain("c1 \u{9b}31m"), ["c1 \\u{9b}31m"]);
        assert_eq!(plain("a\u{202e}b"), ["a\\u{202e}b"]);
        assert_eq!(
            plain("a\tb\n12345678\tc"),
            ["a       b", "12345678        c"]
        );
        assert_eq!(plain("漢\tb"), ["漢      b"]);
    }

    #[test]
    fn a_carriage_return_starts_the_line_again() {
        assert_eq!(plain("10 %\r20 %\r100 %\r\nnext\r\n"), ["100 %", "next"]);
    }

    #[test]
    fn overlong_lines_are_cut_and_say_so() {
        let long = "é".repeat(10_000);
        let shown = plain(&long);
        assert_eq!(shown.len(), 1);
        assert!(
            shown[0].ends_with(" [11808 more bytes]"),
            "{}",
            &shown[0][8000..]
        );
        assert!(shown[0].len() < LINE_LIMIT + 100);
    }

    #[test]
    fn invalid_bytes_are_shown() {
        assert_eq!(text(b"caf\xe9 \xff\xc3\xa9"), "caf\\xe9 \\xff\u{e9}");
    }

    #[test]
    fn one_line_has_no_breaks() {
        assert_eq!(one_line("a\n  b\x1b[2J\tc", &Style::plain()), "a b c");
    }

    proptest! {
        #[test]
        fn nothing_that_a_terminal_obeys_comes_through(
            text in "(\\PC|[\x00-\x1f\x7f-\u{9f}]|\x1b[\\[\\]P(]?[0-9;?]{0,4}[a-zA-Z]?){0,60}",
        ) {
            for line in lines(&text, &Style::plain()) {
                prop_assert!(line.chars().all(|c| !c.is_control()), "{line:?}");
            }
            for line in lines(&text, &Style::coloured()) {
                let bare = console::strip_ansi_codes(&line).into_owned();
                prop_assert!(bare.chars().all(|c| !c.is_control()), "{line:?}");
            }
        }
    }
}
