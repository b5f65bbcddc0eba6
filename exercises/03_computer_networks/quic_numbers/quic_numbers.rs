//! # The integers of QUIC
//!
//! QUIC, the transport below HTTP/3, writes numbers in two sparing ways. Types, lengths and
//! offsets are variable-length integers. Packet numbers count up to 2^62, and yet each packet
//! carries only the last one to four octets of its own: the receiver, who knows about where the
//! sender is, fills in the rest.
//!
//! ```text
//! first two bits   octets   bits for the number
//!       00            1              6
//!       01            2             14            the remaining bits of the first octet are
//!       10            4             30            the highest bits of the number
//!       11            8             62
//! ```
//!
//! 1. `write_varint` appends a number in as few octets as it fits into. A number of 2^62 or more
//!    is `TooLarge`, and appends nothing.
//! 2. `read_varint` gives the number at the start of `octets` and how many octets it has: any of the
//!    four lengths, also where a shorter one would do. `None` means that the rest is still to come.
//! 3. `packet_number_len`: how many octets of `full` to send, when the peer has acknowledged
//!    `largest_acked`. The fewest of 1 to 4 whose range is more than twice the distance: of `full` to
//!    `largest_acked`, or of `full + 1` to 0 if nothing was acknowledged yet. `None` if 4 are too few.
//! 4. `packet_number` gives the number whose last octets are `truncated` and which is closest to the
//!    number that is expected next: one more than `largest`, the largest received; 0 if there is none.
//!    Of two that are equally close it is the larger one.
//! 5. Packet numbers reach from 0 to 2^62 - 1. The answer is one of them, also at the ends.
//!
//! An example: 0xa82f30ea was received, and a packet comes with the two octets 0x9b32. Expected is
//! 0xa82f30eb. 0xa82f9b32 ends in these octets and is 27,207 away; 0xa82e9b32 is 38,329 away. So
//! it is 0xa82f9b32.
//!
//! How it is judged: the vectors of RFC 9000, appendix A; both sides of each border between
//! lengths; every cut; a search through all candidates for 3,000 random packets in the middle and at
//! both ends of the numbers; and 3,000 random packets that a receiver at any allowed place must expand.

/// A number of more than 62 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// Appends a number in as few octets as it fits into.
pub fn write_varint(value: u64, out: &mut Vec<u8>) -> Result<(), TooLarge> {
    todo!("step 1: which length? its two bits and the number, big-endian")
}

/// The number at the start of the octets, and how many of them it takes; `None` if some are missing.
pub fn read_varint(octets: &[u8]) -> Option<(u64, usize)> {
    todo!("step 2: the length from the first octet, then all octets but its two bits")
}

/// How many octets of the packet number `full` the peer needs; `None` if more than 4.
pub fn packet_number_len(full: u64, largest_acked: Option<u64>) -> Option<usize> {
    todo!("step 3: the distance, and the first length whose range is more than twice as large")
}

/// The packet number whose last `octets` octets (1 to 4) are `truncated`; `largest` was received before.
pub fn packet_number(largest: Option<u64>, truncated: u64, octets: usize) -> u64 {
    todo!("step 4: a candidate near the expected number, or the one above it, or the one below it")
}

#[cfg(test)]
mod tests;
