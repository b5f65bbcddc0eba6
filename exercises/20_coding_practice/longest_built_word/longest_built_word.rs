//! # Built one letter at a time
//!
//! Commands are typed letter by letter, and a help text appears whenever the letters so far
//! are a command. Write `longest_built`: it finds the longest word all of whose beginnings
//! are words, too.
//!
//! Words are ASCII and not empty: besides small letters they may hold capitals, digits
//! and other characters. They come in any order and may come twice.
//!
//! 1. A word is built if each of its beginnings, from the first character on, is a word of
//!    the list. A word of one character is always built.
//! 2. The answer is the longest built word; among those of equal length, the first one
//!    in the order of `str`.
//! 3. If no word is built, the answer is `None`.
//! 4. The list is not searched again for each beginning: tens of thousands of words are no
//!    burden.
//!
//! Example: of `["go", "gold", "g", "gol", "god", "silver"]` the answer is "gold". "silver"
//! is longer, but "s" is no word.
//!
//! How it is judged: examples of each rule; 3,000 random lists of up to twelve words over
//! two letters, compared with a look at every beginning; 30,000 words of up to 20 letters,
//! all built, and 60,000 of which only one is; each must be done in five seconds (a fraction
//! of one is enough).

/// The longest word all of whose beginnings are words; of equal length, the first as `str` orders.
pub fn longest_built<'a>(words: &[&'a str]) -> Option<&'a str> {
    todo!("step 1: in which order does each word take one question?")
}

#[cfg(test)]
mod tests;
