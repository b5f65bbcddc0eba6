//! # HPACK's integers and strings
//!
//! HTTP/2 compresses headers with HPACK, and nearly every request on the web passes through it.
//! Its atoms are an integer that shares its first octet with flags, and a string that may be
//! written in a Huffman code made for headers: `www.example.com` in 12 octets. What comes in is
//! written by strangers, so it is also a place to be careful.
//!
//! 1. An integer with a prefix of `bits` bits (RFC 7541, section 5.1) stands in the low bits of
//!    its first octet; the bits above are `flags`. If it is 2^bits - 1 or more, the prefix is
//!    all ones, and the rest, value minus (2^bits - 1), follows in groups of 7 bits, the lowest
//!    group first. In all of these octets but the last the highest bit is set.
//! 2. `read_integer` refuses what is cut off, what is more than `u32::MAX`, and more than 5
//!    octets behind the first. Fewer are fine, even if the value would fit into still fewer.
//! 3. A Huffman-coded string is the codes of its octets, one behind the other, the highest bit
//!    first. What is left of the last octet is padded with ones.
//! 4. `huffman_decode` refuses padding of more than 7 bits, padding with a zero in it, and the
//!    code of EOS (256), which is 30 ones: it is there to be padding, never to be written.
//! 5. A string is its length, with a prefix of 7 bits, and its octets. The flag 0x80 says that
//!    the octets, and the length, are Huffman-coded. `write_string` does so if it makes the
//!    string shorter. `read_string` reads both.
//! 6. `read_integer` and `read_string` move the slice behind what they read.
//!
//! An example: 1337 with a prefix of 5 bits is 31, then 1306 = 10 * 128 + 26 as 154 (26 with
//! the highest bit), 10.
//!
//! How it is judged: the vectors of RFC 7541, appendix C; every cut; borders of the integers;
//! runs of 0xff; each of the 256 codes; paddings; and thousands of random integers and strings
//! against the crate loona-hpack.

/// Octets that mean nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// Appends an integer with a prefix of `bits` (1 to 8) bits, below the flags.
pub fn write_integer(value: u32, bits: u32, flags: u8, out: &mut Vec<u8>) {
    todo!("step 1: the prefix, and what does not fit into it in groups of 7 bits")
}

/// Reads an integer with a prefix of `bits` bits, whatever the flags are.
pub fn read_integer(octets: &mut &[u8], bits: u32) -> Result<u32, Malformed> {
    todo!("step 2: the prefix, and at most 5 groups; none of them may overflow")
}

/// The Huffman code of a string.
pub fn huffman_encode(string: &[u8]) -> Vec<u8> {
    todo!("step 3: collect bits, and hand on each eight of them")
}

/// The string of a Huffman code.
pub fn huffman_decode(octets: &[u8]) -> Result<Vec<u8>, Malformed> {
    todo!("step 4: bit by bit, until the bits are a code; what is left must be padding")
}

/// Appends a string, Huffman-coded if that is shorter.
pub fn write_string(string: &[u8], out: &mut Vec<u8>) {
    todo!("step 5: which one is shorter? its length and flag, and its octets")
}

/// Reads a string.
pub fn read_string(octets: &mut &[u8]) -> Result<Vec<u8>, Malformed> {
    todo!("step 6: the flag, the length, and as many octets")
}

/// Given: the code of each octet, and of EOS (256): its bits and how many they are. No code
/// starts another one.
pub static CODES: [(u32, u32); 257] = codes();

/// The codes follow from their lengths: the shorter ones come first, and among codes of equal
/// length those of smaller octets; each is one more than the one before, with zeroes behind it
/// if it is longer.
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
