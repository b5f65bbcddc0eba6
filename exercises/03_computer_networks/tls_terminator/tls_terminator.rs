//! # A headline
//!
//! Why does a backend engineer meet this? Two or three sentences, in plain words.
//!
//! Write `tls_terminator`, which …
//!
//! 1. The contract: three to six numbered rules, each defended by a test of its own.
//! 2. …
//!
//! An example: …
//!
//! How it is judged, literally: which examples, which model, which counts and limits.

/// What it gives.
pub fn tls_terminator(input: u64) -> u64 {
    todo!("step 1: say what is to be done first")
}

#[cfg(test)]
mod tests;
