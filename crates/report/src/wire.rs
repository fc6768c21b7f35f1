//! The written forms of findings: names and order of the fields are a contract.
//!
//! A field that is not known is absent. Counts and lists that can be empty are always present.

mod background;
mod elsewhere;
mod incident;
mod trace;

pub(crate) use background::Background;
pub(crate) use elsewhere::Elsewhere;
pub(crate) use incident::{Graph, Incident};
pub(crate) use trace::Trace;

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use serde::{Serialize, Serializer};

use crate::words;

/// A finding.
#[derive(Serialize)]
pub(crate) struct Finding<'a> {
    id: &'a str,
    detector: &'a str,
    severity: &'static str,
    confidence: &'static str,
    title: &'a str,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<&'a str>,
    first_seen: Time,
    last_seen: Time,
    credential: Credential<'a>,
    origin: Origin<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chain: Option<Chain<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elsewhere: Option<Elsewhere<'a>>,
    left_behind: Vec<LeftBehind<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    left_behind_left_out: u64,
    evidence: Vec<EvidenceEvent<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    evidence_left_out: u64,
    techniques: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    habit: Option<&'a str>,
}

/// A moment, written as RFC 3339 in UTC.
pub(crate) struct Time(pub(crate) Timestamp);

#[derive(Serialize)]
struct Credential<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_arn: Option<&'a str>,
}

/// Where a lineage begins.
#[derive(Serialize)]
pub(crate) struct Origin<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_arn: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<&'a str>,
}

/// A way from an origin to a credential, and the other ways of its tree.
#[derive(Serialize)]
pub(crate) struct Chain<'a> {
    hops: u32,
    at_least: bool,
    chained_calls: u32,
    color: &'static str,
    roles: Vec<ChainRole<'a>>,
    branches: Vec<Vec<ChainRole<'a>>>,
    #[serde(skip_serializing_if = "is_zero")]
    branches_left_out: u64,
}

/// One hop of a chain.
#[derive(Serialize)]
pub(crate) struct ChainRole<'a> {
    hop: u32,
    color: &'static str,
    event_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    role_arn: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    role_session_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<&'a str>,
    event_time: Time,
    #[serde(skip_serializing_if = "str::is_empty")]
    source_ip_address: &'a str,
    confidence: &'static str,
}

/// Something that outlives the session that did it.
#[derive(Serialize)]
pub(crate) struct LeftBehind<'a> {
    hop: u32,
    event_name: &'a str,
    event_source: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key_id: Option<&'a str>,
    is_access: bool,
    remarks: Vec<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    account_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<&'a str>,
    event_time: Time,
    #[serde(skip_serializing_if = "str::is_empty")]
    source_ip_address: &'a str,
    technique: &'static str,
}

#[derive(Serialize)]
struct EvidenceEvent<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<&'a str>,
    event_time: Time,
    event_source: &'a str,
    event_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    source_ip_address: &'a str,
}

/// One kind of call of one credential.
#[derive(Serialize)]
pub(crate) struct Line<'a> {
    first: Time,
    last: Time,
    count: u64,
    #[serde(skip_serializing_if = "is_false")]
    count_is_estimate: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<&'a str>,
    who: &'a str,
    hop: u32,
    color: &'static str,
    event_source: &'a str,
    event_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    error_code: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    source_ip_address: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    user_agent: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<&'a str>,
    is_key_moment: bool,
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'a> Finding<'a> {
    /// The written form of `finding`.
    pub(crate) fn of(finding: &'a detect::Finding) -> Self {
        Self {
            id: &finding.id,
            detector: finding.detector,
            severity: words::severity(finding.severity),
            confidence: words::confidence(finding.confidence),
            title: &finding.title,
            reason: &finding.reason,
            account_id: text(finding.account_id.as_ref()),
            first_seen: Time(finding.first_seen),
            last_seen: Time(finding.last_seen),
            credential: Credential {
                access_key_id: text(finding.credential.access_key_id.as_ref()),
                principal_arn: text(finding.credential.principal_arn.as_ref()),
            },
            origin: Origin::of(&finding.origin),
            chain: finding.chain.as_ref().map(Chain::of),
            elsewhere: finding.elsewhere.as_ref().map(Elsewhere::of),
            left_behind: finding.left_behind.iter().map(LeftBehind::of).collect(),
            evidence: finding.evidence.iter().map(EvidenceEvent::of).collect(),
            left_behind_left_out: finding.left_behind_left_out,
            evidence_left_out: finding.evidence_left_out,
            techniques: finding.techniques.iter().map(|technique| technique.id).collect(),
            habit: finding.habit.as_deref(),
        }
    }
}

impl<'a> Origin<'a> {
    /// The written form of `origin`.
    pub(crate) fn of(origin: &'a detect::Origin) -> Self {
        Self {
            kind: words::origin_kind(origin.kind),
            access_key_id: text(origin.access_key_id.as_ref()),
            principal_arn: text(origin.principal_arn.as_ref()),
            instance_id: text(origin.instance_id.as_ref()),
            subject: text(origin.subject.as_ref()),
            account_id: text(origin.account_id.as_ref()),
        }
    }
}

impl<'a> Chain<'a> {
    /// The written form of `chain`.
    pub(crate) fn of(chain: &'a detect::Chain) -> Self {
        let path = |hops: &'a Vec<detect::Hop>| hops.iter().map(ChainRole::of).collect();
        Self {
            hops: chain.hops,
            at_least: chain.at_least,
            chained_calls: chain.chained_calls,
            color: words::color(chain.color),
            roles: path(&chain.roles),
            branches: chain.branches.iter().map(path).collect(),
            branches_left_out: chain.branches_left_out,
        }
    }
}

impl<'a> ChainRole<'a> {
    /// The written form of `hop`.
    pub(crate) fn of(hop: &'a detect::Hop) -> Self {
        Self {
            hop: hop.hop,
            color: words::color(hop.color),
            event_name: &hop.event_name,
            role_arn: &hop.role_arn,
            role_session_name: &hop.role_session_name,
            access_key_id: text(hop.access_key_id.as_ref()),
            event_id: hop.event_id.as_deref(),
            event_time: Time(hop.event_time),
            source_ip_address: &hop.source_ip_address,
            confidence: words::confidence(hop.confidence),
        }
    }
}

impl<'a> LeftBehind<'a> {
    /// The written form of `left`.
    pub(crate) fn of(left: &'a detect::LeftBehind) -> Self {
        Self {
            hop: left.hop,
            event_name: &left.event_name,
            event_source: &left.event_source,
            kind: left.kind,
            name: &left.name,
            access_key_id: text(left.access_key_id.as_ref()),
            is_access: left.is_access,
            remarks: left.remarks.iter().map(String::as_str).collect(),
            account_id: &left.account_id,
            event_id: left.event_id.as_deref(),
            event_time: Time(left.event_time),
            source_ip_address: &left.source_ip_address,
            technique: left.technique.id,
        }
    }
}

impl<'a> EvidenceEvent<'a> {
    fn of(event: &'a detect::EvidenceEvent) -> Self {
        Self {
            event_id: event.event_id.as_deref(),
            event_time: Time(event.event_time),
            event_source: &event.event_source,
            event_name: &event.event_name,
            source_ip_address: &event.source_ip_address,
        }
    }
}

impl<'a> Line<'a> {
    /// The written form of `moment`.
    pub(crate) fn of(moment: &'a detect::Moment) -> Self {
        Self {
            first: Time(moment.first),
            last: Time(moment.last),
            count: moment.count.events,
            count_is_estimate: moment.count.is_estimate,
            node: moment.node.as_deref(),
            who: &moment.who,
            hop: moment.hop,
            color: words::color(moment.color),
            event_source: &moment.event_source,
            event_name: &moment.event_name,
            error_code: &moment.error_code,
            source_ip_address: &moment.source_ip_address,
            user_agent: &moment.user_agent,
            event_id: moment.event_id.as_deref(),
            is_key_moment: moment.is_key_moment,
        }
    }
}

/// The text that a field holds, if it is known.
pub(crate) fn text(field: Option<&Arc<str>>) -> Option<&str> {
    field.map(|text| &**text).filter(|text| !text.is_empty())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
pub(crate) const fn is_false(is_so: &bool) -> bool {
    !*is_so
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
pub(crate) const fn is_zero(number: &u64) -> bool {
    *number == 0
}
