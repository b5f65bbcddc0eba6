-- A schema that cannot hold a double booking
--
-- A clinic's booking form checks everything, and still two patients sat in the waiting room
-- for the same ten o'clock: the form's check and its insert were two steps, and somebody
-- else came between. An import script checked nothing at all. What the schema refuses,
-- nobody can get wrong.
--
-- Write the constraints, triggers and indexes, in SQLite's dialect. The names of tables and
-- columns are fixed: the tests use them. Times are seconds since 1970, as integers. Delete
-- each TODO line when its step is done; the tests of a step wait for that.
--
-- The contract:
-- 1. No column may be NULL. Money and times are whole numbers: 12.5 cents and the text
--    'noon' are refused. No amount is negative. An appointment ends after it starts, and its
--    status is 'booked', 'done' or 'cancelled'.
-- 2. An e-mail address belongs to one patient only; upper and lower case don't matter.
-- 3. An appointment has a doctor and a patient that exist, an invoice has an appointment that
--    exists, and an appointment has at most one invoice. As long as something refers to a
--    row, the row cannot be deleted.
-- 4. A doctor never has two appointments at the same time, whichever statement would bring
--    it about. A cancelled appointment takes no time. One that starts exactly when the other
--    one ends is fine.
-- 5. With 2,000 appointments no table is read as a whole: not for these three queries, not
--    for an INSERT of an appointment, not for a DELETE of a patient or a doctor.
--      SELECT id FROM patients WHERE email = ? COLLATE NOCASE
--      SELECT id FROM appointments
--        WHERE doctor_id = ? AND status <> 'cancelled' AND starts_at >= ? AND starts_at < ?
--      SELECT i.amount_cents FROM appointments AS a
--        JOIN invoices AS i ON i.appointment_id = a.id WHERE a.patient_id = ?
--
-- Example: doctor 1 has an appointment from 1000 to 2000. Then one from 2000 to 3000 is
-- accepted, one from 1500 to 2500 is refused, and so is the move of the second to 1900.
--
-- Judged in a real SQLite, in memory, with foreign keys switched on: some 60 statements,
-- each of which must be accepted or refused; 150 random sequences of bookings, moves and
-- cancellations against a plain Rust model; SQLite's own account of what it reads
-- (EXPLAIN QUERY PLAN and SQLITE_STMTSTATUS_FULLSCAN_STEP).

-- TODO step 1: the values that the columns may hold
-- TODO step 2: e-mail addresses are unique
-- TODO step 3: who refers to whom
CREATE TABLE patients (
    id    INTEGER PRIMARY KEY,
    name  TEXT,
    email TEXT
);

CREATE TABLE doctors (
    id   INTEGER PRIMARY KEY,
    name TEXT
);

CREATE TABLE appointments (
    id         INTEGER PRIMARY KEY,
    doctor_id  INTEGER,
    patient_id INTEGER,
    starts_at  INTEGER,
    ends_at    INTEGER,
    status     TEXT
);

CREATE TABLE invoices (
    id             INTEGER PRIMARY KEY,
    appointment_id INTEGER,
    amount_cents   INTEGER
);

-- TODO step 4: no doctor is booked twice at the same time

-- TODO step 5: indexes, so that no table is read as a whole
