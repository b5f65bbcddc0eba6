//! Runs statements in a SQLite with the schema of `schema.sql`, and looks which are accepted.

use rusqlite::{Connection, Error, ErrorCode, StatementStatus, params};
use seeded::Rng;
use std::collections::BTreeMap;

const SCHEMA: &str = include_str!("schema.sql");

/// Doctors 1 and 2, patients 1 and 2, an appointment 1 of doctor 1 from 1000 to 2000 with an invoice, a
/// booked one without invoice at 5000, and a cancelled one at 8000.
const CLINIC: &str = "
    INSERT INTO doctors (id, name) VALUES (1, 'Hopper'), (2, 'Liskov');
    INSERT INTO patients (id, name, email) VALUES (1, 'Ada', 'ada@example.org'), (2, 'Alan', 'alan@example.org');
    INSERT INTO appointments (id, doctor_id, patient_id, starts_at, ends_at, status) VALUES
        (1, 1, 1, 1000, 2000, 'done'),
        (2, 1, 2, 5000, 6000, 'booked'),
        (3, 1, 1, 8000, 9000, 'cancelled');
    INSERT INTO invoices (id, appointment_id, amount_cents) VALUES (1, 1, 9900);
";

// ---------------------------------------------------------------------------------------------
// Step 1: values

#[test]
fn a_usual_day_is_accepted() {
    accepted(
        1,
        "INSERT INTO patients (name, email) VALUES ('Grace', 'grace@example.org')",
    );
    accepted(1, "INSERT INTO doctors (name) VALUES ('Hopper')");
    accepted(1, &appointment(2, 1, 1000, 2000, "'booked'"));
    accepted(
        1,
        "INSERT INTO invoices (appointment_id, amount_cents) VALUES (2, 0)",
    );
    accepted(
        1,
        "INSERT INTO invoices (appointment_id, amount_cents) VALUES (2, 123456)",
    );
    accepted(1, "UPDATE appointments SET status = 'done' WHERE id = 2");
    accepted(1, "UPDATE patients SET name = 'Ada King' WHERE id = 1");
    accepted(1, "DELETE FROM invoices WHERE id = 1");
    accepted(1, "DELETE FROM appointments WHERE id = 2");
}

#[test]
fn no_column_is_null() {
    refused(
        1,
        "INSERT INTO patients (name, email) VALUES (NULL, 'grace@example.org')",
    );
    refused(1, "INSERT INTO patients (name) VALUES ('Grace')");
    refused(1, "INSERT INTO doctors (name) VALUES (NULL)");
    refused(1, "UPDATE doctors SET name = NULL WHERE id = 1");
    for column in ["doctor_id", "patient_id", "starts_at", "ends_at", "status"] {
        refused(
            1,
            &format!("UPDATE appointments SET {column} = NULL WHERE id = 2"),
        );
    }
    refused(1, "INSERT INTO invoices (appointment_id) VALUES (2)");
    refused(
        1,
        "INSERT INTO invoices (appointment_id, amount_cents) VALUES (NULL, 100)",
    );
}

#[test]
fn money_is_a_whole_number_of_cents_from_zero() {
    for amount in ["12.5", "0.01", "'a lot'", "-1", "x'00'"] {
        refused(
            1,
            &format!("INSERT INTO invoices (appointment_id, amount_cents) VALUES (2, {amount})"),
        );
    }
    refused(1, "UPDATE invoices SET amount_cents = amount_cents / 8.0");
}

#[test]
fn times_are_whole_numbers_in_the_right_order() {
    refused(1, &appointment(2, 1, 2000, 2000, "'booked'"));
    refused(1, &appointment(2, 1, 2000, 1999, "'cancelled'"));
    refused(
        1,
        "UPDATE appointments SET ends_at = starts_at WHERE id = 2",
    );
    refused(1, "UPDATE appointments SET starts_at = 'noon' WHERE id = 3");
    refused(1, "UPDATE appointments SET ends_at = 'noon' WHERE id = 3");
    refused(1, "UPDATE appointments SET ends_at = 9000.5 WHERE id = 3");
    accepted(1, &appointment(2, 1, 900_000, 900_001, "'booked'"));
}

#[test]
fn a_status_is_one_of_three() {
    for status in ["'booked'", "'done'", "'cancelled'"] {
        accepted(1, &appointment(2, 1, 1000, 2000, status));
    }
    for status in ["'canceled'", "'BOOKED'", "''", "1"] {
        refused(1, &appointment(2, 1, 1000, 2000, status));
    }
}

// ---------------------------------------------------------------------------------------------
// Step 2: addresses

#[test]
fn an_address_belongs_to_one_patient() {
    accepted(
        2,
        "INSERT INTO patients (name, email) VALUES ('Ada', 'ada2@example.org')",
    );
    refused(
        2,
        "INSERT INTO patients (name, email) VALUES ('Eve', 'ada@example.org')",
    );
    refused(
        2,
        "UPDATE patients SET email = 'alan@example.org' WHERE id = 1",
    );
}

#[test]
fn an_address_in_other_letters_is_the_same() {
    refused(
        2,
        "INSERT INTO patients (name, email) VALUES ('Eve', 'Ada@Example.ORG')",
    );
    refused(
        2,
        "UPDATE patients SET email = 'ALAN@EXAMPLE.ORG' WHERE id = 1",
    );
    accepted(
        2,
        "UPDATE patients SET email = 'ADA@example.org' WHERE id = 1",
    );
}

// ---------------------------------------------------------------------------------------------
// Step 3: references

#[test]
fn what_is_referred_to_exists() {
    refused(3, &appointment(9, 1, 1000, 2000, "'booked'"));
    refused(3, &appointment(2, 9, 1000, 2000, "'booked'"));
    refused(3, "UPDATE appointments SET patient_id = 9 WHERE id = 2");
    refused(
        3,
        "INSERT INTO invoices (appointment_id, amount_cents) VALUES (9, 100)",
    );
}

#[test]
fn what_is_referred_to_cannot_be_deleted() {
    for sql in [
        "DELETE FROM patients WHERE id = 1",
        "DELETE FROM patients WHERE id = 2",
        "DELETE FROM doctors WHERE id = 1",
        "DELETE FROM appointments WHERE id = 1",
    ] {
        refused(3, sql);
    }
    accepted(3, "DELETE FROM doctors WHERE id = 2");
    accepted(3, "DELETE FROM appointments WHERE id = 3");
}

#[test]
fn an_appointment_has_at_most_one_invoice() {
    refused(
        3,
        "INSERT INTO invoices (appointment_id, amount_cents) VALUES (1, 100)",
    );
    accepted(
        3,
        "INSERT INTO invoices (appointment_id, amount_cents) VALUES (3, 100)",
    );
}

// ---------------------------------------------------------------------------------------------
// Step 4: double bookings

#[test]
fn the_same_time_is_booked_once() {
    refused(4, &appointment(1, 2, 5000, 6000, "'booked'"));
    refused(4, &appointment(1, 2, 1000, 2000, "'booked'"));
    refused(4, &appointment(1, 2, 5000, 6000, "'done'"));
}

#[test]
fn no_overlap_is_accepted() {
    for (from, to) in [
        (4500, 5001),
        (5999, 7000),
        (5100, 5900),
        (4000, 7000),
        (5000, 5001),
        (5999, 6000),
    ] {
        refused(4, &appointment(1, 2, from, to, "'booked'"));
    }
}

#[test]
fn the_end_of_one_may_be_the_start_of_the_next() {
    accepted(4, &appointment(1, 2, 6000, 7000, "'booked'"));
    accepted(4, &appointment(1, 2, 4000, 5000, "'booked'"));
    accepted(4, &appointment(1, 2, 2000, 5000, "'booked'"));
}

#[test]
fn two_doctors_work_at_the_same_time() {
    accepted(4, &appointment(2, 2, 5000, 6000, "'booked'"));
    accepted(4, &appointment(2, 1, 500, 9000, "'booked'"));
}

#[test]
fn a_cancelled_appointment_takes_no_time() {
    accepted(4, &appointment(1, 2, 8000, 9000, "'booked'"));
    accepted(4, &appointment(1, 2, 7500, 8500, "'done'"));
    accepted(4, &appointment(1, 2, 5000, 6000, "'cancelled'"));
    accepted(
        4,
        "UPDATE appointments SET starts_at = 5000, ends_at = 6000 WHERE id = 3",
    );
}

#[test]
fn a_move_is_checked_as_a_booking_is() {
    refused(
        4,
        "UPDATE appointments SET starts_at = 1500, ends_at = 2500 WHERE id = 2",
    );
    refused(4, "UPDATE appointments SET starts_at = 1999 WHERE id = 2");
    refused(4, "UPDATE appointments SET ends_at = 5001 WHERE id = 1");
    accepted(4, "UPDATE appointments SET starts_at = 2000 WHERE id = 2");
    accepted(
        4,
        "UPDATE appointments SET starts_at = 7000, ends_at = 8500 WHERE id = 2",
    );
}

#[test]
fn an_appointment_does_not_clash_with_itself() {
    accepted(
        4,
        "UPDATE appointments SET starts_at = 5500, ends_at = 6500 WHERE id = 2",
    );
    accepted(4, "UPDATE appointments SET ends_at = 5500 WHERE id = 2");
    accepted(4, "UPDATE appointments SET patient_id = 1 WHERE id = 2");
    accepted(4, "UPDATE appointments SET status = 'done' WHERE id = 2");
    accepted(
        4,
        "UPDATE appointments SET status = 'cancelled' WHERE id = 2",
    );
    accepted(4, "UPDATE appointments SET status = 'booked' WHERE id = 3");
}

#[test]
fn another_doctor_may_not_be_free() {
    let first = appointment(2, 2, 1500, 5500, "'booked'");
    after(
        4,
        &first,
        "UPDATE appointments SET doctor_id = 1 WHERE doctor_id = 2",
        false,
    );
    after(
        4,
        &first,
        "UPDATE appointments SET doctor_id = 2 WHERE id = 2",
        false,
    );
    let first = appointment(2, 2, 2000, 5000, "'booked'");
    after(
        4,
        &first,
        "UPDATE appointments SET doctor_id = 1 WHERE doctor_id = 2",
        true,
    );
}

#[test]
fn a_cancellation_cannot_always_be_undone() {
    let first = appointment(1, 2, 8500, 9500, "'booked'");
    for status in ["booked", "done"] {
        let undo = format!("UPDATE appointments SET status = '{status}' WHERE id = 3");
        after(4, &first, &undo, false);
    }
}

#[test]
fn random_bookings_agree_with_the_model() {
    ready(4);
    seeded::cases(150, |rng| {
        let clinic = open();
        let mut model: BTreeMap<i64, Appointment> = BTreeMap::new();
        let mut done = Vec::new();
        for id in 10..10 + rng.size() as i64 / 2 {
            let known: Vec<i64> = model.keys().copied().collect();
            let (id, change, sql) = match rng.pick(&[0, 0, 1, 1, 2, 3, 4]) {
                0 => {
                    let new = Appointment::random(rng);
                    (id, Some(new), new.insert(id))
                }
                _ if known.is_empty() => continue,
                kind => {
                    let id = *rng.pick(&known);
                    let mut new = model[&id];
                    let other = Appointment::random(rng);
                    let set = match kind {
                        1 => {
                            (new.starts_at, new.ends_at) = (other.starts_at, other.ends_at);
                            format!("starts_at = {}, ends_at = {}", new.starts_at, new.ends_at)
                        }
                        2 => {
                            new.doctor = other.doctor;
                            format!("doctor_id = {}", new.doctor)
                        }
                        3 => {
                            new.status = other.status;
                            format!("status = '{}'", new.status)
                        }
                        _ => {
                            let sql = format!("DELETE FROM appointments WHERE id = {id}");
                            done.push(sql.clone());
                            clinic
                                .execute(&sql, [])
                                .unwrap_or_else(|e| panic!("{sql}: {e}"));
                            model.remove(&id);
                            continue;
                        }
                    };
                    (
                        id,
                        Some(new),
                        format!("UPDATE appointments SET {set} WHERE id = {id}"),
                    )
                }
            };
            done.push(sql.clone());
            let clash = change.and_then(|new| {
                let others = model.iter().filter(|(other, _)| **other != id);
                others
                    .map(|(other, appointment)| (*other, *appointment))
                    .find(|(_, other)| new.clashes(other))
            });
            match (clinic.execute(&sql, []), clash) {
                (Ok(1), None) => {
                    model.extend(change.map(|new| (id, new)));
                }
                (Err(e), Some(_)) if is_refusal(&e) => {}
                (Ok(_), None) => panic!("the last of these changed no row:\n{}", done.join(";\n")),
                (Ok(_), Some((other, _))) => panic!(
                    "the last of these was accepted, although it clashes with appointment {other}:\n{}",
                    done.join(";\n")
                ),
                (Err(e), _) => panic!(
                    "the last of these clashes with nothing, and got: {e}\n{}",
                    done.join(";\n")
                ),
            }
        }
    });
}

#[derive(Clone, Copy)]
struct Appointment {
    doctor: i64,
    starts_at: i64,
    ends_at: i64,
    status: &'static str,
}

impl Appointment {
    fn random(rng: &mut Rng) -> Self {
        let starts_at = rng.range(20_000..20_012);
        let statuses = ["booked", "booked", "done", "cancelled"];
        Appointment {
            doctor: rng.range(1..=2),
            starts_at,
            ends_at: starts_at + rng.range(1..=4),
            status: statuses[rng.below(4)],
        }
    }

    fn insert(&self, id: i64) -> String {
        let Appointment {
            doctor,
            starts_at,
            ends_at,
            status,
        } = self;
        format!(
            "INSERT INTO appointments VALUES ({id}, {doctor}, 1, {starts_at}, {ends_at}, '{status}')"
        )
    }

    fn clashes(&self, other: &Self) -> bool {
        self.doctor == other.doctor
            && ![self.status, other.status].contains(&"cancelled")
            && self.starts_at.max(other.starts_at) < self.ends_at.min(other.ends_at)
    }
}

// ---------------------------------------------------------------------------------------------
// Step 5: what is read

#[test]
fn an_address_is_found_by_an_index() {
    by_index(
        "SELECT id FROM patients WHERE email = 'PATIENT77@example.org' COLLATE NOCASE",
        1,
    );
}

#[test]
fn a_doctors_day_is_found_by_an_index() {
    by_index(
        "SELECT id FROM appointments \
         WHERE doctor_id = 3 AND status <> 'cancelled' AND starts_at >= 2000 AND starts_at < 4000",
        5,
    );
}

#[test]
fn a_patients_invoices_are_found_by_an_index() {
    by_index(
        "SELECT i.amount_cents FROM appointments AS a \
         JOIN invoices AS i ON i.appointment_id = a.id WHERE a.patient_id = 7",
        2,
    );
}

#[test]
fn a_booking_does_not_read_the_whole_table() {
    let clinic = filled();
    let sql = appointment(3, 7, 10_000_000, 10_000_100, "'booked'");
    assert_no_full_scan(&clinic, &sql, 1);
    assert_no_full_scan(
        &clinic,
        "UPDATE appointments SET ends_at = ends_at - 1 WHERE id = 17",
        1,
    );
}

#[test]
fn who_is_deleted_is_looked_up_by_an_index() {
    let clinic = filled();
    clinic
        .execute_batch("INSERT INTO patients VALUES (9001, 'new', 'new@example.org'); INSERT INTO doctors VALUES (9001, 'new');")
        .expect("could not insert a patient and a doctor without appointments");
    assert_no_full_scan(&clinic, "DELETE FROM patients WHERE id = 9001", 1);
    assert_no_full_scan(&clinic, "DELETE FROM doctors WHERE id = 9001", 1);
}

/// 20 doctors, 1,000 patients and 2,000 appointments, each with an invoice.
fn filled() -> Connection {
    ready(5);
    let mut clinic = schema();
    let tx = clinic.transaction().expect("a transaction begins");
    {
        let prepare = |sql| tx.prepare(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
        let mut doctor = prepare("INSERT INTO doctors VALUES (?, 'doctor')");
        let mut patient = prepare(
            "INSERT INTO patients VALUES (?1, 'patient', 'patient' || ?1 || '@example.org')",
        );
        let mut appointment = prepare("INSERT INTO appointments VALUES (?, ?, ?, ?, ?, 'booked')");
        let mut invoice = prepare("INSERT INTO invoices VALUES (?1, ?1, 100)");
        let ok = |result: rusqlite::Result<usize>| {
            result.unwrap_or_else(|e| panic!("a row of a full clinic: {e}"))
        };
        (1..=20).for_each(|id| _ = ok(doctor.execute([id])));
        (1..=1_000).for_each(|id| _ = ok(patient.execute([id])));
        for slot in 0..2_000 {
            let id = slot + 1;
            let (doctor, patient, starts_at) = (1 + slot % 20, 1 + slot % 1_000, slot / 20 * 400);
            ok(appointment.execute(params![id, doctor, patient, starts_at, starts_at + 400]));
            ok(invoice.execute([id]));
        }
    }
    tx.commit()
        .expect("the rows of a full clinic are committed");
    clinic
}

#[track_caller]
fn by_index(sql: &str, rows: usize) {
    let clinic = filled();
    let mut explain = clinic
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .expect("the query is valid");
    let plan = explain.query_map([], |row| row.get::<_, String>("detail"));
    let plan: Vec<String> = plan
        .and_then(Iterator::collect)
        .expect("the plan can be read");
    assert!(
        plan.iter().all(|step| !step.starts_with("SCAN"))
            && plan.iter().any(|step| step.starts_with("SEARCH")),
        "this query must not read a whole table, which the plan calls SCAN:\n{sql}\nthe plan: {plan:#?}"
    );
    assert_no_full_scan(&clinic, sql, rows);
}

/// Runs a statement that finds or changes so many rows, and asks SQLite how far it went through a whole table.
#[track_caller]
fn assert_no_full_scan(clinic: &Connection, sql: &str, rows: usize) {
    let mut statement = clinic.prepare(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
    let changed = if statement.column_count() == 0 {
        statement.execute([])
    } else {
        statement.query_map([], |_| Ok(())).map(Iterator::count)
    };
    assert_eq!(changed, Ok(rows), "{sql}: the number of rows");
    let steps = statement.get_status(StatementStatus::FullscanStep);
    assert_eq!(
        steps, 0,
        "{sql}\nwent {steps} steps through a whole table, in a clinic with 2,000 appointments"
    );
}

// ---------------------------------------------------------------------------------------------
// Judging

fn appointment(doctor: i64, patient: i64, starts_at: i64, ends_at: i64, status: &str) -> String {
    format!(
        "INSERT INTO appointments (doctor_id, patient_id, starts_at, ends_at, status) \
         VALUES ({doctor}, {patient}, {starts_at}, {ends_at}, {status})"
    )
}

/// Each statement is run in a clinic of its own.
#[track_caller]
fn accepted(step: usize, sql: &str) {
    after(step, "", sql, true);
}

#[track_caller]
fn refused(step: usize, sql: &str) {
    after(step, "", sql, false);
}

#[track_caller]
fn after(step: usize, first: &str, sql: &str, accept: bool) {
    ready(step);
    let clinic = open();
    clinic
        .execute_batch(first)
        .unwrap_or_else(|e| panic!("must be accepted, and got: {e}\n{first}"));
    let context = if first.is_empty() {
        String::new()
    } else {
        format!("\nafter: {first}")
    };
    match (clinic.execute(sql, []), accept) {
        (Ok(1), true) => {}
        (Err(e), false) if is_refusal(&e) => {}
        (Ok(rows), true) => panic!("must change one row, and changed {rows}: {sql}{context}"),
        (Ok(_), false) => panic!("must be refused, and was accepted: {sql}{context}"),
        (Err(e), true) => panic!("must be accepted, and got: {e}\n{sql}{context}"),
        (Err(e), false) => panic!("must be refused by a constraint, and got: {e}\n{sql}{context}"),
    }
}

/// Whether a constraint or a trigger has refused the statement.
fn is_refusal(e: &Error) -> bool {
    e.sqlite_error_code() == Some(ErrorCode::ConstraintViolation)
}

/// Fails as long as the TODO line of the step is in the schema.
#[track_caller]
fn ready(step: usize) {
    let todo = SCHEMA
        .lines()
        .filter_map(|line| line.trim().strip_prefix("-- TODO "));
    if let Some(todo) = todo
        .into_iter()
        .find(|todo| todo.starts_with(&format!("step {step}")))
    {
        panic!(
            "not yet implemented: {todo}\n(schema.sql; delete the TODO line when the step is done)"
        );
    }
}

/// An empty clinic.
fn schema() -> Connection {
    let clinic = Connection::open_in_memory().expect("SQLite opens a database in memory");
    clinic
        .execute_batch(SCHEMA)
        .unwrap_or_else(|e| panic!("schema.sql is no valid SQL: {e}"));
    clinic
        .pragma_update(None, "foreign_keys", true)
        .expect("foreign keys can be switched on");
    clinic
}

/// A clinic with a few rows.
#[track_caller]
fn open() -> Connection {
    let clinic = schema();
    clinic
        .execute_batch(CLINIC)
        .unwrap_or_else(|e| panic!("must be accepted, and got: {e}\n{CLINIC}"));
    clinic
}
