//! What judging an exercise gave.

use std::time::Duration;

use super::Sources;
use crate::track::{ContentHash, Exercise, Signature};

/// What judging one version of an exercise gave.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The exercise's name.
    pub exercise: String,
    /// The version that was judged.
    pub hash: ContentHash,
    /// What came out.
    pub kind: Kind,
    /// Tests of the specification that passed, in its order.
    pub passed: Vec<String>,
    /// Tests that failed, in the specification's order.
    pub failures: Vec<Failure>,
    /// Compiler messages, errors first.
    pub diagnostics: Vec<Diagnostic>,
    /// The known wrong answer that this is, if it is surely one.
    pub misconception: Option<Misconception>,
    /// What the learner should know beside the verdict.
    pub notes: Vec<String>,
    /// What the tests wrote past the test harness (capped).
    pub output: String,
    /// Time in the compiler.
    pub compile: Duration,
    /// Time in the tests.
    pub run: Duration,
}

/// The classes of verdicts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Every expected test ran and passed.
    Passed,
    /// At least one test failed.
    TestsFailed,
    /// The compiler refused.
    CompileFailed,
    /// The time limit ended it, in this test if known.
    TimedOut {
        /// The limit.
        after: Duration,
        /// The test that did not end.
        test: Option<String>,
    },
    /// A signal or an early exit ended it, in this test if known.
    Crashed {
        /// In words: "stack overflow", "exit code 7", "SIGSEGV".
        how: String,
        /// The test that it died in.
        test: Option<String>,
    },
    /// The memory limit ended it.
    OutOfMemory {
        /// The limit, in bytes.
        limit: u64,
        /// The test that asked for too much.
        test: Option<String>,
    },
    /// The output limit ended it.
    TooMuchOutput {
        /// The test that printed without end.
        test: Option<String>,
    },
    /// Expected tests were missing, ignored, or not those of the specification.
    Tampered {
        /// In words.
        what: String,
    },
    /// The learner's file holds no tests any more (emptied, or `mod tests;` deleted).
    NoTests {
        /// In words, with the remedy.
        what: String,
    },
    /// Not the learner's fault, and no attempt.
    Environment {
        /// What is wrong.
        what: String,
        /// What to do about it.
        remedy: String,
    },
}

impl Kind {
    /// The name in JSON, the history and the documentation.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::TestsFailed => "tests_failed",
            Self::CompileFailed => "compile_failed",
            Self::TimedOut { .. } => "timed_out",
            Self::Crashed { .. } => "crashed",
            Self::OutOfMemory { .. } => "out_of_memory",
            Self::TooMuchOutput { .. } => "too_much_output",
            Self::Tampered { .. } => "tampered",
            Self::NoTests { .. } => "no_tests",
            Self::Environment { .. } => "environment",
        }
    }
}

impl Verdict {
    /// A verdict that has still to be found.
    pub(super) fn new(exercise: &Exercise, sources: &Sources) -> Self {
        Self {
            exercise: exercise.name.clone(),
            hash: sources.hash,
            kind: Kind::NoTests {
                what: String::new(),
            },
            passed: Vec::new(),
            failures: Vec::new(),
            diagnostics: Vec::new(),
            misconception: None,
            notes: Vec::new(),
            output: String::new(),
            compile: Duration::ZERO,
            run: Duration::ZERO,
        }
    }

    /// How this version ends, to be compared with known wrong answers; `expected` are the tests that a pass needs.
    pub fn signature<S: AsRef<str>>(&self, expected: &[S]) -> Signature {
        let open = expected.iter().map(AsRef::as_ref);
        let open = open.filter(|test| !self.passed.iter().any(|passed| passed == test));
        Signature::new(self.kind.name(), open.map(str::to_string).collect())
    }

    /// Whether the exercise is done.
    pub fn passed(&self) -> bool {
        self.kind == Kind::Passed
    }

    /// Whether it counts as an attempt of the learner's.
    pub fn counts(&self) -> bool {
        !matches!(self.kind, Kind::Environment { .. })
    }
}

/// Something outside of the learner's reach that keeps an exercise from being judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}\n{remedy}")]
pub struct Environment {
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl Environment {
    /// What is wrong, and the remedy.
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            remedy: remedy.into(),
        }
    }
}

impl From<Environment> for Kind {
    fn from(Environment { what, remedy }: Environment) -> Self {
        Self::Environment { what, remedy }
    }
}

/// What a known wrong answer shows of its author's thinking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misconception {
    /// The wrong answer's name.
    pub name: String,
    /// The misconception, in a sentence.
    pub why: String,
    /// What helps who has it.
    pub hint: String,
}

/// A test that failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// The test's name, without `tests::`.
    pub test: String,
    /// The panic's message.
    pub message: String,
    /// Where it panicked: `exercises/…/NAME.rs:12:5`.
    pub location: Option<String>,
    /// What the test printed, without the panic (capped).
    pub output: String,
}

/// How bad a compiler message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It does not compile.
    Error,
    /// Advice.
    Warning,
}

/// A compiler message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad.
    pub level: Level,
    /// As rustc renders it, with colours.
    pub rendered: String,
    /// `path:line:column` of the first primary span.
    pub location: Option<String>,
}
