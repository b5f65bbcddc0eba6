//! What the history adds up to: time, attempts, hints and passes, by exercise and by day.
//!
//! Time is what lies between two events in a row, whichever they are: a save, a hint, the start of watch mode. A pause that
//! is longer than [`PAUSE`] counts as none, so an open terminal costs nothing.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::disk::Disk;
use super::history::{self, Entry, Event};

/// Whoever does not save for so long does something else.
const PAUSE: SignedDuration = SignedDuration::from_mins(20);

/// The form of the cache; another one is read anew.
const VERSION: u32 = 1;

/// What the history adds up to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// Each exercise that something happened at.
    pub exercises: BTreeMap<String, Effort>,
    /// Each day on which something was judged.
    pub days: BTreeMap<Date, Day>,
    /// When the last event was.
    last: Option<Timestamp>,
}

/// What an exercise took.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Effort {
    /// Seconds of work.
    pub seconds: u64,
    /// Versions judged up to a pass, the passing ones included.
    pub attempts: u32,
    /// Hints shown.
    pub hints: u32,
    /// When it passed first.
    pub first_pass: Option<Timestamp>,
    /// Each time that it was done from the start to a pass, in order.
    pub rounds: Vec<Round>,
    /// The round that has not passed yet; none after a pass.
    open: Option<Round>,
    /// When something was judged last.
    pub last: Option<Timestamp>,
}

/// Once from the start to a pass.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// When it passed.
    pub at: Timestamp,
    /// Versions judged, the passing one included.
    pub attempts: u32,
    /// Hints shown meanwhile.
    pub hints: u32,
    /// Whether the solution was looked at before.
    pub solution: bool,
}

/// A day's work.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Day {
    /// Seconds of work.
    pub seconds: u64,
    /// Versions judged.
    pub judged: u32,
    /// Rounds that passed.
    pub passed: u32,
}

impl Activity {
    /// Seconds of work in all.
    pub fn seconds(&self) -> u64 {
        self.exercises.values().map(|effort| effort.seconds).sum()
    }

    /// Versions judged up to a pass, in all.
    pub fn attempts(&self) -> u64 {
        let each = self.exercises.values();
        each.map(|effort| u64::from(effort.attempts)).sum()
    }

    /// Hints shown, in all.
    pub fn hints(&self) -> u64 {
        let each = self.exercises.values();
        each.map(|effort| u64::from(effort.hints)).sum()
    }

    /// The days in a row with work up to today; today itself may still come.
    pub fn streak(&self, today: Date) -> u32 {
        let yesterday = today.saturating_sub(1.day());
        let mut day = if self.days.contains_key(&today) {
            today
        } else {
            yesterday
        };
        let mut days = 0;
        while self.days.contains_key(&day) {
            days += 1;
            day = match day.yesterday() {
                Ok(before) => before,
                Err(_) => break,
            };
        }
        days
    }

    /// The most days in a row with work that there ever were.
    pub fn longest_streak(&self) -> u32 {
        let (mut longest, mut current) = (0, 0);
        let mut next: Option<Date> = None;
        for day in self.days.keys() {
            current = if next == Some(*day) { current + 1 } else { 1 };
            longest = longest.max(current);
            next = day.tomorrow().ok();
        }
        longest
    }

    fn take(&mut self, entry: &Entry<'_>, zone: &TimeZone) {
        let Some(at) = entry.time() else { return };
        let day = zone.to_datetime(at).date();
        let gap = self
            .last
            .map_or(SignedDuration::ZERO, |last| at.duration_since(last));
        self.last = Some(at);
        let name: &str = &entry.exercise;
        if !self.exercises.contains_key(name) {
            self.exercises.insert(name.to_string(), Effort::default());
        }
        let Some(effort) = self.exercises.get_mut(name) else {
            return;
        };
        let passed = effort.take(entry, at);
        let judged = entry.event.is_empty();
        // A clock that was set back gives no time, and takes none.
        let seconds = match gap {
            gap if gap > PAUSE || gap.is_negative() => 0,
            gap => u64::try_from(gap.as_secs()).unwrap_or(0),
        };
        effort.seconds += seconds;
        if judged || seconds > 0 {
            let day = self.days.entry(day).or_default();
            day.seconds += seconds;
            day.judged += u32::from(judged);
            day.passed += u32::from(passed);
        }
    }
}

impl Effort {
    /// How often it was done again after the first pass.
    pub fn repetitions(&self) -> usize {
        self.rounds.len().saturating_sub(1)
    }

    /// Takes an entry in, and says whether a round passed.
    fn take(&mut self, entry: &Entry<'_>, at: Timestamp) -> bool {
        if entry.is(Event::Review) || entry.is(Event::Reset) || entry.is(Event::Reopen) {
            self.open.get_or_insert_default();
            return false;
        }
        if self.rounds.is_empty() {
            self.open.get_or_insert_default();
        }
        if entry.is(Event::Hint) {
            let shown = entry.shown.unwrap_or(0);
            if let Some(round) = self.open.as_mut().filter(|_| shown > self.hints) {
                round.hints += shown - self.hints;
            }
            self.hints = self.hints.max(shown);
        }
        let Some(round) = &mut self.open else {
            return false;
        };
        if entry.is(Event::Solution) {
            round.solution = true;
        }
        if !entry.event.is_empty() {
            return false;
        }
        self.last = Some(at);
        self.attempts = self.attempts.saturating_add(1);
        round.attempts = round.attempts.saturating_add(1);
        if !entry.passed() {
            return false;
        }
        if let Some(round) = self.open.take() {
            self.rounds.push(Round { at, ..round });
        }
        self.first_pass.get_or_insert(at);
        true
    }
}

/// What is kept of the history as far as it was read.
#[derive(Serialize, Deserialize)]
struct Cache {
    version: u32,
    zone: String,
    /// Bytes of the history that are contained.
    bytes: u64,
    /// The last of these bytes: another history has others there.
    tail: String,
    activity: Activity,
}

/// How many bytes of the history's end tell it from another one.
const TAIL: u64 = 120;

/// Reads the history as far as it is new, and keeps what it adds up to.
pub(super) fn read(
    disk: &dyn Disk,
    path: &Path,
    cache_dir: &Path,
    zone: &TimeZone,
) -> io::Result<Activity> {
    let cache_path = cache_dir.join("activity.json");
    let len = history::length(disk, path)?;
    let zone_name = name_of(zone);
    let known = std::fs::read(&cache_path).ok();
    let known = known.and_then(|bytes| serde_json::from_slice::<Cache>(&bytes).ok());
    let known = known.filter(|cache| {
        cache.version == VERSION
            && cache.zone == zone_name
            && cache.bytes <= len
            && tail(disk, path, cache.bytes).is_ok_and(|tail| tail == cache.tail)
    });
    let (from, mut activity) =
        known.map_or_else(Default::default, |cache| (cache.bytes, cache.activity));
    if from == len {
        return Ok(activity);
    }
    history::read_from(disk, path, from, |entry| activity.take(entry, zone))?;
    let Ok(tail) = tail(disk, path, len) else {
        // The last line is being written, or torn: where to go on from is not known.
        return Ok(activity);
    };
    let cache = Cache {
        version: VERSION,
        zone: zone_name,
        bytes: len,
        tail,
        activity,
    };
    // The cache only saves time: where it cannot be written, the next reading takes longer.
    if let Ok(bytes) = serde_json::to_vec(&cache) {
        let _ = keep(cache_dir, &cache_path, &bytes);
    }
    Ok(cache.activity)
}

fn name_of(zone: &TimeZone) -> String {
    let name = zone.iana_name().map(str::to_string);
    name.unwrap_or_else(|| zone.to_offset(Timestamp::UNIX_EPOCH).to_string())
}

/// The bytes before `end`, in hexadecimal; the last one is an end of line, or the history is torn there.
fn tail(disk: &dyn Disk, path: &Path, end: u64) -> io::Result<String> {
    if end == 0 {
        return Ok(String::new());
    }
    let start = end.saturating_sub(TAIL);
    let mut bytes = Vec::new();
    disk.reader(path, start)?
        .take(end - start)
        .read_to_end(&mut bytes)?;
    if bytes.last() != Some(&b'\n') {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Renamed into place, so that whoever reads at the same time reads all of it.
fn keep(dir: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(dir)?;
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    std::fs::write(&temporary, bytes)?;
    std::fs::rename(&temporary, path)
}

#[cfg(test)]
#[path = "tests/activity.rs"]
mod tests;
