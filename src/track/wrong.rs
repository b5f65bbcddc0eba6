//! Known wrong answers: differences to the solution, with the misconception behind each and what helps.

use super::File;

/// One known wrong answer: `solutions/…/wrong/NAME.diff`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongAnswer {
    /// The file's name, without `.diff`.
    pub name: String,
    /// The misconception, in a sentence.
    pub why: String,
    /// What the learner who made it needs to read.
    pub hint: String,
    /// The unified differences, one for each file.
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    file: String,
    diff: String,
}

/// A wrong answer's name, and what its file holds.
pub type NamedWrongAnswer = (String, Result<WrongAnswer, WrongAnswerError>);

/// A wrong answer that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongAnswerError {
    /// A line of the head is missing.
    #[error("its head lacks a line that begins with `{0}:`, with a text behind it")]
    Head(&'static str),
    /// There is no difference.
    #[error(
        "there is no unified difference below the head (`--- a/FILE`, `+++ b/FILE`, `@@ … @@`)"
    )]
    NoDifference,
    /// The difference is malformed.
    #[error("the difference to {file} is malformed: {what}")]
    Malformed {
        /// The file that it is about.
        file: String,
        /// What is wrong.
        what: String,
    },
    /// The difference is about a file that the solution does not have.
    #[error("it changes {file}, which is no file of the solution")]
    NoSuchFile {
        /// The file that it names.
        file: String,
    },
    /// The solution has changed since.
    #[error("it does not apply to {file} of the solution: {what}; make it anew with `diff -u`")]
    DoesNotApply {
        /// The file that it is about.
        file: String,
        /// Which part.
        what: String,
    },
}

impl WrongAnswer {
    /// Reads a wrong answer's file.
    ///
    /// # Errors
    /// Says which part is missing.
    pub fn parse(name: &str, text: &str) -> Result<Self, WrongAnswerError> {
        let text = text.replace("\r\n", "\n");
        let (head, body) = match text.find("--- a/") {
            Some(at) if at == 0 || text[..at].ends_with('\n') => text.split_at(at),
            _ => (text.as_str(), ""),
        };
        let line = |key: &'static str| {
            head.lines()
                .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))
                .map(str::trim)
                .filter(|said| !said.is_empty())
                .map(str::to_string)
                .ok_or(WrongAnswerError::Head(key))
        };
        let (why, hint) = (line("why")?, line("hint")?);
        let parts = parts(body);
        if parts.is_empty() {
            return Err(WrongAnswerError::NoDifference);
        }
        Ok(Self {
            name: name.to_string(),
            why,
            hint,
            parts,
        })
    }

    /// The solution's files with the mistake made.
    ///
    /// # Errors
    /// When the difference does not fit the solution.
    pub fn apply(&self, solution: &[File]) -> Result<Vec<File>, WrongAnswerError> {
        let mut files = solution.to_vec();
        for Part { file, diff } in &self.parts {
            let malformed = |what: String| WrongAnswerError::Malformed {
                file: file.clone(),
                what,
            };
            let patch =
                diffy::Patch::from_str(diff).map_err(|error| malformed(error.to_string()))?;
            if patch.hunks().is_empty() {
                return Err(malformed("it has no `@@` part".into()));
            }
            let target = files
                .iter_mut()
                .find(|known| known.name == *file)
                .ok_or_else(|| WrongAnswerError::NoSuchFile { file: file.clone() })?;
            let before = String::from_utf8_lossy(&target.bytes);
            let after =
                diffy::apply(&before, &patch).map_err(|error| WrongAnswerError::DoesNotApply {
                    file: file.clone(),
                    what: error.to_string(),
                })?;
            target.bytes = after.into_bytes();
        }
        Ok(files)
    }
}

/// Cuts a difference into one for each file, at the lines `--- a/FILE` that `+++ b/FILE` follows.
fn parts(body: &str) -> Vec<Part> {
    let lines: Vec<&str> = body.split_inclusive('\n').collect();
    let mut parts: Vec<Part> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let begins = lines
            .get(index + 1)
            .is_some_and(|next| next.starts_with("+++ b/"));
        match line.strip_prefix("--- a/") {
            Some(path) if begins => {
                let path = path.split('\t').next().unwrap_or(path);
                parts.push(Part {
                    file: path.trim().to_string(),
                    diff: (*line).to_string(),
                });
            }
            _ => {
                if let Some(part) = parts.last_mut() {
                    part.diff.push_str(line);
                }
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIFF: &str = "why: off by one\nhint: look at the end\n--- a/x.rs\n+++ b/x.rs\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n";

    fn solution() -> Vec<File> {
        ["x.rs", "y.rs"]
            .map(|name| File {
                name: name.into(),
                bytes: b"one\ntwo\n".to_vec(),
            })
            .into()
    }

    #[test]
    fn a_wrong_answer_is_read_and_applied() {
        for text in [DIFF.to_string(), DIFF.replace('\n', "\r\n")] {
            let wrong = WrongAnswer::parse("off", &text).unwrap();
            assert_eq!(
                (wrong.why.as_str(), wrong.hint.as_str()),
                ("off by one", "look at the end")
            );
            let files = wrong.apply(&solution()).unwrap();
            assert_eq!(files[0].bytes, b"one\nthree\n");
            assert_eq!(files[1], solution()[1]);
        }
    }

    #[test]
    fn several_files_can_be_changed() {
        let text = format!(
            "{DIFF}--- a/y.rs\t2026-01-01\n+++ b/y.rs\t2026-01-01\n@@ -1,2 +1 @@\n one\n-two\n"
        );
        let files = WrongAnswer::parse("both", &text)
            .unwrap()
            .apply(&solution())
            .unwrap();
        assert_eq!(files[0].bytes, b"one\nthree\n");
        assert_eq!(files[1].bytes, b"one\n");
    }

    #[test]
    fn what_is_missing_is_said() {
        let parse = |text: &str| WrongAnswer::parse("x", text).unwrap_err();
        assert_eq!(
            parse("hint: a\n--- a/x.rs\n"),
            WrongAnswerError::Head("why")
        );
        assert_eq!(
            parse("why: a\nhint:  \n--- a/x.rs\n"),
            WrongAnswerError::Head("hint")
        );
        assert_eq!(parse("why: a\nhint: b\n"), WrongAnswerError::NoDifference);
        assert_eq!(
            parse("why: a\nhint: b\n--- a/x.rs\nno\n"),
            WrongAnswerError::NoDifference
        );
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let apply = |text: &str| {
            WrongAnswer::parse("x", text)
                .unwrap()
                .apply(&solution())
                .unwrap_err()
        };
        assert!(matches!(
            apply(&DIFF.replace("-two", "-2")),
            WrongAnswerError::DoesNotApply { .. }
        ));
        assert!(matches!(
            apply(&DIFF.replace("x.rs", "z.rs")),
            WrongAnswerError::NoSuchFile { .. }
        ));
        assert!(matches!(
            apply(&DIFF.replace("@@ -1,2 +1,2 @@", "@@ nonsense @@")),
            WrongAnswerError::Malformed { .. }
        ));
        assert!(matches!(
            apply(&DIFF[..DIFF.find("@@").unwrap()]),
            WrongAnswerError::Malformed { .. }
        ));
    }
}
