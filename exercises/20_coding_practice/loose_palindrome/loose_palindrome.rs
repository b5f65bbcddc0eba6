//! # Palindrome, ignoring everything but letters and digits
//!
//! People write the same phone number, order code or name with blanks, dashes and
//! capitals wherever they like. Comparing means skipping what does not count, without
//! making a cleaned copy first. Write `is_loose_palindrome`.
//!
//! 1. Only the ASCII letters and digits of the text count; everything else is skipped,
//!    other letters like `é` included.
//! 2. Upper and lower case of a letter are equal. A digit equals only itself.
//! 3. The answer is whether what counts reads the same from both ends. When nothing
//!    counts, it does.
//! 4. Nothing is allocated on the heap, and the work does not grow with the square of the
//!    length.
//!
//! Example: "A man, a plan, a canal: Panama" reads the same from both ends. "0P" does
//! not: a zero is no `p`.
//!
//! How it is judged: examples of each rule; 3,000 random texts, compared with a cleaned
//! copy and its reverse; a text of a million characters, with all allocations counted,
//! which must be done in five seconds (one pass takes a fraction of a second, counting
//! characters from the front for each takes hours).

/// Whether the ASCII letters and digits of a text read the same from both ends.
pub fn is_loose_palindrome(s: &str) -> bool {
    todo!("step 1: one position at each end, both moving inwards over what does not count")
}

#[cfg(test)]
mod tests;
