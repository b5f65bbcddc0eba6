//! Screens as they look, at sizes large and small.

use super::*;
use crate::judge::Kind;
use crate::ui::Size;
use crate::watch::keys::Key;
use crate::watch::session::tests::{Play, broken, hash};
use crate::watch::session::{Event, Notice};

fn sized(play: &mut Play, width: usize, height: usize) -> String {
    play.event(Event::Resized(Size::new(width, height)));
    play.screen()
}

fn failed() -> Play {
    let mut play = Play::new(&[true, false, false]);
    play.judged(Kind::TestsFailed);
    play
}

#[test]
fn a_failed_test_at_80x24() {
    let mut play = failed();
    play.keys("hh");
    insta::assert_snapshot!(sized(&mut play, 80, 24));
}

#[test]
fn a_failed_test_at_60x20() {
    insta::assert_snapshot!(sized(&mut failed(), 60, 20));
}

#[test]
fn a_failed_test_at_30x8() {
    insta::assert_snapshot!(sized(&mut failed(), 30, 8));
}

#[test]
fn an_error_while_the_next_save_is_judged() {
    let mut play = Play::new(&[true, false, false]);
    play.judgement(Some(broken()), Some(hash("v")));
    play.event(Event::Saved);
    insta::assert_snapshot!(sized(&mut play, 80, 24));
}

#[test]
fn a_pass_at_80x24() {
    let mut play = failed();
    play.event(Event::Saved);
    play.judged(Kind::Passed);
    let after = "# What this proved\n\nA map that **reuses** deleted slots. It does not *shrink*.\n\n- Swiss tables use `SIMD` for this.\n\nA question: what if every key has the same hash?";
    play.event(Event::After(1, after.into()));
    insta::assert_snapshot!("a_pass_at_80x24", sized(&mut play, 80, 24));
    insta::assert_snapshot!("a_pass_at_60x20", sized(&mut play, 60, 20));
    insta::assert_snapshot!("a_pass_at_30x8", sized(&mut play, 30, 8));
}

#[test]
fn the_list_at_60x20_and_30x8() {
    let mut play = failed();
    play.keys("l");
    insta::assert_snapshot!("the_list_at_60x20", sized(&mut play, 60, 20));
    insta::assert_snapshot!("the_list_at_30x8", sized(&mut play, 30, 8));
}

#[test]
fn the_help_at_80x40() {
    let mut play = failed();
    play.keys("?");
    insta::assert_snapshot!(sized(&mut play, 80, 40));
}

#[test]
fn the_farewell_at_60x20() {
    let mut play = Play::new(&[true, false]);
    play.event(Event::Saved);
    play.judged(Kind::Passed);
    let all = vec![
        (0, crate::watch::session::Checked::Passes),
        (1, crate::watch::session::Checked::Passes),
    ];
    play.event(Event::Checked(3, Some(all)));
    play.key(Key::Enter);
    insta::assert_snapshot!(sized(&mut play, 60, 20));
}

/// Whatever is shown fits, at every size; the smallest ones are tried all.
#[test]
fn every_screen_fits_every_terminal() {
    let scripts: [fn(&mut Play); 9] = [
        |_| {},
        |play| drop(play.judged(Kind::TestsFailed)),
        |play| drop(play.judgement(Some(broken()), Some(hash("v")))),
        |play| {
            play.judged(Kind::Passed);
            play.event(Event::After(1, "# Head\n\ntext ".repeat(40)));
        },
        |play| drop(play.keys("hx")),
        |play| drop(play.keys("l/a")),
        |play| drop(play.keys("?")),
        |play| drop(play.event(Event::Unreadable("the file is missing".into()))),
        |play| {
            drop(play.event(Event::Told(Notice::warn(
                "a long notice of many words, ".repeat(9),
            ))))
        },
    ];
    let mut sizes: Vec<(usize, usize)> =
        (1..14).flat_map(|w| (1..14).map(move |h| (w, h))).collect();
    sizes.extend([(500, 200), (500, 1), (1, 200), (80, 24)]);
    for script in scripts {
        let mut play = Play::new(&[true, false, false]);
        script(&mut play);
        for &(width, height) in &sizes {
            play.event(Event::Resized(Size::new(width, height)));
            let lines = frame(&play.session);
            assert!(
                lines.len() <= height,
                "{} rows at {width}x{height}",
                lines.len()
            );
            for line in lines {
                assert!(text::width(&line) <= width, "{line:?} at {width}x{height}");
            }
        }
    }
}

#[test]
fn meaning_never_rests_on_colour() {
    let mut play = failed();
    assert!(!play.screen().contains('\x1b'));
    assert!(play.screen().contains("✗ 1 of 3 tests failed"));
    play.keys("l");
    assert!(play.screen().contains("✓ a  done"));
    assert!(play.screen().contains(">• · b"), "{}", play.screen());
}
