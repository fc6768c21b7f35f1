//! What the program counts of itself, and its names in Prometheus.
//!
//! Labels are names of the configuration and words of the program, never text of logs.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use detect::Severity;
use prometheus_client::encoding::prometheus_text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use crate::alerts::Depth;
use crate::config::{Name, severity_name};

/// Upper ends, in seconds, of the steps in which times of analyses are counted.
const ANALYSIS_STEPS: [f64; 12] =
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0];

type Labels = Vec<(&'static str, String)>;
type Counters = Family<Labels, Counter>;
type Gauges = Family<Labels, Gauge>;
type Seconds = Family<Labels, Gauge<f64, AtomicU64>>;

/// What became of events.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EventResult {
    /// They were known.
    Duplicate,
    /// They were new.
    Kept,
    /// They could not be read.
    Skipped,
}

/// What became of objects.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ObjectResult {
    /// They were read and kept.
    Done,
    /// They could not be read, wholly or in part.
    Failed,
    /// They had been read before.
    Repeated,
    /// They are nothing to read, such as digests.
    SetAside,
}

/// Everything that is counted; clones count together.
#[derive(Clone)]
pub struct Metrics(Arc<Counted>);

struct Counted {
    registry: Registry,
    events: Counters,
    objects: Counters,
    parse_errors: Counter,
    skipped_bytes: Counter,
    ingest_lag: Seconds,
    queue_messages: Gauges,
    findings: Counters,
    open_incidents: Gauges,
    suppressed: Gauge,
    analysis: Histogram,
    store_bytes: Gauge,
    credentials: Gauge,
    at_rest: Gauge,
    usage_kept_from: Gauge,
    memory_bytes: Gauge,
    notify_failures: Counters,
    notify_delivered: Counters,
    notify_waiting: Gauges,
    notify_parked: Gauges,
    notify_last_success: Seconds,
}

impl Metrics {
    /// Nothing counted yet. `version` is that of the program, and `commit` what it was built from,
    /// or nothing.
    pub fn new(version: &str, commit: &str) -> Self {
        let mut counted = Counted {
            registry: Registry::with_prefix("rolecall"),
            events: Family::default(),
            objects: Family::default(),
            parse_errors: Counter::default(),
            skipped_bytes: Counter::default(),
            ingest_lag: Family::default(),
            queue_messages: Family::default(),
            findings: Family::default(),
            open_incidents: Family::default(),
            suppressed: Gauge::default(),
            analysis: Histogram::new(ANALYSIS_STEPS),
            store_bytes: Gauge::default(),
            credentials: Gauge::default(),
            at_rest: Gauge::default(),
            usage_kept_from: Gauge::default(),
            memory_bytes: Gauge::default(),
            notify_failures: Family::default(),
            notify_delivered: Family::default(),
            notify_waiting: Family::default(),
            notify_parked: Family::default(),
            notify_last_success: Family::default(),
        };
        let build = [("version", version.to_owned()), ("commit", commit.to_owned())];
        counted.registry.register("build", "What runs", Info::new(build.to_vec()));
        counted.register_input();
        counted.register_results();
        counted.register_sinks();
        let metrics = Self(Arc::new(counted));
        for severity in SEVERITIES {
            metrics.findings(severity, 0);
            metrics.open_incidents(severity, 0);
        }
        metrics
    }

    /// Counts events of a source.
    pub fn events(&self, source: &Name, result: EventResult, number: u64) {
        let labels = vec![("source", source.to_string()), ("result", result.name().to_owned())];
        self.0.events.get_or_create(&labels).inc_by(number);
    }

    /// Counts objects of a source.
    pub fn objects(&self, source: &Name, result: ObjectResult, number: u64) {
        let labels = vec![("source", source.to_string()), ("result", result.name().to_owned())];
        self.0.objects.get_or_create(&labels).inc_by(number);
    }

    /// Counts records and documents that could not be read.
    pub fn parse_errors(&self, number: u64) {
        self.0.parse_errors.inc_by(number);
    }

    /// Counts bytes that were skipped.
    pub fn skipped_bytes(&self, number: u64) {
        self.0.skipped_bytes.inc_by(number);
    }

    /// How old the newest event of a source was when it was read.
    pub fn ingest_lag(&self, source: &Name, lag: Duration) {
        let labels = vec![("source", source.to_string())];
        self.0.ingest_lag.get_or_create(&labels).set(lag.as_secs_f64());
    }

    /// How many messages lie in the queue of a source, by its own count.
    pub fn queue_messages(&self, source: &Name, number: u64) {
        let labels = vec![("source", source.to_string())];
        self.0.queue_messages.get_or_create(&labels).set(gauge(number));
    }

    /// Counts findings that are new or rose to `severity`.
    pub fn findings(&self, severity: Severity, number: u64) {
        self.0.findings.get_or_create(&of_severity(severity)).inc_by(number);
    }

    /// How many incidents of `severity` are open.
    pub fn open_incidents(&self, severity: Severity, number: u64) {
        self.0.open_incidents.get_or_create(&of_severity(severity)).set(gauge(number));
    }

    /// How many incidents are muted by a suppression.
    pub fn suppressed_incidents(&self, number: u64) {
        self.0.suppressed.set(gauge(number));
    }

    /// How long one analysis took.
    pub fn analysis(&self, took: Duration) {
        self.0.analysis.observe(took.as_secs_f64());
    }

    /// How large the store is: on the disk, and in credentials that are analyzed and that rest.
    pub fn store(&self, bytes: u64, analyzed: u64, at_rest: u64) {
        self.0.store_bytes.set(gauge(bytes));
        self.0.credentials.set(gauge(analyzed.saturating_add(at_rest)));
        self.0.at_rest.set(gauge(at_rest));
    }

    /// Up to when details of use were forgotten, in seconds since 1970; 0 where they never were.
    pub fn usage_kept_from(&self, seconds: i64) {
        self.0.usage_kept_from.set(seconds);
    }

    /// Counts a message that a sink did not take.
    pub(crate) fn notify_failure(&self, sink: &str) {
        self.0.notify_failures.get_or_create(&of_sink(sink)).inc();
    }

    /// A sink that has neither failed nor taken anything yet is shown, too.
    pub(crate) fn sink(&self, sink: &str) {
        let labels = of_sink(sink);
        let _ = self.0.notify_failures.get_or_create(&labels).get();
        let _ = self.0.notify_delivered.get_or_create(&labels).get();
        self.depth(sink, Depth::default());
    }

    /// Counts messages that a sink has taken, the last one at `seconds` since 1970.
    pub(crate) fn notify_delivered(&self, sink: &str, number: u64, seconds: i64) {
        self.0.notify_delivered.get_or_create(&of_sink(sink)).inc_by(number);
        self.0.notify_last_success.get_or_create(&of_sink(sink)).set(seconds as f64);
    }

    /// How many messages of a sink wait or were given up.
    pub(crate) fn depth(&self, sink: &str, depth: Depth) {
        self.0.notify_waiting.get_or_create(&of_sink(sink)).set(gauge(depth.waiting));
        self.0.notify_parked.get_or_create(&of_sink(sink)).set(gauge(depth.parked));
    }

    /// All of it in the text format of Prometheus, version 0.0.4.
    pub fn text(&self) -> String {
        if let Some(bytes) = resident_bytes() {
            self.0.memory_bytes.set(gauge(bytes));
        }
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.0.registry);
        text
    }
}

impl Counted {
    fn register_input(&mut self) {
        let registry = &mut self.registry;
        let events = "Events by source and what became of them";
        registry.register("events", events, self.events.clone());
        let objects = "Objects by source and what became of them";
        registry.register("objects", objects, self.objects.clone());
        let errors = "Records and documents that could not be read";
        registry.register("parse_errors", errors, self.parse_errors.clone());
        let skipped = "Bytes that were skipped";
        registry.register("skipped_bytes", skipped, self.skipped_bytes.clone());
        let lag = "Age of the newest event of a source when it was read";
        registry.register("ingest_lag_seconds", lag, self.ingest_lag.clone());
        let queued = "Messages in the queue of a source, by its own count";
        registry.register("queue_messages", queued, self.queue_messages.clone());
    }

    fn register_results(&mut self) {
        let registry = &mut self.registry;
        let findings = "Findings that are new or rose to a severity";
        registry.register("findings", findings, self.findings.clone());
        let open = "Incidents that are open";
        registry.register("open_incidents", open, self.open_incidents.clone());
        let muted = "Incidents that are muted by a suppression";
        registry.register("suppressed_incidents", muted, self.suppressed.clone());
        let analysis = "Time that analyses took";
        registry.register("analysis_seconds", analysis, self.analysis.clone());
        let bytes = "Size of the store on disk";
        registry.register("store_bytes", bytes, self.store_bytes.clone());
        let credentials = "Credentials that the store knows";
        registry.register("store_credentials", credentials, self.credentials.clone());
        let at_rest = "Of these, credentials that are not analyzed until something leads to them";
        registry.register("store_credentials_at_rest", at_rest, self.at_rest.clone());
        let kept = "Up to when details of use were dropped, in seconds since 1970; 0 if never";
        let name = "store_usage_kept_from_timestamp_seconds";
        registry.register(name, kept, self.usage_kept_from.clone());
        let memory = "Resident memory of the process; absent where the system does not tell";
        registry.register("memory_bytes", memory, self.memory_bytes.clone());
    }

    fn register_sinks(&mut self) {
        let registry = &mut self.registry;
        let failures = "Attempts to notify a sink that failed";
        registry.register("notify_failures", failures, self.notify_failures.clone());
        let delivered = "Messages that a sink has taken";
        registry.register("notify_delivered", delivered, self.notify_delivered.clone());
        let waiting = "Messages that wait for a sink";
        registry.register("notify_waiting", waiting, self.notify_waiting.clone());
        let parked = "Messages that a sink refused and that were given up";
        registry.register("notify_parked", parked, self.notify_parked.clone());
        let last = "When a sink last took a message, in seconds since 1970";
        registry.register(
            "notify_last_success_timestamp_seconds",
            last,
            self.notify_last_success.clone(),
        );
    }
}

const SEVERITIES: [Severity; 5] =
    [Severity::Informational, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

fn of_severity(severity: Severity) -> Labels {
    vec![("severity", severity_name(severity).to_owned())]
}

fn of_sink(sink: &str) -> Labels {
    vec![("sink", sink.to_owned())]
}

fn gauge(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Resident memory of this process, where `/proc` tells it (proc(5), `VmRSS` of `status`).
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

impl EventResult {
    const fn name(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Kept => "kept",
            Self::Skipped => "skipped",
        }
    }
}

impl ObjectResult {
    const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Repeated => "repeated",
            Self::SetAside => "set_aside",
        }
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;
    use std::time::Duration;

    use super::{EventResult, Metrics, ObjectResult};
    use crate::config::Name;

    /// The metric that a row of the page is about.
    fn documented(line: &str) -> Option<&str> {
        let name = line.strip_prefix("| `")?.split('`').next()?;
        name.starts_with("rolecall_").then_some(name)
    }

    #[test]
    fn the_page_about_metrics_names_each_of_them() {
        let metrics = Metrics::new("1.2.3", "");
        let source = Name::parse("trail").unwrap();
        metrics.events(&source, EventResult::Kept, 1);
        metrics.objects(&source, ObjectResult::Done, 1);
        metrics.ingest_lag(&source, Duration::ZERO);
        metrics.queue_messages(&source, 0);
        metrics.sink("pager");
        metrics.notify_delivered("pager", 1, 0);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let page = std::fs::read_to_string(folder.join("../../docs/metrics.md")).unwrap();
        let documented: BTreeSet<&str> = page.lines().filter_map(documented).collect();
        let text = metrics.text();
        let told = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next());
        assert_eq!(documented, told.collect::<BTreeSet<&str>>());
    }
}
