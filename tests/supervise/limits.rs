//! What the system holds a program to.

use backlings::supervise::{Ended, Exit};

use crate::support::{run, sh};

#[test]
fn no_file_grows_beyond_its_limit() {
    let folder = tempfile::tempdir().unwrap();
    let mut job = sh("exec head -c 3000000 /dev/zero > file");
    job.dir = folder.path().to_owned();
    job.limits.file_size = Some(1_000_000);
    assert_eq!(run(&job).ended, Ended::Exited(Exit::Signal(libc::SIGXFSZ)));
    assert_eq!(
        folder.path().join("file").metadata().unwrap().len(),
        1_000_000
    );
}

#[test]
fn the_file_limit_does_not_hold_for_output() {
    let mut job = sh("head -c 3000000 /dev/zero");
    (job.limits.file_size, job.limits.keep) = (Some(1000), 0);
    let outcome = run(&job);
    assert_eq!(outcome.ended, Ended::Exited(Exit::Code(0)));
    assert_eq!(outcome.stdout.dropped, 3_000_000);
}

#[cfg(target_os = "linux")]
#[test]
fn memory_beyond_the_limit_is_refused() {
    // `tail` keeps a line without an end in memory.
    let mut job = sh("head -c 200000000 /dev/zero | tail > /dev/null");
    assert_eq!(run(&job).ended, Ended::Exited(Exit::Code(0)));
    job.limits.memory = Some(100 << 20);
    let outcome = run(&job);
    assert_eq!(
        outcome.ended,
        Ended::Exited(Exit::Code(1)),
        "{}",
        outcome.stderr.text()
    );
}

#[cfg(target_os = "linux")]
#[test]
fn limits_can_neither_be_raised_nor_are_there_unasked() {
    let show = "ulimit -Hv; ulimit -Sv; ulimit -Hf; ulimit -Sf; ulimit -Hc; ulimit -Sc";
    let mut job = sh(show);
    (job.limits.memory, job.limits.file_size) = (Some(1 << 30), Some(512 << 10));
    let text = run(&job).stdout.text();
    // Memory in units of 1,024 bytes, files and cores in units of 512.
    assert_eq!(text, "1048576\n1048576\n1024\n1024\n0\n0\n");
    let own = std::process::Command::new("/bin/sh")
        .args(["-c", "ulimit -Sv; ulimit -Sf"])
        .output()
        .unwrap();
    assert_eq!(run(&sh("ulimit -Sv; ulimit -Sf")).stdout.head, own.stdout);
}
