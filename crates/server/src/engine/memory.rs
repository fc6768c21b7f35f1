//! How much memory evidence takes, and what is on the disk alone until something leads to it.

use std::collections::BTreeSet;
use std::sync::Arc;

use evidence::{Credential, Evidence};

use super::{Batch, Engine};

/// Of what is left when it is too much, how much has to come before it is too much again: where
/// nothing more can be left out, it is not tried all the time.
const STEP: u64 = 8;

/// How much memory evidence may take.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memory {
    limit: Option<u64>,
    /// From where on it is too much.
    too_much: u64,
    /// What it takes at most: what was weighed, and what came since.
    at_most: u64,
}

impl Memory {
    pub(super) const fn limit(self) -> Option<u64> {
        self.limit
    }
}

impl Engine {
    /// Leaves out of memory, from here on, what is more than about `bytes` of evidence; see
    /// [`Store::retain`](store::Store::retain). Without this there is no limit.
    pub const fn keep_within(&mut self, bytes: u64) {
        self.memory = Memory { limit: Some(bytes), too_much: bytes, at_most: u64::MAX };
    }

    /// Whether evidence takes more memory than it may.
    pub fn is_heavy(&mut self) -> bool {
        if self.memory.limit.is_none() || self.memory.at_most <= self.memory.too_much {
            return false;
        }
        // Weighing goes over everything; what is added is weighed as it comes.
        self.memory.at_most = self.subjects.weight();
        self.memory.at_most > self.memory.too_much
    }

    /// Notes that `evidence` comes in addition.
    pub(super) fn load_on(&mut self, evidence: &Evidence) {
        self.memory.at_most = self.memory.at_most.saturating_add(evidence.weight());
    }

    /// Notes how much was left.
    pub(super) fn lighten(&mut self) {
        let weight = self.subjects.weight();
        self.memory.at_most = weight;
        self.memory.too_much = self.memory.limit.unwrap_or_default().max(weight + weight / STEP);
    }

    /// Adds to `batch` the lineages at rest that it leads to: what they are part of is analyzed
    /// again from here on.
    pub(super) fn wake(&self, batch: &mut Batch) -> Result<(), store::Error> {
        let Some(until) = self.store.at_rest_until()? else {
            return Ok(());
        };
        let is_old = |credential: &Credential| {
            credential.creation_date.is_none_or(|date| date < until)
                && !self.subjects.knows(credential)
        };
        let mut names: BTreeSet<Arc<str>> = BTreeSet::new();
        let mut add =
            |name: &Arc<str>| _ = (!name.is_empty()).then(|| names.insert(Arc::clone(name)));
        for (credential, _) in batch.evidence.credentials().filter(|(one, _)| is_old(one)) {
            add(&credential.access_key_id);
            // A session without a key was handed out to a principal; one that has no end is found
            // by what made it.
            if credential.is_temporary() {
                add(&credential.principal_id);
            }
        }
        for issuance in batch.evidence.issuances().filter(|one| one.event.event_time < until) {
            add(issuance.name());
        }
        if names.is_empty() {
            return Ok(());
        }
        let lineages = self.store.lineages(names)?;
        if lineages.is_cut {
            tracing::warn!("late events lead to more lineages than are followed");
        }
        batch.evidence.merge(lineages.evidence);
        Ok(())
    }
}
