//! What stands between header and footer: a verdict, a pass, the farewell, and at its foot hints and notices.

use crate::judge::Step;
use crate::ui::diagnostics::{self, Room};
use crate::ui::text::{self, count};
use crate::ui::{Mark, Style, Tone, markdown, sanitize};
use crate::watch::session::{Notice, Overlay, Pass, Question, Session, Work};

pub(super) fn lines(session: &Session, rows: usize) -> Vec<String> {
    let bottom = bottom(session, rows);
    let rows = rows.saturating_sub(bottom.len());
    let mut lines = match &session.passed {
        Some(pass) => pass_body(session, pass, rows),
        None if session.finished => {
            markdown::lines(&session.farewell, session.size.width, &session.style)
        }
        None => verdict_body(session, rows),
    };
    lines.resize(rows, String::new());
    lines.extend(bottom);
    lines
}

/// What stands at the foot of the body: the hint and the notice; the question comes before both.
fn bottom(session: &Session, rows: usize) -> Vec<String> {
    let (style, width) = (&session.style, session.size.width);
    if let Some(Overlay::Confirm(question)) = &session.overlay {
        let question = match question {
            Question::Reset => format!(
                "Put the original of {} back? What you wrote is kept, and u brings it back. y/n",
                session.item().name
            ),
            Question::Review(item, words) => format!(
                "Do {} again, from the start? {words} What you wrote is kept, and your pass stays. y/n",
                session.items[*item].name
            ),
        };
        let sign = format!("{} ", style.sign(Mark::Attention));
        return last(text::wrap(&question, width, &sign, "  "), rows);
    }
    let mut lines = Vec::new();
    if session.hints > 0 && session.passed.is_none() {
        let room = rows.div_ceil(2);
        let mut hint = session.hint(session.hints, width);
        if hint.len() > room {
            hint.truncate(room.saturating_sub(1));
            let more = format!("{} a shows all of it", style.mark(Mark::Cut));
            hint.push(style.paint(Tone::Dim, more));
        }
        lines.push(String::new());
        lines.extend(hint);
    }
    if let Some(notice) = &session.notice {
        lines.push(String::new());
        lines.extend(notice_lines(notice, width, style));
    }
    last(lines, rows)
}

fn notice_lines(notice: &Notice, width: usize, style: &Style) -> Vec<String> {
    let mark = match notice.tone {
        Tone::Good => Mark::Passed,
        Tone::Warn | Tone::Bad => Mark::Attention,
        _ => Mark::Bullet,
    };
    let sign = format!("{} ", style.paint(notice.tone, style.mark(mark)));
    let words = sanitize::one_line(&notice.text, &Style::plain());
    text::wrap(&words, width, &sign, "  ")
}

fn last(mut lines: Vec<String>, rows: usize) -> Vec<String> {
    if lines.len() > rows && lines.first().is_some_and(String::is_empty) {
        lines.remove(0);
    }
    lines.truncate(rows);
    lines
}

fn verdict_body(session: &Session, rows: usize) -> Vec<String> {
    let (style, width) = (&session.style, session.size.width);
    let mut lines = Vec::new();
    if let Some(mut status) = status(session) {
        if session.verdict.is_some() {
            status.push_str(" (below: the verdict before)");
        }
        lines.push(style.strong(Tone::Info, status));
        if rows > 6 {
            lines.push(String::new());
        }
    }
    if let Some(fault) = &session.fault {
        let fault = sanitize::one_line(fault, &Style::plain());
        let sign = format!("{} ", style.sign(Mark::Failed));
        lines.extend(text::wrap(&fault, width, &sign, "  "));
        return lines;
    }
    if let Some(judged) = &session.verdict {
        let verdict = &judged.verdict;
        let room = Room {
            width: Some(width),
            height: Some(rows.saturating_sub(lines.len())),
            more: "a shows everything",
        };
        if lines.is_empty() {
            lines.extend(diagnostics::lines(verdict, room, style));
        } else {
            // Of the version before: pale, so that nobody takes it for the answer to this save.
            let old = diagnostics::lines(verdict, room, &style.without_colour());
            lines.extend(old.into_iter().map(|line| style.paint(Tone::Dim, line)));
        }
    }
    lines
}

fn pass_body(session: &Session, pass: &Pass, rows: usize) -> Vec<String> {
    let (style, width) = (&session.style, session.size.width);
    let mut lines = pass.lines.clone();
    let remarks = pass.advice.len();
    if remarks > 0 {
        let them = if remarks == 1 { "it" } else { "them" };
        let remarks = count(remarks, "remark");
        let advice = format!("Clippy has {remarks} on your solution: a shows {them}");
        let sign = style.sign(Mark::Bullet);
        lines.push(format!("{sign} {advice}"));
    }
    let onward = onward(session, pass);
    let room = rows.saturating_sub(lines.len() + onward.len() + 2);
    let after = markdown::lines(&pass.after, width, style);
    if !after.is_empty() && room > 0 {
        lines.push(String::new());
        let whole = after.len() <= room;
        let kept = if whole { room } else { room - 1 };
        let rest = after.len().saturating_sub(kept);
        lines.extend(after.into_iter().take(kept));
        if !whole {
            let more = format!(
                "{} {}: a reads on",
                style.mark(Mark::Cut),
                count(rest, "more line")
            );
            lines.push(style.paint(Tone::Dim, more));
        }
    }
    lines.truncate(rows.saturating_sub(onward.len()));
    lines.resize(rows.saturating_sub(onward.len()), String::new());
    lines.extend(onward);
    lines
}

/// What comes after a pass.
fn onward(session: &Session, pass: &Pass) -> Vec<String> {
    let (style, width) = (&session.style, session.size.width);
    let words = match (pass.next, status(session)) {
        (Some(next), status) => {
            let next = &session.items[next];
            let dot = style.mark(Mark::Dot);
            let facts = format!("{} {dot} {} min", next.difficulty.name(), next.minutes);
            let how = match status {
                _ if pass.moved => "It is the current exercise now: Enter shows it.".to_string(),
                Some(status) => format!("({status})"),
                None => "Enter goes on.".to_string(),
            };
            format!(
                "Next: {} {dot} {} {dot} {facts}. {how}",
                next.name, next.title
            )
        }
        (None, Some(status)) => status,
        (None, None) if session.finished => "Everything is done. Press a key.".into(),
        (None, None) => "Everything is done.".into(),
    };
    let sign = format!("{} ", style.sign(Mark::Current));
    text::wrap(&words, width, &sign, "  ")
}

/// What the judge is doing, with the seconds once it takes more than one.
pub(super) fn status(session: &Session) -> Option<String> {
    let (words, since) = match &session.work {
        Work::Idle => return None,
        Work::Judging { step, since, .. } => (step_words(step.as_ref()), since),
        Work::Checking {
            done, total, since, ..
        } => (
            format!("Checking everything done once more: {done} of {total}"),
            since,
        ),
    };
    let elapsed = session.now.saturating_sub(*since).as_secs();
    let clock = if elapsed > 0 {
        format!(" {} {elapsed} s", session.style.mark(Mark::Dot))
    } else {
        String::new()
    };
    Some(format!("{words}{clock}"))
}

fn step_words(step: Option<&Step>) -> String {
    match step {
        None => "Starting".into(),
        Some(Step::Waiting) => "Waiting: another backlings is judging this exercise".into(),
        Some(Step::Dependencies {
            group,
            done,
            total,
            name,
        }) => {
            let name = sanitize::one_line(name, &Style::plain());
            let words = format!("Building the crates of `{group}`, only this once");
            match total {
                0 => words,
                total => format!("{words}: {done} of {total} {name}"),
            }
        }
        Some(Step::Compiling) => "Compiling".into(),
        Some(Step::Testing { done, total }) => format!("Testing: {done} of {total}"),
    }
}
