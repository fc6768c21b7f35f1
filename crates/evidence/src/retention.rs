//! What is not kept any longer: details of use, lineages and artifacts, each up to a time.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use core::fmt;

use cloudtrail::Timestamp;

use crate::change::Change;
use crate::credential::Credential;
use crate::fold::Evidence;
use crate::issuance::Issuance;
use crate::usage::{Use, UseKey};

/// Up to when what is forgotten.
#[derive(Clone, Copy)]
pub struct CutOffs<'c> {
    /// Kinds of use whose last event is before it.
    pub usage: Timestamp,
    /// Issuances before it, unless they are on the way to a credential that is kept.
    pub lineage: Timestamp,
    /// Changes before it, unless they made a key that is kept.
    pub artifacts: Timestamp,
    /// Credentials of which everything is kept, and everything that they made and handed out, such
    /// as those of open incidents.
    pub is_held: &'c dyn Fn(&Credential) -> bool,
}

impl<'c> CutOffs<'c> {
    /// Forgets details of use alone.
    pub const fn of_usage(usage: Timestamp, is_held: &'c dyn Fn(&Credential) -> bool) -> Self {
        Self { usage, lineage: Timestamp(i64::MIN), artifacts: Timestamp(i64::MIN), is_held }
    }
}

impl fmt::Debug for CutOffs<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CutOffs")
            .field("usage", &self.usage)
            .field("lineage", &self.lineage)
            .field("artifacts", &self.artifacts)
            .finish_non_exhaustive()
    }
}

impl Evidence {
    /// The evidence without what `cut` forgets, in the same order.
    ///
    /// A kind of use is kept or forgotten whole: its count does not tell how many of its events
    /// were before a time. A credential stays as long as a use of it, what it handed out, or the
    /// event that handed it out. Facts about networks stay, because what was so remains so until
    /// an event says otherwise.
    ///
    /// Forgetting twice is forgetting once, and forgetting up to two times in turn is forgetting
    /// up to the later one. Forgetting commutes with merging where, in each of the parts, every
    /// kind of use lies wholly before or wholly after the cut-off and every lineage is whole. It
    /// cannot where a kind of use straddles the cut-off: a part that has only its older events
    /// forgets them, and the whole, which has newer ones, too, keeps all of them. Nor can it where
    /// one part has an old issuance and another the use that keeps it, or where a credential has
    /// more kinds of use than are told apart; so what is merged later
    /// should forget details of use alone, see [`CutOffs::of_usage`].
    #[must_use]
    pub fn forget(self, cut: &CutOffs<'_>) -> Self {
        let wanted = self.wanted(cut);
        self.keep_wanted(cut, wanted)
    }

    /// What of it is `wanted`, which follows from `cut`.
    pub(crate) fn keep_wanted(
        self,
        cut: &CutOffs<'_>,
        (kept, wanted): (BTreeSet<u32>, Wanted),
    ) -> Self {
        let mut rest = Self::default();
        let mut numbers = Renumbered::of(&self);
        for (number, (credential, attributes)) in self.credentials.iter().enumerate() {
            if kept.contains(&(number as u32)) || wanted.has(credential) {
                let credential = credential.clone();
                let entry = rest.credentials.entry(credential);
                let new = entry.index() as u32;
                entry.or_default().merge((**attributes).clone());
                if let Some(slot) = numbers.credentials.get_mut(number) {
                    *slot = Some(new);
                }
            }
        }
        for (key, events) in self.uses.iter() {
            if !cut.keeps(&self, *key, events) {
                continue;
            }
            if let Some(key) = numbers.renumber(&self, &mut rest, *key) {
                rest.add_use(key, events.clone(), Use::merge, |events| events);
            }
        }
        rest.issuances = wanted.issuances;
        rest.changes = wanted.changes;
        let is_status_kept = |event_time: Timestamp, key: &Arc<str>| {
            event_time >= cut.artifacts || wanted.keys.contains(key)
        };
        let statuses = self.key_statuses.into_iter();
        let kept = statuses.filter(|one| is_status_kept(one.event.event_time, &one.access_key_id));
        rest.key_statuses = kept.collect();
        rest.network = self.network;
        rest.kept_from = self.kept_from.max(Some(cut.usage));
        rest
    }

    /// The latest time up to which details of use were forgotten, if ever; history begins there.
    pub const fn kept_from(&self) -> Option<Timestamp> {
        self.kept_from
    }

    /// Numbers of the credentials with uses that are kept, and what is kept for them.
    pub(crate) fn wanted(&self, cut: &CutOffs<'_>) -> (BTreeSet<u32>, Wanted) {
        let uses = self.uses.iter().filter(|(key, events)| cut.keeps(self, **key, events));
        let kept: BTreeSet<u32> = uses.map(|(key, _)| key.credential).collect();
        let mut wanted = Wanted::default();
        for (number, (credential, _)) in self.credentials.iter().enumerate() {
            if kept.contains(&(number as u32)) || (cut.is_held)(credential) {
                wanted.add(credential);
            }
        }
        let mut n_kept = None;
        // Who handed out comes before what was handed out, mostly: one round is the usual case.
        while n_kept != Some((wanted.issuances.len(), wanted.changes.len())) {
            n_kept = Some((wanted.issuances.len(), wanted.changes.len()));
            for issuance in self.issuances.iter().rev() {
                let is_new = !wanted.issuances.contains(issuance);
                let is_young = issuance.event.event_time >= cut.lineage;
                let is_held = (cut.is_held)(&issuance.caller);
                if is_new && (is_young || is_held || wanted.is_issued(issuance)) {
                    wanted.add(&issuance.caller);
                    wanted.add_key(&issuance.access_key_id);
                    wanted.issuances.insert(issuance.clone());
                }
            }
            for change in self.changes.iter().rev() {
                let is_new = !wanted.changes.contains(change);
                let is_young = change.event.event_time >= cut.artifacts;
                let is_of_key = wanted.keys.contains(&change.access_key_id);
                if is_new && (is_young || is_of_key || (cut.is_held)(&change.caller)) {
                    wanted.add(&change.caller);
                    wanted.changes.insert(change.clone());
                }
            }
        }
        (kept, wanted)
    }
}

impl CutOffs<'_> {
    fn keeps(&self, evidence: &Evidence, key: UseKey, events: &Use) -> bool {
        let credential = evidence.credentials.get_index(key.credential as usize);
        events.last >= self.usage
            || credential.is_some_and(|(credential, _)| (self.is_held)(credential))
    }
}

/// What is kept for the sake of credentials that are.
#[derive(Default)]
pub(crate) struct Wanted {
    credentials: BTreeSet<Credential>,
    keys: BTreeSet<Arc<str>>,
    principals: BTreeSet<Arc<str>>,
    pub(crate) issuances: BTreeSet<Box<Issuance>>,
    pub(crate) changes: BTreeSet<Change>,
}

impl Wanted {
    fn add(&mut self, credential: &Credential) {
        if self.credentials.insert(credential.clone()) {
            self.add_key(&credential.access_key_id);
            if !credential.principal_id.is_empty() {
                self.principals.insert(Arc::clone(&credential.principal_id));
            }
        }
    }

    fn add_key(&mut self, key: &Arc<str>) {
        if !key.is_empty() {
            self.keys.insert(Arc::clone(key));
        }
    }

    fn has(&self, credential: &Credential) -> bool {
        self.credentials.contains(credential)
            || (!credential.access_key_id.is_empty()
                && self.keys.contains(&credential.access_key_id))
    }

    /// Whether `issuance` handed out what is kept. Without a key, as for the console, the
    /// principal tells.
    fn is_issued(&self, issuance: &Issuance) -> bool {
        if issuance.access_key_id.is_empty() {
            return self.principals.contains(&issuance.principal_id);
        }
        self.keys.contains(&issuance.access_key_id)
    }
}

/// Numbers in what is kept, by those that were.
struct Renumbered {
    credentials: alloc::vec::Vec<Option<u32>>,
}

impl Renumbered {
    fn of(evidence: &Evidence) -> Self {
        Self { credentials: alloc::vec![None; evidence.credentials.len()] }
    }

    /// `key` in `rest`, which takes in the texts that it names.
    fn renumber(&self, from: &Evidence, rest: &mut Evidence, key: UseKey) -> Option<UseKey> {
        let credential = (*self.credentials.get(key.credential as usize)?)?;
        let [event_source, event_name] = from.actions.row(key.action)?;
        Some(UseKey {
            credential,
            source: rest.sources.add(from.sources.row(key.source)?.clone()),
            user_agent: rest.texts.add(from.texts.row(key.user_agent)?.clone()),
            action: rest.action(event_source, event_name),
            error_code: rest.texts.add(from.texts.row(key.error_code)?.clone()),
            place: rest.places.add(from.places.row(key.place)?.clone()),
        })
    }
}
