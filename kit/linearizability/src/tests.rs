use super::*;
use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::sync::{Barrier, Mutex};

/// Registers by name.
struct Registers;

#[derive(Clone, Debug, PartialEq)]
enum Call {
    Read(char),
    Write(char, u32),
    /// Writes the second if the first is there; the result says whether.
    Swap(char, u32, u32),
}
use Call::{Read, Swap, Write};

#[derive(Clone, Debug, PartialEq)]
enum Got {
    Value(u32),
    Done,
    Swapped(bool),
}
use Got::{Done, Swapped, Value};

impl Model for Registers {
    type State = u32;
    type Call = Call;
    type Result = Got;

    fn start(&self) -> u32 {
        0
    }

    fn step(&self, state: &u32, call: &Call, result: Option<&Got>) -> Option<u32> {
        let (next, answer) = match *call {
            Read(_) => (*state, Value(*state)),
            Write(_, value) => (value, Done),
            Swap(_, old, new) if old == *state => (new, Swapped(true)),
            Swap(..) => (*state, Swapped(false)),
        };
        result
            .is_none_or(|result| *result == answer)
            .then_some(next)
    }

    fn key(&self, call: &Call) -> String {
        let (Read(key) | Write(key, _) | Swap(key, ..)) = call;
        key.to_string()
    }

    fn only_reads(&self, call: &Call) -> bool {
        matches!(call, Read(_))
    }
}

/// A history from lines in time: each line is a client's call, with its start and end.
fn history(lines: &[(usize, Option<usize>, Call, Got)]) -> History<Call, Got> {
    let mut events = BTreeMap::new();
    for (i, line) in lines.iter().enumerate() {
        assert_eq!(
            events.insert(line.0, (i, false)),
            None,
            "two events at once"
        );
        if let Some(end) = line.1 {
            assert_eq!(events.insert(end, (i, true)), None, "two events at once");
        }
    }
    let mut history = History::new();
    let mut ids = BTreeMap::new();
    for (i, is_end) in events.into_values() {
        if is_end {
            history.returned(ids[&i], lines[i].3.clone());
        } else {
            ids.insert(i, history.call(i, lines[i].2.clone()));
        }
    }
    history
}

#[track_caller]
fn good(lines: &[(usize, Option<usize>, Call, Got)]) {
    let verdict = check(&Registers, &history(lines), 10_000);
    assert!(matches!(verdict, Verdict::Linearizable), "{verdict:?}");
}

#[track_caller]
fn bad(lines: &[(usize, Option<usize>, Call, Got)]) -> Violation {
    match check(&Registers, &history(lines), 10_000) {
        Verdict::Violated(violation) => violation,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_history_without_calls_is_linearizable() {
    good(&[]);
}

#[test]
fn calls_one_after_the_other_take_effect_in_their_order() {
    let write = |value| (0, Some(1), Write('x', value), Done);
    good(&[write(1), (2, Some(3), Read('x'), Value(1))]);
    bad(&[write(1), (2, Some(3), Read('x'), Value(0))]);
    bad(&[write(1), (2, Some(3), Read('x'), Value(2))]);
}

#[test]
fn calls_that_overlap_take_effect_in_any_order() {
    let writes = [
        (0, Some(4), Write('x', 1), Done),
        (1, Some(5), Write('x', 2), Done),
    ];
    for seen in [1, 2] {
        let [a, b] = writes.clone();
        good(&[a, b, (6, Some(7), Read('x'), Value(seen))]);
    }
    for seen in [0, 1, 2] {
        let [a, b] = writes.clone();
        good(&[a, b, (2, Some(3), Read('x'), Value(seen))]);
    }
    let [a, b] = writes;
    bad(&[a, b, (6, Some(7), Read('x'), Value(0))]);
}

#[test]
fn two_readers_may_not_see_writes_in_different_orders() {
    let writes = [
        (0, Some(20), Write('x', 1), Done),
        (1, Some(21), Write('x', 2), Done),
    ];
    let read = |at, value| (at, Some(at + 1), Read('x'), Value(value));
    let [a, b] = writes.clone();
    good(&[a, b, read(2, 1), read(4, 2)]);
    let [a, b] = writes;
    bad(&[a, b, read(2, 1), read(4, 2), read(6, 1)]);
}

#[test]
fn a_call_that_never_returned_may_have_happened_or_not() {
    let write = (0, None, Write('x', 1), Done);
    let read = |at, value| (at, Some(at + 1), Read('x'), Value(value));
    good(&[write.clone(), read(2, 0), read(4, 0)]);
    good(&[write.clone(), read(2, 0), read(4, 1)]);
    bad(&[write.clone(), read(2, 1), read(4, 0)]);
    bad(&[read(2, 1), (4, None, Write('x', 1), Done)]);
    good(&[(0, None, Read('x'), Done), read(2, 0)]);
}

#[test]
fn of_two_swaps_of_one_value_one_wins() {
    let swap = |at, new, won| (at, Some(at + 10), Swap('x', 0, new), Swapped(won));
    good(&[swap(0, 1, true), swap(1, 2, false)]);
    good(&[swap(0, 1, false), swap(1, 2, true)]);
    bad(&[swap(0, 1, true), swap(1, 2, true)]);
    bad(&[swap(0, 1, false), swap(1, 2, false)]);
}

#[test]
fn each_key_is_looked_at_alone() {
    // 40 writes at once of 40 keys: together, they have 40! orders.
    let names: Vec<char> = ('a'..='z').chain('A'..='N').collect();
    let mut lines = Vec::new();
    for (i, &name) in names.iter().enumerate() {
        lines.push((i, Some(200 + i), Write(name, 1), Done));
        lines.push((300 + 2 * i, Some(301 + 2 * i), Read(name), Value(1)));
    }
    let verdict = check(&Registers, &history(&lines), 200);
    assert!(matches!(verdict, Verdict::Linearizable), "{verdict:?}");
    lines[79].3 = Value(0);
    let violation = bad(&lines);
    assert!(
        violation.to_string().contains("these calls of N:"),
        "{violation}"
    );
}

#[test]
fn without_steps_the_answer_is_unknown() {
    let lines: Vec<_> = (0..10)
        .map(|i| (i, Some(100 + i), Write('x', i as u32), Done))
        .collect();
    let mut with_read = lines.clone();
    with_read.push((200, Some(201), Read('x'), Value(99)));
    let verdict = check(&Registers, &history(&with_read), 1_000);
    assert!(matches!(verdict, Verdict::Unknown), "{verdict:?}");
    let verdict = check(&Registers, &history(&with_read), 1_000_000);
    assert!(matches!(verdict, Verdict::Violated(_)), "{verdict:?}");
}

#[test]
fn states_that_were_reached_before_are_not_tried_again() {
    // 11 writes at once have 39,916,800 orders, but the sets of those made and the last of them are few.
    let mut lines: Vec<_> = (0..11)
        .map(|i| (i, Some(100 + i), Write('x', i as u32), Done))
        .collect();
    lines.push((200, Some(201), Read('x'), Value(99)));
    assert!(matches!(
        check(&Registers, &history(&lines), 200_000),
        Verdict::Violated(_)
    ));
}

#[test]
fn a_violation_shows_the_calls_that_matter_and_nothing_else() {
    let mut lines = Vec::new();
    for i in 0..20 {
        lines.push((10 * i, Some(10 * i + 4), Write('x', i as u32), Done));
        lines.push((10 * i + 1, Some(10 * i + 3), Read('y'), Value(0)));
        lines.push((10 * i + 5, Some(10 * i + 6), Read('x'), Value(i as u32)));
    }
    lines.push((200, Some(203), Write('x', 77), Done));
    lines.push((204, Some(206), Read('x'), Value(19)));
    lines.push((205, Some(207), Read('x'), Value(77)));
    lines.push((208, Some(209), Write('x', 5), Done));
    let violation = bad(&lines);
    assert_eq!(violation.calls().len(), 2);
    assert_eq!(
        violation.to_string(),
        "not linearizable: from the state 19, no order explains these calls of x:\n\
         \x20 client 60  |--|           Write('x', 77) -> Done\n\
         \x20 client 61        |--|     Read('x') -> Value(19)\n\
         the longest order that fits: Write('x', 77) -> Done\n\
         then the state is 77, in which these do not fit: Read('x') -> Value(19)"
    );
}

#[test]
fn ends_that_do_not_matter_are_left_open() {
    let violation = bad(&[
        (0, Some(9), Write('x', 1), Done),
        (1, Some(2), Read('x'), Value(1)),
        (3, Some(4), Read('x'), Value(0)),
    ]);
    let text = violation.to_string();
    assert!(text.contains("...  Write('x', 1)\n"), "{text}");
    assert_eq!(violation.calls().len(), 3);
}

/// A register with a cache for each reader: a read may be older than a write that has returned.
struct Stale {
    value: Mutex<u32>,
    cached: Mutex<u32>,
    refreshes: bool,
}

impl Stale {
    fn call(&self, call: &Call) -> Got {
        match *call {
            Write(_, value) => {
                *self.value.lock().unwrap() = value;
                Done
            }
            _ if self.refreshes => Value(*self.value.lock().unwrap()),
            _ => Value(*self.cached.lock().unwrap()),
        }
    }
}

fn threads_use(register: &Stale) -> History<Call, Got> {
    let recorder = Recorder::new();
    let barrier = Barrier::new(3);
    std::thread::scope(|scope| {
        for client in 0..3_u32 {
            let (recorder, barrier) = (recorder.clone(), &barrier);
            scope.spawn(move || {
                barrier.wait();
                for i in 0..20 {
                    let write = Write('x', 100 * client + i);
                    let call = if client == 0 { write } else { Read('x') };
                    recorder.record(client as usize, call.clone(), || register.call(&call));
                }
            });
        }
    });
    let mut history = recorder.history();
    let write = history.call(0, Write('x', 1_000));
    history.returned(write, register.call(&Write('x', 1_000)));
    let read = history.call(1, Read('x'));
    history.returned(read, register.call(&Read('x')));
    history
}

#[test]
fn catches_a_register_that_serves_stale_reads() {
    let register = |refreshes| Stale {
        value: Mutex::new(0),
        cached: Mutex::new(0),
        refreshes,
    };
    let history = threads_use(&register(true));
    assert_eq!(history.len(), 62);
    assert_linearizable(&Registers, &history);
    let history = threads_use(&register(false));
    let caught =
        catch_unwind(|| assert_linearizable(&Registers, &history)).expect_err("it is stale");
    let message = caught.downcast::<String>().unwrap();
    assert!(message.contains("not linearizable"), "{message}");
    assert!(message.contains("Read('x') -> Value(0)"), "{message}");
}

/// Whether some order of all calls that returned, and some of the others, fits: tried one by one.
fn brute_force(
    lines: &[(usize, Option<usize>, Call, Got)],
    state: u32,
    used: &mut Vec<usize>,
) -> bool {
    let open = |i: &usize| !used.contains(i);
    let missing: Vec<usize> = (0..lines.len()).filter(open).collect();
    if missing.iter().all(|&i| lines[i].1.is_none()) {
        return true;
    }
    for &i in &missing {
        let comes_later = |&j: &usize| lines[j].1.is_some_and(|end| end < lines[i].0);
        if missing.iter().any(comes_later) {
            continue;
        }
        let result = lines[i].1.map(|_| &lines[i].3);
        if let Some(next) = Registers.step(&state, &lines[i].2, result) {
            used.push(i);
            let found = brute_force(lines, next, used);
            used.pop();
            if found {
                return true;
            }
        }
    }
    false
}

#[test]
fn small_histories_agree_with_trying_all_orders() {
    let mut counts = [0, 0];
    seeded::cases(3_000, |rng| {
        let calls = rng.range(1..=6_usize);
        let mut times: Vec<usize> = (0..2 * calls).collect();
        rng.shuffle(&mut times);
        let lines: Vec<_> = (0..calls)
            .map(|i| {
                let (a, b) = (times[2 * i], times[2 * i + 1]);
                let end = (!rng.chance(0.15)).then_some(a.max(b));
                let value = rng.range(0..3);
                let (call, got) = match rng.below(3) {
                    0 => (Read('x'), Value(value)),
                    1 => (Write('x', value), Done),
                    _ => (Swap('x', rng.range(0..3), value), Swapped(rng.chance(0.5))),
                };
                (a.min(b), end, call, got)
            })
            .collect();
        let expected = brute_force(&lines, 0, &mut Vec::new());
        counts[usize::from(expected)] += 1;
        let verdict = check(&Registers, &history(&lines), 100_000);
        let found = matches!(verdict, Verdict::Linearizable);
        assert_eq!(found, expected, "{lines:?}: {verdict:?}");
    });
    assert!(counts[0] > 500 && counts[1] > 500, "{counts:?}");
}
