//! The payload for the Events API v2 of `PagerDuty`.
//!
//! Members and limits: <https://developer.pagerduty.com/docs/send-alert-event>.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use detect::Severity;
use serde::Serialize;

use super::{Alert, AlertKind, line};
use crate::fit::shown;
use crate::json;
use crate::limits::{ALERT_ACCOUNTS_MAX, ALERT_FINDINGS_MAX};
use crate::words;

/// Characters of `payload.summary`.
const SUMMARY_MAX: usize = 1_024;

/// Characters of `dedup_key`.
const DEDUP_KEY_MAX: usize = 255;

#[derive(Serialize)]
struct Body {
    event_action: &'static str,
    dedup_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<Payload>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<Link>,
}

#[derive(Serialize)]
struct Payload {
    summary: String,
    source: String,
    severity: &'static str,
    timestamp: String,
    component: String,
    class: &'static str,
    custom_details: Details,
}

#[derive(Serialize)]
struct Link {
    href: String,
    text: &'static str,
}

#[derive(Serialize)]
struct Details {
    kind: &'static str,
    incident_id: String,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<&'static str>,
    origin: String,
    accounts: String,
    first_seen: String,
    last_seen: String,
    findings: Vec<String>,
    first_steps: Vec<String>,
    respond: String,
}

/// `alert` as one JSON object on one line, without a line feed at its end.
///
/// The sender adds the member `routing_key`. An incident that is raised updates its alert, and one
/// that is withdrawn resolves it: `dedup_key` is the incident's id. Text of the logs is shown as
/// on a terminal and cut where it is long. At most 256 KiB; the API takes 512 KiB.
pub fn pagerduty(alert: &Alert<'_>) -> String {
    let incident = alert.dossier.incident;
    let is_open = alert.kind != AlertKind::Withdrawn;
    let link = alert.link().filter(|_| is_open);
    json::line(&Body {
        event_action: if is_open { "trigger" } else { "resolve" },
        dedup_key: shown(&incident.id, DEDUP_KEY_MAX, "…"),
        payload: is_open.then(|| payload(alert)),
        client: is_open.then_some("Rolecall"),
        client_url: link.clone(),
        links: link.into_iter().map(|href| Link { href, text: "Open the incident" }).collect(),
    })
}

fn payload(alert: &Alert<'_>) -> Payload {
    let dossier = alert.dossier;
    let incident = dossier.incident;
    let severity = words::severity_name(incident.severity);
    let accounts = alert.accounts();
    let source = incident.origin.account_id.as_deref().or_else(|| accounts.first().copied());
    let shown_accounts: Vec<&str> = accounts.iter().take(ALERT_ACCOUNTS_MAX).copied().collect();
    let first = dossier.findings.first();
    let finding = |finding: &&detect::Finding| {
        let severity = words::severity(finding.severity);
        line(&format!("{severity} {} {}: {}", finding.detector, finding.id, finding.title))
    };
    Payload {
        summary: shown(&format!("{severity}: {}", incident.title), SUMMARY_MAX, "…"),
        // The API asks for a text.
        source: source.map(line).filter(|text| !text.is_empty()).unwrap_or_else(|| "AWS".into()),
        severity: urgency(incident.severity),
        timestamp: incident.last_seen.to_string(),
        component: line(&alert.origin()),
        class: first.map_or("incident", |finding| finding.detector),
        custom_details: Details {
            kind: alert.kind.word(),
            incident_id: line(&incident.id),
            severity: words::severity(incident.severity),
            was: alert.kind.was().map(words::severity),
            origin: line(&format!(
                "{} {}",
                words::origin_noun(incident.origin.kind),
                alert.origin()
            )),
            accounts: line(&shown_accounts.join(" ")),
            first_seen: incident.first_seen.to_string(),
            last_seen: incident.last_seen.to_string(),
            findings: dossier.findings.iter().take(ALERT_FINDINGS_MAX).map(finding).collect(),
            first_steps: dossier.first_steps.iter().map(|step| line(step)).collect(),
            respond: alert.command(),
        },
    }
}

/// The word of `PagerDuty` for a severity.
const fn urgency(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Informational => "info",
    }
}
