//! Findings one a line, so that each line stands alone.

use alloc::collections::BTreeMap;
use alloc::string::String;

use serde::Serialize;

use crate::wire::Finding;
use crate::{Scan, json, words};

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    finding: Finding<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<Incident<'a>>,
}

/// The incident that a finding belongs to.
#[derive(Serialize)]
struct Incident<'a> {
    id: &'a str,
    severity: &'static str,
}

/// Every finding as the scan document has it, one a line, gravest first; its last member names its
/// incident. Nothing at all when there are no findings.
pub fn ndjson(scan: &Scan<'_>) -> String {
    let incidents = scan.analysis.incidents.iter();
    let incidents: BTreeMap<&str, &detect::Incident> = incidents
        .flat_map(|incident| incident.findings.iter().map(move |id| (id.as_str(), incident)))
        .collect();
    let mut text = String::new();
    for finding in &scan.analysis.findings {
        let incident = incidents.get(finding.id.as_str()).map(|incident| Incident {
            id: &incident.id,
            severity: words::severity(incident.severity),
        });
        text.push_str(&json::line(&Line { finding: Finding::of(finding), incident }));
        text.push('\n');
    }
    text
}
