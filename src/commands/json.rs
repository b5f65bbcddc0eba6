//! The forms of what is printed as JSON, version 1. Fields are added, never changed.

use serde::Serialize;

use crate::judge::{Failure, Verdict};
use crate::track::{Exercise, Status, Track};

/// An exercise in `list` and `show`.
#[derive(Serialize)]
pub(super) struct ExerciseJson<'a> {
    name: &'a str,
    topic: &'a str,
    title: &'a str,
    difficulty: &'a str,
    minutes: u32,
    kind: &'a str,
    status: &'a str,
    current: bool,
    concepts: &'a [String],
    companies: &'a [String],
    /// Paths from the workspace's folder.
    files: Vec<String>,
}

impl<'a> ExerciseJson<'a> {
    pub(super) fn new(
        track: &'a Track,
        exercise: &'a Exercise,
        status: Status,
        current: bool,
    ) -> Self {
        Self {
            name: &exercise.name,
            topic: &track.topic(exercise).id,
            title: &exercise.title,
            difficulty: exercise.difficulty.name(),
            minutes: exercise.minutes,
            kind: exercise.kind.name(),
            status: status.name(),
            current,
            concepts: &exercise.concepts,
            companies: &exercise.companies,
            files: exercise
                .files
                .iter()
                .map(|file| format!("{}/{file}", exercise.dir()))
                .collect(),
        }
    }
}

/// A verdict in `run` and `check`.
#[derive(Serialize)]
pub(super) struct VerdictJson {
    exercise: String,
    verdict: &'static str,
    passed: usize,
    failed: usize,
    failures: Vec<FailureJson>,
    compile_ms: u128,
    run_ms: u128,
    /// The hint of the known wrong answer that this is, if it is one.
    misconception: Option<String>,
    /// What the verdict says beside the tests: compiler messages, what is missing, what was noticed.
    messages: Vec<String>,
}

#[derive(Serialize)]
struct FailureJson {
    test: String,
    message: String,
    location: Option<String>,
}

impl VerdictJson {
    /// An exercise that has not changed since it passed.
    pub(super) fn unchanged(exercise: &str) -> Self {
        Self::plain(exercise, "passed", Vec::new())
    }

    /// An exercise that could not be judged.
    pub(super) fn trouble(exercise: &str, message: String) -> Self {
        Self::plain(exercise, "environment", vec![message])
    }

    fn plain(exercise: &str, verdict: &'static str, messages: Vec<String>) -> Self {
        Self {
            exercise: exercise.to_string(),
            verdict,
            passed: 0,
            failed: 0,
            failures: Vec::new(),
            compile_ms: 0,
            run_ms: 0,
            misconception: None,
            messages,
        }
    }

    pub(super) fn new(verdict: &Verdict, summary: String) -> Self {
        let failure = |failure: &Failure| FailureJson {
            test: failure.test.clone(),
            message: failure.message.clone(),
            location: failure.location.clone(),
        };
        let mut messages = Vec::new();
        if !verdict.passed() && verdict.failures.is_empty() && verdict.diagnostics.is_empty() {
            messages.push(summary);
        }
        let plain = |text: &str| console::strip_ansi_codes(text).trim_end().to_string();
        messages.extend(
            verdict
                .diagnostics
                .iter()
                .map(|diagnostic| plain(&diagnostic.rendered)),
        );
        messages.extend(verdict.notes.iter().cloned());
        Self {
            exercise: verdict.exercise.clone(),
            verdict: verdict.kind.name(),
            passed: verdict.passed.len(),
            failed: verdict.failures.len(),
            failures: verdict.failures.iter().map(failure).collect(),
            compile_ms: verdict.compile.as_millis(),
            run_ms: verdict.run.as_millis(),
            misconception: verdict
                .misconception
                .as_ref()
                .map(|misconception| misconception.hint.clone()),
            messages,
        }
    }
}
