//! The incidents of a store, as a table and as JSON.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use detect::Severity;
use serde::Serialize;

use super::age;
use crate::page::{Line, Page, Paint, Style, padded};
use crate::words;

/// Number of the form of the list.
const SCHEMA: &str = "rolecall.incidents/1";

/// Columns from which a row holds the title.
const WITH_TITLE: usize = 140;

/// Columns of a row before the title.
const BEFORE_TITLE: usize = 98;

/// An incident that a store keeps, in one line.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct KeptIncident {
    /// Its id.
    pub id: String,
    /// How grave it is.
    #[serde(serialize_with = "super::severity")]
    pub severity: Severity,
    /// Whether it holds: `open` or `withdrawn`.
    pub state: &'static str,
    /// Where it stands with people, in the words of OCSF's `status_id`.
    pub status: &'static str,
    /// Whether it rose, came back or has another finding since people decided on its status.
    pub has_news: bool,
    /// Its title.
    pub title: String,
    /// Kind of its origin, in the words of the scan document.
    pub origin: String,
    /// Its first event.
    #[serde(serialize_with = "super::time")]
    pub first_seen: Timestamp,
    /// Its last event.
    #[serde(serialize_with = "super::time")]
    pub last_seen: Timestamp,
    /// Seconds from its first event to the newest event in the store.
    pub age_secs: i64,
    /// Its findings that hold.
    pub open_findings: u64,
}

/// The incidents of a store.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeptIncidents {
    /// The newest event at the last analysis.
    pub as_of: Option<Timestamp>,
    /// Those that were asked for, gravest first.
    pub incidents: Vec<KeptIncident>,
    /// Those that hold, whether they were asked for or not.
    pub open: u64,
    /// Those of them that people have dealt with, and that have no news since.
    pub dealt_with: u64,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "super::maybe_time")]
    as_of: Option<Timestamp>,
    open: u64,
    dealt_with: u64,
    incidents: &'a [KeptIncident],
}

/// The incidents as one JSON object.
pub fn incidents_json(kept: &KeptIncidents) -> String {
    let incidents = &kept.incidents;
    let KeptIncidents { as_of, open, dealt_with, .. } = *kept;
    crate::json::written(&Document { schema: SCHEMA, as_of, open, dealt_with, incidents })
}

/// The incidents as text for a terminal.
pub fn incidents_text(kept: &KeptIncidents, style: &Style) -> String {
    let mut page = Page::of(style);
    page.say(Paint::Plain, &head(kept, style));
    if kept.incidents.is_empty() {
        return page.into_text();
    }
    page.gap();
    let mut heads = Line::new(0, 2)
        .part(Paint::Faint, &padded("INCIDENT", 16))
        .part(Paint::Faint, &padded("SEVERITY", 8))
        .part(Paint::Faint, &padded("STATUS", 12))
        .part(Paint::Faint, &padded("FIRST SEEN (UTC)", 16))
        .part(Paint::Faint, &padded("LAST SEEN (UTC)", 16))
        .part(Paint::Faint, &padded(" AGE", 4));
    let is_wide = page.style().width >= WITH_TITLE;
    heads = heads.part(Paint::Faint, if is_wide { "FINDINGS" } else { "FIND." });
    if is_wide {
        heads = heads.part(Paint::Faint, "WHAT");
    }
    page.line(&heads);
    for incident in &kept.incidents {
        row(&mut page, incident, is_wide);
    }
    page.into_text()
}

/// `5 open incidents, 2 of them dealt with; --all lists them as well. As of 2026-03-10 07:15 UTC.`
fn head(kept: &KeptIncidents, style: &Style) -> String {
    let when = kept.as_of.map_or_else(
        || String::from("Nothing was analyzed yet."),
        |as_of| format!("As of {} UTC.", words::minute(as_of)),
    );
    let open = words::counted(kept.open, "open incident");
    let settled = words::count(kept.dealt_with);
    match (kept.dealt_with, style.all) {
        (0, _) => format!("{open}. {when}"),
        (_, true) => format!("{open}, {settled} of them dealt with. {when}"),
        (_, false) => {
            format!("{open}, {settled} of them dealt with; --all lists them as well. {when}")
        }
    }
}

fn row(page: &mut Page, incident: &KeptIncident, is_wide: bool) {
    let is_open = incident.state == "open";
    let paint = if is_open { Paint::of_severity(incident.severity) } else { Paint::Faint };
    let number = words::count(incident.open_findings);
    let number = if is_wide { format!("{number:>8}") } else { format!("{number:>5}") };
    let line = Line::new(0, 2)
        .part(Paint::Bold, &padded(&incident.id, 16))
        .part(paint, &padded(words::severity_short(incident.severity), 8))
        .part(status_paint(incident), &padded(&status(incident), 12))
        .part(Paint::Plain, &padded(&words::minute(incident.first_seen), 16))
        .part(Paint::Plain, &padded(&words::minute(incident.last_seen), 16))
        .part(Paint::Plain, &format!("{:>4}", age(incident.age_secs)))
        .part(Paint::Plain, &number);
    if is_wide {
        let room = page.style().width - BEFORE_TITLE;
        page.line(&line.part(Paint::Plain, padded(&incident.title, room).trim_end()));
        return;
    }
    page.line(&line);
    let width = page.style().width;
    page.line(&Line::new(2, 2).prose(Paint::Plain, &incident.title, 2 * width));
}

/// Where it stands, for a cell: a withdrawn one stands nowhere else, and news is marked.
fn status(incident: &KeptIncident) -> String {
    match (incident.state, incident.has_news) {
        ("open", true) => format!("{}!", incident.status),
        ("open", false) => String::from(incident.status),
        (state, _) => String::from(state),
    }
}

fn status_paint(incident: &KeptIncident) -> Paint {
    match (incident.state, incident.has_news) {
        ("open", true) => Paint::Orange,
        ("open", false) => Paint::Plain,
        (_, _) => Paint::Faint,
    }
}
