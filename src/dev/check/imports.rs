//! What a specification takes from the learner's `use` lines.
//!
//! `use super::*` sees the learner's imports, too. Whoever writes another answer needs others, and is not to be told that the tests
//! do not compile because an import is gone.

use std::collections::BTreeSet;

/// Names of the standard library that a specification uses and only the learner's file imports, sorted.
pub(super) fn borrowed(learner: &str, tests: &str) -> Vec<String> {
    let lent = imports(learner, |path| {
        ["std", "core", "alloc"].contains(&path.split("::").next().unwrap_or_default())
    });
    let own = imports(tests, |_| true);
    let used = used(tests);
    lent.into_iter()
        .filter(|name| used.contains(name) && !own.contains(name))
        .collect()
}

/// The names that `use` statements with a fitting path bring in.
fn imports(source: &str, fits: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut lines = source.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        let Some(first) = line.strip_prefix("use ") else {
            continue;
        };
        let mut path = first.to_string();
        while !path.contains(';')
            && let Some(more) = lines.next()
        {
            path.push_str(more);
        }
        let path = path.split(';').next().unwrap_or_default();
        if fits(path) {
            leaves(path, &mut names);
        }
    }
    names
}

/// The last parts of a path with braces: `a::{self, b::C, D as E}` brings in `a`, `C` and `E`.
fn leaves(path: &str, names: &mut BTreeSet<String>) {
    const ENDS: [char; 3] = ['{', '}', ','];
    let mut parents = Vec::new();
    for piece in path.split_inclusive(ENDS) {
        let text = piece.trim_end_matches(ENDS).trim();
        let name = match text.split_once(" as ") {
            Some((_, name)) => name.trim(),
            None => text
                .trim_end_matches("::")
                .rsplit("::")
                .next()
                .unwrap_or_default(),
        };
        if piece.ends_with('{') {
            parents.push(name);
            continue;
        }
        let name = match name {
            "self" => parents.last().copied().unwrap_or_default(),
            _ => name,
        };
        if !["", "*", "_"].contains(&name) {
            names.insert(name.to_string());
        }
        if piece.ends_with('}') {
            parents.pop();
        }
    }
}

/// The names in a source that stand by themselves or at the beginning of a path; those in comments and strings do not count.
fn used(source: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut word = String::new();
    // Whether what comes next is a part of something before it: `.next` or `::Next`.
    let mut part = false;
    let mut before = ' ';
    let mut chars = source.chars().peekable();
    while let Some(each) = chars.next() {
        if each.is_alphanumeric() || each == '_' {
            word.push(each);
            continue;
        }
        if !word.is_empty() {
            let word = std::mem::take(&mut word);
            if !part {
                names.insert(word);
            }
            part = false;
        }
        match each {
            '/' if chars.peek() == Some(&'/') => drop(chars.by_ref().find(|next| *next == '\n')),
            '"' => skip_string(&mut chars),
            // The names in `#[derive(…)]` are macros, which are always there.
            '#' if chars.peek() == Some(&'[') => drop(chars.by_ref().find(|next| *next == ']')),
            '.' => part = true,
            ':' => part = before == ':',
            _ if each.is_whitespace() => {}
            _ => part = false,
        }
        before = each;
    }
    names
}

fn skip_string(chars: &mut impl Iterator<Item = char>) {
    while let Some(each) = chars.next() {
        match each {
            '\\' => drop(chars.next()),
            '"' => return,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_learner_alone_imports_is_borrowed() {
        let learner = "use std::cmp::Ordering;\nuse std::collections::{HashMap, hash_map::Entry as Place, BTreeMap};\nuse std::io::{self, Read};\nuse counted::Probe;\n";
        let borrowed = |tests: &str| borrowed(learner, tests);
        assert_eq!(
            borrowed("fn f(a: Ordering, m: HashMap<Probe, io::Error>, p: Place) {}"),
            ["HashMap", "Ordering", "Place", "io"]
        );
        assert!(borrowed("use std::cmp::Ordering;\nfn f(a: Ordering) {}").is_empty());
        assert!(borrowed("use std::collections::{\n    BTreeMap,\n    HashMap,\n};\nfn f(a: HashMap<u8, BTreeMap<u8, u8>>) {}").is_empty());
        assert!(borrowed("fn f(a: std::cmp::Ordering) {} // Ordering").is_empty());
        assert!(borrowed("fn f() { panic!(\"an \\\" Ordering\"); x.io(); }").is_empty());
        assert!(borrowed("#[derive(Ordering)]\nstruct S;").is_empty());
        assert_eq!(borrowed("fn f() { Ordering::Less }"), ["Ordering"]);
    }
}
