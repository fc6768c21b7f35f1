//! The commands on a store: what is kept, and what people decide about it.

mod audit;
mod incident;
mod incidents;
mod maintain;
mod suppress;
mod triage;

pub(crate) use audit::run as audit;
pub(crate) use incidents::run as incidents;
pub(crate) use maintain::run as maintain;
pub(crate) use suppress::{list as suppressions, run as suppress};
pub(crate) use triage::run as triage;

use std::env;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use cloudtrail::Timestamp;
use report::Style;
use serde_json::Value;
use store::{FindingRow, FindingState, IncidentRow, Store, Subject, SubjectFinding};

use crate::args::{ColorChoice, OutputOptions};
use crate::output;

/// Variables that name the user: whoever became another user first.
const USERS: [&str; 4] = ["SUDO_USER", "USER", "LOGNAME", "USERNAME"];

/// Opens the store in `folder` beside the process that writes evidence to it.
fn open(folder: &Path) -> Result<Store> {
    Store::open_beside(folder).with_context(|| format!("cannot open `{}`", folder.display()))
}

/// The incident whose id is `wanted` or begins with it.
fn find(store: &Store, wanted: &str) -> Result<IncidentRow> {
    if let Some(incident) = store.incident(wanted)? {
        return Ok(incident);
    }
    let mut named = store.incidents_named(wanted)?;
    match (named.pop(), named.pop()) {
        (Some(incident), None) if !wanted.is_empty() => Ok(incident),
        (Some(_), _) => bail!("`{wanted}` begins the ids of several incidents"),
        (None, _) => {
            bail!("no incident is called `{wanted}`; `rolecall incidents` lists them all")
        }
    }
}

/// The time, in milliseconds.
fn now() -> i64 {
    // A clock that stands before 1970 is as good as none.
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_millis() as i64)
}

/// Milliseconds as the time that they are written as.
const fn time(millis: i64) -> Timestamp {
    Timestamp(millis.div_euclid(1_000))
}

/// The name that was given, or that of the user.
fn who(given: Option<&str>) -> Result<String> {
    let name = |variable: &&str| env::var(variable).ok().filter(|name| !name.is_empty());
    let user = || USERS.iter().find_map(name);
    given.map(str::to_owned).or_else(user).context("it is not known who you are: give --who NAME")
}

/// How text is to look that is printed without being asked how.
fn plain() -> Style {
    output::style(&OutputOptions {
        output: None,
        force: false,
        color: ColorChoice::Auto,
        width: None,
        all: false,
        quiet: false,
    })
}

const fn state(state: FindingState) -> &'static str {
    match state {
        FindingState::Open => "open",
        FindingState::Withdrawn => "withdrawn",
    }
}

/// The written form of a finding or an incident; nothing in it where it is none.
fn document(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// An incident and its findings, as suppressions see them.
struct Documents {
    id: String,
    incident: Value,
    findings: Vec<(String, Value)>,
}

impl Documents {
    fn of(incident: &IncidentRow, findings: &[FindingRow]) -> Self {
        let holds = findings.iter().filter(|finding| finding.state == FindingState::Open);
        Self {
            id: incident.id.clone(),
            incident: document(&incident.document),
            findings: holds
                .map(|finding| (finding.detector.clone(), document(&finding.document)))
                .collect(),
        }
    }

    fn subject(&self) -> Subject<'_> {
        let origin = self.incident.get("origin");
        let names = ["access_key_id", "principal_arn", "instance_id", "subject"];
        Subject {
            incident: &self.id,
            origin: names.iter().filter_map(|name| origin?.get(name)?.as_str()).collect(),
            findings: self.findings.iter().map(|(id, finding)| of_finding(id, finding)).collect(),
        }
    }
}

fn of_finding<'d>(detector: &'d str, finding: &'d Value) -> SubjectFinding<'d> {
    let chain = finding.get("chain").filter(|chain| chain.get("branches_left_out").is_none());
    let list = |name: &str| chain.and_then(|chain| chain.get(name)?.as_array());
    let branches = list("branches").into_iter().flatten().filter_map(Value::as_array);
    let paths = list("roles").into_iter().chain(branches);
    let end = |path: &'d Vec<Value>| path.last()?.get("role_arn")?.as_str();
    SubjectFinding {
        detector,
        account: finding.get("account_id").and_then(Value::as_str),
        // Where the end of one path is not known, those of the others say too little.
        roles: paths.map(end).collect::<Option<_>>().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Documents, document};

    /// The written forms say the same as the analysis that they were written from.
    #[test]
    fn documents_give_the_subject_that_an_analysis_gives() {
        let log = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../detect/fixtures/role_chaining/fires_leaked_key_to_the_user_bob.jsonl");
        let mut evidence = evidence::Evidence::default();
        cloudtrail::read(&std::fs::read(log).unwrap(), &mut |record| {
            evidence.record(record);
        });
        let analysis = detect::analyze(&evidence, detect::Settings::default());
        let coverage = report::Coverage::default();
        let scan = report::Scan { analysis: &analysis, coverage: &coverage, version: "0" };
        let written = document(&report::json(&scan));
        let findings = written["findings"].as_array().unwrap().iter();
        let findings =
            findings.map(|finding| (finding["detector"].as_str().unwrap().into(), finding.clone()));
        let incident = &analysis.incidents[0];
        let documents = Documents {
            id: incident.id.clone(),
            incident: written["incidents"][0].clone(),
            findings: findings.collect(),
        };
        let expected = store::Subject::of(incident, &analysis.findings);
        assert_eq!(documents.subject(), expected);
        assert!(!expected.origin.is_empty() && expected.findings.len() > 1);
    }
}
