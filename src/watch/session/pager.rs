//! A long text with a place in it.

use crate::watch::keys::Key;

/// What the text is, which says how it is made anew for another width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The keys.
    Help,
    /// The whole verdict and the hints so far.
    Everything,
    /// What is said after a pass.
    After,
    /// The solution's files: names and texts.
    Solution(Vec<(String, String)>),
}

/// The text in lines, and the first of them that is seen.
#[derive(Clone, Debug)]
pub struct Pager {
    /// Where the lines come from.
    pub source: Source,
    /// The headline.
    pub title: String,
    /// The lines, wrapped to the screen.
    pub lines: Vec<String>,
    /// The first line that is seen.
    pub top: usize,
}

impl Pager {
    /// Handles a key; `page` is how many lines are seen at once. Says whether the key was for scrolling.
    pub fn scroll(&mut self, key: Key, page: usize) -> bool {
        let step = page.saturating_sub(1).max(1);
        let top = match key {
            Key::Up | Key::Char('k') => self.top.saturating_sub(1),
            Key::Down | Key::Char('j') | Key::Enter => self.top.saturating_add(1),
            Key::PageUp | Key::Char('b') => self.top.saturating_sub(step),
            Key::PageDown | Key::Char(' ') => self.top.saturating_add(step),
            Key::Home | Key::Char('g') => 0,
            Key::End | Key::Char('G') => usize::MAX,
            _ => return false,
        };
        self.top = top.min(self.last_top(page));
        true
    }

    /// Keeps the place within the text, after either changed.
    pub fn clamp(&mut self, page: usize) {
        self.top = self.top.min(self.last_top(page));
    }

    fn last_top(&self, page: usize) -> usize {
        self.lines.len().saturating_sub(page.max(1))
    }
}
