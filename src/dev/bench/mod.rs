//! The numbers that the program promises, each beside its bar, measured on this machine in one run.
//!
//! Wall-clock times on a machine that does other work are noise: what is compared is taken in turns, and medians of
//! many samples are shown with what 95 of 100 stay below.

// What only watch mode needs is idle where there are no pseudo-terminals.
#[cfg_attr(not(unix), allow(dead_code))]
mod course;
mod start;
#[cfg_attr(not(unix), allow(dead_code))]
mod stats;

#[cfg(unix)]
mod bare;
#[cfg(unix)]
mod pty;
#[cfg(unix)]
mod rustlings;
#[cfg(unix)]
mod watching;

use std::path::Path;

use serde::Serialize;

use crate::judge::Toolchain;
use stats::Samples;

/// How much to measure.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Samples of each quantity.
    pub samples: usize,
    /// Verdicts before the watcher's memory is looked at.
    pub verdicts: u32,
    /// Exercises of the large course.
    pub exercises: usize,
}

impl Plan {
    /// Enough for a p95 that means something.
    pub const FULL: Self = Self {
        samples: 40,
        verdicts: 50,
        exercises: 1_000,
    };
    /// Enough to see whether something is badly wrong.
    pub const QUICK: Self = Self {
        samples: 8,
        ..Self::FULL
    };
}

/// One number.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was measured.
    pub name: String,
    /// Its unit.
    pub unit: &'static str,
    /// The median, or the number itself.
    pub value: f64,
    /// What 95 of 100 samples stay below.
    pub p95: Option<f64>,
    /// How many samples there were.
    pub samples: usize,
    /// What it may be at most.
    pub bar: Option<f64>,
    /// Whether the bar is for the p95.
    pub bar_of_p95: bool,
    /// Whether it holds; `None` without a bar.
    pub holds: Option<bool>,
}

impl Row {
    fn number(name: &str, unit: &'static str, value: f64) -> Self {
        Self {
            name: name.to_string(),
            unit,
            value,
            p95: None,
            samples: 1,
            bar: None,
            bar_of_p95: false,
            holds: None,
        }
    }

    fn samples(name: &str, unit: &'static str, samples: &Samples) -> Self {
        Self {
            p95: Some(samples.p95()),
            samples: samples.len(),
            ..Self::number(name, unit, samples.median())
        }
    }

    fn at_most(mut self, bar: f64) -> Self {
        self.bar = Some(bar);
        self.holds = Some(self.value <= bar);
        self
    }

    #[cfg_attr(not(unix), allow(dead_code))]
    fn p95_at_most(mut self, bar: f64) -> Self {
        self.bar = Some(bar);
        self.bar_of_p95 = true;
        self.holds = Some(self.p95.is_some_and(|p95| p95 <= bar));
        self
    }
}

/// Measures a built program, and tells `on` what it is about.
///
/// # Errors
/// When something that is measured does not work at all.
pub fn run(program: &Path, plan: &Plan, on: &mut dyn FnMut(&str)) -> anyhow::Result<Vec<Row>> {
    let dir = tempfile::Builder::new()
        .prefix("backlings-bench-")
        .tempdir()?;
    let toolchain = Toolchain::find(dir.path())?;
    let mut rows = Vec::new();
    #[cfg(unix)]
    {
        let dir = dir.path();
        rows.extend(watching::measure(
            &dir.join("one"),
            program,
            &toolchain,
            plan,
            on,
        )?);
        let median = |name: &str| {
            let row = rows.iter().find(|row| row.name == name);
            row.map_or(f64::NAN, |row| row.value)
        };
        let ours = rustlings::Ours {
            failing: median(watching::FAILING),
            passing: median(watching::PASSING),
        };
        let beside = rustlings::measure(&dir.join("rustlings"), &ours, plan, on)?;
        rows.extend(beside);
    }
    rows.extend(start::measure(
        &dir.path().join("thousand"),
        program,
        &toolchain,
        plan,
        on,
    )?);
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_held_up_to_itself() {
        let row = |value| Row::number("x", "ms", value).at_most(2.0).holds;
        assert_eq!((row(2.0), row(2.1)), (Some(true), Some(false)));
        assert_eq!(row(f64::NAN), Some(false));
        let mut samples = Samples::default();
        samples.push(1.0);
        samples.push(9.0);
        let row = Row::samples("x", "ms", &samples).p95_at_most(8.0);
        assert_eq!((row.value, row.holds), (1.0, Some(false)));
    }
}
