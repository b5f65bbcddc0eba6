//! Printing: a reader that went away (`| head`) is no error.

use std::io::{self, Write};

use serde::Serialize;

/// The columns of the terminal that is written to; none where it is no terminal.
pub(crate) fn columns() -> Option<usize> {
    let size = console::Term::stdout().size_checked();
    size.map(|(_, columns)| usize::from(columns).max(1))
}

/// Columns for running text and bars: those of the terminal, but no more than can be read well.
pub(crate) fn page() -> usize {
    const WIDEST: usize = 80;
    columns().map_or(WIDEST, |columns| columns.min(WIDEST))
}

/// Prints lines.
pub(crate) fn lines<S: AsRef<str>>(lines: impl IntoIterator<Item = S>) -> anyhow::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in lines {
        writeln!(out, "{}", line.as_ref())?;
    }
    out.flush()?;
    Ok(())
}

/// Prints a text that ends its own lines.
pub(crate) fn text(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') && !text.is_empty() {
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}

/// Prints JSON, with the version of its form.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    #[derive(Serialize)]
    struct Versioned<'a, T> {
        format_version: u32,
        #[serde(flatten)]
        value: &'a T,
    }
    let mut text = serde_json::to_string_pretty(&Versioned {
        format_version: 1,
        value,
    })?;
    text.push('\n');
    self::text(&text)
}

/// Whether an error is that nobody reads any more.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
