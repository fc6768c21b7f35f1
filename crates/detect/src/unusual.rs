//! What sessions do that neither their own past nor their peers do, day by day.
//!
//! Every session is compared with what was learned on the days before its own, so that nothing
//! that comes later can excuse it, and teaches only where nobody has a reason to doubt it.

mod bits;
mod bursts;
mod feature;
mod groups;
mod judge;
mod parts;
mod population;
mod reading;
mod session;
mod told;
mod weigh;

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use cloudtrail::Timestamp;

use crate::settings::Accepted;

pub use bits::BIT;
pub(crate) use judge::{Doubt, Material, judge};
pub(crate) use session::head_of;
pub(crate) use told::{Told, accepted, bits};
pub use weigh::MEDIUM;
pub(crate) use weigh::Weighed;

/// What came of judging every session.
#[derive(Debug, Default)]
pub(crate) struct Judgement<'e> {
    /// What is worth a finding, most surprising first, as many as are listed.
    pub(crate) units: Vec<Judged<'e>>,
    /// How many more are worth one.
    pub(crate) n_left_out: usize,
    /// Nodes whose sessions taught nothing, because of doubts or of what they are found to be.
    pub(crate) untrained: BTreeSet<usize>,
    /// Sessions that could be judged.
    pub(crate) n_judged: u64,
    /// Sessions with too little to compare them with.
    pub(crate) n_unjudged: u64,
}

/// A session, or a day of a long-term key, that is worth a finding.
#[derive(Debug)]
pub(crate) struct Judged<'e> {
    /// Node that it begins at.
    pub(crate) head: usize,
    /// Its day, for what has no end.
    pub(crate) day: Option<i64>,
    /// When it began.
    pub(crate) start: Timestamp,
    /// What is unusual, and how that adds up.
    pub(crate) weighed: Weighed,
    /// Its nodes.
    pub(crate) nodes: Vec<usize>,
    /// The same in words.
    pub(crate) told: Told,
    /// The decision of a person that covers it.
    pub(crate) accepted: Option<&'e Accepted>,
}
