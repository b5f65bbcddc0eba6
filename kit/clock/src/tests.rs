use super::*;
use std::future::Future;
use std::panic::catch_unwind;
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Wake, Waker};

const SECOND: Duration = Duration::from_secs(1);

/// A list that alarms write to.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<(&'static str, Duration)>>>);

impl Log {
    /// An alarm that writes its name and the time.
    fn set(&self, clock: &Clock, name: &'static str, then: Duration) -> Alarm {
        let (log, inner) = (self.clone(), clock.clone());
        clock.at(then, move || {
            log.0.lock().unwrap().push((name, inner.now()));
        })
    }

    fn take(&self) -> Vec<(&'static str, Duration)> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[test]
fn time_passes_only_when_it_is_told_to() {
    let clock = Clock::new();
    let (other, instant) = (clock.clone(), clock.instant());
    assert_eq!(clock.now(), Duration::ZERO);
    clock.advance(SECOND);
    other.advance(SECOND / 2);
    assert_eq!(clock.now(), SECOND * 3 / 2);
    assert_eq!(clock.instant() - instant, SECOND * 3 / 2);
    assert_eq!(format!("{other:?}"), "Clock(1.5s)");
    clock.advance_to(SECOND);
    assert_eq!(clock.now(), SECOND * 3 / 2, "time never runs backwards");
}

#[test]
fn threads_share_a_clock() {
    let clock = Clock::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| clock.advance_to(SECOND));
        }
    });
    assert_eq!(clock.now(), SECOND);
}

#[test]
fn alarms_ring_in_the_order_of_their_deadlines_and_see_them() {
    let (clock, log) = (Clock::new(), Log::default());
    log.set(&clock, "c", 3 * SECOND);
    log.set(&clock, "a", SECOND);
    log.set(&clock, "a again", SECOND);
    log.set(&clock, "later", 4 * SECOND);
    assert_eq!(clock.next_deadline(), Some(SECOND));
    clock.advance(3 * SECOND);
    assert_eq!(
        log.take(),
        [("a", SECOND), ("a again", SECOND), ("c", 3 * SECOND)]
    );
    assert_eq!(clock.next_deadline(), Some(4 * SECOND));
    assert!(clock.advance_to_next());
    assert_eq!(log.take(), [("later", 4 * SECOND)]);
    assert_eq!(clock.now(), 4 * SECOND);
    assert!(!clock.advance_to_next());
}

#[test]
fn an_alarm_of_the_past_waits_for_the_next_advance() {
    let (clock, log) = (Clock::new(), Log::default());
    clock.advance(2 * SECOND);
    log.set(&clock, "late", SECOND);
    assert_eq!(log.take(), []);
    clock.advance(Duration::ZERO);
    assert_eq!(log.take(), [("late", 2 * SECOND)]);
}

#[test]
fn a_cancelled_alarm_does_not_ring() {
    let (clock, log) = (Clock::new(), Log::default());
    let alarm = log.set(&clock, "a", SECOND);
    log.set(&clock, "b", SECOND);
    assert!(clock.cancel(alarm));
    assert!(!clock.cancel(alarm));
    clock.advance(SECOND);
    assert_eq!(log.take(), [("b", SECOND)]);
}

#[test]
fn an_alarm_may_set_the_next_one() {
    fn beat(clock: &Clock, beats: Arc<AtomicU32>) {
        let again = clock.clone();
        clock.at(clock.now() + SECOND, move || {
            beats.fetch_add(1, Ordering::Relaxed);
            beat(&again, beats);
        });
    }
    let (clock, beats) = (Clock::new(), Arc::new(AtomicU32::new(0)));
    beat(&clock, beats.clone());
    clock.advance(10 * SECOND);
    assert_eq!(beats.load(Ordering::Relaxed), 10);
}

#[test]
fn catches_an_alarm_that_sets_itself_without_waiting() {
    fn spin(clock: &Clock) {
        let again = clock.clone();
        clock.at(clock.now(), move || spin(&again));
    }
    let clock = Clock::new();
    spin(&clock);
    let caught = catch_unwind(|| clock.advance(SECOND)).expect_err("it never ends");
    let message = caught.downcast::<String>().unwrap();
    assert!(message.contains("without waiting"), "{message}");
}

/// Counts how often it is woken.
#[derive(Default)]
struct Woken(AtomicU32);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn a_sleeper_is_woken_at_its_time() {
    let (clock, woken) = (Clock::new(), Arc::new(Woken::default()));
    let waker = Waker::from(woken.clone());
    let mut context = Context::from_waker(&waker);
    let mut sleep = pin!(clock.sleep(SECOND));
    assert_eq!(sleep.as_mut().poll(&mut context), Poll::Pending);
    assert_eq!(sleep.as_mut().poll(&mut context), Poll::Pending);
    clock.advance(SECOND / 2);
    assert_eq!(woken.0.load(Ordering::Relaxed), 0);
    clock.advance(SECOND / 2);
    assert_eq!(
        woken.0.load(Ordering::Relaxed),
        1,
        "polled twice, woken once"
    );
    assert_eq!(sleep.as_mut().poll(&mut context), Poll::Ready(()));
}

#[test]
fn a_dropped_sleeper_leaves_no_alarm() {
    let clock = Clock::new();
    let mut context = Context::from_waker(Waker::noop());
    {
        let mut sleep = pin!(clock.sleep(SECOND));
        assert_eq!(sleep.as_mut().poll(&mut context), Poll::Pending);
        assert_eq!(clock.next_deadline(), Some(SECOND));
    }
    assert_eq!(clock.next_deadline(), None);
}

#[test]
fn code_that_asks_for_time_runs_on_both_clocks() {
    struct Lease<T> {
        time: T,
        until: Duration,
    }
    impl<T: Time> Lease<T> {
        fn new(time: T, length: Duration) -> Self {
            let until = time.now() + length;
            Self { time, until }
        }
        fn holds(&self) -> bool {
            self.time.now() < self.until
        }
    }
    let clock = Clock::new();
    let lease = Lease::new(&clock, SECOND);
    assert!(lease.holds());
    clock.advance(SECOND);
    assert!(!lease.holds(), "a lease ends at its time, not after it");
    assert!(!Lease::new(Real::start(), Duration::ZERO).holds());
    assert!(Lease::new(Real::start(), 3_600 * SECOND).holds());
}
