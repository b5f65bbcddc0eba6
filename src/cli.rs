//! The command line: what can be said, and who answers.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, Styles};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::engine::ArgValueCandidates;

use crate::commands;
use crate::exit::Exit;
use crate::supervise::cage;

const EXIT_CODES: &str = "\
Exit codes:
  0  done; what was judged, passed
  1  an exercise was judged and did not pass
  2  the command line was wrong
  3  not your fault: no compiler, a full disk, a damaged file";

/// The filter language, for `--help`.
pub(crate) const FILTERS: &str = "\
Filters (all must hold; several values are joined by commas):
  topic=data_structures   by id, number or folder     difficulty=easy|medium|hard
  concept=\"hash tables\"   company=google              roadmap=junior
  status=done|pending     kind=rust|files             or a piece of a name";

/// Small exercises that teach backend engineering, judged by real tests on every save.
#[derive(Debug, Parser)]
#[command(name = "backlings", version, styles = Styles::plain(), after_help = EXIT_CODES, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    global: Global,
}

/// Options of every command.
#[derive(Clone, Debug, Default, Args)]
pub struct Global {
    /// Use the track in this folder instead of the one that is built in
    #[arg(long, global = true, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub track: Option<PathBuf>,
    /// Work in this workspace instead of the one around the current folder
    #[arg(long, short = 'C', global = true, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub workspace: Option<PathBuf>,
}

/// How to print what there is to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// For programs; `format_version` says which form
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a workspace
    Init {
        /// The folder to make
        #[arg(default_value = "my-backlings", value_hint = clap::ValueHint::DirPath)]
        dir: PathBuf,
        /// The roadmap to walk: junior, mid, senior, or full [default: asks on a terminal, else full]
        #[arg(long, value_name = "NAME", add = roadmaps())]
        roadmap: Option<String>,
        /// Don't make a git repository
        #[arg(long)]
        no_git: bool,
    },
    /// Judge on every save, advance on a pass
    Watch(commands::watch::Options),
    /// Judge one exercise, once
    Run {
        /// Name, file or folder; the current exercise if left out
        #[arg(add = exercises())]
        exercise: Option<String>,
        #[command(flatten)]
        format: FormatOption,
    },
    /// Judge many exercises in parallel
    #[command(after_help = FILTERS)]
    Check {
        #[command(flatten)]
        filters: Filters,
        /// Judge again what has not changed
        #[arg(long)]
        force: bool,
        /// How many at a time [default: one for each core]
        #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
        jobs: Option<u16>,
        #[command(flatten)]
        format: FormatOption,
    },
    /// List exercises
    #[command(after_help = FILTERS)]
    List {
        #[command(flatten)]
        filters: Filters,
        #[command(flatten)]
        format: FormatOption,
    },
    /// Show one exercise in full
    Show {
        /// Name, file or folder; the current exercise if left out
        #[arg(add = exercises())]
        exercise: Option<String>,
        #[command(flatten)]
        format: FormatOption,
    },
    /// Show the next hint of an exercise
    Hint {
        /// Name, file or folder; the current exercise if left out
        #[arg(add = exercises())]
        exercise: Option<String>,
        /// Show those again that were shown before, and no new one
        #[arg(long)]
        again: bool,
    },
    /// Show the solution of an exercise that is done
    Solution {
        /// Name, file or folder; the current exercise if left out
        #[arg(add = exercises())]
        exercise: Option<String>,
        /// As the difference from yours to it
        #[arg(long)]
        diff: bool,
        /// Even if the exercise is not done
        #[arg(long)]
        spoil: bool,
    },
    /// Start an exercise anew; what you wrote is kept aside
    Reset {
        /// Name, file or folder
        #[arg(add = exercises())]
        exercise: String,
    },
    /// Bring back what a reset, an update or a restore put aside
    Restore {
        /// Name, file or folder
        #[arg(add = exercises())]
        exercise: String,
        /// Show what there is
        #[arg(long, conflicts_with = "version")]
        list: bool,
        /// Which version, as --list numbers them
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        version: u32,
    },
    /// Bring the workspace to the exercises of this version of backlings
    Update {
        /// Say what would be done
        #[arg(long)]
        dry_run: bool,
    },
    /// Show what is done, by roadmap, topic and difficulty, with time, streak and readiness
    Progress(commands::progress::Options),
    /// Show the roadmaps, choose one, and lay it into your calendar
    Roadmap(commands::roadmap::Options),
    /// Show what to know before an interview, and how far you are
    Checklist {
        /// Which one; all if left out
        #[arg(value_name = "NAME", add = checklists())]
        name: Option<String>,
        #[command(flatten)]
        format: FormatOption,
    },
    /// Explain a term, and which exercises teach it
    Glossary {
        /// The term; all if left out
        #[arg(value_name = "TERM", add = terms())]
        term: Vec<String>,
        #[command(flatten)]
        format: FormatOption,
    },
    /// Show what is due for a repetition, or begin one
    Review {
        /// Name, file or folder of the exercise to do again
        #[arg(add = exercises())]
        exercise: Option<String>,
        /// Show what is due later, too
        #[arg(long, conflicts_with = "exercise")]
        all: bool,
        #[command(flatten)]
        format: FormatOption,
    },
    /// Hold a mock interview against the clock
    Mock(commands::mock::Options),
    /// Look at what is installed and what is missing
    Doctor {
        #[command(flatten)]
        format: FormatOption,
    },
    /// Print a script that completes commands and exercises in a shell
    Completions {
        /// The shell
        #[arg(value_parser = PossibleValuesParser::new(["bash", "elvish", "fish", "powershell", "zsh"]))]
        shell: String,
    },
    /// Print the manual page
    Man,
    /// For authors of exercises
    #[command(subcommand)]
    Dev(commands::dev::Command),
}

/// How to print what a command gives.
#[derive(Clone, Copy, Debug, Args)]
pub struct FormatOption {
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Which exercises a command is about.
#[derive(Clone, Debug, Args)]
pub struct Filters {
    /// Which exercises; all if left out
    #[arg(value_name = "FILTER", add = ArgValueCandidates::new(commands::completions::filters))]
    pub filters: Vec<String>,
}

fn roadmaps() -> ArgValueCandidates {
    ArgValueCandidates::new(commands::completions::roadmaps)
}

fn checklists() -> ArgValueCandidates {
    ArgValueCandidates::new(commands::completions::checklists)
}

fn terms() -> ArgValueCandidates {
    ArgValueCandidates::new(commands::completions::terms)
}

fn exercises() -> ArgValueCandidates {
    ArgValueCandidates::new(commands::completions::exercises)
}

/// The whole program.
pub fn main() -> ExitCode {
    if let Some(code) = cage::dispatch() {
        return code;
    }
    clap_complete::CompleteEnv::with_factory(Cli::command).complete();
    let cli = Cli::parse();
    match run(cli) {
        Ok(exit) => exit.into(),
        Err(error) => commands::report(&error).into(),
    }
}

fn run(cli: Cli) -> anyhow::Result<Exit> {
    let global = &cli.global;
    match cli.command {
        None => commands::start::run(global),
        Some(Command::Init {
            dir,
            roadmap,
            no_git,
        }) => commands::init::run(global, &dir, roadmap.as_deref(), !no_git),
        Some(Command::Watch(options)) => commands::watch::run(global, &options),
        Some(Command::Run { exercise, format }) => {
            commands::run::run(global, exercise.as_deref(), format.format)
        }
        Some(Command::Check {
            filters,
            force,
            jobs,
            format,
        }) => {
            let options = commands::check::Options {
                force,
                jobs,
                format: format.format,
            };
            commands::check::run(global, &filters.filters, &options)
        }
        Some(Command::List { filters, format }) => {
            commands::list::run(global, &filters.filters, format.format)
        }
        Some(Command::Show { exercise, format }) => {
            commands::show::run(global, exercise.as_deref(), format.format)
        }
        Some(Command::Hint { exercise, again }) => {
            commands::hint::run(global, exercise.as_deref(), again)
        }
        Some(Command::Solution {
            exercise,
            diff,
            spoil,
        }) => commands::solution::run(global, exercise.as_deref(), diff, spoil),
        Some(Command::Reset { exercise }) => commands::reset::run(global, &exercise),
        Some(Command::Restore {
            exercise,
            list: true,
            ..
        }) => commands::restore::list(global, &exercise),
        Some(Command::Restore {
            exercise, version, ..
        }) => commands::restore::run(global, &exercise, version),
        Some(Command::Update { dry_run }) => commands::update::run(global, dry_run),
        Some(Command::Progress(options)) => commands::progress::run(global, &options),
        Some(Command::Roadmap(options)) => commands::roadmap::run(global, &options),
        Some(Command::Checklist { name, format }) => {
            commands::checklist::run(global, name.as_deref(), format.format)
        }
        Some(Command::Glossary { term, format }) => {
            commands::glossary::run(global, &term.join(" "), format.format)
        }
        Some(Command::Review {
            exercise: Some(exercise),
            ..
        }) => commands::review::begin(global, &exercise),
        Some(Command::Review { all, format, .. }) => {
            commands::review::list(global, all, format.format)
        }
        Some(Command::Mock(options)) => commands::mock::run(global, &options),
        Some(Command::Doctor { format }) => commands::doctor::run(global, format.format),
        Some(Command::Completions { shell }) => commands::completions::run(&shell),
        Some(Command::Man) => commands::man::run(Cli::command()),
        Some(Command::Dev(command)) => commands::dev::run(global, &command),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
