//! Protocol codecs and clients to talk to: DNS, HPACK, HTTP/1.1 and WebSockets.
