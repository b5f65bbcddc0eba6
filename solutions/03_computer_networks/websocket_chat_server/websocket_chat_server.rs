//! # Capstone: a WebSocket chat server
//!
//! Everything of this topic in one server: sockets, HTTP, frames, one order for all, slow clients, and a
//! heartbeat that finds those whose network has gone without a word. Parser (`http.rs`), handshake and
//! frames (`ws.rs`) are given, and so are the threads. The client's name is its path: `ws://host/ann`.
//!
//! 1. A request whose `Origin` is not in `config.origins` gets 403; without `Origin` it is no browser and
//!    may pass. Otherwise `ws::upgrade` decides. A refusal is sent, and the connection closes.
//! 2. `join ROOM` makes the client a member of one room (and of no other any more). It gets the last
//!    `HISTORY` lines of the room, oldest first, as `said NAME TEXT`, then `joined ROOM`. `say TEXT` sends
//!    `said NAME TEXT` to all members, the speaker included. `who` is answered with `who`, and the
//!    name of each member in alphabetical order, equal ones too; both get `error join first` outside of
//!    a room. All else is `error unknown command`. ROOM and TEXT are all that stands behind the first
//!    blank, as it is. (`join` and `say` alone and `who` with more behind it are up to you.)
//! 3. All members of a room get its lines in one order, each once: the history of a late joiner
//!    and what it hears afterwards have no gap and no repeat. Other rooms hear nothing.
//! 4. A ping is answered with a pong of the same payload. A close is answered once, with the same payload,
//!    and the connection ends. A message in binary gets the close code 1003, and what `ws` refuses gets
//!    its code. Then the connection ends as well.
//! 5. Each `tick` sends to every client a ping whose payload is the number of the tick, in decimal. A client
//!    that has answered neither of the last two pings is dropped in place of a third. The answer to ping
//!    n is a pong with its number.
//! 6. Nobody waits for a client: one whose outbox has no room for a frame is dropped. A client that is
//!    dropped is cut off at once, in both directions, and its threads end. `shutdown` sends close 1001 to
//!    all, waits for all threads, but for no client's answer to the close, and frees the port.
//!
//! An example: ann and bob have joined lobby. Ann sends `say hi`; both get `said ann hi`.
//!
//! How it is judged: clients of the crate `tungstenite`, and raw frames; up to 50 clients, ordered by
//! `who`; ticks that the test makes; a client that never reads while 16 MiB are said. Each wait ends
//! after 5 seconds.
//!
//! It is a real server: `cargo test --test websocket_chat_server -- --ignored --nocapture serve` runs it and
//! prints two lines for a browser's console.

use std::collections::{BTreeMap, VecDeque};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

mod http;
mod ws;
use http::{Event, Head, RequestParser};
use ws::{CloseCode, Frame, Incoming, MessageReader, Response};

/// Lines that a room remembers.
pub const HISTORY: usize = 20;

/// The longest message, in bytes.
pub const MAX_MESSAGE: usize = 4096;

/// What a server allows.
#[derive(Clone, Debug)]
pub struct Config {
    /// The pages that may connect: `https://example.com`.
    pub origins: Vec<String>,
    /// Frames that may wait for a client.
    pub outbox: usize,
    /// How long a write, and the end of a connection, may take.
    pub patience: Duration,
}

/// Given: a running server.
pub struct ChatServer {
    addr: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

struct Shared {
    config: Config,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    stopped: bool,
    next_id: u64,
    /// How many ticks there were.
    ticks: u64,
    clients: BTreeMap<u64, Client>,
    /// The last lines of each room.
    rooms: BTreeMap<String, VecDeque<String>>,
}

struct Client {
    stream: TcpStream,
    name: String,
    room: Option<String>,
    /// Its thread writes the frames; without a sender it ends, and the connection with it.
    outbox: Option<SyncSender<Vec<u8>>>,
    /// The number of the last ping that it has answered; at first, of the tick before it came.
    answered: u64,
}

impl ChatServer {
    /// Given: serves on threads of its own.
    pub fn start(listener: TcpListener, config: Config) -> Self {
        let addr = listener.local_addr().expect("a listener has an address");
        let shared = Arc::new(Shared {
            config,
            state: Mutex::default(),
        });
        let theirs = shared.clone();
        let accepting = thread::spawn(move || accept(listener, &theirs));
        Self {
            addr,
            shared,
            accepting,
        }
    }

    /// The heartbeat: drops clients that are gone, and pings the others.
    pub fn tick(&self) {
        let mut state = self.shared.state();
        state.ticks += 1;
        let now = state.ticks;
        let (alive, gone): (Vec<u64>, Vec<u64>) = state
            .clients
            .keys()
            .partition(|&id| state.clients[id].answered + 2 >= now);
        for id in gone {
            state.cut(id);
        }
        state.send(&alive, &frame(ws::PING, now.to_string().as_bytes()));
    }

    /// Stops as rule 6 says.
    pub fn shutdown(self) {
        let mut state = self.shared.state();
        state.stopped = true;
        let all: Vec<u64> = state.clients.keys().copied().collect();
        for id in all {
            state.leave(id, Some(close(1001, "going away")));
            // Its thread waits in a read: this ends it, and leaves the writes alone.
            state.clients[&id].stream.shutdown(Shutdown::Read).ok();
        }
        drop(state);
        // `accept` looks at `stopped` when somebody calls.
        drop(TcpStream::connect(self.addr));
        self.accepting.join().expect("accept does not panic");
    }
}

impl Shared {
    /// Given: the state, locked. Whoever holds it must not wait for anything.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Given: a new client's number, and the other end of its outbox; `None` if the server is stopped.
    fn enter(&self, name: &str, stream: &TcpStream) -> Option<(u64, Receiver<Vec<u8>>)> {
        let mut state = self.state();
        if state.stopped {
            return None;
        }
        let id = state.next_id;
        state.next_id += 1;
        let (outbox, frames) = sync_channel(self.config.outbox);
        let client = Client {
            stream: stream.try_clone().ok()?,
            name: name.to_string(),
            room: None,
            outbox: Some(outbox),
            answered: state.ticks,
        };
        state.clients.insert(id, client);
        Some((id, frames))
    }
}

/// Given: accepts connections until the server is stopped, each on a thread of its own.
fn accept(listener: TcpListener, shared: &Shared) {
    thread::scope(|scope| {
        for stream in listener.incoming().flatten() {
            if shared.state().stopped {
                break;
            }
            // The read ends early for those who connect and say nothing.
            let patience = Some(shared.config.patience);
            stream.set_nodelay(true).ok();
            stream.set_write_timeout(patience).ok();
            stream.set_read_timeout(patience).ok();
            scope.spawn(move || {
                catch_unwind(AssertUnwindSafe(|| serve(shared, &stream))).ok();
                stream.shutdown(Shutdown::Both).ok();
            });
        }
    });
}

/// Given: the handshake, the session, the end.
fn serve(shared: &Shared, stream: &TcpStream) -> Option<()> {
    let (head, rest) = read_head(stream)?;
    let response = admit(&head, &shared.config);
    let (Ok(answer) | Err(answer)) = &response;
    let name = head.path().trim_start_matches('/');
    let entered = match response {
        Ok(_) => Some(shared.enter(name, stream)?),
        Err(_) => None,
    };
    let mut bytes = format!("HTTP/1.1 {} \r\n", answer.status);
    for (name, value) in &answer.headers {
        bytes += &format!("{name}: {value}\r\n");
    }
    let Some((id, frames)) = entered else {
        bytes += "Content-Length: 0\r\nConnection: close\r\n\r\n";
        return (&*stream).write_all(bytes.as_bytes()).ok();
    };
    thread::scope(|scope| {
        scope.spawn(move || {
            write_frames(stream, (bytes + "\r\n").into_bytes(), frames);
        });
        stream.set_read_timeout(None).ok();
        let session = catch_unwind(AssertUnwindSafe(|| session(shared, id, stream, rest)));
        shared.state().leave(id, session.unwrap_or(None));
    });
    // Closing now would reset the connection if the client still speaks, and lose what was sent last.
    stream.set_read_timeout(Some(shared.config.patience)).ok();
    let mut ignored = [0; 4096];
    while let Ok(1..) = (&*stream).read(&mut ignored) {}
    shared.state().clients.remove(&id);
    Some(())
}

/// Given: reads a request without a body, and what stands behind it.
fn read_head(mut stream: &TcpStream) -> Option<(Head, Vec<u8>)> {
    let mut parser = RequestParser::new(0);
    let mut buffer = [0; 4096];
    let mut head = None;
    loop {
        match parser.next().ok()? {
            Some(Event::Head(new)) => head = Some(new),
            Some(Event::End) => return Some((head?, parser.into_rest())),
            Some(_) => return None,
            None => {
                let n = stream.read(&mut buffer).ok().filter(|n| *n > 0)?;
                parser.feed(&buffer[..n]);
            }
        }
    }
}

/// Given: writes the answer to the handshake and then frames, until there are no more.
fn write_frames(mut stream: &TcpStream, start: Vec<u8>, frames: Receiver<Vec<u8>>) {
    for bytes in std::iter::once(start).chain(frames) {
        if stream.write_all(&bytes).is_err() {
            // Too slow, or gone.
            stream.shutdown(Shutdown::Both).ok();
            return;
        }
    }
    stream.shutdown(Shutdown::Write).ok();
}

/// The answer to a handshake: `Ok` for 101, `Err` for a refusal.
fn admit(head: &Head, config: &Config) -> Result<Response, Response> {
    let foreign = |origin: &str| !config.origins.iter().any(|known| known == origin);
    if head.values("origin").any(foreign) {
        return Err(Response {
            status: 403,
            headers: Vec::new(),
        });
    }
    ws::upgrade(head, &[])
}

/// Reads and obeys until the client closes, breaks a rule or is gone; gives the payload of the close
/// frame that it has to get, if any.
fn session(shared: &Shared, id: u64, mut stream: &TcpStream, rest: Vec<u8>) -> Option<Vec<u8>> {
    let mut reader = MessageReader::new(MAX_MESSAGE);
    reader.feed(&rest);
    let mut buffer = [0; 16_384];
    loop {
        match reader.next() {
            Ok(Some(Incoming::Text(text))) => shared.state().obey(id, &text),
            Ok(Some(Incoming::Binary(_))) => return Some(close(1003, "text only")),
            Ok(Some(Incoming::Ping(payload))) => {
                shared.state().send(&[id], &frame(ws::PONG, &payload));
            }
            Ok(Some(Incoming::Pong(payload))) => shared.state().answered(id, &payload),
            Ok(Some(Incoming::Close(None))) => return Some(Vec::new()),
            Ok(Some(Incoming::Close(Some((code, reason))))) => return Some(close(code, &reason)),
            Err(CloseCode(code)) => return Some(close(code, "")),
            Ok(None) => match stream.read(&mut buffer) {
                Ok(n @ 1..) => reader.feed(&buffer[..n]),
                _ => return None,
            },
        }
    }
}

/// Given: the bytes of a frame.
fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let payload = payload.to_vec();
    let frame = Frame {
        fin: true,
        opcode,
        payload,
    };
    ws::encode(&frame, None)
}

/// Given: the payload of a close frame.
fn close(code: u16, reason: &str) -> Vec<u8> {
    [&code.to_be_bytes(), reason.as_bytes()].concat()
}

impl State {
    /// Does what a text says.
    fn obey(&mut self, id: u64, text: &str) {
        let (command, rest) = text.split_once(' ').unwrap_or((text, ""));
        let Some(client) = self.clients.get_mut(&id) else {
            return;
        };
        if client.outbox.is_none() {
            return;
        }
        match (command, client.room.clone()) {
            ("join", _) if !rest.is_empty() => {
                client.room = Some(rest.to_string());
                for line in self.rooms.get(rest).cloned().unwrap_or_default() {
                    self.tell(id, &line);
                }
                self.tell(id, &format!("joined {rest}"));
            }
            ("say" | "who", None) => self.tell(id, "error join first"),
            ("say", Some(room)) => {
                let line = format!("said {} {rest}", client.name);
                self.send(&self.members(&room), &frame(ws::TEXT, line.as_bytes()));
                let history = self.rooms.entry(room).or_default();
                history.push_back(line);
                if history.len() > HISTORY {
                    history.pop_front();
                }
            }
            ("who", Some(room)) => {
                let members = self.members(&room);
                let mut names: Vec<&str> = members
                    .iter()
                    .map(|id| self.clients[id].name.as_str())
                    .collect();
                names.sort_unstable();
                let answer = format!("who {}", names.join(" "));
                self.tell(id, &answer);
            }
            _ => self.tell(id, "error unknown command"),
        }
    }

    /// Notes the answer to a ping.
    fn answered(&mut self, id: u64, payload: &[u8]) {
        let number = std::str::from_utf8(payload)
            .ok()
            .and_then(|text| text.parse().ok());
        if let (Some(client), Some(number)) = (self.clients.get_mut(&id), number)
            && number <= self.ticks
        {
            client.answered = client.answered.max(number);
        }
    }

    /// The members of a room.
    fn members(&self, room: &str) -> Vec<u64> {
        self.clients
            .iter()
            .filter(|(_, client)| client.room.as_deref() == Some(room))
            .map(|(&id, _)| id)
            .collect()
    }

    /// Given: sends a text to a client.
    fn tell(&mut self, id: u64, text: &str) {
        self.send(&[id], &frame(ws::TEXT, text.as_bytes()));
    }

    /// Puts a frame into the outboxes of these clients; those without room for it are dropped.
    fn send(&mut self, to: &[u64], bytes: &[u8]) {
        for id in to {
            let client = self.clients.get(id);
            if let Some(outbox) = client.and_then(|client| client.outbox.as_ref())
                && outbox.try_send(bytes.to_vec()).is_err()
            {
                self.cut(*id);
            }
        }
    }

    /// Given: drops a client at once, without a word.
    fn cut(&mut self, id: u64) {
        if let Some(client) = self.clients.get(&id) {
            client.stream.shutdown(Shutdown::Both).ok();
        }
        self.leave(id, None);
    }

    /// Given: takes a client out of its room, and ends its outbox, with a close frame if there is one. What
    /// is in the outbox is still written, unless it is cut.
    fn leave(&mut self, id: u64, close: Option<Vec<u8>>) {
        let Some(client) = self.clients.get_mut(&id) else {
            return;
        };
        client.room = None;
        if let (Some(outbox), Some(close)) = (client.outbox.take(), close)
            && outbox.try_send(frame(ws::CLOSE, &close)).is_err()
        {
            client.stream.shutdown(Shutdown::Both).ok();
        }
    }
}

/// Given: your server as a program. It runs until you end it with Ctrl-C.
#[test]
#[ignore = "runs until you end it"]
fn serve_until_ended() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let addr = listener.local_addr().expect("it is bound");
    println!("Open http://{addr}/ in two browser windows, and in the console of each (F12):");
    println!("ws = new WebSocket('ws://{addr}/ann'); ws.onmessage = m => console.log(m.data)");
    println!("ws.send('join lobby'); ws.send('say hi'); ws.send('who')");
    let config = Config {
        origins: vec![format!("http://{addr}")],
        outbox: 100,
        patience: Duration::from_secs(10),
    };
    let server = ChatServer::start(listener, config);
    loop {
        thread::park_timeout(Duration::from_secs(30));
        server.tick();
    }
}

#[cfg(test)]
mod tests;
