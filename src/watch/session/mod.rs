//! What watch mode knows, and how each event changes it: a reducer without terminal, files or clocks.
//!
//! [`Session::update`] takes an event and gives the effects that the loop has to bring about; [`super::view`] draws the state.

mod event;
mod input;
mod judged;
mod list;
mod pager;
#[cfg(test)]
pub(in crate::watch) mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use event::{Checked, Effect, End, Event, Item, Judged, Notice, Signal};
pub use list::{List, Picked, Show};
pub use pager::{Pager, Source};

use crate::judge::Step;
use crate::ui::diagnostics::{self, Room};
use crate::ui::{Size, Style, Tone, markdown, sanitize, text};

/// What the judge is doing.
#[derive(Clone, Debug)]
pub(super) enum Work {
    Idle,
    Judging {
        id: u64,
        since: Duration,
        step: Option<Step>,
        saved: bool,
    },
    Checking {
        id: u64,
        since: Duration,
        done: usize,
        total: usize,
    },
}

/// A pass that is being shown.
#[derive(Clone, Debug)]
pub(super) struct Pass {
    pub(super) item: usize,
    /// The verdict in a few lines.
    pub(super) lines: Vec<String>,
    /// What is said after passing.
    pub(super) after: String,
    /// Advice on the learner's version, as rendered.
    pub(super) advice: Vec<String>,
    /// Where to go on.
    pub(super) next: Option<usize>,
    /// Whether the next exercise is the current one already.
    pub(super) moved: bool,
}

/// What covers the main screen.
#[derive(Clone, Debug)]
pub(super) enum Overlay {
    Pager(Pager),
    List(List),
    /// A question to answer with y or n.
    Confirm(Question),
}

/// What is asked before something of the learner's is replaced.
#[derive(Clone, Debug)]
pub(super) enum Question {
    /// Whether to reset the current exercise.
    Reset,
    /// Whether to do an item again, and what is known of it.
    Review(usize, String),
}

/// Everything that watch mode knows.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) course: String,
    pub(super) root: PathBuf,
    pub(super) farewell: String,
    /// How long a mock interview may take, from the start.
    pub(super) limit: Option<Duration>,
    /// Whether the learner was told that the time is over.
    told_over: bool,
    /// Where the learner is in the calendar, in words.
    pub(super) standing: Option<String>,
    pub(super) items: Vec<Item>,
    pub(super) current: usize,
    pub(super) advance: bool,
    pub(super) style: Style,
    pub(super) size: Size,
    pub(super) now: Duration,
    pub(super) work: Work,
    pub(super) verdict: Option<Arc<Judged>>,
    /// A pass of the next exercise that came while the one before is still being read.
    held: Option<Arc<Judged>>,
    pub(super) fault: Option<String>,
    pub(super) passed: Option<Pass>,
    /// Everything is done, and was found to pass once more.
    pub(super) finished: bool,
    pub(super) hints: usize,
    pub(super) overlay: Option<Overlay>,
    pub(super) notice: Option<Notice>,
    pub(super) watching: Option<String>,
    elsewhere: Option<usize>,
    last_id: u64,
}

/// What a session begins with.
#[derive(Clone, Debug)]
pub struct Start {
    /// The track's name.
    pub course: String,
    /// The workspace's folder.
    pub root: PathBuf,
    /// What is said when everything is done.
    pub farewell: String,
    /// How long it may take, if it is a mock interview.
    pub limit: Option<Duration>,
    /// The exercises of the walk, in order; at least one.
    pub items: Vec<Item>,
    /// The one to begin with.
    pub current: usize,
    /// Whether a pass goes on by itself.
    pub advance: bool,
    /// What to tell first, such as what was found damaged and repaired.
    pub notice: Option<Notice>,
    /// How text can be dressed.
    pub style: Style,
    /// The terminal's size.
    pub size: Size,
}

impl Session {
    /// A session, and what it asks for first.
    pub fn new(start: Start) -> (Self, Vec<Effect>) {
        let current = start.current.min(start.items.len().saturating_sub(1));
        let mut session = Self {
            course: start.course,
            root: start.root,
            farewell: start.farewell,
            limit: start.limit,
            told_over: false,
            standing: None,
            items: start.items,
            current,
            advance: start.advance,
            style: start.style,
            size: start.size,
            now: Duration::ZERO,
            work: Work::Idle,
            verdict: None,
            held: None,
            fault: None,
            passed: None,
            finished: false,
            hints: 0,
            overlay: None,
            notice: start.notice,
            watching: None,
            elsewhere: None,
            last_id: 0,
        };
        let notice = session.notice.take();
        let effects = session.go(current);
        session.notice = notice;
        (session, effects)
    }

    /// Takes in what happened at `now`, counted from any fixed moment, and says what has to be done about it, in order.
    pub fn update(&mut self, event: Event, now: Duration) -> Vec<Effect> {
        self.now = now;
        match event {
            Event::Saved => return self.saved(),
            Event::SavedElsewhere(item) => return self.saved_elsewhere(item),
            Event::Unreadable(why) => return self.unreadable(why),
            Event::Key(key) => return self.key(key),
            Event::Step(id, step) => self.step(id, step),
            Event::Judged {
                id,
                judged,
                on_disk,
            } => return self.judged(id, judged, on_disk),
            Event::Checking { id, done, total } => self.checking(id, done, total),
            Event::Checked(id, results) => return self.checked(id, results),
            Event::After(item, after) => self.after(item, after),
            Event::Solution(item, files) => {
                let title = format!("The solution of {}", self.items[item].name);
                self.open_pager(Source::Solution(files), title);
            }
            Event::Told(notice) => self.notice = Some(notice),
            Event::Advice(item, advice) => self.advice(item, advice),
            Event::Done(done) => {
                for (item, done) in self.items.iter_mut().zip(done) {
                    item.done = done;
                }
            }
            Event::Replaced(notice) => {
                self.show_verdict();
                self.notice = Some(notice);
                return self.judge(false);
            }
            Event::Watching(how) => {
                self.notice = how.as_ref().map(Notice::warn);
                self.watching = how;
            }
            Event::Resized(size) => {
                self.size = size;
                self.refresh_pager();
            }
            Event::Standing(standing) => self.standing = standing,
            Event::Due(due) => self.due(due),
            Event::Again(item, notice) => {
                let effects = self.go(item);
                self.notice = Some(notice);
                return effects;
            }
            Event::Tick => self.tick(),
            Event::Signal(Signal::End(number)) => return vec![Effect::Quit(End::Signal(number))],
            Event::Signal(Signal::Stop) => return vec![Effect::Suspend],
            Event::Signal(Signal::Continue) => return vec![Effect::Redraw],
            Event::Gone => return vec![Effect::Quit(End::Gone)],
        }
        Vec::new()
    }

    /// How many exercises are done.
    pub fn done(&self) -> usize {
        self.items.iter().filter(|item| item.done).count()
    }

    /// How many exercises there are.
    pub fn total(&self) -> usize {
        self.items.len()
    }

    /// What is left of a mock interview's time.
    pub(super) fn left(&self) -> Option<Duration> {
        self.limit.map(|limit| limit.saturating_sub(self.now))
    }

    fn tick(&mut self) {
        if self.left() == Some(Duration::ZERO) && !self.told_over {
            self.told_over = true;
            self.notice = Some(Notice::warn(
                "The time is over. What passes from now on does not count; q ends the interview.",
            ));
        }
    }

    /// The terminal's size as last heard of.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The item that the learner is at.
    pub fn current(&self) -> usize {
        self.current
    }

    /// Whether something runs that a clock stands beside.
    pub fn is_busy(&self) -> bool {
        !matches!(self.work, Work::Idle)
    }

    /// The rows that an overlay has for its text.
    pub(super) fn page(&self) -> usize {
        self.size.height.saturating_sub(2).max(1)
    }

    pub(super) fn item(&self) -> &Item {
        &self.items[self.current]
    }

    /// Makes an item the current one, and judges it as it is.
    fn go(&mut self, item: usize) -> Vec<Effect> {
        self.arrive(item);
        let mut effects = vec![Effect::Watch(item), Effect::SetCurrent(item)];
        effects.extend(self.judge(false));
        effects
    }

    fn arrive(&mut self, item: usize) {
        self.current = item;
        self.hints = 0;
        self.verdict = None;
        self.held = None;
        self.fault = None;
        self.passed = None;
        self.finished = false;
        self.overlay = None;
        self.notice = None;
        self.elsewhere = None;
    }

    fn judge(&mut self, saved: bool) -> Vec<Effect> {
        self.last_id += 1;
        self.work = Work::Judging {
            id: self.last_id,
            since: self.now,
            step: None,
            saved,
        };
        vec![Effect::Judge(self.last_id, self.current)]
    }

    /// The first pending item after this one, from the start again if need be.
    fn pending_after(&self, item: usize) -> Option<usize> {
        let after = item + 1..self.items.len();
        after.chain(0..item).find(|&index| !self.items[index].done)
    }

    fn open_pager(&mut self, source: Source, title: String) {
        let pager = Pager {
            source,
            title,
            lines: Vec::new(),
            top: 0,
        };
        self.overlay = Some(Overlay::Pager(pager));
        self.refresh_pager();
    }

    /// Makes the lines of a long text anew, after what it shows or the width has changed.
    fn refresh_pager(&mut self) {
        let lines = match &self.overlay {
            Some(Overlay::Pager(pager)) => self.pager_lines(&pager.source),
            _ => return,
        };
        let page = self.page();
        if let Some(Overlay::Pager(pager)) = &mut self.overlay {
            pager.lines = lines;
            pager.clamp(page);
        }
    }

    fn pager_lines(&self, source: &Source) -> Vec<String> {
        let width = self.size.width;
        let lines = match source {
            Source::Help => super::view::help(&self.style),
            Source::After => {
                let pass = self.passed.as_ref();
                let mut lines = pass.map_or_else(Vec::new, |pass| pass.lines.clone());
                lines.extend(self.after_lines());
                lines
            }
            Source::Everything => {
                let mut lines = self.hint_lines(width);
                match &self.verdict {
                    Some(judged) => {
                        let room = Room::UNBOUNDED;
                        lines.extend(diagnostics::lines(&judged.verdict, room, &self.style));
                    }
                    None => lines.push("Nothing has been judged yet.".into()),
                }
                if self.passed.as_ref().is_some_and(|pass| !pass.moved) {
                    lines.extend(self.after_lines());
                }
                lines
            }
            Source::Solution(files) => super::view::solution(files, &self.style),
        };
        lines
            .iter()
            .flat_map(|line| text::fold(line, width))
            .collect()
    }

    /// What is said after passing, and the advice.
    fn after_lines(&self) -> Vec<String> {
        let Some(pass) = &self.passed else {
            return Vec::new();
        };
        let mut lines = vec![String::new()];
        lines.extend(markdown::lines(&pass.after, self.size.width, &self.style));
        for message in &pass.advice {
            lines.push(String::new());
            lines.extend(sanitize::lines(message.trim_end(), &self.style));
        }
        lines
    }

    /// The hints shown so far, the newest last.
    fn hint_lines(&self, width: usize) -> Vec<String> {
        let hints = (1..=self.hints).flat_map(|number| {
            let mut lines = self.hint(number, width);
            lines.push(String::new());
            lines
        });
        hints.collect()
    }

    /// A hint by its number, from 1.
    pub(super) fn hint(&self, number: usize, width: usize) -> Vec<String> {
        let hints = &self.item().hints;
        let title = format!("Hint {number} of {}", hints.len());
        let text = number.checked_sub(1).and_then(|index| hints.get(index));
        let mut lines = vec![self.style.strong(Tone::Info, title)];
        lines.extend(markdown::lines(
            text.map_or("", String::as_str),
            width,
            &self.style,
        ));
        lines
    }
}
