//! Each key on each screen.

use super::*;

#[test]
fn hints_come_one_by_one() {
    let mut play = Play::new(&[false, false]);
    play.judged(Kind::TestsFailed);
    assert_eq!(play.keys("h"), ["ShowHint(0, 1)"]);
    assert!(play.screen().contains("Hint 1 of 2\nLook at `get`."));
    assert_eq!(play.keys("h"), ["ShowHint(0, 2)"]);
    assert!(play.screen().contains("Hint 2 of 2"));
    assert!(play.keys("h").is_empty());
    assert_eq!(
        play.notice(),
        "That was the last hint. (a shows all of them)"
    );
    play.keys("a");
    assert!(play.screen().contains("Hint 1 of 2"));
    play.keys("an");
    assert!(
        !play.screen().contains("Hint"),
        "another exercise, other hints"
    );
    play.session.items[1].hints.clear();
    play.keys("h");
    assert_eq!(play.notice(), "There are no hints for this exercise.");
}

#[test]
fn next_and_previous_walk_whatever_is_done() {
    let mut play = Play::new(&[false, true, false]);
    assert_eq!(play.keys("n"), ["Watch(1)", "SetCurrent(1)", "Judge(2, 1)"]);
    assert_eq!(play.keys("n"), ["Watch(2)", "SetCurrent(2)", "Judge(3, 2)"]);
    assert!(play.keys("n").is_empty());
    assert!(play.notice().starts_with("This is the last exercise"));
    assert_eq!(play.keys("p"), ["Watch(1)", "SetCurrent(1)", "Judge(4, 1)"]);
    play.keys("p");
    assert!(play.keys("p").is_empty());
    assert!(play.notice().starts_with("This is the first exercise"));
}

#[test]
fn reset_asks_and_only_yes_is_yes() {
    let mut play = Play::new(&[false]);
    play.judged(Kind::TestsFailed);
    assert!(play.keys("x").is_empty());
    assert!(play.screen().contains("Put the original of a back?"));
    assert!(play.screen().contains("y reset  any other key keep it"));
    assert!(play.keys("n").is_empty());
    assert_eq!(play.notice(), "Nothing was reset.");
    assert!(play.keys("y").is_empty(), "the question is over");
    assert_eq!(play.keys("xY"), ["Reset(0)"]);
    assert_eq!(play.keys("u"), ["Restore(0)"]);
}

#[test]
fn the_editor_opens_at_the_first_error() {
    let mut play = Play::new(&[false]);
    assert_eq!(play.keys("o"), ["Open(0, None)"]);
    play.judgement(Some(broken()), Some(hash("v")));
    let place = "exercises/01_data_structures/b/b.rs:12:5";
    assert_eq!(play.keys("o"), [format!("Open(0, Some({place:?}))")]);
    play.keys("r");
    play.judged(Kind::TestsFailed);
    let place = "exercises/01_data_structures/b/tests.rs:41:9";
    assert_eq!(play.keys("o"), [format!("Open(0, Some({place:?}))")]);
}

#[test]
fn the_solution_is_for_those_who_passed() {
    let mut play = Play::new(&[true, false]);
    assert!(play.keys("s").is_empty());
    assert!(play.notice().starts_with("The solution of b is shown once"));
    play.keys("p");
    assert_eq!(play.keys("s"), ["LoadSolution(0)"]);
}

#[test]
fn keys_work_while_something_is_judged() {
    let mut play = Play::new(&[false, false]);
    let step = Step::Dependencies {
        group: "sql".into(),
        done: 12,
        total: 26,
        name: "rusqlite".into(),
    };
    play.event(Event::Step(1, step));
    assert!(
        play.screen()
            .contains("Building the crates of `sql`, only this once: 12 of 26 rusqlite")
    );
    assert_eq!(play.keys("h"), ["ShowHint(0, 1)"]);
    assert!(play.screen().contains("12 of 26 rusqlite"));
    play.keys("l");
    assert!(play.screen().contains("Exercises"));
    play.keys("q?");
    assert!(play.screen().contains("the next hint"));
    assert_eq!(
        play.keys("qn"),
        ["Watch(1)", "SetCurrent(1)", "Judge(2, 1)"]
    );
}

#[test]
fn the_clock_shows_after_a_second() {
    let mut play = Play::new(&[false]);
    play.event(Event::Step(1, Step::Compiling));
    play.now = Duration::from_millis(999);
    play.event(Event::Tick);
    assert!(play.screen().contains("Compiling\n"));
    play.now = Duration::from_millis(2100);
    play.event(Event::Tick);
    assert!(play.screen().contains("Compiling · 2 s\n"));
}

#[test]
fn ctrl_c_quits_from_everywhere_and_q_goes_back_first() {
    for screen in ["", "?", "l", "l/", "x", "a"] {
        let mut play = Play::new(&[false]);
        play.judged(Kind::TestsFailed);
        play.keys(screen);
        assert_eq!(play.key(Key::Ctrl('c')), ["Quit(Quit)"], "{screen}");
    }
    for screen in ["?", "l", "x", "a"] {
        let mut play = Play::new(&[false]);
        play.judged(Kind::TestsFailed);
        play.keys(screen);
        assert!(play.keys("q").is_empty(), "{screen}");
        assert!(play.session.overlay.is_none());
        assert_eq!(play.keys("q"), ["Quit(Quit)"], "{screen}");
    }
}

#[test]
fn stop_and_redraw_work_everywhere() {
    for screen in ["", "?", "l/", "x", "a"] {
        let mut play = Play::new(&[false]);
        play.keys(screen);
        assert_eq!(play.key(Key::Ctrl('z')), ["Suspend"], "{screen}");
        assert_eq!(play.key(Key::Ctrl('l')), ["Redraw"], "{screen}");
    }
}

#[test]
fn signals_become_effects() {
    let mut play = Play::new(&[false]);
    assert_eq!(
        play.event(Event::Signal(Signal::End(15))),
        ["Quit(Signal(15))"]
    );
    assert_eq!(play.event(Event::Signal(Signal::Stop)), ["Suspend"]);
    assert_eq!(play.event(Event::Signal(Signal::Continue)), ["Redraw"]);
    assert_eq!(play.event(Event::Gone), ["Quit(Gone)"]);
}

#[test]
fn a_key_without_meaning_says_so_until_the_next() {
    let mut play = Play::new(&[false]);
    play.keys("z");
    assert_eq!(play.notice(), "z does nothing here; ? shows the keys");
    play.keys("?");
    assert_eq!(play.notice(), "");
}

#[test]
fn a_long_text_scrolls_within_itself() {
    let mut play = Play::new(&[false]);
    let mut long = verdict(Kind::TestsFailed, "v");
    long.failures[0].output = (0..100).map(|line| format!("line {line}\n")).collect();
    play.judgement(Some(long), Some(hash("v")));
    play.keys("a");
    let top = |play: &Play| match &play.session.overlay {
        Some(Overlay::Pager(pager)) => pager.top,
        _ => panic!("no text is open"),
    };
    play.keys("k");
    assert_eq!(top(&play), 0);
    play.keys("jj");
    assert_eq!(top(&play), 2);
    play.key(Key::PageDown);
    assert_eq!(top(&play), 23);
    play.keys("G");
    let last = top(&play);
    assert!(play.screen().contains("line 99"));
    play.keys("j ");
    assert_eq!(top(&play), last);
    play.event(Event::Resized(Size::new(80, 60)));
    assert!(
        top(&play) < last,
        "a taller screen shows no emptiness below the end"
    );
    play.keys("g");
    assert_eq!(top(&play), 0);
    assert_eq!(
        play.keys("h"),
        ["ShowHint(0, 1)"],
        "other keys act and close it"
    );
    assert!(play.session.overlay.is_none());
}
