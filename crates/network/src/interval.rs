//! Statements that hold for an interval of time.

use alloc::sync::Arc;

use cloudtrail::Timestamp;
use evidence::{EventRef, FactProof};

/// What a statement rests on.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Proof {
    /// An event of CloudTrail.
    Event(EventRef),
    /// An inventory that the user gave, by its name.
    Inventory(Arc<str>),
}

impl Proof {
    pub(crate) fn of(proof: &FactProof) -> Self {
        match proof {
            FactProof::Event(call) => Self::Event(call.event.clone()),
            FactProof::Inventory(source) => Self::Inventory(Arc::clone(&source.name)),
        }
    }
}

/// Something that is true from one time to another.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Held<T> {
    /// When it begins; nothing where it was so before anything is known.
    pub since: Option<Timestamp>,
    /// When it ends; nothing where no end is known.
    pub until: Option<Timestamp>,
    /// What is true.
    pub value: T,
    /// What the begin rests on.
    pub proof: Proof,
}

impl<T> Held<T> {
    /// Whether it is true at `time`.
    pub fn holds_at(&self, time: Timestamp) -> bool {
        self.overlaps(time, time)
    }

    /// Whether it is true at any time from `first` to `last`.
    pub fn overlaps(&self, first: Timestamp, last: Timestamp) -> bool {
        self.since.is_none_or(|since| since <= last) && self.until.is_none_or(|end| first <= end)
    }
}
