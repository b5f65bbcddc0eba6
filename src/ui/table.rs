//! Tables of text: aligned columns, of which some may be cut to fit a width.

use super::style::{Style, Tone};
use super::text;

/// How a column behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// As wide as its widest cell.
    Left,
    /// The same, for numbers.
    Right,
    /// Cut when the table is too wide.
    Flexible,
}

/// Rows of cells.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<Column>,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

const GAP: usize = 2;
/// A flexible column is not cut below this.
const LEAST: usize = 8;

impl Table {
    /// A table with these columns.
    pub fn new<const N: usize>(columns: [(&str, Column); N]) -> Self {
        Self {
            columns: columns.iter().map(|(_, column)| *column).collect(),
            head: columns
                .iter()
                .map(|(name, _)| (*name).to_string())
                .collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row; missing cells are empty, surplus ones are left out.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        let mut cells: Vec<String> = cells.into();
        cells.resize(self.columns.len(), String::new());
        self.rows.push(cells);
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The lines of the table, the head first. Without a width nothing is cut.
    pub fn lines(&self, width: Option<usize>, style: &Style) -> Vec<String> {
        let widths = self.widths(width);
        let head: Vec<String> = self
            .head
            .iter()
            .map(|name| style.paint(Tone::Dim, name))
            .collect();
        std::iter::once(&head)
            .chain(&self.rows)
            .map(|cells| {
                let line = self.line(cells, &widths, style);
                width.map_or(line.clone(), |width| {
                    text::cut(&line, width, style).into_owned()
                })
            })
            .collect()
    }

    fn widths(&self, width: Option<usize>) -> Vec<usize> {
        let widest = |index: usize| {
            let cells = self.rows.iter().map(|row| text::width(&row[index]));
            cells
                .chain([text::width(&self.head[index])])
                .max()
                .unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..self.columns.len()).map(widest).collect();
        let gaps = GAP * widths.len().saturating_sub(1);
        let mut surplus = width.map_or(0, |width| {
            (widths.iter().sum::<usize>() + gaps).saturating_sub(width)
        });
        // The widest flexible column gives way first.
        while surplus > 0 {
            let flexible =
                (0..widths.len()).filter(|&index| self.columns[index] == Column::Flexible);
            match flexible.max_by_key(|&index| widths[index]) {
                Some(index) if widths[index] > LEAST => widths[index] -= 1,
                _ => break,
            }
            surplus -= 1;
        }
        widths
    }

    fn line(&self, cells: &[String], widths: &[usize], style: &Style) -> String {
        let last = cells.len().saturating_sub(1);
        let mut line = String::new();
        for (index, cell) in cells.iter().enumerate() {
            let cell = text::cut(cell, widths[index], style);
            match self.columns[index] {
                Column::Right => line.push_str(&text::pad_left(&cell, widths[index])),
                _ if index == last => line.push_str(&cell),
                _ => line.push_str(&text::pad(&cell, widths[index])),
            }
            if index < last {
                line.push_str(&" ".repeat(GAP));
            }
        }
        line.truncate(line.trim_end().len());
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new([
            ("NAME", Column::Left),
            ("TITLE", Column::Flexible),
            ("MIN", Column::Right),
        ]);
        table.row([
            "two_sum".into(),
            "Two numbers that add up".into(),
            "15".into(),
        ]);
        table.row(["lru".into(), "Ein 漢字 cache".into(), "120".into()]);
        table
    }

    #[test]
    fn columns_are_aligned() {
        let lines = table().lines(None, &Style::plain());
        assert_eq!(
            lines,
            [
                "NAME     TITLE                    MIN",
                "two_sum  Two numbers that add up   15",
                "lru      Ein 漢字 cache           120",
            ]
        );
    }

    #[test]
    fn the_flexible_column_gives_way() {
        let lines = table().lines(Some(26), &Style::plain());
        assert_eq!(lines[1], "two_sum  Two numbers…   15");
        for width in 1..60 {
            for line in table().lines(Some(width), &Style::plain()) {
                assert!(text::width(&line) <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn a_plain_table_has_no_escapes_and_no_trailing_blanks() {
        let mut table = Table::new([("A", Column::Left), ("B", Column::Left)]);
        assert!(table.is_empty());
        table.row(["x".into()]);
        assert_eq!(table.lines(None, &Style::plain()), ["A  B", "x"]);
    }
}
