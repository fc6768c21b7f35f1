//! How each sink fares: what metrics and a status page show.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::outbox::Depth;
use crate::clock::WallTime;
use crate::config::SinkKind;

/// How a sink fares. No text of it holds a secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SinkStatus {
    /// Its name in the configuration.
    pub name: String,
    /// What it is.
    pub kind: SinkKind,
    /// Attempts to send a message since the start.
    pub attempts: u64,
    /// Messages taken since the start.
    pub delivered: u64,
    /// Failed attempts since the last message that was taken.
    pub failures_in_a_row: u32,
    /// When it last took a message.
    pub last_success: Option<WallTime>,
    /// When it last did not, and why.
    pub last_failure: Option<(WallTime, String)>,
    /// What waits and what was given up, as last seen.
    pub depth: Depth,
    /// When the outbox is looked into again, unless something is added before; nothing while
    /// something is being sent.
    pub next_look: Option<WallTime>,
}

/// How all sinks fare; clones show the same.
#[derive(Clone, Debug, Default)]
pub struct StatusBoard(Arc<Mutex<BTreeMap<String, SinkStatus>>>);

impl StatusBoard {
    /// How each sink fares, by name.
    pub fn sinks(&self) -> Vec<SinkStatus> {
        self.lock().values().cloned().collect()
    }

    /// Adds a sink that was not tried yet.
    pub(crate) fn add(&self, name: &str, kind: SinkKind) {
        let status = SinkStatus {
            name: name.to_owned(),
            kind,
            attempts: 0,
            delivered: 0,
            failures_in_a_row: 0,
            last_success: None,
            last_failure: None,
            depth: Depth::default(),
            next_look: None,
        };
        self.lock().insert(name.to_owned(), status);
    }

    pub(crate) fn change(&self, name: &str, change: impl FnOnce(&mut SinkStatus)) {
        if let Some(status) = self.lock().get_mut(name) {
            change(status);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, SinkStatus>> {
        // Nothing here stops halfway: whatever panicked, the board is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
