//! Ends jobs from another thread.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Ends every job that it was given to. Clones are one and the same; once cancelled it stays so.
#[derive(Clone, Default)]
pub struct Cancel {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    cancelled: bool,
    next: u64,
    wakers: Vec<(u64, Waker)>,
}

type Waker = Box<dyn FnOnce() + Send>;

impl Cancel {
    /// One that is not cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends all jobs that run under it, at once, and those that are still to come.
    pub fn cancel(&self) {
        let mut state = self.lock();
        state.cancelled = true;
        // Under the lock: when a registration is dropped, its waker has either run to its end or never will.
        for (_, wake) in state.wakers.drain(..) {
            wake();
        }
    }

    /// Whether [`Cancel::cancel`] was called.
    pub fn is_cancelled(&self) -> bool {
        self.lock().cancelled
    }

    /// Has `wake` called once on [`Cancel::cancel`], or at once when that has been; never after the registration is dropped. `wake`
    /// must be quick, and must not use this `Cancel`.
    pub(super) fn on_cancel(&self, wake: impl FnOnce() + Send + 'static) -> Registration<'_> {
        let mut state = self.lock();
        let id = state.next;
        state.next += 1;
        if state.cancelled {
            wake();
        } else {
            state.wakers.push((id, Box::new(wake)));
        }
        Registration { cancel: self, id }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cancel")
            .field("cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}

/// Takes the waker back when dropped.
pub(super) struct Registration<'a> {
    cancel: &'a Cancel,
    id: u64,
}

impl Drop for Registration<'_> {
    fn drop(&mut self) {
        self.cancel.lock().wakers.retain(|(id, _)| *id != self.id);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn counted(cancel: &Cancel) -> (Registration<'_>, Arc<AtomicUsize>) {
        let count = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&count);
        let registration = cancel.on_cancel(move || {
            seen.fetch_add(1, Ordering::SeqCst);
        });
        (registration, count)
    }

    #[test]
    fn every_waker_is_called_once_through_any_clone() {
        let cancel = Cancel::new();
        let (_a, first) = counted(&cancel);
        let (_b, second) = counted(&cancel);
        let clone = cancel.clone();
        assert!(!clone.is_cancelled());
        clone.cancel();
        clone.cancel();
        assert!(cancel.is_cancelled());
        assert_eq!(
            (first.load(Ordering::SeqCst), second.load(Ordering::SeqCst)),
            (1, 1)
        );
    }

    #[test]
    fn a_waker_that_comes_late_is_called_at_once() {
        let cancel = Cancel::new();
        cancel.cancel();
        let (_a, count) = counted(&cancel);
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_dropped_registration_is_not_called_and_leaves_the_others() {
        let cancel = Cancel::new();
        let (a, first) = counted(&cancel);
        let (_b, second) = counted(&cancel);
        drop(a);
        cancel.cancel();
        assert_eq!(
            (first.load(Ordering::SeqCst), second.load(Ordering::SeqCst)),
            (0, 1)
        );
    }
}
