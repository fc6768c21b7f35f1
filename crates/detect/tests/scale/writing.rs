//! Writes many records quickly.

use std::collections::HashSet;

use detect::Analysis;
use evidence::Evidence;

/// The account that everything happens in.
const ACCOUNT: &str = "111122223333";

/// A log that is folded while it is written.
#[derive(Default)]
pub(crate) struct Log {
    evidence: Evidence,
    events: HashSet<u64>,
    n_records: u64,
}

/// A role session with one key.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) role: String,
    pub(crate) key: String,
    pub(crate) created: u64,
}

pub(crate) fn session(role: String, number: usize) -> Session {
    Session { role, key: format!("ASIA{number:09}EXAMPLE"), created: number as u64 }
}

/// `userIdentity` of a user's long-term key.
pub(crate) fn user(name: &str, key: &str) -> String {
    format!(
        r#"{{"type":"IAMUser","principalId":"AIDA{name}","arn":"arn:aws:iam::{ACCOUNT}:user/{name}","accountId":"{ACCOUNT}","accessKeyId":"{key}","userName":"{name}"}}"#
    )
}

/// A second every number, from a day in March on.
pub(crate) fn time(number: u64) -> String {
    let (day, second) = (number / 86_400, number % 86_400);
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    assert!(day < 28);
    format!("2026-03-{:02}T{hour:02}:{minute:02}:{:02}Z", day + 1, second % 60)
}

impl Session {
    fn principal_id(&self) -> String {
        format!("AROA{}:s", self.role)
    }

    pub(crate) fn who(&self) -> String {
        let (role, key) = (&self.role, &self.key);
        let (principal_id, created) = (self.principal_id(), time(self.created));
        format!(
            r#"{{"type":"AssumedRole","principalId":"{principal_id}","arn":"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/s","accountId":"{ACCOUNT}","accessKeyId":"{key}","sessionContext":{{"attributes":{{"creationDate":"{created}"}}}}}}"#
        )
    }
}

impl Log {
    /// Adds a record: who, when, what, and its request and response.
    pub(crate) fn call(&mut self, who: &str, when: u64, what: (&str, &str), rest: &str) {
        let (source, name) = what;
        let (id, time) = (self.n_records, time(when));
        let record = format!(
            r#"{{"eventVersion":"1.11","userIdentity":{who},"eventTime":"{time}","eventSource":"{source}.amazonaws.com","eventName":"{name}","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.10","userAgent":"aws-cli/2.17","eventID":"{id:08x}-0000-4000-8000-000000000000","recipientAccountId":"{ACCOUNT}"{rest}}}"#
        );
        self.text(&record);
    }

    /// Adds a record as it is written.
    pub(crate) fn text(&mut self, record: &str) {
        let (evidence, events) = (&mut self.evidence, &mut self.events);
        let outcome = cloudtrail::read(record.as_bytes(), &mut |record| {
            events.insert(evidence.record(record));
        });
        assert_eq!(outcome.events, 1, "{:?}", outcome.skipped);
        self.n_records += 1;
    }

    pub(crate) fn assume(&mut self, by: &str, session: &Session) {
        let Session { role, key, created } = session;
        let principal_id = session.principal_id();
        let rest = format!(
            r#","requestParameters":{{"roleArn":"arn:aws:iam::{ACCOUNT}:role/{role}","roleSessionName":"s"}},"responseElements":{{"credentials":{{"accessKeyId":"{key}"}},"assumedRoleUser":{{"assumedRoleId":"{principal_id}","arn":"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/s"}}}}"#
        );
        self.call(by, *created, ("sts", "AssumeRole"), &rest);
    }

    pub(crate) fn create_user(&mut self, who: &str, when: u64, name: &str) {
        let rest = format!(r#","requestParameters":{{"userName":"{name}"}}"#);
        self.call(who, when, ("iam", "CreateUser"), &rest);
    }

    pub(crate) fn evidence(self) -> Evidence {
        assert_eq!(self.events.len() as u64, self.n_records);
        self.evidence
    }

    pub(crate) fn analysis(self) -> Analysis {
        let analysis = detect::analyze(&self.evidence(), detect::Settings::default());
        for finding in &analysis.findings {
            assert!(finding.evidence.len() <= detect::limits::EVIDENCE_MAX);
        }
        for incident in &analysis.incidents {
            assert!(incident.timeline.len() <= detect::limits::TIMELINE_MAX);
            let n_nodes = incident.graph.nodes.len();
            // Beside each credential stand what it left behind and where it was used from.
            assert!(n_nodes <= detect::limits::GRAPH_NODES_MAX * 10, "{n_nodes} nodes");
        }
        analysis
    }
}
