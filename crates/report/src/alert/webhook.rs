//! The payload for a webhook: `rolecall.alert/1`.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::{Alert, raw};
use crate::json;
use crate::limits::{ALERT_ACCOUNTS_MAX, ALERT_FINDINGS_MAX};
use crate::wire::{Time, is_zero};
use crate::words;

/// Number of the payload's form.
const SCHEMA: &str = "rolecall.alert/1";

#[derive(Serialize)]
struct Payload<'a> {
    schema: &'static str,
    kind: &'static str,
    incident_id: Cow<'a, str>,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<&'static str>,
    color: &'static str,
    title: Cow<'a, str>,
    origin: Origin<'a>,
    accounts: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "is_zero")]
    accounts_left_out: u64,
    first_seen: Time,
    last_seen: Time,
    findings: Vec<Finding<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    findings_left_out: u64,
    first_steps: Vec<Cow<'a, str>>,
    respond: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

#[derive(Serialize)]
struct Origin<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key_id: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_arn: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_id: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    id: Cow<'a, str>,
    detector: &'static str,
    severity: &'static str,
    confidence: &'static str,
    title: Cow<'a, str>,
}

/// `alert` as one JSON object on one line, without a line feed at its end.
///
/// Text of the logs is as it is in the scan document, cut where it is long. At most 256 KiB.
pub fn webhook(alert: &Alert<'_>) -> String {
    let incident = alert.dossier.incident;
    let accounts = alert.accounts();
    let findings = &alert.dossier.findings;
    let left_out = |number: usize, shown: usize| number.saturating_sub(shown) as u64;
    json::line(&Payload {
        schema: SCHEMA,
        kind: alert.kind.word(),
        incident_id: raw(&incident.id),
        severity: words::severity(incident.severity),
        was: alert.kind.was().map(words::severity),
        color: words::color(incident.color),
        title: raw(&incident.title),
        origin: Origin::of(&incident.origin),
        accounts: accounts.iter().take(ALERT_ACCOUNTS_MAX).map(|account| raw(account)).collect(),
        accounts_left_out: left_out(accounts.len(), ALERT_ACCOUNTS_MAX),
        first_seen: Time(incident.first_seen),
        last_seen: Time(incident.last_seen),
        findings: findings.iter().take(ALERT_FINDINGS_MAX).map(|one| Finding::of(one)).collect(),
        findings_left_out: left_out(findings.len(), ALERT_FINDINGS_MAX),
        first_steps: alert.dossier.first_steps.iter().map(|step| raw(step)).collect(),
        respond: alert.command(),
        link: alert.link(),
    })
}

impl<'a> Origin<'a> {
    fn of(origin: &'a detect::Origin) -> Self {
        let text = |field: Option<&'a alloc::sync::Arc<str>>| crate::wire::text(field).map(raw);
        Self {
            kind: words::origin_kind(origin.kind),
            access_key_id: text(origin.access_key_id.as_ref()),
            principal_arn: text(origin.principal_arn.as_ref()),
            instance_id: text(origin.instance_id.as_ref()),
            subject: text(origin.subject.as_ref()),
            account_id: text(origin.account_id.as_ref()),
        }
    }
}

impl<'a> Finding<'a> {
    fn of(finding: &'a detect::Finding) -> Self {
        Self {
            id: raw(&finding.id),
            detector: finding.detector,
            severity: words::severity(finding.severity),
            confidence: words::confidence(finding.confidence),
            title: raw(&finding.title),
        }
    }
}
