//! A network that loses, doubles, delays and reorders messages, the same way for the same seed.
//!
//! The code under test is a state machine, a [`Node`]: it is told of messages and timers, and answers
//! by sending and by setting timers through a [`Context`]. Nothing else happens: no socket, no thread,
//! no real time. A [`Sim`] runs some of them on a virtual clock, in one of two ways:
//!
//! * [`explore`] runs a scenario under many random schedules: messages are lost, doubled and late,
//!   the network splits and heals, nodes crash and come back. When a schedule fails, faults are taken
//!   out as long as it still fails; what is printed is the seed and the trace of what is left. Some
//!   seeds are run twice, and both runs must be the same.
//! * [`Sim::scripted`] delivers nothing by itself. A test says what happens, in which order:
//!   [`Sim::deliver`], [`Sim::lose`], [`Sim::crash`], [`Sim::partition`], [`Sim::fire`]. Rare bugs need a
//!   script: random schedules hardly ever meet them.
//!
//! Whole-system tests of this kind are described in J. Zhou et al., "FoundationDB: a distributed
//! unbundled transactional key value store", SIGMOD 2021, section 4; taking faults out while the failure
//! stays is the ddmin of A. Zeller and R. Hildebrandt, "Simplifying and isolating failure-inducing
//! input", IEEE TSE 28(2), 2002.
//!
//! ```
//! use netsim::{Context, Faults, Node, NodeId, Sim, explore};
//! use std::time::Duration;
//!
//! /// Node 0 asks until somebody answers.
//! #[derive(Default)]
//! struct Ping {
//!     answered: bool,
//! }
//!
//! impl Node for Ping {
//!     type Message = &'static str;
//!
//!     fn on_start(&mut self, context: &mut Context<&'static str>) {
//!         if context.id() == 0 {
//!             self.on_timer(0, context);
//!         }
//!     }
//!     fn on_message(&mut self, from: NodeId, message: &'static str, context: &mut Context<&'static str>) {
//!         match message {
//!             "ping" => context.send(from, "pong"),
//!             _ => self.answered = true,
//!         }
//!     }
//!     fn on_timer(&mut self, _: u64, context: &mut Context<&'static str>) {
//!         if !self.answered {
//!             context.send(1, "ping");
//!             context.set_timer(0, Duration::from_millis(50));
//!         }
//!     }
//! }
//!
//! let faults = Faults { loss: 0.3, until: Duration::from_secs(1), ..Faults::NONE };
//! explore(100, &faults, |schedule| {
//!     let mut sim = Sim::new(schedule, 2, |_, _| Ping::default());
//!     sim.run_for(Duration::from_secs(2));
//!     assert!(sim.node(0).answered, "two seconds have passed without an answer");
//! });
//! ```

mod context;
mod engine;
mod explore;
mod faults;
mod schedule;
mod script;
mod sim;
mod trace;

pub use context::Context;
pub use explore::{explore, replay};
pub use faults::Faults;
pub use schedule::Schedule;
pub use sim::Sim;

use std::fmt::Debug;

/// The number of a node: 0, 1, 2, ...
pub type NodeId = usize;

/// A participant: a state machine that reacts to messages and timers.
///
/// To be the same in every run it must not look at a real clock, draw its own randomness, or let the
/// order of a hash map reach a message: [`Context::now`], [`Context::rng`] and `BTreeMap` are for that.
pub trait Node {
    /// What nodes send to each other.
    type Message: Clone + Debug;

    /// The node starts, or starts again after a crash.
    fn on_start(&mut self, context: &mut Context<Self::Message>) {
        let _ = context;
    }

    /// A message has come.
    fn on_message(
        &mut self,
        from: NodeId,
        message: Self::Message,
        context: &mut Context<Self::Message>,
    );

    /// The timer that was set under this name is due.
    fn on_timer(&mut self, name: u64, context: &mut Context<Self::Message>) {
        let _ = (name, context);
    }
}

#[cfg(test)]
mod tests;
