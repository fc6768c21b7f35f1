//! The store itself: how large it is, what is in it, whether it is whole.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use detect::Severity;
use serde::Serialize;

use super::{NAME_COLUMNS_MAX, beside};
use crate::page::{Line, Page, Paint, Style};
use crate::words;

/// Numbers of the forms.
const SIZE: &str = "rolecall.store/1";
const CHECK: &str = "rolecall.store_check/1";

/// How much a store holds.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct KeptSize {
    /// The newest event at the last analysis.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "super::maybe_time")]
    pub as_of: Option<Timestamp>,
    /// Up to when details of use were dropped.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "super::maybe_time")]
    pub usage_kept_from: Option<Timestamp>,
    /// Whether evidence was added since.
    pub is_analysis_due: bool,
    /// Bytes of the database.
    pub bytes: u64,
    /// Bytes in it that can be given back.
    pub bytes_free: u64,
    /// Bytes of the log of writes beside it.
    pub log_bytes: u64,
    /// Bytes of evidence, compressed.
    pub evidence_bytes: u64,
    /// Segments of evidence.
    pub segments: u64,
    /// Credentials that rest: that were handed out by what is not analyzed until something leads
    /// to it.
    pub credentials_at_rest: u64,
    /// Bytes of what rests, compressed.
    pub bytes_at_rest: u64,
    /// Objects that were read and are not forgotten.
    pub objects: u64,
    /// Records that were read.
    pub records: u64,
    /// Findings, withdrawn ones included.
    pub findings: u64,
    /// Incidents, withdrawn ones included.
    pub incidents: u64,
    /// Open incidents by severity, gravest first.
    pub open: Vec<KeptOpen>,
    /// Sources of objects.
    pub sources: Vec<KeptSource>,
    /// Sinks of alerts.
    pub sinks: Vec<KeptSink>,
}

/// Open incidents of one severity.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct KeptOpen {
    #[serde(serialize_with = "super::severity")]
    severity: Severity,
    incidents: u64,
}

/// A source that objects came from.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct KeptSource {
    /// Its name.
    pub name: String,
    /// Objects that were read from it and are not forgotten.
    pub objects: u64,
}

/// A sink of alerts.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct KeptSink {
    /// Its name.
    pub name: String,
    /// Alerts that will be tried.
    pub waiting: u64,
    /// Alerts that were given up.
    pub parked: u64,
}

/// Whether a store is whole.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct KeptHealth {
    /// What is wrong, in words; nothing where it is whole.
    pub faults: Vec<String>,
    /// Segments of evidence.
    pub segments: u64,
    /// Credentials in the evidence.
    pub credentials: u64,
    /// Objects that were read and are not forgotten.
    pub objects: u64,
}

#[derive(Serialize)]
struct Document<'a, T> {
    schema: &'static str,
    #[serde(flatten)]
    of: &'a T,
}

impl KeptOpen {
    /// `incidents` of `severity`.
    pub const fn of(severity: Severity, incidents: u64) -> Self {
        Self { severity, incidents }
    }
}

/// How much a store holds, as one JSON object.
pub fn size_json(size: &KeptSize) -> String {
    crate::json::written(&Document { schema: SIZE, of: size })
}

/// How much a store holds, as text for a terminal.
pub fn size_text(size: &KeptSize, style: &Style) -> String {
    let mut page = Page::of(style);
    let as_of = size.as_of.map_or_else(
        || String::from("nothing was analyzed yet"),
        |as_of| format!("{} is the newest event that was analyzed", words::second(as_of)),
    );
    beside(&mut page, "As of", Paint::Plain, &as_of);
    if size.is_analysis_due {
        beside(&mut page, "", Paint::Orange, "evidence was added since the last analysis");
    }
    if let Some(kept_from) = size.usage_kept_from {
        let text = format!("details of use before {} are not kept", words::second(kept_from));
        beside(&mut page, "", Paint::Faint, &text);
    }
    let disk = format!(
        "{}, of which {} can be given back; {} of log beside it",
        words::bytes(size.bytes),
        words::bytes(size.bytes_free),
        words::bytes(size.log_bytes)
    );
    beside(&mut page, "On disk", Paint::Plain, &disk);
    let evidence = format!(
        "{} in {}",
        words::bytes(size.evidence_bytes),
        words::counted(size.segments, "segment")
    );
    beside(&mut page, "Evidence", Paint::Plain, &evidence);
    if size.bytes_at_rest > 0 {
        let at_rest = format!(
            "{}, {}",
            words::counted(size.credentials_at_rest, "credential"),
            words::bytes(size.bytes_at_rest)
        );
        beside(&mut page, "At rest", Paint::Plain, &at_rest);
    }
    let read = format!(
        "{} remembered, {}",
        words::counted(size.objects, "object"),
        words::counted(size.records, "record")
    );
    beside(&mut page, "Read", Paint::Plain, &read);
    beside(&mut page, "Incidents", Paint::Plain, &incidents(size));
    for source in &size.sources {
        let line = Line::labelled(2, super::BESIDE, Paint::Faint, "Source")
            .prose(Paint::Plain, &source.name, NAME_COLUMNS_MAX)
            .prose(Paint::Faint, &words::counted(source.objects, "object"), 80);
        page.line(&line);
    }
    for sink in &size.sinks {
        let paint = if sink.parked > 0 { Paint::Orange } else { Paint::Faint };
        let text = format!(
            "{} waiting, {} given up",
            words::counted(sink.waiting, "alert"),
            words::count(sink.parked)
        );
        let line = Line::labelled(2, super::BESIDE, Paint::Faint, "Sink")
            .prose(Paint::Plain, &sink.name, NAME_COLUMNS_MAX)
            .prose(paint, &text, 80);
        page.line(&line);
    }
    page.into_text()
}

/// `3 open (1 critical, 2 low), 5 altogether, 12 findings`.
fn incidents(size: &KeptSize) -> String {
    let open: u64 = size.open.iter().map(|open| open.incidents).sum();
    let by_severity: Vec<String> = size
        .open
        .iter()
        .map(|open| format!("{} {}", words::count(open.incidents), words::severity(open.severity)))
        .collect();
    let by_severity = match by_severity.as_slice() {
        [] => String::new(),
        some => format!(" ({})", some.join(", ")),
    };
    format!(
        "{} open{by_severity}, {} altogether, {}",
        words::count(open),
        words::count(size.incidents),
        words::counted(size.findings, "finding")
    )
}

/// Whether a store is whole, as one JSON object.
pub fn check_json(health: &KeptHealth) -> String {
    crate::json::written(&Document { schema: CHECK, of: health })
}

/// Whether a store is whole, as text for a terminal.
pub fn check_text(health: &KeptHealth, style: &Style) -> String {
    let mut page = Page::of(style);
    let held = format!(
        "{}, {}, {}",
        words::counted(health.segments, "segment"),
        words::counted(health.credentials, "credential"),
        words::counted(health.objects, "object")
    );
    if health.faults.is_empty() {
        page.say(Paint::Plain, &format!("The store is whole: {held}."));
        return page.into_text();
    }
    let faults = words::counted(health.faults.len() as u64, "fault");
    page.say(Paint::Red, &format!("The store is damaged: {faults}; {held}."));
    for fault in &health.faults {
        page.line(&Line::new(2, 4).prose(Paint::Plain, fault, super::TEXT_COLUMNS_MAX));
    }
    page.into_text()
}

/// What compacting came to.
pub fn compacted_text(before: &KeptSize, after: &KeptSize, style: &Style) -> String {
    let mut page = Page::of(style);
    let text = format!(
        "{} in {}, from {} in {}.",
        words::bytes(after.bytes + after.log_bytes),
        words::counted(after.segments, "segment"),
        words::bytes(before.bytes + before.log_bytes),
        words::counted(before.segments, "segment")
    );
    page.say(Paint::Plain, &text);
    page.into_text()
}
