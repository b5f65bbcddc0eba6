//! Nothing that a learner achieved or wrote is ever lost: proved by failing at every single
//! operation of the state's writers, in every way, and by killing real processes.

#![expect(clippy::unwrap_used, reason = "it is how a test fails")]

#[path = "crash/disk.rs"]
mod disk;
#[path = "crash/fuzz.rs"]
mod fuzz;
#[path = "crash/kill.rs"]
mod kill;
#[path = "crash/learner.rs"]
mod learner;
#[path = "crash/machine.rs"]
mod machine;
#[path = "crash/random.rs"]
mod random;

use learner::{EXERCISES, Learner, Step};
use machine::{Fault, Loss, Torn};
use random::Random;

/// A few days of work: every kind of step, on new and known exercises.
const DAYS: &[Step] = &[
    Step::Choose(0),
    Step::Edit(0),
    Step::Fail(0),
    Step::Hint(0),
    Step::Edit(0),
    Step::Pass(0),
    Step::Choose(1),
    Step::Edit(1),
    Step::Reset(1),
    Step::Hint(1),
    Step::Hint(1),
    Step::Pass(1),
    Step::Reopen(0),
    Step::Fail(0),
    Step::Restore(1),
    Step::Pass(1),
    Step::Edit(0),
    Step::Pass(0),
    Step::Reset(0),
    Step::Reset(0),
    Step::Restore(0),
    Step::Reopen(1),
    Step::Choose(2),
];

const LOSSES: [Loss; 8] = [
    Loss::Nothing,
    Loss::Unsynced,
    Loss::Content,
    Loss::Zeros,
    Loss::Names,
    Loss::Random(1),
    Loss::Random(2),
    Loss::Random(3),
];

/// For each operation of the days, whether it is a write that can be torn.
fn operations() -> Vec<bool> {
    let mut learner = Learner::new();
    learner.machine.fail(None);
    for step in DAYS {
        learner.step(*step).unwrap();
    }
    let operations = learner.machine.operations();
    learner.check();
    operations
}

/// Works until something fails.
fn work(learner: &mut Learner) {
    for step in DAYS {
        if learner.step(*step).is_err() {
            break;
        }
    }
}

/// Starts the dead learner's machine again, and checks everything.
fn check_after(dead: &Learner, loss: Loss) {
    let (mut learner, notices) = Learner::after(&dead.promises, dead.machine.reboot(loss));
    learner.check();
    for path in learner.machine.paths() {
        assert!(!path.contains("damaged"), "{path}: {notices:?}");
    }
    // Litter does not depend on what a power cut takes, but on what the process left.
    if matches!(loss, Loss::Nothing | Loss::Random(1)) {
        learner.check_life_goes_on();
    }
}

#[test]
fn a_crash_at_any_operation_loses_nothing() {
    let operations = operations();
    assert!(operations.len() > 300, "{} operations", operations.len());
    for (at, write) in operations.into_iter().enumerate() {
        let torn = if write {
            &Torn::ALL[..]
        } else {
            &Torn::ALL[..1]
        };
        for torn in torn {
            let mut learner = Learner::new();
            learner.machine.fail(Some(Fault::Crash { at, torn: *torn }));
            work(&mut learner);
            assert!(learner.machine.is_down());
            for loss in LOSSES {
                check_after(&learner, loss);
            }
        }
    }
}

#[test]
fn a_failing_operation_loses_nothing() {
    for at in 0..operations().len() {
        let mut learner = Learner::new();
        learner.machine.fail(Some(Fault::Error { at }));
        for step in DAYS {
            let before = learner.store.progress().clone();
            if learner.step(*step).is_err() {
                assert_eq!(*learner.store.progress(), before, "{step:?}");
            }
        }
        learner.machine.fail(None);
        for loss in [Loss::Nothing, Loss::Unsynced, Loss::Zeros] {
            check_after(&learner, loss);
        }
    }
}

#[test]
fn a_full_disk_keeps_the_old_state_and_says_so() {
    for (from, write) in operations().into_iter().enumerate() {
        let torn = if write {
            &Torn::ALL[..]
        } else {
            &Torn::ALL[..1]
        };
        for torn in torn {
            let mut learner = Learner::new();
            learner
                .machine
                .fail(Some(Fault::Full { from, torn: *torn }));
            let mut refused = 0;
            for step in DAYS {
                let before = learner.store.progress().clone();
                if let Err(error) = learner.step(*step) {
                    let text = error.to_string();
                    assert!(text.contains("free some space"), "{text}");
                    assert_eq!(*learner.store.progress(), before, "{step:?}");
                    refused += 1;
                }
                learner.check();
                // A full disk must not be filled further.
                let left = learner.machine.paths();
                let left = left.iter().find(|path| path.contains("tmp"));
                assert_eq!(left, None, "{from}: {step:?}");
            }
            for loss in [Loss::Nothing, Loss::Unsynced] {
                check_after(&learner, loss);
            }
            learner.machine.fail(None);
            learner.check_life_goes_on();
            assert!(refused > 0 || from + 60 > operations().len(), "{from}");
        }
    }
}

#[test]
fn what_a_dead_writer_left_is_durable_once_it_is_promised() {
    let choose = |learner: &mut Learner| learner.step(Step::Choose(0));
    let mut learner = Learner::new();
    learner.machine.fail(None);
    choose(&mut learner).unwrap();
    for at in 0..learner.machine.operations().len() {
        let torn = Torn::Nothing;
        for fault in [Fault::Crash { at, torn }, Fault::Error { at }] {
            let mut learner = Learner::new();
            learner.machine.fail(Some(fault));
            let _ = choose(&mut learner);
            learner.machine.fail(None);
            if learner.machine.is_down() {
                let machine = learner.machine.reboot(Loss::Nothing);
                (learner, _) = Learner::after(&learner.promises, machine);
            }
            // It may be there already, and there is nothing to write; but not yet for good.
            choose(&mut learner).unwrap();
            check_after(&learner, Loss::Unsynced);
        }
    }
}

#[test]
fn many_lives_lose_nothing() {
    for seed in 0..400 {
        let mut random = Random::new(seed);
        let mut learner = Learner::new();
        for _ in 0..8 {
            let torn = Torn::ALL[random.below(4)];
            let at = random.below(120);
            learner.machine.fail(Some(Fault::Crash { at, torn }));
            while !learner.machine.is_down() {
                let number = random.below(EXERCISES.len());
                let step = match random.below(8) {
                    0 => Step::Choose(number),
                    1 => Step::Fail(number),
                    2 => Step::Hint(number),
                    3 => Step::Pass(number),
                    4 => Step::Reopen(number),
                    5 => Step::Edit(number),
                    6 => Step::Reset(number),
                    _ => Step::Restore(number),
                };
                assert!(learner.step(step).is_ok() || learner.machine.is_down());
            }
            let loss = match random.below(6) {
                0 => Loss::Nothing,
                1 => Loss::Unsynced,
                2 => Loss::Content,
                3 => Loss::Zeros,
                4 => Loss::Names,
                _ => Loss::Random(random.next()),
            };
            let machine = learner.machine.reboot(loss);
            (learner, _) = Learner::after(&learner.promises, machine);
            learner.check();
        }
        learner.check_life_goes_on();
    }
}
