//! A disk that loses what was not synced when the power goes.
