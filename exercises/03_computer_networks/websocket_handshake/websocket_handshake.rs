//! # The WebSocket handshake
//!
//! A browser opens a WebSocket with an ordinary GET request: the same port, the same cookies, the same
//! proxies. If the server agrees, it answers 101, and from then on both speak frames. The answer
//! contains a hash of the client's key: it proves that the server knows WebSockets, and is no cache or
//! mail server that happens to answer.
//!
//! Write `accept_key` and `upgrade` after RFC 6455, 4.2.
//!
//! 1. `accept_key` is the Base64 of the SHA-1 of the key followed by `GUID` (1.3).
//! 2. A request without `websocket` in its `Upgrade` list is none for us, whatever else it is. One
//!    without exactly one `Sec-WebSocket-Version`, which is `13`, is too new or too old (4.4). Both get
//!    426 with `Upgrade: websocket`, `Connection: Upgrade` and `Sec-WebSocket-Version: 13`.
//! 3. Otherwise it has to be a GET of HTTP/1.1, with `upgrade` in its `Connection` list and one
//!    `Sec-WebSocket-Key`, which is the Base64 of 16 bytes. If not, it gets 400.
//! 4. A right one gets 101 with `Upgrade: websocket`, `Connection: Upgrade` and `Sec-WebSocket-Accept`.
//! 5. `Sec-WebSocket-Protocol` lists what the client can speak, the best first. The answer names the
//!    first one that is in `protocols`, in the same letters, and no other; without one there is no
//!    such field.
//!
//! Names of fields are compared without case, and so are `websocket` and `upgrade`. Lists have
//! commas, blanks around them, and may come in several fields.
//!
//! An example: the key `dGhlIHNhbXBsZSBub25jZQ==` is answered with `s3pPLMBiTxaQ9kYGzzhZRbK+xOo=`.
//!
//! How it is judged: the RFC's example, each fault on its own, lists in many forms, and the
//! requests of the client `tungstenite`, which checks your answers. The crates `sha1` and `base64` are there.

/// A request's head, as the parser gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub method: String,
    pub target: String,
    /// 1 for HTTP/1.1.
    pub minor: u8,
    pub headers: Vec<(String, String)>,
}

impl Head {
    /// The values of all fields of a name.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let fields = self.headers.iter();
        fields
            .filter(move |(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// A response without a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
}

/// What the key is hashed with.
pub const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The answer to a key.
pub fn accept_key(key: &str) -> String {
    todo!("step 1: hash key and GUID, and encode the hash")
}

/// The answer to a request: `Ok` for 101, `Err` for a refusal.
pub fn upgrade(head: &Head, protocols: &[&str]) -> Result<Response, Response> {
    todo!("step 2: 426? 400? Then 101, with a protocol if there is one in common")
}

#[cfg(test)]
mod tests;
