//! The smallest part of a history that cannot be put into an order.

use crate::Model;
use crate::history::{CallId, Calls, Entry};
use crate::search::{Outcome, Wanted, search};
use std::collections::HashSet;
use std::fmt;

/// Calls that no single copy could have answered like this; prints as lines in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    calls: Vec<CallId>,
    text: String,
}

impl Violation {
    /// The calls that are enough to show it, in the order of their start.
    pub fn calls(&self) -> &[CallId] {
        &self.calls
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Makes calls that have no order fewer, as long as what is left has none and shows it for all.
pub(crate) fn explain<M: Model>(model: &M, key: &str, calls: Calls<M>, steps: u64) -> Violation {
    let mut explainer = Explainer {
        model,
        start: model.start(),
        steps,
        left: steps.saturating_mul(4),
    };
    let mut calls = explainer.shortest_start(calls);
    calls = explainer.after_quiet(calls);
    calls = explainer.without_reads(calls);
    calls = explainer.without_ends(calls);
    Violation {
        calls: calls.iter().map(|call| call.id).collect(),
        text: explainer.print(key, &calls),
    }
}

struct Explainer<'a, M: Model> {
    model: &'a M,
    start: M::State,
    /// The steps of one search, and of all.
    steps: u64,
    left: u64,
}

impl<M: Model> Explainer<'_, M> {
    fn search(&mut self, from: &M::State, calls: &Calls<M>, wanted: Wanted) -> Outcome<M::State> {
        let mut steps = self.steps.min(self.left);
        let before = steps;
        let outcome = search(self.model, from, calls, wanted, &mut steps);
        self.left -= before - steps;
        outcome
    }

    /// Whether it is certain that these calls have no order.
    fn fails(&mut self, calls: &Calls<M>) -> bool {
        let start = self.start.clone();
        matches!(
            self.search(&start, calls, Wanted::One),
            Outcome::None { .. }
        )
    }

    /// Cuts the history off after the first event that makes it wrong. A start of a linearizable
    /// history is linearizable.
    fn shortest_start(&mut self, calls: Calls<M>) -> Calls<M> {
        let until = |event: usize| -> Calls<M> {
            let started = calls.iter().filter(|call| call.start <= event).cloned();
            let cut = |mut call: Entry<M::Call, M::Result>| {
                call.end = call.end.filter(|(end, _)| *end <= event);
                call
            };
            started.map(cut).collect()
        };
        let mut ends: Vec<usize> = calls
            .iter()
            .filter_map(|call| Some(call.end.as_ref()?.0))
            .collect();
        ends.sort();
        let first = ends.partition_point(|&end| !self.fails(&until(end)));
        match ends.get(first) {
            Some(&end) => until(end),
            None => calls,
        }
    }

    /// Replaces all calls before a moment without open calls by the state that they lead to, if it is
    /// certain, and if a call that may change the state is left.
    fn after_quiet(&mut self, calls: Calls<M>) -> Calls<M> {
        let mut states = HashSet::from([self.start.clone()]);
        let (mut start, mut kept, mut from) = (self.start.clone(), calls.clone(), 0);
        for at in 1..calls.len() {
            let is_over = |call: &Entry<_, _>| {
                call.end
                    .as_ref()
                    .is_some_and(|&(end, _)| end < calls[at].start)
            };
            if !calls[from..at].iter().all(is_over) {
                continue;
            }
            let part = calls[from..at].to_vec();
            let mut after = HashSet::new();
            for state in &states {
                match self.search(state, &part, Wanted::Ends) {
                    Outcome::Found(ends) => after.extend(ends),
                    Outcome::None { .. } => {}
                    Outcome::OutOfSteps => {
                        self.start = start;
                        return kept;
                    }
                }
            }
            (states, from) = (after, at);
            let only = states.iter().next().filter(|_| states.len() == 1);
            let changes = |call: &Entry<M::Call, _>| !self.model.only_reads(&call.call);
            if let Some(only) = only.filter(|_| calls[at..].iter().any(changes)) {
                start = only.clone();
                kept = calls[at..].to_vec();
            }
        }
        self.start = start;
        kept
    }

    /// Leaves calls out that change nothing.
    fn without_reads(&mut self, mut calls: Calls<M>) -> Calls<M> {
        for at in (0..calls.len()).rev() {
            if self.model.only_reads(&calls[at].call) {
                let mut fewer = calls.clone();
                fewer.remove(at);
                if self.fails(&fewer) {
                    calls = fewer;
                }
            }
        }
        calls
    }

    /// Lets calls go on for ever where their end does not matter: that only allows more orders.
    fn without_ends(&mut self, mut calls: Calls<M>) -> Calls<M> {
        for at in (0..calls.len()).rev() {
            let mut open = calls.clone();
            if open[at].end.take().is_some() && self.fails(&open) {
                calls = open;
            }
        }
        calls
    }

    fn print(&mut self, key: &str, calls: &Calls<M>) -> String {
        let of_key = if key.is_empty() {
            String::new()
        } else {
            format!(" of {key}")
        };
        let start = self.start.clone();
        let mut text = format!(
            "not linearizable: from the state {start:?}, no order explains these calls{of_key}:\n"
        );
        text += &timeline(calls);
        if let Outcome::None { longest, state } = self.search(&start, calls, Wanted::One) {
            let order: Vec<String> = longest.iter().map(|&at| describe(&calls[at])).collect();
            let order = if order.is_empty() {
                "no call at all".into()
            } else {
                order.join(", then ")
            };
            text += &format!(
                "the longest order that fits: {order}\nthen the state is {state:?}, in which these do not fit:"
            );
            let missing = |&at: &usize| calls[at].end.is_some() && !longest.contains(&at);
            for at in (0..calls.len()).filter(missing) {
                text += &format!(" {};", describe(&calls[at]));
            }
            text.pop();
        }
        text
    }
}

/// A line for each call, from its start to its end.
fn timeline<C: fmt::Debug, R: fmt::Debug>(calls: &[Entry<C, R>]) -> String {
    let mut times: Vec<usize> = calls.iter().map(|call| call.start).collect();
    times.extend(calls.iter().filter_map(|call| Some(call.end.as_ref()?.0)));
    times.sort();
    let column = |time: usize| 3 * times.partition_point(|&t| t < time);
    let width = 3 * times.len() + 1;
    let mut text = String::new();
    for call in calls {
        let (from, to) = (
            column(call.start),
            call.end.as_ref().map(|&(end, _)| column(end)),
        );
        let bar = match to {
            Some(to) => format!("|{}|", "-".repeat(to - from - 1)),
            None => format!("|{}", "-".repeat(width - from - 4)) + "...",
        };
        let bar = " ".repeat(from) + &bar;
        text += &format!(
            "  client {:<3} {bar:<2$}  {}\n",
            call.client,
            describe(call),
            width
        );
    }
    text
}

fn describe<C: fmt::Debug, R: fmt::Debug>(entry: &Entry<C, R>) -> String {
    match &entry.end {
        Some((_, result)) => format!("{:?} -> {result:?}", entry.call),
        None => format!("{:?}", entry.call),
    }
}
