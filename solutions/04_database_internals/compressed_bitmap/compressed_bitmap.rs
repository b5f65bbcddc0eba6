//! # A compressed bitmap
//!
//! Ten million orders, four statuses: an analyst's database keeps one bitmap for each status,
//! with one bit for each row, and answers "paid or refunded" with an OR. Stored plainly each
//! bitmap would take 1.25 MB. But rows come in long runs of the same status, and a run is
//! two numbers. This is the idea of the formats WAH and EWAH, simplified.
//!
//! A `Bitmap` is a list of words, and each stands for groups of 64 bits. `Literal` holds one
//! group as it is. `Fill` stands for a number of groups whose bits are all equal.
//!
//! 1. The first bit of a group is the lowest of its literal: after `push(true, 1)` and
//!    `push(false, 2)` and `push(true, 1)` there is one word, `Literal(0b1001)`.
//! 2. There is one way to write a bitmap. 64 equal bits of a group are always a fill, never a
//!    literal; two fills of the same bit never stand side by side. An incomplete last group is
//!    always a literal, and its bits beyond the end are 0.
//! 3. `push` appends `count` equal bits, and takes time for words, not for bits.
//! 4. `combine` gives the bitmap whose bits are those of `op`, which is one of the bitwise
//!    operations and may be one that turns zeros into ones. It works on the compressed words:
//!    `op` is called at most once for each word of both bitmaps. `and` and `or` are made of it.
//! 5. `not` inverts the bits up to the end, and none beyond.
//! 6. `count_ones` counts the ones; `ones` gives their positions in ascending order. Neither
//!    takes time for zeros in a fill.
//!
//! An example, with 200 bits:
//!
//! ```text
//! push(false, 130), push(true, 70)     Fill { bit: false, groups: 2 }     bits 0 to 127
//!                                      Literal(0xffff_ffff_ffff_fffc)     bits 128 to 191
//!                                      Literal(0b1111_1111)               bits 192 to 199
//! ```
//!
//! How it is judged: examples of each rule; 400 random pairs of bitmaps, with lengths that are
//! multiples of 64 and off by one, against plain `Vec<bool>`; bitmaps of 2^40 bits, which only
//! those who never unpack them can handle within five seconds; the calls of `op` are counted.
//! Private functions that are not given are a proposal.

/// Groups of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// So many groups, in which each bit is `bit`.
    Fill { bit: bool, groups: usize },
    /// One group.
    Literal(u64),
}

/// A compressed sequence of bits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bitmap {
    words: Vec<Word>,
    /// The number of bits.
    len: usize,
}

impl Bitmap {
    /// Appends complete groups which all look like `group`. The bitmap must end with a complete group.
    fn append(&mut self, group: u64, count: usize) {
        if count == 0 {
            return;
        }
        self.len += 64 * count;
        let bit = group == u64::MAX;
        if group != 0 && !bit {
            self.words
                .extend(std::iter::repeat_n(Word::Literal(group), count));
            return;
        }
        match self.words.last_mut() {
            Some(Word::Fill { bit: last, groups }) if *last == bit => *groups += count,
            _ => self.words.push(Word::Fill { bit, groups: count }),
        }
    }

    /// Appends `count` bits that are all `bit`.
    pub fn push(&mut self, bit: bool, count: usize) {
        let group = if bit { u64::MAX } else { 0 };
        let mut count = count;
        let used = self.len % 64;
        if used > 0
            && let Some(Word::Literal(last)) = self.words.last_mut()
        {
            let added = count.min(64 - used);
            let full = *last | (group & low_bits(added)) << used;
            *last = full;
            self.len += added;
            count -= added;
            if used + added == 64 {
                // The last group is complete now, and may be a fill.
                self.words.pop();
                self.len -= 64;
                self.append(full, 1);
            }
        }
        self.append(group, count / 64);
        let rest = count % 64;
        if rest > 0 {
            self.words.push(Word::Literal(group & low_bits(rest)));
            self.len += rest;
        }
    }

    /// The bits `op(a, b)` for the bits `a` of this bitmap and `b` of another one of the same length.
    pub fn combine(&self, other: &Bitmap, op: impl Fn(u64, u64) -> u64) -> Bitmap {
        assert_eq!(self.len, other.len, "two bitmaps of the same length");
        let mut result = Bitmap::default();
        let mut left = self.words.iter().map(|word| word.run());
        let mut right = other.words.iter().map(|word| word.run());
        let (mut a, mut b) = ((0, 0), (0, 0));
        while result.len < self.len {
            if a.1 == 0 {
                a = left.next().expect("the words cover the length");
            }
            if b.1 == 0 {
                b = right.next().expect("the words cover the length");
            }
            let (group, groups) = (op(a.0, b.0), a.1.min(b.1));
            let rest = self.len - result.len;
            if rest < 64 {
                result.words.push(Word::Literal(group & low_bits(rest)));
                result.len += rest;
            } else {
                result.append(group, groups);
            }
            a.1 -= groups;
            b.1 -= groups;
        }
        result
    }

    /// Given: the bits that are set in both.
    pub fn and(&self, other: &Bitmap) -> Bitmap {
        self.combine(other, |a, b| a & b)
    }

    /// Given: the bits that are set in at least one.
    pub fn or(&self, other: &Bitmap) -> Bitmap {
        self.combine(other, |a, b| a | b)
    }

    /// The bits that are not set.
    pub fn not(&self) -> Bitmap {
        self.combine(self, |a, _| !a)
    }

    /// The number of bits that are set.
    pub fn count_ones(&self) -> usize {
        let runs = self.words.iter().map(|word| word.run());
        runs.map(|(group, groups)| group.count_ones() as usize * groups)
            .sum()
    }

    /// The positions of the bits that are set, in ascending order.
    pub fn ones(&self) -> impl Iterator<Item = usize> {
        let mut start = 0;
        self.words.iter().flat_map(move |word| {
            let (group, groups) = word.run();
            let bits = start..start + 64 * groups;
            start = bits.end;
            let bits = if group == 0 { 0..0 } else { bits };
            bits.filter(move |bit| group >> (bit % 64) & 1 == 1)
        })
    }
}

impl Word {
    /// Given: what a group looks like, and how many of them there are.
    fn run(self) -> (u64, usize) {
        match self {
            Word::Fill { bit: true, groups } => (u64::MAX, groups),
            Word::Fill { bit: false, groups } => (0, groups),
            Word::Literal(group) => (group, 1),
        }
    }
}

/// Given: a group whose lowest `n` bits are set, for `n` up to 64.
fn low_bits(n: usize) -> u64 {
    u64::MAX.checked_shr(64 - n as u32).unwrap_or(0)
}

#[cfg(test)]
mod tests;
