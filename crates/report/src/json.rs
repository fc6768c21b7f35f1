//! The scan document and the trace document, as JSON.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use crate::wire::{Finding, Graph, Incident, Time, Trace, is_zero};
use crate::{Scan, escape};

/// Number of the scan document's form.
const SCHEMA: &str = "rolecall.scan/1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    version: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<Time>,
    coverage: Coverage<'a>,
    incidents: Vec<Incident<'a>>,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Coverage<'a> {
    files: u64,
    bytes_read: u64,
    records: u64,
    events: u64,
    duplicates: u64,
    skipped: Vec<Skipped<'a>>,
    set_aside: Vec<SetAside<'a>>,
    notes: Vec<Note<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_event: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_event: Option<Time>,
    accounts: Vec<&'a str>,
    #[serde(skip_serializing_if = "is_zero")]
    network_left_out: u64,
    #[serde(skip_serializing_if = "is_zero")]
    unusual_left_out: u64,
    #[serde(skip_serializing_if = "is_zero")]
    uses_folded: u64,
}

#[derive(Serialize)]
struct Skipped<'a> {
    source: &'a str,
    reason: &'a str,
    records: u64,
}

#[derive(Serialize)]
struct SetAside<'a> {
    source: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct Note<'a> {
    source: &'a str,
    text: &'a str,
    records: u64,
}

/// The scan document: one object, keys in a fixed order, with a line feed at its end.
///
/// Linear in the size of `scan`.
pub fn json(scan: &Scan<'_>) -> String {
    let analysis = scan.analysis;
    written(&Document {
        schema: SCHEMA,
        version: scan.version,
        as_of: analysis.as_of.map(Time),
        coverage: Coverage::of(scan),
        incidents: analysis
            .incidents
            .iter()
            .map(|incident| Incident::of(incident, analysis.extents.get(&incident.id)))
            .collect(),
        findings: analysis.findings.iter().map(Finding::of).collect(),
    })
}

/// The trace document, in the same manner.
pub fn trace_json(trace: &detect::Trace) -> String {
    written(&Trace::of(trace))
}

impl<'a> Coverage<'a> {
    fn of(scan: &Scan<'a>) -> Self {
        let (coverage, analysis) = (scan.coverage, scan.analysis);
        let skipped = coverage.skipped.iter().map(|skipped| Skipped {
            source: &skipped.source,
            reason: &skipped.reason,
            records: skipped.records,
        });
        let set_aside = coverage
            .set_aside
            .iter()
            .map(|set_aside| SetAside { source: &set_aside.source, reason: &set_aside.reason });
        let notes = coverage.notes.iter().map(|note| Note {
            source: &note.source,
            text: &note.text,
            records: note.records,
        });
        Self {
            files: coverage.files,
            bytes_read: coverage.bytes_read,
            records: coverage.records,
            events: coverage.events,
            duplicates: coverage.duplicates,
            skipped: skipped.collect(),
            set_aside: set_aside.collect(),
            notes: notes.collect(),
            first_event: analysis.first_event.map(Time),
            last_event: analysis.as_of.map(Time),
            accounts: analysis.accounts.iter().map(|account| &**account).collect(),
            network_left_out: analysis.network_left_out,
            unusual_left_out: analysis.unusual.n_left_out,
            uses_folded: analysis.uses_folded,
        }
    }
}

/// A finding as the scan document writes it, on one line.
pub fn finding_json(finding: &detect::Finding) -> String {
    line(&Finding::of(finding))
}

/// An incident with its response as the scan document writes it, on one line.
pub fn incident_json(incident: &detect::Incident, extent: Option<&detect::Extent>) -> String {
    line(&Incident::of(incident, extent))
}

/// A graph as the scan document writes that of an incident, on one line.
pub fn graph_json(graph: &detect::Graph) -> String {
    line(&Graph::of(graph))
}

/// `value` as JSON on one line, without a line feed.
pub(crate) fn line(value: &impl Serialize) -> String {
    // As below: no form here holds a map.
    escape::json(serde_json::to_string(value).unwrap_or_default())
}

/// `document` as JSON, with a line feed at its end.
pub(crate) fn written(document: &impl Serialize) -> String {
    // Serializing fails on maps whose keys are not text alone, and no form here holds a map.
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    escape::json(text)
}
