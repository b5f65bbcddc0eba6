//! Watch mode, as a learner sees it: from the save to the verdict on the screen, and the memory it takes.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::bare::Bare;
use super::course::{self, NAME};
use super::pty::Terminal;
use super::stats::{Samples, millis};
use super::{Plan, Row};
use crate::judge::Toolchain;
use crate::progress::Store;
use crate::track::Track;
use crate::workspace::Workspace;

/// Save to verdict may take this many times as long as the compiler and the tests alone.
const RATIO: f64 = 1.15;
/// Milliseconds of our own, at p95.
const OWN: f64 = 8.0;
/// Resident memory, in MiB.
const MEMORY: f64 = 20.0;
/// A verdict after a flood of output may take this many times as long as one before.
const AFTER_FLOOD: f64 = 1.25;
/// The rows of a version that fails and of one that passes.
pub(super) const FAILING: &str = "save to verdict, a test fails";
pub(super) const PASSING: &str = "save to verdict, all tests pass";
const PASSED: &str = "Passed:";
/// What the screen says of a run that was ended for its output.
const FLOODED: &str = "Too much output";

/// The watcher on a workspace, and what it is compared with.
struct Watching {
    terminal: Terminal,
    workspace: Workspace,
    file: PathBuf,
    mark: u32,
}

/// Measures everything about watch mode.
pub(super) fn measure(
    dir: &Path,
    program: &Path,
    toolchain: &Toolchain,
    plan: &Plan,
    on: &mut dyn FnMut(&str),
) -> anyhow::Result<Vec<Row>> {
    let track = course::track(&dir.join("track"), 1)?;
    let workspace = course::workspace(&dir.join("workspace"), &track)?;
    let bare = Bare::new(&dir.join("bare"), &track, toolchain)?;
    let mut watching = Watching::start(program, workspace, &track)?;
    let mut rows = verdicts(&mut watching, &bare, plan, on)?;
    rows.extend(floods(&mut watching, plan, on)?);
    watching.terminal.send("q")?;
    Ok(rows)
}

impl Watching {
    fn start(program: &Path, workspace: Workspace, track: &Track) -> anyhow::Result<Self> {
        let file = workspace.root().join(
            track
                .exercise(NAME)
                .map(crate::track::Exercise::main_path)
                .unwrap_or_default(),
        );
        let terminal = Terminal::spawn(program, workspace.root(), &["watch", "--no-advance"])?;
        let watching = Self {
            terminal,
            workspace,
            file,
            mark: 0,
        };
        watching.terminal.see(&[PASSED])?;
        watching.settle();
        Ok(watching)
    }

    /// Until nothing of what a pass starts in the background runs any more: it would be measured too.
    fn settle(&self) {
        const CALM: Duration = Duration::from_millis(40);
        const LONGEST: Duration = Duration::from_secs(5);
        let end = Instant::now() + LONGEST;
        std::thread::sleep(CALM);
        while Instant::now() < end && has_children(self.terminal.pid()) {
            std::thread::sleep(CALM / 4);
        }
        std::thread::sleep(CALM);
    }

    /// Saves a version that no save has had, and waits for its verdict.
    fn verdict(
        &mut self,
        text: impl Fn(u32) -> String,
        shows: impl Fn(u32) -> String,
    ) -> anyhow::Result<Duration> {
        self.mark += 1;
        let (text, shows) = (text(self.mark), shows(self.mark));
        self.terminal.forget();
        let start = Instant::now();
        std::fs::write(&self.file, text)?;
        self.terminal.see(&[&shows, FLOODED])?;
        let time = start.elapsed();
        self.settle();
        Ok(time)
    }

    fn right(&mut self) -> anyhow::Result<Duration> {
        self.verdict(|mark| course::version(mark, true), |_| PASSED.into())
    }

    fn wrong(&mut self) -> anyhow::Result<Duration> {
        self.verdict(|mark| course::version(mark, false), course::mark)
    }

    /// Milliseconds that the compiler and the tests took in the last verdict.
    fn last_judged(&self) -> anyhow::Result<f64> {
        let (store, _) = Store::open(&self.workspace.state())?;
        let mut last = 0;
        store.history(|entry| {
            if let (Some(compile), Some(run)) = (entry.compile_ms, entry.run_ms) {
                last = compile + run;
            }
        })?;
        Ok(last as f64)
    }

    fn memory(&self) -> Option<f64> {
        resident(self.terminal.pid())
    }
}

/// Wrong and right in turns, each against the bare compiler on the same text.
fn verdicts(
    watching: &mut Watching,
    bare: &Bare,
    plan: &Plan,
    on: &mut dyn FnMut(&str),
) -> anyhow::Result<Vec<Row>> {
    let names = ["a test fails", "all tests pass"];
    let (mut ours, mut floor) = (vec![Samples::default(); 2], vec![Samples::default(); 2]);
    let mut own = Samples::default();
    // What is made once is made before.
    watching.wrong()?;
    watching.right()?;
    bare.measure(&course::version(0, false))?;
    for sample in 0..plan.samples {
        on(&format!(
            "save to verdict, {} of {}",
            sample + 1,
            plan.samples
        ));
        for (index, right) in [(0, false), (1, true)] {
            let time = if right {
                watching.right()?
            } else {
                watching.wrong()?
            };
            ours[index].push_time(time);
            // The history counts whole milliseconds; on the average it leaves out a half for each of two.
            own.push(millis(time) - watching.last_judged()? - 1.0);
            floor[index].push_time(bare.measure(&course::version(watching.mark, right))?);
        }
    }
    let mut rows = Vec::new();
    for (index, name) in names.into_iter().enumerate() {
        let ratio = ours[index].median() / floor[index].median();
        rows.push(Row::samples(
            &format!("bare rustc and run, {name}"),
            "ms",
            &floor[index],
        ));
        rows.push(Row::samples(
            &format!("save to verdict, {name}"),
            "ms",
            &ours[index],
        ));
        rows.push(Row::number(&format!("  of bare, {name}"), "x", ratio).at_most(RATIO));
    }
    rows.push(Row::samples("our own share of save to verdict", "ms", &own).p95_at_most(OWN));
    Ok(rows)
}

/// Output without measure: what it does to the next verdicts, and to memory.
fn floods(
    watching: &mut Watching,
    plan: &Plan,
    on: &mut dyn FnMut(&str),
) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    while watching.mark < plan.verdicts {
        on("many verdicts");
        watching.wrong()?;
    }
    let memory = |rows: &mut Vec<Row>, watching: &Watching, what: &str| {
        if let Some(size) = watching.memory() {
            rows.push(
                Row::number(&format!("memory of the watcher {what}"), "MiB", size).at_most(MEMORY),
            );
        }
    };
    let many = format!("after {} verdicts", watching.mark);
    memory(&mut rows, watching, &many);
    let mut before = Samples::default();
    for _ in 0..plan.samples.div_ceil(2) {
        before.push_time(watching.wrong()?);
    }
    let floods = [
        (
            "60,000 lines",
            "for line in 0..60_000 { println!(\"line {line} of very many\"); }",
        ),
        (
            "200 MB",
            "for _ in 0..200 { print!(\"{}\", \"x\".repeat(1_000_000)); }",
        ),
    ];
    for (name, print) in floods {
        on(&format!("after {name}"));
        watching.verdict(|mark| course::loud(mark, print), course::mark)?;
        memory(&mut rows, watching, &format!("after printing {name}"));
        let mut after = Samples::default();
        for _ in 0..plan.samples.div_ceil(2) {
            after.push_time(watching.wrong()?);
        }
        let ratio = after.median() / before.median();
        rows.push(
            Row::number(
                &format!("  next verdicts after {name}, of before"),
                "x",
                ratio,
            )
            .at_most(AFTER_FLOOD),
        );
    }
    Ok(rows)
}

/// Resident memory in MiB, where the system tells.
fn resident(pid: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0)
}

fn has_children(pid: u32) -> bool {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{pid}/task")) else {
        return false;
    };
    threads.filter_map(Result::ok).any(|thread| {
        std::fs::read_to_string(thread.path().join("children"))
            .is_ok_and(|children| !children.trim().is_empty())
    })
}
