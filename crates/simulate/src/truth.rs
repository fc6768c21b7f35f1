//! What was hidden in the logs: the answers that a detector is measured against.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{Map, Value, json};

use crate::clock::event_time;

/// Everything that is known about the logs because they were made.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Truth {
    /// The seed that the logs were made from.
    pub seed: u64,
    /// The first second of the window, as RFC 3339.
    pub start: String,
    /// The last second of the window, as RFC 3339.
    pub end: String,
    /// Accounts of the organization.
    pub accounts: Vec<&'static str>,
    /// Distinct events, without repeated deliveries.
    pub n_events: u64,
    /// Log files, with repeated ones, without digests and Insights.
    pub n_files: u64,
    /// The attacks, in the order of their first event.
    pub attacks: Vec<Attack>,
    /// What could be mistaken for a theft of keys and is none.
    pub benign: Vec<Benign>,
}

/// Something harmless that changes where the keys of workloads are used from.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Benign {
    /// Its name, such as `nat_fail_over`.
    pub situation: &'static str,
    /// The instances that show it, without those whose keys were stolen.
    pub instance_ids: Vec<String>,
    /// Names of functions, tasks and pods that show it; of a service account its subject.
    pub session_names: Vec<String>,
    /// First and last second, as RFC 3339, of a use of access that is kept for emergencies.
    pub emergency: Option<(String, String)>,
}

/// One attack from its first call to its last.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Attack {
    /// The name of the story, such as `leaked_key_chain`.
    pub name: &'static str,
    /// The family that it belongs to: `chain`, `credential_elsewhere`, `console`, `federation`,
    /// `persistence`, `discovery` or `collection`.
    pub kind: &'static str,
    /// How hard it tries not to be seen: `loud` in an organization of mixed style.
    pub stealth: &'static str,
    /// The scenario of the mission that it acts out, if it is one of them.
    pub scenario: Option<u8>,
    /// The time of its first event, as RFC 3339.
    pub start: String,
    /// The time of its last event, as RFC 3339.
    pub end: String,
    /// The credential that everything started from.
    pub origin: Origin,
    /// The roles assumed one from the other, hop 1 first.
    pub chain: Vec<Hop>,
    /// What was left behind to come back with.
    pub artifacts: Vec<Artifact>,
    /// The addresses that the attacker called from and the origin did not.
    pub foreign_addresses: Vec<String>,
    /// VPC endpoints of other owners that the attacker called through.
    pub foreign_endpoints: Vec<String>,
    /// Every event of the attack, in order, with both copies of those that two accounts got.
    pub event_ids: Vec<String>,
    /// The same events, cut where the attacker turns to something else.
    pub steps: Vec<Step>,
    /// Detectors that must report it.
    pub detectors: Vec<&'static str>,
    /// The color of its deepest hop: `none`, `orange` or `red`.
    pub color: &'static str,
}

/// A part of an attack with one purpose. The first event is always a step of its own, and so are
/// each role that is assumed and each thing that is left behind.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Step {
    /// The tactic of ATT&CK in its own word, such as `lateral-movement`.
    pub tactic: &'static str,
    /// The time of its first event, as RFC 3339.
    pub start: String,
    /// The time of its last event, as RFC 3339.
    pub end: String,
    /// Its events, in order.
    pub event_ids: Vec<String>,
}

/// The origin of an attack.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Origin {
    /// The kind, such as `ec2_instance` or `iam_user_access_key`.
    pub kind: &'static str,
    /// The key that the attacker held first.
    pub access_key_id: String,
    /// The user or role session that the key belongs to.
    pub principal_arn: String,
    /// The instance that the key was delivered to, if it was one.
    pub instance_id: Option<String>,
}

/// One role assumed in a chain.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Hop {
    /// Its place in the chain, from 1.
    pub hop: u32,
    /// The role that was assumed.
    pub role_arn: String,
    /// The name that the attacker gave the session.
    pub role_session_name: String,
    /// The key that was handed out.
    pub access_key_id: String,
    /// The record of the issuance in the caller's account.
    pub event_id: String,
    /// When it was handed out, as RFC 3339.
    pub event_time: String,
    /// The account of the role.
    pub account: &'static str,
}

/// Something made or changed to keep access.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Artifact {
    /// The API that made it.
    pub event_name: &'static str,
    /// Its name: a user, a role, a function.
    pub name: String,
    /// The new key, if it is one.
    pub access_key_id: Option<String>,
    /// The record of the call.
    pub event_id: String,
}

impl Truth {
    /// The truth as a JSON document with one member per line.
    pub fn to_json(&self) -> String {
        let attacks: Vec<Value> = self.attacks.iter().map(attack).collect();
        let benign: Vec<Value> = self.benign.iter().map(benign).collect();
        let document = json!({
            "schema": "rolecall.truth/1", "seed": self.seed,
            "start": &self.start, "end": &self.end, "accounts": &self.accounts,
            "events": self.n_events, "files": self.n_files, "attacks": attacks,
            "benign": benign
        });
        alloc::format!("{document:#}")
    }
}

impl Hop {
    pub(crate) fn new(hop: u32, session: &crate::caller::Session, event_id: &str) -> Self {
        Self {
            hop,
            role_arn: session.role.arn(),
            role_session_name: session.name.clone(),
            access_key_id: session.access_key_id.clone(),
            event_id: event_id.into(),
            event_time: event_time(session.created),
            account: session.role.account,
        }
    }
}

fn attack(attack: &Attack) -> Value {
    let chain: Vec<Value> = attack.chain.iter().map(hop).collect();
    let artifacts: Vec<Value> = attack.artifacts.iter().map(artifact).collect();
    let steps: Vec<Value> = attack.steps.iter().map(step).collect();
    let last_step = attack.steps.last().map_or("", |step| &step.start);
    let mut value = object(json!({
        "name": attack.name, "kind": attack.kind, "stealth": attack.stealth,
        "start": &attack.start, "last_step": last_step, "end": &attack.end, "steps": steps,
        "origin": origin(&attack.origin), "chain": chain, "artifacts": artifacts,
        "foreign_addresses": &attack.foreign_addresses,
        "foreign_endpoints": &attack.foreign_endpoints, "event_ids": &attack.event_ids,
        "detectors": &attack.detectors, "color": attack.color
    }));
    if let Some(scenario) = attack.scenario {
        value.insert("scenario".into(), scenario.into());
    }
    Value::Object(value)
}

fn step(step: &Step) -> Value {
    json!({
        "tactic": step.tactic, "start": &step.start, "end": &step.end,
        "event_ids": &step.event_ids
    })
}

fn benign(benign: &Benign) -> Value {
    let mut value = object(json!({
        "situation": benign.situation, "instance_ids": &benign.instance_ids,
        "session_names": &benign.session_names
    }));
    if let Some((start, end)) = &benign.emergency {
        value.insert("emergency".into(), json!([start, end]));
    }
    Value::Object(value)
}

fn origin(origin: &Origin) -> Value {
    let mut value = object(json!({
        "kind": origin.kind, "access_key_id": &origin.access_key_id,
        "principal_arn": &origin.principal_arn
    }));
    if let Some(instance_id) = &origin.instance_id {
        value.insert("instance_id".into(), instance_id.as_str().into());
    }
    Value::Object(value)
}

fn hop(hop: &Hop) -> Value {
    json!({
        "hop": hop.hop, "role_arn": &hop.role_arn,
        "role_session_name": &hop.role_session_name, "access_key_id": &hop.access_key_id,
        "event_id": &hop.event_id, "event_time": &hop.event_time, "account": hop.account
    })
}

fn artifact(artifact: &Artifact) -> Value {
    let mut value = object(json!({
        "event_name": artifact.event_name, "name": &artifact.name,
        "event_id": &artifact.event_id
    }));
    if let Some(access_key_id) = &artifact.access_key_id {
        value.insert("access_key_id".into(), access_key_id.as_str().into());
    }
    Value::Object(value)
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}
