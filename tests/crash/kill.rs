//! The same with real processes on the real disk.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use backlings::progress::{Passed, Store, write_atomically};
use jiff::Timestamp;

use super::random::Random;

/// The workspace, the prefix of the names to pass and their number, for [`child`].
const WORK: &str = "BACKLINGS_CRASH_WORK";

/// Far longer than anything here takes.
const DEADLINE: Duration = Duration::from_secs(60);

const FOLDERS: usize = 8;

fn folder(number: usize) -> String {
    format!("01_structures/e{}", number % FOLDERS)
}

fn file(workspace: &Path, number: usize) -> PathBuf {
    workspace.join(format!("e{}.rs", number % FOLDERS))
}

fn text(prefix: &str, number: usize) -> String {
    format!("// {prefix} {number}\n").repeat(50)
}

/// Passes one exercise after the other and says so, until it is killed or has done all.
fn work(workspace: &Path, prefix: &str, count: usize) {
    let mut out = std::io::stdout();
    let mut say = |what: &str| {
        writeln!(out, "\n{what}")
            .and_then(|()| out.flush())
            .unwrap()
    };
    let (mut store, _) = Store::open(&workspace.join(".backlings")).unwrap();
    store.set_patience(DEADLINE);
    for number in 0..count {
        let exercise = &format!("{prefix}_{number}");
        let folder = &folder(number);
        let file = file(workspace, number);
        let name = file.file_name().unwrap().to_str().unwrap();
        let at = Timestamp::now();
        let mine = text(prefix, number);
        write_atomically(&file, mine.as_bytes()).unwrap();
        say(&format!("typed {number}"));
        store
            .keep(folder, &[(name, &mine)], "reset", at, "")
            .unwrap();
        write_atomically(&file, b"todo!()").unwrap();
        say(&format!("reset {number}"));
        let (compile, run) = (Duration::ZERO, Duration::ZERO);
        let passed = Passed {
            exercise,
            folder,
            hash: "ab",
            at,
            compile,
            run,
        };
        store.pass(&passed, &[(name, &mine)]).unwrap();
        say(&format!("passed {exercise}"));
        let shown = store.show_hint("shared", at).unwrap();
        say(&format!("hints {shown}"));
    }
}

#[test]
#[ignore = "the child process of the other tests here"]
fn child() {
    if let Ok(work_order) = env::var(WORK) {
        let mut parts = work_order.rsplitn(3, ':');
        let count = parts.next().unwrap().parse().unwrap();
        let prefix = parts.next().unwrap();
        work(Path::new(parts.next().unwrap()), prefix, count);
    }
}

/// A working process, and what it says. It is killed when dropped.
struct Worker {
    process: Child,
    said: Receiver<String>,
}

impl Worker {
    fn start(workspace: &Path, prefix: &str, count: usize) -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .args(["--ignored", "--exact", "kill::child", "--nocapture"])
            .env(WORK, format!("{}:{prefix}:{count}", workspace.display()))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(process.stdout.take().unwrap());
        let (send, said) = channel();
        thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        Self { process, said }
    }

    /// The next thing that it says; `None` once it has ended.
    fn next(&self) -> Option<String> {
        match self.said.recv_timeout(DEADLINE) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("the child is stuck"),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What the workers said, which must be true for ever.
#[derive(Default)]
struct Said {
    passed: Vec<String>,
    hints: u32,
    /// By folder, the texts that were kept.
    kept: BTreeMap<String, Vec<String>>,
    /// What is in the file that was typed last, unless it was kept since.
    typed: Option<(usize, String)>,
}

impl Said {
    fn hear(&mut self, prefix: &str, line: &str) {
        let Some((what, of)) = line.split_once(' ') else {
            return;
        };
        match (what, of.parse::<usize>()) {
            ("passed", _) => self.passed.push(of.to_string()),
            ("hints", Ok(shown)) => self.hints = u32::try_from(shown).unwrap(),
            ("typed", Ok(number)) => self.typed = Some((number, text(prefix, number))),
            ("reset", Ok(number)) => {
                self.typed = None;
                let kept = self.kept.entry(folder(number)).or_default();
                kept.push(text(prefix, number));
            }
            _ => {}
        }
    }

    fn check(&self, workspace: &Path) {
        let (store, notices) = Store::open(&workspace.join(".backlings")).unwrap();
        // The very first pass can be in the history alone; no file is ever left damaged.
        for notice in notices {
            assert!(notice.to_string().contains("was missing"), "{notice}");
        }
        for name in &self.passed {
            assert!(store.progress().is_done(name), "{name} is lost");
        }
        assert!(store.progress().hints_shown("shared") >= self.hints);
        for (folder, texts) in &self.kept {
            let attempts = kept(&store, folder);
            for text in texts {
                assert!(attempts.contains(text), "{folder}: {text:.20} is lost");
            }
        }
        if let Some((number, text)) = &self.typed {
            let now = fs::read_to_string(file(workspace, *number)).unwrap();
            let there = now == *text || kept(&store, &folder(*number)).contains(text);
            assert!(there, "{text:.20} is lost");
        }
    }
}

fn kept(store: &Store, folder: &str) -> Vec<String> {
    let attempts = store.attempts(folder).unwrap();
    let texts = attempts.iter().map(|attempt| {
        let files = store.load(attempt).unwrap();
        assert_eq!(files.len(), 1);
        String::from_utf8(files[0].1.clone()).unwrap()
    });
    texts.collect()
}

/// Temporary files and folders anywhere below a folder.
fn litter(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().contains("tmp") {
            found.push(path);
        } else if path.is_dir() {
            found.extend(litter(&path));
        }
    }
    found
}

#[test]
fn killed_processes_lose_nothing() {
    let workspace = tempfile::Builder::new().prefix("kill").tempdir().unwrap();
    let workspace = workspace.path();
    let mut random = Random::new(6);
    let mut said = Said::default();
    for round in 0..50 {
        let prefix = format!("r{round}");
        // The next learner types over it, and may die before saying so.
        said.typed = None;
        let mut worker = Worker::start(workspace, &prefix, usize::MAX);
        for _ in 0..random.below(30) {
            said.hear(
                &prefix,
                &worker.next().expect("it works until it is killed"),
            );
        }
        // Somewhere within the next write; that this is not the same moment each time is its use.
        let moment = Instant::now() + Duration::from_micros(random.next() % 4000);
        while Instant::now() < moment {
            std::hint::spin_loop();
        }
        worker.process.kill().unwrap();
        while let Some(line) = worker.next() {
            said.hear(&prefix, &line);
        }
        said.check(workspace);
    }
    assert!(said.passed.len() > 50, "{} passes", said.passed.len());
    // Whoever works on clears away what the dead left in the state.
    let worker = Worker::start(workspace, "last", 2 * FOLDERS);
    while let Some(line) = worker.next() {
        said.hear("last", &line);
    }
    said.check(workspace);
    assert_eq!(litter(&workspace.join(".backlings")), [] as [PathBuf; 0]);
}

#[test]
fn two_processes_add_up() {
    let workspace = tempfile::tempdir().unwrap();
    let workspace = workspace.path();
    let workers = ["a", "b"].map(|prefix| Worker::start(workspace, prefix, 30));
    for mut worker in workers {
        while worker.next().is_some() {}
        assert!(worker.process.wait().unwrap().success());
    }
    let (store, notices) = Store::open(&workspace.join(".backlings")).unwrap();
    assert_eq!(notices, []);
    assert_eq!(store.progress().done.len(), 60);
    assert_eq!(store.progress().hints_shown("shared"), 60);
    let mut passes = 0;
    let skipped = store.history(|entry| passes += usize::from(entry.passed()));
    assert_eq!((skipped.unwrap(), passes), (0, 60));
}
