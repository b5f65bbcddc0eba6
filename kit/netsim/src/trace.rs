//! What happened, in lines.

use std::fmt;
use std::time::Duration;

/// So many lines at the start of a long trace are printed, and so many at its end.
const HEAD: usize = 10;
const TAIL: usize = 60;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Trace(Vec<Line>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    at: Duration,
    is_fault: bool,
    text: String,
}

impl Trace {
    pub fn push(&mut self, at: Duration, is_fault: bool, text: String) {
        self.0.push(Line { at, is_fault, text });
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first line in which two traces differ, as both have it.
    pub fn difference(&self, other: &Trace) -> Option<(String, String)> {
        let end = || String::from("the end");
        let line = |line: Option<&Line>| line.map_or_else(end, Line::to_string);
        (0..self.0.len().max(other.0.len()))
            .map(|i| (self.0.get(i), other.0.get(i)))
            .find(|(a, b)| a != b)
            .map(|(a, b)| (line(a), line(b)))
    }
}

/// All lines, or of a long trace the start, the end, and the faults between them.
impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tail = self.0.len().saturating_sub(TAIL);
        let mut left_out = 0;
        for (i, line) in self.0.iter().enumerate() {
            if i >= HEAD && i < tail && !line.is_fault {
                left_out += 1;
                continue;
            }
            if left_out > 0 {
                writeln!(f, "{:>14}   ({left_out} lines left out)", "...")?;
                left_out = 0;
            }
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.is_fault { '!' } else { ' ' };
        write!(f, "{:>14} {mark} {}", format!("{:?}", self.at), self.text)
    }
}
