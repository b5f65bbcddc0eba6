//! How the state looks: a frame of lines for every size of terminal.

mod body;
mod overlays;

use std::borrow::Cow;

use super::keys::{self, MAIN};
use super::session::{Overlay, Question, Session};
use crate::ui::{Mark, Style, Tone, bar, text};

pub(super) use overlays::{help, solution};

/// The lines of the screen, from the top; never more than there are rows.
pub fn frame(session: &Session) -> Vec<String> {
    let mut lines = match &session.overlay {
        Some(Overlay::Pager(pager)) => overlays::pager(session, pager),
        Some(Overlay::List(list)) => overlays::list(session, list),
        Some(Overlay::Confirm(_)) | None => main_frame(session),
    };
    lines.truncate(session.size.height);
    for line in &mut lines {
        if let Cow::Owned(cut) = text::cut(line, session.size.width, &session.style) {
            *line = cut;
        }
    }
    lines
}

/// Rows above and below what matters; the smaller the terminal, the fewer.
fn margins(height: usize) -> (usize, usize) {
    match height {
        18.. => (3, 4),
        11.. => (2, 2),
        5.. => (1, 1),
        3.. => (0, 1),
        _ => (0, 0),
    }
}

fn main_frame(session: &Session) -> Vec<String> {
    let (above, below) = margins(session.size.height);
    let rows = session.size.height - above - below;
    let mut lines = header(session, above);
    let mut body = body::lines(session, rows);
    body.resize(rows, String::new());
    lines.extend(body);
    lines.extend(footer(session, below));
    lines
}

fn header(session: &Session, rows: usize) -> Vec<String> {
    let (style, width) = (&session.style, session.size.width);
    let index = session
        .passed
        .as_ref()
        .map_or(session.current, |pass| pass.item);
    let item = &session.items[index];
    let mut position = format!("{}/{}", index + 1, session.total());
    if let Some(left) = session.left() {
        // Minutes and seconds, as a clock on the wall shows them.
        let left = left.as_secs();
        position = format!(
            "{}:{:02} left {} {position}",
            left / 60,
            left % 60,
            session.style.mark(Mark::Dot)
        );
    }
    if rows == 1 {
        let name = style.paint(Tone::Strong, &item.name);
        return vec![ends(&name, &style.paint(Tone::Dim, position), width, style)];
    }
    let dot = style.mark(Mark::Dot);
    let course = format!(
        "{} {dot} {}",
        style.paint(Tone::Strong, &session.course),
        item.topic
    );
    let name = style.paint(Tone::Dim, format!("{dot} {}", item.name));
    let title = format!("{} {name}", style.paint(Tone::Strong, &item.title));
    let mut facts = format!("{} {dot} {} min", item.difficulty.name(), item.minutes);
    if item.done {
        facts = format!("{} done {dot} {facts}", style.mark(Mark::Passed));
    }
    let mut right = match session.limit {
        Some(_) => position,
        None => format!("exercise {position}"),
    };
    if let Some(standing) = session
        .standing
        .as_ref()
        .filter(|_| session.limit.is_none())
    {
        let both = format!("{standing} {dot} {right}");
        if text::width(&course) + text::width(&both) + 2 <= width {
            right = both;
        }
    }
    let lines = vec![
        ends(&course, &style.paint(Tone::Dim, right), width, style),
        ends(&title, &style.paint(Tone::Dim, facts), width, style),
        rule(session),
    ];
    lines.into_iter().take(rows).collect()
}

fn footer(session: &Session, rows: usize) -> Vec<String> {
    let (style, width) = (&session.style, session.size.width);
    let keys = key_line(session);
    let progress = bar::bar(session.done(), session.total(), width, style);
    let item = session.item();
    let path = text::cut(&item.path, width, style);
    let path = style.link(&session.root.join(&item.path), &path);
    let polling = session.watching.as_ref().map_or("", |_| "polling");
    match rows {
        0 => Vec::new(),
        1 => vec![keys],
        2 => vec![progress, keys],
        _ => vec![
            rule(session),
            progress,
            ends(&path, &style.paint(Tone::Warn, polling), width, style),
            keys,
        ],
    }
}

fn key_line(session: &Session) -> String {
    let shorts = MAIN
        .iter()
        .filter(|binding| !binding.short.is_empty() && !session.refuses(binding.action))
        .map(|binding| (keys::name(binding.keys[0]), binding.short));
    let shown: Vec<(String, &str)> = match (&session.overlay, &session.passed) {
        (Some(Overlay::Confirm(question)), _) => {
            let yes = match question {
                Question::Reset => "reset",
                Question::Review(..) => "do it again",
            };
            vec![("y".into(), yes), ("any other key".into(), "keep it")]
        }
        (_, Some(pass)) => {
            let on = pass.next.map(|_| ("Enter".to_string(), "go on"));
            let solution = ("s".to_string(), "solution");
            let kept = shorts.filter(|(_, short)| !["hint", "next", "previous"].contains(short));
            on.into_iter().chain([solution]).chain(kept).collect()
        }
        _ => shorts.collect(),
    };
    keys_in(shown, session.size.width, &session.style)
}

/// As many keys as fit, the last two (help and quit) before the others.
fn keys_in(mut shown: Vec<(String, &str)>, width: usize, style: &Style) -> String {
    let needed = |shown: &[(String, &str)]| -> usize {
        let words = shown
            .iter()
            .map(|(key, word)| text::width(key) + 1 + text::width(word));
        words.sum::<usize>() + 2 * shown.len().saturating_sub(1)
    };
    while needed(&shown) > width && shown.len() > 2 {
        shown.remove(shown.len() - 3);
    }
    let words: Vec<String> = shown
        .iter()
        .map(|(key, word)| {
            format!(
                "{} {}",
                style.strong(Tone::Info, key),
                style.paint(Tone::Dim, word)
            )
        })
        .collect();
    text::cut(&words.join("  "), width, style).into_owned()
}

/// Two texts at the two ends of a line; the right one gives way.
fn ends(left: &str, right: &str, width: usize, style: &Style) -> String {
    let used = text::width(left) + text::width(right);
    if used + 2 > width {
        return text::cut(left, width, style).into_owned();
    }
    format!("{left}{:1$}{right}", "", width - used)
}

fn rule(session: &Session) -> String {
    let style = &session.style;
    style.paint(Tone::Dim, style.mark(Mark::Rule).repeat(session.size.width))
}

#[cfg(test)]
mod tests;
