//! Runs the three queries of `queries.sql` in SQLite, over databases that are made here.

use std::ffi::{c_int, c_void};
use std::fmt::Write as _;

use rusqlite::types::Value;
use rusqlite::{Connection, Error, ffi};
use seeded::Rng;

const SCHEMA: &str = include_str!("schema.sql");
const QUERIES: &str = include_str!("queries.sql");

/// Steps of SQLite's virtual machine that a query may take; the random databases need a few thousand.
const STEP_LIMIT: c_int = 1_000_000;

// ---------------------------------------------------------------------------------------------
// The tests

#[test]
fn idle_customers_are_those_without_an_order() {
    let shop = Shop::new(&[(1, None), (2, None), (3, None)])
        .order(10, Some(1), Some("paid"), Some(NOON))
        .order(11, Some(3), Some("open"), Some(NOON));
    check(&IDLE_CUSTOMERS, &shop, "customer 2 has never ordered");
}

#[test]
fn an_order_of_any_status_ends_idleness() {
    let shop = Shop::new(&[(1, None), (2, None), (3, None)])
        .order(10, Some(1), Some("refunded"), Some(NOON))
        .order(11, Some(2), None, None);
    check(
        &IDLE_CUSTOMERS,
        &shop,
        "an order without payment is an order too",
    );
}

#[test]
fn a_guest_order_hides_no_idle_customer() {
    let shop = Shop::new(&[(1, None), (2, None)])
        .order(10, Some(1), Some("paid"), Some(NOON))
        .order(11, None, Some("paid"), Some(NOON));
    check(
        &IDLE_CUSTOMERS,
        &shop,
        "order 11 is a guest's, its customer_id is NULL",
    );
}

#[test]
fn only_paid_orders_are_counted() {
    let shop = Shop::new(&[(1, None)])
        .order(10, Some(1), Some("paid"), Some(NOON))
        .order(11, Some(1), Some("open"), Some(NOON))
        .order(12, Some(1), None, Some(NOON))
        .order(13, Some(1), Some("paid"), None);
    check(&ORDER_COUNTS, &shop, "two of the four orders are paid");
}

#[test]
fn every_customer_is_counted_exactly_once() {
    let shop = Shop::new(&[(1, Some("Ada")), (2, Some("Grace")), (3, Some("Linus"))])
        .order(10, Some(1), Some("paid"), Some(NOON))
        .order(11, Some(1), Some("open"), Some(NOON))
        .order(12, Some(2), Some("open"), Some(NOON));
    check_customers(
        &ORDER_COUNTS,
        &shop,
        "there are three customers: one with a paid order, one with an open order, one with none",
    );
}

#[test]
fn a_customer_without_orders_counts_zero() {
    let shop = Shop::new(&[(1, Some("Ada")), (2, Some("Grace"))]).order(
        10,
        Some(1),
        Some("paid"),
        Some(NOON),
    );
    check(&ORDER_COUNTS, &shop, "customer 2 has no order at all");
}

#[test]
fn a_customer_with_unpaid_orders_only_counts_zero() {
    let shop = Shop::new(&[(1, Some("Ada"))])
        .order(10, Some(1), Some("open"), Some(NOON))
        .order(11, Some(1), None, Some(NOON));
    check(&ORDER_COUNTS, &shop, "customer 1 has orders, none is paid");
}

#[test]
fn customers_of_the_same_name_are_counted_apart() {
    let shop = Shop::new(&[(1, Some("Ada")), (2, Some("Ada")), (3, None), (4, None)])
        .order(10, Some(1), Some("paid"), Some(NOON))
        .order(11, Some(2), Some("paid"), Some(NOON))
        .order(12, Some(3), Some("paid"), Some(NOON))
        .order(13, Some(4), Some("paid"), Some(NOON));
    check(
        &ORDER_COUNTS,
        &shop,
        "each of the four customers has one paid order",
    );
}

#[test]
fn the_latest_order_is_the_newest_not_the_highest_id() {
    let shop = Shop::new(&[(1, None), (2, None)])
        .order(10, Some(1), Some("paid"), Some(NOON))
        .order(11, Some(1), Some("paid"), Some(DAWN))
        .order(12, Some(2), None, Some(DAWN));
    check(&LATEST_ORDER, &shop, "order 10 is newer than order 11");
    let shop = Shop::new(&[(1, None)])
        .order(10, Some(1), Some("paid"), Some("2024-03-01 12:00:01"))
        .order(11, Some(1), Some("paid"), Some(NOON));
    check(&LATEST_ORDER, &shop, "order 10 is newer by a second");
}

#[test]
fn each_customer_with_an_order_comes_exactly_once() {
    let shop = Shop::new(&[(1, None), (2, None), (3, None)])
        .order(10, Some(1), Some("paid"), Some(NOON))
        .order(11, Some(1), Some("open"), Some(NOON))
        .order(12, Some(2), Some("paid"), Some(DAWN));
    check_customers(
        &LATEST_ORDER,
        &shop,
        "customer 1 has two orders, customer 2 has one, customer 3 has none",
    );
}

#[test]
fn of_equally_new_orders_the_highest_id_is_the_latest() {
    let shop = Shop::new(&[(1, None)])
        .order(10, Some(1), Some("open"), Some(NOON))
        .order(12, Some(1), Some("open"), Some(NOON))
        .order(11, Some(1), Some("open"), Some(NOON));
    check(
        &LATEST_ORDER,
        &shop,
        "three orders share the timestamp; exactly one may come",
    );
}

#[test]
fn an_undated_order_is_older_than_a_dated_one() {
    let shop = Shop::new(&[(1, None), (2, None)])
        .order(10, Some(1), Some("paid"), Some(DAWN))
        .order(11, Some(1), Some("paid"), None)
        .order(12, Some(2), Some("paid"), None)
        .order(13, Some(2), Some("paid"), None);
    check(
        &LATEST_ORDER,
        &shop,
        "order 11 has no date, and customer 2 has undated orders only",
    );
    for long_ago in ["1969-12-31 23:59:59", "0001-01-01 00:00:00"] {
        let shop = Shop::new(&[(1, None)])
            .order(10, Some(1), Some("paid"), Some(long_ago))
            .order(11, Some(1), Some("paid"), None);
        check(
            &LATEST_ORDER,
            &shop,
            "order 10 is very old, but it has a date, and order 11 has none",
        );
    }
}

#[test]
fn a_guest_order_is_nobodys_latest() {
    let shop = Shop::new(&[(1, None)])
        .order(10, Some(1), Some("paid"), Some(DAWN))
        .order(11, None, Some("paid"), Some(NOON));
    check(
        &LATEST_ORDER,
        &shop,
        "order 11 is a guest's, its customer_id is NULL",
    );
}

#[test]
fn idle_customers_agree_with_the_model() {
    check_random(&IDLE_CUSTOMERS);
}

#[test]
fn order_counts_agree_with_the_model() {
    check_random(&ORDER_COUNTS);
}

#[test]
fn latest_orders_agree_with_the_model() {
    check_random(&LATEST_ORDER);
}

// ---------------------------------------------------------------------------------------------
// The questions, and their answers in plain Rust

struct Question {
    name: &'static str,
    columns: &'static [&'static str],
    model: fn(&Shop) -> Vec<Vec<i64>>,
}

const IDLE_CUSTOMERS: Question = Question {
    name: "idle_customers",
    columns: &["customer_id"],
    model: |shop| {
        let ids = shop.customers.iter().map(|c| c.id);
        ids.filter(|&id| shop.orders_of(id).next().is_none())
            .map(|id| vec![id])
            .collect()
    },
};

const ORDER_COUNTS: Question = Question {
    name: "order_counts",
    columns: &["customer_id", "paid_orders"],
    model: |shop| {
        let paid = |id| {
            let orders = shop.orders_of(id);
            orders.filter(|o| o.status == Some("paid")).count() as i64
        };
        let ids = shop.customers.iter().map(|c| c.id);
        ids.map(|id| vec![id, paid(id)]).collect()
    },
};

const LATEST_ORDER: Question = Question {
    name: "latest_order",
    columns: &["customer_id", "order_id"],
    model: |shop| {
        // `None < Some(_)`: an undated order is older than a dated one.
        let latest = |id| shop.orders_of(id).max_by_key(|o| (o.created_at, o.id));
        let ids = shop.customers.iter().map(|c| c.id);
        ids.filter_map(|id| latest(id).map(|o| vec![id, o.id]))
            .collect()
    },
};

// ---------------------------------------------------------------------------------------------
// The databases

const DAWN: &str = "2024-03-01 06:00:00";
const NOON: &str = "2024-03-01 12:00:00";
const NIGHT: &str = "2024-03-01 22:00:00";

#[derive(Clone, Default)]
struct Shop {
    customers: Vec<Customer>,
    orders: Vec<Order>,
}

#[derive(Clone)]
struct Customer {
    id: i64,
    name: Option<&'static str>,
}

#[derive(Clone)]
struct Order {
    id: i64,
    customer_id: Option<i64>,
    status: Option<&'static str>,
    created_at: Option<&'static str>,
}

impl Shop {
    fn new(customers: &[(i64, Option<&'static str>)]) -> Self {
        let customers = customers.iter().map(|&(id, name)| Customer { id, name });
        Self {
            customers: customers.collect(),
            orders: vec![],
        }
    }

    fn order(
        mut self,
        id: i64,
        customer_id: Option<i64>,
        status: Option<&'static str>,
        created_at: Option<&'static str>,
    ) -> Self {
        self.orders.push(Order {
            id,
            customer_id,
            status,
            created_at,
        });
        self
    }

    /// Up to six customers, one in three idle, and up to 15 orders; each nullable column is NULL
    /// once in four times, and there are only three points in time.
    fn random(rng: &mut Rng) -> Self {
        let names = [None, Some("Ada"), Some("Grace"), Some("Linus")];
        let statuses = [None, Some("paid"), Some("paid"), Some("open")];
        let times = [None, Some(DAWN), Some(NOON), Some(NIGHT)];
        let mut shop = Shop::default();
        for id in 1..=1 + rng.size() as i64 / 20 {
            let name = *rng.pick(&names);
            shop.customers.push(Customer { id, name });
        }
        let buyers: Vec<i64> = (1..=shop.customers.len() as i64)
            .filter(|_| !rng.chance(0.3))
            .collect();
        let mut ids: Vec<i64> = (10..11 + rng.size() as i64 / 7).collect();
        rng.shuffle(&mut ids);
        for id in ids {
            let guest = buyers.is_empty() || rng.chance(0.25);
            shop.orders.push(Order {
                id,
                customer_id: (!guest).then(|| *rng.pick(&buyers)),
                status: *rng.pick(&statuses),
                created_at: *rng.pick(&times),
            });
        }
        shop
    }

    fn orders_of(&self, customer: i64) -> impl Iterator<Item = &Order> {
        let orders = self.orders.iter();
        orders.filter(move |o| o.customer_id == Some(customer))
    }

    /// Every shop with one row less. A customer goes together with the own orders.
    fn smaller(&self) -> Vec<Shop> {
        let customers = self.customers.iter().map(|c| {
            let mut less = self.clone();
            less.customers.retain(|other| other.id != c.id);
            less.orders.retain(|o| o.customer_id != Some(c.id));
            less
        });
        let orders = self.orders.iter().map(|o| {
            let mut less = self.clone();
            less.orders.retain(|other| other.id != o.id);
            less
        });
        customers.chain(orders).collect()
    }

    fn to_sql(&self) -> String {
        let text = |text: Option<&str>| text.map_or("NULL".into(), |text| format!("'{text}'"));
        let mut sql = String::new();
        for Customer { id, name } in &self.customers {
            let name = text(*name);
            writeln!(sql, "  INSERT INTO customers VALUES ({id}, {name});").unwrap();
        }
        for o in &self.orders {
            let customer = o.customer_id.map_or("NULL".into(), |id| id.to_string());
            let (id, status, at) = (o.id, text(o.status), text(o.created_at));
            writeln!(
                sql,
                "  INSERT INTO orders VALUES ({id}, {customer}, {status}, {at});"
            )
            .unwrap();
        }
        sql
    }
}

// ---------------------------------------------------------------------------------------------
// Judging

/// Compares the query with the model on one shop.
#[track_caller]
fn check(question: &Question, shop: &Shop, remark: &str) {
    let all = question.columns.len();
    if let Err(difference) = Database::open().compare(question, shop, all) {
        panic!("{remark}\n{difference}");
    }
}

/// Compares only which customers the query gives, and how often.
#[track_caller]
fn check_customers(question: &Question, shop: &Shop, remark: &str) {
    if let Err(difference) = Database::open().compare(question, shop, 1) {
        panic!("{remark}\n{difference}");
    }
}

/// Compares the query with the model on 64 random shops; reports the smallest shop that still differs.
#[track_caller]
fn check_random(question: &Question) {
    let database = Database::open();
    let compare = |shop: &Shop| database.compare(question, shop, question.columns.len());
    seeded::cases(64, |rng| {
        let mut shop = Shop::random(rng);
        let Err(mut difference) = compare(&shop) else {
            return;
        };
        let differs = |less: Shop| Some((compare(&less).err()?, less));
        while let Some(smaller) = shop.smaller().into_iter().find_map(differs) {
            (difference, shop) = smaller;
        }
        panic!("{difference}");
    });
}

struct Database(Connection);

impl Database {
    fn open() -> Self {
        let database = Connection::open_in_memory().expect("SQLite opens a database in memory");
        database
            .execute_batch(SCHEMA)
            .expect("schema.sql is as it was given");
        Self(database)
    }

    fn fill(&self, shop: &Shop) {
        let rows = format!(
            "DELETE FROM orders; DELETE FROM customers;\n{}",
            shop.to_sql()
        );
        self.0
            .execute_batch(&rows)
            .expect("the shop's rows fit schema.sql");
    }

    /// Compares the first `width` columns of the query's rows with the model's; `Err` describes the difference.
    fn compare(&self, question: &Question, shop: &Shop, width: usize) -> Result<(), String> {
        self.fill(shop);
        let mut actual = self.rows(question);
        let mut expected: Vec<Row> = (question.model)(shop)
            .into_iter()
            .map(|row| row.into_iter().map(Value::Integer).collect())
            .collect();
        for rows in [&mut actual, &mut expected] {
            rows.iter_mut().for_each(|row| row.truncate(width));
            rows.sort_by_key(|row| format!("{row:?}"));
        }
        if actual == expected {
            return Ok(());
        }
        let columns = question.columns[..width].join(", ");
        Err(format!(
            "{}({columns}) over these rows\n{}  expected: {}\n  got:      {}",
            question.name,
            shop.to_sql(),
            show(&expected),
            show(&actual)
        ))
    }

    /// What the learner's query gives.
    fn rows(&self, question: &Question) -> Vec<Row> {
        let name = question.name;
        let (sql, first_line) = query(name);
        let mut statement = self.0.prepare(&sql).unwrap_or_else(|e| match e {
            Error::SqlInputError { msg, offset, .. } => {
                let before = &sql[..usize::try_from(offset).unwrap_or(0)];
                let line = first_line + before.matches('\n').count();
                panic!("{name} is no valid SQL: {msg} (queries.sql, line {line})")
            }
            Error::MultipleStatement => panic!("{name} must be a single SELECT statement"),
            e => panic!("{name}: SQLite says: {e}"),
        });
        assert!(
            statement.readonly(),
            "{name} must only read, with a single SELECT"
        );
        let expected = question.columns;
        let columns = statement.column_count();
        assert!(
            columns == expected.len(),
            "{name} must give the columns ({}), yours gives ({})",
            expected.join(", "),
            statement.column_names().collect::<Vec<_>>().join(", ")
        );
        limit_steps(&self.0);
        let rows = statement
            .query_map([], |row| (0..columns).map(|i| row.get(i)).collect())
            .and_then(Iterator::collect);
        rows.unwrap_or_else(|e| match e.sqlite_error_code() {
            Some(rusqlite::ErrorCode::OperationInterrupted) => panic!(
                "{name} was stopped after {STEP_LIMIT} steps of SQLite's virtual machine: does it recurse without end?"
            ),
            _ => panic!("{name} failed while it ran: {e}"),
        })
    }
}

type Row = Vec<Value>;

/// Has SQLite give up a statement after `STEP_LIMIT` steps: <https://www.sqlite.org/c3ref/progress_handler.html>
fn limit_steps(database: &Connection) {
    extern "C" fn give_up(_: *mut c_void) -> c_int {
        1
    }
    // SAFETY: the connection is open, and the handler is a plain function that ignores its argument.
    unsafe {
        ffi::sqlite3_progress_handler(
            database.handle(),
            STEP_LIMIT,
            Some(give_up),
            std::ptr::null_mut(),
        );
    }
}

/// The text below `-- name: NAME` in queries.sql, and the line on which it starts.
fn query(name: &str) -> (String, usize) {
    let is_name = |line: &str| {
        let name = line
            .trim()
            .strip_prefix("--")?
            .trim()
            .strip_prefix("name:")?;
        Some(name.trim().to_string())
    };
    let mut lines = QUERIES.lines().enumerate();
    let Some((at, _)) = lines.find(|(_, line)| is_name(line).as_deref() == Some(name)) else {
        panic!("queries.sql has no line `-- name: {name}`; the tests find the query by it");
    };
    let mut sql = String::new();
    for (_, line) in lines.take_while(|(_, line)| is_name(line).is_none()) {
        if let Some(todo) = line.trim().strip_prefix("-- TODO ") {
            panic!(
                "not yet implemented: {todo}\n(queries.sql, below `-- name: {name}`; delete the TODO line when the query is written)"
            );
        }
        sql.push_str(line);
        sql.push('\n');
    }
    (sql, at + 2)
}

fn show(rows: &[Row]) -> String {
    let value = |value: &Value| match value {
        Value::Null => "NULL".to_string(),
        Value::Integer(i) => i.to_string(),
        Value::Real(r) => format!("{r:?}"),
        Value::Text(text) => format!("'{text}'"),
        Value::Blob(bytes) => format!("x'{bytes:02x?}'"),
    };
    let row = |row: &Row| format!("({})", row.iter().map(value).collect::<Vec<_>>().join(", "));
    match rows {
        [] => "no row".to_string(),
        rows => rows.iter().map(row).collect::<Vec<_>>().join(", "),
    }
}
