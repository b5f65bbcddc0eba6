//! Saves, judgements that overlap them, and files that are gone.

use super::*;

#[test]
fn a_save_is_judged_and_its_attempt_kept() {
    let mut play = Play::new(&[false, false]);
    assert!(
        play.judged(Kind::TestsFailed).is_empty(),
        "what one finds on arrival is no attempt"
    );
    assert_eq!(play.event(Event::Saved), ["Judge(2, 0)"]);
    assert_eq!(play.judged(Kind::TestsFailed), ["Record(0, tests_failed)"]);
    assert!(play.screen().contains("1 of 3 tests failed"));
}

#[test]
fn a_save_during_a_judgement_replaces_it_and_the_old_verdict_is_dropped() {
    let mut play = Play::new(&[false, false]);
    let old = play.running();
    assert_eq!(play.event(Event::Saved), ["Judge(2, 0)"]);
    let stale = Event::Judged {
        id: old,
        judged: Some(judged(verdict(Kind::Passed, "v"))),
        on_disk: Some(hash("v")),
    };
    assert!(play.event(stale).is_empty());
    assert!(!play.session.items[0].done);
    play.event(Event::Step(old, Step::Testing { done: 1, total: 2 }));
    assert!(!play.screen().contains("Testing"));
    play.event(Event::Step(2, Step::Testing { done: 1, total: 2 }));
    assert!(play.screen().contains("Testing: 1 of 2"));
    assert_eq!(
        play.judged(Kind::CompileFailed),
        ["Record(0, compile_failed)"]
    );
}

#[test]
fn a_verdict_on_what_is_no_longer_there_starts_again() {
    let mut play = Play::new(&[false, false]);
    let passed = verdict(Kind::Passed, "old");
    assert_eq!(
        play.judgement(Some(passed), Some(hash("new"))),
        ["Judge(2, 0)"]
    );
    assert!(!play.session.items[0].done);
    assert_eq!(play.judged(Kind::TestsFailed), ["Record(0, tests_failed)"]);
}

#[test]
fn a_cancelled_judgement_leaves_the_screen_as_it_was() {
    let mut play = Play::new(&[false, false]);
    play.judged(Kind::TestsFailed);
    play.keys("r");
    assert!(play.judgement(None, None).is_empty());
    assert!(play.screen().contains("1 of 3 tests failed"));
    assert!(!play.session.is_busy());
}

#[test]
fn trouble_with_the_machine_is_no_attempt() {
    let mut play = Play::new(&[false, false]);
    play.event(Event::Saved);
    let trouble = Kind::Environment {
        what: "no rustc".into(),
        remedy: "Install it: https://rustup.rs".into(),
    };
    assert!(play.judged(trouble).is_empty());
    assert!(play.screen().contains("not your fault"));
}

#[test]
fn a_missing_file_is_said_and_comes_back_by_reset() {
    let mut play = Play::new(&[false, false]);
    play.judged(Kind::TestsFailed);
    play.event(Event::Saved);
    let late = play.running();
    assert_eq!(
        play.event(Event::Unreadable(
            "a.rs is missing: x puts the original back".into()
        )),
        ["Cancel"]
    );
    assert!(
        play.screen()
            .contains("✗ a.rs is missing: x puts the original back")
    );
    let late = Event::Judged {
        id: late,
        judged: None,
        on_disk: None,
    };
    assert!(play.event(late).is_empty());
    assert_eq!(play.keys("xy"), ["Reset(0)"]);
    assert_eq!(
        play.event(Event::Replaced(Notice::good("put back"))),
        ["Judge(3, 0)"]
    );
    assert_eq!(play.notice(), "put back");
    assert!(
        play.judged(Kind::TestsFailed).is_empty(),
        "the original is no attempt"
    );
    assert!(!play.screen().contains("missing"));
}

#[test]
fn a_save_closes_what_covers_the_verdict() {
    let mut play = Play::new(&[false, false]);
    for keys in ["?", "l", "x"] {
        play.judged(Kind::TestsFailed);
        play.keys(keys);
        assert!(play.session.overlay.is_some());
        play.event(Event::Saved);
        assert!(play.session.overlay.is_none(), "{keys}");
    }
}

#[test]
fn everything_stays_open_and_shows_the_new_verdict() {
    let mut play = Play::new(&[false, false]);
    play.judged(Kind::TestsFailed);
    play.keys("a");
    play.event(Event::Saved);
    play.judgement(Some(broken()), Some(hash("v")));
    assert!(play.screen().contains("Everything about a"));
    assert!(play.screen().contains("error[E0308]"), "{}", play.screen());
}

#[test]
fn another_exercise_that_is_saved_is_named_and_one_key_away() {
    let mut play = Play::new(&[false, false, false]);
    play.judged(Kind::TestsFailed);
    assert!(play.event(Event::SavedElsewhere(2)).is_empty());
    assert!(
        play.notice()
            .starts_with("c was saved, but the current exercise is a")
    );
    assert_eq!(play.keys("g"), ["Watch(2)", "SetCurrent(2)", "Judge(2, 2)"]);
    assert!(play.keys("g").is_empty());
}

#[test]
fn polling_is_said_once_and_marked() {
    let mut play = Play::new(&[false]);
    play.judged(Kind::TestsFailed);
    play.event(Event::Watching(Some(
        "no events come here: looking every 250 ms".into(),
    )));
    assert!(
        play.screen()
            .contains("! no events come here: looking every 250 ms")
    );
    play.keys("h");
    assert!(!play.screen().contains("no events come"));
    assert!(play.screen().contains("polling"));
}
