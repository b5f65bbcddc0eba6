-- The shop's tables, as they grew over the years. Given: read it, leave it as it is.

CREATE TABLE customers (
    id   INTEGER PRIMARY KEY,
    name TEXT    -- not unique; NULL: the customer never told us
);

CREATE TABLE orders (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER REFERENCES customers (id),  -- NULL: a guest, without an account
    status      TEXT,   -- 'paid', 'open' or 'refunded'; NULL: the payment is unclear
    created_at  TEXT    -- UTC, 'YYYY-MM-DD HH:MM:SS'; NULL: imported, the date is lost
);
