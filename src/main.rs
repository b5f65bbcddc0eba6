//! The `backlings` command.

fn main() {}
