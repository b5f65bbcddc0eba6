//! What is done, as one page: no network, no scripts, light and dark, for phones and for screen readers.

use std::fmt::Write as _;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::{DayJson, Progress, Tally};
use crate::ui::text::{count, hours};

const CSS: &str = include_str!("page.css");

/// Weeks that the calendar shows.
const WEEKS: i64 = 26;

/// The page, as of a day.
pub(super) fn page(progress: &Progress<'_>, today: Date) -> String {
    let mut html = String::new();
    let title = format!(
        "{}: {} of {} done",
        progress.title, progress.tally.done, progress.tally.total
    );
    // Writing to a string cannot fail.
    let _ = write!(
        html,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n<style>\n{CSS}</style>\n</head>\n<body>\n",
        text(&title)
    );
    let _ = write!(html, "<header>\n<h1>{}</h1>\n", text(progress.title));
    html.push_str(&bar("Everything", progress.tally));
    if let Some(standing) = &progress.standing {
        let _ = writeln!(html, "<p class=\"standing\">{}</p>", text(standing));
    }
    let _ = write!(
        html,
        "<p>As of {}.</p>\n</header>\n<main>\n",
        today.strftime("%-d %B %Y")
    );
    html.push_str(&numbers(progress));
    html.push_str(&roadmap(progress));
    html.push_str(&bars(
        "topics",
        "Topics",
        progress
            .topics
            .iter()
            .map(|topic| (topic.title, topic.tally)),
    ));
    html.push_str(&bars("difficulty", "Difficulty", levels(progress)));
    html.push_str(&readiness(progress));
    html.push_str(&calendar(&progress.days, today));
    html.push_str(&exercises(progress));
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

fn levels<'a>(progress: &'a Progress<'_>) -> impl Iterator<Item = (&'static str, Tally)> + 'a {
    let levels = ["easy", "medium", "hard"];
    levels
        .into_iter()
        .filter_map(|level| Some((level, *progress.difficulty.get(level)?)))
}

fn section(id: &str, title: &str, body: &str) -> String {
    format!("<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>\n{body}</section>\n")
}

/// A bar with its name and numbers; the numbers are text, so nothing depends on seeing it.
fn bar(name: &str, tally: Tally) -> String {
    let Tally { done, total } = tally;
    let name = text(name);
    format!(
        "<div class=\"bar\"><span class=\"name\">{name}</span> <span class=\"count\">{done} of {total}</span>\
         <progress value=\"{done}\" max=\"{}\" aria-label=\"{name}: {done} of {total} done\"></progress></div>\n",
        total.max(1)
    )
}

fn bars<'a>(id: &str, title: &str, rows: impl Iterator<Item = (&'a str, Tally)>) -> String {
    let rows: String = rows
        .filter(|(_, tally)| tally.total > 0)
        .map(|(name, tally)| bar(name, tally))
        .collect();
    section(id, title, &rows)
}

fn numbers(progress: &Progress<'_>) -> String {
    let days = |days: u32| count(days as usize, "day");
    let facts = [
        ("Work", hours(progress.seconds)),
        ("Attempts", progress.attempts.to_string()),
        ("Hints", progress.hints.to_string()),
        ("Repetitions", progress.repetitions.to_string()),
        ("Streak", days(progress.streak)),
        ("Longest streak", days(progress.longest_streak)),
    ];
    let facts: String = facts
        .iter()
        .map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>\n"))
        .collect();
    section(
        "numbers",
        "Numbers",
        &format!("<dl class=\"facts\">\n{facts}</dl>\n"),
    )
}

/// The roadmap as a map: phases as stations, their weeks as stops.
fn roadmap(progress: &Progress<'_>) -> String {
    if progress.blocks.is_empty() {
        return String::new();
    }
    let mut body = String::from("<ol class=\"map\">\n");
    let mut phase = None;
    for block in &progress.blocks {
        if phase != Some(block.phase) {
            if phase.is_some() {
                body.push_str("</ol></li>\n");
            }
            let _ = write!(body, "<li><h3>{}</h3>\n<ol>\n", text(block.phase));
            phase = Some(block.phase);
        }
        let (class, state) = match block.tally {
            Tally { total: 0, .. } => ("planned", "not written yet"),
            Tally { done, total } if done == total => ("done", "done"),
            Tally { done: 0, .. } => ("open", "not begun"),
            _ => ("begun", "begun"),
        };
        let topics = block.topics.join(", ");
        let weeks = format!("Weeks {}", block.weeks);
        let _ = write!(
            body,
            "<li class=\"{class}\"><strong>{}</strong> {} <em>{state}</em>\n{}</li>\n",
            text(&weeks),
            text(&topics),
            if block.tally.total > 0 {
                bar(&weeks, block.tally)
            } else {
                String::new()
            }
        );
    }
    body.push_str("</ol></li>\n</ol>\n");
    section("roadmap", "Roadmap", &body)
}

fn readiness(progress: &Progress<'_>) -> String {
    let lines: String = progress
        .readiness
        .iter()
        .map(|line| {
            let state = match line.planned {
                true => "not written yet".to_string(),
                false => format!("{} of {} done", line.done, line.needed),
            };
            format!("<li>{} <em>{state}</em></li>\n", text(line.line))
        })
        .collect();
    if lines.is_empty() {
        return String::new();
    }
    section("readiness", "Readiness", &format!("<ul>\n{lines}</ul>\n"))
}

/// A heat map of the last half year: a column a week, a row a weekday; each day says its date and its minutes.
fn calendar(days: &[DayJson], today: Date) -> String {
    let back = i64::from(today.weekday().since(Weekday::Monday)) + 7 * (WEEKS - 1);
    let first = today.saturating_sub(back.days());
    let mut body = String::from(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Calendar of the last half year\">\n<table class=\"heat\">\n<caption>Minutes of work a day; a column is a week.</caption>\n",
    );
    for (row, name) in [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ]
    .into_iter()
    .enumerate()
    {
        let _ = write!(
            body,
            "<tr><th scope=\"row\"><abbr title=\"{name}\">{}</abbr></th>",
            &name[..2]
        );
        for week in 0..WEEKS {
            let day = first.saturating_add((7 * week + row as i64).days());
            if day > today {
                body.push_str("<td></td>");
                continue;
            }
            let seconds = days
                .iter()
                .find(|known| known.date == day)
                .map_or(0, |known| known.seconds.max(1));
            let words = match seconds {
                0 => format!("{day}: no work"),
                seconds => format!("{day}: {}", hours(seconds)),
            };
            let _ = write!(
                body,
                "<td class=\"h{}\" title=\"{words}\"><span class=\"hidden\">{words}</span></td>",
                heat(seconds)
            );
        }
        body.push_str("</tr>\n");
    }
    body.push_str("</table>\n</div>\n");
    section("calendar", "Calendar", &body)
}

/// How warm a day is: nothing, and up to 15, 45, 90 minutes, and more.
fn heat(seconds: u64) -> u8 {
    match seconds.div_ceil(60) {
        0 => 0,
        1..=15 => 1,
        16..=45 => 2,
        46..=90 => 3,
        _ => 4,
    }
}

fn exercises(progress: &Progress<'_>) -> String {
    let mut body = String::from(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of exercises\">\n<table class=\"list\">\n<thead><tr><th scope=\"col\">Exercise</th><th scope=\"col\">Status</th><th scope=\"col\">Difficulty</th>\
         <th scope=\"col\">Attempts</th><th scope=\"col\">Hints</th><th scope=\"col\">Time</th><th scope=\"col\">Again</th></tr></thead>\n<tbody>\n",
    );
    for exercise in &progress.exercises {
        let _ = writeln!(
            body,
            "<tr class=\"{status}\"><th scope=\"row\">{}<br><small>{}</small></th><td>{status}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            text(exercise.title),
            text(exercise.exercise),
            exercise.difficulty,
            exercise.attempts,
            exercise.hints,
            hours(exercise.seconds),
            exercise.repetitions,
            status = exercise.status,
        );
    }
    body.push_str("</tbody>\n</table>\n</div>\n");
    section("exercises", "Exercises", &body)
}

/// Text as HTML holds it, in attributes too.
fn text(plain: &str) -> String {
    plain
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(text("<b a=\"&\">"), "&lt;b a=&quot;&amp;&quot;&gt;");
    }

    #[test]
    fn days_are_warmer_the_longer_the_work() {
        assert_eq!(
            [0, 1, 900, 901, 2700, 5400, 5401].map(heat),
            [0, 1, 1, 2, 2, 3, 4]
        );
    }
}
