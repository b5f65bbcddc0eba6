//! What the learner sees: styled text, cut and wrapped to the width there is.
//!
//! Knows verdicts, but nothing of files, processes or what is done.

pub mod bar;
pub mod diagnostics;
mod fit;
pub mod markdown;
pub mod sanitize;
pub mod screen;
pub mod style;
pub mod table;
pub mod terminal;
pub mod text;
mod unwritten;

pub use screen::{Screen, Size};
pub use style::{Mark, Style, Tone};
