//! # Buffer pool with the write-ahead rule
//!
//! A database works on pages in memory, in a fixed number of frames. The buffer pool brings a
//! page in when somebody asks for it, keeps it while somebody holds it, and writes it back
//! when its frame is needed, if it was changed. It is also the place that keeps the first law
//! of recovery: no page on the disk before its log records.
//!
//! Write `BufferPool`. `Clock`, from the last exercise, is given and chooses whose page goes.
//!
//! 1. `pin` brings a page into a frame, if it is in none, and says which one; a page is never in
//!    two frames. Frames that were never used come first, the lowest first; then the clock's
//!    victim. Each pin touches the frame.
//! 2. A page stays in its frame until it was unpinned as often as it was pinned.
//! 3. `unpin(frame, Some(lsn))` says that the page was changed, and that its log record has this number;
//!    `None` says that the holder only read. The holders of a page may unpin in any order.
//! 4. A changed page is written back once before its frame is used for another page. An
//!    unchanged page is not written.
//! 5. A page is written only when the log is flushed up to the highest LSN of its changes. The
//!    log is flushed no further than a page that is written demands.
//! 6. If all frames are pinned, `pin` of another page returns `NoFreeFrame`, and the pool works on
//!    as if nothing had happened.
//! 7. `flush_all` writes each changed page that nobody holds (who holds a page may be half-way
//!    through a change); they are unchanged then.
//!
//! An example with one frame: `pin(7)`, a change, `unpin(0, Some(31))`, `pin(8)`: the pool
//! flushes the log up to 31, writes page 7, and reads page 8.
//!
//! How it is judged: examples of each rule; 500 random traces, in which every read and write
//! must come in the order of a reference, every page must hold what was last put into it, and the log
//! is looked at before every write. Private functions that are not given are a proposal.

use std::collections::HashMap;

/// A page, unrealistically small.
pub type Page = [u8; 8];
/// A page on the disk, by number.
pub type PageId = u64;
/// A place for a page in memory, by index.
pub type FrameId = usize;
/// A log record, by number: later records have higher ones.
pub type Lsn = u64;

/// Where the pages live.
pub trait Pages {
    /// Reads a page.
    fn read(&mut self, id: PageId) -> Page;
    /// Overwrites a page.
    fn write(&mut self, id: PageId, page: &Page);
}

/// The write-ahead log.
pub trait Log {
    /// The number of the last record that is safe.
    fn flushed(&self) -> Lsn;
    /// Makes all records up to this one safe.
    fn flush(&mut self, up_to: Lsn);
}

/// Why a page cannot be pinned.
#[derive(Debug, PartialEq, Eq)]
pub enum PoolError {
    /// Every frame holds a page that is pinned.
    NoFreeFrame,
}

/// Pages in memory.
pub struct BufferPool<P, L> {
    pages: P,
    log: L,
    /// The frames that were used until now.
    frames: Vec<Frame>,
    /// How many frames there may be.
    capacity: usize,
    /// The frame of each page that is in memory.
    table: HashMap<PageId, FrameId>,
    clock: Clock,
}

struct Frame {
    id: PageId,
    page: Page,
    /// How many holders the page has.
    pins: usize,
    /// The highest LSN of a change that is not on the disk. `None` if there is no such change.
    dirty: Option<Lsn>,
}

impl<P: Pages, L: Log> BufferPool<P, L> {
    /// A pool of empty frames.
    pub fn new(frames: usize, pages: P, log: L) -> Self {
        BufferPool {
            pages,
            log,
            frames: Vec::new(),
            capacity: frames,
            table: HashMap::new(),
            clock: Clock::new(frames),
        }
    }

    /// Brings a page into memory, and keeps it there until it is unpinned.
    pub fn pin(&mut self, id: PageId) -> Result<FrameId, PoolError> {
        let frame = match self.table.get(&id) {
            Some(frame) => *frame,
            None => self.bring_in(id)?,
        };
        self.frames[frame].pins += 1;
        self.clock.touch(frame);
        Ok(frame)
    }

    /// Reads a page into a frame that is free, or made free.
    fn bring_in(&mut self, id: PageId) -> Result<FrameId, PoolError> {
        let frame = if self.frames.len() < self.capacity {
            self.frames.len()
        } else {
            let victim = self.clock.victim(|frame| self.frames[frame].pins > 0);
            let victim = victim.ok_or(PoolError::NoFreeFrame)?;
            self.write_back(victim);
            self.table.remove(&self.frames[victim].id);
            victim
        };
        let new = Frame {
            id,
            page: self.pages.read(id),
            pins: 0,
            dirty: None,
        };
        match self.frames.get_mut(frame) {
            Some(old) => *old = new,
            None => self.frames.push(new),
        }
        self.table.insert(id, frame);
        Ok(frame)
    }

    /// Gives a page back. `dirtied_at` is the log record of the holder's change, if there was one.
    pub fn unpin(&mut self, frame: FrameId, dirtied_at: Option<Lsn>) {
        let frame = &mut self.frames[frame];
        frame.pins -= 1;
        frame.dirty = frame.dirty.max(dirtied_at);
    }

    /// Writes the page in a frame to the disk, if it was changed.
    fn write_back(&mut self, frame: FrameId) {
        let frame = &mut self.frames[frame];
        if let Some(lsn) = frame.dirty.take() {
            if self.log.flushed() < lsn {
                self.log.flush(lsn);
            }
            self.pages.write(frame.id, &frame.page);
        }
    }

    /// Writes every changed page that nobody holds.
    pub fn flush_all(&mut self) {
        for frame in 0..self.frames.len() {
            if self.frames[frame].pins == 0 {
                self.write_back(frame);
            }
        }
    }

    /// Given: the page in a pinned frame, to be read.
    pub fn page(&self, frame: FrameId) -> &Page {
        &self.frames[frame].page
    }

    /// Given: the page in a pinned frame, to be changed.
    pub fn page_mut(&mut self, frame: FrameId) -> &mut Page {
        &mut self.frames[frame].page
    }
}

/// Given: chooses frames by second chance, as in the last exercise.
struct Clock {
    marks: Vec<bool>,
    hand: usize,
}

impl Clock {
    fn new(frames: usize) -> Self {
        Clock {
            marks: vec![false; frames],
            hand: 0,
        }
    }

    /// A frame is used.
    fn touch(&mut self, frame: FrameId) {
        self.marks[frame] = true;
    }

    /// The frame whose page has to go. `None` if all frames are pinned.
    fn victim(&mut self, pinned: impl Fn(FrameId) -> bool) -> Option<FrameId> {
        for _ in 0..2 * self.marks.len() {
            let frame = self.hand;
            self.hand = (frame + 1) % self.marks.len();
            if !pinned(frame) && !std::mem::take(&mut self.marks[frame]) {
                return Some(frame);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
