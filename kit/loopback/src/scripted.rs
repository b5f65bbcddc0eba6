//! A stream that comes in pieces.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, ErrorKind, Read, Write};

/// Calls after which a loop that does not end is told so.
const MOST_CALLS: usize = 1_000;

/// One way to cut bytes into pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The pieces, in order; none is empty.
    pub pieces: Vec<Vec<u8>>,
    how: String,
}

/// In words: `"cut after 3 of 10 bytes"`.
impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.how)
    }
}

/// The ways in which bytes may arrive: whole, one by one, and in two pieces cut at each position.
pub fn cuts(bytes: &[u8]) -> Vec<Cut> {
    let cut = |how: String, pieces: Vec<&[u8]>| Cut {
        how,
        pieces: pieces
            .into_iter()
            .filter(|piece| !piece.is_empty())
            .map(<[u8]>::to_vec)
            .collect(),
    };
    let len = bytes.len();
    let mut all = vec![
        cut("in one piece".into(), vec![bytes]),
        cut("byte by byte".into(), bytes.chunks(1).collect()),
    ];
    all.extend((1..len).map(|at| {
        let (head, tail) = bytes.split_at(at);
        cut(format!("cut after {at} of {len} bytes"), vec![head, tail])
    }));
    all
}

/// Calls `check` with a stream for each way in which `bytes` may arrive, with and without
/// interruptions, and with what the way is called.
pub fn each_cut(bytes: &[u8], mut check: impl FnMut(Scripted, &str)) {
    for cut in cuts(bytes) {
        check(Scripted::new(cut.pieces.clone()), &cut.how);
    }
    let single = bytes.chunks(1).map(<[u8]>::to_vec);
    let stream = Scripted::new(single).interrupted();
    check(
        stream,
        "byte by byte, interrupted (ErrorKind::Interrupted) before each",
    );
}

/// A stream whose reads come in the given pieces and whose writes take a few bytes at a time. After the
/// last piece comes the end, or an error.
#[derive(Debug)]
pub struct Scripted {
    pieces: VecDeque<Vec<u8>>,
    then: Option<ErrorKind>,
    accepts: Vec<usize>,
    interrupts: bool,
    interrupted: bool,
    reads: usize,
    writes: usize,
    idle: usize,
    written: Vec<u8>,
    flushed: usize,
}

impl Scripted {
    /// A stream that gives each piece in a read of its own, if the buffer is large enough, and takes
    /// all that is written.
    pub fn new(pieces: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Self {
            pieces: pieces
                .into_iter()
                .filter(|piece| !piece.is_empty())
                .collect(),
            then: None,
            accepts: Vec::new(),
            interrupts: false,
            interrupted: false,
            reads: 0,
            writes: 0,
            idle: 0,
            written: Vec::new(),
            flushed: 0,
        }
    }

    /// Nothing to read, and each write takes one of these numbers of bytes, in turn; 0 tells that the
    /// stream takes no more.
    pub fn accepting(counts: &[usize]) -> Self {
        Self {
            accepts: counts.to_vec(),
            ..Self::new([])
        }
    }

    /// The same stream, with an [`ErrorKind::Interrupted`] before every read and write.
    #[must_use]
    pub fn interrupted(self) -> Self {
        Self {
            interrupts: true,
            ..self
        }
    }

    /// The same stream, with an error in place of the end; for one that takes writes, once the
    /// numbers given to [`accepting`](Self::accepting) are used up.
    #[must_use]
    pub fn then_fails(self, kind: ErrorKind) -> Self {
        Self {
            then: Some(kind),
            ..self
        }
    }

    /// Calls of `read` that gave bytes, the end or the last error.
    pub fn reads(&self) -> usize {
        self.reads
    }

    /// Calls of `write` that took bytes.
    pub fn writes(&self) -> usize {
        self.writes
    }

    /// Everything that was written.
    pub fn written(&self) -> &[u8] {
        &self.written
    }

    /// How much had been written when it was flushed last.
    pub fn flushed(&self) -> usize {
        self.flushed
    }

    /// What nobody has read yet.
    pub fn unread(&self) -> Vec<u8> {
        self.pieces.iter().flatten().copied().collect()
    }

    fn interruption(&mut self) -> io::Result<()> {
        self.interrupted = self.interrupts && !self.interrupted;
        match self.interrupted {
            true => Err(ErrorKind::Interrupted.into()),
            false => Ok(()),
        }
    }

    /// Ends a loop that goes on although nothing happens any more.
    fn no_use(&mut self, what: &str) {
        self.idle += 1;
        assert!(
            self.idle < MOST_CALLS,
            "{what} {MOST_CALLS} times: a loop does not end"
        );
    }
}

impl Read for Scripted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interruption()?;
        self.reads += 1;
        let Some(piece) = self.pieces.front_mut() else {
            self.no_use("read was called at the end of the stream");
            return self.then.map_or(Ok(0), |kind| Err(kind.into()));
        };
        let n = piece.len().min(buffer.len());
        buffer[..n].copy_from_slice(&piece[..n]);
        if n == piece.len() {
            self.pieces.pop_front();
        } else {
            piece.drain(..n);
        }
        if n == 0 {
            self.no_use("read was called with an empty buffer");
        }
        Ok(n)
    }
}

impl Write for Scripted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.interruption()?;
        let n = match (self.accepts.as_slice(), self.then) {
            ([], _) => bytes.len(),
            (counts, Some(kind)) => match counts.get(self.writes) {
                Some(count) => *count,
                None => {
                    self.no_use("write was called after its error");
                    return Err(kind.into());
                }
            },
            (counts, None) => counts[self.writes % counts.len()],
        };
        let n = n.min(bytes.len());
        if n == 0 {
            self.no_use("write had nothing to do");
        }
        self.writes += 1;
        self.written.extend_from_slice(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flushed = self.written.len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;

    #[test]
    fn every_cut_gives_the_same_bytes() {
        let mut seen = Vec::new();
        each_cut(b"abc", |mut stream, how| {
            let mut all = Vec::new();
            stream.read_to_end(&mut all).unwrap();
            assert_eq!(all, b"abc", "{how}");
            assert!(stream.unread().is_empty());
            seen.push(how.to_string());
        });
        assert_eq!(
            seen[2..4],
            ["cut after 1 of 3 bytes", "cut after 2 of 3 bytes"]
        );
        assert_eq!(seen.len(), 5);
        assert_eq!(cuts(b"abc")[2].pieces, [&b"a"[..], &b"bc"[..]]);
        assert_eq!(cuts(b"").len(), 2);
    }

    #[test]
    fn catches_one_read_taken_for_one_message() {
        let mut caught = 0;
        each_cut(b"four", |mut stream, _| {
            let mut buffer = [0; 4];
            caught += usize::from(!matches!(stream.read(&mut buffer), Ok(4)));
        });
        // All but the whole one.
        assert_eq!(caught, 5);
    }

    #[test]
    fn catches_a_write_whose_count_is_ignored() {
        let mut stream = Scripted::accepting(&[1, 3]).interrupted();
        let first = stream.write(b"hello").unwrap_err();
        assert_eq!(first.kind(), ErrorKind::Interrupted);
        assert_eq!(stream.write(b"hello").unwrap(), 1);
        assert_ne!(stream.written(), b"hello");
        stream.write_all(b"ello").unwrap();
        stream.flush().unwrap();
        assert_eq!((stream.written(), stream.flushed()), (&b"hello"[..], 5));
        assert_eq!(stream.writes(), 3);
    }

    #[test]
    fn an_error_may_stand_at_the_end() {
        let mut stream = Scripted::new([b"ab".to_vec()]).then_fails(ErrorKind::ConnectionReset);
        assert_eq!(stream.read(&mut [0]).unwrap(), 1);
        assert_eq!(stream.read(&mut [0; 9]).unwrap(), 1);
        let end = stream.read(&mut [0]).unwrap_err();
        assert_eq!(end.kind(), ErrorKind::ConnectionReset);
        assert_eq!(stream.reads(), 3);
        let mut stream = Scripted::accepting(&[1]).then_fails(ErrorKind::BrokenPipe);
        assert!(stream.write_all(b"ab").is_err());
        assert_eq!(stream.written(), b"a");
    }

    #[test]
    fn catches_loops_without_end() {
        let reads = catch_unwind(|| {
            let mut stream = Scripted::new([]);
            while stream.read(&mut [0]).is_ok() {}
        });
        assert!(reads.is_err());
        let writes = catch_unwind(|| {
            let mut stream = Scripted::accepting(&[0]);
            while stream.write(b"x").is_ok() {}
        });
        assert!(writes.is_err());
    }
}
