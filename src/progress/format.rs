//! `progress.toml` as text: written so that a cut is noticed, read so that nothing usable is lost.

use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::state::{Done, Progress};

/// The format that this program writes, and the newest that it reads.
const VERSION: i64 = 1;

const FIRST_LINE: &str = "# What you did in this workspace; kept by backlings.";

/// Ends the file. TOML that is cut between two entries is still TOML, so its end has to be seen.
const LAST_LINE: &str = "# end of progress";

/// What a file holds.
#[derive(Debug)]
pub(super) enum Parsed {
    /// All of it was understood.
    Good(Progress),
    /// A newer version wrote it; this much was understood.
    Newer(i64, Progress),
    /// Why it cannot be trusted, and what could be read of it.
    Damaged(String, Progress),
}

#[derive(Serialize)]
struct Document<'a> {
    format_version: i64,
    #[serde(flatten)]
    progress: &'a Progress,
}

/// The file's text.
pub(super) fn render(progress: &Progress) -> Result<String, toml::ser::Error> {
    let document = Document {
        format_version: VERSION,
        progress,
    };
    let body = toml::to_string(&document)?;
    Ok(format!("{FIRST_LINE}\n{body}\n{LAST_LINE}\n"))
}

/// Reads a file's bytes. Never fails: at worst it is damaged and nothing could be read.
pub(super) fn parse(bytes: &[u8]) -> Parsed {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reading = Reading::default();
    if std::str::from_utf8(bytes).is_err() {
        reading.wrong("it is not UTF-8");
    }
    if text.trim().is_empty() {
        reading.wrong("it is empty");
    } else if !text.lines().any(|line| line.trim() == LAST_LINE) {
        reading.wrong("its end is missing");
    }
    if let Some(error) = errors.first() {
        let at = error.span().map_or(0, |span| span.start);
        let before = text.as_bytes().get(..at).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        reading.wrong(&format!("line {line}: {}", error.message().trim()));
    }
    let known_words_only = errors.is_empty();
    reading.document(table.into_inner());
    reading.finish(known_words_only)
}

#[derive(Default)]
struct Reading {
    version: Option<i64>,
    progress: Progress,
    problem: Option<String>,
}

impl Reading {
    /// Notes what is wrong; the first thing is the one to tell.
    fn wrong(&mut self, what: &str) {
        self.problem.get_or_insert_with(|| what.to_string());
    }

    fn document(&mut self, table: DeTable<'_>) {
        for (key, value) in table {
            let key = key.into_inner();
            match key.as_ref() {
                "format_version" => self.version = self.get(&key, value),
                "track" => self.progress.track = self.get(&key, value).unwrap_or_default(),
                "roadmap" => self.progress.roadmap = self.get(&key, value).unwrap_or_default(),
                "current" => self.progress.current = self.get(&key, value),
                "history_bytes" => {
                    self.progress.history_bytes = self.get(&key, value).unwrap_or_default();
                }
                "plan" => self.progress.plan = self.get(&key, value),
                "done" => self.each(&key, value, Self::done),
                "review" => self.each(&key, value, |reading, name, value| {
                    if let Some(since) = reading.time(value) {
                        reading.progress.review.insert(name, since);
                    }
                }),
                "hints" => self.each(&key, value, |reading, name, value| {
                    if let Some(shown) = reading.get(&name, value) {
                        reading.progress.hints.insert(name, shown);
                    }
                }),
                _ => {
                    if let Some(value) = self.get(&key, value) {
                        self.progress.other.insert(key.into_owned(), value);
                    }
                }
            }
        }
    }

    fn done(&mut self, name: String, value: Spanned<DeValue<'_>>) {
        let mut done = Done::default();
        let (mut at, mut hash) = (None, None);
        self.each(&name, value, |reading, key, value| match key.as_str() {
            "at" => at = reading.time(value),
            "hash" => hash = reading.get(&key, value),
            _ => {
                if let Some(value) = reading.get(&key, value) {
                    done.other.insert(key, value);
                }
            }
        });
        if let (Some(at), Some(hash)) = (at, hash) {
            (done.at, done.hash) = (at, hash);
            self.progress.done.insert(name, done);
        } else {
            self.wrong(&format!("`{name}` lacks a time or a hash"));
        }
    }

    fn each<'i>(
        &mut self,
        name: &str,
        value: Spanned<DeValue<'i>>,
        mut entry: impl FnMut(&mut Self, String, Spanned<DeValue<'i>>),
    ) {
        let DeValue::Table(table) = value.into_inner() else {
            return self.wrong(&format!("`{name}` is no table"));
        };
        for (key, value) in table {
            entry(self, key.into_inner().into_owned(), value);
        }
    }

    /// A time, as a string or as one of TOML's own.
    fn time(&mut self, value: Spanned<DeValue<'_>>) -> Option<jiff::Timestamp> {
        let time = match value.as_ref() {
            DeValue::String(text) => text.parse().ok(),
            DeValue::Datetime(time) => time.to_string().parse().ok(),
            _ => None,
        };
        if time.is_none() {
            self.wrong("`at` is no time");
        }
        time
    }

    fn get<'i, T: Deserialize<'i>>(&mut self, key: &str, value: Spanned<DeValue<'i>>) -> Option<T> {
        let read = T::deserialize(ValueDeserializer::from(value));
        if let Err(error) = &read {
            self.wrong(&format!("`{key}`: {}", error.message()));
        }
        read.ok()
    }

    fn finish(mut self, known_words_only: bool) -> Parsed {
        match self.version {
            Some(version) if version > VERSION => return Parsed::Newer(version, self.progress),
            Some(VERSION) => {}
            _ => self.wrong("`format_version` is missing or wrong"),
        }
        let Some(problem) = self.problem else {
            return Parsed::Good(self.progress);
        };
        let progress = &mut self.progress;
        // It may claim more of the history than what is left of it contains.
        progress.history_bytes = 0;
        // Keys and names that only the damage made are not worth keeping.
        if !known_words_only {
            progress.other.clear();
        }
        let mangled = |text: &str| text.contains('\u{fffd}');
        progress
            .done
            .retain(|name, done| !mangled(name) && !mangled(&done.hash));
        progress.hints.retain(|name, _| !mangled(name));
        progress.review.retain(|name, _| !mangled(name));
        Parsed::Damaged(problem, self.progress)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::state::Plan;
    use super::*;

    fn sample() -> Progress {
        let mut progress = Progress {
            track: "official".into(),
            roadmap: "junior".into(),
            history_bytes: 77,
            ..Progress::default()
        };
        progress.set_current("two_sum");
        let at = "2025-11-22T12:41:00.5Z".parse().unwrap();
        progress.pass("two_sum", at, "0123");
        progress.pass("odd \"name\".x", at, "4567");
        progress.show_hint("two_sum");
        progress.plan = Some(Plan {
            start: jiff::civil::date(2026, 1, 5),
            hours: Some(8),
        });
        progress.begin_review("two_sum", at);
        progress
    }

    fn good(bytes: &[u8]) -> Progress {
        match parse(bytes) {
            Parsed::Good(progress) => progress,
            other => panic!("{other:?}"),
        }
    }

    fn damaged(bytes: &[u8]) -> (String, Progress) {
        match parse(bytes) {
            Parsed::Damaged(why, progress) => (why, progress),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let text = render(&sample()).unwrap();
        assert_eq!(good(text.as_bytes()), sample());
        assert_eq!(good(text.replace('\n', "\r\n").as_bytes()), sample());
        assert_eq!(good(format!("\u{feff}{text}").as_bytes()), sample());
        assert_eq!(good(text.trim_end().as_bytes()), sample());
        assert!(text.contains("\n[done.two_sum]\nat = \"2025-11-22T12:41:00.5Z\"\n"));
    }

    #[test]
    fn the_empty_state_is_written_and_read() {
        let text = render(&Progress::default()).unwrap();
        assert_eq!(good(text.as_bytes()), Progress::default());
    }

    #[test]
    fn a_cut_anywhere_is_noticed() {
        let text = render(&sample()).unwrap();
        for len in 0..text.len() - 1 {
            let (why, salvage) = damaged(&text.as_bytes()[..len]);
            assert!(!why.is_empty());
            assert!(salvage.done.len() <= 2 && salvage.history_bytes == 0);
        }
        assert_eq!(damaged(b"").0, "it is empty");
    }

    #[test]
    fn a_cut_file_still_gives_its_whole_entries() {
        let text = render(&sample()).unwrap();
        let second = text.find("[done.two_sum]").unwrap();
        let (_, salvage) = damaged(&text.as_bytes()[..second + 20]);
        assert!(salvage.is_done("odd \"name\".x") && !salvage.is_done("two_sum"));
        assert_eq!(salvage.roadmap, "junior");
    }

    #[test]
    fn foreign_keys_and_names_stay() {
        let text = render(&sample()).unwrap();
        let text = text
            .replace(
                "track = ",
                "theme = \"dark\"\nlist = [1, { a = 2 }]\ntrack = ",
            )
            .replace(
                "[done.two_sum]\n",
                "[done.two_sum]\nmood = \"happy\"\ntimes = { best = 1.5 }\n",
            )
            + "[done.from_another_track]\nat = 2024-01-02T03:04:05+02:00\nhash = 'ff'\n[badge.x]\ny = 1\n[[log]]\nz = 1\n";
        let first = good(text.as_bytes());
        let again = render(&first).unwrap();
        assert_eq!(good(again.as_bytes()), first);
        for kept in [
            "theme",
            "mood",
            "best",
            "from_another_track",
            "badge",
            "log",
            "list",
        ] {
            assert!(again.contains(kept), "{kept} was lost:\n{again}");
        }
        let at = first.done["from_another_track"].at;
        assert_eq!(at.to_string(), "2024-01-02T01:04:05Z");
    }

    #[test]
    fn newer_formats_are_told_from_damage() {
        let text = render(&sample())
            .unwrap()
            .replace("format_version = 1", "format_version = 300");
        assert!(
            matches!(parse(text.as_bytes()), Parsed::Newer(300, seen) if seen.is_done("two_sum"))
        );
        for wrong in ["0", "-1", "\"1\"", "1.0"] {
            let text = text.replace("= 300", &format!("= {wrong}"));
            damaged(text.as_bytes());
        }
        damaged(text.replace("format_version = 300\n", "").as_bytes());
    }

    #[test]
    fn wrong_values_are_damage_and_the_rest_is_kept() {
        let text = render(&sample()).unwrap();
        for (from, to) in [
            ("at = \"2025", "at = \"yesterday 2025"),
            ("hash = \"0123\"", "hash = 123"),
            ("[hints]", "[hints]\nother = -1"),
            ("[hints]", "[hints]\nother = 5000000000"),
            ("history_bytes = 77", "history_bytes = -77"),
            ("roadmap = \"junior\"", "roadmap = []"),
        ] {
            let broken = text.replacen(from, to, 1);
            assert_ne!(broken, text);
            let (_, salvage) = damaged(broken.as_bytes());
            assert!(!salvage.done.is_empty(), "{to}");
            assert_eq!(salvage.hints_shown("two_sum"), 1, "{to}");
        }
    }

    #[test]
    fn mangled_names_are_not_taken_over() {
        let mut bytes = render(&sample()).unwrap().into_bytes();
        let at = String::from_utf8_lossy(&bytes)
            .find("[done.two_sum]")
            .unwrap();
        bytes[at + 8] = 0xff;
        let (why, salvage) = damaged(&bytes);
        assert_eq!(why, "it is not UTF-8");
        assert_eq!(salvage.done.keys().collect::<Vec<_>>(), ["odd \"name\".x"]);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
            parse(&bytes);
        }

        #[test]
        fn mutated_files_never_panic(
            edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        ) {
            let mut bytes = render(&sample()).unwrap().into_bytes();
            for (at, byte) in edits {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            parse(&bytes);
        }

        #[test]
        fn any_state_is_written_and_read(
            names in prop::collection::btree_map(any::<String>(), any::<(u32, String)>(), 0..5),
        ) {
            let mut progress = Progress::default();
            for (name, (number, text)) in names {
                progress.pass(&name, jiff::Timestamp::from_second(i64::from(number)).unwrap(), &text);
                progress.hints.insert(name, number);
                progress.current = Some(text);
            }
            prop_assert_eq!(good(render(&progress).unwrap().as_bytes()), progress);
        }
    }
}
