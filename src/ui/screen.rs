//! A screen of lines, brought to the terminal without flicker.

use std::io::{self, Write};

use super::text;

/// The terminal's size in columns and rows, each at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl Size {
    /// A size; none is smaller than 1x1.
    pub fn new(width: usize, height: usize) -> Self {
        Self {
            width: width.max(1),
            height: height.max(1),
        }
    }
}

/// What the terminal shows, as far as we put it there.
#[derive(Debug)]
pub struct Screen<W> {
    out: W,
    shown: Vec<String>,
    size: Option<Size>,
    buffer: Vec<u8>,
}

impl<W: Write> Screen<W> {
    /// A screen of which nothing is known yet.
    pub fn new(out: W) -> Self {
        Self {
            out,
            shown: Vec::new(),
            size: None,
            buffer: Vec::new(),
        }
    }

    /// Forgets what is shown: the next frame is drawn whole.
    pub fn forget(&mut self) {
        self.size = None;
    }

    /// Shows these lines: only rows that changed are written, all in one write.
    /// Lines beyond the size are left out, and a line that is too long is cut.
    ///
    /// # Errors
    /// When the terminal does not take it, which means that it is gone.
    pub fn draw(&mut self, lines: Vec<String>, size: Size) -> io::Result<()> {
        let whole = self.size != Some(size);
        self.buffer.clear();
        for row in 0..size.height {
            let line = lines.get(row).map_or("", String::as_str);
            if !whole && self.shown.get(row).map_or("", String::as_str) == line {
                continue;
            }
            self.put(row, line, size.width)?;
        }
        self.shown = lines;
        self.shown.truncate(size.height);
        self.size = Some(size);
        if self.buffer.is_empty() {
            return Ok(());
        }
        self.out.write_all(&self.buffer)?;
        self.out.flush()
    }

    fn put(&mut self, row: usize, line: &str, width: usize) -> io::Result<()> {
        let cut = console::truncate_str(line, width, "");
        let used = text::width(&cut);
        write!(self.buffer, "\x1b[{};1H{cut}", row + 1)?;
        if cut.contains('\x1b') {
            self.buffer.extend_from_slice(b"\x1b[0m");
        }
        // After the last column the cursor still stands on it, and erasing would take that character away.
        if used < width {
            self.buffer.extend_from_slice(b"\x1b[K");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use super::*;

    /// Draws frames and gives what each wrote and what the terminal shows in the end.
    fn play(frames: &[(&[&str], Size)]) -> (Vec<usize>, String) {
        let last = frames[frames.len() - 1].1;
        let cells = |number: usize| NonZero::new(number as u16).unwrap();
        let mut terminal = vt100::Parser::new(cells(last.height), cells(last.width), 0);
        let mut screen = Screen::new(Vec::new());
        let mut written = Vec::new();
        for (lines, size) in frames {
            let lines = lines.iter().map(|line| (*line).to_string()).collect();
            screen.draw(lines, *size).unwrap();
            written.push(screen.out.len());
            terminal.process(&std::mem::take(&mut screen.out));
        }
        (written, terminal.screen().contents())
    }

    #[test]
    fn only_changed_rows_are_written() {
        let size = Size::new(10, 3);
        let frames: &[(&[&str], Size)] = &[
            (&["a", "bbbbbb", "c"], size),
            (&["a", "bbbbbb", "c"], size),
            (&["a", "xx", "c"], size),
            (&["a", "xx"], size),
        ];
        let (written, shown) = play(frames);
        assert_eq!(written[1], 0);
        assert_eq!(written[2], "\x1b[2;1Hxx\x1b[K".len());
        assert_eq!(shown, "a\nxx");
    }

    #[test]
    fn a_frame_is_clamped_to_the_terminal() {
        let size = Size::new(4, 2);
        let frames: &[(&[&str], Size)] = &[(&["abcdef", "漢字漢字", "third"], size)];
        assert_eq!(play(frames).1, "abcd\n漢字");
    }

    #[test]
    fn a_full_row_keeps_its_last_character() {
        let size = Size::new(4, 2);
        let frames: &[(&[&str], Size)] = &[(&["abcd", "efgh"], size), (&["abcd", "ijkl"], size)];
        assert_eq!(play(frames).1, "abcd\nijkl");
    }

    #[test]
    fn a_wide_character_that_does_not_fit_leaves_no_rest_of_the_row_before() {
        let size = Size::new(5, 1);
        let frames: &[(&[&str], Size)] = &[(&["abcde"], size), (&["漢字漢字"], size)];
        assert_eq!(play(frames).1, "漢字");
    }

    #[test]
    fn another_size_is_drawn_whole() {
        let frames: &[(&[&str], Size)] = &[(&["a"], Size::new(4, 2)), (&["a"], Size::new(5, 2))];
        let (written, _) = play(frames);
        assert!(written[1] > 0);
    }

    #[test]
    fn colours_end_with_their_line() {
        let mut screen = Screen::new(Vec::new());
        let line = "\x1b[31mred and long".to_string();
        screen.draw(vec![line], Size::new(5, 1)).unwrap();
        let written = String::from_utf8(screen.out).unwrap();
        assert!(written.ends_with("\x1b[0m"), "{written:?}");
    }
}
