//! The cage: the small process that stands between backlings and a program, and lets nothing of it escape.
//!
//! Standard input is the link. Standard output and error are the program's, and are let go of as soon as it runs. Single-threaded.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{self, Read as _};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{self, Pid, Resource, Rlimit};

use super::report::Report;
use super::tree::Tree;
use super::{Job, scratch};

/// The first argument that makes backlings a cage.
const WORD: &str = "__cage";

/// Becomes a cage if that is what this process was started as. To be called at the very start of `main`, which must then return the code.
pub fn dispatch() -> Option<ExitCode> {
    let mut args = std::env::args_os().skip(1);
    if args.next()? != WORD {
        return None;
    }
    let Some(plan) = Plan::decode(args) else {
        eprintln!("backlings starts `{WORD}` itself; it is of no use by hand");
        return Some(ExitCode::from(2));
    };
    run(&plan);
    Some(ExitCode::SUCCESS)
}

/// What a cage is told on its command line; the folder and the variables it inherits.
pub(super) struct Plan {
    scratch: Option<PathBuf>,
    /// Whether to work in it.
    inside: bool,
    confines: Confines,
    program: OsString,
    args: Vec<OsString>,
}

/// The limits that the system holds the program to.
#[derive(Clone, Copy)]
struct Confines {
    memory: Option<u64>,
    file_size: Option<u64>,
}

impl Plan {
    /// The command line of a cage for `job`.
    pub(super) fn encode(job: &Job, scratch: Option<PathBuf>) -> impl Iterator<Item = OsString> {
        let number = |limit: Option<u64>| {
            limit
                .map(|limit| limit.to_string())
                .unwrap_or_default()
                .into()
        };
        let fixed = [
            WORD.into(),
            scratch.unwrap_or_default().into(),
            if job.works_in_scratch() { "inside" } else { "" }.into(),
            number(job.limits.memory),
            number(job.limits.file_size),
            job.program.clone().into(),
        ];
        fixed.into_iter().chain(job.args.iter().cloned())
    }

    /// Reads it back, without [`WORD`].
    fn decode(mut args: impl Iterator<Item = OsString>) -> Option<Self> {
        let given = |arg: OsString| Some(arg).filter(|arg| !arg.is_empty());
        let number = |arg: OsString| match given(arg) {
            Some(arg) => arg.to_str()?.parse().ok().map(Some),
            None => Some(None),
        };
        Some(Self {
            scratch: given(args.next()?).map(PathBuf::from),
            inside: given(args.next()?).is_some(),
            confines: Confines {
                memory: number(args.next()?)?,
                file_size: number(args.next()?)?,
            },
            program: args.next()?,
            args: args.collect(),
        })
    }
}

fn run(plan: &Plan) {
    let reports = match start(plan) {
        Ok((tree, ended)) => watch(tree, ended),
        Err(failure) => vec![failure],
    };
    // Before the last word, so that backlings finds everything cleared.
    if let Some(path) = &plan.scratch {
        // Some systems remove no folder that somebody works in.
        let _ = std::env::set_current_dir("/");
        scratch::remove(path);
    }
    tell(&reports);
}

/// Starts the program. Gives what becomes readable whenever a child has ended.
fn start(plan: &Plan) -> Result<(Tree, UnixStream), Report> {
    let failed = |error: io::Error| Report::NoProgram(error.raw_os_error().unwrap_or(libc::EIO));
    settle();
    let ended = child_events().map_err(failed)?;
    if let Some(path) = &plan.scratch {
        let inside = || {
            if plan.inside {
                std::env::set_current_dir(path)
            } else {
                Ok(())
            }
        };
        scratch::create(path)
            .and_then(|()| inside())
            .map_err(|error| Report::NoScratch(error.raw_os_error().unwrap_or(libc::EIO)))?;
    }
    let program = spawn(plan).map_err(failed)?;
    Ok((Tree::new(program), ended))
}

/// Makes this process fit to be a cage.
fn settle() {
    #[cfg(target_os = "linux")]
    {
        // For `ps` and `top`, which would call it `exe`.
        let _ = std::fs::write("/proc/self/comm", "backlings-cage");
        let _ = process::set_child_subreaper(Some(process::getpid()));
    }
    unblock_signals();
    // The link alone says when to end.
    for signal in [
        libc::SIGHUP,
        libc::SIGINT,
        libc::SIGQUIT,
        libc::SIGTERM,
        libc::SIGPIPE,
    ] {
        // SAFETY: no handler is installed, and there is only one thread.
        unsafe { libc::signal(signal, libc::SIG_IGN) };
    }
}

fn child_events() -> io::Result<UnixStream> {
    let (ended, notify) = UnixStream::pair()?;
    ended.set_nonblocking(true)?;
    signal_hook::low_level::pipe::register(libc::SIGCHLD, notify)?;
    Ok(ended)
}

fn spawn(plan: &Plan) -> io::Result<Pid> {
    let mut command = Command::new(&plan.program);
    command.args(&plan.args).stdin(Stdio::null());
    let (confines, cage) = (plan.confines, process::getpid());
    // Standard input is not the link any more when the closure runs.
    let link = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?;
    // SAFETY: the closure only makes system calls; it neither allocates nor locks.
    unsafe { command.pre_exec(move || confine(confines, cage, &link)) };
    let nowhere = OpenOptions::new().write(true).open("/dev/null")?;
    let child = command.spawn()?;
    // The pipes must end with the program's own copies. From here on failing would be too late.
    let _ = rustix::stdio::dup2_stdout(&nowhere);
    let _ = rustix::stdio::dup2_stderr(&nowhere);
    Ok(Pid::from_child(&child))
}

/// The last thing before the program takes over its process.
fn confine(confines: Confines, cage: Pid, link: &OwnedFd) -> io::Result<()> {
    // Away from the terminal: neither its Ctrl-C nor its hangup reaches the program, and the program can't open it.
    process::setsid()?;
    for signal in 1..=64 {
        // SAFETY: the default is always a valid disposition; numbers that are no signals are refused.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    #[cfg(target_os = "linux")]
    process::set_parent_process_death_signal(Some(process::Signal::KILL))?;
    if process::getppid() != Some(cage) {
        // The cage is gone already, and with it the signal.
        return Err(io::Error::from_raw_os_error(libc::ESRCH));
    }
    // On Linux 0 would still start a crash reporter that `core_pattern` names; 1 does not, and is too small for a file.
    limit(
        Resource::Core,
        if cfg!(target_os = "linux") { 1 } else { 0 },
    )?;
    if let Some(bytes) = confines.file_size {
        limit(Resource::Fsize, bytes)?;
    }
    if let Some(bytes) = confines.memory {
        let limited = limit(Resource::As, bytes);
        if cfg!(target_os = "linux") {
            limited?;
        }
    }
    // Told from here, so that it is known even if the first thing that the program does is to kill its cage.
    rustix::io::write(
        link,
        &Report::Started(process::getpid().as_raw_pid()).encode(),
    )?;
    Ok(())
}

/// Sets both limits, so that the program can't raise it again, as far as we may.
fn limit(resource: Resource, value: u64) -> io::Result<()> {
    let most = process::getrlimit(resource)
        .maximum
        .map_or(value, |most| most.min(value));
    process::setrlimit(
        resource,
        Rlimit {
            current: Some(most),
            maximum: Some(most),
        },
    )?;
    Ok(())
}

fn unblock_signals() {
    let mut none = MaybeUninit::uninit();
    // SAFETY: `sigemptyset` fills the set in before it is used.
    unsafe {
        libc::sigemptyset(none.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, none.as_ptr(), std::ptr::null_mut());
    }
}

/// Waits until nothing of the job is left, and kills it when the link closes. Returns what is still to be told.
fn watch(mut tree: Tree, mut ended: UnixStream) -> Vec<Report> {
    let mut told = false;
    loop {
        let closed = wait(&mut ended);
        tree.reap();
        let exited = tree.exit().filter(|_| !told).map(Report::Exited);
        if tree.is_empty() {
            return exited.into_iter().chain([Report::Clear(0)]).collect();
        }
        if let Some(report) = exited {
            tell(&[report]);
            told = true;
        }
        if closed {
            let killed = tree.clear();
            let left = if told {
                i32::try_from(killed).unwrap_or(i32::MAX)
            } else {
                0
            };
            return vec![Report::Clear(left)];
        }
    }
}

/// Waits until a child has ended or the link closes; says whether the link did.
fn wait(ended: &mut UnixStream) -> bool {
    let link = rustix::stdio::stdin();
    let mut fds = [
        PollFd::new(&link, PollFlags::IN),
        PollFd::new(ended, PollFlags::IN),
    ];
    if poll(&mut fds, None).is_err() {
        // A signal came in between: let the caller look.
        return false;
    }
    let closed = !fds[0].revents().is_empty();
    while ended.read(&mut [0; 64]).is_ok_and(|read| read > 0) {}
    closed
}

/// Reports over the link. When nobody listens any more, nobody needs to know.
fn tell(reports: &[Report]) {
    let bytes: Vec<u8> = reports.iter().flat_map(|report| report.encode()).collect();
    let _ = rustix::io::write(rustix::stdio::stdin(), &bytes);
}
