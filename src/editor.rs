//! Opens a file at a line in the learner's editor.
//!
//! Which one, in this order: the command given with `--edit-cmd`; the window of VS Code or the zellij session whose
//! terminal this is; `$VISUAL`; `$EDITOR`.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, as an absolute path.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl Place {
    /// The start of a file.
    pub fn start(path: PathBuf) -> Self {
        Self {
            path,
            line: 1,
            column: 1,
        }
    }

    /// A place as compilers and panics write it, `path:line:column`, with paths from `root`.
    pub fn parse(root: &Path, text: &str) -> Option<Self> {
        let (rest, column) = text.rsplit_once(':')?;
        let (path, line) = rest.rsplit_once(':')?;
        Some(Self {
            path: root.join(path),
            line: line.parse().ok()?,
            column: column.parse().ok()?,
        })
    }
}

/// Why there is no editor.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NoEditor {
    /// None is named anywhere.
    #[error(
        "no editor is known: set EDITOR, or start with --edit-cmd \"code -g {{file}}:{{line}}\""
    )]
    Unknown,
    /// A command cannot be taken apart.
    #[error("the editor command `{0}` is not complete: a quote is not closed, or it is empty")]
    Malformed(String),
}

/// An editor and how to call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editor {
    program: String,
    args: Vec<String>,
    call: Call,
}

/// How a place is said to an editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    /// Placeholders in the arguments: `{file}`, `{line}`, `{column}`.
    Template,
    /// `+12 file`
    PlusLine,
    /// `+12:5 file`
    PlusColonColumn,
    /// `+12,5 file`
    PlusCommaColumn,
    /// `file:12:5`
    Suffix,
    /// `-g file:12:5`
    Goto,
    /// `--line 12 --column 5 file`
    LineOption,
    /// `file`
    FileOnly,
}

type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Editor {
    /// The learner's editor; `command` comes from the command line.
    ///
    /// # Errors
    /// When none is named, or its command cannot be taken apart.
    pub fn find(command: Option<&str>) -> Result<Self, NoEditor> {
        Self::choose(command, &|name| std::env::var(name).ok())
    }

    fn choose(command: Option<&str>, env: Env) -> Result<Self, NoEditor> {
        if let Some(command) = command {
            return Self::parse(command);
        }
        let set = |name: &str| env(name).filter(|value| !value.trim().is_empty());
        if set("TERM_PROGRAM").is_some_and(|program| program == "vscode") {
            return Self::parse(vscode(env));
        }
        if set("ZELLIJ").is_some() {
            return Self::parse("zellij edit --line-number {line} {file}");
        }
        match set("VISUAL").or_else(|| set("EDITOR")) {
            Some(command) => Self::parse(&command),
            None => Err(NoEditor::Unknown),
        }
    }

    fn parse(command: &str) -> Result<Self, NoEditor> {
        let malformed = || NoEditor::Malformed(command.to_string());
        let mut words = split(command).ok_or_else(malformed)?.into_iter();
        let program = words.next().ok_or_else(malformed)?;
        let args: Vec<String> = words.collect();
        let template = args.iter().any(|arg| arg.contains("{file}"));
        let call = if template {
            Call::Template
        } else {
            call(&program)
        };
        Ok(Self {
            program,
            args,
            call,
        })
    }

    /// Whether it draws in this terminal, which has to be left to it until it ends.
    pub fn needs_terminal(&self) -> bool {
        let windowed = [
            "atom",
            "clion",
            "code",
            "code-insiders",
            "codium",
            "cursor",
            "gedit",
            "gnome-text-editor",
            "gvim",
            "idea",
            "kate",
            "mate",
            "mvim",
            "notepad",
            "notepad++",
            "open",
            "rustrover",
            "subl",
            "vscodium",
            "windsurf",
            "xdg-open",
            "xed",
            "zed",
            "zeditor",
            "zellij",
        ];
        let emacs_window = base(&self.program) == "emacsclient"
            && self
                .args
                .iter()
                .any(|arg| arg == "-n" || arg == "--no-wait");
        !windowed.contains(&base(&self.program).as_str()) && !emacs_window
    }

    /// Its name, for messages.
    pub fn name(&self) -> &str {
        &self.program
    }

    /// Starts it with the whole terminal; the caller waits for it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn open_here(&self, place: &Place) -> io::Result<Child> {
        self.command(place).spawn()
    }

    /// Starts it beside us; the caller waits for it too, lest it stay as a zombie.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn open_beside(&self, place: &Place) -> io::Result<Child> {
        let mut command = self.command(place);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // Ctrl-C in our terminal is not meant for it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.spawn()
    }

    fn command(&self, place: &Place) -> Command {
        // On Windows `code` and its kin are scripts, which only a search of the path finds.
        let program = which::which(&self.program).unwrap_or_else(|_| PathBuf::from(&self.program));
        let mut command = Command::new(program);
        command.args(self.arguments(place));
        command
    }

    fn arguments(&self, place: &Place) -> Vec<OsString> {
        let Place { path, line, column } = place;
        let suffixed = || {
            let mut text = path.clone().into_os_string();
            text.push(format!(":{line}:{column}"));
            text
        };
        let mut all: Vec<OsString> = match self.call {
            Call::Template => return self.args.iter().map(|arg| filled(arg, place)).collect(),
            _ => self.args.iter().map(OsString::from).collect(),
        };
        match self.call {
            Call::PlusLine => all.push(format!("+{line}").into()),
            Call::PlusColonColumn => all.push(format!("+{line}:{column}").into()),
            Call::PlusCommaColumn => all.push(format!("+{line},{column}").into()),
            Call::Goto if !self.args.iter().any(|arg| arg == "-g" || arg == "--goto") => {
                all.push("-g".into())
            }
            Call::LineOption => {
                all.extend([
                    "--line".into(),
                    line.to_string().into(),
                    "--column".into(),
                    column.to_string().into(),
                ]);
            }
            _ => {}
        }
        all.push(match self.call {
            Call::Suffix | Call::Goto => suffixed(),
            _ => path.clone().into_os_string(),
        });
        all
    }
}

/// The command of the VS Code whose terminal this is; its relatives call themselves vscode too.
fn vscode(env: Env) -> &'static str {
    let hints = format!(
        "{} {}",
        env("VSCODE_GIT_ASKPASS_MAIN").unwrap_or_default(),
        env("TERM_PROGRAM_VERSION").unwrap_or_default()
    )
    .to_lowercase();
    let known = [
        ("cursor", "cursor"),
        ("windsurf", "windsurf"),
        ("codium", "codium"),
        ("insider", "code-insiders"),
    ];
    known
        .iter()
        .find(|(hint, _)| hints.contains(hint))
        .map_or("code", |(_, command)| command)
}

fn base(program: &str) -> String {
    let name = program
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(program)
        .to_lowercase();
    let name = name
        .strip_suffix(".exe")
        .or_else(|| name.strip_suffix(".cmd"))
        .unwrap_or(&name);
    name.to_string()
}

fn call(program: &str) -> Call {
    match base(program).as_str() {
        "code" | "code-insiders" | "codium" | "vscodium" | "cursor" | "windsurf" => Call::Goto,
        "vi" | "vim" | "nvim" | "gvim" | "mvim" | "neovide" | "vis" | "joe" | "mcedit" | "ed"
        | "ne" | "jed" | "gedit" | "gnome-text-editor" | "xed" => Call::PlusLine,
        "emacs" | "emacsclient" | "kak" | "micro" => Call::PlusColonColumn,
        "nano" | "pico" => Call::PlusCommaColumn,
        "hx" | "helix" | "zed" | "zeditor" | "subl" | "lapce" => Call::Suffix,
        "kate" | "idea" | "clion" | "rustrover" | "mate" => Call::LineOption,
        _ => Call::FileOnly,
    }
}

fn filled(arg: &str, place: &Place) -> OsString {
    let arg = arg
        .replace("{line}", &place.line.to_string())
        .replace("{column}", &place.column.to_string());
    let mut parts = arg.split("{file}");
    let mut text = OsString::from(parts.next().unwrap_or_default());
    for part in parts {
        text.push(&place.path);
        text.push(part);
    }
    text
}

/// Takes a command apart as a shell would, without anything that a shell does beyond quoting.
fn split(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut rest = command.chars();
    while let Some(character) = rest.next() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            // Backslashes are separators of folders on Windows.
            (None | Some('"'), '\\') if cfg!(not(windows)) => {
                word.get_or_insert_default().push(rest.next()?)
            }
            (Some(_), _) => word.get_or_insert_default().push(character),
            (None, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, _) if character.is_whitespace() => words.extend(word.take()),
            (None, _) => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests;
