//! `finding_info`: what was found, by which detector, from which events.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use detect::EvidenceEvent;
use detect::attack::{ATTACK_VERSION, Tactic, Technique};
use serde::Serialize;

use super::event::{Product, cut_owned};
use super::graph::Graph;
use super::{Options, Version, milliseconds};
use crate::asff;
use crate::fit::Cut;
use crate::told::{self, Told};

/// What was found.
#[derive(Serialize)]
pub(super) struct FindingInfo<'a> {
    uid: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    desc: Cow<'a, str>,
    types: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    analytic: Option<Analytic<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_analytics: Vec<Analytic<'a>>,
    attacks: Vec<Attack>,
    created_time: i64,
    modified_time: i64,
    first_seen_time: i64,
    last_seen_time: i64,
    data_sources: [&'static str; 1],
    related_events: Vec<RelatedEvent<'a>>,
    related_events_count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    src_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attack_graph: Option<Graph<'a>>,
}

#[derive(Serialize)]
struct Analytic<'a> {
    uid: &'a str,
    name: &'a str,
    type_id: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    version: &'a str,
}

/// A technique with one of its tactics.
#[derive(Serialize)]
pub(super) struct Attack {
    #[serde(skip_serializing_if = "Option::is_none")]
    tactic: Option<Named>,
    technique: Named,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_technique: Option<Named>,
    version: &'static str,
}

#[derive(Clone, Serialize)]
struct Named {
    uid: &'static str,
    name: &'static str,
}

/// An event of CloudTrail, which OCSF has as API Activity (class 6003).
#[derive(Serialize)]
struct RelatedEvent<'a> {
    uid: Cow<'a, str>,
    type_uid: u32,
    type_name: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: Cow<'a, str>,
    product: Product<'a>,
    created_time: i64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attacks: Vec<Attack>,
}

impl<'a> FindingInfo<'a> {
    pub(super) fn of(told: &'a Told<'a>, options: &'a Options<'a>, cut: Cut) -> Self {
        let changed = options.changed.unwrap_or(told.last_seen);
        let analytic = |id| Analytic::of(id, options);
        let detectors = told.detectors();
        let incident_id = told.dossier.map(|dossier| dossier.incident.id.as_str());
        let graph = told.dossier.filter(|_| options.version == Version::V1_6_0);
        let events = told.evidence();
        let count = told.evidence_left_out().saturating_add(events.len() as u64);
        Self {
            uid: cut.text(told.id),
            title: cut.text(told.title),
            desc: cut_owned(&told.description(), cut),
            types: asff::types(&detectors),
            analytic: detectors.first().map(|id| analytic(id)),
            related_analytics: detectors.iter().skip(1).map(|id| analytic(id)).collect(),
            attacks: told.techniques().into_iter().flat_map(attacks).collect(),
            created_time: milliseconds(told.first_seen),
            modified_time: milliseconds(changed),
            first_seen_time: milliseconds(told.first_seen),
            last_seen_time: milliseconds(told.last_seen),
            data_sources: ["AWS CloudTrail"],
            related_events: related(told, &events, cut),
            related_events_count: count,
            src_url: incident_id.and_then(|id| told::link(options.base_url, id)),
            attack_graph: graph.and_then(|dossier| Graph::of(dossier.incident, cut)),
        }
    }
}

impl<'a> Analytic<'a> {
    fn of(id: &'static str, options: &'a Options<'a>) -> Self {
        let name = told::detector(id).map_or(id, |detector| detector.title);
        Self { uid: id, name, type_id: 2, kind: "Behavioral", version: options.product_version }
    }
}

/// `technique` under each of its tactics.
fn attacks(technique: &'static Technique) -> Vec<Attack> {
    let family = technique.family();
    let tactics: &[Tactic] = family.map(|family| family.tactics).unwrap_or_default();
    let itself = Named { uid: technique.id, name: technique.own_name() };
    let whole = family.map_or_else(
        || Named { uid: technique.id, name: technique.name },
        |family| Named { uid: family.id, name: family.name },
    );
    let sub = technique.is_sub_technique().then_some(itself);
    let attack = |tactic: Option<&Tactic>| Attack {
        tactic: tactic.map(|tactic| Named { uid: tactic.id, name: tactic.name }),
        technique: whole.clone(),
        sub_technique: sub.clone(),
        version: ATTACK_VERSION,
    };
    if tactics.is_empty() {
        return [attack(None)].into();
    }
    tactics.iter().map(|tactic| attack(Some(tactic))).collect()
}

/// The events that have an id, with the technique of what they left behind.
fn related<'a>(told: &Told<'a>, events: &[&'a EvidenceEvent], cut: Cut) -> Vec<RelatedEvent<'a>> {
    let left = told.left_behind();
    let techniques: BTreeMap<&str, &'static Technique> =
        left.iter().filter_map(|left| Some((left.event_id.as_deref()?, left.technique))).collect();
    let related = |event: &&'a EvidenceEvent| {
        let uid = event.event_id.as_deref().filter(|id| !id.is_empty())?;
        let (activity, type_name) = api_activity(&event.event_name);
        Some(RelatedEvent {
            uid: cut.text(uid),
            type_uid: 600_300 + activity,
            type_name,
            title: cut.text(&event.event_name),
            product: Product { name: "CloudTrail", vendor_name: "AWS", version: None },
            created_time: milliseconds(event.event_time),
            attacks: techniques.get(uid).map(|technique| attacks(technique)).unwrap_or_default(),
        })
    };
    events.iter().filter_map(related).take(cut.items()).collect()
}

/// How the names of calls begin that create, read, update and delete.
const VERBS: [(u32, &[&str]); 4] = [
    (1, &["Add", "Allocate", "Create", "Import", "Issue", "Register", "Run", "Upload"]),
    (2, &["BatchGet", "Describe", "Get", "Head", "List", "Lookup", "Query", "Scan", "Search"]),
    (
        3,
        &[
            "Associate",
            "Attach",
            "Change",
            "Disable",
            "Enable",
            "Modify",
            "Put",
            "Replace",
            "Set",
            "Tag",
            "Untag",
            "Update",
        ],
    ),
    (4, &["Delete", "Deregister", "Detach", "Disassociate", "Release", "Remove", "Terminate"]),
];

/// Calls that begin like a reading one and hand out a credential.
const NOT_READING: [&str; 5] = [
    "GetCredentialsForIdentity",
    "GetFederationToken",
    "GetRoleCredentials",
    "GetSessionToken",
    "GetSigninToken",
];

/// `activity_id` of a call within class 6003, and the name of its type.
fn api_activity(event_name: &str) -> (u32, &'static str) {
    let begins = |verb: &&str| event_name.starts_with(*verb);
    let is_other = NOT_READING.contains(&event_name);
    let verb = VERBS.iter().find(|(_, verbs)| !is_other && verbs.iter().any(begins));
    match verb.map(|(number, _)| *number) {
        Some(1) => (1, "API Activity: Create"),
        Some(2) => (2, "API Activity: Read"),
        Some(3) => (3, "API Activity: Update"),
        Some(4) => (4, "API Activity: Delete"),
        Some(_) | None => (99, "API Activity: Other"),
    }
}

#[cfg(test)]
mod tests {
    use super::api_activity;

    #[test]
    fn calls_are_told_by_their_verbs() {
        for (call, activity) in [
            ("AssumeRole", 99),
            ("AttachUserPolicy", 3),
            ("ConsoleLogin", 99),
            ("CreateAccessKey", 1),
            ("DeleteUser", 4),
            ("GetCallerIdentity", 2),
            ("GetSessionToken", 99),
            ("RunInstances", 1),
            ("", 99),
        ] {
            assert_eq!(api_activity(call).0, activity, "{call}");
        }
    }
}
