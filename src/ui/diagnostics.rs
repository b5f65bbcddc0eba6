//! A verdict in lines: what happened, what the learner should know, then errors or failed tests, the first thing to fix first.

use std::iter;
use std::time::Duration;

use super::fit::{Block, What, fill};
use super::sanitize;
use super::style::{Mark, Style, Tone};
use super::text::{self, count};
use super::unwritten::{Failed, gather};
use crate::judge::{Diagnostic, Failure, Kind, Level, Verdict};

/// The room for a verdict.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Columns; without it nothing is cut, as in a pipe.
    pub width: Option<usize>,
    /// Rows; without it everything is shown.
    pub height: Option<usize>,
    /// How to see what was cut: "press a to see everything".
    pub more: &'static str,
}

impl Room {
    /// All there is, as wide as it is.
    pub const UNBOUNDED: Self = Self {
        width: None,
        height: None,
        more: "",
    };
}

/// Lines that a failed test's output gets when room is short.
const OUTPUT_LINES: usize = 4;

/// The verdict in lines.
pub fn lines(verdict: &Verdict, room: Room, style: &Style) -> Vec<String> {
    let mut lines = headline(verdict, style);
    for note in &verdict.notes {
        lines.extend(marked(note, room.width, style));
    }
    if let Some(known) = &verdict.misconception {
        let words = format!(
            "Perhaps: a known mistake fails just these tests. {}",
            known.hint
        );
        lines.extend(marked(&words, room.width, style));
    }
    let brief = room.height.is_some();
    let blocks = blocks(verdict, brief, room.width, style);
    match room.height {
        None => {
            for block in blocks {
                lines.push(String::new());
                lines.extend(block.lines);
            }
        }
        Some(height) => fill(&mut lines, blocks, height, room.more, style),
    }
    if let Some(width) = room.width {
        for line in &mut lines {
            if text::width(line) > width {
                *line = text::cut(line, width, style).into_owned();
            }
        }
    }
    if let Some(height) = room.height {
        lines.truncate(height);
    }
    lines
}

/// What happened, in one line (two, where there is a remedy).
pub fn headline(verdict: &Verdict, style: &Style) -> Vec<String> {
    let tests = verdict.passed.len() + verdict.failures.len();
    let by = |test: &Option<String>| match test {
        Some(test) => format!(
            " in the test `{}`",
            sanitize::one_line(test, &Style::plain())
        ),
        None => String::new(),
    };
    let safe = |text: &str| sanitize::one_line(text, &Style::plain());
    let (mark, what, then) = match &verdict.kind {
        Kind::Passed => (
            Mark::Passed,
            format!(
                "Passed: {} in {}",
                count(tests, "test"),
                text::seconds(verdict.run)
            ),
            None,
        ),
        Kind::TestsFailed => (
            Mark::Failed,
            format!(
                "{} of {} failed",
                verdict.failures.len(),
                count(tests, "test")
            ),
            None,
        ),
        Kind::CompileFailed => {
            let errors = errors(verdict);
            let what = if errors == 0 {
                String::new()
            } else {
                format!(": {}", count(errors, "error"))
            };
            (Mark::Failed, format!("Does not compile{what}"), None)
        }
        Kind::TimedOut { after, test } => (
            Mark::Failed,
            format!("Timed out: no end after {}{}", limit(*after), by(test)),
            Some("An endless loop, or a wait for something that never comes?".to_string()),
        ),
        Kind::Crashed { how, test } => (
            Mark::Failed,
            format!("Crashed: {}{}", safe(how), by(test)),
            None,
        ),
        Kind::OutOfMemory { limit, test } => (
            Mark::Failed,
            format!("Out of memory: more than {} MiB{}", limit >> 20, by(test)),
            Some("A collection that grows without end, or a size worked out wrong?".to_string()),
        ),
        Kind::TooMuchOutput { test } => (
            Mark::Failed,
            format!("Too much output{}: stopped", by(test)),
            Some("Something prints in a loop.".to_string()),
        ),
        Kind::Tampered { what } => (
            Mark::Failed,
            format!("Not the tests asked for: {}", safe(what)),
            None,
        ),
        Kind::NoTests { what } => (Mark::Failed, format!("No tests ran: {}", safe(what)), None),
        Kind::Environment { what, remedy } => (
            Mark::Attention,
            format!("Could not be judged (not your fault): {}", safe(what)),
            Some(safe(remedy)).filter(|remedy| !remedy.is_empty()),
        ),
    };
    let tone = match mark {
        Mark::Passed => Tone::Good,
        Mark::Attention => Tone::Warn,
        _ => Tone::Bad,
    };
    let first = format!("{} {}", style.sign(mark), style.strong(tone, what));
    iter::once(first)
        .chain(then.map(|then| format!("  {then}")))
        .collect()
}

/// How the headline reads without symbols and times, for lists: "2 of 8 tests failed".
pub fn summary(verdict: &Verdict) -> String {
    let lines = headline(verdict, &Style::plain());
    let first = lines.first().map_or("", String::as_str);
    first
        .split_once(' ')
        .map_or(first, |(_, words)| words)
        .to_string()
}

fn limit(time: Duration) -> String {
    if time.subsec_millis() == 0 {
        format!("{} s", time.as_secs())
    } else {
        text::seconds(time)
    }
}

fn errors(verdict: &Verdict) -> usize {
    verdict
        .diagnostics
        .iter()
        .filter(|one| one.level == Level::Error)
        .count()
}

fn marked(note: &str, width: Option<usize>, style: &Style) -> Vec<String> {
    let note = sanitize::one_line(note, &Style::plain());
    let sign = format!("{} ", style.sign(Mark::Attention));
    match width {
        Some(width) => text::wrap(&note, width, &sign, "  "),
        None => vec![format!("{sign}{note}")],
    }
}

/// Lines are worked out only as far as they are taken: a verdict can hold megabytes.
fn blocks<'a>(
    verdict: &'a Verdict,
    brief: bool,
    width: Option<usize>,
    style: &'a Style,
) -> impl Iterator<Item = Block<'a>> + 'a {
    let diagnostic = move |one: &'a Diagnostic| Block {
        lines: Box::new(sanitize::lines(one.rendered.trim_end(), style)),
        what: if one.level == Level::Error {
            What::Error
        } else {
            What::Warning
        },
    };
    let failure = move |one: Failed<'a>| match one {
        Failed::Test(failure) => Block {
            lines: Box::new(failure_lines(failure, brief, width, style)),
            what: What::Failure(1),
        },
        Failed::Step {
            step,
            location,
            tests,
        } => Block {
            what: What::Failure(tests.len()),
            lines: Box::new(step_lines(step, location, tests, brief, width, style)),
        },
    };
    let (errors, warnings): (Vec<_>, Vec<_>) = verdict
        .diagnostics
        .iter()
        .partition(|one| one.level == Level::Error);
    errors
        .into_iter()
        .map(diagnostic)
        .chain(gather(&verdict.failures).into_iter().map(failure))
        .chain(output(verdict, brief, style))
        .chain(warnings.into_iter().map(diagnostic))
}

fn output<'a>(verdict: &'a Verdict, brief: bool, style: &'a Style) -> Option<Block<'a>> {
    // When tests fail, what they printed stands with each of them; what is left matters when the run broke off.
    let telling = !matches!(
        verdict.kind,
        Kind::Passed | Kind::TestsFailed | Kind::CompileFailed
    );
    let output = verdict.output.trim_end();
    if output.is_empty() || (brief && !telling) {
        return None;
    }
    let title = style.paint(Tone::Dim, "What the tests printed:");
    let lines = iter::once(title).chain(excerpt(output, brief, "  ", style));
    Some(Block {
        lines: Box::new(lines),
        what: What::Output,
    })
}

fn failure_lines<'a>(
    failure: &'a Failure,
    brief: bool,
    width: Option<usize>,
    style: &'a Style,
) -> impl Iterator<Item = String> + 'a {
    let name = sanitize::one_line(&failure.test, &Style::plain());
    let title = format!(
        "{} {}",
        style.sign(Mark::Failed),
        style.paint(Tone::Strong, name)
    );
    let message =
        message_lines(&failure.message, style).flat_map(move |line| folded(line, "    ", width));
    let place = failure.location.as_ref().map(|place| {
        let place = sanitize::one_line(place, &Style::plain());
        format!("    {}", style.paint(Tone::Dim, format!("at {place}")))
    });
    let printed = failure.output.trim_end();
    let said = (!printed.is_empty()).then(|| format!("    {}", style.paint(Tone::Dim, "printed:")));
    iter::once(title)
        .chain(message)
        .chain(place)
        .chain(said)
        .chain(excerpt(printed, brief, "      ", style))
}

/// A step that is not written yet, and the tests that wait for it.
fn step_lines<'a>(
    step: &'a str,
    location: Option<&'a str>,
    tests: Vec<&'a str>,
    brief: bool,
    width: Option<usize>,
    style: &'a Style,
) -> impl Iterator<Item = String> + 'a {
    let plain = Style::plain();
    let step = sanitize::one_line(step, &plain);
    let words = if step.is_empty() {
        "a step that is still to be written".to_string()
    } else {
        format!("to write: {step}")
    };
    let sign = format!("{} ", style.sign(Mark::Pending));
    let title: Vec<String> = match width {
        Some(width) => text::wrap(&words, width, &sign, "  "),
        None => vec![format!("{sign}{words}")],
    };
    let wait = match tests.len() {
        1 => format!("{} waits for it", sanitize::one_line(tests[0], &plain)),
        many => format!("{} wait for it", count(many, "test")),
    };
    let names: Vec<String> = match (tests.len(), brief) {
        (1, _) | (_, true) => Vec::new(),
        _ => tests
            .iter()
            .map(|test| format!("      {}", sanitize::one_line(test, &plain)))
            .collect(),
    };
    let place = location.map(|place| {
        let place = sanitize::one_line(place, &plain);
        format!("    {}", style.paint(Tone::Dim, format!("at {place}")))
    });
    title
        .into_iter()
        .chain([format!("    {wait}")])
        .chain(names)
        .chain(place)
}

/// A line that is too long goes on below itself: a test's words are what the learner has to read whole.
fn folded(line: String, indent: &'static str, width: Option<usize>) -> Vec<String> {
    let Some(width) =
        width.filter(|width| *width > indent.len() && text::width(&line) + indent.len() > *width)
    else {
        return vec![format!("{indent}{line}")];
    };
    // Breaking at blanks would lose some of several in a row, which a value may be about.
    if line.trim_start().contains("  ") {
        let folded = text::fold(&line, width - indent.len());
        return folded
            .into_iter()
            .map(|line| format!("{indent}{line}"))
            .collect();
    }
    let own = line.len() - line.trim_start().len();
    let indent = format!("{indent}{}", " ".repeat(own.min(width / 2)));
    text::wrap(line.trim_start(), width, &indent, &indent)
}

/// A panic's message; the standard library's frame around an assertion's own words is taken off.
fn message_lines<'a>(message: &'a str, style: &'a Style) -> impl Iterator<Item = String> + 'a {
    let message = message.trim_end();
    let own = message
        .strip_prefix("assertion `left ")
        .and_then(|rest| rest.split_once("` failed: "))
        .map_or(message, |(_, own)| own);
    sanitize::lines(own, style).map(move |line| {
        let trimmed = line.trim_start();
        match ["left: ", "right: "]
            .into_iter()
            .find_map(|side| Some((side, trimmed.strip_prefix(side)?)))
        {
            Some((side, value)) => {
                format!("{}{value}", style.paint(Tone::Info, format!("{side:>7}")))
            }
            None => line,
        }
    })
}

/// All of a text, or its last lines with a count of the others.
fn excerpt<'a>(
    output: &'a str,
    brief: bool,
    indent: &'static str,
    style: &'a Style,
) -> Box<dyn Iterator<Item = String> + 'a> {
    let indented = move |line| format!("{indent}{line}");
    if !brief {
        return Box::new(sanitize::lines(output, style).map(indented));
    }
    let start = output
        .rmatch_indices('\n')
        .nth(OUTPUT_LINES - 1)
        .map_or(0, |(at, _)| at + 1);
    let cut = (start > 0).then(|| {
        let mark = style.mark(Mark::Cut);
        format!(
            "{indent}{}",
            style.paint(Tone::Dim, format!("{mark} (the end of it)"))
        )
    });
    Box::new(
        cut.into_iter()
            .chain(sanitize::lines(&output[start..], style).map(indented)),
    )
}

#[cfg(test)]
#[path = "diagnostics_tests.rs"]
mod tests;
