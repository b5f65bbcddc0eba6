use super::*;
use crate::track::ContentHash;

fn verdict(kind: Kind) -> Verdict {
    Verdict {
        exercise: "open_addressing".into(),
        hash: ContentHash::default(),
        kind,
        passed: vec!["an_empty_map_has_nothing".into()],
        failures: Vec::new(),
        diagnostics: Vec::new(),
        misconception: None,
        notes: Vec::new(),
        output: String::new(),
        compile: Duration::from_millis(120),
        run: Duration::from_millis(30),
    }
}

fn failure(name: &str) -> Failure {
    Failure {
        test: name.into(),
        message: "assertion `left == right` failed: 3 were removed\n  left: 3\n right: 0".into(),
        location: Some("exercises/01_x/y/y.rs:41:9".into()),
        output: String::new(),
    }
}

fn error(number: usize, level: Level) -> Diagnostic {
    let word = if level == Level::Error {
        "error"
    } else {
        "warning"
    };
    Diagnostic {
        level,
        rendered: format!(
            "\x1b[31m{word}\x1b[0m: number {number}\n --> y.rs:{number}:1\n  |\n  = note\n\n"
        ),
        location: Some(format!("y.rs:{number}:1")),
    }
}

fn room(width: usize, height: usize) -> Room {
    Room {
        width: Some(width),
        height: Some(height),
        more: "press a",
    }
}

fn plain(verdict: &Verdict, room: Room) -> String {
    lines(verdict, room, &Style::plain()).join("\n")
}

#[test]
fn a_failed_test_shows_name_message_sides_and_place() {
    let mut verdict = verdict(Kind::TestsFailed);
    verdict.failures = vec![failure("deleted_slots_are_reused")];
    verdict.notes = vec!["Did you forget tombstones?".into()];
    verdict.failures[0].output = "probe 1\nprobe 2\n".into();
    insta::assert_snapshot!(plain(&verdict, Room::UNBOUNDED), @"
    ✗ 1 of 2 tests failed
    ! Did you forget tombstones?

    ✗ deleted_slots_are_reused
        3 were removed
         left: 3
        right: 0
        at exercises/01_x/y/y.rs:41:9
        printed:
          probe 1
          probe 2
    ");
}

#[test]
fn errors_come_before_warnings_and_the_rest_is_counted() {
    let mut verdict = verdict(Kind::CompileFailed);
    verdict.diagnostics = vec![
        error(1, Level::Warning),
        error(2, Level::Error),
        error(3, Level::Error),
        error(4, Level::Error),
    ];
    insta::assert_snapshot!(plain(&verdict, room(40, 13)), @"
    ✗ Does not compile: 3 errors

    error: number 2
     --> y.rs:2:1
      |
      = note

    error: number 3
     --> y.rs:3:1
      |
      = note
    … 1 error, 1 warning more: press a
    ");
    let everything = plain(&verdict, Room::UNBOUNDED);
    assert!(everything.find("number 4").unwrap() < everything.find("number 1").unwrap());
}

#[test]
fn the_first_error_is_cut_when_even_it_does_not_fit() {
    let mut verdict = verdict(Kind::CompileFailed);
    verdict.diagnostics = vec![error(1, Level::Error), error(2, Level::Error)];
    insta::assert_snapshot!(plain(&verdict, room(20, 5)), @"
    ✗ Does not compile:…

    error: number 1
     --> y.rs:1:1
    … the rest of this,…
    ");
}

#[test]
fn nothing_is_said_to_be_cut_when_all_fits() {
    let mut verdict = verdict(Kind::TestsFailed);
    verdict.failures = vec![failure("one")];
    let shown = plain(&verdict, room(80, 8));
    assert!(shown.ends_with("y.rs:41:9"), "{shown}");
}

#[test]
fn a_flood_of_output_is_cut_to_its_end() {
    let mut verdict = verdict(Kind::TestsFailed);
    verdict.failures = vec![failure("one")];
    verdict.failures[0].output = (0..60_000).map(|line| format!("line {line}\n")).collect();
    let shown = plain(&verdict, room(80, 24));
    assert!(
        shown.contains("… (the end of it)\n      line 59996\n"),
        "{shown}"
    );
    assert!(shown.ends_with("line 59999"));
    assert!(plain(&verdict, Room::UNBOUNDED).contains("line 30000"));
}

#[test]
fn output_matters_when_the_run_broke_off() {
    let mut verdict = verdict(Kind::Crashed {
        how: "stack overflow".into(),
        test: Some("deep".into()),
    });
    verdict.output = "thread 'deep' has overflowed its stack\x1b[2J\n".into();
    insta::assert_snapshot!(plain(&verdict, room(80, 24)), @"
    ✗ Crashed: stack overflow in the test `deep`

    What the tests printed:
      thread 'deep' has overflowed its stack
    ");
    verdict.kind = Kind::Passed;
    assert!(!plain(&verdict, room(80, 24)).contains("overflowed"));
}

#[test]
fn every_kind_has_words_and_a_way_on() {
    let kinds = [
        (Kind::Passed, "Passed: 1 test in 0.03 s"),
        (
            Kind::TimedOut {
                after: Duration::from_secs(10),
                test: None,
            },
            "no end after 10 s",
        ),
        (
            Kind::OutOfMemory {
                limit: 2 << 30,
                test: Some("t".into()),
            },
            "more than 2048 MiB in the test `t`",
        ),
        (
            Kind::TooMuchOutput { test: None },
            "Too much output: stopped",
        ),
        (
            Kind::Tampered {
                what: "`a` is ignored".into(),
            },
            "`a` is ignored",
        ),
        (
            Kind::NoTests {
                what: "put `mod tests;` back".into(),
            },
            "put `mod tests;` back",
        ),
        (
            Kind::Environment {
                what: "no rustc".into(),
                remedy: "install it".into(),
            },
            "(not your fault): no rustc\n  install it",
        ),
    ];
    for (kind, words) in kinds {
        let shown = plain(&verdict(kind), Room::UNBOUNDED);
        assert!(shown.contains(words), "{shown}");
        assert!(!shown.contains('\x1b'));
    }
}

#[test]
fn the_summary_is_the_headline_in_words() {
    let mut verdict = verdict(Kind::TestsFailed);
    verdict.failures = vec![failure("a")];
    assert_eq!(summary(&verdict), "1 of 2 tests failed");
}

#[test]
fn colours_follow_the_style() {
    let mut verdict = verdict(Kind::CompileFailed);
    verdict.diagnostics = vec![error(1, Level::Error)];
    assert!(!plain(&verdict, Room::UNBOUNDED).contains('\x1b'));
    let coloured = lines(&verdict, Room::UNBOUNDED, &Style::coloured()).join("\n");
    assert!(coloured.contains("\x1b[31merror\x1b[0m"));
}

#[test]
fn every_room_holds() {
    let mut verdict = verdict(Kind::CompileFailed);
    verdict.notes = vec!["a note of some length to be wrapped".into()];
    verdict.diagnostics = (0..9).map(|number| error(number, Level::Error)).collect();
    verdict.failures = vec![failure("a"), failure("b")];
    for width in [1, 2, 3, 10, 79] {
        for height in 1..40 {
            let shown = lines(&verdict, room(width, height), &Style::coloured());
            assert!(shown.len() <= height, "{width}x{height}");
            assert!(
                shown.iter().all(|line| text::width(line) <= width),
                "{width}x{height}"
            );
        }
    }
}

#[test]
fn unwritten_steps_are_shown_once_with_their_tests() {
    let mut verdict = verdict(Kind::TestsFailed);
    verdict.failures = ["a_comes_first", "b_comes_then", "c_comes_last"]
        .map(|name| Failure {
            message: "not yet implemented: step 1: remember where each amount was seen".into(),
            ..failure(name)
        })
        .into();
    verdict.failures.push(failure("d_fails_otherwise"));
    insta::assert_snapshot!(plain(&verdict, room(50, 24)), @r"
    ✗ 4 of 5 tests failed

    · to write: step 1: remember where each amount was
      seen
        3 tests wait for it
        at exercises/01_x/y/y.rs:41:9

    ✗ d_fails_otherwise
        3 were removed
         left: 3
        right: 0
        at exercises/01_x/y/y.rs:41:9
    ");
    let whole = plain(&verdict, Room::UNBOUNDED);
    assert!(whole.contains("b_comes_then"), "{whole}");
    assert!(plain(&verdict, room(50, 8)).contains("1 failed test more"));
}

#[test]
fn a_long_message_is_folded_and_not_cut() {
    let mut verdict = verdict(Kind::TestsFailed);
    let message = "a word ".repeat(30) + "the end";
    verdict.failures = vec![Failure {
        message,
        ..failure("a")
    }];
    let shown = plain(&verdict, room(40, 24));
    let words: Vec<&str> = shown.split_whitespace().collect();
    assert!(words.join(" ").contains("a word the end at"), "{shown}");
    assert!(
        shown.lines().all(|line| line.chars().count() <= 40),
        "{shown}"
    );
}

#[test]
fn a_known_mistake_offers_its_hint() {
    let mut verdict = verdict(Kind::TestsFailed);
    verdict.failures = vec![failure("deleted_slots_are_reused")];
    verdict.misconception = Some(crate::judge::Misconception {
        name: "clears_the_slot".into(),
        why: "An emptied slot cuts the chain.".into(),
        hint: "What stops a probe?".into(),
    });
    let shown = plain(&verdict, room(80, 24));
    assert!(
        shown.contains("known mistake fails just these tests. What stops a probe?"),
        "{shown}"
    );
    assert!(!shown.contains("cuts the chain"), "{shown}");
}
