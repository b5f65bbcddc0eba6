use super::*;
use counted::allocations;

#[global_allocator]
static ALLOC: counted::Alloc = counted::Alloc;

/// A receiver and the numbers of the packets that it was handed.
struct Test {
    receiver: Receiver,
    window: u16,
    first: u16,
    came: Vec<u16>,
}

impl Test {
    fn new(first: u16, window: u16) -> Self {
        Test {
            receiver: Receiver::new(first, window),
            window,
            first,
            came: Vec::new(),
        }
    }

    /// Packets come; the payload of each is its number as text.
    fn packets(&mut self, numbers: &[u16]) {
        for &seq in numbers {
            self.came.push(seq);
            let payload = seq.to_string().into_bytes();
            self.receiver.on_packet(Packet { seq, payload });
        }
    }

    /// All messages that are ready, as text, and a few more if they never end.
    fn messages(&mut self) -> Vec<String> {
        let next = |_| self.receiver.next_message();
        let messages = (0..1_000).map_while(next);
        messages
            .map(|message| String::from_utf8_lossy(&message).into_owned())
            .collect()
    }

    #[track_caller]
    fn assert_messages(&mut self, expected: &[u16]) {
        let expected: Vec<String> = expected.iter().map(u16::to_string).collect();
        let messages = self.messages();
        assert_eq!(
            messages,
            expected,
            "{}: left are your messages since the last look, right the expected ones",
            self.what()
        );
    }

    #[track_caller]
    fn assert_ack(&mut self, expected: Option<u16>) {
        let ack = self.receiver.poll_ack();
        assert_eq!(
            ack,
            expected.map(|next| Ack { next }),
            "{}: left is your poll_ack, right the expected one",
            self.what()
        );
    }

    fn what(&self) -> String {
        let Test {
            window,
            first,
            came,
            ..
        } = self;
        let came = came.iter().map(u16::to_string).collect::<Vec<_>>();
        let came = came.join(", ");
        format!("a receiver of window {window} from number {first} on was handed [{came}]")
    }
}

#[test]
fn messages_in_order_come_out_at_once() {
    let mut test = Test::new(7, 4);
    test.assert_messages(&[]);
    test.packets(&[7]);
    test.assert_messages(&[7]);
    test.packets(&[8, 9]);
    test.assert_messages(&[8, 9]);
    test.assert_messages(&[]);
}

#[test]
fn an_early_packet_waits_until_the_gap_is_closed() {
    let mut test = Test::new(7, 4);
    test.packets(&[8]);
    test.assert_messages(&[]);
    test.packets(&[10]);
    test.assert_messages(&[]);
    test.packets(&[7]);
    test.assert_messages(&[7, 8]);
    test.packets(&[9]);
    test.assert_messages(&[9, 10]);
}

#[test]
fn what_came_early_need_not_come_again() {
    let mut test = Test::new(7, 4);
    test.packets(&[8, 7, 9, 9]);
    test.assert_messages(&[7, 8, 9]);
}

#[test]
fn a_message_comes_out_once_however_often_its_packet_comes() {
    let mut test = Test::new(7, 4);
    test.packets(&[7, 7, 9, 9]);
    test.assert_messages(&[7]);
    test.packets(&[7, 8, 9, 8]);
    test.assert_messages(&[8, 9]);
    test.packets(&[8, 9]);
    test.assert_messages(&[]);
}

#[test]
fn an_acknowledgement_names_the_first_missing_number() {
    let mut test = Test::new(7, 4);
    test.packets(&[7]);
    test.assert_ack(Some(8));
    test.packets(&[9]);
    test.assert_ack(Some(8));
    test.packets(&[10]);
    test.assert_ack(Some(8));
    test.packets(&[8]);
    test.assert_ack(Some(11));
    test.packets(&[11]);
    test.assert_ack(Some(12));
}

#[test]
fn an_acknowledgement_is_due_once_after_packets() {
    let mut test = Test::new(7, 4);
    test.assert_ack(None);
    test.packets(&[7, 8]);
    test.assert_ack(Some(9));
    test.assert_ack(None);
    // Taking the messages changes nothing about it.
    test.assert_messages(&[7, 8]);
    test.assert_ack(None);
}

#[test]
fn an_early_packet_makes_an_acknowledgement_due() {
    let mut test = Test::new(7, 4);
    test.packets(&[9]);
    assert!(
        test.receiver.poll_ack().is_some(),
        "{}: your poll_ack is None",
        test.what()
    );
}

#[test]
fn a_packet_that_has_come_before_is_acknowledged_again() {
    let mut test = Test::new(7, 4);
    test.packets(&[7, 8]);
    test.assert_ack(Some(9));
    test.packets(&[7]);
    test.assert_ack(Some(9));
    test.packets(&[8]);
    test.assert_ack(Some(9));
    test.packets(&[10]);
    test.assert_ack(Some(9));
    test.packets(&[10]);
    test.assert_ack(Some(9));
}

#[test]
fn after_65_535_comes_0() {
    let mut test = Test::new(65_534, 4);
    test.packets(&[65_535, 0]);
    test.assert_messages(&[]);
    test.assert_ack(Some(65_534));
    test.packets(&[65_534]);
    test.assert_messages(&[65_534, 65_535, 0]);
    test.assert_ack(Some(1));
    // Copies from before the wrap.
    test.packets(&[65_535, 65_534]);
    test.assert_messages(&[]);
    test.assert_ack(Some(1));
    test.packets(&[1, 2]);
    test.assert_messages(&[1, 2]);
}

#[test]
fn the_window_reaches_as_far_as_it_says() {
    let mut test = Test::new(10, 4);
    test.packets(&[13, 12, 11, 10]);
    test.assert_messages(&[10, 11, 12, 13]);
    let mut test = Test::new(10, 1);
    test.packets(&[10, 11]);
    test.assert_messages(&[10, 11]);
    // The largest window, half of all numbers.
    let mut test = Test::new(40_000, 32_768);
    test.packets(&[7_231, 40_000]);
    test.assert_messages(&[40_000]);
    let others: Vec<u16> = (1..32_768_u16)
        .map(|i| 40_000_u16.wrapping_add(i))
        .collect();
    for seq in &others[..others.len() - 1] {
        let payload = Vec::new();
        test.receiver.on_packet(Packet { seq: *seq, payload });
    }
    let ack = test.receiver.poll_ack();
    assert_eq!(
        ack,
        Some(Ack { next: 7_232 }),
        "a receiver of window 32,768 from number 40,000 on was handed 7,231 first, and then all from \
         40,000 to 7,230: left is your poll_ack, right the expected one"
    );
}

#[test]
fn what_is_beyond_the_window_is_not_delivered_later() {
    let mut test = Test::new(10, 4);
    // 14 is an old copy: the real 14 has not been sent yet.
    let copy = Packet {
        seq: 14,
        payload: b"an old copy".to_vec(),
    };
    test.receiver.on_packet(copy);
    test.packets(&[10, 11, 12, 13]);
    test.assert_messages(&[10, 11, 12, 13]);
    test.assert_ack(Some(14));
    test.packets(&[14]);
    test.assert_messages(&[14]);
    let copy = Packet {
        seq: 30_000,
        payload: b"an old copy".to_vec(),
    };
    test.receiver.on_packet(copy);
    let mut expected = Vec::new();
    for seq in 15..=30_000 {
        let payload = Vec::new();
        test.receiver.on_packet(Packet { seq, payload });
        expected.push(Vec::<u8>::new());
    }
    for (seq, expected) in (15_u16..).zip(expected) {
        let message = test.receiver.next_message();
        assert_eq!(
            message.as_deref(),
            Some(expected.as_slice()),
            "an old copy of 30,000 came when 15 was missing, and then 15 to 30,000, all empty: the message {seq}"
        );
    }
}

#[test]
fn what_is_beyond_the_window_takes_no_memory() {
    let mut receiver = Receiver::new(0, 4);
    let (_, heap) = allocations(|| {
        for seq in 4..1_004 {
            let payload = vec![7; 1_000];
            receiver.on_packet(Packet { seq, payload });
        }
    });
    assert!(
        heap.left <= 16 * 1024,
        "1,000 packets of 1,000 bytes from beyond the window of 4 left {} bytes behind, and 16 KiB are allowed",
        heap.left
    );
}

#[test]
fn random_streams_agree_with_a_model_that_counts_with_64_bits() {
    seeded::cases(400, |rng| {
        let window = rng.range(1..=16_u64);
        let start = 65_536 - rng.range(0..=150_u64);
        let mut test = Test::new(start as u16, window as u16);
        // The first missing number, and what came early.
        let mut next = start;
        let mut early = std::collections::BTreeSet::new();
        for _ in 0..3 * rng.size() {
            let number = match rng.weighted(&[6, 3, 2, 1]) {
                0 => next,
                1 => next + rng.range(0..window),
                2 => next.saturating_sub(rng.range(1..=40)).max(start),
                _ => next + window + rng.range(0..40),
            };
            if (next..next + window).contains(&number) {
                early.insert(number);
            }
            let mut expected = Vec::new();
            while early.remove(&next) {
                expected.push(next as u16);
                next += 1;
            }
            test.packets(&[number as u16]);
            if rng.chance(0.7) {
                test.assert_ack(Some(next as u16));
            }
            test.assert_messages(&expected);
        }
    });
}
