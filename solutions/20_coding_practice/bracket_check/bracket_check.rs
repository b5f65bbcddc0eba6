//! # Where the brackets go wrong
//!
//! A configuration file does not load, and "syntax error" helps nobody: the message must
//! say where. Write `check_brackets`.
//!
//! 1. Every closing bracket `)`, `]` or `}` must close the latest bracket that is still
//!    open, and be of its kind. All other characters are ignored, `<` and quotes among
//!    them.
//! 2. If a closing bracket does not fit, the answer is `Err` with its place: of the first
//!    one, if there are several.
//! 3. If all of them fit and some opening brackets are never closed, the answer is `Err`
//!    with the place of the first of these.
//! 4. Otherwise the answer is `Ok(())`. Places are byte offsets.
//! 5. The text is gone through once, however deep the brackets are nested, and without
//!    recursion.
//!
//! Example: "f(x[0)" goes wrong at 5, since `)` comes where `]` was due. "{ a(b" goes
//! wrong at 0.
//!
//! How it is judged: examples of each rule; all 5,461 texts of up to six round and square
//! brackets and 2,000 random ones with other characters, compared with deleting pairs
//! that stand side by side; a million nested brackets, which must be done in five seconds
//! (one pass takes a fraction of a second, deleting pairs takes minutes).

/// Where the brackets of a text go wrong, if they do, in bytes.
pub fn check_brackets(text: &str) -> Result<(), usize> {
    // The places of the open brackets, and what closes them.
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, char) in text.char_indices() {
        match char {
            '(' => open.push((at, ')')),
            '[' => open.push((at, ']')),
            '{' => open.push((at, '}')),
            ')' | ']' | '}' if open.pop().is_none_or(|(_, due)| due != char) => return Err(at),
            _ => {}
        }
    }
    match open.first() {
        Some(&(at, _)) => Err(at),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
