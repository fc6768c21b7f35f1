//! Findings of verifications, which grow from look to look: each look sees a part of its time.

use cloudtrail::Timestamp;
use detect::{Confidence, Finding};
use serde::Deserialize;
use store::FindingRow;

/// Bytes of reasons that a finding about log files holds before it takes no more.
const REASON_BYTES_MAX: usize = 4_096;

/// What a document tells of a finding about log files; the rest of it follows from its id.
#[derive(Deserialize)]
struct Written {
    title: String,
    reason: String,
    confidence: String,
    first_seen: String,
    last_seen: String,
}

/// Adds what a later look at the same chain of digests found.
pub(super) fn grow(known: &mut Finding, later: Finding) {
    known.severity = known.severity.max(later.severity);
    known.confidence = known.confidence.max(later.confidence);
    known.first_seen = known.first_seen.min(later.first_seen);
    known.last_seen = known.last_seen.max(later.last_seen);
    if !known.reason.contains(&later.reason) && known.reason.len() < REASON_BYTES_MAX {
        known.reason.push(' ');
        known.reason.push_str(&later.reason);
        known.title = later.title;
    }
}

/// The finding of `row`, which is about the same chain as `later`; nothing where its document does
/// not tell.
pub(super) fn kept(row: &FindingRow, later: &Finding) -> Option<Finding> {
    let written: Written = serde_json::from_str(&row.document).ok()?;
    let confidence = match &*written.confidence {
        "high" => Confidence::High,
        "medium" => Confidence::Medium,
        _ => Confidence::Low,
    };
    Some(Finding {
        severity: row.severity,
        confidence,
        title: written.title,
        reason: written.reason,
        first_seen: Timestamp::parse(&written.first_seen)?,
        last_seen: Timestamp::parse(&written.last_seen)?,
        ..later.clone()
    })
}
