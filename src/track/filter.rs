//! The filter language, one everywhere: `key=value[,value…]`, or a piece of a name; all must hold.

use std::collections::HashSet;

use super::{Difficulty, Exercise, Track, names};

/// The keys, and the words for them in messages.
const KEYS: [&str; 7] = [
    "topic",
    "difficulty",
    "concept",
    "company",
    "roadmap",
    "status",
    "kind",
];
/// The companies that exercises name as asking them in interviews.
pub const COMPANIES: [&str; 5] = ["google", "meta", "amazon", "apple", "netflix"];

/// Whether an exercise is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It has passed.
    Done,
    /// It has not.
    Pending,
}

impl Status {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Pending => "pending",
        }
    }
}

/// A filter that cannot be understood, with the remedy.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FilterError(String);

/// Which exercises are meant. Without conditions, all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    conditions: Vec<Condition>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Condition {
    Name(String),
    Topic(Vec<usize>),
    Difficulty(Vec<Difficulty>),
    Concept(Vec<String>),
    Company(Vec<String>),
    /// Names of the exercises of the roadmaps.
    Roadmap(HashSet<String>),
    Status(Vec<Status>),
    Kind(Vec<String>),
}

impl Filter {
    /// Reads filters as they stand on the command line.
    ///
    /// # Errors
    /// Names the part that is not understood, and what would be.
    pub fn parse<S: AsRef<str>>(words: &[S], track: &Track) -> Result<Self, FilterError> {
        let conditions = words
            .iter()
            .map(|word| condition(word.as_ref(), track))
            .collect::<Result<_, _>>()?;
        Ok(Self { conditions })
    }

    /// Reads filters as they stand in the track's own files: in one text, values with blanks in quotes. A concept may be
    /// one that no exercise has yet.
    ///
    /// # Errors
    /// As [`Self::parse`]; a piece of a name, a roadmap and a status make no sense there.
    pub fn of_track(text: &str, track: &Track) -> Result<Self, FilterError> {
        let one = |word: &String| match word.split_once('=') {
            Some(("concept", concepts)) => Ok(Condition::Concept(
                concepts.split(',').map(|each| each.trim().into()).collect(),
            )),
            Some(("roadmap" | "status", _)) | None => Err(FilterError(format!(
                "the filter \"{word}\" is for the command line only"
            ))),
            Some(_) => condition(word, track),
        };
        let words = split(text);
        let conditions = words.iter().map(one).collect::<Result<Vec<_>, _>>()?;
        if conditions.is_empty() {
            return Err(FilterError("a filter says nothing".into()));
        }
        Ok(Self { conditions })
    }

    /// Whether it holds for an exercise.
    pub fn matches(&self, exercise: &Exercise, status: Status) -> bool {
        self.conditions
            .iter()
            .all(|condition| condition.holds(exercise, status))
    }
}

impl Condition {
    fn holds(&self, exercise: &Exercise, status: Status) -> bool {
        let any = |wanted: &[String], have: &[String]| {
            wanted
                .iter()
                .any(|want| have.iter().any(|has| has.eq_ignore_ascii_case(want)))
        };
        match self {
            Self::Name(piece) => exercise.name.contains(piece.as_str()),
            Self::Topic(topics) => topics.contains(&exercise.topic_index),
            Self::Roadmap(walks) => walks.contains(&exercise.name),
            Self::Difficulty(levels) => levels.contains(&exercise.difficulty),
            Self::Concept(concepts) => any(concepts, &exercise.concepts),
            Self::Company(companies) => any(companies, &exercise.companies),
            Self::Status(wanted) => wanted.contains(&status),
            Self::Kind(kinds) => kinds.iter().any(|kind| kind == exercise.kind.name()),
        }
    }
}

fn condition(word: &str, track: &Track) -> Result<Condition, FilterError> {
    let Some((key, values)) = word.split_once('=') else {
        return piece_of_a_name(word, track);
    };
    let values: Vec<&str> = values.split(',').map(str::trim).collect();
    if values.iter().any(|value| value.is_empty()) {
        return Err(FilterError(format!(
            "the filter \"{word}\" has no value after `=`"
        )));
    }
    match key {
        "topic" => {
            let topics = values
                .iter()
                .map(|value| topic(value, track))
                .collect::<Result<_, _>>()?;
            Ok(Condition::Topic(topics))
        }
        "difficulty" => {
            let levels = Difficulty::ALL.map(|level| (level.name(), level));
            Ok(Condition::Difficulty(chosen(
                "difficulty",
                &values,
                &levels,
            )?))
        }
        "status" => {
            let states = [Status::Done, Status::Pending].map(|status| (status.name(), status));
            Ok(Condition::Status(chosen("status", &values, &states)?))
        }
        "kind" => {
            let kinds = ["rust", "files"].map(|kind| (kind, kind.to_string()));
            Ok(Condition::Kind(chosen("kind", &values, &kinds)?))
        }
        "company" => {
            let companies = COMPANIES.map(|company| (company, company.to_string()));
            Ok(Condition::Company(chosen("company", &values, &companies)?))
        }
        "concept" => {
            let known: Vec<(&str, String)> = track
                .exercises()
                .iter()
                .flat_map(|exercise| &exercise.concepts)
                .map(|concept| (concept.as_str(), concept.clone()))
                .collect();
            Ok(Condition::Concept(chosen("concept", &values, &known)?))
        }
        "roadmap" => {
            let mut walks = HashSet::new();
            for value in &values {
                let known = || track.roadmaps().iter().map(|roadmap| roadmap.name.as_str());
                let roadmap = track
                    .roadmap(value)
                    .ok_or_else(|| unknown("roadmap", value, known()))?;
                let walk = track.walk(&roadmap.name);
                walks.extend(walk.iter().map(|exercise| exercise.name.clone()));
            }
            Ok(Condition::Roadmap(walks))
        }
        _ => Err(unknown("filter", key, KEYS)),
    }
}

fn piece_of_a_name(word: &str, track: &Track) -> Result<Condition, FilterError> {
    let found = track
        .exercises()
        .iter()
        .any(|exercise| exercise.name.contains(word));
    if found && !word.is_empty() {
        return Ok(Condition::Name(word.to_string()));
    }
    let known = track
        .exercises()
        .iter()
        .map(|exercise| exercise.name.as_str());
    let hint = names::hint(word, known);
    Err(FilterError(format!(
        "no exercise has \"{word}\" in its name{hint}"
    )))
}

/// A topic by id, by number, or by the name of its folder.
fn topic(value: &str, track: &Track) -> Result<usize, FilterError> {
    let number = value.parse::<u32>().ok();
    track
        .topics()
        .iter()
        .position(|topic| topic.id == value || topic.dir() == value || Some(topic.number) == number)
        .ok_or_else(|| {
            unknown(
                "topic",
                value,
                track.topics().iter().map(|topic| topic.id.as_str()),
            )
        })
}

/// The words of a text; quotes hold blanks together, and are left out.
fn split(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for each in text.chars() {
        match each {
            '"' => quoted = !quoted,
            blank if blank.is_whitespace() && !quoted => words.push(String::new()),
            other => {
                if let Some(word) = words.last_mut() {
                    word.push(other);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn chosen<T: Clone>(
    key: &str,
    values: &[&str],
    known: &[(&str, T)],
) -> Result<Vec<T>, FilterError> {
    let choose = |value: &&str| {
        let found = known
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(value));
        found
            .map(|(_, choice)| choice.clone())
            .ok_or_else(|| unknown(key, value, known.iter().map(|each| each.0)))
    };
    values.iter().map(choose).collect()
}

fn unknown<'a>(
    what: &str,
    value: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> FilterError {
    const FEW: usize = 24;
    let hint = names::hint(value, known.clone());
    let mut all: Vec<&str> = known.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    let choices = if hint.is_empty() && all.len() <= FEW {
        format!("; there are: {}", all.join(", "))
    } else {
        hint
    };
    FilterError(format!("there is no {what} \"{value}\"{choices}"))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn quotes_hold_blanks_together() {
        assert_eq!(
            split("topic=a  concept=\"hash tables\",graphs "),
            ["topic=a", "concept=hash tables,graphs"]
        );
        assert_eq!(split("  "), [""; 0]);
    }
}
