//! For authors: the gate that every exercise has to pass, and tools around it.

pub mod bench;
pub mod check;
mod load;
pub mod mutants;
pub mod new;
pub mod stats;

#[cfg(test)]
mod testing;
