//! From verdicts to findings: how the stub, the solution and each wrong answer have to end.

use std::time::Duration;

use super::finding::{Finding, Rule};
use crate::judge::{Diagnostic, Failure, Kind, Level, Verdict};
use crate::track::{Exercise, ExerciseKind};

/// A right answer's tests end within this time.
pub(super) const IN_TIME: Duration = Duration::from_secs(2);
/// How a `todo!` that was reached says so.
pub(super) const TODO: &str = "not yet implemented";

/// A verdict in a few words, for a finding.
pub(super) fn words(verdict: &Verdict) -> String {
    let by = |test: &Option<String>| match test {
        Some(test) => format!(" in the test {test}"),
        None => String::new(),
    };
    match &verdict.kind {
        Kind::Passed => "it passes".into(),
        Kind::TestsFailed => match verdict.failures.first() {
            Some(first) => format!("the test {} fails: {}", first.test, line(&first.message)),
            None => "tests fail".into(),
        },
        Kind::CompileFailed => format!(
            "it does not compile: {}",
            verdict.diagnostics.first().map_or_else(String::new, said)
        ),
        Kind::TimedOut { after, test } => {
            format!("no end after {} s{}", after.as_secs_f64(), by(test))
        }
        Kind::Crashed { how, test } => format!("it crashed{}: {how}", by(test)),
        Kind::OutOfMemory { limit, test } => {
            format!("more than {} MiB of memory{}", limit >> 20, by(test))
        }
        Kind::TooMuchOutput { test } => format!("output without end{}", by(test)),
        Kind::Tampered { what } | Kind::NoTests { what } => what.clone(),
        Kind::Environment { what, remedy } => format!("{what}; {remedy}"),
    }
}

/// The first line with something in it, not too long.
fn line(text: &str) -> String {
    const LONGEST: usize = 160;
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    match first.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &first[..end]),
        None => first.to_string(),
    }
}

/// A compiler message in one line, with its place.
pub(super) fn said(diagnostic: &Diagnostic) -> String {
    let text = line(&console::strip_ansi_codes(&diagnostic.rendered));
    match &diagnostic.location {
        Some(place) => format!("{text} ({place})"),
        None => text,
    }
}

/// Something outside of the track, if that is what the verdict says.
pub(super) fn environment(verdict: &Verdict, place: &str) -> Option<Finding> {
    match &verdict.kind {
        Kind::Environment { .. } => Some(Finding::new(Rule::Environment, place, words(verdict))),
        _ => None,
    }
}

/// The stub compiles without a word, and each test fails because there is something to write.
pub(super) fn stub(exercise: &Exercise, verdict: &Verdict) -> Vec<Finding> {
    let place = exercise.main_path();
    if let Some(finding) = environment(verdict, &place) {
        return vec![finding];
    }
    let finding = |what: String| Finding::new(Rule::Stub, &place, what);
    if verdict.kind == Kind::CompileFailed {
        return vec![finding(words(verdict))];
    }
    let mut found: Vec<Finding> = verdict
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.level == Level::Warning)
        .map(|warning| finding(format!("the compiler warns: {}", said(warning))))
        .collect();
    if verdict.kind != Kind::TestsFailed {
        let how = match exercise.kind {
            ExerciseKind::Rust => "its tests must fail at a `todo!`",
            ExerciseKind::Files => "its tests must fail",
        };
        found.push(finding(format!("{how}, but {}", words(verdict))));
        return found;
    }
    if exercise.kind == ExerciseKind::Rust {
        found.extend(
            verdict
                .failures
                .iter()
                .filter(|failure| !at_a_todo(failure))
                .map(|failure| {
                    finding(format!(
                        "the test {} fails, but not at a `todo!`: {}",
                        failure.test,
                        line(&failure.message)
                    ))
                }),
        );
    }
    if !verdict.passed.is_empty() {
        found.push(finding(format!(
            "these tests pass before the learner has written anything: {}",
            verdict.passed.join(", ")
        )));
    }
    found
}

fn at_a_todo(failure: &Failure) -> bool {
    failure.message.contains(TODO) || failure.output.contains(TODO)
}

/// The solution passes each time, without a word of the compiler, in time, and the tests are those that the judge expects.
pub(super) fn solution(
    exercise: &Exercise,
    verdicts: &[Verdict],
    expected: &[String],
    timed: bool,
) -> Vec<Finding> {
    let place = format!("{}/{}", exercise.solution_dir(), exercise.files[0]);
    let finding = |what: String| Finding::new(Rule::Solution, &place, what);
    let mut found = Vec::new();
    let failed: Vec<&Verdict> = verdicts
        .iter()
        .filter(|verdict| !verdict.passed())
        .collect();
    if let Some(first) = failed.first() {
        found.extend(environment(first, &place));
        if found.is_empty() {
            found.push(finding(match failed.len() {
                all if all == verdicts.len() => words(first),
                some => format!(
                    "it is a matter of luck: in {some} of {} runs {}",
                    verdicts.len(),
                    words(first)
                ),
            }));
        }
        return found;
    }
    let Some(first) = verdicts.first() else {
        return found;
    };
    found.extend(
        first
            .diagnostics
            .iter()
            .map(|warning| finding(format!("the compiler warns: {}", said(warning)))),
    );
    found.extend(first.notes.iter().map(|note| finding(note.clone())));
    // The fastest run is the one that other work on this machine disturbed least.
    let fastest = verdicts.iter().map(|verdict| verdict.run).min();
    if let Some(time) = fastest.filter(|time| timed && *time > IN_TIME) {
        found.push(finding(format!(
            "its tests take {:.1} s: they must end within {} s",
            time.as_secs_f64(),
            IN_TIME.as_secs()
        )));
    }
    let surplus: Vec<&str> = first
        .passed
        .iter()
        .filter(|test| !expected.contains(test))
        .map(String::as_str)
        .collect();
    if !surplus.is_empty() {
        found.push(Finding::new(
            Rule::Tests,
            format!("{}/tests.rs", exercise.dir()),
            format!(
                "the judge does not see these tests in the text: {}; write them as plain `#[test] fn name()`, in no module and by no macro",
                surplus.join(", ")
            ),
        ));
    }
    found
}

/// A wrong answer compiles, fails, and ends by itself.
pub(super) fn wrong(place: &str, verdict: &Verdict) -> Option<Finding> {
    let what = match &verdict.kind {
        Kind::Environment { .. } => return environment(verdict, place),
        Kind::TestsFailed | Kind::Crashed { .. } | Kind::OutOfMemory { .. } => return None,
        Kind::Passed => "it passes: the tests accept a wrong answer".to_string(),
        Kind::CompileFailed => words(verdict),
        Kind::TimedOut { .. } | Kind::TooMuchOutput { .. } => format!(
            "only the judge's limit ends it ({}): the tests must, with a budget or a deadline, and say why",
            words(verdict)
        ),
        Kind::Tampered { .. } | Kind::NoTests { .. } => words(verdict),
    };
    Some(Finding::new(Rule::Wrong, place, what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::ContentHash;

    fn verdict(kind: Kind, passed: &[&str]) -> Verdict {
        Verdict {
            exercise: "x".into(),
            hash: ContentHash::default(),
            kind,
            passed: passed.iter().map(|test| (*test).into()).collect(),
            failures: Vec::new(),
            diagnostics: Vec::new(),
            misconception: None,
            notes: Vec::new(),
            output: String::new(),
            compile: Duration::ZERO,
            run: Duration::from_millis(5),
        }
    }

    fn exercise() -> Exercise {
        crate::dev::testing::exercise("")
    }

    #[test]
    fn a_solution_that_fails_now_and_then_is_a_matter_of_luck() {
        let expected = ["a".to_string()];
        let good = verdict(Kind::Passed, &["a"]);
        let bad = verdict(Kind::TestsFailed, &[]);
        let found = |verdicts: &[Verdict]| solution(&exercise(), verdicts, &expected, true);
        assert!(found(&[good.clone(), good.clone()]).is_empty());
        let lucky = found(&[good.clone(), bad.clone(), good]);
        assert!(lucky[0].what.contains("in 1 of 3 runs"), "{lucky:?}");
        let never = found(&[bad.clone(), bad]);
        assert!(!never[0].what.contains("luck"), "{never:?}");
    }

    #[test]
    fn one_slow_run_is_no_finding_but_only_slow_runs_are() {
        let expected = ["a".to_string()];
        let run = |millis| Verdict {
            run: Duration::from_millis(millis),
            ..verdict(Kind::Passed, &["a"])
        };
        let found = |runs: &[Verdict], timed| solution(&exercise(), runs, &expected, timed).len();
        assert_eq!(found(&[run(2_500), run(1_900)], true), 0);
        assert_eq!(found(&[run(2_500), run(2_100)], true), 1);
        assert_eq!(found(&[run(2_500), run(2_100)], false), 0);
    }

    #[test]
    fn what_is_not_the_tracks_fault_is_of_the_environment() {
        let kind = Kind::Environment {
            what: "no compiler".into(),
            remedy: "get one".into(),
        };
        let broken = verdict(kind, &[]);
        let rules = [
            stub(&exercise(), &broken)[0].rule,
            solution(&exercise(), std::slice::from_ref(&broken), &[], true)[0].rule,
            wrong("x", &broken).unwrap().rule,
        ];
        assert_eq!(rules, [Rule::Environment; 3]);
    }
}
