//! A job's temporary folder.

use std::path::Path;
use std::time::Duration;

use backlings::supervise::{Ended, Exit, Job, Trouble};

use crate::support::{program, run, run_until, set, sh, try_run};

/// A job that fills its temporary folder, closes a part of it, and then does `what`.
fn messy(parent: &Path, what: &str) -> Job {
    let mut job = sh(&format!(
        "cd \"$TMPDIR\" && mkdir -p a/b && touch a/b/c && chmod 0 a && echo up; {what}"
    ));
    job.scratch = Some(parent.to_owned());
    job
}

fn assert_empty(parent: &Path) {
    assert_eq!(std::fs::read_dir(parent).unwrap().flatten().count(), 0);
}

#[test]
fn it_is_private_named_by_the_variables_and_differs_from_job_to_job() {
    let folder = tempfile::tempdir().unwrap();
    let parent = folder.path().join("made/if missing");
    let mut job = sh(r#"ls -ld "$TMPDIR" | cut -c1-10; echo "$TMPDIR"; echo "$TMP"; echo "$TEMP""#);
    job.scratch = Some(parent.clone());
    let [first, second] = [run(&job), run(&job)].map(|outcome| outcome.stdout.text());
    let lines: Vec<&str> = first.lines().collect();
    assert_eq!(lines[0], "drwx------");
    assert_eq!(Path::new(lines[1]).parent(), Some(&*parent));
    assert_eq!((lines[2], lines[3]), (lines[1], lines[1]));
    assert_ne!(first, second);
    assert_empty(&parent);
}

#[test]
fn it_is_gone_in_every_way_of_ending() {
    let folder = tempfile::tempdir().unwrap();
    let parent = folder.path();
    assert_eq!(
        run(&messy(parent, "exit 1")).ended,
        Ended::Exited(Exit::Code(1))
    );
    assert_empty(parent);
    assert_eq!(
        run(&messy(parent, "kill -9 $$")).ended,
        Ended::Exited(Exit::Signal(9))
    );
    assert_empty(parent);
    assert_eq!(
        run_until(&messy(parent, "sleep 1000"), 1).ended,
        Ended::Cancelled
    );
    assert_empty(parent);
    let mut flood = messy(parent, "yes");
    flood.limits.flood = 1 << 20;
    assert_eq!(run(&flood).ended, Ended::Flooded);
    assert_empty(parent);
    let mut slow = messy(parent, "sleep 1000");
    slow.limits.wall = Duration::from_millis(200);
    assert_eq!(run(&slow).ended, Ended::TimedOut);
    assert_empty(parent);
    assert!(try_run(&messy(parent, "kill -9 $PPID; sleep 1000")).is_err());
    assert_empty(parent);
}

#[test]
fn what_was_never_started_leaves_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut job = program("/nowhere/at/all");
    job.scratch = Some(folder.path().to_owned());
    assert!(matches!(try_run(&job), Err(Trouble::NotFound { .. })));
    assert_empty(folder.path());
}

#[test]
fn a_variable_given_by_the_job_wins() {
    let folder = tempfile::tempdir().unwrap();
    let mut job = sh("echo \"$TMPDIR\"");
    job.scratch = Some(folder.path().to_owned());
    set(&mut job, "TMPDIR", "/elsewhere");
    assert_eq!(run(&job).stdout.text(), "/elsewhere\n");
}

#[test]
fn a_place_where_none_can_be_made_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut job = sh("exit 0");
    job.scratch = Some(file.path().to_owned());
    match try_run(&job) {
        Err(trouble @ Trouble::Io { .. }) => assert!(
            trouble
                .to_string()
                .contains(&*file.path().to_string_lossy())
        ),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_job_that_works_in_it_leaves_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let parent = folder.path().canonicalize().unwrap();
    let mut job = sh(r#"echo litter >litter; pwd; echo "$TMPDIR""#);
    job.scratch = Some(parent.clone());
    job.dir = parent.clone();
    let said = run(&job).stdout.text();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], lines[1]);
    assert_eq!(Path::new(lines[0]).parent(), Some(&*parent));
    assert_empty(&parent);
}
