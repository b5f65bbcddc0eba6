//! How jobs end, what they wrote, and what they are started with.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use backlings::supervise::{Cancel, Ended, Exit, Stream, Supervisor, Trouble};

use crate::support::{program, run, run_until, set, sh, supervisor, try_run};

#[test]
fn an_exit_code_is_told_and_the_streams_are_kept_apart() {
    let outcome = run(&sh("echo out; echo err >&2; exit 7"));
    assert_eq!(outcome.ended, Ended::Exited(Exit::Code(7)));
    assert_eq!(outcome.stdout.text(), "out\n");
    assert_eq!(outcome.stderr.text(), "err\n");
    assert_eq!(outcome.left_behind, 0);
    assert_eq!(run(&sh("exit 0")).ended, Ended::Exited(Exit::Code(0)));
    assert_eq!(run(&sh("exit 255")).ended, Ended::Exited(Exit::Code(255)));
}

#[test]
fn a_signal_is_told() {
    assert_eq!(
        run(&sh("kill -SEGV $$")).ended,
        Ended::Exited(Exit::Signal(11))
    );
    assert_eq!(
        run(&sh("kill -KILL $$")).ended,
        Ended::Exited(Exit::Signal(9))
    );
}

#[test]
fn the_sink_gets_every_byte_in_order_whatever_is_kept() {
    let mut job = sh("seq 1 20000; seq 1 3 >&2");
    job.limits.keep = 10;
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut sink = |stream, piece: &[u8]| match stream {
        Stream::Out => out.extend_from_slice(piece),
        Stream::Err => err.extend_from_slice(piece),
    };
    let outcome = supervisor().run(&job, &Cancel::new(), &mut sink).unwrap();
    let expected: String = (1..=20000).map(|number| format!("{number}\n")).collect();
    assert_eq!(String::from_utf8(out).unwrap(), expected);
    assert_eq!(err, b"1\n2\n3\n");
    assert_eq!(outcome.stdout.head, b"1\n2\n3");
    assert_eq!(outcome.stdout.tail, b"0000\n");
    assert_eq!(outcome.stdout.dropped, expected.len() as u64 - 10);
    assert_eq!(outcome.stderr.dropped, 0);
}

#[test]
fn everything_is_killed_at_the_deadline_and_the_output_so_far_is_kept() {
    let mut job = sh("trap '' TERM INT HUP; echo up; while :; do sleep 1000; done");
    job.limits.wall = Duration::from_secs(1);
    let outcome = run(&job);
    assert_eq!(outcome.ended, Ended::TimedOut);
    assert_eq!(outcome.stdout.text(), "up\n");
    assert_eq!(outcome.left_behind, 0);
    assert!(outcome.wall >= job.limits.wall);
}

#[test]
fn a_deadline_beyond_all_time_is_none() {
    let mut job = sh("exit 3");
    job.limits.wall = Duration::MAX;
    assert_eq!(run(&job).ended, Ended::Exited(Exit::Code(3)));
}

#[test]
fn another_thread_cancels_every_job_under_one_cancel() {
    let cancel = Cancel::new();
    let (up, ups) = mpsc::channel();
    thread::scope(|scope| {
        let jobs = [1, 2].map(|_| {
            let (up, cancel) = (up.clone(), &cancel);
            scope.spawn(move || {
                let mut sink = |_: Stream, _: &[u8]| up.send(()).unwrap();
                supervisor()
                    .run(&sh("echo up; sleep 1000"), cancel, &mut sink)
                    .unwrap()
            })
        });
        ups.recv().unwrap();
        ups.recv().unwrap();
        cancel.cancel();
        for job in jobs {
            assert_eq!(job.join().unwrap().ended, Ended::Cancelled);
        }
    });
}

#[test]
fn what_is_cancelled_beforehand_is_never_started() {
    let cancel = Cancel::new();
    cancel.cancel();
    let nothing = Supervisor::new("/nowhere/cage");
    let outcome = nothing.run(&program("/nowhere/program"), &cancel, &mut |_, _| {});
    assert_eq!(outcome.unwrap().ended, Ended::Cancelled);
}

#[test]
fn a_job_that_ended_before_the_cancelling_has_exited() {
    let cancel = Cancel::new();
    let outcome = supervisor()
        .run(&sh("exit 4"), &cancel, &mut |_, _| {})
        .unwrap();
    cancel.cancel();
    assert_eq!(outcome.ended, Ended::Exited(Exit::Code(4)));
}

#[test]
fn an_endless_stream_is_killed_and_costs_no_more_than_is_kept() {
    let mut job = sh("yes");
    (job.limits.flood, job.limits.keep) = (4 << 20, 1000);
    let outcome = run(&job);
    assert_eq!(outcome.ended, Ended::Flooded);
    assert_eq!(outcome.stdout.head.len() + outcome.stdout.tail.len(), 1000);
    assert!(outcome.stdout.dropped >= (4 << 20) - 1000);
}

#[test]
fn both_streams_count_and_the_limit_itself_is_allowed() {
    let mut job = sh("head -c 600 /dev/zero; head -c 400 /dev/zero >&2");
    job.limits.flood = 1000;
    assert_eq!(run(&job).ended, Ended::Exited(Exit::Code(0)));
    job.limits.flood = 999;
    assert_eq!(run(&job).ended, Ended::Flooded);
}

#[test]
fn variables_are_set_removed_and_otherwise_inherited() {
    let mut job = sh(r#"echo "$GIVEN|${HOME-none}|${PATH-none}""#);
    set(&mut job, "GIVEN", "a b\n=c");
    job.env.push(("HOME".into(), None));
    let path = std::env::var("PATH").unwrap();
    assert_eq!(run(&job).stdout.text(), format!("a b\n=c|none|{path}\n"));
}

#[test]
fn arguments_arrive_as_they_are() {
    use std::os::unix::ffi::OsStringExt as _;
    let mut job = sh(r#"printf '%s\n' "$@""#);
    job.args
        .extend(["name".into(), "".into(), "a b".into(), "__cage".into()]);
    job.args.push(std::ffi::OsString::from_vec(vec![0xff]));
    assert_eq!(run(&job).stdout.head, b"\na b\n__cage\n\xff\n");
}

#[test]
fn it_runs_in_its_folder_with_an_empty_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let mut job = sh("pwd -P; cat; echo end");
    job.dir = folder.path().canonicalize().unwrap();
    assert_eq!(
        run(&job).stdout.text(),
        format!("{}\nend\n", job.dir.display())
    );
}

#[cfg(target_os = "linux")]
#[test]
fn signals_start_at_their_defaults_whatever_we_ignore_or_block() {
    // SAFETY: nothing here sends or expects the signal. SIGPIPE is ignored by Rust already.
    unsafe { libc::signal(libc::SIGUSR2, libc::SIG_IGN) };
    let outcome = thread::spawn(|| {
        let mut blocked = std::mem::MaybeUninit::uninit();
        // SAFETY: the set is filled in before it is used; only this thread's mask changes.
        unsafe {
            libc::sigfillset(blocked.as_mut_ptr());
            libc::pthread_sigmask(libc::SIG_BLOCK, blocked.as_ptr(), std::ptr::null_mut());
        }
        run(&sh("exec cat /proc/self/status"))
    });
    let status = outcome.join().unwrap().stdout.text();
    // 32 and 33 belong to the C library, which lets nobody change them.
    let own = 0x1_8000_0000_u64;
    for field in ["SigBlk:", "SigIgn:", "SigCgt:"] {
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(field))
            .unwrap();
        assert_eq!(
            u64::from_str_radix(line.trim(), 16).unwrap() & !own,
            0,
            "{field} {line}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn it_leads_a_session_of_its_own_away_from_the_terminal() {
    let stat = run(&sh("exec cat /proc/self/stat")).stdout.text();
    let fields: Vec<&str> = stat
        .rsplit_once(')')
        .unwrap()
        .1
        .split_whitespace()
        .collect();
    let pid = stat.split_whitespace().next().unwrap();
    let [_state, _parent, group, session, terminal, ..] = fields[..] else {
        panic!("{stat}")
    };
    assert_eq!((group, session, terminal), (pid, pid, "0"));
}

#[test]
fn it_cannot_end_its_cage_with_a_polite_signal() {
    let job =
        sh("kill -TERM $PPID; kill -HUP $PPID; kill -INT $PPID; kill -QUIT $PPID; echo alive");
    let outcome = run(&job);
    assert_eq!(outcome.ended, Ended::Exited(Exit::Code(0)));
    assert_eq!(outcome.stdout.text(), "alive\n");
}

#[test]
fn a_job_that_stops_its_cage_is_ended_all_the_same() {
    let outcome = run_until(&sh("kill -STOP $PPID; echo up; sleep 1000"), 1);
    assert_eq!(outcome.ended, Ended::Cancelled);
}

#[test]
fn a_missing_program_is_named() {
    match try_run(&program("/nowhere/at all")) {
        Err(trouble @ Trouble::NotFound { .. }) => {
            assert!(trouble.to_string().contains("`/nowhere/at all`"))
        }
        other => panic!("{other:?}"),
    }
}

/// The words of the trouble that `job` runs into.
fn words(job: &backlings::supervise::Job) -> String {
    match try_run(job) {
        Err(trouble @ Trouble::Io { .. }) => trouble.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_cannot_be_executed_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let tool = folder.path().join("tool");
    let mut make = sh("echo '#!/nowhere/interpreter' > tool");
    make.dir = folder.path().to_owned();
    run(&make);
    let plain = words(&program(&tool));
    assert!(
        plain.contains("chmod +x") && plain.contains("tool"),
        "{plain}"
    );
    std::fs::set_permissions(&tool, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let interpreter = words(&program(&tool));
    assert!(
        interpreter.contains("interpreter") && interpreter.contains("tool"),
        "{interpreter}"
    );
}

#[test]
fn a_missing_cage_is_named() {
    let supervisor = Supervisor::new("/nowhere/cage");
    match supervisor.run(&sh("exit 0"), &Cancel::new(), &mut |_, _| {}) {
        Err(Trouble::NotFound { program }) => {
            assert_eq!(program, std::path::Path::new("/nowhere/cage"))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_missing_working_folder_is_named() {
    let mut job = sh("exit 0");
    job.dir = "/nowhere/to run".into();
    let words = words(&job);
    assert!(
        words.contains("`/nowhere/to run`") && words.contains("`/bin/sh`"),
        "{words}"
    );
}
