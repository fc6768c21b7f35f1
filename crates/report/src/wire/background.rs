//! The written form of the workload that a lineage begins at.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use detect::Count;
use serde::Serialize;

use super::{ChainRole, Origin, Time, is_false, is_zero, text};
use crate::words;

/// What is known about the workload that a lineage begins at.
#[derive(Serialize)]
pub(crate) struct Background<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vpc_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subnet_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_id: Option<&'a str>,
    security_group_ids: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_arn: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_profile: Option<&'a str>,
    addresses: Vec<KnownAddress<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    launch: Option<LaunchedBy<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    launched_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terminated_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_tokens: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_put_response_hop_limit: Option<u32>,
    calls_by_imds_version: Versions,
    sessions: Vec<Session<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    sessions_left_out: u64,
    changes: Vec<Change<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    changes_left_out: u64,
}

#[derive(Serialize)]
struct KnownAddress<'a> {
    address: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Time>,
    because: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<&'a str>,
}

#[derive(Serialize)]
struct LaunchedBy<'a> {
    event_time: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_arn: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    source_ip_address: &'a str,
    origin: Origin<'a>,
    roles: Vec<ChainRole<'a>>,
}

#[derive(Serialize)]
struct Versions {
    v1: u64,
    v2: u64,
    #[serde(skip_serializing_if = "is_false")]
    v1_is_estimate: bool,
    #[serde(skip_serializing_if = "is_false")]
    v2_is_estimate: bool,
}

impl Versions {
    const fn of([v1, v2]: [Count; 2]) -> Self {
        Self {
            v1: v1.events,
            v2: v2.events,
            v1_is_estimate: v1.is_estimate,
            v2_is_estimate: v2.is_estimate,
        }
    }
}

#[derive(Serialize)]
struct Session<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_at: Option<Time>,
    access_key_ids: Vec<&'a str>,
    calls: u64,
    #[serde(skip_serializing_if = "is_false")]
    calls_is_estimate: bool,
    places: &'a [String],
}

#[derive(Serialize)]
struct Change<'a> {
    event_time: Time,
    event_source: &'a str,
    event_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<&'a str>,
    what: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_arn: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    source_ip_address: &'a str,
}

impl<'a> Background<'a> {
    /// The written form of `background`.
    pub(crate) fn of(background: &'a detect::Background) -> Self {
        Self {
            kind: words::origin_kind(background.kind),
            instance_id: text(background.instance_id.as_ref()),
            name: text(background.name.as_ref()),
            account_id: text(background.account_id.as_ref()),
            region: text(background.region.as_ref()),
            vpc_id: text(background.vpc_id.as_ref()),
            subnet_id: text(background.subnet_id.as_ref()),
            image_id: text(background.image_id.as_ref()),
            security_group_ids: background.security_group_ids.iter().map(Arc::as_ref).collect(),
            role_arn: text(background.role_arn.as_ref()),
            instance_profile: text(background.instance_profile.as_ref()),
            addresses: background.addresses.iter().map(KnownAddress::of).collect(),
            launch: background.launch.as_ref().map(LaunchedBy::of),
            launched_at: background.launched_at.map(Time),
            terminated_at: background.terminated_at.map(Time),
            http_tokens: text(background.http_tokens.as_ref()),
            http_put_response_hop_limit: background.http_put_response_hop_limit,
            calls_by_imds_version: Versions::of(background.calls_by_imds_version),
            sessions: background.sessions.iter().map(Session::of).collect(),
            sessions_left_out: background.sessions_left_out,
            changes: background.changes.iter().map(Change::of).collect(),
            changes_left_out: background.changes_left_out,
        }
    }
}

impl<'a> KnownAddress<'a> {
    fn of(known: &'a detect::KnownAddress) -> Self {
        Self {
            address: &known.address,
            since: known.since.map(Time),
            until: known.until.map(Time),
            because: &known.because,
            event_id: known.event_id.as_deref(),
        }
    }
}

impl<'a> LaunchedBy<'a> {
    fn of(launch: &'a detect::LaunchedBy) -> Self {
        Self {
            event_time: Time(launch.event_time),
            event_id: launch.event_id.as_deref(),
            principal_arn: text(launch.principal_arn.as_ref()),
            source_ip_address: &launch.source_ip_address,
            origin: Origin::of(&launch.origin),
            roles: launch.roles.iter().map(ChainRole::of).collect(),
        }
    }
}

impl<'a> Session<'a> {
    fn of(session: &'a detect::WorkloadSession) -> Self {
        Self {
            issued_at: session.issued_at.map(Time),
            access_key_ids: session.access_key_ids.iter().map(Arc::as_ref).collect(),
            calls: session.calls.events,
            calls_is_estimate: session.calls.is_estimate,
            places: &session.places,
        }
    }
}

impl<'a> Change<'a> {
    fn of(change: &'a detect::BackgroundChange) -> Self {
        Self {
            event_time: Time(change.event_time),
            event_source: &change.event_source,
            event_name: &change.event_name,
            event_id: change.event_id.as_deref(),
            what: &change.what,
            principal_arn: text(change.principal_arn.as_ref()),
            source_ip_address: &change.source_ip_address,
        }
    }
}
