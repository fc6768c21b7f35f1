//! Lineages and artifacts that have come to rest: what is old and leads to nothing that is
//! analyzed is kept apart, and found again by the names that a later event can bear.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::change::Change;
use crate::credential::Credential;
use crate::fold::Evidence;
use crate::issuance::{EventRef, Issuance};
use crate::key_status::KeyStatus;
use crate::retention::{CutOffs, Wanted};

/// Events of one part of what rests: so much is read for the sake of one name.
const PART_EVENTS: usize = 2048;

/// Seconds between the event that hands out a session without a key and the begin of the session.
const KEYLESS_SECS: i64 = 60;

/// Evidence in two parts.
#[derive(Debug, Default)]
pub struct Parted {
    /// What is analyzed.
    pub kept: Evidence,
    /// What has come to rest, by time, in parts that are small enough to be read for one name.
    pub at_rest: Vec<Evidence>,
}

/// An event that is kept whole.
#[derive(Clone, Copy)]
enum Kept<'e> {
    Issuance(&'e Issuance),
    Change(&'e Change),
    Status(&'e KeyStatus),
}

impl Evidence {
    /// As [`forget`](Self::forget), and gives what that forgets from `since` on, but for details
    /// of use: who handed out what, and what was left behind.
    ///
    /// What is kept and what rests merge into what [`forget`](Self::forget) leaves with both
    /// cut-offs at `since`, but for credentials that did nothing which is kept.
    #[must_use]
    pub fn part(self, cut: &CutOffs<'_>, since: Timestamp) -> Parted {
        let (kept, wanted) = self.wanted(cut);
        let at_rest = self.at_rest(cut, &wanted, since);
        Parted { kept: self.keep_wanted(cut, (kept, wanted)), at_rest }
    }

    fn at_rest(&self, cut: &CutOffs<'_>, wanted: &Wanted, since: Timestamp) -> Vec<Self> {
        let issuances = self.issuances.iter().filter(|one| !wanted.issuances.contains(*one));
        let changes = self.changes.iter().filter(|one| !wanted.changes.contains(*one));
        let statuses = self.key_statuses.iter();
        let statuses = statuses.filter(|one| one.event.event_time < cut.artifacts);
        let others = changes.map(Kept::Change).chain(statuses.map(Kept::Status));
        let mut events: Vec<Kept<'_>> = issuances
            .map(|one| Kept::Issuance(one))
            .chain(others)
            .filter(|one| one.event().event_time >= since)
            .collect();
        events.sort_by_key(|one| one.event().event_time);
        let names = Named::of(self);
        events.chunks(PART_EVENTS).map(|part| self.of_events(part, &names)).collect()
    }

    /// The names by which [`about`](Self::about) finds its events: keys, and principals of what
    /// has no key.
    ///
    /// What a credential without end handed out is found from below alone: there is no end of it.
    pub fn names_at_rest(&self) -> BTreeSet<Arc<str>> {
        self.events_kept().flat_map(Kept::names).cloned().collect()
    }

    /// The events that bear one of `names`, with the credentials that they are about.
    #[must_use]
    pub fn about(&self, names: &BTreeSet<Arc<str>>) -> Self {
        let bears = |one: &Kept<'_>| one.names().any(|name| names.contains(name));
        let events: Vec<Kept<'_>> = self.events_kept().filter(bears).collect();
        let mut about = self.of_events(&events, &Named::of(self));
        for (credential, attributes) in &self.credentials {
            if names.contains(credential.name()) {
                about.credential(credential.clone(), (**attributes).clone());
            }
        }
        about
    }

    /// Names that lead on from its events, up and down: of whoever made the call, and of what was
    /// handed out.
    pub fn leads(&self) -> BTreeSet<Arc<str>> {
        let callers = self.events_kept().map(|one| one.caller().name().clone());
        self.names_at_rest().into_iter().chain(callers).filter(|name| !name.is_empty()).collect()
    }

    fn events_kept(&self) -> impl Iterator<Item = Kept<'_>> {
        let issuances = self.issuances.iter().map(|one| Kept::Issuance(one));
        let changes = self.changes.iter().map(Kept::Change);
        issuances.chain(changes).chain(self.key_statuses.iter().map(Kept::Status))
    }

    /// `events` with the credentials that they are about.
    fn of_events(&self, events: &[Kept<'_>], names: &Named<'_>) -> Self {
        let mut part = Self::default();
        let mut numbers = BTreeSet::new();
        for event in events {
            numbers.extend(self.credentials.get_index_of(event.caller()).map(|at| at as u32));
            match event {
                Kept::Issuance(one) => {
                    numbers.extend(names.handed_out_by(self, one));
                    part.issuances.insert(Box::new((*one).clone()));
                }
                Kept::Change(one) => {
                    numbers.extend(names.by(&one.access_key_id));
                    part.changes.insert((*one).clone());
                }
                Kept::Status(one) => {
                    part.key_statuses.insert((*one).clone());
                }
            }
        }
        for number in numbers {
            if let Some((credential, attributes)) = self.credentials.get_index(number as usize) {
                part.credential(credential.clone(), (**attributes).clone());
            }
        }
        part
    }
}

impl Credential {
    /// Its key, or its principal where it has none.
    pub fn name(&self) -> &Arc<str> {
        if self.access_key_id.is_empty() { &self.principal_id } else { &self.access_key_id }
    }

    /// Whether it has an end.
    pub const fn is_temporary(&self) -> bool {
        self.creation_date.is_some()
    }
}

impl Issuance {
    /// The key that was handed out, or its principal where the event tells none.
    pub fn name(&self) -> &Arc<str> {
        if self.access_key_id.is_empty() { &self.principal_id } else { &self.access_key_id }
    }
}

impl<'e> Kept<'e> {
    const fn event(&self) -> &'e EventRef {
        match self {
            Self::Issuance(one) => &one.event,
            Self::Change(one) => &one.event,
            Self::Status(one) => &one.event,
        }
    }

    const fn caller(&self) -> &'e Credential {
        match self {
            Self::Issuance(one) => &one.caller,
            Self::Change(one) => &one.caller,
            Self::Status(one) => &one.caller,
        }
    }

    fn names(self) -> impl Iterator<Item = &'e Arc<str>> {
        let caller = self.caller();
        let (made, is_found_by_caller) = match self {
            Self::Issuance(one) => (one.name(), caller.is_temporary()),
            Self::Change(one) => (&one.access_key_id, true),
            Self::Status(one) => (&one.access_key_id, false),
        };
        let caller = Some(caller.name()).filter(|_| is_found_by_caller);
        caller.into_iter().chain([made]).filter(|name| !name.is_empty())
    }
}

/// Numbers of credentials by key, and by principal.
struct Named<'e>(HashMap<&'e str, Vec<u32>, RandomState>);

impl<'e> Named<'e> {
    fn of(evidence: &'e Evidence) -> Self {
        let mut names: HashMap<&str, Vec<u32>, RandomState> = HashMap::default();
        for (number, credential) in (0..).zip(evidence.credentials.keys()) {
            for name in [&credential.access_key_id, &credential.principal_id] {
                if !name.is_empty() {
                    names.entry(name).or_default().push(number);
                }
            }
        }
        Self(names)
    }

    fn by(&self, name: &str) -> impl Iterator<Item = u32> {
        self.0.get(name).into_iter().flatten().copied()
    }

    /// Credentials that `issuance` handed out: those with its key, or, where the event tells
    /// none, those of its principal that began then.
    fn handed_out_by(
        &self,
        evidence: &'e Evidence,
        issuance: &Issuance,
    ) -> impl Iterator<Item = u32> {
        let is_keyless = issuance.access_key_id.is_empty();
        let time = issuance.event.event_time;
        let begins_then = move |number: &u32| {
            let credential = evidence.credentials.get_index(*number as usize);
            let begin = credential.and_then(|(credential, _)| credential.creation_date);
            begin.is_some_and(|begin| begin.seconds_since(time).abs() <= KEYLESS_SECS)
        };
        self.by(issuance.name()).filter(move |number| !is_keyless || begins_then(number))
    }
}
