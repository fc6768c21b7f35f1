//! What is to be sent and was not yet: the queue that survives a restart.

use detect::Severity;

use super::backoff::RETRY_AFTER_MAX;
use super::decide::MessageKind;
use crate::clock::WallTime;

/// Attempts after which an entry lets those behind it pass: one that its sink never takes may not
/// keep all others waiting.
pub const PASSES_AFTER: u32 = 3;

/// Number of an entry; later entries have greater ones.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct EntryId(pub i64);

/// A message as it is put into the outbox.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewEntry {
    /// Name of the sink.
    pub sink: String,
    /// The incident.
    pub incident_id: String,
    /// What is said of it.
    pub kind: MessageKind,
    /// Its number among the messages about this incident to this sink, from 1.
    pub revision: u32,
    /// How grave the incident is.
    pub severity: Severity,
    /// The bytes to send, without any secret.
    pub payload: Vec<u8>,
    /// When it was decided on.
    pub enqueued_at: WallTime,
}

/// A message in the outbox.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// Its number.
    pub id: EntryId,
    /// The message.
    pub message: NewEntry,
    /// How often it was tried.
    pub attempts: u32,
    /// When it may be tried again; at first [`NewEntry::enqueued_at`].
    pub next_attempt: WallTime,
}

/// What became of an attempt to send an entry.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Mark {
    /// The sink has taken it: it is forgotten.
    Delivered {
        /// The entry.
        id: EntryId,
        /// When.
        at: WallTime,
    },
    /// It failed, counts as an attempt, and is tried again.
    Failed {
        /// The entry.
        id: EntryId,
        /// Why, without secrets.
        error: String,
        /// When it may be tried again.
        next_attempt: WallTime,
    },
    /// It failed, counts as an attempt, and is given up; it is kept to be seen.
    Parked {
        /// The entry.
        id: EntryId,
        /// Why, without secrets.
        error: String,
        /// When.
        at: WallTime,
    },
}

impl Mark {
    /// The entry.
    pub const fn id(&self) -> EntryId {
        match self {
            Self::Delivered { id, .. } | Self::Failed { id, .. } | Self::Parked { id, .. } => *id,
        }
    }
}

/// How many messages of a sink lie in the outbox.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Depth {
    /// Those that will be tried.
    pub waiting: u64,
    /// Those that were given up, and are kept to be seen.
    pub parked: u64,
}

/// Why the outbox did not do it: the store's own words, without secrets.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the outbox failed: {0}")]
pub struct OutboxError(pub String);

/// What keeps messages until they are sent.
///
/// Functions may block; they are called where that hurts nobody. An entry is *waiting*, *parked*
/// or gone. Marks of entries that are gone or never were change nothing and are no error.
pub trait Outbox: Send + Sync {
    /// Adds `messages` in this order, all or none.
    ///
    /// One of the same sink, incident and revision as one that the outbox has is left out.
    ///
    /// # Errors
    ///
    /// Where they could not be kept durably.
    fn enqueue(&self, messages: &[NewEntry]) -> Result<(), OutboxError>;

    /// At most `limit` waiting entries of `sink` to try at `now`, ordered by [`Entry::rank`].
    ///
    /// Of each incident only the one with the smallest number counts, and only if
    /// [`Entry::is_due`]: messages about an incident are sent in their order. Parked entries hold
    /// nobody up.
    ///
    /// # Errors
    ///
    /// Where they could not be read.
    fn due(&self, sink: &str, now: WallTime, limit: usize) -> Result<Vec<Entry>, OutboxError>;

    /// Keeps what became of entries, all in one go.
    ///
    /// # Errors
    ///
    /// Where this could not be kept durably; it will be called again with the same.
    fn mark(&self, marks: &[Mark]) -> Result<(), OutboxError>;

    /// Makes the parked entries of `sink` wait again, from `now`, as if they had not been tried;
    /// returns how many there were.
    ///
    /// # Errors
    ///
    /// Where this could not be kept durably.
    fn retry_parked(&self, sink: &str, now: WallTime) -> Result<u64, OutboxError>;

    /// How many entries of `sink` there are.
    ///
    /// # Errors
    ///
    /// Where they could not be counted.
    fn depth(&self, sink: &str) -> Result<Depth, OutboxError>;
}

impl NewEntry {
    /// The same for every attempt to send this message, and for no other message to this sink.
    pub fn key(&self) -> String {
        format!("{}-{}", self.incident_id, self.revision)
    }
}

impl Entry {
    /// Whether it may be tried at `now`.
    ///
    /// No wait is longer than [`RETRY_AFTER_MAX`]: where one seems to be, the clock was set back.
    pub fn is_due(&self, now: WallTime) -> bool {
        self.next_attempt <= now || self.next_attempt > now.after(RETRY_AFTER_MAX)
    }

    /// Where it stands in the queue: by number, but behind others after [`PASSES_AFTER`] attempts.
    pub const fn rank(&self) -> (u32, EntryId) {
        (self.attempts / PASSES_AFTER, self.id)
    }
}
