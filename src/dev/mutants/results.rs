//! What cargo-mutants leaves behind: <https://mutants.rs/mutants-out.html>.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::{Score, Survivor};

#[derive(Deserialize)]
struct Outcomes {
    outcomes: Vec<Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    scenario: Scenario,
    summary: String,
    diff_path: Option<String>,
}

#[derive(Deserialize)]
enum Scenario {
    Baseline,
    Mutant(Mutant),
}

#[derive(Deserialize)]
struct Mutant {
    /// `src/x.rs:12:5: replace < with <= in f`.
    name: String,
    function: Option<Function>,
}

#[derive(Deserialize)]
struct Function {
    span: Span,
}

#[derive(Deserialize)]
struct Span {
    start: Place,
    end: Place,
}

#[derive(Deserialize)]
struct Place {
    /// Counted from 1.
    line: usize,
}

/// The files that tell what the learner writes from what is given.
pub(super) struct Texts<'a> {
    pub(super) stub: &'a str,
    pub(super) solution: &'a str,
    /// Names of files beside the learner's that are given as a whole.
    pub(super) given: &'a [String],
}

impl Texts<'_> {
    /// Whether the mutant is in a given file, or the stub holds its whole function, word for word.
    fn gives(&self, mutant: &Mutant) -> bool {
        let path = mutant.name.split(':').next().unwrap_or_default();
        let file = path.rsplit('/').next().unwrap_or_default();
        if self.given.iter().any(|given| given == file) {
            return true;
        }
        let Some(Function { span }) = &mutant.function else {
            return false;
        };
        let lines = self
            .solution
            .lines()
            .skip(span.start.line.saturating_sub(1));
        let count = (span.end.line + 1).saturating_sub(span.start.line);
        let function: Vec<&str> = lines.take(count).collect();
        let stub: Vec<&str> = self.stub.lines().collect();
        !function.is_empty()
            && stub
                .windows(function.len())
                .any(|window| window == function)
    }
}

/// Reads the results in `mutants.out`.
///
/// # Errors
/// When there are none, or the solution itself did not pass.
pub(super) fn read(dir: &Path, texts: &Texts<'_>) -> Result<Score, String> {
    let path = dir.join("outcomes.json");
    let text = fs::read_to_string(&path).map_err(|error| format!("no results ({error})"))?;
    score(&text, texts, &mut |diff| {
        fs::read_to_string(dir.join(diff)).unwrap_or_default()
    })
}

fn score(
    json: &str,
    texts: &Texts<'_>,
    diff: &mut dyn FnMut(&str) -> String,
) -> Result<Score, String> {
    let results: Outcomes = serde_json::from_str(json)
        .map_err(|error| format!("outcomes.json is not as expected ({error})"))?;
    let mut score = Score::default();
    let mut whole = false;
    for outcome in results.outcomes {
        let mutant = match outcome.scenario {
            Scenario::Baseline if outcome.summary == "Success" => {
                whole = true;
                continue;
            }
            Scenario::Baseline => return Err("the solution itself does not pass".into()),
            Scenario::Mutant(mutant) => mutant,
        };
        if texts.gives(&mutant) {
            score.given += 1;
            continue;
        }
        match outcome.summary.as_str() {
            "CaughtMutant" => score.caught += 1,
            "Timeout" => score.timeouts += 1,
            "Unviable" => score.unviable += 1,
            "MissedMutant" => {
                let (place, name) = split(&mutant.name);
                score.survivors.push(Survivor {
                    name,
                    place,
                    diff: outcome
                        .diff_path
                        .as_deref()
                        .map(&mut *diff)
                        .unwrap_or_default(),
                });
            }
            other => return Err(format!("a mutant ended in an unknown way: {other}")),
        }
    }
    if whole {
        Ok(score)
    } else {
        Err("the solution itself was not judged".into())
    }
}

/// `src/x.rs:12:5: replace …` as `12:5` and `replace …`.
fn split(name: &str) -> (String, String) {
    match name.split_once(": ") {
        Some((place, what)) => {
            let mut parts = place.rsplitn(3, ':');
            let column = parts.next().unwrap_or_default();
            let line = parts.next().unwrap_or_default();
            (format!("{line}:{column}"), what.to_string())
        }
        None => (String::new(), name.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"outcomes":[
        {"scenario":"Baseline","summary":"Success","phase_results":[]},
        {"scenario":{"Mutant":{"name":"src/x.rs:3:5: replace f -> u8 with 0","genre":"FnValue","function":{"span":{"start":{"line":2,"column":1},"end":{"line":4,"column":2}}}}},"summary":"CaughtMutant","diff_path":"diff/a.diff"},
        {"scenario":{"Mutant":{"name":"src/x.rs:4:9: replace < with <= in f","genre":"BinaryOperator"}},"summary":"MissedMutant","diff_path":"diff/b.diff"},
        {"scenario":{"Mutant":{"name":"src/x.rs:5:9: replace + with - in f","genre":"BinaryOperator"}},"summary":"Timeout","diff_path":null},
        {"scenario":{"Mutant":{"name":"src/x.rs:6:9: replace f -> X with Default::default()","genre":"FnValue"}},"summary":"Unviable"}
    ],"total_mutants":4}"#;

    const SOLUTION: &str = "//! x\nfn f() -> u8 {\n    7\n}\nfn g() {}\n";

    fn read(json: &str, stub: &str) -> Result<Score, String> {
        let texts = Texts {
            stub,
            solution: SOLUTION,
            given: &["given.rs".to_string()],
        };
        score(json, &texts, &mut |path| format!("the text of {path}"))
    }

    #[test]
    fn results_are_counted_and_survivors_shown() {
        let score = read(JSON, "fn f() -> u8 {\n    todo!()\n}\n").unwrap();
        assert_eq!(
            (score.caught, score.timeouts, score.unviable, score.viable()),
            (1, 1, 1, 3)
        );
        let expected = Survivor {
            name: "replace < with <= in f".into(),
            place: "4:9".into(),
            diff: "the text of diff/b.diff".into(),
        };
        assert_eq!(score.survivors, [expected]);
    }

    #[test]
    fn a_solution_that_does_not_pass_has_no_score() {
        let broken = JSON.replacen("Success", "Failure", 1);
        assert!(read(&broken, "").is_err());
        assert!(read(r#"{"outcomes":[]}"#, "").is_err());
    }

    #[test]
    fn mutants_of_given_functions_do_not_count() {
        let given = read(JSON, &SOLUTION.replace("fn g", "fn h")).unwrap();
        assert_eq!((given.given, given.caught, given.viable()), (1, 0, 2));
        let written = read(JSON, &SOLUTION.replace('7', "8")).unwrap();
        assert_eq!((written.given, written.caught), (0, 1));
        let beside = read(&JSON.replace("src/x.rs:4:9", "src/given.rs:4:9"), "").unwrap();
        assert_eq!((beside.given, beside.survivors.len()), (1, 0));
    }
}
