use super::*;

fn choose(command: Option<&str>, vars: &[(&str, &str)]) -> Result<Editor, NoEditor> {
    Editor::choose(command, &|name| {
        let found = vars.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_string())
    })
}

fn words(editor: &Editor) -> String {
    let place = Place {
        path: "/w/my file.rs".into(),
        line: 12,
        column: 5,
    };
    let args = editor
        .arguments(&place)
        .into_iter()
        .map(|arg| arg.into_string().unwrap());
    let all: Vec<String> = std::iter::once(editor.program.clone())
        .chain(args)
        .collect();
    all.join("|")
}

#[test]
fn the_command_line_comes_first_then_the_terminal_then_the_variables() {
    let vars = [
        ("TERM_PROGRAM", "vscode"),
        ("ZELLIJ", "0"),
        ("VISUAL", "nano"),
        ("EDITOR", "vim"),
    ];
    let chosen = |command, from| words(&choose(command, &vars[from..]).unwrap());
    assert_eq!(chosen(Some("hx"), 0), "hx|/w/my file.rs:12:5");
    assert_eq!(chosen(None, 0), "code|-g|/w/my file.rs:12:5");
    assert_eq!(
        chosen(None, 1),
        "zellij|edit|--line-number|12|/w/my file.rs"
    );
    assert_eq!(chosen(None, 2), "nano|+12,5|/w/my file.rs");
    assert_eq!(chosen(None, 3), "vim|+12|/w/my file.rs");
    assert_eq!(choose(None, &[("EDITOR", " ")]), Err(NoEditor::Unknown));
}

#[test]
fn relatives_of_vscode_are_told_apart() {
    let cursor = [
        ("TERM_PROGRAM", "vscode"),
        (
            "VSCODE_GIT_ASKPASS_MAIN",
            "/opt/Cursor/resources/askpass.js",
        ),
    ];
    assert_eq!(choose(None, &cursor).unwrap().name(), "cursor");
    let insider = [
        ("TERM_PROGRAM", "vscode"),
        ("TERM_PROGRAM_VERSION", "1.99.0-insider"),
    ];
    assert_eq!(choose(None, &insider).unwrap().name(), "code-insiders");
}

#[test]
fn commands_may_have_arguments_quotes_and_placeholders() {
    let editor = |command| words(&choose(Some(command), &[]).unwrap());
    assert_eq!(editor("code --wait"), "code|--wait|-g|/w/my file.rs:12:5");
    assert_eq!(editor("code -r -g"), "code|-r|-g|/w/my file.rs:12:5");
    assert_eq!(
        editor("'/opt/my ed/vim' -u \"a b\""),
        "/opt/my ed/vim|-u|a b|+12|/w/my file.rs"
    );
    assert_eq!(
        editor("x --at {file}:{line}:{column} ''"),
        "x|--at|/w/my file.rs:12:5|"
    );
    assert_eq!(editor("unknown-editor"), "unknown-editor|/w/my file.rs");
    for broken in ["", "  ", "vim 'x"] {
        assert_eq!(
            choose(Some(broken), &[]),
            Err(NoEditor::Malformed(broken.into()))
        );
    }
}

#[test]
fn only_editors_with_windows_leave_the_terminal_to_us() {
    let needs = |command| choose(Some(command), &[]).unwrap().needs_terminal();
    assert!(needs("vim"));
    assert!(needs("/usr/bin/nvim -R"));
    assert!(needs("something-unknown"));
    assert!(needs("emacsclient -t"));
    assert!(!needs("emacsclient -n"));
    assert!(!needs("/usr/local/bin/code --wait"));
    assert!(!needs("Code.exe"));
}

#[test]
fn places_are_read_as_compilers_write_them() {
    let place = Place::parse(Path::new("/w"), "exercises/a/a.rs:12:5").unwrap();
    assert_eq!(place.path, Path::new("/w/exercises/a/a.rs"));
    assert_eq!((place.line, place.column), (12, 5));
    for text in ["a.rs", "a.rs:12", "a.rs:x:5", ":"] {
        assert_eq!(Place::parse(Path::new("/w"), text), None);
    }
}
