//! Our side of a cage: starts it, reads what comes out of it, and closes the link when the job must end.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::capture::Keeper;
use super::link::{Cage, Link};
use super::report::Report;
use super::{Cancel, Ended, Exit, Job, Outcome, Stream, Trouble};

/// How long what a program left behind may go on before it is killed.
const GRACE: Duration = Duration::from_millis(100);

/// How long a cage may take to kill everything and remove the scratch folder.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes read at once: what a pipe holds.
const PIECE: usize = 64 << 10;

/// Runs `job` in a cage started from the program `cage`; see [`super::Supervisor::run`].
pub(super) fn run(
    cage: &Path,
    job: &Job,
    cancel: &Cancel,
    sink: &mut dyn FnMut(Stream, &[u8]),
) -> Result<Outcome, Trouble> {
    let start = Instant::now();
    let (mut cage, pipes) = Cage::start(cage, job)?;
    let link = cage.link().clone();
    // Closing the link is all it takes to end a job, so no thread has to wake up for it first.
    let registration = cancel.on_cancel(move || link.close());
    let mut watch = Watch {
        job,
        sink,
        taps: pipes.map(|(stream, pipe)| Tap {
            stream,
            pipe: Some(pipe),
            kept: Keeper::new(job.limits.keep),
        }),
        buffer: vec![0; PIECE],
        written: 0,
        exit: None,
        reason: None,
        left: None,
        phase: Phase::Running,
        until: start.checked_add(job.limits.wall),
    };
    let watched = watch.watch(&mut cage);
    // In this order: the waker names the cage by its number, which is the cage's only until it is reaped.
    drop(registration);
    drop(cage);
    watched?;
    Ok(watch.outcome(start))
}

/// One of the program's two streams.
struct Tap {
    stream: Stream,
    /// `None` once it has ended.
    pipe: Option<OwnedFd>,
    kept: Keeper,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The program runs, until [`Limits::wall`](super::Limits::wall).
    Running,
    /// The program has ended, and what it left behind may end too, until [`GRACE`] is over.
    Leaving,
    /// The link is closed, and the cage kills everything, until [`PATIENCE`] is at its end.
    Closed,
}

/// A job as it goes on.
struct Watch<'a> {
    job: &'a Job,
    sink: &'a mut dyn FnMut(Stream, &[u8]),
    taps: [Tap; 2],
    buffer: Vec<u8>,
    written: u64,
    /// How the program ended, if it did so by itself.
    exit: Option<Exit>,
    /// Why we ended it, if we did.
    reason: Option<Ended>,
    /// How many processes were left behind, once nothing is left.
    left: Option<usize>,
    phase: Phase,
    /// When the phase must be over; `None` for never.
    until: Option<Instant>,
}

impl Watch<'_> {
    /// Follows the job until nothing of it is left.
    fn watch(&mut self, cage: &mut Cage) -> Result<(), Trouble> {
        let lost = |source| Trouble::io("cannot read the output of a program; try again", source);
        loop {
            let [link, out, err] = self.wait(cage.link()).map_err(lost)?;
            // Reports first: a program that ended in time is not timed out, however late we are.
            if link {
                self.hear(cage)?;
            }
            if self.left.is_some() {
                break;
            }
            for (tap, ready) in [out, err].into_iter().enumerate() {
                if ready {
                    self.read(tap).map_err(lost)?;
                }
            }
            self.decide(cage)?;
        }
        // Nobody is left to write more.
        for tap in 0..self.taps.len() {
            while self.read(tap).map_err(lost)? {}
        }
        Ok(())
    }

    /// Waits until the link or a tap has something, or the phase must be over.
    fn wait(&self, link: &Link) -> io::Result<[bool; 3]> {
        let timeout = self.until.map(|until| {
            let rest = until.saturating_duration_since(Instant::now());
            // The seconds of an `Instant`'s distance always fit.
            Timespec {
                tv_sec: rest.as_secs() as _,
                tv_nsec: rest.subsec_nanos().into(),
            }
        });
        // A stream that has ended is not waited for, and harmless to read.
        let fd = |tap: usize| match &self.taps[tap].pipe {
            Some(pipe) => PollFd::new(pipe, PollFlags::IN),
            None => PollFd::new(link, PollFlags::empty()),
        };
        let mut fds = [PollFd::new(link, PollFlags::IN), fd(0), fd(1)];
        match poll(&mut fds, timeout.as_ref()) {
            Ok(_) => Ok(fds.map(|fd| !fd.revents().is_empty())),
            Err(Errno::INTR) => Ok([false; 3]),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes in what the cage reports.
    fn hear(&mut self, cage: &mut Cage) -> Result<(), Trouble> {
        let reports = cage.hear().map_err(|source| {
            cage.kill_program();
            let program = self.job.program.display();
            Trouble::io(
                format!("the process that supervised `{program}` was killed; run it again"),
                source,
            )
        })?;
        for report in reports {
            match report {
                Report::NoScratch(errno) => return Err(self.no_scratch(errno)),
                Report::NoProgram(errno) => {
                    let source = io::Error::from_raw_os_error(errno);
                    return Err(Trouble::starting(&self.job.program, &self.job.dir, source));
                }
                Report::Started(_) => {}
                Report::Exited(exit) => {
                    self.exit = Some(exit);
                    if self.phase == Phase::Running {
                        self.enter(Phase::Leaving, GRACE);
                    }
                }
                Report::Clear(left) => self.left = Some(usize::try_from(left).unwrap_or(0)),
            }
        }
        Ok(())
    }

    fn no_scratch(&self, errno: i32) -> Trouble {
        let parent = self
            .job
            .scratch
            .as_deref()
            .unwrap_or(Path::new(""))
            .display();
        let what =
            format!("cannot make a temporary folder in `{parent}`; see that you may write there");
        Trouble::io(what, io::Error::from_raw_os_error(errno))
    }

    /// Reads one piece. Says whether there may be more.
    fn read(&mut self, tap: usize) -> io::Result<bool> {
        let tap = &mut self.taps[tap];
        let Some(pipe) = &tap.pipe else {
            return Ok(false);
        };
        match rustix::io::read(pipe, &mut self.buffer[..]) {
            Ok(0) => {
                tap.pipe = None;
                Ok(false)
            }
            Ok(read) => {
                let piece = &self.buffer[..read];
                self.written += read as u64;
                tap.kept.push(piece);
                (self.sink)(tap.stream, piece);
                Ok(true)
            }
            Err(Errno::INTR) => Ok(true),
            Err(Errno::AGAIN) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Goes on to the next phase when this one is over.
    fn decide(&mut self, cage: &mut Cage) -> Result<(), Trouble> {
        let late = self.until.is_some_and(|until| until <= Instant::now());
        let flooded = self.written > self.job.limits.flood;
        let silent = self.taps.iter().all(|tap| tap.pipe.is_none());
        match self.phase {
            Phase::Running if flooded => self.reason = Some(Ended::Flooded),
            Phase::Running if late => self.reason = Some(Ended::TimedOut),
            Phase::Leaving if late || silent || flooded => {}
            Phase::Closed if late => {
                cage.abandon();
                let what = format!(
                    "cannot end everything that `{}` started; look with `ps` for what is left",
                    self.job.program.display()
                );
                return Err(Trouble::io(what, io::ErrorKind::TimedOut.into()));
            }
            _ => return Ok(()),
        }
        cage.link().close();
        self.enter(Phase::Closed, PATIENCE);
        Ok(())
    }

    fn enter(&mut self, phase: Phase, length: Duration) {
        self.phase = phase;
        self.until = Instant::now().checked_add(length);
    }

    fn outcome(self, start: Instant) -> Outcome {
        let ended = match self.exit {
            // However the race between the last bytes and the end went.
            _ if self.written > self.job.limits.flood => Ended::Flooded,
            Some(exit) => Ended::Exited(exit),
            // Nobody but `Cancel` closes the link behind our back.
            None => self.reason.unwrap_or(Ended::Cancelled),
        };
        let [stdout, stderr] = self.taps.map(|tap| tap.kept.finish());
        Outcome {
            ended,
            stdout,
            stderr,
            wall: start.elapsed(),
            left_behind: self.left.unwrap_or(0),
        }
    }
}
