//! rustlings beside us, where it is installed: from the save to the verdict in its own watch mode, on its own exercise.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::Context as _;

use super::pty::Terminal;
use super::stats::Samples;
use super::{Plan, Row};

/// An exercise of the size of ours, with tests that fail until it is solved.
const EXERCISE: &str = "hashmaps3";
/// What is on the screen once the tests have failed, and once they and clippy have passed.
const FAILED: &str = "test result:";
const PASSED: &str = "Exercise done";
/// What comes last on its screen: before that it may not look at the file again.
const READY: &str = ":quit";
/// What is missing in it, and where.
const GAP: &str = "        // TODO:";
const FILLED: &str = r"
        let mut add = |name, scored, conceded| {
            let team = scores.entry(name).or_default();
            team.goals_scored += scored;
            team.goals_conceded += conceded;
        };
        add(team_1_name, team_1_score, team_2_score);
        add(team_2_name, team_2_score, team_1_score);
";
/// Save to verdict may take this share of the time that rustlings takes where all tests pass. Where one fails it is
/// quicker, and the bare compiler alone takes more than this share of its time.
const SHARE: f64 = 0.25;

/// Our own medians, in milliseconds.
pub(super) struct Ours {
    pub(super) failing: f64,
    pub(super) passing: f64,
}

/// Measures it, and compares us with it; nothing where it is not installed.
pub(super) fn measure(
    dir: &Path,
    ours: &Ours,
    plan: &Plan,
    on: &mut dyn FnMut(&str),
) -> anyhow::Result<Vec<Row>> {
    let Ok(program) = which::which("rustlings") else {
        return Ok(Vec::new());
    };
    let version = version(&program)?;
    std::fs::create_dir_all(dir)?;
    let course = init(&program, dir).with_context(|| format!("{version} makes no course"))?;
    let file = find(&course.join("exercises"), EXERCISE)
        .with_context(|| format!("{version} has no exercise {EXERCISE}"))?;
    let text = std::fs::read_to_string(&file)?;
    // Its state: a line that says not to edit it, the current exercise, and what is done, with empty lines between.
    let state = format!("DON'T EDIT THIS FILE!\n\n{EXERCISE}\n\n");
    std::fs::write(course.join(".rustlings-state.txt"), state)?;
    let mut terminal = Terminal::spawn(&program, &course, &[])?;
    terminal.see(&[FAILED])?;
    terminal.see(&[READY])?;
    let mut saves = |text: &str, verdict: &str| -> anyhow::Result<Samples> {
        let mut samples = Samples::default();
        for sample in 0..plan.samples {
            on(&format!("{version}, {} of {}", sample + 1, plan.samples));
            terminal.forget();
            let start = Instant::now();
            std::fs::write(&file, format!("{text}\n// {sample}\n"))?;
            terminal.see(&[verdict])?;
            samples.push_time(start.elapsed());
            terminal.see(&[READY])?;
        }
        Ok(samples)
    };
    let failing = saves(&text, FAILED)?;
    let (before, after) = text
        .split_once(GAP)
        .with_context(|| format!("{version} has another {EXERCISE}"))?;
    let passing = saves(&format!("{before}{FILLED}{GAP}{after}"), PASSED)?;
    terminal.send("q")?;
    let of = |samples: &Samples, what: &str| {
        let name = format!("{version}, {EXERCISE}, {what}");
        Row::samples(&name, "ms", samples)
    };
    let share = |ours: f64, samples: &Samples, what: &str| {
        Row::number(
            &format!("  ours of it, {what}"),
            "x",
            ours / samples.median(),
        )
    };
    let (fails, pass) = ("a test fails", "all tests pass");
    Ok(vec![
        of(&failing, fails),
        share(ours.failing, &failing, fails),
        of(&passing, pass),
        share(ours.passing, &passing, pass).at_most(SHARE),
    ])
}

fn version(program: &Path) -> anyhow::Result<String> {
    let output = Command::new(program).arg("--version").output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_string())
}

/// Makes its course, as it does for a learner who presses Enter.
fn init(program: &Path, dir: &Path) -> anyhow::Result<PathBuf> {
    let mut child = Command::new(program)
        .arg("init")
        .current_dir(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        std::io::Write::write_all(&mut input, b"\n")?;
    }
    let output = child.wait_with_output()?;
    let course = dir.join("rustlings");
    anyhow::ensure!(
        output.status.success() && course.is_dir(),
        "`rustlings init` ended with {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(course)
}

fn find(dir: &Path, name: &str) -> Option<PathBuf> {
    let entries = std::fs::read_dir(dir).ok()?.filter_map(Result::ok);
    entries.map(|entry| entry.path()).find_map(|path| {
        if path.is_dir() {
            return find(&path, name);
        }
        (path.file_name()?.to_str()? == format!("{name}.rs")).then_some(path)
    })
}
