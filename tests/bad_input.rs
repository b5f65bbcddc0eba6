//! Every malformed input gives one clear message with the place and the remedy; never a panic.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;
use std::path::Path;

use backlings::track::{Filter, Track};
use proptest::prelude::*;
use support::{Exercise, Sandbox, stderr, stdout, write};

fn track() -> Sandbox {
    Sandbox::track(&[Exercise::answer("first"), Exercise::answer("second")])
}

/// What the binary says of a track that is wrong.
#[track_caller]
fn refused(sandbox: &Sandbox) -> String {
    let output = sandbox.init(&[]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(
        !sandbox.workspace().exists(),
        "a workspace was made of a broken track"
    );
    let said = stderr(&output);
    assert_eq!(said.matches("error:").count(), 1, "{said}");
    assert!(!said.contains("panicked"), "{said}");
    said
}

#[test]
fn manifests_are_refused_with_place_and_remedy() {
    for (from, to, words) in [
        (
            "format_version = 1",
            "format_version = 2",
            "update backlings",
        ),
        (
            "format_version = 1",
            "format_version = 300",
            "update backlings",
        ),
        (
            "format_version = 1",
            "format_version = \"1\"",
            "`format_version = 1` is missing",
        ),
        (
            "format_version = 1\n",
            "",
            "`format_version = 1` is missing",
        ),
        ("name = \"sandbox\"", "name = \"sandbox", "info.toml:2:"),
        (
            "name = \"sandbox\"",
            "nome = \"sandbox\"",
            "unknown field `nome`",
        ),
        ("welcome", "wellcome", "unknown field `wellcome`"),
        (
            "\"first\", \"second\"",
            "\"first\", \"first\"",
            "\"first\" is used twice",
        ),
        ("\"first\", \"second\"", "\"first\", \"thrid\"", "thrid"),
        ("\"first\"", "\"../../etc\"", "is not allowed"),
        ("id = \"basics\"", "id = \"Basics\"", "is not allowed"),
        ("number = 1\n", "number = \"one\"\n", "invalid type"),
        (
            "[[topic]]",
            "[[roadmap]]\nname = \"junior\"\ntitle = \"J\"\ngoal = \"g\"\nphase = [{ title = \"p\", block = [{ weeks = \"1\", topics = [\"basisc\"] }] }]\n\n[[topic]]",
            "did you mean \"basics\"?",
        ),
        (
            "[[topic]]",
            "[[roadmap]]\nname = \"junior\"\ntitle = \"J\"\ngoal = \"g\"\nphase = [{ title = \"p\", block = [{ weeks = \"2-3\", topics = [\"basics\"] }] }]\n\n[[topic]]",
            "it has to begin with week 1",
        ),
    ] {
        let sandbox = track();
        let path = sandbox.track_dir().join("info.toml");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let said = refused(&sandbox);
        assert!(
            said.contains(words) && said.contains("track"),
            "{to}: {said}"
        );
    }
}

#[test]
fn exercises_are_refused_with_place_and_remedy() {
    for (from, to, words) in [
        (
            "difficulty = \"easy\"",
            "difficulty = \"trivial\"",
            "exercise.toml:2:",
        ),
        ("minutes = 5", "minutes = 0", "must be above 0"),
        ("minutes = 5", "minuts = 5", "unknown field `minuts`"),
        ("minutes = 5", "minutes = -5", "exercise.toml:3:"),
        (
            "minutes = 5",
            "minutes = 5\ngroup = \"cor\"",
            "did you mean \"core\"?",
        ),
        (
            "minutes = 5",
            "minutes = 5\nkind = \"files\"",
            "needs `files",
        ),
        (
            "minutes = 5",
            "minutes = 5\nfiles = [\"other.rs\"]",
            "must be the crate root",
        ),
        (
            "minutes = 5",
            "minutes = 5\ngiven = [\"../../../etc/passwd\"]",
            "plain file name",
        ),
        (
            "minutes = 5",
            "minutes = 5\ngiven = [\"tests.rs\"]",
            "cannot be one of",
        ),
        (
            "minutes = 5",
            "minutes = 5\naliases = [\"second\"]",
            "is used twice",
        ),
        ("hints = ", "hint = ", "unknown field `hint`"),
    ] {
        let sandbox = track();
        let path = sandbox
            .track_dir()
            .join("exercises/01_basics/first/exercise.toml");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let said = refused(&sandbox);
        assert!(said.contains(words), "{to}: {said}");
    }
}

#[test]
fn missing_and_unreadable_parts_are_named() {
    let sandbox = track();
    fs::remove_file(
        sandbox
            .track_dir()
            .join("exercises/01_basics/second/tests.rs"),
    )
    .unwrap();
    assert!(refused(&sandbox).contains("second/tests.rs"));

    let sandbox = track();
    fs::write(sandbox.track_dir().join("info.toml"), b"name = \"\xff\"").unwrap();
    assert!(refused(&sandbox).contains("not UTF-8"));

    let sandbox = track();
    fs::remove_file(sandbox.track_dir().join("info.toml")).unwrap();
    assert!(refused(&sandbox).contains("has no info.toml"));
}

#[test]
fn crlf_tracks_and_files_are_fine() {
    let sandbox = track();
    for path in [
        "info.toml",
        "exercises/01_basics/first/exercise.toml",
        "exercises/01_basics/first/first.rs",
        "exercises/01_basics/first/tests.rs",
    ] {
        let path = sandbox.track_dir().join(path);
        fs::write(
            &path,
            fs::read_to_string(&path).unwrap().replace('\n', "\r\n"),
        )
        .unwrap();
    }
    assert!(sandbox.init(&[]).status.success());
    assert_eq!(sandbox.verdict("first").1["failed"], 2);
}

#[test]
fn damaged_state_is_said_and_survived() {
    for damage in [
        "",
        "not toml at all [[[",
        "format_version = 1\n[done.first]\nat = 12\n",
    ] {
        let sandbox = track();
        sandbox.init(&[]);
        sandbox.solve("first");
        sandbox.run(&["run", "first"]);
        fs::write(sandbox.workspace().join(".backlings/progress.toml"), damage).unwrap();
        let list = sandbox.run(&["list"]);
        assert_eq!(list.status.code(), Some(0), "{damage}: {}", stderr(&list));
        assert!(
            stderr(&list).contains("note:"),
            "{damage}: {}",
            stderr(&list)
        );
        assert!(sandbox.is_done("first"), "{damage}");
    }
    let sandbox = track();
    sandbox.init(&[]);
    let path = sandbox.workspace().join(".backlings/progress.toml");
    let newer = fs::read_to_string(&path)
        .unwrap()
        .replace("format_version = 1", "format_version = 99");
    fs::write(&path, &newer).unwrap();
    sandbox.solve("first");
    let output = sandbox.run(&["run", "first"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(
        stdout(&output).contains("could not be recorded"),
        "{}",
        stdout(&output)
    );
    assert!(
        stderr(&output).contains("update backlings"),
        "{}",
        stderr(&output)
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), newer);
}

#[test]
fn a_track_that_went_away_is_named() {
    let sandbox = track();
    sandbox.init(&[]);
    fs::remove_dir_all(sandbox.track_dir()).unwrap();
    let output = sandbox.run(&["list"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(
        stderr(&output).contains("is no track"),
        "{}",
        stderr(&output)
    );
}

fn load(dir: &Path) -> Result<Track, String> {
    Track::from_dir(dir).map_err(|error| error.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// A valid manifest with one piece replaced by anything: read, or refused in words.
    #[test]
    fn no_manifest_makes_it_panic(at in 0.0..1.0f64, length in 0usize..40, piece in "(?s).{0,12}") {
        let sandbox = track();
        for path in ["info.toml", "exercises/01_basics/first/exercise.toml"] {
            let path = sandbox.track_dir().join(path);
            let text = fs::read_to_string(&path).unwrap();
            let start = text.floor_char_boundary((at * text.len() as f64) as usize);
            let end = text.floor_char_boundary((start + length).min(text.len()));
            write(&path, &format!("{}{piece}{}", &text[..start], &text[end..]));
            if let Err(said) = load(&sandbox.track_dir()) {
                prop_assert!(!said.is_empty());
            }
            write(&path, &text);
        }
    }

    #[test]
    fn no_filter_makes_it_panic(words in proptest::collection::vec("(?s)([a-z]{1,10}=)?.{0,12}", 0..4)) {
        let sandbox = track();
        let track = load(&sandbox.track_dir()).unwrap();
        match Filter::parse(&words, &track) {
            Ok(filter) => {
                let all = track.exercises().iter();
                prop_assert!(all.filter(|one| filter.matches(one, backlings::track::Status::Pending)).count() <= 2);
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn no_specification_makes_the_reader_panic(text in "(?s)(#\\[test\\]\n?(async )?fn [a-z(]{0,5}|.|\n){0,40}") {
        let _ = backlings::track::expected_tests(&text);
    }
}
