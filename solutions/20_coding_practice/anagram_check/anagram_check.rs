//! # Same letters, other order
//!
//! Two services send you the same set of tags as one text, in different order. Are they
//! the same? The smallest form of the question is about letters. Write `is_anagram`.
//!
//! 1. The answer is whether `b` holds exactly the characters (`char`s) of `a`, each as
//!    often, in any order.
//! 2. Characters count, not bytes: `é` and `è` share their first byte, and are different
//!    all the same.
//! 3. Upper and lower case are different, and blanks are characters, too.
//! 4. The work does not grow with the square of the length.
//!
//! Example: "listen" and "silent" are anagrams. "aab" and "abb" hold the same set of
//! letters, but not as often: they are none.
//!
//! How it is judged: examples of each rule; 3,000 random texts, compared with sorting
//! both; 120,000 different characters and their shuffle, which must be done in five
//! seconds (counting and sorting take a fraction of a second, striking one out after the
//! other takes minutes).

use std::collections::HashMap;

/// Whether `b` holds the characters of `a` in some order.
pub fn is_anagram(a: &str, b: &str) -> bool {
    let mut surplus: HashMap<char, isize> = HashMap::new();
    for char in a.chars() {
        *surplus.entry(char).or_default() += 1;
    }
    for char in b.chars() {
        *surplus.entry(char).or_default() -= 1;
    }
    surplus.values().all(|&count| count == 0)
}

#[cfg(test)]
mod tests;
