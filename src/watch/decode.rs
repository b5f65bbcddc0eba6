//! Keys from the bytes that a Unix terminal sends.

use super::keys::Key;

const ESCAPE: u8 = 0x1b;

/// Takes as many keys as there are from the bytes. What is left is the start of a key whose end has not come; with `last`
/// nothing more is expected, so that a lone escape is the key.
pub(super) fn keys(bytes: &mut Vec<u8>, last: bool) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = bytes.as_slice();
    while let Some((key, taken)) = first(rest, last) {
        keys.extend(key);
        rest = &rest[taken..];
    }
    *bytes = rest.to_vec();
    keys
}

/// The first key, if it has a meaning here, and how many bytes it takes. Nothing when more bytes are needed.
fn first(bytes: &[u8], last: bool) -> Option<(Option<Key>, usize)> {
    let (&byte, rest) = bytes.split_first()?;
    let key = match byte {
        ESCAPE => return escape(rest, last).map(|(key, taken)| (key, taken + 1)),
        b'\r' | b'\n' => Some(Key::Enter),
        0x7f | 0x08 => Some(Key::Backspace),
        0x01..=0x1a => Some(Key::Ctrl(char::from(byte - 1 + b'a'))),
        0x20..=0x7e => Some(Key::Char(char::from(byte))),
        0x80.. => return character(bytes, last),
        _ => None,
    };
    Some((key, 1))
}

/// What follows an escape.
fn escape(rest: &[u8], last: bool) -> Option<(Option<Key>, usize)> {
    match rest {
        [] => last.then_some((Some(Key::Escape), 0)),
        // Escape twice, or before another sequence: the first one stands alone.
        [ESCAPE, ..] => Some((Some(Key::Escape), 0)),
        [b'[', parameters @ ..] => {
            let Some(end) = parameters
                .iter()
                .position(|byte| matches!(byte, 0x40..=0x7e))
            else {
                // Cut off: the whole of it means nothing.
                return last.then_some((None, rest.len()));
            };
            Some((sequence(&parameters[..end], parameters[end]), end + 2))
        }
        [b'O', end, ..] => Some((sequence(&[], *end), 2)),
        [b'O'] if !last => None,
        // Alt with a character.
        [_, ..] => Some((None, 1)),
    }
}

/// A control sequence; keys with Shift, Alt or Ctrl (a second parameter) count as without.
fn sequence(parameters: &[u8], end: u8) -> Option<Key> {
    let number = parameters
        .split(|&byte| byte == b';')
        .next()
        .unwrap_or_default();
    Some(match (end, number) {
        (b'A', _) => Key::Up,
        (b'B', _) => Key::Down,
        (b'H', _) | (b'~', b"1" | b"7") => Key::Home,
        (b'F', _) | (b'~', b"4" | b"8") => Key::End,
        (b'~', b"5") => Key::PageUp,
        (b'~', b"6") => Key::PageDown,
        _ => return None,
    })
}

fn character(bytes: &[u8], last: bool) -> Option<(Option<Key>, usize)> {
    let chunk = bytes.utf8_chunks().next()?;
    if let Some(character) = chunk.valid().chars().next() {
        return Some((Some(Key::Char(character)), character.len_utf8()));
    }
    let broken = chunk.invalid().len();
    let cut_off = broken == bytes.len() && broken < 4;
    (last || !cut_off).then_some((None, broken))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(text: &str) -> Vec<Key> {
        keys(&mut text.as_bytes().to_vec(), true)
    }

    #[test]
    fn keys_are_told_apart() {
        let text = "aG ?\r\x7f\x03\x1a\x1b[A\x1bOB\x1b[5~\x1b[6~\x1b[H\x1b[4~é漢";
        let expected = [
            Key::Char('a'),
            Key::Char('G'),
            Key::Char(' '),
            Key::Char('?'),
            Key::Enter,
            Key::Backspace,
            Key::Ctrl('c'),
            Key::Ctrl('z'),
            Key::Up,
            Key::Down,
            Key::PageUp,
            Key::PageDown,
            Key::Home,
            Key::End,
            Key::Char('é'),
            Key::Char('漢'),
        ];
        assert_eq!(all(text), expected);
    }

    #[test]
    fn modifiers_and_unknown_sequences_do_no_harm() {
        assert_eq!(all("\x1b[1;5A\x1b[6;2~"), [Key::Up, Key::PageDown]);
        assert_eq!(
            all("\x1b[200~q\x1b[24;1R\x1bx\x1b[?1;2cr\0"),
            [Key::Char('q'), Key::Char('r')]
        );
        assert_eq!(all("\x1b[<0;10;10Mq"), [Key::Char('q')], "a mouse");
    }

    #[test]
    fn an_escape_waits_for_what_may_follow() {
        let mut bytes = b"a\x1b".to_vec();
        assert_eq!(keys(&mut bytes, false), [Key::Char('a')]);
        assert_eq!(bytes, b"\x1b");
        bytes.extend(b"[");
        assert!(keys(&mut bytes, false).is_empty());
        bytes.extend(b"B");
        assert_eq!(keys(&mut bytes, false), [Key::Down]);
        assert!(bytes.is_empty());
        assert_eq!(all("\x1b"), [Key::Escape]);
        assert_eq!(all("\x1b\x1b"), [Key::Escape, Key::Escape]);
        assert_eq!(all("\x1b\x1b[A"), [Key::Escape, Key::Up]);
    }

    #[test]
    fn a_character_may_come_in_parts() {
        let mut bytes = vec![0xe6, 0xbc];
        assert!(keys(&mut bytes, false).is_empty());
        bytes.push(0xa2);
        assert_eq!(keys(&mut bytes, false), [Key::Char('漢')]);
        assert_eq!(keys(&mut vec![0xff, b'q', 0xe6], true), [Key::Char('q')]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_used_up_wherever_they_are_cut(bytes in proptest::collection::vec(any::<u8>(), 0..60), cut in 0usize..60) {
            let cut = cut.min(bytes.len());
            let mut first = bytes[..cut].to_vec();
            let mut found = keys(&mut first, false);
            first.extend(&bytes[cut..]);
            found.extend(keys(&mut first, true));
            prop_assert!(first.is_empty());
            prop_assert_eq!(found, keys(&mut bytes.clone(), true));
        }
    }
}
