use std::fs;
use std::io::Write;
use std::sync::mpsc::{Receiver, channel};
use std::time::SystemTime;

use notify::event::{
    AccessKind, AccessMode, CreateKind, DataChange, EventKind, MetadataKind, ModifyKind, RenameMode,
};

use super::*;
use crate::track::Track;

/// Time after which something that should have been seen was not.
const DEADLINE: Duration = Duration::from_secs(30);

/// A workspace with the exercises `a` and `b`, of which `a` is watched.
struct Watched {
    _dir: tempfile::TempDir,
    root: PathBuf,
    files: Files,
    heard: Receiver<Heard>,
}

impl Watched {
    /// Nothing is listened to yet.
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (track, root) = (dir.path().join("track"), dir.path().join("work"));
        let manifest = "format_version = 1\nname = \"t\"\n[[topic]]\nid = \"x\"\nnumber = 1\ntitle = \"X\"\ncategory = \"X\"\nweeks = \"1\"\nexercises = [\"a\", \"b\"]\n";
        write(&track.join("info.toml"), manifest);
        for name in ["a", "b"] {
            let spec = "title = \"T\"\ndifficulty = \"easy\"\nminutes = 1\nhints = []\n";
            let folder = format!("exercises/01_x/{name}");
            write(&track.join(&folder).join("exercise.toml"), spec);
            for file in [format!("{name}.rs"), "tests.rs".into()] {
                write(&track.join(&folder).join(&file), "// empty\n");
                write(&root.join(&folder).join(&file), "// empty\n");
            }
        }
        let track = Arc::new(Track::from_dir(&track).unwrap());
        let course = Arc::new(Course::new(track, "full", None));
        let (tell, heard) = channel();
        let files = Files::new(&root, course, Arc::new(move |what| drop(tell.send(what))));
        let mut watched = Self {
            _dir: dir,
            root,
            files,
            heard,
        };
        watched.files.watch(0, Instant::now());
        watched.files.read().unwrap();
        watched
    }

    /// The system's events come.
    fn listening() -> Self {
        let mut watched = Self::new();
        watched.files.listen();
        match watched.heard.recv_timeout(DEADLINE).unwrap() {
            ready @ Heard::Ready(Ok(_)) => {
                assert!(watched.files.heard(ready, Instant::now()).is_empty())
            }
            _ => panic!("the system does not watch"),
        }
        watched
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(format!("exercises/01_x/{name}/{name}.rs"))
    }

    /// The next change, as the loop would see it.
    #[track_caller]
    fn next(&mut self) -> Change {
        let end = Instant::now() + DEADLINE;
        let mut changes = self.until(end, |changes| !changes.is_empty());
        assert!(!changes.is_empty(), "nothing was seen");
        changes.remove(0)
    }

    /// That nothing is seen until the save of a marker in the other exercise is.
    #[track_caller]
    fn nothing_until_marker(&mut self) {
        write(&self.path("b"), "// marker\n");
        let end = Instant::now() + DEADLINE;
        let seen = self.until(end, |changes| changes.contains(&Change::Elsewhere(1)));
        let settled = Instant::now() + SETTLE + GRACE;
        let late = self.until(settled, |_| false);
        let mut all: Vec<Change> = seen.into_iter().chain(late).collect();
        all.retain(|change| *change != Change::Elsewhere(1));
        assert_eq!(all, []);
    }

    fn until(&mut self, end: Instant, enough: impl Fn(&[Change]) -> bool) -> Vec<Change> {
        let mut changes = Vec::new();
        while !enough(&changes) && Instant::now() < end {
            let wake = self.files.next_look().min(end);
            if let Ok(heard) = self
                .heard
                .recv_timeout(wake.saturating_duration_since(Instant::now()))
            {
                changes.extend(self.files.heard(heard, Instant::now()));
            }
            changes.extend(self.files.look(Instant::now()));
        }
        changes
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn a_save_in_place_is_seen_once_and_a_touch_is_not() {
    let mut watched = Watched::listening();
    write(&watched.path("a"), "// one\n");
    assert_eq!(watched.next(), Change::Saved);
    watched.nothing_until_marker();
    write(&watched.path("a"), "// one\n");
    let file = fs::File::options()
        .append(true)
        .open(watched.path("a"))
        .unwrap();
    file.set_modified(SystemTime::now() + Duration::from_secs(5))
        .unwrap();
    drop(file);
    watched.nothing_until_marker();
}

#[test]
fn a_save_by_renaming_is_seen() {
    let mut watched = Watched::listening();
    let beside = watched.path("a").with_file_name(".a.rs.swp");
    write(&beside, "// renamed\n");
    fs::rename(beside, watched.path("a")).unwrap();
    assert_eq!(watched.next(), Change::Saved);
    watched.nothing_until_marker();
}

#[test]
fn what_is_deleted_and_written_anew_was_never_missing() {
    let mut watched = Watched::listening();
    fs::remove_file(watched.path("a")).unwrap();
    write(&watched.path("a"), "// anew\n");
    assert_eq!(watched.next(), Change::Saved);
    watched.nothing_until_marker();
}

#[test]
fn what_stays_deleted_is_missing_until_it_is_back() {
    let mut watched = Watched::listening();
    fs::remove_file(watched.path("a")).unwrap();
    let missing = "exercises/01_x/a/a.rs is missing: press x to put the original back";
    assert_eq!(watched.next(), Change::Unreadable(missing.into()));
    watched.nothing_until_marker();
    write(&watched.path("a"), "// empty\n");
    assert_eq!(watched.next(), Change::Saved, "also with the text it had");
}

#[test]
fn a_folder_in_the_place_of_a_file_is_said() {
    let mut watched = Watched::listening();
    fs::remove_file(watched.path("a")).unwrap();
    fs::create_dir(watched.path("a")).unwrap();
    let Change::Unreadable(why) = watched.next() else {
        panic!("a folder is no source");
    };
    assert!(why.contains("is not a file: move it away"), "{why}");
}

#[test]
fn a_file_that_is_being_written_is_not_taken_for_empty() {
    let mut watched = Watched::listening();
    let mut file = fs::File::create(watched.path("a")).unwrap();
    file.flush().unwrap();
    let now = Instant::now();
    watched.files.next_look = now;
    assert_eq!(watched.files.look(now), [], "emptied, but by whom?");
    file.write_all(b"// all of it\n").unwrap();
    drop(file);
    assert_eq!(watched.next(), Change::Saved);
    watched.nothing_until_marker();
    write(&watched.path("a"), "");
    assert_eq!(
        watched.next(),
        Change::Saved,
        "one who empties a file is believed in the end"
    );
}

#[test]
fn another_exercise_is_told_apart_and_the_one_just_left_by_its_content() {
    let mut watched = Watched::listening();
    write(&watched.path("b"), "// b\n");
    assert_eq!(watched.next(), Change::Elsewhere(1));
    watched.files.watch(1, Instant::now());
    watched.files.read().unwrap();
    write(&watched.path("a"), "// empty\n");
    write(&watched.path("b"), "// marker\n");
    assert_eq!(watched.next(), Change::Saved, "a has nothing new");
    write(&watched.path("a"), "// new\n");
    assert_eq!(watched.next(), Change::Elsewhere(0));
}

#[test]
fn the_specification_is_watched_too() {
    let mut watched = Watched::listening();
    write(&watched.path("a").with_file_name("tests.rs"), "");
    assert_eq!(watched.next(), Change::Specification);
}

#[test]
fn folders_may_go_away_and_come_back() {
    let mut watched = Watched::listening();
    let (there, away) = (watched.root.join("exercises"), watched.root.join("away"));
    fs::rename(&there, &away).unwrap();
    assert!(matches!(watched.next(), Change::Unreadable(_)));
    fs::rename(&away, &there).unwrap();
    assert_eq!(watched.next(), Change::Saved);
    // The same folder by name, but another one.
    fs::rename(&there, &away).unwrap();
    write(&watched.path("a"), "// other\n");
    assert_eq!(watched.next(), Change::Saved);
    let ready = watched.until(Instant::now() + BELATED + SETTLE, |_| false);
    assert_eq!(ready, [], "a watch of the new folder, not a complaint");
    write(&watched.path("a"), "// again\n");
    assert_eq!(watched.next(), Change::Saved);
}

#[cfg(unix)]
#[test]
fn saves_without_events_are_seen_by_looking_and_then_looked_for_often() {
    let mut watched = Watched::new();
    let real = watched.root.join("real.rs");
    write(&real, "// empty\n");
    fs::remove_file(watched.path("a")).unwrap();
    std::os::unix::fs::symlink(&real, watched.path("a")).unwrap();
    watched.files.read().unwrap();
    watched.files.listen();
    assert!(
        matches!(watched.heard.recv_timeout(DEADLINE).map(|heard| watched.files.heard(heard, Instant::now())), Ok(changes) if changes.is_empty())
    );
    let later = Instant::now() + BELATED;
    write(&real, "// saved\n");
    watched.files.next_look = later;
    assert_eq!(watched.files.look(later), [Change::Saved]);
    let told = watched.files.look(later + BELATED);
    assert!(
        matches!(told.as_slice(), [Change::Polling(why)] if why.contains("looking every 250 ms")),
        "{told:?}"
    );
    write(&real, "// saved again\n");
    assert_eq!(watched.next(), Change::Saved);
}

#[test]
fn an_event_that_comes_late_keeps_the_events_trusted() {
    let mut watched = Watched::listening();
    let later = Instant::now() + BELATED;
    write(&watched.path("a"), "// saved\n");
    watched.files.next_look = later;
    assert_eq!(
        watched.files.look(later),
        [Change::Saved],
        "the look was faster"
    );
    let touched = Touched {
        paths: vec![watched.path("a").canonicalize().unwrap()],
        sort: Sort::Written,
    };
    assert_eq!(watched.files.heard(Heard::Touched(touched), later), []);
    assert_eq!(watched.files.look(later + 2 * BELATED), []);
}

#[test]
fn polling_sees_saves() {
    let mut watched = Watched::new();
    watched.files.poll("as you wished".into());
    write(&watched.path("a"), "// polled\n");
    assert_eq!(watched.next(), Change::Saved);
    write(
        &watched.path("a").with_file_name("helper.rs"),
        "// a module beside\n",
    );
    assert_eq!(watched.next(), Change::Saved);
}

#[test]
fn a_watch_that_cannot_start_is_replaced_by_looking() {
    let mut watched = Watched::new();
    let told = watched.files.heard(
        Heard::Ready(Err("its limit is reached".into())),
        Instant::now(),
    );
    assert_eq!(
        told,
        [Change::Polling(
            "its limit is reached: looking every 250 ms instead".into()
        )]
    );
    write(&watched.path("a"), "// polled\n");
    assert_eq!(watched.next(), Change::Saved);
}

#[test]
fn what_was_judged_is_no_news() {
    let mut watched = Watched::listening();
    write(&watched.path("a"), "// read before the event\n");
    let read = watched.files.read().unwrap();
    assert_eq!(watched.files.on_disk(), Some(read.hash));
    watched.nothing_until_marker();
}

#[test]
fn events_are_sorted_by_what_they_mean() {
    let sort = notice::sort;
    assert_eq!(
        sort(&EventKind::Access(AccessKind::Close(AccessMode::Write))),
        Some(Sort::Written)
    );
    assert_eq!(
        sort(&EventKind::Modify(ModifyKind::Name(RenameMode::To))),
        Some(Sort::Written)
    );
    assert_eq!(
        sort(&EventKind::Modify(ModifyKind::Data(DataChange::Any))),
        Some(Sort::Changing)
    );
    assert_eq!(
        sort(&EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any))),
        Some(Sort::Other)
    );
    assert_eq!(
        sort(&EventKind::Create(CreateKind::File)),
        Some(Sort::Other)
    );
    assert_eq!(
        sort(&EventKind::Access(AccessKind::Open(AccessMode::Any))),
        None,
        "reading is no change"
    );
}
