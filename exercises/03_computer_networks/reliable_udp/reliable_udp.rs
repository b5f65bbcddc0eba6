//! # Reliable delivery over UDP
//!
//! The receiver of the last exercise puts packets into order and says what it misses. This
//! one is the other half: a sender that keeps several packets under way at once, and repeats
//! what is not acknowledged. Together they are the core of TCP and QUIC: a sliding window.
//!
//! Write `Sender`, a state machine without I/O, and `transfer`, which runs it on a socket.
//! The wire format and `Receiver` are given.
//!
//! 1. `offer` gives the message the next number and takes it, as long as fewer than `window`
//!    messages are unacknowledged. If not, it takes nothing and returns `false`.
//! 2. `poll` gives a packet that is due, `None` when there is none: it is called until then.
//!    A new packet is due at once; new packets are sent in the order of their numbers.
//! 3. `on_ack` ends everything before the number in the acknowledgement. One that says
//!    nothing new, an older one, and one for what was never sent change nothing.
//! 4. The oldest unacknowledged packet is due again when `timeout` has passed since it was
//!    sent last, and so on until it is acknowledged. You may repeat the others with it, or
//!    each in its own time, and you may start the time anew (at the next `poll`) when an
//!    acknowledgement brings something new, as TCP does.
//! 5. `next_wakeup` is the time at which `poll` has something again although nothing comes:
//!    never one that `poll` has dealt with, and `None` when all is acknowledged.
//! 6. The number after 65,535 is 0.
//!
//! `transfer` offers, polls and sends, and waits for an acknowledgement until the next
//! wakeup. It returns when all messages are acknowledged, or with an error of the socket;
//! that nothing came in time is none.
//!
//! An example with window 2 and a timeout of 100 ms: a, b and c are offered at 0 ms, and c is
//! refused. `poll` gives 0 (a) and 1 (b). At 100 ms it gives 0 again, and perhaps 1; then comes
//! `Ack { next: 1 }`: a is done, and there is room for c.
//!
//! How it is judged: examples of each rule; 1,000 random schedules on a simulated network that
//! loses 30 % of all datagrams, doubles and delays others, from just below 65,535 on: all
//! messages arrive, once and in order, no more than `window` are under way, at most `window`
//! packets are repeated for each loss, and then there is silence; and 200 messages between two
//! real sockets through a relay that drops a third of all datagrams.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::UdpSocket;
use std::time::{Duration, Instant};

/// The sending end: keeps up to a window of packets under way, and repeats what is not acknowledged.
pub struct Sender {
    window: usize,
    timeout: Duration,
    /// The number of the next message.
    next: u16,
    /// What is not acknowledged, the oldest first.
    open: VecDeque<Open>,
}

struct Open {
    packet: Packet,
    /// When it was sent last.
    sent: Option<Instant>,
}

impl Sender {
    /// A sender whose first message has the number `first`. The window is 1 to 32,768.
    pub fn new(first: u16, window: u16, timeout: Duration) -> Self {
        Self {
            window: usize::from(window),
            timeout,
            next: first,
            open: VecDeque::new(),
        }
    }

    /// Takes a message if there is room in the window; says whether it did.
    pub fn offer(&mut self, message: &[u8]) -> bool {
        todo!("step 1: is there room? Then the message becomes a packet that was not sent yet")
    }

    /// An acknowledgement has come.
    pub fn on_ack(&mut self, ack: Ack) {
        todo!("step 2: how many of the oldest packets does it end?")
    }

    /// A packet that is due.
    pub fn poll(&mut self, now: Instant) -> Option<Packet> {
        todo!("step 3: the first packet that was never sent, or too long ago")
    }

    /// When a packet will be due although nothing comes.
    pub fn next_wakeup(&self) -> Option<Instant> {
        todo!("step 4: the packet that waits longest decides")
    }
}

/// Sends all messages on a connected socket, and returns when they are acknowledged.
pub fn transfer(socket: &UdpSocket, sender: &mut Sender, messages: &[Vec<u8>]) -> io::Result<()> {
    todo!("step 5: offer, poll and send, wait until the next wakeup at most, and again")
}

/// Given: whether a read only found nothing within the socket's read timeout.
fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}

/// Given: a message with its number. On the wire: the number in two bytes, big-endian, then the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    pub seq: u16,
    pub payload: Vec<u8>,
}

impl Packet {
    pub fn encode(&self) -> Vec<u8> {
        [&self.seq.to_be_bytes(), self.payload.as_slice()].concat()
    }

    pub fn decode(datagram: &[u8]) -> Option<Packet> {
        let (seq, payload) = datagram.split_first_chunk()?;
        Some(Packet {
            seq: u16::from_be_bytes(*seq),
            payload: payload.to_vec(),
        })
    }
}

/// Given: everything before `next` has come. On the wire: the number in two bytes, big-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack {
    pub next: u16,
}

impl Ack {
    pub fn encode(self) -> [u8; 2] {
        self.next.to_be_bytes()
    }

    pub fn decode(datagram: &[u8]) -> Option<Ack> {
        let next = u16::from_be_bytes(datagram.try_into().ok()?);
        Some(Ack { next })
    }
}

/// Given: the receiving end, as in the last exercise.
pub struct Receiver {
    next: u16,
    window: u16,
    early: HashMap<u16, Vec<u8>>,
    ready: VecDeque<Vec<u8>>,
    ack_due: bool,
}

impl Receiver {
    pub fn new(first: u16, window: u16) -> Self {
        Self {
            next: first,
            window,
            early: HashMap::new(),
            ready: VecDeque::new(),
            ack_due: false,
        }
    }

    pub fn on_packet(&mut self, packet: Packet) {
        self.ack_due = true;
        if packet.seq.wrapping_sub(self.next) >= self.window {
            return;
        }
        self.early.insert(packet.seq, packet.payload);
        while let Some(payload) = self.early.remove(&self.next) {
            self.ready.push_back(payload);
            self.next = self.next.wrapping_add(1);
        }
    }

    pub fn next_message(&mut self) -> Option<Vec<u8>> {
        self.ready.pop_front()
    }

    pub fn poll_ack(&mut self) -> Option<Ack> {
        let is_due = std::mem::take(&mut self.ack_due);
        is_due.then_some(Ack { next: self.next })
    }
}

#[cfg(test)]
mod tests;
