//! `backlings mock`

mod coding;
mod design;

use jiff::Timestamp;
use serde::Serialize;

use super::context::{Context, Wrong};
use super::out;
use crate::cli::{Format, FormatOption, Global};
use crate::exit::Exit;
use crate::ui::style::{Mark, Style, Tone};
use crate::ui::text::count;
use crate::workspace::{Mock, MockKind};

/// Which interview; without one, those that were held.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    format: FormatOption,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Solve problems against the clock, without hints
    Coding {
        /// Only problems that this company asks
        #[arg(long, value_name = "NAME")]
        company: Option<String>,
        /// How long it may take
        #[arg(long, value_name = "N", default_value_t = 45, value_parser = clap::value_parser!(u32).range(1..=600))]
        minutes: u32,
    },
    /// Design a system in writing, step by step
    Design {
        /// Which problem
        #[arg(add = clap_complete::engine::ArgValueCandidates::new(super::completions::designs))]
        problem: String,
    },
    /// End the interview that is running, and write down what came of it
    End,
}

pub(crate) fn run(global: &Global, options: &Options) -> anyhow::Result<Exit> {
    let context = Context::open(global)?;
    match &options.command {
        None => list(&context, options.format.format),
        Some(Command::Coding { company, minutes }) => {
            coding::run(global, context, company.as_deref(), *minutes)
        }
        Some(Command::Design { problem }) => design::run(&context, problem),
        Some(Command::End) => {
            let running = running(&context)?;
            let Some(mock) = running else {
                return Err(Wrong("no mock interview is running".into()).into());
            };
            let ended = match mock.kind {
                MockKind::Coding => coding::end(&context, mock)?,
                MockKind::Design => design::end(&context, mock)?,
            };
            out::lines(ended)?;
            Ok(Exit::Passed)
        }
    }
}

/// The interview that has not ended, if there is one: the newest.
fn running(context: &Context) -> anyhow::Result<Option<Mock>> {
    let mocks = context.workspace.mocks()?;
    Ok(mocks.into_iter().rev().find(|mock| mock.ended.is_none()))
}

fn refuse_second(context: &Context) -> anyhow::Result<()> {
    match running(context)? {
        Some(mock) => Err(Wrong(format!(
            "a {} interview is running since {}: `backlings mock end` ends it",
            mock.kind.name(),
            day(mock.started)
        ))
        .into()),
        None => Ok(()),
    }
}

fn day(at: Timestamp) -> String {
    let zoned = at.to_zoned(jiff::tz::TimeZone::system());
    zoned.strftime("%Y-%m-%d %H:%M").to_string()
}

#[derive(Serialize)]
struct MockJson<'a> {
    kind: &'static str,
    started: Timestamp,
    ended: Option<Timestamp>,
    minutes: u32,
    company: Option<&'a str>,
    problems: Vec<ProblemJson<'a>>,
}

#[derive(Serialize)]
struct ProblemJson<'a> {
    name: &'a str,
    passed: Option<Timestamp>,
}

fn list(context: &Context, format: Format) -> anyhow::Result<Exit> {
    let mocks = context.workspace.mocks()?;
    if format == Format::Json {
        #[derive(Serialize)]
        struct Mocks<'a> {
            mocks: Vec<MockJson<'a>>,
        }
        let each = mocks.iter().map(|mock| MockJson {
            kind: mock.kind.name(),
            started: mock.started,
            ended: mock.ended,
            minutes: mock.minutes,
            company: mock.company.as_deref(),
            problems: mock
                .problems
                .iter()
                .map(|problem| ProblemJson {
                    name: &problem.name,
                    passed: problem.passed,
                })
                .collect(),
        });
        out::json(&Mocks {
            mocks: each.collect(),
        })?;
        return Ok(Exit::Passed);
    }
    let style = Style::stdout();
    let mut lines: Vec<String> = mocks
        .iter()
        .flat_map(|mock| {
            let state = match (mock.kind, mock.ended) {
                (_, None) => format!("running, {}", clock(mock, Timestamp::now())),
                (MockKind::Design, Some(_)) => "in writing".to_string(),
                (MockKind::Coding, Some(_)) => {
                    let passed = mock
                        .problems
                        .iter()
                        .filter(|problem| problem.passed.is_some());
                    format!("{} of {} solved", passed.count(), mock.problems.len())
                }
            };
            let head = format!("{}  {:<6}  {state}", day(mock.started), mock.kind.name());
            let names = mock.problems.iter().map(|problem| {
                let mark = if problem.passed.is_some() {
                    Mark::Passed
                } else {
                    Mark::Pending
                };
                let mark = match mock.kind {
                    MockKind::Coding => style.sign(mark),
                    MockKind::Design => style.sign(Mark::Bullet),
                };
                format!("  {mark} {}", problem.name)
            });
            std::iter::once(head).chain(names).collect::<Vec<_>>()
        })
        .collect();
    if lines.is_empty() {
        lines.push("No mock interview was held yet.".into());
    }
    lines.push(String::new());
    let guide = context.track.guide()?;
    let designs: Vec<&str> = guide
        .designs
        .iter()
        .map(|design| design.name.as_str())
        .collect();
    lines.push(style.paint(
        Tone::Dim,
        "`backlings mock coding` draws problems; `backlings mock design NAME` is in writing:",
    ));
    lines.extend(
        crate::ui::text::wrap(&designs.join(", "), out::page(), "  ", "  ")
            .iter()
            .map(|line| style.paint(Tone::Dim, line)),
    );
    out::lines(lines)?;
    Ok(Exit::Passed)
}

/// "12 minutes left", "the time was over 3 minutes ago".
fn clock(mock: &Mock, now: Timestamp) -> String {
    let left = mock.deadline().duration_since(now).as_secs();
    let minutes = usize::try_from(left.unsigned_abs().div_ceil(60)).unwrap_or(usize::MAX);
    match left {
        0.. => format!("{} left", count(minutes, "minute")),
        _ => format!("the time was over {} ago", count(minutes, "minute")),
    }
}
