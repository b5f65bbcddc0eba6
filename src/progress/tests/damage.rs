//! State that something happened to.

use super::*;

/// A state with three passes, a hint and choices, and its progress file.
fn sample() -> (Place, String) {
    let place = Place::new();
    let mut store = place.open();
    for (second, exercise) in (0..).zip(["stack", "queue", "heap"]) {
        pass(&mut store, exercise, second);
    }
    store.show_hint("trie", at(3)).unwrap();
    store
        .update(|progress| progress.set_current("trie"))
        .unwrap();
    let text = place.text("progress.toml");
    (place, text)
}

const DONE: [&str; 3] = ["heap", "queue", "stack"];

fn aside(place: &Place, of: &str) -> Vec<String> {
    let mut names = place.names();
    names.retain(|name| name.starts_with(&format!("{of}.damaged-")));
    names
}

#[test]
fn damaged_files_are_set_aside_and_rebuilt() {
    for (bytes, why) in [
        (b"".as_slice(), "it is empty"),
        (b"\xff\xfe\0\x01", "it is not UTF-8"),
        (b"hello", "its end is missing"),
        (b"# end of progress", "`format_version` is missing or wrong"),
        (
            b"format_version = 1\ntrack = [\n# end of progress\n",
            "line 2: ",
        ),
    ] {
        let (place, _) = sample();
        place.write("progress.toml", bytes);
        let (store, told) = place.open_told();
        assert_eq!(done(&store), DONE);
        assert_eq!(store.progress().hints_shown("trie"), 1);
        let names = aside(&place, "progress.toml");
        assert_eq!(names.len(), 1);
        assert_eq!(fs::read(place.path(&names[0])).unwrap(), bytes);
        let path = place.path("progress.toml");
        let expected = format!("{} was damaged ({why}", path.display());
        assert!(told.starts_with(&expected), "{told}");
        let rest = format!(
            "; set aside as {}; rebuilt from progress.toml.bak: 3 exercises done",
            names[0]
        );
        assert!(told.ends_with(&rest), "{told}");
        // It is in order from now on, and the next damage gets a name of its own.
        assert_eq!(place.open().progress(), store.progress());
        place.write("progress.toml", bytes);
        let (store, _) = place.open_told();
        assert_eq!(done(&store), DONE);
        assert_eq!(aside(&place, "progress.toml").len(), 2);
    }
}

#[test]
fn a_missing_file_is_rebuilt() {
    let (place, _) = sample();
    fs::remove_file(place.path("progress.toml")).unwrap();
    let (store, told) = place.open_told();
    assert!(
        told.contains("progress.toml was missing; rebuilt from"),
        "{told}"
    );
    assert_eq!(done(&store), DONE);
    fs::remove_file(place.path("progress.toml")).unwrap();
    fs::remove_file(place.path("history.jsonl")).unwrap();
    let (store, told) = place.open_told();
    assert!(
        told.ends_with("rebuilt from progress.toml.bak: 3 exercises done"),
        "{told}"
    );
    assert_eq!(done(&store), DONE);
}

#[test]
fn the_backup_gives_what_the_history_does_not_have() {
    let (place, text) = sample();
    let text = text.replace("track = \"\"", "track = \"official\"\nmood = 1");
    place.write("progress.toml", &text);
    let mut store = place.open();
    store
        .update(|progress| progress.set_roadmap("mid"))
        .unwrap();
    place.write("progress.toml", "x");
    let (store, _) = place.open_told();
    assert_eq!(store.progress().track, "official");
    assert!(place.text("progress.toml").contains("mood = 1"));
}

#[test]
fn what_can_be_read_of_a_cut_file_is_later_than_its_backup() {
    let (place, _) = sample();
    let mut store = place.open();
    store
        .update(|progress| progress.set_roadmap("mid"))
        .unwrap();
    let text = place.text("progress.toml");
    place.write("progress.toml", text.replace("# end of progress", "# end"));
    let (store, _) = place.open_told();
    assert_eq!(store.progress().roadmap, "mid");
    assert_eq!(done(&store), DONE);
}

#[test]
fn a_running_store_mends_what_is_damaged_under_it() {
    let (place, _) = sample();
    let mut store = place.open();
    place.write("progress.toml", "x");
    pass(&mut store, "trie", 9);
    assert_eq!(store.take_notices().len(), 1);
    assert_eq!(done(&place.open()), ["heap", "queue", "stack", "trie"]);
    place.write("progress.toml", "y");
    store.refresh().unwrap();
    assert_eq!(store.take_notices().len(), 1);
    assert_eq!(done(&store), ["heap", "queue", "stack", "trie"]);
    assert_eq!(aside(&place, "progress.toml").len(), 2);
}

#[test]
fn folders_in_the_place_of_files_are_set_aside() {
    for name in [
        "progress.toml",
        "progress.toml.bak",
        "history.jsonl",
        "lock",
    ] {
        let (place, _) = sample();
        fs::remove_file(place.path(name)).unwrap();
        fs::create_dir_all(place.path(name).join("inside")).unwrap();
        let (mut store, _) = Store::open(&place.state()).unwrap();
        pass(&mut store, "trie", 9);
        assert_eq!(done(&place.open()), ["heap", "queue", "stack", "trie"]);
        assert!(place.path(name).is_file(), "{name}");
        let names = aside(&place, name);
        assert!(place.path(&names[0]).join("inside").is_dir(), "{name}");
    }
}

#[test]
fn a_file_in_the_place_of_the_attempts_is_set_aside() {
    let (place, _) = sample();
    fs::remove_dir_all(place.path("attempts")).unwrap();
    place.write("attempts", "mine");
    let mut store = place.open();
    pass(&mut store, "trie", 9);
    assert_eq!(store.attempts("01_structures/trie").unwrap().len(), 1);
    assert_eq!(place.text(&aside(&place, "attempts")[0]), "mine");
}

#[test]
fn a_pass_counts_even_if_its_version_cannot_be_kept() {
    let place = Place::new();
    let mut store = place.open();
    let passed = Passed {
        exercise: "stack",
        folder: "../outside",
        hash: "ab",
        at: at(0),
        compile: Duration::ZERO,
        run: Duration::ZERO,
    };
    store.pass(&passed, &[("stack.rs", "")]).unwrap();
    let notices = store.take_notices();
    let told = notices[0].to_string();
    assert!(
        told.starts_with("stack is done, but the version that passed was not kept: `../"),
        "{told}"
    );
    assert_eq!(done(&place.open()), ["stack"]);
}

#[test]
fn a_newer_format_is_read_and_never_written() {
    let (place, text) = sample();
    let newer = text.replace("format_version = 1", "format_version = 2");
    // In either of both files: who wrote the backup wrote the other one, too.
    for (progress, backup) in [(&newer, &text), (&"x".to_string(), &newer)] {
        place.write("progress.toml", progress);
        place.write("progress.toml.bak", backup);
        let (mut store, told) = place.open_told();
        let expected = "was made by a newer backlings (format 2): update backlings";
        assert!(told.contains(expected), "{told}");
        assert_eq!(done(&store), DONE);
        let before = place.text("history.jsonl");
        let refused = [
            try_pass(&mut store, "trie", 9).unwrap_err(),
            store.update(|_| ()).unwrap_err(),
            store.show_hint("trie", at(9)).unwrap_err(),
            store.reopen("stack", at(9)).unwrap_err(),
            store
                .record(&Entry::event(at(9), "trie", Event::Reset))
                .unwrap_err(),
            store
                .keep("01_structures/trie", &[("trie.rs", "")], "reset", at(9), "")
                .unwrap_err(),
        ];
        for error in refused {
            assert!(error.to_string().contains(expected), "{error}");
        }
        assert_eq!(place.text("progress.toml"), *progress);
        assert_eq!(place.text("history.jsonl"), before);
    }
}

#[test]
fn a_format_that_becomes_newer_meanwhile_is_not_written() {
    let (place, text) = sample();
    let mut store = place.open();
    let newer = text.replace("format_version = 1", "format_version = 2");
    place.write("progress.toml", &newer);
    store
        .update(|progress| progress.set_current("x"))
        .unwrap_err();
    assert_eq!(place.text("progress.toml"), newer);
    // And when it is the known one again, all is well.
    place.write("progress.toml", &text);
    store.refresh().unwrap();
    store.update(|progress| progress.set_current("x")).unwrap();
}

#[test]
fn another_history_adds_and_takes_nothing_away() {
    let (place, _) = sample();
    // Shorter than what was read before, as from another machine.
    let time = Duration::ZERO;
    let other = Entry::judged(at(-9), "trie", "passed", time, time, "");
    let line = serde_json::to_string(&other).unwrap();
    place.write("history.jsonl", format!("{line}\n"));
    assert_eq!(done(&place.open()), ["heap", "queue", "stack", "trie"]);
    fs::remove_file(place.path("history.jsonl")).unwrap();
    assert_eq!(done(&place.open()), DONE);
}

#[test]
fn a_torn_history_is_gone_on_with() {
    let (place, _) = sample();
    let whole = place.text("history.jsonl");
    place.write("history.jsonl", format!("{whole}{{\"at\":\"20"));
    let mut store = place.open();
    pass(&mut store, "trie", 9);
    let text = place.text("history.jsonl");
    assert!(text.starts_with(&format!("{whole}{{\"at\":\"20\n{{\"at\"")));
    assert_eq!(store.history(|_| ()).unwrap(), 1);
    fs::remove_file(place.path("progress.toml")).unwrap();
    fs::remove_file(place.path("progress.toml.bak")).unwrap();
    let (store, _) = place.open_told();
    assert_eq!(done(&store), ["heap", "queue", "stack", "trie"]);
}

#[test]
fn a_file_for_a_state_folder_is_an_error_with_a_remedy() {
    let place = Place::new();
    fs::write(place.state(), "").unwrap();
    let error = Store::open(&place.state()).err().unwrap().to_string();
    if cfg!(unix) {
        assert!(error.contains("move the file"), "{error}");
    }
}

/// Runs in a thread that may do no more than anybody, even if the tests are run by root.
#[cfg(target_os = "linux")]
fn unprivileged<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            // SAFETY: takes a number; on Linux it concerns the calling thread alone, which ends here.
            unsafe { libc::setfsuid(65534) };
            work()
        });
        thread.join().unwrap()
    })
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_can_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &std::path::Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let (place, text) = sample();
    mode(place.dir.path(), 0o755);
    mode(&place.state(), 0o555);
    mode(&place.path("lock"), 0o444);
    unprivileged(|| {
        let mut store = place.open();
        assert_eq!(done(&store), DONE);
        let error = try_pass(&mut store, "trie", 9).unwrap_err().to_string();
        assert!(error.contains("must be yours to read and write"), "{error}");
        assert_eq!(done(&store), DONE);
    });
    assert_eq!(place.text("progress.toml"), text);
    // Damaged, and nothing can be set aside: known from the rest, and said.
    place.write("progress.toml", "x");
    unprivileged(|| {
        let (store, told) = place.open_told();
        assert_eq!(done(&store), DONE);
        assert!(told.contains("this could not be written down"), "{told}");
    });
    assert_eq!(place.text("progress.toml"), "x");
    // What cannot even be read is not taken for missing.
    for (path, bits) in [(place.path("progress.toml"), 0o000), (place.state(), 0o000)] {
        mode(&path, bits);
        let error = unprivileged(|| Store::open(&place.state()).err().unwrap().to_string());
        assert!(error.starts_with("cannot read "), "{error}");
        assert!(error.contains("must be yours"), "{error}");
    }
    mode(&place.state(), 0o755);
}
