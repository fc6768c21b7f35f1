//! How much memory evidence takes, and up to when it has to be forgotten to take less.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use cloudtrail::Timestamp;

use crate::change::Change;
use crate::credential::{Attributes, Credential};
use crate::fold::Evidence;
use crate::issuance::Issuance;
use crate::network::NetworkFact;
use crate::usage::Use;
use crate::uses;

/// Bytes of a text of its own, with what an allocation costs: names of sessions, ids of requests.
const TEXT: usize = 64;

/// Bytes of a credential: its place in the table and its own texts (key, principal, ARN).
const CREDENTIAL: usize = size_of::<Credential>() + size_of::<Attributes>() + 24 + 4 * TEXT;

/// Bytes of an event that is kept whole, with its own texts.
const ISSUANCE: usize = size_of::<Issuance>() + 16 + 4 * TEXT;
const CHANGE: usize = size_of::<Change>() + 6 * TEXT;
const FACT: usize = size_of::<NetworkFact>() + TEXT;

/// Bytes of a row of texts in a table.
const ROW: usize = 24 + TEXT;

/// Seconds of a day.
const DAY: i64 = 86_400;

impl Evidence {
    /// About how many bytes of memory it takes, from what it holds and not from what was asked of
    /// the system.
    pub fn weight(&self) -> u64 {
        let hashes: usize = self.uses.iter().map(|(_, events)| events.heap_bytes()).sum();
        let rows = self.texts.len() + 2 * self.sources.len() + self.actions.len();
        let weight = self.uses.len() * uses::BYTES
            + hashes
            + self.credentials.len() * CREDENTIAL
            + self.issuances.len() * ISSUANCE
            + (self.changes.len() + self.key_statuses.len()) * CHANGE
            + self.network.len() * FACT
            + (rows + self.places.len()) * ROW;
        weight as u64
    }

    /// The first midnight from `from` on up to which details of use can be forgotten, and
    /// everything older than `slack` days before it put to rest, so that about `bytes` of memory
    /// are left; at the latest that before the last event but one day, because what happens now
    /// is told from what happened the day before.
    pub fn cut_within(&self, bytes: u64, from: Timestamp, slack: i64) -> Timestamp {
        let Some((_, last)) = self.span() else {
            return from;
        };
        let midnight = |day: i64| Timestamp(day.saturating_mul(DAY));
        let latest = midnight(last.day() - 1).max(from);
        // What goes with each day, and what stays whatever is forgotten.
        let mut days: BTreeMap<i64, usize> = BTreeMap::new();
        let mut last_days: Vec<Option<i64>> = alloc::vec![None; self.credentials.len()];
        for (key, events) in self.uses.iter() {
            let day = events.last.day();
            *days.entry(day).or_default() += uses::BYTES + events.heap_bytes();
            if let Some(slot) = last_days.get_mut(key.credential as usize) {
                *slot = (*slot).max(Some(day));
            }
        }
        for day in last_days.into_iter().flatten() {
            *days.entry(day).or_default() += CREDENTIAL;
        }
        for issuance in &self.issuances {
            *days.entry(issuance.event.event_time.day() + slack).or_default() += ISSUANCE;
        }
        for change in &self.changes {
            *days.entry(change.event.event_time.day() + slack).or_default() += CHANGE;
        }
        let mut left = self.weight();
        for (day, weight) in days {
            if left <= bytes || midnight(day) >= latest {
                return midnight(day).clamp(from, latest);
            }
            left = left.saturating_sub(weight as u64);
        }
        latest
    }
}

impl Use {
    /// Bytes beside the value itself.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.events.heap_bytes()
    }
}
