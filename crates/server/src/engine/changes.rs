//! What an analysis found that is not kept yet.

use std::collections::{BTreeMap, BTreeSet};

use detect::{Analysis, Finding, Incident, Severity};
use report::{Change, Comparison};
use serde_json::{Value, json};
use store::{FindingRow, FindingState, HistoryEntry, IncidentRow, Kept, Store, What};
use xxhash_rust::xxh3::xxh3_64;

use super::{Known, names};

/// What is kept, by id.
type All = BTreeMap<String, Known>;

/// What is to be kept, and what is known once it is.
pub(super) struct Changes {
    pub(super) kept: Kept,
    pub(super) findings: All,
    pub(super) incidents: All,
}

/// The difference between what is known and `analysis`.
pub(super) fn between(
    store: &Store,
    (findings, incidents, lasting): (&All, &All, &BTreeSet<String>),
    analysis: &Analysis,
) -> Result<Changes, store::Error> {
    let mut changes = Changes {
        kept: Kept { as_of: analysis.as_of.unwrap_or_default(), ..Kept::default() },
        findings: findings.clone(),
        incidents: incidents.clone(),
    };
    let told = changes.findings(store, analysis, lasting)?;
    changes.incidents(store, analysis, lasting)?;
    changes.kept.history.extend(told);
    Ok(changes)
}

impl Changes {
    /// Adds the findings that changed; gives their history, which stands behind that of their
    /// incidents.
    fn findings(
        &mut self,
        store: &Store,
        analysis: &Analysis,
        lasting: &BTreeSet<String>,
    ) -> Result<Vec<HistoryEntry>, store::Error> {
        let incident_of = incident_of(analysis);
        let mut before: Vec<FindingRow> = Vec::new();
        for finding in &analysis.findings {
            let document = report::finding_json(finding);
            let known = Known::open(finding.severity, &[&document]);
            let was = self.findings.get(&finding.id);
            if was == Some(&known) {
                continue;
            }
            if was.is_some() {
                before.extend(store.finding(&finding.id)?);
            }
            let incident = incident_of.get(&*finding.id).copied().unwrap_or_default();
            self.kept.findings.push(row_of_finding(finding, incident, known, document));
            self.findings.insert(finding.id.clone(), known);
        }
        let is_gone = |id: &str, known: &Known| {
            let is_there = incident_of.contains_key(id) || lasting.contains(id);
            known.state == FindingState::Open && !is_there
        };
        let gone = self.findings.iter().filter(|(id, known)| is_gone(id, known));
        let gone: Vec<String> = gone.map(|(id, _)| id.clone()).collect();
        let n_changed = self.kept.findings.len();
        for id in gone {
            let Some(row) = store.finding(&id)? else {
                self.findings.remove(&id);
                continue;
            };
            before.push(row.clone());
            if let Some(known) = self.findings.get_mut(&id) {
                known.state = FindingState::Withdrawn;
            }
            self.kept.findings.push(FindingRow { state: FindingState::Withdrawn, ..row });
        }
        let changed = self.kept.findings.get(..n_changed).unwrap_or_default();
        Ok(self.told(&before, changed, analysis))
    }

    /// What became of findings, in words.
    fn told(
        &self,
        before: &[FindingRow],
        after: &[FindingRow],
        analysis: &Analysis,
    ) -> Vec<HistoryEntry> {
        let was_open: Vec<&FindingRow> =
            before.iter().filter(|row| row.state == FindingState::Open).collect();
        let comparison = compare(&was_open, after, analysis);
        let incidents: BTreeMap<&str, &str> = before
            .iter()
            .chain(after)
            .map(|row| (row.id.as_str(), row.incident.as_str()))
            .collect();
        let withdrawn = before.iter().filter(|row| row.state != FindingState::Open);
        let withdrawn: BTreeSet<&str> = withdrawn.map(|row| row.id.as_str()).collect();
        let lists = [
            (What::New, &comparison.new),
            (What::Rose, &comparison.rose),
            (What::Grew, &comparison.grew),
            (What::Fell, &comparison.fell),
            (What::Withdrawn, &comparison.withdrawn),
        ];
        let all =
            lists.into_iter().flat_map(|(what, list)| list.iter().map(move |one| (what, one)));
        let worth_telling =
            all.filter(|(what, change)| *what != What::Grew || !only_goes_on(change));
        worth_telling
            .map(|(what, change)| HistoryEntry {
                at: 0,
                as_of: self.kept.as_of,
                incident: incidents.get(&*change.id).copied().unwrap_or_default().to_owned(),
                finding: Some(change.id.clone()),
                what: if what == What::New && withdrawn.contains(&*change.id) {
                    What::Returned
                } else {
                    what
                },
                severity: change.severity,
                was: change.was,
                because: because(change),
            })
            .collect()
    }

    fn incidents(
        &mut self,
        store: &Store,
        analysis: &Analysis,
        lasting: &BTreeSet<String>,
    ) -> Result<(), store::Error> {
        let findings: BTreeMap<&str, &Finding> =
            analysis.findings.iter().map(|finding| (finding.id.as_str(), finding)).collect();
        for incident in &analysis.incidents {
            let extent = analysis.extents.get(&incident.id);
            let document = report::incident_json(incident, extent);
            let picture = analysis.graphs.get(&incident.id).map(report::graph_json);
            let parts = [document.as_str(), picture.as_deref().unwrap_or_default()];
            let known = Known::open(incident.severity, &parts);
            let was = self.incidents.insert(incident.id.clone(), known);
            if was == Some(known) {
                continue;
            }
            self.kept.history.extend(self.became(incident, was));
            let of_incident: Vec<&Finding> = incident
                .findings
                .iter()
                .filter_map(|id| findings.get(id.as_str()).copied())
                .collect();
            self.kept.incidents.push(IncidentRow {
                names: names::of(incident, &of_incident, extent),
                hops: of_incident.iter().copied().map(hops).max().unwrap_or_default(),
                open_findings: of_incident.len() as u32,
                picture: picture.map(String::into_bytes),
                ..row_of_incident(incident, known, document)
            });
        }
        let there: BTreeSet<&str> =
            analysis.incidents.iter().map(|incident| incident.id.as_str()).collect();
        let gone = self.incidents.iter_mut().filter(|(id, known)| {
            let is_there = there.contains(id.as_str()) || lasting.contains(id.as_str());
            known.state == FindingState::Open && !is_there
        });
        let mut withdrawn = Vec::new();
        for (id, known) in gone {
            known.state = FindingState::Withdrawn;
            withdrawn.push((id.clone(), known.severity));
        }
        for (id, severity) in withdrawn {
            if let Some(row) = store.incident(&id)? {
                self.kept.incidents.push(IncidentRow { state: FindingState::Withdrawn, ..row });
            }
            self.kept.history.push(HistoryEntry {
                at: 0,
                as_of: self.kept.as_of,
                incident: id,
                finding: None,
                what: What::Withdrawn,
                severity,
                was: None,
                because: "no finding of it is left".to_owned(),
            });
        }
        Ok(())
    }

    /// What became of an incident, unless it only grew.
    fn became(&self, incident: &Incident, was: Option<Known>) -> Option<HistoryEntry> {
        let what = match was {
            None => What::New,
            Some(known) if known.state == FindingState::Withdrawn => What::Returned,
            Some(known) if known.severity < incident.severity => What::Rose,
            Some(known) if known.severity > incident.severity => What::Fell,
            Some(_) => return None,
        };
        Some(HistoryEntry {
            at: 0,
            as_of: self.kept.as_of,
            incident: incident.id.clone(),
            finding: None,
            what,
            severity: incident.severity,
            was: was.map(|known| known.severity).filter(|was| *was != incident.severity),
            because: String::new(),
        })
    }
}

impl Known {
    fn open(severity: Severity, parts: &[&str]) -> Self {
        Self { state: FindingState::Open, severity, hash: xxh3_64(parts.concat().as_bytes()) }
    }
}

/// The incident that each finding belongs to.
fn incident_of(analysis: &Analysis) -> BTreeMap<&str, &str> {
    let mut incidents: BTreeMap<&str, &str> =
        analysis.findings.iter().map(|finding| (finding.id.as_str(), "")).collect();
    for incident in &analysis.incidents {
        let of_incident = incident.findings.iter();
        incidents.extend(of_incident.map(|id| (id.as_str(), incident.id.as_str())));
    }
    incidents
}

fn row_of_finding(finding: &Finding, incident: &str, known: Known, document: String) -> FindingRow {
    FindingRow {
        id: finding.id.clone(),
        incident: incident.to_owned(),
        detector: finding.detector.to_owned(),
        state: known.state,
        severity: finding.severity,
        opened_at: 0,
        changed_at: 0,
        revision: 0,
        hash: known.hash,
        document,
    }
}

fn row_of_incident(incident: &Incident, known: Known, document: String) -> IncidentRow {
    IncidentRow {
        id: incident.id.clone(),
        state: known.state,
        severity: incident.severity,
        title: incident.title.clone(),
        origin: report::origin_kind(&incident.origin).to_owned(),
        first_seen: incident.first_seen,
        last_seen: incident.last_seen,
        opened_at: 0,
        changed_at: 0,
        revision: 0,
        hash: known.hash,
        document,
        color: incident.color,
        hops: 0,
        origin_label: names::label(incident),
        open_findings: 0,
        names: Vec::new(),
        picture: None,
    }
}

/// Hops of the chain of `finding`.
fn hops(finding: &Finding) -> u32 {
    finding.chain.as_ref().map_or(0, |chain| chain.hops)
}

/// Compares findings as they were with what they are. Why one was withdrawn may stand in any
/// finding, so that all of them are looked at where one was.
fn compare(before: &[&FindingRow], after: &[FindingRow], analysis: &Analysis) -> Comparison {
    let parsed = |document: &str| serde_json::from_str(document).unwrap_or(Value::Null);
    let earlier: Vec<Value> = before.iter().map(|row| parsed(&row.document)).collect();
    let changed: BTreeSet<&str> = after.iter().map(|row| row.id.as_str()).collect();
    let is_any_gone = before.iter().any(|row| !changed.contains(&*row.id));
    let mut later: Vec<Value> = after.iter().map(|row| parsed(&row.document)).collect();
    let mut incidents: Vec<Value> = Vec::new();
    let mut unchanged: Vec<Value> = Vec::new();
    if is_any_gone {
        let rest = analysis.findings.iter().filter(|one| !changed.contains(&*one.id));
        unchanged.extend(rest.map(|finding| parsed(&report::finding_json(finding))));
        let all = analysis.incidents.iter();
        incidents.extend(all.map(|incident| parsed(&report::incident_json(incident, None))));
    }
    // What is the same on both sides is told as unchanged.
    let earlier: Vec<Value> = earlier.into_iter().chain(unchanged.iter().cloned()).collect();
    later.extend(unchanged);
    report::compare(
        &json!({ "findings": earlier }),
        &json!({ "findings": later, "incidents": incidents }),
    )
}

fn because(change: &Change) -> String {
    change.because.join("; ")
}

/// Whether all that can be said of a change is that it goes on.
fn only_goes_on(change: &Change) -> bool {
    change.because.iter().all(|because| because.starts_with("goes on until "))
}
