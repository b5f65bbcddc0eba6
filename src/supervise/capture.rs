//! Output of any length, kept in a fixed amount of memory.

use std::collections::VecDeque;

use super::Captured;

/// Keeps the start and the end of a stream.
#[derive(Debug)]
pub(super) struct Keeper {
    head: Vec<u8>,
    head_limit: usize,
    tail: VecDeque<u8>,
    tail_limit: usize,
    dropped: u64,
}

impl Keeper {
    /// Keeps `limit` bytes: half of them from the start, half from the end.
    pub(super) fn new(limit: usize) -> Self {
        let head_limit = limit.div_ceil(2);
        Self {
            head: Vec::new(),
            head_limit,
            tail: VecDeque::new(),
            tail_limit: limit - head_limit,
            dropped: 0,
        }
    }

    /// Takes the next piece.
    pub(super) fn push(&mut self, piece: &[u8]) {
        let (start, rest) = piece.split_at(piece.len().min(self.head_limit - self.head.len()));
        self.head.extend_from_slice(start);
        let skipped = rest.len().saturating_sub(self.tail_limit);
        let excess = (self.tail.len() + rest.len() - skipped).saturating_sub(self.tail_limit);
        self.tail.drain(..excess);
        self.tail.extend(&rest[skipped..]);
        self.dropped += (skipped + excess) as u64;
    }

    /// What was kept.
    pub(super) fn finish(mut self) -> Captured {
        let mut tail = Vec::from(self.tail);
        if self.dropped == 0 {
            self.head.append(&mut tail);
        }
        Captured {
            head: self.head,
            tail,
            dropped: self.dropped,
        }
    }
}

impl Captured {
    /// As text. Bytes that are no UTF-8 become `\u{FFFD}`, and a line of its own says how many bytes were cut from the middle.
    pub fn text(&self) -> String {
        if self.dropped == 0 {
            return String::from_utf8_lossy(&self.head).into_owned();
        }
        // A character that the cut runs through is cut whole.
        let head = &self.head[..whole_end(&self.head)];
        let tail = &self.tail[whole_start(&self.tail)..];
        let cut =
            self.dropped + (self.head.len() - head.len() + self.tail.len() - tail.len()) as u64;
        let mut text = String::from_utf8_lossy(head).into_owned();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&format!("… {cut} bytes cut …\n"));
        text.push_str(&String::from_utf8_lossy(tail));
        text
    }
}

/// Where the last character of `bytes` that may be incomplete begins; the length when it is complete.
fn whole_end(bytes: &[u8]) -> usize {
    let window = bytes.len().saturating_sub(3);
    for (back, &byte) in bytes[window..].iter().rev().enumerate() {
        let needed = match byte {
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF7 => 4,
            0x80..=0xBF => continue,
            _ => break,
        };
        if needed > back + 1 {
            return bytes.len() - back - 1;
        }
        break;
    }
    bytes.len()
}

/// Where the first whole character of `bytes` begins.
fn whole_start(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take(3)
        .take_while(|&&byte| byte & 0xC0 == 0x80)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(limit: usize, pieces: &[&[u8]]) -> Captured {
        let mut keeper = Keeper::new(limit);
        for piece in pieces {
            keeper.push(piece);
        }
        keeper.finish()
    }

    fn captured(head: &[u8], tail: &[u8], dropped: u64) -> Captured {
        Captured {
            head: head.to_vec(),
            tail: tail.to_vec(),
            dropped,
        }
    }

    #[test]
    fn what_fits_is_kept_whole_and_in_the_head() {
        assert_eq!(
            kept(10, &[b"0123", b"456789"]),
            captured(b"0123456789", b"", 0)
        );
    }

    #[test]
    fn one_byte_too_many_costs_one_byte_of_the_middle() {
        assert_eq!(
            kept(10, &[b"0123456789", b"x"]),
            captured(b"01234", b"6789x", 1)
        );
    }

    #[test]
    fn the_pieces_do_not_matter() {
        let all: Vec<u8> = (0..=255).collect();
        let whole = kept(11, &[&all]);
        assert_eq!(
            whole,
            captured(&[0, 1, 2, 3, 4, 5], &[251, 252, 253, 254, 255], 245)
        );
        for size in 1..=all.len() {
            assert_eq!(
                kept(11, &all.chunks(size).collect::<Vec<_>>()),
                whole,
                "in pieces of {size}"
            );
        }
    }

    #[test]
    fn a_limit_of_nothing_or_one_byte_holds() {
        assert_eq!(kept(0, &[b"abc", b"d"]), captured(b"", b"", 4));
        assert_eq!(kept(1, &[b"abc", b"d"]), captured(b"a", b"", 3));
    }

    #[test]
    fn memory_stays_within_the_limit() {
        let mut keeper = Keeper::new(1000);
        for _ in 0..1000 {
            keeper.push(&[7; 4096]);
        }
        assert!(keeper.head.capacity() + keeper.tail.capacity() <= 4 * 1000);
    }

    #[test]
    fn text_says_what_was_cut_on_a_line_of_its_own() {
        assert_eq!(
            captured(b"one\ntw", b"ine\nten\n", 17).text(),
            "one\ntw\n… 17 bytes cut …\nine\nten\n"
        );
        assert_eq!(
            captured(b"one\n", b"ten", 17).text(),
            "one\n… 17 bytes cut …\nten"
        );
        assert_eq!(captured(b"", b"", 17).text(), "… 17 bytes cut …\n");
    }

    #[test]
    fn text_without_a_cut_is_the_text() {
        assert_eq!(captured("né\n".as_bytes(), b"", 0).text(), "né\n");
        assert_eq!(captured(b"a\xffb", b"", 0).text(), "a\u{FFFD}b");
    }

    #[test]
    fn a_character_that_the_cut_runs_through_is_cut_whole() {
        let crab = "🦀".as_bytes();
        for split in 1..4 {
            let (head, tail) = (&crab[..split], &crab[split..]);
            assert_eq!(
                captured(head, b"b", 10).text(),
                format!("… {} bytes cut …\nb", 10 + split)
            );
            assert_eq!(
                captured(b"a", tail, 10).text(),
                format!("a\n… {} bytes cut …\n", 14 - split)
            );
        }
        assert_eq!(
            captured("a🦀".as_bytes(), "🦀b".as_bytes(), 1).text(),
            "a🦀\n… 1 bytes cut …\n🦀b"
        );
        assert_eq!(
            captured("é".as_bytes(), "é".as_bytes(), 1).text(),
            "é\n… 1 bytes cut …\né"
        );
    }

    #[test]
    fn bytes_that_are_no_text_stay_visible_at_the_cut() {
        assert_eq!(
            captured(b"a\xff", b"\xffb", 1).text(),
            "a\u{FFFD}\n… 1 bytes cut …\n\u{FFFD}b"
        );
    }
}
