//! rustfmt and clippy, on what an author writes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::finding::{Finding, Rule};
use super::judged::said;
use crate::judge::{Judge, Sources};
use crate::supervise::Cancel;
use crate::track::{Exercise, Track, TrackError};

/// What both say of an exercise's sources and its solution.
pub(super) fn exercise(track: &Track, exercise: &Exercise, judge: &Judge) -> Vec<Finding> {
    let mut found = formatting(track, exercise).unwrap_or_default();
    found.extend(clippy(track, exercise, judge).unwrap_or_default());
    found
}

/// A file that is missing is reported by who looks for files.
fn formatting(track: &Track, exercise: &Exercise) -> Result<Vec<Finding>, TrackError> {
    let dir = exercise.dir();
    let rustfmt = match which::which("rustfmt") {
        Ok(rustfmt) => rustfmt,
        Err(_) => {
            let what = "rustfmt is not installed: rustup component add rustfmt";
            return Ok(vec![Finding::new(Rule::Environment, dir, what)]);
        }
    };
    let rust = |names: &[String]| -> Vec<String> {
        names
            .iter()
            .filter(|name| name.ends_with(".rs"))
            .cloned()
            .collect()
    };
    let mut paths: Vec<String> = Vec::new();
    for name in rust(&exercise.files)
        .into_iter()
        .chain(rust(&exercise.given))
        .chain(["tests.rs".to_string()])
    {
        paths.push(format!("{dir}/{name}"));
    }
    for name in rust(&exercise.files) {
        paths.push(format!("{}/{name}", exercise.solution_dir()));
    }
    let mut found = Vec::new();
    for path in paths {
        let Ok(source) = track.bundle().text(&path) else {
            continue;
        };
        let home = track.bundle().dir().unwrap_or(Path::new("."));
        found.extend(match formatted(&rustfmt, home, &source) {
            Err(what) => Some(Finding::new(Rule::Layout, path, what)),
            Ok(text) => first_difference(&source, &text).map(|line| {
                let what = "is not formatted: rustfmt --edition 2024";
                Finding::new(Rule::Layout, format!("{path}:{line}"), what)
            }),
        });
    }
    Ok(found)
}

/// Through standard input, so that rustfmt does not look for the modules that a file names.
fn formatted(rustfmt: &PathBuf, home: &Path, source: &str) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("rustfmt does not run: {error}");
    let mut child = Command::new(rustfmt)
        .args(["--edition", "2024", "--emit", "stdout"])
        .current_dir(home)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let input = child.stdin.take();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            // When rustfmt ends early, its exit code says so.
            let _ = input.map(|mut input| input.write_all(source.as_bytes()));
        });
        child.wait_with_output()
    })
    .map_err(failed)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let first = said.lines().next().unwrap_or_default();
        return Err(format!("rustfmt refuses it: {first}"));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The first line, counted from 1, in which two texts differ.
fn first_difference(one: &str, two: &str) -> Option<usize> {
    if one == two {
        return None;
    }
    let alike = one
        .lines()
        .zip(two.lines())
        .take_while(|(one, two)| one == two)
        .count();
    Some(alike + 1)
}

fn clippy(track: &Track, exercise: &Exercise, judge: &Judge) -> Result<Vec<Finding>, TrackError> {
    let solution = Sources::from_files(track.solution(exercise)?);
    let place = format!("{}/{}", exercise.solution_dir(), exercise.files[0]);
    let messages = match judge.lints(track, exercise, &solution, &Cancel::new()) {
        None => return Ok(Vec::new()),
        Some(Ok(messages)) => messages,
        Some(Err(environment)) => {
            let what = environment.to_string().replace('\n', "; ");
            return Ok(vec![Finding::new(Rule::Environment, place, what)]);
        }
    };
    Ok(messages
        .iter()
        .map(|message| {
            // The solution was judged under the learner's path.
            let own = format!("{}/{}:", exercise.dir(), exercise.files[0]);
            let place = match &message.location {
                Some(found) if found.starts_with(&own) => {
                    found.replace(&exercise.dir(), &exercise.solution_dir())
                }
                Some(found) => found.clone(),
                None => place.clone(),
            };
            let mut plain = message.clone();
            plain.location = None;
            Finding::new(Rule::Clippy, place, said(&plain))
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\nb", "a\nb\n"), Some(3));
    }
}
