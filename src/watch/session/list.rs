//! The searchable list of exercises.

use super::Item;
use crate::watch::keys::Key;

/// Which exercises the list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// All of them.
    All,
    /// Those that are done.
    Done,
    /// Those that are not.
    Pending,
}

/// The list and where the learner is in it.
#[derive(Clone, Debug)]
pub struct List {
    /// Which are shown.
    pub show: Show,
    /// What they are searched by; empty for no search.
    pub query: String,
    /// Whether keys go into the query.
    pub typing: bool,
    /// The position of the cursor among those shown.
    pub selected: usize,
    /// The items shown, in the order of the walk.
    pub visible: Vec<usize>,
}

/// What came of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picked {
    /// The list stays.
    Nothing,
    /// Back to where one came from.
    Back,
    /// This item was chosen.
    Item(usize),
}

impl List {
    /// All exercises, with the cursor on one of them.
    pub fn new(items: &[Item], current: usize) -> Self {
        let mut list = Self {
            show: Show::All,
            query: String::new(),
            typing: false,
            selected: 0,
            visible: Vec::new(),
        };
        list.refresh(items, Some(current));
        list
    }

    /// Handles a key; `page` is how many rows are seen at once.
    pub fn key(&mut self, key: Key, items: &[Item], page: usize) -> Picked {
        let last = self.visible.len().saturating_sub(1);
        match key {
            Key::Up => self.selected = self.selected.saturating_sub(1),
            Key::Down => self.selected = (self.selected + 1).min(last),
            Key::PageUp => self.selected = self.selected.saturating_sub(page.max(1)),
            Key::PageDown => self.selected = self.selected.saturating_add(page.max(1)).min(last),
            Key::Home => self.selected = 0,
            Key::End => self.selected = last,
            Key::Enter => {
                return self.chosen().map_or(Picked::Nothing, Picked::Item);
            }
            Key::Escape if self.typing || !self.query.is_empty() => {
                self.typing = false;
                self.search(items, |query| query.clear());
            }
            Key::Escape => return Picked::Back,
            Key::Backspace if self.typing => self.search(items, |query| {
                query.pop();
            }),
            Key::Char(character) if self.typing => {
                self.search(items, |query| query.push(character))
            }
            Key::Char(character) => return self.command(character, items, page),
            _ => {}
        }
        Picked::Nothing
    }

    fn command(&mut self, character: char, items: &[Item], page: usize) -> Picked {
        let same = match character {
            'k' => Key::Up,
            'j' => Key::Down,
            'g' => Key::Home,
            'G' => Key::End,
            ' ' => Key::PageDown,
            '/' => {
                self.typing = true;
                return Picked::Nothing;
            }
            'd' => {
                self.toggle(Show::Done, items);
                return Picked::Nothing;
            }
            'p' => {
                self.toggle(Show::Pending, items);
                return Picked::Nothing;
            }
            'q' | 'l' => return Picked::Back,
            _ => return Picked::Nothing,
        };
        self.key(same, items, page)
    }

    fn toggle(&mut self, show: Show, items: &[Item]) {
        let kept = self.chosen();
        self.show = if self.show == show { Show::All } else { show };
        self.refresh(items, kept);
    }

    fn search(&mut self, items: &[Item], change: impl FnOnce(&mut String)) {
        let kept = self.chosen();
        change(&mut self.query);
        self.refresh(items, kept);
    }

    fn chosen(&self) -> Option<usize> {
        self.visible.get(self.selected).copied()
    }

    /// Works out what is shown; the cursor stays on `kept` if that is still there, else goes to the first after it.
    fn refresh(&mut self, items: &[Item], kept: Option<usize>) {
        let words: Vec<String> = self
            .query
            .split_whitespace()
            .map(str::to_lowercase)
            .collect();
        let shown = |item: &Item| {
            let right = match self.show {
                Show::All => true,
                Show::Done => item.done,
                Show::Pending => !item.done,
            };
            right && words.iter().all(|word| item.mentions(word))
        };
        let visible = items.iter().enumerate().filter(|(_, item)| shown(item));
        self.visible = visible.map(|(index, _)| index).collect();
        let kept = kept.unwrap_or(0);
        self.selected = self
            .visible
            .partition_point(|&index| index < kept)
            .min(self.visible.len().saturating_sub(1));
    }
}
