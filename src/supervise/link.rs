//! A cage as seen from outside: it is started, heard, and ended by closing the link.

use std::io::{self, Read as _};
use std::net::Shutdown;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::cage::Plan;
use super::report::{self, Report};
use super::{Job, Stream, Trouble, scratch};

/// Our end of the link to a cage.
#[derive(Clone)]
pub(super) struct Link {
    socket: Arc<UnixStream>,
    cage: Pid,
}

impl AsFd for Link {
    /// Readable when there is something to [hear](Cage::hear).
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

impl Link {
    /// Has the cage kill everything.
    pub(super) fn close(&self) {
        let _ = self.socket.shutdown(Shutdown::Write);
        // The program may have stopped it.
        let _ = kill_process(self.cage, Signal::CONT);
    }
}

/// A running cage. Dropping it ends it with everything in it.
pub(super) struct Cage {
    process: Child,
    link: Link,
    /// The leader of its own group, while it is known to run.
    program: Option<Pid>,
    scratch: Option<PathBuf>,
    /// The start of a report whose end has not come yet.
    heard: Vec<u8>,
    /// Neither waited for nor cleared up after.
    abandoned: bool,
}

impl Cage {
    /// Starts a cage for `job`, and with it the job.
    pub(super) fn start(
        program: &Path,
        job: &Job,
    ) -> Result<(Self, [(Stream, OwnedFd); 2]), Trouble> {
        let trouble = |source| Trouble::io("cannot open the pipes to a program; try again", source);
        let (ours, theirs) = UnixStream::pair().map_err(trouble)?;
        ours.set_nonblocking(true).map_err(trouble)?;
        // The cage has another working directory than we.
        let parent = job
            .scratch
            .as_deref()
            .map(std::path::absolute)
            .transpose()
            .map_err(trouble)?;
        let scratch = parent.as_deref().map(scratch::name_in);
        let mut command = Command::new(program);
        command
            .arg0("backlings")
            .args(Plan::encode(job, scratch.clone()))
            .current_dir(&job.dir)
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        if let Some(path) = &scratch {
            command.envs(scratch::VARIABLES.map(|name| (name, path)));
        }
        for (name, value) in &job.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let mut process = command.spawn().map_err(|source| {
            let blamed = if job.dir.is_dir() {
                program
            } else {
                &job.program
            };
            Trouble::starting(blamed, &job.dir, source)
        })?;
        let pipes = (process.stdout.take(), process.stderr.take());
        let link = Link {
            socket: Arc::new(ours),
            cage: Pid::from_child(&process),
        };
        let cage = Self {
            process,
            link,
            program: None,
            scratch,
            heard: Vec::new(),
            abandoned: false,
        };
        let (Some(out), Some(err)) = pipes else {
            return Err(trouble(io::ErrorKind::BrokenPipe.into()));
        };
        let pipes = [(Stream::Out, out.into()), (Stream::Err, err.into())];
        for (_, pipe) in &pipes {
            set_nonblocking(pipe).map_err(trouble)?;
        }
        Ok((cage, pipes))
    }

    /// Our end of the link.
    pub(super) fn link(&self) -> &Link {
        &self.link
    }

    /// The reports that have come. An error when no more can come.
    pub(super) fn hear(&mut self) -> io::Result<Vec<Report>> {
        let mut buffer = [0; 64];
        match (&*self.link.socket).read(&mut buffer) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => self.heard.extend_from_slice(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        let mut reports = Vec::new();
        while let Some(&bytes) = self.heard.first_chunk() {
            self.heard.drain(..report::SIZE);
            let report = Report::decode(bytes).ok_or(io::ErrorKind::InvalidData)?;
            match report {
                Report::Started(pid) => self.program = Pid::from_raw(pid),
                // From now on its number may pass to another process.
                Report::Exited(_) | Report::NoProgram(_) => self.program = None,
                _ => {}
            }
            reports.push(report);
        }
        Ok(reports)
    }

    /// Ends what can be ended from outside when the cage was killed.
    pub(super) fn kill_program(&mut self) {
        if let Some(program) = self.program.take() {
            let _ = kill_process_group(program, Signal::KILL);
        }
    }

    /// Lets a cage that takes too long go on with its work, unobserved.
    pub(super) fn abandon(&mut self) {
        self.abandoned = true;
    }
}

impl Drop for Cage {
    fn drop(&mut self) {
        self.link.close();
        if self.abandoned {
            return;
        }
        let _ = self.process.wait();
        // Gone already, unless the cage was killed.
        if let Some(path) = &self.scratch {
            scratch::remove(path);
        }
    }
}

fn set_nonblocking(pipe: &OwnedFd) -> io::Result<()> {
    fcntl_setfl(pipe, fcntl_getfl(pipe)? | OFlags::NONBLOCK)?;
    Ok(())
}
