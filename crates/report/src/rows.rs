//! Findings as a CSV file that no spreadsheet runs.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use csv::{QuoteStyle, Terminator, WriterBuilder};
use detect::{Finding, Incident};

use crate::fit::short;
use crate::limits::CSV_CELL_MAX;
use crate::{Scan, escape, words};

/// Names of the columns. New ones are added at the end.
const COLUMNS: [&str; 29] = [
    "id",
    "incident_id",
    "incident_severity",
    "detector",
    "severity",
    "confidence",
    "title",
    "account_id",
    "first_seen",
    "last_seen",
    "access_key_id",
    "principal_arn",
    "origin_kind",
    "origin_access_key_id",
    "origin_principal_arn",
    "origin_instance_id",
    "origin_subject",
    "origin_account_id",
    "hops",
    "at_least",
    "chained_calls",
    "color",
    "role_arns",
    "left_behind",
    "source_ip_addresses",
    "event_ids",
    "techniques",
    "habit",
    "reason",
];

/// What stands between the values of one cell.
const BETWEEN: &str = " | ";

/// Every finding as a row below a row of names, gravest first (RFC 4180: `\r\n` ends a row).
///
/// Every cell is quoted. One that a spreadsheet would run begins with an apostrophe; control,
/// bidirectional and invisible characters are shown as `\u{..}`; a cell that is longer than
/// spreadsheets hold ends in `…`.
pub fn csv(scan: &Scan<'_>) -> String {
    let incidents = scan.analysis.incidents.iter();
    let incidents: BTreeMap<&str, &Incident> = incidents
        .flat_map(|incident| incident.findings.iter().map(move |id| (id.as_str(), incident)))
        .collect();
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Always)
        .from_writer(Vec::new());
    let header = COLUMNS.map(String::from);
    let rows = scan
        .analysis
        .findings
        .iter()
        .map(|finding| row(finding, incidents.get(finding.id.as_str()).copied()));
    for cells in core::iter::once(header).chain(rows) {
        let cells = cells.map(|cell| guarded(&cell));
        // Writing fails on rows of unequal length and on a full disk, and neither is here.
        let _ = writer.write_record(cells);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// As much of `cell` as a spreadsheet holds, as text.
fn guarded(cell: &str) -> String {
    // One character more than fits tells that there is more.
    let end = cell.char_indices().nth(CSV_CELL_MAX + 1);
    let head = end.map_or(cell, |(end, _)| cell.get(..end).unwrap_or(cell));
    short(&escape::csv(head), CSV_CELL_MAX, "…").into_owned()
}

fn row(finding: &Finding, incident: Option<&Incident>) -> [String; COLUMNS.len()] {
    let text = |field: Option<&str>| String::from(field.unwrap_or_default());
    let origin = &finding.origin;
    let chain = finding.chain.as_ref();
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let roles = chain.map(|chain| chain.roles.as_slice()).unwrap_or_default();
    let evidence = &finding.evidence;
    [
        finding.id.clone(),
        text(incident.map(|incident| incident.id.as_str())),
        text(incident.map(|incident| words::severity(incident.severity))),
        text(Some(finding.detector)),
        text(Some(words::severity(finding.severity))),
        text(Some(words::confidence(finding.confidence))),
        finding.title.clone(),
        text(finding.account_id.as_deref()),
        finding.first_seen.to_string(),
        finding.last_seen.to_string(),
        text(finding.credential.access_key_id.as_deref()),
        text(finding.credential.principal_arn.as_deref()),
        text(Some(words::origin_kind(origin.kind))),
        text(origin.access_key_id.as_deref()),
        text(origin.principal_arn.as_deref()),
        text(origin.instance_id.as_deref()),
        text(origin.subject.as_deref()),
        text(origin.account_id.as_deref()),
        number(chain.map(|chain| chain.hops)),
        text(chain.map(|chain| if chain.at_least { "true" } else { "false" })),
        number(chain.map(|chain| chain.chained_calls)),
        text(chain.map(|chain| words::color(chain.color))),
        joined(roles.iter().map(|hop| &*hop.role_arn)),
        joined(finding.left_behind.iter().map(left_behind).collect::<Vec<_>>().iter()),
        once(evidence.iter().map(|event| &*event.source_ip_address)),
        once(evidence.iter().filter_map(|event| event.event_id.as_deref())),
        joined(finding.techniques.iter().map(|technique| technique.id)),
        text(finding.habit.as_deref()),
        finding.reason.clone(),
    ]
}

/// `CreateAccessKey access key Bob AKIA…`.
fn left_behind(left: &detect::LeftBehind) -> String {
    let key = left.access_key_id.as_deref().unwrap_or_default();
    let parts = [&*left.event_name, left.kind, &*left.name, key];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

fn joined<T: AsRef<str>>(values: impl Iterator<Item = T>) -> String {
    let mut cell = String::new();
    for value in values {
        if !cell.is_empty() {
            cell.push_str(BETWEEN);
        }
        cell.push_str(value.as_ref());
    }
    cell
}

/// Each of `values` once, in the order of their first appearance.
fn once<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for value in values {
        if !value.is_empty() && !kept.contains(&value) {
            kept.push(value);
        }
    }
    joined(kept.iter())
}
