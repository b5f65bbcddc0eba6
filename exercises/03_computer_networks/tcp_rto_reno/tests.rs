use super::*;

/// What happens to a connection.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// So many bytes of new data are acknowledged.
    Ack(u64),
    /// A duplicate acknowledgement, with so many bytes under way.
    Duplicate(u64),
    /// The timer expires, with so many bytes under way.
    Timeout(u64),
}
use Event::{Ack, Duplicate, Timeout};

/// A connection, and what happened to it.
struct Trace {
    reno: Reno,
    smss: u64,
    done: Vec<Event>,
}

impl Trace {
    fn new(smss: u64) -> Self {
        Trace {
            reno: Reno::new(smss),
            smss,
            done: Vec::new(),
        }
    }

    /// Lets an event happen; whether a segment is to be retransmitted at once.
    fn happen(&mut self, event: Event) -> bool {
        self.done.push(event);
        match event {
            Ack(bytes) => {
                self.reno.on_ack(bytes);
                false
            }
            Duplicate(flight) => self.reno.on_duplicate_ack(flight),
            Timeout(flight) => {
                self.reno.on_timeout(flight);
                false
            }
        }
    }

    /// Lets events happen, and compares cwnd after each.
    #[track_caller]
    fn check(&mut self, steps: &[(Event, u64)]) {
        for &(event, cwnd) in steps {
            self.happen(event);
            self.assert_cwnd(cwnd);
        }
    }

    #[track_caller]
    fn assert_cwnd(&self, expected: u64) {
        let cwnd = self.reno.cwnd();
        assert!(
            cwnd == expected,
            "{}: your cwnd is {cwnd}, expected was {expected}",
            self.what()
        );
    }

    #[track_caller]
    fn assert_ssthresh(&self, expected: u64) {
        let ssthresh = self.reno.ssthresh();
        assert!(
            ssthresh == expected,
            "{}: your ssthresh is {ssthresh}, expected was {expected}",
            self.what()
        );
    }

    fn what(&self) -> String {
        format!("SMSS {}, then {:?}", self.smss, self.done)
    }
}

/// A connection with an SMSS of 1,000 in congestion avoidance, with cwnd = ssthresh = 6,000.
fn avoiding() -> Trace {
    let mut trace = Trace::new(1_000);
    for event in [
        Duplicate(12_000),
        Duplicate(12_000),
        Duplicate(12_000),
        Ack(12_000),
    ] {
        trace.happen(event);
    }
    trace
}

#[test]
fn the_initial_window_depends_on_the_segment_size() {
    // RFC 5681, section 3.1.
    for (smss, cwnd) in [
        (536, 2_144),
        (1_095, 4_380),
        (1_096, 3_288),
        (1_460, 4_380),
        (2_190, 6_570),
        (2_191, 4_382),
        (8_960, 17_920),
    ] {
        let reno = Reno::new(smss);
        assert_eq!(reno.cwnd(), cwnd, "the initial cwnd with an SMSS of {smss}");
        assert!(
            reno.ssthresh() >= 1 << 30,
            "the initial ssthresh is as large as possible, but yours is {}",
            reno.ssthresh()
        );
    }
}

#[test]
fn slow_start_adds_what_is_acknowledged() {
    let mut trace = Trace::new(1_000);
    trace.check(&[
        (Ack(1_000), 5_000),
        (Ack(1_000), 6_000),
        (Ack(300), 6_300),
        (Ack(1), 6_301),
    ]);
}

#[test]
fn slow_start_adds_at_most_a_segment_for_an_acknowledgement() {
    let mut trace = Trace::new(1_000);
    trace.check(&[
        (Ack(2_000), 5_000),
        (Ack(90_000), 6_000),
        (Ack(1_001), 7_000),
    ]);
}

#[test]
fn congestion_avoidance_adds_a_segment_for_each_window() {
    let mut trace = avoiding();
    trace.assert_cwnd(6_000);
    for _ in 0..5 {
        trace.check(&[(Ack(1_000), 6_000)]);
    }
    trace.check(&[(Ack(1_000), 7_000)]);
    for _ in 0..6 {
        trace.check(&[(Ack(1_000), 7_000)]);
    }
    trace.check(&[(Ack(1_000), 8_000)]);
}

#[test]
fn what_is_left_of_the_count_counts_for_the_next_window() {
    let mut trace = avoiding();
    // 6,500 acknowledged: 6,000 are taken off. 500 and 6,500 more are the 7,000 of the next window.
    trace.check(&[
        (Ack(2_000), 6_000),
        (Ack(2_000), 6_000),
        (Ack(1_000), 6_000),
        (Ack(1_500), 7_000),
        (Ack(2_000), 7_000),
        (Ack(2_000), 7_000),
        (Ack(2_000), 7_000),
        (Ack(499), 7_000),
        (Ack(1), 8_000),
    ]);
}

#[test]
fn an_acknowledgement_makes_the_window_grow_once() {
    // 14,000 acknowledged: 6,000 are taken off, and 8,000 are more than the next window.
    avoiding().check(&[(Ack(14_000), 7_000), (Ack(1), 8_000), (Ack(6_998), 8_000)]);
}

#[test]
fn two_duplicates_change_nothing() {
    let mut trace = Trace::new(1_000);
    for _ in 0..3 {
        for _ in 0..2 {
            let retransmit = trace.happen(Duplicate(4_000));
            assert!(
                !retransmit,
                "{}: nothing is to be retransmitted yet",
                trace.what()
            );
        }
        let cwnd = trace.reno.cwnd();
        trace.check(&[(Ack(1_000), cwnd + 1_000)]);
    }
    trace.assert_cwnd(7_000);
}

#[test]
fn the_third_duplicate_retransmits_and_halves_the_flight() {
    // Section 3.2, steps 2 and 3.
    let mut trace = Trace::new(1_000);
    trace.check(&[
        (Ack(1_000), 5_000),
        (Duplicate(4_600), 5_000),
        (Duplicate(4_600), 5_000),
    ]);
    let retransmit = trace.happen(Duplicate(4_600));
    assert!(
        retransmit,
        "{}: the lost segment is to be retransmitted now",
        trace.what()
    );
    trace.assert_ssthresh(2_300);
    trace.assert_cwnd(5_300);
}

#[test]
fn further_duplicates_add_a_segment_each() {
    // Section 3.2, step 4.
    let mut trace = Trace::new(1_000);
    for _ in 0..3 {
        trace.happen(Duplicate(10_000));
    }
    for i in 1..=4 {
        let retransmit = trace.happen(Duplicate(10_000));
        assert!(
            !retransmit,
            "{}: the segment was retransmitted before",
            trace.what()
        );
        trace.assert_cwnd(8_000 + 1_000 * i);
        trace.assert_ssthresh(5_000);
    }
}

#[test]
fn the_next_acknowledgement_ends_the_recovery() {
    // Section 3.2, step 6.
    let mut trace = Trace::new(1_000);
    for _ in 0..6 {
        trace.happen(Duplicate(10_000));
    }
    trace.check(&[(Ack(4_000), 5_000)]);
    trace.assert_ssthresh(5_000);
}

#[test]
fn after_the_recovery_comes_congestion_avoidance() {
    let mut trace = Trace::new(1_000);
    for event in [
        Duplicate(10_000),
        Duplicate(10_000),
        Duplicate(10_000),
        Ack(4_000),
    ] {
        trace.happen(event);
    }
    trace.check(&[
        (Ack(1_000), 5_000),
        (Ack(2_000), 5_000),
        (Ack(1_999), 5_000),
        (Ack(1), 6_000),
    ]);
    // A new row of duplicates is a new loss.
    trace.check(&[
        (Duplicate(6_000), 6_000),
        (Duplicate(6_000), 6_000),
        (Duplicate(6_000), 6_000),
    ]);
    trace.assert_ssthresh(3_000);
}

#[test]
fn a_timeout_starts_again_with_one_segment() {
    let mut trace = Trace::new(1_000);
    trace.check(&[(Timeout(9_000), 1_000)]);
    trace.assert_ssthresh(4_500);
    // Slow start up to ssthresh, and one step beyond; then congestion avoidance.
    trace.check(&[
        (Ack(1_000), 2_000),
        (Ack(1_000), 3_000),
        (Ack(1_000), 4_000),
        (Ack(1_000), 5_000),
        (Ack(1_000), 5_000),
    ]);
}

#[test]
fn slow_start_ends_when_cwnd_reaches_ssthresh() {
    let mut trace = Trace::new(1_000);
    trace.check(&[
        (Timeout(6_000), 1_000),
        (Ack(1_000), 2_000),
        (Ack(1_000), 3_000),
    ]);
    trace.assert_ssthresh(3_000);
    trace.check(&[
        (Ack(1_000), 3_000),
        (Ack(1_000), 3_000),
        (Ack(1_000), 4_000),
    ]);
}

#[test]
fn ssthresh_is_at_least_two_segments() {
    let mut trace = Trace::new(1_000);
    trace.check(&[(Timeout(1_000), 1_000)]);
    trace.assert_ssthresh(2_000);
    let mut trace = Trace::new(1_000);
    for _ in 0..3 {
        trace.happen(Duplicate(3_999));
    }
    trace.assert_ssthresh(2_000);
    trace.assert_cwnd(5_000);
}

#[test]
fn a_second_timeout_leaves_ssthresh_alone() {
    // Section 3.1: "held constant" when the segment was retransmitted by the timer before.
    let mut trace = Trace::new(1_000);
    trace.check(&[
        (Timeout(12_000), 1_000),
        (Timeout(1_000), 1_000),
        (Timeout(8_000), 1_000),
    ]);
    trace.assert_ssthresh(6_000);
    trace.check(&[(Ack(1_000), 2_000), (Timeout(2_000), 1_000)]);
    trace.assert_ssthresh(2_000);
}

#[test]
fn a_timeout_forgets_the_duplicates() {
    let mut trace = Trace::new(1_000);
    trace.check(&[
        (Duplicate(8_000), 4_000),
        (Duplicate(8_000), 4_000),
        (Timeout(8_000), 1_000),
        (Duplicate(8_000), 1_000),
        (Ack(1_000), 2_000),
    ]);
    // Also those of a recovery: the next acknowledgement is slow start again.
    let mut trace = Trace::new(1_000);
    for _ in 0..5 {
        trace.happen(Duplicate(8_000));
    }
    trace.check(&[
        (Timeout(8_000), 1_000),
        (Ack(1_000), 2_000),
        (Ack(1_000), 3_000),
    ]);
}

#[test]
fn a_loss_begins_the_count_of_bytes_anew() {
    let mut trace = avoiding();
    trace.check(&[
        (Ack(2_000), 6_000),
        (Ack(2_000), 6_000),
        (Timeout(4_000), 1_000),
    ]);
    trace.check(&[
        (Ack(1_000), 2_000),
        (Ack(1_000), 2_000),
        (Ack(999), 2_000),
        (Ack(1), 3_000),
    ]);
    let mut trace = avoiding();
    trace.check(&[(Ack(2_000), 6_000), (Ack(2_000), 6_000)]);
    for _ in 0..3 {
        trace.happen(Duplicate(4_000));
    }
    trace.check(&[(Ack(2_000), 2_000), (Ack(1_999), 2_000), (Ack(1), 3_000)]);
}

#[test]
fn half_of_the_flight_counts_and_not_half_of_cwnd() {
    // An application that had little to send: cwnd has grown, but only 5,000 bytes are under way.
    let mut trace = Trace::new(1_000);
    for _ in 0..16 {
        trace.happen(Ack(1_000));
    }
    trace.assert_cwnd(20_000);
    trace.check(&[(Timeout(5_000), 1_000)]);
    trace.assert_ssthresh(2_500);
}

#[test]
fn random_traces_agree_with_a_model() {
    seeded::cases(500, |rng| {
        let smss = *rng.pick(&[536, 1_000, 1_460, 8_960]);
        let mut trace = Trace::new(smss);
        let mut model = Model {
            smss,
            cwnd: trace.reno.cwnd(),
            ssthresh: trace.reno.ssthresh(),
            ..Model::default()
        };
        for _ in 0..2 * rng.size() {
            let flight = rng.range(0..=40 * smss);
            // Some acknowledgements are for more than a window.
            let most = *rng.pick(&[2, 2, 2, 40]) * smss;
            let bytes = rng.range(1..=most);
            let kind = rng.weighted(&[12, 5, 1]);
            let event = [Ack(bytes), Duplicate(flight), Timeout(flight)][kind];
            let times = if kind == 1 { rng.range(1..=5) } else { 1 };
            for _ in 0..times {
                let retransmit = trace.happen(event);
                let expected = model.happen(event);
                assert!(
                    retransmit == expected,
                    "{}: on_duplicate_ack gave {retransmit}, expected was {expected}",
                    trace.what()
                );
                trace.assert_cwnd(model.cwnd);
                trace.assert_ssthresh(model.ssthresh);
                assert!(
                    trace.reno.cwnd() >= smss,
                    "{}: cwnd is below one segment",
                    trace.what()
                );
            }
        }
    });
}

/// The rules once more, with the state of RFC 5681 spelled out.
#[derive(Default)]
struct Model {
    smss: u64,
    cwnd: u64,
    ssthresh: u64,
    counted: u64,
    row: u32,
    recovering: bool,
    timeouts: u32,
}

impl Model {
    fn happen(&mut self, event: Event) -> bool {
        match event {
            Ack(bytes) => {
                (self.row, self.timeouts) = (0, 0);
                if self.recovering {
                    self.recovering = false;
                    self.cwnd = self.ssthresh;
                } else if self.cwnd < self.ssthresh {
                    self.cwnd += self.smss.min(bytes);
                } else {
                    self.counted += bytes;
                    if let Some(rest) = self.counted.checked_sub(self.cwnd) {
                        self.counted = rest;
                        self.cwnd += self.smss;
                    }
                }
                false
            }
            Duplicate(_) if self.recovering => {
                self.cwnd += self.smss;
                false
            }
            Duplicate(flight) => {
                self.row += 1;
                if self.row == 3 {
                    self.recovering = true;
                    self.lose(flight);
                    self.cwnd = self.ssthresh + 3 * self.smss;
                }
                self.recovering
            }
            Timeout(flight) => {
                self.timeouts += 1;
                if self.timeouts == 1 {
                    self.lose(flight);
                }
                (self.cwnd, self.counted) = (self.smss, 0);
                (self.row, self.recovering) = (0, false);
                false
            }
        }
    }

    fn lose(&mut self, flight: u64) {
        self.ssthresh = (2 * self.smss).max(flight / 2);
        self.counted = 0;
    }
}
