use super::*;

fn round(at: &str, attempts: u32, hints: u32) -> Round {
    Round {
        at: format!("2026-{at}T10:00:00Z").parse().unwrap(),
        attempts,
        hints,
        solution: false,
    }
}

fn activity(rounds: &[(&str, Vec<Round>)]) -> Activity {
    let mut activity = Activity::default();
    for (name, rounds) in rounds {
        let effort = activity.exercises.entry((*name).to_string()).or_default();
        effort.rounds.clone_from(rounds);
    }
    activity
}

#[test]
fn what_it_took_says_how_well_it_went() {
    let of = |attempts, hints| Rating::of(&round("01-05", attempts, hints));
    assert_eq!(of(1, 0), Rating::Easy);
    assert_eq!(of(2, 0), Rating::Easy);
    assert_eq!(of(3, 0), Rating::Good);
    assert_eq!(of(1, 1), Rating::Good);
    assert_eq!(of(1, 2), Rating::Hard);
    assert_eq!(of(8, 0), Rating::Hard);
    let spoiled = Round {
        solution: true,
        ..round("01-05", 1, 0)
    };
    assert_eq!(Rating::of(&spoiled), Rating::Again);
}

#[test]
fn what_was_harder_is_due_sooner() {
    let activity = activity(&[
        ("easy", vec![round("01-05", 1, 0)]),
        ("good", vec![round("01-05", 4, 0)]),
        ("hard", vec![round("01-05", 12, 3)]),
        ("untouched", vec![]),
    ]);
    let due = due(&activity);
    let names: Vec<&str> = due.iter().map(|due| due.exercise).collect();
    assert_eq!(names, ["hard", "good", "easy"]);
    assert!(due.iter().all(|due| due.at > due.last));
}

#[test]
fn each_repetition_makes_the_pause_longer() {
    let once = activity(&[("a", vec![round("01-05", 4, 0)])]);
    let twice = activity(&[("a", vec![round("01-05", 4, 0), round("01-09", 3, 0)])]);
    let pause = |activity: &Activity| {
        let due = &due(activity)[0];
        due.at.duration_since(due.last)
    };
    assert!(pause(&twice) > pause(&once));
    assert_eq!(due(&twice)[0].repetitions, 1);
}

#[test]
fn a_clock_that_was_set_back_harms_nothing() {
    let odd = activity(&[("a", vec![round("03-05", 4, 0), round("01-09", 3, 0)])]);
    let due = due(&odd);
    assert_eq!(due.len(), 1);
    assert!(due[0].at >= due[0].last);
}
