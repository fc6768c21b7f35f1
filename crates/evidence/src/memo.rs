//! Identities that were taken apart shortly before.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Identities that are remembered. Nearly nine of ten records repeat one of the last few hundred,
/// and those of a busy organization the last few thousand.
const SLOTS: usize = 8192;

/// Longest identity that is remembered, in bytes, so that hostile ones cannot fill memory.
const BYTES_MAX: usize = 8 * 1024;

/// What taking an identity apart gave.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Identity {
    /// Number of the credential.
    pub(crate) credential: u32,
    /// Number of the text of `invokedBy`.
    pub(crate) invoked_by: u32,
    /// Hash of what tells the credential from others.
    pub(crate) hash: u64,
}

/// Where an identity called from last, which is where it calls from most of the time.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Client {
    /// Number of the source.
    pub(crate) source: u32,
    /// Number of the text of `userAgent`.
    pub(crate) user_agent: u32,
    /// Number of the account and Region.
    pub(crate) place: u32,
    /// Hash of the texts behind these numbers; 0 where none was worked out.
    pub(crate) hash: u64,
}

/// A place of the memo, or none for an identity that is not remembered.
pub(crate) type Slot = Option<usize>;

/// A table of fixed size from the text of an identity to what it gave.
///
/// It only saves time: it has no say in what evidence holds.
#[derive(Clone, Default)]
pub(crate) struct Memo {
    entries: Vec<Entry>,
}

/// Says nothing, because nothing in it is evidence.
impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo").finish_non_exhaustive()
    }
}

#[derive(Clone, Default)]
struct Entry {
    raw: String,
    is_from_console: bool,
    identity: Identity,
    client: Client,
}

impl Memo {
    /// What is known of the identity, and where it is remembered or can be.
    pub(crate) fn find(&self, raw: &str, is_from_console: bool) -> (Option<Identity>, Slot) {
        if raw.len() > BYTES_MAX {
            return (None, None);
        }
        let index = index(raw, is_from_console);
        let is_same = |entry: &&Entry| entry.is_from_console == is_from_console && entry.raw == raw;
        let identity = self.entries.get(index).filter(is_same).map(|entry| entry.identity);
        (identity, Some(index))
    }

    pub(crate) fn insert(
        &mut self,
        slot: Slot,
        raw: &str,
        is_from_console: bool,
        identity: Identity,
    ) {
        if self.entries.is_empty() {
            self.entries.resize_with(SLOTS, Entry::default);
        }
        if let Some(entry) = slot.and_then(|index| self.entries.get_mut(index)) {
            entry.raw.clear();
            entry.raw.push_str(raw);
            entry.is_from_console = is_from_console;
            entry.identity = identity;
            entry.client = Client::default();
        }
    }

    /// Where the identity at `slot` called from last; a guess that has to be checked.
    pub(crate) fn client(&self, slot: Slot) -> Client {
        slot.and_then(|index| self.entries.get(index)).map(|e| e.client).unwrap_or_default()
    }

    pub(crate) fn set_client(&mut self, slot: Slot, client: Client) {
        if let Some(entry) = slot.and_then(|index| self.entries.get_mut(index)) {
            entry.client = client;
        }
    }
}

fn index(raw: &str, is_from_console: bool) -> usize {
    xxh3_64_with_seed(raw.as_bytes(), u64::from(is_from_console)) as usize % SLOTS
}
