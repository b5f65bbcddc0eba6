//! What can go wrong, and which of it does.

use crate::NodeId;
use seeded::Rng;
use std::ops::RangeInclusive;
use std::time::Duration;

/// How a network and its nodes misbehave. Made from [`Faults::NONE`] with some fields replaced.
#[derive(Clone, Debug)]
pub struct Faults {
    /// The time that a message takes when nothing goes wrong with it. Such messages stay in order.
    pub latency: Duration,
    /// The probability that a message is lost.
    pub loss: f64,
    /// The probability that a message arrives twice.
    pub duplication: f64,
    /// The probability that a message is late, so that later ones overtake it.
    pub delay: f64,
    /// By how much late messages, and the copies of doubled ones, are late at most.
    pub max_delay: Duration,
    /// How often the network splits into two parts.
    pub partitions: u32,
    /// For how long.
    pub partition_for: RangeInclusive<Duration>,
    /// How often a node crashes.
    pub crashes: u32,
    /// How long it is down.
    pub crash_for: RangeInclusive<Duration>,
    /// From this time on nothing goes wrong any more: the network is whole, and all nodes are up.
    pub until: Duration,
}

const MS: Duration = Duration::from_millis(1);

impl Faults {
    /// A network in which all goes well: each message arrives once, after 10 ms. The delays and lengths
    /// are moderate; faults that are given a probability or number happen in the first two seconds.
    pub const NONE: Faults = Faults {
        latency: Duration::from_millis(10),
        loss: 0.0,
        duplication: 0.0,
        delay: 0.0,
        max_delay: Duration::from_millis(100),
        partitions: 0,
        partition_for: Duration::from_millis(100)..=Duration::from_millis(500),
        crashes: 0,
        crash_for: Duration::from_millis(50)..=Duration::from_millis(500),
        until: Duration::from_secs(2),
    };

    /// What may happen to the `nth` message from one node to another. It depends on nothing else, so
    /// that most faults stay what they were when one of them is taken out.
    pub(crate) fn fate(&self, seed: u64, from: NodeId, to: NodeId, nth: u64) -> Fate {
        let link = (from as u64) << 8 | to as u64;
        let mut rng = Rng::new(seed.wrapping_mul(0xff51_afd7_ed55_8ccd) ^ nth << 16 ^ link);
        let lost = rng.chance(self.loss);
        let copied = rng.chance(self.duplication);
        let late = rng.chance(self.delay);
        let mut extra = || draw(&mut rng, &(MS..=self.max_delay.max(MS)));
        Fate {
            lost,
            copied: copied.then(&mut extra),
            late: late.then(&mut extra),
        }
    }

    /// When the network splits, into which parts, and when it heals.
    pub(crate) fn splits(&self, seed: u64, nodes: usize) -> Vec<Split> {
        let mut rng = Rng::new(seed ^ 0x5eed_5711);
        let count = if nodes < 2 { 0 } else { self.partitions };
        (0..count)
            .map(|_| {
                let at = self.moment(&mut rng);
                let until = at + draw(&mut rng, &self.partition_for);
                let mut order: Vec<NodeId> = (0..nodes).collect();
                rng.shuffle(&mut order);
                order.truncate(rng.range(1..nodes));
                order.sort();
                Split {
                    at,
                    until: until.min(self.until),
                    part: order,
                }
            })
            .collect()
    }

    /// When which node crashes, and when it is back.
    pub(crate) fn falls(&self, seed: u64, nodes: usize) -> Vec<Fall> {
        let mut rng = Rng::new(seed ^ 0x5eed_fa11);
        let count = if nodes == 0 { 0 } else { self.crashes };
        (0..count)
            .map(|_| {
                let at = self.moment(&mut rng);
                let until = at + draw(&mut rng, &self.crash_for);
                Fall {
                    at,
                    until: until.min(self.until),
                    node: rng.below(nodes),
                }
            })
            .collect()
    }

    fn moment(&self, rng: &mut Rng) -> Duration {
        draw(rng, &(Duration::ZERO..=self.until))
    }
}

/// A duration of a range, in whole microseconds.
fn draw(rng: &mut Rng, range: &RangeInclusive<Duration>) -> Duration {
    let micros = |d: &Duration| d.as_micros() as u64;
    Duration::from_micros(rng.range(micros(range.start())..=micros(range.end())))
}

/// What may happen to one message.
#[derive(Debug, PartialEq)]
pub(crate) struct Fate {
    pub lost: bool,
    pub copied: Option<Duration>,
    pub late: Option<Duration>,
}

#[derive(Debug)]
pub(crate) struct Split {
    pub at: Duration,
    pub until: Duration,
    /// One of the two parts.
    pub part: Vec<NodeId>,
}

#[derive(Debug)]
pub(crate) struct Fall {
    pub at: Duration,
    pub until: Duration,
    pub node: NodeId,
}

/// The name of one fault, under which it can be taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    Loss(NodeId, NodeId, u64),
    Copy(NodeId, NodeId, u64),
    Delay(NodeId, NodeId, u64),
    Split(usize),
    Fall(usize),
}
