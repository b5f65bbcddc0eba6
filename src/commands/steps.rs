//! What the judge is doing, on one line of a terminal that goes away afterwards.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::judge::Step;

/// One line on standard error; nothing where that is no terminal.
pub(super) struct StepLine {
    bar: ProgressBar,
}

impl StepLine {
    pub(super) fn stderr() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        Self { bar }
    }

    pub(super) fn show(&self, step: &Step) {
        let text = words(step);
        if self.bar.message() != text {
            // Ticking by itself begins late, so that a quick verdict shows nothing at all.
            self.bar.enable_steady_tick(Duration::from_millis(120));
            self.bar.set_message(text);
        }
    }

    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for StepLine {
    fn drop(&mut self) {
        self.clear();
    }
}

/// A step in words.
pub(super) fn words(step: &Step) -> String {
    match step {
        Step::Waiting => "waiting: another backlings judges this exercise".into(),
        Step::Dependencies {
            group, total: 0, ..
        } => format!("building the crates of the group {group}"),
        Step::Dependencies {
            group,
            done,
            total,
            name,
        } => {
            format!("building the crates of the group {group}: {done} of {total} {name}")
        }
        Step::Compiling => "compiling".into(),
        Step::Testing { done, total } => format!("testing: {done} of {total}"),
    }
}
