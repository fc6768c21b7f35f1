//! What the walk along one chain of digests found.

use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::Timestamp;

use crate::covered::joined;
use crate::name::{ChainName, DigestName, Location};
use crate::verdict::{SignatureFrom, Verdict};

/// The digests of one trail in one account and Region, as they were judged.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Chain {
    /// Whose digests they are.
    pub name: ChainName,
    /// In the order of the walk: newest first, and then those that no walk led to.
    pub digests: Vec<DigestResult>,
    /// Intervals of which no valid digest speaks, newest first.
    pub gaps: Vec<Gap>,
}

/// A digest and the judgement of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DigestResult {
    /// How it is named to people: a path or a URL.
    pub source: String,
    /// Where it belongs: as it says itself or, where it is missing, as the newer one says.
    pub location: Option<Location>,
    /// What its name tells.
    pub name: DigestName,
    /// Its hour, as it says itself.
    pub hour: Option<(Timestamp, Timestamp)>,
    /// The judgement.
    pub verdict: Verdict,
    /// Where its signature was taken from, where there was one.
    pub signature_from: Option<SignatureFrom>,
    /// Whether a newer digest names it.
    pub is_linked: bool,
    /// Whether it is the first of its chain: it names no digest before it.
    pub is_start: bool,
    /// How many log files it names.
    pub log_files: usize,
}

/// An interval of which no valid digest speaks.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Gap {
    /// The end of the digest before it.
    pub from: Timestamp,
    /// The begin of the digest after it.
    pub until: Timestamp,
    /// Why.
    pub cause: GapCause,
}

/// Why there is a gap.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum GapCause {
    /// The digest after it is the first of a chain: logging or log file validation was off, or
    /// the trail was deleted and made again.
    ChainStart,
    /// Digests of that time are missing or invalid.
    DigestsLost,
}

impl Chain {
    /// The intervals of which valid digests speak without a break, oldest first.
    pub fn proven(&self) -> Vec<(Timestamp, Timestamp)> {
        let valid = self.digests.iter().filter(|digest| digest.verdict.is_valid());
        let mut hours: Vec<_> = valid.filter_map(|digest| digest.hour).collect();
        hours.sort_unstable();
        joined(&hours)
    }
}
