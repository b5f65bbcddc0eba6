//! A roadmap for people.

use jiff::civil::Date;

use super::{BlockJson, RoadmapJson};
use crate::commands::context::Context;
use crate::commands::out;
use crate::ui::bar::bar;
use crate::ui::style::{Mark, Style, Tone};
use crate::ui::text;

pub(super) fn lines(
    context: &Context,
    roadmap: &RoadmapJson<'_>,
    said: Option<String>,
) -> Vec<String> {
    let (style, page) = (Style::stdout(), out::page());
    let mut lines: Vec<String> = said
        .into_iter()
        .flat_map(|said| [said, String::new()])
        .collect();
    lines.push(format!(
        "{}  {}",
        style.strong(Tone::Strong, roadmap.title),
        style.paint(Tone::Dim, roadmap.experience)
    ));
    if !roadmap.goal.is_empty() {
        lines.extend(text::wrap(roadmap.goal, page, "  goal: ", "    "));
    }
    if !roadmap.readiness.is_empty() {
        lines.extend(text::wrap(
            roadmap.readiness,
            page,
            "  afterwards: ",
            "    ",
        ));
    }
    lines.push(format!(
        "  {}",
        bar(roadmap.done, roadmap.total, page - 2, &style)
    ));
    if let Some(standing) = &roadmap.standing {
        lines.push(format!("  {}", style.paint(Tone::Info, standing)));
    }
    let mut phase = "";
    for block in &roadmap.blocks {
        if block.phase != phase {
            phase = block.phase;
            lines.extend([String::new(), style.strong(Tone::Strong, phase)]);
        }
        lines.extend(block_lines(block, &style, page));
    }
    lines.push(String::new());
    lines.extend(choices(context, roadmap, &style));
    lines
}

fn block_lines(block: &BlockJson<'_>, style: &Style, page: usize) -> Vec<String> {
    let mut head = match block.weeks {
        "" => String::new(),
        weeks if weeks.contains('-') => format!("weeks {weeks}"),
        week => format!("week {week}"),
    };
    if let (Some(first), Some(last)) = (block.first_day, block.last_day) {
        head = format!("{}, {}", day(first, Some(last)), day(last, None));
        head = head.replacen(", ", " - ", 1);
        if !block.weeks.is_empty() {
            head = format!(
                "{head} {}",
                style.paint(Tone::Dim, format!("(weeks {} of the guide)", block.weeks))
            );
        }
    }
    let now = if block.now {
        format!("  {} now", style.sign(Mark::Current))
    } else {
        String::new()
    };
    let mut lines = Vec::new();
    if !head.is_empty() {
        lines.push(format!("  {}{now}", style.paint(Tone::Info, head)));
    }
    let topics: Vec<String> = block
        .topics
        .iter()
        .map(|topic| match topic.written {
            true => topic.title.to_string(),
            false => format!("{} (not written yet)", topic.title),
        })
        .collect();
    lines.extend(text::wrap(&topics.join(", "), page, "    ", "    "));
    if block.total > 0 {
        lines.push(format!(
            "    {}",
            bar(block.done, block.total, page.saturating_sub(4), style)
        ));
    }
    if !block.focus.is_empty() {
        let focus = text::wrap(&block.focus.join(", "), page, "    focus: ", "      ");
        lines.extend(focus.iter().map(|line| style.paint(Tone::Dim, line)));
    }
    lines.extend(
        block
            .practice
            .iter()
            .map(|line| format!("    {}", line.text(style))),
    );
    lines
}

/// A day as people write it; the year is left out where the other day has the same.
fn day(day: Date, other: Option<Date>) -> String {
    let form = match other {
        Some(other) if other.year() == day.year() => "%-d %b",
        _ => "%-d %b %Y",
    };
    day.strftime(form).to_string()
}

fn choices(context: &Context, shown: &RoadmapJson<'_>, style: &Style) -> Vec<String> {
    let width = shown
        .roadmaps
        .iter()
        .map(|name| name.len())
        .max()
        .unwrap_or(0);
    let mut lines = vec![style.paint(Tone::Dim, "`backlings roadmap NAME` chooses one of these:")];
    for roadmap in context.track.roadmaps() {
        let chosen = roadmap.name == context.roadmap();
        let mark = if chosen {
            style.sign(Mark::Current)
        } else {
            " ".into()
        };
        lines.push(format!(
            "{mark} {}  {}",
            text::pad(&roadmap.name, width),
            roadmap.title
        ));
    }
    if shown.chosen
        && shown.standing.is_none()
        && shown.blocks.iter().any(|block| !block.weeks.is_empty())
    {
        let hint = "`backlings roadmap --start 2026-01-05 --hours 8` lays it into your calendar.";
        let hint = hint.replace("2026-01-05", &crate::commands::context::today().to_string());
        lines.push(style.paint(Tone::Dim, hint));
    }
    lines
}
