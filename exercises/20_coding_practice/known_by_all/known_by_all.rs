//! # Known by all, knowing nobody
//!
//! In a graph of services, one that all others call and that calls nobody is the common
//! base, and the first to look at when everything is down. Asking whether one calls another
//! means reading logs, so questions are dear. As in the old puzzle, we say "knows". Write
//! `known_by_all`.
//!
//! 1. The answer is the person whom every other person knows and who knows no other person.
//! 2. If there is none, the answer is `None`. There are never two.
//! 3. With one person, that person is the answer; with none, there is no answer.
//! 4. `knows(a, b)` says whether `a` knows `b`. Nobody is asked about themselves.
//! 5. At most `3 n` questions are asked about `n` people.
//!
//! Example: 0 knows 1 and 2, 1 knows 2, and 2 knows nobody. The answer is 2.
//!
//! How it is judged: examples of each rule; all 4,166 relations of up to four people,
//! compared with asking everything; the questions about 1,000 people. A question about
//! people who don't exist, or about a person and themselves, fails the test.

/// The only person who can be the answer; `None` if there is nobody at all.
fn candidate(n: usize, knows: &mut impl FnMut(usize, usize) -> bool) -> Option<usize> {
    todo!("step 1: what does one question about two people rule out?")
}

/// The person whom all others know and who knows nobody else.
pub fn known_by_all(n: usize, mut knows: impl FnMut(usize, usize) -> bool) -> Option<usize> {
    let candidate = candidate(n, &mut knows)?;
    todo!("step 2: is the candidate really the answer?")
}

#[cfg(test)]
mod tests;
