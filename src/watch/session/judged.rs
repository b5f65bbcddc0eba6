//! Saves, verdicts and passes.

use std::sync::Arc;

use super::{Checked, Effect, Judged, Notice, Overlay, Pass, Session, Source, Work};
use crate::judge::Step;
use crate::track::ContentHash;
use crate::ui::diagnostics::{self, Room};
use crate::ui::text::count;

/// Rows that the verdict of a pass gets above what is said after it: the headline, notes, a warning.
const PASS_ROWS: usize = 8;
/// Names in a sentence before it says "and others".
const NAMES: usize = 5;

impl Session {
    /// Whatever is on the screen, a save is judged and its verdict is what the learner wants to see.
    pub(super) fn saved(&mut self) -> Vec<Effect> {
        self.show_verdict();
        self.judge(true)
    }

    pub(super) fn show_verdict(&mut self) {
        let everything = matches!(&self.overlay, Some(Overlay::Pager(pager)) if pager.source == Source::Everything);
        if !everything {
            self.overlay = None;
        }
        self.passed = None;
        self.held = None;
        self.fault = None;
        self.notice = None;
        self.elsewhere = None;
        self.finished = false;
    }

    /// The exercise that has just passed is gone on with; any other needs the learner's word, since
    /// an update or a checkout can change many files at once.
    pub(super) fn saved_elsewhere(&mut self, item: usize) -> Vec<Effect> {
        let just_passed = self
            .passed
            .as_ref()
            .is_some_and(|pass| pass.moved && pass.item == item);
        if just_passed {
            self.arrive(item);
            let mut effects = vec![Effect::Watch(item), Effect::SetCurrent(item)];
            effects.extend(self.judge(true));
            return effects;
        }
        self.elsewhere = Some(item);
        let (saved, current) = (&self.items[item].name, &self.item().name);
        self.notice = Some(Notice::info(format!(
            "{saved} was saved, but the current exercise is {current}: press g to go to {saved}"
        )));
        Vec::new()
    }

    pub(super) fn go_there(&mut self) -> Vec<Effect> {
        self.elsewhere.map_or_else(Vec::new, |item| self.go(item))
    }

    pub(super) fn unreadable(&mut self, why: String) -> Vec<Effect> {
        self.show_verdict();
        self.verdict = None;
        self.work = Work::Idle;
        self.fault = Some(why);
        vec![Effect::Cancel]
    }

    pub(super) fn step(&mut self, id: u64, new: Step) {
        if let Work::Judging {
            id: running, step, ..
        } = &mut self.work
            && *running == id
        {
            *step = Some(new);
        }
    }

    pub(super) fn judged(
        &mut self,
        id: u64,
        judged: Option<Arc<Judged>>,
        on_disk: Option<ContentHash>,
    ) -> Vec<Effect> {
        let Work::Judging {
            id: running, saved, ..
        } = self.work
        else {
            return Vec::new();
        };
        if running != id {
            return Vec::new();
        }
        self.work = Work::Idle;
        let Some(mut judged) = judged else {
            return Vec::new();
        };
        if self.limit.is_some() {
            // No help in an interview.
            Arc::make_mut(&mut judged).verdict.misconception = None;
        }
        if on_disk.is_some_and(|hash| hash != judged.verdict.hash) {
            // Saved so late that no event came before the verdict: what was judged is not what is there.
            return self.judge(true);
        }
        if judged.verdict.passed() && self.passed.as_ref().is_some_and(|pass| pass.moved) {
            self.held = Some(judged);
            return Vec::new();
        }
        self.accept(judged, saved)
    }

    fn accept(&mut self, judged: Arc<Judged>, saved: bool) -> Vec<Effect> {
        let item = self.current;
        self.fault = None;
        let mut effects = Vec::new();
        if judged.verdict.passed() {
            let news = saved || !self.items[item].done;
            if news {
                effects.push(Effect::Record(item, Arc::clone(&judged)));
            }
            effects.extend(self.pass(item, judged));
        } else {
            if saved && judged.verdict.counts() {
                effects.push(Effect::Record(item, Arc::clone(&judged)));
            }
            self.finished = false;
            self.verdict = Some(judged);
        }
        self.refresh_pager();
        effects
    }

    fn pass(&mut self, item: usize, judged: Arc<Judged>) -> Vec<Effect> {
        let first_time = !std::mem::replace(&mut self.items[item].done, true);
        let room = Room {
            width: None,
            height: Some(PASS_ROWS),
            more: "",
        };
        let lines = diagnostics::lines(&judged.verdict, room, &self.style);
        let next = self.pending_after(item);
        let mut pass = Pass {
            item,
            lines,
            after: String::new(),
            advice: Vec::new(),
            next,
            moved: false,
        };
        let mut effects = vec![Effect::LoadAfter(item)];
        match next {
            // One that was done before is being played with: the learner says when to go on.
            Some(next) if first_time && self.advance => {
                effects.extend(self.go(next));
                pass.moved = true;
            }
            None if first_time => {
                self.verdict = Some(Arc::clone(&judged));
                effects.extend(self.check());
            }
            _ => self.verdict = Some(Arc::clone(&judged)),
        }
        self.passed = Some(pass);
        // Last: what is judged now goes before advice.
        effects.push(Effect::Advise(item, judged));
        effects
    }

    /// Puts the pass screen away. A pass of the next exercise that came meanwhile is shown now.
    pub(super) fn go_on(&mut self) -> Vec<Effect> {
        let Some(pass) = self.passed.take() else {
            return Vec::new();
        };
        if !pass.moved {
            return match pass.next.or_else(|| self.pending_after(pass.item)) {
                Some(next) => self.go(next),
                None => {
                    self.passed = (!self.finished).then_some(pass);
                    Vec::new()
                }
            };
        }
        match self.held.take() {
            Some(judged) => self.accept(judged, false),
            None => Vec::new(),
        }
    }

    pub(super) fn after(&mut self, item: usize, after: String) {
        if let Some(pass) = &mut self.passed
            && pass.item == item
        {
            pass.after = after;
        }
        self.refresh_pager();
    }

    pub(super) fn advice(&mut self, item: usize, advice: Vec<String>) {
        if let Some(pass) = &mut self.passed
            && pass.item == item
        {
            pass.advice = advice;
        }
        self.refresh_pager();
    }

    /// Checks everything done once more.
    pub(super) fn check(&mut self) -> Vec<Effect> {
        let done: Vec<usize> = (0..self.items.len())
            .filter(|&index| self.items[index].done)
            .collect();
        if done.is_empty() {
            self.notice = Some(Notice::info(
                "Nothing is done yet, so there is nothing to check.",
            ));
            return Vec::new();
        }
        self.last_id += 1;
        self.work = Work::Checking {
            id: self.last_id,
            since: self.now,
            done: 0,
            total: done.len(),
        };
        vec![Effect::Check(self.last_id, done)]
    }

    pub(super) fn checking(&mut self, id: u64, checked: usize, of: usize) {
        if let Work::Checking {
            id: running,
            done,
            total,
            ..
        } = &mut self.work
            && *running == id
        {
            (*done, *total) = (checked, of);
        }
    }

    pub(super) fn checked(
        &mut self,
        id: u64,
        results: Option<Vec<(usize, Checked)>>,
    ) -> Vec<Effect> {
        if !matches!(self.work, Work::Checking { id: running, .. } if running == id) {
            return Vec::new();
        }
        self.work = Work::Idle;
        let Some(results) = results else {
            return Vec::new();
        };
        let those = |wanted: &Checked| -> Vec<usize> {
            let found = results.iter().filter(|(_, result)| result == wanted);
            found.map(|(item, _)| *item).collect()
        };
        let (failing, unknown) = (those(&Checked::Fails), those(&Checked::Unknown));
        for &item in &failing {
            self.items[item].done = false;
        }
        self.notice = Some(if !failing.is_empty() {
            let names = self.names(&failing);
            Notice::warn(format!(
                "{} no longer pass{}, pending again: {names}",
                count(failing.len(), "exercise"),
                if failing.len() == 1 { "es" } else { "" },
            ))
        } else if !unknown.is_empty() {
            let names = self.names(&unknown);
            Notice::warn(format!(
                "Could not be checked: {names}. Go there to see why."
            ))
        } else {
            Notice::good(format!(
                "{} checked once more: all pass.",
                count(results.len(), "exercise")
            ))
        });
        if failing.is_empty() {
            self.finished = unknown.is_empty() && self.done() == self.total();
            return Vec::new();
        }
        if let Some(pass) = &mut self.passed {
            pass.next = failing.first().copied();
        }
        vec![Effect::SetPending(failing)]
    }

    fn names(&self, items: &[usize]) -> String {
        let mut names: Vec<&str> = items
            .iter()
            .take(NAMES)
            .map(|&item| self.items[item].name.as_str())
            .collect();
        let others = format!("and {} more", items.len().saturating_sub(NAMES));
        if items.len() > NAMES {
            names.push(&others);
        }
        names.join(", ")
    }
}
