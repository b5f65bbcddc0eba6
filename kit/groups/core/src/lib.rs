//! The standard library and the graders.
