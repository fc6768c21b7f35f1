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
use store::{FindingRow, FindingState, IncidentRow, Store, Subject};

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
    // Two are enough to tell whether it names one.
    let named = store.incidents_named(wanted, 2)?;
    let incident = match named.as_slice() {
        [(id, _)] => store.incident(id)?,
        [] => None,
        [..] => bail!("`{wanted}` begins the ids of several incidents"),
    };
    incident.with_context(|| {
        format!("no incident is called `{wanted}`; `rolecall incidents` lists them all")
    })
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
    findings: Vec<Value>,
}

impl Documents {
    fn of(incident: &IncidentRow, findings: &[FindingRow]) -> Self {
        let holds = findings.iter().filter(|finding| finding.state == FindingState::Open);
        Self {
            id: incident.id.clone(),
            incident: document(&incident.document),
            findings: holds.map(|finding| document(&finding.document)).collect(),
        }
    }

    fn subject(&self) -> Subject<'_> {
        Subject::of_documents(&self.id, &self.incident, &self.findings)
    }
}
