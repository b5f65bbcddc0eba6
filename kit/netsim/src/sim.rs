//! The simulator: nodes, messages under way, timers, and the clock.

use crate::context::{Action, Context};
use crate::faults::Fault;
use crate::schedule::Schedule;
use crate::{Node, NodeId};
use clock::Clock;
use seeded::Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// So many events a simulation may have, unless [`Sim::limit`] says something else.
const EVENTS: u64 = 100_000;

type Make<N> = Box<dyn FnMut(NodeId, Option<N>) -> N>;

/// Some nodes and the network between them.
///
/// A failed assertion while a recorded simulation exists prints its trace; `!` marks what went wrong.
pub struct Sim<N: Node> {
    pub(crate) schedule: Schedule,
    pub(crate) clock: Clock,
    make: Make<N>,
    pub(crate) slots: Vec<Slot<N>>,
    pub(crate) queue: BTreeMap<(Duration, u64), Event<N::Message>>,
    pub(crate) numbers: u64,
    /// The messages under way while the test delivers, in the order in which they were sent.
    pub(crate) wire: Vec<Envelope<N::Message>>,
    pub(crate) held: bool,
    /// The links on which nothing passes.
    pub(crate) cut: BTreeSet<(NodeId, NodeId)>,
    /// The split of the schedule that cut them; a newer one replaces it.
    pub(crate) split: Option<usize>,
    /// How many messages were sent on each link; row by row.
    pub(crate) sent: Vec<u64>,
    pub(crate) deliveries: usize,
    pub(crate) events: u64,
    pub(crate) losses: u64,
    pub(crate) limit: u64,
    /// Empty; kept for its memory.
    pub(crate) actions: Vec<Action<N::Message>>,
}

pub(crate) struct Slot<N> {
    /// Only missing while it is replaced.
    pub node: Option<N>,
    pub up: bool,
    pub timers: BTreeMap<u64, (Duration, u64)>,
    pub rng: Rng,
}

#[derive(Clone, Debug)]
pub(crate) struct Envelope<M> {
    pub from: NodeId,
    pub to: NodeId,
    pub message: M,
    pub sent_at: Duration,
    pub how: How,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum How {
    Normal,
    Late,
    Copy,
}

pub(crate) enum Event<M> {
    Deliver(Envelope<M>),
    Timer(NodeId, u64),
    Split(usize, Vec<NodeId>, Duration),
    Heal(usize),
    Fall(usize, NodeId, Duration),
    Rise(NodeId),
}

impl<N: Node> Sim<N> {
    /// Nodes 0 to `nodes - 1` on a network with the schedule's faults.
    ///
    /// `make` is called for each with `None`. When a node comes back after a crash it is called with the
    /// node that crashed, and takes over what that one had on its disk, and nothing else.
    pub fn new(
        schedule: &Schedule,
        nodes: usize,
        make: impl FnMut(NodeId, Option<N>) -> N + 'static,
    ) -> Self {
        Self::with(schedule, nodes, make, false)
    }

    /// Nodes on a network that delivers only what the test tells it to.
    pub fn scripted(nodes: usize, make: impl FnMut(NodeId, Option<N>) -> N + 'static) -> Self {
        Self::with(&Schedule::script(), nodes, make, true)
    }

    fn with(
        schedule: &Schedule,
        nodes: usize,
        make: impl FnMut(NodeId, Option<N>) -> N + 'static,
        held: bool,
    ) -> Self {
        let mut sim = Self {
            schedule: schedule.clone(),
            clock: schedule.clock(),
            make: Box::new(make),
            slots: Vec::new(),
            queue: BTreeMap::new(),
            numbers: 0,
            wire: Vec::new(),
            held,
            cut: BTreeSet::new(),
            split: None,
            sent: vec![0; nodes * nodes],
            deliveries: 0,
            events: 0,
            losses: 0,
            limit: EVENTS,
            actions: Vec::new(),
        };
        let (seed, faults) = (schedule.seed, schedule.faults.clone());
        for (i, split) in faults.splits(seed, nodes).into_iter().enumerate() {
            sim.enqueue(split.at, Event::Split(i, split.part, split.until));
        }
        for (i, fall) in faults.falls(seed, nodes).into_iter().enumerate() {
            sim.enqueue(fall.at, Event::Fall(i, fall.node, fall.until));
        }
        for id in 0..nodes {
            sim.slots.push(Slot {
                node: Some((sim.make)(id, None)),
                up: true,
                timers: BTreeMap::new(),
                rng: Rng::new(seed ^ (id as u64 + 1) << 48),
            });
        }
        for id in 0..nodes {
            sim.act(id, |node, context| node.on_start(context));
        }
        sim
    }

    /// Gives up with a message after so many events, in place of 100,000.
    pub fn limit(&mut self, events: u64) {
        self.limit = events;
    }

    /// The clock of this simulation.
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// The time since the start.
    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    /// How many events there were: deliveries, timers, faults.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// How many messages were lost, for whatever reason.
    pub fn losses(&self) -> u64 {
        self.losses
    }

    /// A node; one that is down is as the crash left it.
    pub fn node(&self, id: NodeId) -> &N {
        self.slots[id]
            .node
            .as_ref()
            .expect("nodes are only missing while they are replaced")
    }

    /// All nodes, those that are down included.
    pub fn nodes(&self) -> impl Iterator<Item = &N> {
        (0..self.slots.len()).map(|id| self.node(id))
    }

    /// Whether a node is running.
    pub fn is_up(&self, id: NodeId) -> bool {
        self.slots[id].up
    }

    /// Lets a node do something that no message or timer makes it do, as a client's request would;
    /// `None` when it is down.
    pub fn call<R>(
        &mut self,
        id: NodeId,
        f: impl FnOnce(&mut N, &mut Context<N::Message>) -> R,
    ) -> Option<R> {
        self.is_up(id).then(|| self.act(id, f))
    }

    /// Adds a line to the trace; `text` is called only when there is one.
    pub fn note(&self, text: impl FnOnce() -> String) {
        self.schedule.note(text);
    }

    /// The next event, at its time; `false` when there is none.
    ///
    /// # Panics
    /// When there were more events than the limit.
    pub fn step(&mut self) -> bool {
        let Some(((at, _), event)) = self.queue.pop_first() else {
            return false;
        };
        self.clock.advance_to(at);
        self.count();
        match event {
            Event::Deliver(envelope) => {
                self.deliveries -= 1;
                self.arrive(envelope);
            }
            Event::Timer(id, name) => self.ring(id, name),
            Event::Split(i, part, until) => {
                if self.schedule.lets(Fault::Split(i)) {
                    self.partition(&[&part]);
                    self.split = Some(i);
                    self.enqueue(until, Event::Heal(i));
                }
            }
            Event::Heal(i) => {
                if self.split == Some(i) {
                    self.heal();
                }
            }
            Event::Fall(i, id, until) => {
                if self.is_up(id) && self.schedule.lets(Fault::Fall(i)) {
                    self.crash(id);
                    self.enqueue(until, Event::Rise(id));
                }
            }
            Event::Rise(id) => {
                if !self.is_up(id) {
                    self.restart(id);
                }
            }
        }
        true
    }

    /// Lets time pass, with all that happens in it.
    pub fn run_for(&mut self, time: Duration) {
        self.each_step(time, |_| {});
    }

    /// Lets time pass, and looks at the nodes after each event.
    pub fn each_step(&mut self, time: Duration, mut look: impl FnMut(&Self)) {
        let end = self.now() + time;
        while self
            .queue
            .first_key_value()
            .is_some_and(|(&(at, _), _)| at <= end)
        {
            self.step();
            look(self);
        }
        self.clock.advance_to(end);
    }

    /// Lets time pass until no message is under way and no timer is set, at most until `time` has
    /// passed; whether it came to that.
    pub fn run_until_quiet(&mut self, time: Duration) -> bool {
        let end = self.now() + time;
        while !self.is_quiet() {
            if self
                .queue
                .first_key_value()
                .is_none_or(|(&(at, _), _)| at > end)
            {
                self.clock.advance_to(end);
                return false;
            }
            self.step();
        }
        true
    }

    /// Whether no message is under way and no timer is set.
    pub fn is_quiet(&self) -> bool {
        self.deliveries == 0
            && self.wire.is_empty()
            && self.slots.iter().all(|slot| slot.timers.is_empty())
    }

    /// A node stops at once: its timers are gone, and messages to it are lost. Nothing if it is down.
    pub fn crash(&mut self, id: NodeId) {
        if !std::mem::replace(&mut self.slots[id].up, false) {
            return;
        }
        self.schedule.line(true, || format!("node {id} crashes"));
        for (_, key) in std::mem::take(&mut self.slots[id].timers) {
            self.queue.remove(&key);
        }
    }

    /// A node that is down is made anew from what it had on its disk, and starts. Nothing if it is up.
    pub fn restart(&mut self, id: NodeId) {
        if self.is_up(id) {
            return;
        }
        self.schedule.line(false, || format!("node {id} is back"));
        let crashed = self.slots[id].node.take();
        self.slots[id].node = Some((self.make)(id, crashed));
        self.slots[id].up = true;
        self.act(id, |node, context| node.on_start(context));
    }
}

impl<N: Node> Drop for Sim<N> {
    fn drop(&mut self) {
        if std::thread::panicking() && self.schedule.is_recording() {
            let trace = self.schedule.record().trace;
            if !trace.is_empty() {
                eprintln!("what happened (`!` marks faults):\n{trace}");
            }
        }
    }
}
