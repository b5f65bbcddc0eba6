//! Output cut into lines as it comes, each capped.

/// Bytes of a line kept at each of its ends.
const KEEP: usize = 256 << 10;

/// Collects pieces of output into lines.
#[derive(Default)]
pub(super) struct Lines {
    head: Vec<u8>,
    tail: std::collections::VecDeque<u8>,
    dropped: usize,
}

/// A line without its end.
pub(super) struct Line {
    /// The whole line, or what was kept of its start.
    pub(super) head: Vec<u8>,
    /// What was kept of the end of a line that was too long.
    pub(super) tail: Vec<u8>,
    /// Bytes left out between the two.
    pub(super) dropped: usize,
}

impl Lines {
    /// Takes a piece of output; calls `each` for every line that it completes.
    pub(super) fn push(&mut self, mut bytes: &[u8], each: &mut dyn FnMut(Line)) {
        while let Some(end) = bytes.iter().position(|&byte| byte == b'\n') {
            self.extend(&bytes[..end]);
            each(self.take());
            bytes = &bytes[end + 1..];
        }
        self.extend(bytes);
    }

    /// What came after the last line's end, if anything.
    pub(super) fn finish(&mut self) -> Option<Line> {
        (!self.head.is_empty()).then(|| self.take())
    }

    fn extend(&mut self, bytes: &[u8]) {
        let room = KEEP.saturating_sub(self.head.len()).min(bytes.len());
        let (first, rest) = bytes.split_at(room);
        self.head.extend_from_slice(first);
        let rest = if rest.len() > KEEP {
            self.dropped += rest.len() - KEEP + self.tail.len();
            self.tail.clear();
            &rest[rest.len() - KEEP..]
        } else {
            rest
        };
        self.tail.extend(rest);
        let over = self.tail.len().saturating_sub(KEEP);
        self.tail.drain(..over);
        self.dropped += over;
    }

    fn take(&mut self) -> Line {
        let mut head = std::mem::take(&mut self.head);
        let mut tail = Vec::from(std::mem::take(&mut self.tail));
        let dropped = std::mem::take(&mut self.dropped);
        if dropped == 0 {
            head.append(&mut tail);
        }
        Line {
            head,
            tail,
            dropped,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pieces: &[&[u8]]) -> Vec<Line> {
        let mut all = Vec::new();
        let mut lines = Lines::default();
        for piece in pieces {
            lines.push(piece, &mut |line| all.push(line));
        }
        all.extend(lines.finish());
        all
    }

    #[test]
    fn pieces_become_lines() {
        let found: Vec<Vec<u8>> = lines(&[b"one\ntw", b"o", b"\n\nrest"])
            .into_iter()
            .map(|line| line.head)
            .collect();
        assert_eq!(
            found,
            [
                b"one".to_vec(),
                b"two".to_vec(),
                b"".to_vec(),
                b"rest".to_vec()
            ]
        );
    }

    #[test]
    fn a_long_line_keeps_both_ends() {
        let piece: Vec<u8> = (0..10_000u32)
            .flat_map(|n| n.to_le_bytes())
            .map(|byte| byte | 0x20)
            .collect();
        let mut whole = Vec::new();
        let mut pieces = Vec::new();
        for _ in 0..100 {
            whole.extend_from_slice(&piece);
            pieces.push(piece.as_slice());
        }
        let found = lines(&pieces);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].head, whole[..KEEP]);
        assert_eq!(found[0].tail, whole[whole.len() - KEEP..]);
        assert_eq!(found[0].dropped, whole.len() - 2 * KEEP);
    }

    #[test]
    fn a_line_of_just_two_ends_is_whole() {
        let whole = vec![b'x'; 2 * KEEP];
        let found = lines(&[&whole]);
        assert_eq!((found[0].head.len(), found[0].dropped), (2 * KEEP, 0));
    }
}
