//! One incident of a store: what became of it, what people decided, who was told.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use detect::Severity;
use serde::Serialize;

use super::people::{KeptSuppression, KeptTriage};
use super::{KeptIncident, NAME_COLUMNS_MAX, TEXT_COLUMNS_MAX, age, beside};
use crate::limits::REASON_COLUMNS_MAX;
use crate::page::{Line, Page, Paint, Style};
use crate::{escape, words};

/// Number of the form of the page.
const SCHEMA: &str = "rolecall.incident/1";

/// Lines of the history that are told without `--all`, the last ones.
const CHANGES_MAX: usize = 40;

/// A finding that a store keeps.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct KeptFinding {
    /// Its id.
    pub id: String,
    /// Its detector.
    pub detector: String,
    /// Whether it holds: `open` or `withdrawn`.
    pub state: &'static str,
    /// How grave it is.
    #[serde(serialize_with = "super::severity")]
    pub severity: Severity,
    /// What happened, in one line.
    pub title: String,
    /// How often it changed, beginning at 1.
    pub revision: i64,
}

/// What became of an incident or a finding.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct KeptChange {
    /// When it was kept.
    #[serde(serialize_with = "super::time")]
    pub at: Timestamp,
    /// The newest event then.
    #[serde(serialize_with = "super::time")]
    pub as_of: Timestamp,
    /// What became of it: `new`, `grew`, `rose`, `fell`, `withdrawn` or `returned`.
    pub what: &'static str,
    /// The finding, unless it is about the incident as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// How grave it is.
    #[serde(serialize_with = "super::severity")]
    pub severity: Severity,
    /// How grave it was, where that differs.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "super::was")]
    pub was: Option<Severity>,
    /// Why, in words.
    pub because: String,
}

/// An alert about an incident.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct KeptAlert {
    /// Name of the sink.
    pub sink: String,
    /// What it says.
    pub kind: String,
    /// Its number among those to this sink.
    pub revision: u32,
    /// How grave it says that the incident is.
    #[serde(serialize_with = "super::severity")]
    pub severity: Severity,
    /// Where it stands: `waiting`, `delivered` or `parked`.
    pub state: &'static str,
    /// When it was decided on.
    #[serde(serialize_with = "super::time")]
    pub enqueued_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// When it may be tried again; of one that waits.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "super::maybe_time")]
    pub next_attempt: Option<Timestamp>,
    /// Why the last attempt failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Everything that a store keeps about one incident.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeptIncidentPage {
    /// The incident.
    pub incident: KeptIncident,
    /// When it was first kept.
    pub opened_at: Timestamp,
    /// When it changed last.
    pub changed_at: Timestamp,
    /// How often it changed, beginning at 1.
    pub revision: i64,
    /// Its findings, gravest first.
    pub findings: Vec<KeptFinding>,
    /// What people decided, if they did.
    pub triage: Option<KeptTriage>,
    /// Active suppressions that are about one of its findings at least.
    pub suppressions: Vec<KeptSuppression>,
    /// Whether these mute it: each of its findings is covered.
    pub is_muted: bool,
    /// Alerts about it, oldest first.
    pub alerts: Vec<KeptAlert>,
    /// What became of it, oldest first.
    pub history: Vec<KeptChange>,
    /// Since when the history is whole; always unless given.
    pub history_kept_from: Option<Timestamp>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    #[serde(flatten)]
    incident: &'a KeptIncident,
    #[serde(serialize_with = "super::time")]
    opened_at: Timestamp,
    #[serde(serialize_with = "super::time")]
    changed_at: Timestamp,
    revision: i64,
    findings: &'a [KeptFinding],
    #[serde(skip_serializing_if = "Option::is_none")]
    triage: Option<&'a KeptTriage>,
    suppressions: &'a [KeptSuppression],
    is_muted: bool,
    alerts: &'a [KeptAlert],
    history: &'a [KeptChange],
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "super::maybe_time")]
    history_kept_from: Option<Timestamp>,
}

/// The page as one JSON object.
pub fn incident_page_json(page: &KeptIncidentPage) -> String {
    crate::json::written(&Document {
        schema: SCHEMA,
        incident: &page.incident,
        opened_at: page.opened_at,
        changed_at: page.changed_at,
        revision: page.revision,
        findings: &page.findings,
        triage: page.triage.as_ref(),
        suppressions: &page.suppressions,
        is_muted: page.is_muted,
        alerts: &page.alerts,
        history: &page.history,
        history_kept_from: page.history_kept_from,
    })
}

/// The page as text for a terminal; `store` is how the store is named in commands.
pub fn incident_page_text(kept: &KeptIncidentPage, store: &str, style: &Style) -> String {
    let mut page = Page::of(style);
    head(&mut page, kept);
    findings(&mut page, &kept.findings);
    decisions(&mut page, kept);
    alerts(&mut page, &kept.alerts);
    history(&mut page, kept);
    page.gap();
    let id = kept.incident.id.as_str();
    let mut text = page.into_text();
    text += &super::command("Plan:", &["rolecall", "respond", id, store]);
    let triage = super::on_store("triage", store, &[id, "--status", "in_progress", "--reason"]);
    text += super::command("Take it on:", &triage).trim_end();
    text += " REASON\n";
    text
}

fn head(page: &mut Page, kept: &KeptIncidentPage) {
    let incident = &kept.incident;
    let is_open = incident.state == "open";
    let paint = if is_open { Paint::of_severity(incident.severity) } else { Paint::Faint };
    let severity = words::severity(incident.severity).to_uppercase();
    let mut line = Line::new(0, 2)
        .word(Paint::Bold, &escape::cut(&incident.id, NAME_COLUMNS_MAX))
        .part(paint, &severity);
    if !is_open {
        line = line.part(Paint::Faint, incident.state);
    }
    page.line(&line.prose(Paint::Plain, &incident.title, REASON_COLUMNS_MAX));
    let seen = words::span(incident.first_seen, incident.last_seen);
    beside(page, "Seen", Paint::Plain, &format!("{seen}, {} old", age(incident.age_secs)));
    let kept = format!(
        "since {}, changed {}, revision {}",
        words::second(kept.opened_at),
        words::second(kept.changed_at),
        kept.revision
    );
    beside(page, "Kept", Paint::Plain, &kept);
    beside(page, "Origin", Paint::Plain, &incident.origin);
}

fn findings(page: &mut Page, findings: &[KeptFinding]) {
    section(page, "Findings");
    for finding in findings {
        let is_open = finding.state == "open";
        let paint = if is_open { Paint::of_severity(finding.severity) } else { Paint::Faint };
        let mut line = Line::new(2, 4).word(paint, words::severity(finding.severity));
        line = line.prose(Paint::Bold, &format!("{}:", finding.detector), NAME_COLUMNS_MAX);
        line = line.prose(Paint::Plain, &finding.title, REASON_COLUMNS_MAX);
        if !is_open {
            line = line.prose(Paint::Faint, "(withdrawn)", NAME_COLUMNS_MAX);
        }
        page.line(&line.prose(Paint::Faint, &format!("finding {}", finding.id), 120));
    }
}

fn decisions(page: &mut Page, kept: &KeptIncidentPage) {
    section(page, "Triage");
    match &kept.triage {
        Some(triage) => triage.told(page),
        None => page.line(&Line::new(2, 4).prose(Paint::Plain, "new: nobody looked at it", 80)),
    }
    if kept.incident.has_news {
        let text = "It rose, came back or has another finding since.";
        page.line(&Line::new(2, 4).prose(Paint::Orange, text, 80));
    }
    if kept.suppressions.is_empty() {
        return;
    }
    section(page, "Suppressions");
    let (paint, text) = if kept.is_muted {
        (Paint::Orange, "Alerts about it are muted by:")
    } else {
        (Paint::Plain, "Alerts about it are sent: not all of its findings are covered by:")
    };
    page.line(&Line::new(2, 4).prose(paint, text, TEXT_COLUMNS_MAX));
    for suppression in &kept.suppressions {
        suppression.told(page);
    }
}

fn alerts(page: &mut Page, alerts: &[KeptAlert]) {
    section(page, "Alerts");
    if alerts.is_empty() {
        page.line(&Line::new(2, 4).prose(Paint::Plain, "none", 80));
    }
    for alert in alerts {
        let paint = match alert.state {
            "delivered" => Paint::Plain,
            _ => Paint::Orange,
        };
        let mut line = Line::new(2, 4)
            .word(Paint::Plain, &words::second(alert.enqueued_at))
            .part(Paint::Bold, &escape::cut(&alert.sink, NAME_COLUMNS_MAX))
            .part(Paint::Plain, &format!("#{}", alert.revision))
            .word(Paint::Plain, &escape::cut(&alert.kind, NAME_COLUMNS_MAX))
            .word(Paint::of_severity(alert.severity), words::severity(alert.severity))
            .part(paint, alert.state);
        if alert.attempts > 1 || alert.error.is_some() {
            let attempts = words::counted(u64::from(alert.attempts), "attempt");
            line = line.prose(Paint::Faint, &format!("after {attempts}"), 80);
        }
        if let Some(time) = alert.next_attempt.filter(|_| alert.attempts > 0) {
            line = line.prose(Paint::Faint, &format!("until {}", words::second(time)), 80);
        }
        if let Some(error) = &alert.error {
            line = line.prose(Paint::Orange, &format!("({error})"), REASON_COLUMNS_MAX);
        }
        page.line(&line);
    }
}

fn history(page: &mut Page, kept: &KeptIncidentPage) {
    section(page, "History");
    if let Some(time) = kept.history_kept_from {
        let text = format!("Lines before {} are dropped.", words::second(time));
        page.line(&Line::new(2, 4).prose(Paint::Faint, &text, 120));
    }
    let shown = if page.style().all { kept.history.len() } else { CHANGES_MAX };
    let left_out = kept.history.len().saturating_sub(shown);
    crate::table::more_at(page, 2, left_out, "line");
    for change in kept.history.iter().skip(left_out) {
        let mut line = Line::new(2, 4)
            .word(Paint::Plain, &words::second(change.at))
            .part(Paint::Bold, change.what)
            .part(Paint::of_severity(change.severity), words::severity(change.severity));
        if let Some(was) = change.was {
            line = line.prose(Paint::Faint, &format!("(was {})", words::severity(was)), 80);
        }
        line = line.prose(Paint::Plain, &change.because, REASON_COLUMNS_MAX);
        if let Some(finding) = &change.finding {
            line = line.prose(Paint::Faint, &format!("finding {finding}"), 120);
        }
        page.line(&line);
    }
}

fn section(page: &mut Page, name: &str) {
    page.gap();
    page.say(Paint::Bold, name);
}
