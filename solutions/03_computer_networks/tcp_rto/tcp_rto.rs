//! # TCP's retransmission timeout
//!
//! A sender repeats a segment when no acknowledgement comes within the retransmission
//! timeout, RTO. Too short, and everything is sent twice just when the network is busy; too
//! long, and one lost segment stalls a request for seconds. So TCP measures the round-trip
//! time (RTT) of its segments and derives the timeout from it. When a service hangs for
//! exactly 1, 3, 7 seconds, you are looking at this algorithm.
//!
//! Write `Rto` after RFC 6298, with a clock granularity G of 1 ms:
//!
//! 1. Before the first sample the timeout is 1 s. The first sample R sets SRTT = R (the
//!    smoothed RTT) and RTTVAR = R / 2 (its variation).
//! 2. Each later sample R sets, in this order, RTTVAR = 3/4 RTTVAR + 1/4 |SRTT - R|, with
//!    the old SRTT, and SRTT = 7/8 SRTT + 1/8 R.
//! 3. After a sample the timeout is SRTT + max(G, 4 RTTVAR), but at least 1 s and at most
//!    60 s. G is for nothing else: samples count as exactly as they come.
//! 4. A sample of a segment that was retransmitted is ignored: nobody knows which of the two
//!    transmissions was acknowledged (Karn's algorithm).
//! 5. When the timer expires, `backoff` doubles the timeout, up to 60 s. It stays doubled
//!    until the next sample that counts: then rule 3 applies again.
//!
//! An example: the first sample is 2 s, so SRTT = 2 s, RTTVAR = 1 s, and the timeout is 6 s.
//! The next sample is 4 s: RTTVAR = 0.75 s + 0.5 s = 1.25 s, SRTT = 1.75 s + 0.5 s = 2.25 s,
//! and the timeout is 7.25 s. The timer expires: 14.5 s.
//!
//! How it is judged: examples of each rule, worked out by hand; 500 random sequences of
//! samples and timeouts compared with the formulas in floating point. Differences below a
//! tenth of a millisecond, from rounding, don't count.

use std::time::Duration;

/// The clock's granularity.
const G: Duration = Duration::from_millis(1);
const MIN: Duration = Duration::from_secs(1);
const MAX: Duration = Duration::from_secs(60);

/// The retransmission timeout of a connection.
pub struct Rto {
    /// None before the first sample.
    estimate: Option<Estimate>,
    current: Duration,
}

/// What is known about the round-trip time.
#[derive(Clone, Copy)]
struct Estimate {
    srtt: Duration,
    rttvar: Duration,
}

impl Estimate {
    /// What the first sample says.
    fn first(rtt: Duration) -> Self {
        Self {
            srtt: rtt,
            rttvar: rtt / 2,
        }
    }

    /// What is known after one more sample.
    fn after(self, rtt: Duration) -> Self {
        Self {
            srtt: (self.srtt * 7 + rtt) / 8,
            rttvar: (self.rttvar * 3 + self.srtt.abs_diff(rtt)) / 4,
        }
    }

    /// The timeout that follows from it.
    fn timeout(self) -> Duration {
        (self.srtt + G.max(self.rttvar * 4)).clamp(MIN, MAX)
    }
}

impl Rto {
    /// The timeout of a new connection.
    pub fn new() -> Self {
        Self {
            estimate: None,
            current: MIN,
        }
    }

    /// The timeout as it is now.
    pub fn current(&self) -> Duration {
        self.current
    }

    /// A segment was acknowledged so much time after it was sent.
    pub fn sample(&mut self, rtt: Duration, was_retransmitted: bool) {
        if was_retransmitted {
            return;
        }
        let estimate = match self.estimate {
            None => Estimate::first(rtt),
            Some(estimate) => estimate.after(rtt),
        };
        self.estimate = Some(estimate);
        self.current = estimate.timeout();
    }

    /// The timer has expired, and the segment is sent again.
    pub fn backoff(&mut self) {
        self.current = (self.current * 2).min(MAX);
    }
}

impl Default for Rto {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
