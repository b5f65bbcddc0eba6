//! # Write-ahead log: atomic, durable transactions through any crash
//!
//! A database changes pages in memory and writes them to the disk when it suits: a page of a
//! running transaction because its memory is needed (steal), a page of a committed one perhaps
//! minutes later (no-force). Still nothing is lost and nothing is left half done, by one rule: the
//! log knows of every change before the pages on the disk do.
//!
//! Write the five steps of `Db`. The log record of a write holds the page before and after it.
//! No two running transactions write the same page: locks, elsewhere, see to that.
//!
//! 1. A transaction whose `commit` returned `Ok` survives every crash. The commit costs one sync,
//!    of the log, and writes no page; a `write` syncs nothing.
//! 2. A transaction that did not commit leaves no trace after a crash, even if its pages were
//!    flushed. `abort` takes back what it wrote, at once.
//! 3. `flush_page` writes one page to the disk, but not before the log records of its changes
//!    are safe.
//! 4. The log ends at its first record that is not whole or has a wrong checksum. What follows
//!    does not count.
//! 5. After a crash `open` recovers, and may itself be interrupted at any change of the disk, any
//!    number of times. What happens after it survives the next crash just as well.
//! 6. Errors of the disk are passed on. A `write` that failed has changed nothing.
//!
//! An example: the pages 1 and 2 hold 0. T1 writes 5 into page 1, T2 writes 7 into page 2, page 2
//! is flushed, T1 commits, the power fails. Now both pages on the disk are wrong, 0 and 7. The log
//! says: T1 page 1 0→5, T2 page 2 0→7, T1 committed. So recovery takes T2's write back and does
//! T1's again: 5 and 0.
//!
//! Recovery works on the files themselves. Their methods take `&self`:
//!
//! ```text
//! File    read() -> io::Result<Vec<u8>>          truncate(len: u64), sync() -> io::Result<()>
//! ```
//!
//! How it is judged: examples of each rule; 100 random schedules of three transactions with
//! aborts and flushes, compared with a model; four schedules with a power failure at every
//! change of the disk, several outcomes each, again in the recovery that follows, and once more
//! after a new transaction; each operation of the disk refused once; the disk counts writes
//! and syncs.

use crashdisk::{Disk, File};
use std::collections::{BTreeMap, HashSet};
use std::io;

/// A page, unrealistically small.
pub type Page = [u8; 16];
/// A page by number; page n is at the offset 16 n of the file `pages`.
pub type PageId = u32;
/// A transaction by number.
pub type TxId = u64;

/// Pages that change in transactions.
pub struct Db {
    log: File,
    /// Whether the log has records that are not synced.
    log_is_ahead: bool,
    pages: File,
    /// The pages in memory; those on the disk may be older.
    cache: BTreeMap<PageId, Page>,
    /// What each running transaction has overwritten, in the order of its writes.
    running: BTreeMap<TxId, Vec<(PageId, Page)>>,
    next: TxId,
}

impl Db {
    /// Given: opens the database of this disk, or makes one, and recovers.
    pub fn open(disk: &Disk) -> io::Result<Self> {
        let file = |name| match disk.exists(name)? {
            true => disk.open(name),
            false => disk.create(name),
        };
        let (log, pages) = (file("log")?, file("pages")?);
        disk.sync_dir()?;
        let mut db = Db {
            log,
            log_is_ahead: false,
            pages,
            cache: BTreeMap::new(),
            running: BTreeMap::new(),
            next: 1,
        };
        db.recover()?;
        Ok(db)
    }

    /// Given: starts a transaction.
    pub fn begin(&mut self) -> TxId {
        let tx = self.next;
        self.next += 1;
        self.running.insert(tx, Vec::new());
        tx
    }

    /// Given: what is in a page, zeros at first. Running transactions are not hidden.
    pub fn read(&mut self, page: PageId) -> io::Result<Page> {
        if let Some(bytes) = self.cache.get(&page) {
            return Ok(*bytes);
        }
        let mut bytes = Page::default();
        let at = u64::from(page) * bytes.len() as u64;
        if at < self.pages.len()? {
            // A torn page at the end of the file may be too short; recovery writes all of it again.
            let len = bytes.len().min((self.pages.len()? - at) as usize);
            bytes[..len].copy_from_slice(&self.pages.read_at(at, len)?);
        }
        self.cache.insert(page, bytes);
        Ok(bytes)
    }

    /// Given: adds a record to the log, which is not safe by that.
    fn append(&mut self, record: &Record) -> io::Result<()> {
        self.log.append(&record.encode())?;
        self.log_is_ahead = true;
        Ok(())
    }

    /// Given: makes all records of the log safe.
    fn sync_log(&mut self) -> io::Result<()> {
        self.log.sync()?;
        self.log_is_ahead = false;
        Ok(())
    }

    /// Overwrites a page in a running transaction.
    pub fn write(&mut self, tx: TxId, page: PageId, after: Page) -> io::Result<()> {
        let before = self.read(page)?;
        self.append(&Record::Write {
            tx,
            page,
            before,
            after,
        })?;
        self.cache.insert(page, after);
        self.running.entry(tx).or_default().push((page, before));
        Ok(())
    }

    /// Ends a transaction. When this returns `Ok`, it survives.
    pub fn commit(&mut self, tx: TxId) -> io::Result<()> {
        self.append(&Record::Commit { tx })?;
        self.sync_log()?;
        self.running.remove(&tx);
        Ok(())
    }

    /// Ends a transaction, and takes back what it wrote.
    pub fn abort(&mut self, tx: TxId) -> io::Result<()> {
        let overwritten = self.running.remove(&tx).unwrap_or_default();
        self.cache.extend(overwritten.into_iter().rev());
        Ok(())
    }

    /// Writes a page to the disk, whoever has changed it.
    pub fn flush_page(&mut self, page: PageId) -> io::Result<()> {
        if self.log_is_ahead {
            self.sync_log()?;
        }
        let bytes = self.read(page)?;
        self.write_page(page, bytes)
    }

    /// Given: writes a page to its place in the file, which makes nothing safe.
    fn write_page(&self, page: PageId, bytes: Page) -> io::Result<()> {
        let at = u64::from(page) * bytes.len() as u64;
        self.pages.write_at(at, &bytes)
    }

    /// Brings the pages to what the committed transactions have made of them. Nothing is in memory yet.
    fn recover(&mut self) -> io::Result<()> {
        let bytes = self.log.read()?;
        let mut records = Vec::new();
        let mut end = 0;
        while let Some((record, len)) = Record::decode(&bytes[end..]) {
            records.push(record);
            end += len;
        }
        let commits = records.iter().filter_map(|record| match record {
            Record::Commit { tx } => Some(*tx),
            Record::Write { .. } => None,
        });
        let committed: HashSet<TxId> = commits.collect();

        for record in records.iter().rev() {
            if let Record::Write {
                tx, page, before, ..
            } = record
                && !committed.contains(tx)
            {
                self.cache.insert(*page, *before);
            }
        }
        for record in &records {
            if let Record::Write {
                tx, page, after, ..
            } = record
                && committed.contains(tx)
            {
                self.cache.insert(*page, *after);
            }
        }

        for (page, bytes) in &self.cache {
            self.write_page(*page, *bytes)?;
        }
        self.pages.sync()?;
        // Only now is the log superfluous, a torn record at its end included.
        self.log.truncate(0)?;
        self.log.sync()
    }
}

/// Given: a record of the log.
#[derive(Clone, Debug, PartialEq)]
enum Record {
    /// A transaction wrote a page.
    Write {
        tx: TxId,
        page: PageId,
        before: Page,
        after: Page,
    },
    /// A transaction has committed.
    Commit { tx: TxId },
}

impl Record {
    /// Given: the record as it is stored: checksum, length, and then all its numbers.
    fn encode(&self) -> Vec<u8> {
        let body = match self {
            Record::Write {
                tx,
                page,
                before,
                after,
            } => [&tx.to_le_bytes()[..], &page.to_le_bytes(), before, after].concat(),
            Record::Commit { tx } => tx.to_le_bytes().to_vec(),
        };
        let length = (body.len() as u32).to_le_bytes();
        [&crc32(&[&length, &body]).to_le_bytes(), &length[..], &body].concat()
    }

    /// Given: the record at the beginning of `bytes` and its length, if there is a whole one with the right
    /// checksum.
    fn decode(bytes: &[u8]) -> Option<(Record, usize)> {
        let (checksum, rest) = bytes.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let body = rest.get(..u32::from_le_bytes(*length) as usize)?;
        if crc32(&[length, body]) != u32::from_le_bytes(*checksum) {
            return None;
        }
        let (tx, rest) = body.split_first_chunk::<8>()?;
        let tx = TxId::from_le_bytes(*tx);
        let record = match rest.split_first_chunk::<4>() {
            None => Record::Commit { tx },
            Some((page, images)) => {
                let (before, after) = images.split_first_chunk::<16>()?;
                Record::Write {
                    tx,
                    page: PageId::from_le_bytes(*page),
                    before: *before,
                    after: after.try_into().ok()?,
                }
            }
        };
        Some((record, 8 + body.len()))
    }
}

/// Given: the CRC-32 of zlib, Ethernet and PNG over all parts, as if they were one.
fn crc32(parts: &[&[u8]]) -> u32 {
    let step = |crc: u32, byte: &u8| (crc >> 8) ^ CRC[usize::from(crc as u8 ^ byte)];
    !parts.iter().copied().flatten().fold(!0, step)
}

const CRC: [u32; 256] = crc_table();

const fn crc_table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let mut crc = i as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = (crc >> 1) ^ (0xedb8_8320 * (crc & 1));
            bit += 1;
        }
        table[i] = crc;
        i += 1;
    }
    table
}

#[cfg(test)]
mod tests;
