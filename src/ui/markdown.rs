//! Markdown of the kind that hints and `after.md` use, as wrapped text for a terminal.
//!
//! Headings, paragraphs, lists, fenced and indented code, quotes, `code`, **strong** and *emphasis*, links.

use super::sanitize;
use super::style::{Mark, Style, Tone};
use super::text;

/// The text in lines of at most `columns` columns.
pub fn lines(source: &str, columns: usize, style: &Style) -> Vec<String> {
    let mut page = Page {
        lines: Vec::new(),
        paragraph: Paragraph::default(),
        columns: columns.max(1),
        style,
    };
    let mut fence: Option<&str> = None;
    for line in source.lines() {
        let trimmed = line.trim();
        if let Some(open) = fence {
            if trimmed.starts_with(open) && trimmed.trim_start_matches(&open[..1]).is_empty() {
                fence = None;
            } else {
                page.code(line);
            }
        } else if let Some(open) = ["```", "~~~"]
            .into_iter()
            .find(|open| trimmed.starts_with(open))
        {
            page.flush();
            fence = Some(open);
        } else {
            page.line(line, trimmed);
        }
    }
    page.flush();
    page.finish()
}

/// Text that is being joined until its paragraph ends.
#[derive(Default)]
struct Paragraph {
    text: String,
    first: String,
    rest: String,
}

struct Page<'a> {
    lines: Vec<String>,
    paragraph: Paragraph,
    columns: usize,
    style: &'a Style,
}

impl Page<'_> {
    fn line(&mut self, line: &str, trimmed: &str) {
        let indent = line.len() - line.trim_start().len();
        if trimmed.is_empty() {
            self.flush();
            if self.lines.last().is_some_and(|last| !last.is_empty()) {
                self.lines.push(String::new());
            }
        } else if let Some(title) = heading(trimmed) {
            self.flush();
            let title = inline(title, &Style::plain());
            for line in text::wrap(&title, self.columns, "", "") {
                self.lines.push(self.style.paint(Tone::Strong, line));
            }
        } else if let Some((bullet, item)) = list_item(trimmed) {
            self.flush();
            let bullet = bullet.unwrap_or(self.style.mark(Mark::Bullet));
            let indent = " ".repeat(indent.min(8));
            self.paragraph = Paragraph {
                text: item.to_string(),
                first: format!("{indent}{bullet} "),
                rest: format!("{indent}{:1$} ", "", text::width(bullet)),
            };
        } else if let Some(quote) = trimmed.strip_prefix('>') {
            if self.paragraph.text.is_empty() {
                self.paragraph.first = "  ".into();
                self.paragraph.rest = "  ".into();
            }
            self.add(quote.trim());
        } else if indent >= 4 && self.paragraph.text.is_empty() {
            self.code(&line[4..]);
        } else if rule(trimmed) && self.paragraph.text.is_empty() {
            let rule = self.style.mark(Mark::Rule).repeat(self.columns.min(20));
            self.lines.push(self.style.paint(Tone::Dim, rule));
        } else {
            self.add(trimmed);
        }
    }

    fn add(&mut self, text: &str) {
        if !self.paragraph.text.is_empty() {
            self.paragraph.text.push(' ');
        }
        self.paragraph.text.push_str(text);
    }

    fn code(&mut self, line: &str) {
        for line in sanitize::lines(line, &Style::plain()).chain(line.is_empty().then(String::new))
        {
            let line = format!("    {line}");
            let line = text::cut(line.trim_end(), self.columns, self.style).into_owned();
            self.lines.push(self.style.paint(Tone::Info, line));
        }
    }

    fn flush(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph);
        if paragraph.text.is_empty() {
            return;
        }
        let safe = sanitize::one_line(&paragraph.text, &Style::plain());
        let text = inline(&safe, self.style);
        let wrapped = text::wrap(&text, self.columns, &paragraph.first, &paragraph.rest);
        self.lines.extend(wrapped);
    }

    fn finish(mut self) -> Vec<String> {
        while self.lines.last().is_some_and(String::is_empty) {
            self.lines.pop();
        }
        self.lines
    }
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let depth = line.len() - text.len();
    ((1..=6).contains(&depth) && text.starts_with(' '))
        .then(|| text.trim().trim_end_matches('#').trim_end())
}

/// The number of a numbered item, nothing for a bullet, and the text.
fn list_item(line: &str) -> Option<(Option<&str>, &str)> {
    if let Some(item) = ["- ", "* ", "+ "]
        .iter()
        .find_map(|bullet| line.strip_prefix(bullet))
    {
        return Some((None, item.trim_start()));
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line.get(digits..)?;
    let item = rest
        .strip_prefix(". ")
        .or_else(|| rest.strip_prefix(") "))?;
    (1..=3)
        .contains(&digits)
        .then(|| (Some(&line[..=digits]), item.trim_start()))
}

fn rule(line: &str) -> bool {
    line.len() >= 3
        && ["-", "*", "_"]
            .iter()
            .any(|mark| line.trim_matches(mark.as_bytes()[0] as char).is_empty())
}

/// Marks within a paragraph. Words are dressed one by one, so that wrapping never splits a colour.
fn inline(source: &str, style: &Style) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(start) = rest.find(['`', '*', '_', '[', '\\']) {
        let before = rest[..start].chars().next_back();
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let (shown, taken) = mark(rest, before, style);
        out.push_str(&shown);
        rest = &rest[taken..];
    }
    out.push_str(rest);
    out
}

/// What a mark and its content become, and how many bytes they were.
fn mark(text: &str, before: Option<char>, style: &Style) -> (String, usize) {
    let literal = |bytes: usize| (text[..bytes].to_string(), bytes);
    if let Some(escaped) = text.strip_prefix('\\') {
        return match escaped.chars().next() {
            Some(next) if next.is_ascii_punctuation() => (next.to_string(), 2),
            _ => literal(1),
        };
    }
    if text.starts_with('`') {
        let ticks = text.bytes().take_while(|&byte| byte == b'`').count();
        let Some(end) = text[ticks..].find(&text[..ticks]) else {
            return literal(ticks);
        };
        let code = text[ticks..ticks + end].trim();
        // Without colour the backticks are what tells code from words.
        let shown = if style.colour() {
            code.to_string()
        } else {
            format!("`{code}`")
        };
        return (dress(&shown, Tone::Info, style), end + 2 * ticks);
    }
    if text.starts_with('[') {
        return link(text, style).unwrap_or_else(|| literal(1));
    }
    for (fence, tone) in [
        ("**", Tone::Strong),
        ("__", Tone::Strong),
        ("*", Tone::Strong),
        ("_", Tone::Strong),
    ] {
        let Some(inner) = text.strip_prefix(fence) else {
            continue;
        };
        let word_inside = fence.starts_with('_') && before.is_some_and(char::is_alphanumeric);
        if word_inside || inner.starts_with(char::is_whitespace) {
            return literal(fence.len());
        }
        let Some(end) = inner.find(fence).filter(|&end| end > 0) else {
            continue;
        };
        return (
            dress(&inline(&inner[..end], &Style::plain()), tone, style),
            end + 2 * fence.len(),
        );
    }
    literal(1)
}

fn link(text: &str, style: &Style) -> Option<(String, usize)> {
    let middle = text.find("](")?;
    let end = text[middle..].find(')')? + middle;
    let (name, target) = (&text[1..middle], &text[middle + 2..end]);
    if name.contains('[') {
        return None;
    }
    let name = inline(name, style);
    let shown = if name == target {
        name
    } else {
        format!("{name} ({target})")
    };
    Some((shown, end + 1))
}

fn dress(text: &str, tone: Tone, style: &Style) -> String {
    let words: Vec<String> = text
        .split(' ')
        .map(|word| style.paint(tone, word))
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(source: &str, columns: usize) -> Vec<String> {
        lines(source, columns, &Style::plain())
    }

    #[test]
    fn paragraphs_are_joined_and_wrapped() {
        let source = "# What it proved\n\nThe map *never* loses\na key.\n\n\nNext.\n";
        assert_eq!(
            plain(source, 16),
            [
                "What it proved",
                "",
                "The map never",
                "loses a key.",
                "",
                "Next."
            ]
        );
    }

    #[test]
    fn lists_hang() {
        let source = "- one two three\n  four\n- five\n\n10. ten eleven twelve";
        assert_eq!(
            plain(source, 12),
            [
                "• one two",
                "  three four",
                "• five",
                "",
                "10. ten",
                "    eleven",
                "    twelve"
            ]
        );
    }

    #[test]
    fn code_is_kept_as_it_is() {
        let source = "See:\n```rust\nfn  a() {\n\n    *x += 1;\n}\n```\ndone `a_b` and a_b_c";
        assert_eq!(
            plain(source, 40),
            [
                "See:",
                "    fn  a() {",
                "",
                "        *x += 1;",
                "    }",
                "done `a_b` and a_b_c"
            ]
        );
        assert_eq!(plain("    let x = 1;", 40), ["    let x = 1;"]);
    }

    #[test]
    fn marks_become_tones() {
        let style = Style::coloured();
        let shown = lines("**very bold** `code` 2 * 3 * 4", 60, &style).join("");
        assert_eq!(
            console::strip_ansi_codes(&shown),
            "very bold code 2 * 3 * 4"
        );
        assert!(
            shown.contains("\x1b[1mvery\x1b[0m \x1b[1mbold\x1b[0m"),
            "{shown:?}"
        );
        assert!(shown.contains("\x1b[36mcode\x1b[0m"));
    }

    #[test]
    fn links_show_where_they_lead() {
        assert_eq!(
            plain("[the RFC](https://x.y/z) a[0] \\*b", 80),
            ["the RFC (https://x.y/z) a[0] *b"]
        );
    }

    #[test]
    fn broken_marks_are_text() {
        for source in [
            "`a",
            "**a",
            "[a](b",
            "*",
            "_",
            "\\",
            "```\nx",
            "#",
            "####### x",
            "a ` b ` `",
        ] {
            assert!(!plain(source, 10).is_empty(), "{source}");
        }
        assert_eq!(plain("\x1b[2Jclear", 20), ["clear"]);
    }

    #[test]
    fn every_width_holds() {
        let source = "# Head line\n\n- an item with `some code` and **bold**\n\n```\nlong code line here\n```\n> quote";
        for columns in 1..50 {
            for line in plain(source, columns) {
                assert!(text::width(&line) <= columns, "{columns}: {line:?}");
            }
        }
    }
}
