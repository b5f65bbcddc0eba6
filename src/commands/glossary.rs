//! `backlings glossary`

use serde::Serialize;

use super::context::{Context, unknown};
use super::out;
use crate::cli::{Format, Global};
use crate::exit::Exit;
use crate::track::{Term, Track};
use crate::ui::style::{Style, Tone};
use crate::ui::text;

#[derive(Serialize)]
struct TermJson<'a> {
    term: &'a str,
    aliases: &'a [String],
    text: String,
    exercises: Vec<&'a str>,
}

impl<'a> TermJson<'a> {
    fn new(track: &'a Track, term: &'a Term) -> Self {
        let exercises = track.teaching(term).into_iter();
        Self {
            term: &term.name,
            aliases: &term.aliases,
            text: term.text.split_whitespace().collect::<Vec<_>>().join(" "),
            exercises: exercises.map(|exercise| exercise.name.as_str()).collect(),
        }
    }
}

pub(crate) fn run(global: &Global, word: &str, format: Format) -> anyhow::Result<Exit> {
    let track = Context::track_anywhere(global)?;
    let guide = track.guide()?;
    let terms: Vec<TermJson<'_>> = if word.is_empty() {
        guide
            .terms
            .iter()
            .map(|term| TermJson::new(&track, term))
            .collect()
    } else {
        let known = guide.terms.iter().map(|term| term.name.as_str());
        let term = guide
            .term(word)
            .ok_or_else(|| unknown("term", word, known))?;
        vec![TermJson::new(&track, term)]
    };
    if format == Format::Json {
        #[derive(Serialize)]
        struct Glossary<'a> {
            terms: Vec<TermJson<'a>>,
        }
        out::json(&Glossary { terms })?;
        return Ok(Exit::Passed);
    }
    let style = Style::stdout();
    let mut lines = Vec::new();
    for term in &terms {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let aliases = match term.aliases {
            [] => String::new(),
            aliases => style.paint(Tone::Dim, format!("  ({})", aliases.join(", "))),
        };
        lines.push(format!(
            "{}{aliases}",
            style.strong(Tone::Strong, term.term)
        ));
        lines.extend(text::wrap(&term.text, out::page(), "  ", "  "));
        if !term.exercises.is_empty() {
            lines.extend(text::wrap(
                &term.exercises.join(", "),
                out::page(),
                &style.paint(Tone::Dim, "  exercises: "),
                "    ",
            ));
        }
    }
    out::lines(lines)?;
    Ok(Exit::Passed)
}
