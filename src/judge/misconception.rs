//! Recognising a known wrong answer by the tests that it fails.

use super::{Misconception, Sources, Verdict};
use crate::track::{Exercise, Track};

/// The known wrong answer that a version is, if it is surely one. Without a record of the wrong answers, or with one that cannot be
/// read, there is just no hint: the learner is not to blame for it.
pub(super) fn recognise<S: AsRef<str>>(
    track: &Track,
    exercise: &Exercise,
    sources: &Sources,
    verdict: &Verdict,
    expected: &[S],
) -> Option<Misconception> {
    if unfinished(sources, verdict) {
        return None;
    }
    let signatures = track.signatures(exercise).ok()??;
    let name = signatures.recognise(&verdict.signature(expected))?;
    let answer = track.wrong_answer(exercise, name).ok()?.ok()?;
    Some(Misconception {
        name: answer.name,
        why: answer.why,
        hint: answer.hint,
    })
}

/// Whether steps are left to write: tests that fail for lack of those say nothing about what was written.
fn unfinished(sources: &Sources, verdict: &Verdict) -> bool {
    const REACHED: &str = "not yet implemented";
    const MARK: &[u8] = b"TODO step ";
    let reached = verdict
        .failures
        .iter()
        .any(|failure| failure.message.contains(REACHED) || failure.output.contains(REACHED));
    reached
        || sources
            .files
            .iter()
            .any(|file| file.bytes.windows(MARK.len()).any(|window| window == MARK))
}
