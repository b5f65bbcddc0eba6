//! The commands: each takes what was said, asks the modules below, and prints. Glue only.

pub mod check;
pub mod checklist;
pub mod completions;
pub mod dev;
pub mod doctor;
pub mod glossary;
pub mod hint;
pub mod init;
pub mod list;
pub mod man;
pub mod mock;
pub mod progress;
pub mod reset;
pub mod restore;
pub mod review;
pub mod roadmap;
pub mod run;
pub mod show;
pub mod solution;
pub mod start;
pub mod update;
pub mod watch;

pub(crate) mod context;
mod json;
pub(crate) mod out;
mod steps;

pub(crate) use context::{Context, Wrong};

use crate::exit::Exit;
use crate::ui::style::{Style, Tone};

/// Prints an error for people, and says how the process ends.
pub fn report(error: &anyhow::Error) -> Exit {
    if out::is_broken_pipe(error) {
        return Exit::Passed;
    }
    let style = Style::stderr();
    let sign = style.strong(Tone::Bad, "error:");
    // A program that reads our standard error may be gone; there is nobody left to tell.
    let _ = std::io::Write::write_fmt(
        &mut std::io::stderr(),
        format_args!("{sign} {}\n", words(error)),
    );
    if error.downcast_ref::<Wrong>().is_some()
        || error.downcast_ref::<crate::track::FilterError>().is_some()
    {
        Exit::Usage
    } else {
        Exit::Trouble
    }
}

/// An error and its causes, each said once: many messages hold that of their cause already.
pub(crate) fn words(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |said, cause| {
        let cause = cause.to_string();
        match said.is_empty() {
            true => cause,
            false if said.contains(&cause) => said,
            false => format!("{said}: {cause}"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_cause_that_was_said_is_not_said_again() {
        let error = anyhow::anyhow!("disk full")
            .context("cannot write x: disk full")
            .context("no update");
        assert_eq!(words(&error), "no update: cannot write x: disk full");
    }
}
