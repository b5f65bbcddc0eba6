use super::subjects::{Chatter, Counter, StopAndWait, Vote, Voter};
use super::{ms, panic_of};
use crate::{Context, Faults, Node, NodeId, Schedule, Sim, explore, replay};
use std::cell::RefCell;
use std::collections::HashSet;
use std::process::Command;
use std::time::Duration;

fn bad_network() -> Faults {
    Faults {
        loss: 0.2,
        duplication: 0.1,
        delay: 0.1,
        ..Faults::NONE
    }
}

fn all_faults() -> Faults {
    Faults {
        partitions: 2,
        crashes: 2,
        ..bad_network()
    }
}

/// 20 values cross the network, under so many schedules.
pub fn transfers(schedules: u64, subject: fn() -> StopAndWait) {
    explore(schedules, &bad_network(), |schedule| {
        let mut sim = Sim::new(schedule, 2, move |_, _| subject());
        let quiet = sim.run_until_quiet(Duration::from_secs(20));
        assert!(quiet, "not silent after 20 s");
        let expected: Vec<u64> = (1..=20).collect();
        assert_eq!(sim.node(1).received, expected, "values that arrived");
    });
}

#[test]
fn without_faults_each_message_arrives_once_in_order_after_the_latency() {
    replay(1, &Faults::NONE, |schedule| {
        let mut sim = Sim::new(schedule, 2, |_, _| StopAndWait::right(3));
        assert!(sim.run_until_quiet(Duration::from_secs(1)));
        assert_eq!(sim.node(1).received, [1, 2, 3]);
        assert_eq!((sim.now(), sim.events()), (ms(60), 6));
        assert_eq!(schedule.clock().now(), ms(60));
    });
}

#[test]
fn a_right_sender_passes() {
    transfers(200, || StopAndWait::right(20));
}

#[test]
fn catches_a_sender_that_never_sends_again() {
    let message = panic_of(|| {
        transfers(200, || StopAndWait {
            retransmits: false,
            ..StopAndWait::right(20)
        });
    });
    assert!(message.contains("values that arrived"), "{message}");
}

#[test]
fn catches_a_receiver_that_takes_everything() {
    let message = panic_of(|| {
        transfers(200, || StopAndWait {
            ignores_known: false,
            ..StopAndWait::right(20)
        });
    });
    assert!(message.contains("values that arrived"), "{message}");
}

fn sums(ignores_known: bool) {
    explore(200, &bad_network(), |schedule| {
        let mut sim = Sim::new(schedule, 4, move |_, _| Counter::new(ignores_known));
        assert!(sim.run_until_quiet(Duration::from_secs(20)));
        for id in 1..4 {
            assert_eq!(sim.node(id).sum, 1, "the sum of node {id}");
        }
    });
}

#[test]
fn catches_a_counter_that_counts_duplicates() {
    sums(true);
    let message = panic_of(|| sums(false));
    assert!(message.contains("the sum of node"), "{message}");
}

/// Two of three nodes want to be elected, at random times.
fn elections(forgets: bool) {
    explore(300, &all_faults(), |schedule| {
        let mut sim = Sim::new(schedule, 3, move |_, crashed| Voter::back(crashed, forgets));
        let mut rng = schedule.rng();
        let mut winners = RefCell::new(HashSet::new());
        for _ in 0..20 {
            let candidate = *rng.pick(&[0, 2]);
            sim.call(candidate, |voter, context| voter.on_timer(0, context));
            sim.each_step(ms(100), |sim| {
                let elected = (0..3).filter(|&id| sim.node(id).votes.len() >= 2);
                winners.borrow_mut().extend(elected);
            });
        }
        let winners = winners.get_mut().len();
        assert!(winners <= 1, "two winners");
    });
}

#[test]
fn random_crashes_catch_a_node_that_forgets_its_promise() {
    elections(false);
    let message = panic_of(|| elections(true));
    assert!(message.contains("two winners"), "{message}");
}

#[test]
fn the_same_seed_gives_the_same_run_and_another_one_does_not() {
    let runs = RefCell::new(Vec::new());
    let chat = |schedule: &Schedule| {
        let mut sim = Sim::new(schedule, 5, |_, _| Chatter);
        sim.run_for(ms(3_000));
        runs.borrow_mut().push(sim.events());
    };
    replay(7, &all_faults(), chat);
    replay(8, &all_faults(), chat);
    let runs = runs.take();
    assert!(
        runs[..3].iter().all(|&events| events == runs[0]),
        "{runs:?}"
    );
    assert_ne!(runs[0], runs[3]);
}

#[test]
fn all_is_well_after_the_time_of_faults() {
    let faults = Faults {
        partitions: 5,
        crashes: 5,
        until: ms(500),
        ..bad_network()
    };
    explore(100, &faults, |schedule| {
        let mut sim = Sim::new(schedule, 3, |_, _| Voter::default());
        sim.run_for(ms(601));
        assert!((0..3).all(|id| sim.is_up(id)));
        sim.call(0, |_, context| context.broadcast(Vote::Ask));
        let before = sim.events();
        assert!(sim.run_until_quiet(ms(20)));
        assert_eq!(sim.events() - before, 4);
    });
}

/// Answers in the order of a hash map.
#[derive(Default)]
struct HashOrder(HashSet<u64>);

impl Node for HashOrder {
    type Message = u64;

    fn on_start(&mut self, context: &mut Context<u64>) {
        self.0.extend(0..20);
        for &n in &self.0 {
            context.send(1 - context.id(), n);
        }
    }

    fn on_message(&mut self, _: NodeId, _: u64, _: &mut Context<u64>) {}
}

#[test]
fn catches_a_node_whose_runs_differ() {
    let message = panic_of(|| {
        explore(1, &Faults::NONE, |schedule| {
            Sim::new(schedule, 2, |_, _| HashOrder::default()).run_for(ms(100));
        });
    });
    assert!(message.contains("two runs of seed 0 differ"), "{message}");
    assert!(message.contains("HashMap"), "{message}");
}

#[test]
fn catches_a_failure_that_does_not_come_again() {
    let message = panic_of(|| {
        let runs = RefCell::new(0);
        explore(1, &Faults::NONE, |_| {
            *runs.borrow_mut() += 1;
            assert!(*runs.borrow() > 1, "only once");
        });
    });
    assert!(message.contains("did not when it ran again"), "{message}");
}

/// Answers each message, for ever.
struct Echo;

impl Node for Echo {
    type Message = ();

    fn on_start(&mut self, context: &mut Context<()>) {
        context.broadcast(());
    }

    fn on_message(&mut self, from: NodeId, (): (), context: &mut Context<()>) {
        context.send(from, ());
    }
}

#[test]
fn catches_nodes_that_never_end() {
    let mut sim = Sim::scripted(2, |_, _| Echo);
    sim.limit(1_000);
    let message = panic_of(|| sim.deliver_all());
    assert!(message.contains("more than 1000 events"), "{message}");
    let message = panic_of(|| {
        explore(1, &Faults::NONE, |schedule| {
            Sim::new(schedule, 2, |_, _| Echo).run_until_quiet(Duration::from_secs(100_000));
        });
    });
    assert!(message.contains("more than 100000 events"), "{message}");
}

#[test]
fn two_hundred_schedules_of_five_nodes_are_a_few_hundred_thousand_events() {
    let events = RefCell::new(0);
    explore(200, &all_faults(), |schedule| {
        let mut sim = Sim::new(schedule, 5, |_, _| Chatter);
        sim.run_for(ms(3_000));
        *events.borrow_mut() += sim.events();
    });
    let events = events.take();
    assert!((200_000..600_000).contains(&events), "{events}");
}

/// What the parent test runs in a process of its own, to see what is printed.
#[test]
#[ignore = "fails on purpose"]
fn a_schedule_that_fails() {
    transfers(200, || StopAndWait {
        retransmits: false,
        ..StopAndWait::right(20)
    });
}

#[test]
fn a_failure_prints_the_fewest_faults_and_the_seed() {
    let this = std::env::current_exe().expect("tests are run from a file");
    let test = "tests::exploring::a_schedule_that_fails";
    let output = Command::new(this)
        .args(["--exact", test, "--ignored", "--nocapture"])
        .output();
    let printed = String::from_utf8_lossy(&output.expect("it starts").stderr).into_owned();
    let panics = printed.matches("panicked at").count();
    assert_eq!(
        panics, 1,
        "the search for fewer faults is silent: {printed}"
    );
    assert!(printed.contains("faults 1 are enough"), "{printed}");
    assert!(
        printed.contains("`netsim::replay(0, ...)` runs this seed alone"),
        "{printed}"
    );
    let faults: Vec<&str> = printed
        .lines()
        .filter(|line| line.contains(" ! "))
        .collect();
    assert_eq!(faults.len(), 1, "{printed}");
    assert!(faults[0].ends_with("(lost)"), "{printed}");
}
