//! A server under test, on loopback, with deadlines.
