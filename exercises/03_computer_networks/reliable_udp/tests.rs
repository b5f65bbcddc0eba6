use super::*;
use netsim::{Context, Faults, Node, NodeId, Sim, explore};
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const TIMEOUT: Duration = Duration::from_millis(100);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A sender with window 3 and a timeout of 100 ms, and what was done with it.
struct Test {
    sender: Sender,
    start: Instant,
    done: Vec<String>,
}

impl Test {
    fn new(first: u16) -> Self {
        Test {
            sender: Sender::new(first, 3, TIMEOUT),
            start: Instant::now(),
            done: vec![format!("a sender of window 3 from number {first} on")],
        }
    }

    /// A sender that was offered three messages at 0 ms, and sent them.
    fn with_three(first: u16) -> Self {
        let mut test = Test::new(first);
        for message in ["a", "b", "c"] {
            test.offer(message);
        }
        test.poll(0);
        test
    }

    fn offer(&mut self, message: &str) -> bool {
        self.done.push(format!("offer({message:?})"));
        self.sender.offer(message.as_bytes())
    }

    fn ack(&mut self, next: u16) {
        self.done.push(format!("on_ack({next})"));
        self.sender.on_ack(Ack { next });
    }

    /// All packets that are due, and a few more if they never end.
    fn poll(&mut self, at: u64) -> Vec<(u16, String)> {
        self.done.push(format!("poll at {at} ms until None"));
        let packets = (0..10).map_while(|_| self.sender.poll(self.start + ms(at)));
        packets
            .map(|packet| {
                let text = String::from_utf8_lossy(&packet.payload).into_owned();
                (packet.seq, text)
            })
            .collect()
    }

    #[track_caller]
    fn assert_polled(&mut self, at: u64, expected: &[(u16, &str)]) {
        let packets = self.poll(at);
        let packets: Vec<(u16, &str)> = packets
            .iter()
            .map(|(seq, text)| (*seq, text.as_str()))
            .collect();
        assert_eq!(
            packets,
            expected,
            "{}: left are your packets, right the expected ones",
            self.what()
        );
    }

    #[track_caller]
    fn assert_offered(&mut self, message: &str, expected: bool) {
        let taken = self.offer(message);
        assert!(
            taken == expected,
            "{}: the last offer gave {taken}, and {expected} was expected",
            self.what()
        );
    }

    /// In milliseconds after the start.
    fn wakeup(&self) -> Option<u64> {
        let wakeup = self.sender.next_wakeup()?;
        Some(wakeup.saturating_duration_since(self.start).as_millis() as u64)
    }

    #[track_caller]
    fn assert_wakeup(&self, expected: Option<u64>) {
        assert_eq!(
            self.wakeup(),
            expected,
            "{}: left is your next_wakeup in ms, right the expected one",
            self.what()
        );
    }

    fn what(&self) -> String {
        self.done.join(", ")
    }
}

#[test]
fn new_packets_are_due_at_once_and_in_order() {
    let mut test = Test::new(7);
    test.assert_polled(0, &[]);
    test.offer("a");
    test.offer("b");
    test.assert_polled(0, &[(7, "a"), (8, "b")]);
    test.assert_polled(0, &[]);
    test.offer("c");
    test.assert_polled(5, &[(9, "c")]);
}

#[test]
fn a_full_window_takes_no_message() {
    let mut test = Test::new(7);
    for message in ["a", "b", "c"] {
        test.assert_offered(message, true);
    }
    test.assert_offered("d", false);
    test.assert_polled(0, &[(7, "a"), (8, "b"), (9, "c")]);
    test.assert_offered("d", false);
}

#[test]
fn an_acknowledgement_ends_everything_before_its_number() {
    let mut test = Test::with_three(7);
    test.ack(9);
    test.assert_polled(10, &[]);
    test.assert_offered("d", true);
    test.assert_offered("e", true);
    test.assert_offered("f", false);
    test.assert_polled(10, &[(10, "d"), (11, "e")]);
    test.ack(12);
    test.assert_polled(500, &[]);
    for message in ["g", "h", "i"] {
        test.assert_offered(message, true);
    }
}

#[test]
fn acknowledgements_that_say_nothing_new_change_nothing() {
    for next in [7, 6, 5, 0, 65_535, 11, 12, 20_000, 40_000] {
        let mut test = Test::with_three(7);
        test.ack(next);
        test.assert_offered("d", false);
        let repeated = test.poll(100);
        assert!(
            repeated.iter().any(|(seq, _)| *seq == 7),
            "{}: 7 to 9 are under way and unacknowledged, but 7 was not repeated; your packets: {repeated:?}",
            test.what()
        );
    }
}

#[test]
fn a_packet_is_repeated_when_the_timeout_has_passed() {
    let mut test = Test::new(7);
    test.offer("a");
    test.assert_polled(0, &[(7, "a")]);
    test.assert_polled(99, &[]);
    test.assert_polled(100, &[(7, "a")]);
    test.assert_polled(100, &[]);
}

#[test]
fn a_packet_is_repeated_until_it_is_acknowledged() {
    let mut test = Test::new(7);
    test.offer("a");
    test.assert_polled(0, &[(7, "a")]);
    for round in 1..6 {
        test.assert_polled(100 * round - 1, &[]);
        test.assert_polled(100 * round, &[(7, "a")]);
    }
    test.ack(8);
    test.assert_polled(1_000, &[]);
}

#[test]
fn next_wakeup_says_when_the_timeout_has_passed() {
    let mut test = Test::new(7);
    test.assert_wakeup(None);
    test.offer("a");
    test.poll(0);
    test.assert_wakeup(Some(100));
    test.poll(100);
    test.assert_wakeup(Some(200));
    // Late, because the machine was busy.
    test.poll(230);
    test.assert_wakeup(Some(330));
    test.ack(8);
    test.assert_wakeup(None);
}

#[test]
fn next_wakeup_is_that_of_the_packet_that_waits_longest() {
    let mut test = Test::new(7);
    test.offer("a");
    test.assert_polled(0, &[(7, "a")]);
    test.offer("b");
    test.assert_polled(60, &[(8, "b")]);
    test.assert_wakeup(Some(100));
}

#[test]
fn after_an_acknowledgement_of_a_part_the_rest_is_repeated() {
    let mut test = Test::with_three(7);
    test.ack(8);
    test.poll(10);
    let wakeup = test.wakeup();
    assert!(
        wakeup.is_some_and(|wakeup| (100..=110).contains(&wakeup)),
        "{}: your next_wakeup is {wakeup:?} ms; 8 and 9 were sent at 0 ms, and the last news came at 10 ms, \
         so 100 to 110 ms were expected",
        test.what()
    );
    let mut repeated = test.poll(100);
    repeated.extend(test.poll(110));
    assert!(
        repeated.iter().any(|(seq, _)| *seq == 8) && repeated.iter().all(|(seq, _)| *seq != 7),
        "{}: 8 had to be repeated, and 7 not; your packets at 100 and 110 ms: {repeated:?}",
        test.what()
    );
}

#[test]
fn after_65_535_comes_0() {
    let mut test = Test::with_three(65_534);
    test.ack(65_533);
    test.assert_offered("d", false);
    test.ack(0);
    test.assert_offered("d", true);
    test.assert_offered("e", true);
    test.assert_offered("f", false);
    test.assert_polled(10, &[(1, "d"), (2, "e")]);
    // An old one, which has overtaken nothing but comes late.
    test.ack(65_535);
    test.assert_offered("f", false);
    test.ack(3);
    test.assert_wakeup(None);
    test.assert_polled(500, &[]);
}

/// Both ends on the simulated network, and the rules that hold at every moment.
enum End {
    Sending(Box<Sending>),
    Receiving {
        receiver: Receiver,
        messages: Vec<Vec<u8>>,
    },
}

#[derive(Clone, Debug)]
enum Datagram {
    Packet(Packet),
    Ack(Ack),
}

struct Sending {
    sender: Sender,
    start: Instant,
    first: u16,
    window: usize,
    messages: usize,
    offered: usize,
    /// How many messages an acknowledgement has ended, and when the last one did.
    ended: usize,
    progress: Duration,
    /// When each message was sent last.
    sent: Vec<Duration>,
    repeated: u64,
}

/// The timeout on the simulated network: longer than any datagram and its answer take.
const SIM_TIMEOUT: Duration = Duration::from_millis(200);

fn message(i: usize) -> Vec<u8> {
    format!("message {i}").into_bytes()
}

impl Sending {
    /// Does what a driver does: offers, polls, sends, and sets its timer.
    fn drive(&mut self, context: &mut Context<Datagram>) {
        let now = self.start + context.now();
        while self.offered < self.messages && self.sender.offer(&message(self.offered)) {
            self.offered += 1;
        }
        let open = self.offered - self.ended;
        assert!(
            open <= self.window,
            "offer took a message although {} of the window of {} were unacknowledged",
            open - 1,
            self.window
        );
        assert!(
            open == self.window || self.offered == self.messages,
            "offer took no message although only {open} of the window of {} were unacknowledged",
            self.window
        );
        // When the oldest was sent last, before anything is sent now.
        let oldest = self.sent.get(self.ended).copied();
        for polls in 0.. {
            let Some(packet) = self.sender.poll(now) else {
                break;
            };
            assert!(
                polls < self.window,
                "poll gave more than {} packets at one moment; the last is {packet:?}",
                self.window
            );
            self.check(&packet, oldest, context.now());
            context.send(1, Datagram::Packet(packet));
        }
        assert!(
            self.sent.len() == self.offered,
            "{} messages were taken, but poll gave only {} of them to be sent",
            self.offered,
            self.sent.len()
        );
        self.sleep(now, context);
    }

    /// Whether this packet may be sent now.
    fn check(&mut self, packet: &Packet, oldest: Option<Duration>, now: Duration) {
        let base = self.first.wrapping_add(self.ended as u16);
        let i = self.ended + usize::from(packet.seq.wrapping_sub(base));
        assert!(
            i < self.offered && packet.payload == message(i),
            "poll gave {packet:?}, but the packets from number {base} on are unacknowledged, {} of them",
            self.offered - self.ended
        );
        if let Some(sent) = self.sent.get_mut(i) {
            let is_due = |sent: Duration| now >= sent + SIM_TIMEOUT;
            assert!(
                is_due(*sent) || oldest.is_some_and(is_due),
                "{packet:?} is repeated at {now:?}, but was sent at {sent:?}: {SIM_TIMEOUT:?} have not passed"
            );
            *sent = now;
            self.repeated += 1;
        } else {
            assert!(
                i == self.sent.len(),
                "poll gave {packet:?}, but a message before it has not been sent yet"
            );
            self.sent.push(now);
        }
    }

    fn sleep(&mut self, now: Instant, context: &mut Context<Datagram>) {
        let open = self.offered - self.ended;
        let Some(wakeup) = self.sender.next_wakeup() else {
            assert!(
                open == 0,
                "next_wakeup is None, but {open} packets are unacknowledged"
            );
            return context.cancel_timer(0);
        };
        assert!(open > 0, "all is acknowledged, but next_wakeup is not None");
        assert!(
            wakeup > now,
            "next_wakeup is not later than now, although poll has said that nothing is due"
        );
        let wakeup = wakeup - self.start;
        let latest = self.sent[self.ended].max(self.progress) + SIM_TIMEOUT;
        assert!(
            wakeup <= latest,
            "next_wakeup is {wakeup:?}, but the oldest unacknowledged packet was sent at {:?}, and the last \
             acknowledgement with news came at {:?}",
            self.sent[self.ended],
            self.progress
        );
        context.set_timer(0, wakeup - context.now());
    }

    fn on_ack(&mut self, ack: Ack, context: &mut Context<Datagram>) {
        let base = self.first.wrapping_add(self.ended as u16);
        let news = usize::from(ack.next.wrapping_sub(base));
        if (1..=self.offered - self.ended).contains(&news) {
            self.ended += news;
            self.progress = context.now();
        }
        self.sender.on_ack(ack);
    }
}

impl Node for End {
    type Message = Datagram;

    fn on_start(&mut self, context: &mut Context<Datagram>) {
        self.on_timer(0, context);
    }

    fn on_message(&mut self, from: NodeId, datagram: Datagram, context: &mut Context<Datagram>) {
        match (self, datagram) {
            (End::Sending(end), Datagram::Ack(ack)) => {
                end.on_ack(ack, context);
                end.drive(context);
            }
            (End::Receiving { receiver, messages }, Datagram::Packet(packet)) => {
                receiver.on_packet(packet);
                messages.extend(std::iter::from_fn(|| receiver.next_message()));
                if let Some(ack) = receiver.poll_ack() {
                    context.send(from, Datagram::Ack(ack));
                }
            }
            _ => panic!("the test has sent a datagram the wrong way"),
        }
    }

    fn on_timer(&mut self, _: u64, context: &mut Context<Datagram>) {
        if let End::Sending(end) = self {
            end.drive(context);
        }
    }
}

/// What makes the ends: 0 sends messages, 1 receives them.
fn ends(first: u16, window: u16, messages: usize) -> impl FnMut(NodeId, Option<End>) -> End {
    let start = Instant::now();
    move |id, _| match id {
        0 => End::Sending(Box::new(Sending {
            sender: Sender::new(first, window, SIM_TIMEOUT),
            start,
            first,
            window: usize::from(window),
            messages,
            offered: 0,
            ended: 0,
            progress: Duration::ZERO,
            sent: Vec::new(),
            repeated: 0,
        })),
        _ => End::Receiving {
            receiver: Receiver::new(first, window),
            messages: Vec::new(),
        },
    }
}

/// All messages have arrived, once and in order, and the sender knows. Gives how many were repeated.
fn assert_arrived(sim: &Sim<End>, messages: usize) -> u64 {
    let (
        End::Sending(sending),
        End::Receiving {
            messages: arrived, ..
        },
    ) = (sim.node(0), sim.node(1))
    else {
        panic!("the test has confused its ends");
    };
    let arrived: Vec<_> = arrived
        .iter()
        .map(|text| String::from_utf8_lossy(text))
        .collect();
    let expected: Vec<_> = (0..messages).map(|i| format!("message {i}")).collect();
    assert_eq!(
        arrived, expected,
        "left is what arrived, right what was sent"
    );
    let ended = sending.ended;
    assert!(
        ended == messages,
        "only {ended} of {messages} messages were acknowledged"
    );
    sending.repeated
}

#[test]
fn a_lost_packet_is_repeated_and_closes_the_gap() {
    let mut sim = Sim::scripted(2, ends(65_534, 3, 5));
    sim.lose(0, 1);
    sim.deliver_all();
    // 65,535 and 0 have come, and 65,534 is missing. The acknowledgements said nothing new.
    sim.fire(0, 0);
    sim.deliver_all();
    for _ in 0..5 {
        if sim.timer(0, 0).is_some() {
            sim.fire(0, 0);
            sim.deliver_all();
        }
    }
    assert_arrived(&sim, 5);
}

#[test]
fn a_lost_acknowledgement_is_given_again() {
    let mut sim = Sim::scripted(2, ends(65_535, 2, 2));
    sim.deliver(0, 1);
    sim.deliver(0, 1);
    sim.lose_all();
    for _ in 0..3 {
        // The packets are repeated, and come; the answers are lost again.
        sim.fire(0, 0);
        sim.deliver(0, 1);
        sim.lose_all();
    }
    sim.fire(0, 0);
    sim.deliver_all();
    assert_arrived(&sim, 2);
    assert!(
        sim.is_quiet(),
        "all is acknowledged, but the timer is still set"
    );
}

#[test]
fn nothing_is_repeated_when_nothing_is_lost() {
    explore(8, &Faults::NONE, |schedule| {
        let window = schedule.rng().range(1..=8);
        let mut sim = Sim::new(schedule, 2, ends(65_530, window, 40));
        assert!(sim.run_until_quiet(ms(10_000)), "no silence after 10 s");
        let repeated = assert_arrived(&sim, 40);
        assert!(repeated == 0, "{repeated} packets were repeated");
    });
}

#[test]
fn all_arrives_once_and_in_order_whatever_is_lost() {
    let faults = Faults {
        loss: 0.3,
        duplication: 0.1,
        delay: 0.2,
        max_delay: ms(60),
        until: ms(1_000_000),
        ..Faults::NONE
    };
    explore(1_000, &faults, |schedule| {
        let mut rng = schedule.rng();
        let window = rng.range(1..=8_u16);
        let first = 65_535 - rng.range(0..=20_u16);
        let mut sim = Sim::new(schedule, 2, ends(first, window, 20));
        assert!(sim.run_until_quiet(ms(100_000)), "no silence after 100 s");
        let repeated = assert_arrived(&sim, 20);
        let most = sim.losses() * u64::from(window);
        assert!(
            repeated <= most,
            "{repeated} packets were repeated; {} datagrams were lost, and with a window of {window} at most \
             {most} may be repeated for that",
            sim.losses()
        );
    });
}

/// `transfer` on a thread of its own, and the socket at the other end.
struct Transfer {
    peer: UdpSocket,
    running: thread::JoinHandle<io::Result<()>>,
}

impl Transfer {
    fn start(window: u16, timeout: Duration, messages: Range<usize>) -> Self {
        let [socket, peer] = [socket(), socket()];
        connect(&socket, &peer);
        connect(&peer, &socket);
        let messages: Vec<Vec<u8>> = messages.map(message).collect();
        let running = thread::spawn(move || {
            let mut sender = Sender::new(0, window, timeout);
            transfer(&socket, &mut sender, &messages)
        });
        Transfer { peer, running }
    }

    /// Waits for this packet; others may come before it.
    fn wait_for(&self, seq: u16, what: &str) {
        let mut datagram = [0; 64];
        loop {
            let packet = match self.peer.recv(&mut datagram) {
                Ok(length) => Packet::decode(&datagram[..length]),
                Err(_) => None,
            };
            if packet.is_some_and(|packet| packet.seq == seq) {
                return;
            }
            assert!(
                !self.running.is_finished(),
                "transfer has returned, but {what} was still expected"
            );
        }
    }

    fn ack(&self, next: u16) {
        // If transfer has returned nobody listens; the test notices that by itself.
        self.peer.send(&Ack { next }.encode()).ok();
    }

    fn join(self) {
        let outcome = self.running.join().expect("transfer does not panic");
        outcome.expect("transfer returns Ok when all is acknowledged");
    }
}

#[test]
fn transfer_offers_a_refused_message_again() {
    counted::ends(|doing| {
        doing.note(|| {
            "transfer of 5 messages with window 2; each is acknowledged when it comes".into()
        });
        let transfer = Transfer::start(2, ms(60_000), 0..5);
        for seq in 0..5 {
            transfer.wait_for(seq, &format!("packet {seq} of 0 to 4"));
            transfer.ack(seq + 1);
        }
        transfer.join();
    });
}

#[test]
fn transfer_repeats_when_nothing_comes() {
    counted::ends(|doing| {
        doing.note(|| "transfer of 2 messages with window 1; packet 0 is acknowledged when it comes the third time".into());
        let transfer = Transfer::start(1, ms(5), 0..2);
        for _ in 0..3 {
            transfer.wait_for(0, "packet 0");
        }
        transfer.ack(1);
        transfer.wait_for(1, "packet 1");
        transfer.ack(2);
        transfer.join();
    });
}

#[test]
fn transfer_waits_for_the_last_acknowledgement() {
    counted::ends(|doing| {
        doing.note(|| {
            "transfer of 1 message, which is acknowledged when it comes the second time".into()
        });
        let transfer = Transfer::start(4, ms(5), 0..1);
        transfer.wait_for(0, "packet 0");
        transfer.wait_for(0, "packet 0 once more, which is not acknowledged yet,");
        transfer.ack(1);
        transfer.join();
    });
}

#[test]
fn transfer_returns_an_error_of_the_socket() {
    counted::ends(|doing| {
        doing.note(|| "transfer to a port that nobody listens on: the socket reports it".into());
        let socket = socket();
        let closed = UdpSocket::bind("127.0.0.1:0").expect("there is a free port");
        connect(&socket, &closed);
        drop(closed);
        let mut sender = Sender::new(0, 4, ms(5));
        let outcome = transfer(&socket, &mut sender, &[message(0)]);
        assert!(
            outcome.is_err(),
            "transfer to a port that nobody listens on returned Ok"
        );
    });
}

/// Passes datagrams on between two sockets, and drops a third of them.
fn relay(socket: &UdpSocket, ends: [SocketAddr; 2], stop: &AtomicBool) {
    let mut rng = seeded::Rng::new(3);
    let mut datagram = [0; 64];
    while !stop.load(Ordering::Relaxed) {
        let Ok((length, from)) = socket.recv_from(&mut datagram) else {
            continue;
        };
        let to = if from == ends[0] { ends[1] } else { ends[0] };
        if !rng.chance(1.0 / 3.0) {
            socket
                .send_to(&datagram[..length], to)
                .expect("the relay can send");
        }
    }
}

/// Receives messages until it is told to stop.
fn receive(socket: &UdpSocket, mut receiver: Receiver, stop: &AtomicBool) -> Vec<Vec<u8>> {
    let mut messages = Vec::new();
    let mut datagram = [0; 64];
    while !stop.load(Ordering::Relaxed) {
        let Ok(length) = socket.recv(&mut datagram) else {
            continue;
        };
        let packet = Packet::decode(&datagram[..length]).expect("packets have at least two bytes");
        receiver.on_packet(packet);
        messages.extend(std::iter::from_fn(|| receiver.next_message()));
        if let Some(ack) = receiver.poll_ack() {
            socket.send(&ack.encode()).expect("the receiver can send");
        }
    }
    messages
}

fn socket() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("there is a free port");
    socket
        .set_read_timeout(Some(ms(5)))
        .expect("a socket has a timeout");
    socket
}

fn address(socket: &UdpSocket) -> SocketAddr {
    socket.local_addr().expect("a bound socket has an address")
}

fn connect(socket: &UdpSocket, to: &UdpSocket) {
    socket
        .connect(address(to))
        .expect("a socket can be connected");
}

/// Sends messages through a relay, and gives the outcome of `transfer` and what arrived.
fn through_a_relay(messages: Range<usize>) -> (io::Result<()>, Vec<Vec<u8>>) {
    let [left, middle, right] = [socket(), socket(), socket()];
    let address = |socket: &UdpSocket| socket.local_addr().expect("a bound socket has an address");
    let ends = [address(&left), address(&right)];
    for end in [&left, &right] {
        end.connect(address(&middle))
            .expect("an end can be connected");
    }
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = stop.clone();
    let relay = thread::spawn(move || relay(&middle, ends, &stopped));
    let stopped = stop.clone();
    let receiver = Receiver::new(65_500, 32);
    let receiving = thread::spawn(move || receive(&right, receiver, &stopped));
    let messages: Vec<Vec<u8>> = messages.map(message).collect();
    let mut sender = Sender::new(65_500, 32, ms(5));
    let outcome = transfer(&left, &mut sender, &messages);
    stop.store(true, Ordering::Relaxed);
    relay.join().expect("the relay ends");
    (outcome, receiving.join().expect("the receiver ends"))
}

#[test]
fn two_hundred_messages_cross_a_bad_relay() {
    counted::ends(|doing| {
        for count in [0, 1, 200] {
            doing.note(|| format!("transfer of {count} messages through a relay that drops a third of all datagrams"));
            let (outcome, arrived) = through_a_relay(0..count);
            if let Err(error) = outcome {
                panic!(
                    "transfer of {count} messages through a relay that drops a third of all datagrams: {error}"
                );
            }
            let expected: Vec<Vec<u8>> = (0..count).map(message).collect();
            assert!(
                arrived == expected,
                "transfer has returned, but of {count} messages {} have arrived",
                arrived.len()
            );
        }
    });
}
