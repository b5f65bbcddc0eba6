//! Nodes to be judged, right ones and wrong ones.

use super::ms;
use crate::{Context, Node, NodeId};
use std::collections::BTreeSet;

/// Node 0 sends 1, 2, ..., `count` to node 1, one at a time.
pub struct StopAndWait {
    pub count: u64,
    /// Numbers go up to this and start again at 0; `u64::MAX` for practically never.
    pub numbers: u64,
    pub retransmits: bool,
    pub ignores_known: bool,
    pub next: u64,
    pub received: Vec<u64>,
}

#[derive(Clone, Debug)]
pub enum Packet {
    Data { number: u64, value: u64 },
    Ack(u64),
}

impl StopAndWait {
    pub const fn right(count: u64) -> Self {
        StopAndWait {
            count,
            numbers: u64::MAX,
            retransmits: true,
            ignores_known: true,
            next: 0,
            received: Vec::new(),
        }
    }

    fn transmit(&self, context: &mut Context<Packet>) {
        if self.next < self.count {
            let number = self.next % self.numbers;
            let value = self.next + 1;
            context.send(1, Packet::Data { number, value });
            if self.retransmits {
                context.set_timer(0, ms(30));
            }
        }
    }
}

impl Node for StopAndWait {
    type Message = Packet;

    fn on_start(&mut self, context: &mut Context<Packet>) {
        if context.id() == 0 {
            self.transmit(context);
        }
    }

    fn on_message(&mut self, from: NodeId, message: Packet, context: &mut Context<Packet>) {
        match message {
            Packet::Data { number, value } => {
                context.send(from, Packet::Ack(number));
                if number == self.next % self.numbers || !self.ignores_known {
                    self.received.push(value);
                    self.next += 1;
                }
            }
            Packet::Ack(number) if number == self.next % self.numbers => {
                self.next += 1;
                context.cancel_timer(0);
                self.transmit(context);
            }
            Packet::Ack(_) => {}
        }
    }

    fn on_timer(&mut self, _: u64, context: &mut Context<Packet>) {
        self.transmit(context);
    }
}

/// Node 0 tells all others to add 1, each until it has acknowledged.
pub struct Counter {
    pub sum: u64,
    pub ignores_known: bool,
    known: BTreeSet<u64>,
    open: BTreeSet<NodeId>,
}

#[derive(Clone, Debug)]
pub enum Add {
    One { id: u64 },
    Done,
}

impl Counter {
    pub fn new(ignores_known: bool) -> Self {
        let (known, open) = (BTreeSet::new(), BTreeSet::new());
        Counter {
            sum: 0,
            ignores_known,
            known,
            open,
        }
    }
}

impl Node for Counter {
    type Message = Add;

    fn on_start(&mut self, context: &mut Context<Add>) {
        if context.id() == 0 {
            self.open = context.others().collect();
            self.on_timer(0, context);
        }
    }

    fn on_message(&mut self, from: NodeId, message: Add, context: &mut Context<Add>) {
        match message {
            Add::One { id } => {
                if self.known.insert(id) || !self.ignores_known {
                    self.sum += 1;
                }
                context.send(from, Add::Done);
            }
            Add::Done => _ = self.open.remove(&from),
        }
    }

    fn on_timer(&mut self, _: u64, context: &mut Context<Add>) {
        for &to in &self.open {
            context.send(to, Add::One { id: 7 });
        }
        if !self.open.is_empty() {
            context.set_timer(0, ms(40));
        }
    }
}

/// Node 0 collects votes from the others, which have one each: for the first that asks.
#[derive(Default)]
pub struct Voter {
    /// On disk, if the subject is right.
    pub voted_for: Option<NodeId>,
    pub votes: BTreeSet<NodeId>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Vote {
    Ask,
    Yes,
}

impl Voter {
    /// Comes back from a crash with its vote, or has forgotten it.
    pub fn back(crashed: Option<Voter>, forgets: bool) -> Voter {
        let voted_for = crashed.and_then(|voter| voter.voted_for);
        Voter {
            voted_for: voted_for.filter(|_| !forgets),
            ..Voter::default()
        }
    }
}

impl Node for Voter {
    type Message = Vote;

    fn on_message(&mut self, from: NodeId, message: Vote, context: &mut Context<Vote>) {
        match message {
            Vote::Ask if self.voted_for.is_none_or(|candidate| candidate == from) => {
                self.voted_for = Some(from);
                context.send(from, Vote::Yes);
            }
            Vote::Ask => {}
            Vote::Yes => _ = self.votes.insert(from),
        }
    }

    /// Asks all others for their votes, and votes for itself.
    fn on_timer(&mut self, _: u64, context: &mut Context<Vote>) {
        if self
            .voted_for
            .is_none_or(|candidate| candidate == context.id())
        {
            self.voted_for = Some(context.id());
            self.votes.insert(context.id());
            context.broadcast(Vote::Ask);
        }
    }
}

/// All nodes send to all others every 50 ms, and get an answer.
pub struct Chatter;

impl Node for Chatter {
    type Message = (u64, bool);

    fn on_start(&mut self, context: &mut Context<(u64, bool)>) {
        self.on_timer(0, context);
    }

    fn on_message(
        &mut self,
        from: NodeId,
        (n, ask): (u64, bool),
        context: &mut Context<(u64, bool)>,
    ) {
        if ask {
            context.send(from, (n + 1, false));
        }
    }

    fn on_timer(&mut self, _: u64, context: &mut Context<(u64, bool)>) {
        let n = context.rng().range(0..100);
        context.broadcast((n, true));
        context.set_timer(0, ms(50));
    }
}
