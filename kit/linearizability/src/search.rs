//! The search for an order.

use crate::Model;
use crate::history::Entry;
use std::collections::HashSet;

/// What became of a search.
pub(crate) enum Outcome<S> {
    /// There is an order. After all of them the states are these: one if the first was enough.
    Found(HashSet<S>),
    /// There is none. This is the longest start of one, by positions, and the state after it.
    None { longest: Vec<usize>, state: S },
    /// The steps were used up.
    OutOfSteps,
}

/// How much is asked of a search.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Wanted {
    /// Whether there is an order.
    One,
    /// All states in which an order may end.
    Ends,
}

type Entries<M> = [Entry<<M as Model>::Call, <M as Model>::Result>];

/// Looks for an order of all calls that returned, and of any of the others, from a state.
pub(crate) fn search<M: Model>(
    model: &M,
    start: &M::State,
    calls: &Entries<M>,
    wanted: Wanted,
    steps: &mut u64,
) -> Outcome<M::State> {
    let mut list = List::new(calls);
    let mut state = start.clone();
    // What is in the order: the position of each call, and the state before it.
    let mut order: Vec<(usize, M::State)> = Vec::new();
    let mut is_in = vec![0_u64; calls.len().div_ceil(64)];
    // Which calls were made, in whatever order, and the state after: once is enough.
    let mut seen = HashSet::new();
    let mut missing = calls.iter().filter(|call| call.end.is_some()).count();
    let mut longest = (Vec::new(), start.clone());
    let mut ends = HashSet::new();
    let mut at = list.first();
    loop {
        if missing == 0 && !ends.contains(&state) {
            ends.insert(state.clone());
            if wanted == Wanted::One {
                return Outcome::Found(ends);
            }
        }
        // Only calls that started before the first return may be next.
        if let Some(Event::Start(i)) = list.event(at) {
            if *steps == 0 {
                return Outcome::OutOfSteps;
            }
            *steps -= 1;
            let Entry { call, end, .. } = &calls[i];
            let result = end.as_ref().map(|(_, result)| result);
            let mut is_new = false;
            if let Some(next) = model.step(&state, call, result) {
                is_in[i / 64] ^= 1 << (i % 64);
                is_new = seen.insert((is_in.clone(), next.clone()));
                if is_new {
                    order.push((i, std::mem::replace(&mut state, next)));
                    missing -= usize::from(end.is_some());
                    list.take_out(i);
                    if order.len() > longest.0.len() {
                        let positions = order.iter().map(|&(i, _)| i).collect();
                        longest = (positions, state.clone());
                    }
                } else {
                    is_in[i / 64] ^= 1 << (i % 64);
                }
            }
            at = if is_new { list.first() } else { list.after(at) };
            continue;
        }
        let Some((i, before)) = order.pop() else {
            break;
        };
        state = before;
        is_in[i / 64] ^= 1 << (i % 64);
        missing += usize::from(calls[i].end.is_some());
        list.put_back(i);
        at = list.after(list.start_of(i));
    }
    if ends.is_empty() {
        let (longest, state) = longest;
        Outcome::None { longest, state }
    } else {
        Outcome::Found(ends)
    }
}

#[derive(Clone, Copy)]
enum Event {
    Start(usize),
    End,
}

/// The starts and ends of calls in the order of time, from which calls are taken out and put back at no
/// cost, the last first.
struct List {
    events: Vec<Event>,
    next: Vec<usize>,
    before: Vec<usize>,
    /// Where each call starts and ends.
    places: Vec<(usize, Option<usize>)>,
}

impl List {
    fn new<C, R>(calls: &[Entry<C, R>]) -> Self {
        let mut times = Vec::new();
        for (i, call) in calls.iter().enumerate() {
            times.push((call.start, i, false));
            times.extend(call.end.as_ref().map(|&(end, _)| (end, i, true)));
        }
        times.sort();
        let mut places = vec![(0, None); calls.len()];
        for (at, &(_, i, is_end)) in times.iter().enumerate() {
            match is_end {
                false => places[i].0 = at,
                true => places[i].1 = Some(at),
            }
        }
        let event = |&(_, i, is_end): &(usize, usize, bool)| match is_end {
            false => Event::Start(i),
            true => Event::End,
        };
        // The place after the last event closes the ring: it is before the first, too.
        let ring = times.len() + 1;
        Self {
            events: times.iter().map(event).collect(),
            next: (0..ring).map(|at| (at + 1) % ring).collect(),
            before: (0..ring).map(|at| (at + ring - 1) % ring).collect(),
            places,
        }
    }

    fn event(&self, at: usize) -> Option<Event> {
        self.events.get(at).copied()
    }

    fn first(&self) -> usize {
        self.next[self.events.len()]
    }

    fn after(&self, at: usize) -> usize {
        self.next[at]
    }

    fn start_of(&self, i: usize) -> usize {
        self.places[i].0
    }

    fn take_out(&mut self, i: usize) {
        let (start, end) = self.places[i];
        self.unlink(start);
        end.into_iter().for_each(|end| self.unlink(end));
    }

    fn put_back(&mut self, i: usize) {
        let (start, end) = self.places[i];
        end.into_iter().for_each(|end| self.link(end));
        self.link(start);
    }

    fn unlink(&mut self, at: usize) {
        let (before, next) = (self.before[at], self.next[at]);
        self.next[before] = next;
        self.before[next] = before;
    }

    fn link(&mut self, at: usize) {
        let (before, next) = (self.before[at], self.next[at]);
        self.next[before] = at;
        self.before[next] = at;
    }
}
