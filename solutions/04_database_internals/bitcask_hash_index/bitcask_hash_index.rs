//! # A hash index over an append-only log
//!
//! Bitcask, the storage engine of Riak, answers each `get` with one read of the disk and
//! makes each `put` one append. Its trick is old and simple: the values stay in log
//! files, and a hash map in memory knows where each one is. After a crash the map is gone,
//! and the logs have all that is needed to build it again.
//!
//! Write `Bitcask`. Its files are segments, `segment-000001` and so on: logs of records, of which
//! only the newest is written to. `encode` and `decode` are given; a record has a
//! checksum, and either a value or none: then it is a tombstone, and says that the key
//! was deleted.
//!
//! 1. `get` returns the value that was put last, or `None`. It reads the disk once, just the value or
//!    its record. For a key that is not there it does not read at all.
//! 2. `put` and `delete` return `Ok` when the change is safe. That costs one append and one
//!    sync. `delete` says whether the key was there; if it was not, nothing is written.
//! 3. `open` finds everything that was acknowledged, deletions included. An empty value
//!    is a value.
//! 4. The newest segment takes records until it has `SEGMENT` bytes or more; then the next
//!    record goes into a new one.
//! 5. A crash leaves at most one record that was not acknowledged: it is there as a whole, or
//!    not at all. What is put after the crash is found by every later `open`.
//! 6. The power may fail at any change of the disk, in `open` too. Errors are passed on. After a `put`
//!    or `delete` that failed, `get` answers as before.
//!
//! An example: `put("a", "1")`, `put("a", "2")`, `delete("b")` leave two records in the log; the index
//! leads from `a` to the value of the second one, at byte 27 of `segment-000001`.
//!
//! The disk is that of `record_log`. A file has `len() -> io::Result<u64>` and
//! `read_at(offset: u64, length: usize) -> io::Result<Vec<u8>>`, too; `append(&[u8])` returns the
//! offset at which it wrote.
//!
//! How it is judged: examples of each rule; 200 random sequences of operations and restarts
//! compared with a `HashMap`; a workload of 60 operations with a power failure at every
//! change of the disk, several outcomes each, and again in the `open` that follows; each operation
//! of the disk refused once; the disk counts reads, writes and syncs.

use crashdisk::{Disk, File};
use std::collections::HashMap;
use std::io;

/// A segment of this size takes no further record.
pub const SEGMENT: u64 = 256;

/// A key-value store: values in logs on the disk, their places in memory.
pub struct Bitcask {
    disk: Disk,
    /// The segments from the oldest to the newest.
    segments: Vec<File>,
    index: HashMap<Vec<u8>, Place>,
}

/// Where a value is.
struct Place {
    /// An index of `segments`.
    segment: usize,
    /// The first byte of the value.
    at: u64,
    len: usize,
}

impl Bitcask {
    /// Opens the store on this disk; on an empty one it is empty.
    pub fn open(disk: &Disk) -> io::Result<Self> {
        let mut store = Bitcask {
            disk: disk.clone(),
            segments: Vec::new(),
            index: HashMap::new(),
        };
        // The names sort in the order of the numbers.
        for name in disk.list()? {
            store.load(disk.open(&name)?)?;
        }
        Ok(store)
    }

    /// Takes over a segment that is on the disk: behind all that were taken over before.
    fn load(&mut self, file: File) -> io::Result<()> {
        let bytes = file.read()?;
        let segment = self.segments.len();
        let mut end = 0;
        while let Some(record) = decode(&bytes[end..]) {
            end += record.len;
            match record.value {
                Some(value) => {
                    let (at, len) = ((end - value.len()) as u64, value.len());
                    self.index
                        .insert(record.key.to_vec(), Place { segment, at, len });
                }
                None => _ = self.index.remove(record.key),
            }
        }
        if end < bytes.len() {
            file.truncate(end as u64)?;
            file.sync()?;
        }
        self.segments.push(file);
        Ok(())
    }

    /// The value of a key.
    pub fn get(&self, key: &[u8]) -> io::Result<Option<Vec<u8>>> {
        let Some(place) = self.index.get(key) else {
            return Ok(None);
        };
        let value = self.segments[place.segment].read_at(place.at, place.len)?;
        Ok(Some(value))
    }

    /// Adds a record to the newest segment, or to a new one; returns the offset behind it. It is safe then.
    fn append(&mut self, record: &[u8]) -> io::Result<u64> {
        let newest = match self.segments.last() {
            Some(file) if file.len()? < SEGMENT => file,
            _ => {
                let name = segment_name(self.segments.len() + 1);
                let file = self.disk.create(&name)?;
                self.disk.sync_dir()?;
                self.segments.push(file);
                &self.segments[self.segments.len() - 1]
            }
        };
        let at = newest.append(record)?;
        newest.sync()?;
        Ok(at + record.len() as u64)
    }

    /// Sets the value of a key.
    pub fn put(&mut self, key: &[u8], value: &[u8]) -> io::Result<()> {
        let end = self.append(&encode(key, Some(value)))?;
        let place = Place {
            segment: self.segments.len() - 1,
            at: end - value.len() as u64,
            len: value.len(),
        };
        self.index.insert(key.to_vec(), place);
        Ok(())
    }

    /// Removes a key, and says whether it was there.
    pub fn delete(&mut self, key: &[u8]) -> io::Result<bool> {
        if !self.index.contains_key(key) {
            return Ok(false);
        }
        self.append(&encode(key, None))?;
        self.index.remove(key);
        Ok(true)
    }
}

/// Given: the name of the segment with this number; the first one is 1.
fn segment_name(number: usize) -> String {
    format!("segment-{number:06}")
}

/// Given: the bytes in front of the key: checksum, length of the key, length of the value.
pub const HEADER: usize = 12;

/// Given: a record, read from the beginning of some bytes.
struct Record<'a> {
    key: &'a [u8],
    /// `None` in a tombstone.
    value: Option<&'a [u8]>,
    /// The length of the whole record, whose last bytes are the value.
    len: usize,
}

/// Given: a record as it is stored. A tombstone has no value.
fn encode(key: &[u8], value: Option<&[u8]>) -> Vec<u8> {
    let key_len = (key.len() as u32).to_le_bytes();
    let value_len = value.map_or(TOMBSTONE, |value| value.len() as u32);
    let value_len = value_len.to_le_bytes();
    let value = value.unwrap_or_default();
    let checksum = crc32(&[&key_len, &value_len, key, value]).to_le_bytes();
    [&checksum, &key_len, &value_len, key, value].concat()
}

/// Given: the record at the beginning of `bytes`, if there is a whole one with the right checksum.
fn decode(bytes: &[u8]) -> Option<Record<'_>> {
    let (checksum, rest) = bytes.split_first_chunk::<4>()?;
    let (key_len, rest) = rest.split_first_chunk::<4>()?;
    let (value_len, rest) = rest.split_first_chunk::<4>()?;
    let (key, rest) = rest.split_at_checked(u32::from_le_bytes(*key_len) as usize)?;
    let value = match u32::from_le_bytes(*value_len) {
        TOMBSTONE => None,
        len => Some(rest.get(..len as usize)?),
    };
    let bytes_of_value = value.unwrap_or_default();
    let right = crc32(&[key_len, value_len, key, bytes_of_value]);
    (right == u32::from_le_bytes(*checksum)).then_some(Record {
        key,
        value,
        len: HEADER + key.len() + bytes_of_value.len(),
    })
}

/// Given: stands for the length of the value in a tombstone.
const TOMBSTONE: u32 = u32::MAX;

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
