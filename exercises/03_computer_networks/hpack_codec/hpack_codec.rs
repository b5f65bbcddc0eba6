//! # HPACK: headers as numbers
//!
//! A browser sends the same twenty headers with each of a hundred requests. HPACK makes one
//! octet of each: both sides keep a table of what was sent before, and refer to it. The two
//! tables must stay equal without a word about them, so each detail of inserting and evicting
//! is part of the protocol. One header must never enter: a secret that an attacker could guess
//! by watching lengths.
//!
//! Write the table, the decoder and the encoder. Integers and strings are given; they are the
//! last exercise.
//!
//! ```text
//! 1 index(7)                     a header of the table
//! 0 1 index(6) [name] value      a name of the table, or index 0 and a name; goes into the table
//! 0 0 0 0 index(4) [name] value  the same, but does not go into the table
//! 0 0 0 1 index(4) [name] value  the same, and nobody may ever put it into a table
//! 0 0 1 size(5)                  from now on the table holds at most this size
//! ```
//!
//! 1. Index 1 to 61 is the static table (given); 62 is the newest entry of the dynamic table,
//!    63 the one before, and so on. Index 0, except in front of a name, and indices past the
//!    end are `Malformed`.
//! 2. The size of an entry is the octets of its name and value, and 32. Before an entry goes
//!    in, the oldest ones go out until it fits. An entry larger than the whole table empties it
//!    and does not go in; that is no error. Its name may come from an entry that goes out for
//!    it.
//! 3. `Decoder::decode` reads one block. Size updates stand only at its start, and never exceed
//!    the size that the decoder was made with. Everything that makes no sense is `Malformed`.
//! 4. `Encoder::encode` writes one block that any decoder of the same table size understands. A
//!    header whose name and value are in the table becomes its index; any other goes into the
//!    table if it fits, except those of rule 5. (One that does not fit may be written with or
//!    without indexing.) A name that is in the table is written as its smallest index.
//! 5. Headers of the names in `SENSITIVE` are always written as `0 0 0 1`, and never enter the
//!    table.
//! 6. After `Encoder::set_max_table` the next block starts with the update to the last size
//!    that was set. If a size before it was lower, the lowest comes first: the other side must
//!    evict what we have evicted. If no call has changed the size, nothing has to be said.
//!
//! An example: `:method: GET` is `0x82`, entry 2. `x: y` is first `0x40 1 x 1 y`, and `0xbe`,
//! entry 62, the next time.
//!
//! How it is judged: all of RFC 7541, appendices C.2 to C.6, with the table after each block;
//! single rules of inserting and evicting; malformed blocks and every cut; and random headers
//! in both directions against the crate loona-hpack, where the tables of your encoder and
//! decoder must be equal after each block.

use std::collections::{HashMap, VecDeque};
use std::sync::LazyLock;

/// A name in lower case, and a value.
pub type Header = (Vec<u8>, Vec<u8>);

/// Octets that are no block of headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// Headers that are secrets.
pub const SENSITIVE: [&str; 4] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
];

/// The static table, and the dynamic one of one direction of a connection.
pub struct Table {
    /// The newest first.
    entries: VecDeque<Header>,
    size: usize,
    max: usize,
}

impl Table {
    /// A table whose dynamic part has at most the size `max`.
    pub fn new(max: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            size: 0,
            max,
        }
    }

    /// The entry of an index.
    pub fn get(&self, index: usize) -> Option<(&[u8], &[u8])> {
        todo!("step 1: which of the two tables, and where in it?")
    }

    /// Lets the oldest entries go until the size is at most `max`.
    fn evict_to(&mut self, max: usize) {
        todo!("step 2: from the back, and keep the size right")
    }

    /// Makes room, and adds an entry if there is enough of it.
    pub fn insert(&mut self, header: Header) {
        todo!("step 3: make room first; is there enough?")
    }

    /// Sets the largest size, and lets entries go that no longer fit.
    pub fn resize(&mut self, max: usize) {
        self.max = max;
        self.evict_to(max);
    }

    /// The dynamic entries, the newest first.
    pub fn dynamic(&self) -> Vec<Header> {
        self.entries.iter().cloned().collect()
    }

    /// The size of the dynamic entries together.
    pub fn size(&self) -> usize {
        self.size
    }
}

/// The size of an entry (RFC 7541, section 4.1).
fn entry_size(header: &Header) -> usize {
    header.0.len() + header.1.len() + 32
}

/// Reads the blocks of one connection, in order.
pub struct Decoder {
    table: Table,
    /// No size update may be larger.
    limit: usize,
}

impl Decoder {
    /// A decoder that has offered a table of this size.
    pub fn new(max_table: usize) -> Self {
        Self {
            table: Table::new(max_table),
            limit: max_table,
        }
    }

    /// The table as it is now.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The headers of a block.
    pub fn decode(&mut self, mut block: &[u8]) -> Result<Vec<Header>, Malformed> {
        todo!("step 4: by the first bits of each representation; the size updates only in front")
    }
}

/// Writes the blocks of one connection, in order.
pub struct Encoder {
    table: Table,
    /// Since the last block: the lowest size that was set, and the last one.
    resized: Option<(usize, usize)>,
}

impl Encoder {
    /// An encoder whose peer offers a table of this size.
    pub fn new(max_table: usize) -> Self {
        Self {
            table: Table::new(max_table),
            resized: None,
        }
    }

    /// The table as it is now.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The peer offers another table size from now on.
    pub fn set_max_table(&mut self, max: usize) {
        todo!("step 5: the table at once, and what the next block must say")
    }

    /// The block of these headers.
    pub fn encode(&mut self, headers: &[Header]) -> Vec<u8> {
        todo!("step 6: size updates; then each header by what is in the table, and by its name")
    }
}

/// Given: the entries of the static table, from index 1 on.
static STATIC_ENTRIES: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let entries = STATIC_TABLE.split('|');
    entries.filter_map(|entry| entry.split_once('=')).collect()
});

/// The static table of RFC 7541, appendix A.
const STATIC_TABLE: &str = "\
    :authority=|:method=GET|:method=POST|:path=/|:path=/index.html|:scheme=http|\
    :scheme=https|:status=200|:status=204|:status=206|:status=304|:status=400|:status=404|\
    :status=500|accept-charset=|accept-encoding=gzip, deflate|accept-language=|\
    accept-ranges=|accept=|access-control-allow-origin=|age=|allow=|authorization=|\
    cache-control=|content-disposition=|content-encoding=|content-language=|content-length=|\
    content-location=|content-range=|content-type=|cookie=|date=|etag=|expect=|expires=|\
    from=|host=|if-match=|if-modified-since=|if-none-match=|if-range=|if-unmodified-since=|\
    last-modified=|link=|location=|max-forwards=|proxy-authenticate=|proxy-authorization=|\
    range=|referer=|refresh=|retry-after=|server=|set-cookie=|strict-transport-security=|\
    transfer-encoding=|user-agent=|vary=|via=|www-authenticate=\
    ";

/// Given, as in the last exercise: appends an integer with a prefix of `bits` bits, below the
/// flags.
fn write_integer(value: u32, bits: u32, flags: u8, out: &mut Vec<u8>) {
    let max = (1 << bits) - 1;
    if value < max {
        out.push(flags + value as u8);
        return;
    }
    out.push(flags + max as u8);
    let mut rest = value - max;
    while rest >= 0x80 {
        out.push(0x80 + (rest % 0x80) as u8);
        rest /= 0x80;
    }
    out.push(rest as u8);
}

/// Given: reads an integer with a prefix of `bits` bits and moves the slice behind it.
fn read_integer(octets: &mut &[u8], bits: u32) -> Result<u32, Malformed> {
    let max = (1 << bits) - 1;
    let (&first, mut rest) = octets.split_first().ok_or(Malformed)?;
    let mut value = u64::from(first) & max;
    let mut shift = 0;
    let mut more = value == max;
    while more {
        let (&group, behind) = rest.split_first().ok_or(Malformed)?;
        value += u64::from(group & 0x7f) << shift;
        shift += 7;
        more = group >= 0x80;
        rest = behind;
        if more && shift == 35 {
            return Err(Malformed);
        }
    }
    *octets = rest;
    u32::try_from(value).map_err(|_| Malformed)
}

/// Given: appends a string, Huffman-coded if that is shorter.
fn write_string(string: &[u8], out: &mut Vec<u8>) {
    let mut coded = Vec::new();
    let (mut bits, mut count) = (0_u64, 0);
    for &octet in string {
        let (code, len) = CODES[usize::from(octet)];
        bits = (bits << len) + u64::from(code);
        count += len;
        while count >= 8 {
            count -= 8;
            coded.push((bits >> count) as u8);
        }
    }
    if count > 0 {
        coded.push((bits << (8 - count)) as u8 + (0xff >> count));
    }
    let (flag, octets) = match coded.len() < string.len() {
        true => (0x80, &coded[..]),
        false => (0, string),
    };
    write_integer(octets.len() as u32, 7, flag, out);
    out.extend(octets);
}

/// Given: reads a string and moves the slice behind it.
fn read_string(octets: &mut &[u8]) -> Result<Vec<u8>, Malformed> {
    let coded = *octets.first().ok_or(Malformed)? >= 0x80;
    let length = read_integer(octets, 7)? as usize;
    let (string, rest) = octets.split_at_checked(length).ok_or(Malformed)?;
    *octets = rest;
    if !coded {
        return Ok(string.to_vec());
    }
    let mut out = Vec::new();
    let (mut code, mut len) = (0, 0);
    for octet in string {
        for bit in (0..8).rev() {
            code = (code << 1) + u32::from(octet >> bit & 1);
            len += 1;
            if let Some(symbol) = SYMBOLS.get(&(code, len)) {
                out.push(*symbol);
                (code, len) = (0, 0);
            }
        }
    }
    let padding = len < 8 && code == (1 << len) - 1;
    padding.then_some(out).ok_or(Malformed)
}

/// The octet of each Huffman code and its length.
static SYMBOLS: LazyLock<HashMap<(u32, u32), u8>> = LazyLock::new(|| {
    (0..=255)
        .map(|octet| (CODES[usize::from(octet)], octet))
        .collect()
});

/// The Huffman code of each octet, and its length.
static CODES: [(u32, u32); 257] = codes();

/// The codes in the order of their lengths, and of their octets.
const fn codes() -> [(u32, u32); 257] {
    let mut codes = [(0, 0); 257];
    let (mut next, mut len) = (0, 0);
    while len < 30 {
        len += 1;
        next <<= 1;
        let mut symbol = 0;
        while symbol < codes.len() {
            if LENGTHS[symbol] as u32 == len {
                codes[symbol] = (next, len);
                next += 1;
            }
            symbol += 1;
        }
    }
    codes
}

/// The bits of each code of RFC 7541, appendix B.
#[rustfmt::skip]
const LENGTHS: [u8; 257] = [
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28,
    28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11,
    10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8,
    15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5,
    6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7,
    7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23,
    23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
    22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21,
    23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25,
    26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26,
    28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
    26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];

#[cfg(test)]
mod tests;
