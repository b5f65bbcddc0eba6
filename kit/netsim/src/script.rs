//! What a test decides itself.

use crate::sim::{Envelope, How, Sim};
use crate::{Node, NodeId};
use std::time::Duration;

impl<N: Node> Sim<N> {
    /// From now on nothing is delivered by itself, and only timers make time pass.
    pub fn hold(&mut self) {
        self.held = true;
        let under_way = self.take_under_way();
        self.wire.extend(under_way);
    }

    /// From now on messages are delivered by themselves again, those under way included, after the latency.
    pub fn release(&mut self) {
        self.held = false;
        let at = self.now() + self.schedule.faults.latency;
        for envelope in std::mem::take(&mut self.wire) {
            self.put_under_way(at, envelope);
        }
    }

    /// The messages that wait for the script, in the order in which they were sent: from, to, message.
    pub fn under_way(&self) -> impl Iterator<Item = (NodeId, NodeId, &N::Message)> {
        self.wire
            .iter()
            .map(|envelope| (envelope.from, envelope.to, &envelope.message))
    }

    /// Delivers the oldest message from one node to another.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn deliver(&mut self, from: NodeId, to: NodeId) {
        self.deliver_where(from, to, |_| true);
    }

    /// Delivers the oldest message from one node to another that is of this kind: to let it overtake others.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn deliver_where(&mut self, from: NodeId, to: NodeId, is: impl Fn(&N::Message) -> bool) {
        let at = self.find(from, to, is, "delivers");
        self.deliver_at(at);
    }

    /// Delivers the oldest message of all, again and again, until none is under way.
    ///
    /// # Panics
    /// When it takes more events than the limit.
    pub fn deliver_all(&mut self) {
        while !self.wire.is_empty() {
            self.deliver_at(0);
        }
    }

    /// Loses the oldest message from one node to another.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn lose(&mut self, from: NodeId, to: NodeId) {
        self.lose_where(from, to, |_| true);
    }

    /// Loses the oldest message from one node to another that is of this kind.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn lose_where(&mut self, from: NodeId, to: NodeId, is: impl Fn(&N::Message) -> bool) {
        let at = self.find(from, to, is, "loses");
        let envelope = self.wire.remove(at);
        self.lost(&envelope, "lost");
    }

    /// Loses everything that is under way.
    pub fn lose_all(&mut self) {
        for envelope in std::mem::take(&mut self.wire) {
            self.lost(&envelope, "lost");
        }
    }

    /// Puts a copy of the oldest message from one node to another behind all that is under way.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn duplicate(&mut self, from: NodeId, to: NodeId) {
        let at = self.find(from, to, |_| true, "doubles");
        let mut copy = self.wire[at].clone();
        copy.how = How::Copy;
        self.wire.push(copy);
    }

    /// The timer of this name rings now, or at its time if that is later. Other nodes' timers, and other
    /// timers of this node, wait: clocks need not run at the same speed.
    ///
    /// # Panics
    /// When the node has not set it.
    #[track_caller]
    pub fn fire(&mut self, id: NodeId, name: u64) {
        let timers = &self.slots[id].timers;
        let Some(&(at, _)) = timers.get(&name) else {
            let set: Vec<u64> = timers.keys().copied().collect();
            panic!(
                "the script waits for timer {name} of node {id}, but of its timers only {set:?} are set"
            );
        };
        self.cancel_timer(id, name);
        self.clock.advance_to(at);
        self.count();
        self.ring(id, name);
    }

    /// Splits the network: messages pass only between nodes of one part. Nodes that are in no part named
    /// form one more. What was cut before is healed.
    pub fn partition(&mut self, parts: &[&[NodeId]]) {
        let part = |id: NodeId| parts.iter().position(|part| part.contains(&id));
        self.split = None;
        let nodes = self.slots.len();
        let links = (0..nodes).flat_map(|from| (0..nodes).map(move |to| (from, to)));
        self.cut = links.filter(|&(from, to)| part(from) != part(to)).collect();
        self.schedule.line(true, || {
            let rest: Vec<NodeId> = (0..nodes).filter(|&id| part(id).is_none()).collect();
            let named = parts.iter().map(|part| format!("{part:?}"));
            let rest = (!rest.is_empty()).then(|| format!("{rest:?}"));
            let parts: Vec<String> = named.chain(rest).collect();
            format!("the network splits: {}", parts.join(" | "))
        });
    }

    /// Cuts the link in one direction.
    pub fn cut(&mut self, from: NodeId, to: NodeId) {
        self.schedule
            .line(true, || format!("the link {from} -> {to} is cut"));
        self.cut.insert((from, to));
    }

    /// Makes the network whole again.
    pub fn heal(&mut self) {
        self.schedule
            .line(false, || "the network is whole again".into());
        self.cut.clear();
        self.split = None;
    }

    /// The time at which a timer of a node rings, if it is set.
    pub fn timer(&self, id: NodeId, name: u64) -> Option<Duration> {
        self.slots[id].timers.get(&name).map(|&(at, _)| at)
    }

    fn deliver_at(&mut self, at: usize) {
        let envelope = self.wire.remove(at);
        self.count();
        self.arrive(envelope);
    }

    #[track_caller]
    fn find(
        &self,
        from: NodeId,
        to: NodeId,
        is: impl Fn(&N::Message) -> bool,
        does: &str,
    ) -> usize {
        let is = |e: &Envelope<N::Message>| e.from == from && e.to == to && is(&e.message);
        self.wire.iter().position(is).unwrap_or_else(|| {
            let mut list = String::new();
            for (from, to, message) in self.under_way() {
                list += &format!("\n    {from} -> {to}  {message:?}");
            }
            let list = if list.is_empty() { " nothing" } else { &list };
            panic!(
                "the script {does} a message from node {from} to node {to}, but no such message is \
                 under way; under way is:{list}"
            )
        })
    }
}
