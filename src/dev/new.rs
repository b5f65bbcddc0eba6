//! A new exercise: every file in its place, and its name in `info.toml`.

use std::path::{Path, PathBuf};

use crate::track::{ExerciseKind, Topic, Track, TrackError, did_you_mean, is_name};

/// What to make.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// The topic, by id, number or folder.
    pub topic: &'a str,
    /// The exercise's name.
    pub name: &'a str,
    /// What the learner edits.
    pub kind: ExerciseKind,
    /// The exercise of the topic that it comes after; the last one without.
    pub after: Option<&'a str>,
}

/// Why nothing was made.
#[derive(Debug, thiserror::Error)]
pub enum NewError {
    /// The request is at fault.
    #[error("{0}")]
    Wrong(String),
    /// The manifest is not written as it is understood here.
    #[error(
        "cannot enter \"{name}\" in {path}: write `exercises = [\"{name}\"]` into its topic by hand"
    )]
    Manifest {
        /// The exercise's name.
        name: String,
        /// The manifest.
        path: String,
    },
    /// The track is broken.
    #[error(transparent)]
    Track(#[from] TrackError),
    /// Something cannot be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

/// Makes an exercise; gives the files that were written, from the track's folder.
///
/// # Errors
/// Nothing that was there is overwritten, and `info.toml` is changed last.
pub fn make(dir: &Path, new: &New<'_>) -> Result<Vec<String>, NewError> {
    let (track, faults) = Track::with_faults(dir)?;
    let topic = topic(&track, new.topic)?;
    let name = new.name;
    if !is_name(name) {
        return Err(NewError::Wrong(format!(
            "\"{name}\" cannot be a name: use lower-case letters, digits and _, a letter first, at most 48"
        )));
    }
    if track.exercise(name).is_some() || faults.iter().any(|fault| fault.name == name) {
        return Err(NewError::Wrong(format!(
            "there is an exercise \"{name}\" already"
        )));
    }
    if let Some(after) = new
        .after
        .filter(|after| !topic.exercises.iter().any(|each| each == after))
    {
        let known = topic.exercises.iter().map(String::as_str);
        let hint = did_you_mean(after, known)
            .map_or_else(String::new, |name| format!("; did you mean \"{name}\"?"));
        return Err(NewError::Wrong(format!(
            "the topic \"{}\" has no exercise \"{after}\"{hint}",
            topic.id
        )));
    }
    let own = format!("exercises/{}/{name}", topic.dir());
    let solution = format!("solutions/{}/{name}", topic.dir());
    for taken in [&own, &solution] {
        if dir.join(taken).exists() {
            return Err(NewError::Wrong(format!(
                "{taken} is there already: enter it in info.toml, or remove it"
            )));
        }
    }
    let manifest = dir.join("info.toml");
    let text = std::fs::read_to_string(&manifest).map_err(|source| cannot(&manifest, source))?;
    let entered = enter(&text, &topic.id, name, new.after).ok_or_else(|| NewError::Manifest {
        name: name.to_string(),
        path: manifest.display().to_string(),
    })?;
    let mut written = Vec::new();
    let readme = format!("exercises/{}/README.md", topic.dir());
    let mut files = files(&own, &solution, name, new.kind);
    if !dir.join(&readme).exists() {
        files.push((readme, README.replace("TITLE", &topic.title)));
    }
    for (path, text) in files {
        write(&dir.join(&path), &text)?;
        written.push(path);
    }
    write(&manifest, &entered)?;
    written.push("info.toml".into());
    Ok(written)
}

fn topic<'t>(track: &'t Track, word: &str) -> Result<&'t Topic, NewError> {
    let meant = |topic: &&Topic| {
        topic.id == word || topic.dir() == word || word.parse() == Ok(topic.number)
    };
    track.topics().iter().find(meant).ok_or_else(|| {
        let known: Vec<&str> = track
            .topics()
            .iter()
            .map(|topic| topic.id.as_str())
            .collect();
        let hint = did_you_mean(word, known.iter().copied()).map_or_else(
            || format!("there are: {}", known.join(", ")),
            |name| format!("did you mean \"{name}\"?"),
        );
        NewError::Wrong(format!("there is no topic \"{word}\"; {hint}"))
    })
}

fn write(path: &Path, text: &str) -> Result<(), NewError> {
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(path, text))
        .map_err(|source| cannot(path, source))
}

fn cannot(path: &Path, source: std::io::Error) -> NewError {
    NewError::Write {
        path: path.display().to_string(),
        source,
    }
}

/// The manifest with a name more in a topic's list; comments and layout stay as they are.
fn enter(text: &str, topic: &str, name: &str, after: Option<&str>) -> Option<String> {
    let start = list_of(text, topic)?;
    let tokens = tokens(text, start)?;
    let last = tokens.names.last();
    let place = match after {
        Some(after) => tokens.names.iter().find(|(_, known)| known == after)?.0,
        None => last.map_or(start, |(end, _)| *end),
    };
    let broken = text[start..tokens.end].contains('\n');
    let piece = match (tokens.names.is_empty(), broken) {
        (true, _) => format!("\"{name}\""),
        (false, true) => format!(",\n    \"{name}\""),
        (false, false) => format!(", \"{name}\""),
    };
    let changed = format!("{}{piece}{}", &text[..place], &text[place..]);
    lists(&changed, topic, name).then_some(changed)
}

/// Where a topic's list begins, behind the bracket.
fn list_of(text: &str, topic: &str) -> Option<usize> {
    let mut here = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.starts_with('[') && !trimmed.starts_with("[\"") {
            here = false;
        }
        let pair = trimmed
            .split_once('=')
            .map(|(key, value)| (key.trim(), value.trim()));
        match pair {
            Some(("id", value)) if value.starts_with(&format!("\"{topic}\"")) => here = true,
            Some(("exercises", value)) if here && value.starts_with('[') => {
                return Some(at + line.find('[')? + 1);
            }
            _ => {}
        }
        at += line.len();
    }
    None
}

/// The strings of a list, each with the end of its closing quote, and the list's end.
struct Tokens {
    names: Vec<(usize, String)>,
    end: usize,
}

fn tokens(text: &str, start: usize) -> Option<Tokens> {
    let mut names = Vec::new();
    let mut at = start;
    loop {
        let rest = &text[at..];
        let next = rest.find(['"', '#', ']'])?;
        let sign = rest[next..].chars().next()?;
        at += next + 1;
        match sign {
            '"' => {
                let length = text[at..].find('"')?;
                names.push((at + length + 1, text[at..at + length].to_string()));
                at += length + 1;
            }
            '#' => at += text[at..].find('\n')?,
            _ => return Some(Tokens { names, end: at - 1 }),
        }
    }
}

/// Whether the manifest, read as TOML, has the name in the topic.
fn lists(text: &str, topic: &str, name: &str) -> bool {
    let Ok(table) = toml::from_str::<toml::Table>(text) else {
        return false;
    };
    let topics = table.get("topic").and_then(toml::Value::as_array);
    topics.into_iter().flatten().any(|each| {
        let names = each.get("exercises").and_then(toml::Value::as_array);
        each.get("id").and_then(toml::Value::as_str) == Some(topic)
            && names
                .into_iter()
                .flatten()
                .any(|known| known.as_str() == Some(name))
    })
}

fn files(own: &str, solution: &str, name: &str, kind: ExerciseKind) -> Vec<(String, String)> {
    let (file, stub, solved, tests) = match kind {
        ExerciseKind::Rust => (format!("{name}.rs"), RUST_STUB, RUST_SOLUTION, RUST_TESTS),
        ExerciseKind::Files => (
            format!("{name}.txt"),
            FILES_STUB,
            FILES_SOLUTION,
            FILES_TESTS,
        ),
    };
    let fill = |text: &str| text.replace("NAME", name).replace("FILE", &file);
    let spec = match kind {
        ExerciseKind::Rust => SPEC.replace("KIND\n", ""),
        ExerciseKind::Files => SPEC.replace("KIND", FILES_KEYS),
    };
    [
        (format!("{own}/{file}"), stub),
        (format!("{own}/tests.rs"), tests),
        (format!("{own}/exercise.toml"), spec.as_str()),
        (format!("{solution}/{file}"), solved),
        (format!("{solution}/after.md"), AFTER),
    ]
    .map(|(path, text)| (path, fill(text)))
    .into()
}

const RUST_STUB: &str = include_str!("new/stub.rs.txt");
const RUST_SOLUTION: &str = include_str!("new/solution.rs.txt");
const RUST_TESTS: &str = include_str!("new/tests.rs.txt");
const FILES_STUB: &str = include_str!("new/stub.txt");
const FILES_SOLUTION: &str = include_str!("new/solution.txt");
const FILES_TESTS: &str = include_str!("new/tests_of_files.rs.txt");
const SPEC: &str = include_str!("new/exercise.toml.txt");
const FILES_KEYS: &str = "kind = \"files\"\nfiles = [\"FILE\"] # what the learner edits; `given` names files to be read only";
const AFTER: &str = include_str!("new/after.md");
const README: &str = include_str!("new/README.md");

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "# top\n[[topic]]\nid = \"one\" # the first\nexercises = [\"a\", \"b\"] # short\n\n[[topic]]\nid = \"two\"\nexercises = [\n    \"c\", # ] not the end\n    \"d\",\n]\n\n[[topic]]\nid = \"three\"\nexercises = []\n";

    #[test]
    fn a_name_is_entered_and_all_else_stays() {
        let change = |topic, after| enter(MANIFEST, topic, "new", after).unwrap();
        assert_eq!(
            change("one", None),
            MANIFEST.replace("\"b\"]", "\"b\", \"new\"]")
        );
        assert_eq!(
            change("one", Some("a")),
            MANIFEST.replace("\"a\",", "\"a\", \"new\",")
        );
        assert_eq!(
            change("two", None),
            MANIFEST.replace("    \"d\",\n", "    \"d\",\n    \"new\",\n")
        );
        assert_eq!(
            change("two", Some("c")),
            MANIFEST.replace("\"c\", #", "\"c\",\n    \"new\", #")
        );
        assert_eq!(change("three", None), MANIFEST.replace("[]", "[\"new\"]"));
    }

    #[test]
    fn a_manifest_that_is_written_otherwise_is_left_alone() {
        assert_eq!(enter(MANIFEST, "four", "new", None), None);
        assert_eq!(enter(MANIFEST, "one", "new", Some("z")), None);
        assert_eq!(
            enter(
                "topic = [{ id = \"one\", exercises = [] }]",
                "one",
                "new",
                None
            ),
            None
        );
    }
}
