//! Colours, symbols and links: the only place that knows them.
//!
//! Meaning never rests on colour alone: a symbol and a word stand beside it.

use std::io::IsTerminal;
use std::path::Path;

/// What a piece of text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Passed, done.
    Good,
    /// Failed.
    Bad,
    /// Needs attention.
    Warn,
    /// A pointer to something: a hint, a path, code.
    Info,
    /// Of less weight than the text around it.
    Dim,
    /// Of more weight than the text around it.
    Strong,
    /// Under the cursor.
    Selected,
}

/// A symbol that stands beside a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Passed, done.
    Passed,
    /// Failed.
    Failed,
    /// Not done yet.
    Pending,
    /// Where the learner is.
    Current,
    /// Needs attention.
    Attention,
    /// A bullet of a list.
    Bullet,
    /// Something was cut here.
    Cut,
    /// Between parts of a line.
    Dot,
    /// The horizontal line.
    Rule,
    /// The filled part of a progress bar.
    Full,
    /// The empty part of a progress bar.
    Empty,
}

/// How text can be dressed where it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    colour: bool,
    links: bool,
    unicode: bool,
}

type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Style {
    /// No escape codes at all.
    pub const fn plain() -> Self {
        Self {
            colour: false,
            links: false,
            unicode: true,
        }
    }

    /// Colours and symbols whatever the surroundings, for what is compared with a fixed text.
    pub const fn coloured() -> Self {
        Self {
            colour: true,
            links: false,
            unicode: true,
        }
    }

    /// The same without colours.
    pub fn without_colour(self) -> Self {
        Self {
            colour: false,
            ..self
        }
    }

    /// What standard output can show.
    pub fn stdout() -> Self {
        Self::detect(std::io::stdout().is_terminal(), &env)
    }

    /// What standard error can show.
    pub fn stderr() -> Self {
        Self::detect(std::io::stderr().is_terminal(), &env)
    }

    fn detect(is_terminal: bool, env: Env) -> Self {
        let set = |name: &str| env(name).is_some_and(|value| !value.is_empty());
        // On Windows a terminal needs no TERM.
        let dumb = env("TERM").map_or(cfg!(unix), |term| term == "dumb" || term.is_empty());
        Self {
            colour: is_terminal && !dumb && !set("NO_COLOR"),
            links: is_terminal && !dumb && links(env),
            unicode: unicode(env),
        }
    }

    /// Whether colours are shown.
    pub fn colour(&self) -> bool {
        self.colour
    }

    /// The text in a tone.
    pub fn paint(&self, tone: Tone, text: impl AsRef<str>) -> String {
        let text = text.as_ref();
        if !self.colour || text.is_empty() {
            return text.to_string();
        }
        let style = console::Style::new().force_styling(true);
        let style = match tone {
            Tone::Good => style.green(),
            Tone::Bad => style.red(),
            Tone::Warn => style.yellow(),
            Tone::Info => style.cyan(),
            Tone::Dim => style.dim(),
            Tone::Strong => style.bold(),
            Tone::Selected => style.reverse(),
        };
        style.apply_to(text).to_string()
    }

    /// The text in a tone, with more weight.
    pub fn strong(&self, tone: Tone, text: impl AsRef<str>) -> String {
        let text = self.paint(tone, text);
        self.paint(Tone::Strong, text)
    }

    /// The symbol, without colour.
    pub fn mark(&self, mark: Mark) -> &'static str {
        match (mark, self.unicode) {
            (Mark::Passed, true) => "✓",
            (Mark::Passed, false) => "+",
            (Mark::Failed, true) => "✗",
            (Mark::Failed, false) => "x",
            (Mark::Pending, true) => "·",
            (Mark::Pending, false) | (Mark::Dot, false) => "-",
            (Mark::Current, true) => "▸",
            (Mark::Current, false) => ">",
            (Mark::Attention, _) => "!",
            (Mark::Bullet, true) => "•",
            (Mark::Bullet, false) => "*",
            (Mark::Cut, true) => "…",
            (Mark::Cut, false) => "...",
            (Mark::Dot, true) => "·",
            (Mark::Rule, true) => "─",
            (Mark::Rule, false) => "-",
            (Mark::Full, true) => "█",
            (Mark::Full, false) => "#",
            (Mark::Empty, true) => "░",
            (Mark::Empty, false) => ".",
        }
    }

    /// The symbol in its own colour.
    pub fn sign(&self, mark: Mark) -> String {
        let tone = match mark {
            Mark::Passed | Mark::Full => Tone::Good,
            Mark::Failed => Tone::Bad,
            Mark::Attention => Tone::Warn,
            Mark::Current => Tone::Info,
            _ => Tone::Dim,
        };
        self.paint(tone, self.mark(mark))
    }

    /// The text as a link to a file, where the terminal can follow links.
    pub fn link(&self, target: &Path, text: &str) -> String {
        match target.to_str() {
            Some(target) if self.links => {
                let slash = if target.starts_with('/') { "" } else { "/" };
                let target = percent_encoded(target);
                format!("\x1b]8;;file://{slash}{target}\x1b\\{text}\x1b]8;;\x1b\\")
            }
            _ => text.to_string(),
        }
    }
}

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Terminals that follow OSC 8 links, <https://github.com/Alhadis/OSC8-Adoption>; the others may show them as rubbish.
fn links(env: Env) -> bool {
    let term = env("TERM").unwrap_or_default();
    let program = env("TERM_PROGRAM").unwrap_or_default();
    if term.starts_with("screen") || term.starts_with("tmux") {
        // Variables of the outer terminal leak into a multiplexer, which drops or passes links by its own rules.
        let version = env("TERM_PROGRAM_VERSION").unwrap_or_default();
        return program == "tmux" && at_least(&version, (3, 4));
    }
    let programs = [
        "vscode",
        "iTerm.app",
        "WezTerm",
        "ghostty",
        "Hyper",
        "Tabby",
        "rio",
    ];
    let terms = ["kitty", "alacritty", "foot", "ghostty", "wezterm"];
    programs.contains(&program.as_str())
        || terms.iter().any(|known| term.contains(known))
        || env("VTE_VERSION")
            .and_then(|version| version.parse::<u32>().ok())
            .is_some_and(|version| version >= 5000)
        || ["WT_SESSION", "KONSOLE_VERSION"]
            .iter()
            .any(|name| env(name).is_some())
}

fn at_least(version: &str, wanted: (u32, u32)) -> bool {
    let digits = |part: Option<&str>| -> u32 {
        let part = part.unwrap_or_default();
        let end = part
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(part.len());
        part[..end].parse().unwrap_or(0)
    };
    let mut parts = version.split('.');
    (digits(parts.next()), digits(parts.next())) >= wanted
}

/// A locale that names another character set, and the Linux console's small font, get ASCII.
fn unicode(env: Env) -> bool {
    if env("TERM").is_some_and(|term| term == "linux") {
        return false;
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| env(name).filter(|value| !value.is_empty()));
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

fn percent_encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:".contains(&byte) {
            encoded.push(char::from(byte));
        } else if byte == b'\\' {
            encoded.push('/');
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(is_terminal: bool, vars: &[(&str, &str)]) -> Style {
        Style::detect(is_terminal, &|name| {
            let found = vars.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_string())
        })
    }

    #[test]
    fn colours_need_a_capable_terminal_and_no_veto() {
        let term = ("TERM", "xterm-256color");
        assert!(detect(true, &[term]).colour);
        assert!(!detect(false, &[term]).colour);
        assert!(!detect(true, &[term, ("NO_COLOR", "1")]).colour);
        assert!(detect(true, &[term, ("NO_COLOR", "")]).colour);
        assert!(!detect(true, &[("TERM", "dumb")]).colour);
    }

    #[test]
    fn links_are_for_terminals_known_to_follow_them() {
        let vte = ("VTE_VERSION", "7200");
        assert!(detect(true, &[("TERM", "xterm-256color"), vte]).links);
        assert!(!detect(true, &[("TERM", "xterm-256color")]).links);
        assert!(!detect(true, &[("TERM", "screen-256color"), vte]).links);
        let tmux = |version| {
            let vars = [
                ("TERM", "tmux-256color"),
                ("TERM_PROGRAM", "tmux"),
                ("TERM_PROGRAM_VERSION", version),
            ];
            detect(true, &vars).links
        };
        assert!(tmux("3.4"));
        assert!(tmux("3.10a"));
        assert!(!tmux("3.3a"));
    }

    #[test]
    fn symbols_fall_back_to_ascii() {
        assert_eq!(detect(true, &[("LANG", "C")]).mark(Mark::Passed), "+");
        assert_eq!(detect(true, &[("TERM", "linux")]).mark(Mark::Cut), "...");
        assert_eq!(
            detect(true, &[("LANG", "de_DE.UTF-8")]).mark(Mark::Passed),
            "✓"
        );
        assert_eq!(detect(true, &[]).mark(Mark::Passed), "✓");
        // The first that is set decides, as in setlocale(3).
        let vars = [("LC_ALL", ""), ("LC_CTYPE", "C"), ("LANG", "en_US.utf8")];
        assert_eq!(detect(true, &vars).mark(Mark::Failed), "x");
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        let plain = Style::plain();
        assert_eq!(plain.strong(Tone::Bad, "no"), "no");
        assert_eq!(plain.link(Path::new("/a"), "text"), "text");
        assert!(
            Style::coloured()
                .paint(Tone::Bad, "no")
                .contains("\x1b[31m")
        );
    }

    #[test]
    fn links_are_percent_encoded() {
        let style = Style {
            links: true,
            ..Style::plain()
        };
        let link = style.link(Path::new("/home/a b/ü\x1b.rs"), "x");
        assert_eq!(crate::ui::text::width(&link), 1);
        assert_eq!(
            link,
            "\x1b]8;;file:///home/a%20b/%C3%BC%1B.rs\x1b\\x\x1b]8;;\x1b\\"
        );
    }
}
