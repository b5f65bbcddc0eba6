//! backlings: small exercises that teach backend engineering, judged by real tests on every save.
//!
//! Imports point downwards only (a test holds it):
//! `cli -> commands -> {watch, ui, dev} -> {judge, progress, workspace, editor} -> {track, supervise}`.

pub mod exit;
pub mod judge;
pub mod supervise;
pub mod track;
