//! The outbox in the store.

use std::sync::{Mutex, MutexGuard, PoisonError};

use store::{AlertMark, AlertRow, Due, NewAlert, Store};

use super::backoff::RETRY_AFTER_MAX;
use super::decide::MessageKind;
use super::outbox::{Depth, Entry, EntryId, Mark, NewEntry, Outbox, OutboxError, PASSES_AFTER};
use crate::clock::WallTime;

/// The outbox in a store, through a connection of its own.
#[derive(Debug)]
pub struct StoredOutbox(Mutex<Store>);

impl StoredOutbox {
    /// The outbox of `store`.
    pub const fn new(store: Store) -> Self {
        Self(Mutex::new(store))
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<store::Error> for OutboxError {
    fn from(error: store::Error) -> Self {
        Self(error.to_string())
    }
}

impl NewEntry {
    /// As the store keeps it.
    pub(crate) fn into_alert(self) -> NewAlert {
        NewAlert {
            sink: self.sink,
            incident: self.incident_id,
            kind: self.kind.name().to_owned(),
            revision: self.revision,
            severity: self.severity,
            payload: self.payload,
            enqueued_at: self.enqueued_at.0,
        }
    }
}

fn entry(row: AlertRow) -> Option<Entry> {
    let alert = row.alert;
    Some(Entry {
        id: EntryId(row.id),
        message: NewEntry {
            sink: alert.sink,
            incident_id: alert.incident,
            kind: MessageKind::of_name(&alert.kind)?,
            revision: alert.revision,
            severity: alert.severity,
            payload: alert.payload,
            enqueued_at: WallTime(alert.enqueued_at),
        },
        attempts: row.attempts,
        next_attempt: WallTime(row.next_attempt),
    })
}

impl Outbox for StoredOutbox {
    fn enqueue(&self, messages: &[NewEntry]) -> Result<(), OutboxError> {
        let alerts: Vec<NewAlert> = messages.iter().cloned().map(NewEntry::into_alert).collect();
        Ok(self.store().enqueue(&alerts)?)
    }

    fn due(&self, sink: &str, now: WallTime, limit: usize) -> Result<Vec<Entry>, OutboxError> {
        let due = Due {
            sink,
            now: now.0,
            latest: now.after(RETRY_AFTER_MAX).0,
            passes_after: PASSES_AFTER,
            limit: u32::try_from(limit).unwrap_or(u32::MAX),
        };
        let rows = self.store().due(&due)?;
        Ok(rows.into_iter().filter_map(entry).collect())
    }

    fn mark(&self, marks: &[Mark]) -> Result<(), OutboxError> {
        let marks: Vec<AlertMark<'_>> = marks
            .iter()
            .map(|mark| match mark {
                Mark::Delivered { id, at } => AlertMark::Delivered { id: id.0, at: at.0 },
                Mark::Failed { id, error, next_attempt } => {
                    AlertMark::Failed { id: id.0, error, next_attempt: next_attempt.0 }
                }
                Mark::Parked { id, error, at } => AlertMark::Parked { id: id.0, error, at: at.0 },
            })
            .collect();
        Ok(self.store().mark(&marks)?)
    }

    fn retry_parked(&self, sink: &str, now: WallTime) -> Result<u64, OutboxError> {
        Ok(self.store().retry_parked(sink, now.0)?)
    }

    fn depth(&self, sink: &str) -> Result<Depth, OutboxError> {
        let depth = self.store().depth(sink)?;
        Ok(Depth { waiting: depth.waiting, parked: depth.parked })
    }
}
