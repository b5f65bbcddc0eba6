//! Starting and stopping a server under test.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::gate::{bounded, eventually};
use crate::threads::Mark;
use crate::{Client, DEADLINE};

/// A server under test.
pub struct Server<S> {
    name: String,
    addr: SocketAddr,
    mark: Mark,
    server: S,
    deadline: Duration,
}

impl<S: Send + 'static> Server<S> {
    /// Binds a port that is free and hands the listener to `start`, which has to return: what
    /// serves runs on threads of its own. `name` stands in messages.
    ///
    /// # Panics
    /// When `start` does, with its panic; when it does not return within [`DEADLINE`].
    #[track_caller]
    pub fn start(name: &str, start: impl FnOnce(TcpListener) -> S + Send + 'static) -> Self {
        Self::start_within(DEADLINE, name, start)
    }

    #[track_caller]
    fn start_within(
        deadline: Duration,
        name: &str,
        start: impl FnOnce(TcpListener) -> S + Send + 'static,
    ) -> Self {
        let mark = Mark::new();
        let (listener, addr) = listen(&mark);
        let under = mark.clone();
        let what = format!("starting the {name}");
        let server = bounded(deadline, &what, move || under.over(|| start(listener)));
        Self {
            name: name.to_string(),
            addr,
            mark,
            server,
            deadline,
        }
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// What `start` gave.
    pub fn inner(&self) -> &S {
        &self.server
    }

    /// A new client.
    #[track_caller]
    pub fn client(&self, name: &str) -> Client {
        Client::connect(name, self.addr)
    }

    /// Stops the server with `stop`, and looks at what it left: nobody may listen at the port any
    /// more, and its threads have to end.
    ///
    /// # Panics
    /// When `stop` does or does not return within [`DEADLINE`], when the port is still open, when
    /// a thread does not end.
    #[track_caller]
    pub fn stop<R: Send + 'static>(self, stop: impl FnOnce(S) -> R + Send + 'static) -> R {
        let Self { server, name, .. } = self;
        let what = format!("stopping the {name}");
        let result = bounded(self.deadline, &what, move || stop(server));
        assert!(
            !is_open(self.addr, &self.mark),
            "the {name} is stopped, but its port is still open\n  hint: who still holds the \
             listener, or a clone of it?"
        );
        let ended = eventually(self.deadline, || self.mark.count() == 0);
        assert!(
            ended,
            "the {name} is stopped, but {} of its threads still run\n  hint: which of them waits for \
             a client or for a channel that nobody closes, and who joins it?",
            self.mark.count()
        );
        result
    }
}

/// Whose each port is that this process has bound; the lock is held while one is bound or looked at,
/// because the system may give a port that was just freed to the test next door.
fn ports() -> MutexGuard<'static, HashMap<u16, u32>> {
    static PORTS: LazyLock<Mutex<HashMap<u16, u32>>> = LazyLock::new(Mutex::default);
    PORTS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn listen(mark: &Mark) -> (TcpListener, SocketAddr) {
    let mut ports = ports();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    let addr = listener.local_addr().expect("a listener has an address");
    ports.insert(addr.port(), mark.number());
    (listener, addr)
}

fn is_open(addr: SocketAddr, mark: &Mark) -> bool {
    let ports = ports();
    if ports.get(&addr.port()) != Some(&mark.number()) {
        return false;
    }
    match TcpStream::connect_timeout(&addr, DEADLINE) {
        // A socket that gets the port that it calls for its own end has called itself.
        Ok(stream) => stream.local_addr().ok() != Some(addr),
        Err(_) => false,
    }
}

/// Two ends of one connection on loopback.
///
/// # Panics
/// When the system gives none.
pub fn pair() -> (TcpStream, TcpStream) {
    let (listener, addr) = listen(&Mark::new());
    let near = TcpStream::connect_timeout(&addr, DEADLINE).expect("loopback connects");
    loop {
        let (far, from) = listener.accept().expect("loopback connects");
        // Somebody else may have called in between.
        if near.local_addr().ok() == Some(from) {
            far.set_nodelay(true).expect("a socket takes an option");
            near.set_nodelay(true).expect("a socket takes an option");
            return (near, far);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Gate;
    use std::io::{Read, Write};
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread::{self, JoinHandle};

    const SOON: Duration = Duration::from_millis(50);

    /// Echoes, one client after the other, until it is told to stop and then called once more.
    struct Echo {
        stop: Arc<AtomicBool>,
        thread: JoinHandle<()>,
        addr: SocketAddr,
    }

    impl Echo {
        fn start(listener: TcpListener) -> Self {
            let stop = Arc::new(AtomicBool::new(false));
            let (told, addr) = (stop.clone(), listener.local_addr().unwrap());
            let serve = move || {
                for stream in listener.incoming() {
                    if told.load(Ordering::SeqCst) {
                        return;
                    }
                    let (mut stream, mut bytes) = (stream.unwrap(), [0; 100]);
                    while let Ok(n @ 1..) = stream.read(&mut bytes) {
                        stream.write_all(&bytes[..n]).unwrap();
                    }
                }
            };
            let thread = thread::spawn(serve);
            Self { stop, thread, addr }
        }

        fn shutdown(self) {
            self.stop.store(true, Ordering::SeqCst);
            TcpStream::connect(self.addr).unwrap();
            self.thread.join().unwrap();
        }
    }

    #[track_caller]
    fn stop_fails<S: Send + 'static>(mut server: Server<S>, stop: fn(S), part: &str) {
        server.deadline = SOON;
        let act = AssertUnwindSafe(|| server.stop(stop));
        let panic = catch_unwind(act).expect_err("it must fail");
        let message = *panic.downcast::<String>().expect("a message");
        assert!(message.contains(part), "{message}");
    }

    #[test]
    fn a_server_that_ends_is_a_good_one() {
        let server = Server::start("echo", Echo::start);
        assert_eq!(server.inner().addr, server.addr());
        let mut ann = server.client("ann");
        ann.send("hello\n");
        ann.expect_line("hello");
        drop(ann);
        server.stop(Echo::shutdown);
    }

    #[test]
    fn catches_a_start_that_serves() {
        let started = catch_unwind(|| {
            Server::start_within(SOON, "echo", |listener| {
                for stream in listener.incoming() {
                    drop(stream);
                }
            })
        });
        let message = started.err().expect("it must fail");
        let message = *message.downcast::<String>().unwrap();
        assert!(
            message.starts_with("starting the echo did not return"),
            "{message}"
        );
    }

    #[test]
    fn catches_a_shutdown_that_hangs() {
        let server = Server::start("echo", Echo::start);
        let mut ann = server.client("ann");
        ann.send("hello");
        ann.expect("hello");
        // Ann is still there, so the thread never comes back to accept.
        stop_fails(
            server,
            Echo::shutdown,
            "stopping the echo did not return within",
        );
    }

    #[test]
    fn catches_a_port_that_stays_open() {
        let server = Server::start("echo", Echo::start);
        stop_fails(server, drop, "its port is still open");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn catches_a_thread_that_does_not_end() {
        let server = Server::start("lingerer", |_| {
            let gate = Gate::new("never");
            thread::spawn(move || thread::spawn(move || gate.pass()).join());
        });
        stop_fails(server, drop, "but 2 of its threads still run");
    }

    #[test]
    fn another_servers_port_is_not_ours() {
        let (first, second) = (Mark::new(), Mark::new());
        let (listener, addr) = listen(&first);
        assert!(is_open(addr, &first));
        assert!(!is_open(addr, &second));
        drop(listener);
        assert!(!is_open(addr, &first));
    }
}
