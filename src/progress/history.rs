//! `history.jsonl`: what happened, one JSON object a line, only ever appended to.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::disk::Disk;
use super::file;

/// A longer line is none of ours, and not worth the memory.
const LONGEST: usize = 64 * 1024;

/// What can happen besides a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A hint was shown.
    Hint,
    /// The exercise went back to its stub.
    Reset,
    /// An attempt came back.
    Restore,
    /// A newer track brought new files.
    Update,
    /// The solution was shown before a pass.
    Solution,
    /// A done exercise counts as pending again.
    Reopen,
    /// A done exercise began afresh, to be repeated.
    Review,
    /// Watch mode began at the exercise.
    Open,
}

impl Event {
    /// The name in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Reset => "reset",
            Self::Restore => "restore",
            Self::Update => "update",
            Self::Solution => "solution",
            Self::Reopen => "reopen",
            Self::Review => "review",
            Self::Open => "open",
        }
    }
}

/// A line of the history. Texts that it does not have are empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Entry<'a> {
    /// When, in RFC 3339; [`Self::time`] reads it.
    #[serde(borrow)]
    pub at: Cow<'a, str>,
    /// The exercise's name.
    #[serde(borrow)]
    pub exercise: Cow<'a, str>,
    /// What happened, if it was no verdict: an [`Event`]'s name, or one of a newer version.
    // An `Option<Cow>` would be read into a `String` of its own, in every line.
    #[serde(borrow, default, skip_serializing_if = "str::is_empty")]
    pub event: Cow<'a, str>,
    /// The verdict's name: "passed", "tests_failed", …
    #[serde(borrow, default, skip_serializing_if = "str::is_empty")]
    pub verdict: Cow<'a, str>,
    /// Time in the compiler, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compile_ms: Option<u64>,
    /// Time in the tests, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_ms: Option<u64>,
    /// The content that was judged, in hexadecimal.
    #[serde(borrow, default, skip_serializing_if = "str::is_empty")]
    pub hash: Cow<'a, str>,
    /// With [`Event::Hint`]: how many hints were shown by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<u32>,
}

impl<'a> Entry<'a> {
    /// A verdict.
    pub fn judged(
        at: Timestamp,
        exercise: &'a str,
        verdict: &'a str,
        compile: Duration,
        run: Duration,
        hash: &'a str,
    ) -> Self {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            verdict: verdict.into(),
            compile_ms: Some(millis(compile)),
            run_ms: Some(millis(run)),
            hash: hash.into(),
            ..Self::new(at, exercise)
        }
    }

    /// Something else.
    pub fn event(at: Timestamp, exercise: &'a str, event: Event) -> Self {
        Self {
            event: event.name().into(),
            ..Self::new(at, exercise)
        }
    }

    fn new(at: Timestamp, exercise: &'a str) -> Self {
        Self {
            at: at.to_string().into(),
            exercise: exercise.into(),
            ..Self::default()
        }
    }

    /// When it happened, if `at` can be read.
    pub fn time(&self) -> Option<Timestamp> {
        self.at.parse().ok()
    }

    /// Whether it is a verdict by which the exercise is done.
    pub fn passed(&self) -> bool {
        self.event.is_empty() && self.verdict == "passed"
    }

    /// Whether it is this event.
    pub fn is(&self, event: Event) -> bool {
        self.event == event.name()
    }

    /// Whether it changes what is done, so that it must survive a power cut.
    pub(super) fn matters(&self) -> bool {
        self.passed() || self.is(Event::Reopen) || self.is(Event::Review)
    }
}

/// Appends an entry and gives the length of the file after it. A line that a crash tore off is
/// ended first, so that it harms none but itself.
pub(super) fn append(disk: &dyn Disk, path: &Path, entry: &Entry<'_>) -> io::Result<u64> {
    let len = length(disk, path)?;
    let mut line = Vec::with_capacity(200);
    if len > 0 && !ends_line(disk, path, len)? {
        line.push(b'\n');
    }
    serde_json::to_writer(&mut line, entry)?;
    line.push(b'\n');
    disk.append(path, &line)?;
    if entry.matters() {
        disk.sync(path)?;
    }
    Ok(len + line.len() as u64)
}

/// The file's length; a missing one is empty.
pub(super) fn length(disk: &dyn Disk, path: &Path) -> io::Result<u64> {
    match file::find(disk, path)? {
        Some(stat) if stat.folder => Err(io::ErrorKind::IsADirectory.into()),
        found => Ok(found.map_or(0, |stat| stat.len)),
    }
}

/// Gives every entry from byte `from` on, or from the start if no line starts at `from`, and
/// returns the number of lines that could not be read.
pub(super) fn read_from(
    disk: &dyn Disk,
    path: &Path,
    from: u64,
    each: impl FnMut(&Entry<'_>),
) -> io::Result<usize> {
    let len = length(disk, path)?;
    if len == 0 || from == len {
        return Ok(0);
    }
    let continues = from > 0 && from < len && ends_line(disk, path, from)?;
    let start = if continues { from } else { 0 };
    read(disk.reader(path, start)?, each)
}

/// Whether a line ends before byte `at`.
fn ends_line(disk: &dyn Disk, path: &Path, at: u64) -> io::Result<bool> {
    let mut byte = [0];
    disk.reader(path, at - 1)?.read_exact(&mut byte)?;
    Ok(byte == *b"\n")
}

fn read(source: impl Read, mut each: impl FnMut(&Entry<'_>)) -> io::Result<usize> {
    let mut source = BufReader::with_capacity(64 * 1024, source);
    let mut line = Vec::new();
    let mut skipped = 0;
    loop {
        line.clear();
        let limited = &mut source.by_ref().take(LONGEST as u64);
        if limited.read_until(b'\n', &mut line)? == 0 {
            return Ok(skipped);
        }
        if line.len() == LONGEST && !line.ends_with(b"\n") {
            skip_line(&mut source)?;
            skipped += 1;
        } else if !line.trim_ascii().is_empty() {
            match parse(&line) {
                Some(entry) => each(&entry),
                None => skipped += 1,
            }
        }
    }
}

fn parse(line: &[u8]) -> Option<Entry<'_>> {
    // The whole line is checked for UTF-8 at once, which is faster than each text on its own.
    serde_json::from_str(std::str::from_utf8(line).ok()?).ok()
}

fn skip_line(source: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = source.fill_buf()?;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let (len, done) = (buffer.len(), end.is_some() || buffer.is_empty());
        source.consume(end.map_or(len, |end| end + 1));
        if done {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::disk::RealDisk;
    use super::*;

    fn entry(number: i64) -> Entry<'static> {
        let at = Timestamp::from_second(number).unwrap();
        let time = Duration::from_micros(1999);
        Entry::judged(at, "two_sum", "passed", time, time, "ab")
    }

    fn seen(path: &Path, from: u64) -> (Vec<i64>, usize) {
        let mut times = Vec::new();
        let skipped = read_from(&RealDisk, path, from, |entry| {
            times.push(entry.time().unwrap().as_second());
        });
        (times, skipped.unwrap())
    }

    #[test]
    fn a_line_is_as_documented() {
        let line = serde_json::to_string(&entry(0)).unwrap();
        assert_eq!(
            line,
            r#"{"at":"1970-01-01T00:00:00Z","exercise":"two_sum","verdict":"passed","compile_ms":1,"run_ms":1,"hash":"ab"}"#
        );
        let event = Entry::event(Timestamp::UNIX_EPOCH, "a", Event::Reset);
        assert_eq!(
            serde_json::to_string(&event).unwrap(),
            r#"{"at":"1970-01-01T00:00:00Z","exercise":"a","event":"reset"}"#
        );
    }

    #[test]
    fn a_torn_line_costs_only_itself() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("h");
        append(&RealDisk, &path, &entry(1)).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for cut in 1..whole.len() {
            std::fs::write(&path, [&whole[..], &whole[..cut]].concat()).unwrap();
            // Only the newline is missing from the last one: it says all that it has to say.
            let complete = cut == whole.len() - 1;
            let torn = usize::from(!complete);
            assert_eq!(seen(&path, 0).1, torn);
            let len = append(&RealDisk, &path, &entry(2)).unwrap();
            assert_eq!(len, std::fs::metadata(&path).unwrap().len());
            let expected = if complete { vec![1, 1, 2] } else { vec![1, 2] };
            assert_eq!(seen(&path, 0), (expected, torn));
        }
    }

    #[test]
    fn reading_goes_on_where_it_ended() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("h");
        assert_eq!(seen(&path, 0), (vec![], 0));
        let first = append(&RealDisk, &path, &entry(1)).unwrap();
        let second = append(&RealDisk, &path, &entry(2)).unwrap();
        assert_eq!(seen(&path, 0).0, [1, 2]);
        assert_eq!(seen(&path, first).0, [2]);
        assert_eq!(seen(&path, second).0, Vec::<i64>::new());
        // No line starts there: it is another file than the one that was read before.
        assert_eq!(seen(&path, first + 1).0, [1, 2]);
        assert_eq!(seen(&path, second + 1).0, [1, 2]);
    }

    #[test]
    fn foreign_lines_are_skipped_and_counted() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("h");
        append(&RealDisk, &path, &entry(1)).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend(b"\r\n\n{\"at\":1}\n[]\n\xff\xfe\n\0\0\0\n{\"at\":\"x\",\"exercise\":");
        bytes.push(b'\n');
        bytes.extend(vec![b'x'; 3 * LONGEST]);
        bytes.push(b'\n');
        bytes.extend(serde_json::to_vec(&entry(2)).unwrap());
        bytes.extend(b"\r\n");
        bytes.extend(vec![b'y'; LONGEST]);
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(seen(&path, 0), (vec![1, 2], 7));
    }

    #[test]
    fn a_line_of_exactly_the_longest_length_is_read() {
        let mut line = serde_json::to_vec(&entry(1)).unwrap();
        line.resize(LONGEST - 1, b' ');
        line.push(b'\n');
        let mut count = 0;
        let twice = [line.clone(), line].concat();
        assert_eq!(read(&twice[..], |_| count += 1).unwrap(), 0);
        assert_eq!(count, 2);
    }

    #[test]
    fn names_with_escapes_and_later_events_are_read() {
        let line = r#"{"at":"x","exercise":"a\"b\u00e9","event":"teleport","more":[1]}"#;
        let entry: Entry<'_> = serde_json::from_str(line).unwrap();
        assert_eq!(entry.exercise, "a\"bé");
        assert!(!entry.matters() && entry.time().is_none());
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
            read(&bytes[..], |_| {}).unwrap();
        }
    }
}
