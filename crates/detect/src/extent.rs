//! What a response to an incident must reach: credentials, roles, users and things left behind.

mod gather;
mod keys;
mod left;
mod others;
mod rhythm;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::{ArtifactKind, Count, IdentityKind, IssuanceKind, Remark, Verb};

use crate::context::Context;
use crate::detector::Found;
use crate::finding::{Incident, Severity};

/// Everything that a response to an incident must reach.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Extent {
    /// Time of the last event or issuance of its credentials.
    pub last_seen: Timestamp,
    /// Its credentials, origin first, then by time.
    pub credentials: Vec<Holder>,
    /// Credentials beyond [`EXTENT_CREDENTIALS_MAX`](crate::limits::EXTENT_CREDENTIALS_MAX).
    pub credentials_left_out: u64,
    /// The roles that they are sessions of, by hop.
    pub roles: Vec<RoleExtent>,
    /// The IAM users that they belong to, by account and name.
    pub users: Vec<UserExtent>,
    /// Who assumed which role in it, each pair once, by hop.
    pub edges: Vec<TrustEdge>,
    /// Roles outside it that its roles and users were seen to assume.
    pub onward: Vec<Onward>,
    /// What was left behind, oldest first.
    pub left_behind: Vec<Left>,
    /// Things beyond [`EXTENT_LEFT_MAX`](crate::limits::EXTENT_LEFT_MAX).
    pub left_behind_left_out: u64,
    /// The identity provider or trust anchor that vouched for the origin.
    pub provider: Option<Arc<str>>,
    /// The origin's id in the identity store.
    pub identity_store_user_id: Option<Arc<str>>,
    /// Region in which the origin's first credential was handed out.
    pub region: Option<Arc<str>>,
}

/// A credential or session of the lineage.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Holder {
    /// Type of identity.
    pub kind: IdentityKind,
    /// The call that handed it out, where it is in the logs.
    pub issued_by: Option<IssuanceKind>,
    /// Hops to it.
    pub hop: u32,
    /// ARN of its principal.
    pub principal_arn: Option<Arc<str>>,
    /// `principalId`, which is the value of `aws:userid`.
    pub principal_id: Arc<str>,
    /// Account of its principal.
    pub account_id: Arc<str>,
    /// Its keys.
    pub access_key_ids: Vec<Arc<str>>,
    /// Whether it is a long-term key.
    pub is_long_term: bool,
    /// When it was issued.
    pub created: Option<Timestamp>,
    /// When it expires.
    pub expires: Option<Timestamp>,
    /// Its last event.
    pub last_used: Option<Timestamp>,
}

/// A role that credentials of the lineage are sessions of.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RoleExtent {
    /// Its ARN.
    pub arn: Arc<str>,
    /// Whether the ARN is from the logs, with the role's path, and not made up of its name.
    pub is_arn_known: bool,
    /// Its account.
    pub account_id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// The least number of hops to it.
    pub hop: u32,
    /// Whether a credential of the lineage assumed it, which lets the caller choose session names.
    pub is_assumed: bool,
    /// `principalId` of each of its sessions in the lineage: unique id and session name.
    pub sessions: Vec<Arc<str>>,
    /// When the last of these sessions was issued.
    pub last_issued: Option<Timestamp>,
    /// Longest life of a session that the logs show, in seconds.
    pub longest_session_secs: Option<i64>,
    /// The last trust policy that the logs show; empty where they show none.
    pub trust_policy: Arc<str>,
    /// Who else had sessions of it in the two weeks before the end of the incident.
    pub others: Vec<Habitual>,
    /// Others beyond [`OTHERS_MAX`](crate::limits::OTHERS_MAX).
    pub others_left_out: u64,
}

/// Somebody who uses a role or a user's key, and when.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Habitual {
    /// Who, in words.
    pub who: String,
    /// Sessions of a role, or calls with a key.
    pub times: Count,
    /// Days on which they were seen.
    pub days: u64,
    /// First time.
    pub first: Timestamp,
    /// Last time.
    pub last: Timestamp,
    /// Hours of the day in UTC in which they were seen, in order.
    pub hours: Vec<u8>,
    /// When they come next, if they go on as before.
    pub next: Option<Timestamp>,
    /// Seconds from one time to the next, where they keep to a rhythm.
    pub every_secs: Option<i64>,
}

/// An IAM user that credentials of the lineage belong to.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct UserExtent {
    /// Account.
    pub account_id: Arc<str>,
    /// Name.
    pub name: Arc<str>,
    /// ARN, where the logs hold it.
    pub arn: Option<Arc<str>>,
    /// Long-term keys in the lineage.
    pub access_key_ids: Vec<Arc<str>>,
    /// Those of them that somebody made inactive, as far as the logs tell.
    pub inactive: Vec<InactiveKey>,
    /// Long-term keys that were used and are not in the lineage.
    pub other_access_key_ids: Vec<Arc<str>>,
    /// Whether the lineage created the user.
    pub is_created: bool,
    /// Whether federation or session tokens of the user are in the lineage.
    pub has_tokens: bool,
    /// What its keys do from places that no role session of the lineage was used from.
    pub others: Vec<Habitual>,
    /// Others beyond [`OTHERS_MAX`](crate::limits::OTHERS_MAX).
    pub others_left_out: u64,
}

/// A long-term key that was made inactive, and not used since.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct InactiveKey {
    /// The key.
    pub access_key_id: Arc<str>,
    /// When.
    pub event_time: Timestamp,
    /// The call.
    pub event_id: Option<String>,
    /// ARN of the caller.
    pub by_arn: Arc<str>,
}

/// A role and who assumed it.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct TrustEdge {
    /// Hop that the assumption made.
    pub hop: u32,
    /// ARN of the role or user that assumed it.
    pub from_arn: Arc<str>,
    /// ARN of the role.
    pub role_arn: Arc<str>,
    /// Whether a role assumed itself.
    pub is_self: bool,
    /// Whether the role also assumed the other.
    pub is_mutual: bool,
}

/// A role outside the lineage that a role or user of it was seen to assume.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Onward {
    /// ARN of the role or user of the lineage.
    pub from_arn: Arc<str>,
    /// ARN of the role.
    pub role_arn: Arc<str>,
    /// How often it was assumed.
    pub times: u64,
    /// When last.
    pub last: Timestamp,
    /// Whether a credential of the lineage did it.
    pub is_by_lineage: bool,
}

/// Something that was left behind, with everything that undoing it takes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Left {
    /// What it is.
    pub artifact: ArtifactKind,
    /// Whether the call made, changed or removed it.
    pub verb: Verb,
    /// What it is, in words.
    pub kind: &'static str,
    /// The call.
    pub event_name: Arc<str>,
    /// The service.
    pub event_source: Arc<str>,
    /// Name or ARN; empty where the event does not tell.
    pub name: Arc<str>,
    /// A policy's name or ARN, a group, or another second name.
    pub detail: Arc<str>,
    /// The key that was created.
    pub access_key_id: Option<Arc<str>>,
    /// What makes it dangerous.
    pub remarks: Vec<Remark>,
    /// The policy that the call wrote.
    pub document: Arc<str>,
    /// Account it lies in.
    pub account_id: Arc<str>,
    /// Region it lies in.
    pub region: Arc<str>,
    /// ARN of the caller.
    pub caller_arn: Arc<str>,
    /// The call.
    pub event_id: Option<String>,
    /// When.
    pub event_time: Timestamp,
    /// The last call of somebody else that wrote the same thing before.
    pub earlier: Option<Earlier>,
}

/// What a thing was before the lineage changed it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Earlier {
    /// The call that wrote it.
    pub event_name: Arc<str>,
    /// The call.
    pub event_id: Option<String>,
    /// When.
    pub event_time: Timestamp,
    /// The policy that it wrote; empty where the logs do not hold it.
    pub document: Arc<str>,
}

/// The extents of `incidents` that are more than informational, by id.
pub(crate) fn extents(
    context: &Context<'_>,
    found: &[Found],
    incidents: &[Incident],
) -> BTreeMap<String, Extent> {
    let is_urgent = |severity: Severity| severity > Severity::Informational;
    let mut anchors: BTreeMap<&String, usize> = BTreeMap::new();
    for found in found.iter().filter(|found| is_urgent(found.finding.severity)) {
        anchors.insert(&found.finding.id, found.anchor);
    }
    let wanted: Vec<&Incident> =
        incidents.iter().filter(|incident| is_urgent(incident.severity)).collect();
    if wanted.is_empty() {
        return BTreeMap::new();
    }
    let index = gather::Index::of(context);
    wanted
        .into_iter()
        .map(|incident| {
            let mut of_incident: Vec<usize> =
                incident.findings.iter().filter_map(|id| anchors.get(id)).copied().collect();
            of_incident.sort_unstable();
            of_incident.dedup();
            (incident.id.clone(), gather::extent(context, &index, &of_incident))
        })
        .collect()
}
