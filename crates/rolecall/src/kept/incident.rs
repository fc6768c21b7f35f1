//! `rolecall incidents STORE ID`: everything that a store keeps about one incident.

use anyhow::Result;
use report::{KeptAlert, KeptChange, KeptFinding, KeptIncidentPage, KeptSuppression, KeptTriage};
use serde_json::Value;
use store::{
    AlertRow, AlertState, FindingRow, HistoryEntry, IncidentRow, Store, Suppression, Triage,
    muted_by,
};

use super::{Documents, document, find, incidents, now, open, state, suppress, time};
use crate::Outcome;
use crate::args::{IncidentsOptions, TraceFormat};
use crate::output;

pub(super) fn run(options: &IncidentsOptions, wanted: &str) -> Result<Outcome> {
    let store = open(&options.store)?;
    let incident = find(&store, wanted)?;
    let page = store.at_once(|store| page(store, &incident))?;
    let text = match options.format {
        TraceFormat::Json => report::incident_page_json(&page),
        TraceFormat::Table => {
            let named = options.store.display().to_string();
            report::incident_page_text(&page, &named, &output::style(&options.output))
        }
    };
    output::write(&text, &options.output)?;
    Ok(Outcome::Done)
}

fn page(store: &Store, incident: &IncidentRow) -> Result<KeptIncidentPage, store::Error> {
    let findings = store.findings_of(&incident.id)?;
    let documents = Documents::of(incident, &findings);
    let subject = documents.subject();
    let suppressions = store.suppressions()?;
    let about = suppressions.iter().filter(|suppression| {
        suppression.is_active(now())
            && subject.findings.iter().any(|finding| suppression.covers(&subject, finding))
    });
    let about: Vec<KeptSuppression> = about.map(suppress::row).collect();
    let muting: Vec<&Suppression> = muted_by(&suppressions, &subject, now());
    let triage = store.triage(&incident.id)?;
    Ok(KeptIncidentPage {
        incident: incidents::line(store, incident)?,
        opened_at: time(incident.opened_at),
        changed_at: time(incident.changed_at),
        revision: incident.revision,
        findings: findings.iter().map(finding).collect(),
        triage: (triage != Triage::default()).then(|| self::triage(&triage)),
        suppressions: about,
        is_muted: !muting.is_empty(),
        alerts: store.alerts_of(&incident.id)?.iter().map(alert).collect(),
        history: store.history_of(&incident.id)?.iter().map(change).collect(),
        history_kept_from: store.history_kept_from()?.map(time),
    })
}

fn finding(row: &FindingRow) -> KeptFinding {
    let written = document(&row.document);
    KeptFinding {
        id: row.id.clone(),
        detector: row.detector.clone(),
        state: state(row.state),
        severity: row.severity,
        title: written.get("title").and_then(Value::as_str).unwrap_or_default().to_owned(),
        revision: row.revision,
    }
}

/// What people decided, as it is written.
pub(super) fn triage(triage: &Triage) -> KeptTriage {
    KeptTriage {
        status: triage.status.word(),
        reason: triage.reason.clone(),
        note: triage.note.clone(),
        who: triage.who.clone(),
        at: time(triage.at),
    }
}

fn alert(row: &AlertRow) -> KeptAlert {
    let alert = &row.alert;
    let state = match row.state {
        AlertState::Delivered => "delivered",
        AlertState::Parked => "parked",
        AlertState::Waiting => "waiting",
    };
    KeptAlert {
        sink: alert.sink.clone(),
        kind: alert.kind.clone(),
        revision: alert.revision,
        severity: alert.severity,
        state,
        enqueued_at: time(alert.enqueued_at),
        attempts: row.attempts,
        next_attempt: (row.state == AlertState::Waiting).then(|| time(row.next_attempt)),
        error: row.error.clone(),
    }
}

fn change(entry: &HistoryEntry) -> KeptChange {
    KeptChange {
        at: time(entry.at),
        as_of: entry.as_of,
        what: entry.what.word(),
        finding: entry.finding.clone(),
        severity: entry.severity,
        was: entry.was,
        because: entry.because.clone(),
    }
}
