use super::Pred::{And, AtLeast, Eq, IsNull, Less, Or};
use super::*;
use seeded::Rng;

/// Two buckets from 0 to 10 and to 20, ten distinct values, no NULLs.
fn plain() -> ColumnStats {
    ColumnStats {
        nulls: 0.0,
        distinct: 10.0,
        bounds: vec![0, 10, 20],
    }
}

/// The same, and three quarters of the rows are NULL.
fn mostly_null() -> ColumnStats {
    ColumnStats {
        nulls: 0.75,
        ..plain()
    }
}

/// Columns 0 and 1 are plain, column 2 is mostly NULL, column 3 has no value at all.
fn stats() -> Vec<ColumnStats> {
    let empty = ColumnStats {
        nulls: 1.0,
        ..Default::default()
    };
    vec![plain(), plain(), mostly_null(), empty]
}

#[track_caller]
fn check(pred: Pred, expected: f64) {
    let actual = selectivity(&pred, &stats());
    assert!(
        (actual - expected).abs() < 1e-9,
        "the selectivity of {pred:?} is {expected:.6}, yours is {actual:.6}\n(columns 0 and 1: bounds 0, 10, 20, ten \
         distinct values, no NULLs; column 2: the same with 75 % NULLs; column 3: NULLs only)"
    );
}

#[track_caller]
fn check_below(bounds: &[i64], v: i64, expected: f64) {
    let stats = ColumnStats {
        bounds: bounds.to_vec(),
        ..plain()
    };
    let actual = stats.below(v);
    assert!(
        (actual - expected).abs() < 1e-9,
        "the bounds {bounds:?}: below({v}) is {expected:.6}, yours is {actual:.6}"
    );
}

// ---------------------------------------------------------------------------------------------
// Rule 1: the histogram

#[test]
fn buckets_below_count_as_a_whole() {
    check_below(&[0, 10, 20, 30, 40], 20, 0.5);
    check_below(&[0, 10, 20, 30, 40], 10, 0.25);
    check_below(&[0, 100, 101, 102, 1000], 102, 0.75);
}

#[test]
fn within_a_bucket_values_are_evenly_spread() {
    check_below(&[0, 10, 20], 5, 0.25);
    check_below(&[0, 10, 20], 12, 0.6);
    check_below(&[-10, 90], 40, 0.5);
}

#[test]
fn outside_of_the_bounds_is_nothing_or_everything() {
    for (v, expected) in [
        (-5, 0.0),
        (0, 0.0),
        (20, 1.0),
        (21, 1.0),
        (i64::MIN, 0.0),
        (i64::MAX, 1.0),
    ] {
        check_below(&[0, 10, 20], v, expected);
    }
}

#[test]
fn a_value_can_fill_buckets_of_its_own() {
    // At least a half of the values is 7.
    check_below(&[0, 7, 7, 7, 9], 7, 0.25);
    check_below(&[0, 7, 7, 7, 9], 8, 0.875);
    check_below(&[7, 7], 7, 0.0);
    check_below(&[7, 7], 8, 1.0);
}

#[test]
fn of_no_values_none_are_below() {
    check_below(&[], 5, 0.0);
}

#[test]
fn the_largest_numbers_don_t_overflow() {
    check_below(&[i64::MIN, i64::MAX], 0, 0.5);
}

#[test]
fn large_numbers_that_lie_close_are_told_apart() {
    // An f64 has room for 53 bits of a number.
    let big = 1 << 62;
    check_below(&[big, big + 2], big + 1, 0.5);
    check_below(&[-big, 4 - big, 5 - big], 1 - big, 0.125);
}

// ---------------------------------------------------------------------------------------------
// Rule 2: single conditions

#[test]
fn comparisons_divide_the_rows() {
    check(Less(0, 5), 0.25);
    check(AtLeast(0, 5), 0.75);
    check(Less(0, 100), 1.0);
    check(AtLeast(0, 100), 0.0);
}

#[test]
fn equality_gets_the_share_of_one_value() {
    check(Eq(0, 7), 0.1);
    check(Eq(0, 0), 0.1);
    check(Eq(0, 20), 0.1);
}

#[test]
fn what_is_not_within_the_bounds_equals_nothing() {
    check(Eq(0, -1), 0.0);
    check(Eq(0, 21), 0.0);
}

#[test]
fn nulls_match_no_comparison() {
    check(Eq(2, 7), 0.025);
    check(Less(2, 10), 0.125);
    check(AtLeast(2, 0), 0.25);
}

#[test]
fn is_null_finds_the_nulls() {
    check(IsNull(0), 0.0);
    check(IsNull(2), 0.75);
}

#[test]
fn a_column_without_values_matches_is_null_only() {
    check(IsNull(3), 1.0);
    check(Eq(3, 0), 0.0);
    check(Less(3, 0), 0.0);
    check(AtLeast(3, 0), 0.0);
}

// ---------------------------------------------------------------------------------------------
// Rules 3 to 5: and, or

#[test]
fn different_columns_are_independent() {
    check(And(vec![Less(0, 5), Less(1, 10)]), 0.125);
    check(And(vec![Eq(0, 5), IsNull(2)]), 0.075);
    check(And(vec![IsNull(2), IsNull(3)]), 0.75);
    check(And(vec![Eq(0, 5), Or(vec![Eq(0, 5)])]), 0.01);
}

#[test]
fn a_repeated_condition_counts_once() {
    check(And(vec![Less(0, 5), Less(0, 5)]), 0.25);
    check(And(vec![Eq(0, 7), Eq(0, 7)]), 0.1);
    check(And(vec![IsNull(2), IsNull(2)]), 0.75);
    check(And(vec![IsNull(2), And(vec![IsNull(2)])]), 0.75);
}

#[test]
fn nothing_and_nothing_is_true() {
    check(And(vec![]), 1.0);
    check(Or(vec![]), 0.0);
}

#[test]
fn two_bounds_of_a_column_are_one_interval() {
    check(And(vec![AtLeast(0, 5), Less(0, 15)]), 0.5);
    check(And(vec![Less(0, 15), AtLeast(0, 5)]), 0.5);
    check(And(vec![AtLeast(2, 5), Less(2, 15)]), 0.125);
}

#[test]
fn the_narrowest_bounds_count() {
    check(And(vec![Less(0, 15), Less(0, 5), Less(0, 10)]), 0.25);
    check(
        And(vec![AtLeast(0, 5), AtLeast(0, 15), AtLeast(0, 10)]),
        0.25,
    );
}

#[test]
fn an_interval_that_ends_before_it_starts_is_empty() {
    check(And(vec![AtLeast(0, 15), Less(0, 5)]), 0.0);
    check(And(vec![AtLeast(0, 5), Less(0, 5)]), 0.0);
}

#[test]
fn an_interval_is_found_in_nested_ands() {
    check(
        And(vec![
            AtLeast(0, 5),
            And(vec![Less(1, 10), And(vec![Less(0, 15)])]),
        ]),
        0.25,
    );
}

#[test]
fn equality_within_the_interval_is_all_that_counts() {
    check(And(vec![Eq(0, 7), Less(0, 10)]), 0.1);
    check(And(vec![AtLeast(0, 7), Eq(0, 7), Eq(0, 7)]), 0.1);
}

#[test]
fn what_contradicts_itself_is_never_true() {
    check(And(vec![Eq(0, 7), Less(0, 7)]), 0.0);
    check(And(vec![Eq(0, 7), AtLeast(0, 8)]), 0.0);
    check(And(vec![Eq(0, 7), Eq(0, 8)]), 0.0);
    check(And(vec![Eq(2, 7), IsNull(2)]), 0.0);
    check(And(vec![IsNull(2), Less(2, 7)]), 0.0);
    check(And(vec![AtLeast(2, 7), IsNull(2)]), 0.0);
}

#[test]
fn an_or_does_not_count_twice_what_is_in_both() {
    check(Or(vec![Less(0, 5), Eq(1, 15)]), 0.325);
    check(Or(vec![AtLeast(0, 5), AtLeast(1, 5)]), 0.9375);
    check(Or(vec![AtLeast(0, 2), AtLeast(1, 2), Less(0, 12)]), 0.996);
}

#[test]
fn every_or_within_an_and_counts() {
    let or = |column| Or(vec![Less(column, 5), Eq(column, 15)]);
    check(And(vec![or(0), or(1)]), 0.325 * 0.325);
    check(And(vec![or(0), or(0), Less(1, 10)]), 0.325 * 0.325 * 0.5);
}

#[test]
fn an_or_in_a_nested_and_counts() {
    let or = |column| Or(vec![Less(column, 5), Eq(column, 15)]);
    check(And(vec![Less(0, 5), And(vec![or(1)])]), 0.25 * 0.325);
    check(And(vec![or(0), And(vec![or(1)])]), 0.325 * 0.325);
    check(And(vec![And(vec![or(0)]), or(1)]), 0.325 * 0.325);
}

#[test]
fn an_or_keeps_its_columns_to_itself() {
    check(
        And(vec![AtLeast(0, 5), Or(vec![Less(0, 15), Eq(1, 3)])]),
        0.75 * 0.775,
    );
    check(
        Or(vec![And(vec![AtLeast(0, 5), Less(0, 15)]), Eq(1, 3)]),
        0.55,
    );
}

// ---------------------------------------------------------------------------------------------
// Random ones

#[test]
fn random_conditions_agree_with_a_second_implementation() {
    seeded::cases(400, |rng| {
        let stats: Vec<ColumnStats> = (0..3).map(|_| random_stats(rng)).collect();
        let pred = random_pred(rng, 3);
        let (actual, expected) = (selectivity(&pred, &stats), expected(&pred, &stats));
        assert!(
            (actual - expected).abs() < 1e-9,
            "the selectivity of {pred:?} is {expected:.6}, yours is {actual:.6}\nby {stats:#?}"
        );
    });
}

fn random_stats(rng: &mut Rng) -> ColumnStats {
    let len = 1 + rng.below(60);
    let nulls = *rng.pick(&[0.0, 0.3, 0.9]);
    let column = random_column(rng, len, nulls);
    ColumnStats::analyze(&column, 4)
}

fn random_column(rng: &mut Rng, len: usize, nulls: f64) -> Vec<Option<i64>> {
    let width = *rng.pick(&[1, 20, 200]);
    rng.vec(len, |rng| {
        let value = rng.range(0..=width) * rng.range(0..=width) / width;
        (!rng.chance(nulls)).then_some(value)
    })
}

fn random_pred(rng: &mut Rng, depth: usize) -> Pred {
    let (column, value) = (rng.below(3), rng.range(-1..25));
    let nested = if depth == 0 { 0 } else { 4 };
    let mut parts = |rng: &mut Rng| {
        let parts = rng.weighted(&[1, 4, 6, 4]);
        rng.vec(parts, |rng| random_pred(rng, depth - 1))
    };
    match rng.weighted(&[1, 3, 3, 1, nested, nested]) {
        0 => Eq(column, value),
        1 => Less(column, value),
        2 => AtLeast(column, value),
        3 => IsNull(column),
        4 => And(parts(rng)),
        _ => Or(parts(rng)),
    }
}

fn expected(pred: &Pred, stats: &[ColumnStats]) -> f64 {
    if let Or(parts) = pred {
        return 1.0
            - parts
                .iter()
                .fold(1.0, |none, part| none * (1.0 - expected(part, stats)));
    }
    let mut flat = vec![pred];
    while let Some(at) = flat.iter().position(|part| matches!(part, And(_))) {
        if let And(parts) = flat.swap_remove(at) {
            flat.extend(parts);
        }
    }
    let ors = flat.iter().filter(|part| matches!(part, Or(_)));
    let mut product: f64 = ors.map(|part| expected(part, stats)).product();
    for (column, stats) in stats.iter().enumerate() {
        let on_column = |part: &&&Pred| match part {
            Eq(c, _) | Less(c, _) | AtLeast(c, _) | IsNull(c) => *c == column,
            And(_) | Or(_) => false,
        };
        let parts: Vec<&Pred> = flat.iter().filter(on_column).copied().collect();
        if parts.is_empty() {
            continue;
        }
        let (mut low, mut high, mut equal, mut nulls) = (i64::MIN, i64::MAX, None, 0);
        let mut possible = true;
        for part in &parts {
            match part {
                Eq(_, v) => possible &= *equal.get_or_insert(*v) == *v,
                Less(_, v) => high = high.min(*v),
                AtLeast(_, v) => low = low.max(*v),
                _ => nulls += 1,
            }
        }
        product *= match equal {
            _ if nulls == parts.len() => stats.nulls,
            _ if nulls > 0 || !possible || stats.bounds.is_empty() => 0.0,
            Some(v)
                if v < low
                    || v >= high
                    || v < stats.bounds[0]
                    || v > *stats.bounds.last().unwrap() =>
            {
                0.0
            }
            Some(_) => (1.0 - stats.nulls) / stats.distinct,
            None => (1.0 - stats.nulls) * (stats.below(high) - stats.below(low)).max(0.0),
        };
    }
    product
}

#[test]
fn an_interval_is_right_to_a_bucket_at_each_end() {
    seeded::cases(200, |rng| {
        let (len, buckets) = (50 + 5 * rng.size(), 10);
        let nulls = *rng.pick(&[0.0, 0.5]);
        let column = random_column(rng, len, nulls);
        let stats = [ColumnStats::analyze(&column, buckets)];
        let values = column.iter().flatten().count() as f64;
        for _ in 0..10 {
            let (low, high) = (rng.range(-5..210), rng.range(-5..210));
            let pred = And(vec![AtLeast(0, low), Less(0, high)]);
            let within = column
                .iter()
                .flatten()
                .filter(|v| (low..high).contains(v))
                .count();
            let truth = within as f64 / len as f64;
            let estimate = selectivity(&pred, &stats);
            // Bounds are at whole positions, so that a bucket may have one value more or less.
            let allowed = 2.0 * (0.1 * values + 2.0) / len as f64;
            assert!(
                (estimate - truth).abs() <= allowed,
                "{len} rows, of which {within} are from {low} up to {high} (exclusive): that is {truth:.4}, your \
                 estimate is {estimate:.4}, and with ten buckets it may differ by {allowed:.4}\nby {stats:?}"
            );
        }
    });
}
