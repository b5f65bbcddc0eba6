//! The processes of a job, as its cage sees them.

use rustix::io::Errno;
use rustix::process::{self, Pid, Signal, WaitOptions, WaitStatus};

use super::Exit;

/// The program and everything that came of it.
#[derive(Debug)]
pub(super) struct Tree {
    program: Pid,
    exit: Option<Exit>,
    childless: bool,
}

impl Tree {
    /// The tree that grows from `program`: a child of ours, and the leader of a session of its own.
    pub(super) fn new(program: Pid) -> Self {
        Self {
            program,
            exit: None,
            childless: false,
        }
    }

    /// How the program ended, if it has.
    pub(super) fn exit(&self) -> Option<Exit> {
        self.exit
    }

    /// Takes note of every child that has ended.
    pub(super) fn reap(&mut self) {
        while self.reap_one(WaitOptions::NOHANG).is_some() {}
    }

    /// Whether nothing is left, as of the last [`Tree::reap`].
    #[cfg(target_os = "linux")]
    pub(super) fn is_empty(&self) -> bool {
        // Orphans become our children, so having no child means that there is no descendant.
        self.childless
    }

    /// Whether nothing is left, as of the last [`Tree::reap`].
    #[cfg(not(target_os = "linux"))]
    pub(super) fn is_empty(&self) -> bool {
        self.childless && process::test_kill_process_group(self.program).is_err()
    }

    /// Kills everything that is left and waits for its end. Returns how many processes that were.
    #[cfg(target_os = "linux")]
    pub(super) fn clear(&mut self) -> usize {
        let mut killed = 0;
        loop {
            let Some(children) = linux::children() else {
                return self.clear_group();
            };
            linux::kill(&children);
            // An orphan may have come to us after the list was made: look again, don't wait for it.
            let mut options = if children.is_empty() {
                WaitOptions::NOHANG
            } else {
                WaitOptions::empty()
            };
            while let Some(status) = self.reap_one(options) {
                killed += usize::from(status.terminating_signal() == Some(Signal::KILL.as_raw()));
                options = WaitOptions::NOHANG;
            }
            if self.childless {
                return killed;
            }
        }
    }

    /// Kills everything that is left. Returns 1 if there was anything.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn clear(&mut self) -> usize {
        self.clear_group()
    }

    /// Kills the program's group, which is all that can be found without a list of processes, and waits for the program's end.
    fn clear_group(&mut self) -> usize {
        let killed = process::kill_process_group(self.program, Signal::KILL).is_ok();
        while self.exit.is_none() && !self.childless {
            self.reap_one(WaitOptions::empty());
        }
        usize::from(killed)
    }

    /// Takes note of one child that has ended. `None` when none has, or there is no child at all.
    fn reap_one(&mut self, options: WaitOptions) -> Option<WaitStatus> {
        loop {
            return match process::wait(options) {
                Ok(Some((pid, status))) => {
                    if pid == self.program {
                        self.exit = exit(status);
                    }
                    Some(status)
                }
                Ok(None) => None,
                Err(Errno::INTR) => continue,
                Err(_) => {
                    self.childless = true;
                    None
                }
            };
        }
    }
}

fn exit(status: WaitStatus) -> Option<Exit> {
    let code = status.exit_status().map(Exit::Code);
    code.or_else(|| status.terminating_signal().map(Exit::Signal))
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::HashSet;
    use std::fs;
    use std::path::Path;

    use rustix::process::{self, Pid, Signal};

    /// Kills children of ours and their whole groups.
    pub(super) fn kill(children: &[Pid]) {
        let own = process::getpgrp();
        let groups = children
            .iter()
            .filter_map(|&child| process::getpgid(Some(child)).ok());
        // A signal to a group reaches all of it at once: nothing in it can fork away meanwhile. The children are not reaped, so neither
        // their numbers nor their groups' can have passed to strangers; and nobody but descendants of the program can be in a group of
        // theirs, because the program leads a session of its own.
        for group in groups.filter(|&group| group != own).collect::<HashSet<_>>() {
            let _ = process::kill_process_group(group, Signal::KILL);
        }
        // One that changed its group meanwhile.
        for &child in children {
            let _ = process::kill_process(child, Signal::KILL);
        }
    }

    /// Our children, ended ones included. `None` when the system does not tell.
    pub(super) fn children() -> Option<Vec<Pid>> {
        // Not every kernel is built with this file.
        match fs::read_to_string("/proc/thread-self/children") {
            Ok(list) => Some(list.split_whitespace().filter_map(pid).collect()),
            Err(_) => scan(),
        }
    }

    /// Our children, from the list of all processes.
    fn scan() -> Option<Vec<Pid>> {
        let own = process::getpid();
        // In a `/proc` of another process namespace the numbers mean other processes.
        if fs::read_link("/proc/self").ok()?.to_str().and_then(pid) != Some(own) {
            return None;
        }
        let all = fs::read_dir("/proc").ok()?.flatten();
        let numbered =
            all.filter_map(|entry| Some((pid(entry.file_name().to_str()?)?, entry.path())));
        Some(
            numbered
                .filter(|(_, folder)| parent(folder) == Some(own))
                .map(|(pid, _)| pid)
                .collect(),
        )
    }

    /// The parent of the process that `folder` describes.
    fn parent(folder: &Path) -> Option<Pid> {
        let stat = fs::read_to_string(folder.join("stat")).ok()?;
        // `NUMBER (NAME) STATE PARENT …`, where the name may hold blanks and brackets.
        let (_, rest) = stat.rsplit_once(')')?;
        pid(rest.split_whitespace().nth(1)?)
    }

    fn pid(number: &str) -> Option<Pid> {
        Pid::from_raw(number.parse().ok()?)
    }

    #[cfg(test)]
    mod tests {
        use std::process::Command;

        use super::*;

        #[test]
        fn both_ways_find_a_child_and_not_a_stranger() {
            let mut child = Command::new("sleep").arg("1000").spawn().unwrap();
            let number = Pid::from_child(&child);
            let (listed, scanned) = (children().unwrap(), scan().unwrap());
            child.kill().unwrap();
            child.wait().unwrap();
            assert!(listed.contains(&number) && scanned.contains(&number));
            assert!(!scanned.contains(&Pid::INIT) && !scanned.contains(&process::getpid()));
        }

        #[test]
        fn a_name_may_look_like_the_rest_of_the_line() {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("stat"), "7 (a) S 3 (b) R 42 7 7 0 -1\n").unwrap();
            assert_eq!(parent(folder.path()), Pid::from_raw(42));
            assert_eq!(parent(Path::new("/nowhere")), None);
        }
    }
}
