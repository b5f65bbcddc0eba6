//! Whatever stands in the state's files: no panic, no error, and nothing of it lost.

use std::path::Path;
use std::time::Duration;

use backlings::progress::{Disk, Passed, Store};
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::Index;

use super::machine::Machine;

const STATE: &str = "/w";
const PROGRESS: &str = "/w/progress.toml";
const BACKUP: &str = "/w/progress.toml.bak";
const HISTORY: &str = "/w/history.jsonl";

fn pass(store: &mut Store, exercise: &str) {
    let passed = Passed {
        exercise,
        folder: "01_structures/a",
        hash: "ab",
        at: Timestamp::UNIX_EPOCH,
        compile: Duration::ZERO,
        run: Duration::ZERO,
    };
    store.pass(&passed, &[("a.rs", exercise)]).unwrap();
}

fn get(machine: &Machine, path: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut reader = machine.reader(Path::new(path), 0).ok()?;
    reader.read_to_end(&mut bytes).unwrap();
    Some(bytes)
}

/// Three passes, some hints and choices: what the files hold in good order.
fn sample() -> Machine {
    let machine = Machine::new();
    machine.create_dir(Path::new(STATE)).unwrap();
    let (mut store, _) = Store::open_on(Box::new(machine.clone()), Path::new(STATE)).unwrap();
    for exercise in ["one", "two", "three"] {
        pass(&mut store, exercise);
        store.show_hint(exercise, Timestamp::UNIX_EPOCH).unwrap();
    }
    store
        .update(|progress| progress.set_roadmap("mid"))
        .unwrap();
    machine
}

/// A machine with these contents.
fn machine(progress: Option<&[u8]>, backup: Option<&[u8]>, history: Option<&[u8]>) -> Machine {
    let machine = Machine::new();
    machine.create_dir(Path::new(STATE)).unwrap();
    for (path, bytes) in [(PROGRESS, progress), (BACKUP, backup), (HISTORY, history)] {
        if let Some(bytes) = bytes {
            machine.append(Path::new(path), bytes).unwrap();
        }
    }
    machine
}

/// Opens, writes, opens again; whatever was there must still be found. Gives the names done.
fn survives(machine: &Machine) -> Vec<String> {
    let progress = get(machine, PROGRESS);
    let history = get(machine, HISTORY).unwrap_or_default();
    let open = || Store::open_on(Box::new(machine.clone()), Path::new(STATE)).unwrap();
    let (mut store, notices) = open();
    let done: Vec<_> = store.progress().done.keys().cloned().collect();
    let paths = machine.paths();
    let aside = paths.iter().filter(|path| path.contains("damaged"));
    let mut places = aside
        .chain([&PROGRESS.to_string()])
        .cloned()
        .collect::<Vec<_>>();
    places.retain(|path| get(machine, path) == progress);
    assert!(progress.is_none() || !places.is_empty(), "{notices:?}");
    if places == [PROGRESS] || progress.is_none() {
        assert!(paths.iter().all(|path| !path.contains("damaged")));
    } else {
        assert_eq!(notices.len(), 1, "{notices:?}");
    }
    if store.update(|progress| progress.set_current("x")).is_ok() {
        pass(&mut store, "new");
        let (again, notices) = open();
        assert_eq!(notices, [], "it was mended");
        assert!(again.progress().is_done("new"));
        assert_eq!(again.progress(), store.progress());
        for name in &done {
            assert!(again.progress().is_done(name), "{name} is lost");
        }
    } else {
        // Only a newer format may refuse, and then all stays as it was.
        assert_eq!(get(machine, PROGRESS), progress);
    }
    let now = get(machine, HISTORY).unwrap_or_default();
    assert!(now.starts_with(&history), "the history is append-only");
    done
}

fn mutate(mut bytes: Vec<u8>, edits: &[(Index, u8)], cut: Option<Index>) -> Vec<u8> {
    for (at, byte) in edits {
        let at = at.index(bytes.len());
        bytes[at] = *byte;
    }
    if let Some(cut) = cut {
        bytes.truncate(cut.index(bytes.len()));
    }
    bytes
}

fn edits() -> impl Strategy<Value = Vec<(Index, u8)>> {
    prop::collection::vec(any::<(Index, u8)>(), 0..6)
}

#[test]
fn a_progress_file_cut_at_any_byte_costs_nothing() {
    let sample = sample();
    let [progress, backup, history] =
        [PROGRESS, BACKUP, HISTORY].map(|path| get(&sample, path).unwrap());
    for len in 0..progress.len() {
        let cut = &progress[..len];
        // Without the backup, without the history, without both: the last can lose what was cut.
        for (backup, history) in [
            (Some(&backup[..]), None),
            (None, Some(&history[..])),
            (Some(&backup[..]), Some(&history[..])),
        ] {
            let done = survives(&machine(Some(cut), backup, history));
            assert_eq!(done, ["one", "three", "two"], "cut at {len}");
        }
        survives(&machine(Some(cut), None, None));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn arbitrary_files_survive(
        progress: Option<Vec<u8>>,
        backup: Option<Vec<u8>>,
        history: Option<Vec<u8>>,
    ) {
        survives(&machine(progress.as_deref(), backup.as_deref(), history.as_deref()));
    }

    #[test]
    fn mutated_files_survive(
        first in edits(),
        second in edits(),
        third in edits(),
        cuts: [Option<Index>; 3],
    ) {
        let sample = sample();
        let progress = mutate(get(&sample, PROGRESS).unwrap(), &first, cuts[0]);
        let backup = mutate(get(&sample, BACKUP).unwrap(), &second, cuts[1]);
        let history = mutate(get(&sample, HISTORY).unwrap(), &third, cuts[2]);
        survives(&machine(Some(&progress), Some(&backup), Some(&history)));
    }

    #[test]
    fn a_good_history_gives_everything_back(progress: Option<Vec<u8>>, backup: Option<Vec<u8>>) {
        let history = get(&sample(), HISTORY).unwrap();
        let machine = machine(progress.as_deref(), backup.as_deref(), Some(&history));
        let done = survives(&machine);
        for name in ["one", "two", "three"] {
            prop_assert!(done.iter().any(|done| done == name), "{name} is lost");
        }
    }
}
