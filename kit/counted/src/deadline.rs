//! An end, with a message, for a loop that touches nothing that is counted.

use std::panic::resume_unwind;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Right answers need far less than one second, on a busy machine too.
const LIMIT: Duration = Duration::from_secs(5);

/// What a test is doing, for the message when it panics or does not end.
#[derive(Clone, Default)]
pub struct Doing(Arc<Mutex<String>>);

impl Doing {
    /// From now on the test is doing this.
    pub fn note(&self, what: impl Fn() -> String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = what();
    }

    fn text(&self) -> String {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Runs a test on a thread of its own and gives up on it after five seconds, with what it was doing.
///
/// It guards against loops that never end, and measures nothing.
///
/// # Panics
/// When the test does, with its message; when it does not end; when the system gives no thread.
#[track_caller]
pub fn ends(test: impl FnOnce(&Doing) + Send + 'static) {
    ends_within(LIMIT, test);
}

#[track_caller]
fn ends_within(limit: Duration, test: impl FnOnce(&Doing) + Send + 'static) {
    let doing = Doing::default();
    let (done, wait) = channel();
    let name = thread::current().name().unwrap_or("test").to_string();
    let shared = doing.clone();
    let body = move || {
        test(&shared);
        done.send(()).ok();
    };
    let worker = thread::Builder::new()
        .name(name)
        .spawn(body)
        .expect("a thread can be started");
    match wait.recv_timeout(limit) {
        Ok(()) => {}
        Err(RecvTimeoutError::Timeout) => {
            let (seconds, doing) = (limit.as_secs_f32(), doing.text());
            panic!(
                "not done after {seconds} seconds: does a loop never end? The test was at: {doing}"
            )
        }
        Err(RecvTimeoutError::Disconnected) => {
            if let Err(panic) = worker.join() {
                let doing = doing.text();
                let message = panic.downcast_ref::<String>().map_or("", String::as_str);
                if !message.contains(doing.as_str()) {
                    eprintln!("the test was at: {doing}");
                }
                resume_unwind(panic);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;

    fn message(panic: Box<dyn std::any::Any + Send>) -> String {
        *panic.downcast::<String>().expect("the panic has a message")
    }

    #[test]
    fn what_ends_is_run_once() {
        let (tell, hear) = channel();
        ends(move |_| tell.send(7).expect("somebody listens"));
        assert_eq!(hear.iter().collect::<Vec<_>>(), [7]);
    }

    #[test]
    fn what_does_not_end_is_given_up_with_what_it_did() {
        let given_up = catch_unwind(|| {
            ends_within(Duration::from_millis(50), |doing| {
                doing.note(|| "the third case".into());
                // Parked for ever, as a loop that never ends, but without a busy core.
                loop {
                    thread::park();
                }
            });
        });
        let message = message(given_up.expect_err("it never ends"));
        assert!(
            message.contains("The test was at: the third case"),
            "{message}"
        );
    }

    #[test]
    fn a_panic_comes_through() {
        let failed = catch_unwind(|| ends(|_| std::panic::panic_any(String::from("2 of 3"))));
        assert_eq!(message(failed.expect_err("it panics")), "2 of 3");
    }
}
