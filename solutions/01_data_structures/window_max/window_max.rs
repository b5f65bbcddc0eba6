//! # The maximum of a moving window
//!
//! A dashboard shows the worst latency of the last ten seconds, updated with every request.
//! Thousands of samples lie in the window; looking through all of them for each new one is
//! too slow.
//!
//! Write `WindowMax`: `push` takes a sample with its time in milliseconds and returns the
//! largest sample of the window, the new one included.
//!
//! 1. A sample is in the window while less than `span_ms` milliseconds have passed since
//!    its time. One that is exactly `span_ms` old has left.
//! 2. Time never runs backwards, but several samples may have the same time. Every `u64` is
//!    a possible time, and every one but 0 a possible span.
//! 3. A sample that has left the window is dropped, at the latest by the end of the next
//!    push.
//! 4. A push compares samples at most 3 times, on average over many pushes, however many
//!    lie in the window.
//! 5. Samples can be compared, but neither cloned nor copied.
//!
//! An example with a span of 10 ms:
//!
//! ```text
//! now       0    3    9    10   13   13
//! push      8    5    6    4    1    2
//! returns   8    8    8    6    6    6
//! ```
//!
//! At 10 the 8 from the time 0 is exactly 10 ms old: it has left. At 13 the 5 leaves as
//! well, unnoticed.
//!
//! Before you write: that 5 left unnoticed because the 6, which came later, was larger.
//! Which samples could you have forgotten at the time 9, because from then on they can
//! never be the maximum again?
//!
//! How it is judged: examples of each rule; 1,000 random series compared with a list of all
//! samples, and 300 whose samples still alive are counted after each push; rising, falling,
//! equal, wavy and random series of 5,000 pushes with 10 and with 1,000 samples in the
//! window, whose comparisons are counted.

use std::collections::VecDeque;

/// The largest of the samples that are younger than a span of time.
pub struct WindowMax<V> {
    span_ms: u64,
    /// Samples of the window with their times, oldest first.
    samples: VecDeque<(u64, V)>,
}

impl<V: Ord> WindowMax<V> {
    /// An empty window of the given length, which is at least 1.
    pub fn new(span_ms: u64) -> Self {
        Self {
            span_ms,
            samples: VecDeque::new(),
        }
    }

    /// Drops the samples that at `now_ms` are no longer in the window.
    fn expire(&mut self, now_ms: u64) {
        // Time never runs backwards, so this difference exists; now_ms - span_ms might not.
        while let Some(&(time, _)) = self.samples.front()
            && now_ms - time >= self.span_ms
        {
            self.samples.pop_front();
        }
    }

    /// Takes a sample, and returns the largest one of the window.
    pub fn push(&mut self, now_ms: u64, value: V) -> &V {
        self.expire(now_ms);
        // Whatever is not larger than the new sample also leaves before it: it will never be the
        // maximum again. What stays is sorted, largest first.
        while self.samples.back().is_some_and(|(_, last)| *last <= value) {
            self.samples.pop_back();
        }
        self.samples.push_back((now_ms, value));
        &self.samples[0].1
    }
}

#[cfg(test)]
mod tests;
