use super::Pred::{And, Eq, In, IsNull, Not, Or};
use super::*;
use counted::{allocations, counts};
use seeded::Rng;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

fn and(a: Pred, b: Pred) -> Pred {
    And(Box::new(a), Box::new(b))
}

fn or(a: Pred, b: Pred) -> Pred {
    Or(Box::new(a), Box::new(b))
}

fn not(a: Pred) -> Pred {
    Not(Box::new(a))
}

/// The column of most examples: NULL in rows 1 and 4.
const COLUMN: [Option<u16>; 6] = [Some(1), None, Some(2), Some(1), None, Some(3)];

/// Compares with the rows that must be found in `COLUMN`.
#[track_caller]
fn check<const N: usize>(pred: Pred, expected: [usize; N]) {
    let found = BitmapIndex::build(&COLUMN).eval(&pred);
    let rows: Vec<usize> = found.ones().take(10).collect();
    assert_eq!(
        rows, expected,
        "the column 1, NULL, 2, 1, NULL, 3: the rows of {pred:?}, yours are on the left"
    );
    assert_eq!(
        found.len(),
        6,
        "the column has 6 rows: the bits of {pred:?}"
    );
}

#[test]
fn each_row_is_in_exactly_one_bitmap() {
    let index = BitmapIndex::build(&COLUMN);
    let rows = |bitmap: &Bitmap| bitmap.ones().take(10).collect::<Vec<_>>();
    let values: Vec<_> = index.values.iter().map(|(v, b)| (*v, rows(b))).collect();
    assert_eq!(
        values,
        [(1, vec![0, 3]), (2, vec![2]), (3, vec![5])],
        "the column 1, NULL, 2, 1, NULL, 3: the rows in the bitmap of each value"
    );
    assert_eq!(
        rows(&index.nulls),
        [1, 4],
        "the column 1, NULL, 2, 1, NULL, 3: the rows in the bitmap of NULL"
    );
}

#[test]
fn all_bitmaps_are_as_long_as_the_column() {
    for rows in [0, 1, 6, 63, 64, 65, 128] {
        let column: Vec<_> = (0..rows)
            .map(|row| (row % 7 > 0).then_some(row / 10))
            .collect();
        let index = BitmapIndex::build(&column);
        for (value, bitmap) in &index.values {
            assert_eq!(
                bitmap.len(),
                column.len(),
                "a column with {rows} rows: the bits for the value {value}"
            );
        }
        let nulls = index.nulls.len();
        assert_eq!(
            nulls,
            column.len(),
            "a column with {rows} rows: the bits for NULL"
        );
        assert_eq!(
            index.rows,
            column.len(),
            "a column with {rows} rows: `rows`"
        );
        for pred in [Eq(1), Eq(999), In(vec![0, 999]), IsNull, not(Eq(999))] {
            assert_eq!(
                index.eval(&pred).len(),
                column.len(),
                "a column with {rows} rows, in none of which is 999: the bits of {pred:?}"
            );
        }
    }
}

#[test]
fn eq_finds_the_rows_of_a_value() {
    check(Eq(1), [0, 3]);
    check(Eq(3), [5]);
}

#[test]
fn a_value_that_no_row_has_is_nowhere() {
    check(Eq(7), []);
    check(In(vec![7, 2, 8]), [2]);
    check(not(Eq(7)), [0, 2, 3, 5]);
}

#[test]
fn in_finds_the_rows_of_all_its_values() {
    check(In(vec![3, 1]), [0, 3, 5]);
    check(In(vec![2, 2]), [2]);
}

#[test]
fn is_null_finds_the_rows_without_a_value() {
    check(IsNull, [1, 4]);
    check(not(IsNull), [0, 2, 3, 5]);
}

#[test]
fn and_needs_both_or_needs_one() {
    check(and(In(vec![1, 2]), In(vec![2, 3])), [2]);
    check(or(Eq(2), Eq(3)), [2, 5]);
}

#[test]
fn not_leaves_the_unknown_out() {
    check(not(Eq(1)), [2, 5]);
    check(not(In(vec![1, 2])), [5]);
    check(not(not(Eq(1))), [0, 3]);
}

#[test]
fn unknown_or_true_is_true() {
    check(or(Eq(1), IsNull), [0, 1, 3, 4]);
    check(or(IsNull, Eq(1)), [0, 1, 3, 4]);
    check(not(or(Eq(1), IsNull)), [2, 5]);
}

#[test]
fn unknown_and_false_is_false() {
    check(and(Eq(1), not(IsNull)), [0, 3]);
    check(not(and(Eq(1), not(IsNull))), [1, 2, 4, 5]);
    check(not(and(not(IsNull), Eq(1))), [1, 2, 4, 5]);
}

#[test]
fn unknown_or_false_is_unknown() {
    check(or(Eq(1), not(not(IsNull))), [0, 1, 3, 4]);
    check(not(or(Eq(1), Eq(2))), [5]);
    check(not(or(Eq(1), and(IsNull, Eq(2)))), [2, 5]);
}

#[test]
fn unknown_and_true_is_unknown() {
    check(and(Eq(1), IsNull), []);
    check(not(and(Eq(1), or(IsNull, Eq(1)))), [2, 5]);
}

#[test]
fn random_conditions_agree_with_a_row_by_row_evaluator() {
    seeded::cases(300, |rng| {
        let column = random_column(rng);
        let pred = random_pred(rng, 3);
        let expected: Vec<usize> = (0..column.len())
            .filter(|row| truth(&pred, column[*row]) == Some(true))
            .collect();
        let found = BitmapIndex::build(&column).eval(&pred);
        let rows: Vec<usize> = found.ones().take(column.len() + 1).collect();
        assert_eq!(
            rows,
            expected,
            "the column {}: the rows of {pred:?}, yours are on the left",
            show(&column)
        );
        let bits = found.len();
        assert_eq!(
            bits,
            column.len(),
            "the bits of {pred:?} on {}",
            show(&column)
        );
    });
}

#[test]
fn the_index_of_a_clustered_column_is_small() {
    let column = clustered();
    let (index, heap) = allocations(|| BitmapIndex::build(&column));
    assert!(
        heap.left <= 48 * 1024,
        "the index of 200,000 rows in 60 runs holds {} bytes, and 48 KiB are allowed: is the column kept, or a bit for each row?",
        heap.left
    );
    assert_eq!(index.eval(&IsNull).len(), column.len());
}

#[test]
fn build_touches_one_bitmap_for_each_row() {
    let column: Vec<_> = (0..20_000u32)
        .map(|row| Some((row * row % 61) as u16))
        .collect();
    let (_, did) = counts(|| BitmapIndex::build(&column));
    let reads = did.reads / 20_000;
    assert!(
        reads <= 10,
        "the index of 20,000 rows with 31 values read {reads} words for each row, and 10 are \
         allowed: fill a bitmap up to the row only when the row belongs to it"
    );
}

#[test]
fn a_condition_reads_compressed_words_only() {
    let column = clustered();
    let index = BitmapIndex::build(&column);
    for (pred, allowed) in [
        (Eq(3), 1_000),
        (not(Eq(3)), 1_000),
        (In(vec![1, 2, 3, 4]), 4_000),
        (and(or(Eq(1), not(In(vec![2, 3]))), not(IsNull)), 6_000),
    ] {
        let (found, did) = counts(|| index.eval(&pred));
        let expected = (0..column.len()).filter(|row| truth(&pred, column[*row]) == Some(true));
        assert!(
            found.ones().eq(expected),
            "the rows of {pred:?} on 200,000 rows are not right"
        );
        assert!(
            did.reads <= allowed,
            "200,000 rows in 60 runs: {pred:?} read {} words, and {allowed} are allowed",
            did.reads
        );
    }
}

#[test]
fn a_condition_reads_the_bitmaps_of_its_own_values_only() {
    // 300 values and NULL, 64 rows each: three words are enough for each bitmap.
    let column: Vec<_> = (0..301 * 64)
        .map(|row| (row >= 64).then_some(row / 64))
        .collect();
    let index = BitmapIndex::build(&column);
    for (pred, allowed) in [
        (Eq(7), 100),
        (not(Eq(299)), 100),
        (Eq(999), 100),
        (In(vec![1, 100, 200]), 200),
        (IsNull, 100),
    ] {
        let (found, did) = counts(|| index.eval(&pred));
        let expected = (0..column.len()).filter(|row| truth(&pred, column[*row]) == Some(true));
        assert!(
            found.ones().eq(expected),
            "300 values and NULL, 64 rows each: the rows of {pred:?} are not right"
        );
        assert!(
            did.reads <= allowed,
            "300 values and NULL, in bitmaps of up to 3 words: {pred:?} read {} words, and {allowed} are allowed",
            did.reads
        );
    }
}

#[test]
fn each_part_of_a_condition_is_evaluated_once() {
    let index = BitmapIndex::build(&COLUMN);
    let nested = |wrap: &dyn Fn(Pred) -> Pred| (0..10).fold(Eq(1), |inner, _| wrap(inner));
    for (what, pred) in [
        ("ten times Not around Eq(1)", nested(&not)),
        (
            "ten times And(Eq(2), _) around Eq(1)",
            nested(&|inner| and(Eq(2), inner)),
        ),
        (
            "ten times And(_, Eq(2)) around Eq(1)",
            nested(&|inner| and(inner, Eq(2))),
        ),
        (
            "ten times Or(Eq(2), _) around Eq(1)",
            nested(&|inner| or(Eq(2), inner)),
        ),
        (
            "ten times Or(_, Eq(2)) around Eq(1)",
            nested(&|inner| or(inner, Eq(2))),
        ),
    ] {
        let (_, did) = counts(|| index.eval(&pred));
        assert!(
            did.reads <= 1_000,
            "six rows, so a word for each bitmap: {what} read {} words, and 1,000 are allowed. Is a part of the \
             condition evaluated more than once?",
            did.reads
        );
    }
}

/// 200,000 rows in 60 runs of one of five values or NULL.
fn clustered() -> Vec<Option<u16>> {
    let mut rng = Rng::new(4);
    let mut column = Vec::new();
    for run in 0..60 {
        let value = (run % 6 > 0).then_some(run % 6);
        let until = (usize::from(run) + 1) * 200_000 / 60;
        let until = if run == 59 {
            until
        } else {
            until - rng.below(500)
        };
        column.resize(until, value);
    }
    column
}

/// The values of random columns, and one that is in none.
const VALUES: [u16; 5] = [0, 1, 2, 3, u16::MAX];
const ABSENT: u16 = 4;

/// Columns with few values: clustered, random, constant; whose lengths are around multiples of 64.
fn random_column(rng: &mut Rng) -> Vec<Option<u16>> {
    let len = match rng.below(3) {
        0 => 1,
        1 => 64 * (1 + rng.below(4)) + rng.below(3) - 1,
        _ => rng.below(3 * rng.size()),
    };
    let mut column = Vec::new();
    let run = *rng.pick(&[1, 5, 100, 1_000]);
    while column.len() < len {
        let value = rng.chance(0.7).then(|| *rng.pick(&VALUES));
        let count = (1 + rng.below(run)).min(len - column.len());
        column.extend(std::iter::repeat_n(value, count));
    }
    column
}

fn random_pred(rng: &mut Rng, depth: usize) -> Pred {
    fn value(rng: &mut Rng) -> u16 {
        match rng.below(6) {
            0 => ABSENT,
            _ => *rng.pick(&VALUES),
        }
    }
    match rng.below(if depth == 0 { 4 } else { 8 }) {
        0 | 1 => Eq(value(rng)),
        2 => {
            let count = 1 + rng.below(3);
            In(rng.vec(count, value))
        }
        3 => IsNull,
        4 | 5 => not(random_pred(rng, depth - 1)),
        6 => and(random_pred(rng, depth - 1), random_pred(rng, depth - 1)),
        _ => or(random_pred(rng, depth - 1), random_pred(rng, depth - 1)),
    }
}

/// SQL's three-valued logic: `None` is unknown.
fn truth(pred: &Pred, value: Option<u16>) -> Option<bool> {
    match pred {
        Eq(v) => value.map(|value| value == *v),
        In(vs) => value.map(|value| vs.contains(&value)),
        IsNull => Some(value.is_none()),
        Not(a) => truth(a, value).map(|a| !a),
        And(a, b) => match (truth(a, value), truth(b, value)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        Or(a, b) => match (truth(a, value), truth(b, value)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
    }
}

/// The column in runs: `2 x NULL, 1 x 4`.
fn show(column: &[Option<u16>]) -> String {
    let runs = column.chunk_by(|a, b| a == b);
    let runs = runs.map(|run| match run[0] {
        Some(value) => format!("{} x {value}", run.len()),
        None => format!("{} x NULL", run.len()),
    });
    format!("({})", runs.collect::<Vec<_>>().join(", "))
}
