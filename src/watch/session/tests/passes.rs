//! Passes: recorded at once, read in peace, gone on from; and the end of the walk.

use super::*;

fn passed(play: &mut Play) -> Vec<String> {
    play.event(Event::Saved);
    play.judged(Kind::Passed)
}

#[test]
fn a_pass_is_recorded_first_and_the_next_exercise_becomes_current() {
    let mut play = Play::new(&[false, true, false]);
    let effects = passed(&mut play);
    assert_eq!(
        effects,
        [
            "Record(0, passed)",
            "LoadAfter(0)",
            "Watch(2)",
            "SetCurrent(2)",
            "Judge(3, 2)",
            "Advise(0)"
        ]
    );
    play.event(Event::After(0, "# What it proved\n\nOrder.".into()));
    let screen = play.screen();
    for words in [
        "✓ Passed: 2 tests",
        "What it proved",
        "Next: c",
        "2/3 done",
        "c/c.rs",
        "All about a",
    ] {
        assert!(screen.contains(words), "{words}:\n{screen}");
    }
}

#[test]
fn a_save_of_the_next_exercise_puts_the_pass_screen_away() {
    let mut play = Play::new(&[false, false]);
    passed(&mut play);
    assert_eq!(play.event(Event::Saved), ["Judge(4, 1)"]);
    assert!(play.session.passed.is_none());
    assert!(play.screen().contains("All about b"));
}

#[test]
fn a_save_of_the_exercise_that_passed_goes_back_to_it() {
    let mut play = Play::new(&[false, false]);
    passed(&mut play);
    assert_eq!(
        play.event(Event::SavedElsewhere(0)),
        ["Watch(0)", "SetCurrent(0)", "Judge(4, 0)"]
    );
    assert_eq!(
        play.judged(Kind::Passed),
        ["Record(0, passed)", "LoadAfter(0)", "Advise(0)"]
    );
    assert_eq!(
        play.session.current, 0,
        "one who plays with a done exercise is left at it"
    );
    assert_eq!(play.keys("n"), ["Watch(1)", "SetCurrent(1)", "Judge(5, 1)"]);
}

#[test]
fn a_key_puts_the_pass_screen_away_without_skipping() {
    for key in [Key::Enter, Key::Char(' '), Key::Char('n'), Key::Escape] {
        let mut play = Play::new(&[false, false, false]);
        passed(&mut play);
        play.judged(Kind::TestsFailed);
        assert!(
            play.session.passed.is_some(),
            "the next one's verdict waits behind it"
        );
        assert!(play.key(key).is_empty());
        assert!(play.session.passed.is_none());
        assert_eq!(play.session.current, 1);
        assert!(play.screen().contains("1 of 3 tests failed"));
    }
}

#[test]
fn a_next_exercise_that_passes_as_it_is_waits_for_the_reader() {
    let mut play = Play::new(&[false, false, false]);
    passed(&mut play);
    assert!(play.judged(Kind::Passed).is_empty());
    assert!(!play.session.items[1].done);
    let effects = play.key(Key::Enter);
    assert_eq!(effects[0], "Record(1, passed)");
    assert_eq!(play.session.current, 2);
    assert_eq!(play.session.passed.as_ref().unwrap().item, 1);
}

#[test]
fn a_save_forgets_the_pass_that_waited() {
    let mut play = Play::new(&[false, false, false]);
    passed(&mut play);
    play.judged(Kind::Passed);
    play.event(Event::Saved);
    play.judged(Kind::TestsFailed);
    assert!(!play.session.items[1].done);
    assert!(play.key(Key::Enter).is_empty());
    assert!(!play.session.items[1].done);
}

#[test]
fn without_advance_the_learner_says_when() {
    let mut play = Play::with(&[false, false], false);
    assert_eq!(
        passed(&mut play),
        ["Record(0, passed)", "LoadAfter(0)", "Advise(0)"]
    );
    assert_eq!(play.session.current, 0);
    assert!(play.screen().contains("Enter goes on"));
    assert_eq!(play.keys("n"), ["Watch(1)", "SetCurrent(1)", "Judge(3, 1)"]);
}

#[test]
fn a_done_exercise_that_is_visited_stays() {
    let mut play = Play::new(&[true, false]);
    play.judged(Kind::TestsFailed);
    play.keys("p");
    assert_eq!(
        play.judged(Kind::Passed),
        ["LoadAfter(0)", "Advise(0)"],
        "nothing new to record"
    );
    assert_eq!(play.session.current, 0);
    play.keys("r");
    assert!(play.judged(Kind::TestsFailed).is_empty());
    assert!(
        play.session.items[0].done,
        "a look at a broken version takes nothing away"
    );
}

#[test]
fn the_solution_on_the_pass_screen_is_that_of_the_passed_one() {
    let mut play = Play::new(&[false, false]);
    passed(&mut play);
    assert_eq!(play.keys("s"), ["LoadSolution(0)"]);
    play.event(Event::Solution(
        0,
        vec![("a.rs".into(), "fn a() {}\n".into())],
    ));
    assert!(play.screen().contains("The solution of a"));
    assert!(play.screen().contains("fn a() {}"));
    play.keys("s");
    assert!(play.session.passed.is_some(), "back to what was being read");
    assert_eq!(play.keys("p"), ["Watch(0)", "SetCurrent(0)", "Judge(4, 0)"]);
}

#[test]
fn keys_about_the_current_exercise_put_the_pass_screen_away() {
    for (keys, effect) in [
        ("h", "ShowHint(1, 1)"),
        ("r", "Judge(4, 1)"),
        ("xy", "Reset(1)"),
        ("u", "Restore(1)"),
        ("o", "Open(1, None)"),
    ] {
        let mut play = Play::new(&[false, false]);
        passed(&mut play);
        assert_eq!(play.keys(keys), [effect]);
        assert!(play.session.passed.is_none(), "{keys}");
    }
}

#[test]
fn after_the_last_pass_everything_is_checked_once_more() {
    let mut play = Play::new(&[true, false, true]);
    assert_eq!(
        passed(&mut play),
        [
            "Record(1, passed)",
            "LoadAfter(1)",
            "Check(3, [0, 1, 2])",
            "Advise(1)"
        ]
    );
    play.event(Event::Checking {
        id: 3,
        done: 2,
        total: 3,
    });
    assert!(
        play.screen()
            .contains("Checking everything done once more: 2 of 3")
    );
    play.key(Key::Enter);
    assert!(play.session.passed.is_some(), "nowhere to go yet");
    let all = vec![
        (0, Checked::Passes),
        (1, Checked::Passes),
        (2, Checked::Passes),
    ];
    assert!(play.event(Event::Checked(3, Some(all))).is_empty());
    assert!(
        play.notice()
            .contains("3 exercises checked once more: all pass")
    );
    assert!(
        !play.screen().contains("Well done"),
        "what was proved can still be read"
    );
    play.key(Key::Enter);
    assert!(play.screen().contains("Well done\n\nThat was all of it."));
}

#[test]
fn what_fails_the_last_check_is_pending_again() {
    let mut play = Play::new(&[true, true, false, true]);
    passed(&mut play);
    let results = vec![
        (0, Checked::Passes),
        (1, Checked::Fails),
        (2, Checked::Passes),
        (3, Checked::Fails),
    ];
    assert_eq!(
        play.event(Event::Checked(3, Some(results))),
        ["SetPending([1, 3])"]
    );
    assert!(
        play.screen()
            .contains("2 exercises no longer pass, pending again: b, d")
    );
    assert_eq!(play.session.done(), 2);
    assert_eq!(play.key(Key::Enter)[0], "Watch(1)");
}

#[test]
fn what_could_not_be_checked_is_not_held_against_the_learner() {
    let mut play = Play::new(&[true, false]);
    passed(&mut play);
    let results = vec![(0, Checked::Unknown), (1, Checked::Passes)];
    assert!(play.event(Event::Checked(3, Some(results))).is_empty());
    assert!(play.notice().contains("Could not be checked: a."));
    assert!(!play.session.finished);
    assert_eq!(play.session.done(), 2);
}

#[test]
fn a_check_can_be_asked_for_stopped_and_overtaken() {
    let mut play = Play::new(&[true, false]);
    play.judged(Kind::TestsFailed);
    assert_eq!(play.keys("c"), ["Check(2, [0])"]);
    assert_eq!(play.keys("c"), ["Cancel"]);
    assert!(play.event(Event::Checked(2, None)).is_empty());
    assert_eq!(play.keys("c"), ["Check(3, [0])"]);
    assert_eq!(play.event(Event::Saved), ["Judge(4, 1)"]);
    let late = Event::Checked(3, Some(vec![(0, Checked::Fails)]));
    assert!(play.event(late).is_empty());
    assert!(play.session.items[0].done);

    let mut nothing = Play::new(&[false]);
    nothing.judged(Kind::TestsFailed);
    assert!(nothing.keys("c").is_empty());
    assert!(nothing.notice().contains("Nothing is done yet"));
}

#[test]
fn advice_comes_later_and_only_to_its_exercise() {
    let mut play = Play::new(&[false, false]);
    passed(&mut play);
    play.event(Event::Advice(1, vec!["warning: of another".into()]));
    assert!(!play.screen().contains("Clippy"));
    play.event(Event::Advice(
        0,
        vec!["warning: needless borrow\n --> a.rs:1:1\n".into()],
    ));
    assert!(
        play.screen()
            .contains("Clippy has 1 remark on your solution: a shows it")
    );
    play.keys("a");
    assert!(
        play.screen()
            .contains("warning: needless borrow\n --> a.rs:1:1")
    );
}

#[test]
fn what_another_window_did_is_taken_over() {
    let mut play = Play::new(&[false, false, false]);
    play.event(Event::Done(vec![false, true, false]));
    assert_eq!(play.session.done(), 1);
    passed(&mut play);
    assert_eq!(play.session.current, 2);
}
