//! `info.toml`: the ordered track in one place.

use serde::Deserialize;

use super::error::TrackError;
use super::roadmap::{Block, Phase, Roadmap};
use super::{Bundle, FULL_ROADMAP, names};

/// The newest format that this program reads.
const FORMAT_VERSION: i64 = 1;
const PATH: &str = "info.toml";

/// The whole of `info.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    #[serde(rename = "format_version")]
    _format_version: i64,
    pub(super) name: String,
    #[serde(default)]
    pub(super) messages: Messages,
    #[serde(default)]
    pub(super) lints: Lints,
    #[serde(default, rename = "group")]
    pub(super) groups: Vec<Group>,
    #[serde(rename = "topic")]
    pub(super) topics: Vec<Topic>,
    #[serde(default, rename = "roadmap")]
    pub(super) roadmaps: Vec<Roadmap>,
    /// How messages name the file.
    #[serde(skip)]
    pub(super) place: String,
}

/// Texts of welcome and farewell.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Messages {
    /// Shown by `init`.
    pub welcome: String,
    /// Shown when the last exercise has passed.
    pub farewell: String,
}

/// rustc lints of the track.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Lints {
    /// Allowed in exercises.
    pub(super) allow: Vec<String>,
}

/// Crates that exercises share, built once.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name, and its folder in `kit/groups/`.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// The crates that an exercise of the group can name in `use`. Without any, nothing has to be built.
    #[serde(default)]
    pub crates: Vec<String>,
}

/// A chapter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// `data_structures`.
    pub id: String,
    /// The number in its folder's name.
    pub number: u32,
    /// A headline.
    pub title: String,
    /// The part of the guide that it belongs to.
    pub category: String,
    /// How many weeks the guide plans for it: "4-6".
    pub weeks: String,
    /// The names of its exercises, in order.
    pub exercises: Vec<String>,
}

impl Topic {
    /// `01_data_structures`.
    pub fn dir(&self) -> String {
        format!("{:02}_{}", self.number, self.id)
    }
}

impl Manifest {
    /// Reads and validates `info.toml`.
    pub(super) fn read(bundle: &Bundle) -> Result<Self, TrackError> {
        let text = bundle.text(PATH)?;
        refuse_newer(bundle, &text)?;
        let mut manifest: Self =
            toml::from_str(&text).map_err(|error| TrackError::toml(bundle, PATH, &text, &error))?;
        manifest.place = bundle.describe(PATH);
        manifest.add_defaults();
        manifest
            .validate()
            .map_err(|what| TrackError::content(bundle, PATH, what))?;
        Ok(manifest)
    }

    fn add_defaults(&mut self) {
        if !self.groups.iter().any(|group| group.name == "core") {
            let about = "the standard library".to_string();
            self.groups.insert(
                0,
                Group {
                    name: "core".into(),
                    about,
                    crates: Vec::new(),
                },
            );
        }
        let topics = self.topics.iter().map(|topic| topic.id.clone()).collect();
        let full = Roadmap {
            name: FULL_ROADMAP.into(),
            title: "The whole course".into(),
            goal: "every topic, in order".into(),
            phases: vec![Phase {
                title: "Everything".into(),
                blocks: vec![Block {
                    topics,
                    ..Block::default()
                }],
            }],
            ..Roadmap::default()
        };
        if !self
            .roadmaps
            .iter()
            .any(|roadmap| roadmap.name == FULL_ROADMAP)
        {
            self.roadmaps.insert(0, full);
        }
    }

    fn validate(&self) -> Result<(), String> {
        let mut numbers = Vec::new();
        for topic in &self.topics {
            legal("topic id", &topic.id)?;
            if numbers.contains(&topic.number)
                || self
                    .topics
                    .iter()
                    .filter(|other| other.id == topic.id)
                    .count()
                    > 1
            {
                return Err(format!(
                    "topic \"{}\": its id or its number {} is used twice",
                    topic.id, topic.number
                ));
            }
            numbers.push(topic.number);
            topic
                .exercises
                .iter()
                .try_for_each(|name| legal("exercise name", name))?;
        }
        for group in &self.groups {
            legal("group name", &group.name)?;
            group
                .crates
                .iter()
                .try_for_each(|name| legal("crate name", name))?;
        }
        for roadmap in &self.roadmaps {
            legal("roadmap name", &roadmap.name)?;
            roadmap.validate()?;
            for id in roadmap.topics() {
                if !self.topics.iter().any(|topic| topic.id == id) {
                    let known = self.topics.iter().map(|topic| topic.id.as_str());
                    let hint = names::hint(id, known);
                    return Err(format!(
                        "roadmap \"{}\" names the topic \"{id}\", which is not there{hint}",
                        roadmap.name
                    ));
                }
            }
        }
        Ok(())
    }
}

fn legal(what: &str, name: &str) -> Result<(), String> {
    if names::is_name(name) {
        return Ok(());
    }
    Err(format!(
        "the {what} \"{name}\" is not allowed: use lower-case letters, digits and _, a letter first, at most 48"
    ))
}

/// A newer manifest may hold anything, so its version is read before its keys are judged.
fn refuse_newer(bundle: &Bundle, text: &str) -> Result<(), TrackError> {
    #[derive(Deserialize)]
    struct Version {
        format_version: Option<toml::Value>,
    }
    let version: Version =
        toml::from_str(text).map_err(|error| TrackError::toml(bundle, PATH, text, &error))?;
    match version.format_version {
        Some(toml::Value::Integer(found)) if found > FORMAT_VERSION => Err(TrackError::Newer {
            path: bundle.describe(PATH),
            found,
            known: FORMAT_VERSION,
        }),
        Some(toml::Value::Integer(1..)) => Ok(()),
        _ => Err(TrackError::content(
            bundle,
            PATH,
            "`format_version = 1` is missing",
        )),
    }
}
