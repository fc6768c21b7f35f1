//! Identities that were taken apart shortly before.

use alloc::string::String;
use alloc::vec::Vec;

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Identities that are remembered. Nearly nine of ten records repeat one of the last few hundred.
const SLOTS: usize = 4096;

/// Longest identity that is remembered, in bytes, so that hostile ones cannot fill memory.
const BYTES_MAX: usize = 8 * 1024;

/// What taking an identity apart gave.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Identity {
    /// Number of the credential.
    pub(crate) credential: u32,
    /// Number of the text of `invokedBy`.
    pub(crate) invoked_by: u32,
}

/// A table of fixed size from the text of an identity to what it gave.
///
/// It only saves time: it has no say in what evidence holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memo {
    slots: Vec<Slot>,
}

#[derive(Clone, Debug, Default)]
struct Slot {
    raw: String,
    is_from_console: bool,
    identity: Identity,
}

impl Memo {
    pub(crate) fn find(&self, raw: &str, is_from_console: bool) -> Option<Identity> {
        let slot = self.slots.get(index(raw, is_from_console))?;
        let is_same = slot.is_from_console == is_from_console && slot.raw == raw;
        is_same.then_some(slot.identity)
    }

    pub(crate) fn insert(&mut self, raw: &str, is_from_console: bool, identity: Identity) {
        if raw.len() > BYTES_MAX {
            return;
        }
        if self.slots.is_empty() {
            self.slots.resize_with(SLOTS, Slot::default);
        }
        if let Some(slot) = self.slots.get_mut(index(raw, is_from_console)) {
            slot.raw.clear();
            slot.raw.push_str(raw);
            slot.is_from_console = is_from_console;
            slot.identity = identity;
        }
    }
}

fn index(raw: &str, is_from_console: bool) -> usize {
    xxh3_64_with_seed(raw.as_bytes(), u64::from(is_from_console)) as usize % SLOTS
}
