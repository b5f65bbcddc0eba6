//! The reducer, event by event.

mod keys;
mod lists;
mod passes;
mod saves;

use super::*;
use crate::judge::{Diagnostic, Failure, Kind, Level, Sources, Verdict};
use crate::track::{ContentHash, Difficulty, File};
use crate::watch::keys::Key;

/// A session with names for what comes and goes.
pub(crate) struct Play {
    pub(crate) session: Session,
    pub(crate) now: Duration,
}

pub(crate) fn item(name: &str, done: bool) -> Item {
    Item {
        name: name.into(),
        title: format!("All about {name}"),
        topic: "Data structures".into(),
        difficulty: Difficulty::Medium,
        minutes: 30,
        path: format!("exercises/01_data_structures/{name}/{name}.rs"),
        hints: vec![
            "Look at `get`.".into(),
            "Think of **tombstones**: what stops a probe?".into(),
        ],
        done,
    }
}

pub(crate) fn verdict(kind: Kind, version: &str) -> Verdict {
    let failed = kind == Kind::TestsFailed;
    Verdict {
        exercise: "any".into(),
        hash: hash(version),
        kind,
        passed: vec![
            "an_empty_map_has_nothing".into(),
            "what_is_put_is_got".into(),
        ],
        misconception: None,
        failures: failed.then(failure).into_iter().collect(),
        diagnostics: Vec::new(),
        notes: Vec::new(),
        output: String::new(),
        compile: Duration::from_millis(120),
        run: Duration::from_millis(30),
    }
}

fn failure() -> Failure {
    Failure {
        test: "deleted_slots_are_reused".into(),
        message: "assertion `left == right` failed: 3 were removed\n  left: 3\n right: 0".into(),
        location: Some("exercises/01_data_structures/b/tests.rs:41:9".into()),
        output: String::new(),
    }
}

pub(crate) fn hash(version: &str) -> ContentHash {
    sources(version).hash
}

fn sources(version: &str) -> Sources {
    Sources::from_files(vec![File {
        name: "x.rs".into(),
        bytes: version.into(),
    }])
}

fn judged(verdict: Verdict) -> Arc<Judged> {
    Arc::new(Judged {
        verdict,
        sources: sources("v"),
    })
}

impl Play {
    /// Exercises a, b, c… of which some are done, in a terminal of 80x24.
    pub(crate) fn new(done: &[bool]) -> Self {
        Self::with(done, true)
    }

    pub(crate) fn with(done: &[bool], advance: bool) -> Self {
        let names = ["a", "b", "c", "d", "e", "f"];
        let items: Vec<Item> = done
            .iter()
            .zip(names)
            .map(|(&done, name)| item(name, done))
            .collect();
        let current = done.iter().position(|done| !done).unwrap_or(0);
        let start = Start {
            course: "backlings".into(),
            root: "/work".into(),
            limit: None,
            farewell: "# Well done\n\nThat was *all* of it.".into(),
            items,
            current,
            advance,
            notice: None,
            style: Style::plain(),
            size: Size::new(80, 24),
        };
        let (session, effects) = Session::new(start);
        assert_eq!(
            brief(&effects),
            [
                format!("Watch({current})"),
                format!("SetCurrent({current})"),
                format!("Judge(1, {current})")
            ]
        );
        Self {
            session,
            now: Duration::ZERO,
        }
    }

    pub(crate) fn event(&mut self, event: Event) -> Vec<String> {
        brief(&self.session.update(event, self.now))
    }

    pub(crate) fn keys(&mut self, keys: &str) -> Vec<String> {
        let mut effects = Vec::new();
        for key in keys.chars() {
            effects = self.key(Key::Char(key));
        }
        effects
    }

    pub(crate) fn key(&mut self, key: Key) -> Vec<String> {
        self.event(Event::Key(key))
    }

    /// The running judgement ends, with the same version still on the disk.
    pub(crate) fn judged(&mut self, kind: Kind) -> Vec<String> {
        let verdict = verdict(kind, "v");
        self.judgement(Some(verdict), Some(hash("v")))
    }

    pub(crate) fn judgement(
        &mut self,
        verdict: Option<Verdict>,
        on_disk: Option<ContentHash>,
    ) -> Vec<String> {
        let id = self.running();
        self.event(Event::Judged {
            id,
            judged: verdict.map(judged),
            on_disk,
        })
    }

    pub(crate) fn running(&self) -> u64 {
        match self.session.work {
            Work::Judging { id, .. } | Work::Checking { id, .. } => id,
            Work::Idle => panic!("nothing is being judged"),
        }
    }

    pub(crate) fn notice(&self) -> &str {
        self.session
            .notice
            .as_ref()
            .map_or("", |notice| &notice.text)
    }

    pub(crate) fn screen(&self) -> String {
        let lines = crate::watch::view::frame(&self.session);
        let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
        lines.join("\n")
    }
}

pub(crate) fn brief(effects: &[Effect]) -> Vec<String> {
    let one = |effect: &Effect| match effect {
        Effect::Record(item, judged) => format!("Record({item}, {})", judged.verdict.kind.name()),
        Effect::Advise(item, _) => format!("Advise({item})"),
        other => format!("{other:?}"),
    };
    effects.iter().map(one).collect()
}

pub(crate) fn broken() -> Verdict {
    let diagnostic = |level, rendered: &str, location: &str| Diagnostic {
        level,
        rendered: rendered.into(),
        location: Some(location.into()),
    };
    Verdict {
        passed: Vec::new(),
        diagnostics: vec![diagnostic(
            Level::Error,
            "error[E0308]: mismatched types\n --> exercises/01_data_structures/b/b.rs:12:5\n  |\n12 |     7u8\n  |     ^^^ expected `u32`, found `u8`\n",
            "exercises/01_data_structures/b/b.rs:12:5",
        )],
        ..verdict(Kind::CompileFailed, "v")
    }
}
