//! Findings as the scan document writes them: the schema of what `report` makes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ColorBody, SeverityBody};

/// A finding.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FindingBody {
    /// Its id.
    pub id: String,
    /// Its detector.
    pub detector: String,
    /// How grave it is.
    pub severity: SeverityBody,
    /// How sure it is: `low`, `medium` or `high`.
    pub confidence: String,
    /// What happened, in one line.
    pub title: String,
    /// Why it is told.
    pub reason: String,
    /// The account that it is about.
    pub account_id: Option<String>,
    /// Its first event.
    pub first_seen: String,
    /// Its last event.
    pub last_seen: String,
    /// The credential that it is about.
    pub credential: CredentialBody,
    /// Where its lineage begins.
    pub origin: OriginBody,
    /// How its credential was reached, where that took a hop at least.
    pub chain: Option<ChainBody>,
    /// Where the credential belongs and where it was used instead.
    #[schema(value_type = Option<Object>)]
    pub elsewhere: Option<serde_json::Value>,
    /// What outlives the sessions.
    pub left_behind: Vec<LeftBehindBody>,
    /// What was left behind and is not listed.
    #[serde(default)]
    #[schema(required = false)]
    pub left_behind_left_out: u64,
    /// The events that prove it.
    pub evidence: Vec<EvidenceBody>,
    /// Events that are not listed.
    #[serde(default)]
    #[schema(required = false)]
    pub evidence_left_out: u64,
    /// Techniques of ATT&CK.
    pub techniques: Vec<String>,
    /// Why it is a habit, where it is one.
    pub habit: Option<String>,
}

/// A credential.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CredentialBody {
    /// Its key.
    pub access_key_id: Option<String>,
    /// Its principal.
    pub principal_arn: Option<String>,
}

/// Where a lineage begins.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OriginBody {
    /// Its kind, such as `ec2_instance`.
    pub kind: String,
    /// Its key.
    pub access_key_id: Option<String>,
    /// Its principal.
    pub principal_arn: Option<String>,
    /// The instance.
    pub instance_id: Option<String>,
    /// Who signed in, or what ran.
    pub subject: Option<String>,
    /// Its account.
    pub account_id: Option<String>,
}

/// How a credential was reached.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChainBody {
    /// Hops.
    pub hops: u32,
    /// Whether there may be more before the first one that the logs hold.
    pub at_least: bool,
    /// Calls of one role for another.
    pub chained_calls: u32,
    /// Its color.
    pub color: ColorBody,
    /// Every hop from the origin.
    pub roles: Vec<HopBody>,
    /// Other paths of the same tree.
    pub branches: Vec<Vec<HopBody>>,
    /// Paths that are not listed.
    #[serde(default)]
    #[schema(required = false)]
    pub branches_left_out: u64,
}

/// A hop.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HopBody {
    /// Its number.
    pub hop: u32,
    /// Its color.
    pub color: ColorBody,
    /// The call.
    pub event_name: String,
    /// The role.
    pub role_arn: Option<String>,
    /// The name that the caller gave to the session.
    pub role_session_name: Option<String>,
    /// The key that was handed out.
    pub access_key_id: Option<String>,
    /// The event.
    pub event_id: Option<String>,
    /// When.
    pub event_time: String,
    /// From where.
    pub source_ip_address: Option<String>,
    /// How sure it is.
    pub confidence: String,
}

/// Something that outlives the session that did it.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeftBehindBody {
    /// Hop of the session that did it.
    pub hop: u32,
    /// The call.
    pub event_name: String,
    /// The service.
    pub event_source: String,
    /// What it is.
    pub kind: String,
    /// Its name.
    pub name: Option<String>,
    /// Its key.
    pub access_key_id: Option<String>,
    /// Whether it gives access.
    pub is_access: bool,
    /// What to know about it.
    pub remarks: Vec<String>,
    /// Its account.
    pub account_id: Option<String>,
    /// The event.
    pub event_id: Option<String>,
    /// When.
    pub event_time: String,
    /// From where.
    pub source_ip_address: Option<String>,
    /// Technique of ATT&CK.
    pub technique: String,
}

/// An event that proves something.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceBody {
    /// Its id.
    pub event_id: Option<String>,
    /// When.
    pub event_time: String,
    /// The service.
    pub event_source: String,
    /// The call.
    pub event_name: String,
    /// From where.
    pub source_ip_address: Option<String>,
}
