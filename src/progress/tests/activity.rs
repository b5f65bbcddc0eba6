use std::time::Duration;

use jiff::civil::date;

use super::super::disk::RealDisk;
use super::*;

fn at(time: &str) -> Timestamp {
    format!("2026-01-{time}:00Z").parse().unwrap()
}

fn judged(time: &str, exercise: &'static str, verdict: &'static str) -> Entry<'static> {
    let no = Duration::ZERO;
    Entry::judged(at(time), exercise, verdict, no, no, "ab")
}

fn hint(time: &str, exercise: &'static str, shown: u32) -> Entry<'static> {
    let mut entry = Entry::event(at(time), exercise, Event::Hint);
    entry.shown = Some(shown);
    entry
}

fn of(entries: &[Entry<'_>]) -> Activity {
    let mut activity = Activity::default();
    for entry in entries {
        activity.take(entry, &TimeZone::UTC);
    }
    activity
}

#[test]
fn time_is_what_lies_between_events_and_a_pause_counts_as_none() {
    let activity = of(&[
        Entry::event(at("05T10:00"), "a", Event::Open),
        judged("05T10:05", "a", "tests_failed"),
        judged("05T10:25", "a", "passed"),
        // Lunch.
        judged("05T12:00", "b", "tests_failed"),
        hint("05T12:03", "b", 1),
        // The clock was set back.
        judged("05T11:00", "b", "passed"),
    ]);
    assert_eq!(activity.exercises["a"].seconds, 25 * 60);
    assert_eq!(activity.exercises["b"].seconds, 3 * 60);
    assert_eq!(activity.seconds(), 28 * 60);
    let day = &activity.days[&date(2026, 1, 5)];
    assert_eq!((day.seconds, day.judged, day.passed), (28 * 60, 4, 2));
}

#[test]
fn attempts_count_up_to_a_pass_and_again_from_a_review() {
    let activity = of(&[
        judged("05T10:00", "a", "tests_failed"),
        hint("05T10:01", "a", 1),
        judged("05T10:02", "a", "passed"),
        // Playing with what passed is neither an attempt nor a repetition.
        judged("05T10:03", "a", "passed"),
        judged("05T10:04", "a", "tests_failed"),
        Entry::event(at("09T10:00"), "a", Event::Review),
        judged("09T10:01", "a", "tests_failed"),
        judged("09T10:02", "a", "compile_failed"),
        Entry::event(at("09T10:03"), "a", Event::Solution),
        judged("09T10:04", "a", "passed"),
    ]);
    let effort = &activity.exercises["a"];
    assert_eq!(
        (effort.attempts, effort.hints, effort.repetitions()),
        (5, 1, 1)
    );
    assert_eq!(effort.first_pass, Some(at("05T10:02")));
    let rounds: Vec<_> = effort
        .rounds
        .iter()
        .map(|round| (round.attempts, round.hints, round.solution))
        .collect();
    assert_eq!(rounds, [(2, 1, false), (3, 0, true)]);
}

#[test]
fn a_streak_is_of_days_in_a_row_and_today_may_still_come() {
    let activity = of(&[
        judged("05T10:00", "a", "tests_failed"),
        judged("06T10:00", "a", "tests_failed"),
        judged("07T23:59", "a", "tests_failed"),
        judged("09T10:00", "a", "tests_failed"),
    ]);
    let streak = |day| activity.streak(date(2026, 1, day));
    assert_eq!(
        [streak(7), streak(8), streak(9), streak(10), streak(11)],
        [3, 3, 1, 1, 0]
    );
    assert_eq!(activity.longest_streak(), 3);
    assert_eq!(Activity::default().streak(date(2026, 1, 5)), 0);
}

#[test]
fn days_are_those_of_the_learner() {
    let mut activity = Activity::default();
    let tokyo = TimeZone::fixed(jiff::tz::offset(9));
    activity.take(&judged("05T20:00", "a", "passed"), &tokyo);
    assert!(activity.days.contains_key(&date(2026, 1, 6)));
}

#[test]
fn the_cache_gives_what_reading_everything_gives() {
    let dir = tempfile::tempdir().unwrap();
    let (path, cache) = (dir.path().join("history.jsonl"), dir.path().join("cache"));
    let read = || read(&RealDisk, &path, &cache, &TimeZone::UTC).unwrap();
    assert_eq!(read(), Activity::default());
    let entries = [
        judged("05T10:00", "a", "tests_failed"),
        judged("05T10:02", "a", "passed"),
        judged("05T10:09", "b", "tests_failed"),
    ];
    for (index, entry) in entries.iter().enumerate() {
        history::append(&RealDisk, &path, entry).unwrap();
        assert_eq!(read(), of(&entries[..=index]));
        assert_eq!(read(), of(&entries[..=index]), "from the cache alone");
    }
    // Another history of the same length, and a cache that is none.
    let other = std::fs::read_to_string(&path)
        .unwrap()
        .replace("\"b\"", "\"c\"");
    std::fs::write(&path, other).unwrap();
    assert!(read().exercises.contains_key("c"));
    std::fs::write(cache.join("activity.json"), "{").unwrap();
    assert!(read().exercises.contains_key("c"));
    // A torn line is read once it is whole.
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 5]).unwrap();
    assert!(!read().exercises.contains_key("c"));
    std::fs::write(&path, &whole).unwrap();
    assert!(read().exercises.contains_key("c"));
}
