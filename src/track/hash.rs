//! A hash of file contents, the same on every machine and in every version.

use std::fmt;

/// Identifies one version of a set of files (FNV-1a, 128 bits; for equality, not for security).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ContentHash(u128);

/// Offset basis and prime of the 128-bit FNV-1a, <http://www.isthe.com/chongo/tech/comp/fnv/>.
const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

impl ContentHash {
    /// The hash of named contents, in the order given.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let mut hash = OFFSET;
        let mut eat = |bytes: &[u8]| {
            for &byte in bytes {
                hash = (hash ^ u128::from(byte)).wrapping_mul(PRIME);
            }
        };
        for (name, bytes) in files {
            eat(&(name.len() as u64).to_le_bytes());
            eat(name.as_bytes());
            eat(&(bytes.len() as u64).to_le_bytes());
            eat(bytes);
        }
        Self(hash)
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_boundaries_count() {
        let one = ContentHash::of([("a", b"bc".as_slice())]);
        assert_ne!(one, ContentHash::of([("ab", b"c".as_slice())]));
        assert_ne!(
            one,
            ContentHash::of([("a", b"b".as_slice()), ("c", b"".as_slice())])
        );
        assert_eq!(one, ContentHash::of([("a", b"bc".as_slice())]));
        assert_eq!(one.to_string().len(), 32);
    }
}
