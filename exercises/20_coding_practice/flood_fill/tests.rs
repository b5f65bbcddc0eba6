use super::*;
use counted::ends;

#[track_caller]
fn check<const R: usize, const C: usize>(
    image: [[u8; C]; R],
    (row, col, color): (usize, usize, u8),
    expected: [[u8; C]; R],
) {
    let mut filled: Vec<Vec<u8>> = image.iter().map(|cells| cells.to_vec()).collect();
    fill(&mut filled, row, col, color);
    assert_eq!(
        filled, expected,
        "fill({image:?}, {row}, {col}, {color}) (left is yours)"
    );
}

#[test]
fn one_cell_gets_the_new_colour() {
    check([[1]], (0, 0, 7), [[7]]);
}

#[test]
fn the_whole_area_gets_the_new_colour() {
    check(
        [[1, 1, 1], [0, 0, 1], [1, 1, 1]],
        (2, 0, 7),
        [[7, 7, 7], [0, 0, 7], [7, 7, 7]],
    );
    check(
        [[1, 1, 0], [0, 1, 0], [1, 0, 0]],
        (0, 0, 7),
        [[7, 7, 0], [0, 7, 0], [1, 0, 0]],
    );
}

#[test]
fn other_colours_stay() {
    check(
        [[1, 2, 1], [2, 2, 2], [1, 2, 1]],
        (1, 1, 1),
        [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
    );
    check(
        [[1, 2, 1], [2, 3, 2], [1, 2, 1]],
        (1, 1, 1),
        [[1, 2, 1], [2, 1, 2], [1, 2, 1]],
    );
}

#[test]
fn diagonal_neighbours_are_not_connected() {
    check([[1, 0], [0, 1]], (0, 0, 7), [[7, 0], [0, 1]]);
    check([[0, 1], [1, 0]], (0, 1, 7), [[0, 7], [1, 0]]);
}

#[test]
fn a_start_outside_changes_nothing() {
    check([[1, 2]], (1, 0, 7), [[1, 2]]);
    check([[1, 2]], (0, 2, 7), [[1, 2]]);
    check([[1, 2]], (usize::MAX, usize::MAX, 7), [[1, 2]]);
    check([[], []], (0, 0, 7), [[], []]);
    fill(&mut [], 0, 0, 7);
}

#[test]
fn the_old_colour_as_the_new_one_changes_nothing() {
    ends(|doing| {
        doing.note(|| "fill([[1, 1]], 0, 0, 1)".into());
        check([[1, 1]], (0, 0, 1), [[1, 1]]);
    });
}

/// Passes over the whole image until nothing changes.
fn by_passes(image: &[Vec<u8>], row: usize, col: usize, color: u8) -> Vec<Vec<u8>> {
    let old = image[row][col];
    let mut area = vec![(row, col)];
    loop {
        let near = |r: usize, c: usize| {
            area.iter()
                .any(|&(x, y)| r.abs_diff(x) + c.abs_diff(y) == 1)
        };
        let all = (0..image.len()).flat_map(|r| (0..image[r].len()).map(move |c| (r, c)));
        let new =
            |&(r, c): &(usize, usize)| image[r][c] == old && !area.contains(&(r, c)) && near(r, c);
        let more: Vec<(usize, usize)> = all.filter(new).collect();
        if more.is_empty() {
            let mut filled = image.to_vec();
            area.into_iter().for_each(|(r, c)| filled[r][c] = color);
            return filled;
        }
        area.extend(more);
    }
}

#[test]
fn all_small_images_agree_with_passes_over_the_whole_image() {
    ends(|doing| {
        for code in 0..512_u32 {
            let image: Vec<Vec<u8>> = (0..3)
                .map(|r| (0..3).map(|c| (code >> (3 * r + c) & 1) as u8).collect())
                .collect();
            for (row, col) in (0..9).map(|i| (i / 3, i % 3)) {
                for color in [1 - image[row][col], 7] {
                    doing.note(|| format!("fill({image:?}, {row}, {col}, {color})"));
                    let mut filled = image.clone();
                    fill(&mut filled, row, col, color);
                    assert_eq!(
                        filled,
                        by_passes(&image, row, col, color),
                        "fill({image:?}, {row}, {col}, {color}) (left is yours)"
                    );
                }
            }
        }
    });
}

// The last test: recursion that is too deep ends the process.
#[test]
fn very_long_corridors_are_filled() {
    ends(|doing| {
        doing.note(|| "a corridor of 125,250 cells through 500 by 500; with a cell in each call, the stack overflows".into());
        // Rows 0, 2, 4, ... are open, and between them one cell, at the right and at the left end in turn.
        let open = |row: usize, col: usize| {
            row.is_multiple_of(2) || col == if row % 4 == 1 { 499 } else { 0 }
        };
        let image = |color: u8| -> Vec<Vec<u8>> {
            (0..500)
                .map(|row| {
                    (0..500)
                        .map(|col| if open(row, col) { color } else { 0 })
                        .collect()
                })
                .collect()
        };
        let mut filled = image(1);
        std::thread::scope(|scope| {
            let stack = std::thread::Builder::new().stack_size(2 << 20);
            let filling = stack.spawn_scoped(scope, || fill(&mut filled, 0, 0, 7));
            filling
                .expect("a thread can be started")
                .join()
                .expect("fill does not panic");
        });
        assert!(
            filled == image(7),
            "a corridor through 500 by 500 cells: not all of it was filled, or too much"
        );
    });
}
