//! The result of verifying the logs of many accounts and Regions.

use alloc::string::String;
use alloc::vec::Vec;

use crate::chain::Chain;
use crate::limits::RESULTS_MAX;
use crate::name::{Location, LogName};
use crate::verdict::Verdict;

/// What verifying logs came to.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Verification {
    /// The chains of digests, in order.
    pub chains: Vec<Chain>,
    /// Log files that digests name and that are not valid, and the valid ones where these were
    /// asked for; at most [`RESULTS_MAX`].
    pub logs: Vec<LogResult>,
    /// Results about log files beyond the limit.
    pub logs_left_out: u64,
    /// Log files that no digest names although one should; at most [`RESULTS_MAX`].
    pub unmentioned: Vec<UnmentionedLog>,
    /// Such log files beyond the limit.
    pub unmentioned_left_out: u64,
    /// How many there are of what.
    pub counts: Counts,
    /// How many log files the digests of each chain name, by their judgement.
    pub logs_by_chain: Vec<LogCounts>,
    /// Public keys that were at hand.
    pub public_keys: usize,
    /// Whether places could be checked: folders of copies may tell nothing.
    pub are_places_known: bool,
    /// Objects that could not be listed, and why.
    pub unlisted: Vec<(String, String)>,
}

/// A log file that a digest names, and the judgement of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogResult {
    /// How it is named to people: a path or a URL.
    pub source: String,
    /// Where it was delivered to.
    pub location: Location,
    /// Place of its chain in [`Verification::chains`].
    pub chain: usize,
    /// Place of its digest in [`Chain::digests`].
    pub digest: usize,
    /// The judgement.
    pub verdict: Verdict,
    /// Where a file of the same name lies, of one that is not found.
    pub elsewhere: Option<String>,
}

/// A log file that no digest names, although digests speak of the time of its delivery.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnmentionedLog {
    /// How it is named to people: a path or a URL.
    pub source: String,
    /// What its name tells.
    pub name: LogName,
}

/// How many digests and log files there are of which kind.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Digests that are valid.
    pub digests_valid: u64,
    /// Digests that are invalid or missing.
    pub digests_invalid: u64,
    /// Digests that could not be judged.
    pub digests_unverified: u64,
    /// Log files that digests name.
    pub logs: LogCounts,
    /// Log files that no digest names although one should.
    pub logs_unmentioned: u64,
    /// Log files that were delivered after the newest digest, or shortly before its end.
    pub logs_open: u64,
    /// Log files of times of which no digest speaks.
    pub logs_uncovered: u64,
}

/// How many log files that digests name there are of which kind.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct LogCounts {
    /// Those that are valid.
    pub valid: u64,
    /// Those that are invalid or missing.
    pub invalid: u64,
    /// Those that could not be judged.
    pub unverified: u64,
}

impl LogCounts {
    const fn add(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Valid => self.valid += 1,
            Verdict::Invalid(_) => self.invalid += 1,
            Verdict::Unverified(_) => self.unverified += 1,
        }
    }
}

impl Verification {
    /// Adds a chain and counts its digests.
    pub fn add_chain(&mut self, chain: Chain) {
        for digest in &chain.digests {
            *match digest.verdict {
                Verdict::Valid => &mut self.counts.digests_valid,
                Verdict::Invalid(_) => &mut self.counts.digests_invalid,
                Verdict::Unverified(_) => &mut self.counts.digests_unverified,
            } += 1;
        }
        self.chains.push(chain);
    }

    /// Counts a log file of chain `chain` by its judgement.
    pub fn count_log(&mut self, chain: usize, verdict: &Verdict) {
        if self.logs_by_chain.len() <= chain {
            self.logs_by_chain.resize(chain + 1, LogCounts::default());
        }
        if let Some(counts) = self.logs_by_chain.get_mut(chain) {
            counts.add(verdict);
        }
        self.counts.logs.add(verdict);
    }

    /// Keeps the result about a log file, which was counted.
    pub fn keep_log(&mut self, log: LogResult) {
        if self.logs.len() < RESULTS_MAX {
            self.logs.push(log);
        } else {
            self.logs_left_out += 1;
        }
    }

    /// Counts a log file that no digest names, and keeps it.
    pub fn add_unmentioned(&mut self, log: UnmentionedLog) {
        self.counts.logs_unmentioned += 1;
        if self.unmentioned.len() < RESULTS_MAX {
            self.unmentioned.push(log);
        } else {
            self.unmentioned_left_out += 1;
        }
    }

    /// Whether something could not be judged, or nothing was there to judge by.
    pub fn is_partial(&self) -> bool {
        let counts = &self.counts;
        counts.digests_unverified + counts.logs.unverified > 0
            || counts.digests_valid + counts.digests_invalid == 0
            || !self.unlisted.is_empty()
    }
}
