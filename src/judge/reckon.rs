//! From the results of a run to a verdict: a pass needs every expected test, and proof that they are the specification's.

use super::diagnose;
use super::libtest::End;
use super::run::Results;
use super::{Failure, Kind, Verdict};

impl Verdict {
    pub(super) fn fill(&mut self, results: Results, expected: &[String], prefix: &str) {
        let short = |name: &str| name.strip_prefix(prefix).unwrap_or(name).to_string();
        self.run = results.wall;
        self.output = String::from_utf8_lossy(&results.output)
            .trim_end()
            .to_string();
        if results.left_behind > 0 {
            let processes = if results.left_behind == 1 {
                "a process"
            } else {
                "processes"
            };
            self.notes
                .push(format!("the tests left {processes} running; killed"));
        }
        let mut ends = results.ends;
        ends.sort_by_key(|(name, _)| {
            expected
                .iter()
                .position(|known| known == name)
                .unwrap_or(usize::MAX)
        });
        let mut missing = expected.to_vec();
        let dead = results.death.as_ref().and_then(|(_, test)| test.clone());
        for (name, end) in ends {
            missing.retain(|known| *known != name);
            match end {
                Some(End::Ok) => self.passed.push(short(&name)),
                Some(End::Ignored) if expected.contains(&name) => missing.push(name),
                Some(End::Ignored) => {}
                Some(End::Failed { output, message }) => {
                    self.failures
                        .push(diagnose::failure(short(&name), &output, message));
                }
                None if dead.as_ref() == Some(&name) => {
                    self.failures
                        .extend(words_of_the_dead(&short(&name), &results.last_words));
                }
                None => {}
            }
        }
        self.kind = match results.death {
            Some((death, test)) => death.kind(test.map(|name| short(&name))),
            None if !self.failures.is_empty() => Kind::TestsFailed,
            None if expected.is_empty() => Kind::Environment {
                what: "the specification holds no tests".into(),
                remedy: "this is a fault of the track".into(),
            },
            None if missing.len() == expected.len() => Kind::NoTests {
                what: "none of the exercise's tests ran: its last lines must be `#[cfg(test)]` and `mod tests;`".into(),
            },
            None if !missing.is_empty() => {
                let names: Vec<String> = missing.iter().map(|name| short(name)).collect();
                Kind::Tampered { what: format!("these tests did not run: {}", names.join(", ")) }
            }
            None => Kind::Passed,
        };
    }

    /// A pass counts only when the tests that passed are those of the specification.
    pub(super) fn prove(&mut self, sources: &[(String, String)], expected: &[String], own: &str) {
        let foreign = expected.iter().find(|name| {
            !sources
                .iter()
                .any(|(listed, path)| listed == *name && path.replace('\\', "/") == own)
        });
        if let Some(name) = foreign {
            self.kind = Kind::Tampered {
                what: format!(
                    "the test `{name}` is not the one of tests.rs: the file must end with `#[cfg(test)]` and `mod tests;`"
                ),
            };
        }
    }
}

/// A panic may have been printed before a process died of it.
fn words_of_the_dead(test: &str, said: &str) -> Option<Failure> {
    let panic = diagnose::panic(said)?;
    Some(Failure {
        test: test.into(),
        message: panic.message,
        location: Some(panic.location),
        output: panic.rest,
    })
}
