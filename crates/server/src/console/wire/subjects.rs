//! Subjects, search and raw events.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ColorBody, Moment, OriginBody};

/// What the logs say about a credential, a role, a user or an instance.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct SubjectBody {
    /// Its kind: `credential`, `role`, `user` or `instance`.
    pub kind: String,
    /// What was asked for.
    pub id: String,
    /// Its sessions, those that led furthest first.
    pub parts: Vec<SubjectPart>,
    /// Sessions that are not listed.
    pub parts_left_out: u64,
    /// What it did, most frequent first.
    pub uses: Vec<SubjectUse>,
    /// Addresses that it was used from, with how many calls.
    pub addresses: Vec<SubjectUse>,
    /// Clients that it was used with, with how many calls.
    pub clients: Vec<SubjectUse>,
    /// Others that handed the same out, or that were handed it: name and calls.
    pub peers: Vec<SubjectUse>,
    /// Calls a day.
    pub days: Vec<SubjectUse>,
    /// Incidents that name it.
    pub incident_ids: Vec<String>,
}

/// A name and how often.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub struct SubjectUse {
    /// The name. It may be text from logs.
    pub name: String,
    /// How often.
    pub count: u64,
}

/// A credential or session, both ways.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct SubjectPart {
    /// Where its lineage begins.
    #[schema(value_type = OriginBody)]
    pub origin: serde_json::Value,
    /// Whether there may be more before.
    pub at_least: bool,
    /// The way to it.
    pub ancestry: Vec<StepOfTrace>,
    /// It, and what it handed out.
    pub descendants: Vec<StepOfTrace>,
    /// What it handed out and is not listed.
    #[serde(default)]
    pub descendants_left_out: u64,
    /// What it did.
    pub moments: Vec<Moment>,
    /// Lines that are not listed.
    #[serde(default)]
    pub moments_left_out: u64,
}

/// A step of a lineage.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct StepOfTrace {
    /// How deep it lies.
    pub depth: u32,
    /// Role and session, or user.
    pub who: String,
    /// Its keys.
    pub access_key_ids: Vec<String>,
    /// Its principal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal_arn: Option<String>,
    /// Hops to it.
    pub hop: u32,
    /// Its color.
    pub color: ColorBody,
    /// How it was handed out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub how: String,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// How sure it is.
    pub confidence: String,
    /// Calls that it made.
    pub calls: u64,
    /// What it left behind.
    pub left_behind: Vec<String>,
}

/// Something that a search found.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub struct Found {
    /// `account`, `address`, `credential`, `event`, `incident`, `instance`, `role` or `user`.
    pub kind: String,
    /// What to ask for.
    pub id: String,
    /// What to show. It may be text from logs.
    pub label: String,
    /// Incidents that name it, at most 20.
    pub incident_ids: Vec<String>,
}

/// A raw record.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct EventBody {
    /// Its id.
    pub event_id: String,
    /// The record, as it was delivered.
    #[schema(value_type = Object)]
    pub record: serde_json::Value,
    /// Where it was read.
    pub source: EventPlace,
}

/// Where a record was read.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct EventPlace {
    /// Name of the source.
    pub name: String,
    /// The file or object.
    pub object: String,
}
