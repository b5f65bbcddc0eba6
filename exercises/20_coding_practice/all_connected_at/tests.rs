use super::*;
use counted::ends;

#[track_caller]
fn check(people: usize, meetings: &[(u64, usize, usize)], expected: Option<u64>) {
    assert_eq!(
        all_connected_at(people, meetings),
        expected,
        "{people} people and the meetings (time, a, b) {meetings:?} (left is yours)"
    );
}

#[test]
fn two_people_are_connected_when_they_meet() {
    check(2, &[(5, 0, 1)], Some(5));
    check(2, &[(5, 1, 0)], Some(5));
}

#[test]
fn the_last_necessary_meeting_counts() {
    check(3, &[(1, 0, 1), (2, 1, 2), (3, 0, 2)], Some(2));
    check(4, &[(1, 0, 1), (2, 2, 3), (6, 1, 2), (7, 0, 3)], Some(6));
}

#[test]
fn the_order_of_the_log_does_not_matter() {
    check(3, &[(9, 0, 1), (3, 1, 2)], Some(9));
    check(4, &[(9, 2, 3), (4, 0, 1), (7, 1, 0), (8, 3, 1)], Some(9));
    for late in [1 << 32, u64::MAX] {
        check(3, &[(late, 0, 1), (5, 1, 2)], Some(late));
    }
}

#[test]
fn meetings_inside_a_group_connect_nobody_new() {
    check(3, &[(1, 0, 1), (2, 0, 1), (3, 1, 0), (4, 1, 2)], Some(4));
    check(4, &[(1, 0, 1), (2, 1, 2), (3, 0, 2), (8, 2, 3)], Some(8));
    check(3, &[(1, 0, 0), (2, 1, 1), (3, 0, 1), (5, 1, 2)], Some(5));
}

#[test]
fn groups_merge_with_all_their_people() {
    // Person 1 meets 2 only after both have a partner, and 0 and 3 are never at a meeting again.
    check(4, &[(1, 0, 1), (2, 3, 2), (3, 1, 2)], Some(3));
    check(5, &[(1, 0, 1), (2, 1, 2), (3, 1, 3), (4, 1, 4)], Some(4));
    check(5, &[(1, 1, 0), (2, 2, 1), (3, 3, 1), (4, 4, 1)], Some(4));
    // Person 0 brings 1 along: their meeting with 2 at time 3 connects nobody new.
    check(4, &[(1, 0, 1), (2, 0, 2), (3, 1, 2), (4, 2, 3)], Some(4));
    check(4, &[(1, 1, 0), (2, 2, 0), (3, 2, 1), (4, 3, 2)], Some(4));
}

#[test]
fn without_all_people_there_is_no_answer() {
    check(3, &[(1, 0, 1), (2, 0, 1)], None);
    check(2, &[], None);
    check(4, &[(1, 0, 1), (2, 2, 3)], None);
}

#[test]
fn at_most_one_person_is_connected_from_the_start() {
    check(0, &[], Some(0));
    check(1, &[], Some(0));
    check(1, &[(7, 0, 0)], Some(0));
}

/// Whether the meetings up to a time connect all people.
fn connected(people: usize, meetings: &[(u64, usize, usize)], until: u64) -> bool {
    let mut reached = vec![0];
    let mut next = 0;
    while let Some(&person) = reached.get(next) {
        for &(time, a, b) in meetings.iter().filter(|meeting| meeting.0 <= until) {
            for (from, to) in [(a, b), (b, a)] {
                if from == person && !reached.contains(&to) {
                    reached.push(to);
                }
            }
        }
        next += 1;
    }
    reached.len() == people
}

#[test]
fn random_logs_agree_with_a_search_after_each_meeting() {
    seeded::cases(2_000, |rng| {
        let people = rng.range(2..=7);
        let len = rng.below(16);
        let meetings = rng.vec(len, |rng| {
            (rng.range(1..=12), rng.below(people), rng.below(people))
        });
        let mut times: Vec<u64> = meetings.iter().map(|meeting| meeting.0).collect();
        times.sort();
        let expected = times
            .into_iter()
            .find(|&time| connected(people, &meetings, time));
        check(people, &meetings, expected);
    });
}

#[test]
fn a_meeting_costs_few_steps_in_large_groups() {
    ends(|doing| {
        let n = 100_000;
        let (path, first) = ("along a path", "around person 0, who is named first");
        for what in [path, first, "around person 0, who is named last"] {
            doing.note(|| format!("{n} people who meet {what}"));
            // The latest meeting stands first in the log.
            let meeting = |i: usize| match what {
                what if what == path => (i as u64, i - 1, i),
                what if what == first => (i as u64, 0, i),
                _ => (i as u64, i, 0),
            };
            let meetings: Vec<(u64, usize, usize)> = (1..n).rev().map(meeting).collect();
            assert_eq!(
                all_connected_at(n, &meetings),
                Some(99_999),
                "{n} people who meet {what} (left is yours)"
            );
        }
    });
}
