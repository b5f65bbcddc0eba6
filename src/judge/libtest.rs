//! The test harness's own words: its JSON events, read as they come.
//!
//! libtest prints JSON on a stable compiler when `RUSTC_BOOTSTRAP=1` stands in the environment of the test
//! binary. Its exit code is no proof: a test that calls `exit(0)` gives 0. So a pass needs an `ok` event for
//! each expected test and the tally at the end.

use std::time::Instant;

use serde::Deserialize;

use super::lines::{Line, Lines};

/// What the events of one run say.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// Every test that was started, in that order.
    pub(super) tests: Vec<Ran>,
    /// How many tests the run was going to hold.
    pub(super) planned: usize,
    /// Whether the final tally was seen.
    pub(super) finished: bool,
    /// What came on standard output beside the events.
    pub(super) other: Vec<u8>,
}

/// One test of a run.
#[derive(Debug)]
pub(super) struct Ran {
    /// libtest's name for it.
    pub(super) name: String,
    /// How it ended; `None` while it runs.
    pub(super) end: Option<End>,
    /// When its start was heard of.
    pub(super) since: Instant,
}

impl Ran {
    fn new(name: String, end: Option<End>) -> Self {
        Self {
            name,
            end,
            since: Instant::now(),
        }
    }
}

/// How a test ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It passed.
    Ok,
    /// It was `#[ignore]`d.
    Ignored,
    /// It failed.
    Failed {
        /// What it printed, with the panic's message.
        output: String,
        /// libtest's own reason, if it has one.
        message: Option<String>,
    },
}

/// Output beside the events that is kept.
const KEEP_OTHER: usize = 64 << 10;

/// Reads events from pieces of output.
#[derive(Default)]
pub(super) struct Reader {
    lines: Lines,
    report: Report,
}

impl Reader {
    /// Takes a piece of standard output; says whether an event came.
    pub(super) fn push(&mut self, bytes: &[u8]) -> bool {
        let (lines, report) = (&mut self.lines, &mut self.report);
        let mut heard = false;
        lines.push(bytes, &mut |line| heard |= report.line(line));
        heard
    }

    /// How many tests have ended.
    pub(super) fn ended(&self) -> usize {
        self.report
            .tests
            .iter()
            .filter(|test| test.end.is_some())
            .count()
    }

    /// How many there will be.
    pub(super) fn planned(&self) -> usize {
        self.report.planned
    }

    /// The end of the output.
    pub(super) fn finish(mut self) -> Report {
        if let Some(line) = self.lines.finish() {
            self.report.line(line);
        }
        self.report
    }
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    event: String,
    name: Option<String>,
    test_count: Option<usize>,
    stdout: Option<String>,
    message: Option<String>,
}

/// libtest writes its events with this start; what a test printed without a newline may stand before it.
const EVENT: &[u8] = b"{ \"type\": \"";

impl Report {
    fn line(&mut self, line: Line) -> bool {
        let start = line
            .head
            .windows(EVENT.len())
            .position(|window| window == EVENT);
        let event = start.and_then(|start| parse(&line, start));
        let printed = match (&event, start) {
            (Some(_), Some(start)) => &line.head[..start],
            _ => line.head.as_slice(),
        };
        if !(event.is_some() && printed.is_empty()) && self.other.len() < KEEP_OTHER {
            self.other.extend_from_slice(printed);
            self.other.push(b'\n');
        }
        event.is_some_and(|event| self.event(event))
    }

    fn event(&mut self, event: Event) -> bool {
        match (event.kind.as_str(), event.event.as_str(), event.name) {
            ("suite", "started", _) => self.planned = event.test_count.unwrap_or(0),
            ("suite", _, _) => self.finished = true,
            ("test", "started", Some(name)) => self.tests.push(Ran::new(name, None)),
            ("test", "ok", Some(name)) => self.end(&name, End::Ok),
            ("test", "ignored", Some(name)) => self.end(&name, End::Ignored),
            ("test", "failed", Some(name)) => {
                let output = event.stdout.unwrap_or_default();
                self.end(
                    &name,
                    End::Failed {
                        output,
                        message: event.message,
                    },
                );
            }
            _ => return false,
        }
        true
    }

    fn end(&mut self, name: &str, end: End) {
        match self.tests.iter_mut().find(|test| test.name == name) {
            Some(test) => test.end = Some(end),
            None => self.tests.push(Ran::new(name.to_string(), Some(end))),
        }
    }
}

fn parse(line: &Line, start: usize) -> Option<Event> {
    if line.dropped == 0 {
        return serde_json::from_slice(&line.head[start..]).ok();
    }
    serde_json::from_slice(&join(&line.head[start..], &line.tail, line.dropped)).ok()
}

/// Makes valid JSON of an event whose long `stdout` lost its middle: no escape sequence may be cut in two.
fn join(head: &[u8], tail: &[u8], dropped: usize) -> Vec<u8> {
    const LONGEST_ESCAPE: usize = 6;
    let free_of_escapes = |at: usize, bytes: &[u8]| {
        bytes[at.saturating_sub(LONGEST_ESCAPE)..at]
            .iter()
            .all(|byte| *byte != b'\\' && byte.is_ascii())
    };
    let end = (1..=head.len())
        .rev()
        .find(|&at| free_of_escapes(at, head))
        .unwrap_or(0);
    let from = (LONGEST_ESCAPE..tail.len())
        .find(|&at| free_of_escapes(at, tail))
        .unwrap_or(tail.len());
    let mut event = head[..end].to_vec();
    event.extend_from_slice(format!("\\n… {dropped} bytes cut …\\n").as_bytes());
    event.extend_from_slice(&tail[from..]);
    event
}

/// One test of `--list --format json`.
#[derive(Deserialize)]
struct Listed {
    event: String,
    name: String,
    source_path: String,
}

/// The names and source files of the tests in a binary, from the output of its `--list`.
pub(super) fn listed(output: &[u8]) -> Vec<(String, String)> {
    output
        .split(|&byte| byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<Listed>(line).ok())
        .filter(|test| test.event == "discovered")
        .map(|test| (test.name, test.source_path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(output: &[u8]) -> Report {
        let mut reader = Reader::default();
        for piece in output.chunks(7) {
            reader.push(piece);
        }
        reader.finish()
    }

    #[test]
    fn a_run_is_read() {
        let report = read(
            br#"{ "type": "suite", "event": "started", "test_count": 3 }
{ "type": "test", "event": "started", "name": "tests::a" }
{ "type": "test", "event": "started", "name": "tests::b" }
{ "type": "test", "name": "tests::a", "event": "ok" }
printed past the harness
no newline{ "type": "test", "name": "tests::b", "event": "failed", "stdout": "one\ntwo" }
{ "type": "test", "event": "started", "name": "tests::c" }
{ "type": "test", "name": "tests::c", "event": "ignored" }
{ "type": "suite", "event": "failed", "passed": 1, "failed": 1, "ignored": 1, "measured": 0, "filtered_out": 0, "exec_time": 0.1 }
"#,
        );
        let ends: Vec<_> = report
            .tests
            .iter()
            .map(|test| test.end.as_ref().unwrap())
            .collect();
        let failed = End::Failed {
            output: "one\ntwo".into(),
            message: None,
        };
        assert_eq!(ends, [&End::Ok, &failed, &End::Ignored]);
        assert!(report.finished);
        assert_eq!(report.planned, 3);
        assert_eq!(report.other, b"printed past the harness\nno newline\n");
    }

    #[test]
    fn without_the_tally_it_is_not_finished() {
        let report = read(b"{ \"type\": \"test\", \"event\": \"started\", \"name\": \"a\" }\n");
        assert!(!report.finished);
        assert_eq!(
            (report.tests[0].name.as_str(), &report.tests[0].end),
            ("a", &None)
        );
    }

    #[test]
    fn an_endless_event_keeps_its_name_and_its_last_words() {
        for filler in ["plain text ", "\\n\\u001b[31m\\\\\\\"", "ä€🦀"] {
            let mut output = b"{ \"type\": \"test\", \"name\": \"tests::loud\", \"event\": \"failed\", \"stdout\": \"".to_vec();
            while output.len() < 2 << 20 {
                output.extend_from_slice(filler.as_bytes());
            }
            output.extend_from_slice(b"panicked at src.rs:1:1: the reason\\n\" }\n");
            let report = read(&output);
            let Some(End::Failed { output, .. }) = &report.tests[0].end else {
                panic!("{filler}: {report:?}")
            };
            assert!(output.contains("bytes cut"), "{filler}");
            assert!(output.ends_with("the reason\n"), "{filler}");
            assert!(report.other.is_empty());
        }
    }

    #[test]
    fn garbage_is_output() {
        let report = read(b"{ \"type\": \"test\", nonsense\n\xff\xfe\n");
        assert!(report.tests.is_empty());
        assert_eq!(report.other, b"{ \"type\": \"test\", nonsense\n\xff\xfe\n");
    }

    #[test]
    fn lists_name_their_source() {
        let output = br#"{ "type": "suite", "event": "discovery" }
{ "type": "test", "event": "discovered", "name": "tests::a", "ignore": false, "source_path": "x/tests.rs", "start_line": 4 }
{ "type": "suite", "event": "completed", "tests": 1 }"#;
        assert_eq!(
            listed(output),
            [("tests::a".to_string(), "x/tests.rs".to_string())]
        );
    }
}
