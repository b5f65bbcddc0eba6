//! How known versions of an exercise end, so that a learner's misconception can be recognised.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How one version of an exercise ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The verdict's class, as JSON names it.
    pub verdict: String,
    /// The tests of the specification that did not pass, sorted, without `tests::`. None where they depend on luck.
    pub tests: Vec<String>,
}

impl Signature {
    /// A verdict's class, and the tests that did not pass, in any order.
    pub fn new(verdict: &str, mut tests: Vec<String>) -> Self {
        if !TELLING.contains(&verdict) {
            tests.clear();
        }
        tests.sort();
        tests.dedup();
        Self {
            verdict: verdict.to_string(),
            tests,
        }
    }

    /// Whether two runs may be of the same version: they end the same way and fail the same tests. Where the outcome of
    /// an exercise `varies`, a test that both fail is enough.
    pub fn agrees(&self, other: &Self, varies: bool) -> bool {
        let overlap = || self.tests.iter().any(|test| other.tests.contains(test));
        self == other || (varies && self.verdict == other.verdict && overlap())
    }
}

/// How the stub and each known wrong answer of an exercise end: `wrong/failing.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signatures {
    /// The learner's file as it is laid out.
    pub stub: Signature,
    /// Each wrong answer, by its name.
    #[serde(default)]
    pub wrong: BTreeMap<String, Signature>,
}

/// Verdicts that tell one wrong answer from another. The others depend on limits and on luck.
const TELLING: [&str; 3] = ["tests_failed", "crashed", "out_of_memory"];

impl Signatures {
    /// The name of the one wrong answer that ends as this version did.
    ///
    /// None when two do, and none when an untouched exercise fails the same tests: a hint would mislead.
    pub fn recognise(&self, seen: &Signature) -> Option<&str> {
        if seen.tests.is_empty() || seen.tests == self.stub.tests {
            return None;
        }
        let mut alike = self.wrong.iter().filter(|(_, known)| *known == seen);
        match (alike.next(), alike.next()) {
            (Some((name, _)), None) => Some(name),
            _ => None,
        }
    }

    /// The first thing in which what is known differs from what was seen, in words.
    pub fn difference(&self, seen: &Self, varies: bool) -> Option<String> {
        if !self.stub.agrees(&seen.stub, false) {
            return Some("the stub ends otherwise".into());
        }
        for (name, now) in &seen.wrong {
            match self.wrong.get(name) {
                None => return Some(format!("{name} is new")),
                Some(then) if !then.agrees(now, varies) => {
                    return Some(format!("{name} ends otherwise"));
                }
                Some(_) => {}
            }
        }
        let gone = self
            .wrong
            .keys()
            .find(|name| !seen.wrong.contains_key(*name));
        gone.map(|name| format!("{name} is gone"))
    }

    /// As the file holds it.
    pub fn to_toml(&self) -> String {
        let mut text = String::from(
            "# Which tests each known wrong answer fails. Written by `backlings dev check --write`.\n",
        );
        section(&mut text, "stub", &self.stub);
        for (name, signature) in &self.wrong {
            section(&mut text, &format!("wrong.{}", key(name)), signature);
        }
        text
    }
}

fn section(text: &mut String, name: &str, signature: &Signature) {
    text.push_str(&format!(
        "\n[{name}]\nverdict = {}\ntests = [",
        toml::Value::from(signature.verdict.as_str())
    ));
    for test in &signature.tests {
        text.push_str(&format!("\n    {},", toml::Value::from(test.as_str())));
    }
    text.push_str(if signature.tests.is_empty() {
        "]\n"
    } else {
        "\n]\n"
    });
}

/// A key of TOML, quoted where it must be.
fn key(name: &str) -> String {
    let bare = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if bare {
        name.to_string()
    } else {
        toml::Value::from(name).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(verdict: &str, tests: &[&str]) -> Signature {
        Signature::new(verdict, tests.iter().map(|test| (*test).into()).collect())
    }

    fn known() -> Signatures {
        Signatures {
            stub: signature("tests_failed", &["a", "b", "c"]),
            wrong: [
                ("one", signature("tests_failed", &["a"])),
                ("two", signature("tests_failed", &["a", "b"])),
                ("too", signature("tests_failed", &["b", "a"])),
                ("all", signature("tests_failed", &["a", "b", "c"])),
                ("deep", signature("crashed", &["c"])),
                ("slow", signature("timed_out", &["b"])),
            ]
            .map(|(name, signature)| (name.to_string(), signature))
            .into(),
        }
    }

    #[test]
    fn the_only_one_that_fails_the_same_tests_is_recognised() {
        let seen = |verdict, tests: &[&str]| {
            known()
                .recognise(&signature(verdict, tests))
                .map(str::to_string)
        };
        assert_eq!(seen("tests_failed", &["a"]).as_deref(), Some("one"));
        assert_eq!(seen("crashed", &["c"]).as_deref(), Some("deep"));
        // Two fail these.
        assert_eq!(seen("tests_failed", &["a", "b"]), None);
        // So does the untouched exercise.
        assert_eq!(seen("tests_failed", &["c", "b", "a"]), None);
        assert_eq!(seen("crashed", &["a"]), None);
        assert_eq!(seen("timed_out", &["b"]), None);
        assert_eq!(seen("tests_failed", &["b"]), None);
        assert_eq!(seen("tests_failed", &[]), None);
    }

    #[test]
    fn where_luck_has_a_part_one_common_test_is_enough() {
        let known = signature("tests_failed", &["a", "b"]);
        let less = signature("tests_failed", &["b"]);
        let other = signature("tests_failed", &["c"]);
        let dead = signature("crashed", &["a", "b"]);
        assert!(known.agrees(&known, false));
        assert!(known.agrees(&less, true) && less.agrees(&known, true));
        assert!(!known.agrees(&less, false));
        assert!(!known.agrees(&other, true));
        assert!(!known.agrees(&dead, true));
    }

    #[test]
    fn the_first_difference_is_named() {
        let changed = |change: &dyn Fn(&mut Signatures)| {
            let mut seen = known();
            change(&mut seen);
            let said = |varies| known().difference(&seen, varies).unwrap_or_default();
            [said(false), said(true)]
        };
        assert_eq!(changed(&|_| {}), ["", ""]);
        let fewer = changed(&|seen| {
            seen.wrong
                .insert("two".into(), signature("tests_failed", &["a"]));
        });
        assert_eq!(fewer, ["two ends otherwise", ""]);
        let new = changed(&|seen| {
            seen.wrong.insert("x".into(), signature("crashed", &["a"]));
        });
        assert_eq!(new, ["x is new", "x is new"]);
        let gone = changed(&|seen| {
            seen.wrong.remove("one");
        });
        assert_eq!(gone, ["one is gone", "one is gone"]);
        // Nothing of the stub is luck: it fails at its steps.
        let stub = changed(&|seen| seen.stub = signature("tests_failed", &["a"]));
        assert_eq!(stub, ["the stub ends otherwise", "the stub ends otherwise"]);
    }

    #[test]
    fn the_file_reads_back() {
        let mut signatures = known();
        signatures
            .wrong
            .insert("odd name".into(), signature("crashed", &[]));
        let text = signatures.to_toml();
        assert_eq!(toml::from_str::<Signatures>(&text).unwrap(), signatures);
    }
}
