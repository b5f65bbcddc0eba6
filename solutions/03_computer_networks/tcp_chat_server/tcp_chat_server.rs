//! # A TCP chat server that slow clients cannot stop
//!
//! A server tells each of its clients what the others do: a chat, a game, a feed of prices. The
//! trouble is not to send a line but the one client in a train, whose connection takes nothing
//! for a minute. Whoever waits for it keeps all others waiting too. So each client has an outbox of
//! its own, with a limit, and a thread that empties it.
//!
//! 1. A line ends with `\n` or `\r\n` and has at most `MAX_LINE` bytes before that. A longer one is
//!    skipped and answered with `ERR line too long`. What has no end yet is no line, and is never one
//!    if the connection ends first.
//! 2. `PING token` is answered with `PONG token`, at any time. `NICK name` with `OK name`, or
//!    `ERR bad nick` (1 to 20 ASCII letters and digits are good), `ERR nick set` (the client has
//!    one) or `ERR nick taken` (`Ann` is not `ann`). `SAY text` has no answer, without a nick `ERR nick
//!    first`. `QUIT` ends the connection; all else is `ERR unknown command`.
//! 3. A client with a nick is a member. The other members get `JOIN name` for a nick, `SAY name
//!    text` for a line said, `LEAVE name` for an end; whoever caused it doesn't. All members
//!    get these in the same order, each from its own join on, without a gap.
//! 4. A client leaves when it says `QUIT` or when its connection ends, however that happens. `LEAVE`
//!    is sent once, and whoever has read it may take the nick. After `QUIT` the client still gets
//!    what is in its outbox.
//! 5. An outbox holds `outbox` lines. A client whose outbox has no room for the next line leaves, and its
//!    connection is closed; nobody waits for it, and no other misses a line. It is not heard any more,
//!    even if more of its lines have been read.
//! 6. `shutdown` closes all connections, waits for all threads, and the port is free.
//!
//! An example: ann and bob have nicks. Ann sends `SAY hi`, `PING 1`; bob gets `SAY ann hi`, ann
//! gets `PONG 1`, and bob's line is in his outbox by then.
//!
//! How it is judged: clients on loopback, ordered by PING and PONG; lines cut at each byte; 8 clients
//! that speak at once; one that never reads while 4,000-byte lines are said, until it leaves or 16
//! MiB were said; ends of all sorts. Every wait has a deadline of 5 seconds.
//!
//! It is a real server: `cargo test --test tcp_chat_server -- --ignored --nocapture serve` runs it
//! and prints its port; talk to it with `nc 127.0.0.1 PORT` from two terminals.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

/// Bytes that a line may have before its end.
pub const MAX_LINE: usize = 4096;

/// A running chat server.
pub struct ChatServer {
    addr: SocketAddr,
    room: Arc<Room>,
    accepting: JoinHandle<()>,
}

impl ChatServer {
    /// Serves on threads of its own; a client may have `outbox` lines waiting.
    pub fn start(listener: TcpListener, outbox: usize) -> Self {
        let addr = listener.local_addr().expect("a listener has an address");
        let room = Arc::new(Room {
            outbox,
            state: Mutex::default(),
        });
        let shared = room.clone();
        let accepting = thread::spawn(move || accept(listener, &shared));
        Self {
            addr,
            room,
            accepting,
        }
    }

    /// Closes all connections and waits for all threads.
    pub fn shutdown(self) {
        let mut state = self.room.state();
        state.stopped = true;
        for client in state.clients.values() {
            // A connection that has ended already needs no end.
            client.stream.shutdown(Shutdown::Both).ok();
        }
        drop(state);
        // `accept` looks at `stopped` when somebody calls.
        drop(TcpStream::connect(self.addr));
        self.accepting.join().expect("accept does not panic");
    }
}

/// Accepts clients until the room is stopped, and then waits for their threads.
fn accept(listener: TcpListener, room: &Arc<Room>) {
    thread::scope(|scope| {
        for stream in listener.incoming().flatten() {
            match room.enter(&stream) {
                Some((id, lines)) => drop(scope.spawn(move || serve(room, id, &stream, lines))),
                None if room.state().stopped => break,
                None => {}
            }
        }
    });
}

/// Given: what all threads share.
struct Room {
    outbox: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    stopped: bool,
    next_id: u64,
    clients: BTreeMap<u64, Client>,
}

struct Client {
    /// To close the connection from outside of its threads: `stream.shutdown(Shutdown::Both)`
    /// ends their reads and writes.
    stream: TcpStream,
    /// A member has one.
    nick: Option<String>,
    /// Its thread gets the lines; `None` once the client has left.
    outbox: Option<SyncSender<String>>,
}

impl Room {
    /// Given: the state, locked. Whoever holds it must not wait for anything.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Given: a new client's number, and the other end of its outbox; `None` if the room is stopped, or
    /// if this connection has ended already.
    fn enter(&self, stream: &TcpStream) -> Option<(u64, Receiver<String>)> {
        let mut state = self.state();
        if state.stopped {
            return None;
        }
        // Without this a line may wait 40 ms for the acknowledgement of the one before.
        stream.set_nodelay(true).ok()?;
        let id = state.next_id;
        state.next_id += 1;
        let (sender, receiver) = sync_channel(self.outbox);
        let client = Client {
            stream: stream.try_clone().ok()?,
            nick: None,
            outbox: Some(sender),
        };
        state.clients.insert(id, client);
        Some((id, receiver))
    }
}

/// Reads the next line, without its end: `None` when there is none any more, `Some(None)` for one
/// that is too long.
fn next_line(reader: &mut impl BufRead) -> io::Result<Option<Option<String>>> {
    const LIMIT: usize = MAX_LINE + 2;
    let mut line = Vec::new();
    let mut too_long = false;
    // A longer one is read in pieces of this size, and only the last is kept.
    while reader.take(LIMIT as u64).read_until(b'\n', &mut line)? == LIMIT && !line.ends_with(b"\n")
    {
        too_long = true;
        line.clear();
    }
    let Some(line) = line.strip_suffix(b"\n") else {
        return Ok(None);
    };
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if too_long || line.len() > MAX_LINE {
        return Ok(Some(None));
    }
    Ok(Some(Some(String::from_utf8_lossy(line).into_owned())))
}

/// Writes the lines of an outbox until there are no more, then closes the connection.
fn write_lines(mut stream: &TcpStream, lines: Receiver<String>) {
    for line in lines {
        if stream.write_all(line.as_bytes()).is_err() {
            break;
        }
    }
    stream.shutdown(Shutdown::Both).ok();
}

/// Serves one client from its first line to its end.
fn serve(room: &Room, id: u64, stream: &TcpStream, lines: Receiver<String>) {
    thread::scope(|scope| {
        scope.spawn(|| write_lines(stream, lines));
        let mut reader = BufReader::new(stream);
        while let Ok(Some(line)) = next_line(&mut reader) {
            let mut state = room.state();
            let goes_on = match line {
                Some(line) => state.obey(id, &line),
                None => {
                    state.send(&[id], "ERR line too long");
                    true
                }
            };
            if !goes_on {
                break;
            }
        }
        room.state().leave(id);
    });
    room.state().clients.remove(&id);
}

impl State {
    /// Does what a line says; `false` if it was QUIT.
    fn obey(&mut self, id: u64, line: &str) -> bool {
        let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
        // Whoever had to leave is not heard, even if more of its lines were read already.
        if self
            .clients
            .get(&id)
            .is_none_or(|client| client.outbox.is_none())
        {
            return false;
        }
        match command {
            "PING" => self.send(&[id], &format!("PONG {rest}")),
            "NICK" => match self.take_nick(id, rest) {
                Ok(()) => {
                    self.send(&[id], &format!("OK {rest}"));
                    self.send(&self.others(id), &format!("JOIN {rest}"));
                }
                Err(why) => self.send(&[id], &format!("ERR {why}")),
            },
            "SAY" => match self.nick(id) {
                Some(nick) => self.send(&self.others(id), &format!("SAY {nick} {rest}")),
                None => self.send(&[id], "ERR nick first"),
            },
            "QUIT" => return false,
            _ => self.send(&[id], "ERR unknown command"),
        }
        true
    }

    fn nick(&self, id: u64) -> Option<&str> {
        self.clients.get(&id)?.nick.as_deref()
    }

    fn take_nick(&mut self, id: u64, nick: &str) -> Result<(), &'static str> {
        let good =
            (1..=20).contains(&nick.len()) && nick.bytes().all(|b| b.is_ascii_alphanumeric());
        if !good {
            return Err("bad nick");
        }
        if self.nick(id).is_some() {
            return Err("nick set");
        }
        if self
            .clients
            .keys()
            .any(|&other| self.nick(other) == Some(nick))
        {
            return Err("nick taken");
        }
        if let Some(client) = self.clients.get_mut(&id) {
            client.nick = Some(nick.to_string());
        }
        Ok(())
    }

    /// Puts a line into the outboxes of these clients; those without room leave.
    fn send(&mut self, to: &[u64], line: &str) {
        let fits = |id: &u64| {
            let outbox = self
                .clients
                .get(id)
                .and_then(|client| client.outbox.as_ref());
            outbox.is_none_or(|outbox| outbox.try_send(format!("{line}\n")).is_ok())
        };
        let slow: Vec<u64> = to.iter().copied().filter(|id| !fits(id)).collect();
        for id in slow {
            if let Some(client) = self.clients.get(&id) {
                client.stream.shutdown(Shutdown::Both).ok();
            }
            self.leave(id);
        }
    }

    /// The members apart from one client.
    fn others(&self, id: u64) -> Vec<u64> {
        let mut members = Vec::new();
        for (&other, client) in &self.clients {
            if other != id && client.nick.is_some() {
                members.push(other);
            }
        }
        members
    }

    /// Takes nick and outbox from a client, and tells the others.
    fn leave(&mut self, id: u64) {
        let Some(client) = self.clients.get_mut(&id) else {
            return;
        };
        client.outbox = None;
        if let Some(nick) = client.nick.take() {
            self.send(&self.others(id), &format!("LEAVE {nick}"));
        }
    }
}

/// Given: your server as a program. It runs until you end it with Ctrl-C.
#[test]
#[ignore = "runs until you end it"]
fn serve_until_ended() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    println!("nc 127.0.0.1 {}", listener.local_addr().unwrap().port());
    let _server = ChatServer::start(listener, 100);
    loop {
        thread::park();
    }
}

#[cfg(test)]
mod tests;
