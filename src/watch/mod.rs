//! Watch mode: judges on every save, advances on a pass.
//!
//! One loop takes messages from threads (keys, signals, the file watcher, the judge), gives them to the
//! [`session`] as events, brings its effects about, and draws what has changed.

mod course;
#[cfg(unix)]
mod decode;
mod files;
mod hands;
mod input;
pub mod keys;
mod parts;
pub mod session;
mod view;
mod worker;

use std::io::{self, Stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

pub use parts::{Interview, Options, Parts, Summary, WatchError};
pub use session::End;

use course::Course;
use files::{Change, Files, Heard};
use hands::Hands;
use input::{Keys, Signals};
use keys::Key;
use session::{Checked, Effect, Event, Judged, Notice, Session, Signal, Start};
use worker::Worker;

use crate::judge::Step;
use crate::ui::terminal::Terminal;
use crate::ui::{Screen, Style};
use crate::workspace::Workspace;

/// Between two looks at what can change without telling: the clock, the terminal, the state.
const TICK: Duration = Duration::from_secs(1);
/// The same while a clock is on the screen.
const BUSY_TICK: Duration = Duration::from_millis(200);

/// The end of a mock interview.
const SOLVED: &str = "Every problem of this interview is solved. Press q to end it.";

/// What the threads say.
enum Message {
    Key(Key),
    Resized,
    Gone,
    #[cfg_attr(not(unix), expect(dead_code, reason = "there are none"))]
    Signal(Signal),
    Heard(Heard),
    Step(u64, Step),
    Judged(u64, Option<Arc<Judged>>),
    Checking {
        id: u64,
        done: usize,
        total: usize,
    },
    Checked(u64, Option<Vec<(usize, Checked)>>),
    Advice(usize, Vec<String>),
    Edited(String),
    Broken,
}

/// Watches until the learner quits, a signal comes, or the terminal goes away.
///
/// # Errors
/// When the terminal cannot be used.
pub fn run(parts: Parts) -> Result<Summary, WatchError> {
    let Parts {
        workspace,
        store,
        track,
        judge,
        options,
    } = parts;
    let progress = store.progress();
    let start = options.start.as_deref().or(progress.current.as_deref());
    let track = Arc::new(track);
    let course = Arc::new(match &options.interview {
        Some(interview) => Course::only(track, &interview.exercises),
        None => Course::new(track, &progress.roadmap, start),
    });
    if course.is_empty() {
        return Err(WatchError::Empty);
    }
    let items = course.items(progress);
    let pending = || items.iter().position(|item| !item.done);
    let current = start
        .and_then(|name| course.item(name))
        .or_else(pending)
        .unwrap_or(0);
    let (session, effects) = Session::new(Start {
        course: course.track().name().to_string(),
        root: workspace.root().to_path_buf(),
        farewell: match options.interview {
            Some(_) => SOLVED.into(),
            None => course.track().messages().farewell.clone(),
        },
        limit: options.interview.as_ref().map(|interview| interview.limit),
        items,
        current,
        advance: !options.no_advance,
        notice: None,
        style: Style::stdout(),
        size: Terminal::size(),
    });

    let (tell, messages) = mpsc::channel();
    let terminal = Terminal::new();
    // First, lest a signal find the terminal taken and nobody to give it back.
    let signals =
        Signals::start(tell.clone(), terminal.restorer()).map_err(WatchError::Terminal)?;
    terminal.take().map_err(WatchError::Terminal)?;
    let mut screen = Screen::new(io::stdout());
    // Before anything that takes time: threads, the toolchain, hundreds of folders to watch.
    let drawn = screen.draw(view::frame(&session), session.size());
    drawn.map_err(WatchError::Terminal)?;

    let keys = Keys::start(tell.clone()).map_err(WatchError::Terminal)?;
    let compiler_width = judge.width();
    let worker = Worker::start(judge, workspace.clone(), Arc::clone(&course), tell.clone())
        .map_err(WatchError::Terminal)?;
    let files = files(&workspace, &course, &tell);
    let hands = Hands {
        workspace,
        store,
        course,
        files,
        worker,
        terminal,
        signals,
        edit_command: options.edit_command,
        tell,
        said: None,
    };
    let mut watch = Watch {
        compiler_width,
        session,
        screen,
        hands,
        keys,
        messages,
        began: Instant::now(),
        later: Vec::new(),
        end: None,
    };
    watch.begin(effects, options.poll);
    watch.run()
}

fn files(workspace: &Workspace, course: &Arc<Course>, tell: &Sender<Message>) -> Files {
    let tell = tell.clone();
    let heard = move |heard| {
        // The loop is gone only when everything ends.
        let _ = tell.send(Message::Heard(heard));
    };
    Files::new(workspace.root(), Arc::clone(course), Arc::new(heard))
}

/// The loop and what it goes round with.
struct Watch {
    /// The columns that compiler messages fit.
    compiler_width: Arc<AtomicU16>,
    session: Session,
    screen: Screen<Stdout>,
    hands: Hands,
    keys: Keys,
    messages: Receiver<Message>,
    began: Instant,
    /// Effects that wait until the screen is drawn.
    later: Vec<Effect>,
    end: Option<End>,
}

impl Watch {
    fn begin(&mut self, effects: Vec<Effect>, poll: bool) {
        self.perform(effects);
        for event in self.hands.begin(self.session.current()) {
            self.event(event);
        }
        if poll {
            let changes = self.hands.files.poll("no events, as you wished".into());
            self.changed(changes);
        } else {
            self.hands.files.listen();
        }
    }

    fn run(mut self) -> Result<Summary, WatchError> {
        let mut next_tick = Instant::now() + TICK;
        loop {
            if self.end.is_none() && self.draw().is_err() {
                self.end = Some(End::Gone);
            }
            // Also when it ends: a pass that has just come is to be kept.
            let later = std::mem::take(&mut self.later);
            if !later.is_empty() {
                self.perform_now(later);
                continue;
            }
            if let Some(end) = self.end {
                return Ok(self.summary(end));
            }
            let tick = if self.session.is_busy() {
                BUSY_TICK
            } else {
                TICK
            };
            next_tick = next_tick.min(Instant::now() + tick);
            let wake = next_tick.min(self.hands.files.next_look());
            match self
                .messages
                .recv_timeout(wake.saturating_duration_since(Instant::now()))
            {
                Ok(message) => self.take(message)?,
                Err(RecvTimeoutError::Timeout) => {}
                // We hold a sender ourselves.
                Err(RecvTimeoutError::Disconnected) => return Err(WatchError::Broken),
            }
            while let Ok(message) = self.messages.try_recv() {
                self.take(message)?;
            }
            let now = Instant::now();
            if now >= self.hands.files.next_look() {
                let changes = self.hands.files.look(now);
                self.changed(changes);
            }
            if now >= next_tick {
                next_tick = now + tick;
                self.tick();
            }
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        self.screen
            .draw(view::frame(&self.session), self.session.size())
    }

    fn tick(&mut self) {
        if !Terminal::is_there() {
            return self.event(Event::Gone);
        }
        // A signal of another size can be missed, and a resize while we were stopped brings none.
        if Terminal::size() != self.session.size() {
            self.event(Event::Resized(Terminal::size()));
        }
        for event in self.hands.news() {
            self.event(event);
        }
        self.event(Event::Tick);
    }

    fn take(&mut self, message: Message) -> Result<(), WatchError> {
        match message {
            Message::Key(key) => {
                self.event(Event::Key(key));
                self.keys.go_on();
            }
            Message::Resized => {
                // Even back at the same size, a terminal may have cut what it shows.
                self.screen.forget();
                self.event(Event::Resized(Terminal::size()));
            }
            Message::Gone => self.event(Event::Gone),
            Message::Signal(signal) => self.event(Event::Signal(signal)),
            Message::Heard(heard) => {
                let changes = self.hands.files.heard(heard, Instant::now());
                self.changed(changes);
            }
            Message::Step(id, step) => self.event(Event::Step(id, step)),
            Message::Judged(id, judged) => {
                let on_disk = self.hands.files.on_disk();
                self.event(Event::Judged {
                    id,
                    judged,
                    on_disk,
                });
            }
            Message::Checking { id, done, total } => {
                self.event(Event::Checking { id, done, total })
            }
            Message::Checked(id, results) => self.event(Event::Checked(id, results)),
            Message::Advice(item, advice) => self.event(Event::Advice(item, advice)),
            Message::Edited(why) => self.event(Event::Told(Notice::warn(why))),
            Message::Broken => return Err(WatchError::Broken),
        }
        Ok(())
    }

    fn changed(&mut self, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::Saved => self.event(Event::Saved),
                Change::Elsewhere(item) => self.event(Event::SavedElsewhere(item)),
                Change::Unreadable(why) => self.event(Event::Unreadable(why)),
                Change::Polling(how) => self.event(Event::Watching(Some(how))),
                Change::Specification => {
                    let told = self.hands.mend(self.session.current());
                    told.into_iter().for_each(|event| self.event(event));
                }
            }
        }
    }

    fn event(&mut self, event: Event) {
        if let Event::Resized(size) = &event {
            let width = u16::try_from(size.width).unwrap_or(u16::MAX);
            self.compiler_width.store(width, Ordering::Relaxed);
        }
        let effects = self.session.update(event, self.began.elapsed());
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let (later, now): (Vec<Effect>, Vec<Effect>) =
            effects.into_iter().partition(Effect::can_wait);
        self.later.extend(later);
        self.perform_now(now);
    }

    fn perform_now(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Quit(end) => self.end = Some(end),
                Effect::Suspend => {
                    let back = self.hands.terminal.suspend();
                    self.came_back(back);
                }
                Effect::Redraw => {
                    let back = self.hands.terminal.take();
                    self.came_back(back);
                }
                Effect::Open(item, place) => {
                    let (told, back) = self.hands.open(item, place.as_deref());
                    told.into_iter().for_each(|event| self.event(event));
                    if let Some(back) = back {
                        self.came_back(back);
                    }
                }
                effect => {
                    for event in self.hands.perform(effect) {
                        self.event(event);
                    }
                }
            }
        }
    }

    /// Of what is on the screen after others had it, nothing is known.
    fn came_back(&mut self, back: io::Result<()>) {
        if back.is_err() {
            self.end = Some(End::Gone);
        }
        self.screen.forget();
        self.event(Event::Resized(Terminal::size()));
    }

    fn summary(&self, end: End) -> Summary {
        Summary {
            end,
            done: self.session.done(),
            total: self.session.total(),
        }
    }
}
