//! `backlings dev bench`

use serde::Serialize;

use super::progress_bar;
use crate::cli::{Format, FormatOption};
use crate::commands::out;
use crate::dev::bench::{self, Plan, Row};
use crate::exit::Exit;
use crate::ui::style::{Mark, Style, Tone};
use crate::ui::table::{Column, Table};

/// How to measure.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// A few samples only
    #[arg(long)]
    quick: bool,
    #[command(flatten)]
    format: FormatOption,
}

pub(super) fn run(options: &Options) -> anyhow::Result<Exit> {
    let plan = if options.quick {
        Plan::QUICK
    } else {
        Plan::FULL
    };
    let format = options.format.format;
    let bar = progress_bar(format);
    // The same program again: what is measured is what was built.
    let program = std::env::current_exe()?;
    let rows = bench::run(&program, &plan, &mut |what| {
        bar.tick();
        bar.set_message(what.to_string());
    });
    bar.finish_and_clear();
    let rows = rows?;
    let held = rows.iter().all(|row| row.holds != Some(false));
    match format {
        Format::Json => {
            #[derive(Serialize)]
            struct Bench {
                held: bool,
                debug_build: bool,
                load: Option<f64>,
                rows: Vec<Row>,
            }
            out::json(&Bench {
                held,
                debug_build: cfg!(debug_assertions),
                load: load(),
                rows,
            })?;
        }
        Format::Text => print(&rows)?,
    }
    Ok(if held { Exit::Passed } else { Exit::NotPassed })
}

fn print(rows: &[Row]) -> anyhow::Result<()> {
    let style = Style::stdout();
    let mut table = Table::new([
        ("", Column::Left),
        ("", Column::Left),
        ("median", Column::Right),
        ("p95", Column::Right),
        ("bar", Column::Right),
        ("", Column::Left),
    ]);
    for row in rows {
        let mark = match row.holds {
            Some(true) => style.sign(Mark::Passed),
            Some(false) => style.sign(Mark::Failed),
            None => String::new(),
        };
        let number = |value: f64| format!("{value:.2}");
        table.row([
            mark,
            row.name.clone(),
            number(row.value),
            row.p95.map_or_else(String::new, number),
            row.bar.map_or_else(String::new, |bar| {
                let of = if row.bar_of_p95 { "p95 " } else { "" };
                format!("{of}{bar}")
            }),
            row.unit.to_string(),
        ]);
    }
    let mut lines = table.lines(None, &style);
    lines.push(String::new());
    if cfg!(debug_assertions) {
        let what = "this is a debug build: its numbers say little, measure with `cargo run --release -- dev bench`";
        lines.push(style.paint(Tone::Warn, what));
    }
    if let Some(load) = load().filter(|load| *load > cores()) {
        let what = format!(
            "the machine is busy (load {load:.1} on {} cores): times are longer than they need be, ratios and p95 are noisy",
            cores()
        );
        lines.push(style.paint(Tone::Warn, what));
    }
    out::lines(lines)
}

fn cores() -> f64 {
    std::thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64)
}

/// Processes that wanted to run in the last minute, where the system tells.
fn load() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next()?.parse().ok()
}
