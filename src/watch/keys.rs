//! Keys and what they do, as data: the help is made from it.

/// A key, as far as one matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A character, upper or lower case as typed.
    Char(char),
    /// A character with Ctrl.
    Ctrl(char),
    /// Enter.
    Enter,
    /// Escape.
    Escape,
    /// Backspace.
    Backspace,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the start.
    Home,
    /// To the end.
    End,
}

#[cfg(not(unix))]
impl Key {
    /// The key of a terminal's event; nothing for keys without use and for releases.
    pub fn from_event(event: crossterm::event::KeyEvent) -> Option<Self> {
        use crossterm::event::{KeyCode, KeyEventKind, KeyModifiers};

        if event.kind == KeyEventKind::Release {
            return None;
        }
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        Some(match event.code {
            KeyCode::Char(character) if ctrl => Self::Ctrl(character.to_ascii_lowercase()),
            KeyCode::Char(character) => Self::Char(character),
            KeyCode::Enter => Self::Enter,
            KeyCode::Esc => Self::Escape,
            KeyCode::Backspace => Self::Backspace,
            KeyCode::Up => Self::Up,
            KeyCode::Down => Self::Down,
            KeyCode::PageUp => Self::PageUp,
            KeyCode::PageDown => Self::PageDown,
            KeyCode::Home => Self::Home,
            KeyCode::End => Self::End,
            _ => return None,
        })
    }
}

/// What a key does on the main screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Shows the next hint.
    Hint,
    /// Goes to the next exercise.
    Next,
    /// Goes to the one before.
    Previous,
    /// Opens the list.
    List,
    /// Judges again.
    Run,
    /// Shows the whole verdict.
    Everything,
    /// Shows the solution.
    Solution,
    /// Resets the exercise.
    Reset,
    /// Takes a reset back.
    Restore,
    /// Opens the editor.
    Open,
    /// Does again what is due.
    Review,
    /// Checks everything done.
    Check,
    /// Goes where a file was saved.
    GoThere,
    /// Goes on from a screen that waits.
    GoOn,
    /// Shows the help.
    Help,
    /// Ends.
    Quit,
    /// Stops, for the shell.
    Suspend,
    /// Draws everything anew.
    Redraw,
}

/// A key, what it does, and how the help says it.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// The keys; the first is the one shown.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// One or two words for the line at the bottom; empty for keys that are not shown there.
    pub short: &'static str,
    /// A line for the help.
    pub help: &'static str,
}

const fn binding(
    keys: &'static [Key],
    action: Action,
    short: &'static str,
    help: &'static str,
) -> Binding {
    Binding {
        keys,
        action,
        short,
        help,
    }
}

/// The keys of the main screen, in the order of the help.
pub const MAIN: &[Binding] = &[
    binding(
        &[Key::Char('h')],
        Action::Hint,
        "hint",
        "the next hint, each more explicit",
    ),
    binding(
        &[Key::Char('n')],
        Action::Next,
        "next",
        "go to the next exercise",
    ),
    binding(
        &[Key::Char('p')],
        Action::Previous,
        "previous",
        "go to the exercise before",
    ),
    binding(
        &[Key::Char('l')],
        Action::List,
        "list",
        "pick an exercise from the list",
    ),
    binding(
        &[Key::Char('a')],
        Action::Everything,
        "all",
        "everything: all messages, all output, all hints so far",
    ),
    binding(&[Key::Char('r')], Action::Run, "", "judge again"),
    binding(
        &[Key::Char('s')],
        Action::Solution,
        "",
        "the solution, once the exercise has passed",
    ),
    binding(
        &[Key::Char('o')],
        Action::Open,
        "",
        "open the editor at the first error",
    ),
    binding(
        &[Key::Char('x')],
        Action::Reset,
        "",
        "reset the exercise (asks first, and keeps your text)",
    ),
    binding(
        &[Key::Char('u')],
        Action::Restore,
        "",
        "undo: bring the text from before the last reset back",
    ),
    binding(
        &[Key::Char('c')],
        Action::Check,
        "",
        "check that everything done still passes",
    ),
    binding(
        &[Key::Char('v')],
        Action::Review,
        "",
        "do again what is due for a repetition (asks first)",
    ),
    binding(
        &[Key::Char('g')],
        Action::GoThere,
        "",
        "go to the exercise that was saved, when it is not this one",
    ),
    binding(
        &[Key::Enter, Key::Char(' '), Key::Escape],
        Action::GoOn,
        "",
        "go on, when a screen waits for you",
    ),
    binding(
        &[Key::Ctrl('l')],
        Action::Redraw,
        "",
        "draw the screen anew",
    ),
    binding(
        &[Key::Ctrl('z')],
        Action::Suspend,
        "",
        "back to the shell; `fg` returns",
    ),
    binding(&[Key::Char('?')], Action::Help, "help", "this help"),
    binding(
        &[Key::Char('q'), Key::Ctrl('c'), Key::Ctrl('d')],
        Action::Quit,
        "quit",
        "quit",
    ),
];

/// What a key does on the main screen. Caps Lock makes no difference.
pub fn action(key: Key) -> Option<Action> {
    let key = match key {
        Key::Char(character) => Key::Char(character.to_ascii_lowercase()),
        other => other,
    };
    MAIN.iter()
        .find(|binding| binding.keys.contains(&key))
        .map(|binding| binding.action)
}

/// How a key is written.
pub fn name(key: Key) -> String {
    match key {
        Key::Char(' ') => "Space".into(),
        Key::Char(character) => character.to_string(),
        Key::Ctrl(character) => format!("Ctrl-{}", character.to_ascii_uppercase()),
        Key::Enter => "Enter".into(),
        Key::Escape => "Esc".into(),
        Key::Backspace => "Backspace".into(),
        Key::Up => "Up".into(),
        Key::Down => "Down".into(),
        Key::PageUp => "PgUp".into(),
        Key::PageDown => "PgDn".into(),
        Key::Home => "Home".into(),
        Key::End => "End".into(),
    }
}

/// The keys of the other screens: what is written, and what it does.
pub const OTHERS: &[(&str, &[(&str, &str)])] = &[
    (
        "In the list",
        &[
            ("j k g G", "move, as do the arrows, PgUp and PgDn"),
            ("Enter", "go there"),
            ("/", "search by name, title or topic (Esc ends it)"),
            ("d", "only what is done, or all"),
            ("p", "only what is pending, or all"),
            ("q, Esc", "back"),
        ],
    ),
    (
        "In a long text",
        &[
            ("j k g G Space", "scroll, as do the arrows, PgUp and PgDn"),
            ("q, Esc", "back"),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_bound_twice() {
        let keys: Vec<Key> = MAIN
            .iter()
            .flat_map(|binding| binding.keys)
            .copied()
            .collect();
        for (index, key) in keys.iter().enumerate() {
            assert!(!keys[..index].contains(key), "{key:?}");
            assert!(action(*key).is_some());
        }
    }

    #[test]
    fn caps_lock_makes_no_difference() {
        assert_eq!(action(Key::Char('H')), Some(Action::Hint));
        assert_eq!(action(Key::Char('z')), None);
    }
}
