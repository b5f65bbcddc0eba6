//! Proof that `cargo test`, in a fresh workspace, says what the judge says.
//!
//! One workspace holds every exercise. In each round every exercise shows its next version, and one call of cargo per dependency
//! group runs them all: starting cargo for each version would cost several times as much.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Progress;
use super::finding::{Finding, Rule};
use crate::judge::{Toolchain, clean_env};
use crate::supervise::{Cancel, Ended, Exit, Job, Limits, Stream, Supervisor};
use crate::track::{Exercise, File, Signature, Signatures, Track, TrackError};
use crate::workspace::{InitOptions, Workspace};

/// An exercise whose versions cargo is asked about.
pub(super) struct Subject<'a> {
    exercise: &'a Exercise,
    /// What the version is called, its files, and how the judge saw it end.
    versions: Vec<(String, Vec<File>, Signature)>,
}

impl<'a> Subject<'a> {
    /// The stub, the solution and the wrong answers, as far as they come to an end without the judge's limits.
    pub(super) fn new(
        track: &Track,
        exercise: &'a Exercise,
        signatures: &Signatures,
    ) -> Result<Self, TrackError> {
        let stub = track.pristine(exercise)?;
        let own = |file: &File| exercise.files.contains(&file.name);
        let solution = track.solution(exercise)?;
        let mut versions = vec![
            (
                "the stub".to_string(),
                stub.into_iter().filter(own).collect(),
                signatures.stub.clone(),
            ),
            (
                "the solution".to_string(),
                solution.clone(),
                Signature::new("passed", Vec::new()),
            ),
        ];
        for (name, answer) in track.wrong_answers(exercise)? {
            let applied = answer.and_then(|answer| answer.apply(&solution));
            if let (Ok(files), Some(signature)) = (applied, signatures.wrong.get(&name)) {
                versions.push((format!("{name}.diff"), files, signature.clone()));
            }
        }
        versions.retain(|(_, _, ended)| {
            ["passed", "tests_failed", "crashed"].contains(&ended.verdict.as_str())
        });
        Ok(Self { exercise, versions })
    }
}

/// Exercises from which on one call of cargo does not do for a group.
const MANY: usize = 20;

/// Who is asked, and where.
pub(super) struct Agreement<'a> {
    pub(super) track: &'a Track,
    pub(super) supervisor: &'a Supervisor,
    pub(super) toolchain: &'a Toolchain,
    pub(super) state: &'a Path,
}

/// Findings by exercise; an exercise without any agrees in everything.
type Found = BTreeMap<String, Vec<Finding>>;

impl Agreement<'_> {
    /// Compares every version of every subject.
    pub(super) fn ask(&self, subjects: &mut [Subject<'_>], on: &mut dyn FnMut(Progress)) -> Found {
        let mut found: Found = subjects
            .iter()
            .map(|subject| (subject.exercise.name.clone(), Vec::new()))
            .collect();
        let workspace = match self.workspace(subjects) {
            Ok(workspace) => workspace,
            Err(what) => return everywhere(found, &what),
        };
        let total = subjects.iter().map(|subject| subject.versions.len()).sum();
        let mut done = 0;
        let subjects: &[Subject<'_>] = subjects;
        let workspace = &workspace;
        let (tell, told) = std::sync::mpsc::channel();
        // The groups side by side: their versions have nothing to do with each other, and many of them only wait.
        std::thread::scope(|scope| {
            for group in self.track.groups() {
                let tell = tell.clone();
                scope.spawn(move || {
                    let of_group = |subject: &&Subject<'_>| {
                        self.track.group(subject.exercise).name == group.name
                    };
                    let subjects: Vec<&Subject<'_>> = subjects.iter().filter(of_group).collect();
                    let rounds = subjects.iter().map(|subject| subject.versions.len());
                    for round in 0..rounds.max().unwrap_or(0) {
                        let left = |subject: &&Subject<'_>| subject.versions.len() > round;
                        let shown: Vec<&Subject<'_>> =
                            subjects.iter().copied().filter(left).collect();
                        let said = self.round(workspace, &group.name, &shown, round);
                        let compared = shown.iter().map(|subject| {
                            let name = subject.exercise.name.clone();
                            (name, compare(subject, round, &said))
                        });
                        let compared: Vec<_> = compared.collect();
                        let name = format!("cargo test, round {}, group {}", round + 1, group.name);
                        if tell.send((name, compared)).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(tell);
            for (name, compared) in told {
                for (exercise, differences) in compared {
                    found.entry(exercise).or_default().extend(differences);
                    done += 1;
                }
                on(Progress { done, total, name });
            }
        });
        found
    }

    fn workspace(&self, subjects: &[Subject<'_>]) -> Result<Workspace, String> {
        let dir = self.state.join("agree");
        let _ = std::fs::remove_dir_all(&dir);
        let options = InitOptions {
            roadmap: crate::track::FULL_ROADMAP.into(),
            git: false,
        };
        let created =
            Workspace::init(&dir, self.track, &options).map_err(|error| error.to_string())?;
        for subject in subjects {
            created
                .workspace
                .activate(self.track, self.track.group(subject.exercise))
                .map_err(|error| format!("{error:#}"))?;
        }
        Ok(created.workspace)
    }

    /// Lays out this round's versions and runs them; what cargo said of each exercise, or why it said nothing.
    fn round(
        &self,
        workspace: &Workspace,
        group: &str,
        shown: &[&Subject<'_>],
        round: usize,
    ) -> BTreeMap<String, Result<Said, String>> {
        for subject in shown {
            for file in &subject.versions[round].1 {
                let path = workspace.dir(subject.exercise).join(&file.name);
                if let Err(error) = std::fs::write(&path, &file.bytes) {
                    let what = format!("cannot write {}: {error}", path.display());
                    return [(subject.exercise.name.clone(), Err(what))].into();
                }
            }
        }
        let names: Vec<&str> = shown
            .iter()
            .map(|subject| subject.exercise.name.as_str())
            .collect();
        // cargo runs one test binary after the other, and some wait for a deadline: several calls run side by side.
        let lanes = match names.len() {
            ..MANY => 1,
            _ => std::thread::available_parallelism().map_or(2, |cores| cores.get() * 3 / 2),
        };
        let pieces = names.chunks(names.len().div_ceil(lanes).max(1));
        std::thread::scope(|scope| {
            let asked: Vec<_> = pieces
                .map(|piece| scope.spawn(move || self.some(workspace, group, piece)))
                .collect();
            let answers = asked.into_iter().map(|asked| match asked.join() {
                Ok(said) => said,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            answers.flatten().collect()
        })
    }

    /// What cargo says of some exercises of a group.
    fn some(
        &self,
        workspace: &Workspace,
        group: &str,
        names: &[&str],
    ) -> BTreeMap<String, Result<Said, String>> {
        let said = self.cargo(workspace, group, names);
        if said.len() == names.len() || names.len() == 1 {
            return said;
        }
        // One that cargo cannot build keeps it from running the others.
        names
            .iter()
            .flat_map(|name| self.cargo(workspace, group, &[name]))
            .collect()
    }

    fn cargo(
        &self,
        workspace: &Workspace,
        group: &str,
        names: &[&str],
    ) -> BTreeMap<String, Result<Said, String>> {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let outcome = self.supervisor.run(
            &self.job(workspace, group, names),
            &Cancel::new(),
            &mut |stream, bytes| match stream {
                Stream::Out => out.extend_from_slice(bytes),
                Stream::Err => err.extend_from_slice(bytes),
            },
        );
        let (out, err) = (
            String::from_utf8_lossy(&out).into_owned(),
            String::from_utf8_lossy(&err).into_owned(),
        );
        let ended = match outcome {
            Ok(outcome) => outcome.ended,
            Err(trouble) => {
                return names
                    .iter()
                    .map(|name| ((*name).to_string(), Err(trouble.to_string())))
                    .collect();
            }
        };
        let said = read(&out, &err);
        if names.len() == 1 && said.is_empty() {
            let what = match ended {
                Ended::Exited(Exit::Code(_)) => first_error(&err),
                _ => "it did not come to its end".to_string(),
            };
            return [(names[0].to_string(), Err(what))].into();
        }
        said.into_iter()
            .map(|(name, said)| (name, Ok(said)))
            .collect()
    }

    fn job(&self, workspace: &Workspace, group: &str, names: &[&str]) -> Job {
        let mut args: Vec<String> = ["test", "--offline", "--no-fail-fast", "--color", "never"]
            .map(String::from)
            .into();
        args.extend(["-p".to_string(), format!("exercises-{group}")]);
        for name in names {
            args.extend(["--test".to_string(), (*name).to_string()]);
        }
        let mut env = clean_env();
        // Crates that the judge has built need not be built again.
        let target: PathBuf = self.state.join("cache").join("deps");
        env.retain(|(name, _)| name != "CARGO_TARGET_DIR");
        env.push(("CARGO_TARGET_DIR".into(), Some(target.into())));
        env.push(("RUST_BACKTRACE".into(), Some("0".into())));
        Job {
            program: self.toolchain.cargo.clone(),
            args: args.into_iter().map(Into::into).collect(),
            dir: workspace.root().into(),
            env,
            scratch: None,
            limits: Limits {
                wall: Duration::from_secs(600 + 10 * names.len() as u64),
                memory: None,
                file_size: None,
                keep: 1 << 10,
                flood: u64::MAX,
            },
        }
    }
}

fn everywhere(found: Found, what: &str) -> Found {
    found
        .into_keys()
        .map(|name| {
            let finding = Finding::new(
                Rule::Environment,
                &name,
                format!("`cargo test` cannot be asked: {what}"),
            );
            (name, vec![finding])
        })
        .collect()
}

fn first_error(err: &str) -> String {
    let line = err.lines().find(|line| line.starts_with("error"));
    line.unwrap_or("cargo ran none of its tests").to_string()
}

/// What `cargo test` said of one exercise.
#[derive(Debug, Default, PartialEq, Eq)]
struct Said {
    /// Tests that failed, as libtest names them.
    failed: Vec<String>,
    /// Whether the tally came, and was "ok".
    ok: Option<bool>,
}

/// Reads cargo's two streams: the n-th `Running tests/NAME.rs (…/NAME-hash)` of one belongs to the n-th `running …` of the other.
fn read(out: &str, err: &str) -> BTreeMap<String, Said> {
    let names = err.lines().filter_map(|line| {
        let path = line.trim().strip_prefix("Running ")?;
        let binary = path.rsplit(['/', '\\']).next()?.trim_end_matches(')');
        Some(binary.rsplit_once('-')?.0.to_string())
    });
    let mut blocks: Vec<Said> = Vec::new();
    for line in out.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match (words.as_slice(), blocks.last_mut()) {
            (["running", _, "test" | "tests"], _) => blocks.push(Said::default()),
            (["test", name, .., "FAILED"], Some(block)) => block.failed.push((*name).to_string()),
            (["test", "result:", result, ..], Some(block)) => {
                block.ok = Some(*result == "ok.");
            }
            _ => {}
        }
    }
    names.zip(blocks).collect()
}

fn compare(
    subject: &Subject<'_>,
    round: usize,
    said: &BTreeMap<String, Result<Said, String>>,
) -> Option<Finding> {
    let exercise = subject.exercise;
    let (version, _, judged) = &subject.versions[round];
    let finding = |what: String| {
        Some(Finding::new(
            Rule::Agreement,
            exercise.dir(),
            format!("{version}: {what}"),
        ))
    };
    let said = match said.get(&exercise.name) {
        Some(Ok(said)) => said,
        Some(Err(what)) => return finding(format!("`cargo test` does not run it: {what}")),
        None => return finding("`cargo test` does not run it".into()),
    };
    let prefix = exercise.test_prefix();
    let mut failed: Vec<&str> = said
        .failed
        .iter()
        .map(|name| name.strip_prefix(prefix).unwrap_or(name))
        .collect();
    failed.sort_unstable();
    let agrees = match judged.verdict.as_str() {
        "passed" => said.ok == Some(true),
        "tests_failed" => {
            said.ok == Some(false) && {
                let failed = failed.iter().map(ToString::to_string).collect();
                judged.agrees(&Signature::new("tests_failed", failed), exercise.varies)
            }
        }
        _ => said.ok != Some(true),
    };
    if agrees {
        return None;
    }
    let theirs = match said.ok {
        Some(true) => "passes it".to_string(),
        Some(false) => format!("fails {}", failed.join(", ")),
        None => "sees it die".to_string(),
    };
    let ours = match judged.verdict.as_str() {
        "tests_failed" => format!("tests_failed ({})", judged.tests.join(", ")),
        other => other.to_string(),
    };
    finding(format!("the judge says {ours}, but `cargo test` {theirs}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_streams_of_cargo_are_read() {
        let err = "   Compiling exercises-core\n    Finished `test` profile\n     Running exercises/01_a/one/one.rs (/t/debug/deps/one-0a1b)\n     Running exercises/01_a/two_b/two_b.rs (/t/debug/deps/two_b-99)\nerror: test failed, to rerun pass `--test one`\n     Running exercises/01_a/dead/dead.rs (/t/debug/deps/dead-7)\n";
        let out = "\nrunning 2 tests\ntest tests::a ... ok\ntest tests::b ... FAILED\n\nfailures:\n\ntest result: FAILED. 1 passed; 1 failed;\n\n\nrunning 1 test\ntest tests::p - should panic ... ok\n\ntest result: ok. 1 passed\n\nrunning 1 test\n";
        let said = read(out, err);
        assert_eq!(said["one"].failed, ["tests::b"]);
        assert_eq!(said["one"].ok, Some(false));
        assert_eq!(
            said["two_b"],
            Said {
                failed: Vec::new(),
                ok: Some(true)
            }
        );
        assert_eq!(said["dead"], Said::default());
    }
}
