//! A progress bar as text.

use super::style::{Mark, Style, Tone};
use super::text;

/// `█████░░░░░ 12/300 done`, in at most `columns` columns; the numbers come before the bar when there is little room.
pub fn bar(done: usize, total: usize, columns: usize, style: &Style) -> String {
    let numbers = format!("{done}/{total} done");
    let room = columns.saturating_sub(text::width(&numbers) + 1).min(60);
    if room < 6 {
        return text::cut(&numbers, columns, style).into_owned();
    }
    let full = filled(done, total, room);
    let bar = format!(
        "{}{}",
        style.paint(Tone::Good, style.mark(Mark::Full).repeat(full)),
        style.paint(Tone::Dim, style.mark(Mark::Empty).repeat(room - full)),
    );
    format!("{bar} {numbers}")
}

/// Something done always shows, and only everything done is full.
fn filled(done: usize, total: usize, room: usize) -> usize {
    if total == 0 || done == 0 {
        return 0;
    }
    if done >= total {
        return room;
    }
    let share = (done as u128 * room as u128 / total as u128) as usize;
    share.clamp(1, room.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_tells_begun_from_nothing_and_nearly_from_all() {
        assert_eq!(filled(0, 300, 20), 0);
        assert_eq!(filled(1, 300, 20), 1);
        assert_eq!(filled(299, 300, 20), 19);
        assert_eq!(filled(300, 300, 20), 20);
        assert_eq!(filled(usize::MAX - 1, usize::MAX, 20), 19);
        assert_eq!(filled(5, 0, 20), 0);
    }

    #[test]
    fn the_bar_fits_every_width() {
        let style = Style::plain();
        assert_eq!(bar(1, 2, 18, &style), "████░░░░░ 1/2 done");
        for columns in 0..200 {
            assert!(text::width(&bar(17, 300, columns, &style)) <= columns);
        }
        assert_eq!(bar(1, 2, 5, &style), "1/2 …");
    }
}
