//! # Selectivity: how many rows will match?
//!
//! A planner has to choose between plans before it has read a single row. All it has are
//! statistics, collected some time ago: how many values a column has, how many NULLs, and a
//! histogram. From these it estimates the fraction of rows for which a condition is true,
//! its selectivity. When that is wrong by a factor of a thousand, so is the plan.
//!
//! Write `below` and `selectivity`, in steps. All values are whole numbers.
//!
//! 1. The histogram has buckets with equally many values each; bucket `i` reaches from
//!    `bounds[i]` to `bounds[i + 1]`. `below(v)` is the fraction of the values, without NULLs,
//!    that are less than `v`: 1 for each bucket whose end is less than `v`, 0 for each whose
//!    start is not less, in between as if the values were evenly spread (start 10, end 20, `v`
//!    15: a half); and of all this the average. It is 0 if there are no values.
//! 2. A NULL matches nothing but `IsNull`. `Less(c, v)` and `AtLeast(c, v)` divide the other
//!    rows. `Eq` gets an equal share of them for each distinct value, and 0 outside of the
//!    bounds.
//! 3. In an `And`, conditions on different columns count as independent: their selectivities
//!    are multiplied. An empty `And` is true.
//! 4. Comparisons with the same column in an `And`, nested ones included, are one interval:
//!    what is below its end and not below its start. `Eq` counts if it lies within, and two
//!    different ones are never true. Neither are a comparison and `IsNull` of one column;
//!    `IsNull` twice is no more than once.
//! 5. An `Or` is true unless all its parts are not, and these count as independent. An empty
//!    `Or` is false. Within an `And` an `Or` counts as independent of everything else in it,
//!    whatever its columns are.
//!
//! An example: column 0 has no NULLs, 10 distinct values and the bounds 0, 10, 20:
//!
//! ```text
//! Less(0, 5)                           below(5) = (0.5 + 0) / 2 = 0.25
//! And(AtLeast(0, 5), Less(0, 15))      0.75 - 0.25 = 0.5          (not 0.75 * 0.75)
//! Or(Less(0, 5), Eq(0, 15))            1 - 0.75 * 0.9 = 0.325     (not 0.25 + 0.1)
//! ```
//!
//! How it is judged: examples of each rule; 400 random conditions against a second
//! implementation; on 200 random columns the estimate of each interval must be within one
//! bucket, at each of its ends, of the true fraction.

use std::collections::BTreeMap;

/// The number of a column.
pub type Column = usize;

/// A condition on a row.
#[derive(Clone, Debug)]
pub enum Pred {
    Eq(Column, i64),
    Less(Column, i64),
    AtLeast(Column, i64),
    IsNull(Column),
    And(Vec<Pred>),
    Or(Vec<Pred>),
}

/// What is known of a column.
#[derive(Clone, Debug, Default)]
pub struct ColumnStats {
    /// The fraction of the rows that are NULL.
    pub nulls: f64,
    /// The number of different values.
    pub distinct: f64,
    /// One more than there are buckets, in ascending order; none if there are no values.
    pub bounds: Vec<i64>,
}

impl ColumnStats {
    /// Given: collects the statistics of a column that is not empty.
    pub fn analyze(column: &[Option<i64>], buckets: usize) -> Self {
        let mut values: Vec<i64> = column.iter().copied().flatten().collect();
        values.sort_unstable();
        let nulls = (column.len() - values.len()) as f64 / column.len() as f64;
        let Some(last) = values.len().checked_sub(1) else {
            return ColumnStats {
                nulls,
                ..Default::default()
            };
        };
        let bounds = (0..=buckets).map(|i| values[i * last / buckets]);
        ColumnStats {
            nulls,
            bounds: bounds.collect(),
            distinct: values.chunk_by(|a, b| a == b).count() as f64,
        }
    }

    /// The fraction of the values that are less than `v`.
    pub fn below(&self, v: i64) -> f64 {
        let within = |start: i64, end: i64| match v {
            _ if end < v => 1.0,
            _ if v <= start => 0.0,
            _ => v.abs_diff(start) as f64 / end.abs_diff(start) as f64,
        };
        let buckets = self.bounds.windows(2);
        let sum: f64 = buckets.map(|ends| within(ends[0], ends[1])).sum();
        sum / (self.bounds.len().max(2) - 1) as f64
    }
}

/// What an `And` claims of one column.
#[derive(Default)]
struct Claim {
    /// That it is NULL.
    null: bool,
    /// That it equals each of these.
    equal: Vec<i64>,
    /// That it is at least this, the largest of all starts.
    start: Option<i64>,
    /// That it is less than this, the smallest of all ends.
    end: Option<i64>,
}

impl Claim {
    /// The fraction of the rows for which it is true.
    fn selectivity(&self, stats: &ColumnStats) -> f64 {
        let Claim { start, end, .. } = *self;
        let not_null = 1.0 - stats.nulls;
        let within = |v: i64| start.is_none_or(|start| start <= v) && end.is_none_or(|end| v < end);
        match (self.null, self.equal.as_slice()) {
            (true, []) if start.is_none() && end.is_none() => stats.nulls,
            (true, _) => 0.0,
            (false, []) => {
                let (below_start, below_end) = (
                    start.map_or(0.0, |start| stats.below(start)),
                    end.map_or(1.0, |end| stats.below(end)),
                );
                not_null * (below_end - below_start).max(0.0)
            }
            (false, [v, more @ ..]) => {
                let is_known = stats.bounds.first() <= Some(v) && Some(v) <= stats.bounds.last();
                if is_known && within(*v) && more.iter().all(|other| other == v) {
                    not_null / stats.distinct
                } else {
                    0.0
                }
            }
        }
    }
}

/// Collects what an `And` claims of each column; gives the product of all other parts' selectivities.
fn collect(parts: &[Pred], stats: &[ColumnStats], claims: &mut BTreeMap<Column, Claim>) -> f64 {
    let mut rest = 1.0;
    for part in parts {
        match part {
            Pred::And(parts) => rest *= collect(parts, stats, claims),
            Pred::Or(_) => rest *= selectivity(part, stats),
            Pred::Eq(c, v) => claims.entry(*c).or_default().equal.push(*v),
            Pred::IsNull(c) => claims.entry(*c).or_default().null = true,
            Pred::Less(c, v) => {
                let end = &mut claims.entry(*c).or_default().end;
                *end = Some(end.map_or(*v, |end| end.min(*v)));
            }
            Pred::AtLeast(c, v) => {
                let start = &mut claims.entry(*c).or_default().start;
                *start = (*start).max(Some(*v));
            }
        }
    }
    rest
}

/// The fraction of the rows for which a condition is true, by the statistics of all columns.
pub fn selectivity(pred: &Pred, stats: &[ColumnStats]) -> f64 {
    match pred {
        Pred::And(parts) => {
            let mut claims = BTreeMap::new();
            let rest = collect(parts, stats, &mut claims);
            let columns = claims
                .iter()
                .map(|(c, claim)| claim.selectivity(&stats[*c]));
            rest * columns.product::<f64>()
        }
        Pred::Or(parts) => {
            let none = parts.iter().map(|part| 1.0 - selectivity(part, stats));
            1.0 - none.product::<f64>()
        }
        single => selectivity(&Pred::And(vec![single.clone()]), stats),
    }
}

#[cfg(test)]
mod tests;
