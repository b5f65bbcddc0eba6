//! HTTP clients to serve: hyper and h2, on tokio.
