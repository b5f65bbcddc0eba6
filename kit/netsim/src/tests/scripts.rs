use super::subjects::{Packet, StopAndWait, Vote, Voter};
use super::{ms, panic_of};
use crate::Sim;
use std::time::Duration;

fn pair(subject: fn() -> StopAndWait) -> Sim<StopAndWait> {
    Sim::scripted(2, move |_, _| subject())
}

fn voters(forgets: bool) -> Sim<Voter> {
    Sim::scripted(3, move |_, crashed| Voter::back(crashed, forgets))
}

fn start_vote(sim: &mut Sim<Voter>, candidate: usize) {
    sim.call(candidate, |voter, context| {
        crate::Node::on_timer(voter, 0, context)
    });
}

#[test]
fn nothing_is_delivered_but_what_the_script_says() {
    let mut sim = pair(|| StopAndWait::right(2));
    sim.run_for(ms(20));
    assert_eq!(sim.node(1).received, []);
    sim.deliver(0, 1);
    assert_eq!(sim.node(1).received, [1]);
    let under_way: Vec<_> = sim.under_way().map(|(from, to, _)| (from, to)).collect();
    assert_eq!(under_way, [(1, 0)]);
    assert_eq!(sim.losses(), 0);
    sim.lose(1, 0);
    assert_eq!((sim.under_way().count(), sim.losses()), (0, 1));
    assert_eq!(sim.timer(0, 0), Some(ms(30)));
    sim.fire(0, 0);
    assert_eq!(sim.now(), ms(30));
    sim.deliver_all();
    assert_eq!(
        sim.node(1).received,
        [1, 2],
        "the first was sent again, and known"
    );
    assert!(sim.is_quiet());
}

#[test]
fn messages_overtake_each_other_when_the_script_says_so() {
    let mut sim = voters(false);
    start_vote(&mut sim, 0);
    start_vote(&mut sim, 2);
    sim.deliver_where(2, 1, |message| *message == Vote::Ask);
    sim.deliver(0, 1);
    assert_eq!(sim.node(1).voted_for, Some(2));
}

#[test]
fn a_crash_forgets_timers_and_messages_and_keeps_what_the_disk_had() {
    let mut sim = voters(false);
    start_vote(&mut sim, 0);
    sim.deliver(0, 1);
    sim.deliver(1, 0);
    assert_eq!(sim.node(0).votes.len(), 2);
    sim.crash(0);
    sim.crash(0);
    assert!(!sim.is_up(0));
    assert_eq!(sim.call(0, |_, _| ()), None);
    sim.restart(0);
    sim.restart(0);
    assert_eq!(sim.node(0).voted_for, Some(0), "it was on its disk");
    assert_eq!(sim.node(0).votes.len(), 0, "it was in memory");
    sim.deliver(0, 2);
    sim.crash(0);
    sim.deliver(2, 0);
    assert_eq!(
        sim.node(0).votes.len(),
        0,
        "a message to a node that is down is lost"
    );

    let mut sim = pair(|| StopAndWait::right(1));
    sim.crash(0);
    sim.run_for(ms(100));
    assert_eq!(sim.under_way().count(), 1, "the timer went with the node");
}

/// Node 0 wins with the vote of node 1, which crashes, comes back, and votes for node 2 as well.
fn two_winners(forgets: bool) {
    let mut sim = voters(forgets);
    start_vote(&mut sim, 0);
    sim.deliver(0, 1);
    sim.deliver(1, 0);
    sim.lose(0, 2);
    sim.crash(1);
    sim.restart(1);
    start_vote(&mut sim, 2);
    sim.deliver(2, 1);
    sim.lose(2, 0);
    sim.deliver_all();
    let winners = sim.nodes().filter(|voter| voter.votes.len() >= 2).count();
    assert_eq!(winners, 1, "two of three votes win, and each node has one");
}

#[test]
fn catches_a_node_that_forgets_its_promise_at_a_crash() {
    two_winners(false);
    let message = panic_of(|| two_winners(true));
    assert!(message.contains("each node has one"), "{message}");
}

#[test]
fn a_split_network_delivers_within_its_parts_only() {
    let mut sim = voters(false);
    start_vote(&mut sim, 0);
    sim.partition(&[&[0, 1]]);
    sim.deliver_all();
    assert_eq!(sim.node(1).voted_for, Some(0));
    assert_eq!(
        sim.node(2).voted_for,
        None,
        "under way when the network split"
    );
    start_vote(&mut sim, 2);
    assert_eq!(sim.under_way().count(), 0, "sent while it was split");
    sim.heal();
    start_vote(&mut sim, 0);
    sim.deliver_all();
    assert_eq!(sim.node(0).votes.len(), 2);
}

#[test]
fn a_link_is_cut_in_one_direction() {
    let mut sim = pair(|| StopAndWait::right(1));
    sim.cut(1, 0);
    sim.deliver_all();
    assert_eq!(sim.node(1).received, [1]);
    assert!(!sim.is_quiet(), "the acknowledgement was lost");
    sim.heal();
    sim.fire(0, 0);
    sim.deliver_all();
    assert!(sim.is_quiet());
}

#[test]
fn a_network_is_released_and_held_again() {
    let mut sim = pair(|| StopAndWait::right(3));
    sim.release();
    sim.run_for(ms(25));
    assert_eq!(
        sim.node(1).received,
        [1],
        "10 ms there, 10 ms back, and the next is under way"
    );
    sim.hold();
    sim.run_for(ms(1));
    assert_eq!(sim.node(1).received, [1]);
    assert!(matches!(
        sim.under_way().next(),
        Some((0, 1, Packet::Data { number: 1, .. }))
    ));
    sim.release();
    assert!(sim.run_until_quiet(Duration::from_secs(1)));
    assert_eq!(sim.node(1).received, [1, 2, 3]);
}

#[test]
fn a_script_that_does_not_fit_says_what_is_there() {
    let message = panic_of(|| pair(|| StopAndWait::right(1)).deliver(1, 0));
    assert!(message.contains("from node 1 to node 0"), "{message}");
    assert!(
        message.contains("0 -> 1  Data { number: 0, value: 1 }"),
        "{message}"
    );
    let message = panic_of(|| pair(|| StopAndWait::right(1)).fire(0, 3));
    assert!(message.contains("only [0] are set"), "{message}");
}

/// A copy of the first packet stays under way until the numbers start again.
fn old_copy(subject: fn() -> StopAndWait) {
    let mut sim = pair(subject);
    sim.duplicate(0, 1);
    for newest in 1..=8 {
        let is_newest =
            |packet: &Packet| matches!(packet, Packet::Data { value, .. } if *value == newest);
        sim.deliver_where(0, 1, is_newest);
        sim.deliver(1, 0);
    }
    sim.deliver(0, 1);
    sim.deliver_all();
    let received = &sim.node(1).received;
    assert!(received.is_sorted(), "out of order: {received:?}");
}

pub fn eight_numbers() -> StopAndWait {
    StopAndWait {
        numbers: 8,
        ..StopAndWait::right(20)
    }
}

#[test]
fn a_script_catches_what_random_schedules_miss() {
    // Numbers that start again after 8 packets are safe while no copy lives as long as that; the random
    // schedules' copies don't.
    super::exploring::transfers(400, eight_numbers);
    old_copy(|| StopAndWait::right(20));
    let message = panic_of(|| old_copy(eight_numbers));
    assert!(message.contains("out of order"), "{message}");
}
