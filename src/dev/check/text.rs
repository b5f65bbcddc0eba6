//! Reading the texts of an exercise: header, steps, words.

/// The comment at the top of a file, without the lines' markers; empty without one.
pub(super) fn header(source: &str, markers: &[&str]) -> Vec<String> {
    let mut lines = source.lines().peekable();
    let first = lines.peek().copied().unwrap_or_default();
    let Some(marker) = markers.iter().find(|marker| first.starts_with(**marker)) else {
        return Vec::new();
    };
    lines
        .map_while(|line| line.trim_end().strip_prefix(marker))
        .map(|line| line.strip_prefix(' ').unwrap_or(line).to_string())
        .collect()
}

/// How a comment begins in a file of this name.
pub(super) fn markers(file: &str) -> &'static [&'static str] {
    match file.rsplit('.').next() {
        Some("rs") => &["//!"],
        Some("sql" | "lua") => &["--"],
        _ => &["#", "//", "--", ";"],
    }
}

/// A numbered step of a stub, and the line it is on, counted from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) line: usize,
    /// The number and the text; `None` when the message does not begin with `step N: `.
    pub(super) step: Option<(u32, String)>,
}

/// The `todo!`s of a Rust source, outside of comments.
pub(super) fn todos(source: &str) -> Vec<Step> {
    const MACRO: &str = "todo!(";
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = source[from..].find(MACRO).map(|at| from + at) {
        from = at + MACRO.len();
        let line_start = source[..at].rfind('\n').map_or(0, |end| end + 1);
        if source[line_start..at].contains("//") {
            continue;
        }
        let rest = source[from..].trim_start();
        let message = rest.strip_prefix('"').map(|text| {
            let end = text.find('"').unwrap_or(text.len());
            &text[..end]
        });
        found.push(Step {
            line: source[..at].matches('\n').count() + 1,
            step: message.and_then(step),
        });
    }
    found
}

/// The `TODO step N: …` lines of a file that is no Rust.
pub(super) fn todo_lines(source: &str) -> Vec<Step> {
    let lines = source.lines().enumerate();
    lines
        .filter_map(|(index, line)| {
            let (_, text) = line.split_once("TODO ")?;
            Some(Step {
                line: index + 1,
                step: step(text),
            })
        })
        .filter(|found| found.step.is_some())
        .collect()
}

/// `step 2: fill the gap`
fn step(message: &str) -> Option<(u32, String)> {
    let (number, text) = message.strip_prefix("step ")?.split_once(':')?;
    let text = text.trim();
    (!text.is_empty()).then_some(())?;
    Some((number.parse().ok()?, text.to_string()))
}

/// The first step that is not the one that should come, as (line, what is wrong), where the first has this number.
pub(super) fn gap(steps: &[Step], first: u32) -> Option<(usize, String)> {
    steps.iter().zip(first..).find_map(|(found, expected)| {
        let what = match &found.step {
            None => format!("the message must begin with `step {expected}: `, and say what to do"),
            Some((number, _)) if *number != expected => {
                format!("step {number} stands where step {expected} should: 1, 2, 3… in the file's order")
            }
            Some(_) => return None,
        };
        Some((found.line, what))
    })
}

/// How many words a text holds.
pub(super) fn words(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_the_comment_at_the_top() {
        let rust = "//! # Title\n//!\n//! text\n\nuse x;\n//! no\n";
        assert_eq!(header(rust, markers("a.rs")), ["# Title", "", "text"]);
        assert!(header("use x;\n//! no\n", markers("a.rs")).is_empty());
        assert_eq!(header("-- a\n-- b\nSELECT\n", markers("q.sql")), ["a", "b"]);
        assert_eq!(header("# a\nFROM x\n", markers("Dockerfile")), ["a"]);
        assert!(header("", markers("Dockerfile")).is_empty());
    }

    #[test]
    fn todos_are_found_outside_of_comments() {
        let source = "//! replace each todo!(\"x\")\nfn a() { todo!(\"step 1: one\") }\n// todo!(\"step 9: no\")\nfn b() {\n    todo!(\n        \"step 2: two\"\n    )\n}\nfn c() { todo!() }\n";
        let found = todos(source);
        let numbers: Vec<_> = found
            .iter()
            .map(|step| (step.line, step.step.as_ref().map(|(number, _)| *number)))
            .collect();
        assert_eq!(numbers, [(2, Some(1)), (5, Some(2)), (9, None)]);
        assert_eq!(gap(&found, 1).unwrap().0, 9);
        assert_eq!(gap(&found[..2], 1), None);
        assert_eq!(gap(&found[1..], 1).unwrap().0, 5);
        assert_eq!(gap(&found[1..2], 2), None);
    }

    #[test]
    fn steps_of_other_files_are_lines() {
        let found = todo_lines("# TODO step 1: one\n# TODO later\nx\n-- TODO step 2: two\n");
        assert_eq!(found.len(), 2);
        assert_eq!(gap(&found, 1), None);
    }

    #[test]
    fn signs_are_no_words() {
        assert_eq!(words("# One - two, `three` * 4\n"), 4);
    }
}
