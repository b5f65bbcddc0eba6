use super::*;
use counted::Budget;
use seeded::Rng;

/// Pages on a disk: an index costs a jump for each row, a join reads its inputs and writes its result.
struct Disk;

impl CostModel for Disk {
    fn sequential(&self, rows: f64) -> f64 {
        rows / 50.0
    }
    fn index(&self, rows: f64, selectivity: f64) -> f64 {
        3.0 + rows * selectivity
    }
    fn join(&self, so_far: f64, table: f64, result: f64) -> f64 {
        0.01 * so_far + 0.03 * table + 0.02 * result
    }
}

/// Everything is in memory; a join looks at each pair.
struct NestedLoops;

impl CostModel for NestedLoops {
    fn sequential(&self, rows: f64) -> f64 {
        rows
    }
    fn index(&self, rows: f64, selectivity: f64) -> f64 {
        1.0 + 2.0 * rows * selectivity
    }
    fn join(&self, so_far: f64, table: f64, _: f64) -> f64 {
        so_far * table
    }
}

/// Only results count.
struct Results;

impl CostModel for Results {
    fn sequential(&self, _: f64) -> f64 {
        0.0
    }
    fn index(&self, _: f64, _: f64) -> f64 {
        0.0
    }
    fn join(&self, _: f64, _: f64, result: f64) -> f64 {
        result
    }
}

fn table(rows: f64) -> Table {
    Table {
        rows,
        indexes: vec![],
        filters: vec![],
    }
}

fn query(rows: &[f64], joins: &[(TableId, TableId, f64)]) -> Query {
    let joins = joins.iter().map(|&(a, b, selectivity)| Join {
        tables: [a, b],
        selectivity,
    });
    Query {
        tables: rows.iter().map(|rows| table(*rows)).collect(),
        joins: joins.collect(),
    }
}

// ---------------------------------------------------------------------------------------------
// Rule 1: access paths

#[track_caller]
fn check_access(indexes: &[Column], filters: &[(Column, f64)], expected: (Access, f64)) {
    let table = Table {
        indexes: indexes.to_vec(),
        filters: filters.to_vec(),
        ..table(100_000.0)
    };
    let (access, cost) = access_path(&table, &Disk);
    assert!(
        access == expected.0 && (cost - expected.1).abs() < 1e-6,
        "{table:?}\nread sequentially for 2,000, or through an index for 3 + rows * selectivity: the cheapest is \
         {expected:?}, yours is {:?}",
        (access, cost)
    );
}

#[test]
fn without_an_index_a_table_is_read_sequentially() {
    check_access(&[], &[], (Access::Sequential, 2_000.0));
    check_access(&[], &[(0, 0.001)], (Access::Sequential, 2_000.0));
}

#[test]
fn an_index_is_used_for_a_selective_filter() {
    check_access(&[0], &[(0, 0.001)], (Access::Index(0), 103.0));
    check_access(&[4, 2], &[(1, 0.5), (2, 0.01)], (Access::Index(2), 1_003.0));
}

#[test]
fn an_index_does_not_pay_for_most_of_a_table() {
    check_access(&[0], &[(0, 0.6)], (Access::Sequential, 2_000.0));
    check_access(&[0], &[(0, 0.02)], (Access::Sequential, 2_000.0));
    check_access(&[0], &[(0, 0.0199)], (Access::Index(0), 1_993.0));
}

#[test]
fn an_index_on_another_column_is_of_no_use() {
    check_access(&[1], &[(0, 0.001)], (Access::Sequential, 2_000.0));
    check_access(&[1], &[], (Access::Sequential, 2_000.0));
}

#[test]
fn of_several_indexes_the_cheapest_is_used() {
    check_access(
        &[0, 1, 2],
        &[(0, 0.01), (1, 0.0001), (2, 0.005)],
        (Access::Index(1), 13.0),
    );
    // The filter that keeps least has no index.
    check_access(
        &[0, 2],
        &[(0, 0.01), (1, 0.0001), (2, 0.005)],
        (Access::Index(2), 503.0),
    );
}

#[test]
fn at_the_same_cost_the_scan_is_sequential() {
    let table = Table {
        indexes: vec![0],
        filters: vec![(0, 0.5)],
        ..table(10.0)
    };
    assert_eq!(
        access_path(&table, &Results),
        (Access::Sequential, 0.0),
        "a cost model in which no access costs anything"
    );
}

// ---------------------------------------------------------------------------------------------
// Rules 2 and 3: rows and costs

#[test]
fn a_filter_makes_a_table_smaller() {
    let mut query = query(&[1_000.0, 200.0], &[]);
    query.tables[0].filters = vec![(0, 0.25)];
    for (set, expected) in [(0b01, 250.0), (0b10, 200.0), (0b11, 50_000.0)] {
        let actual = query.rows(set);
        assert!(
            (actual - expected).abs() < 1e-6,
            "{query:#?}\nthe set {set:#04b} has {expected} rows, yours {actual}"
        );
    }
}

#[test]
fn rows_are_what_filters_and_joins_keep() {
    let mut query = query(
        &[1_000.0, 200.0, 50.0],
        &[(0, 1, 0.01), (1, 2, 0.1), (0, 2, 0.5)],
    );
    query.tables[0].filters = vec![(0, 0.5), (3, 0.2)];
    query.tables[0].indexes = vec![0];
    for (set, expected) in [
        (0b001, 100.0),
        (0b010, 200.0),
        (0b011, 200.0),
        (0b101, 2_500.0),
        (0b110, 1_000.0),
        (0b111, 500.0),
    ] {
        let actual = query.rows(set);
        assert!(
            (actual - expected).abs() < 1e-6,
            "{query:#?}\nthe set {set:#05b} has {expected} rows, yours {actual}"
        );
    }
}

#[test]
fn every_join_of_a_pair_counts() {
    let query = query(&[100.0, 20.0], &[(0, 1, 0.1), (1, 0, 0.5), (0, 1, 0.2)]);
    let actual = query.rows(0b11);
    assert!(
        (actual - 20.0).abs() < 1e-6,
        "{query:#?}\nthree joins of the same two tables: the set 0b11 has 20 rows, yours {actual}"
    );
}

#[test]
fn estimated_rows_may_be_less_than_one() {
    let mut query = query(&[100.0, 20.0], &[(0, 1, 0.001)]);
    query.tables[0].filters = vec![(0, 0.001)];
    for (set, expected) in [(0b01, 0.1), (0b11, 0.002)] {
        let actual = query.rows(set);
        assert!(
            (actual - expected).abs() < 1e-9,
            "{query:#?}\nthe set {set:#04b} has {expected} rows, yours {actual}"
        );
    }
}

#[test]
fn a_single_table_costs_its_access() {
    let mut query = query(&[100_000.0], &[]);
    query.tables[0].indexes = vec![0];
    query.tables[0].filters = vec![(0, 0.001)];
    let plan = join_order(&query, &Disk);
    assert!(
        plan.order == [0] && (plan.cost - 103.0).abs() < 1e-6,
        "one table, which is read through an index for 103: your plan is {plan:?}"
    );
}

#[test]
fn a_join_costs_both_accesses_and_the_step() {
    // 20 + 4 for reading, then 0.01 * 1,000 + 0.03 * 200 + 0.02 * 2,000, or with the tables changed round.
    check(
        &query(&[1_000.0, 200.0], &[(0, 1, 0.01)]),
        &Disk,
        "Disk",
        Some(56.0 + 24.0),
    );
}

#[test]
fn all_joins_with_the_tables_so_far_count() {
    // Behind 0 and 1, table 2 has two joins.
    let triangle = query(
        &[100.0, 100.0, 100.0],
        &[(0, 1, 0.1), (0, 2, 0.5), (1, 2, 0.01)],
    );
    check(&triangle, &Results, "Results", Some(100.0 + 500.0));
}

#[test]
fn the_smallest_table_is_not_always_the_first() {
    // Table 0 is the smallest, but its join multiplies; 1 and 2 leave a single row.
    let chain = query(&[10.0, 1_000.0, 1_000.0], &[(0, 1, 0.5), (1, 2, 0.000001)]);
    check(&chain, &Results, "Results", Some(1.0 + 5.0));
}

#[test]
fn the_cheapest_step_is_not_always_the_next() {
    // The step from 0 to 1 is the cheapest of all first steps, and leads to the dearest end.
    let star = query(
        &[10.0, 10.0, 20.0, 1_000.0],
        &[(0, 1, 0.1), (0, 2, 0.1), (1, 3, 0.1), (2, 3, 0.0001)],
    );
    check(&star, &Results, "Results", None);
    check(&star, &NestedLoops, "NestedLoops", None);
}

// ---------------------------------------------------------------------------------------------
// Rule 4: cross products

#[test]
fn a_cross_product_is_avoided_even_if_it_is_cheap() {
    // 0 and 2 have one row each: their cross product would be the cheapest beginning.
    let joins = [(0, 1, 1.0), (1, 0, 1.0), (1, 2, 1.0), (2, 1, 1.0)];
    check(
        &query(&[1.0, 1_000.0, 1.0], &joins),
        &Results,
        "Results",
        Some(2_000.0),
    );
}

#[test]
fn a_join_works_in_both_directions() {
    for joins in [
        [(0, 1, 1.0), (0, 2, 1.0)],
        [(1, 0, 1.0), (2, 0, 1.0)],
        [(0, 1, 1.0), (2, 0, 1.0)],
    ] {
        check(
            &query(&[1_000.0, 1.0, 1.0], &joins),
            &Results,
            "Results",
            Some(2_000.0),
        );
    }
}

#[test]
fn an_unavoidable_cross_product_is_made() {
    check(&query(&[10.0, 20.0], &[]), &Results, "Results", Some(200.0));
    check(
        &query(&[10.0, 20.0, 30.0], &[(0, 2, 0.1)]),
        &Results,
        "Results",
        None,
    );
}

#[test]
fn parts_that_are_not_connected_are_finished_one_by_one() {
    let pairs = query(&[10.0, 10.0, 10.0, 10.0], &[(0, 1, 0.01), (2, 3, 1.0)]);
    check(&pairs, &Results, "Results", Some(1.0 + 10.0 + 100.0));
}

// ---------------------------------------------------------------------------------------------
// Rule 5: the minimum, and the way to it

#[test]
fn no_allowed_order_is_cheaper() {
    seeded::cases(300, |rng| {
        let query = random_query(rng);
        match rng.below(3) {
            0 => check(&query, &Disk, "Disk", None),
            1 => check(&query, &NestedLoops, "NestedLoops", None),
            _ => check(&query, &Results, "Results", None),
        }
    });
}

fn random_query(rng: &mut Rng) -> Query {
    let n = 1 + (rng.size() / 15).min(5);
    let tables = rng.vec(n, |rng| {
        let filters = rng.below(3);
        Table {
            rows: 10f64.powi(rng.range(0..6)) * rng.range(1..10) as f64,
            indexes: (0..3).filter(|_| rng.chance(0.4)).collect(),
            filters: (0..filters)
                .map(|column| (column, 10f64.powi(-rng.range(0..4))))
                .collect(),
        }
    });
    let density = *rng.pick(&[0.2, 0.5, 1.0]);
    let mut joins = Vec::new();
    for a in 0..n {
        for b in a + 1..n {
            if rng.chance(density) {
                let tables = if rng.chance(0.5) { [a, b] } else { [b, a] };
                let selectivity = 10f64.powi(-rng.range(0..6));
                joins.push(Join {
                    tables,
                    selectivity,
                });
            }
        }
    }
    Query { tables, joins }
}

fn chain(n: usize) -> Vec<(TableId, TableId, f64)> {
    (1..n).map(|id| (id - 1, id, 0.001)).collect()
}

#[test]
fn twelve_tables_in_a_chain_are_planned() {
    count_joins(12, &chain(12));
}

#[test]
fn sixteen_tables_in_a_chain_are_planned() {
    count_joins(16, &chain(16));
}

#[test]
fn twelve_tables_that_are_all_joined_are_planned() {
    let pairs = (0..12).flat_map(|a| (0..a).map(move |b| (a, b, 0.1)));
    count_joins(12, &pairs.collect::<Vec<_>>());
}

#[track_caller]
fn count_joins(n: usize, joins: &[(TableId, TableId, f64)]) {
    struct Counting(Budget);
    impl CostModel for Counting {
        fn sequential(&self, rows: f64) -> f64 {
            Disk.sequential(rows)
        }
        fn index(&self, rows: f64, selectivity: f64) -> f64 {
            Disk.index(rows, selectivity)
        }
        fn join(&self, so_far: f64, table: f64, result: f64) -> f64 {
            self.0.spend();
            Disk.join(so_far, table, result)
        }
    }
    let rows: Vec<f64> = (0..n)
        .map(|id| 10.0 * f64::from((id * 7 % n + 1) as u32))
        .collect();
    let budget = Budget::new((n as u64) << n, &format!("calls of join for {n} tables"));
    let plan = join_order(&query(&rows, joins), &Counting(budget.clone()));
    assert_eq!(
        plan.order.len(),
        n,
        "{n} tables: the order of your plan is {:?}",
        plan.order
    );
    assert!(
        budget.used() >= n as u64 - 1,
        "a plan for {n} tables has {} joins, and join was called {} times",
        n - 1,
        budget.used()
    );
}

// ---------------------------------------------------------------------------------------------
// Judging

/// Checks that the plan is allowed, costs what it says, and that no other one is cheaper.
#[track_caller]
fn check<C: CostModel>(query: &Query, costs: &C, name: &str, expected: Option<f64>) {
    let plan = join_order(query, costs);
    let judge = Judge::new(query, costs);
    let mut best = (f64::INFINITY, Vec::new());
    judge.search(&mut Vec::new(), judge.access, &mut best);
    let (cheapest, order) = best;
    if let Some(expected) = expected {
        assert!(
            (cheapest - expected).abs() < 1e-6,
            "the test is wrong: {cheapest}"
        );
    }
    let context = format!("{query:#?}\nthe cost model {name}");
    let actual = judge
        .cost(&plan.order)
        .unwrap_or_else(|problem| panic!("{context}: the order {:?} {problem}", plan.order));
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0);
    assert!(
        close(actual, cheapest),
        "{context}: your order {:?} costs {actual}, and {order:?} costs {cheapest}",
        plan.order
    );
    assert!(
        close(plan.cost, actual),
        "{context}: your order {:?} costs {actual}, and your plan says {}",
        plan.order,
        plan.cost
    );
}

/// Knows the rows of each set of tables and who has a join with whom, and tries all orders.
struct Judge<'a, C> {
    costs: &'a C,
    access: f64,
    rows: Vec<f64>,
    /// For each table the set of those that it has a join with.
    joined: Vec<usize>,
}

impl<'a, C: CostModel> Judge<'a, C> {
    fn new(query: &Query, costs: &'a C) -> Self {
        let paths = query.tables.iter().map(|table| {
            let usable = table
                .filters
                .iter()
                .filter(|(column, _)| table.indexes.contains(column));
            let indexes = usable.map(|(_, selectivity)| costs.index(table.rows, *selectivity));
            indexes.fold(costs.sequential(table.rows), f64::min)
        });
        let n = query.tables.len();
        let mut joined = vec![0; n];
        for Join { tables: [a, b], .. } in &query.joins {
            joined[*a] |= 1 << b;
            joined[*b] |= 1 << a;
        }
        Judge {
            costs,
            access: paths.sum(),
            rows: (0..1 << n).map(|set| estimate(query, set)).collect(),
            joined,
        }
    }

    /// What a step to a further table costs, or why it is not allowed.
    fn step(&self, before: usize, next: TableId) -> Result<f64, String> {
        let with_join = |table: TableId| self.joined[table] & before != 0;
        let mut others = (0..self.joined.len()).filter(|table| before >> table & 1 == 0);
        if !with_join(next) && others.any(with_join) {
            return Err(format!(
                "makes a cross product with {next} although a table with a join is left"
            ));
        }
        let result = self.rows[before | 1 << next];
        Ok(self
            .costs
            .join(self.rows[before], self.rows[1 << next], result))
    }

    fn cost(&self, order: &[TableId]) -> Result<f64, String> {
        let mut sorted = order.to_vec();
        sorted.sort_unstable();
        if !sorted.into_iter().eq(0..self.joined.len()) {
            return Err(format!(
                "must hold each of the {} tables once",
                self.joined.len()
            ));
        }
        let mut cost = self.access;
        let mut before = 1 << order[0];
        for next in &order[1..] {
            cost += self.step(before, *next)?;
            before |= 1 << next;
        }
        Ok(cost)
    }

    /// All allowed orders.
    fn search(&self, order: &mut Vec<TableId>, cost: f64, best: &mut (f64, Vec<TableId>)) {
        if order.len() == self.joined.len() {
            if cost < best.0 {
                *best = (cost, order.clone());
            }
            return;
        }
        let before = order.iter().fold(0, |set, table| set | 1 << table);
        for next in (0..self.joined.len()).filter(|table| before >> table & 1 == 0) {
            let more = if before == 0 {
                Ok(0.0)
            } else {
                self.step(before, next)
            };
            if let Ok(more) = more {
                order.push(next);
                self.search(order, cost + more, best);
                order.pop();
            }
        }
    }
}

/// The rows of a set of tables.
fn estimate(query: &Query, set: usize) -> f64 {
    let mut rows = 1.0;
    for (id, table) in query.tables.iter().enumerate() {
        if set >> id & 1 == 1 {
            rows *= table
                .filters
                .iter()
                .fold(table.rows, |rows, (_, selectivity)| rows * selectivity);
        }
    }
    for join in &query.joins {
        if join.tables.iter().all(|table| set >> table & 1 == 1) {
            rows *= join.selectivity;
        }
    }
    rows
}
