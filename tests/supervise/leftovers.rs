//! Nothing that a job started outlives it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use backlings::supervise::{Cancel, Ended, Exit, Job, Trouble};

use crate::support::{Mark, eventually, run, run_until, set, sh, supervisor, try_run};

const DONE: Ended = Ended::Exited(Exit::Code(0));

/// Runs a job that ends by itself and should leave `left` processes behind.
fn leaves(script: &str, left: usize) {
    let mut job = sh(script);
    let mark = Mark::on(&mut job);
    let outcome = run(&job);
    mark.assert_gone();
    assert_eq!(
        (outcome.ended, outcome.left_behind),
        (DONE, left),
        "{script}"
    );
}

#[test]
fn a_grandchild_that_holds_the_output_open_delays_nothing() {
    leaves("sleep 1000 & echo done", 1);
}

#[test]
fn a_grandchild_in_a_session_of_its_own_is_found() {
    leaves("setsid sleep 1000 < /dev/null > /dev/null 2>&1 &", 1);
}

#[test]
fn a_daemon_whose_parent_has_ended_is_found() {
    leaves(
        "setsid sh -c 'sleep 1000 & exit 0' < /dev/null > /dev/null 2>&1",
        1,
    );
}

#[test]
fn one_that_ends_in_the_time_of_grace_is_heard_and_not_counted() {
    // Tried often, for on a busy machine the time may be over before it had its turn.
    let job = sh("{ sleep 0.02; echo late; } & echo early");
    let in_time = |outcome: backlings::supervise::Outcome| {
        outcome.left_behind == 0 && outcome.stdout.text() == "early\nlate\n"
    };
    assert!((0..100).any(|_| in_time(run(&job))));
}

/// A job of `2^(depth + 1) - 1` shells in as many sessions; each prints a line.
fn tree(depth: usize) -> Job {
    let script = r#"echo up
        if [ "$DEPTH" -gt 0 ]; then
            DEPTH=$((DEPTH - 1)) setsid sh -c "$TREE" &
            DEPTH=$((DEPTH - 1)) sh -c "$TREE" &
        fi
        sleep 1000; :"#;
    let mut job = sh(script);
    set(&mut job, "TREE", script);
    set(&mut job, "DEPTH", depth.to_string());
    job
}

#[test]
fn a_whole_tree_is_cancelled() {
    let mut job = tree(4);
    let mark = Mark::on(&mut job);
    let outcome = run_until(&job, 31);
    mark.assert_gone();
    assert_eq!((outcome.ended, outcome.left_behind), (Ended::Cancelled, 0));
}

#[test]
fn a_growing_tree_is_killed_at_the_deadline() {
    let mut job = tree(5);
    job.limits.wall = Duration::from_millis(30);
    let mark = Mark::on(&mut job);
    assert_eq!(run(&job).ended, Ended::TimedOut);
    mark.assert_gone();
}

#[test]
fn a_chain_of_ever_new_processes_is_caught() {
    // Each link starts the next one in a new session and ends. The file is the test's own way to stop it.
    let file = tempfile::NamedTempFile::new().unwrap();
    let link = r#"[ -e "$FILE" ] && setsid sh -c "$LINK" & exit 0"#;
    let mut job = sh(link);
    set(&mut job, "LINK", link);
    set(&mut job, "FILE", file.path());
    let mark = Mark::on(&mut job);
    assert_eq!(run(&job).ended, DONE);
    mark.assert_gone();
}

#[test]
fn what_floods_and_ends_before_we_look_has_flooded() {
    let mut job = sh("echo first; head -c 2000 /dev/zero; head -c 2000 /dev/zero >&2");
    job.limits.flood = 4000;
    let mark = Mark::on(&mut job);
    let mut seen = 0;
    let mut sink = |_, piece: &[u8]| {
        seen += piece.len();
        eventually("the end of everything", || mark.alive().is_empty());
    };
    let outcome = supervisor().run(&job, &Cancel::new(), &mut sink).unwrap();
    assert_eq!((outcome.ended, seen), (Ended::Flooded, 4006));
}

#[test]
fn stopped_processes_are_killed_too() {
    let mut job = sh("sh -c 'echo up; kill -STOP $$' & sleep 0; wait");
    let mark = Mark::on(&mut job);
    assert_eq!(run_until(&job, 1).ended, Ended::Cancelled);
    mark.assert_gone();
}

#[test]
fn a_job_that_kills_its_cage_is_trouble_and_leaves_nothing_of_its_group() {
    let mut job = sh("sleep 1000 & kill -KILL $PPID; sleep 1000");
    let mark = Mark::on(&mut job);
    match try_run(&job) {
        Err(trouble @ Trouble::Io { .. }) => assert!(trouble.to_string().contains("`/bin/sh`")),
        other => panic!("{other:?}"),
    }
    eventually("all gone", || mark.alive().is_empty());
}

#[test]
fn a_sink_that_panics_leaves_nothing() {
    let mut job = sh("setsid sh -c 'echo up; sleep 1000' & sleep 1000");
    let mark = Mark::on(&mut job);
    let mut sink = |_, _: &[u8]| panic!("on purpose");
    assert!(
        catch_unwind(AssertUnwindSafe(|| supervisor().run(
            &job,
            &Cancel::new(),
            &mut sink
        )))
        .is_err()
    );
    mark.assert_gone();
}
