//! Every dependency group of the track; `groups/NAME` holds one.
