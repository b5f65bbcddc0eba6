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

-- STRICT makes SQLite hold its columns to their types.
CREATE TABLE patients (
    id    INTEGER PRIMARY KEY,
    name  TEXT NOT NULL,
    email TEXT NOT NULL COLLATE NOCASE UNIQUE
) STRICT;

CREATE TABLE doctors (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE appointments (
    id         INTEGER PRIMARY KEY,
    doctor_id  INTEGER NOT NULL REFERENCES doctors (id),
    patient_id INTEGER NOT NULL REFERENCES patients (id),
    starts_at  INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    status     TEXT NOT NULL CHECK (status IN ('booked', 'done', 'cancelled')),
    CHECK (starts_at < ends_at)
) STRICT;

CREATE TABLE invoices (
    id             INTEGER PRIMARY KEY,
    appointment_id INTEGER NOT NULL UNIQUE REFERENCES appointments (id),
    amount_cents   INTEGER NOT NULL CHECK (amount_cents >= 0)
) STRICT;

-- UNIQUE has made an index already; REFERENCES makes none.
CREATE INDEX appointments_by_doctor ON appointments (doctor_id, starts_at);
CREATE INDEX appointments_by_patient ON appointments (patient_id);

CREATE TRIGGER no_double_booking_by_insert BEFORE INSERT ON appointments
WHEN NEW.status <> 'cancelled' AND EXISTS (
    SELECT 1
    FROM appointments AS other
    WHERE other.doctor_id = NEW.doctor_id
      AND other.status <> 'cancelled'
      AND other.starts_at < NEW.ends_at
      AND other.ends_at > NEW.starts_at
)
BEGIN
    SELECT RAISE(ABORT, 'the doctor has another appointment at that time');
END;

-- A move, another doctor and an undone cancellation are all updates; the row does not clash with itself.
CREATE TRIGGER no_double_booking_by_update BEFORE UPDATE ON appointments
WHEN NEW.status <> 'cancelled' AND EXISTS (
    SELECT 1
    FROM appointments AS other
    WHERE other.doctor_id = NEW.doctor_id
      AND other.id <> OLD.id
      AND other.status <> 'cancelled'
      AND other.starts_at < NEW.ends_at
      AND other.ends_at > NEW.starts_at
)
BEGIN
    SELECT RAISE(ABORT, 'the doctor has another appointment at that time');
END;
