-- Three queries that NULLs, ties and empty groups break
--
-- The shop's nightly report needs three answers from two tables, and the queries that came
-- to mind first were wrong in production: a list that was empty one morning, a customer
-- with one order who had never ordered, a customer who came twice. None of them gave an
-- error. Read schema.sql first: nearly every column may be NULL.
--
-- Write one SELECT below each `-- name:` line, in SQLite's dialect, and delete the TODO
-- line there. Keep the `-- name:` lines: the tests find the queries by them.
--
-- The contract:
-- 1. idle_customers (customer_id): the customers without any order, of whatever status.
-- 2. order_counts (customer_id, paid_orders): every customer exactly once, with the number
--    of orders whose status is 'paid'. A customer without paid orders has 0, not NULL.
-- 3. latest_order (customer_id, order_id): exactly one row for each customer who has an
--    order: the order with the latest created_at; of several such, the one with the
--    highest id.
-- 4. An order without created_at counts as older than any order that has one.
-- 5. An order without customer_id is a guest's: it belongs to no customer and changes no
--    answer. Every other customer_id is in customers.
-- Columns count by position, their names are yours. The rows may come in any order.
--
-- Example: customers 1 and 2; orders 10 (customer 1, 'open', noon), 11 (customer 1, 'paid',
-- noon) and 12 (a guest, 'paid', one o'clock):
--    idle_customers   (2)
--    order_counts     (1, 1), (2, 0)
--    latest_order     (1, 11)
--
-- Judged in a real SQLite, in memory: small databases with one trap each, then 64 random
-- ones for each query, full of NULLs, equal timestamps and idle customers. The rows are
-- compared as multisets with a plain Rust model. A failure prints the smallest database
-- that still shows it, as INSERT statements to paste behind schema.sql into sqlite3.
-- A query that needs more than a million steps of SQLite's virtual machine is stopped.

-- name: idle_customers
SELECT c.id AS customer_id
FROM customers AS c
WHERE NOT EXISTS (SELECT 1 FROM orders AS o WHERE o.customer_id = c.id);

-- name: order_counts
-- The filter belongs to the join: an unpaid order then counts as no order, and the customer stays.
-- COUNT(o.id) skips the NULL that the LEFT JOIN puts where no order matched; COUNT(*) would count it.
SELECT c.id AS customer_id, COUNT(o.id) AS paid_orders
FROM customers AS c
LEFT JOIN orders AS o ON o.customer_id = c.id AND o.status = 'paid'
GROUP BY c.id;

-- name: latest_order
-- SQLite orders NULL below every value, so that DESC puts undated orders last. Other databases don't:
-- PostgreSQL would need NULLS LAST here.
SELECT customer_id, order_id
FROM (
    SELECT
        customer_id,
        id AS order_id,
        ROW_NUMBER() OVER (
            PARTITION BY customer_id
            ORDER BY created_at DESC, id DESC
        ) AS newness
    FROM orders
    WHERE customer_id IS NOT NULL
)
WHERE newness = 1;
