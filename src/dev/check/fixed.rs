//! What can be checked without a compiler.

use super::finding::{Finding, Rule};
use super::{imports, text};
use crate::track::{COMPANIES, Exercise, ExerciseKind, Topic, Track, did_you_mean};

/// Words of `after.md`, and of a topic's README; a tenth more or less is no finding.
const AFTER: (usize, usize) = (80, 200);
const README: (usize, usize) = (300, 600);
/// Lines of the problem's text.
const HEADER: (usize, usize) = (15, 45);
/// Words of one hint.
const HINT: (usize, usize) = (8, 200);
const COLUMNS: usize = 110;
/// Wrong answers that each exercise has at least; a drill has fewer ways to go wrong.
const WRONG: usize = 3;
const WRONG_OF_A_DRILL: usize = 2;
const DRILLS: &str = "coding_practice";

/// Everything that the texts of an exercise show.
pub(super) fn exercise(track: &Track, exercise: &Exercise) -> Vec<Finding> {
    let mut found = metadata(track, exercise);
    found.extend(files(track, exercise));
    found.extend(imports_of_its_own(track, exercise));
    found.extend(problem(track, exercise));
    found.extend(after(track, exercise));
    found.extend(wrong_answers(track, exercise));
    found.extend(line_lengths(track, exercise));
    found
}

/// What is wrong with a topic as a whole: its README, and what lies in its folders.
pub(super) fn topic(track: &Track, topic: &Topic) -> Vec<Finding> {
    if topic.exercises.is_empty() {
        return Vec::new();
    }
    let path = format!("exercises/{}/README.md", topic.dir());
    match track.bundle().text(&path) {
        Ok(text) => within(Rule::Words, &path, "words", text::words(&text), README),
        Err(error) => vec![Finding::new(Rule::Files, path, error.to_string())],
    }
}

/// Roadmaps and guide: filters, names, and lines without exercises.
pub(super) fn roadmaps(track: &Track) -> Vec<Finding> {
    let of = |place: &str, faults: Vec<String>| {
        let faults = faults.into_iter();
        faults
            .map(|fault| Finding::new(Rule::Metadata, place, fault))
            .collect::<Vec<_>>()
    };
    let mut found = of("info.toml", track.roadmap_faults());
    found.extend(of("guide.toml", track.guide_faults()));
    found
}

/// Folders and files that the manifest does not account for.
pub(super) fn strangers(track: &Track) -> Vec<Finding> {
    let mut found = Vec::new();
    for part in ["exercises", "solutions"] {
        let Ok(paths) = track.bundle().list(part) else {
            continue;
        };
        let mut folders: Vec<String> = Vec::new();
        for path in paths {
            let mut parts = path.split('/').skip(1);
            let (first, second, third) = (parts.next(), parts.next(), parts.next());
            let known = match (first, second, third) {
                (Some(".keep"), None, None) => true,
                (Some(topic), Some("README.md"), None) if part == "exercises" => {
                    track.topics().iter().any(|known| known.dir() == topic)
                }
                (Some(topic), Some(name), Some(_)) => track.topics().iter().any(|known| {
                    known.dir() == topic && known.exercises.iter().any(|each| each == name)
                }),
                _ => false,
            };
            if known {
                continue;
            }
            let shown = match (first, second, third) {
                (Some(topic), Some(name), Some(_)) => format!("{part}/{topic}/{name}"),
                _ => path,
            };
            if !folders.contains(&shown) {
                folders.push(shown);
            }
        }
        found.extend(folders.into_iter().map(|place| {
            Finding::new(
                Rule::Files,
                place,
                "info.toml does not name it: enter it in `exercises` of its topic, or remove it",
            )
        }));
    }
    found
}

fn within(
    rule: Rule,
    place: &str,
    of: &str,
    count: usize,
    (least, most): (usize, usize),
) -> Vec<Finding> {
    if (least * 9..=most * 11).contains(&(count * 10)) {
        return Vec::new();
    }
    vec![Finding::new(
        rule,
        place,
        format!("{count} {of}: there should be {least} to {most}"),
    )]
}

fn metadata(track: &Track, exercise: &Exercise) -> Vec<Finding> {
    let place = format!("{}/exercise.toml", exercise.dir());
    let mut found = Vec::new();
    let mut add = |rule: Rule, what: String| found.push(Finding::new(rule, &place, what));
    if exercise.title.trim().is_empty() || exercise.title.chars().count() > 80 {
        add(
            Rule::Metadata,
            "`title` must be a headline of at most 80 characters".into(),
        );
    }
    for (name, values) in [
        ("concepts", &exercise.concepts),
        ("covers", &exercise.covers),
    ] {
        if values.is_empty() || values.iter().any(|value| value.trim().is_empty()) {
            add(
                Rule::Metadata,
                format!("`{name}` must name at least one, and none that is empty"),
            );
        }
    }
    for company in &exercise.companies {
        if !COMPANIES.contains(&company.as_str()) {
            let hint = did_you_mean(company, COMPANIES).map_or_else(
                || format!("there are: {}", COMPANIES.join(", ")),
                |name| format!("did you mean \"{name}\"?"),
            );
            add(
                Rule::Metadata,
                format!("the company \"{company}\" is not known; {hint}"),
            );
        }
    }
    if !(5..=120).contains(&exercise.minutes) {
        add(
            Rule::Metadata,
            format!("`minutes = {}`: there should be 5 to 120", exercise.minutes),
        );
    }
    for needed in &exercise.prerequisites {
        let at = |name: &str| track.exercises().iter().position(|each| each.name == name);
        match (at(needed), at(&exercise.name)) {
            (None, _) => add(
                Rule::Metadata,
                format!("the prerequisite \"{needed}\" does not exist"),
            ),
            (Some(before), Some(own)) if before >= own => add(
                Rule::Metadata,
                format!("the prerequisite \"{needed}\" comes later in info.toml"),
            ),
            _ => {}
        }
    }
    for mutant in &exercise.equivalent_mutants {
        if mutant.mutant.trim().is_empty() || mutant.reason.trim().is_empty() {
            add(
                Rule::Metadata,
                "an equivalent mutant needs its name and a `reason`".into(),
            );
        }
    }
    if !(2..=4).contains(&exercise.hints.len()) {
        add(
            Rule::Hints,
            format!("{} hints: there should be 2 to 4", exercise.hints.len()),
        );
    }
    for (hint, number) in exercise.hints.iter().zip(1..) {
        let words = text::words(hint);
        if !(HINT.0..=HINT.1).contains(&words) {
            add(
                Rule::Hints,
                format!(
                    "hint {number} has {words} words: there should be {} to {}",
                    HINT.0, HINT.1
                ),
            );
        }
    }
    found
}

fn files(track: &Track, exercise: &Exercise) -> Vec<Finding> {
    let own = exercise.files.iter().map(String::as_str);
    let given = exercise.given.iter().map(String::as_str);
    let laid: Vec<&str> = own
        .clone()
        .chain(given)
        .chain(["tests.rs", "exercise.toml"])
        .collect();
    let solved: Vec<&str> = own.chain(["after.md"]).collect();
    let mut found = folder(track, &exercise.dir(), &laid);
    found.extend(folder(track, &exercise.solution_dir(), &solved));
    found
}

/// A specification does not live on the learner's imports.
fn imports_of_its_own(track: &Track, exercise: &Exercise) -> Option<Finding> {
    let place = format!("{}/tests.rs", exercise.dir());
    let text = |path: &str| track.bundle().text(path).ok();
    if exercise.kind != ExerciseKind::Rust {
        return None;
    }
    let borrowed = imports::borrowed(&text(&exercise.main_path())?, &text(&place)?);
    (!borrowed.is_empty()).then(|| {
        let what = format!(
            "{} from the learner's `use` lines: import what you use, or an answer without those does not compile",
            borrowed.join(", ")
        );
        Finding::new(Rule::Tests, place, what)
    })
}

/// The files of a folder are these, no more and no less; wrong answers are looked at elsewhere.
fn folder(track: &Track, dir: &str, wanted: &[&str]) -> Vec<Finding> {
    let there = match track.bundle().list(dir) {
        Ok(there) => there,
        Err(error) => return vec![Finding::new(Rule::Files, dir, error.to_string())],
    };
    let name = |path: &str| path[dir.len() + 1..].to_string();
    let missing = wanted
        .iter()
        .filter(|wanted| !there.iter().any(|path| name(path) == **wanted))
        .map(|wanted| Finding::new(Rule::Files, format!("{dir}/{wanted}"), "is missing"));
    let surplus = there
        .iter()
        .filter(|path| {
            let name = name(path);
            let wrong = dir.starts_with("solutions/")
                && name
                    .strip_prefix("wrong/")
                    .is_some_and(|file| file.ends_with(".diff") || file == "failing.toml");
            !(wrong || wanted.contains(&name.as_str()))
        })
        .map(|path| {
            Finding::new(
                Rule::Files,
                path,
                "does not belong here: remove it, or name it in exercise.toml",
            )
        });
    missing.chain(surplus).collect()
}

/// The problem's text and the steps of the stub, against the solution's text.
fn problem(track: &Track, exercise: &Exercise) -> Vec<Finding> {
    let main = &exercise.files[0];
    let (place, solved) = (
        exercise.main_path(),
        format!("{}/{main}", exercise.solution_dir()),
    );
    // What is missing is said elsewhere.
    let (Ok(stub), Ok(solution)) = (track.bundle().text(&place), track.bundle().text(&solved))
    else {
        return Vec::new();
    };
    let markers = text::markers(main);
    let header = text::header(&stub, markers);
    let mut found = within_lines(&place, header.len());
    if header != text::header(&solution, markers) {
        found.push(Finding::new(
            Rule::Header,
            &solved,
            format!("its text differs from that of {place}: it must be the same"),
        ));
    }
    let mut steps = 0;
    for file in &exercise.files {
        let path = format!("{}/{file}", exercise.dir());
        let Ok(source) = track.bundle().text(&path) else {
            continue;
        };
        let rust = file.ends_with(".rs");
        let here = if rust {
            text::todos(&source)
        } else {
            text::todo_lines(&source)
        };
        if let Some((line, what)) = text::gap(&here, steps + 1) {
            found.push(Finding::new(Rule::Steps, format!("{path}:{line}"), what));
        }
        steps += u32::try_from(here.len()).unwrap_or(u32::MAX);
        if rust && file == main {
            found.extend(ending(&path, &source));
        }
    }
    if steps == 0 {
        let how = match exercise.kind {
            ExerciseKind::Rust => "`todo!(\"step 1: …\")`",
            ExerciseKind::Files => "a comment `TODO step 1: …`",
        };
        found.push(Finding::new(
            Rule::Steps,
            &place,
            format!("no step says what to write: {how}"),
        ));
    }
    if exercise.kind == ExerciseKind::Rust {
        found.extend(ending(&solved, &solution));
        for step in text::todos(&solution) {
            let place = format!("{solved}:{}", step.line);
            found.push(Finding::new(
                Rule::Steps,
                place,
                "a `todo!` is left in the solution",
            ));
        }
    }
    found
}

fn within_lines(place: &str, lines: usize) -> Vec<Finding> {
    if (HEADER.0..=HEADER.1).contains(&lines) {
        return Vec::new();
    }
    let what = format!(
        "the problem's text, the comment at the top, has {lines} lines: there should be {} to {}",
        HEADER.0, HEADER.1
    );
    vec![Finding::new(Rule::Header, place, what)]
}

fn ending(path: &str, source: &str) -> Option<Finding> {
    let mut last = source
        .lines()
        .rev()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let right = (last.next(), last.next()) == (Some("mod tests;"), Some("#[cfg(test)]"));
    (!right).then(|| {
        Finding::new(
            Rule::Layout,
            path,
            "its last lines must be `#[cfg(test)]` and `mod tests;`",
        )
    })
}

fn after(track: &Track, exercise: &Exercise) -> Vec<Finding> {
    let place = format!("{}/after.md", exercise.solution_dir());
    match track.bundle().text(&place) {
        Ok(text) => within(Rule::Words, &place, "words", text::words(&text), AFTER),
        Err(_) => Vec::new(),
    }
}

/// What is wrong with the wrong answers as texts; how they end is the judge's to say.
fn wrong_answers(track: &Track, exercise: &Exercise) -> Vec<Finding> {
    let dir = format!("{}/wrong", exercise.solution_dir());
    let (Ok(answers), Ok(solution)) = (track.wrong_answers(exercise), track.solution(exercise))
    else {
        return Vec::new();
    };
    let least = if track.topic(exercise).id == DRILLS {
        WRONG_OF_A_DRILL
    } else {
        WRONG
    };
    let mut found = Vec::new();
    if answers.len() < least {
        let what = format!(
            "{} wrong answers: there should be at least {least}",
            answers.len()
        );
        found.push(Finding::new(Rule::Wrong, &dir, what));
    }
    let mut seen: Vec<(String, Vec<crate::track::File>)> = Vec::new();
    for (name, answer) in answers {
        let place = format!("{dir}/{name}.diff");
        let files = match answer.and_then(|answer| answer.apply(&solution)) {
            Ok(files) => files,
            Err(error) => {
                found.push(Finding::new(Rule::Wrong, place, error.to_string()));
                continue;
            }
        };
        match seen.iter().find(|(_, known)| *known == files) {
            Some((same, _)) => found.push(Finding::new(
                Rule::Wrong,
                place,
                format!("it is the same as {same}.diff"),
            )),
            None => seen.push((name, files)),
        }
    }
    found
}

fn line_lengths(track: &Track, exercise: &Exercise) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in exercise.files.iter().chain(&exercise.given) {
        let path = format!("{}/{file}", exercise.dir());
        let Ok(source) = track.bundle().text(&path) else {
            continue;
        };
        let long = source
            .lines()
            .zip(1..)
            .filter(|(line, _)| line.chars().count() > COLUMNS);
        found.extend(long.map(|(line, number)| {
            let width = line.chars().count();
            Finding::new(
                Rule::Layout,
                format!("{path}:{number}"),
                format!("{width} columns: at most {COLUMNS} fit"),
            )
        }));
    }
    found
}
