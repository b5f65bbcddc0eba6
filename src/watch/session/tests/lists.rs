//! The list.

use super::*;

fn shown(play: &Play) -> (Vec<usize>, usize) {
    match &play.session.overlay {
        Some(Overlay::List(list)) => (list.visible.clone(), list.selected),
        _ => panic!("the list is not open"),
    }
}

#[test]
fn the_cursor_starts_at_the_current_exercise_and_moves() {
    let mut play = Play::new(&[true, false, false, true]);
    play.keys("l");
    assert_eq!(shown(&play), (vec![0, 1, 2, 3], 1));
    play.keys("jj");
    assert_eq!(shown(&play).1, 3);
    play.keys("j");
    assert_eq!(shown(&play).1, 3);
    play.keys("k");
    play.key(Key::Up);
    assert_eq!(shown(&play).1, 1);
    play.keys("G");
    assert_eq!(shown(&play).1, 3);
    play.keys("g");
    assert_eq!(shown(&play).1, 0);
    play.key(Key::PageDown);
    assert_eq!(shown(&play).1, 3);
    play.key(Key::PageUp);
    assert_eq!(shown(&play).1, 0);
}

#[test]
fn enter_goes_there() {
    let mut play = Play::new(&[true, false, false]);
    play.keys("lj");
    assert_eq!(
        play.key(Key::Enter),
        ["Watch(2)", "SetCurrent(2)", "Judge(2, 2)"]
    );
    assert!(play.session.overlay.is_none());
    play.keys("l");
    assert!(play.key(Key::Enter).is_empty(), "already there");
    assert!(play.session.overlay.is_none());
}

#[test]
fn done_and_pending_can_be_told_apart() {
    let mut play = Play::new(&[true, false, true, false]);
    play.keys("ld");
    assert_eq!(shown(&play), (vec![0, 2], 1));
    play.keys("p");
    assert_eq!(shown(&play), (vec![1, 3], 1));
    play.keys("p");
    assert_eq!(shown(&play), (vec![0, 1, 2, 3], 3));
}

#[test]
fn typing_searches_names_titles_and_topics() {
    let mut play = Play::new(&[false, false, false]);
    play.session.items[1].name = "lru_cache".into();
    play.session.items[2].title = "The LRU again".into();
    play.keys("l/LRU");
    assert_eq!(shown(&play).0, [1, 2]);
    play.keys(" cache");
    assert_eq!(shown(&play).0, [1]);
    assert!(play.screen().contains("Exercises  / LRU cache_"));
    for _ in 0.." cache".len() {
        play.key(Key::Backspace);
    }
    assert_eq!(shown(&play).0, [1, 2]);
    play.key(Key::Down);
    assert_eq!(play.key(Key::Enter)[0], "Watch(2)");
}

#[test]
fn a_search_without_result_is_said_and_ends_with_escape() {
    let mut play = Play::new(&[false, false]);
    play.keys("l/zzz");
    assert!(play.screen().contains("Nothing fits."));
    assert!(play.key(Key::Enter).is_empty());
    play.key(Key::Escape);
    assert_eq!(shown(&play).0, [0, 1]);
    play.key(Key::Escape);
    assert!(play.session.overlay.is_none());
}

#[test]
fn letters_are_text_while_typing() {
    let mut play = Play::new(&[false, false]);
    play.keys("l/q");
    assert!(matches!(&play.session.overlay, Some(Overlay::List(list)) if list.query == "q"));
}

#[test]
fn another_size_closes_nothing() {
    let mut play = Play::new(&[false, false]);
    play.keys("l");
    play.event(Event::Resized(Size::new(40, 10)));
    assert_eq!(shown(&play).0, [0, 1]);
    play.keys("qx");
    play.event(Event::Resized(Size::new(80, 24)));
    assert!(matches!(play.session.overlay, Some(Overlay::Confirm(_))));
}
