//! What effects do to the world.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Message;
use super::course::Course;
use super::files::Files;
use super::input::Signals;
use super::session::{Effect, Event, Judged, Notice};
use super::worker::{Job, Worker};
use crate::editor::{Editor, Place};
use crate::judge::Verdict;
use crate::progress::{self, Entry, StateError, Store};
use crate::track::{calendar, standing};
use crate::ui::terminal::{Terminal, with_default_stop};
use crate::ui::text::count;
use crate::workspace::{Saved, Workspace};

/// Everything outside of the session that effects reach for.
pub(super) struct Hands {
    pub(super) workspace: Workspace,
    pub(super) store: Store,
    pub(super) course: Arc<Course>,
    pub(super) files: Files,
    /// Before the terminal, so that it is dropped first: no judgement outlives the screen.
    pub(super) worker: Worker,
    pub(super) terminal: Terminal,
    pub(super) signals: Signals,
    pub(super) edit_command: Option<String>,
    pub(super) tell: Sender<Message>,
    /// What was said last of the calendar.
    pub(super) said: Option<String>,
}

impl Hands {
    /// Brings an effect about; what comes of it at once are more events.
    pub(super) fn perform(&mut self, effect: Effect) -> Vec<Event> {
        match effect {
            Effect::Watch(item) => self.files.watch(item, std::time::Instant::now()),
            Effect::Judge(id, item) => return self.judge(id, item).into_iter().collect(),
            Effect::Check(id, mut items) => {
                // What is being done again is at its start, and stays done.
                let progress = self.store.progress();
                items.retain(|&item| !progress.in_review(&self.course.exercise(item).name));
                self.worker.submit(Job::Check { id, items });
            }
            Effect::FindDue => return vec![self.due()],
            Effect::Review(item) => return self.review(item),
            Effect::Cancel => self.worker.cancel(),
            Effect::Advise(item, judged) => self.worker.advise(item, judged),
            Effect::LoadAfter(item) => {
                let after = self.course.track().after(self.course.exercise(item));
                return vec![Event::After(item, after)];
            }
            Effect::LoadSolution(item) => return vec![self.solution(item)],
            Effect::SetCurrent(item) => {
                let name = self.course.exercise(item).name.clone();
                let changed = self.store.update(|progress| progress.set_current(&name));
                return told(changed);
            }
            Effect::Record(item, judged) => return self.record(item, &judged),
            Effect::SetPending(items) => {
                let now = Timestamp::now();
                let names = items.iter().map(|&item| &self.course.exercise(item).name);
                return names
                    .flat_map(|name| told(self.store.reopen(name, now)))
                    .collect();
            }
            Effect::ShowHint(item, number) => {
                let name = &self.course.exercise(item).name;
                if number > self.store.progress().hints_shown(name) as usize {
                    return told(self.store.show_hint(name, Timestamp::now()));
                }
            }
            Effect::Reset(item) => return self.reset(item),
            Effect::Restore(item) => return self.restore(item),
            // These are about the screen, which is not in these hands.
            Effect::Open(..) | Effect::Suspend | Effect::Redraw | Effect::Quit(_) => {}
        }
        Vec::new()
    }

    /// Notes that the learner is here, and says where in the calendar that is.
    pub(super) fn begin(&mut self, item: usize) -> Vec<Event> {
        let name = &self.course.exercise(item).name;
        let here = Entry::event(Timestamp::now(), name, progress::Event::Open);
        // It only makes the reckoning of time more exact: where nothing can be written, other things say so.
        let _ = self.store.record(&here);
        self.standing().into_iter().collect()
    }

    /// Where the learner is in the calendar, if that is news.
    fn standing(&mut self) -> Option<Event> {
        let progress = self.store.progress();
        let standing = progress.plan.as_ref().and_then(|plan| {
            let legs = self.course.track().legs(&progress.roadmap);
            let stages = calendar(&legs, plan.start, plan.hours);
            let today = jiff::Zoned::now().date();
            standing(&stages, today, |name| progress.is_done(name))
        });
        let words = standing.map(|standing| standing.to_string());
        if words == self.said {
            return None;
        }
        self.said.clone_from(&words);
        Some(Event::Standing(words))
    }

    /// What is due for a repetition first, of the exercises of this walk.
    fn due(&self) -> Event {
        let activity = match self.store.activity(&TimeZone::system()) {
            Ok(activity) => activity,
            Err(error) => return Event::Told(Notice::warn(error.to_string())),
        };
        let (progress, now) = (self.store.progress(), Timestamp::now());
        let first = progress::due(&activity).into_iter().find_map(|due| {
            let open = progress.is_done(due.exercise) && !progress.in_review(due.exercise);
            let item = self
                .course
                .item(due.exercise)
                .filter(|_| open && due.at <= now)?;
            let days = now.duration_since(due.last).as_hours() / 24;
            let days = count(usize::try_from(days).unwrap_or(0), "day");
            Some((item, format!("You passed it {days} ago.")))
        });
        Event::Due(first)
    }

    fn review(&mut self, item: usize) -> Vec<Event> {
        let exercise = self.course.exercise(item);
        match self
            .workspace
            .review(self.course.track(), exercise, &mut self.store)
        {
            Ok(saved) => {
                let kept = self.kept(&saved);
                let notice = format!("{} begins afresh.{kept}", exercise.name);
                vec![Event::Again(item, Notice::good(notice))]
            }
            Err(error) => vec![Event::Told(Notice::warn(error.to_string()))],
        }
    }

    /// Takes over what other processes changed in the state.
    pub(super) fn news(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        if self.store.refresh().unwrap_or(false) {
            events.push(Event::Done(self.course.done(self.store.progress())));
        }
        events.extend(self.standing());
        events.extend(self.notices());
        events
    }

    /// Puts a specification that was changed back, and says so.
    pub(super) fn mend(&mut self, item: usize) -> Option<Event> {
        let exercise = self.course.exercise(item);
        let notes = self
            .workspace
            .mend(self.course.track(), exercise, &mut self.store);
        (!notes.is_empty()).then(|| Event::Told(Notice::warn(notes.join("; "))))
    }

    fn judge(&mut self, id: u64, item: usize) -> Option<Event> {
        match self.files.read() {
            Ok(sources) => {
                self.worker.submit(Job::Judge { id, item, sources });
                // What is judged is the track's own specification, whatever lies beside the learner's files; and the
                // judge knows every group, cargo and rust-analyzer those that were made known.
                let (track, exercise) = (self.course.track(), self.course.exercise(item));
                let _ = self.workspace.activate(track, track.group(exercise));
                self.mend(item)
            }
            Err(why) => Some(Event::Unreadable(why)),
        }
    }

    fn record(&mut self, item: usize, judged: &Judged) -> Vec<Event> {
        let Judged { verdict, sources } = judged;
        // What is recorded are numbers; messages and output stay where they are.
        let mut record = Verdict {
            exercise: verdict.exercise.clone(),
            hash: verdict.hash,
            kind: verdict.kind.clone(),
            passed: Vec::new(),
            failures: Vec::new(),
            misconception: verdict.misconception.clone(),
            diagnostics: Vec::new(),
            notes: Vec::new(),
            output: String::new(),
            compile: verdict.compile,
            run: verdict.run,
        };
        let exercise = self.course.exercise(item);
        let track = self.course.track();
        self.workspace
            .record(track, exercise, &mut record, sources, &mut self.store);
        let mut events: Vec<Event> = self.notices().collect();
        if !record.notes.is_empty() {
            events.push(Event::Told(Notice::warn(record.notes.join("; "))));
        }
        events
    }

    fn solution(&self, item: usize) -> Event {
        match self.course.track().solution(self.course.exercise(item)) {
            Ok(files) => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let files = files.into_iter().map(|file| (file.name, text(&file.bytes)));
                Event::Solution(item, files.collect())
            }
            Err(error) => Event::Told(Notice::warn(error.to_string())),
        }
    }

    fn reset(&mut self, item: usize) -> Vec<Event> {
        let exercise = self.course.exercise(item);
        match self
            .workspace
            .reset(self.course.track(), exercise, &mut self.store)
        {
            Ok(saved) => {
                let kept = self.kept(&saved);
                let notice = format!("{} is as it was at the start.{kept}", exercise.name);
                vec![
                    Event::Done(self.course.done(self.store.progress())),
                    Event::Replaced(Notice::good(notice)),
                ]
            }
            Err(error) => vec![Event::Told(Notice::warn(error.to_string()))],
        }
    }

    fn restore(&mut self, item: usize) -> Vec<Event> {
        let exercise = self.course.exercise(item);
        match self.workspace.restore(exercise, 1, &mut self.store) {
            Ok(saved) => {
                let kept = self.kept(&saved);
                let notice = format!("{} is again as you had it.{kept}", exercise.name);
                vec![Event::Replaced(Notice::good(notice))]
            }
            Err(error) => vec![Event::Told(Notice::warn(error.to_string()))],
        }
    }

    fn kept(&self, saved: &Saved) -> String {
        let Some(path) = &saved.path else {
            return String::new();
        };
        let path = path.strip_prefix(self.workspace.root()).unwrap_or(path);
        format!(
            " What you had is kept in {}; u brings it back.",
            path.display()
        )
    }

    fn notices(&mut self) -> impl Iterator<Item = Event> + use<> {
        let notices = self.store.take_notices().into_iter();
        notices.map(|notice| Event::Told(Notice::warn(notice.to_string())))
    }

    /// Opens an item in the editor, at a place if there is one. Says what to tell, and, if the terminal was lent, whether it
    /// came back.
    pub(super) fn open(
        &mut self,
        item: usize,
        place: Option<&str>,
    ) -> (Option<Event>, Option<io::Result<()>>) {
        let told = |text: String| Some(Event::Told(Notice::warn(text)));
        let editor = match Editor::find(self.edit_command.as_deref()) {
            Ok(editor) => editor,
            Err(error) => return (told(error.to_string()), None),
        };
        let place = place_of(
            self.workspace.root(),
            &self.course.exercise(item).main_path(),
            place,
        );
        if editor.needs_terminal() {
            let (ended, back) = self.lend(|| editor.open_here(&place)?.wait());
            let trouble = match ended {
                Ok(status) if status.success() => None,
                Ok(status) => Some(format!("{} ended with {status}", editor.name())),
                Err(error) => Some(format!("{} cannot be started: {error}", editor.name())),
            };
            return (trouble.and_then(told), Some(back));
        }
        match editor.open_beside(&place) {
            Ok(child) => {
                self.see_off(child, editor.name().to_string());
                (None, None)
            }
            Err(error) => (
                told(format!("{} cannot be started: {error}", editor.name())),
                None,
            ),
        }
    }

    /// Gives the terminal to something else meanwhile.
    fn lend<T>(&self, work: impl FnOnce() -> T) -> (T, io::Result<()>) {
        self.terminal.release();
        self.signals.lend(true);
        let result = with_default_stop(work);
        self.signals.lend(false);
        (result, self.terminal.take())
    }

    /// Waits for an editor in its own window, so that it does not stay as a zombie, and hears if it fails.
    fn see_off(&self, mut child: std::process::Child, name: String) {
        let tell = self.tell.clone();
        let wait = move || {
            if let Ok(status) = child.wait()
                && !status.success()
            {
                let _ = tell.send(Message::Edited(format!("{name} ended with {status}")));
            }
        };
        // Without a thread, the editor works all the same.
        drop(
            std::thread::Builder::new()
                .name("editor".into())
                .spawn(wait),
        );
    }
}

fn told<T>(result: Result<T, StateError>) -> Vec<Event> {
    let error = result.err();
    error
        .map(|error| Event::Told(Notice::warn(error.to_string())))
        .into_iter()
        .collect()
}

/// The place of the first error, if that is a file which is there; the start of the main file otherwise.
fn place_of(root: &Path, main: &str, place: Option<&str>) -> Place {
    place
        .and_then(|place| Place::parse(root, place))
        .filter(|place| place.path.is_file())
        .unwrap_or_else(|| Place::start(root.join(main)))
}
