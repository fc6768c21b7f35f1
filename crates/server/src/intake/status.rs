//! What is going on, for metrics, health and people.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use detect::{Finding, Severity};
use ingest::Coverage;

use crate::clock::WallTime;

/// What is going on.
#[derive(Debug, Default)]
pub struct Status {
    sources: Mutex<BTreeMap<String, SourceStatus>>,
    writer: Mutex<WriterStatus>,
    /// What verifications found and the writer has not taken yet.
    log_integrity: Mutex<Vec<Finding>>,
}

/// What a source came to since the start. Whoever reads it and whoever verifies its log files tell
/// for themselves what keeps them from it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SourceStatus {
    /// Objects that were kept.
    pub objects: u64,
    /// Records that were read, repetitions included.
    pub events: u64,
    /// Records and objects that could not be read.
    pub skipped: u64,
    /// When it looked last without an error.
    pub looked_at: Option<WallTime>,
    /// Why it cannot go on, until that is over.
    pub error: Option<String>,
    /// Why its log files cannot be verified, until they can. They are read all the same.
    pub unverified: Option<String>,
    /// Whether it has offered everything that was there when it began.
    pub is_caught_up: bool,
    /// Messages or objects that are known and were not offered yet.
    pub backlog: u64,
}

/// What the writer came to since the start.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct WriterStatus {
    /// Whether what the store holds was analyzed.
    pub is_ready: bool,
    /// Why the store keeps nothing, until it does.
    pub error: Option<String>,
    /// Objects that were offered and not kept yet.
    pub pending: u64,
    /// Analyses.
    pub analyses: u64,
    /// Milliseconds that the last analysis took.
    pub analysis_millis: u64,
    /// Credentials in memory.
    pub credentials: u64,
    /// Credentials that were handed out by what rests on the disk alone.
    pub credentials_at_rest: u64,
    /// Bytes of the store.
    pub store_bytes: u64,
    /// Up to when details of use were forgotten, in seconds.
    pub usage_kept_from: Option<i64>,
    /// Time of the newest event, in seconds.
    pub newest_event: Option<i64>,
    /// Open incidents by severity.
    pub open_incidents: BTreeMap<Severity, u64>,
    /// Findings by severity.
    pub findings: BTreeMap<Severity, u64>,
}

impl SourceStatus {
    /// All that is wrong with it, in words.
    pub fn trouble(&self) -> Option<String> {
        let unverified = self.unverified.as_ref();
        let unverified = unverified.map(|why| format!("its log files cannot be verified: {why}"));
        let all: Vec<String> = self.error.iter().cloned().chain(unverified).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }
}

impl Status {
    /// Every source by name.
    pub fn sources(&self) -> BTreeMap<String, SourceStatus> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The writer.
    pub fn writer(&self) -> WriterStatus {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether any source has not offered yet what was there at the start. One that fails holds
    /// nobody up.
    pub fn is_behind(&self) -> bool {
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        sources.values().any(|source| !source.is_caught_up && source.error.is_none())
    }

    /// Hands over what a verification of log files found.
    pub(super) fn note_log_integrity(&self, findings: Vec<Finding>) {
        self.log_integrity.lock().unwrap_or_else(PoisonError::into_inner).extend(findings);
    }

    /// Tells why log files of the source `name` cannot be verified; nothing where they can.
    pub(super) fn note_unverified(&self, name: &str, why: Option<String>) {
        self.of_source(name, |source| source.unverified = why);
    }

    /// Takes what verifications found since the last time.
    pub fn take_log_integrity(&self) -> Vec<Finding> {
        std::mem::take(&mut *self.log_integrity.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes what is known of the source `name`.
    pub fn of_source(&self, name: &str, change: impl FnOnce(&mut SourceStatus)) {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        change(sources.entry(name.to_owned()).or_default());
    }

    /// Changes what is known of the writer.
    pub fn of_writer(&self, change: impl FnOnce(&mut WriterStatus)) {
        change(&mut self.writer.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Counts an object of the source `name` that was kept.
    pub(super) fn kept(&self, name: &str, coverage: &Coverage) {
        self.of_source(name, |source| {
            source.objects += 1;
            source.events += coverage.events_read;
            source.skipped +=
                coverage.skipped.iter().map(|skipped| skipped.records.max(1)).sum::<u64>();
        });
    }
}

#[cfg(test)]
mod tests {
    use super::Status;

    #[test]
    fn who_reads_a_source_and_who_verifies_it_do_not_speak_for_each_other() {
        let status = Status::default();
        let told = || {
            let source = status.sources()["trail"].clone();
            let trouble = source.trouble().unwrap_or_default();
            (source.error.unwrap_or_default(), trouble, status.is_behind())
        };
        let is = |error: &str, trouble: &str, is_behind| {
            assert_eq!(told(), (error.to_owned(), trouble.to_owned(), is_behind));
        };
        status.of_source("trail", |_| {});
        status.note_unverified("trail", Some("no key".to_owned()));
        // What was not read yet may explain what was.
        is("", "its log files cannot be verified: no key", true);
        status.of_source("trail", |source| source.error = Some("no bucket".to_owned()));
        is("no bucket", "no bucket; its log files cannot be verified: no key", false);
        status.of_source("trail", |source| (source.error, source.is_caught_up) = (None, true));
        is("", "its log files cannot be verified: no key", false);
        status.note_unverified("trail", None);
        is("", "", false);
    }
}
