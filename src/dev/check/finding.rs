//! What the gate finds.

use serde::{Deserialize, Serialize};

/// Which rule is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// `exercise.toml` is incomplete or wrong.
    Metadata,
    /// A file is missing, or one is too many.
    Files,
    /// The problem's text.
    Header,
    /// The numbered steps of the stub.
    Steps,
    /// The hints.
    Hints,
    /// README and `after.md`.
    Words,
    /// The layout of a source: line length, formatting, last lines.
    Layout,
    /// What clippy says.
    Clippy,
    /// What the judge takes for the tests is not what the test harness runs, or they live on the learner's imports.
    Tests,
    /// The stub does not fail as it should.
    Stub,
    /// The solution does not pass as it should.
    Solution,
    /// A wrong answer does not fail as it should.
    Wrong,
    /// The recorded failures of wrong answers are out of date.
    Signatures,
    /// The judge and `cargo test` disagree.
    Agreement,
    /// Something outside of the track kept a check from being done.
    Environment,
}

impl Rule {
    /// The name in JSON and in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Files => "files",
            Self::Header => "header",
            Self::Steps => "steps",
            Self::Hints => "hints",
            Self::Words => "words",
            Self::Layout => "layout",
            Self::Clippy => "clippy",
            Self::Tests => "tests",
            Self::Stub => "stub",
            Self::Solution => "solution",
            Self::Wrong => "wrong",
            Self::Signatures => "signatures",
            Self::Agreement => "agreement",
            Self::Environment => "environment",
        }
    }
}

/// One thing that an author has to mend.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Which rule is broken.
    pub rule: Rule,
    /// The file, from the track's folder, with `:line` where one is to blame.
    pub place: String,
    /// What is wrong, and what would be right.
    pub what: String,
}

impl Finding {
    /// A broken rule.
    pub fn new(rule: Rule, place: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            rule,
            place: place.into(),
            what: what.into(),
        }
    }
}
