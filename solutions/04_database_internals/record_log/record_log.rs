//! # A log that survives crashes
//!
//! Nearly every database writes what it is about to promise to the end of a log, and
//! reads the log when it starts. Between the two lies the crash: of the last record there
//! may be all, nothing, a beginning, or a beginning and then zeros. The log has to know
//! where it ends.
//!
//! Write `RecordLog`: a file of records on a disk that loses what was not synced. A record
//! is stored as
//!
//! ```text
//! length of the payload (u32) | CRC-32 (u32) | payload        numbers are little-endian
//! ```
//!
//! 1. The checksum covers the four bytes of the length and the payload. So zeros are
//!    no record, and an empty payload makes a record like any other.
//! 2. `append` returns `Ok` when the record is safe: after a crash it is there. It costs
//!    one sync.
//! 3. `open` returns all records in their order, and makes the file if there is none. The
//!    log ends where a record is not whole or its checksum is wrong: nothing behind that
//!    point is returned, whatever is there. No bytes make `open` panic.
//! 4. What is appended after `open` is found by the next `open`, whatever an earlier
//!    crash has left at the end of the file.
//! 5. A power failure may come at any change of the disk, in `open` too. Every error of the
//!    disk is passed on.
//!
//! An example: `append(b"hi")` writes `02 00 00 00 | fb 38 40 65 | 68 69`. If only the first nine
//! bytes of that survive, the next `open` returns nothing, and the next record starts at byte 0.
//!
//! The disk is `crashdisk::Disk`, with one folder of files. All methods take `&self`:
//!
//! ```text
//! Disk    exists(name) -> io::Result<bool>       open(name), create(name) -> io::Result<File>
//!         sync_dir() -> io::Result<()>           makes the names in the folder safe
//! File    read() -> io::Result<Vec<u8>>          append(&[u8]) -> io::Result<u64>, where it wrote
//!         truncate(len: u64), sync() -> io::Result<()>
//! ```
//!
//! How it is judged: examples of each rule; every bit of a log flipped, one at a time; six
//! appends with a power failure at every change of the disk, several outcomes each, and again
//! in the `open` that follows; each operation of the disk refused once; the disk counts syncs
//! and bytes.

use crashdisk::{Disk, File};
use std::io;

/// The file that holds the records.
pub const NAME: &str = "log";

/// A log of records, open for appending.
pub struct RecordLog {
    file: File,
}

/// A record as it is stored.
fn encode(payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u32).to_le_bytes();
    let checksum = crc32(&[&length, payload]).to_le_bytes();
    [&length, &checksum, payload].concat()
}

/// The payload of the record at the beginning of `bytes`. `None` if there is no whole and right one.
fn decode(bytes: &[u8]) -> Option<&[u8]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (checksum, rest) = rest.split_first_chunk::<4>()?;
    let payload = rest.get(..u32::from_le_bytes(*length) as usize)?;
    let right = crc32(&[length, payload]) == u32::from_le_bytes(*checksum);
    right.then_some(payload)
}

impl RecordLog {
    /// Opens the log of this disk, or makes one; returns it with its records.
    pub fn open(disk: &Disk) -> io::Result<(RecordLog, Vec<Vec<u8>>)> {
        let file = if disk.exists(NAME)? {
            disk.open(NAME)?
        } else {
            let file = disk.create(NAME)?;
            disk.sync_dir()?;
            file
        };
        let bytes = file.read()?;
        let mut records = Vec::new();
        let mut end = 0;
        while let Some(payload) = decode(&bytes[end..]) {
            records.push(payload.to_vec());
            end += HEADER + payload.len();
        }
        if end < bytes.len() {
            file.truncate(end as u64)?;
            file.sync()?;
        }
        Ok((RecordLog { file }, records))
    }

    /// Adds a record. It is safe when this returns `Ok`.
    pub fn append(&mut self, payload: &[u8]) -> io::Result<()> {
        self.file.append(&encode(payload))?;
        self.file.sync()
    }
}

/// Given: the bytes in front of the payload.
pub const HEADER: usize = 8;

/// Given: the CRC-32 of zlib, Ethernet and PNG over all parts, as if they were one.
pub fn crc32(parts: &[&[u8]]) -> u32 {
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
