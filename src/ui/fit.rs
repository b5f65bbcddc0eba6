//! Fitting what there is to read into the rows there are, and counting the rest.

use super::style::{Mark, Style, Tone};
use super::text::count;

/// One thing to read: an error, a failed test, some output.
pub(super) struct Block<'a> {
    /// Its lines, worked out as they are taken.
    pub(super) lines: Box<dyn Iterator<Item = String> + 'a>,
    /// How it is counted when there is no room for it.
    pub(super) what: What,
}

/// The kinds of things to read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// A message of the compiler that must be heeded.
    Error,
    /// Failed tests, so many.
    Failure(usize),
    /// Advice of the compiler.
    Warning,
    /// What the tests printed.
    Output,
}

/// As many blocks as there is room for; the first is cut if need be, and the rest is counted.
pub(super) fn fill<'a>(
    lines: &mut Vec<String>,
    blocks: impl Iterator<Item = Block<'a>>,
    height: usize,
    more: &str,
    style: &Style,
) {
    let mut rest = Rest::default();
    let mut first = true;
    // Room for the blank line before a block and for the count after the last.
    let room = |lines: &Vec<String>| height.saturating_sub(lines.len() + 2);
    for block in blocks {
        let room = room(lines);
        if rest.any() || room == 0 {
            rest.add(block.what);
            continue;
        }
        let mut shown: Vec<String> = block.lines.take(room + 1).collect();
        if shown.len() > room {
            if !first {
                rest.add(block.what);
                continue;
            }
            shown.truncate(room);
            rest.cut = true;
        }
        first = false;
        lines.push(String::new());
        lines.extend(shown);
    }
    if let Some(words) = rest.words() {
        lines.truncate(height.saturating_sub(1).max(1));
        let more = if more.is_empty() {
            String::new()
        } else {
            format!(": {more}")
        };
        lines.push(style.paint(
            Tone::Dim,
            format!("{} {words}{more}", style.mark(Mark::Cut)),
        ));
    }
}

/// What there was no room for.
#[derive(Default)]
struct Rest {
    cut: bool,
    errors: usize,
    failures: usize,
    warnings: usize,
    output: bool,
}

impl Rest {
    fn add(&mut self, what: What) {
        match what {
            What::Error => self.errors += 1,
            What::Failure(tests) => self.failures += tests,
            What::Warning => self.warnings += 1,
            What::Output => self.output = true,
        }
    }

    fn any(&self) -> bool {
        self.cut || self.errors + self.failures + self.warnings > 0 || self.output
    }

    fn words(&self) -> Option<String> {
        let mut parts = Vec::new();
        for (number, one) in [
            (self.errors, "error"),
            (self.failures, "failed test"),
            (self.warnings, "warning"),
        ] {
            if number > 0 {
                parts.push(count(number, one));
            }
        }
        if self.output {
            parts.push("the output".into());
        }
        let words = parts.join(", ");
        match (parts.is_empty(), self.cut) {
            (false, true) => Some(format!("the rest of this, and {words}")),
            (false, false) => Some(format!("{words} more")),
            (true, true) => Some("the rest of this".into()),
            (true, false) => None,
        }
    }
}
