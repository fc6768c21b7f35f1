//! Batches made for tests: each has a number, from which everything in it follows.

use std::path::Path;

use cloudtrail::Timestamp;
use detect::Severity;
use evidence::Evidence;
use ingest::{Coverage, Note};
use store::{
    Commit, Cursor, FindingRow, FindingState, HistoryEntry, IncidentRow, Kept, NewAlert,
    ObjectDone, ObjectId, Store, What,
};

/// Incidents that batches are about, in turn.
pub(crate) const INCIDENTS: u64 = 5;

/// Name of the source of every batch.
pub(crate) const SOURCE: &str = "trail";

/// The only sink.
pub(crate) const SINK: &str = "pager";

/// Bytes of an alert.
pub(crate) const PAYLOAD: &[u8] = b"{}";

/// One hour in milliseconds, which lies between two batches.
pub(crate) const HOUR: i64 = 3_600_000;

/// Everything that is committed of one batch.
pub(crate) struct Batch {
    pub(crate) at: i64,
    pub(crate) evidence: Vec<u8>,
    pub(crate) objects: Vec<ObjectDone>,
    pub(crate) cursors: Vec<Cursor>,
    pub(crate) kept: Kept,
    pub(crate) alerts: Vec<NewAlert>,
}

impl Batch {
    pub(crate) fn of(number: u64) -> Self {
        let at = number as i64 * HOUR;
        Self {
            at,
            evidence: evidence(number..=number).to_bytes(),
            objects: vec![object(number)],
            cursors: vec![Cursor { source: SOURCE.to_owned(), cursor: number.to_string() }],
            kept: kept(number),
            alerts: vec![alert(&incident_of(number), number / INCIDENTS + 1, at)],
        }
    }

    pub(crate) fn commit(&self) -> Commit<'_> {
        Commit {
            at: self.at,
            evidence: Some(&self.evidence),
            objects: &self.objects,
            cursors: &self.cursors,
            kept: Some(&self.kept),
            alerts: &self.alerts,
            muted: &[],
        }
    }
}

/// A store in `folder` with the batches below `end`.
pub(crate) fn filled(folder: &Path, end: u64) -> Store {
    let mut store = Store::open(folder).unwrap();
    for number in 0..end {
        store.commit(&Batch::of(number).commit()).unwrap();
    }
    store
}

pub(crate) fn incident_of(number: u64) -> String {
    format!("incident-{}", number % INCIDENTS)
}

pub(crate) fn finding_of(number: u64) -> String {
    format!("finding-{}", number % INCIDENTS)
}

pub(crate) fn id_of(number: u64) -> ObjectId {
    ObjectId { name: format!("s3://example-bucket/{number}.json.gz"), version: "1".to_owned() }
}

/// An object of one record, of which each seventh was not understood.
pub(crate) fn object(number: u64) -> ObjectDone {
    let mut coverage = Coverage {
        files: 1,
        bytes_read: 1_000 + number,
        bytes_on_disk: 100 + number,
        records: 1,
        events_read: 1,
        ..Coverage::default()
    };
    if number % 7 == 6 {
        let name = id_of(number).name;
        coverage.failed(&name, "gzip stream ends early");
        let text = "no `responseElements`: what was issued cannot be seen".to_owned();
        coverage.notes.push(Note { source: name, text, records: 1 });
    }
    ObjectDone { id: id_of(number), source: SOURCE.to_owned(), coverage }
}

pub(crate) fn kept(number: u64) -> Kept {
    let is_first = number < INCIDENTS;
    let as_of = Timestamp(number as i64);
    Kept {
        as_of,
        findings: vec![finding(&finding_of(number), &incident_of(number), number)],
        incidents: vec![incident(&incident_of(number), Severity::High, number)],
        history: vec![HistoryEntry {
            at: 0,
            as_of,
            incident: incident_of(number),
            finding: Some(finding_of(number)),
            what: if is_first { What::New } else { What::Grew },
            severity: Severity::High,
            was: None,
            because: format!("batch {number}"),
        }],
    }
}

pub(crate) fn finding(id: &str, incident: &str, hash: u64) -> FindingRow {
    FindingRow {
        id: id.to_owned(),
        incident: incident.to_owned(),
        detector: "role_chaining".to_owned(),
        state: FindingState::Open,
        severity: Severity::High,
        opened_at: 0,
        changed_at: 0,
        revision: 0,
        hash,
        document: format!("{{\"id\":\"{id}\",\"hash\":{hash}}}"),
    }
}

pub(crate) fn incident(id: &str, severity: Severity, hash: u64) -> IncidentRow {
    IncidentRow {
        id: id.to_owned(),
        state: FindingState::Open,
        severity,
        title: "3 roles in a row".to_owned(),
        origin: "iam_user_access_key".to_owned(),
        first_seen: Timestamp(hash as i64),
        last_seen: Timestamp(hash as i64 + 1),
        opened_at: 0,
        changed_at: 0,
        revision: 0,
        hash,
        document: format!("{{\"id\":\"{id}\"}}"),
        color: detect::Color::None,
        hops: 0,
        origin_label: String::new(),
        open_findings: 1,
        names: Vec::new(),
        picture: None,
    }
}

pub(crate) fn alert(incident: &str, revision: u64, at: i64) -> NewAlert {
    NewAlert {
        sink: SINK.to_owned(),
        incident: incident.to_owned(),
        kind: "opened".to_owned(),
        revision: u32::try_from(revision).unwrap(),
        severity: Severity::High,
        payload: PAYLOAD.to_vec(),
        enqueued_at: at,
    }
}

/// What an `AssumeRole` of each number teaches: a credential of its own, its issuance, one call.
pub(crate) fn evidence(numbers: impl IntoIterator<Item = u64>) -> Evidence {
    let mut evidence = Evidence::default();
    for number in numbers {
        let record = record(number);
        let outcome = cloudtrail::read(record.as_bytes(), &mut |record| {
            evidence.record(record);
        });
        assert_eq!(outcome.events, 1, "{record}");
    }
    evidence
}

fn record(number: u64) -> String {
    let (hours, seconds) = (number / 3_600 % 24, number % 3_600);
    format!(
        r#"{{"eventTime":"2026-01-01T{hours:02}:{:02}:{:02}Z","eventSource":"sts.amazonaws.com",
        "eventName":"AssumeRole","eventID":"00000000-0000-4000-8000-{number:012}",
        "recipientAccountId":"111122223333","awsRegion":"us-east-1",
        "sourceIPAddress":"192.0.2.{}","userAgent":"aws-cli/{number}",
        "userIdentity":{{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/user-{number}",
        "accountId":"111122223333","accessKeyId":"AKIAEXAMPLE{number:09}",
        "principalId":"AIDA{number}"}},
        "requestParameters":{{"roleArn":"arn:aws:iam::111122223333:role/deploy",
        "roleSessionName":"session-{number}"}},
        "responseElements":{{"credentials":{{"accessKeyId":"ASIAEXAMPLE{number:09}"}},
        "assumedRoleUser":{{"assumedRoleId":"AROA1:session-{number}",
        "arn":"arn:aws:sts::111122223333:assumed-role/deploy/session-{number}"}}}}}}"#,
        seconds / 60,
        seconds % 60,
        number % 256,
    )
}

/// Everything that evidence tells, as text that does not depend on arrival.
pub(crate) fn told(evidence: &Evidence) -> String {
    let mut uses: Vec<String> = evidence
        .uses()
        .map(|view| {
            let (of, from, agent) = (view.of, &view.source, view.user_agent);
            format!("{of:?} {from:?} {agent} {} {:?}", view.event_name, view.events)
        })
        .collect();
    let mut credentials: Vec<String> =
        evidence.credentials().map(|credential| format!("{credential:?}")).collect();
    uses.sort();
    credentials.sort();
    let issuances: Vec<_> = evidence.issuances().collect();
    format!("{uses:#?}{credentials:#?}{issuances:#?}")
}

/// What the batches below `end` teach.
pub(crate) fn told_below(end: u64) -> String {
    told(&evidence(0..end))
}
