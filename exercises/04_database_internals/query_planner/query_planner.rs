//! # A cost-based planner: access paths and join order
//!
//! A query over six tables can be joined in 720 orders, and the best is often a thousand
//! times cheaper than the worst. The user says what is wanted; the planner decides how: which
//! table is read through an index, and who is joined with whom first. It compares costs,
//! which it computes from estimated numbers of rows.
//!
//! Write `access_path`, `rows`, `next` and `join_order`. The costs of single steps come from a
//! `CostModel`: ask it, whatever it says; a test may bring a strange one. All costs are finite
//! and not negative.
//!
//! 1. A table is read sequentially, or through one of its indexes: one on a column that has a
//!    filter. The filter's selectivity says how much of the table that reads. Whatever is
//!    cheaper is taken; if both cost the same, the sequential scan.
//! 2. `rows` of a set of tables is the product of their sizes, of the selectivities of all
//!    their filters, and of those of all joins within the set, whatever the order.
//! 3. A plan begins with one table and joins one further table in each step. It costs the
//!    access of every table, and for each step `join(so_far, table, result)`: the `rows` of
//!    the tables so far, of the new table alone, and of all these together. `join_order` gives
//!    a cheapest plan.
//! 4. A step joins a table that has a join with one of those so far. Only if no remaining
//!    table has one, any of them may come next: then the cross product is unavoidable.
//! 5. The order is found by dynamic programming over sets: the best plan of a set does not
//!    depend on how its parts were found. With `n` tables `join` is asked less than `n * 2^n`
//!    times.
//!
//! An example: a (1,000 rows), b (10) and c (10), with a join of a and b that keeps 1 in 1,000
//! pairs, and the like of a and c. Smallest first would be b, c: a cross product, which is not
//! allowed while b has a join with a. The plan is b, a, c or its like.
//!
//! How it is judged: examples of each rule; 300 random queries of up to six tables, cross
//! products among them, where no allowed order may be cheaper than yours; three cost models;
//! twelve and sixteen tables in a chain and twelve that are all joined with each other, with
//! the calls of `join` counted.

use std::collections::HashMap;

/// The number of a table in its query.
pub type TableId = usize;
/// The number of a column in its table.
pub type Column = usize;

/// A table as a query uses it.
#[derive(Clone, Debug)]
pub struct Table {
    /// How many rows it has.
    pub rows: f64,
    /// The columns that have an index.
    pub indexes: Vec<Column>,
    /// Conditions on columns, at most one for each, with the fraction of the rows that they keep.
    pub filters: Vec<(Column, f64)>,
}

/// A condition on two tables, and the fraction of their pairs that it keeps.
#[derive(Clone, Debug)]
pub struct Join {
    pub tables: [TableId; 2],
    pub selectivity: f64,
}

/// What to join.
#[derive(Clone, Debug)]
pub struct Query {
    /// At least one, at most 16.
    pub tables: Vec<Table>,
    pub joins: Vec<Join>,
}

/// How a table is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Sequential,
    /// Through the index on this column.
    Index(Column),
}

/// Tables in the order in which they are joined.
#[derive(Clone, Debug)]
pub struct Plan {
    pub order: Vec<TableId>,
    pub cost: f64,
}

/// What the steps of a plan cost: finite numbers, 0 or more.
pub trait CostModel {
    /// To read a whole table.
    fn sequential(&self, rows: f64) -> f64;
    /// To read the part of a table that a filter keeps, through an index.
    fn index(&self, rows: f64, selectivity: f64) -> f64;
    /// To join what there is so far with a table: the rows of both, and of the result.
    fn join(&self, so_far: f64, table: f64, result: f64) -> f64;
}

/// The cheapest way to read a table, with its cost.
pub fn access_path(table: &Table, costs: &impl CostModel) -> (Access, f64) {
    todo!("step 1: compare the sequential scan with each index that has a filter")
}

/// A set of tables: bit `i` is set if table `i` is in it.
type Set = u32;

impl Query {
    /// The estimated number of rows when the tables of a set are filtered and joined.
    fn rows(&self, set: Set) -> f64 {
        todo!("step 2: sizes, filters, and the joins that lie within the set")
    }

    /// The tables that may be joined next with those of a set.
    fn next(&self, set: Set) -> Set {
        todo!("step 3: who has a join with the set? if nobody has, all others")
    }
}

/// A cheapest order in which to join the tables of a query.
pub fn join_order(query: &Query, costs: &impl CostModel) -> Plan {
    todo!("step 4: the best plan of each set, small ones first; then the order")
}

#[cfg(test)]
mod tests;
