//! What is going on, as metrics and as health.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use detect::Severity;
use store::Store;

use crate::clock::{Clock as _, SystemClock};
use crate::config::Name;
use crate::health::{EventResult, Health, Metrics, ObjectResult};
use crate::intake::{SourceStatus, Status, WriterStatus};

/// Every severity, so that one that is over is told as zero.
const SEVERITIES: [Severity; 5] =
    [Severity::Informational, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

/// Health and metrics of what `status` tells. `store` is probed through a connection of its own.
pub(super) fn health(metrics: &Metrics, status: &Arc<Status>, store: Store) -> Health {
    let store = Mutex::new(store);
    let (of_writer, of_sources, of_metrics) =
        (Arc::clone(status), Arc::clone(status), Arc::clone(status));
    let told: Mutex<BTreeMap<String, SourceStatus>> = Mutex::default();
    let measured = metrics.clone();
    Health::new(metrics.clone())
        .check("store", move || {
            let mut store = store.lock().unwrap_or_else(PoisonError::into_inner);
            store.check_writable().map_err(|error| error.to_string())
        })
        .check("writer", move || ready(&of_writer.writer()))
        .check("sources", move || reachable(&of_sources.sources()))
        .before_metrics(move || {
            let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
            measure(&measured, &of_metrics, &mut told);
        })
}

fn ready(writer: &WriterStatus) -> Result<(), String> {
    match &writer.error {
        Some(error) => Err(error.clone()),
        None if !writer.is_ready => Err("what the store holds is being analyzed".to_owned()),
        None => Ok(()),
    }
}

/// Names only: why a source cannot be read may hold text that is not for everybody.
fn reachable(sources: &BTreeMap<String, SourceStatus>) -> Result<(), String> {
    let failing = sources.iter().filter(|(_, source)| source.error.is_some());
    let failing: Vec<&str> = failing.map(|(name, _)| name.as_str()).collect();
    if failing.is_empty() { Ok(()) } else { Err(format!("failing: {}", failing.join(", "))) }
}

/// Counts what has come since the last time, and tells how things are.
fn measure(metrics: &Metrics, status: &Status, told: &mut BTreeMap<String, SourceStatus>) {
    let writer = status.writer();
    let sources = status.sources();
    for (name, source) in &sources {
        let Some(label) = Name::parse(name) else {
            continue;
        };
        let before = told.get(name).cloned().unwrap_or_default();
        metrics.events(&label, EventResult::Kept, source.events.saturating_sub(before.events));
        let n_skipped = source.skipped.saturating_sub(before.skipped);
        metrics.events(&label, EventResult::Skipped, n_skipped);
        metrics.parse_errors(n_skipped);
        let n_objects = source.objects.saturating_sub(before.objects);
        metrics.objects(&label, ObjectResult::Done, n_objects);
        metrics.queue_messages(&label, source.backlog);
        if let Some(newest) = writer.newest_event {
            let lag = SystemClock.now().seconds().saturating_sub(newest);
            metrics.ingest_lag(&label, Duration::from_secs(u64::try_from(lag).unwrap_or(0)));
        }
    }
    *told = sources;
    for severity in SEVERITIES {
        let of = |all: &BTreeMap<Severity, u64>| all.get(&severity).copied().unwrap_or_default();
        metrics.findings(severity, of(&writer.findings));
        metrics.open_incidents(severity, of(&writer.open_incidents));
    }
    metrics.store(writer.store_bytes, writer.credentials, writer.credentials_at_rest);
    metrics.usage_kept_from(writer.usage_kept_from.unwrap_or_default());
    if writer.analyses > 0 {
        metrics.analysis(Duration::from_millis(writer.analysis_millis));
    }
}

#[cfg(test)]
mod tests {
    use crate::intake::{SourceStatus, Status};

    use super::reachable;

    #[test]
    fn a_source_whose_log_files_are_not_verified_is_reachable() {
        let status = Status::default();
        let unverified = Some("no key".to_owned());
        status.of_source("trail", |source| source.unverified = unverified);
        assert_eq!(reachable(&status.sources()), Ok(()));
        let failing =
            || SourceStatus { error: Some("denied".to_owned()), ..SourceStatus::default() };
        status.of_source("queue", |source| *source = failing());
        assert_eq!(reachable(&status.sources()), Err("failing: queue".to_owned()));
    }
}
