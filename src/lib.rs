//! backlings: small exercises that teach backend engineering, judged by real tests on every save.
//!
//! Imports point downwards only (a test holds it):
//! `cli -> commands -> {watch, dev} -> {ui, workspace, editor} -> {judge, progress} -> track -> supervise`.

pub mod cli;
pub mod commands;
pub mod dev;
pub mod editor;
pub mod exit;
pub mod judge;
pub mod progress;
pub mod supervise;
pub mod track;
pub mod ui;
pub mod watch;
pub mod workspace;
