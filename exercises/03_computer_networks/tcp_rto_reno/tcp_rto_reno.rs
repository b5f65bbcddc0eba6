//! # TCP's congestion window
//!
//! The timeout says when to repeat. This exercise says how much may be under way at once.
//! Nobody tells a sender what the network can carry; in 1986 the Internet collapsed because
//! senders did not ask. Since then TCP probes: it sends more and more until something is
//! lost, and then much less. That saw-tooth is why a new connection starts slowly, and why
//! one lost packet in a hundred ruins a long download.
//!
//! Write `Reno` after RFC 5681. All sizes are bytes; SMSS is the size of a full segment.
//!
//! 1. The initial window is 4 SMSS for segments up to 1095 bytes, 3 SMSS up to 2190, and 2
//!    SMSS for larger ones. `ssthresh` begins as large as possible.
//! 2. Slow start, while cwnd < ssthresh: each acknowledgement of new data adds the bytes it
//!    acknowledges to cwnd, but at most one SMSS.
//! 3. Congestion avoidance, from ssthresh on: the acknowledged bytes are counted. When the
//!    count reaches cwnd, cwnd is taken off the count, and then cwnd grows by one SMSS, once
//!    for an acknowledgement. A loss (rules 4 and 6) sets the count to 0.
//! 4. The third duplicate acknowledgement in a row means that a segment was lost, and the
//!    others arrive. `on_duplicate_ack` returns `true`, for the third only: retransmit now.
//!    ssthresh becomes max(flight / 2, 2 SMSS), where flight is what is under way, and cwnd
//!    becomes ssthresh + 3 SMSS. Each further one adds an SMSS to cwnd: a segment has left
//!    the network.
//! 5. The next acknowledgement of new data ends that: cwnd becomes ssthresh, and no more.
//! 6. A timeout means that nothing arrives: ssthresh becomes max(flight / 2, 2 SMSS), and
//!    cwnd one SMSS. A second one without an acknowledgement of new data between them leaves
//!    ssthresh alone. Duplicates are counted anew.
//!
//! An example with an SMSS of 1,000: cwnd is 4,000. Three acknowledgements of 1,000 bytes
//! make it 7,000. At a flight of 7,000 three duplicates come: ssthresh is 3,500, cwnd 6,500.
//! A fourth: 7,500. New data is acknowledged: 3,500. After 3,500 bytes more: 4,500.
//!
//! How it is judged: a trace for each rule, compared after each event; 500 random traces
//! compared with a model; cwnd never falls below one SMSS.

/// What a new connection may send at first.
fn initial_window(smss: u64) -> u64 {
    todo!("step 1: small segments may be more, large ones fewer")
}

/// The congestion control of one connection.
pub struct Reno {
    smss: u64,
    cwnd: u64,
    ssthresh: u64,
    /// The bytes acknowledged in congestion avoidance since cwnd grew last.
    acked: u64,
    /// Duplicate acknowledgements in a row.
    duplicates: u32,
    /// Whether there was a timeout, and no acknowledgement of new data since.
    timed_out: bool,
}

impl Reno {
    /// A new connection with segments of `smss` bytes.
    pub fn new(smss: u64) -> Self {
        Self {
            smss,
            cwnd: initial_window(smss),
            ssthresh: u64::MAX,
            acked: 0,
            duplicates: 0,
            timed_out: false,
        }
    }

    /// How many bytes may be under way.
    pub fn cwnd(&self) -> u64 {
        self.cwnd
    }

    /// Where slow start ends.
    pub fn ssthresh(&self) -> u64 {
        self.ssthresh
    }

    /// An acknowledgement of so many bytes that were not acknowledged before, at least one.
    pub fn on_ack(&mut self, bytes: u64) {
        todo!("step 2: recovery ends, or slow start, or congestion avoidance")
    }

    /// Half of what the network could not carry is where to be careful from now on.
    fn halve(&mut self, flight: u64) {
        todo!("step 3: the new ssthresh")
    }

    /// An acknowledgement that says the same as the one before, while `flight` bytes are under way.
    /// Whether the first unacknowledged segment is to be sent again.
    pub fn on_duplicate_ack(&mut self, flight: u64) -> bool {
        todo!("step 4: the first two, the third, and all others")
    }

    /// The retransmission timer has expired, while `flight` bytes were under way.
    pub fn on_timeout(&mut self, flight: u64) {
        todo!("step 5: start again with one segment")
    }
}

#[cfg(test)]
mod tests;
