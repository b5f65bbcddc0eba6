//! # Read Roman numerals strictly
//!
//! Clauses of a contract are numbered IV.2 or XIX.1, and a parser that also takes "IIII"
//! for 4 makes two names out of one clause. A strict parser accepts exactly one form. Write
//! both directions.
//!
//! 1. `to_roman` writes 1 to 3999 in standard form: the decimal digits from left to right,
//!    each as in I, II, III, IV, V, VI, VII, VIII, IX, with X, L, C for tens, C, D, M for
//!    hundreds, and up to three M. A digit 0 is left out.
//! 2. For 0 and for 4000 and more it returns `None`.
//! 3. `from_roman` reads the standard forms. It gives `None` for every other text: wrong
//!    order ("VX"), wrong repetition ("IIII"), wrong subtraction ("IC"), lower case, other
//!    letters, nothing at all.
//! 4. However long a text is, nothing panics. A call makes at most 8 allocations.
//!
//! Example: 1994 is MCMXCIV: M, CM, XC, IV.
//!
//! How it is judged: examples of each rule; all numbers there and back, and all 19,608
//! texts of up to five of the seven letters, compared with standard forms that are put
//! together digit by digit; the allocations. All must be read in five seconds.

/// The symbols and the six pairs with a subtraction, by value.
const SYMBOLS: [(u16, &str); 13] = [
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
];

/// The standard form of 1 to 3999.
pub fn to_roman(n: u16) -> Option<String> {
    if !(1..=3999).contains(&n) {
        return None;
    }
    let (mut rest, mut text) = (n, String::new());
    for (value, symbol) in SYMBOLS {
        while rest >= value {
            rest -= value;
            text.push_str(symbol);
        }
    }
    Some(text)
}

/// The value of a text in standard form.
pub fn from_roman(s: &str) -> Option<u16> {
    let (mut rest, mut n) = (s, 0_u16);
    for (value, symbol) in SYMBOLS {
        while let Some(shorter) = rest.strip_prefix(symbol) {
            rest = shorter;
            n = n.checked_add(value)?;
        }
    }
    // Whatever was read: there is only one standard form.
    (to_roman(n)? == s).then_some(n)
}

#[cfg(test)]
mod tests;
