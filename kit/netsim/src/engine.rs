//! What happens to messages and timers on their way.

use crate::context::{Action, Context};
use crate::faults::Fault;
use crate::sim::{Envelope, Event, How, Sim};
use crate::{Node, NodeId};
use std::time::Duration;

impl<N: Node> Sim<N> {
    pub(crate) fn count(&mut self) {
        self.events += 1;
        self.schedule.count_event();
        assert!(
            self.events <= self.limit,
            "more than {} events, and it is only {:?}: do nodes send messages or set timers without end?",
            self.limit,
            self.now()
        );
    }

    /// Runs a part of a node's code and carries out what it did.
    pub(crate) fn act<R>(
        &mut self,
        id: NodeId,
        f: impl FnOnce(&mut N, &mut Context<N::Message>) -> R,
    ) -> R {
        let nodes = self.slots.len();
        let slot = &mut self.slots[id];
        let mut context = Context {
            id,
            nodes,
            now: self.clock.now(),
            recording: self.schedule.is_recording(),
            rng: &mut slot.rng,
            actions: std::mem::take(&mut self.actions),
        };
        let node = slot
            .node
            .as_mut()
            .expect("nodes are only missing while they are replaced");
        let result = f(node, &mut context);
        let mut actions = context.actions;
        for action in actions.drain(..) {
            match action {
                Action::Send(to, message) => self.send(id, to, message),
                Action::SetTimer(name, after) => self.set_timer(id, name, after),
                Action::CancelTimer(name) => self.cancel_timer(id, name),
                Action::Note(text) => self.schedule.note(|| format!("node {id}: {text}")),
            }
        }
        self.actions = actions;
        result
    }

    fn send(&mut self, from: NodeId, to: NodeId, message: N::Message) {
        assert!(
            to < self.slots.len(),
            "node {from} sends {message:?} to node {to}, which does not exist"
        );
        let now = self.now();
        let mut envelope = Envelope {
            from,
            to,
            message,
            sent_at: now,
            how: How::Normal,
        };
        let nth = &mut self.sent[from * self.slots.len() + to];
        *nth += 1;
        let nth = *nth;
        if self.cut.contains(&(from, to)) {
            return self.lost(&envelope, "the link is cut");
        }
        if self.held {
            return self.wire.push(envelope);
        }
        let (seed, faults) = (self.schedule.seed, self.schedule.faults.clone());
        let mut at = now + faults.latency;
        if now < faults.until && from != to {
            let fate = faults.fate(seed, from, to, nth);
            if fate.lost && self.schedule.lets(Fault::Loss(from, to, nth)) {
                return self.lost(&envelope, "lost");
            }
            if let Some(extra) = fate.copied
                && self.schedule.lets(Fault::Copy(from, to, nth))
            {
                let copy = Envelope {
                    how: How::Copy,
                    ..envelope.clone()
                };
                self.put_under_way(at + extra, copy);
            }
            if let Some(extra) = fate.late
                && self.schedule.lets(Fault::Delay(from, to, nth))
            {
                at += extra;
                envelope.how = How::Late;
            }
        }
        self.put_under_way(at, envelope);
    }

    pub(crate) fn put_under_way(&mut self, at: Duration, envelope: Envelope<N::Message>) {
        self.deliveries += 1;
        self.enqueue(at, Event::Deliver(envelope));
    }

    /// Takes all messages under way out of the queue, in the order in which they would arrive.
    pub(crate) fn take_under_way(&mut self) -> Vec<Envelope<N::Message>> {
        self.deliveries = 0;
        let (messages, rest) = std::mem::take(&mut self.queue)
            .into_iter()
            .partition::<Vec<_>, _>(|(_, event)| matches!(event, Event::Deliver(_)));
        self.queue = rest.into_iter().collect();
        let envelope = |event| match event {
            Event::Deliver(envelope) => Some(envelope),
            _ => None,
        };
        messages
            .into_iter()
            .filter_map(|(_, event)| envelope(event))
            .collect()
    }

    /// A message is there, if its link and its receiver are.
    pub(crate) fn arrive(&mut self, envelope: Envelope<N::Message>) {
        let (from, to) = (envelope.from, envelope.to);
        if self.cut.contains(&(from, to)) {
            return self.lost(&envelope, "the link is cut");
        }
        if !self.is_up(to) {
            return self.lost(&envelope, "the receiver is down");
        }
        self.schedule.line(envelope.how != How::Normal, || {
            let sent = envelope.sent_at;
            let how = match envelope.how {
                How::Normal => String::new(),
                How::Late => format!(" (late, sent at {sent:?})"),
                How::Copy => format!(" (a copy, sent at {sent:?})"),
            };
            format!("{from} -> {to}  {:?}{how}", envelope.message)
        });
        self.act(to, |node, context| {
            node.on_message(from, envelope.message, context)
        });
    }

    pub(crate) fn lost(&mut self, envelope: &Envelope<N::Message>, why: &str) {
        self.losses += 1;
        let Envelope {
            from, to, message, ..
        } = envelope;
        self.schedule
            .line(true, || format!("{from} -> {to}  {message:?} ({why})"));
    }

    pub(crate) fn ring(&mut self, id: NodeId, name: u64) {
        self.slots[id].timers.remove(&name);
        self.schedule
            .line(false, || format!("timer {name} of node {id}"));
        self.act(id, |node, context| node.on_timer(name, context));
    }

    fn set_timer(&mut self, id: NodeId, name: u64, after: Duration) {
        self.cancel_timer(id, name);
        let at = self.now() + after;
        let key = self.enqueue(at, Event::Timer(id, name));
        self.slots[id].timers.insert(name, key);
    }

    pub(crate) fn cancel_timer(&mut self, id: NodeId, name: u64) {
        if let Some(key) = self.slots[id].timers.remove(&name) {
            self.queue.remove(&key);
        }
    }

    pub(crate) fn enqueue(&mut self, at: Duration, event: Event<N::Message>) -> (Duration, u64) {
        self.numbers += 1;
        let key = (at, self.numbers);
        self.queue.insert(key, event);
        key
    }
}
