//! Sees saves. Events of the system say when to look, the content's hash says whether there is anything new, and a look
//! every second catches what no event told: once that happens, looking often replaces the events.

mod notice;
mod stamps;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub(super) use notice::{Heard, Sort, Tell, Touched};

use stamps::{Identity, Stamps, identity};

use super::course::Course;
use crate::judge::{Sources, Unreadable};
use crate::track::{ContentHash, Exercise};

/// Between two looks beside the events of the system.
const LOOK: Duration = Duration::from_secs(1);
/// Between two looks without such events.
const POLL: Duration = Duration::from_millis(250);
/// After a change whose end is not told: an editor may truncate first and write then.
const SETTLE: Duration = Duration::from_millis(30);
/// Before a missing or an empty file is believed: an editor may be replacing it.
const GRACE: Duration = Duration::from_millis(150);
/// Within this time of a look that finds a change, its event must have come.
const BELATED: Duration = Duration::from_secs(1);

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// The current exercise holds something new.
    Saved,
    /// Another exercise was saved.
    Elsewhere(usize),
    /// The current exercise cannot be read, and why.
    Unreadable(String),
    /// A file of the current exercise's specification was touched.
    Specification,
    /// The system's events are no use any more, and why.
    Polling(String),
}

/// What is known of the current exercise's content.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Known {
    Nothing,
    Version(ContentHash),
    Unreadable(String),
}

/// How saves are seen.
enum Way {
    /// The system's events are being asked for.
    Starting,
    Events {
        _watcher: notify::RecommendedWatcher,
        prefix: PathBuf,
        since: Instant,
    },
    Polling,
}

/// Watches the exercises of a workspace, the current one closely.
pub(super) struct Files {
    root: PathBuf,
    course: Arc<Course>,
    target: usize,
    known: Known,
    /// The exercise that was the current one before, as it was left.
    left: Option<(usize, ContentHash)>,
    stamps: Stamps,
    /// What the last check read and found to be new, for the judgement that follows at once.
    fresh: Option<Sources>,
    way: Way,
    /// Identity of the folder `exercises`, lest events of one that was replaced be waited for.
    folder: Option<Identity>,
    due: Option<Instant>,
    doubtful: Option<Instant>,
    belated: Option<Instant>,
    next_look: Instant,
    tell: Tell,
}

impl Files {
    /// Nothing is watched yet. `tell` passes on what the system says, for [`Self::heard`].
    pub(super) fn new(root: &Path, course: Arc<Course>, tell: Tell) -> Self {
        Self {
            root: root.to_path_buf(),
            course,
            target: 0,
            known: Known::Nothing,
            left: None,
            stamps: Stamps::new(),
            fresh: None,
            way: Way::Polling,
            folder: None,
            due: None,
            doubtful: None,
            belated: None,
            next_look: Instant::now(),
            tell,
        }
    }

    /// Asks for the system's events; setting them up takes a while and happens elsewhere.
    pub(super) fn listen(&mut self) {
        self.way = Way::Starting;
        self.belated = None;
        self.folder = identity(&self.exercises());
        notice::listen(self.exercises(), Arc::clone(&self.tell));
    }

    /// Makes an item the one that is watched closely.
    pub(super) fn watch(&mut self, item: usize, now: Instant) {
        if let Known::Version(hash) = self.known {
            self.left = Some((self.target, hash));
        }
        self.target = item;
        self.fresh = None;
        self.known = Known::Nothing;
        self.due = None;
        self.doubtful = None;
        self.belated = None;
        self.next_look = now + self.interval();
    }

    /// Reads the current exercise to judge it; what is read now is no longer news.
    pub(super) fn read(&mut self) -> Result<Sources, String> {
        if let Some(sources) = self.fresh.take() {
            return Ok(sources);
        }
        self.stamps = self.stamps_now();
        match Sources::read(&self.root, self.exercise()) {
            Ok(sources) => {
                self.known = Known::Version(sources.hash);
                Ok(sources)
            }
            Err(error) => {
                let why = words(&error, &self.root);
                self.known = Known::Unreadable(why.clone());
                Err(why)
            }
        }
    }

    /// The version on the disk now.
    pub(super) fn on_disk(&self) -> Option<ContentHash> {
        Sources::read(&self.root, self.exercise())
            .ok()
            .map(|sources| sources.hash)
    }

    /// When [`Self::look`] has something to do next.
    pub(super) fn next_look(&self) -> Instant {
        self.due
            .map_or(self.next_look, |due| due.min(self.next_look))
    }

    /// Takes in what the system said.
    pub(super) fn heard(&mut self, heard: Heard, now: Instant) -> Vec<Change> {
        match heard {
            Heard::Ready(Ok((watcher, prefix))) => {
                if !matches!(self.way, Way::Polling) {
                    self.way = Way::Events {
                        _watcher: watcher,
                        prefix,
                        since: now,
                    };
                }
                // What was saved while the watch was being set up.
                self.check(now).into_iter().collect()
            }
            Heard::Ready(Err(why)) => self.poll(why),
            Heard::Touched(touched) => self.touched(&touched, now),
        }
    }

    /// Looks without being told, as far as it is time to.
    pub(super) fn look(&mut self, now: Instant) -> Vec<Change> {
        let mut changes = Vec::new();
        if self.belated.is_some_and(|since| now >= since + BELATED) {
            let why = "saves bring no events here (a network or container file system, or a link?)";
            changes.extend(self.poll(why.into()));
        }
        if self.due.is_some_and(|due| now >= due) {
            changes.extend(self.check(now));
        }
        if now < self.next_look {
            return changes;
        }
        self.next_look = now + self.interval();
        if self.due.is_none() && self.stamps_now() != self.stamps {
            let found = self.check(now);
            if found == Some(Change::Saved)
                && matches!(self.way, Way::Events { since, .. } if now >= since + BELATED)
            {
                self.belated = Some(now);
                self.next_look = now + BELATED;
            }
            changes.extend(found);
        }
        self.follow_folder();
        changes
    }

    /// Looks often from now on.
    pub(super) fn poll(&mut self, why: String) -> Vec<Change> {
        self.way = Way::Polling;
        self.belated = None;
        self.next_look = Instant::now();
        vec![Change::Polling(format!(
            "{why}: looking every {} ms instead",
            POLL.as_millis()
        ))]
    }

    fn touched(&mut self, touched: &Touched, now: Instant) -> Vec<Change> {
        let Way::Events { prefix, .. } = &self.way else {
            return Vec::new();
        };
        let prefix = prefix.clone();
        let mut changes = Vec::new();
        let mut mine = false;
        for path in &touched.paths {
            let Ok(inner) = path.strip_prefix(&prefix) else {
                continue;
            };
            let parts: Vec<_> = inner.iter().map(|part| part.to_string_lossy()).collect();
            match parts.as_slice() {
                [topic, name, file, ..] => match self.course.item_in(topic, name) {
                    Some(item) if item == self.target => {
                        mine = true;
                        if self.is_specification(file) {
                            changes.push(Change::Specification);
                        }
                    }
                    Some(item) if touched.sort != Sort::Other && self.is_news(item, file) => {
                        changes.push(Change::Elsewhere(item));
                    }
                    _ => {}
                },
                // A folder above: what is in it may have come or gone.
                above => {
                    let own = [
                        self.exercise().topic_dir.as_str(),
                        self.exercise().name.as_str(),
                    ];
                    mine |= own.iter().zip(above).all(|(own, part)| own == part);
                }
            }
        }
        if mine {
            self.belated = None;
            if touched.sort == Sort::Written {
                changes.extend(self.check(now));
            } else {
                self.due = Some(now + SETTLE);
            }
        }
        changes
    }

    fn is_specification(&self, file: &str) -> bool {
        file == "tests.rs" || self.exercise().given.iter().any(|given| given == file)
    }

    /// Whether a touch of another exercise's file is a save. Of the one that was just left, the content is known.
    fn is_news(&mut self, item: usize, file: &str) -> bool {
        let exercise = self.course.exercise(item);
        if !exercise.files.iter().any(|own| own == file) {
            return false;
        }
        let Some((left, hash)) = &mut self.left else {
            return true;
        };
        if *left != item {
            return true;
        }
        match Sources::read(&self.root, exercise) {
            Ok(sources) => std::mem::replace(hash, sources.hash) != sources.hash,
            Err(_) => false,
        }
    }

    /// Reads the current exercise and compares.
    fn check(&mut self, now: Instant) -> Option<Change> {
        self.due = None;
        self.stamps = self.stamps_now();
        let own = self.exercise().files.len();
        let sources = Sources::read(&self.root, self.exercise());
        let (found, doubtful) = match &sources {
            Ok(sources) => {
                let mut files = sources.files.iter().take(own);
                let empty = files.any(|file| file.bytes.is_empty());
                (Known::Version(sources.hash), empty)
            }
            Err(error) => (Known::Unreadable(words(error, &self.root)), true),
        };
        self.fresh = None;
        if found == self.known {
            self.doubtful = None;
            return None;
        }
        if doubtful {
            let since = *self.doubtful.get_or_insert(now);
            if now < since + GRACE {
                self.due = Some(since + GRACE);
                return None;
            }
        }
        self.doubtful = None;
        self.known = found;
        self.fresh = sources.ok();
        Some(match &self.known {
            Known::Unreadable(why) => Change::Unreadable(why.clone()),
            _ => Change::Saved,
        })
    }

    /// A folder `exercises` that went away and came back needs a new watch.
    fn follow_folder(&mut self) {
        if matches!(self.way, Way::Polling) {
            return;
        }
        let folder = identity(&self.exercises());
        if folder == self.folder {
            return;
        }
        if folder.is_some() {
            self.listen();
        }
        self.folder = folder;
    }

    fn interval(&self) -> Duration {
        if matches!(self.way, Way::Polling) {
            POLL
        } else {
            LOOK
        }
    }

    fn exercises(&self) -> PathBuf {
        self.root.join("exercises")
    }

    fn exercise(&self) -> &Exercise {
        self.course.exercise(self.target)
    }

    fn stamps_now(&self) -> Stamps {
        stamps::of(&self.root.join(self.exercise().dir()))
    }
}

/// Why the exercise cannot be read, and which key helps.
fn words(error: &Unreadable, root: &Path) -> String {
    let short = |path: &Path| {
        path.strip_prefix(root)
            .unwrap_or(path)
            .display()
            .to_string()
    };
    match error {
        Unreadable::Missing { path, .. } => {
            format!(
                "{} is missing: press x to put the original back",
                short(path)
            )
        }
        Unreadable::NotAFile { path, .. } => {
            format!(
                "{} is not a file: move it away, then press x to put the original back",
                short(path)
            )
        }
        Unreadable::Io { path, source } if source.kind() == io::ErrorKind::PermissionDenied => {
            format!("{} cannot be read: check its permissions", short(path))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
