//! A clock that stands still until a test moves it.
