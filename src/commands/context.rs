//! What most commands begin with: the workspace, its state, and its track.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use jiff::Zoned;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::cli::Global;
use crate::judge::Judge;
use crate::progress::{Activity, Store};
use crate::supervise::Supervisor;
use crate::track::{
    Exercise, FULL_ROADMAP, Filter, Leg, Stage, Standing, Status, Track, calendar, did_you_mean,
    standing,
};
use crate::ui::style::{Style, Tone};
use crate::workspace::Workspace;

/// The command line asked for something that is not there: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Wrong(pub(crate) String);

/// A workspace with everything that belongs to it.
pub(crate) struct Context {
    pub(crate) workspace: Workspace,
    pub(crate) store: Store,
    pub(crate) track: Track,
    pub(crate) cwd: PathBuf,
}

impl Context {
    /// Opens the workspace that the command line or the current folder names.
    pub(crate) fn open(global: &Global) -> anyhow::Result<Self> {
        let cwd =
            std::env::current_dir().context("the current folder is gone: go to another one")?;
        let workspace = match &global.workspace {
            Some(dir) => Workspace::find(dir)
                .ok_or_else(|| Wrong(format!("{} is not in a workspace; `backlings init` makes one", dir.display())))?,
            None => Workspace::find(&cwd).ok_or_else(|| {
                Wrong("this folder is not in a workspace; go to yours, or make one with `backlings init`".into())
            })?,
        };
        Self::open_at(workspace, global, cwd)
    }

    /// A workspace that was open before, as it is now.
    pub(crate) fn reopen(workspace: &Workspace, global: &Global) -> anyhow::Result<Self> {
        let cwd = workspace.root().to_path_buf();
        Self::open_at(workspace.clone(), global, cwd)
    }

    /// The track of the workspace that one stands in; elsewhere, the one that the command line names.
    pub(crate) fn track_anywhere(global: &Global) -> anyhow::Result<Track> {
        let cwd = std::env::current_dir().unwrap_or_default();
        match global.workspace.is_some() || Workspace::find(&cwd).is_some() {
            true => Ok(Self::open(global)?.track),
            false => track_of(global, ""),
        }
    }

    /// Opens a workspace.
    pub(crate) fn open_at(
        workspace: Workspace,
        global: &Global,
        cwd: PathBuf,
    ) -> anyhow::Result<Self> {
        let (store, notices) = Store::open(&workspace.state())?;
        let style = Style::stderr();
        for notice in notices {
            eprintln!("{} {notice}", style.strong(Tone::Warn, "note:"));
        }
        let track = track_of(global, &store.progress().track)?;
        let mut context = Self {
            workspace,
            store,
            track,
            cwd,
        };
        context.follow_renames();
        Ok(context)
    }

    /// What is known under an exercise's former name counts for the exercise.
    fn follow_renames(&mut self) {
        let progress = self.store.progress();
        let known =
            |name: &String| progress.is_done(name) || progress.current.as_ref() == Some(name);
        let renames: Vec<(String, String)> = self
            .track
            .exercises()
            .iter()
            .flat_map(|exercise| {
                exercise
                    .aliases
                    .iter()
                    .map(|alias| (alias.clone(), exercise.name.clone()))
            })
            .filter(|(alias, _)| known(alias))
            .collect();
        if !renames.is_empty() {
            // In a folder that cannot be written the old name is only not followed.
            let _ = self.store.update(|progress| {
                renames
                    .iter()
                    .for_each(|(old, new)| progress.rename(old, new))
            });
        }
    }

    /// The exercise that a word of the command line means; without one, the one whose folder one stands in,
    /// or the current one.
    pub(crate) fn exercise(&self, word: Option<&str>) -> anyhow::Result<&Exercise> {
        let Some(word) = word else {
            let standing = self.workspace.standing_in(&self.track, &self.cwd);
            return standing
                .or_else(|| self.current())
                .ok_or_else(|| Wrong("the track has no exercises".into()).into());
        };
        self.workspace
            .address(&self.track, word, &self.cwd)
            .ok_or_else(|| {
                let known = self
                    .track
                    .exercises()
                    .iter()
                    .map(|exercise| exercise.name.as_str());
                let remedy = match did_you_mean(word, known) {
                    Some(name) => format!("did you mean \"{name}\"?"),
                    None => "`backlings list` shows them all".to_string(),
                };
                Wrong(format!("there is no exercise \"{word}\"; {remedy}")).into()
            })
    }

    /// Where the learner is: the current exercise, or the first pending one.
    pub(crate) fn current(&self) -> Option<&Exercise> {
        let progress = self.store.progress();
        let current = progress
            .current
            .as_deref()
            .and_then(|name| self.track.exercise(name));
        current.or_else(|| {
            let walk = self.track.walk(&progress.roadmap);
            let pending = walk
                .iter()
                .find(|exercise| !progress.is_done(&exercise.name));
            pending.or(walk.first()).copied()
        })
    }

    /// The learner's roadmap.
    pub(crate) fn roadmap(&self) -> &str {
        match self.store.progress().roadmap.as_str() {
            name if self.track.roadmap(name).is_some() => name,
            _ => FULL_ROADMAP,
        }
    }

    /// The learner's calendar: empty without one.
    pub(crate) fn stages<'t>(&self, legs: &[Leg<'t>]) -> Vec<Stage<'t>> {
        let plan = self.store.progress().plan.as_ref();
        plan.map_or_else(Vec::new, |plan| calendar(legs, plan.start, plan.hours))
    }

    /// Where the learner is in the calendar.
    pub(crate) fn standing(&self, stages: &[Stage<'_>]) -> Option<Standing> {
        let progress = self.store.progress();
        standing(stages, today(), |name| progress.is_done(name))
    }

    /// What the history adds up to.
    pub(crate) fn activity(&self) -> anyhow::Result<Activity> {
        Ok(self.store.activity(&TimeZone::system())?)
    }

    pub(crate) fn status(&self, exercise: &Exercise) -> Status {
        if self.store.progress().is_done(&exercise.name) {
            Status::Done
        } else {
            Status::Pending
        }
    }

    /// The exercises that filters leave, in the order of the learner's roadmap, then the rest.
    pub(crate) fn select(&self, filters: &[String]) -> anyhow::Result<Vec<&Exercise>> {
        let filter = Filter::parse(filters, &self.track)?;
        let mut order = self.track.walk(&self.store.progress().roadmap);
        let mut seen: std::collections::HashSet<&str> = order
            .iter()
            .map(|exercise| exercise.name.as_str())
            .collect();
        order.extend(
            self.track
                .exercises()
                .iter()
                .filter(|exercise| seen.insert(&exercise.name)),
        );
        order.retain(|exercise| filter.matches(exercise, self.status(exercise)));
        Ok(order)
    }

    /// The judge of this workspace.
    pub(crate) fn judge(&self) -> anyhow::Result<Judge> {
        Ok(Judge::new(
            supervisor()?,
            self.workspace.root(),
            &self.workspace.state(),
        ))
    }
}

/// The learner's date.
pub(crate) fn today() -> Date {
    Zoned::now().date()
}

/// An unknown word, with what was meant or what there is.
pub(crate) fn unknown<'a>(
    what: &str,
    word: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Wrong {
    let remedy = match did_you_mean(word, known.clone()) {
        Some(name) => format!("did you mean \"{name}\"?"),
        None => {
            let known: Vec<&str> = known.into_iter().collect();
            format!("there are: {}", known.join(", "))
        }
    };
    Wrong(format!("there is no {what} \"{word}\"; {remedy}"))
}

/// Runs children in cages made of this very program.
pub(crate) fn supervisor() -> anyhow::Result<Supervisor> {
    Ok(Supervisor::of_this_program()?)
}

/// The track that the command line or the workspace names.
pub(crate) fn track_of(global: &Global, remembered: &str) -> anyhow::Result<Track> {
    let dir = match (&global.track, remembered) {
        (Some(dir), _) => Some(dir.as_path()),
        (None, "" | "official") => None,
        (None, dir) => Some(Path::new(dir)),
    };
    match dir {
        Some(dir) => Ok(Track::from_dir(dir)?),
        None => Ok(Track::official()?),
    }
}
