//! What covers the main screen: long texts and the list.

use super::body::status;
use super::{ends, keys_in};
use crate::ui::{Mark, Style, Tone, sanitize, text};
use crate::watch::keys::{self, MAIN, OTHERS};
use crate::watch::session::{List, Pager, Session, Show};

pub(super) fn pager(session: &Session, pager: &Pager) -> Vec<String> {
    let (style, width) = (&session.style, session.size.width);
    let page = session.page();
    let end = (pager.top + page).min(pager.lines.len());
    let place = format!("{}-{} of {}", pager.top + 1, end, pager.lines.len());
    let place = if pager.lines.len() > page {
        place
    } else {
        String::new()
    };
    let title = status(session).map_or(pager.title.clone(), |status| {
        format!("{} ({status})", pager.title)
    });
    let title = style.strong(Tone::Info, title);
    let keys = vec![
        ("arrows".to_string(), "scroll"),
        ("Space".into(), "page"),
        ("q".into(), "back"),
    ];
    let keys = keys_in(keys, width, style);
    let lines = pager.lines.iter().skip(pager.top).cloned();
    framed(
        session,
        ends(&title, &style.paint(Tone::Dim, place), width, style),
        lines,
        keys,
    )
}

pub(super) fn list(session: &Session, list: &List) -> Vec<String> {
    let (style, width) = (&session.style, session.size.width);
    let page = session.page();
    let what = match list.show {
        Show::All => "Exercises",
        Show::Done => "Exercises done",
        Show::Pending => "Exercises pending",
    };
    let mut title = style.strong(Tone::Info, what);
    if list.typing || !list.query.is_empty() {
        let cursor = if list.typing { "_" } else { "" };
        let query = sanitize::one_line(&list.query, &Style::plain());
        title = format!("{title}  / {query}{cursor}");
    }
    let found = style.paint(
        Tone::Dim,
        format!("{} of {}", list.visible.len(), session.total()),
    );
    let title = ends(&title, &found, width, style);
    let last_top = list.visible.len().saturating_sub(page);
    let top = list.selected.saturating_sub(page / 2).min(last_top);
    let names = session
        .items
        .iter()
        .map(|item| item.name.len())
        .max()
        .unwrap_or(0)
        .min(width / 2);
    let shown = list.visible.iter().enumerate().skip(top).take(page);
    let mut lines: Vec<String> = shown
        .map(|(row, &index)| list_line(session, index, row == list.selected, names))
        .collect();
    if lines.is_empty() {
        lines.push(style.paint(Tone::Dim, "Nothing fits. (Esc ends the search)"));
    }
    let keys = if list.typing {
        vec![("Enter".to_string(), "go"), ("Esc".into(), "end search")]
    } else {
        vec![
            ("Enter".to_string(), "go"),
            ("/".into(), "search"),
            ("d".into(), "done"),
            ("p".into(), "pending"),
            ("q".into(), "back"),
        ]
    };
    framed(session, title, lines, keys_in(keys, width, style))
}

fn list_line(session: &Session, index: usize, selected: bool, names: usize) -> String {
    let (style, width) = (&session.style, session.size.width);
    let item = &session.items[index];
    let (mark, word) = if item.done {
        (Mark::Passed, "done")
    } else {
        (Mark::Pending, "")
    };
    let cursor = if selected { ">" } else { " " };
    let here = if index == session.current {
        style.mark(Mark::Bullet)
    } else {
        " "
    };
    let name = text::pad(&text::cut(&item.name, names, style), names);
    let mark = style.mark(mark);
    let difficulty = item.difficulty.name();
    let line = format!(
        "{cursor}{here} {mark} {name}  {word:4}  {difficulty:6}  {}",
        item.title
    );
    let line = text::cut(&line, width, style);
    match (selected, item.done) {
        (true, _) => style.paint(Tone::Selected, text::pad(&line, width)),
        (false, true) => style.paint(Tone::Good, line),
        (false, false) => line.into_owned(),
    }
}

/// A title, as many lines as there is room for, and the keys; the smallest terminals show the lines alone.
fn framed(
    session: &Session,
    title: String,
    lines: impl IntoIterator<Item = String>,
    keys: String,
) -> Vec<String> {
    let height = session.size.height;
    let room = height > 2;
    let rows = if room { height - 2 } else { height };
    let mut shown: Vec<String> = lines.into_iter().take(rows).collect();
    if room {
        shown.resize(rows, String::new());
        shown.insert(0, title);
        shown.push(keys);
    }
    shown
}

/// The keys, all of them.
pub(in crate::watch) fn help(style: &Style) -> Vec<String> {
    let mut lines = Vec::new();
    let line = |keys: &str, help: &str| {
        let keys = style.paint(Tone::Info, text::pad(keys, 16));
        format!("  {keys} {help}")
    };
    for binding in MAIN {
        let names: Vec<String> = binding.keys.iter().map(|&key| keys::name(key)).collect();
        lines.push(line(&names.join(" "), binding.help));
    }
    for (title, keys) in OTHERS {
        lines.push(String::new());
        lines.push(style.paint(Tone::Strong, title));
        lines.extend(keys.iter().map(|(keys, help)| line(keys, help)));
    }
    lines
}

/// The solution's files, one after the other.
pub(in crate::watch) fn solution(files: &[(String, String)], style: &Style) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, source) in files {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        if files.len() > 1 {
            lines.push(style.paint(Tone::Strong, name));
        }
        lines.extend(sanitize::lines(source, &Style::plain()));
    }
    lines
}
