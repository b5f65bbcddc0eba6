use super::*;
use loopback::{Client, Server, together};
use std::time::Duration;

/// A running server under test.
type Chat = Server<ChatServer>;

fn chat(outbox: usize) -> Chat {
    Server::start("chat server", move |listener| {
        ChatServer::start(listener, outbox)
    })
}

/// A client with a nick.
#[track_caller]
fn member(chat: &Chat, nick: &str) -> Client {
    let mut client = chat.client(nick);
    client.send(format!("NICK {nick}\n"));
    client.expect_line(&format!("OK {nick}"));
    client
}

/// Members that have joined in this order and have read of each other's joins.
#[track_caller]
fn members<const N: usize>(chat: &Chat, nicks: [&str; N]) -> [Client; N] {
    let mut all: Vec<Client> = Vec::new();
    for nick in nicks {
        let client = member(chat, nick);
        for other in &mut all {
            other.expect_line(&format!("JOIN {nick}"));
        }
        all.push(client);
    }
    all.try_into().expect("as many clients as nicks")
}

/// After this, everything that the server had for the client is read, and it was nothing.
#[track_caller]
fn nothing_more(client: &mut Client) {
    client.send("PING nothing more\n");
    client.expect_line("PONG nothing more");
}

/// Everything that the server has for the client now.
#[track_caller]
fn lines_until_pong(client: &mut Client, token: &str) -> Vec<String> {
    client.send(format!("PING {token}\n"));
    let pong = format!("PONG {token}");
    let mut lines = Vec::new();
    loop {
        let line = client.line();
        if line == pong {
            return lines;
        }
        lines.push(line);
    }
}

#[test]
fn a_ping_comes_back_as_a_pong() {
    let chat = chat(16);
    let mut ann = chat.client("ann");
    ann.send("PING 1\n");
    ann.expect_line("PONG 1");
    ann.send("PING two words\n");
    ann.expect_line("PONG two words");
}

#[test]
fn a_nick_is_answered_and_the_others_hear_of_it() {
    let chat = chat(16);
    let mut ann = member(&chat, "ann");
    let mut bob = member(&chat, "bob");
    ann.expect_line("JOIN bob");
    nothing_more(&mut bob);
    nothing_more(&mut ann);
}

#[test]
fn what_one_says_all_others_hear_once() {
    let chat = chat(16);
    let [mut ann, mut bob, mut carl] = members(&chat, ["ann", "bob", "carl"]);
    ann.send("SAY hello, you two\n");
    // Nothing comes back to ann, and by the time of her PONG the others have it.
    nothing_more(&mut ann);
    for other in [&mut bob, &mut carl] {
        other.expect_line("SAY ann hello, you two");
        nothing_more(other);
    }
}

#[test]
fn a_text_is_passed_on_as_it_is() {
    let chat = chat(16);
    let [mut ann, mut bob] = members(&chat, ["ann", "bob"]);
    for text in ["a  b", " a ", "a\r", "\ta", ""] {
        ann.send(format!("SAY {text}\r\n"));
        bob.expect(format!("SAY ann {text}\n"));
    }
}

#[test]
fn without_a_nick_nobody_speaks_or_hears() {
    let chat = chat(16);
    let mut lurker = chat.client("a client without a nick");
    let [mut ann, mut bob] = members(&chat, ["ann", "bob"]);
    lurker.send("SAY hello\n");
    lurker.expect_line("ERR nick first");
    ann.send("SAY secret\n");
    bob.expect_line("SAY ann secret");
    bob.send("QUIT\n");
    ann.expect_line("LEAVE bob");
    nothing_more(&mut lurker);
    lurker.send("QUIT\n");
    lurker.expect_end();
    nothing_more(&mut ann);
}

#[test]
fn a_nick_belongs_to_one_client_and_is_not_changed() {
    let chat = chat(16);
    let [mut ann] = members(&chat, ["ann"]);
    let mut bob = chat.client("bob");
    bob.send("NICK ann\n");
    bob.expect_line("ERR nick taken");
    let mut other = member(&chat, "Ann");
    ann.expect_line("JOIN Ann");
    other.send("QUIT\n");
    ann.expect_line("LEAVE Ann");
    bob.send("NICK bob\n");
    bob.expect_line("OK bob");
    ann.expect_line("JOIN bob");
    bob.send("NICK robert\n");
    bob.expect_line("ERR nick set");
    bob.send("SAY who am I?\n");
    nothing_more(&mut bob);
    ann.expect_line("SAY bob who am I?");
}

#[test]
fn a_nick_has_one_to_twenty_letters_and_digits() {
    let chat = chat(16);
    let mut ann = chat.client("ann");
    for bad in ["", "two words", "a-b", "é", "abcdefghijklmnopqrstu"] {
        ann.send(format!("NICK {bad}\n"));
        ann.expect_line("ERR bad nick");
    }
    ann.send("NICK\n");
    ann.expect_line("ERR bad nick");
    ann.send("NICK abcdefghijklmnop1234\n");
    ann.expect_line("OK abcdefghijklmnop1234");
}

#[test]
fn what_is_no_command_is_said_to_be_none() {
    let chat = chat(16);
    let mut ann = chat.client("ann");
    for line in ["HELP", "", "ping 1", "PINGPONG"] {
        ann.send(format!("{line}\n"));
        ann.expect_line("ERR unknown command");
    }
    ann.send("PING 1\n");
    ann.expect_line("PONG 1");
}

#[test]
fn a_line_cut_anywhere_is_one_line() {
    let chat = chat(64);
    let [mut ann, mut bob] = members(&chat, ["ann", "bob"]);
    let line = "SAY hello\r\n";
    for at in 1..line.len() {
        let (head, tail) = line.split_at(at);
        // The pong tells that the server has read what came with the ping.
        ann.send(format!("PING {at}\n{head}"));
        ann.expect_line(&format!("PONG {at}"));
        ann.send(tail);
        bob.expect_line("SAY ann hello");
    }
    nothing_more(&mut bob);
}

#[test]
fn several_lines_in_one_piece_are_several_lines() {
    let chat = chat(16);
    let mut bob = member(&chat, "bob");
    let mut ann = chat.client("ann");
    ann.send("NICK ann\nSAY one\r\nSAY two\nPING 3\n");
    ann.expect_line("OK ann");
    ann.expect_line("PONG 3");
    bob.expect_line("JOIN ann");
    bob.expect_line("SAY ann one");
    bob.expect_line("SAY ann two");
}

#[test]
fn a_line_that_is_too_long_is_skipped() {
    let chat = chat(16);
    let [mut ann, mut bob] = members(&chat, ["ann", "bob"]);
    let text = "x".repeat(MAX_LINE - "SAY ".len());
    for end in ["\n", "\r\n"] {
        ann.send(format!("SAY {text}{end}"));
        bob.expect(format!("SAY ann {text}\n"));
        for more in [1, 2, 3, 100_000] {
            let more = "y".repeat(more);
            ann.send(format!("SAY {text}{more}{end}"));
            ann.expect_line("ERR line too long");
        }
    }
    nothing_more(&mut ann);
    nothing_more(&mut bob);
}

#[test]
fn quit_ends_the_connection() {
    let chat = chat(16);
    let [mut ann, mut bob] = members(&chat, ["ann", "bob"]);
    bob.send("SAY bye, ann\n");
    nothing_more(&mut bob);
    ann.expect_line("SAY bob bye, ann");
    ann.send("QUIT\n");
    ann.expect_end();
    bob.expect_line("LEAVE ann");
    nothing_more(&mut bob);
}

#[test]
fn quit_waits_until_all_lines_are_written() {
    const LINES: usize = 1500;
    let chat = chat(2000);
    let [mut ann, mut bob] = members(&chat, ["ann", "bob"]);
    let line = "x".repeat(4000);
    for _ in 0..LINES {
        bob.send(format!("SAY {line}\n"));
    }
    nothing_more(&mut bob);
    // That is more than the connection holds, and ann has read nothing yet.
    ann.send("QUIT\n");
    bob.expect_line("LEAVE ann");
    let expected = LINES * format!("SAY bob {line}\n").len();
    assert_eq!(
        ann.rest().len(),
        expected,
        "1,500 lines were in ann's outbox when she sent QUIT: bytes that she got"
    );
}

#[test]
fn every_end_of_a_connection_is_one_leave() {
    let chat = chat(16);
    let [mut ann] = members(&chat, ["ann"]);
    type End = (&'static str, fn(Client));
    let ends: [End; 6] = [
        ("QUIT", |mut client| {
            client.send("QUIT\n");
            client.expect_end();
        }),
        ("closes", drop),
        ("halfcloses", |mut client| {
            client.half_close();
            client.expect_end();
        }),
        ("closeswithinaline", |mut client| {
            client.send("SAY half a line");
            client.half_close();
            client.expect_end();
        }),
        ("closesinalongline", |mut client| {
            client.send("SAY ".to_string() + &"x".repeat(3 * MAX_LINE));
            client.half_close();
            client.expect_end();
        }),
        ("resets", |mut client| {
            // Closing a socket with bytes that nobody has read resets the connection.
            client.send("PING 1\n");
            client.stream().peek(&mut [0]).expect("the pong comes");
        }),
    ];
    for (nick, end) in ends {
        let client = member(&chat, nick);
        ann.expect_line(&format!("JOIN {nick}"));
        end(client);
        ann.expect_line(&format!("LEAVE {nick}"));
        nothing_more(&mut ann);
    }
}

#[test]
fn whoever_reads_of_a_leave_may_take_the_nick() {
    let chat = chat(16);
    let [mut ann] = members(&chat, ["ann"]);
    for _ in 0..20 {
        drop(member(&chat, "bob"));
        ann.expect_line("JOIN bob");
        ann.expect_line("LEAVE bob");
    }
    let mut bob = member(&chat, "bob");
    ann.expect_line("JOIN bob");
    bob.send("SAY here I am\n");
    ann.expect_line("SAY bob here I am");
}

#[test]
fn all_members_get_all_lines_in_the_same_order() {
    const SENDERS: usize = 8;
    const LINES: usize = 50;
    let chat = chat(SENDERS * (LINES + 3));
    let mut watchers = members(&chat, ["watcher1", "watcher2"]);
    let heard = together(SENDERS, |i| {
        let mut sender = member(&chat, &format!("s{i}"));
        for n in 0..LINES {
            sender.send(format!("SAY {n}\n"));
        }
        let lines = lines_until_pong(&mut sender, "end");
        // Still connected, so that nobody leaves before all is compared.
        (sender, lines)
    });
    let [first, second] = watchers
        .each_mut()
        .map(|watcher| lines_until_pong(watcher, "end"));
    let said = |lines: &[String]| lines.iter().filter(|line| line.starts_with("SAY ")).count();
    assert_eq!(
        said(&first),
        SENDERS * LINES,
        "8 members said 50 lines each: lines that a watcher heard"
    );
    let differ = first
        .iter()
        .zip(&second)
        .position(|(one, other)| one != other);
    assert_eq!(
        differ.map(|at| (&first[at], &second[at])),
        None,
        "two watchers heard the lines in different orders: here they differ first"
    );
    assert_eq!(
        first.len(),
        second.len(),
        "two watchers heard a different number of lines"
    );
    for (i, (_, heard)) in heard.iter().enumerate() {
        let own = format!("SAY s{i} ");
        let join = format!("JOIN s{i}");
        let expected: Vec<&String> = first
            .iter()
            .skip_while(|line| **line != join)
            .skip(1)
            .filter(|line| !line.starts_with(&own))
            .take(heard.len())
            .collect();
        let differ = heard
            .iter()
            .zip(&expected)
            .position(|(one, other)| one != *other);
        assert_eq!(
            differ.map(|at| (&heard[at], expected[at])),
            None,
            "sender s{i} heard (left) another line than a watcher (right) after its join"
        );
    }
}

#[test]
fn clients_that_vanish_take_no_line_from_the_others() {
    let chat = chat(64);
    let [mut ann] = members(&chat, ["ann"]);
    let mut vanishing = Some(member(&chat, "first"));
    let [mut bob] = members(&chat, ["bob"]);
    ann.expect_line("JOIN first");
    ann.expect_line("JOIN bob");
    for round in 0..30 {
        // The next one vanishes while ann speaks; both its ends are noticed at some time.
        drop(vanishing.take());
        ann.send(format!("SAY {round}\n"));
        let mut lines = lines_until_pong(&mut ann, "round");
        lines.extend(lines_until_pong(&mut bob, "round"));
        let said = format!("SAY ann {round}");
        assert!(
            lines.contains(&said),
            "a member vanished while ann said {round:?}, and bob did not hear it: {lines:?}"
        );
        vanishing = Some(member(&chat, &format!("n{round}")));
    }
}

/// Ann says 4,000 bytes again and again, in batches that fit into the outboxes, until she reads that
/// `slow` has left. Gives what the watchers heard meanwhile: numbers for what ann said, and LEAVE.
fn flood(ann: &mut Client, watchers: &mut [Client]) -> Vec<Vec<String>> {
    const BATCH: usize = 50;
    const MOST: usize = 16 << 20;
    let padding = "x".repeat(4000);
    let mut heard = vec![Vec::new(); watchers.len()];
    let mut number = 0;
    let mut gone = false;
    while !gone {
        if number * padding.len() > MOST {
            ann.fail("16 MiB were said, and the client that never reads is still a member");
        }
        for _ in 0..BATCH {
            ann.send(format!("SAY {number} {padding}\n"));
            number += 1;
        }
        gone = lines_until_pong(ann, "batch").contains(&"LEAVE slow".to_string());
        for (watcher, heard) in watchers.iter_mut().zip(&mut heard) {
            heard.extend(
                lines_until_pong(watcher, "batch")
                    .iter()
                    .map(|line| line.trim_end_matches('x').trim_end().to_string()),
            );
        }
    }
    for (i, heard) in heard.iter().enumerate() {
        let said = heard.iter().filter(|line| line.starts_with("SAY ")).count();
        assert_eq!(
            said, number,
            "ann said {number} lines while a slow client had to leave; watcher {i} heard"
        );
    }
    heard
}

#[test]
fn a_client_that_never_reads_has_to_leave() {
    let chat = chat(100);
    let [mut ann, mut slow] = members(&chat, ["ann", "slow"]);
    flood(&mut ann, &mut []);
    slow.rest();
    let _again = member(&chat, "slow");
    ann.expect_line("JOIN slow");
    nothing_more(&mut ann);
}

#[test]
fn all_others_hear_everything_while_a_client_has_to_leave() {
    let chat = chat(100);
    // One watcher has come before the slow client, and one after it.
    let [mut ann, mut bob, slow, carl] = members(&chat, ["ann", "bob", "slow", "carl"]);
    let mut watchers = [bob, carl];
    let heard = flood(&mut ann, &mut watchers);
    let differ = heard[0]
        .iter()
        .zip(&heard[1])
        .position(|(one, other)| one != other);
    assert_eq!(
        differ.map(|at| (&heard[0][at], &heard[1][at])),
        None,
        "two watchers heard the lines around LEAVE slow in different orders: here they differ first"
    );
    for (i, heard) in heard.iter().enumerate() {
        let leaves = heard.iter().filter(|line| *line == "LEAVE slow").count();
        assert_eq!(leaves, 1, "how often watcher {i} heard that slow left");
    }
    drop(slow);
}

/// Asks and asks until ann hears that `slow` has left, and nothing else of it. It never reads.
#[track_caller]
fn ask_until_it_leaves(chat: &Chat, ann: &mut Client, lines: &str) -> Client {
    let slow = member(chat, "slow");
    ann.expect_line("JOIN slow");
    // What the server does not take at once may be lost: there is more.
    let mut slow = slow.with_deadline(Duration::from_millis(20));
    for _ in 0..400 {
        slow.try_send(lines.as_bytes()).ok();
        let heard = lines_until_pong(ann, "left?");
        if !heard.is_empty() {
            assert_eq!(
                heard,
                ["LEAVE slow"],
                "ann heard of a client that never reads"
            );
            return slow;
        }
    }
    slow.fail(
        "16 MiB of questions were sent, no answer was read, and the client is still a member",
    );
}

#[test]
fn who_asks_and_never_reads_has_to_leave_too() {
    // More than the connection can hold, so that something is left in the outbox.
    let chat = chat(5000);
    let [mut ann] = members(&chat, ["ann"]);
    let ping = format!("PING {}\n", "x".repeat(4000)).repeat(100);
    let mut slow = ask_until_it_leaves(&chat, &mut ann, &ping);
    nothing_more(&mut ann);
    let open = |error: std::io::Error| {
        use std::io::ErrorKind::{TimedOut, WouldBlock};
        [TimedOut, WouldBlock].contains(&error.kind())
    };
    let closed = (0..400).any(|_| {
        slow.try_send(ping.as_bytes())
            .is_err_and(|error| !open(error))
    });
    if !closed {
        slow.fail("it had to leave, but its connection still takes what it sends");
    }
}

#[test]
fn who_had_to_leave_is_not_heard_any_more() {
    let chat = chat(100);
    let [mut ann] = members(&chat, ["ann"]);
    let again = format!("PING {}\nNICK again\n", "x".repeat(1000)).repeat(40);
    for _ in 0..3 {
        let slow = ask_until_it_leaves(&chat, &mut ann, &again);
        for _ in 0..20 {
            let heard = lines_until_pong(&mut ann, "what else?");
            assert_eq!(heard, [""; 0], "ann has read LEAVE slow, and then");
        }
        drop(slow);
    }
}

#[test]
fn shutdown_ends_every_connection_and_every_thread() {
    let chat = chat(16);
    let [mut ann, mut bob] = members(&chat, ["ann", "bob"]);
    let mut silent = chat.client("a client that never spoke");
    let mut lurker = chat.client("a client without a nick");
    nothing_more(&mut lurker);
    bob.send("PING 1\nSAY half a line");
    bob.expect_line("PONG 1");
    chat.stop(ChatServer::shutdown);
    for client in [&mut ann, &mut bob, &mut silent, &mut lurker] {
        client.rest();
    }
}

#[test]
fn shutdown_waits_for_nobody_who_does_not_read() {
    let chat = chat(5000);
    let [mut ann, mut slow, mut quitter] = members(&chat, ["ann", "slow", "quitter"]);
    for number in 0..3000 {
        ann.send(format!("SAY {number} {}\n", "x".repeat(4000)));
    }
    quitter.send("QUIT\n");
    lines_until_pong(&mut ann, "all said");
    // More is on its way to both than their connections can hold.
    chat.stop(ChatServer::shutdown);
    drop((slow, quitter));
}

#[test]
fn shutdown_of_an_empty_server_returns() {
    chat(16).stop(ChatServer::shutdown);
}
