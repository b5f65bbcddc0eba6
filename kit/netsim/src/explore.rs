//! Many schedules; and of the first that fails, as few faults as possible.

use crate::Faults;
use crate::faults::Fault;
use crate::schedule::{Record, Schedule};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::rc::Rc;
use std::sync::Once;

/// Every so many seeds the schedule is run twice, recorded, and the traces are compared.
const TWICE: u64 = 16;
/// The search for fewer faults ends after so many runs, or so many events in them.
const RUNS: u32 = 300;
const EVENTS: u64 = 300_000;

/// Runs a scenario under the schedules of the seeds 0 to `schedules - 1`. It fails by panicking.
///
/// When one does, faults are taken out as long as it fails at the same place. Then it runs once more and
/// its panic goes on, followed by the trace and the seed.
///
/// # Panics
/// When the scenario does, and when the same seed gives two different runs.
pub fn explore(schedules: u64, faults: &Faults, scenario: impl Fn(&Schedule)) {
    let faults = Rc::new(faults.clone());
    for seed in 0..schedules {
        let schedule = Schedule::new(seed, &faults, None, false);
        if let Err(place) = quietly(|| scenario(&schedule)) {
            let found = format!("seed {seed} is the first of {schedules} that fails");
            fail(seed, &faults, &scenario, &place, schedule.record(), &found);
        } else if seed % TWICE == 0 {
            assert_repeats(seed, &faults, &scenario);
        }
    }
}

/// Runs a scenario under the schedule of one seed, as [`explore`] does.
///
/// # Panics
/// When the scenario does, and when the same seed gives two different runs.
pub fn replay(seed: u64, faults: &Faults, scenario: impl Fn(&Schedule)) {
    let faults = Rc::new(faults.clone());
    let schedule = Schedule::new(seed, &faults, None, false);
    match quietly(|| scenario(&schedule)) {
        Ok(()) => assert_repeats(seed, &faults, &scenario),
        Err(place) => {
            let found = format!("seed {seed} fails");
            fail(seed, &faults, &scenario, &place, schedule.record(), &found);
        }
    }
}

fn assert_repeats(seed: u64, faults: &Rc<Faults>, scenario: &impl Fn(&Schedule)) {
    let [one, two] = [(), ()].map(|()| {
        let schedule = Schedule::new(seed, faults, None, true);
        scenario(&schedule);
        schedule.record().trace
    });
    if let Some((one, two)) = one.difference(&two) {
        panic!(
            "two runs of seed {seed} differ. The first difference:\n  {one}\n  {two}\nDoes the order of a \
             HashMap, a real clock, or randomness of the node's own reach a message?"
        );
    }
}

/// Looks for few faults that are enough, and runs the scenario with them, loudly.
fn fail(
    seed: u64,
    faults: &Rc<Faults>,
    scenario: &impl Fn(&Schedule),
    place: &str,
    record: Record,
    found: &str,
) -> ! {
    let all = record.happened.len();
    let few = Rc::new(fewest(seed, faults, scenario, place, record));
    let explain = OnPanic(|| {
        let left = few.len();
        eprintln!(
            "{found}. Of its {all} faults {left} are enough, and are in the trace above. \
             `netsim::replay({seed}, ...)` runs this seed alone."
        );
    });
    let schedule = Schedule::new(seed, faults, Some(&few), true);
    scenario(&schedule);
    std::mem::forget(explain);
    panic!(
        "seed {seed} failed at {place}, and did not when it ran again with the same faults: does the \
         order of a HashMap, a real clock, or randomness of the node's own reach a message?"
    );
}

/// Takes out halves, quarters, ... and single faults, as long as the scenario fails at the same place.
fn fewest(
    seed: u64,
    faults: &Rc<Faults>,
    scenario: &impl Fn(&Schedule),
    place: &str,
    record: Record,
) -> BTreeSet<Fault> {
    let mut left = record.happened;
    let (mut runs, mut events) = (0, record.events);
    let mut size = left.len().div_ceil(2);
    while size > 0 {
        let mut start = 0;
        while start < left.len() {
            if runs == RUNS || events > EVENTS {
                return left;
            }
            let fewer = left.iter().copied().enumerate();
            let fewer = fewer.filter(|(i, _)| !(start..start + size).contains(i));
            let fewer: Rc<BTreeSet<Fault>> = Rc::new(fewer.map(|(_, fault)| fault).collect());
            let schedule = Schedule::new(seed, faults, Some(&fewer), false);
            let outcome = quietly(|| scenario(&schedule));
            let record = schedule.record();
            (runs, events) = (runs + 1, events + record.events);
            if outcome.is_err_and(|at| at == place) {
                left = record.happened;
            } else {
                start += size;
            }
        }
        size = if size == 1 { 0 } else { size.div_ceil(2) };
    }
    left
}

/// Prints its text if it is dropped, which only a panic does: it stands below the panic's message.
struct OnPanic<F: Fn()>(F);

impl<F: Fn()> Drop for OnPanic<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `f`; of a panic on this thread only the place is kept, and nothing printed.
fn quietly(f: impl FnOnce()) -> Result<(), String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if QUIET.get() {
                let place = panic.location().map(ToString::to_string);
                PLACE.set(place.unwrap_or_default());
            } else {
                before(panic);
            }
        }));
    });
    let before = QUIET.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(f));
    QUIET.set(before);
    outcome.map_err(|_| PLACE.take())
}
