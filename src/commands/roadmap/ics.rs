//! A roadmap for calendar programs: iCalendar, RFC 5545.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::commands::Wrong;
use crate::commands::context::Context;
use crate::track::{Leg, Stage};

/// Octets that a line may have before it is folded (section 3.1).
const LINE: usize = 75;

/// One all-day event for each part of the roadmap.
pub(super) fn calendar(
    context: &Context,
    legs: &[Leg<'_>],
    stages: &[Stage<'_>],
) -> anyhow::Result<String> {
    if stages.is_empty() {
        let what = match legs
            .iter()
            .any(|leg| leg.block.is_some_and(|block| block.span().is_some()))
        {
            true => "there is no calendar yet: `backlings roadmap --start DATE` makes one",
            false => "this roadmap has no weeks: choose another one with `backlings roadmap NAME`",
        };
        return Err(Wrong(what.into()).into());
    }
    let stamp = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut text = String::new();
    let mut line = |content: &str| text.push_str(&folded(content));
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//backlings//roadmap//EN");
    for stage in stages {
        let leg = &legs[stage.leg];
        let topics = leg.block.map_or(&[][..], |block| block.topics.as_slice());
        let topics = topics.iter().filter_map(|id| context.track.topic_of_id(id));
        let titles: Vec<&str> = topics.map(|topic| topic.title.as_str()).collect();
        let (start, end) = (
            basic(stage.first),
            basic(stage.last.tomorrow().unwrap_or(stage.last)),
        );
        line("BEGIN:VEVENT");
        line(&format!(
            "UID:{}-{}@backlings",
            context.roadmap(),
            stage.week
        ));
        line(&format!("DTSTAMP:{stamp}"));
        line(&format!("DTSTART;VALUE=DATE:{start}"));
        // The end is the first day that is not part of it (section 3.6.1).
        line(&format!("DTEND;VALUE=DATE:{end}"));
        line(&format!(
            "SUMMARY:{}",
            escaped(&format!("backlings: {}", titles.join(", ")))
        ));
        line(&format!(
            "DESCRIPTION:{}",
            escaped(&description(leg, stage))
        ));
        line("TRANSP:TRANSPARENT");
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    Ok(text)
}

fn description(leg: &Leg<'_>, stage: &Stage<'_>) -> String {
    let practice = leg.block.map_or(&[][..], |block| block.practice.as_slice());
    let mut lines: Vec<String> = practice
        .iter()
        .map(|practice| practice.line.clone())
        .collect();
    let due = stage.due.iter();
    lines.extend(due.map(|(exercise, day)| format!("{day} {}: {}", exercise.name, exercise.title)));
    lines.join("\n")
}

fn basic(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

/// Text as a value (section 3.3.11).
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,")
        .replace('\n', "\\n")
}

/// A line of content, with its end, cut into pieces of at most 75 octets that go on after a blank.
fn folded(content: &str) -> String {
    let mut text = String::new();
    let mut used = 0;
    for each in content.chars() {
        if used + each.len_utf8() > LINE {
            text.push_str("\r\n ");
            used = 1;
        }
        text.push(each);
        used += each.len_utf8();
    }
    text.push_str("\r\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_and_nothing_is_lost() {
        let content = format!("SUMMARY:{}", "äx".repeat(100));
        let text = folded(&content);
        assert!(text.split("\r\n").all(|line| line.len() <= LINE));
        assert_eq!(text.replace("\r\n ", ""), format!("{content}\r\n"));
    }

    #[test]
    fn what_separates_values_is_escaped() {
        assert_eq!(escaped("a, b; c\\d\ne"), "a\\, b\\; c\\\\d\\ne");
    }
}
