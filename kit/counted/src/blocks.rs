//! Blocks of entries, as a disk keeps them.

use crate::counts::spend;
use std::cell::{Cell, RefCell};

/// A disk made of blocks, each with up to a fixed number of entries, that are written and read as a whole.
///
/// It counts its reads and writes. Reading gives a copy: what is needed again without another read has to
/// be kept. A block never changes; the number of a freed one is not given again, so that a stale number
/// is noticed.
pub struct Blocks<T> {
    size: usize,
    blocks: RefCell<Vec<Option<Vec<T>>>>,
    reads: Cell<usize>,
    writes: Cell<usize>,
}

impl<T: Clone> Blocks<T> {
    /// An empty disk, whose blocks hold up to `size` entries.
    pub const fn new(size: usize) -> Self {
        Blocks {
            size,
            blocks: RefCell::new(Vec::new()),
            reads: Cell::new(0),
            writes: Cell::new(0),
        }
    }

    /// How many entries fit into a block.
    pub const fn size(&self) -> usize {
        self.size
    }

    /// Writes a new block, and returns its number.
    ///
    /// # Panics
    /// When there are no entries, or more than fit.
    #[track_caller]
    pub fn write(&self, entries: Vec<T>) -> usize {
        spend(|c| c.moves += 1);
        let (n, size) = (entries.len(), self.size);
        assert!(
            (1..=size).contains(&n),
            "a block holds 1 to {size} entries, and {n} were written to one"
        );
        self.writes.set(self.writes.get() + 1);
        let mut blocks = self.blocks.borrow_mut();
        blocks.push(Some(entries));
        blocks.len() - 1
    }

    /// The entries of a block.
    ///
    /// # Panics
    /// When there is no block `id`.
    #[track_caller]
    pub fn read(&self, id: usize) -> Vec<T> {
        spend(|c| c.reads += 1);
        self.reads.set(self.reads.get() + 1);
        self.peek(id)
            .unwrap_or_else(|| panic!("read({id}): that block was freed, or never written"))
    }

    /// Gives a block back.
    ///
    /// # Panics
    /// When there is no block `id`.
    #[track_caller]
    pub fn free(&self, id: usize) {
        let block = self.blocks.borrow_mut().get_mut(id).and_then(Option::take);
        assert!(
            block.is_some(),
            "free({id}): that block was freed before, or never written"
        );
    }

    /// The entries of a block, if there is one, without counting: for the tests' own use.
    pub fn peek(&self, id: usize) -> Option<Vec<T>> {
        self.blocks.borrow().get(id)?.clone()
    }

    /// The number of blocks that are in use.
    pub fn len(&self) -> usize {
        self.blocks.borrow().iter().flatten().count()
    }

    /// Whether no block is in use.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of reads until now.
    pub fn reads(&self) -> usize {
        self.reads.get()
    }

    /// The number of writes until now.
    pub fn writes(&self) -> usize {
        self.writes.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_counted() {
        let disk = Blocks::new(2);
        let (a, b) = (disk.write(vec!['a', 'b']), disk.write(vec!['c']));
        assert_eq!((disk.read(b), disk.read(a)), (vec!['c'], vec!['a', 'b']));
        assert_eq!((disk.reads(), disk.writes(), disk.len()), (2, 2, 2));
        disk.free(a);
        assert_eq!(disk.len(), 1);
        assert_eq!((disk.peek(a), disk.reads()), (None, 2));
        assert_eq!(
            disk.write(vec!['d']),
            2,
            "the number of a is not given again"
        );
    }

    #[test]
    #[should_panic(expected = "1 to 2 entries, and 3 were written")]
    fn catches_a_block_that_is_too_large() {
        Blocks::new(2).write(vec![1, 2, 3]);
    }

    #[test]
    #[should_panic(expected = "read(0): that block was freed")]
    fn catches_a_read_of_a_freed_block() {
        let disk = Blocks::new(2);
        let block = disk.write(vec![1]);
        disk.free(block);
        disk.read(block);
    }

    #[test]
    #[should_panic(expected = "free(0): that block was freed before")]
    fn catches_a_block_that_is_freed_twice() {
        let disk = Blocks::new(2);
        let block = disk.write(vec![1]);
        disk.free(block);
        disk.free(block);
    }
}
