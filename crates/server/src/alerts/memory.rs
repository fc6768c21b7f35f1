//! An outbox in memory: what tests use, and what the rules of [`Outbox`] look like as code.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::outbox::{Depth, Entry, EntryId, Mark, NewEntry, Outbox, OutboxError};
use crate::clock::WallTime;

/// An outbox that lasts as long as the process.
#[derive(Debug, Default)]
pub struct MemoryOutbox(Mutex<Queue>);

#[derive(Debug, Default)]
struct Queue {
    entries: Vec<Kept>,
    /// Sink, incident and revision of every message there ever was.
    known: BTreeSet<(String, String, u32)>,
}

#[derive(Debug)]
struct Kept {
    entry: Entry,
    last_error: Option<String>,
    is_parked: bool,
}

impl MemoryOutbox {
    /// The errors that entries of `sink` were given up for, oldest entry first.
    pub fn parked_errors(&self, sink: &str) -> Vec<String> {
        let queue = self.lock();
        let parked = queue.entries.iter().filter(|kept| kept.is_parked && kept.is_of(sink));
        parked.filter_map(|kept| kept.last_error.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Nothing here stops halfway: whatever panicked, the queue is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn is_of(&self, sink: &str) -> bool {
        self.entry.message.sink == sink
    }
}

impl Queue {
    fn waiting<'q>(&'q self, sink: &'q str) -> impl Iterator<Item = &'q Entry> {
        let waiting = self.entries.iter().filter(move |kept| !kept.is_parked && kept.is_of(sink));
        waiting.map(|kept| &kept.entry)
    }

    fn mark(&mut self, mark: &Mark) {
        let Some(at) = self.entries.iter().position(|kept| kept.entry.id == mark.id()) else {
            return;
        };
        let mut kept = self.entries.remove(at);
        match mark {
            Mark::Delivered { .. } => return,
            Mark::Failed { error, next_attempt, .. } => {
                kept.last_error = Some(error.clone());
                kept.entry.next_attempt = *next_attempt;
            }
            Mark::Parked { error, .. } => {
                kept.last_error = Some(error.clone());
                kept.is_parked = true;
            }
        }
        kept.entry.attempts = kept.entry.attempts.saturating_add(1);
        self.entries.insert(at, kept);
    }
}

impl Outbox for MemoryOutbox {
    fn enqueue(&self, messages: &[NewEntry]) -> Result<(), OutboxError> {
        let mut queue = self.lock();
        for message in messages {
            let key = (message.sink.clone(), message.incident_id.clone(), message.revision);
            if !queue.known.insert(key) {
                continue;
            }
            let id = EntryId(queue.known.len() as i64);
            let next_attempt = message.enqueued_at;
            let entry = Entry { id, message: message.clone(), attempts: 0, next_attempt };
            queue.entries.push(Kept { entry, last_error: None, is_parked: false });
        }
        Ok(())
    }

    fn due(&self, sink: &str, now: WallTime, limit: usize) -> Result<Vec<Entry>, OutboxError> {
        let queue = self.lock();
        let mut incidents = BTreeSet::new();
        let firsts =
            queue.waiting(sink).filter(|entry| incidents.insert(&*entry.message.incident_id));
        let mut due: Vec<Entry> = firsts.filter(|entry| entry.is_due(now)).cloned().collect();
        due.sort_by_key(Entry::rank);
        due.truncate(limit);
        Ok(due)
    }

    fn mark(&self, marks: &[Mark]) -> Result<(), OutboxError> {
        let mut queue = self.lock();
        for mark in marks {
            queue.mark(mark);
        }
        Ok(())
    }

    fn retry_parked(&self, sink: &str, now: WallTime) -> Result<u64, OutboxError> {
        let mut queue = self.lock();
        let parked = queue.entries.iter_mut().filter(|kept| kept.is_parked && kept.is_of(sink));
        let mut n_parked = 0;
        for kept in parked {
            kept.is_parked = false;
            kept.entry.attempts = 0;
            kept.entry.next_attempt = now;
            n_parked += 1;
        }
        Ok(n_parked)
    }

    fn depth(&self, sink: &str) -> Result<Depth, OutboxError> {
        let queue = self.lock();
        let waiting = queue.waiting(sink).count() as u64;
        let all = queue.entries.iter().filter(|kept| kept.is_of(sink)).count() as u64;
        Ok(Depth { waiting, parked: all - waiting })
    }
}
