//! Steps that are still to be written: many tests fail at one `todo!`, and say the same.

use crate::judge::Failure;

/// How `todo!` begins its message.
const UNWRITTEN: &str = "not yet implemented";

/// A failed test, or all that wait for one step.
pub(super) enum Failed<'a> {
    /// One test that failed in its own way.
    Test(&'a Failure),
    /// Several that reach the same unwritten step.
    Step {
        /// The step's own words.
        step: &'a str,
        /// Where it is.
        location: Option<&'a str>,
        /// The tests that wait for it.
        tests: Vec<&'a str>,
    },
}

/// The failures, those at one unwritten step together; in the order of their first.
pub(super) fn gather(failures: &[Failure]) -> Vec<Failed<'_>> {
    let mut gathered: Vec<Failed<'_>> = Vec::new();
    for failure in failures {
        let Some(words) = step(failure) else {
            gathered.push(Failed::Test(failure));
            continue;
        };
        let place = failure.location.as_deref();
        let known = gathered.iter_mut().find_map(|one| match one {
            Failed::Step {
                step,
                location,
                tests,
            } if (*step, *location) == (words, place) => Some(tests),
            _ => None,
        });
        match known {
            Some(tests) => tests.push(&failure.test),
            None => gathered.push(Failed::Step {
                step: words,
                location: place,
                tests: vec![&failure.test],
            }),
        }
    }
    gathered
}

/// What an unwritten step says of itself.
fn step(failure: &Failure) -> Option<&str> {
    let rest = failure.message.strip_prefix(UNWRITTEN)?;
    let first = rest.lines().next().unwrap_or_default();
    Some(first.trim_start_matches(':').trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(test: &str, message: &str, location: &str) -> Failure {
        Failure {
            test: test.into(),
            message: message.into(),
            location: Some(location.into()),
            output: String::new(),
        }
    }

    #[test]
    fn tests_that_wait_for_one_step_come_together() {
        let failures = [
            failure("a", "not yet implemented: step 1: look", "x.rs:1:1"),
            failure("b", "left: 1", "x.rs:1:1"),
            failure(
                "c",
                "not yet implemented: step 1: look\nthis was case 1",
                "x.rs:1:1",
            ),
            failure("d", "not yet implemented: step 2: write", "x.rs:9:1"),
            failure("e", "not yet implemented", "x.rs:10:1"),
            failure("f", "not yet implemented: step 1: look", "other.rs:1:1"),
        ];
        let words: Vec<String> = gather(&failures)
            .into_iter()
            .map(|one| match one {
                Failed::Test(failure) => failure.test.clone(),
                Failed::Step { step, tests, .. } => format!("{step} <- {}", tests.join(" ")),
            })
            .collect();
        assert_eq!(
            words,
            [
                "step 1: look <- a c",
                "b",
                "step 2: write <- d",
                " <- e",
                "step 1: look <- f"
            ]
        );
    }
}
