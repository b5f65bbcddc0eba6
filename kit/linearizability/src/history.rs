//! What clients did and saw.

use crate::Model;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Calls of clients in the order in which they started and returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History<C, R> {
    pub(crate) calls: Vec<Entry<C, R>>,
    pub(crate) events: usize,
}

/// A call of a [`History`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallId(pub(crate) usize);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry<C, R> {
    pub id: CallId,
    pub client: usize,
    pub call: C,
    /// The number of the event at which it started.
    pub start: usize,
    /// The number of the event at which it returned, and the result.
    pub end: Option<(usize, R)>,
}

impl<C, R> History<C, R> {
    /// A history without calls.
    pub fn new() -> Self {
        Self {
            calls: Vec::new(),
            events: 0,
        }
    }

    /// A client starts a call. One that never returns may have happened at any time after, or not at all.
    pub fn call(&mut self, client: usize, call: C) -> CallId {
        let id = CallId(self.calls.len());
        self.calls.push(Entry {
            id,
            client,
            call,
            start: self.events,
            end: None,
        });
        self.events += 1;
        id
    }

    /// A call returns.
    ///
    /// # Panics
    /// When it has returned before.
    #[track_caller]
    pub fn returned(&mut self, id: CallId, result: R) {
        let call = &mut self.calls[id.0];
        assert!(
            call.end.is_none(),
            "call {} of this history returns twice",
            id.0
        );
        call.end = Some((self.events, result));
        self.events += 1;
    }

    /// How many calls there are.
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }
}

impl<C, R> Default for History<C, R> {
    fn default() -> Self {
        Self::new()
    }
}

/// The calls of a model's history.
pub(crate) type Calls<M> = Vec<Entry<<M as Model>::Call, <M as Model>::Result>>;

/// A history that threads write together. Clones write to the same one.
#[derive(Debug)]
pub struct Recorder<C, R>(Arc<Mutex<History<C, R>>>);

impl<C: Clone, R: Clone> Recorder<C, R> {
    /// A recorder of an empty history.
    pub fn new() -> Self {
        Self(Arc::default())
    }

    /// Makes a call for a client, and writes down when it started, when it returned, and with what.
    /// When `f` panics the call has never returned.
    pub fn record(&self, client: usize, call: C, f: impl FnOnce() -> R) -> R {
        let id = self.history_mut().call(client, call);
        let result = f();
        self.history_mut().returned(id, result.clone());
        result
    }

    /// What was recorded until now.
    pub fn history(&self) -> History<C, R> {
        self.history_mut().clone()
    }

    fn history_mut(&self) -> MutexGuard<'_, History<C, R>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C, R> Clone for Recorder<C, R> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<C: Clone, R: Clone> Default for Recorder<C, R> {
    fn default() -> Self {
        Self::new()
    }
}
