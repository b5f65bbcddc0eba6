//! # Merging segments without losing a key
//!
//! The store of the last exercise never throws anything away: a counter that is set a million
//! times has a million records. Bitcask merges: it writes what is still alive in some old
//! segments into a new one, and removes the old ones. The power may fail meanwhile, and at no
//! moment may the disk hold too little, or too much of the past.
//!
//! Write `merge`. Everything else is given; new is a file `SEGMENTS` that names the segments in
//! their order. `publish` replaces it as a whole and syncs its name. `open` reads only the
//! segments that stand there, and removes all others.
//!
//! 1. `merge(range)` puts one new segment in the place of `self.segments[range]`, of which the
//!    newest segment is never part; if nothing is alive there, an empty one or none. No `get`
//!    gives another answer than before, now or after a restart.
//! 2. A record moves into the new segment only if it is alive: if the index leads to it.
//! 3. Tombstones stay only as long as they must: while there is a segment before the range, which
//!    may hold the key; and then one for each key that is deleted.
//! 4. Each old segment is read once. Afterwards there are files of the segments in
//!    `self.segments`, and no others but `SEGMENTS`; and a `get` costs one read, as always.
//! 5. The power may fail at any change of the disk: the next `open` finds all keys and values.
//!    Errors are passed on.
//!
//! An example: the first segment holds `a=1, b=2`, the second one `a=3` and the deletion of `b`.
//! `merge(0..2)` makes one segment with `a=3`. But `merge(1..2)` makes one with `a=3` and the
//! deletion of `b`: without it the next `open` would find `b=2` in the first segment.
//!
//! Before you write: the new segment, its name, the file `SEGMENTS`, the old segments. In which
//! order, and what may be lost if you are interrupted between two of these steps?
//!
//! How it is judged: examples of each rule; 200 random sequences of changes, merges and
//! restarts compared with a map, the bytes on the disk included; merges of every range with a
//! power failure at every change of the disk, several outcomes each, and again in the `open` that
//! follows; each operation of the disk refused once.

use crashdisk::{Disk, File};
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::ops::Range;

/// A key-value store: values in logs on the disk, their places in memory.
pub struct Bitcask {
    disk: Disk,
    /// The segments from the oldest to the newest.
    segments: Vec<Segment>,
    index: HashMap<Vec<u8>, Place>,
    /// The number of the next segment.
    next: u64,
}

/// A log file. Its number says nothing about its age: the order of `segments` does.
struct Segment {
    number: u64,
    file: File,
}

/// Keys, and where their values are.
type Places = Vec<(Vec<u8>, Place)>;

/// Where a value is.
struct Place {
    /// The number of its segment.
    segment: u64,
    /// The first byte of the value.
    at: u64,
    len: usize,
}

impl Bitcask {
    /// What is alive in these segments: the bytes of a new segment with this number, and the
    /// places of the values in it.
    fn alive(&self, range: Range<usize>, number: u64) -> io::Result<(Vec<u8>, Places)> {
        let mut bytes = Vec::new();
        let mut places = Vec::new();
        let mut deleted = BTreeMap::new();
        for segment in &self.segments[range.clone()] {
            let old = segment.file.read()?;
            let mut end = 0;
            while let Some(record) = decode(&old[end..]) {
                let start = end;
                end += record.len;
                let Some(value) = record.value else {
                    deleted.insert(record.key.to_vec(), old[start..end].to_vec());
                    continue;
                };
                let at = (end - value.len()) as u64;
                let place = self.index.get(record.key);
                if place.is_some_and(|place| (place.segment, place.at) == (segment.number, at)) {
                    bytes.extend(&old[start..end]);
                    let (at, len) = ((bytes.len() - value.len()) as u64, value.len());
                    let segment = number;
                    places.push((record.key.to_vec(), Place { segment, at, len }));
                }
            }
        }
        if range.start > 0 {
            deleted.retain(|key, _| !self.index.contains_key(key));
            bytes.extend(deleted.into_values().flatten());
        }
        Ok((bytes, places))
    }

    /// Merges these segments into one. The newest one must not be among them.
    pub fn merge(&mut self, range: Range<usize>) -> io::Result<()> {
        assert!(range.start < range.end && range.end < self.segments.len());
        let number = self.next;
        let (bytes, places) = self.alive(range.clone(), number)?;
        let file = self.create()?;
        file.append(&bytes)?;
        file.sync()?;
        self.disk.sync_dir()?;

        let merged = Segment { number, file };
        let old: Vec<Segment> = self.segments.splice(range, [merged]).collect();
        self.publish()?;
        self.index.extend(places);

        for segment in old {
            self.disk.remove(&segment_name(segment.number))?;
        }
        Ok(())
    }

    /// Given: makes the file of the segment with the number `next`. Its name is not synced.
    fn create(&mut self) -> io::Result<File> {
        let file = self.disk.create(&segment_name(self.next))?;
        self.next += 1;
        Ok(file)
    }

    /// Given: from now on `segments` are the segments that `open` reads, and that is safe.
    fn publish(&self) -> io::Result<()> {
        let numbers = self.segments.iter().map(|segment| segment.number);
        let bytes: Vec<u8> = numbers.flat_map(u64::to_le_bytes).collect();
        if self.disk.exists("SEGMENTS.new")? {
            self.disk.remove("SEGMENTS.new")?;
        }
        let file = self.disk.create("SEGMENTS.new")?;
        file.append(&bytes)?;
        file.sync()?;
        self.disk.rename("SEGMENTS.new", "SEGMENTS")?;
        self.disk.sync_dir()
    }

    /// Given: opens the store on this disk; on an empty one it is empty.
    pub fn open(disk: &Disk) -> io::Result<Self> {
        let mut store = Bitcask {
            disk: disk.clone(),
            segments: Vec::new(),
            index: HashMap::new(),
            next: 1,
        };
        if disk.exists("SEGMENTS")? {
            let bytes = disk.open("SEGMENTS")?.read()?;
            for number in bytes.as_chunks::<8>().0 {
                let number = u64::from_le_bytes(*number);
                store.load(number, disk.open(&segment_name(number))?)?;
            }
        }
        let known = store.segments.iter().map(|s| segment_name(s.number));
        let known: Vec<String> = known.collect();
        for name in disk.list()? {
            if name != "SEGMENTS" && !known.contains(&name) {
                disk.remove(&name)?;
            }
        }
        Ok(store)
    }

    /// Given: takes over a segment: behind all that were taken over before.
    fn load(&mut self, number: u64, file: File) -> io::Result<()> {
        let bytes = file.read()?;
        let mut end = 0;
        while let Some(record) = decode(&bytes[end..]) {
            end += record.len;
            match record.value {
                Some(value) => {
                    let place = Place {
                        segment: number,
                        at: (end - value.len()) as u64,
                        len: value.len(),
                    };
                    self.index.insert(record.key.to_vec(), place);
                }
                None => _ = self.index.remove(record.key),
            }
        }
        if end < bytes.len() {
            file.truncate(end as u64)?;
            file.sync()?;
        }
        self.next = self.next.max(number + 1);
        self.segments.push(Segment { number, file });
        Ok(())
    }

    /// Given: the value of a key.
    pub fn get(&self, key: &[u8]) -> io::Result<Option<Vec<u8>>> {
        let Some(place) = self.index.get(key) else {
            return Ok(None);
        };
        let mut segments = self.segments.iter();
        let segment = segments.find(|segment| segment.number == place.segment);
        let segment = segment.ok_or_else(|| {
            let key = String::from_utf8_lossy(key);
            let number = place.segment;
            io::Error::other(format!(
                "the index leads from {key} to segment {number}, which is gone"
            ))
        })?;
        segment.file.read_at(place.at, place.len).map(Some)
    }

    /// Given: sets the value of a key.
    pub fn put(&mut self, key: &[u8], value: &[u8]) -> io::Result<()> {
        let (segment, end) = self.append(&encode(key, Some(value)))?;
        let (at, len) = (end - value.len() as u64, value.len());
        self.index.insert(key.to_vec(), Place { segment, at, len });
        Ok(())
    }

    /// Given: removes a key, and says whether it was there.
    pub fn delete(&mut self, key: &[u8]) -> io::Result<bool> {
        if !self.index.contains_key(key) {
            return Ok(false);
        }
        self.append(&encode(key, None))?;
        self.index.remove(key);
        Ok(true)
    }

    /// Given: adds a record to the newest segment; returns its number, and the offset behind the record.
    fn append(&mut self, record: &[u8]) -> io::Result<(u64, u64)> {
        if self.segments.is_empty() {
            self.roll()?;
        }
        let newest = &self.segments[self.segments.len() - 1];
        let at = newest.file.append(record)?;
        newest.file.sync()?;
        Ok((newest.number, at + record.len() as u64))
    }

    /// Given: the next record goes into a new segment. (The tests say when.)
    pub fn roll(&mut self) -> io::Result<()> {
        let number = self.next;
        let file = self.create()?;
        self.disk.sync_dir()?;
        self.segments.push(Segment { number, file });
        self.publish()
    }
}

/// Given: the name of the segment with this number.
fn segment_name(number: u64) -> String {
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
