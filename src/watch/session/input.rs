//! Keys.

use super::{Effect, End, List, Notice, Overlay, Picked, Question, Session, Source, Work};
use crate::watch::keys::{self, Action, Key};

impl Session {
    pub(super) fn key(&mut self, key: Key) -> Vec<Effect> {
        // These work everywhere, whatever is on the screen.
        match keys::action(key) {
            Some(Action::Quit) if key != Key::Char('q') && key != Key::Char('Q') => {
                return vec![Effect::Quit(End::Quit)];
            }
            Some(action @ (Action::Suspend | Action::Redraw)) => return self.act(action),
            _ => {}
        }
        self.notice = None;
        match self.overlay.take() {
            Some(Overlay::List(list)) => self.list_key(list, key),
            Some(Overlay::Pager(mut pager)) => {
                if pager.scroll(key, self.page()) {
                    self.overlay = Some(Overlay::Pager(pager));
                    return Vec::new();
                }
                self.leave_pager(&pager.source, key)
            }
            Some(Overlay::Confirm(question)) => self.answer(&question, key),
            None => match keys::action(key) {
                Some(action) => self.act(action),
                None => {
                    let name = keys::name(key);
                    self.notice = Some(Notice::info(format!(
                        "{name} does nothing here; ? shows the keys"
                    )));
                    Vec::new()
                }
            },
        }
    }

    fn list_key(&mut self, mut list: List, key: Key) -> Vec<Effect> {
        match list.key(key, &self.items, self.page()) {
            Picked::Nothing => self.overlay = Some(Overlay::List(list)),
            Picked::Back => {}
            Picked::Item(item) if item == self.current => self.passed = None,
            Picked::Item(item) => return self.go(item),
        }
        Vec::new()
    }

    /// The key that opened a text closes it, as q and Esc do; any other acts as on the main screen.
    fn leave_pager(&mut self, source: &Source, key: Key) -> Vec<Effect> {
        let opened_by = match source {
            Source::Help => Action::Help,
            Source::Everything | Source::After => Action::Everything,
            Source::Solution(_) => Action::Solution,
        };
        match keys::action(key) {
            None | Some(Action::Quit | Action::GoOn) => Vec::new(),
            Some(action) if action == opened_by => Vec::new(),
            Some(action) => self.act(action),
        }
    }

    fn answer(&mut self, question: &Question, key: Key) -> Vec<Effect> {
        let yes = matches!(key, Key::Char('y' | 'Y'));
        match (question, yes) {
            (Question::Reset, true) => return vec![Effect::Reset(self.current)],
            (Question::Review(item, _), true) => return vec![Effect::Review(*item)],
            (Question::Reset, false) => self.notice = Some(Notice::info("Nothing was reset.")),
            (Question::Review(..), false) => self.notice = Some(Notice::info("It stays as it is.")),
        }
        Vec::new()
    }

    /// Asks whether to do again what is due first.
    pub(super) fn due(&mut self, due: Option<(usize, String)>) {
        match due {
            Some((item, words)) => {
                self.overlay = Some(Overlay::Confirm(Question::Review(item, words)))
            }
            None => {
                self.notice = Some(Notice::info(
                    "Nothing is due for a repetition. (`backlings review --all` shows what comes)",
                ))
            }
        }
    }

    /// Help is for learning: a mock interview has none.
    pub(in crate::watch) fn refuses(&self, action: Action) -> bool {
        let help = matches!(
            action,
            Action::Hint | Action::Solution | Action::Review | Action::Check
        );
        help && self.limit.is_some()
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        if self.refuses(action) {
            self.notice = Some(Notice::info(
                "There is no such help in a mock interview; q ends it.",
            ));
            return Vec::new();
        }
        let mut effects = self.make_way(action);
        match action {
            Action::Hint => effects.extend(self.next_hint()),
            Action::Next => effects.extend(self.next()),
            Action::Previous => effects.extend(self.previous()),
            Action::List => {
                self.overlay = Some(Overlay::List(List::new(&self.items, self.current)))
            }
            Action::Run => effects.extend(self.judge(false)),
            Action::Everything => self.everything(),
            Action::Solution => effects.extend(self.solution()),
            Action::Reset => self.overlay = Some(Overlay::Confirm(Question::Reset)),
            Action::Review => effects.push(Effect::FindDue),
            Action::Restore => effects.push(Effect::Restore(self.current)),
            Action::Open => effects.push(Effect::Open(self.current, self.place())),
            Action::Check => effects.extend(self.check_key()),
            Action::GoThere => effects.extend(self.go_there()),
            Action::GoOn => effects.extend(self.go_on()),
            Action::Help => self.open_pager(Source::Help, "Keys".into()),
            Action::Quit => effects.push(Effect::Quit(End::Quit)),
            Action::Suspend => effects.push(Effect::Suspend),
            Action::Redraw => effects.push(Effect::Redraw),
        }
        effects
    }

    /// Keys that are about the current exercise put the screen of the one before away first.
    fn make_way(&mut self, action: Action) -> Vec<Effect> {
        let moved = self.passed.as_ref().is_some_and(|pass| pass.moved);
        let about_current = matches!(
            action,
            Action::Hint | Action::Run | Action::Reset | Action::Restore | Action::Open
        );
        if moved && about_current {
            self.go_on()
        } else {
            Vec::new()
        }
    }

    fn next_hint(&mut self) -> Vec<Effect> {
        let hints = self.item().hints.len();
        if self.hints < hints {
            self.hints += 1;
            return vec![Effect::ShowHint(self.current, self.hints)];
        }
        self.notice = Some(Notice::info(match hints {
            0 => "There are no hints for this exercise.",
            _ => "That was the last hint. (a shows all of them)",
        }));
        Vec::new()
    }

    fn next(&mut self) -> Vec<Effect> {
        if self.passed.is_some() {
            return self.go_on();
        }
        if self.current + 1 < self.items.len() {
            return self.go(self.current + 1);
        }
        let text = match self.pending_after(self.current) {
            Some(_) => "This is the last exercise of the walk. (l lists what is pending)",
            None => "This is the last exercise of the walk.",
        };
        self.notice = Some(Notice::info(text));
        Vec::new()
    }

    fn previous(&mut self) -> Vec<Effect> {
        if let Some(pass) = &self.passed
            && pass.moved
        {
            let item = pass.item;
            return self.go(item);
        }
        if self.current > 0 {
            return self.go(self.current - 1);
        }
        self.notice = Some(Notice::info("This is the first exercise of the walk."));
        Vec::new()
    }

    fn everything(&mut self) {
        match &self.passed {
            Some(pass) if pass.moved => {
                let title = format!("After {}", self.items[pass.item].name);
                self.open_pager(Source::After, title);
            }
            _ => {
                let title = format!("Everything about {}", self.item().name);
                self.open_pager(Source::Everything, title);
            }
        }
    }

    fn solution(&mut self) -> Vec<Effect> {
        let item = self.passed.as_ref().map_or(self.current, |pass| pass.item);
        if self.items[item].done {
            return vec![Effect::LoadSolution(item)];
        }
        let name = &self.items[item].name;
        self.notice = Some(Notice::info(format!(
            "The solution of {name} is shown once it has passed. (h gives a hint)"
        )));
        Vec::new()
    }

    /// A second time, the key stops the check.
    fn check_key(&mut self) -> Vec<Effect> {
        if matches!(self.work, Work::Checking { .. }) {
            self.work = Work::Idle;
            self.notice = Some(Notice::info("The check was stopped."));
            return vec![Effect::Cancel];
        }
        self.check()
    }

    /// Where the first error or failed test is.
    fn place(&self) -> Option<String> {
        let verdict = &self.verdict.as_ref()?.verdict;
        let errors = verdict
            .diagnostics
            .iter()
            .filter_map(|one| one.location.as_ref());
        let failures = verdict
            .failures
            .iter()
            .filter_map(|one| one.location.as_ref());
        errors.chain(failures).next().cloned()
    }
}
