//! What a node can do.

use crate::NodeId;
use seeded::Rng;
use std::time::Duration;

/// What a node did, in order; the simulator carries it out when the node returns.
#[derive(Debug)]
pub(crate) enum Action<M> {
    Send(NodeId, M),
    SetTimer(u64, Duration),
    CancelTimer(u64),
    Note(String),
}

/// A node's way to the world while it handles an event.
#[derive(Debug)]
pub struct Context<'a, M> {
    pub(crate) id: NodeId,
    pub(crate) nodes: usize,
    pub(crate) now: Duration,
    pub(crate) recording: bool,
    pub(crate) rng: &'a mut Rng,
    pub(crate) actions: Vec<Action<M>>,
}

impl<M> Context<'_, M> {
    /// The number of this node.
    pub fn id(&self) -> NodeId {
        self.id
    }

    /// How many nodes there are; they are numbered from 0.
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// All nodes but this one.
    pub fn others(&self) -> impl Iterator<Item = NodeId> + use<M> {
        let id = self.id;
        (0..self.nodes).filter(move |&other| other != id)
    }

    /// The time since the start of the simulation.
    pub fn now(&self) -> Duration {
        self.now
    }

    /// Sends a message. It may never arrive, arrive twice, or after a later one. A message of a node to
    /// itself is always delivered, unless the node crashes.
    pub fn send(&mut self, to: NodeId, message: M) {
        self.actions.push(Action::Send(to, message));
    }

    /// Sends a message to all other nodes.
    pub fn broadcast(&mut self, message: M)
    where
        M: Clone,
    {
        for to in self.others() {
            self.send(to, message.clone());
        }
    }

    /// Sets the timer of this name, in place of the one that was set under it before.
    pub fn set_timer(&mut self, name: u64, after: Duration) {
        self.actions.push(Action::SetTimer(name, after));
    }

    /// Takes the timer of this name back, if it is set.
    pub fn cancel_timer(&mut self, name: u64) {
        self.actions.push(Action::CancelTimer(name));
    }

    /// Random numbers that depend on the schedule's seed and on the node.
    pub fn rng(&mut self) -> &mut Rng {
        self.rng
    }

    /// Adds a line to the trace; `text` is called only when there is one.
    pub fn note(&mut self, text: impl FnOnce() -> String) {
        if self.recording {
            self.actions.push(Action::Note(text()));
        }
    }
}
