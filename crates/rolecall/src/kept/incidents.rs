//! `rolecall incidents`: the incidents of a store, or everything about one.

use anyhow::Result;
use detect::Severity;
use report::{KeptIncident, KeptIncidents};
use store::{FindingState, IncidentQuery, IncidentRow, Store};

use super::{incident, open, state};
use crate::Outcome;
use crate::args::{IncidentsOptions, TraceFormat};
use crate::output;

pub(crate) fn run(options: &IncidentsOptions) -> Result<Outcome> {
    if let Some(wanted) = &options.incident {
        return incident::run(options, wanted);
    }
    let query = IncidentQuery {
        with_withdrawn: options.output.all,
        with_settled: options.output.all,
        min_severity: options.min_severity.map(Severity::from),
        limit: options.limit,
    };
    let store = open(&options.store)?;
    let kept = store.at_once(|store| {
        let rows = store.incidents(query)?;
        let incidents = rows.iter().map(|row| line(store, row)).collect::<Result<_, _>>()?;
        let open: u64 = store.open_incidents()?.values().sum();
        let at_hand = store.incidents(IncidentQuery::default())?.len() as u64;
        let dealt_with = open.saturating_sub(at_hand);
        Ok(KeptIncidents { as_of: store.as_of()?, incidents, open, dealt_with })
    })?;
    let text = match options.format {
        TraceFormat::Json => report::incidents_json(&kept),
        TraceFormat::Table => report::incidents_text(&kept, &output::style(&options.output)),
    };
    output::write(&text, &options.output)?;
    let holds =
        kept.incidents.iter().filter(|incident| incident.state == state(FindingState::Open));
    let gravest = holds.map(|incident| incident.severity).max();
    Ok(match gravest.zip(options.fail_on.map(Severity::from)) {
        Some((gravest, fail_on)) if gravest >= fail_on => Outcome::Findings,
        Some(_) | None => Outcome::Done,
    })
}

/// An incident in one line.
pub(super) fn line(store: &Store, row: &IncidentRow) -> Result<KeptIncident, store::Error> {
    let as_of = store.as_of()?.unwrap_or(row.last_seen);
    Ok(KeptIncident {
        id: row.id.clone(),
        severity: row.severity,
        state: state(row.state),
        status: store.triage(&row.id)?.status.word(),
        has_news: store.has_news(&row.id)?,
        title: row.title.clone(),
        origin: row.origin.clone(),
        first_seen: row.first_seen,
        last_seen: row.last_seen,
        age_secs: as_of.seconds_since(row.first_seen),
        open_findings: store.open_findings(&row.id)?,
    })
}
