//! Supervision of real processes: the built binary serves as the cage.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod limits;
mod outcomes;
mod scratch;
mod support;

// These look into `/proc` to see what is left.
#[cfg(target_os = "linux")]
mod killed;
#[cfg(target_os = "linux")]
mod leftovers;
