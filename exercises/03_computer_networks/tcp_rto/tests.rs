use super::*;
use std::time::Duration;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// What happens to a connection.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// A sample in milliseconds.
    Sample(u64),
    /// A sample that is no whole number of milliseconds.
    Exact(Duration),
    /// A sample in milliseconds, of a segment that was retransmitted.
    Ambiguous(u64),
    Backoff,
}
use Event::{Ambiguous, Backoff, Exact, Sample};

/// Lets events happen, and compares the timeout after each with the expected one in microseconds.
#[track_caller]
fn check(steps: &[(Event, u64)]) {
    let mut rto = Rto::new();
    let mut done = Vec::new();
    for &(event, expected) in steps {
        happen(&mut rto, event);
        done.push(event);
        assert_close(&rto, expected as f64, &done);
    }
}

fn happen(rto: &mut Rto, event: Event) {
    match event {
        Sample(rtt) => rto.sample(ms(rtt), false),
        Exact(rtt) => rto.sample(rtt, false),
        Ambiguous(rtt) => rto.sample(ms(rtt), true),
        Backoff => rto.backoff(),
    }
}

#[track_caller]
fn assert_close(rto: &Rto, expected: f64, done: &[Event]) {
    let current = rto.current().as_secs_f64() * 1e6;
    assert!(
        (current - expected).abs() < 100.0,
        "after {done:?} (plain numbers are ms): your timeout is {:?}, expected was {:?}",
        rto.current(),
        Duration::from_micros(expected as u64)
    );
}

#[test]
fn before_any_sample_the_timeout_is_one_second() {
    // RFC 6298, section 2.1.
    assert_eq!(
        Rto::new().current(),
        ms(1_000),
        "the timeout of a new connection"
    );
    check(&[(Backoff, 2_000_000)]);
}

#[test]
fn the_first_sample_sets_average_and_variation() {
    // Section 2.2: R + 4 * R / 2.
    check(&[(Sample(2_000), 6_000_000)]);
    check(&[(Sample(500), 1_500_000)]);
    check(&[(Sample(19_000), 57_000_000)]);
}

#[test]
fn later_samples_move_variation_and_average() {
    // Section 2.3. RTTVAR 1, 1.25, 1.25, 1.0390625 s; SRTT 2, 2.25, 2.09375, 2.144531 s.
    check(&[
        (Sample(2_000), 6_000_000),
        (Sample(4_000), 7_250_000),
        (Sample(1_000), 7_093_750),
        (Sample(2_500), 6_300_781),
    ]);
}

#[test]
fn samples_count_as_exactly_as_they_come() {
    let us = Duration::from_micros;
    check(&[(Exact(us(1_500_900)), 4_502_700)]);
    // RTTVAR 1, 0.750225 s; SRTT 2, 2.000113 s.
    check(&[
        (Sample(2_000), 6_000_000),
        (Exact(us(2_000_900)), 5_001_013),
    ]);
}

#[test]
fn a_steady_path_varies_less_and_less() {
    check(&[
        (Sample(2_000), 6_000_000),
        (Sample(2_000), 5_000_000),
        (Sample(2_000), 4_250_000),
    ]);
}

#[test]
fn a_faster_sample_is_a_deviation_as_well() {
    // RTTVAR 5, 6, 6.46875 s; SRTT 10, 8.875, 7.890625 s.
    check(&[
        (Sample(10_000), 30_000_000),
        (Sample(1_000), 32_875_000),
        (Sample(1_000), 33_765_625),
    ]);
}

#[test]
fn the_timeout_is_never_below_one_second() {
    // Section 2.4. The averages go on below: 4 * 0.753125 s + 0.4625 s after the third.
    check(&[
        (Sample(100), 1_000_000),
        (Sample(100), 1_000_000),
        (Sample(3_000), 3_475_000),
    ]);
}

#[test]
fn the_timeout_is_never_above_sixty_seconds() {
    // Section 2.5.
    check(&[(Sample(30_000), 60_000_000)]);
    // The averages go on above: RTTVAR 20, 24.75 s; SRTT 40, 35.125 s.
    check(&[(Sample(40_000), 60_000_000), (Sample(1_000), 60_000_000)]);
}

#[test]
fn the_granularity_is_left_when_nothing_varies() {
    let mut rto = Rto::new();
    let done = [Sample(3_000); 60];
    for event in done {
        happen(&mut rto, event);
    }
    let current = rto.current();
    assert!(
        current.abs_diff(ms(3_001)) < Duration::from_micros(100),
        "after 60 samples of 3 s: your timeout is {current:?}, expected was 3.001s"
    );
}

#[test]
fn a_sample_of_a_retransmitted_segment_says_nothing() {
    // Section 3.
    check(&[(Ambiguous(2_000), 1_000_000)]);
    check(&[
        (Ambiguous(9_000), 1_000_000),
        (Sample(2_000), 6_000_000),
        (Ambiguous(9_000), 6_000_000),
        (Sample(2_000), 5_000_000),
    ]);
}

#[test]
fn an_expired_timer_doubles_the_timeout() {
    // Section 5.5.
    check(&[
        (Sample(2_000), 6_000_000),
        (Backoff, 12_000_000),
        (Backoff, 24_000_000),
        (Backoff, 48_000_000),
    ]);
}

#[test]
fn what_is_doubled_is_the_timeout_and_not_what_was_measured() {
    check(&[(Sample(10), 1_000_000), (Backoff, 2_000_000)]);
}

#[test]
fn doubling_ends_at_sixty_seconds() {
    check(&[
        (Sample(5_000), 15_000_000),
        (Backoff, 30_000_000),
        (Backoff, 60_000_000),
        (Backoff, 60_000_000),
        (Backoff, 60_000_000),
    ]);
    check(&[(Sample(12_000), 36_000_000), (Backoff, 60_000_000)]);
}

#[test]
fn the_next_valid_sample_ends_the_doubling() {
    check(&[
        (Sample(2_000), 6_000_000),
        (Backoff, 12_000_000),
        (Backoff, 24_000_000),
        (Sample(2_000), 5_000_000),
        (Backoff, 10_000_000),
    ]);
}

#[test]
fn the_first_sample_ends_a_doubling_before_it() {
    check(&[
        (Backoff, 2_000_000),
        (Backoff, 4_000_000),
        (Sample(2_000), 6_000_000),
    ]);
}

#[test]
fn a_sample_of_a_retransmitted_segment_does_not_end_the_doubling() {
    check(&[
        (Sample(2_000), 6_000_000),
        (Backoff, 12_000_000),
        (Ambiguous(2_000), 12_000_000),
        (Ambiguous(100), 12_000_000),
        (Sample(2_000), 5_000_000),
    ]);
}

#[test]
fn random_sequences_agree_with_the_formulas() {
    seeded::cases(500, |rng| {
        let mut rto = Rto::new();
        let mut done = Vec::new();
        // In microseconds.
        let mut estimate: Option<(f64, f64)> = None;
        let mut timeout = 1e6_f64;
        for _ in 0..rng.size() {
            let most = *rng.pick(&[50_000, 3_000_000, 12_000_000]);
            let us = rng.range(1..=most);
            let rtt = Duration::from_micros(us);
            let event = [Exact(rtt), Ambiguous(us / 1_000), Backoff][rng.weighted(&[5, 1, 2])];
            match event {
                Exact(_) | Sample(_) => {
                    let rtt = us as f64;
                    let (srtt, rttvar) = match estimate {
                        None => (rtt, rtt / 2.0),
                        Some((srtt, rttvar)) => (
                            0.875 * srtt + 0.125 * rtt,
                            0.75 * rttvar + 0.25 * (srtt - rtt).abs(),
                        ),
                    };
                    estimate = Some((srtt, rttvar));
                    timeout = (srtt + (4.0 * rttvar).max(1e3)).clamp(1e6, 60e6);
                }
                Ambiguous(_) => {}
                Backoff => timeout = (2.0 * timeout).min(60e6),
            }
            happen(&mut rto, event);
            done.push(event);
            assert_close(&rto, timeout, &done);
        }
    });
}
