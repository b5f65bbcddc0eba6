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
        todo!("step 1: literals one by one; equal bits become a fill, or lengthen the last one")
    }

    /// Appends `count` bits that are all `bit`.
    pub fn push(&mut self, bit: bool, count: usize) {
        todo!("step 2: complete the last group, then whole groups, then what is left")
    }

    /// The bits `op(a, b)` for the bits `a` of this bitmap and `b` of another one of the same length.
    pub fn combine(&self, other: &Bitmap, op: impl Fn(u64, u64) -> u64) -> Bitmap {
        todo!("step 3: walk over the runs of both; take as many groups as both have left")
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
        todo!("step 4: an operation with one operand")
    }

    /// The number of bits that are set.
    pub fn count_ones(&self) -> usize {
        todo!("step 5: how many ones does a run hold?")
    }

    /// The positions of the bits that are set, in ascending order.
    pub fn ones(&self) -> impl Iterator<Item = usize> {
        todo!("step 6: each word knows where it starts") as std::iter::Empty<usize>
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
