//! The floor: rustc and the test binary, with nothing around them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::course::NAME;
use crate::judge::Toolchain;
use crate::track::Track;

/// The same file, compiled and run with the judge's flags.
pub(super) struct Bare {
    rustc: PathBuf,
    dir: PathBuf,
    file: PathBuf,
    allow: Vec<String>,
}

impl Bare {
    pub(super) fn new(dir: &Path, track: &Track, toolchain: &Toolchain) -> anyhow::Result<Self> {
        let exercise = track
            .exercise(NAME)
            .context("the made-up track lacks its exercise")?;
        for file in track.pristine(exercise)? {
            std::fs::create_dir_all(dir)?;
            std::fs::write(dir.join(&file.name), &file.bytes)?;
        }
        Ok(Self {
            rustc: toolchain.rustc.clone(),
            dir: dir.into(),
            file: dir.join(format!("{NAME}.rs")),
            allow: track.allowed_lints().to_vec(),
        })
    }

    /// From the save to the end of the tests.
    pub(super) fn measure(&self, text: &str) -> anyhow::Result<Duration> {
        let start = Instant::now();
        std::fs::write(&self.file, text)?;
        let mut rustc = Command::new(&self.rustc);
        rustc
            .args(["--crate-name", NAME, "--edition=2024", "--test"])
            .args(["--error-format=json", "--json=diagnostic-rendered-ansi"])
            .args([
                "-C",
                "debuginfo=0",
                "-C",
                "codegen-units=16",
                "-C",
                "strip=debuginfo",
            ]);
        if cfg!(target_os = "linux") {
            rustc.args(["-C", "link-arg=-Wl,-O0"]);
        }
        for lint in &self.allow {
            rustc.args(["-A", lint]);
        }
        let binary = self.dir.join("bin");
        let mut incremental = std::ffi::OsString::from("incremental=");
        incremental.push(self.dir.join("incremental"));
        rustc
            .arg("-C")
            .arg(incremental)
            .arg("-o")
            .arg(&binary)
            .arg(&self.file);
        let compiled = quiet(&mut rustc).output()?;
        anyhow::ensure!(
            compiled.status.success(),
            "rustc refuses the measured file: {}",
            String::from_utf8_lossy(&compiled.stderr)
        );
        // That tests fail is half of what is measured.
        let _ = quiet(Command::new(&binary).env("RUST_BACKTRACE", "0")).output()?;
        Ok(start.elapsed())
    }
}

fn quiet(command: &mut Command) -> &mut Command {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
}
