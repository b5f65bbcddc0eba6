//! `guide.toml`: what belongs to the course beside its exercises: companies, checklists, readiness, mock interviews, a glossary.

use serde::Deserialize;

use super::{Exercise, Practice, Status, Track, TrackError, filter::COMPANIES, filter::Filter};

const PATH: &str = "guide.toml";

/// The whole of `guide.toml`; empty where a track has none.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Guide {
    /// Who asks what in interviews.
    #[serde(rename = "company")]
    pub companies: Vec<Company>,
    /// What one should be able to do.
    #[serde(rename = "checklist")]
    pub checklists: Vec<Checklist>,
    /// When one is ready.
    #[serde(rename = "metric")]
    pub metrics: Vec<Metric>,
    /// What to do in the last days before an interview.
    #[serde(rename = "countdown")]
    pub countdowns: Vec<Countdown>,
    /// The steps of a design interview.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
    /// What to ask oneself after a design interview.
    pub review: Vec<String>,
    /// Problems for design interviews.
    #[serde(rename = "design")]
    pub designs: Vec<Design>,
    /// Terms explained.
    #[serde(rename = "term")]
    pub terms: Vec<Term>,
}

/// A company, as far as its interviews are known to differ.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// As exercises and filters name it.
    pub name: String,
    /// What its interviews stress.
    pub emphasis: Vec<String>,
    /// The topics to know best, by id.
    pub topics: Vec<String>,
}

/// A list of what to know.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// What it is asked for by.
    pub name: String,
    /// A headline.
    pub title: String,
    /// What is on it.
    #[serde(rename = "item")]
    pub items: Vec<Practice>,
}

/// A sign of readiness: a share of some exercises.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// What one can do then.
    pub line: String,
    /// Which exercises count: those that any of these filters fits.
    pub filters: Vec<String>,
    /// The share of them that has to be done, from 0 to 1.
    pub share: f64,
}

/// What to do some time before an interview.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Countdown {
    /// "two weeks".
    pub before: String,
    /// How many days that is.
    pub days: u32,
    /// What to do.
    pub items: Vec<String>,
}

/// A step of a design interview.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// A word for file names.
    pub name: String,
    /// A headline.
    pub title: String,
    /// How long it should take.
    pub minutes: u32,
    /// Questions to answer in writing.
    pub asks: Vec<String>,
}

/// A problem for a design interview.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Design {
    /// What it is asked for by.
    pub name: String,
    /// A headline.
    pub title: String,
    /// The task, as an interviewer gives it.
    pub task: String,
    /// What a good answer cannot leave out.
    pub points: Vec<String>,
}

/// A term explained.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The term.
    pub name: String,
    /// Other words that it is looked up by.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it means.
    pub text: String,
    /// Concepts whose exercises teach it.
    pub concepts: Vec<String>,
}

impl Track {
    /// What belongs to the course beside its exercises.
    ///
    /// # Errors
    /// When `guide.toml` is malformed.
    pub fn guide(&self) -> Result<Guide, TrackError> {
        let bundle = self.bundle();
        if !bundle.contains(PATH) {
            return Ok(Guide::default());
        }
        let text = bundle.text(PATH)?;
        toml::from_str(&text).map_err(|error| TrackError::toml(bundle, PATH, &text, &error))
    }

    /// The exercises that any of these filters fits, in the track's order.
    pub fn fitting(&self, filters: &[String]) -> Vec<&Exercise> {
        let filters: Vec<Filter> = filters
            .iter()
            .filter_map(|filter| Filter::of_track(filter, self).ok())
            .collect();
        let fits = |exercise: &&Exercise| {
            filters
                .iter()
                .any(|filter| filter.matches(exercise, Status::Pending))
        };
        self.exercises().iter().filter(fits).collect()
    }

    /// The exercises that teach a term, in the track's order.
    pub fn teaching(&self, term: &Term) -> Vec<&Exercise> {
        let teaches = |exercise: &&Exercise| {
            let concepts = &exercise.concepts;
            concepts
                .iter()
                .any(|concept| term.concepts.contains(concept))
        };
        self.exercises().iter().filter(teaches).collect()
    }

    /// What is wrong with the guide, in words.
    pub fn guide_faults(&self) -> Vec<String> {
        let guide = match self.guide() {
            Ok(guide) => guide,
            Err(error) => return vec![error.to_string()],
        };
        let mut faults = Vec::new();
        let known = |id: &String| self.topics().iter().any(|topic| topic.id == *id);
        for company in &guide.companies {
            let unknown = company.topics.iter().filter(|id| !known(id));
            faults.extend(unknown.map(|id| {
                format!(
                    "company \"{}\" names the topic \"{id}\", which is not there",
                    company.name
                )
            }));
            if !COMPANIES.contains(&company.name.as_str()) {
                faults.push(format!(
                    "company \"{}\" is none that exercises can name",
                    company.name
                ));
            }
        }
        for list in &guide.checklists {
            let wrong = list.items.iter().filter_map(|item| {
                let fault = self.practice_fault(item)?;
                Some(format!(
                    "checklist \"{}\", \"{}\": {fault}",
                    list.name, item.line
                ))
            });
            faults.extend(wrong);
        }
        for metric in &guide.metrics {
            let wrong = metric
                .filters
                .iter()
                .filter_map(|filter| Filter::of_track(filter, self).err());
            faults.extend(wrong.map(|error| format!("metric \"{}\": {error}", metric.line)));
            if !(metric.share > 0.0 && metric.share <= 1.0) {
                faults.push(format!(
                    "metric \"{}\": `share` is above 0 and at most 1",
                    metric.line
                ));
            }
        }
        faults
    }
}

impl Guide {
    /// A company by name.
    pub fn company(&self, name: &str) -> Option<&Company> {
        self.companies.iter().find(|company| company.name == name)
    }

    /// A term by its name or another word for it, in any case.
    pub fn term(&self, word: &str) -> Option<&Term> {
        let fits = |name: &String| name.eq_ignore_ascii_case(word);
        self.terms
            .iter()
            .find(|term| fits(&term.name) || term.aliases.iter().any(fits))
    }
}

impl Metric {
    /// How many of `all` exercises have to be done.
    pub fn needed(&self, all: usize) -> usize {
        // A share is a number of hundredths; rounding keeps 0.8 of 100 at 80.
        let hundredths = (self.share * 100.0).round() as usize;
        (all * hundredths).div_ceil(100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_up() {
        let metric = |share| Metric {
            line: String::new(),
            filters: Vec::new(),
            share,
        };
        assert_eq!(metric(0.8).needed(100), 80);
        assert_eq!(metric(0.8).needed(3), 3);
        assert_eq!(metric(0.7).needed(10), 7);
        assert_eq!(metric(1.0).needed(0), 0);
    }

    #[test]
    fn the_official_track_has_no_faults() {
        let track = Track::official().unwrap();
        assert_eq!(track.guide_faults(), [""; 0]);
        assert_eq!(track.roadmap_faults(), [""; 0]);
        assert_eq!(
            track.guide().unwrap().term("cap").unwrap().name,
            "CAP theorem"
        );
    }
}
