//! Makes stores out of logs, as the continuous mode fills them.

use std::fs;
use std::path::{Path, PathBuf};

use cloudtrail::Record;
use detect::{Analysis, Settings};
use evidence::Evidence;
use ingest::{Coverage, Fold, Limits, ObjectOpener};
use report::Scan;
use serde_json::Value;
use store::{
    Commit, FindingRow, FindingState, HistoryEntry, IncidentRow, Kept, NewAlert, ObjectDone,
    ObjectId, Store, What,
};

/// When the first batch was committed: 2026-03-10T08:00:00Z, in milliseconds.
pub(crate) const AT: i64 = 1_773_129_600_000;

/// Evidence that an object is folded into.
#[derive(Default)]
struct Folded(Evidence);

impl Fold for Folded {
    fn record(&mut self, record: &Record<'_>) -> u64 {
        self.0.record(record)
    }

    fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
    }
}

/// An object that was read, and what it taught.
struct Opened {
    done: ObjectDone,
    evidence: Vec<u8>,
}

/// Batches that logs are committed in, at most: enough for segments to be merged.
const BATCHES: usize = 18;

/// Adds the logs at `source`, which is named relative to `root`, to the store in `folder`: objects
/// in batches, and what was found at the end.
pub(crate) fn add(folder: &Path, root: &Path, source: &str) -> Store {
    let mut store = Store::open(folder).unwrap();
    let opened = opened(root, Path::new(source));
    for batch in opened.chunks(opened.len().div_ceil(BATCHES).max(1)) {
        let mut evidence = Evidence::default();
        for object in batch {
            evidence.merge(Evidence::from_bytes(&object.evidence).unwrap());
        }
        let objects: Vec<ObjectDone> = batch.iter().map(|object| object.done.clone()).collect();
        let bytes = evidence.to_bytes();
        let commit =
            Commit { at: AT, evidence: Some(&bytes), objects: &objects, ..Commit::default() };
        store.commit(&commit).unwrap();
        store.merge_segments().unwrap();
    }
    analyze(&mut store);
    store
}

/// Every file at `source` in the order of their names, and what is set aside on the way.
fn opened(root: &Path, source: &Path) -> Vec<Opened> {
    let mut opener = ObjectOpener::<Folded>::new(Limits::default());
    let mut objects = Vec::new();
    for (path, aside) in listed(root, source, source) {
        let name = path.display().to_string();
        let mut fold = Folded::default();
        let coverage = match aside {
            Some(reason) => {
                let mut coverage = Coverage::default();
                coverage.set_aside(&name, reason);
                coverage
            }
            None => opener.open(&name, &fs::read(root.join(&path)).unwrap(), &mut fold),
        };
        let id = ObjectId { name, version: String::new() };
        let done = ObjectDone { id, source: "logs".to_owned(), coverage };
        objects.push(Opened { done, evidence: fold.0.to_bytes() });
    }
    objects
}

/// The paths at `at`, with why each is set aside if it is.
fn listed(root: &Path, source: &Path, at: &Path) -> Vec<(PathBuf, Option<&'static str>)> {
    if !root.join(at).is_dir() {
        return vec![(at.to_owned(), None)];
    }
    let mut names: Vec<_> =
        fs::read_dir(root.join(at)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    let mut paths = Vec::new();
    for name in names {
        let path = at.join(&name);
        let mut below = path.strip_prefix(source).unwrap().display().to_string();
        if root.join(&path).is_dir() {
            below.push('/');
        }
        match ingest::set_aside(&below) {
            Some((_, reason)) => paths.push((path, Some(reason))),
            None => paths.extend(listed(root, source, &path)),
        }
    }
    paths
}

/// Analyzes everything, and keeps what was found as what is new.
fn analyze(store: &mut Store) {
    let evidence = store.evidence().unwrap();
    let analysis = detect::analyze(&evidence, Settings::default());
    let mut kept = kept(&analysis);
    let known = store.known_findings().unwrap();
    let is_new = |entry: &HistoryEntry| !known.contains_key(entry.finding.as_ref().unwrap());
    kept.history.retain(is_new);
    let alerts: Vec<NewAlert> = analysis.incidents.iter().map(alert).collect();
    let commit = Commit { at: AT, kept: Some(&kept), alerts: &alerts, ..Commit::default() };
    store.commit(&commit).unwrap();
}

fn kept(analysis: &Analysis) -> Kept {
    let coverage = report::Coverage::default();
    let scan = Scan { analysis, coverage: &coverage, version: "0" };
    let document: Value = serde_json::from_str(&report::json(&scan)).unwrap();
    let text = |list: &str, at: usize| document[list][at].to_string();
    let of = |id: &String| {
        let has = |incident: &&detect::Incident| incident.findings.contains(id);
        analysis.incidents.iter().find(has).unwrap().id.clone()
    };
    let findings = (0..).zip(&analysis.findings).map(|(at, finding)| FindingRow {
        id: finding.id.clone(),
        incident: of(&finding.id),
        detector: finding.detector.to_owned(),
        state: FindingState::Open,
        severity: finding.severity,
        opened_at: 0,
        changed_at: 0,
        revision: 0,
        hash: 0,
        document: text("findings", at),
    });
    let incidents = (0..).zip(&analysis.incidents).map(|(at, incident)| IncidentRow {
        id: incident.id.clone(),
        state: FindingState::Open,
        severity: incident.severity,
        title: incident.title.clone(),
        origin: document["incidents"][at]["origin"]["kind"].as_str().unwrap().to_owned(),
        first_seen: incident.first_seen,
        last_seen: incident.last_seen,
        opened_at: 0,
        changed_at: 0,
        revision: 0,
        hash: 0,
        document: text("incidents", at),
        color: detect::Color::None,
        hops: 0,
        origin_label: String::new(),
        open_findings: 1,
        names: Vec::new(),
        picture: None,
    });
    let as_of = analysis.as_of.unwrap_or_default();
    let history = analysis.findings.iter().map(|finding| HistoryEntry {
        at: 0,
        as_of,
        incident: of(&finding.id),
        finding: Some(finding.id.clone()),
        what: What::New,
        severity: finding.severity,
        was: None,
        because: finding.title.clone(),
    });
    Kept {
        as_of,
        findings: findings.collect(),
        incidents: incidents.collect(),
        history: history.collect(),
    }
}

fn alert(incident: &detect::Incident) -> NewAlert {
    NewAlert {
        sink: "pager".to_owned(),
        incident: incident.id.clone(),
        kind: "opened".to_owned(),
        revision: 1,
        severity: incident.severity,
        payload: b"{}".to_vec(),
        enqueued_at: AT,
    }
}
