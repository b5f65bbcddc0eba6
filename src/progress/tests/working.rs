//! State in good order.

use super::*;

#[test]
fn looking_writes_nothing() {
    let place = Place::new();
    let mut store = place.open();
    assert!(!store.refresh().unwrap());
    store.update(|_| ()).unwrap();
    assert!(store.attempts("01_structures/stack").unwrap().is_empty());
    assert_eq!(store.history(|_| panic!("there is none")).unwrap(), 0);
    assert!(place.names().is_empty());
}

#[test]
fn a_pass_is_in_all_three_places() {
    let place = Place::new();
    let mut store = place.open();
    pass(&mut store, "stack", 0);
    assert_eq!(
        place.text("progress.toml"),
        "# What you did in this workspace; kept by backlings.\n\
         format_version = 1\n\
         track = \"\"\n\
         roadmap = \"\"\n\
         history_bytes = 109\n\
         \n\
         [done.stack]\n\
         at = \"2025-11-22T12:41:00Z\"\n\
         hash = \"ab12\"\n\
         \n\
         [hints]\n\
         \n\
         # end of progress\n"
    );
    assert_eq!(
        place.text("history.jsonl"),
        "{\"at\":\"2025-11-22T12:41:00Z\",\"exercise\":\"stack\",\"verdict\":\"passed\",\
         \"compile_ms\":80,\"run_ms\":3,\"hash\":\"ab12\"}\n"
    );
    let attempt = "attempts/01_structures/stack/2025-11-22T12-41-00Z";
    assert_eq!(place.text(&format!("{attempt}/stack.rs")), "// stack 0");
    assert_eq!(
        place.text(&format!("{attempt}/attempt.toml")),
        "why = \"passed\"\nat = \"2025-11-22T12:41:00Z\"\nhash = \"ab12\"\n"
    );
    assert_eq!(place.open().progress(), store.progress());
}

#[test]
fn what_follows_from_a_pass_is_written_with_it() {
    let place = Place::new();
    let mut store = place.open();
    let passed = Passed {
        exercise: "stack",
        folder: "01_structures/stack",
        hash: "ab12",
        at: at(0),
        compile: Duration::ZERO,
        run: Duration::ZERO,
    };
    let files = [("stack.rs", "")];
    store
        .pass_and(&passed, &files, |progress| {
            assert!(progress.is_done("stack"));
            progress.set_current("queue");
        })
        .unwrap();
    assert_eq!(place.open().progress().current.as_deref(), Some("queue"));
    assert!(!place.path("progress.toml.bak").exists(), "one write");
}

#[test]
fn choices_and_hints_are_kept() {
    let place = Place::new();
    let mut store = place.open();
    store
        .update(|progress| {
            progress.track = "official".into();
            progress.set_roadmap("junior");
            progress.set_current("queue");
        })
        .unwrap();
    assert_eq!(store.show_hint("queue", at(0)).unwrap(), 1);
    assert_eq!(store.show_hint("queue", at(1)).unwrap(), 2);
    let again = place.open();
    let progress = again.progress();
    assert_eq!(progress.track, "official");
    assert_eq!(progress.roadmap, "junior");
    assert_eq!(progress.current.as_deref(), Some("queue"));
    assert_eq!(progress.hints_shown("queue"), 2);
    assert_eq!(progress.hints_shown("stack"), 0);
}

#[test]
fn two_instances_add_up() {
    let place = Place::new();
    let (mut one, mut two) = (place.open(), place.open());
    pass(&mut one, "stack", 0);
    pass(&mut two, "queue", 1);
    assert_eq!(done(&two), ["queue", "stack"]);
    assert_eq!(done(&one), ["stack"]);
    assert!(one.refresh().unwrap());
    assert_eq!(done(&one), ["queue", "stack"]);
    assert!(!one.refresh().unwrap());
    assert_eq!(one.show_hint("heap", at(2)).unwrap(), 1);
    assert_eq!(two.show_hint("heap", at(3)).unwrap(), 2);
    two.update(|progress| progress.set_current("heap")).unwrap();
    one.update(|progress| progress.set_roadmap("mid")).unwrap();
    assert_eq!(one.progress().current.as_deref(), Some("heap"));
    assert_eq!(done(&place.open()), ["queue", "stack"]);
}

#[test]
fn a_pass_that_only_the_history_has_counts() {
    let place = Place::new();
    let mut store = place.open();
    pass(&mut store, "stack", 0);
    let entry = Entry::judged(
        at(5),
        "queue",
        "passed",
        Duration::ZERO,
        Duration::ZERO,
        "cd",
    );
    store.record(&entry).unwrap();
    assert_eq!(done(&store), ["stack"]);
    let mut again = place.open();
    assert_eq!(done(&again), ["queue", "stack"]);
    assert_eq!(again.progress().done["queue"].hash, "cd");
    // Looking does not write; the next change does.
    assert!(!place.text("progress.toml").contains("queue"));
    again.update(|progress| progress.set_current("x")).unwrap();
    assert!(place.text("progress.toml").contains("[done.queue]"));
}

#[test]
fn a_reopened_exercise_stays_pending() {
    let place = Place::new();
    let mut store = place.open();
    pass(&mut store, "stack", 0);
    pass(&mut store, "queue", 1);
    store.reopen("stack", at(2)).unwrap();
    assert_eq!(done(&place.open()), ["queue"]);
    // Also for those who have but the history.
    fs::remove_file(place.path("progress.toml")).unwrap();
    fs::remove_file(place.path("progress.toml.bak")).unwrap();
    let (mut store, told) = place.open_told();
    assert!(
        told.contains("rebuilt from the history: 1 exercise done"),
        "{told}"
    );
    pass(&mut store, "stack", 3);
    assert_eq!(done(&place.open()), ["queue", "stack"]);
}

#[test]
fn a_reopening_that_only_the_history_has_counts() {
    let place = Place::new();
    let mut store = place.open();
    pass(&mut store, "stack", 0);
    store
        .record(&Entry::event(at(1), "stack", Event::Reopen))
        .unwrap();
    assert_eq!(done(&place.open()), [] as [&str; 0]);
    // But not one from before the pass.
    pass(&mut store, "stack", 9);
    store
        .record(&Entry::event(at(8), "stack", Event::Reopen))
        .unwrap();
    assert_eq!(done(&place.open()), ["stack"]);
}

#[test]
fn a_later_pass_replaces_time_and_hash_an_earlier_one_does_not() {
    let place = Place::new();
    let mut store = place.open();
    pass(&mut store, "stack", 5);
    let judged = |second, hash| {
        Entry::judged(
            at(second),
            "stack",
            "passed",
            Duration::ZERO,
            Duration::ZERO,
            hash,
        )
    };
    store.record(&judged(3, "old")).unwrap();
    assert_eq!(place.open().progress().done["stack"].hash, "ab12");
    store.record(&judged(7, "new")).unwrap();
    assert_eq!(place.open().progress().done["stack"].hash, "new");
    assert_eq!(place.open().progress().done["stack"].at, at(7));
}

#[test]
fn other_versions_keys_and_names_outlive_every_write() {
    let place = Place::new();
    let mut store = place.open();
    pass(&mut store, "stack", 0);
    let text = place.text("progress.toml");
    let text = text
        .replace("track =", "theme = \"dark\"\ntrack =")
        .replace(
            "[hints]",
            "[done.of_another_track]\nat = \"2020-01-01T00:00:00Z\"\nhash = \"\"\nstars = 3\n[hints]\nunheard_of = 2",
        );
    place.write("progress.toml", text);
    pass(&mut store, "queue", 1);
    let text = place.text("progress.toml");
    for kept in [
        "theme = \"dark\"",
        "[done.of_another_track]",
        "stars = 3",
        "unheard_of = 2",
    ] {
        assert!(text.contains(kept), "{kept} is lost:\n{text}");
    }
}

#[test]
fn windows_line_ends_and_byte_order_marks_are_read() {
    let place = Place::new();
    let mut store = place.open();
    pass(&mut store, "stack", 0);
    store.show_hint("stack", at(1)).unwrap();
    for name in ["progress.toml", "history.jsonl"] {
        place.write(name, place.text(name).replace('\n', "\r\n"));
    }
    let text = format!("\u{feff}{}", place.text("progress.toml"));
    place.write("progress.toml", text);
    let mut store = place.open();
    assert_eq!(done(&store), ["stack"]);
    assert_eq!(store.progress().hints_shown("stack"), 1);
    assert_eq!(store.history(|_| ()).unwrap(), 0);
    pass(&mut store, "queue", 2);
    assert_eq!(done(&place.open()), ["queue", "stack"]);
}

#[test]
fn a_renamed_exercise_keeps_what_is_known() {
    let mut progress = Progress::default();
    progress.pass("old", at(0), "a");
    progress.show_hint("old");
    progress.set_current("old");
    let renamed = |mut progress: Progress| {
        progress.rename("old", "new");
        progress
    };
    let once = renamed(progress.clone());
    assert_eq!(once.done["new"].hash, "a");
    assert_eq!(once.hints_shown("new"), 1);
    assert_eq!(once.current.as_deref(), Some("new"));
    assert!(!once.is_done("old") && once.hints_shown("old") == 0);
    assert_eq!(renamed(once.clone()), once);
    progress.pass("new", at(1), "b");
    assert_eq!(renamed(progress).done["new"].hash, "b");
}

#[test]
fn a_writer_waits_only_so_long_and_says_for_whom() {
    let place = Place::new();
    let mut store = place.open();
    pass(&mut store, "stack", 0);
    store.set_patience(Duration::from_millis(20));
    let held = fs::File::open(place.path("lock")).unwrap();
    held.lock().unwrap();
    let before = place.text("history.jsonl");
    let error = try_pass(&mut store, "queue", 1).unwrap_err();
    let text = error.to_string();
    if cfg!(unix) {
        let process = format!("another backlings (process {})", std::process::id());
        assert!(text.contains(&process), "{text}");
    }
    assert!(matches!(error, StateError::Busy { .. }), "{text}");
    // Reading waits for nobody.
    assert_eq!(done(&place.open()), ["stack"]);
    assert_eq!(place.text("history.jsonl"), before);
    held.unlock().unwrap();
    pass(&mut store, "queue", 1);
}

#[test]
fn a_dead_writers_temporary_files_are_cleared() {
    let place = Place::new();
    place.write(".1-0.backlings-tmp", "half");
    let mut store = place.open();
    pass(&mut store, "stack", 0);
    pass(&mut store, "queue", 0);
    assert_eq!(
        place.names(),
        [
            "attempts",
            "history.jsonl",
            "progress.toml",
            "progress.toml.bak"
        ]
    );
}
