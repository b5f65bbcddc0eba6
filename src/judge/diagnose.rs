//! From raw ends and raw text to words.

use std::ops::Range;
use std::time::Duration;

use super::{Failure, Kind};
use crate::supervise::{Ended, Exit, Outcome};
use crate::track::Exercise;

/// A run that did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Death {
    TimedOut(Duration),
    TooMuchOutput,
    OutOfMemory(u64),
    Crashed(String),
}

impl Death {
    /// The verdict of a run that died so, in a test if that is known.
    pub(super) fn kind(self, test: Option<String>) -> Kind {
        match self {
            Self::TimedOut(after) => Kind::TimedOut { after, test },
            Self::TooMuchOutput => Kind::TooMuchOutput { test },
            Self::OutOfMemory(limit) => Kind::OutOfMemory { limit, test },
            Self::Crashed(how) => Kind::Crashed { how, test },
        }
    }
}

/// libtest's exit code when tests failed.
const TESTS_FAILED: i32 = 101;

/// How a run died, if it did: a run that is `finished` and ended as the test harness does, is whole.
pub(super) fn death(outcome: &Outcome, finished: bool, exercise: &Exercise) -> Option<Death> {
    match outcome.ended {
        Ended::Cancelled => None,
        Ended::TimedOut => Some(Death::TimedOut(exercise.limits.wall())),
        Ended::Flooded => Some(Death::TooMuchOutput),
        Ended::Exited(Exit::Code(0 | TESTS_FAILED)) if finished => None,
        Ended::Exited(exit) => {
            let said = outcome.stderr.text();
            if said.contains("memory allocation of ") && said.contains(" bytes failed") {
                return Some(Death::OutOfMemory(exercise.limits.memory()));
            }
            Some(Death::Crashed(manner(exit, &said)))
        }
    }
}

fn manner(exit: Exit, said: &str) -> String {
    match exit {
        _ if said.contains("has overflowed its stack") => "stack overflow".into(),
        Exit::Code(code) => {
            format!("the program ended itself with exit code {code} before the tests were over")
        }
        Exit::Signal(signal) => match name(signal) {
            Some((name, meaning)) => format!("{name}: {meaning}"),
            None => format!("signal {signal}"),
        },
    }
}

#[cfg(unix)]
fn name(signal: i32) -> Option<(&'static str, &'static str)> {
    Some(match signal {
        libc::SIGABRT => (
            "SIGABRT",
            "it aborted, as `abort()` and a panic while panicking do",
        ),
        libc::SIGSEGV => ("SIGSEGV", "it touched memory that is not its own"),
        libc::SIGBUS => ("SIGBUS", "it touched memory that is not there"),
        libc::SIGILL => ("SIGILL", "it ran into an instruction that does not exist"),
        libc::SIGFPE => ("SIGFPE", "a division that the processor refuses"),
        libc::SIGKILL => (
            "SIGKILL",
            "killed from outside, perhaps by the system for lack of memory",
        ),
        libc::SIGXFSZ => ("SIGXFSZ", "it wrote a file beyond 256 MiB"),
        libc::SIGPIPE => ("SIGPIPE", "it wrote to a pipe that nobody reads"),
        libc::SIGTERM => ("SIGTERM", "it was asked to end"),
        libc::SIGTRAP => ("SIGTRAP", "it ran into a trap"),
        _ => return None,
    })
}

#[cfg(not(unix))]
fn name(_signal: i32) -> Option<(&'static str, &'static str)> {
    None
}

/// What a failed test's output says: the first panic's message and place, and the rest as output.
pub(super) fn failure(test: String, output: &str, reason: Option<String>) -> Failure {
    match panic(output) {
        Some(panic) => Failure {
            test,
            message: panic.message,
            location: Some(panic.location),
            output: panic.rest,
        },
        None => match reason {
            Some(reason) => Failure {
                test,
                message: reason,
                location: None,
                output: output.trim().to_string(),
            },
            // A test that returned `Err` printed it.
            None => Failure {
                test,
                message: output.trim().to_string(),
                ..Failure::default()
            },
        },
    }
}

/// A panic as Rust prints it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Panic {
    pub(super) message: String,
    /// `path:line:column`.
    pub(super) location: String,
    /// The text without this panic.
    pub(super) rest: String,
}

/// The panic that a test failed by, of those in a text.
///
/// A thread that panics and goes on has caught it, so of each thread only the last one counts; of several threads the first is the
/// cause, and the others are mostly its consequences.
pub(super) fn panic(text: &str) -> Option<Panic> {
    let all: Vec<Found<'_>> = panics(text);
    let last = |index: &usize| {
        let later = &all[index + 1..];
        !later.iter().any(|found| found.thread == all[*index].thread)
    };
    let found = &all[(0..all.len()).find(last)?];
    Some(Panic {
        message: text[found.message.clone()].trim_end().to_string(),
        location: found.location.to_string(),
        rest: format!("{}{}", &text[..found.start], &text[found.end..])
            .trim()
            .to_string(),
    })
}

/// A panic's place in a text.
struct Found<'a> {
    /// The thread's name and number.
    thread: &'a str,
    location: &'a str,
    message: Range<usize>,
    start: usize,
    end: usize,
}

/// Every panic in a text, in order.
fn panics(text: &str) -> Vec<Found<'_>> {
    const NOTE: &str = "note: run with `RUST_BACKTRACE=1`";
    let mut all = Vec::new();
    let mut before = 0;
    for line in text.split_inclusive('\n') {
        let start = before;
        before += line.len();
        let Some((thread, location)) = line.trim_end().rsplit_once(" panicked at ") else {
            continue;
        };
        let (Some(at), Some(location)) = (thread.find("thread '"), location.strip_suffix(':'))
        else {
            continue;
        };
        let body = &text[before..];
        let mut end = body.len();
        for mark in ["\nthread '", NOTE, "\nstack backtrace:"] {
            end = body.find(mark).map_or(end, |found| end.min(found));
        }
        let note = body[end..].strip_prefix(NOTE).map_or(0, |note| {
            NOTE.len() + note.find('\n').map_or(note.len(), |line| line + 1)
        });
        all.push(Found {
            thread: &thread[at..],
            location,
            message: before..before + end,
            start: start + at,
            end: before + end + note,
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_taken_apart() {
        let text = "printed\n\nthread 'tests::a' (42) panicked at exercises/x/tests.rs:12:5:\nassertion `left == right` failed: sum\n  left: 1\n right: 2\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\nafter\n";
        let panic = panic(text).unwrap();
        assert_eq!(panic.location, "exercises/x/tests.rs:12:5");
        assert_eq!(
            panic.message,
            "assertion `left == right` failed: sum\n  left: 1\n right: 2"
        );
        assert_eq!(panic.rest, "printed\n\nafter");
    }

    #[test]
    fn the_first_of_several_panics_counts() {
        let text = "thread 'worker' panicked at a.rs:1:1:\nfirst\nthread 'tests::a' panicked at b.rs:2:2:\nsecond\n";
        let panic = panic(text).unwrap();
        assert_eq!(
            (panic.message.as_str(), panic.location.as_str()),
            ("first", "a.rs:1:1")
        );
        assert!(panic.rest.contains("second"));
    }

    #[test]
    fn a_panic_that_was_caught_does_not_count() {
        let text = "thread 'tests::a' (7) panicked at x.rs:1:1:\nindex 4 is out of range\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n\nthread 'tests::a' (7) panicked at tests.rs:2:2:\nthe array must be as it was\n";
        let panic = panic(text).unwrap();
        assert_eq!(
            (panic.message.as_str(), panic.location.as_str()),
            ("the array must be as it was", "tests.rs:2:2")
        );
        assert!(panic.rest.contains("index 4 is out of range"));
    }

    #[test]
    fn a_failure_without_a_panic_shows_what_there_is() {
        let found = failure("a".into(), "Error: \"broken\"\n", None);
        assert_eq!(
            (found.message.as_str(), found.location),
            ("Error: \"broken\"", None)
        );
        let found = failure(
            "a".into(),
            "",
            Some("test did not panic as expected".into()),
        );
        assert_eq!(found.message, "test did not panic as expected");
    }

    #[test]
    fn texts_that_look_like_panics_are_none() {
        for text in [
            "",
            "panicked at nothing",
            "thread 'a' panicked at x.rs",
            "he panicked at noon:\n",
        ] {
            assert_eq!(panic(text), None, "{text}");
        }
    }
}
