//! Graphs and trees that graders try.
//!
//! Nothing here knows the learner's types: a graph is the lists of its nodes' edges, and a [`Shape`] is a tree without
//! keys. A specification builds the learner's graph or tree of them.
//!
//! * [`graphs_of_three`] and [`Shape::all`]: every small one. Most mistakes show on a handful of nodes, and then the
//!   message stays short.
//! * [`random_graph`] and [`Shape::random`]: larger ones, from a seed.
//! * [`long_path`]: one that a recursive search does not survive.
//! * [`Watched`]: the lists of a graph, each of which is given out once.
//!
//! ```
//! use shapes::{Shape, Watched};
//!
//! assert_eq!(Shape::all(3).len(), 5);
//! let graph = Watched::new("neighbors", shapes::long_path(3));
//! assert_eq!(graph.ask(0), [2]);
//! assert!(graph.was_asked(0) && !graph.was_asked(1));
//! ```

#![warn(missing_docs)]

mod graphs;
mod trees;
mod watched;

pub use graphs::{graphs_of_three, long_path, random_graph};
pub use trees::Shape;
pub use watched::Watched;
