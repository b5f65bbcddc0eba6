//! A network that loses, doubles, delays and reorders messages, the same way for the same seed.
