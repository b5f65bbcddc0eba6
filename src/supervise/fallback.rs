//! Systems without process groups and pipes to wait on: a thread for each stream, and only the program itself is killed.
//!
//! Not held to: the memory and file-size limits, and the end of what the program started. Nothing ends a program whose backlings was
//! killed.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use super::capture::Keeper;
use super::{Cancel, Ended, Exit, Job, Outcome, Stream, Trouble, scratch};

/// How often we look whether the program has ended: nothing can be waited on for that together with the rest.
const GLANCE: Duration = Duration::from_millis(5);

/// How long the output may stay open after the program's end.
const GRACE: Duration = Duration::from_millis(100);

/// Bytes read at once.
const PIECE: usize = 64 << 10;

/// Pieces on their way to the sink.
const QUEUE: usize = 4;

/// What the loop is woken for.
enum Event {
    /// Output.
    Piece(Stream, Vec<u8>),
    /// A stream has ended.
    End,
    /// Somebody cancelled.
    Cancelled,
}

/// Runs `job`; see [`super::Supervisor::run`]. There is no cage.
pub(super) fn run(
    _cage: &Path,
    job: &Job,
    cancel: &Cancel,
    sink: &mut dyn FnMut(Stream, &[u8]),
) -> Result<Outcome, Trouble> {
    let start = Instant::now();
    let (send, events) = sync_channel(QUEUE);
    let running = Running::start(job, &send)?;
    // A full queue wakes the loop just as well.
    let _registration = cancel.on_cancel(move || {
        let _ = send.try_send(Event::Cancelled);
    });
    Watch {
        job,
        running,
        events,
        sink,
        kept: [Keeper::new(job.limits.keep), Keeper::new(job.limits.keep)],
        open: 2,
        written: 0,
    }
    .watch(start, cancel)
}

/// A started program and its scratch folder, both gone when it is dropped.
struct Running {
    child: Child,
    scratch: Option<Scratch>,
}

struct Scratch(std::path::PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        scratch::remove(&self.0);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // Only now, since open files can't be removed on some systems.
        self.scratch.take();
    }
}

impl Running {
    fn start(job: &Job, send: &SyncSender<Event>) -> Result<Self, Trouble> {
        let mut command = Command::new(&job.program);
        command.args(&job.args).current_dir(&job.dir);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let scratch = job.scratch.as_deref().map(make_scratch).transpose()?;
        if let Some(Scratch(path)) = &scratch {
            command.envs(scratch::VARIABLES.map(|name| (name, path)));
            if job.works_in_scratch() {
                command.current_dir(path);
            }
        }
        for (name, value) in &job.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let child = command
            .spawn()
            .map_err(|source| Trouble::starting(&job.program, &job.dir, source))?;
        let mut running = Self { child, scratch };
        let (out, err) = (running.child.stdout.take(), running.child.stderr.take());
        for (stream, pipe) in [
            (
                Stream::Out,
                out.map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
            ),
            (
                Stream::Err,
                err.map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
            ),
        ] {
            let Some(pipe) = pipe else { continue };
            let send = send.clone();
            thread::Builder::new()
                .name("backlings-output".into())
                .spawn(move || forward(stream, pipe, &send))
                .map_err(|source| {
                    Trouble::io(
                        "cannot start a thread to read a program's output; try again",
                        source,
                    )
                })?;
        }
        Ok(running)
    }
}

fn make_scratch(parent: &Path) -> Result<Scratch, Trouble> {
    let absolute = std::path::absolute(parent);
    let made = absolute
        .map(|parent| scratch::name_in(&parent))
        .and_then(|path| scratch::create(&path).map(|()| path));
    made.map(Scratch).map_err(|source| {
        let parent = parent.display();
        Trouble::io(
            format!("cannot make a temporary folder in `{parent}`; see that you may write there"),
            source,
        )
    })
}

/// Reads a stream to its end, or until nobody listens.
fn forward(stream: Stream, mut pipe: impl Read, send: &SyncSender<Event>) {
    let mut buffer = vec![0; PIECE];
    while let Ok(read @ 1..) = pipe.read(&mut buffer) {
        if send
            .send(Event::Piece(stream, buffer[..read].to_vec()))
            .is_err()
        {
            return;
        }
    }
    let _ = send.send(Event::End);
}

struct Watch<'a> {
    job: &'a Job,
    running: Running,
    events: Receiver<Event>,
    sink: &'a mut dyn FnMut(Stream, &[u8]),
    kept: [Keeper; 2],
    /// Streams that have not ended.
    open: usize,
    written: u64,
}

impl Watch<'_> {
    fn watch(mut self, start: Instant, cancel: &Cancel) -> Result<Outcome, Trouble> {
        let mut ended = loop {
            self.take_one(GLANCE);
            if let Some(exit) = self.exit()? {
                break Ended::Exited(exit);
            }
            let reason = if cancel.is_cancelled() {
                Ended::Cancelled
            } else if self.flooded() {
                Ended::Flooded
            } else if start.elapsed() >= self.job.limits.wall {
                Ended::TimedOut
            } else {
                continue;
            };
            let _ = self.running.child.kill();
            break reason;
        };
        let until = Instant::now() + GRACE;
        while self.open > 0 && !self.flooded() && Instant::now() < until {
            self.take_one(until.saturating_duration_since(Instant::now()));
        }
        if self.flooded() {
            ended = Ended::Flooded;
        }
        drop(self.running);
        let [stdout, stderr] = self.kept.map(Keeper::finish);
        Ok(Outcome {
            ended,
            stdout,
            stderr,
            wall: start.elapsed(),
            left_behind: 0,
        })
    }

    fn flooded(&self) -> bool {
        self.written > self.job.limits.flood
    }

    fn exit(&mut self) -> Result<Option<Exit>, Trouble> {
        let status = self.running.child.try_wait();
        let status =
            status.map_err(|source| Trouble::io("cannot wait for a program; try again", source))?;
        Ok(status.map(|status| Exit::Code(status.code().unwrap_or(-1))))
    }

    /// Takes in what comes next, if it comes in time.
    fn take_one(&mut self, within: Duration) {
        match self.events.recv_timeout(within) {
            Ok(Event::Piece(stream, piece)) => {
                self.written += piece.len() as u64;
                self.kept[usize::from(stream == Stream::Err)].push(&piece);
                (self.sink)(stream, &piece);
            }
            Ok(Event::End) => self.open -= 1,
            // The waker holds a sender, so the queue never closes.
            Ok(Event::Cancelled) | Err(_) => {}
        }
    }
}
