//! TLS at the other end, and certificates for it.
