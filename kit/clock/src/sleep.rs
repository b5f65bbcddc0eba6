//! Sleeping on a clock, as a future.

use crate::{Alarm, Clock};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// A future that is ready when its clock shows a certain time. Made by [`Clock::sleep`].
#[derive(Debug)]
#[must_use = "a future does nothing unless it is polled"]
pub struct Sleep {
    clock: Clock,
    until: Duration,
    alarm: Option<Alarm>,
}

impl Sleep {
    pub(crate) fn new(clock: Clock, until: Duration) -> Self {
        Self {
            clock,
            until,
            alarm: None,
        }
    }

    fn cancel(&mut self) {
        if let Some(alarm) = self.alarm.take() {
            self.clock.cancel(alarm);
        }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // The task may have moved to another waker since the last poll.
        self.cancel();
        if self.clock.now() >= self.until {
            return Poll::Ready(());
        }
        let waker = context.waker().clone();
        self.alarm = Some(self.clock.at(self.until, move || waker.wake()));
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.cancel();
    }
}
