//! # An HTTP/1.1 server on plain sockets
//!
//! Frameworks hide how little an HTTP server is, and how much has to be exact: whose bytes are the
//! body and whose the next request, what a client may still expect after an error, how to stop without
//! cutting off an answer. You have the parser of the last exercise (`parser.rs`, given); build the rest.
//!
//! 1. `Router` finds the handler of a method and a path. An unknown path gives 404; a known one with
//!    another method 405, with `Allow`: its methods in alphabetical order, `, ` between them. A route
//!    for GET answers HEAD too, if there is none for HEAD.
//! 2. A full body is sent with `Content-Length`, in bytes. A body of chunks is sent as
//!    `Transfer-Encoding: chunked`, each part at once; a part without bytes would end the body and is
//!    left out. Under HTTP/1.0 there are no chunks: the body ends with the connection. Only the server
//!    decides on these two fields and on `Connection`: those of a handler are left out.
//! 3. The answer to HEAD has the fields of GET's and no body. With 204 and 304 there is neither a body nor
//!    `Content-Length` or `Transfer-Encoding`. A handler's field with CR, LF or NUL in its value gives
//!    500 in place of its answer.
//! 4. A connection stays open, and answers come in the order of requests, until one of these
//!    says `Connection: close`. Under HTTP/1.0 it stays only after `Connection: keep-alive`, and the answer
//!    says the same. The last answer says `Connection: close` (RFC 9112, 9.3). A body is read to its end,
//!    even when nobody wants it: the next request starts behind it.
//! 5. A client that sends `Expect: 100-continue` may wait before its body: it gets `HTTP/1.1 100 Continue`,
//!    or at once the refusal, and then the connection closes. A request that can't be read gets the parser's
//!    status, and then the connection closes.
//! 6. `shutdown` closes connections that wait for a request or for the rest of one, lets a request that is
//!    being answered come to its end, waits for all threads, and frees the port.
//!
//! An example: `GET /hello HTTP/1.1`, `Host: a` and an empty line may be answered with `HTTP/1.1 200 OK`,
//! `Content-Length: 2`, an empty line, and `hi`.
//!
//! How it is judged: raw bytes over loopback, handlers that are held back, and hyper's client, which
//! sends 200 requests over one connection, chunks up, and chunks down. Each wait ends after 5 seconds.
//!
//! It is a real server: `cargo test --test http1_server -- --ignored --nocapture serve` runs it and prints
//! its address; open that in a browser, or try `curl -v -d hi http://127.0.0.1:PORT/echo`.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

mod parser;
use parser::{BadRequest, Event, Head, RequestParser};

/// A request that has come to its end.
pub struct Request {
    pub head: Head,
    pub body: Vec<u8>,
}

/// What a handler answers.
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Body,
}

/// What follows the head of a response.
pub enum Body {
    Full(Vec<u8>),
    Chunks(Box<dyn Iterator<Item = Vec<u8>>>),
}

impl Response {
    /// A response without fields.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Full(body.into()),
        }
    }

    /// The same response with one more field.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_string(), value.to_string()));
        self
    }

    /// The same response with a body that is made bit by bit.
    #[must_use]
    pub fn chunks(mut self, parts: impl Iterator<Item = Vec<u8>> + 'static) -> Self {
        self.body = Body::Chunks(Box::new(parts));
        self
    }
}

type Handler = Box<dyn Fn(&Request) -> Response + Send + Sync>;

/// Which handler answers what.
#[derive(Default)]
pub struct Router {
    /// By path, then by method.
    routes: BTreeMap<String, BTreeMap<String, Handler>>,
}

impl Router {
    /// The same router with one more route.
    #[must_use]
    pub fn route(
        mut self,
        method: &str,
        path: &str,
        handler: impl Fn(&Request) -> Response + Send + Sync + 'static,
    ) -> Self {
        let methods = self.routes.entry(path.to_string()).or_default();
        methods.insert(method.to_string(), Box::new(handler));
        self
    }

    /// The handler, or the response that says why there is none.
    fn find(&self, method: &str, path: &str) -> Result<&Handler, Response> {
        todo!("step 1: 404, 405, HEAD; which methods belong into Allow?")
    }
}

/// A running server.
pub struct Server {
    addr: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

/// What all threads share.
struct Shared {
    router: Router,
    max_body: u64,
    connections: Mutex<Connections>,
}

#[derive(Default)]
struct Connections {
    stopped: bool,
    next_id: u64,
    /// Each connection, and whether it is answering a request.
    open: BTreeMap<u64, (TcpStream, bool)>,
}

impl Server {
    /// Serves on threads of its own; a request may have `max_body` bytes of body.
    pub fn start(listener: TcpListener, router: Router, max_body: u64) -> Self {
        let addr = listener.local_addr().expect("a listener has an address");
        todo!("step 2: share what has to be shared, and run `accept` on a thread")
    }

    /// Stops as rule 6 says.
    pub fn shutdown(self) {
        todo!("step 3: stop, close what is not answering, wake `accept`, join")
    }
}

impl Shared {
    /// Given: the connections, locked.
    fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Given: notes whether a connection is answering a request; `false` if the server is stopped.
    fn answering(&self, id: u64, answering: bool) -> bool {
        let mut connections = self.connections();
        if let Some((_, now)) = connections.open.get_mut(&id) {
            *now = answering;
        }
        !connections.stopped
    }
}

/// Given: accepts connections, each on a thread of its own, until the server is stopped.
fn accept(listener: TcpListener, shared: &Shared) {
    thread::scope(|scope| {
        for stream in listener.incoming().flatten() {
            let mut connections = shared.connections();
            if connections.stopped {
                break;
            }
            let Ok(other) = stream.try_clone() else {
                continue;
            };
            let id = connections.next_id;
            connections.next_id += 1;
            connections.open.insert(id, (other, false));
            drop(connections);
            scope.spawn(move || {
                // A handler that panics ends its own connection only.
                catch_unwind(AssertUnwindSafe(|| serve(shared, id, &stream))).ok();
                stream.shutdown(Shutdown::Both).ok();
                shared.connections().open.remove(&id);
            });
        }
    });
}

/// Given: a connection and what has been read from it.
struct Requests<'a> {
    stream: &'a TcpStream,
    parser: RequestParser,
}

impl Requests<'_> {
    /// The parser's next event, or its refusal; `None` at the end of the connection.
    fn next(&mut self) -> io::Result<Option<Result<Event, BadRequest>>> {
        let mut buffer = [0; 16 * 1024];
        loop {
            if let Some(event) = self.parser.next().transpose() {
                return Ok(Some(event));
            }
            match self.stream.read(&mut buffer) {
                Ok(0) => return Ok(None),
                Ok(n) => self.parser.feed(&buffer[..n]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Given: answers one request after the other.
fn serve(shared: &Shared, id: u64, stream: &TcpStream) {
    stream.set_nodelay(true).ok();
    let mut requests = Requests {
        stream,
        parser: RequestParser::new(shared.max_body),
    };
    while let Ok(true) = exchange(shared, id, &mut requests) {}
}

/// Reads a request and answers it; says whether another one may follow.
fn exchange(shared: &Shared, id: u64, requests: &mut Requests<'_>) -> io::Result<bool> {
    todo!("step 4: the head, the handler, 100 Continue, the body; `answering`; the response")
}

/// Whether a request lets the connection stay open.
fn keeps_alive(head: &Head) -> bool {
    todo!("step 5: the version, and the words in all Connection fields, in any case")
}

/// How a response has to be sent.
#[derive(Clone, Copy)]
struct Framing {
    /// The request's version.
    minor: u8,
    /// The request was HEAD.
    head_only: bool,
    keep_alive: bool,
}

/// Writes a response; says whether the connection may stay open.
fn write_response(out: &mut impl Write, response: Response, framing: Framing) -> io::Result<bool> {
    todo!("step 6: status line, fields, length or chunks; what must not be there?")
}

/// Given: the words for a status.
fn reason(status: u16) -> &'static str {
    match status {
        100 => "Continue",
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        304 => "Not Modified",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Content Too Large",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        505 => "HTTP Version Not Supported",
        _ => "Unknown",
    }
}

/// Given: your server as a program. It runs until you end it with Ctrl-C.
#[test]
#[ignore = "runs until you end it"]
fn serve_until_ended() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    println!("http://{}/", listener.local_addr().expect("it is bound"));
    let page = "<h1>It works</h1><p>curl -d hello http://ADDRESS/echo\n";
    let router = Router::default()
        .route("GET", "/", move |_| {
            Response::new(200, page).header("Content-Type", "text/html")
        })
        .route("POST", "/echo", |request| {
            Response::new(200, request.body.clone())
        });
    let _server = Server::start(listener, router, 1 << 20);
    loop {
        thread::park();
    }
}

#[cfg(test)]
mod tests;
